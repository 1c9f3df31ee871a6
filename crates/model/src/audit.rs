//! The audit chain: one per organization, one entry per change set, run or access event.
//!
//! An entry's hash covers the salted digest of its details, not the details themselves, so that
//! erasing a person's details (and the salt) leaves the chain whole.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AccountId, Timestamp};

/// What happened, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the service itself.
    pub account_id: Option<AccountId>,
    /// What, a stable word such as `change_set.applied` or `account.signed_in`.
    pub action: String,
    /// To which thing, in words; never holds a secret.
    pub details: String,
    /// 16 random bytes, without which the details cannot be guessed from their digest.
    pub salt: [u8; 16],
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place, from 1, without gaps.
    pub sequence: u64,
    /// What happened.
    pub event: AuditEvent,
    /// SHA-256 over sequence, instant, action, actor, digest and the hash before.
    pub hash: [u8; 32],
}

/// The end of a chain: sequence and hash of its last entry. An empty chain ends in zeros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChainEnd {
    /// The last sequence; 0 when there is none.
    pub sequence: u64,
    /// The last hash.
    pub hash: [u8; 32],
}

impl ChainEnd {
    /// The entry that `event` makes behind this end.
    pub fn append(&self, event: AuditEvent) -> AuditEntry {
        let sequence = self.sequence + 1;
        let hash = hash(&self.hash, sequence, &event);
        AuditEntry {
            sequence,
            event,
            hash,
        }
    }

    /// Whether `entry` really stands behind this end.
    pub fn is_followed_by(&self, entry: &AuditEntry) -> bool {
        entry.sequence == self.sequence + 1
            && entry.hash == hash(&self.hash, entry.sequence, &entry.event)
    }
}

impl From<&AuditEntry> for ChainEnd {
    fn from(entry: &AuditEntry) -> Self {
        Self {
            sequence: entry.sequence,
            hash: entry.hash,
        }
    }
}

fn hash(before: &[u8; 32], sequence: u64, event: &AuditEvent) -> [u8; 32] {
    let details = Sha256::new()
        .chain_update(event.salt)
        .chain_update(event.details.as_bytes())
        .finalize();
    let actor = event
        .account_id
        .map_or([0; 16], |id| *id.as_uuid().as_bytes());
    let action_length = u64::try_from(event.action.len()).unwrap_or(u64::MAX);
    Sha256::new()
        .chain_update(before)
        .chain_update(sequence.to_be_bytes())
        .chain_update(event.at.as_micros().to_be_bytes())
        .chain_update(actor)
        .chain_update(action_length.to_be_bytes())
        .chain_update(event.action.as_bytes())
        .chain_update(details)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(details: &str) -> AuditEvent {
        AuditEvent {
            at: Timestamp::from_micros(1),
            account_id: None,
            action: "change_set.applied".into(),
            details: details.into(),
            salt: [7; 16],
        }
    }

    #[test]
    fn a_changed_entry_breaks_the_chain() {
        let first = ChainEnd::default().append(event("one"));
        let second = ChainEnd::from(&first).append(event("two"));
        assert!(ChainEnd::default().is_followed_by(&first));
        assert!(ChainEnd::from(&first).is_followed_by(&second));
        let mut forged = second.clone();
        forged.event.details = "three".into();
        assert!(!ChainEnd::from(&first).is_followed_by(&forged));
    }
}
