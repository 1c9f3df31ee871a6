//! What stands now: things by id, about people, and in the way of others.

use counterpart_model::{Decision, Identity, Mapping, OrganizationId, PersonId, Subject, Thing};
use rusqlite::{Connection, Params, Row, params};

use crate::fault::Result;
use crate::query::{KEYS, all, first, key, keys};
use crate::rows;

/// A table, its columns, the column of its id, and how a row is read.
type Kind = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Row<'_>) -> Result<Thing>,
);

const PERSON: Kind = ("person", rows::PERSON, "person_id", person);
const IDENTITY: Kind = ("identity", rows::IDENTITY, "identity_id", identity);
const MAPPING: Kind = ("mapping", rows::MAPPING, "mapping_id", mapping);
const DECISION: Kind = ("decision", rows::DECISION, "decision_id", decision);
const MATCHING_SETTINGS: Kind = (
    "matching_settings",
    rows::MATCHING_SETTINGS,
    "matching_settings_id",
    matching_settings,
);

fn person(row: &Row<'_>) -> Result<Thing> {
    Ok(Thing::Person(Box::new(rows::person(row)?)))
}

fn identity(row: &Row<'_>) -> Result<Thing> {
    Ok(Thing::Identity(Box::new(rows::identity(row)?)))
}

fn mapping(row: &Row<'_>) -> Result<Thing> {
    Ok(Thing::Mapping(Box::new(rows::mapping(row)?)))
}

fn decision(row: &Row<'_>) -> Result<Thing> {
    Ok(Thing::Decision(Box::new(rows::decision(row)?)))
}

fn matching_settings(row: &Row<'_>) -> Result<Thing> {
    let settings = rows::matching_settings(row)?;
    Ok(Thing::MatchingSettings(Box::new(settings)))
}

/// The rows of an organization that fit.
fn fitting(
    db: &Connection,
    (table, columns, _, read): Kind,
    condition: &str,
    parameters: impl Params,
) -> Result<Vec<Thing>> {
    let sql = format!("SELECT {columns} FROM {table} WHERE organization_id = ? AND {condition}");
    all(db, &sql, parameters, read)
}

/// What stands now of some things.
pub(crate) fn standing(
    db: &Connection,
    organization: OrganizationId,
    subjects: &[Subject],
) -> Result<Vec<Thing>> {
    let mut found = Vec::new();
    for kind in [PERSON, IDENTITY, MAPPING, DECISION, MATCHING_SETTINGS] {
        let (table, _, id, _) = kind;
        let ids: Vec<_> = subjects
            .iter()
            .filter(|subject| subject.entity() == table)
            .map(|subject| subject.id())
            .collect();
        if !ids.is_empty() {
            let condition = format!("{id} IN {KEYS}");
            let values = params![key(organization), keys(&ids)];
            found.extend(fitting(db, kind, &condition, values)?);
        }
    }
    Ok(found)
}

/// The identities, mappings and decisions about some people.
pub(crate) fn about_people(
    db: &Connection,
    organization: OrganizationId,
    people: &[PersonId],
) -> Result<Vec<Thing>> {
    let people = keys(people);
    let condition = format!("person_id IN {KEYS}");
    let mut found = Vec::new();
    for kind in [IDENTITY, MAPPING, DECISION] {
        let values = params![key(organization), people];
        found.extend(fitting(db, kind, &condition, values)?);
    }
    Ok(found)
}

/// Everything that claims a place which one of `wanted` claims too.
pub(crate) fn rivals(
    db: &Connection,
    organization: OrganizationId,
    wanted: &[Thing],
) -> Result<Vec<Thing>> {
    let mut found = Vec::new();
    for thing in wanted {
        match thing {
            Thing::Person(person) => {
                if let Some(external_id) = &person.external_id {
                    let values = params![key(organization), external_id];
                    found.extend(fitting(db, PERSON, "external_id = ?", values)?);
                }
            }
            Thing::Identity(identity) => {
                found.extend(rivals_of_identity(db, organization, identity)?);
            }
            Thing::Mapping(mapping) => {
                found.extend(rivals_of_mapping(db, organization, mapping)?);
            }
            Thing::Decision(decision) => {
                found.extend(rivals_of_decision(db, organization, decision)?);
            }
            Thing::MatchingSettings(_) => {
                found.extend(standing(db, organization, &[thing.subject()])?);
            }
        }
    }
    Ok(found)
}

fn rivals_of_identity(
    db: &Connection,
    organization: OrganizationId,
    identity: &Identity,
) -> Result<Vec<Thing>> {
    let values = params![
        key(organization),
        identity.kind.as_str(),
        identity.value,
        key(identity.connection_id)
    ];
    let condition = "kind = ? AND value = ? AND connection_id = ?";
    fitting(db, IDENTITY, condition, values)
}

fn rivals_of_mapping(
    db: &Connection,
    organization: OrganizationId,
    mapping: &Mapping,
) -> Result<Vec<Thing>> {
    let (organization, connection) = (key(organization), key(mapping.connection_id));
    let values = params![organization, connection, key(mapping.person_id)];
    let mut found = fitting(db, MAPPING, "connection_id = ? AND person_id = ?", values)?;
    let values = params![organization, connection, mapping.crm_user_id.0];
    let condition = "connection_id = ? AND crm_user_id = ?";
    found.extend(fitting(db, MAPPING, condition, values)?);
    Ok(found)
}

fn rivals_of_decision(
    db: &Connection,
    organization: OrganizationId,
    decision: &Decision,
) -> Result<Vec<Thing>> {
    let values = params![
        key(organization),
        key(decision.connection_id),
        decision.kind.as_str(),
        decision.kind.person_id().map(key),
        decision.kind.crm_user_id().map(|id| &id.0)
    ];
    let condition = "connection_id = ? AND kind = ? AND person_id IS ? AND crm_user_id IS ?";
    fitting(db, DECISION, condition, values)
}

/// The change set that last changed each of some things.
pub(crate) fn last_changed(
    db: &Connection,
    organization: OrganizationId,
    subjects: &[Subject],
) -> Result<Vec<(Subject, u64)>> {
    let sql = "SELECT number FROM change_line WHERE organization_id = ? AND subject = ? \
        ORDER BY number DESC LIMIT 1";
    let mut found = Vec::new();
    for subject in subjects {
        let values = [key(organization), key(subject.id())];
        let number = first(db, sql, values, |row| rows::count(row, 0))?;
        found.extend(number.map(|number| (*subject, number)));
    }
    Ok(found)
}
