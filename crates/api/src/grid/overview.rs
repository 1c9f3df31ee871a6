//! `GET /overview`

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{ConnectionNumbers, PeopleBySituation};
use crate::caller::Caller;
use crate::drift::DriftNumber;
use crate::failure::Result;
use crate::input::Query;

/// What to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Focus {
    /// Count `needs_you`, `people_in` and `certain` in this connection only.
    connection: Option<Uuid>,
}

/// How the mapping stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Overview {
    /// People who work here now.
    active_people: u64,
    /// People who do not.
    inactive_people: u64,
    /// How many people somebody should look at.
    needs_you: u64,
    /// How many certain proposals wait to be accepted.
    certain: u64,
    /// How many people are in a situation in at least one connection.
    people_in: PeopleBySituation,
    /// The connections that have CRM users, by time of making.
    connections: Vec<ConnectionNumbers>,
    /// How many people have CRM users that disagree; at most a thousand are counted.
    inconsistent: u64,
    /// How many mappings drift, by connection and cause.
    drift: Vec<DriftNumber>,
}

/// How the mapping stands, in numbers.
#[utoipa::path(
    get,
    path = "/overview",
    tag = "Mapping",
    params(Focus),
    responses((status = 200, description = "The numbers", body = Overview))
)]
pub(super) async fn get_overview(
    caller: Caller,
    Query(focus): Query<Focus>,
) -> Result<Json<Overview>> {
    let found = caller
        .service
        .overview(&caller.actor, focus.connection.map(Into::into))
        .await?;
    Ok(Json(Overview {
        active_people: found.people.active,
        inactive_people: found.people.inactive,
        needs_you: found.needs_you,
        certain: found.certain,
        people_in: PeopleBySituation::new(|situation| {
            found.people_in.get(&situation).copied().unwrap_or_default()
        }),
        connections: found
            .connections
            .iter()
            .map(ConnectionNumbers::from)
            .collect(),
        inconsistent: caller.service.count_inconsistent(&caller.actor).await?,
        drift: found.drift.iter().map(DriftNumber::from).collect(),
    }))
}
