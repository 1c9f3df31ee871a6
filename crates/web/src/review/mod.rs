//! The review queue: one case after another, both sides beside each other, decided by keys or
//! buttons.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod decide;
mod facts;
mod show;
mod view;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/review", get(show::show))
        .route("/o/{organization}/review/undo", post(decide::undo))
        .route(
            "/o/{organization}/review/{connection}/{person}",
            post(decide::decide),
        )
}
