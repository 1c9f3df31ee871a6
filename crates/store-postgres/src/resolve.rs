//! Who is whom at an instant, for many at a time. What is asked comes as arrays, one statement
//! for all of it; each question is one search of an index.

use async_trait::async_trait;
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Decision, Mapping, OrganizationId, PersonId, Proposal,
};
use counterpart_store::resolve::{HandleAt, MappedAt, MappedSide};
use counterpart_store::{Resolve, Result};
use tokio_postgres::Row;

use crate::crm_users::crm_user_of;
use crate::mappings::{decision_of, mapping_of, proposal_of};
use crate::params::params;
use crate::sql::{self, ReadRow as _};
use crate::{PostgresStore, error};

/// The number of a question, counted from 1 by `WITH ORDINALITY`, as an index.
fn index_of(row: &Row) -> Result<usize> {
    let number: u64 = row.read("number")?;
    number
        .checked_sub(1)
        .and_then(|index| usize::try_from(index).ok())
        .ok_or_else(|| error::unreadable("number", number))
}

#[async_trait]
impl Resolve for PostgresStore {
    async fn people_of_external_ids(
        &self,
        organization: OrganizationId,
        external_ids: &[String],
    ) -> Result<Vec<(String, PersonId)>> {
        let external_ids: Vec<&str> = external_ids.iter().map(String::as_str).collect();
        sql::query(
            &*self.client().await?,
            "SELECT external_id, person_id FROM person
             WHERE organization_id = $1 AND external_id = ANY($2)",
            &params![organization, external_ids],
        )
        .await?
        .iter()
        .map(|row| Ok((row.read("external_id")?, row.read("person_id")?)))
        .collect()
    }

    async fn people_of_emails(
        &self,
        organization: OrganizationId,
        emails: &[String],
    ) -> Result<Vec<(String, PersonId)>> {
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        sql::query(
            &*self.client().await?,
            "SELECT email_key, person_id FROM person_email
             WHERE organization_id = $1 AND email_key = ANY($2)
             ORDER BY email_key, person_id",
            &params![organization, emails],
        )
        .await?
        .iter()
        .map(|row| Ok((row.read("email_key")?, row.read("person_id")?)))
        .collect()
    }

    async fn people_of_handles(
        &self,
        organization: OrganizationId,
        handles: &[HandleAt],
    ) -> Result<Vec<(usize, PersonId)>> {
        let kinds: Vec<_> = handles.iter().map(|handle| handle.kind.as_str()).collect();
        let values: Vec<_> = handles.iter().map(|handle| handle.value.as_str()).collect();
        let connections: Vec<_> = handles.iter().map(|handle| handle.connection_id).collect();
        let instants: Vec<_> = handles.iter().map(|handle| handle.at).collect();
        sql::query(
            &*self.client().await?,
            "SELECT DISTINCT asked.number, identity.person_id
             FROM unnest($2::text[], $3::text[], $4::uuid[], $5::bigint[]) WITH ORDINALITY
                AS asked (kind, value, connection_id, at, number)
             JOIN identity ON identity.organization_id = $1
                AND identity.kind = asked.kind AND identity.value = asked.value
                AND (asked.connection_id IS NULL
                     OR identity.connection_id = asked.connection_id)
                AND identity.valid_from <= asked.at AND asked.at < identity.valid_to
             ORDER BY asked.number, identity.person_id",
            &params![organization, kinds, values, connections, instants],
        )
        .await?
        .iter()
        .map(|row| Ok((index_of(row)?, row.read("person_id")?)))
        .collect()
    }

