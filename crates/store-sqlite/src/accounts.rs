//! Accounts, memberships, sessions, tokens, failures and set-up links.

use async_trait::async_trait;
use counterpart_model::folding::fold_email;
use counterpart_model::{
    Account, AccountId, ApiToken, Membership, Organization, OrganizationId, Role, Session,
    Timestamp, TokenId,
};
use counterpart_store::{Accounts, Result};
use rusqlite::{Connection, params};

use crate::query::{all, execute, execute_one, exists, first, key};
use crate::rows::{self, maybe_time, time, word};
use crate::{SqliteStore, fault};

/// How long failed sign-ins are kept: longer than anything that throttles by them looks back.
const FAILURES_KEPT_SECONDS: i64 = 24 * 60 * 60;

/// Adds an account; `false` when its address is taken.
pub(crate) fn create(db: &Connection, account: &Account) -> fault::Result<bool> {
    let email_key = email_key(&account.email);
    let sql = "INSERT INTO account (account_id, email, email_key, password_hash, created_at) \
        VALUES (?, ?, ?, ?, ?) ON CONFLICT (email_key) DO NOTHING";
    let created = execute(
        db,
        sql,
        params![
            key(account.id),
            account.email,
            email_key,
            account.password_hash,
            account.created_at.as_micros()
        ],
    )?;
    Ok(created == 1)
}

/// Whether an address has an account.
pub(crate) fn is_taken(db: &Connection, email: &str) -> fault::Result<bool> {
    let sql = "SELECT 1 FROM account WHERE email_key = ?";
    exists(db, sql, [email_key(email)])
}

/// Gives an account a role.
pub(crate) fn put_membership(db: &Connection, membership: &Membership) -> fault::Result<()> {
    let organization = key(membership.organization_id);
    let person = membership.person_id.map(key);
    if person.is_some() {
        let sql = "SELECT 1 FROM person WHERE organization_id = ? AND person_id = ?";
        if !exists(db, sql, params![organization, person])? {
            return Err(fault::Fault::misuse(
                "the member's person does not exist here",
            ));
        }
    }
    let sql = "INSERT INTO membership (organization_id, account_id, role, person_id) \
        VALUES (?, ?, ?, ?) ON CONFLICT (organization_id, account_id) \
        DO UPDATE SET role = excluded.role, person_id = excluded.person_id";
    let account = key(membership.account_id);
    let role = membership.role.as_str();
    execute(db, sql, params![organization, account, role, person])?;
    Ok(())
}

/// What an address that is none is compared by: itself. It cannot clash with a folded one, which
/// has an `@` inside.
fn email_key(email: &str) -> String {
    fold_email(email).unwrap_or_else(|| email.to_owned())
}

#[async_trait]
impl Accounts for SqliteStore {
    async fn create_account(&self, account: &Account) -> Result<bool> {
        let account = account.clone();
        self.write(move |db| create(db, &account)).await
    }

    async fn find_account(&self, id: AccountId) -> Result<Option<Account>> {
        let sql = format!("SELECT {} FROM account WHERE account_id = ?", rows::ACCOUNT);
        self.read(move |db| first(db, &sql, [key(id)], rows::account))
            .await
    }

    async fn find_account_by_email(&self, email: &str) -> Result<Option<Account>> {
        let sql = format!("SELECT {} FROM account WHERE email_key = ?", rows::ACCOUNT);
        let email_key = email_key(email);
        self.read(move |db| first(db, &sql, [email_key], rows::account))
            .await
    }

    async fn set_password(&self, id: AccountId, password_hash: &str) -> Result<()> {
        let hash = password_hash.to_owned();
        self.write(move |db| {
            let sql = "UPDATE account SET password_hash = ? WHERE account_id = ?";
            execute_one(db, sql, &[&hash, &key(id)], "the account")?;
            execute(db, "DELETE FROM session WHERE account_id = ?", [key(id)])?;
            Ok(())
        })
        .await
    }

    async fn count_accounts(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM account";
        let counted = self.read(|db| first(db, sql, [], |row| rows::count(row, 0)));
        Ok(counted.await?.unwrap_or(0))
    }

    async fn put_membership(&self, membership: &Membership) -> Result<()> {
        let membership = membership.clone();
        self.write(move |db| put_membership(db, &membership)).await
    }

    async fn memberships_of(&self, account: AccountId) -> Result<Vec<(Organization, Role)>> {
        let sql = format!(
            "SELECT {}, membership.role FROM membership JOIN organization USING (organization_id) \
             WHERE membership.account_id = ? ORDER BY organization.name_key",
            rows::ORGANIZATION
        );
        self.read(move |db| {
            all(db, &sql, [key(account)], |row| {
                Ok((rows::organization(row)?, word(row, 8)?))
            })
        })
        .await
    }

    async fn list_members(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Account, Membership)>> {
        let sql = format!(
            "SELECT {}, membership.role, membership.person_id \
             FROM membership JOIN account USING (account_id) \
             WHERE membership.organization_id = ? ORDER BY account.email_key",
            rows::ACCOUNT
        );
        self.read(move |db| {
            all(db, &sql, [key(organization)], |row| {
                let account = rows::account(row)?;
                let membership = Membership {
                    organization_id: organization,
                    account_id: account.id,
                    role: word(row, 4)?,
                    person_id: rows::maybe_id(row, 5)?,
                };
                Ok((account, membership))
            })
        })
        .await
    }

