//! Who is whom at an instant, for many at a time.
//!
//! What is asked comes as one JSON array, so that the statements are few and each is prepared
//! once. `CROSS JOIN` keeps it on the outside: each question is one search of an index.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Decision, Mapping, OrganizationId, PersonId, Proposal,
};
use counterpart_store::resolve::{HandleAt, MappedAt, MappedSide};
use counterpart_store::{Resolve, Result};
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::query::{all, key, keys};
use crate::{SqliteStore, fault, rows};

const OF_EXTERNAL_IDS: &str = "SELECT external_id, person_id \
    FROM json_each(?2) AS asked CROSS JOIN person \
    WHERE organization_id = ?1 AND external_id = asked.value";

const OF_EMAILS: &str = "SELECT email_key, person_id \
    FROM json_each(?2) AS asked CROSS JOIN person_email \
    WHERE organization_id = ?1 AND email_key = asked.value ORDER BY email_key, person_id";

/// A question is `[kind, value, connection or null, at, number]`.
const OF_HANDLES: &str = "SELECT DISTINCT asked.value ->> 4 AS number, person_id \
    FROM json_each(?2) AS asked CROSS JOIN identity \
    WHERE organization_id = ?1 AND kind = asked.value ->> 0 AND identity.value = asked.value ->> 1 \
    AND (asked.value ->> 2 IS NULL OR connection_id = unhex(asked.value ->> 2)) \
    AND valid_from <= asked.value ->> 3 AND valid_to > asked.value ->> 3 \
    ORDER BY number, person_id";

/// The end of what finds mappings; a question ends with `at` and its number.
const HOLDING: &str = "AND valid_from <= asked.value ->> 2 AND valid_to > asked.value ->> 2";

/// The statement that reads `columns` by questions `[person, connection or null, at, number]`.
fn mappings_of_people() -> String {
    format!(
        "SELECT {}, asked.value ->> 3 FROM json_each(?2) AS asked CROSS JOIN mapping \
         WHERE organization_id = ?1 AND person_id = unhex(asked.value ->> 0) \
         AND (asked.value ->> 1 IS NULL OR connection_id = unhex(asked.value ->> 1)) {HOLDING}",
        rows::MAPPING
    )
}

/// The same by questions `[connection, CRM user, at, number]`.
fn mappings_of_crm_users() -> String {
    format!(
        "SELECT {}, asked.value ->> 3 FROM json_each(?2) AS asked CROSS JOIN mapping \
         WHERE organization_id = ?1 AND connection_id = unhex(asked.value ->> 0) \
         AND crm_user_id = asked.value ->> 1 {HOLDING}",
        rows::MAPPING
    )
}

/// `kind = … AND …` in the very words of the indexes, so that they are used.
fn decisions_on_people() -> String {
    format!(
        "SELECT {} FROM json_each(?2) AS asked CROSS JOIN decision \
         WHERE organization_id = ?1 AND person_id = unhex(asked.value) AND kind = 'no_account'",
        rows::DECISION
    )
}

fn decisions_on_crm_users() -> String {
    format!(
        "SELECT {} FROM json_each(?2) AS asked CROSS JOIN decision \
         WHERE organization_id = ?1 AND connection_id = unhex(asked.value ->> 0) \
         AND kind IN ('not_a_person', 'shared_seat') AND coalesce(person_id, x'') = x'' \
         AND (crm_user_id IS NULL) = 0 AND coalesce(crm_user_id, '') = asked.value ->> 1",
        rows::DECISION
    )
}

fn ambiguous_proposals() -> String {
    format!(
        "SELECT {} FROM json_each(?2) AS asked CROSS JOIN proposal \
         WHERE proposal.organization_id = ?1 AND proposal.person_id = unhex(asked.value) \
         AND proposal.ambiguous ORDER BY proposal.connection_id, proposal.person_id",
        rows::PROPOSAL
    )
}

fn crm_users_of_ids() -> String {
    format!(
        "SELECT {} FROM json_each(?2) AS asked CROSS JOIN crm_user \
         WHERE crm_user.organization_id = ?1 \
         AND crm_user.connection_id = unhex(asked.value ->> 0) \
         AND crm_user.crm_user_id = asked.value ->> 1",
        rows::CRM_USER
    )
}

fn hex(id: impl Into<Uuid>) -> String {
    id.into().simple().to_string()
}

fn pairs(crm_users: &[(ConnectionId, CrmUserId)]) -> String {
    let pairs = crm_users
        .iter()
        .map(|(connection, id)| json!([hex(*connection), id.0]));
    Value::Array(pairs.collect()).to_string()
}

/// The number of a question, from a column.
fn number_of(row: &Row<'_>, column: usize) -> fault::Result<usize> {
    usize::try_from(rows::count(row, column)?)
        .map_err(|_| fault::Fault::corrupt("the number of a question"))
}

