//! What an evaluation leaves behind, beside what it found.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, OrganizationId, PersonId, Timestamp};
use counterpart_store::evaluations::{Evaluated, Evaluation};
use counterpart_store::unit_of_work::Concerning;
use counterpart_store::{Evaluations, Result};
use rusqlite::{Connection, params};

use crate::query::{Query, all, execute, key, keys, number};
use crate::{SqliteStore, fault, rows};

/// Proposals of a connection whose person or CRM user cannot be tied now, or not to each other.
const UNACCEPTABLE: &str = "AND (\
    EXISTS (SELECT 1 FROM mapping WHERE mapping.organization_id = proposal.organization_id \
        AND mapping.person_id = proposal.person_id \
        AND mapping.connection_id = proposal.connection_id \
        AND mapping.valid_from <= ?3 AND mapping.valid_to > ?3) \
    OR EXISTS (SELECT 1 FROM mapping WHERE mapping.organization_id = proposal.organization_id \
        AND mapping.connection_id = proposal.connection_id \
        AND mapping.crm_user_id = proposal.crm_user_id \
        AND mapping.valid_from <= ?3 AND mapping.valid_to > ?3) \
    OR EXISTS (SELECT 1 FROM person WHERE person.organization_id = proposal.organization_id \
        AND person.person_id = proposal.person_id AND NOT person.active) \
    OR EXISTS (SELECT 1 FROM decision \
        WHERE decision.organization_id = proposal.organization_id \
        AND decision.person_id = proposal.person_id \
        AND decision.connection_id = proposal.connection_id AND decision.expires_at > ?3 \
        AND (decision.kind = 'no_account' \
            OR decision.kind = 'not_this_pair' AND decision.crm_user_id = proposal.crm_user_id)) \
    OR EXISTS (SELECT 1 FROM decision \
        WHERE decision.organization_id = proposal.organization_id \
        AND decision.connection_id = proposal.connection_id \
        AND decision.kind IN ('not_a_person', 'shared_seat') \
        AND coalesce(decision.person_id, x'') = x'' AND (decision.crm_user_id IS NULL) = 0 \
        AND coalesce(decision.crm_user_id, '') = proposal.crm_user_id \
        AND decision.expires_at > ?3)) \
    RETURNING person_id";

/// For some people, and naming some CRM users.
const OF_PEOPLE: &str = "AND person_id IN (SELECT unhex(value) FROM json_each(?4))";
const OF_CRM_USERS: &str = "AND crm_user_id IN (SELECT value FROM json_each(?4))";

/// Forgets proposals that cannot be accepted: all of them, or those that a change concerns.
pub(crate) fn withdraw(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    concerning: Option<&(Vec<PersonId>, Vec<String>)>,
    now: Timestamp,
) -> fault::Result<Vec<PersonId>> {
    let scopes = match concerning {
        None => vec![("", None)],
        Some((people, users)) => vec![
            (OF_PEOPLE, Some(keys(people))),
            (OF_CRM_USERS, Some(serde_json::to_string(users)?)),
        ],
    };
    let mut withdrawn = Vec::new();
    for (scope, asked) in scopes {
        let mut delete =
            Query::new("DELETE FROM proposal WHERE organization_id = ?1 AND connection_id = ?2");
        delete
            .bind(key(organization).to_vec())
            .bind(key(connection).to_vec())
            .bind(now.as_micros())
            .text(scope)
            .text(UNACCEPTABLE);
        if let Some(asked) = asked {
            delete.bind(asked);
        }
        let gone: Vec<PersonId> = delete.all(db, |row| rows::id(row, 0))?;
        withdrawn.extend(gone);
    }
    withdrawn.sort_unstable();
    withdrawn.dedup();
    Ok(withdrawn)
}

/// Lets no proposal of a connection be certain.
pub(crate) fn doubt(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
) -> fault::Result<Vec<PersonId>> {
    let sql = "UPDATE proposal SET certain = 0 \
        WHERE organization_id = ? AND connection_id = ? AND certain RETURNING person_id";
    let mut doubted: Vec<PersonId> = all(db, sql, [key(organization), key(connection)], |row| {
        rows::id(row, 0)
    })?;
    doubted.sort_unstable();
    Ok(doubted)
}

/// Notes that something changed in a connection.
pub(crate) fn note_change(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    now: Timestamp,
) -> fault::Result<()> {
    let sql = "INSERT INTO evaluation (organization_id, connection_id, stale_since, open_changes) \
        VALUES (?, ?, ?, 1) ON CONFLICT (organization_id, connection_id) DO UPDATE SET \
        stale_since = coalesce(evaluation.stale_since, excluded.stale_since), \
        open_changes = evaluation.open_changes + 1";
    let values = params![key(organization), key(connection), now.as_micros()];
    execute(db, sql, values)?;
    Ok(())
}

/// Notes that changes were looked at.
pub(crate) fn note_evaluation(
    db: &Connection,
    organization: OrganizationId,
    connection: ConnectionId,
    done: Evaluated,
) -> fault::Result<()> {
    let sql = "INSERT INTO evaluation (organization_id, connection_id, evaluated_at, open_changes) \
        VALUES (?1, ?2, ?3, 0) ON CONFLICT (organization_id, connection_id) DO UPDATE SET \
        evaluated_at = coalesce(excluded.evaluated_at, evaluation.evaluated_at), \
        stale_since = CASE WHEN evaluation.open_changes > ?4 THEN evaluation.stale_since END, \
        open_changes = max(evaluation.open_changes - ?4, 0)";
    let values = params![
        key(organization),
        key(connection),
        done.everybody_at.map(Timestamp::as_micros),
        number(done.changes)
    ];
    execute(db, sql, values)?;
    Ok(())
}

/// The ids of a [`Concerning`], to be sent to the thread that writes.
pub(crate) fn owned(concerning: Concerning<'_>) -> (Vec<PersonId>, Vec<String>) {
    let users = concerning.crm_users.iter().map(|id| id.0.clone());
    (concerning.people.to_vec(), users.collect())
}

#[async_trait]
impl Evaluations for SqliteStore {
    async fn list_evaluations(&self, organization: OrganizationId) -> Result<Vec<Evaluation>> {
        let sql = "SELECT connection_id, evaluated_at, stale_since, open_changes FROM evaluation \
            WHERE organization_id = ? ORDER BY connection_id";
        self.read(move |db| {
            all(db, sql, [key(organization)], |row| {
                Ok(Evaluation {
                    connection_id: rows::id(row, 0)?,
                    evaluated_at: rows::maybe_time(row, 1)?,
                    stale_since: rows::maybe_time(row, 2)?,
                    open_changes: rows::count(row, 3)?,
                })
            })
        })
        .await
    }
}
