//! People whose CRM users disagree.

use std::collections::HashSet;

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, Inconsistency, OrganizationId, Page, PageRequest, PersonId,
};
use counterpart_store::inconsistencies::{MappedPair, MappedUser};
use counterpart_store::{Inconsistencies, Result};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::fault::Fault;
use crate::query::{KEYS, Query, after, execute, key, keys, limit, page};
use crate::{SqliteStore, fault, rows};

/// Whether both mappings are still there: the cells show the same CRM users.
pub(crate) const STANDS: &str = "2 = (SELECT count(*) FROM situation \
    WHERE situation.organization_id = inconsistency.organization_id \
    AND situation.person_id = inconsistency.person_id \
    AND situation.situation IN ('mapped', 'drifted') \
    AND ((situation.connection_id = inconsistency.connection_id \
    AND situation.crm_user_id = inconsistency.crm_user_id) \
    OR (situation.connection_id = inconsistency.other_connection_id \
    AND situation.crm_user_id = inconsistency.other_user_id)))";

fn inconsistency(row: &Row<'_>) -> fault::Result<Inconsistency> {
    Ok(Inconsistency {
        person_id: rows::id(row, 0)?,
        connection_id: rows::id(row, 1)?,
        crm_user_id: CrmUserId(row.get(2)?),
        other_connection_id: rows::id(row, 3)?,
        other_user_id: CrmUserId(row.get(4)?),
        since: rows::time(row, 5)?,
        detail: row.get(6)?,
    })
}

/// Whose, in which connection and in which other one.
type Place = (PersonId, ConnectionId, ConnectionId);

