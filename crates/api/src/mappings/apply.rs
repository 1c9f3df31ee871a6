//! `POST /mappings/apply`

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::plan::MappingPlan;
use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::{Query, RawBody};

/// How to take the file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// Why, for the change set.
    reason: Option<String>,
}

/// What a file of mappings changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppliedMappings {
    /// What it changed.
    plan: MappingPlan,
    /// The change set; `null` when all of it was true already.
    change_set: Option<ChangeSet>,
}

/// Makes a file of mappings true as one change set. All or nothing.
///
/// The body is as for `POST /mappings/plan`. Fails with `file.invalid` and everything that is
/// wrong, by line, before anything is changed; with `mapping.stale` when something was changed
/// in the same moment.
#[utoipa::path(
    post,
    path = "/mappings/apply",
    tag = "Mapping",
    params(How),
    request_body(content((String = "application/yaml"))),
    responses((status = 200, description = "What was changed", body = AppliedMappings))
)]
pub(super) async fn apply_mappings(
    caller: Caller,
    Query(how): Query<How>,
    body: RawBody,
) -> Result<Json<AppliedMappings>> {
    let Caller { service, actor } = &caller;
    let planned = service.plan_mapping_file(actor, &body.bytes).await?;
    planned.checked()?;
    let plan = MappingPlan::from(&planned);
    let change_set = if planned.is_empty() {
        None
    } else {
        let applied = service
            .apply_mapping_plan(actor, planned, how.reason)
            .await?;
        Some(applied.into())
    };
    Ok(Json(AppliedMappings { plan, change_set }))
}
