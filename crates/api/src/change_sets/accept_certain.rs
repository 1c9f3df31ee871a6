//! `POST /change-sets/accept-certain`

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::ChangeSet;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::version::Created;

/// Where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Where {
    /// In this connection only; in all if nothing is said.
    connection: Option<Uuid>,
}

/// Accepts every certain proposal as one change set.
///
/// Fails with `change_set.empty` when there is none.
#[utoipa::path(
    post,
    path = "/change-sets/accept-certain",
    tag = "Changes",
    params(Where),
    responses((status = 201, description = "The change set", body = ChangeSet))
)]
pub(super) async fn accept_certain(
    caller: Caller,
    Query(Where { connection }): Query<Where>,
) -> Result<Created<Json<ChangeSet>>> {
    let change_set = caller
        .service
        .accept_certain(&caller.actor, connection.map(Into::into))
        .await?;
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", change_set.number)),
        body: Json(change_set.into()),
    })
}
