//! Who belongs to the organization, which tokens open it, and further organizations.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod members;
mod organization;
mod page;
mod second_person;
mod tokens;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/settings", get(page::show))
        .route("/o/{organization}/settings/members", post(members::add))
        .route(
            "/o/{organization}/settings/password",
            post(members::set_password),
        )
        .route(
            "/o/{organization}/settings/second-person",
            post(second_person::set),
        )
        .route("/o/{organization}/settings/tokens", post(tokens::create))
        .route(
            "/o/{organization}/settings/tokens/{token}/revoke",
            post(tokens::revoke),
        )
        .route(
            "/o/{organization}/settings/organizations",
            get(organization::show).post(organization::create),
        )
}
