//! Proposals: what the matcher suggests now.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, CrmUserId, PersonId};

/// One reason for or against a pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was compared, a stable word such as `email` or `family_name`.
    pub kind: String,
    /// The finding in words an admin understands.
    pub words: String,
    /// How much it speaks for the pair (negative: against it), in bits (log₂ of the odds).
    pub weight: f64,
}

/// Another CRM user that was considered for the same person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// Who.
    pub crm_user_id: CrmUserId,
    /// How probable, 0 to 1.
    pub score: f64,
    /// Why and why not.
    pub evidence: Vec<Evidence>,
}

/// What the matcher currently suggests for a person in a connection. Replaced at every
/// re-evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// For whom.
    pub person_id: PersonId,
    /// The best fit.
    pub crm_user_id: CrmUserId,
    /// How probable, 0 to 1.
    pub score: f64,
    /// Whether it may be accepted together with all other certain ones. Never true when
    /// [`Proposal::ambiguous`] is.
    pub certain: bool,
    /// Whether another candidate fits about as well, so that somebody has to choose.
    pub ambiguous: bool,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Who else was considered, best first.
    pub rivals: Vec<Rival>,
}
