//! How people stand over all connections: kept sums, and the words that their CRM users add.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{
    ConnectionId, OrganizationId, PersonId, RunId, Situation, SituationSet, search,
};
use counterpart_store::standings::{SituationCount, Standings};
use rusqlite::{Connection, params};

use crate::fault::{Fault, Result};
use crate::query::{all, execute, first, key};
use crate::rows;

/// In how many connections a person is in each situation, or is so more or less than before; in
/// the order of [`Situation::ALL`], which is that of the table's columns.
type Cells = [i64; Situation::ALL.len()];

/// What a change of situations does to the sums.
#[derive(Default)]
pub(crate) struct Moves {
    /// People and certain proposals, more or less than before.
    counts: BTreeMap<(ConnectionId, Situation), (i64, i64)>,
    people: BTreeMap<PersonId, Cells>,
}

impl Moves {
    /// Somebody is in a situation now (`by` is 1) or is not any more (−1).
    pub(crate) fn note(
        &mut self,
        (connection, person): (ConnectionId, PersonId),
        (situation, certain): (Situation, bool),
        by: i64,
    ) {
        let count = self.counts.entry((connection, situation)).or_default();
        count.0 += by;
        count.1 += if certain { by } else { 0 };
        let cells = self.people.entry(person).or_default();
        if let Some(at) = Situation::ALL.iter().position(|one| *one == situation) {
            cells[at] += by;
        }
    }

    /// Brings the sums up to date.
    pub(crate) fn keep(self, db: &Connection, organization: OrganizationId) -> Result<()> {
        let sql = "INSERT INTO situation_count \
            (organization_id, connection_id, situation, people, certain) VALUES (?, ?, ?, ?, ?) \
            ON CONFLICT (organization_id, connection_id, situation) DO UPDATE SET \
            people = people + excluded.people, certain = certain + excluded.certain";
        for ((connection, situation), (people, certain)) in self.counts {
            if (people, certain) != (0, 0) {
                let ids = (key(organization), key(connection));
                let values = params![ids.0, ids.1, situation.as_str(), people, certain];
                execute(db, sql, values)?;
            }
        }
        let mut sets = BTreeMap::new();
        for (person, cells) in self.people {
            if cells.iter().any(|by| *by != 0) {
                let (before, after) = stand(db, organization, person, cells)?;
                *sets.entry(before).or_insert(0) -= 1;
                *sets.entry(after).or_insert(0) += 1;
            }
        }
        count_sets(db, organization, sets)
    }
}

/// Changes how a person stands; the situations before and now.
fn stand(
    db: &Connection,
    organization: OrganizationId,
    person: PersonId,
    by: Cells,
) -> Result<(SituationSet, SituationSet)> {
    let sql = "INSERT INTO standing (organization_id, person_id, \
        mapped, proposed, ambiguous, unmapped, drifted, held, ignored) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (organization_id, person_id) DO UPDATE SET mapped = mapped + excluded.mapped, \
        proposed = proposed + excluded.proposed, ambiguous = ambiguous + excluded.ambiguous, \
        unmapped = unmapped + excluded.unmapped, drifted = drifted + excluded.drifted, \
        held = held + excluded.held, ignored = ignored + excluded.ignored \
        RETURNING mapped, proposed, ambiguous, unmapped, drifted, held, ignored";
    let ids = (key(organization), key(person));
    let [
        mapped,
        proposed,
        ambiguous,
        unmapped,
        drifted,
        held,
        ignored,
    ] = by;
    let values = params![
        ids.0, ids.1, mapped, proposed, ambiguous, unmapped, drifted, held, ignored
    ];
    let now = first(db, sql, values, |row| {
        let mut cells = Cells::default();
        for (at, cell) in cells.iter_mut().enumerate() {
            *cell = row.get(at)?;
        }
        Ok(cells)
    })?;
    let now = now.ok_or_else(|| Fault::corrupt("a statement that has a row had none"))?;
    let mut before = now;
    for (cell, by) in before.iter_mut().zip(by) {
        *cell -= by;
    }
    Ok((set_of(before), set_of(now)))
}

fn set_of(cells: Cells) -> SituationSet {
    let there: Vec<Situation> = Situation::ALL
        .into_iter()
        .zip(cells)
        .filter_map(|(situation, cells)| (cells > 0).then_some(situation))
        .collect();
    SituationSet::of(&there)
}

