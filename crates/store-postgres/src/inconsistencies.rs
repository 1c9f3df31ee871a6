//! People whose CRM users disagree, for reading. They are written in a unit of work.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, Inconsistency, OrganizationId, Page, PageRequest, PersonId};
use counterpart_store::inconsistencies::{MappedPair, MappedUser};
use counterpart_store::{Inconsistencies, Result};
use tokio_postgres::Row;

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, cursor};

/// Whether both mappings of the inconsistency `i` are still there: the cells show the same CRM
/// users.
pub(crate) const STANDS: &str = "2 = (
    SELECT count(*) FROM situation AS s
    WHERE s.organization_id = i.organization_id AND s.person_id = i.person_id
      AND s.situation IN ('mapped', 'drifted')
      AND ((s.connection_id = i.connection_id AND s.crm_user_id = i.crm_user_id)
        OR (s.connection_id = i.other_connection_id AND s.crm_user_id = i.other_user_id)))";

fn inconsistency_of(row: &Row) -> Result<Inconsistency> {
    Ok(Inconsistency {
        person_id: row.read("person_id")?,
        connection_id: row.read("connection_id")?,
        crm_user_id: row.read("crm_user_id")?,
        other_connection_id: row.read("other_connection_id")?,
        other_user_id: row.read("other_user_id")?,
        since: row.read("since")?,
        detail: row.read("detail")?,
    })
}

fn pair_of(row: &Row) -> Result<MappedPair> {
    Ok(MappedPair {
        person_id: row.read("person_id")?,
        one: MappedUser {
            connection_id: row.read("one_connection")?,
            id: row.read("one_user")?,
            profile: row.json("one_profile")?,
        },
        other: MappedUser {
            connection_id: row.read("other_connection")?,
            id: row.read("other_user")?,
            profile: row.json("other_profile")?,
        },
    })
}

/// Of each side: a mapping that holds, exclusive, to a human being's account.
const PAIRS: &str = "
    SELECT here.person_id, here.connection_id AS one_connection, here.crm_user_id AS one_user,
           one.profile AS one_profile, there.connection_id AS other_connection,
           there.crm_user_id AS other_user, other.profile AS other_profile
    FROM situation AS here
    JOIN situation AS there USING (organization_id, person_id)
    JOIN crm_user AS one ON one.organization_id = here.organization_id
     AND one.connection_id = here.connection_id AND one.crm_user_id = here.crm_user_id
    JOIN crm_user AS other ON other.organization_id = there.organization_id
     AND other.connection_id = there.connection_id AND other.crm_user_id = there.crm_user_id
    JOIN mapping AS held ON held.organization_id = here.organization_id
     AND held.mapping_id = here.mapping_id AND held.crm_user_exclusive
    JOIN mapping AS kept ON kept.organization_id = there.organization_id
     AND kept.mapping_id = there.mapping_id AND kept.crm_user_exclusive
    WHERE here.organization_id = $1 AND here.connection_id = $2
      AND there.connection_id <> here.connection_id
      AND here.situation IN ('mapped', 'drifted') AND there.situation IN ('mapped', 'drifted')
      AND one.sort_key <> other.sort_key AND one.kind = 'person' AND other.kind = 'person'
      AND ($3::uuid[] IS NULL OR here.person_id = ANY($3))
      AND ($4::uuid IS NULL OR (here.person_id, there.connection_id) > ($4, $5))
    ORDER BY here.person_id, there.connection_id
    LIMIT $6";

#[async_trait]
impl Inconsistencies for PostgresStore {
    async fn list_differing_pairs(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
        page: &PageRequest,
    ) -> Result<Page<MappedPair>> {
        let (person, other) = cursor::after::<(PersonId, ConnectionId)>(page)?.unzip();
        let pairs = sql::query(
            &*self.client().await?,
            PAIRS,
            &params![
                organization,
                connection,
                people.map(<[_]>::to_vec),
                person,
                other,
                cursor::limit(page),
            ],
        )
        .await?
        .iter()
        .map(pair_of)
        .collect::<Result<Vec<_>>>()?;
        cursor::page(page, pairs, |pair| {
            (pair.person_id, pair.other.connection_id)
        })
    }

    async fn inconsistencies_of(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Inconsistency>> {
        let sql = format!(
            "SELECT i.* FROM inconsistency AS i
             WHERE i.organization_id = $1 AND i.person_id = ANY($2) AND {STANDS}
             ORDER BY i.person_id, i.connection_id, i.other_connection_id"
        );
        sql::query(
            &*self.client().await?,
            &sql,
            &params![organization, people.to_vec()],
        )
        .await?
        .iter()
        .map(inconsistency_of)
        .collect()
    }

    async fn count_inconsistent(&self, organization: OrganizationId, most: u32) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) AS n FROM (
                SELECT DISTINCT i.person_id FROM inconsistency AS i
                WHERE i.organization_id = $1 AND {STANDS} LIMIT $2
             ) AS found"
        );
        sql::get(
            &*self.client().await?,
            &sql,
            &params![organization, i64::from(most)],
        )
        .await?
        .read("n")
    }
}
