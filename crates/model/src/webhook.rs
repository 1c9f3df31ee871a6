//! Webhooks: who is told of events, and how it went.

use serde::{Deserialize, Serialize};

use crate::{Code, EventKind, Sealed, Timestamp, WebhookId};

/// How long after an attempt that failed the next one follows, in seconds: the schedule that the
/// Standard Webhooks specification recommends. With the first attempt these are ten over a good
/// three days; when the last has failed the webhook is disabled.
pub const RETRY_AFTER: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 60 * 60,
    5 * 60 * 60,
    10 * 60 * 60,
    14 * 60 * 60,
    20 * 60 * 60,
    24 * 60 * 60,
];

/// For how long a secret that was replaced still signs, in seconds: a day.
pub const OLD_SECRET_SIGNS: i64 = 24 * 60 * 60;

/// How much of an answer is kept, in characters.
pub const ANSWER_KEPT: usize = 1_024;

/// Whether a webhook is told of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// It is.
    Active,
    /// Somebody switched it off. Events wait for it.
    Paused,
    /// Its receiver did not want events, or did not answer for days. Events wait for it.
    Disabled,
}

impl WebhookState {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }
}

/// A secret that was replaced and still signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldSecret {
    /// The secret.
    pub sealed: Sealed,
    /// Until when it signs.
    pub until: Timestamp,
}

/// Somebody who is told of events, in their order, each when the one before has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// Which events, at least one kind.
    pub kinds: Vec<EventKind>,
    /// Whether it is told.
    pub state: WebhookState,
    /// Why it was disabled, if it was.
    pub disabled_because: Option<String>,
    /// What its messages are signed with.
    pub secret: Sealed,
    /// What they are signed with as well.
    pub old_secret: Option<OldSecret>,
    /// The sequence of the last event that arrived or was passed over.
    pub cursor: u64,
    /// How many attempts at the event behind the cursor have failed.
    pub failed_attempts: u32,
    /// When the next attempt may be made.
    pub next_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows by one with every change of what its maker owns.
    pub version: u64,
}

/// How an attempt to deliver ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The receiver has it (a status of 2xx).
    Delivered,
    /// It failed; another attempt follows, unless it was a test.
    Failed,
    /// It failed, and the webhook was disabled.
    GivenUp,
}

impl AttemptOutcome {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }
}

/// One attempt to deliver an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Its place among the webhook's attempts, from 1.
    pub number: u64,
    /// The event; `None` for a test.
    pub sequence: Option<u64>,
    /// The id of the message.
    pub message_id: String,
    /// What the event tells of; `None` for a test.
    pub kind: Option<EventKind>,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// Why none came, as a stable code.
    pub code: Option<Code>,
    /// The beginning of the answer, or why none came; at most [`ANSWER_KEPT`] characters.
    pub answer: String,
    /// When the next attempt follows, if one does.
    pub next_at: Option<Timestamp>,
}
