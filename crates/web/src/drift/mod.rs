//! Drift: mappings that may be true no longer, and what puts them right.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod list;
mod repair;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/drift", get(list::show))
        .route(
            "/o/{organization}/drift/{mapping}/repair",
            post(repair::apply),
        )
}
