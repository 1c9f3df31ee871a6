//! What was changed, by whom, when and why.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod list;
mod show;
mod tell;
mod undo;
mod waiting;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/changes", get(list::show))
        .route(
            "/o/{organization}/changes/waiting",
            get(waiting::list::show),
        )
        .route(
            "/o/{organization}/changes/waiting/{number}",
            get(waiting::show::show),
        )
        .route(
            "/o/{organization}/changes/waiting/{number}/approve",
            post(waiting::decide::approve),
        )
        .route(
            "/o/{organization}/changes/waiting/{number}/reject",
            post(waiting::decide::reject),
        )
        .route(
            "/o/{organization}/changes/waiting/{number}/withdraw",
            post(waiting::decide::withdraw),
        )
        .route("/o/{organization}/changes/{number}", get(show::show))
        .route(
            "/o/{organization}/changes/{number}/undo",
            get(undo::show).post(undo::undo),
        )
}
