//! People and identities, for reading.

use async_trait::async_trait;
use counterpart_model::{
    ChangeLine, Identity, IdentityKind, OrganizationId, Page, PageRequest, Person, PersonId,
    Timestamp,
};
use counterpart_store::people::{PeopleCount, PeopleQuery};
use counterpart_store::{People, Result};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::query::{
    KEYS, Query, after, all, execute, first, key, keys, limit, number, page, search,
};
use crate::{SqliteStore, fault, rows};

/// The person of an id.
pub(crate) fn find(
    db: &Connection,
    organization: OrganizationId,
    id: PersonId,
) -> fault::Result<Option<Person>> {
    let sql = format!(
        "SELECT {} FROM person WHERE organization_id = ? AND person_id = ?",
        rows::PERSON
    );
    first(db, &sql, [key(organization), key(id)], rows::person)
}

fn count(row: &Row<'_>) -> fault::Result<PeopleCount> {
    Ok(PeopleCount {
        active: rows::count(row, 0)?,
        inactive: rows::count(row, 1)?,
    })
}

/// The people whom lines add, change or remove.
pub(crate) fn touched(lines: &[ChangeLine]) -> Vec<PersonId> {
    lines
        .iter()
        .filter_map(|line| match line {
            ChangeLine::Person { before, after } => before.as_ref().or(after.as_ref()),
            _ => None,
        })
        .map(|person| person.id)
        .collect()
}

/// How many of some people there are.
pub(crate) fn count_some(
    db: &Connection,
    organization: OrganizationId,
    people: &[PersonId],
) -> fault::Result<PeopleCount> {
    if people.is_empty() {
        return Ok(PeopleCount::default());
    }
    let sql = format!(
        "SELECT coalesce(sum(active), 0), count(*) - coalesce(sum(active), 0) \
         FROM person WHERE organization_id = ? AND person_id IN {KEYS}"
    );
    let counted = first(db, &sql, params![key(organization), keys(people)], count)?;
    Ok(counted.unwrap_or_default())
}

/// Keeps how many people there are, once those of `before` are those of `after`.
pub(crate) fn keep_count(
    db: &Connection,
    organization: OrganizationId,
    before: PeopleCount,
    after: PeopleCount,
) -> fault::Result<()> {
    if before == after {
        return Ok(());
    }
    let sql = "UPDATE organization_head SET people_active = people_active + ? - ?, \
        people_inactive = people_inactive + ? - ? WHERE organization_id = ?";
    let values = params![
        number(after.active),
        number(before.active),
        number(after.inactive),
        number(before.inactive),
        key(organization)
    ];
    execute(db, sql, values)?;
    Ok(())
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    wanted: &PeopleQuery,
    request: &PageRequest,
) -> fault::Result<Page<Person>> {
    let mut query = Query::new("SELECT");
    query.text(rows::PERSON);
    query.with(
        "FROM person WHERE organization_id = ?",
        key(organization).to_vec(),
    );
    if let Some(active) = wanted.active {
        query.with("AND active = ?", active);
    }
    search(&mut query, "person", &wanted.words);
    if let Some((sort_key, id)) = after::<(String, Uuid)>(request)? {
        query.with("AND (sort_key, person_id) > (?, ?)", sort_key);
        query.bind(key(id).to_vec());
    }
    query.with("ORDER BY sort_key, person_id LIMIT ?", limit(request));
    let people = query.all(db, rows::person)?;
    page(request, people, |person| {
        (person.sort_key(), Uuid::from(person.id))
    })
}

#[async_trait]
impl People for SqliteStore {
    async fn find_person(
        &self,
        organization: OrganizationId,
        id: PersonId,
    ) -> Result<Option<Person>> {
        self.read(move |db| find(db, organization, id)).await
    }

    async fn find_people(
        &self,
        organization: OrganizationId,
        ids: &[PersonId],
    ) -> Result<Vec<Person>> {
        let ids = keys(ids);
        let sql = format!(
            "SELECT {} FROM person WHERE organization_id = ? AND person_id IN {KEYS}",
            rows::PERSON
        );
        self.read(move |db| all(db, &sql, params![key(organization), ids], rows::person))
            .await
    }

    async fn list_departments(
        &self,
        organization: OrganizationId,
        most: u32,
    ) -> Result<Vec<String>> {
        // From one department to the next, however many people each has.
        let sql = "WITH RECURSIVE department (name_key) AS ( \
                SELECT min(department_key) FROM person \
                WHERE organization_id = ?1 AND department_key > '' \
                UNION ALL \
                SELECT (SELECT min(person.department_key) FROM person \
                    WHERE person.organization_id = ?1 \
                    AND person.department_key > department.name_key) \
                FROM department WHERE department.name_key IS NOT NULL LIMIT ?2) \
            SELECT (SELECT json_extract(person.profile, '$.department') FROM person \
                WHERE person.organization_id = ?1 \
                AND person.department_key = department.name_key LIMIT 1) \
            FROM department WHERE name_key IS NOT NULL";
        self.read(move |db| {
            let values = params![key(organization), i64::from(most)];
            all(db, sql, values, |row| Ok(row.get(0)?))
        })
        .await
    }

    async fn find_person_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Option<Person>> {
        let external_id = external_id.to_owned();
        let sql = format!(
            "SELECT {} FROM person WHERE organization_id = ? AND external_id = ?",
            rows::PERSON
        );
        self.read(move |db| {
            first(
                db,
                &sql,
                params![key(organization), external_id],
                rows::person,
            )
        })
        .await
    }

    async fn list_people(
        &self,
        organization: OrganizationId,
        query: &PeopleQuery,
        page: &PageRequest,
    ) -> Result<Page<Person>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list(db, organization, &query, &page))
            .await
    }

    async fn count_people(&self, organization: OrganizationId) -> Result<PeopleCount> {
        let sql = "SELECT people_active, people_inactive FROM organization_head \
            WHERE organization_id = ?";
        let counted = self.read(move |db| first(db, sql, [key(organization)], count));
        Ok(counted.await?.unwrap_or_default())
    }

    async fn list_identities(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Identity>> {
        let people = keys(people);
        let sql = format!(
            "SELECT {} FROM identity WHERE organization_id = ? AND person_id IN {KEYS} \
             ORDER BY person_id, kind, valid_from, identity_id",
            rows::IDENTITY
        );
        self.read(move |db| all(db, &sql, params![key(organization), people], rows::identity))
            .await
    }

    async fn find_identities(
        &self,
        organization: OrganizationId,
        kind: IdentityKind,
        value: &str,
        at: Timestamp,
    ) -> Result<Vec<Identity>> {
        let value = value.to_owned();
        let sql = format!(
            "SELECT {} FROM identity WHERE organization_id = ?1 AND kind = ?2 AND value = ?3 \
             AND valid_from <= ?4 AND valid_to > ?4 ORDER BY connection_id",
            rows::IDENTITY
        );
        self.read(move |db| {
            let values = params![key(organization), kind.as_str(), value, at.as_micros()];
            all(db, &sql, values, rows::identity)
        })
        .await
    }
}
