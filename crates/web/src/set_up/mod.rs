//! The one-time set-up link: the first organization and its owner.

use axum::Router;
use axum::routing::get;

use crate::App;

mod page;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/setup/{link}", get(page::show).post(page::create))
}
