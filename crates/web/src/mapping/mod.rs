//! Who is whom: the grid, why, choosing, the draft.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::App;
use crate::upload::LARGEST_REQUEST;

mod accept;
mod add;
mod cards;
mod choose;
mod draft;
mod export;
mod filter;
mod filters;
mod grid;
mod hand_over;
mod import;
mod lookup;
mod pairs;
mod resync;
mod review;
mod seat;
mod users;
mod views;
mod why;

pub(crate) use cards::Cards;
pub(crate) use draft::seat as seat_of;
pub(crate) use seat::{Drafted, Drifting, Seat, hand_over_path};
pub(crate) use views::Views;
pub(crate) use why::{Lines, lines};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/o/{organization}/mapping", get(grid::show))
        .route("/o/{organization}/mapping/cards", get(cards::show))
        .route("/o/{organization}/mapping/review", get(review::show))
        .route("/o/{organization}/mapping/save", post(review::save))
        .route("/o/{organization}/mapping/discard", post(review::discard))
        .route(
            "/o/{organization}/mapping/accept-certain",
            post(accept::certain),
        )
        .route(
            "/o/{organization}/mapping/accept-shown",
            post(accept::shown),
        )
        .route("/o/{organization}/mapping/export", get(export::download))
        .route(
            "/o/{organization}/mapping/import",
            get(import::show)
                .post(import::preview)
                .layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/mapping/import/apply",
            post(import::apply).layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/mapping/import/pairs",
            get(pairs::show)
                .post(pairs::preview)
                .layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/mapping/import/pairs/look",
            post(pairs::again).layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/mapping/import/pairs/apply",
            post(pairs::apply).layer(DefaultBodyLimit::max(LARGEST_REQUEST)),
        )
        .route(
            "/o/{organization}/mapping/add",
            get(add::show).post(add::add),
        )
        .route(
            "/o/{organization}/mapping/people-options",
            get(lookup::people),
        )
        .route("/o/{organization}/mapping/user-options", get(lookup::users))
        .route("/o/{organization}/mapping/users", get(users::show))
        .route(
            "/o/{organization}/mapping/views",
            get(views::show).post(views::create),
        )
        .route(
            "/o/{organization}/mapping/views/{view}",
            post(views::change),
        )
        .route("/o/{organization}/mapping/resync", post(resync::resync))
        .route(
            "/o/{organization}/mapping/hand-over",
            get(hand_over::show).post(hand_over::hand_over),
        )
        .route(
            "/o/{organization}/mapping/{connection}/{person}",
            get(draft::cell),
        )
        .route(
            "/o/{organization}/mapping/{connection}/{person}/why",
            get(why::show),
        )
        .route(
            "/o/{organization}/mapping/{connection}/{person}/choose",
            get(choose::show),
        )
        .route(
            "/o/{organization}/mapping/{connection}/{person}/options",
            get(choose::options),
        )
        .route(
            "/o/{organization}/mapping/{connection}/{person}/draft",
            post(draft::edit),
        )
}
