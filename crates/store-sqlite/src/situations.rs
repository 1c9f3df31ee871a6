//! Deriving the one state of each person in each connection.

use std::collections::HashMap;

use counterpart_model::connection::DIRECTORY;
use counterpart_model::event::SituationChange;
use counterpart_model::{
    ConnectionId, CrmUserId, NewEvent, OrganizationId, PersonId, Situation, Timestamp,
};
use rusqlite::{Connection, Row};

use crate::fault::Result;
use crate::query::{KEYS, Query, key, keys};
use crate::{events, rows};

/// The mapping that holds now and what becomes of it, a decision, a proposal: whatever there is
/// for each person in each connection. Of several mappings, one that drifted comes first.
const DERIVED: &str = "WITH derived AS MATERIALIZED (\
    SELECT person.organization_id, connection.connection_id, person.person_id, \
    CASE \
    WHEN mapping.mapping_id IS NOT NULL AND EXISTS (SELECT 1 FROM drift \
        WHERE drift.organization_id = mapping.organization_id \
        AND drift.mapping_id = mapping.mapping_id) \
    THEN 'drifted' \
    WHEN mapping.mapping_id IS NOT NULL THEN 'mapped' \
    WHEN EXISTS (SELECT 1 FROM decision \
        WHERE decision.organization_id = person.organization_id \
        AND decision.person_id = person.person_id \
        AND decision.connection_id = connection.connection_id \
        AND decision.kind = 'no_account' AND decision.expires_at > ?) \
    THEN 'ignored' \
    WHEN proposal.ambiguous THEN 'ambiguous' \
    WHEN proposal.person_id IS NOT NULL THEN 'proposed' \
    ELSE 'unmapped' END AS situation, \
    mapping.mapping_id, mapping.crm_user_id AS mapped_user, \
    proposal.crm_user_id AS proposed_user, proposal.score, proposal.certain, \
    proposal.candidates \
    FROM connection \
    CROSS JOIN person ON person.organization_id = connection.organization_id \
    LEFT JOIN mapping ON mapping.organization_id = person.organization_id \
    AND mapping.mapping_id = (\
        SELECT held.mapping_id FROM mapping AS held \
        WHERE held.organization_id = person.organization_id \
        AND held.person_id = person.person_id \
        AND held.connection_id = connection.connection_id \
        AND held.valid_from <= ? AND held.valid_to > ? \
        ORDER BY NOT EXISTS (SELECT 1 FROM drift \
            WHERE drift.organization_id = held.organization_id \
            AND drift.mapping_id = held.mapping_id), held.mapping_id LIMIT 1) \
    LEFT JOIN proposal ON proposal.organization_id = person.organization_id \
    AND proposal.connection_id = connection.connection_id \
    AND proposal.person_id = person.person_id \
    WHERE connection.organization_id = ? AND connection.side <> 'platform' \
    AND connection.provider <> ? AND (person.active OR mapping.mapping_id IS NOT NULL)";

/// Situations of people who do not work here, or in connections without CRM users, may not come
/// back. All others do, and are written only where they differ: most refreshes change little.
const DOUBTFUL: &str = "AND (NOT EXISTS (SELECT 1 FROM person \
    WHERE person.organization_id = situation.organization_id \
    AND person.person_id = situation.person_id AND person.active) \
    OR NOT EXISTS (SELECT 1 FROM connection \
    WHERE connection.organization_id = situation.organization_id \
    AND connection.connection_id = situation.connection_id \
    AND connection.side <> 'platform' AND connection.provider <> ?))";

