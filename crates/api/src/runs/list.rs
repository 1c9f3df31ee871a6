//! `GET /connections/{connection_id}/runs`

use super::Run;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::ConnectionPath;

/// A connection's runs, newest first.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/runs",
    tag = "Runs",
    params(PagingParams),
    responses((status = 200, description = "A page of runs", body = PageOf<Run>))
)]
pub(super) async fn list_runs(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    paging: Paging,
) -> Result<Listed<Run>> {
    let page = caller
        .service
        .list_runs(&caller.actor, path.connection_id, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
