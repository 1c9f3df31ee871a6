//! `GET /change-sets`

use counterpart_service::mapping::ChangeSetView;
use serde::Serialize;
use utoipa::ToSchema;

use super::ChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::{Listed, PageOf, Paging, PagingParams};

/// A change set with who made it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeSetWithMaker {
    #[serde(flatten)]
    change_set: ChangeSet,
    /// The address of the account that applied it.
    account_email: Option<String>,
}

impl From<ChangeSetView> for ChangeSetWithMaker {
    fn from(view: ChangeSetView) -> Self {
        Self {
            change_set: view.change_set.into(),
            account_email: view.account.map(|account| account.email),
        }
    }
}

/// The change sets, newest first.
#[utoipa::path(
    get,
    path = "/change-sets",
    tag = "Changes",
    params(PagingParams),
    responses((status = 200, description = "A page of change sets", body = PageOf<ChangeSetWithMaker>))
)]
pub(super) async fn list_change_sets(
    caller: Caller,
    paging: Paging,
) -> Result<Listed<ChangeSetWithMaker>> {
    let page = caller
        .service
        .list_change_sets(&caller.actor, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
