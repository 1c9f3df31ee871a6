//! `PUT /matching-settings`, `PUT /connections/{connection_id}/matching-settings`

use axum::Json;
use counterpart_model::ConnectionId;
use counterpart_service::matching::MatchingInput;
use serde::Deserialize;
use utoipa::ToSchema;

use super::MatchingRules;
use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ConnectionPath;
use crate::version::{IfMatch, IfMatchParam};

/// Settings that are wanted in place of those that stand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedMatchingSettings {
    /// What is to be said.
    rules: MatchingRules,
    /// Why. What changes, if nothing is said.
    reason: Option<String>,
}

/// Changes what the matcher goes by in the organization, as one change set.
///
/// Everybody is looked at anew. Undo the change set to take it back.
#[utoipa::path(
    put,
    path = "/matching-settings",
    tag = "Mapping",
    params(IfMatchParam),
    request_body = WantedMatchingSettings,
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn set_matching_settings(
    caller: Caller,
    if_match: IfMatch,
    Body(wanted): Body<WantedMatchingSettings>,
) -> Result<Json<ChangeSet>> {
    save(&caller, None, &if_match, wanted).await
}

/// Changes what the matcher goes by in a connection, as one change set.
///
/// What is left out holds as the organization says it; lists add up. Everybody is looked at anew
/// there. Undo the change set to take it back.
#[utoipa::path(
    put,
    path = "/connections/{connection_id}/matching-settings",
    tag = "Mapping",
    params(IfMatchParam),
    request_body = WantedMatchingSettings,
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn set_connection_matching_settings(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    if_match: IfMatch,
    Body(wanted): Body<WantedMatchingSettings>,
) -> Result<Json<ChangeSet>> {
    save(&caller, Some(path.connection_id), &if_match, wanted).await
}

async fn save(
    caller: &Caller,
    connection_id: Option<ConnectionId>,
    if_match: &IfMatch,
    wanted: WantedMatchingSettings,
) -> Result<Json<ChangeSet>> {
    let Caller { service, actor } = caller;
    let standing = service.matching_settings(actor, connection_id).await?;
    let version = standing.settings.version;
    if_match.require(version)?;
    let input = MatchingInput {
        connection_id,
        version,
        rules: wanted.rules.into(),
        reason: wanted.reason,
    };
    let change_set = service
        .save_matching_settings(actor, input)
        .await
        .map_err(|error| if_match.failed(error))?;
    Ok(Json(change_set.into()))
}
