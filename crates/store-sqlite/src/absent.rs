//! Users whom a run's list did not bring: who they are, and those who were found one by one.

use std::collections::HashSet;

use counterpart_model::{
    CrmUserId, CrmUserProfile, OrganizationId, Run, RunId, RunState, Timestamp,
};
use rusqlite::{Connection, params};

use crate::fault::{self, Fault};
use crate::query::{all, exists, key};
use crate::runs::{find, get, is_usable, put, stage_users};

/// Stages users who were read by their id behind a run's last page.
pub(crate) fn stage_looked_up(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    users: &[(CrmUserId, CrmUserProfile)],
) -> fault::Result<Run> {
    let mut run = get(db, organization, id, &[RunState::Pulling])?;
    if !run.pulled {
        return Err(Fault::misuse("the last page of the run is not staged"));
    }
    let mut left_out = Vec::with_capacity(users.len());
    // Of one who comes twice the last word counts.
    let mut seen = HashSet::new();
    for user in users.iter().rev().filter(|user| seen.insert(&user.0)) {
        let sql = "SELECT 1 FROM staged_user \
            WHERE organization_id = ? AND run_id = ? AND crm_user_id = ?";
        if !exists(db, sql, params![key(organization), key(id), user.0.0])? {
            left_out.push(user.clone());
        }
    }
    let new = stage_users(db, organization, id, &left_out)?;
    run.report.read += new.len() as u64;
    run.report.looked_up += new.len() as u64;
    run.report.found += new.iter().filter(|state| is_usable(**state)).count() as u64;
    put(db, organization, &run)?;
    Ok(run)
}

/// Who is usable, known, and did not come.
pub(crate) fn list_absent(
    db: &Connection,
    organization: OrganizationId,
    id: RunId,
    gone_before: Timestamp,
    limit: u32,
) -> fault::Result<Vec<CrmUserId>> {
    let Some(run) = find(db, organization, id)? else {
        return Ok(Vec::new());
    };
    let sql = "SELECT known.crm_user_id FROM crm_user AS known \
        WHERE known.organization_id = ?1 AND known.connection_id = ?2 AND known.usable \
        AND known.gone_since IS NULL \
        AND (known.missing_since IS NULL OR known.missing_since <= ?3) \
        AND NOT EXISTS (SELECT 1 FROM staged_user AS staged \
        WHERE staged.organization_id = ?1 AND staged.run_id = ?4 \
        AND staged.crm_user_id = known.crm_user_id) \
        ORDER BY known.crm_user_id LIMIT ?5";
    let values = params![
        key(organization),
        key(run.connection_id),
        gone_before.as_micros(),
        key(id),
        limit
    ];
    all(db, sql, values, |row| Ok(CrmUserId(row.get(0)?)))
}