    async fn put_session(&self, session: &Session) -> Result<()> {
        let session = session.clone();
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO session \
                (token_hash, account_id, created_at, expires_at) VALUES (?, ?, ?, ?)";
            let account = key(session.account_id);
            let created = session.created_at.as_micros();
            let expires = session.expires_at.as_micros();
            execute(
                db,
                sql,
                params![session.token_hash, account, created, expires],
            )?;
            Ok(())
        })
        .await
    }

    async fn find_session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>> {
        let hash = *hash;
        let sql = "SELECT account_id, created_at, expires_at FROM session \
            WHERE token_hash = ? AND expires_at > ?";
        self.read(move |db| {
            first(db, sql, params![hash, now.as_micros()], |row| {
                Ok(Session {
                    token_hash: hash,
                    account_id: rows::id(row, 0)?,
                    created_at: time(row, 1)?,
                    expires_at: time(row, 2)?,
                })
            })
        })
        .await
    }

    async fn delete_session(&self, hash: &[u8; 32]) -> Result<()> {
        let hash = *hash;
        self.write(move |db| {
            execute(db, "DELETE FROM session WHERE token_hash = ?", [hash])?;
            Ok(())
        })
        .await
    }

    async fn forget_expired(&self, now: Timestamp) -> Result<()> {
        self.write(move |db| {
            let ended = [now.as_micros()];
            execute(db, "DELETE FROM session WHERE expires_at <= ?", ended)?;
            execute(db, "DELETE FROM setup_link WHERE expires_at <= ?", ended)?;
            let old = [now.plus_seconds(-FAILURES_KEPT_SECONDS).as_micros()];
            execute(db, "DELETE FROM sign_in_failure WHERE at < ?", old)?;
            Ok(())
        })
        .await
    }

    async fn put_token(&self, token: &ApiToken) -> Result<()> {
        let token = token.clone();
        self.write(move |db| {
            let sql = format!(
                "INSERT INTO api_token ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows::TOKEN
            );
            let values = params![
                key(token.id),
                token.token_hash,
                key(token.organization_id),
                token.role.as_str(),
                token.name,
                token.created_at.as_micros(),
                token.revoked_at.map(Timestamp::as_micros),
                token.created_by.map(key)
            ];
            execute(db, &sql, values)?;
            Ok(())
        })
        .await
    }

    async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<ApiToken>> {
        let hash = *hash;
        let sql = format!(
            "SELECT {} FROM api_token WHERE token_hash = ? AND revoked_at IS NULL",
            rows::TOKEN
        );
        self.read(move |db| first(db, &sql, [hash], rows::token))
            .await
    }

    async fn list_tokens(&self, organization: OrganizationId) -> Result<Vec<ApiToken>> {
        let sql = format!(
            "SELECT {} FROM api_token WHERE organization_id = ? \
             ORDER BY created_at DESC, token_id DESC",
            rows::TOKEN
        );
        self.read(move |db| all(db, &sql, [key(organization)], rows::token))
            .await
    }

    async fn revoke_token(
        &self,
        organization: OrganizationId,
        id: TokenId,
        at: Timestamp,
    ) -> Result<bool> {
        self.write(move |db| {
            let sql = "UPDATE api_token SET revoked_at = ? \
                WHERE organization_id = ? AND token_id = ? AND revoked_at IS NULL";
            let values = params![at.as_micros(), key(organization), key(id)];
            Ok(execute(db, sql, values)? == 1)
        })
        .await
    }

    async fn note_sign_in_failure(&self, key: &str, at: Timestamp) -> Result<()> {
        let key = key.to_owned();
        self.write(move |db| {
            let sql = "INSERT INTO sign_in_failure (key, at, n) VALUES (?, ?, 1) \
                ON CONFLICT (key, at) DO UPDATE SET n = n + 1";
            execute(db, sql, params![key, at.as_micros()])?;
            Ok(())
        })
        .await
    }

    async fn sign_in_failures(
        &self,
        key: &str,
        since: Timestamp,
    ) -> Result<(u64, Option<Timestamp>)> {
        let key = key.to_owned();
        let sql = "SELECT coalesce(sum(n), 0), max(at) FROM sign_in_failure \
            WHERE key = ? AND at >= ?";
        let failures = self.read(move |db| {
            first(db, sql, params![key, since.as_micros()], |row| {
                Ok((rows::count(row, 0)?, maybe_time(row, 1)?))
            })
        });
        Ok(failures.await?.unwrap_or_default())
    }

    async fn clear_sign_in_failures(&self, key: &str) -> Result<()> {
        let key = key.to_owned();
        self.write(move |db| {
            execute(db, "DELETE FROM sign_in_failure WHERE key = ?", [key])?;
            Ok(())
        })
        .await
    }

    async fn put_setup_link(&self, hash: &[u8; 32], expires_at: Timestamp) -> Result<()> {
        let hash = *hash;
        self.write(move |db| {
            execute(db, "DELETE FROM setup_link", [])?;
            let sql = "INSERT INTO setup_link (link_hash, expires_at) VALUES (?, ?)";
            execute(db, sql, params![hash, expires_at.as_micros()])?;
            Ok(())
        })
        .await
    }

    async fn is_setup_link(&self, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        let hash = *hash;
        let sql = "SELECT 1 FROM setup_link WHERE link_hash = ? AND expires_at > ?";
        self.read(move |db| exists(db, sql, params![hash, now.as_micros()]))
            .await
    }
}
