//! Signing in and out.

use counterpart_model::{
    Account, AccountId, ChangeSetOrigin, Code, Organization, OrganizationId, Role, Session,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Actor, hash_of, passwords, random_text};
use crate::{Error, Result, Service};

/// How long a session lasts, in seconds.
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// An account that has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// The value of the session's cookie. Only its hash is kept.
    pub cookie: SecretString,
}

impl Service {
    /// Signs an account in. `place` tells where the attempt comes from, usually a network
    /// address; too many failures of one account or place make it wait.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        place: &str,
    ) -> Result<SignedIn> {
        self.throttle(email, place).await?;
        let account = self.store().find_account_by_email(email).await?;
        let hash = account
            .as_ref()
            .map(|account| account.password_hash.clone());
        let fits = passwords::verify(password, hash).await?;
        let Some(account) = account.filter(|_| fits) else {
            self.note_failure(email, place).await?;
            return Err(Error::new(
                Code::AuthWrongCredentials,
                Code::AuthWrongCredentials.title(),
            ));
        };
        self.forget_failures(email).await?;
        for (organization, _) in self.store().memberships_of(account.id).await? {
            let event = self.audit_event(Some(account.id), "account.signed_in", place);
            self.audit(organization.id, event).await?;
        }
        self.open_session(account).await
    }

    /// Opens a session for an account that has proved who it is.
    pub(super) async fn open_session(&self, account: Account) -> Result<SignedIn> {
        let cookie = random_text(self.entropy());
        let now = self.now();
        self.store().forget_expired(now).await?;
        self.store()
            .put_session(&Session {
                token_hash: hash_of(&cookie),
                account_id: account.id,
                created_at: now,
                expires_at: now.plus_seconds(SESSION_SECONDS),
            })
            .await?;
        Ok(SignedIn {
            account,
            cookie: cookie.into(),
        })
    }

    /// The account behind a session's cookie, if the session lasts.
    pub async fn account_of(&self, cookie: &SecretString) -> Result<Option<Account>> {
        let hash = hash_of(cookie.expose_secret());
        let Some(session) = self.store().find_session(&hash, self.now()).await? else {
            return Ok(None);
        };
        Ok(self.store().find_account(session.account_id).await?)
    }

    /// Ends the session of a cookie.
    pub async fn sign_out(&self, cookie: &SecretString) -> Result<()> {
        Ok(self
            .store()
            .delete_session(&hash_of(cookie.expose_secret()))
            .await?)
    }

    /// The organizations an account belongs to, by name, with its role in each.
    pub async fn organizations_of(&self, account: AccountId) -> Result<Vec<(Organization, Role)>> {
        Ok(self.store().memberships_of(account).await?)
    }

    /// The account as an actor in one of its organizations. An organization it does not belong
    /// to does not exist for it.
    pub async fn enter(
        &self,
        account: AccountId,
        organization: OrganizationId,
        origin: ChangeSetOrigin,
    ) -> Result<(Actor, Organization)> {
        self.store()
            .memberships_of(account)
            .await?
            .into_iter()
            .find(|(member_of, _)| member_of.id == organization)
            .map(|(member_of, role)| {
                (
                    Actor {
                        organization,
                        account: Some(account),
                        token: None,
                        role,
                        origin,
                    },
                    member_of,
                )
            })
            .ok_or_else(|| {
                Error::new(
                    Code::OrganizationNotFound,
                    format!("you are not a member of an organization {organization}"),
                )
            })
    }
}
