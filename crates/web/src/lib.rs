//! The portal: server-rendered pages that work without scripts.
//!
//! One folder per noun, one file per page or verb, each with what it takes, what it shows and
//! what it does; templates stand in `templates/` under the same names. Every control is a plain
//! link or form first; htmx only swaps the piece that changed, told apart by its request header.
//!
//! Invariants:
//! - Pages hold no inline script or style; the content policy refuses both.
//! - A page behind the sign-in is reached only through `session::Portal`, which holds the
//!   proof that the account belongs to the organization in the address.
//! - An unsafe request that did not come from our own pages is refused before its handler runs.
//! - Credentials are never written into a page, not even to whoever has just typed them.
//!
//! What is *not* here: rules of the trade, which are `counterpart-service`'s, and SQL.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use counterpart_service::Service;
use url::Url;

mod assets;
mod changes;
mod checks;
mod connections;
mod drift;
mod events;
mod explain;
mod form;
mod headers;
mod keyboard;
mod mapping;
mod matching;
mod origin;
mod overview;
mod paging;
mod people;
mod problem;
mod providers;
mod request;
mod review;
mod session;
mod set_up;
mod settings;
mod shell;
mod sign_in;
mod timeline;
mod times;
mod upload;
mod webhooks;
mod words;

/// How the portal is served.
#[derive(Debug, Clone, Default)]
pub struct PortalOptions {
    /// Under which address browsers reach it; requests that change something must come from
    /// there. Without it they must come from the host that the request names.
    pub public_url: Option<Url>,
    /// Whether cookies are for https only. Must be set when browsers reach the portal by https.
    pub secure_cookies: bool,
}

/// What handlers share.
#[derive(Clone)]
struct App {
    service: Service,
    options: Arc<PortalOptions>,
}

impl FromRef<App> for Service {
    fn from_ref(app: &App) -> Self {
        app.service.clone()
    }
}

/// The portal's routes, complete with their security headers. Attempts to sign in are slowed
/// down by the caller's address when the server provides
/// [`axum::extract::ConnectInfo`]`<SocketAddr>`.
pub fn router(service: Service, options: PortalOptions) -> Router {
    let app = App {
        service,
        options: Arc::new(options),
    };
    Router::new()
        .merge(set_up::routes())
        .merge(sign_in::routes())
        .merge(overview::routes())
        .merge(people::routes())
        .merge(connections::routes())
        .merge(checks::routes())
        .merge(mapping::routes())
        .merge(drift::routes())
        .merge(review::routes())
        .merge(matching::routes())
        .merge(changes::routes())
        .merge(settings::routes())
        .merge(webhooks::routes())
        .merge(events::routes())
        .merge(explain::routes())
        .merge(keyboard::routes())
        .route("/assets/{name}", get(assets::serve))
        .fallback(problem::no_such_page)
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(from_fn(problem::render))
        .layer(from_fn(headers::add))
        .with_state(app)
}
