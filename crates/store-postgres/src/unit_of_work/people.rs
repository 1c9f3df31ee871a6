//! People and identities of a change set.

use std::collections::{BTreeSet, HashMap, HashSet};

use counterpart_model::{ConnectionId, Identity, IdentityId, OrganizationId, Person, PersonId};
use counterpart_store::people::PeopleCount;
use counterpart_store::{ApplyError, Result};
use tokio_postgres::Client;
use uuid::Uuid;

use super::change_set::{Change, afters, ids, ids_before};
use super::standings;
use crate::params::params;
use crate::people::{count_of, identity_of, person_of};
use crate::sql::{self, LONGEST_SORT_KEY, ReadRow as _, indexable, to_json};

type Applied = std::result::Result<(), ApplyError>;

pub(super) async fn find_people(
    client: &Client,
    organization: OrganizationId,
    ids: Vec<PersonId>,
) -> Result<Vec<Person>> {
    sql::query(
        client,
        "SELECT * FROM person WHERE organization_id = $1 AND person_id = ANY($2)",
        &params![organization, ids],
    )
    .await?
    .iter()
    .map(person_of)
    .collect()
}

pub(super) async fn find_identities(
    client: &Client,
    organization: OrganizationId,
    ids: Vec<IdentityId>,
) -> Result<Vec<Identity>> {
    sql::query(
        client,
        "SELECT * FROM identity WHERE organization_id = $1 AND identity_id = ANY($2)",
        &params![organization, ids],
    )
    .await?
    .iter()
    .map(identity_of)
    .collect()
}

pub(super) async fn take_identities(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Identity>],
) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM identity WHERE organization_id = $1 AND identity_id = ANY($2)",
        &params![organization, ids_before(changes)],
    )
    .await?;
    Ok(())
}

/// Removes the people that are to go and frees the external ids of those that change: their rows
/// stay where they are, because mappings point at them.
pub(super) async fn take_people(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Person>],
) -> Applied {
    sql::execute(
        client,
        "UPDATE person SET external_id = NULL
         WHERE organization_id = $1 AND person_id = ANY($2) AND external_id IS NOT NULL",
        &params![organization, ids_before(changes)],
    )
    .await?;
    let removals: HashMap<PersonId, usize> = changes
        .iter()
        .filter(|change| change.is_removal())
        .filter_map(|change| Some((change.id()?, change.line)))
        .collect();
    if removals.is_empty() {
        return Ok(());
    }
    let people: Vec<_> = removals.keys().copied().collect();
    let still_used = sql::query(
        client,
        "SELECT person_id FROM mapping WHERE organization_id = $1 AND person_id = ANY($2)
         UNION SELECT person_id FROM identity WHERE organization_id = $1 AND person_id = ANY($2)
         UNION SELECT person_id FROM decision WHERE organization_id = $1 AND person_id = ANY($2)",
        &params![organization, people.clone()],
    )
    .await?;
    let mut stale: Vec<&usize> = Vec::new();
    for row in &still_used {
        stale.extend(removals.get(&row.read("person_id")?));
    }
    if let Some(line) = stale.into_iter().min() {
        return Err(ApplyError::Stale { line: *line });
    }
    standings::forget(client, organization, people.clone()).await?;
    // Proposals and drafts go by their foreign keys.
    for sql in [
        "UPDATE membership SET person_id = NULL
         WHERE organization_id = $1 AND person_id = ANY($2)",
        "DELETE FROM person WHERE organization_id = $1 AND person_id = ANY($2)",
    ] {
        sql::execute(client, sql, &params![organization, people.clone()]).await?;
    }
    Ok(())
}

pub(super) async fn put_people(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Person>],
) -> Applied {
    expect_free_external_ids(client, organization, changes).await?;
    let (mut ids, mut external_ids, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let (mut profiles, mut active, mut departments) = (Vec::new(), Vec::new(), Vec::new());
    let (mut created_at, mut versions) = (Vec::new(), Vec::new());
    for person in afters(changes) {
        ids.push(person.id);
        external_ids.push(person.external_id.as_deref());
        keys.push(indexable(person.sort_key(), LONGEST_SORT_KEY));
        profiles.push(to_json(&person.profile)?);
        active.push(person.active);
        created_at.push(person.created_at);
        versions.push(person.version);
        departments.push(indexable(person.department_key(), LONGEST_SORT_KEY));
    }
    // Search texts come last, when the identities are known.
    sql::execute(
        client,
        "INSERT INTO person
            (organization_id, person_id, external_id, sort_key, profile, active, created_at,
             version, department_key, search_text)
         SELECT $1, person.*, ''
         FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::bigint[],
                     $8::bigint[], $9::text[]) AS person
         ON CONFLICT (organization_id, person_id) DO UPDATE SET
            external_id = excluded.external_id, sort_key = excluded.sort_key,
            profile = excluded.profile, active = excluded.active,
            created_at = excluded.created_at, version = excluded.version,
            department_key = excluded.department_key",
        &params![
            organization,
            ids,
            external_ids,
            keys,
            profiles,
            active,
            created_at,
            versions,
            departments
        ],
    )
    .await?;
    put_emails(client, organization, changes).await?;
    Ok(())
}

