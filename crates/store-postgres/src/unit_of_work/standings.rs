//! How people stand over all connections: what is kept beside what a refresh keeps itself.

use std::collections::BTreeSet;

use counterpart_model::{ConnectionId, OrganizationId, PersonId, RunId, search};
use counterpart_store::Result;
use tokio_postgres::Client;

use crate::params::params;
use crate::sql::{self, ReadRow as _};

/// How many people's texts are made at a time.
const SOME: usize = 2_000;

/// Drops the rows of those who are in no situation any more.
pub(super) async fn forget_the_gone(client: &Client, organization: OrganizationId) -> Result<()> {
    sql::execute(
        client,
        "DELETE FROM standing WHERE organization_id = $1 AND situations = 0",
        &params![organization],
    )
    .await?;
    Ok(())
}

/// Takes people who are about to be removed out of all sums, with their situations.
pub(super) async fn forget(
    client: &Client,
    organization: OrganizationId,
    people: Vec<PersonId>,
) -> Result<()> {
    sql::execute(
        client,
        "WITH cells AS (
            DELETE FROM situation WHERE organization_id = $1 AND person_id = ANY($2)
            RETURNING connection_id, situation, certain
         ),
         stood AS (
            DELETE FROM standing WHERE organization_id = $1 AND person_id = ANY($2)
            RETURNING situations
         ),
         counted AS (
            UPDATE situation_count AS c
            SET people = c.people - less.people, certain = c.certain - less.certain
            FROM (
                SELECT connection_id, situation, count(*) AS people,
                       count(*) FILTER (WHERE certain) AS certain
                FROM cells GROUP BY connection_id, situation
            ) AS less
            WHERE c.organization_id = $1 AND c.connection_id = less.connection_id
              AND c.situation = less.situation
         )
         UPDATE standing_count AS c SET people = c.people - less.people
         FROM (SELECT situations, count(*) AS people FROM stood GROUP BY situations) AS less
         WHERE c.organization_id = $1 AND c.situations = less.situations",
        &params![organization, people],
    )
    .await?;
    Ok(())
}

/// Writes anew what CRM users add to the search texts of some people.
pub(super) async fn renew_shown_texts(
    client: &Client,
    organization: OrganizationId,
    people: BTreeSet<PersonId>,
) -> Result<()> {
    let people: Vec<PersonId> = people.into_iter().collect();
    for some in people.chunks(SOME) {
        let rows = sql::query(
            client,
            // One by one: of what was only just written the server believes that there is nothing.
            "SELECT s.person_id, p.search_text, s.shown_text, (
                SELECT array_agg((
                    SELECT u.search_text FROM crm_user AS u
                    WHERE u.organization_id = $1 AND u.connection_id = c.connection_id
                      AND u.crm_user_id = c.crm_user_id
                ) ORDER BY c.connection_id)
                FROM situation AS c
                WHERE c.organization_id = $1 AND c.person_id = s.person_id
                  AND c.crm_user_id IS NOT NULL
             ) AS users
             FROM standing AS s JOIN person AS p USING (organization_id, person_id)
             WHERE s.organization_id = $1 AND s.person_id = ANY($2)",
            &params![organization, some.to_vec()],
        )
        .await?;
        let (mut changed, mut texts) = (Vec::new(), Vec::new());
        for row in &rows {
            let own: String = row.read("search_text")?;
            // A CRM user that no run ever saw has no text.
            let users: Option<Vec<Option<String>>> = row.read("users")?;
            let users = users.iter().flatten().flatten().map(String::as_str);
            let text = search::shown_text(&own, users);
            if text != row.read::<String>("shown_text")? {
                changed.push(row.read::<PersonId>("person_id")?);
                texts.push(text);
            }
        }
        write(client, organization, changed, texts).await?;
    }
    Ok(())
}

async fn write(
    client: &Client,
    organization: OrganizationId,
    people: Vec<PersonId>,
    texts: Vec<String>,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    sql::execute(
        client,
        "UPDATE standing SET shown_text = renewed.shown_text
         FROM unnest($2::uuid[], $3::text[]) AS renewed (person_id, shown_text)
         WHERE standing.organization_id = $1 AND standing.person_id = renewed.person_id",
        &params![organization, people, texts],
    )
    .await?;
    Ok(())
}

/// The same for everybody who is shown with a CRM user that a run brings or changes.
pub(super) async fn renew_shown_texts_of_run(
    client: &Client,
    organization: OrganizationId,
    (connection, run): (ConnectionId, RunId),
) -> Result<()> {
    let people = sql::query(
        client,
        "SELECT person_id FROM situation
         WHERE organization_id = $1 AND connection_id = $3 AND crm_user_id = ANY (ARRAY(
            SELECT crm_user_id FROM run_change
            WHERE organization_id = $1 AND run_id = $2 AND after IS NOT NULL
         ))",
        &params![organization, run, connection],
    )
    .await?
    .iter()
    .map(|row| row.read("person_id"))
    .collect::<Result<_>>()?;
    renew_shown_texts(client, organization, people).await
}

/// Counts the CRM users of a connection, once a run has changed them.
pub(super) async fn count_crm_users(
    client: &Client,
    organization: OrganizationId,
    connection: ConnectionId,
) -> Result<()> {
    sql::execute(
        client,
        "INSERT INTO crm_user_count
            (organization_id, connection_id, known, present, usable, missing)
         SELECT $1, $2, count(*), count(*) FILTER (WHERE gone_since IS NULL),
                count(*) FILTER (WHERE gone_since IS NULL AND usable),
                count(*) FILTER (WHERE gone_since IS NULL AND missing_since IS NOT NULL)
         FROM crm_user WHERE organization_id = $1 AND connection_id = $2
         ON CONFLICT (organization_id, connection_id) DO UPDATE SET
            known = excluded.known, present = excluded.present, usable = excluded.usable,
            missing = excluded.missing",
        &params![organization, connection],
    )
    .await?;
    Ok(())
}
