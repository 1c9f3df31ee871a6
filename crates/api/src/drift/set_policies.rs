//! `PUT /connections/{connection_id}/drift-policies`

use axum::Json;
use counterpart_model::DriftCause;

use super::DriftPolicies;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::{Body, Path};
use crate::path::ConnectionPath;

/// Says what happens when a mapping of a connection drifts, and looks at the connection anew.
///
/// Causes that are not named are proposed. `act` is refused where the repair would be a guess.
#[utoipa::path(
    put,
    path = "/connections/{connection_id}/drift-policies",
    tag = "Connections",
    request_body = DriftPolicies,
    responses((status = 200, description = "The policies", body = DriftPolicies))
)]
pub(super) async fn set_drift_policies(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Body(wanted): Body<DriftPolicies>,
) -> Result<Json<DriftPolicies>> {
    let Caller { service, actor } = &caller;
    let mut policies = counterpart_model::DriftPolicies::default();
    for (cause, policy) in wanted.policies {
        let cause: DriftCause = cause
            .parse()
            .map_err(|error| Failure::field("policies", format!("{error}")))?;
        policies.set(cause, policy.into());
    }
    service
        .set_drift_policies(actor, path.connection_id, &policies)
        .await?;
    Ok(Json(policies.into()))
}
