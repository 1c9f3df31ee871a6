//! `GET /pending-change-sets`

use serde::Deserialize;
use utoipa::IntoParams;

use super::PendingChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::words::PendingState;

/// Which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Those in this state only; all if nothing is said.
    state: Option<PendingState>,
}

/// The change sets that wait for a second person, or waited, newest first.
#[utoipa::path(
    get,
    path = "/pending-change-sets",
    tag = "Changes",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of them", body = PageOf<PendingChangeSet>))
)]
pub(super) async fn list_pending_change_sets(
    caller: Caller,
    Query(filter): Query<Filter>,
    paging: Paging,
) -> Result<Listed<PendingChangeSet>> {
    let state = filter.state.map(Into::into);
    let page = caller
        .service
        .list_pending(&caller.actor, state, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
