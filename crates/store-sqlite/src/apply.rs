//! Applying a change set: check everything that stands there, take it away, put the new there.

use std::collections::{BTreeSet, HashSet};

use counterpart_model::{
    ChangeLine, ChangeSet, NewChangeSet, NewEvent, OrganizationId, PersonId, Subject, Timestamp,
};
use counterpart_store::ApplyError;
use rusqlite::{Connection, params};

use crate::fault::{Fault, Result};
use crate::query::{all, execute, first, key, number};
use crate::{events, lines, people, rows, standings};

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
    let people = people::touched(&new.lines);
    let before = people::count_some(db, organization, &people)?;
    lines::take_away(db, organization, &new.lines)?;
    lines::put_there(db, organization, &new.lines)?;
    let after = people::count_some(db, organization, &people)?;
    people::keep_count(db, organization, before, after)?;
    refresh_search(db, organization, &new.lines)?;
    let set = keep(db, organization, &new, now)?;
    let told = NewEvent::of_change_set(set.number, &new.lines);
    events::append(db, organization, &told, now)?;
    Ok(set)
}

/// Which thing a line changes. A line changes one thing: it names it before, after or both.
fn subject(line: &ChangeLine) -> Result<Subject> {
    let one = line
        .subject()
        .ok_or_else(|| Fault::misuse("a line of a change set changes nothing"))?;
    let (before, after) = line.clone().into_sides();
    match (before, after) {
        (Some(before), Some(after)) if before.subject() != after.subject() => Err(Fault::misuse(
            "a line of a change set turns one thing into another",
        )),
        _ => Ok(one),
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
            ChangeLine::MatchingSettings { before, after } => {
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
            | ChangeLine::Decision { .. }
            | ChangeLine::MatchingSettings { .. } => {}
        }
    }
    touched
        .iter()
        .try_for_each(|person| refresh_search_of(db, organization, *person))?;
    standings::renew_shown_texts(db, organization, &touched)
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
        undone_by: None,
        approval: None,
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
    let sql = "INSERT INTO change_line (organization_id, number, ordinal, entity, subject, line) \
        VALUES (?, ?, ?, ?, ?, ?)";
    for (ordinal, line) in (0_i64..).zip(&new.lines) {
        let subject = subject(line)?;
        let values = params![
            id,
            number(set.number),
            ordinal,
            subject.entity(),
            key(subject.id()),
            serde_json::to_string(line)?
        ];
        execute(db, sql, values)?;
    }
    let sql = "INSERT INTO change_about (organization_id, person_id, number) VALUES (?, ?, ?)";
    for person in concerned(&new.lines) {
        execute(db, sql, params![id, key(person), number(set.number)])?;
    }
    mark_undone(db, id, set.undoes)?;
    Ok(set)
}

/// The people whom lines are about.
fn concerned(lines: &[ChangeLine]) -> BTreeSet<PersonId> {
    lines.iter().flat_map(ChangeLine::people).collect()
}

/// Keeps who undoes whom: a change set is undone by the newest one that undoes it and is not
/// undone itself, so that undoing an undo brings the first one back.
fn mark_undone(db: &Connection, organization: [u8; 16], undone: Option<u64>) -> Result<()> {
    let sql = "UPDATE change_set SET undone_by = ( \
            SELECT max(undo.number) FROM change_set AS undo \
            WHERE undo.organization_id = ?1 AND undo.undoes = ?2 AND undo.undone_by IS NULL) \
        WHERE organization_id = ?1 AND number = ?2 RETURNING undoes";
    let mut next = undone;
    while let Some(of) = next {
        let undoes = first(db, sql, params![organization, number(of)], |row| {
            let undoes: Option<i64> = row.get(0)?;
            Ok(undoes.and_then(|number| u64::try_from(number).ok()))
        })?;
        next =
            undoes.ok_or_else(|| Fault::misuse(format!("there is no change set {of} to undo")))?;
    }
    Ok(())
}