/// Counts people by their situations, more or less than before, and forgets who is in none.
fn count_sets(
    db: &Connection,
    organization: OrganizationId,
    sets: BTreeMap<SituationSet, i64>,
) -> Result<()> {
    let sql = "INSERT INTO standing_count (organization_id, situations, people) VALUES (?, ?, ?) \
        ON CONFLICT (organization_id, situations) DO UPDATE SET people = people + excluded.people";
    for (set, people) in sets {
        if set.is_empty() {
            let sql = "DELETE FROM standing WHERE organization_id = ? AND situations = 0";
            execute(db, sql, [key(organization)])?;
        } else if people != 0 {
            let values = params![key(organization), set.bits(), people];
            execute(db, sql, values)?;
        }
    }
    Ok(())
}

/// Takes a person who is about to be removed out of all sums, with the person's situations.
pub(crate) fn forget(
    db: &Connection,
    organization: OrganizationId,
    person: PersonId,
) -> Result<()> {
    let sql = "DELETE FROM situation WHERE organization_id = ? AND person_id = ? \
        RETURNING connection_id, situation, certain";
    let ids = [key(organization), key(person)];
    let mut moves = Moves::default();
    let gone = all(db, sql, ids, |row| {
        Ok((rows::id(row, 0)?, (rows::word(row, 1)?, row.get(2)?)))
    })?;
    for (connection, stood) in gone {
        moves.note((connection, person), stood, -1);
    }
    moves.keep(db, organization)
}

/// Writes anew what CRM users add to the search texts of some people.
pub(crate) fn renew_shown_texts(
    db: &Connection,
    organization: OrganizationId,
    people: &BTreeSet<PersonId>,
) -> Result<()> {
    let own = "SELECT search_text, shown_text FROM person \
        WHERE organization_id = ? AND person_id = ?";
    let shown = "SELECT crm_user.search_text FROM situation \
        JOIN crm_user USING (organization_id, connection_id, crm_user_id) \
        WHERE situation.organization_id = ? AND situation.person_id = ? \
        ORDER BY situation.connection_id";
    let write = "UPDATE person SET shown_text = ? WHERE organization_id = ? AND person_id = ?";
    for person in people {
        let ids = [key(organization), key(*person)];
        let texts = first(db, own, ids, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let Some((own, kept)) = texts else { continue };
        let users: Vec<String> = all(db, shown, ids, |row| Ok(row.get(0)?))?;
        let text = search::shown_text(&own, users.iter().map(String::as_str));
        if text != kept {
            execute(db, write, params![text, ids[0], ids[1]])?;
        }
    }
    Ok(())
}

/// The same for everybody who is shown with a CRM user that a run brings or changes. Called before
/// the differences that the run found are dropped.
pub(crate) fn renew_shown_texts_of_run(
    db: &Connection,
    organization: OrganizationId,
    (connection, run): (ConnectionId, RunId),
) -> Result<()> {
    let sql = "SELECT situation.person_id FROM run_change AS change \
        JOIN situation ON situation.organization_id = change.organization_id \
        AND situation.connection_id = ? AND situation.crm_user_id = change.crm_user_id \
        WHERE change.organization_id = ? AND change.run_id = ? AND change.after IS NOT NULL";
    let values = [key(connection), key(organization), key(run)];
    let people = all(db, sql, values, |row| rows::id(row, 0))?;
    renew_shown_texts(db, organization, &people.into_iter().collect())
}

/// Counts the CRM users of a connection, once a run has changed them.
pub(crate) fn count_crm_users(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO crm_user_count \
        (organization_id, connection_id, known, present, usable, missing) \
        SELECT ?1, ?2, count(*), coalesce(sum(gone_since IS NULL), 0), \
        coalesce(sum(gone_since IS NULL AND usable), 0), \
        coalesce(sum(gone_since IS NULL AND missing_since IS NOT NULL), 0) \
        FROM crm_user WHERE organization_id = ?1 AND connection_id = ?2";
    execute(db, sql, [key(organization), key(connection)])?;
    Ok(())
}

/// The kept sums.
pub(crate) fn read(db: &Connection, organization: OrganizationId) -> Result<Standings> {
    let cells = "SELECT situation_count.connection_id, situation_count.situation, \
        situation_count.people, situation_count.certain \
        FROM situation_count JOIN connection USING (organization_id, connection_id) \
        WHERE situation_count.organization_id = ? AND situation_count.people > 0 \
        ORDER BY connection.created_at, connection.connection_id, situation_count.situation";
    let people = "SELECT situations, people FROM standing_count \
        WHERE organization_id = ? AND people > 0 ORDER BY situations";
    Ok(Standings {
        cells: all(db, cells, [key(organization)], |row| {
            Ok(SituationCount {
                connection_id: rows::id(row, 0)?,
                situation: rows::word(row, 1)?,
                people: rows::count(row, 2)?,
                certain: rows::count(row, 3)?,
            })
        })?,
        people: all(db, people, [key(organization)], |row| {
            Ok((SituationSet::from_bits(row.get(0)?), rows::count(row, 1)?))
        })?,
    })
}
