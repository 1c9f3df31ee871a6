//! `POST /o/{organization}/drift/{mapping}/repair`

use counterpart_model::drift::Repair;
use counterpart_model::{Code, MappingId, OrganizationId};
use counterpart_service::Error;
use counterpart_service::drift::RepairRequest;
use serde::Deserialize;

use crate::problem::Answer;
use crate::request::{At, Sent};
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    #[serde(default)]
    repair: String,
    /// The version that was seen.
    #[serde(default)]
    version: Option<u64>,
    /// From which day on; today when empty.
    #[serde(default)]
    from: String,
    /// What the list was narrowed to.
    #[serde(default)]
    cause: String,
    #[serde(default)]
    connection: String,
}

/// Puts a drift right, and goes on with the list.
pub(super) async fn apply(
    portal: Portal,
    At((_, mapping)): At<(OrganizationId, MappingId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    let repair: Repair = input
        .repair
        .parse()
        .map_err(|error| Error::new(Code::DriftRepairInvalid, format!("{error}")))?;
    let dated = matches!(repair, Repair::HandOver | Repair::End);
    let request = RepairRequest {
        version: input.version,
        from: Some(input.from.trim().to_owned()).filter(|day| dated && !day.is_empty()),
        ..RepairRequest::new(mapping, repair)
    };
    let applied = portal.service.repair_drift(&portal.actor, &request).await?;
    portal.go(&crate::request::address(
        &portal.path("/drift"),
        &[
            ("cause", &input.cause),
            ("connection", &input.connection),
            ("saved", &applied.number.to_string()),
        ],
    ))
}
