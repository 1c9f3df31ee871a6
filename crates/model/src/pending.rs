//! Change sets that wait for a second person.

use serde::{Deserialize, Serialize};

use crate::{AccountId, ChangeLine, ChangeSetOrigin, Timestamp, TokenId};

/// How long a change set waits for a second person before it expires, in seconds: two weeks, so
/// that a holiday of a small team does not decide about it, and what is approved was wanted lately.
pub const WAITING_SECONDS: i64 = 14 * 24 * 60 * 60;

/// What has become of a change set that waits, or waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    /// It waits.
    Open,
    /// A second person approved it, and it was applied.
    Approved,
    /// A second person rejected it.
    Rejected,
    /// Its maker took it back.
    Withdrawn,
    /// Nobody decided in time.
    Expired,
}

impl PendingState {
    /// Every state, in the order in which they are listed.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// Its name in databases and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// Who stands behind a change set, or decided about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The account; with a token, the one that made the token. `None` for whoever works at the
    /// machine itself, and for tokens made there.
    pub account_id: Option<AccountId>,
    /// The token, when it came by one.
    pub token_id: Option<TokenId>,
}

impl Author {
    /// Whether both are the same person, as far as can be told: a token is whoever made it.
    pub fn is_same_person_as(&self, other: &Self) -> bool {
        self.account_id == other.account_id
    }

    /// The account that a change set is booked on: none for a token, which has a name of its own.
    pub fn own_account(&self) -> Option<AccountId> {
        self.account_id.filter(|_| self.token_id.is_none())
    }
}

/// A change set that is to wait for a second person.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPending {
    /// Who wants it.
    pub maker: Author,
    /// Where it came from.
    pub origin: ChangeSetOrigin,
    /// Why, in the maker's words.
    pub reason: Option<String>,
    /// What is to change, with what stood there when it was wanted; never empty.
    pub lines: Vec<ChangeLine>,
    /// The change set that it is to undo.
    pub undoes: Option<u64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// A change set that waits for a second person, or waited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChangeSet {
    /// Its number among the organization's, from 1, without gaps. Not the number that the change
    /// set has once it is applied.
    pub number: u64,
    /// Who wants it.
    pub maker: Author,
    /// Where it came from.
    pub origin: ChangeSetOrigin,
    /// Why.
    pub reason: Option<String>,
    /// The change set that it is to undo.
    pub undoes: Option<u64>,
    /// How many lines it has.
    pub line_count: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
    /// What has become of it.
    pub state: PendingState,
    /// How it was decided; `None` while it waits.
    pub ending: Option<PendingEnding>,
}

impl PendingChangeSet {
    /// Whether somebody can still decide about it at `now`.
    pub fn waits_at(&self, now: Timestamp) -> bool {
        self.state == PendingState::Open && now < self.expires_at
    }
}

/// How it was decided about a change set that waited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingEnding {
    /// Who decided; `None` when nobody did in time.
    pub by: Option<Author>,
    /// When.
    pub at: Timestamp,
    /// Why, in the words of whoever decided.
    pub reason: Option<String>,
    /// The change set that it became, when it was approved.
    pub change_set: Option<u64>,
}

impl PendingEnding {
    /// What the change set that came of pending change set `pending` keeps of it; `None` when
    /// nobody decided.
    pub fn approval_of(&self, pending: u64) -> Option<Approval> {
        self.by.map(|by| Approval { pending, by })
    }
}

/// That a second person approved a change set before it was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The number under which it waited.
    pub pending: u64,
    /// Who approved it; see [`Author`].
    pub by: Author,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_is_the_person_who_made_it() {
        let account_id = Some(AccountId::from(Uuid::from_u128(1)));
        let token_id = Some(TokenId::from(Uuid::from_u128(2)));
        let [person, token] = [None, token_id].map(|token_id| Author {
            account_id,
            token_id,
        });
        assert!(person.is_same_person_as(&token));
        assert_eq!(person.own_account(), account_id);
        assert_eq!(token.own_account(), None);
    }

    #[test]
    fn a_change_set_waits_until_its_time_is_over() {
        let at = Timestamp::from_micros(1_000_000);
        let nobody = Author {
            account_id: None,
            token_id: None,
        };
        let pending = PendingChangeSet {
            number: 1,
            maker: nobody,
            origin: ChangeSetOrigin::Cli,
            reason: None,
            undoes: None,
            line_count: 1,
            created_at: at,
            expires_at: at.plus_seconds(WAITING_SECONDS),
            state: PendingState::Open,
            ending: None,
        };
        assert!(pending.waits_at(at));
        assert!(!pending.waits_at(pending.expires_at));
    }
}
