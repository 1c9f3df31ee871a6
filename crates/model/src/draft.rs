//! Drafts: edits that are not applied yet.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ConnectionId, CrmUserId, MappingId, PersonId, Timestamp};

/// What somebody wants for a person in a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "want")]
pub enum DraftEdit {
    /// To be mapped to this CRM user, instead of whoever it is mapped to now.
    Map {
        /// To whom.
        crm_user_id: CrmUserId,
        /// Whether the matcher suggested the pair.
        accepted: bool,
    },
    /// To be mapped to nobody: the mapping was wrong.
    Unmap,
    /// To be recorded as having no account there.
    NoAccount {
        /// Why.
        reason: Option<String>,
        /// Until when; [`Timestamp::FOREVER`] for good.
        expires_at: Timestamp,
    },
    /// To forget that there is no account.
    HasAccount,
    /// To record that the suggested CRM user is somebody else.
    Reject {
        /// Who it is not.
        crm_user_id: CrmUserId,
    },
}

/// One cell of an account's draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Whose draft.
    pub account_id: AccountId,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// For whom.
    pub person_id: PersonId,
    /// What is wanted.
    pub edit: DraftEdit,
    /// The mapping that stood there when the edit was made, with its version: the edit is stale
    /// when another stands there now.
    pub based_on: Option<(MappingId, u64)>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
