//! Accounts, sessions, tokens: who gets in. These are global.

use async_trait::async_trait;
use counterpart_model::{
    Account, AccountId, ApiToken, Membership, Organization, OrganizationId, Role, Session,
    Timestamp, TokenId,
};

use crate::Result;

/// Accounts, sessions, tokens.
#[async_trait]
pub trait Accounts {
    /// Adds an account. `false` when another has the same folded address
    /// ([`counterpart_model::folding::fold_email`]); nothing is written then.
    async fn create_account(&self, account: &Account) -> Result<bool>;

    /// The account of an id.
    async fn find_account(&self, id: AccountId) -> Result<Option<Account>>;

    /// The account that signs in with an address, without regard to case.
    async fn find_account_by_email(&self, email: &str) -> Result<Option<Account>>;

    /// Replaces an account's password hash and ends all its sessions.
    async fn set_password(&self, id: AccountId, password_hash: &str) -> Result<()>;

    /// How many accounts there are.
    async fn count_accounts(&self) -> Result<u64>;

    /// Gives an account a role in an organization, or another role.
    async fn put_membership(&self, membership: &Membership) -> Result<()>;

    /// The organizations an account belongs to, by name.
    async fn memberships_of(&self, account: AccountId) -> Result<Vec<(Organization, Role)>>;

    /// The members of an organization, by address.
    async fn list_members(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Account, Membership)>>;

    /// Keeps a session.
    async fn put_session(&self, session: &Session) -> Result<()>;

    /// The session of a cookie's hash, unless it has ended.
    async fn find_session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>>;

    /// Ends a session; one that has ended already is no error.
    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()>;

    /// Removes the sessions, set-up links and sign-in failures that no longer matter at `now`.
    async fn forget_expired(&self, now: Timestamp) -> Result<()>;

    /// Keeps a token.
    async fn put_token(&self, token: &ApiToken) -> Result<()>;

    /// The token of a hash, unless it is revoked.
    async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<ApiToken>>;

    /// The tokens of an organization, newest first, revoked ones included.
    async fn list_tokens(&self, organization: OrganizationId) -> Result<Vec<ApiToken>>;

    /// Revokes a token. `false` when the organization has no such token that is still valid.
    async fn revoke_token(
        &self,
        organization: OrganizationId,
        id: TokenId,
        at: Timestamp,
    ) -> Result<bool>;

    /// Notes a failed sign-in under `key` (an address, or where it came from).
    async fn note_sign_in_failure(&self, key: &str, at: Timestamp) -> Result<()>;

    /// How many sign-ins failed under `key` since `since`, and when the last one did.
    async fn sign_in_failures(
        &self,
        key: &str,
        since: Timestamp,
    ) -> Result<(u64, Option<Timestamp>)>;

    /// Forgets the failures under `key`.
    async fn clear_sign_in_failures(&self, key: &str) -> Result<()>;

    /// Keeps the hash of a one-time set-up link, in place of any earlier one.
    async fn put_setup_link(&self, hash: &[u8; 32], expires_at: Timestamp) -> Result<()>;

    /// Whether a set-up link would be accepted now.
    async fn is_setup_link(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool>;
}
