//! Applying a change set: check everything that stands there, take it away, put the new there.

use std::collections::{BTreeSet, HashSet};

use counterpart_model::{
    ChangeLine, ChangeSet, NewChangeSet, NewEvent, OrganizationId, PersonId, Timestamp,
};
use counterpart_store::ApplyError;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::fault::{Fault, Result};
use crate::query::{all, execute, exists, first, key, number};
use crate::{events, lines, people, rows};

/// Applies a change set; its number is the organization's next.
pub(crate) fn apply(
    db: &Connection,
    organization: OrganizationId,
    mut new: NewChangeSet,
    now: Timestamp,
) -> Result<ChangeSet> {
    if new.lines.is_empty() {
        return Err(Fault::misuse("a change set has no lines"));
    }
    let mut changed = HashSet::new();
    for (ordinal, line) in new.lines.iter().enumerate() {
        if !changed.insert(subject(line)?) {
            return Err(ApplyError::Stale { line: ordinal }.into());
        }
        if !lines::stands(db, organization, line)? {
            return Err(ApplyError::Stale { line: ordinal }.into());
        }
    }
    set_versions(&mut new.lines);
    lines::take_away(db, organization, &new.lines)?;
    lines::put_there(db, organization, &new.lines)?;
    refresh_search(db, organization, &new.lines)?;
    let set = keep(db, organization, &new, now)?;
    let told = NewEvent::of_change_set(set.number, &new.lines);
    events::append(db, organization, &told, now)?;
    Ok(set)
}

/// Which thing a line changes. A line changes one thing: it names it before, after or both.
fn subject(line: &ChangeLine) -> Result<(&'static str, Uuid)> {
    let (entity, before, after): (_, Option<Uuid>, Option<Uuid>) = match line {
        ChangeLine::Person { before, after } => (
            "person",
            before.as_ref().map(|person| person.id.into()),
            after.as_ref().map(|person| person.id.into()),
        ),
        ChangeLine::Identity { before, after } => (
            "identity",
            before.as_ref().map(|identity| identity.id.into()),
            after.as_ref().map(|identity| identity.id.into()),
        ),
        ChangeLine::Mapping { before, after } => (
            "mapping",
            before.as_ref().map(|mapping| mapping.id.into()),
            after.as_ref().map(|mapping| mapping.id.into()),
        ),
        ChangeLine::Decision { before, after } => (
            "decision",
            before.as_ref().map(|decision| decision.id.into()),
            after.as_ref().map(|decision| decision.id.into()),
        ),
    };
    match (before, after) {
        (None, None) => Err(Fault::misuse("a line of a change set changes nothing")),
        (Some(before), Some(after)) if before != after => Err(Fault::misuse(
            "a line of a change set turns one thing into another",
        )),
        (Some(id), _) | (None, Some(id)) => Ok((entity, id)),
    }
}

fn set_versions(lines: &mut [ChangeLine]) {
    for line in lines {
        match line {
            ChangeLine::Person { before, after } => {
                if let Some(after) = after {
                    after.version = before.as_ref().map_or(0, |before| before.version) + 1;
                }
            }
            ChangeLine::Mapping { before, after } => {
                if let Some(after) = after {
                    after.version = before.as_ref().map_or(0, |before| before.version) + 1;
                }
            }
            ChangeLine::Decision { before, after } => {
                if let Some(after) = after {
                    after.version = before.as_ref().map_or(0, |before| before.version) + 1;
                }
            }
            ChangeLine::Identity { .. } => {}
        }
    }
}

/// Writes the search texts of the people whose profile or identities changed. New people have
/// theirs already, unless they came with identities.
fn refresh_search(
    db: &Connection,
    organization: OrganizationId,
    lines: &[ChangeLine],
) -> Result<()> {
    let mut touched = BTreeSet::new();
    for line in lines {
        match line {
            ChangeLine::Person {
                before: Some(_),
                after: Some(after),
            } => {
                touched.insert(after.id);
            }
            ChangeLine::Identity { before, after } => {
                touched.extend(
                    before
                        .iter()
                        .chain(after)
                        .map(|identity| identity.person_id),
                );
            }
            ChangeLine::Person { .. }
            | ChangeLine::Mapping { .. }
            | ChangeLine::Decision { .. } => {}
        }
    }
    touched
        .into_iter()
        .try_for_each(|person| refresh_search_of(db, organization, person))
}

fn refresh_search_of(db: &Connection, organization: OrganizationId, id: PersonId) -> Result<()> {
    let Some(person) = people::find(db, organization, id)? else {
        return Ok(());
    };
    let sql = format!(
        "SELECT {} FROM identity WHERE organization_id = ? AND person_id = ? \
         ORDER BY kind, valid_from, identity_id",
        rows::IDENTITY
    );
    let ids = [key(organization), key(id)];
    let identities = all(db, &sql, ids, rows::identity)?;
    let sql = "UPDATE person SET search_text = ? WHERE organization_id = ? AND person_id = ?";
    execute(
        db,
        sql,
        params![person.search_text(&identities), ids[0], ids[1]],
    )?;
    Ok(())
}

/// Numbers the change set and keeps it with its lines.
fn keep(
    db: &Connection,
    organization: OrganizationId,
    new: &NewChangeSet,
    now: Timestamp,
) -> Result<ChangeSet> {
    let id = key(organization);
    if let Some(undone) = new.undoes {
        let sql = "SELECT 1 FROM change_set WHERE organization_id = ? AND number = ?";
        if !exists(db, sql, params![id, number(undone)])? {
            return Err(Fault::misuse(format!(
                "there is no change set {undone} to undo"
            )));
        }
    }
    let sql = "UPDATE organization_head SET change_set_number = change_set_number + 1 \
        WHERE organization_id = ? RETURNING change_set_number";
    let next = first(db, sql, [id], |row| rows::count(row, 0))?;
    let set = ChangeSet {
        number: next.ok_or_else(|| Fault::misuse("the organization does not exist"))?,
        account_id: new.account_id,
        origin: new.origin,
        reason: new.reason.clone(),
        applied_at: now,
        undoes: new.undoes,
        line_count: u64::try_from(new.lines.len()).unwrap_or(u64::MAX),
    };
    let sql = "INSERT INTO change_set (organization_id, number, account_id, origin, reason, \
        applied_at, undoes, line_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        id,
        number(set.number),
        set.account_id.map(key),
        set.origin.as_str(),
        set.reason,
        set.applied_at.as_micros(),
        set.undoes.map(number),
        number(set.line_count)
    ];
    execute(db, sql, values)?;
    let sql = "INSERT INTO change_line (organization_id, number, ordinal, entity, line) \
        VALUES (?, ?, ?, ?, ?)";
    for (ordinal, line) in (0_i64..).zip(&new.lines) {
        let (entity, _) = subject(line)?;
        let text = serde_json::to_string(line)?;
        execute(
            db,
            sql,
            params![id, number(set.number), ordinal, entity, text],
        )?;
    }
    Ok(set)
}
