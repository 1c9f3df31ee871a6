//! Deriving the one state of each person in each connection.

use std::collections::{BTreeSet, HashMap};

use counterpart_model::connection::DIRECTORY;
use counterpart_model::event::SituationChange;
use counterpart_model::{
    ConnectionId, CrmUserId, NewEvent, OrganizationId, PersonId, Situation, Timestamp,
};
use rusqlite::{Connection, Row, params};

use crate::fault::Result;
use crate::query::{KEYS, Query, execute, key, keys};
use crate::standings::{self, Moves};
use crate::{events, rows};

/// The mapping that holds now and what becomes of it, a decision, a proposal: whatever there is
/// for each person in each connection. Of several mappings, one that drifted comes first.
const DERIVED: &str = "WITH derived AS (\
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
/// to choose. Only cells that show something else than before.
const DIFFERING: &str = "), \
    shown AS (SELECT organization_id, connection_id, person_id, situation, mapping_id, \
    CASE situation WHEN 'mapped' THEN mapped_user WHEN 'drifted' THEN mapped_user \
    WHEN 'proposed' THEN proposed_user END AS crm_user_id, \
    CASE situation WHEN 'proposed' THEN score END AS score, \
    CASE situation WHEN 'proposed' THEN certain ELSE 0 END AS certain, \
    CASE situation WHEN 'ambiguous' THEN candidates ELSE 0 END AS candidates \
    FROM derived) \
    SELECT shown.connection_id, shown.person_id, shown.situation, shown.mapping_id, \
    shown.crm_user_id, shown.score, shown.certain, shown.candidates, \
    old.situation, old.crm_user_id, old.certain \
    FROM shown LEFT JOIN situation AS old ON old.organization_id = shown.organization_id \
    AND old.connection_id = shown.connection_id AND old.person_id = shown.person_id \
    WHERE (shown.situation, shown.mapping_id, shown.crm_user_id, shown.score, shown.certain, \
    shown.candidates) IS NOT (old.situation, old.mapping_id, old.crm_user_id, old.score, \
    old.certain, old.candidates) \
    ORDER BY shown.connection_id, shown.person_id";

/// A person in a connection.
type Cell = (ConnectionId, PersonId);

/// What a cell was.
#[derive(Clone)]
struct Former {
    situation: Situation,
    crm_user_id: Option<CrmUserId>,
    certain: bool,
}

/// A cell that shows something else than before.
struct Differing {
    now: SituationChange,
    candidates: i64,
    before: Option<Former>,
}

/// Derives situations anew, of one connection or all, of some people or all, and tells of what
/// opened and drifted by it.
pub(crate) fn refresh(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
    now: Timestamp,
) -> Result<()> {
    let mut ended = end_doubtful(db, organization, connection, people)?;
    let mut moves = Moves::default();
    let mut shown_anew = BTreeSet::new();
    let mut changes = Vec::new();
    for mut differing in differing(db, organization, connection, people, now)? {
        let cell = (differing.now.connection_id, differing.now.person_id);
        let before = ended.remove(&cell).or(differing.before.take());
        write(db, organization, &differing)?;
        let change = &mut differing.now;
        if let Some(before) = &before {
            moves.note(cell, (before.situation, before.certain), -1);
        }
        moves.note(cell, (change.situation, change.certain), 1);
        let shown = before
            .as_ref()
            .and_then(|before| before.crm_user_id.as_ref());
        if shown != change.crm_user_id.as_ref() {
            shown_anew.insert(cell.1);
        }
        change.before = before.map(|before| (before.situation, before.crm_user_id));
        changes.push(differing.now);
    }
    for (cell, before) in ended {
        moves.note(cell, (before.situation, before.certain), -1);
        if before.crm_user_id.is_some() {
            shown_anew.insert(cell.1);
        }
    }
    moves.keep(db, organization)?;
    standings::renew_shown_texts(db, organization, &shown_anew)?;
    events::append(db, organization, &NewEvent::of_situations(&changes), now)
}

/// Takes away the situations that may not come back, and says what they were.
fn end_doubtful(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
) -> Result<HashMap<Cell, Former>> {
    let mut delete = Query::new("DELETE FROM situation WHERE organization_id = ?");
    delete.bind(key(organization).to_vec());
    if let Some(connection) = connection {
        delete.with("AND connection_id = ?", key(connection).to_vec());
    }
    if let Some(people) = people {
        delete.with(&format!("AND person_id IN {KEYS}"), keys(people));
    }
    delete.with(DOUBTFUL, DIRECTORY.to_owned());
    delete.text("RETURNING connection_id, person_id, situation, crm_user_id, certain");
    let ended = delete.all(db, |row| {
        let cell = (rows::id(row, 0)?, rows::id(row, 1)?);
        let user: Option<String> = row.get(3)?;
        let former = Former {
            situation: rows::word(row, 2)?,
            crm_user_id: user.map(CrmUserId),
            certain: row.get(4)?,
        };
        Ok((cell, former))
    })?;
    Ok(ended.into_iter().collect())
}

/// The cells that show something else than before, by connection and person.
fn differing(
    db: &Connection,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
    now: Timestamp,
) -> Result<Vec<Differing>> {
    let mut query = Query::new(DERIVED);
    for _ in 0..3 {
        query.bind(now.as_micros());
    }
    query
        .bind(key(organization).to_vec())
        .bind(DIRECTORY.to_owned());
    if let Some(connection) = connection {
        query.with("AND connection.connection_id = ?", key(connection).to_vec());
    }
    if let Some(people) = people {
        query.with(&format!("AND person.person_id IN {KEYS}"), keys(people));
    }
    query.text(DIFFERING);
    query.all(db, read)
}

fn read(row: &Row<'_>) -> Result<Differing> {
    let user: Option<String> = row.get(4)?;
    let now = SituationChange {
        connection_id: rows::id(row, 0)?,
        person_id: rows::id(row, 1)?,
        before: None,
        situation: rows::word(row, 2)?,
        mapping_id: rows::maybe_id(row, 3)?,
        crm_user_id: user.map(CrmUserId),
        score: row.get(5)?,
        certain: row.get(6)?,
    };
    let former: Option<String> = row.get(8)?;
    let before = match former {
        Some(_) => Some(Former {
            situation: rows::word(row, 8)?,
            crm_user_id: row.get::<_, Option<String>>(9)?.map(CrmUserId),
            certain: row.get(10)?,
        }),
        None => None,
    };
    Ok(Differing {
        now,
        candidates: row.get(7)?,
        before,
    })
}

fn write(db: &Connection, organization: OrganizationId, cell: &Differing) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO situation (organization_id, connection_id, person_id, \
        situation, mapping_id, crm_user_id, score, certain, candidates) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let now = &cell.now;
    let values = params![
        key(organization),
        key(now.connection_id),
        key(now.person_id),
        now.situation.as_str(),
        now.mapping_id.map(key),
        now.crm_user_id.as_ref().map(|id| &id.0),
        now.score,
        now.certain,
        cell.candidates
    ];
    execute(db, sql, values)?;
    Ok(())
}
