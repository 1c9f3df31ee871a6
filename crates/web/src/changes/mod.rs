//! What was changed, by whom, when and why.

use axum::Router;
use axum::routing::get;

use crate::App;

mod list;
mod show;
mod tell;
mod undo;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/changes", get(list::show))
        .route("/o/{organization}/changes/{number}", get(show::show))
        .route(
            "/o/{organization}/changes/{number}/undo",
            get(undo::show).post(undo::undo),
        )
}