/// Writes the addresses by which people are looked up, in place of those they had.
async fn put_emails(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Person>],
) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM person_email WHERE organization_id = $1 AND person_id = ANY($2)",
        &params![organization, ids_before(changes)],
    )
    .await?;
    let (mut people, mut emails) = (Vec::new(), Vec::new());
    for person in afters(changes) {
        for email in person.email_keys() {
            people.push(person.id);
            emails.push(email);
        }
    }
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    sql::execute(
        client,
        "INSERT INTO person_email (organization_id, email_key, person_id)
         SELECT $1, email_key, person_id
         FROM unnest($2::text[], $3::uuid[]) AS new (email_key, person_id)",
        &params![organization, emails, people],
    )
    .await?;
    Ok(())
}

/// Fails when an external id belongs to somebody else, outside the change set or inside it.
async fn expect_free_external_ids(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Person>],
) -> Applied {
    let wanted = || afters(changes).filter(|person| person.external_id.is_some());
    let external_ids: Vec<_> = wanted().filter_map(|p| p.external_id.as_deref()).collect();
    if external_ids.is_empty() {
        return Ok(());
    }
    let mut owners: HashMap<Option<String>, Person> = sql::query(
        client,
        "SELECT * FROM person WHERE organization_id = $1 AND external_id = ANY($2)",
        &params![organization, external_ids],
    )
    .await?
    .iter()
    .map(|row| person_of(row).map(|person| (person.external_id.clone(), person)))
    .collect::<Result<_>>()?;
    for person in wanted() {
        if let Some(standing) = owners.insert(person.external_id.clone(), person.clone()) {
            return Err(ApplyError::ExternalIdTaken {
                wanted: Box::new(person.clone()),
                standing: Box::new(standing),
            });
        }
    }
    Ok(())
}

pub(super) async fn put_identities(
    client: &Client,
    organization: OrganizationId,
    changes: &[Change<Identity>],
) -> Applied {
    let (mut ids, mut people, mut connections) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kinds, mut values) = (Vec::new(), Vec::new());
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for identity in afters(changes) {
        ids.push(identity.id);
        people.push(identity.person_id);
        connections.push(identity.connection_id);
        kinds.push(identity.kind.as_str());
        values.push(identity.value.as_str());
        from.push(identity.period.from());
        to.push(identity.period.to());
    }
    if ids.is_empty() {
        return Ok(());
    }
    let standing = sql::query(
        client,
        "SELECT * FROM identity
         WHERE organization_id = $1 AND kind = ANY($2) AND value = ANY($3)",
        &params![organization, kinds.clone(), values.clone()],
    )
    .await?
    .iter()
    .map(identity_of)
    .collect::<Result<Vec<_>>>()?;
    expect_free_handles(afters(changes), standing)?;
    sql::execute(
        client,
        "INSERT INTO identity
            (organization_id, identity_id, person_id, connection_id, kind, value, valid_from,
             valid_to)
         SELECT $1, identity.*
         FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
                     $8::bigint[]) AS identity",
        &params![
            organization,
            ids,
            people,
            connections,
            kinds,
            values,
            from,
            to
        ],
    )
    .await?;
    Ok(())
}

/// Fails when a handle belongs to somebody at the time, outside the change set or inside it.
fn expect_free_handles<'a>(
    wanted: impl Iterator<Item = &'a Identity>,
    standing: Vec<Identity>,
) -> Applied {
    let handle = |i: &Identity| (i.connection_id, i.kind, i.value.clone());
    let mut taken: HashMap<_, Vec<Identity>> = HashMap::new();
    for identity in standing {
        taken.entry(handle(&identity)).or_default().push(identity);
    }
    for identity in wanted {
        let taken = taken.entry(handle(identity)).or_default();
        if let Some(standing) = taken.iter().find(|t| t.period.overlaps(&identity.period)) {
            return Err(ApplyError::IdentityTaken {
                wanted: Box::new(identity.clone()),
                standing: Box::new(standing.clone()),
            });
        }
        taken.push(identity.clone());
    }
    Ok(())
}

