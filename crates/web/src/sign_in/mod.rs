//! Signing in and out, and where to go then.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod page;
mod start;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start::choose))
        .route("/sign-in", get(page::show).post(page::sign_in))
        .route("/sign-out", post(page::sign_out))
}
