//! `GET /system-checks`

use axum::Json;

use super::SystemCheck;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The newest system check of each connection itself.
#[utoipa::path(
    get,
    path = "/system-checks",
    tag = "System checks",
    responses((status = 200, description = "One for each connection that was checked", body = PageOf<SystemCheck>))
)]
pub(super) async fn newest_system_checks(caller: Caller) -> Result<Json<PageOf<SystemCheck>>> {
    let newest = caller.service.newest_system_checks(&caller.actor).await?;
    let newest = newest.into_iter().map(SystemCheck::from);
    Ok(Json(PageOf::all(newest)))
}
