//! Mappings: "this person is that CRM user", during a period.

use serde::{Deserialize, Serialize};

use crate::{
    ConnectionId, CrmUserId, MappingId, Period, PersonId, Timestamp, Witness, proposal::Evidence,
};

/// How a mapping came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingOrigin {
    /// Somebody chose the pair.
    Manual,
    /// Somebody accepted a proposal.
    Proposal,
    /// A file or the API said so.
    Import,
    /// The person was made from the CRM user.
    Provisioned,
}

impl MappingOrigin {
    /// Every origin.
    pub const ALL: [Self; 4] = [
        Self::Manual,
        Self::Proposal,
        Self::Import,
        Self::Provisioned,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Proposal => "proposal",
            Self::Import => "import",
            Self::Provisioned => "provisioned",
        }
    }
}

/// "This person is that CRM user" during a period. It binds to the CRM's immutable user id, and
/// nothing edited inside the CRM changes its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Its id.
    pub id: MappingId,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Who.
    pub person_id: PersonId,
    /// Is whom.
    pub crm_user_id: CrmUserId,
    /// When.
    pub period: Period,
    /// Whether the person may have no other mapping in this connection meanwhile.
    pub person_exclusive: bool,
    /// Whether the CRM user may have no other mapping meanwhile.
    pub crm_user_exclusive: bool,
    /// How it came to be.
    pub origin: MappingOrigin,
    /// Why, where a proposal was accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What was known of both sides when the pair was last confirmed; `None` where that was not
    /// written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Box<Witness>>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// Grows by one with every change.
    pub version: u64,
}

impl Mapping {
    /// Whether the two cannot stand beside each other: same connection, a common moment, and a
    /// side that both share although one of them claims it alone.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self.connection_id == other.connection_id
            && self.period.overlaps(&other.period)
            && ((self.person_id == other.person_id
                && self.person_exclusive
                && other.person_exclusive)
                || (self.crm_user_id == other.crm_user_id
                    && self.crm_user_exclusive
                    && other.crm_user_exclusive))
    }
}
