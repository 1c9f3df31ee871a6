//! Views of the mapping that somebody keeps.

use async_trait::async_trait;
use counterpart_model::{AccountId, OrganizationId, SavedView, SavedViewId};

use crate::Result;

/// Saved views.
#[async_trait]
pub trait SavedViews {
    /// Keeps a view, in place of an earlier one of its id.
    async fn put_view(&self, organization: OrganizationId, view: &SavedView) -> Result<()>;

    /// The view of an id, whoever may see it.
    async fn find_view(
        &self,
        organization: OrganizationId,
        id: SavedViewId,
    ) -> Result<Option<SavedView>>;

    /// The views that an account sees, its own and shared ones, by name and id; without an
    /// account the shared ones.
    async fn list_views(
        &self,
        organization: OrganizationId,
        account: Option<AccountId>,
    ) -> Result<Vec<SavedView>>;

    /// Forgets a view; none is no error.
    async fn delete_view(&self, organization: OrganizationId, id: SavedViewId) -> Result<()>;
}
