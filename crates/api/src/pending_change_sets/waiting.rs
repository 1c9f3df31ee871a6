//! The answer to whoever wanted a change that has to wait: 202, instead of what the route answers
//! otherwise.

use counterpart_model::PendingChangeSet;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time::Moment;

/// A change that was not applied: it waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct WaitingChangeSet {
    /// What happened, as a sentence.
    detail: String,
    /// The number under which it waits: `GET /pending-change-sets/{number}`.
    number: u64,
    /// How many lines it has.
    line_count: u64,
    /// Until when it waits.
    expires_at: Moment,
}

impl WaitingChangeSet {
    pub(crate) fn new(pending: &PendingChangeSet, detail: &str) -> Self {
        Self {
            detail: detail.to_owned(),
            number: pending.number,
            line_count: pending.line_count,
            expires_at: pending.expires_at.into(),
        }
    }

    /// Where it is, below its organization.
    pub(crate) fn place(&self) -> String {
        format!("pending-change-sets/{}", self.number)
    }
}
