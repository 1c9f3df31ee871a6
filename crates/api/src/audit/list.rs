//! `GET /audit`

use std::fmt::Write as _;

use counterpart_model::audit::AuditEntry as ModelEntry;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::time::Moment;

/// An entry of the audit chain.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditEntry {
    /// Its place, from 1, without gaps.
    sequence: u64,
    /// When it happened.
    at: Moment,
    /// The account that did it; `null` for a token, the command line or the service itself.
    account_id: Option<Uuid>,
    /// What, a stable word.
    #[schema(example = "change_set.applied")]
    action: String,
    /// To which thing, in words.
    details: String,
    /// SHA-256 over this entry and the hash of the one before, in hexadecimal.
    hash: String,
}

impl From<ModelEntry> for AuditEntry {
    fn from(entry: ModelEntry) -> Self {
        Self {
            sequence: entry.sequence,
            at: entry.event.at.into(),
            account_id: entry.event.account_id.map(Uuid::from),
            action: entry.event.action,
            details: entry.event.details,
            hash: hexadecimal(&entry.hash),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// What happened in the organization, newest first.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "Changes",
    params(PagingParams),
    responses((status = 200, description = "A page of entries", body = PageOf<AuditEntry>))
)]
pub(super) async fn list_audit(caller: Caller, paging: Paging) -> Result<Listed<AuditEntry>> {
    let page = caller
        .service
        .list_audit(&caller.actor, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
