//! Accounts and members.

use counterpart_model::{Account, AccountId, Code, Membership, Role, folding};
use secrecy::SecretString;

use super::{Actor, passwords};
use crate::{Error, Result, Service};

impl Service {
    /// Makes an account and gives it a role in the actor's organization. Owners only.
    pub async fn create_account(
        &self,
        actor: &Actor,
        email: &str,
        password: SecretString,
        role: Role,
    ) -> Result<Account> {
        actor.require(Role::Owner)?;
        let account = self.new_account(email, password).await?;
        if !self.store().create_account(&account).await? {
            return Err(account_exists(email));
        }
        self.add_member(actor, account.id, role).await?;
        Ok(account)
    }

    /// Gives the account of an address a role in the actor's organization. Owners only.
    pub async fn invite_account(&self, actor: &Actor, email: &str, role: Role) -> Result<Account> {
        actor.require(Role::Owner)?;
        let account = self.account_by_email(email).await?;
        self.add_member(actor, account.id, role).await?;
        Ok(account)
    }

    /// Sets the password of one of the organization's members and ends its sessions. Owners only.
    pub async fn set_password(
        &self,
        actor: &Actor,
        email: &str,
        password: SecretString,
    ) -> Result<()> {
        actor.require(Role::Owner)?;
        let account = self.account_by_email(email).await?;
        let members = self.store().list_members(actor.organization()).await?;
        if !members.iter().any(|(member, _)| member.id == account.id) {
            return Err(unknown_account(email));
        }
        let hash = passwords::hash(password, self.entropy()).await?;
        self.store().set_password(account.id, &hash).await?;
        let event = self.audit_event(actor.account(), "account.password_set", email);
        self.audit(actor.organization(), event).await
    }

    /// The members of the actor's organization, by address.
    pub async fn list_members(&self, actor: &Actor) -> Result<Vec<(Account, Membership)>> {
        Ok(self.store().list_members(actor.organization()).await?)
    }

    pub(super) async fn new_account(&self, email: &str, password: SecretString) -> Result<Account> {
        let email = email.trim();
        if folding::fold_email(email).is_none() {
            return Err(Error::field(
                Code::AccountInvalid,
                "email",
                format!("`{email}` is not an e-mail address; write it like ann@example.com"),
            ));
        }
        Ok(Account {
            id: AccountId::generate(self.clock(), self.entropy()),
            email: email.to_owned(),
            password_hash: passwords::hash(password, self.entropy()).await?,
            created_at: self.now(),
        })
    }

    async fn add_member(&self, actor: &Actor, account: AccountId, role: Role) -> Result<()> {
        self.store()
            .put_membership(&Membership {
                organization_id: actor.organization(),
                account_id: account,
                role,
                person_id: None,
            })
            .await?;
        let event = self.audit_event(
            actor.account(),
            "member.added",
            format!("{account} as {role}"),
        );
        self.audit(actor.organization(), event).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Account> {
        self.store()
            .find_account_by_email(email)
            .await?
            .ok_or_else(|| unknown_account(email))
    }
}

pub(super) fn account_exists(email: &str) -> Error {
    Error::field(
        Code::AccountExists,
        "email",
        format!("{email} has an account already"),
    )
}

fn unknown_account(email: &str) -> Error {
    Error::field(
        Code::AccountInvalid,
        "email",
        format!("{email} has no account here"),
    )
}
