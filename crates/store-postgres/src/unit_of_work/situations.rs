//! Situations: derived in one statement that writes only what differs.

use std::collections::BTreeSet;

use counterpart_model::event::SituationChange;
use counterpart_model::{ConnectionId, CrmUserId, NewEvent, OrganizationId, PersonId, Timestamp};
use counterpart_store::Result;
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{ReadRow as _, word};
use crate::{error, events, sql};

use super::standings;

/// `$1` organization, `$2` connection or NULL, `$3` people or NULL, `$4` now.
const REFRESH: &str = "
WITH holding AS (
    -- Of several mappings of a person that hold now: one that drifted, else the first.
    SELECT DISTINCT ON (m.connection_id, m.person_id)
           m.connection_id, m.person_id, m.mapping_id, m.crm_user_id, d.drifted
    FROM mapping AS m
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM drift
            WHERE drift.organization_id = $1 AND drift.mapping_id = m.mapping_id
        ) AS drifted
    ) AS d
    WHERE m.organization_id = $1
      AND ($2::uuid IS NULL OR m.connection_id = $2)
      AND ($3::uuid[] IS NULL OR m.person_id = ANY($3))
      AND m.valid_from <= $4 AND $4 < m.valid_to
    ORDER BY m.connection_id, m.person_id, d.drifted DESC, m.mapping_id
),
no_account AS (
    SELECT connection_id, person_id
    FROM decision
    WHERE organization_id = $1 AND kind = 'no_account' AND expires_at > $4
),
judged AS (
    SELECT c.connection_id, p.person_id, h.mapping_id, h.crm_user_id,
           q.crm_user_id AS proposed_id, q.score, q.certain, q.candidates,
           CASE
               WHEN h.drifted THEN 'drifted'
               WHEN h.person_id IS NOT NULL THEN 'mapped'
               WHEN n.person_id IS NOT NULL THEN 'ignored'
               WHEN q.ambiguous THEN 'ambiguous'
               WHEN q.person_id IS NOT NULL THEN 'proposed'
               ELSE 'unmapped'
           END AS situation
    FROM connection AS c
    JOIN person AS p USING (organization_id)
    LEFT JOIN holding AS h USING (connection_id, person_id)
    LEFT JOIN no_account AS n USING (connection_id, person_id)
    LEFT JOIN proposal AS q USING (organization_id, connection_id, person_id)
    WHERE organization_id = $1
      AND ($2::uuid IS NULL OR c.connection_id = $2)
      AND ($3::uuid[] IS NULL OR p.person_id = ANY($3))
      AND c.side <> 'platform' AND c.provider <> 'directory'
      AND (p.active OR h.person_id IS NOT NULL)
),
wanted AS (
    SELECT connection_id, person_id, situation, mapping_id,
           CASE WHEN situation = 'proposed' THEN proposed_id ELSE crm_user_id END AS crm_user_id,
           CASE WHEN situation = 'proposed' THEN score END AS score,
           situation = 'proposed' AND certain AS certain,
           CASE WHEN situation = 'ambiguous' THEN candidates ELSE 0 END AS candidates
    FROM judged
),
ended AS (
    DELETE FROM situation AS s
    WHERE s.organization_id = $1
      AND ($2::uuid IS NULL OR s.connection_id = $2)
      AND ($3::uuid[] IS NULL OR s.person_id = ANY($3))
      AND NOT EXISTS (
        SELECT FROM wanted AS w
        WHERE w.connection_id = s.connection_id AND w.person_id = s.person_id
      )
    RETURNING s.*
),
written AS (
    INSERT INTO situation AS s
        (organization_id, connection_id, person_id, situation, mapping_id, crm_user_id, score,
         certain, candidates)
    SELECT $1, wanted.* FROM wanted
    ON CONFLICT (organization_id, connection_id, person_id) DO UPDATE SET
        situation = excluded.situation, mapping_id = excluded.mapping_id,
        crm_user_id = excluded.crm_user_id, score = excluded.score, certain = excluded.certain,
        candidates = excluded.candidates
    WHERE (s.situation, s.mapping_id, s.crm_user_id, s.score, s.certain, s.candidates)
        IS DISTINCT FROM
        (excluded.situation, excluded.mapping_id, excluded.crm_user_id, excluded.score,
         excluded.certain, excluded.candidates)
    RETURNING s.*
),
-- Every part of the statement sees the table as it was before.
moved AS (
    SELECT w.connection_id, w.person_id, w.situation, w.mapping_id, w.crm_user_id, w.score,
           w.certain, old.situation AS old_situation, old.crm_user_id AS old_user,
           old.certain AS old_certain
    FROM written AS w
    LEFT JOIN situation AS old
      ON old.organization_id = $1 AND old.connection_id = w.connection_id
         AND old.person_id = w.person_id
    UNION ALL
    SELECT connection_id, person_id, NULL, NULL, NULL, NULL, NULL, situation, crm_user_id, certain
    FROM ended
),
step AS (
    SELECT connection_id, person_id, situation, certain, 1 AS n
    FROM moved WHERE situation IS NOT NULL
    UNION ALL
    SELECT connection_id, person_id, old_situation, old_certain, -1
    FROM moved WHERE old_situation IS NOT NULL
),
counted AS (
    INSERT INTO situation_count AS c
        (organization_id, connection_id, situation, people, certain)
    SELECT $1, connection_id, situation, sum(n), sum(n * certain::integer)
    FROM step GROUP BY connection_id, situation
    ON CONFLICT (organization_id, connection_id, situation) DO UPDATE SET
        people = c.people + excluded.people, certain = c.certain + excluded.certain
),
stood AS (
    INSERT INTO standing AS s
        (organization_id, person_id, mapped, proposed, ambiguous, unmapped, drifted, held, ignored)
    SELECT $1, person_id,
           coalesce(sum(n) FILTER (WHERE step.situation = 'mapped'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'proposed'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'ambiguous'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'unmapped'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'drifted'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'held'), 0),
           coalesce(sum(n) FILTER (WHERE step.situation = 'ignored'), 0)
    FROM moved JOIN step USING (connection_id, person_id)
    WHERE moved.situation IS DISTINCT FROM moved.old_situation
    GROUP BY person_id
    ON CONFLICT (organization_id, person_id) DO UPDATE SET
        mapped = s.mapped + excluded.mapped, proposed = s.proposed + excluded.proposed,
        ambiguous = s.ambiguous + excluded.ambiguous, unmapped = s.unmapped + excluded.unmapped,
        drifted = s.drifted + excluded.drifted, held = s.held + excluded.held,
        ignored = s.ignored + excluded.ignored
    RETURNING s.person_id, s.situations
),
together AS (
    INSERT INTO standing_count AS c (organization_id, situations, people)
    SELECT $1, situations, sum(n)
    FROM (
        SELECT situations, 1 AS n FROM stood
        UNION ALL
        SELECT old.situations, -1
        FROM stood JOIN standing AS old
          ON old.organization_id = $1 AND old.person_id = stood.person_id
    ) AS sets
    WHERE situations <> 0
    GROUP BY situations
    ON CONFLICT (organization_id, situations) DO UPDATE SET people = c.people + excluded.people
)
SELECT * FROM moved
WHERE situation IN ('proposed', 'ambiguous', 'drifted')
   OR crm_user_id IS DISTINCT FROM old_user
   OR situation IS NULL
