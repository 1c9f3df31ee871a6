//! The lines of a change set against the tables.

use counterpart_model::{
    ChangeLine, Decision, Identity, Mapping, MatchingSettings, OrganizationId, Person, PersonId,
    Subject,
};
use counterpart_store::ApplyError;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::fault::{Fault, Result};
use crate::query::{execute, exists, first, key, number};
use crate::{rows, standings};

/// Whether what a line's maker saw before stands there: the same version, or nothing.
pub(crate) fn stands(
    db: &Connection,
    organization: OrganizationId,
    line: &ChangeLine,
) -> Result<bool> {
    let version = |sql: &str, id: Option<Uuid>| {
        let id = id.unwrap_or_default();
        first(db, sql, [key(organization), key(id)], |row| {
            rows::count(row, 0)
        })
    };
    Ok(match line {
        ChangeLine::Person { before, after } => {
            let id = before
                .as_ref()
                .or(after.as_ref())
                .map(|person| person.id.into());
            let sql = "SELECT version FROM person WHERE organization_id = ? AND person_id = ?";
            version(sql, id)? == before.as_ref().map(|before| before.version)
        }
        ChangeLine::Mapping { before, after } => {
            let id = before
                .as_ref()
                .or(after.as_ref())
                .map(|mapping| mapping.id.into());
            let sql = "SELECT version FROM mapping WHERE organization_id = ? AND mapping_id = ?";
            version(sql, id)? == before.as_ref().map(|before| before.version)
        }
        ChangeLine::Decision { before, after } => {
            let id = before
                .as_ref()
                .or(after.as_ref())
                .map(|decision| decision.id.into());
            let sql = "SELECT version FROM decision \
                WHERE organization_id = ? AND decision_id = ?";
            version(sql, id)? == before.as_ref().map(|before| before.version)
        }
        ChangeLine::MatchingSettings { before, .. } => {
            let id = line.subject().map(Subject::id);
            let sql = "SELECT version FROM matching_settings \
                WHERE organization_id = ? AND matching_settings_id = ?";
            version(sql, id)? == before.as_ref().map(|before| before.version)
        }
        // Identities have no version: they are compared as a whole.
        ChangeLine::Identity { before, after } => {
            let id = before
                .as_ref()
                .or(after.as_ref())
                .map(|identity| identity.id.into());
            let id: Uuid = id.unwrap_or_default();
            let sql = format!(
                "SELECT {} FROM identity WHERE organization_id = ? AND identity_id = ?",
                rows::IDENTITY
            );
            let standing = first(db, &sql, [key(organization), key(id)], rows::identity)?;
            standing.as_ref() == before.as_deref()
        }
    })
}

