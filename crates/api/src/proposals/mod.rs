//! Proposals: what the matcher suggests now, why, and who else could be chosen.

mod candidates;
mod list;
mod why;

use counterpart_service::Service;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_proposals))
        .routes(routes!(why::explain_proposal))
        .routes(routes!(candidates::list_candidates))
}