/// What a cell shows: whom it is mapped to, or whom it proposes, or among how many somebody has
/// to choose.
const SHOWN: &str = ") \
    SELECT organization_id, connection_id, person_id, situation, mapping_id, \
    CASE situation WHEN 'mapped' THEN mapped_user WHEN 'drifted' THEN mapped_user \
    WHEN 'proposed' THEN proposed_user END, \
    CASE situation WHEN 'proposed' THEN score END, \
    CASE situation WHEN 'proposed' THEN certain ELSE 0 END, \
    CASE situation WHEN 'ambiguous' THEN candidates ELSE 0 END \
    FROM derived WHERE true \
    ON CONFLICT (organization_id, connection_id, person_id) DO UPDATE SET \
    situation = excluded.situation, mapping_id = excluded.mapping_id, \
    crm_user_id = excluded.crm_user_id, score = excluded.score, certain = excluded.certain, \
    candidates = excluded.candidates \
    WHERE (situation.situation, situation.mapping_id, situation.crm_user_id, situation.score, \
    situation.certain, situation.candidates) IS NOT (excluded.situation, excluded.mapping_id, \
    excluded.crm_user_id, excluded.score, excluded.certain, excluded.candidates) \
    RETURNING connection_id, person_id, situation, mapping_id, crm_user_id, score, certain";

/// A person in a connection.
type Cell = (ConnectionId, PersonId);
/// A situation that somebody may have been told of, with its CRM user.
type Told = (Situation, Option<CrmUserId>);

/// Derives situations anew, of one connection or all, of some people or all, and tells of what
/// opened and drifted by it.
pub(crate) fn refresh(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
    now: Timestamp,
) -> Result<()> {
    let told = told(db, organization, connection, people)?;
    let mut delete = Query::new("DELETE FROM situation WHERE organization_id = ?");
    delete.bind(key(organization).to_vec());
    if let Some(connection) = connection {
        delete.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(people) = people {
        delete.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    delete.with(DOUBTFUL, DIRECTORY.to_owned());
    delete.execute(db)?;
    let mut insert = Query::new(
        "INSERT INTO situation (organization_id, connection_id, person_id, situation, \
         mapping_id, crm_user_id, score, certain, candidates)",
    );
    insert.text(DERIVED);
    for _ in 0..3 {
        insert.bind(now.as_micros());
    }
    insert
        .bind(key(organization).to_vec())
        .bind(DIRECTORY.to_owned());
    if let Some(connection) = connection {
        insert.with("AND connection.connection_id = ?", key(connection).to_vec());
    }
    if let Some(people) = people {
        insert.with(&format!("AND person.person_id IN {KEYS}"), keys(people));
    }
    insert.text(SHOWN);
    let mut changes = insert.all(db, |row| change(row, &told))?;
    // Which row the database wrote first is its business, and no order for a log.
    changes.sort_by_key(|change| (change.connection_id, change.person_id));
    events::append(db, organization, &NewEvent::of_situations(&changes), now)
}

/// The situations that events may have told of, as they are.
fn told(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
) -> Result<HashMap<Cell, Told>> {
    let mut query = Query::new(
        "SELECT connection_id, person_id, situation, crm_user_id FROM situation \
         WHERE organization_id = ?",
    );
    query.bind(key(organization).to_vec());
    query.text("AND situation IN ('proposed', 'ambiguous', 'drifted')");
    if let Some(connection) = connection {
        query.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(people) = people {
        query.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    let found = query.all(db, |row| {
        let cell = (rows::id(row, 0)?, rows::id(row, 1)?);
        let user: Option<String> = row.get(3)?;
        Ok((cell, (rows::word(row, 2)?, user.map(CrmUserId))))
    })?;
    Ok(found.into_iter().collect())
}

fn change(row: &Row<'_>, told: &HashMap<Cell, Told>) -> Result<SituationChange> {
    let cell = (rows::id(row, 0)?, rows::id(row, 1)?);
    let user: Option<String> = row.get(4)?;
    Ok(SituationChange {
        connection_id: cell.0,
        person_id: cell.1,
        before: told.get(&cell).cloned(),
        situation: rows::word(row, 2)?,
        mapping_id: rows::maybe_id(row, 3)?,
        crm_user_id: user.map(CrmUserId),
        score: row.get(5)?,
        certain: row.get(6)?,
    })
}
