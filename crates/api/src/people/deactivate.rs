//! `POST /people/{person_id}/deactivate`

use axum::Json;
use counterpart_service::people::EndMappings;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::{Failure, Result};
use crate::input::{Body, Path};
use crate::path::PersonPath;

/// What becomes of the mappings of somebody who leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Deactivation {
    /// Whether they end `now`, `on` a date, or whether to `keep` them: records of the past keep
    /// their owner, and so do new ones.
    end_mappings: EndOfMappings,
    /// The day with whose beginning they end, in the organization's time zone; only with
    /// `"end_mappings": "on"`.
    #[schema(format = Date, example = "2026-11-30")]
    on: Option<String>,
}

/// When mappings end.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EndOfMappings {
    Now,
    On,
    Keep,
}

/// Notes that a person works here no longer.
#[utoipa::path(
    post,
    path = "/people/{person_id}/deactivate",
    tag = "People",
    request_body = Deactivation,
    responses((status = 200, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn deactivate_person(
    caller: Caller,
    Path(path): Path<PersonPath>,
    Body(input): Body<Deactivation>,
) -> Result<Json<ChangeSet>> {
    let end = match (input.end_mappings, input.on) {
        (EndOfMappings::Now, None) => EndMappings::Now,
        (EndOfMappings::Keep, None) => EndMappings::Keep,
        (EndOfMappings::On, Some(date)) => EndMappings::On(date),
        (EndOfMappings::On, None) => {
            return Err(Failure::field("on", "say on which day, like 2026-11-30"));
        }
        (EndOfMappings::Now | EndOfMappings::Keep, Some(_)) => {
            return Err(Failure::field(
                "on",
                "leave it out, or send `\"end_mappings\": \"on\"`",
            ));
        }
    };
    let change_set = caller
        .service
        .deactivate_person(&caller.actor, path.person_id, &end)
        .await?;
    Ok(Json(change_set.into()))
}
