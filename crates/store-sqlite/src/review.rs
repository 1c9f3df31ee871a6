//! The review queue.

use async_trait::async_trait;
use counterpart_model::{OrganizationId, Page, PageRequest};
use counterpart_store::review::{ReviewCell, ReviewCount, ReviewOrder, ReviewQuery};
use counterpart_store::{Result, Reviews};
use rusqlite::Connection;
use uuid::Uuid;

use crate::query::{Query, after, all, key, limit, page};
use crate::{SqliteStore, fault, rows};

/// The rows of the index `situation_to_review`, in its own words, so that it is used.
const WAITING: &str = "certain = 0 AND situation IN ('drifted', 'ambiguous', 'proposed')";

/// Where a cell stands in the queue, in millionths: behind everything that drifted.
const RANK: &str = "CASE situation WHEN 'drifted' THEN 2000000 \
    ELSE CAST(coalesce(score, 0) * 1000000 AS INTEGER) END";

fn list(
    db: &Connection,
    organization: OrganizationId,
    wanted: &ReviewQuery,
    request: &PageRequest,
) -> fault::Result<Page<ReviewCell>> {
    // Keys ascend either way, so that one comparison of rows finds the next page.
    let rank = match wanted.order {
        ReviewOrder::Certain => format!("-({RANK})"),
        ReviewOrder::Doubtful => RANK.to_owned(),
    };
    let mut query = Query::new(&format!(
        "SELECT connection_id, person_id, situation, {rank} AS place FROM situation \
         WHERE organization_id = ?"
    ));
    query.bind(key(organization).to_vec());
    query.text(&format!("AND {WAITING}"));
    if let Some(connection) = wanted.connection_id {
        query.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(situation) = wanted.situation {
        query.with("AND situation = ?", situation.as_str().to_owned());
    }
    if let Some((place, connection, person)) = after::<(i64, Uuid, Uuid)>(request)? {
        query.with(
            &format!("AND ({rank}, connection_id, person_id) > (?, ?, ?)"),
            place,
        );
        query.bind(key(connection).to_vec());
        query.bind(key(person).to_vec());
    }
    query.with(
        "ORDER BY place, connection_id, person_id LIMIT ?",
        limit(request),
    );
    let found = query.all(db, |row| {
        let cell = ReviewCell {
            connection_id: rows::id(row, 0)?,
            person_id: rows::id(row, 1)?,
            situation: rows::word(row, 2)?,
        };
        Ok((cell, row.get::<_, i64>(3)?))
    })?;
    let found = page(request, found, |(cell, place)| {
        let (connection, person) = (cell.connection_id, cell.person_id);
        (*place, Uuid::from(connection), Uuid::from(person))
    })?;
    Ok(found.map(|(cell, _)| cell))
}

#[async_trait]
impl Reviews for SqliteStore {
    async fn list_review(
        &self,
        organization: OrganizationId,
        query: &ReviewQuery,
        page: &PageRequest,
    ) -> Result<Page<ReviewCell>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list(db, organization, &query, &page))
            .await
    }

    async fn count_review(&self, organization: OrganizationId) -> Result<Vec<ReviewCount>> {
        let sql = format!(
            "SELECT connection_id, situation, count(*) FROM situation \
             WHERE organization_id = ? AND {WAITING} \
             GROUP BY connection_id, situation ORDER BY connection_id, situation"
        );
        self.read(move |db| {
            all(db, &sql, [key(organization)], |row| {
                Ok(ReviewCount {
                    connection_id: rows::id(row, 0)?,
                    situation: rows::word(row, 1)?,
                    cells: rows::count(row, 2)?,
                })
            })
        })
        .await
    }
}
