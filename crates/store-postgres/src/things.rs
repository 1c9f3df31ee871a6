//! What stands now: things by id, about people, and in the way of others.

use counterpart_model::{
    Decision, Identity, Mapping, OrganizationId, Person, PersonId, Subject, Thing,
};
use counterpart_store::Result;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::mappings::{decision_of, mapping_of, matching_settings_of};
use crate::params::{Param, params};
use crate::people::{identity_of, person_of};
use crate::sql::{self, ReadRow as _};

/// A table, and how a row of it is read.
type Kind = (&'static str, fn(&Row) -> Result<Thing>);

const PERSON: Kind = ("person", person);
const IDENTITY: Kind = ("identity", identity);
const MAPPING: Kind = ("mapping", mapping);
const DECISION: Kind = ("decision", decision);
const MATCHING_SETTINGS: Kind = ("matching_settings", matching_settings);

fn person(row: &Row) -> Result<Thing> {
    Ok(Thing::Person(Box::new(person_of(row)?)))
}

fn identity(row: &Row) -> Result<Thing> {
    Ok(Thing::Identity(Box::new(identity_of(row)?)))
}

fn mapping(row: &Row) -> Result<Thing> {
    Ok(Thing::Mapping(Box::new(mapping_of(row)?)))
}

fn decision(row: &Row) -> Result<Thing> {
    Ok(Thing::Decision(Box::new(decision_of(row)?)))
}

fn matching_settings(row: &Row) -> Result<Thing> {
    Ok(Thing::MatchingSettings(Box::new(matching_settings_of(
        row,
    )?)))
}

/// The rows of an organization, which is `$1`, that fit.
async fn fitting(
    client: &Client,
    (table, read): Kind,
    condition: &str,
    params: &[Param],
) -> Result<Vec<Thing>> {
    let sql = format!("SELECT * FROM {table} WHERE organization_id = $1 AND {condition}");
    let rows = sql::query(client, &sql, params).await?;
    rows.iter().map(read).collect()
}

/// What stands now of some things.
pub(crate) async fn standing(
    client: &Client,
    organization: OrganizationId,
    subjects: &[Subject],
) -> Result<Vec<Thing>> {
    let mut found = Vec::new();
    for kind in [PERSON, IDENTITY, MAPPING, DECISION, MATCHING_SETTINGS] {
        let (table, _) = kind;
        let ids: Vec<Uuid> = subjects
            .iter()
            .filter(|subject| subject.entity() == table)
            .map(|subject| subject.id())
            .collect();
        if !ids.is_empty() {
            let condition = format!("{table}_id = ANY($2)");
            found.extend(fitting(client, kind, &condition, &params![organization, ids]).await?);
        }
    }
    Ok(found)
}

/// The identities, mappings and decisions about some people.
pub(crate) async fn about_people(
    client: &Client,
    organization: OrganizationId,
    people: &[PersonId],
) -> Result<Vec<Thing>> {
    let mut found = Vec::new();
    for kind in [IDENTITY, MAPPING, DECISION] {
        let params = params![organization, people.to_vec()];
        found.extend(fitting(client, kind, "person_id = ANY($2)", &params).await?);
    }
    Ok(found)
}

/// What is wanted, by kind.
#[derive(Default)]
struct Wanted<'a> {
    people: Vec<&'a Person>,
    identities: Vec<&'a Identity>,
    mappings: Vec<&'a Mapping>,
    decisions: Vec<&'a Decision>,
    settings: Vec<Subject>,
}

