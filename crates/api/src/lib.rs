//! The REST edge: what the service can do, over HTTP with JSON.
//!
//! Every route is one file that holds input, output, failures and handler, in a folder of its
//! noun. A route is registered together with its description, so that [`openapi`] says what
//! [`router`] does.
//!
//! Invariants:
//! - A handler calls [`Service`] and nothing below it; who may do what is decided there.
//! - An organization that is not the token's does not exist (404).
//! - Every failure is a problem of RFC 9457 with a stable code, also those of the framework. The
//!   cause of a 500 goes to the log under the request's id and to nobody else.
//! - A name in a query or body that is not known is refused, never ignored.
//! - A change that waits for a second person is a 202 with its address, on whatever route.
//! - No query, header or body is logged.
//!
//! What is *not* here: sessions and pages (`web`), and drafts, which belong to an account, while
//! a token belongs to an organization. Several edits are sent together as one change set.

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::middleware;
use axum::routing::{any, get};
use axum::{Json, Router};
use counterpart_model::Code;
use counterpart_service::Service;
use utoipa_axum::router::OpenApiRouter;

mod audit;
mod caller;
mod change_sets;
mod connections;
mod decisions;
mod description;
mod drift;
mod events;
mod failure;
mod frame;
mod grid;
mod health;
mod input;
mod mappings;
mod matching;
mod members;
mod organizations;
mod paging;
mod path;
mod pending_change_sets;
mod people;
mod pivot;
pub mod problem;
mod proposals;
mod providers;
mod resolve;
mod review;
mod runs;
mod system_checks;
mod time;
mod tokens;
mod version;
mod views;
mod webhooks;
mod words;

use failure::Failure;

pub use mappings::{FileProblem, MappingPlan, PairColumn, PairsPlan, PlannedChange, PlannedKind};

/// Where this version of the API is.
const API: &str = "/api/v1";
/// Where the organizations are.
const ORGANIZATIONS: &str = "/api/v1/organizations";
/// The largest body, in bytes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The routes of the API over `service`: everything below `/api`, `/healthz` and `/readyz`.
///
/// Paths outside of these are left to whoever merges it.
pub fn router(service: Service) -> Router {
    let (routes, openapi) = described().split_for_parts();
    let openapi = description::completed(openapi);
    routes
        .route("/api/openapi.json", get(async || Json(openapi)))
        .route("/api", any(no_such_path))
        .route("/api/{*path}", any(no_such_path))
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(
            service.clone(),
            frame::frame,
        ))
        .with_state(service)
}

/// The description of the API: `OpenAPI` 3.1 as indented JSON with a line break at its end. The
/// same in every build.
///
/// # Errors
///
/// When the description cannot be written as JSON, which would be a fault of this crate.
pub fn openapi() -> Result<String, serde_json::Error> {
    let openapi = description::completed(described().into_openapi());
    let mut text = serde_json::to_string_pretty(&openapi)?;
    text.push('\n');
    Ok(text)
}

/// Every route with its description.
fn described() -> OpenApiRouter<Service> {
    let in_organization = OpenApiRouter::new()
        .merge(organizations::routes_inside())
        .merge(people::routes())
        .merge(connections::routes())
        .merge(runs::routes())
        .merge(grid::routes())
        .merge(pivot::routes())
        .merge(views::routes())
        .merge(proposals::routes())
        .merge(mappings::routes())
        .merge(decisions::routes())
        .merge(resolve::routes())
        .merge(drift::routes())
        .merge(review::routes())
        .merge(matching::routes())
        .merge(system_checks::routes())
        .merge(change_sets::routes())
        .merge(pending_change_sets::routes())
        .merge(audit::routes())
        .merge(events::routes())
        .merge(webhooks::routes())
        .merge(members::routes())
        .merge(tokens::routes());
    let api = OpenApiRouter::new()
        .merge(organizations::routes())
        .merge(providers::routes());
    OpenApiRouter::new()
        .merge(health::routes())
        .nest(API, api)
        .nest("/api/v1/organizations/{organization_id}", in_organization)
}

async fn no_such_path(method: Method, uri: axum::http::Uri) -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        Code::RequestNotFound,
        format!("there is nothing at {method} {}", uri.path()),
    )
}

async fn no_such_method(method: Method, uri: axum::http::Uri) -> Failure {
    Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        Code::RequestInvalid,
        format!(
            "{method} is not possible at {}; the Allow header lists what is",
            uri.path()
        ),
    )
}
