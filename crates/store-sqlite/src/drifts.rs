//! Drift, and what is to happen then.

use std::collections::HashSet;

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUserId, Drift, DriftPolicies, OrganizationId, Page, PageRequest, PersonId,
};
use counterpart_store::drift::{DriftCount, DriftQuery};
use counterpart_store::{Drifts, Result};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::fault::Fault;
use crate::query::{KEYS, Query, after, all, execute, key, keys, limit, page};
use crate::{SqliteStore, fault, rows};

const DRIFT: &str = "SELECT drift.connection_id, drift.mapping_id, drift.person_id, drift.cause, \
    drift.is_primary, drift.since, drift.detail, drift.other_user_id FROM drift \
    JOIN mapping USING (organization_id, mapping_id) WHERE drift.organization_id = ?";

fn drift(row: &Row<'_>) -> fault::Result<Drift> {
    let other: Option<String> = row.get(7)?;
    Ok(Drift {
        connection_id: rows::id(row, 0)?,
        mapping_id: rows::id(row, 1)?,
        person_id: rows::id(row, 2)?,
        cause: rows::word(row, 3)?,
        primary: row.get(4)?,
        since: rows::time(row, 5)?,
        detail: row.get(6)?,
        other: other.map(CrmUserId),
    })
}

/// Replaces the drift of a connection: of all people, or of some. What goes on keeps its *since*.
pub(crate) fn replace(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    people: Option<&[PersonId]>,
    found: &[Drift],
) -> fault::Result<()> {
    let elsewhere = |drift: &Drift| {
        drift.connection_id != connection
            || people.is_some_and(|people| !people.contains(&drift.person_id))
    };
    if found.iter().any(elsewhere) {
        return Err(Fault::misuse("drift is outside of what is replaced"));
    }
    let mut known = Query::new(
        "SELECT mapping_id, cause FROM drift WHERE organization_id = ? AND connection_id = ?",
    );
    known
        .bind(key(organization).to_vec())
        .bind(key(connection).to_vec());
    if let Some(people) = people {
        known.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    let known: Vec<(Uuid, String)> = known.all(db, |row| Ok((rows::id(row, 0)?, row.get(1)?)))?;
    let still: HashSet<(Uuid, &str)> = found
        .iter()
        .map(|drift| (drift.mapping_id.into(), drift.cause.as_str()))
        .collect();
    let over = "DELETE FROM drift WHERE organization_id = ? AND mapping_id = ? AND cause = ?";
    for (mapping, cause) in &known {
        if !still.contains(&(*mapping, cause.as_str())) {
            execute(db, over, params![key(organization), key(*mapping), cause])?;
        }
    }
    let sql = "INSERT INTO drift (organization_id, connection_id, mapping_id, cause, person_id, \
        is_primary, since, detail, other_user_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (organization_id, mapping_id, cause) DO UPDATE SET \
        connection_id = excluded.connection_id, person_id = excluded.person_id, \
        is_primary = excluded.is_primary, detail = excluded.detail, \
        other_user_id = excluded.other_user_id";
    for drift in found {
        let values = params![
            key(organization),
            key(connection),
            key(drift.mapping_id),
            drift.cause.as_str(),
            key(drift.person_id),
            drift.primary,
            drift.since.as_micros(),
            drift.detail,
            drift.other.as_ref().map(|other| &other.0)
        ];
        execute(db, sql, values)?;
    }
    Ok(())
}

fn list(
    db: &Connection,
    organization: OrganizationId,
    wanted: &DriftQuery,
    request: &PageRequest,
) -> fault::Result<Page<Drift>> {
    let mut query = Query::new(DRIFT);
    query.bind(key(organization).to_vec());
    if let Some(connection) = wanted.connection_id {
        query.with("AND drift.connection_id = ?", key(connection).to_vec());
    }
    if let Some(person) = wanted.person_id {
        query.with("AND drift.person_id = ?", key(person).to_vec());
    }
    if let Some(mapping) = wanted.mapping_id {
        query.with("AND drift.mapping_id = ?", key(mapping).to_vec());
    }
    if let Some(cause) = wanted.cause {
        query.with("AND drift.cause = ?", cause.as_str().to_owned());
    }
    if wanted.primary_only {
        query.text("AND drift.is_primary");
    }
    if let Some((mapping, cause)) = after::<(Uuid, String)>(request)? {
        query.with(
            "AND (drift.mapping_id, drift.cause) > (?, ?)",
            key(mapping).to_vec(),
        );
        query.bind(cause);
    }
    query.with(
        "ORDER BY drift.mapping_id, drift.cause LIMIT ?",
        limit(request),
    );
    let found = query.all(db, drift)?;
    page(request, found, |drift| {
        (Uuid::from(drift.mapping_id), drift.cause.as_str())
    })
}

#[async_trait]
impl Drifts for SqliteStore {
    async fn list_drift(
        &self,
        organization: OrganizationId,
        query: &DriftQuery,
        page: &PageRequest,
    ) -> Result<Page<Drift>> {
        let (query, page) = (query.clone(), page.clone());
        self.read(move |db| list(db, organization, &query, &page))
            .await
    }

    async fn drift_of_people(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Drift>> {
        let mut query = Query::new(DRIFT);
        query.bind(key(organization).to_vec());
        query.with(&format!("AND drift.person_id IN {KEYS}"), keys(people));
        query.text("ORDER BY drift.mapping_id, drift.cause");
        self.read(move |db| query.all(db, drift)).await
    }

    async fn count_drift(&self, organization: OrganizationId) -> Result<Vec<DriftCount>> {
        let sql = "SELECT drift.connection_id, drift.cause, count(*) FROM drift \
            JOIN mapping USING (organization_id, mapping_id) \
            WHERE drift.organization_id = ? AND drift.is_primary \
            GROUP BY drift.connection_id, drift.cause \
            ORDER BY drift.connection_id, drift.cause";
        self.read(move |db| {
            all(db, sql, params![key(organization)], |row| {
                Ok(DriftCount {
                    connection_id: rows::id(row, 0)?,
                    cause: rows::word(row, 1)?,
                    mappings: rows::count(row, 2)?,
                })
            })
        })
        .await
    }

    async fn drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<DriftPolicies> {
        let sql = "SELECT cause, policy FROM drift_policy \
            WHERE organization_id = ? AND connection_id = ?";
        let found = self.read(move |db| {
            let values = params![key(organization), key(connection)];
            all(db, sql, values, |row| {
                Ok((rows::word(row, 0)?, rows::word(row, 1)?))
            })
        });
        Ok(found.await?.into_iter().collect())
    }

    async fn set_drift_policies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        policies: &DriftPolicies,
    ) -> Result<()> {
        let policies = policies.clone();
        self.write(move |db| {
            let values = params![key(organization), key(connection)];
            let sql = "DELETE FROM drift_policy WHERE organization_id = ? AND connection_id = ?";
            execute(db, sql, values)?;
            let sql = "INSERT INTO drift_policy (organization_id, connection_id, cause, policy) \
                VALUES (?, ?, ?, ?)";
            for (cause, policy) in policies.named() {
                let values = params![
                    key(organization),
                    key(connection),
                    cause.as_str(),
                    policy.as_str()
                ];
                execute(db, sql, values)?;
            }
            Ok(())
        })
        .await
    }
}
