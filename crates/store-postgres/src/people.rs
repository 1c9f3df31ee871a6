//! People and identities, for reading.

use async_trait::async_trait;
use counterpart_model::{
    Identity, IdentityKind, OrganizationId, Page, PageRequest, Period, Person, PersonId, Timestamp,
};
use counterpart_store::people::{PeopleCount, PeopleQuery};
use counterpart_store::{People, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _, with_words};
use crate::{PostgresStore, cursor, error};

pub(crate) fn person_of(row: &Row) -> Result<Person> {
    Ok(Person {
        id: row.read("person_id")?,
        external_id: row.read("external_id")?,
        profile: row.json("profile")?,
        active: row.read("active")?,
        created_at: row.read("created_at")?,
        version: row.read("version")?,
    })
}

pub(crate) fn identity_of(row: &Row) -> Result<Identity> {
    Ok(Identity {
        id: row.read("identity_id")?,
        person_id: row.read("person_id")?,
        connection_id: row.read("connection_id")?,
        kind: row.word("kind")?,
        value: row.read("value")?,
        period: period_of(row)?,
    })
}

pub(crate) fn period_of(row: &Row) -> Result<Period> {
    Period::new(row.read("valid_from")?, row.read("valid_to")?)
        .map_err(|why| error::unreadable("valid_to", why))
}

pub(crate) fn count_of(row: &Row) -> Result<PeopleCount> {
    Ok(PeopleCount {
        active: row.read("active")?,
        inactive: row.read("inactive")?,
    })
}

/// What a list of people or CRM users is sorted by.
pub(crate) type SortKey<Id> = (String, Id);

#[async_trait]
impl People for PostgresStore {
    async fn find_person(
        &self,
        organization: OrganizationId,
        id: PersonId,
    ) -> Result<Option<Person>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM person WHERE organization_id = $1 AND person_id = $2",
            &params![organization, id],
        )
        .await?
        .as_ref()
        .map(person_of)
        .transpose()
    }

    async fn find_people(
        &self,
        organization: OrganizationId,
        ids: &[PersonId],
    ) -> Result<Vec<Person>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM person WHERE organization_id = $1 AND person_id = ANY($2)",
            &params![organization, ids.to_vec()],
        )
        .await?
        .iter()
        .map(person_of)
        .collect()
    }

    async fn list_departments(
        &self,
        organization: OrganizationId,
        most: u32,
    ) -> Result<Vec<String>> {
        // From one department to the next, however many people each has.
        sql::query(
            &*self.client().await?,
            "WITH RECURSIVE department (name_key) AS (
                SELECT min(department_key) FROM person
                WHERE organization_id = $1 AND department_key > ''
                UNION ALL
                SELECT (SELECT min(person.department_key) FROM person
                        WHERE person.organization_id = $1
                          AND person.department_key > department.name_key)
                FROM department WHERE department.name_key IS NOT NULL
             )
             SELECT (SELECT person.profile::json ->> 'department' FROM person
                     WHERE person.organization_id = $1
                       AND person.department_key = department.name_key LIMIT 1) AS name
             FROM department WHERE name_key IS NOT NULL LIMIT $2",
            &params![organization, i64::from(most)],
        )
        .await?
        .iter()
        .map(|row| row.read("name"))
        .collect()
    }

    async fn find_person_by_external_id(
        &self,
        organization: OrganizationId,
        external_id: &str,
    ) -> Result<Option<Person>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM person WHERE organization_id = $1 AND external_id = $2",
            &params![organization, external_id],
        )
        .await?
        .as_ref()
        .map(person_of)
        .transpose()
    }

    async fn list_people(
        &self,
        organization: OrganizationId,
        query: &PeopleQuery,
        page: &PageRequest,
    ) -> Result<Page<Person>> {
        let (key, id) = cursor::after::<SortKey<PersonId>>(page)?.unzip();
        let mut params = Vec::from(params![
            organization,
            query.active,
            key,
            id,
            cursor::limit(page)
        ]);
        let with_words = with_words(&query.words, &mut params);
        let sql = format!(
            "SELECT * FROM person
             WHERE organization_id = $1
               AND ($2::bool IS NULL OR active = $2)
               AND ($3::text IS NULL OR (sort_key, person_id) > ($3, $4))
               {with_words}
             ORDER BY sort_key, person_id
             LIMIT $5"
        );
        let rows = sql::query(&*self.client().await?, &sql, &params).await?;
        sorted_page::<_, PersonId>(page, &rows, "person_id", person_of)
    }

    async fn count_people(&self, organization: OrganizationId) -> Result<PeopleCount> {
        let row = sql::find(
            &*self.client().await?,
            "SELECT people_active AS active, people_inactive AS inactive
             FROM organization_head WHERE organization_id = $1",
            &params![organization],
        )
        .await?;
        row.as_ref()
            .map(count_of)
            .transpose()
            .map(Option::unwrap_or_default)
    }

    async fn list_identities(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Identity>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM identity WHERE organization_id = $1 AND person_id = ANY($2)
             ORDER BY person_id, kind, valid_from, identity_id",
            &params![organization, people.to_vec()],
        )
        .await?
        .iter()
        .map(identity_of)
        .collect()
    }

    async fn find_identities(
        &self,
        organization: OrganizationId,
        kind: IdentityKind,
        value: &str,
        at: Timestamp,
    ) -> Result<Vec<Identity>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM identity
             WHERE organization_id = $1 AND kind = $2 AND value = $3
               AND valid_from <= $4 AND $4 < valid_to
             ORDER BY connection_id",
            &params![organization, kind.as_str(), value, at],
        )
        .await?
        .iter()
        .map(identity_of)
        .collect()
    }
}

/// The page made of rows sorted by their sort key and the column `id`.
pub(crate) fn sorted_page<T, Id>(
    request: &PageRequest,
    rows: &[Row],
    id: &str,
    item_of: impl Fn(&Row) -> Result<T>,
) -> Result<Page<T>>
where
    Id: sql::FromColumn + serde::Serialize + Clone,
{
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let key: SortKey<Id> = (row.read("sort_key")?, row.read(id)?);
        items.push((key, item_of(row)?));
    }
    let page = cursor::page(request, items, |(key, _)| key.clone())?;
    Ok(page.map(|(_, item)| item))
}
