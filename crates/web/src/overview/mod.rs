//! The overview: is everything all right, what needs somebody, what happened.

use axum::Router;
use axum::routing::get;

use crate::App;

mod page;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}", get(page::show))
        .route("/o/{organization}/", get(page::show))
}
