//! Connecting CRMs, and how they are.

use axum::Router;
use axum::routing::{get, post};

use crate::App;

mod consent;
mod drifting;
mod fields;
mod form;
mod gallery;
mod held;
mod list;
mod missing;
mod outcome;
mod run;
mod safety;
mod seats;
mod show;
mod suite;
mod user;
mod users;
mod users_decide;
mod verbs;

pub(crate) use held::HeldView;
pub(crate) use run::{RunLine, run_line};
pub(crate) use user::user_path;

pub(crate) fn routes() -> Router<App> {
    let one = "/o/{organization}/connections/{connection}";
    let at = |rest: &str| format!("{one}{rest}");
    Router::new()
        .route("/o/{organization}/connections", get(list::show))
        .route("/o/{organization}/connections/new", get(gallery::show))
        .route(
            "/o/{organization}/connections/new/{provider}",
            get(form::show_new).post(form::send_new),
        )
        .route(
            "/o/{organization}/connections/new/suite/{suite}",
            get(suite::show).post(suite::send),
        )
        .route(consent::BACK, get(consent::back))
        .route(&at("/sign-in"), get(consent::begin))
        .route(&at("/signed-in"), get(consent::finish))
        .route(one, get(show::show))
        .route(&at("/edit"), get(form::show_edit).post(form::send_edit))
        .route(&at("/check"), post(verbs::check))
        .route(&at("/sync"), post(verbs::sync))
        .route(&at("/pause"), post(verbs::pause))
        .route(&at("/resume"), post(verbs::resume))
        .route(&at("/policy"), post(safety::save))
        .route(&at("/users"), get(users::show).post(users_decide::decide))
        .route(&at("/user"), get(user::show))
        .route(&at("/drift-policies"), post(drifting::save))
        .route(&at("/missing"), get(missing::show))
        .route(&at("/runs/{run}"), get(run::show))
        .route(&at("/runs/{run}/allow"), post(run::allow))
        .route(&at("/runs/{run}/reject"), post(run::reject))
}
