//! The steps of a run that is being pulled: begun or taken over, and page after page staged.

use std::collections::HashSet;

use counterpart_model::{
    CrmUserId, CrmUserProfile, CrmUserState, OrganizationId, Run, RunId, RunMode, RunReport,
};
use counterpart_store::Result;
use counterpart_store::runs::{Begun, NewRun, UserPage};

use crate::params::params;
use crate::runs::{drop_staged, run_of};
use crate::sql::{self, LONGEST_SORT_KEY, ReadRow as _, indexable, to_json};
use crate::transaction::Transaction;

/// Whether somebody can work with an account in this state.
fn is_usable(state: CrmUserState) -> bool {
    matches!(state, CrmUserState::Active | CrmUserState::Invited)
}

/// Takes over the run that is under way, if its worker is dead.
pub(crate) async fn resume(
    transaction: &Transaction,
    organization: OrganizationId,
    run: Run,
    new: &NewRun,
) -> Result<Begun> {
    if run.lease_until > new.now {
        return Ok(Begun::Busy(run));
    }
    let row = sql::get(
        transaction,
        "UPDATE run SET lease_until = $3 WHERE organization_id = $1 AND run_id = $2 RETURNING *",
        &params![organization, run.id, new.lease_until],
    )
    .await?;
    Ok(Begun::Resumed(run_of(&row)?))
}

/// Begins a run where none is under way, and rejects those that a brake held.
pub(crate) async fn start(
    transaction: &Transaction,
    organization: OrganizationId,
    new: &NewRun,
) -> Result<Begun> {
    let rejected = sql::query(
        transaction,
        "UPDATE run SET state = 'rejected', finished_at = $3
         WHERE organization_id = $1 AND connection_id = $2 AND state = 'held'
         RETURNING run_id",
        &params![organization, new.connection_id, new.now],
    )
    .await?;
    for row in &rejected {
        drop_staged(transaction, organization, row.read("run_id")?).await?;
    }
    let since = match new.mode {
        RunMode::Full => None,
        RunMode::Changed { since } => Some(since),
    };
    let row = sql::get(
        transaction,
        "INSERT INTO run
            (organization_id, run_id, connection_id, mode, since, state, started_at, pages,
             pulled, measured, lost, report, lease_until)
         VALUES ($1, $2, $3, $4, $5, 'pulling', $6, 0, false, false, 0, $7, $8)
         RETURNING *",
        &params![
            organization,
            new.id,
            new.connection_id,
            new.mode.as_str(),
            since,
            new.now,
            to_json(&RunReport::default())?,
            new.lease_until,
        ],
    )
    .await?;
    Ok(Begun::Started(run_of(&row)?))
}

/// Keeps the users of a page, each in place of one that came before.
pub(crate) async fn stage(
    transaction: &Transaction,
    organization: OrganizationId,
    page: &UserPage,
) -> Result<()> {
    stage_users(transaction, organization, page.run_id, &page.users).await
}

/// Keeps users who were read by their id behind a run's last page.
pub(crate) async fn stage_looked_up(
    transaction: &Transaction,
    organization: OrganizationId,
    run: &Run,
    users: &[(CrmUserId, CrmUserProfile)],
) -> Result<Run> {
    let ids: Vec<_> = users.iter().map(|(id, _)| id).collect();
    let staged: HashSet<CrmUserId> = sql::query(
        transaction,
        "SELECT crm_user_id FROM staged_user
         WHERE organization_id = $1 AND run_id = $2 AND crm_user_id = ANY($3)",
        &params![organization, run.id, ids],
    )
    .await?
    .iter()
    .map(|row| row.read("crm_user_id"))
    .collect::<Result<_>>()?;
    // Of one who comes twice the last word counts.
    let mut seen = HashSet::new();
    let new: Vec<_> = users
        .iter()
        .rev()
        .filter(|(id, _)| !staged.contains(id) && seen.insert(id))
        .cloned()
        .collect();
    stage_users(transaction, organization, run.id, &new).await?;
    let usable = new.iter().filter(|(_, user)| is_usable(user.state)).count();
    let report = RunReport {
        read: run.report.read + new.len() as u64,
        looked_up: run.report.looked_up + new.len() as u64,
        found: run.report.found + usable as u64,
        ..run.report
    };
    let row = sql::get(
        transaction,
        "UPDATE run SET report = $3 WHERE organization_id = $1 AND run_id = $2 RETURNING *",
        &params![organization, run.id, to_json(&report)?],
    )
    .await?;
    run_of(&row)
}

async fn stage_users(
    transaction: &Transaction,
    organization: OrganizationId,
    run: RunId,
    users: &[(CrmUserId, CrmUserProfile)],
) -> Result<()> {
    let mut last_words: Vec<&(CrmUserId, CrmUserProfile)> = Vec::with_capacity(users.len());
    let mut seen = HashSet::new();
    for user in users.iter().rev() {
        if seen.insert(&user.0) {
            last_words.push(user);
        }
    }
    let (mut ids, mut keys, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut profiles, mut usable, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (id, profile) in last_words {
        ids.push(id);
        keys.push(indexable(profile.sort_key(), LONGEST_SORT_KEY));
        texts.push(indexable(profile.search_text(id), usize::MAX));
        profiles.push(to_json(profile)?);
        usable.push(is_usable(profile.state));
        kinds.push(profile.kind.as_str());
    }
    sql::execute(
        transaction,
        "INSERT INTO staged_user
            (organization_id, run_id, crm_user_id, sort_key, search_text, profile, usable, kind)
         SELECT $1, $2, page.*
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[])
            AS page
         ON CONFLICT (organization_id, run_id, crm_user_id) DO UPDATE SET
            sort_key = excluded.sort_key, search_text = excluded.search_text,
            profile = excluded.profile, usable = excluded.usable, kind = excluded.kind",
        &params![organization, run, ids, keys, texts, profiles, usable, kinds],
    )
    .await?;
    Ok(())
}

/// Moves a run's cursor behind a page that was staged.
pub(crate) async fn turn_page(
    transaction: &Transaction,
    organization: OrganizationId,
    run: Run,
    page: &UserPage,
) -> Result<Run> {
    let staged = sql::get(
        transaction,
        "SELECT count(*) AS n FROM staged_user WHERE organization_id = $1 AND run_id = $2",
        &params![organization, run.id],
    )
    .await?;
    let report = RunReport {
        read: staged.read("n")?,
        failed: run.report.failed + page.failed,
        ..run.report
    };
    let row = sql::get(
        transaction,
        "UPDATE run SET
            pages = $3, cursor = $4, pulled = $4::text IS NULL, expected = coalesce($5, expected),
            report = $6, lease_until = $7
         WHERE organization_id = $1 AND run_id = $2
         RETURNING *",
        &params![
            organization,
            run.id,
            page.number,
            page.next.as_deref(),
            page.expected,
            to_json(&report)?,
            page.lease_until,
        ],
    )
    .await?;
    run_of(&row)
}
