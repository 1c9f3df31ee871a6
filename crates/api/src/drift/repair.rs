//! `POST /drift/{mapping_id}/repair`

use axum::Json;
use counterpart_model::{CrmUserId, PersonId};
use counterpart_service::drift::RepairRequest;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::MappingPath;
use crate::version::{IfMatch, IfMatchParam};
use crate::words::Repair;

/// A repair that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedRepair {
    /// What is to be done: one of those that the drift names.
    repair: Repair,
    /// From when on: a date, 00:00 in the organization's time zone, or an instant in RFC 3339.
    /// Today for `hand_over` and `end`, now for the others, if nothing is said.
    #[schema(example = "2026-11-22")]
    from: Option<String>,
    /// Who has the CRM user from then on; for `hand_over`.
    person_id: Option<Uuid>,
    /// Whom the person is; for `move`. The one that the drift names, if nothing is said.
    crm_user_id: Option<String>,
    /// Why. The cause, if nothing is said.
    reason: Option<String>,
}

/// Puts a mapping's drift right, as one change set.
///
/// Fails with 412 when `If-Match` names another version of the mapping than the one that stands
/// there.
#[utoipa::path(
    post,
    path = "/drift/{mapping_id}/repair",
    tag = "Mapping",
    params(IfMatchParam),
    request_body = WantedRepair,
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn repair_drift(
    caller: Caller,
    Path(path): Path<MappingPath>,
    if_match: IfMatch,
    Body(wanted): Body<WantedRepair>,
) -> Result<Json<ChangeSet>> {
    let Caller { service, actor } = &caller;
    let version = service
        .mapping(actor, path.mapping_id)
        .await?
        .mapping
        .version;
    if_match.require(version)?;
    let request = RepairRequest {
        version: Some(version),
        from: wanted.from,
        person_id: wanted.person_id.map(PersonId::from),
        crm_user_id: wanted.crm_user_id.map(CrmUserId),
        reason: wanted.reason,
        ..RepairRequest::new(path.mapping_id, wanted.repair.into())
    };
    let change_set = service
        .repair_drift(actor, &request)
        .await
        .map_err(|error| if_match.failed(error))?;
    Ok(Json(change_set.into()))
}
