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
            "SELECT s.person_id, p.search_text, s.shown_text, (
                SELECT array_agg(u.search_text ORDER BY u.connection_id)
                FROM situation AS c
                JOIN crm_user AS u USING (organization_id, connection_id, crm_user_id)
                WHERE c.organization_id = $1 AND c.person_id = s.person_id
             ) AS users
             FROM standing AS s JOIN person AS p USING (organization_id, person_id)
             WHERE s.organization_id = $1 AND s.person_id = ANY($2)",
            &params![organization, some.to_vec()],
        )
        .await?;
        let (mut changed, mut texts) = (Vec::new(), Vec::new());
        for row in &rows {
            let own: String = row.read("search_text")?;
            let users: Option<Vec<String>> = row.read("users")?;
            let users = users.unwrap_or_default();
            let text = search::shown_text(&own, users.iter().map(String::as_str));
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
        "SELECT s.person_id FROM run_change AS change
         JOIN situation AS s USING (organization_id, crm_user_id)
         WHERE change.organization_id = $1 AND change.run_id = $2 AND change.after IS NOT NULL
           AND s.connection_id = $3",
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