    async fn mappings_at(
        &self,
        organization: OrganizationId,
        asked: &[MappedAt],
    ) -> Result<Vec<(usize, Mapping)>> {
        let client = self.client().await?;
        let mut found = Vec::new();
        let people = Asked::about_people(asked);
        if !people.indexes.is_empty() {
            let rows = sql::query(
                &client,
                "SELECT asked.number, mapping.*
                 FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) WITH ORDINALITY
                    AS asked (person_id, connection_id, at, number)
                 JOIN mapping ON mapping.organization_id = $1
                    AND mapping.person_id = asked.person_id
                    AND (asked.connection_id IS NULL
                         OR mapping.connection_id = asked.connection_id)
                    AND mapping.valid_from <= asked.at AND asked.at < mapping.valid_to",
                &params![
                    organization,
                    people.sides,
                    people.connections,
                    people.instants
                ],
            )
            .await?;
            found.extend(numbered(&rows, &people.indexes)?);
        }
        let crm_users = Asked::about_crm_users(asked);
        if !crm_users.indexes.is_empty() {
            let rows = sql::query(
                &client,
                "SELECT asked.number, mapping.*
                 FROM unnest($2::text[], $3::uuid[], $4::bigint[]) WITH ORDINALITY
                    AS asked (crm_user_id, connection_id, at, number)
                 JOIN mapping ON mapping.organization_id = $1
                    AND mapping.connection_id = asked.connection_id
                    AND mapping.crm_user_id = asked.crm_user_id
                    AND mapping.valid_from <= asked.at AND asked.at < mapping.valid_to",
                &params![
                    organization,
                    crm_users.sides,
                    crm_users.connections,
                    crm_users.instants
                ],
            )
            .await?;
            found.extend(numbered(&rows, &crm_users.indexes)?);
        }
        found.sort_by_key(|(index, mapping)| (*index, mapping.id));
        Ok(found)
    }

    async fn decisions_on(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<Decision>> {
        let (connections, ids) = pairs(crm_users);
        sql::query(
            &*self.client().await?,
            "SELECT * FROM decision
             WHERE organization_id = $1 AND person_id = ANY($2) AND kind = 'no_account'
             UNION
             SELECT decision.*
             FROM unnest($3::uuid[], $4::text[]) AS asked (connection_id, crm_user_id)
             JOIN decision ON decision.organization_id = $1
                AND decision.connection_id = asked.connection_id
                AND decision.kind IN ('not_a_person', 'shared_seat')
                AND decision.person_id IS NULL
                AND decision.crm_user_id = asked.crm_user_id
             ORDER BY decision_id",
            &params![organization, people.to_vec(), connections, ids],
        )
        .await?
        .iter()
        .map(decision_of)
        .collect()
    }

    async fn ambiguous_proposals(
        &self,
        organization: OrganizationId,
        people: &[PersonId],
    ) -> Result<Vec<Proposal>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM proposal
             WHERE organization_id = $1 AND person_id = ANY($2) AND ambiguous
             ORDER BY connection_id, person_id",
            &params![organization, people.to_vec()],
        )
        .await?
        .iter()
        .map(proposal_of)
        .collect()
    }

    async fn crm_users_of_ids(
        &self,
        organization: OrganizationId,
        crm_users: &[(ConnectionId, CrmUserId)],
    ) -> Result<Vec<CrmUser>> {
        let (connections, ids) = pairs(crm_users);
        sql::query(
            &*self.client().await?,
            "SELECT crm_user.*
             FROM unnest($2::uuid[], $3::text[]) AS asked (connection_id, crm_user_id)
             JOIN crm_user ON crm_user.organization_id = $1
                AND crm_user.connection_id = asked.connection_id
                AND crm_user.crm_user_id = asked.crm_user_id",
            &params![organization, connections, ids],
        )
        .await?
        .iter()
        .map(crm_user_of)
        .collect()
    }
}

/// Questions about one kind of side, with the index each has among all.
struct Asked<S, C> {
    indexes: Vec<usize>,
    sides: Vec<S>,
    connections: Vec<C>,
    instants: Vec<counterpart_model::Timestamp>,
}

impl<S, C> Asked<S, C> {
    fn new() -> Self {
        Self {
            indexes: Vec::new(),
            sides: Vec::new(),
            connections: Vec::new(),
            instants: Vec::new(),
        }
    }

    fn push(&mut self, index: usize, side: S, connection: C, at: counterpart_model::Timestamp) {
        self.indexes.push(index);
        self.sides.push(side);
        self.connections.push(connection);
        self.instants.push(at);
    }
}

impl Asked<PersonId, Option<ConnectionId>> {
    fn about_people(all: &[MappedAt]) -> Self {
        let mut asked = Self::new();
        for (index, question) in all.iter().enumerate() {
            if let MappedSide::Person(person, connection) = &question.side {
                asked.push(index, *person, *connection, question.at);
            }
        }
        asked
    }
}

impl<'a> Asked<&'a CrmUserId, ConnectionId> {
    fn about_crm_users(all: &'a [MappedAt]) -> Self {
        let mut asked = Self::new();
        for (index, question) in all.iter().enumerate() {
            if let MappedSide::CrmUser(connection, id) = &question.side {
                asked.push(index, id, *connection, question.at);
            }
        }
        asked
    }
}

fn numbered(rows: &[Row], indexes: &[usize]) -> Result<Vec<(usize, Mapping)>> {
    rows.iter()
        .map(|row| {
            let index = index_of(row)?;
            let index = indexes
                .get(index)
                .ok_or_else(|| error::unreadable("number", index))?;
            Ok((*index, mapping_of(row)?))
        })
        .collect()
}

fn pairs(crm_users: &[(ConnectionId, CrmUserId)]) -> (Vec<ConnectionId>, Vec<&CrmUserId>) {
    crm_users
        .iter()
        .map(|(connection, id)| (*connection, id))
        .unzip()
}