/// What a line points at.
pub(super) struct Pointer {
    pub(super) line: usize,
    pub(super) connection: ConnectionId,
    pub(super) person: Option<PersonId>,
}

/// Fails when a line points at a person or a connection that is not there, once every person of
/// the change set is in place.
pub(super) async fn expect_targets(
    client: &Client,
    organization: OrganizationId,
    pointers: &[Pointer],
) -> Applied {
    let people: Vec<_> = pointers
        .iter()
        .filter_map(|pointer| pointer.person)
        .collect();
    let connections: Vec<_> = pointers.iter().map(|pointer| pointer.connection).collect();
    let rows = sql::query(
        client,
        "SELECT person_id AS id FROM person
         WHERE organization_id = $1 AND person_id = ANY($2)
         UNION ALL
         SELECT connection_id FROM connection
         WHERE organization_id = $1 AND connection_id = ANY($3)",
        &params![organization, people, connections],
    )
    .await?;
    let mut there = HashSet::new();
    for row in &rows {
        there.insert(row.read::<Uuid>("id")?);
    }
    let astray = |pointer: &&Pointer| {
        let person = pointer.person.map(Uuid::from);
        !there.contains(pointer.connection.as_uuid())
            || person.is_some_and(|person| !there.contains(&person))
    };
    match pointers
        .iter()
        .filter(astray)
        .map(|pointer| pointer.line)
        .min()
    {
        Some(line) => Err(ApplyError::Stale { line }),
        None => Ok(()),
    }
}

/// Writes the search texts of everybody who changed, or whose identities did.
pub(super) async fn renew_search_texts(
    client: &Client,
    organization: OrganizationId,
    people: &[Change<Person>],
    identities: &[Change<Identity>],
) -> Result<()> {
    let mut affected: BTreeSet<PersonId> = ids(people).into_iter().collect();
    for change in identities {
        let both = [&change.before, &change.after];
        affected.extend(
            both.into_iter()
                .flatten()
                .map(|identity| identity.person_id),
        );
    }
    let everybody = affected.clone();
    let affected: Vec<_> = affected.into_iter().collect();
    let mut handles: HashMap<PersonId, Vec<Identity>> = HashMap::new();
    let rows = sql::query(
        client,
        "SELECT * FROM identity WHERE organization_id = $1 AND person_id = ANY($2)
         ORDER BY person_id, kind, valid_from, identity_id",
        &params![organization, affected.clone()],
    )
    .await?;
    for row in &rows {
        let identity = identity_of(row)?;
        handles
            .entry(identity.person_id)
            .or_default()
            .push(identity);
    }
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    for person in find_people(client, organization, affected).await? {
        let handles = handles.remove(&person.id).unwrap_or_default();
        ids.push(person.id);
        texts.push(indexable(person.search_text(&handles), usize::MAX));
    }
    sql::execute(
        client,
        "UPDATE person SET search_text = renewed.search_text
         FROM unnest($2::uuid[], $3::text[]) AS renewed (person_id, search_text)
         WHERE person.organization_id = $1 AND person.person_id = renewed.person_id
           AND person.search_text <> renewed.search_text",
        &params![organization, ids, texts],
    )
    .await?;
    standings::renew_shown_texts(client, organization, everybody).await
}

/// How many of some people there are.
pub(super) async fn count_some(
    client: &Client,
    organization: OrganizationId,
    people: &[PersonId],
) -> Result<PeopleCount> {
    if people.is_empty() {
        return Ok(PeopleCount::default());
    }
    let row = sql::get(
        client,
        "SELECT count(*) FILTER (WHERE active) AS active,
                count(*) FILTER (WHERE NOT active) AS inactive
         FROM person WHERE organization_id = $1 AND person_id = ANY($2)",
        &params![organization, people.to_vec()],
    )
    .await?;
    count_of(&row)
}

/// Keeps how many people there are, once those of `before` are those of `after`.
pub(super) async fn keep_count(
    client: &Client,
    organization: OrganizationId,
    before: PeopleCount,
    after: PeopleCount,
) -> Result<()> {
    if before == after {
        return Ok(());
    }
    sql::execute(
        client,
        "UPDATE organization_head SET people_active = people_active + $2 - $3,
            people_inactive = people_inactive + $4 - $5
         WHERE organization_id = $1",
        &params![
            organization,
            after.active,
            before.active,
            after.inactive,
            before.inactive
        ],
    )
    .await?;
    Ok(())
}
