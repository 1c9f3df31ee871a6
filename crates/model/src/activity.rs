//! What is written to a CRM on somebody's behalf.

use serde::{Deserialize, Serialize};

use crate::{CrmUserId, OtherId, Timestamp};

/// What kind of record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A call that was made or missed.
    Call,
    /// A note about a contact or company.
    Note,
    /// Something to be done.
    Task,
    /// A ticket, case or incident.
    Ticket,
    /// A note on a ticket.
    TicketNote,
    /// Time spent.
    TimeEntry,
}

impl ActivityKind {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::Call,
        Self::Note,
        Self::Task,
        Self::Ticket,
        Self::TicketNote,
        Self::TimeEntry,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Note => "note",
            Self::Task => "task",
            Self::Ticket => "ticket",
            Self::TicketNote => "ticket_note",
            Self::TimeEntry => "time_entry",
        }
    }
}

/// Who called whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Somebody called us.
    Inbound,
    /// We called somebody.
    Outbound,
}

impl Direction {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody talked.
    Answered,
    /// Nobody took it.
    Missed,
    /// A message was left.
    Voicemail,
    /// The line was busy.
    Busy,
    /// It did not come about.
    Failed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Answered,
        Self::Missed,
        Self::Voicemail,
        Self::Busy,
        Self::Failed,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Missed => "missed",
            Self::Voicemail => "voicemail",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

/// The user whom a record belongs to: the immutable id, and what else is known of the user that
/// a CRM may want in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The CRM's immutable id.
    pub id: CrmUserId,
    /// Other ids of the same user.
    pub other_ids: Vec<OtherId>,
    /// The name the user signs in with.
    pub username: Option<String>,
    /// The user's main e-mail address.
    pub email: Option<String>,
    /// The name as the CRM shows it.
    pub display_name: Option<String>,
}

impl Owner {
    /// An owner of whom only the id is known.
    pub fn of(id: CrmUserId) -> Self {
        Self {
            id,
            other_ids: Vec::new(),
            username: None,
            email: None,
            display_name: None,
        }
    }

    /// The id of this kind; without one, the immutable id.
    pub fn id_of_kind(&self, kind: Option<&str>) -> Option<&str> {
        match kind {
            None => Some(&self.id.0),
            Some(kind) => self
                .other_ids
                .iter()
                .find(|other| other.kind == kind)
                .map(|other| other.value.as_str()),
        }
    }
}

/// What a record is about. Ids are the CRM's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// A contact.
    pub contact_id: Option<String>,
    /// A lead.
    pub lead_id: Option<String>,
    /// A company.
    pub company_id: Option<String>,
    /// A ticket.
    pub ticket_id: Option<String>,
}

/// A record to be written to a CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What it is.
    pub kind: ActivityKind,
    /// Our key of it, by which it is found again: at most 60 characters of `A-Z a-z 0-9 - _`.
    pub key: String,
    /// Whose it is.
    pub owner: Owner,
    /// What it is about.
    pub about: About,
    /// One line.
    pub subject: String,
    /// The text; plain, lines end with `\n`.
    pub text: String,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// How the call ended.
    pub outcome: Option<Outcome>,
    /// When it began.
    pub started_at: Timestamp,
    /// How many seconds it took.
    pub duration_seconds: u32,
    /// The number of the other side, in E.164 where that is known.
    pub remote_number: Option<String>,
    /// Our number or extension.
    pub own_number: Option<String>,
    /// The address of a recording, by https.
    pub recording_url: Option<String>,
}

/// A record as it was read back from a CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRecord {
    /// The CRM's id of it.
    pub id: String,
    /// Whose it is there, by the kind of id that its writes use; `None`: nobody's.
    pub owner: Option<String>,
    /// The address of its page.
    pub link: Option<String>,
}