ORDER BY connection_id, person_id";

/// Derives situations, of one connection or all, of some people or all, and tells of what opened
/// and drifted by it.
pub(super) async fn refresh(
    client: &Client,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    people: Option<&[PersonId]>,
    now: Timestamp,
) -> Result<()> {
    let everybody = people.is_none();
    // Just after an import the planner believes that there is nobody, and would compare
    // everybody with everybody.
    if everybody {
        set_nested_loops(client, "off").await?;
    }
    let rows = sql::query(
        client,
        REFRESH,
        &params![organization, connection, people.map(<[_]>::to_vec), now],
    )
    .await?;
    if everybody {
        set_nested_loops(client, "on").await?;
    }
    let mut moved = Moved::default();
    rows.iter().try_for_each(|row| moved.note(row))?;
    if moved.left {
        standings::forget_the_gone(client, organization).await?;
    }
    standings::renew_shown_texts(client, organization, moved.shown_anew).await?;
    events::append(
        client,
        organization,
        &NewEvent::of_situations(&moved.changes),
        now,
    )
    .await
}

/// What a refresh changed.
#[derive(Default)]
struct Moved {
    /// What events may tell of.
    changes: Vec<SituationChange>,
    /// Whose cells show another CRM user than before, or one for the first time.
    shown_anew: BTreeSet<PersonId>,
    /// Whether somebody is not in a situation any more.
    left: bool,
}

impl Moved {
    fn note(&mut self, row: &Row) -> Result<()> {
        let users: [Option<CrmUserId>; 2] = [row.read("crm_user_id")?, row.read("old_user")?];
        if users[0] != users[1] {
            self.shown_anew.insert(row.read("person_id")?);
        }
        match row.read::<Option<String>>("situation")? {
            Some(_) => self.changes.push(change_of(row)?),
            None => self.left = true,
        }
        Ok(())
    }
}

fn change_of(row: &Row) -> Result<SituationChange> {
    let before: Option<String> = row.read("old_situation")?;
    let user = row.read("old_user")?;
    Ok(SituationChange {
        connection_id: row.read("connection_id")?,
        person_id: row.read("person_id")?,
        before: before
            .map(|situation| Ok((word("old_situation", &situation)?, user)))
            .transpose()?,
        situation: row.word("situation")?,
        mapping_id: row.read("mapping_id")?,
        crm_user_id: row.read("crm_user_id")?,
        score: row.read("score")?,
        certain: row.read("certain")?,
    })
}

async fn set_nested_loops(client: &Client, allowed: &str) -> Result<()> {
    client
        .batch_execute(&format!("SET LOCAL enable_nestloop = {allowed}"))
        .await
        .map_err(|error| error::from_statement(&error))
}
