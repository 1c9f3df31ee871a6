//! People whose CRM users disagree: finding them, and telling of them.

use std::collections::HashMap;

use counterpart_matching::NameJudge;
use counterpart_model::{
    ConnectionId, Inconsistency, OrganizationId, PageRequest, PersonId, Timestamp,
    paging::LARGEST_PAGE,
};
use counterpart_store::inconsistencies::MappedPair;

use super::disagreement::{Account, disagreement};
use crate::{Actor, Error, Result, Service};

/// Up to how many inconsistent people are counted.
const COUNTED: u32 = 1_000;

impl Service {
    /// Looks anew at the people who are mapped in a connection and in others: at all of them, or
    /// at some. Situations must be fresh.
    pub(crate) async fn look_for_inconsistencies(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        people: Option<&[PersonId]>,
    ) -> Result<()> {
        let names: HashMap<ConnectionId, String> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .map(|known| (known.id, known.name))
            .collect();
        let mut found = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_differing_pairs(organization, connection, people, &request)
                .await?;
            found.extend(judged(page.items, names.clone(), self.now()).await?);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => break,
            }
        }
        if found.is_empty() && self.store().count_inconsistent(organization, 1).await? == 0 {
            return Ok(());
        }
        let mut work = self.store().begin(organization).await?;
        work.replace_inconsistencies(connection, people, &found)
            .await?;
        Ok(work.commit().await?)
    }

    /// What disagrees about some people, by person; nothing about those of whom all agrees.
    pub async fn inconsistencies_of(
        &self,
        actor: &Actor,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<Inconsistency>>> {
        let mut by_person: HashMap<PersonId, Vec<Inconsistency>> = HashMap::new();
        if people.is_empty() {
            return Ok(by_person);
        }
        let found = self
            .store()
            .inconsistencies_of(actor.organization(), people)
            .await?;
        for one in found {
            by_person.entry(one.person_id).or_default().push(one);
        }
        Ok(by_person)
    }

    /// How many people have CRM users that disagree; at most a thousand are counted.
    pub async fn count_inconsistent(&self, actor: &Actor) -> Result<u64> {
        Ok(self
            .store()
            .count_inconsistent(actor.organization(), COUNTED)
            .await?)
    }
}

/// Judges pairs beside the async threads.
async fn judged(
    pairs: Vec<MappedPair>,
    names: HashMap<ConnectionId, String>,
    now: Timestamp,
) -> Result<Vec<Inconsistency>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    tokio::task::spawn_blocking(move || {
        let judge = NameJudge::new();
        let pairs = pairs.into_iter();
        pairs
            .filter_map(|pair| inconsistency(pair, &names, &judge, now))
            .collect()
    })
    .await
    .map_err(Error::internal)
}

fn inconsistency(
    pair: MappedPair,
    names: &HashMap<ConnectionId, String>,
    judge: &NameJudge,
    now: Timestamp,
) -> Option<Inconsistency> {
    let MappedPair {
        person_id,
        one,
        other,
    } = pair;
    let (one, other) = if one.connection_id <= other.connection_id {
        (one, other)
    } else {
        (other, one)
    };
    let name_of = |id: &ConnectionId| names.get(id).map(String::as_str).unwrap_or_default();
    let detail = disagreement(
        Account {
            profile: &one.profile,
            connection: name_of(&one.connection_id),
        },
        Account {
            profile: &other.profile,
            connection: name_of(&other.connection_id),
        },
        judge,
    )?;
    Some(Inconsistency {
        person_id,
        connection_id: one.connection_id,
        crm_user_id: one.id,
        other_connection_id: other.connection_id,
        other_user_id: other.id,
        since: now,
        detail,
    })
}