/// Takes away what stands before, whoever refers to others first. People who stay are left, but
/// without their external ids, which others may get.
pub(crate) fn take_away(
    db: &Connection,
    organization: OrganizationId,
    lines: &[ChangeLine],
) -> Result<()> {
    let organization_key = key(organization);
    let delete = |sql: &str, id: Uuid| execute(db, sql, [organization_key, key(id)]).map(drop);
    for line in lines {
        match line {
            ChangeLine::Mapping {
                before: Some(before),
                ..
            } => {
                let sql = "DELETE FROM mapping WHERE organization_id = ? AND mapping_id = ?";
                delete(sql, before.id.into())?;
            }
            ChangeLine::Decision {
                before: Some(before),
                ..
            } => {
                let sql = "DELETE FROM decision WHERE organization_id = ? AND decision_id = ?";
                delete(sql, before.id.into())?;
            }
            ChangeLine::MatchingSettings {
                before: Some(before),
                ..
            } => {
                let sql = "DELETE FROM matching_settings \
                    WHERE organization_id = ? AND matching_settings_id = ?";
                delete(sql, Subject::MatchingSettings(before.connection_id).id())?;
            }
            ChangeLine::Identity {
                before: Some(before),
                ..
            } => {
                let sql = "DELETE FROM identity WHERE organization_id = ? AND identity_id = ?";
                delete(sql, before.id.into())?;
            }
            _ => {}
        }
    }
    for (ordinal, line) in lines.iter().enumerate() {
        match line {
            ChangeLine::Person {
                before: Some(before),
                after: None,
            } => {
                remove_person(db, organization, before.id, ordinal)?;
            }
            ChangeLine::Person {
                before: Some(before),
                ..
            } => {
                let sql = "UPDATE person SET external_id = NULL \
                    WHERE organization_id = ? AND person_id = ? AND external_id IS NOT NULL";
                delete(sql, before.id.into())?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes a person to whom nothing refers any more. Proposals, situations and drafts go along.
fn remove_person(
    db: &Connection,
    organization: OrganizationId,
    id: PersonId,
    line: usize,
) -> Result<()> {
    let ids = [key(organization), key(id)];
    for sql in [
        "SELECT 1 FROM mapping WHERE organization_id = ? AND person_id = ?",
        "SELECT 1 FROM identity WHERE organization_id = ? AND person_id = ?",
        "SELECT 1 FROM decision WHERE organization_id = ? AND person_id = ?",
    ] {
        if exists(db, sql, ids)? {
            return Err(ApplyError::Stale { line }.into());
        }
    }
    let sql = "UPDATE membership SET person_id = NULL \
        WHERE organization_id = ? AND person_id = ?";
    execute(db, sql, ids)?;
    standings::forget(db, organization, id)?;
    let sql = "DELETE FROM person WHERE organization_id = ? AND person_id = ?";
    execute(db, sql, ids)?;
    Ok(())
}

/// Puts what stands after there, whoever is referred to first.
pub(crate) fn put_there(
    db: &Connection,
    organization: OrganizationId,
    lines: &[ChangeLine],
) -> Result<()> {
    for line in lines {
        if let ChangeLine::Person {
            before,
            after: Some(after),
        } = line
        {
            put_person(db, organization, after, before.is_none())?;
        }
    }
    for (ordinal, line) in lines.iter().enumerate() {
        if let ChangeLine::Identity {
            after: Some(after), ..
        } = line
        {
            or_stale(put_identity(db, organization, after), ordinal)?;
        }
    }
    for (ordinal, line) in lines.iter().enumerate() {
        match line {
            ChangeLine::Mapping {
                after: Some(after), ..
            } => {
                or_stale(put_mapping(db, organization, after), ordinal)?;
            }
            ChangeLine::Decision {
                after: Some(after), ..
            } => {
                or_stale(put_decision(db, organization, after), ordinal)?;
            }
            ChangeLine::MatchingSettings {
                after: Some(after), ..
            } => {
                or_stale(put_matching_settings(db, organization, after), ordinal)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the schema refuses after all checks refers to something that is no longer there, or that
/// the line's maker did not see.
fn or_stale(put: Result<()>, line: usize) -> Result<()> {
    match put {
        Err(fault) if fault.is_constraint() => Err(ApplyError::Stale { line }.into()),
        other => other,
    }
}

fn put_person(
    db: &Connection,
    organization: OrganizationId,
    person: &Person,
    new: bool,
) -> Result<()> {
    if let Some(external_id) = &person.external_id {
        let sql = format!(
            "SELECT {} FROM person \
             WHERE organization_id = ? AND external_id = ? AND person_id <> ?",
            rows::PERSON
        );
        let values = params![key(organization), external_id, key(person.id)];
        if let Some(standing) = first(db, &sql, values, rows::person)? {
            return Err(Fault::from(ApplyError::ExternalIdTaken {
                wanted: Box::new(person.clone()),
                standing: Box::new(standing),
            }));
        }
    }
    let put = if new { insert_person } else { update_person };
    put(db, organization, person)?;
    put_emails(db, organization, person, new)
}

/// Writes the addresses by which a person is looked up.
fn put_emails(
    db: &Connection,
    organization: OrganizationId,
    person: &Person,
    new: bool,
) -> Result<()> {
    let (organization, id) = (key(organization), key(person.id));
    if !new {
        let sql = "DELETE FROM person_email WHERE organization_id = ? AND person_id = ?";
        execute(db, sql, [organization, id])?;
    }
    for email in person.email_keys() {
        let sql =
            "INSERT INTO person_email (organization_id, email_key, person_id) VALUES (?, ?, ?)";
        execute(db, sql, params![organization, email, id])?;
    }
    Ok(())
}

fn insert_person(db: &Connection, organization: OrganizationId, person: &Person) -> Result<()> {
    let sql = "INSERT INTO person (organization_id, person_id, external_id, sort_key, \
        search_text, search_id, profile, active, created_at, version, department_key) \
        VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(search_id), 0) + 1 FROM person), \
        ?, ?, ?, ?, ?)";
    let values = params![
        key(organization),
        key(person.id),
        person.external_id,
        person.sort_key(),
        person.search_text(&[]),
        serde_json::to_string(&person.profile)?,
        person.active,
        person.created_at.as_micros(),
        number(person.version),
        person.department_key()
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// Writes everything but the search text, which takes the identities too: see `apply`.
fn update_person(db: &Connection, organization: OrganizationId, person: &Person) -> Result<()> {
    let sql = "UPDATE person SET external_id = ?, sort_key = ?, profile = ?, active = ?, \
        created_at = ?, version = ?, department_key = ? \
        WHERE organization_id = ? AND person_id = ?";
    let values = params![
        person.external_id,
        person.sort_key(),
        serde_json::to_string(&person.profile)?,
        person.active,
        person.created_at.as_micros(),
        number(person.version),
        person.department_key(),
        key(organization),
        key(person.id)
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn put_identity(db: &Connection, organization: OrganizationId, identity: &Identity) -> Result<()> {
    let sql = format!(
        "SELECT {} FROM identity WHERE organization_id = ? AND kind = ? AND value = ? \
         AND connection_id = ? AND valid_from < ? AND valid_to > ?",
        rows::IDENTITY
    );
    let (organization, connection) = (key(organization), key(identity.connection_id));
    let (from, to) = (
        identity.period.from().as_micros(),
        identity.period.to().as_micros(),
    );
    let kind = identity.kind.as_str();
    let values = params![organization, kind, identity.value, connection, to, from];
    if let Some(standing) = first(db, &sql, values, rows::identity)? {
        return Err(Fault::from(ApplyError::IdentityTaken {
            wanted: Box::new(identity.clone()),
            standing: Box::new(standing),
        }));
    }
    let sql = "INSERT INTO identity (organization_id, identity_id, person_id, connection_id, \
        kind, value, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        organization,
        key(identity.id),
        key(identity.person_id),
        connection,
        kind,
        identity.value,
        from,
        to
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn put_mapping(db: &Connection, organization: OrganizationId, mapping: &Mapping) -> Result<()> {
    if let Some(standing) = clashing(db, organization, mapping)? {
        return Err(Fault::from(ApplyError::Overlap {
            wanted: Box::new(mapping.clone()),
            standing: Box::new(standing),
        }));
    }
    let sql = "INSERT INTO mapping (organization_id, mapping_id, connection_id, person_id, \
        crm_user_id, valid_from, valid_to, person_exclusive, crm_user_exclusive, origin, \
        evidence, created_at, version, witness) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let witness = mapping.witness.as_ref().map(serde_json::to_string);
    let values = params![
        key(organization),
        key(mapping.id),
        key(mapping.connection_id),
        key(mapping.person_id),
        mapping.crm_user_id.0,
        mapping.period.from().as_micros(),
        mapping.period.to().as_micros(),
        mapping.person_exclusive,
        mapping.crm_user_exclusive,
        mapping.origin.as_str(),
        serde_json::to_string(&mapping.evidence)?,
        mapping.created_at.as_micros(),
        number(mapping.version),
        witness.transpose()?
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// A mapping that cannot stand beside `mapping`: see [`Mapping::clashes_with`].
fn clashing(
    db: &Connection,
    organization: OrganizationId,
    mapping: &Mapping,
) -> Result<Option<Mapping>> {
    let find = |side: &str, value: &dyn rusqlite::ToSql| {
        let sql = format!(
            "SELECT {} FROM mapping WHERE organization_id = ? AND connection_id = ? \
             AND {side}_id = ? AND {side}_exclusive AND valid_from < ? AND valid_to > ? \
             ORDER BY valid_from LIMIT 1",
            rows::MAPPING
        );
        let (from, to) = (mapping.period.from(), mapping.period.to());
        let values = params![
            key(organization),
            key(mapping.connection_id),
            value,
            to.as_micros(),
            from.as_micros()
        ];
        first(db, &sql, values, rows::mapping)
    };
    if mapping.person_exclusive
        && let Some(standing) = find("person", &key(mapping.person_id))?
    {
        return Ok(Some(standing));
    }
    if mapping.crm_user_exclusive {
        return find("crm_user", &mapping.crm_user_id.0);
    }
    Ok(None)
}

fn put_decision(db: &Connection, organization: OrganizationId, decision: &Decision) -> Result<()> {
    let sql = "INSERT INTO decision (organization_id, decision_id, connection_id, kind, \
        person_id, crm_user_id, reason, expires_at, created_at, version) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        key(organization),
        key(decision.id),
        key(decision.connection_id),
        decision.kind.as_str(),
        decision.kind.person_id().map(key),
        decision.kind.crm_user_id().map(|id| &id.0),
        decision.reason,
        decision.expires_at.as_micros(),
        decision.created_at.as_micros(),
        number(decision.version)
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn put_matching_settings(
    db: &Connection,
    organization: OrganizationId,
    settings: &MatchingSettings,
) -> Result<()> {
    let sql = "INSERT INTO matching_settings (organization_id, matching_settings_id, \
        connection_id, rules, version) VALUES (?, ?, ?, ?, ?)";
    let values = params![
        key(organization),
        key(Subject::MatchingSettings(settings.connection_id).id()),
        settings.connection_id.map(key),
        serde_json::to_string(&settings.rules)?,
        number(settings.version)
    ];
    execute(db, sql, values)?;
    Ok(())
}
