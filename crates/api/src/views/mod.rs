//! Saved views: a name for a filter of the mapping.

mod change;
mod create;
mod delete;
mod list;

use counterpart_model::SavedView as ModelView;
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;
use crate::words::ViewPage;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_views, create::create_view))
        .routes(routes!(change::change_view, delete::delete_view))
}

/// A filter of the mapping with a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedView {
    /// Its id.
    id: Uuid,
    /// Who made it; `null` for a token.
    account_id: Option<Uuid>,
    /// What it is called.
    name: String,
    /// Of which page of the portal.
    page: ViewPage,
    /// What the page is asked, as it stands behind the question mark of its address.
    query: String,
    /// Whether everybody in the organization sees it, or its maker alone.
    shared: bool,
    /// When it was made.
    created_at: Moment,
}

impl From<ModelView> for SavedView {
    fn from(view: ModelView) -> Self {
        Self {
            id: view.id.into(),
            account_id: view.account_id.map(Uuid::from),
            name: view.name,
            page: view.page.into(),
            query: view.query,
            shared: view.shared,
            created_at: view.created_at.into(),
        }
    }
}
