//! Two CRM users of one person that seem to be two human beings.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, CrmUserId, PersonId, Timestamp};

/// A person is mapped in two connections to CRM users whose own evidence disagrees: at least one
/// of the two mappings is likely wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inconsistency {
    /// Who is mapped to both.
    pub person_id: PersonId,
    /// In which connection one of them is: the one whose id comes first.
    pub connection_id: ConnectionId,
    /// The user there.
    pub crm_user_id: CrmUserId,
    /// In which connection the other is.
    pub other_connection_id: ConnectionId,
    /// The user there.
    pub other_user_id: CrmUserId,
    /// Since when it is known.
    pub since: Timestamp,
    /// What disagrees, in words.
    pub detail: String,
}

impl Inconsistency {
    /// Whether it is about a CRM user.
    pub fn is_about(&self, connection: ConnectionId, user: &CrmUserId) -> bool {
        (self.connection_id == connection && self.crm_user_id == *user)
            || (self.other_connection_id == connection && self.other_user_id == *user)
    }

    /// Whether one of both stands in a connection.
    pub fn is_in(&self, connection: ConnectionId) -> bool {
        self.connection_id == connection || self.other_connection_id == connection
    }
}
