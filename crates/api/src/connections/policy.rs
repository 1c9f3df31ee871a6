//! `PATCH /connections/{connection_id}/policy`

use counterpart_model::Policy;
use counterpart_model::brakes::Brakes as ModelBrakes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Connection;
use super::create::shown;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ConnectionPath;
use crate::version::{IfMatch, IfMatchParam, Versioned};

/// How careful a connection is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionPolicy {
    /// How much a sync may take away before it asks.
    brakes: Brakes,
    /// For how many days a CRM user that full runs no longer find is only missing, before it
    /// counts as gone; from 0 to 90.
    grace_days: u32,
    /// How many days a held run waits before it counts as rejected; from 1 to 90.
    hold_days: u32,
}

/// How much a sync may take away before it asks: in itself, or together with those of the 24
/// hours before. That nobody would be left always stops it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Brakes {
    /// Fewer users than this never stop it; from 1 to 1000.
    least: u64,
    /// More than this share of the usable users stops it, in percent; from 1 to 100.
    percent: u64,
    /// More users than this stop it whatever the share; from 1 to 1000000.
    most: u64,
}

impl From<Policy> for ConnectionPolicy {
    fn from(policy: Policy) -> Self {
        Self {
            brakes: Brakes {
                least: policy.brakes.least,
                percent: policy.brakes.percent,
                most: policy.brakes.most,
            },
            grace_days: policy.grace_days,
            hold_days: policy.hold_days,
        }
    }
}

/// What changes of a policy. What is left out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyWrite {
    /// How much a sync may take away before it asks.
    #[serde(default)]
    brakes: BrakesWrite,
    /// Days before the missing count as gone.
    grace_days: Option<u32>,
    /// Days before a held run counts as rejected.
    hold_days: Option<u32>,
}

/// What changes of the brakes. What is left out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrakesWrite {
    /// Fewer users than this never stop a sync.
    least: Option<u64>,
    /// More than this share stops it, in percent.
    percent: Option<u64>,
    /// More users than this stop it.
    most: Option<u64>,
}

impl PolicyWrite {
    fn over(&self, standing: Policy) -> Policy {
        Policy {
            brakes: ModelBrakes {
                least: self.brakes.least.unwrap_or(standing.brakes.least),
                percent: self.brakes.percent.unwrap_or(standing.brakes.percent),
                most: self.brakes.most.unwrap_or(standing.brakes.most),
            },
            grace_days: self.grace_days.unwrap_or(standing.grace_days),
            hold_days: self.hold_days.unwrap_or(standing.hold_days),
        }
    }
}

/// Changes how careful a connection is. What is left out stays as it is.
///
/// Runs that begin from now on keep to it; one that is held stays held. Fails with
/// `connection.policy_invalid` when a number is out of its bounds.
#[utoipa::path(
    patch,
    path = "/connections/{connection_id}/policy",
    tag = "Connections",
    params(IfMatchParam),
    request_body = PolicyWrite,
    responses((status = 200, description = "The connection as it is now", body = Connection))
)]
pub(super) async fn change_policy(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    if_match: IfMatch,
    Body(input): Body<PolicyWrite>,
) -> Result<Versioned<Connection>> {
    let Caller { service, actor } = &caller;
    let standing = service
        .connection_view(actor, path.connection_id)
        .await?
        .connection;
    if_match.require(standing.version)?;
    let policy = input.over(standing.policy);
    let saved = service
        .set_policy(actor, standing.id, standing.version, policy)
        .await
        .map_err(|error| if_match.failed(error))?;
    Ok(shown(saved))
}
