//! `GET /troubles`

use axum::Json;

use super::Findings;
use crate::caller::Caller;
use crate::failure::Result;

/// Looks for the usual troubles of an organization, by what is known: users that do not sync,
/// people without a counterpart, seats that changed hands, duplicates, edits that nobody saved.
///
/// Nothing is asked of any CRM.
#[utoipa::path(
    get,
    path = "/troubles",
    tag = "System checks",
    responses((status = 200, description = "What was looked at, and what it showed", body = Findings))
)]
pub(super) async fn find_troubles(caller: Caller) -> Result<Json<Findings>> {
    let troubles = caller.service.find_troubles(&caller.actor).await?;
    Ok(Json(troubles.into()))
}