/// Replaces the inconsistencies of which one side is in a connection: of all people, or of some.
/// What goes on keeps its *since*.
pub(crate) fn replace(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    found: &[Inconsistency],
) -> fault::Result<()> {
    let elsewhere = |one: &Inconsistency| {
        !one.is_in(connection) || people.is_some_and(|people| !people.contains(&one.person_id))
    };
    if found.iter().any(elsewhere) {
        return Err(Fault::misuse(
            "an inconsistency is outside of what is replaced",
        ));
    }
    let mut known = Query::new(
        "SELECT person_id, connection_id, other_connection_id FROM inconsistency \
         WHERE organization_id = ?",
    );
    known.bind(key(organization).to_vec());
    known.with(
        "AND ? IN (connection_id, other_connection_id)",
        key(connection).to_vec(),
    );
    if let Some(people) = people {
        known.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    let known: Vec<Place> = known.all(db, |row| {
        Ok((rows::id(row, 0)?, rows::id(row, 1)?, rows::id(row, 2)?))
    })?;
    let still: HashSet<Place> = found
        .iter()
        .map(|one| (one.person_id, one.connection_id, one.other_connection_id))
        .collect();
    let over = "DELETE FROM inconsistency WHERE organization_id = ? AND person_id = ? \
        AND connection_id = ? AND other_connection_id = ?";
    for place in known.iter().filter(|place| !still.contains(place)) {
        let values = params![key(organization), key(place.0), key(place.1), key(place.2)];
        execute(db, over, values)?;
    }
    let sql = "INSERT INTO inconsistency (organization_id, person_id, connection_id, \
        other_connection_id, crm_user_id, other_user_id, since, detail) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (organization_id, person_id, connection_id, other_connection_id) \
        DO UPDATE SET since = iif(crm_user_id = excluded.crm_user_id \
        AND other_user_id = excluded.other_user_id, since, excluded.since), \
        crm_user_id = excluded.crm_user_id, other_user_id = excluded.other_user_id, \
        detail = excluded.detail";
    for one in found {
        let values = params![
            key(organization),
            key(one.person_id),
            key(one.connection_id),
            key(one.other_connection_id),
            one.crm_user_id.0,
            one.other_user_id.0,
            one.since.as_micros(),
            one.detail
        ];
        execute(db, sql, values)?;
    }
    Ok(())
}

/// Of each side: a mapping that holds, exclusive, to a human being's account.
const PAIRS: &str = "SELECT here.person_id, here.connection_id, here.crm_user_id, \
    one.profile, there.connection_id, there.crm_user_id, other.profile \
    FROM situation AS here \
    JOIN situation AS there ON there.organization_id = here.organization_id \
    AND there.person_id = here.person_id AND there.connection_id <> here.connection_id \
    AND there.situation IN ('mapped', 'drifted') \
    JOIN crm_user AS one ON one.organization_id = here.organization_id \
    AND one.connection_id = here.connection_id AND one.crm_user_id = here.crm_user_id \
    JOIN crm_user AS other ON other.organization_id = there.organization_id \
    AND other.connection_id = there.connection_id AND other.crm_user_id = there.crm_user_id \
    JOIN mapping AS held ON held.organization_id = here.organization_id \
    AND held.mapping_id = here.mapping_id AND held.crm_user_exclusive \
    JOIN mapping AS kept ON kept.organization_id = there.organization_id \
    AND kept.mapping_id = there.mapping_id AND kept.crm_user_exclusive \
    WHERE here.organization_id = ? AND here.connection_id = ? \
    AND here.situation IN ('mapped', 'drifted') \
    AND one.sort_key <> other.sort_key AND one.kind = 'person' AND other.kind = 'person'";

fn pairs(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    request: &PageRequest,
) -> fault::Result<Page<MappedPair>> {
    let mut query = Query::new(PAIRS);
    query
        .bind(key(organization).to_vec())
        .bind(key(connection).to_vec());
    if let Some(people) = people {
        query.with(&format!("AND here.person_id IN {KEYS}"), keys(people));
    }
    if let Some((person, other)) = after::<(Uuid, Uuid)>(request)? {
        query.with(
            "AND (here.person_id, there.connection_id) > (?, ?)",
            key(person).to_vec(),
        );
        query.bind(key(other).to_vec());
    }
    query.with(
        "ORDER BY here.person_id, there.connection_id LIMIT ?",
        limit(request),
    );
    let found = query.all(db, |row| {
        let user = |first: usize| -> fault::Result<MappedUser> {
            Ok(MappedUser {
                connection_id: rows::id(row, first)?,
                id: CrmUserId(row.get(first + 1)?),
                profile: rows::json(row, first + 2)?,
            })
        };
        Ok(MappedPair {
            person_id: rows::id(row, 0)?,
            one: user(1)?,
            other: user(4)?,
        })
    })?;
    page(request, found, |pair| {
        (
            Uuid::from(pair.person_id),
            Uuid::from(pair.other.connection_id),
        )
    })
}

#[async_trait]
impl Inconsistencies for SqliteStore {
    async fn list_differing_pairs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        page: &PageRequest,
    ) -> Result<Page<MappedPair>> {
        let (people, page) = (people.map(<[PersonId]>::to_vec), page.clone());
        self.read(move |db| pairs(db, organization, connection, people.as_deref(), &page))
            .await
    }

    async fn inconsistencies_of(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Inconsistency>> {
        let mut query = Query::new(
            "SELECT person_id, connection_id, crm_user_id, other_connection_id, other_user_id, \
             since, detail FROM inconsistency WHERE organization_id = ?",
        );
        query.bind(key(organization).to_vec());
        query.with(&format!("AND person_id IN {KEYS} AND"), keys(people));
        query.text(STANDS);
        query.text("ORDER BY person_id, connection_id, other_connection_id");
        self.read(move |db| query.all(db, inconsistency)).await
    }

    async fn count_inconsistent(&self, organization: OrganizationId, most: u32) -> Result<u64> {
        let mut query = Query::new(
            "SELECT count(*) FROM (SELECT DISTINCT person_id FROM inconsistency \
             WHERE organization_id = ? AND",
        );
        query.bind(key(organization).to_vec());
        query.text(STANDS).with("LIMIT ?)", i64::from(most));
        self.read(move |db| query.count(db)).await
    }
}
