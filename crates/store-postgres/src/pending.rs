//! Change sets that wait for a second person.

use async_trait::async_trait;
use counterpart_model::{
    Author, ChangeLine, NewPending, OrganizationId, Page, PageRequest, PendingChangeSet,
    PendingEnding, PendingState,
};
use counterpart_store::{Pendings, Result, StoreError};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::{PostgresStore, cursor};

fn pending_of(row: &Row) -> Result<PendingChangeSet> {
    Ok(PendingChangeSet {
        number: row.read("number")?,
        maker: Author {
            account_id: row.read("account_id")?,
            token_id: row.read("token_id")?,
        },
        origin: row.word("origin")?,
        reason: row.read("reason")?,
        undoes: row.read("undoes")?,
        line_count: row.read("line_count")?,
        created_at: row.read("created_at")?,
        expires_at: row.read("expires_at")?,
        state: row.word("state")?,
        ending: row.json_opt("ending")?,
    })
}

/// Keeps a change set under the organization's next number. Two at once are not possible: there
/// is one unit of work at a time.
pub(crate) async fn keep(
    client: &Client,
    organization: OrganizationId,
    new: &NewPending,
) -> Result<PendingChangeSet> {
    if new.lines.is_empty() {
        return Err(StoreError::Misuse("a change set has no lines".into()));
    }
    let row = sql::get(
        client,
        "INSERT INTO pending_change_set
            (organization_id, number, account_id, token_id, origin, reason, undoes, line_count,
             created_at, expires_at, state)
         VALUES ($1,
            (SELECT coalesce(max(number), 0) + 1 FROM pending_change_set
             WHERE organization_id = $1),
            $2, $3, $4, $5, $6, $7, $8, $9, $10)
         RETURNING *",
        &params![
            organization,
            new.maker.account_id,
            new.maker.token_id,
            new.origin.as_str(),
            new.reason.as_deref(),
            new.undoes,
            new.lines.len() as u64,
            new.created_at,
            new.expires_at,
            PendingState::Open.as_str(),
        ],
    )
    .await?;
    let kept = pending_of(&row)?;
    let ordinals: Vec<u64> = (0..).take(new.lines.len()).collect();
    let lines = new.lines.iter().map(to_json).collect::<Result<Vec<_>>>()?;
    sql::execute(
        client,
        "INSERT INTO pending_change_line (organization_id, number, ordinal, line)
         SELECT $1, $2, line.* FROM unnest($3::bigint[], $4::text[]) AS line",
        &params![organization, kept.number, ordinals, lines],
    )
    .await?;
    Ok(kept)
}

/// Ends one that waits; `false` when it does not wait any more.
pub(crate) async fn end(
    client: &Client,
    organization: OrganizationId,
    number: u64,
    state: PendingState,
    ending: &PendingEnding,
) -> Result<bool> {
    let ended = sql::execute(
        client,
        "UPDATE pending_change_set SET state = $3, ending = $4
         WHERE organization_id = $1 AND number = $2 AND state = 'open'",
        &params![organization, number, state.as_str(), to_json(ending)?],
    )
    .await?;
    if ended == 0 {
        return Ok(false);
    }
    if let Some((applied, approval)) = ending.change_set.zip(ending.approval_of(number)) {
        let approved = sql::execute(
            client,
            "UPDATE change_set SET approval = $3 WHERE organization_id = $1 AND number = $2",
            &params![organization, applied, to_json(&approval)?],
        )
        .await?;
        if approved == 0 {
            let what = format!("there is no change set {applied}");
            return Err(StoreError::Misuse(what));
        }
    }
    Ok(true)
}

#[async_trait]
impl Pendings for PostgresStore {
    async fn find_pending(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Option<PendingChangeSet>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM pending_change_set WHERE organization_id = $1 AND number = $2",
            &params![organization, number],
        )
        .await?
        .as_ref()
        .map(pending_of)
        .transpose()
    }

    async fn list_pending(
        &self,
        organization: OrganizationId,
        state: Option<PendingState>,
        page: &PageRequest,
    ) -> Result<Page<PendingChangeSet>> {
        let before: Option<u64> = cursor::after(page)?;
        let pending = sql::query(
            &*self.client().await?,
            "SELECT * FROM pending_change_set
             WHERE organization_id = $1 AND ($2::text IS NULL OR state = $2)
                AND ($3::bigint IS NULL OR number < $3)
             ORDER BY number DESC LIMIT $4",
            &params![
                organization,
                state.map(PendingState::as_str),
                before,
                cursor::limit(page)
            ],
        )
        .await?
        .iter()
        .map(pending_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, pending, |pending| pending.number)
    }

    async fn count_pending(
        &self,
        organization: OrganizationId,
        state: PendingState,
    ) -> Result<u64> {
        let row = sql::get(
            &*self.client().await?,
            "SELECT count(*) AS count FROM pending_change_set
             WHERE organization_id = $1 AND state = $2",
            &params![organization, state.as_str()],
        )
        .await?;
        row.read("count")
    }

    async fn list_pending_lines(
        &self,
        organization: OrganizationId,
        number: u64,
        page: &PageRequest,
    ) -> Result<Page<ChangeLine>> {
        let after: Option<u64> = cursor::after(page)?;
        let rows = sql::query(
            &*self.client().await?,
            "SELECT ordinal, line FROM pending_change_line
             WHERE organization_id = $1 AND number = $2 AND ($3::bigint IS NULL OR ordinal > $3)
             ORDER BY ordinal LIMIT $4",
            &params![organization, number, after, cursor::limit(page)],
        )
        .await?;
        let lines = rows
            .iter()
            .map(|row| Ok((row.read::<u64>("ordinal")?, row.json("line")?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(cursor::page(page, lines, |(ordinal, _)| *ordinal)?.map(|(_, line)| line))
    }
}
