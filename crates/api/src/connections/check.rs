//! `POST /connections/{connection_id}/check`

use axum::Json;
use counterpart_connector::Allowance as ConnectorAllowance;
use serde::Serialize;
use utoipa::ToSchema;

use super::Check;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::ConnectionPath;

/// What a check of a stored connection showed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StoredCheck {
    #[serde(flatten)]
    check: Check,
    /// How many requests are left, where the vendor says so.
    allowance: Option<Allowance>,
}

/// How much of the vendor's allowance of requests is left.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Allowance {
    /// How many there are in the period, where the vendor says so.
    limit: Option<u64>,
    /// How many are left.
    remaining: u64,
    /// For how long the allowance is: `day`, `hour`.
    period: String,
}

impl From<ConnectorAllowance> for Allowance {
    fn from(allowance: ConnectorAllowance) -> Self {
        Self {
            limit: allowance.limit,
            remaining: allowance.remaining,
            period: allowance.period,
        }
    }
}

/// Checks a connection as it is stored, and notes how it is.
///
/// Fails with what the CRM answered (502) when nothing at all can be said.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/check",
    tag = "Connections",
    responses((status = 200, description = "What the check showed", body = StoredCheck))
)]
pub(super) async fn check_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
) -> Result<Json<StoredCheck>> {
    let Caller { service, actor } = &caller;
    let report = service.check_connection(actor, path.connection_id).await?;
    // That it cannot be said now takes nothing from what the check showed.
    let allowance = service
        .connection_allowance(actor, path.connection_id)
        .await
        .unwrap_or_default();
    Ok(Json(StoredCheck {
        check: report.into(),
        allowance: allowance.map(Allowance::from),
    }))
}
