//! The review queue.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, OrganizationId, Page, PageRequest, PersonId, Situation};
use counterpart_store::review::{ReviewCell, ReviewCount, ReviewOrder, ReviewQuery};
use counterpart_store::{Result, Reviews};

use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, cursor};

/// The rows of the index `situation_to_review`, in its own words, so that it is used.
const WAITING: &str = "NOT certain AND situation IN ('drifted', 'ambiguous', 'proposed')";

/// Where a cell stands in the queue, in millionths: behind everything that drifted.
const RANK: &str = "CASE situation WHEN 'drifted' THEN 2000000
    ELSE floor(coalesce(score, 0) * 1000000)::bigint END";

#[async_trait]
impl Reviews for PostgresStore {
    async fn list_review(
        &self,
        organization: OrganizationId,
        query: &ReviewQuery,
        page: &PageRequest,
    ) -> Result<Page<ReviewCell>> {
        type Key = (i64, ConnectionId, PersonId);
        let (place, connection, person) = match cursor::after::<Key>(page)? {
            Some((place, connection, person)) => (Some(place), Some(connection), Some(person)),
            None => (None, None, None),
        };
        // Keys ascend either way, so that one comparison of rows finds the next page.
        let sign = match query.order {
            ReviewOrder::Certain => "-",
            ReviewOrder::Doubtful => "",
        };
        let sql = format!(
            "SELECT * FROM (
                SELECT connection_id, person_id, situation, {sign}({RANK}) AS place
                FROM situation
                WHERE organization_id = $1 AND {WAITING}
                  AND ($2::uuid IS NULL OR connection_id = $2)
                  AND ($3::text IS NULL OR situation = $3)
             ) AS cell
             WHERE $4::bigint IS NULL OR (place, connection_id, person_id) > ($4, $5, $6)
             ORDER BY place, connection_id, person_id
             LIMIT $7"
        );
        let rows = sql::query(
            &*self.client().await?,
            &sql,
            &params![
                organization,
                query.connection_id,
                query.situation.map(Situation::as_str),
                place,
                connection,
                person,
                cursor::limit(page),
            ],
        )
        .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let cell = ReviewCell {
                connection_id: row.read("connection_id")?,
                person_id: row.read("person_id")?,
                situation: row.word("situation")?,
            };
            found.push((cell, row.read::<i64>("place")?));
        }
        let found = cursor::page(page, found, |(cell, place)| {
            (*place, cell.connection_id, cell.person_id)
        })?;
        Ok(found.map(|(cell, _)| cell))
    }

    async fn count_review(&self, organization: OrganizationId) -> Result<Vec<ReviewCount>> {
        let sql = format!(
            "SELECT connection_id, situation, count(*) AS cells FROM situation
             WHERE organization_id = $1 AND {WAITING}
             GROUP BY connection_id, situation ORDER BY connection_id, situation"
        );
        sql::query(&*self.client().await?, &sql, &params![organization])
            .await?
            .iter()
            .map(|row| {
                Ok(ReviewCount {
                    connection_id: row.read("connection_id")?,
                    situation: row.word("situation")?,
                    cells: row.read("cells")?,
                })
            })
            .collect()
    }
}
