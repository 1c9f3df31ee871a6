//! The organization's people.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::App;
use crate::upload::LARGEST_REQUEST;

mod edit;
mod import;
mod leave;
mod list;
mod new;
mod show;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/people", get(list::show))
        .route(
            "/o/{organization}/people/new",
            get(new::show).post(new::add),
        )
        .route(
            "/o/{organization}/people/import",
            get(import::show)
                .post(import::preview)
                .layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/people/import/apply",
            post(import::apply).layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route("/o/{organization}/people/{person}", get(show::show))
        .route(
            "/o/{organization}/people/{person}/edit",
            get(edit::show).post(edit::save),
        )
        .route(
            "/o/{organization}/people/{person}/deactivate",
            get(leave::show).post(leave::leave),
        )
        .route(
            "/o/{organization}/people/{person}/reactivate",
            post(leave::come_back),
        )
        .route(
            "/o/{organization}/people/{person}/decisions/withdraw",
            post(show::withdraw),
        )
}
