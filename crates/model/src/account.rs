//! Who signs in: accounts, memberships, sessions, tokens, roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AccountId, OrganizationId, PersonId, Timestamp, TokenId};

/// What an account may do in an organization. Each role includes those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything, changes nothing.
    Viewer,
    /// Maps, adds people, connects CRMs.
    Admin,
    /// Also manages accounts, tokens and the organization itself.
    Owner,
}

impl Role {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Admin, Self::Owner];

    /// Its name in files, URLs and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role; choose owner, admin or viewer")]
pub struct ParseRoleError(pub String);

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(text: &str) -> Result<Self, ParseRoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| ParseRoleError(text.to_owned()))
    }
}

/// Somebody who signs in to the portal, over all organizations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address it signs in with, as it was typed.
    pub email: String,
    /// The password's hash in PHC format (argon2id).
    #[serde(skip_serializing)]
    pub password_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An account's role in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The account.
    pub account_id: AccountId,
    /// What it may do there.
    pub role: Role,
    /// The person this account is, if it is one.
    pub person_id: Option<PersonId>,
}

/// A signed-in browser. Only the hash of its cookie is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's value.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub account_id: AccountId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A token for the API, bound to one organization. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// SHA-256 of the token.
    #[serde(skip)]
    pub token_hash: [u8; 32],
    /// The organization it opens.
    pub organization_id: OrganizationId,
    /// What it may do there.
    pub role: Role,
    /// What it is for, in its maker's words.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whose account made it; `None` when it was made at the machine itself.
    pub created_by: Option<AccountId>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}
