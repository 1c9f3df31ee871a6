//! System checks: running them, what they showed, and the usual troubles.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod absence;
mod findings;
mod history;
mod overview;
mod run;
mod show;

pub(crate) use overview::{NewestCheck, newest};

pub(crate) fn routes() -> Router<App> {
    let one = "/o/{organization}/connections/{connection}";
    let at = |rest: &str| format!("{one}{rest}");
    Router::new()
        .route("/o/{organization}/checks", get(overview::show))
        .route(&at("/system-check"), post(run::connection))
        .route(&at("/checks"), get(history::show))
        .route(&at("/checks/{check}"), get(show::show))
        .route(&at("/absence"), get(absence::show))
        .route(
            "/o/{organization}/people/{person}/self-test",
            post(run::person),
        )
}
