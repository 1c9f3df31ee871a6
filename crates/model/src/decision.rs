//! Decisions: what somebody said once and need not say again.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, CrmUserId, DecisionId, PersonId, Timestamp};

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DecisionKind {
    /// This person is not that CRM user.
    NotThisPair {
        /// Who.
        person_id: PersonId,
        /// Is not whom.
        crm_user_id: CrmUserId,
    },
    /// This person has no account in the connection.
    NoAccount {
        /// Who.
        person_id: PersonId,
    },
    /// This CRM user is no human being.
    NotAPerson {
        /// Which.
        crm_user_id: CrmUserId,
    },
    /// Several people use this CRM user.
    SharedSeat {
        /// Which.
        crm_user_id: CrmUserId,
    },
}

impl DecisionKind {
    /// Its name in databases, files and the API.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotThisPair { .. } => "not_this_pair",
            Self::NoAccount { .. } => "no_account",
            Self::NotAPerson { .. } => "not_a_person",
            Self::SharedSeat { .. } => "shared_seat",
        }
    }

    /// The person it is about, if it is about one.
    pub const fn person_id(&self) -> Option<PersonId> {
        match self {
            Self::NotThisPair { person_id, .. } | Self::NoAccount { person_id } => Some(*person_id),
            Self::NotAPerson { .. } | Self::SharedSeat { .. } => None,
        }
    }

    /// The CRM user it is about, if it is about one.
    pub const fn crm_user_id(&self) -> Option<&CrmUserId> {
        match self {
            Self::NotThisPair { crm_user_id, .. }
            | Self::NotAPerson { crm_user_id }
            | Self::SharedSeat { crm_user_id } => Some(crm_user_id),
            Self::NoAccount { .. } => None,
        }
    }
}

/// A lasting decision in one connection. There is at most one of a kind for the same subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// What was decided.
    #[serde(flatten)]
    pub kind: DecisionKind,
    /// Why, in the decider's words.
    pub reason: Option<String>,
    /// Until when it holds; [`Timestamp::FOREVER`] for good.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub version: u64,
}
