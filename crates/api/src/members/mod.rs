//! Members: who signs in to the portal.

mod list;

use counterpart_service::Service;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list::list_members))
}
