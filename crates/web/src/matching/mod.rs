//! Matching settings: what the matcher goes by, and what another setting would do, before it is
//! saved.

use axum::Router;
use axum::routing::get;

use crate::App;

mod effect;
mod input;
mod page;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/o/{organization}/settings/matching",
            get(page::show).post(page::send),
        )
        .route(
            "/o/{organization}/connections/{connection}/matching",
            get(page::show_connection).post(page::send_connection),
        )
}
