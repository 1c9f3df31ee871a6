//! The review queue: the cases in which somebody has to decide. They are decided by the routes of
//! mappings, decisions and drift.

mod list;
mod rules;

use counterpart_service::Service;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_review))
        .routes(routes!(rules::list_suggested_rules))
}
