//! What is answered.

use counterpart_model::{ConnectionId, CrmUser, CrmUserId, Person, Timestamp};

use crate::mapping::MappingView;

/// The answer to one question.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The instant it is about.
    pub at: Timestamp,
    /// The connection it is about; `None` for all of them, and for one that is not known.
    pub connection: Option<ConnectionId>,
    /// The person that the question led to; `None` when it led to nobody or several, or asked
    /// by a CRM user.
    pub person: Option<Person>,
    /// The CRM user that was asked by, if there is such a one.
    pub crm_user: Option<CrmUser>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a question. Asked of all connections at once: *mapped* if a mapping holds in any
/// of them, *ignored* only if somebody decided so for all of them, and otherwise the first of
/// *held*, *ambiguous* and *unmapped* that is true in one.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// These mappings held at the instant: several where a side is shared, or in several
    /// connections. Never empty. A mapping holds whether or not its CRM user is still there:
    /// that is drift.
    Mapped(Vec<MappingView>),
    /// Nobody is mapped.
    Unmapped,
    /// Somebody decided that the person has no account there, or that the CRM user is no human
    /// being, and the decision was made before the instant and had not expired.
    Ignored {
        /// Until when it holds.
        until: Timestamp,
        /// Why, in the decider's words.
        reason: Option<String>,
    },
    /// Several fit, and somebody has to choose.
    Ambiguous(Choice),
    /// Nobody is mapped, and a brake holds the connection's last pull since before the instant:
    /// what is known may be behind what is true. Mappings that hold are answered all the same.
    Held {
        /// Since when.
        since: Timestamp,
    },
    /// What was asked for is not known.
    Unknown(Unknown),
}

impl Outcome {
    /// Its name in the API and on the command line.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Mapped(_) => "mapped",
            Self::Unmapped => "unmapped",
            Self::Ignored { .. } => "ignored",
            Self::Ambiguous(_) => "ambiguous",
            Self::Held { .. } => "held",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Who fits.
#[derive(Debug, Clone)]
pub enum Choice {
    /// The address or extension is of several people.
    People(Vec<Person>),
    /// For the present, the matcher finds that several CRM users fit the person about as well,
    /// best first; with the CRM user where it is known.
    CrmUsers(Vec<(ConnectionId, CrmUserId, Option<CrmUser>)>),
}

/// What is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// There is no connection with CRM users of this id or name.
    Connection,
    /// There is no connection of this id or name whose extensions could be meant.
    Platform,
    /// Nobody has this id, address or extension.
    Person,
    /// The connection has no such CRM user.
    CrmUser,
}

impl Unknown {
    /// Its name in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Platform => "platform",
            Self::Person => "person",
            Self::CrmUser => "crm_user",
        }
    }
}
