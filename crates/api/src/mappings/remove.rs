//! `DELETE /mappings/{mapping_id}`

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::path::MappingPath;
use crate::version::{IfMatch, IfMatchParam};

/// Why.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    /// Why, for the change set.
    reason: Option<String>,
}

/// Takes a mapping away as one that never was right.
///
/// To end one at a date, deactivate the person or map it anew with a period. Fails with 412 when
/// `If-Match` names another version than the one that stands there.
#[utoipa::path(
    delete,
    path = "/mappings/{mapping_id}",
    tag = "Mapping",
    params(Why, IfMatchParam),
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn remove_mapping(
    caller: Caller,
    Path(path): Path<MappingPath>,
    Query(why): Query<Why>,
    if_match: IfMatch,
) -> Result<Json<ChangeSet>> {
    let Caller { service, actor } = &caller;
    let version = service
        .mapping(actor, path.mapping_id)
        .await?
        .mapping
        .version;
    if_match.require(version)?;
    let change_set = service
        .remove_mapping(actor, path.mapping_id, Some(version), why.reason)
        .await
        .map_err(|error| if_match.failed(error))?;
    Ok(Json(change_set.into()))
}
