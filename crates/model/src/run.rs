//! Runs: one pull of a connection's users each.

use serde::{Deserialize, Serialize};

use crate::{Code, ConnectionId, RunId, Timestamp};

/// What a run asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunMode {
    /// Every user. Only such a run can find that somebody is gone.
    Full,
    /// The users changed since an instant.
    Changed {
        /// Since when, by the CRM's clock.
        since: Timestamp,
    },
}

impl RunMode {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Changed { .. } => "changed",
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Pages are being staged.
    Pulling,
    /// Everything is staged; a brake waits for somebody's word.
    Held,
    /// Applied.
    Complete,
    /// Given up; nothing was changed.
    Failed,
    /// Somebody rejected what a brake held; nothing was changed.
    Rejected,
}

impl RunState {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pulling => "pulling",
            Self::Held => "held",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
        }
    }
}

/// What a run found, in numbers of users.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunReport {
    /// Read from the CRM.
    pub read: u64,
    /// Never seen before.
    pub new: u64,
    /// Different from what was known.
    pub changed: u64,
    /// Of the changed ones: could be worked with before, and no longer.
    pub deactivated: u64,
    /// Not found for the first time; they count as gone when they stay away.
    pub missing: u64,
    /// No longer there.
    pub gone: u64,
    /// Left out by the list although they are there, as a read of their id showed. With one of
    /// them, the list is believed of nobody who did not come.
    pub found: u64,
    /// Read by their id because the list left them out, found usable or not.
    pub looked_up: u64,
    /// There again.
    pub returned: u64,
    /// Could not be read and were left as they were.
    pub failed: u64,
    /// Usable users known before the run.
    pub usable_before: u64,
    /// Of those: how many the run takes away, because they are deactivated or no longer found.
    pub lost: u64,
}

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The code, which can be looked up.
    pub code: Code,
    /// What happened, to which thing. Never holds a secret.
    pub detail: String,
}

/// One pull of a connection's users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Of which connection.
    pub connection_id: ConnectionId,
    /// What it asks for.
    pub mode: RunMode,
    /// How far it is.
    pub state: RunState,
    /// When it began, by our clock.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How many pages are staged.
    pub pages: u64,
    /// Where the next page begins, as the connector wrote it; `None` before the first page and
    /// behind the last.
    pub cursor: Option<String>,
    /// Whether the last page is staged.
    pub pulled: bool,
    /// How many users the CRM said there are, if it says.
    pub expected: Option<u64>,
    /// What it found; complete only when the run is.
    pub report: RunReport,
    /// Why it stopped, if it did.
    pub failure: Option<RunFailure>,
    /// Until when its worker is believed to be alive.
    pub lease_until: Timestamp,
    /// Until when it waits for somebody's word, once a brake has held it; then it counts as
    /// rejected.
    pub held_until: Option<Timestamp>,
}