/// Everything that claims a place which one of `wanted` claims too.
pub(crate) async fn rivals(
    client: &Client,
    organization: OrganizationId,
    wanted: &[Thing],
) -> Result<Vec<Thing>> {
    let mut by_kind = Wanted::default();
    for thing in wanted {
        match thing {
            Thing::Person(person) => by_kind.people.push(person),
            Thing::Identity(identity) => by_kind.identities.push(identity),
            Thing::Mapping(mapping) => by_kind.mappings.push(mapping),
            Thing::Decision(decision) => by_kind.decisions.push(decision),
            Thing::MatchingSettings(_) => by_kind.settings.push(thing.subject()),
        }
    }
    let mut found = Vec::new();
    let external_ids: Vec<&str> = by_kind
        .people
        .iter()
        .filter_map(|person| person.external_id.as_deref())
        .collect();
    if !external_ids.is_empty() {
        let params = params![organization, external_ids];
        found.extend(fitting(client, PERSON, "external_id = ANY($2)", &params).await?);
    }
    if !by_kind.identities.is_empty() {
        found.extend(rivals_of_identities(client, organization, &by_kind.identities).await?);
    }
    if !by_kind.mappings.is_empty() {
        found.extend(rivals_of_mappings(client, organization, &by_kind.mappings).await?);
    }
    if !by_kind.decisions.is_empty() {
        found.extend(rivals_of_decisions(client, organization, &by_kind.decisions).await?);
    }
    found.extend(standing(client, organization, &by_kind.settings).await?);
    Ok(found)
}

async fn rivals_of_identities(
    client: &Client,
    organization: OrganizationId,
    wanted: &[&Identity],
) -> Result<Vec<Thing>> {
    let kinds: Vec<_> = wanted.iter().map(|one| one.kind.as_str()).collect();
    let values: Vec<_> = wanted.iter().map(|one| one.value.as_str()).collect();
    let connections: Vec<_> = wanted.iter().map(|one| one.connection_id).collect();
    let condition = "(kind, value, connection_id)
        IN (SELECT * FROM unnest($2::text[], $3::text[], $4::uuid[]))";
    let params = params![organization, kinds, values, connections];
    fitting(client, IDENTITY, condition, &params).await
}

async fn rivals_of_mappings(
    client: &Client,
    organization: OrganizationId,
    wanted: &[&Mapping],
) -> Result<Vec<Thing>> {
    let connections: Vec<_> = wanted.iter().map(|one| one.connection_id).collect();
    let people: Vec<_> = wanted.iter().map(|one| one.person_id).collect();
    let users: Vec<_> = wanted.iter().map(|one| &one.crm_user_id).collect();
    let condition = "(connection_id, person_id)
        IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))";
    let params = params![organization, connections.clone(), people];
    let mut found = fitting(client, MAPPING, condition, &params).await?;
    let condition = "(connection_id, crm_user_id)
        IN (SELECT * FROM unnest($2::uuid[], $3::text[]))";
    let params = params![organization, connections, users];
    found.extend(fitting(client, MAPPING, condition, &params).await?);
    Ok(found)
}

async fn rivals_of_decisions(
    client: &Client,
    organization: OrganizationId,
    wanted: &[&Decision],
) -> Result<Vec<Thing>> {
    let connections: Vec<_> = wanted.iter().map(|one| one.connection_id).collect();
    let kinds: Vec<_> = wanted.iter().map(|one| one.kind.as_str()).collect();
    let people: Vec<_> = wanted.iter().map(|one| one.kind.person_id()).collect();
    let users: Vec<_> = wanted.iter().map(|one| one.kind.crm_user_id()).collect();
    let condition = "EXISTS (
        SELECT 1
        FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[])
            AS wanted (connection_id, kind, person_id, crm_user_id)
        WHERE wanted.connection_id = decision.connection_id
            AND wanted.kind = decision.kind
            AND wanted.person_id IS NOT DISTINCT FROM decision.person_id
            AND wanted.crm_user_id IS NOT DISTINCT FROM decision.crm_user_id)";
    let params = params![organization, connections, kinds, people, users];
    fitting(client, DECISION, condition, &params).await
}

/// The change set that last changed each of some things.
pub(crate) async fn last_changed(
    client: &Client,
    organization: OrganizationId,
    subjects: &[Subject],
) -> Result<Vec<(Subject, u64)>> {
    let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id()).collect();
    let rows = sql::query(
        client,
        "SELECT subject, max(number) AS number FROM change_line
         WHERE organization_id = $1 AND subject = ANY($2)
         GROUP BY subject",
        &params![organization, ids],
    )
    .await?;
    let mut numbers = std::collections::HashMap::new();
    for row in &rows {
        numbers.insert(row.read::<Uuid>("subject")?, row.read::<u64>("number")?);
    }
    let of = |subject: &Subject| Some((*subject, *numbers.get(&subject.id())?));
    Ok(subjects.iter().filter_map(of).collect())
}