fn mappings_at(
    db: &Connection,
    organization: OrganizationId,
    asked: &[MappedAt],
) -> fault::Result<Vec<(usize, Mapping)>> {
    let (mut people, mut crm_users) = (Vec::new(), Vec::new());
    for (number, asked) in asked.iter().enumerate() {
        let at = asked.at.as_micros();
        match &asked.side {
            MappedSide::Person(person, connection) => {
                people.push(json!([hex(*person), connection.map(hex), at, number]));
            }
            MappedSide::CrmUser(connection, id) => {
                crm_users.push(json!([hex(*connection), id.0, at, number]));
            }
        }
    }
    let mut found = Vec::new();
    for (sql, asked) in [
        (mappings_of_people(), people),
        (mappings_of_crm_users(), crm_users),
    ] {
        if asked.is_empty() {
            continue;
        }
        let values = params![key(organization), Value::Array(asked).to_string()];
        found.extend(all(db, &sql, values, |row| {
            Ok((number_of(row, 13)?, rows::mapping(row)?))
        })?);
    }
    found.sort_by_key(|(number, mapping)| (*number, mapping.id));
    Ok(found)
}

fn decisions_on(
    db: &Connection,
    organization: OrganizationId,
    people: &str,
    crm_users: &str,
) -> fault::Result<Vec<Decision>> {
    let mut found = Vec::new();
    for (sql, asked) in [
        (decisions_on_people(), people),
        (decisions_on_crm_users(), crm_users),
    ] {
        if asked != "[]" {
            let values = params![key(organization), asked];
            found.extend(all(db, &sql, values, rows::decision)?);
        }
    }
    found.sort_by_key(|decision| decision.id);
    found.dedup_by_key(|decision| decision.id);
    Ok(found)
}

#[async_trait]
impl Resolve for SqliteStore {
    async fn people_of_external_ids(
        &self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, PersonId)>> {
        let asked = json!(external_ids).to_string();
        self.read(move |db| {
            all(
                db,
                OF_EXTERNAL_IDS,
                params![key(organization), asked],
                |row| Ok((row.get(0)?, rows::id(row, 1)?)),
            )
        })
        .await
    }

    async fn people_of_emails(
        &self,
        organization: OrganizationId,
        emails: &[String],
    ) -> Result<Vec<(String, PersonId)>> {
        let asked = json!(emails).to_string();
        self.read(move |db| {
            all(db, OF_EMAILS, params![key(organization), asked], |row| {
                Ok((row.get(0)?, rows::id(row, 1)?))
            })
        })
        .await
    }

    async fn people_of_handles(
        &self,
        organization: OrganizationId,
        handles: &[HandleAt],
    ) -> Result<Vec<(usize, PersonId)>> {
        let asked = handles.iter().enumerate().map(|(number, handle)| {
            let connection = handle.connection_id.map(hex);
            let at = handle.at.as_micros();
            json!([handle.kind.as_str(), handle.value, connection, at, number])
        });
        let asked = Value::Array(asked.collect()).to_string();
        self.read(move |db| {
            all(db, OF_HANDLES, params![key(organization), asked], |row| {
                Ok((number_of(row, 0)?, rows::id(row, 1)?))
            })
        })
        .await
    }

    async fn mappings_at(
        &self,
        organization: OrganizationId,
        asked: &[MappedAt],
    ) -> Result<Vec<(usize, Mapping)>> {
        let asked = asked.to_vec();
        self.read(move |db| mappings_at(db, organization, &asked))
            .await
    }

    async fn decisions_on(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<Decision>> {
        let (people, crm_users) = (keys(people), pairs(crm_users));
        self.read(move |db| decisions_on(db, organization, &people, &crm_users))
            .await
    }

    async fn ambiguous_proposals(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>> {
        let (sql, people) = (ambiguous_proposals(), keys(people));
        self.read(move |db| all(db, &sql, params![key(organization), people], rows::proposal))
            .await
    }

    async fn crm_users_of_ids(
        &self,
        organization: OrganizationId,
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<CrmUser>> {
        let (sql, asked) = (crm_users_of_ids(), pairs(crm_users));
        self.read(move |db| all(db, &sql, params![key(organization), asked], rows::crm_user))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plans that these statements get in an empty database are those of a full one, because
    /// the schema fixes the statistics.
    #[tokio::test]
    async fn each_question_is_one_search_of_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path(), crate::Options::default())
            .await
            .expect("opened");
        let statements = [
            (
                OF_EXTERNAL_IDS.to_owned(),
                "(organization_id=? AND external_id=?)",
            ),
            (OF_EMAILS.to_owned(), "(organization_id=? AND email_key=?)"),
            (
                OF_HANDLES.to_owned(),
                "identity_by_value (organization_id=? AND kind=? AND value=?)",
            ),
            (
                mappings_of_people(),
                "mapping_by_person (organization_id=? AND person_id=?)",
            ),
            (
                mappings_of_crm_users(),
                "mapping_by_crm_user (organization_id=? AND connection_id=? AND crm_user_id=?)",
            ),
            (
                decisions_on_people(),
                "decision_by_person (organization_id=? AND person_id=?)",
            ),
            (
                decisions_on_crm_users(),
                "decision_subject (organization_id=? AND connection_id=? AND kind=? \
                 AND <expr>=? AND <expr>=? AND <expr>=?)",
            ),
            (
                ambiguous_proposals(),
                "proposal_by_person (organization_id=? AND person_id=?)",
            ),
            (
                crm_users_of_ids(),
                "(organization_id=? AND connection_id=? AND crm_user_id=?)",
            ),
        ];
        for (sql, index) in statements {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let plan = store.read(move |db| {
                all(db, &explain, params![[0_u8; 16], "[]"], |row| {
                    Ok(row.get::<_, String>(3)?)
                })
            });
            let plan = plan.await.expect("planned");
            assert!(plan.iter().any(|step| step.ends_with(index)), "{plan:#?}");
        }
    }
}
