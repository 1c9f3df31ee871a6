//! `GET /system-checks/{check_id}`

use axum::Json;

use super::SystemCheck;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::CheckPath;

/// One system check.
#[utoipa::path(
    get,
    path = "/system-checks/{check_id}",
    tag = "System checks",
    responses((status = 200, description = "The system check", body = SystemCheck))
)]
pub(super) async fn get_system_check(
    caller: Caller,
    Path(path): Path<CheckPath>,
) -> Result<Json<SystemCheck>> {
    let check = caller.service.system_check(&caller.actor, path.check_id);
    Ok(Json(check.await?.into()))
}
