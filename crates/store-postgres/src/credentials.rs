//! What lets accounts in: sessions, tokens, set-up links, and the count of what failed.

use async_trait::async_trait;
use counterpart_model::{
    Account, AccountId, ApiToken, Membership, Organization, OrganizationId, Role, Session,
    Timestamp, TokenId,
};
use counterpart_store::{Accounts, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, accounts};

/// How long failed sign-ins are remembered, in seconds: longer than any throttle looks back.
const FAILURES_MATTER: i64 = 24 * 60 * 60;

#[async_trait]
impl Accounts for PostgresStore {
    async fn create_account(&self, account: &Account) -> Result<bool> {
        accounts::insert_account(&*self.client().await?, account).await
    }

    async fn find_account(&self, id: AccountId) -> Result<Option<Account>> {
        self.account_by_id(id).await
    }

    async fn find_account_by_email(&self, email: &str) -> Result<Option<Account>> {
        self.account_by_email(email).await
    }

    async fn set_password(&self, id: AccountId, password_hash: &str) -> Result<()> {
        self.replace_password(id, password_hash).await
    }

    async fn count_accounts(&self) -> Result<u64> {
        self.number_of_accounts().await
    }

    async fn put_membership(&self, membership: &Membership) -> Result<()> {
        accounts::upsert_membership(&*self.client().await?, membership).await
    }

    async fn memberships_of(&self, account: AccountId) -> Result<Vec<(Organization, Role)>> {
        self.organizations_of(account).await
    }

    async fn list_members(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Account, Membership)>> {
        self.members_of(organization).await
    }

    async fn put_session(&self, session: &Session) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "INSERT INTO session (token_hash, account_id, created_at, expires_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (token_hash) DO UPDATE SET
                account_id = excluded.account_id,
                created_at = excluded.created_at,
                expires_at = excluded.expires_at",
            &params![
                &session.token_hash,
                session.account_id,
                session.created_at,
                session.expires_at,
            ],
        )
        .await?;
        Ok(())
    }

    async fn find_session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>> {
        let row = sql::find(
            &*self.client().await?,
            "SELECT * FROM session WHERE token_hash = $1 AND expires_at > $2",
            &params![hash, now],
        )
        .await?;
        row.map(|row| {
            Ok(Session {
                token_hash: row.read("token_hash")?,
                account_id: row.read("account_id")?,
                created_at: row.read("created_at")?,
                expires_at: row.read("expires_at")?,
            })
        })
        .transpose()
    }

    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()> {
        let delete = "DELETE FROM session WHERE token_hash = $1";
        sql::execute(&*self.client().await?, delete, &params![hash]).await?;
        Ok(())
    }

    async fn forget_expired(&self, now: Timestamp) -> Result<()> {
        let client = self.client().await?;
        let past = "DELETE FROM session WHERE expires_at <= $1";
        sql::execute(&client, past, &params![now]).await?;
        let past = "DELETE FROM setup_link WHERE expires_at <= $1";
        sql::execute(&client, past, &params![now]).await?;
        let past = "DELETE FROM sign_in_failure WHERE at < $1";
        sql::execute(&client, past, &params![now.plus_seconds(-FAILURES_MATTER)]).await?;
        Ok(())
    }

    async fn put_token(&self, token: &ApiToken) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "INSERT INTO api_token
                (token_hash, token_id, organization_id, role, name, created_at, revoked_at,
                 created_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &params![
                &token.token_hash,
                token.id,
                token.organization_id,
                token.role.as_str(),
                token.name.as_str(),
                token.created_at,
                token.revoked_at,
                token.created_by,
            ],
        )
        .await?;
        Ok(())
    }

    async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<ApiToken>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM api_token WHERE token_hash = $1 AND revoked_at IS NULL",
            &params![hash],
        )
        .await?
        .as_ref()
        .map(token_of)
        .transpose()
    }

    async fn list_tokens(&self, organization: OrganizationId) -> Result<Vec<ApiToken>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM api_token WHERE organization_id = $1
             ORDER BY created_at DESC, token_id DESC",
            &params![organization],
        )
        .await?
        .iter()
        .map(token_of)
        .collect()
    }

    async fn revoke_token(
        &self,
        organization: OrganizationId,
        id: TokenId,
        at: Timestamp,
    ) -> Result<bool> {
        let revoked = sql::execute(
            &*self.client().await?,
            "UPDATE api_token SET revoked_at = $3
             WHERE organization_id = $1 AND token_id = $2 AND revoked_at IS NULL",
            &params![organization, id, at],
        )
        .await?;
        Ok(revoked > 0)
    }

    async fn note_sign_in_failure(&self, key: &str, at: Timestamp) -> Result<()> {
        sql::execute(
            &*self.client().await?,
            "INSERT INTO sign_in_failure (key, at, n) VALUES ($1, $2, 1)
             ON CONFLICT (key, at) DO UPDATE SET n = sign_in_failure.n + 1",
            &params![key, at],
        )
        .await?;
        Ok(())
    }

    async fn sign_in_failures(
        &self,
        key: &str,
        since: Timestamp,
    ) -> Result<(u64, Option<Timestamp>)> {
        let row = sql::get(
            &*self.client().await?,
            "SELECT coalesce(sum(n), 0)::bigint AS failures, max(at) AS last
             FROM sign_in_failure WHERE key = $1 AND at >= $2",
            &params![key, since],
        )
        .await?;
        Ok((row.read("failures")?, row.read("last")?))
    }

    async fn clear_sign_in_failures(&self, key: &str) -> Result<()> {
        let delete = "DELETE FROM sign_in_failure WHERE key = $1";
        sql::execute(&*self.client().await?, delete, &params![key]).await?;
        Ok(())
    }

    async fn put_setup_link(&self, hash: &[u8; 32], expires_at: Timestamp) -> Result<()> {
        let transaction = self.transaction().await?;
        sql::execute(&transaction, "DELETE FROM setup_link", &[]).await?;
        sql::execute(
            &transaction,
            "INSERT INTO setup_link (link_hash, expires_at) VALUES ($1, $2)
             ON CONFLICT (link_hash) DO UPDATE SET expires_at = excluded.expires_at",
            &params![hash, expires_at],
        )
        .await?;
        transaction.commit().await
    }

    async fn is_setup_link(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        let link = sql::find(
            &*self.client().await?,
            "SELECT FROM setup_link WHERE link_hash = $1 AND expires_at > $2",
            &params![hash, now],
        )
        .await?;
        Ok(link.is_some())
    }
}

fn token_of(row: &Row) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.read("token_id")?,
        token_hash: row.read("token_hash")?,
        organization_id: row.read("organization_id")?,
        role: row.word("role")?,
        name: row.read("name")?,
        created_at: row.read("created_at")?,
        revoked_at: row.read("revoked_at")?,
        created_by: row.read("created_by")?,
    })
}
