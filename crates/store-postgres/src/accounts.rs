//! Accounts and memberships. What lets them in is in [`crate::credentials`].

use counterpart_model::folding::fold_email;
use counterpart_model::{Account, AccountId, Membership, Organization, OrganizationId, Role};
use counterpart_store::{Result, StoreError};
use tokio_postgres::{Client, Row};

use crate::PostgresStore;
use crate::organizations::organization_of;
use crate::params::params;
use crate::sql::{self, ReadRow as _};

pub(crate) fn account_of(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.read("account_id")?,
        email: row.read("email")?,
        password_hash: row.read("password_hash")?,
        created_at: row.read("created_at")?,
    })
}

/// Adds an account unless its address is taken.
pub(crate) async fn insert_account(client: &Client, account: &Account) -> Result<bool> {
    let key = fold_email(&account.email)
        .ok_or_else(|| StoreError::Misuse("an account's address is no e-mail address".into()))?;
    let inserted = sql::execute(
        client,
        "INSERT INTO account (account_id, email, email_key, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email_key) DO NOTHING",
        &params![
            account.id,
            account.email.as_str(),
            key,
            account.password_hash.as_str(),
            account.created_at,
        ],
    )
    .await?;
    Ok(inserted == 1)
}

/// Gives an account a role in an organization, or another role.
pub(crate) async fn upsert_membership(client: &Client, membership: &Membership) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO membership (organization_id, account_id, role, person_id)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id, account_id)
         DO UPDATE SET role = excluded.role, person_id = excluded.person_id",
        &params![
            membership.organization_id,
            membership.account_id,
            membership.role.as_str(),
            membership.person_id,
        ],
    )
    .await?;
    Ok(())
}

impl PostgresStore {
    pub(crate) async fn account_by_id(&self, id: AccountId) -> Result<Option<Account>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM account WHERE account_id = $1",
            &params![id],
        )
        .await?
        .as_ref()
        .map(account_of)
        .transpose()
    }

    pub(crate) async fn account_by_email(&self, email: &str) -> Result<Option<Account>> {
        let Some(key) = fold_email(email) else {
            return Ok(None);
        };
        sql::find(
            &*self.client().await?,
            "SELECT * FROM account WHERE email_key = $1",
            &params![key],
        )
        .await?
        .as_ref()
        .map(account_of)
        .transpose()
    }

    pub(crate) async fn replace_password(&self, id: AccountId, hash: &str) -> Result<()> {
        let transaction = self.transaction().await?;
        sql::execute(
            &transaction,
            "UPDATE account SET password_hash = $2 WHERE account_id = $1",
            &params![id, hash],
        )
        .await?;
        sql::execute(
            &transaction,
            "DELETE FROM session WHERE account_id = $1",
            &params![id],
        )
        .await?;
        transaction.commit().await
    }

    pub(crate) async fn number_of_accounts(&self) -> Result<u64> {
        sql::get(
            &*self.client().await?,
            "SELECT count(*) AS n FROM account",
            &[],
        )
        .await?
        .read("n")
    }

    pub(crate) async fn organizations_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<(Organization, Role)>> {
        sql::query(
            &*self.client().await?,
            "SELECT organization.*, membership.role
             FROM membership JOIN organization USING (organization_id)
             WHERE membership.account_id = $1
             ORDER BY organization.name_key",
            &params![account],
        )
        .await?
        .iter()
        .map(|row| Ok((organization_of(row)?, row.word("role")?)))
        .collect()
    }

    pub(crate) async fn members_of(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Account, Membership)>> {
        sql::query(
            &*self.client().await?,
            "SELECT account.*, membership.organization_id, membership.role, membership.person_id
             FROM membership JOIN account USING (account_id)
             WHERE membership.organization_id = $1
             ORDER BY account.email_key",
            &params![organization],
        )
        .await?
        .iter()
        .map(|row| {
            let account = account_of(row)?;
            let membership = Membership {
                organization_id: row.read("organization_id")?,
                account_id: account.id,
                role: row.word("role")?,
                person_id: row.read("person_id")?,
            };
            Ok((account, membership))
        })
        .collect()
    }
}
