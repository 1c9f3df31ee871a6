//! What was decided lately: pairs that were accepted, and pairs that were rejected.

use std::collections::{BTreeSet, HashMap};

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, Mapping, PageRequest,
    Person, PersonId,
};

use super::likeness::{Likeness, Sketch, likenesses};
use crate::{Actor, Result, Service};

/// How many change sets are looked back at, the newest first.
const LOOKED_AT: u32 = 40;

/// How many lines of each.
const LINES: u32 = 500;

/// A pair that somebody decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) connection_id: ConnectionId,
    /// Whether the two are one human being.
    pub(super) accepted: bool,
    /// In what they were alike then.
    pub(super) likenesses: BTreeSet<Likeness>,
}

/// A rejected pair; what is known of both is looked up.
struct Rejected {
    connection: ConnectionId,
    person: PersonId,
    crm_user: CrmUserId,
}

impl Service {
    /// What was decided lately in the organization, and not undone. Bounded, so that it is cheap
    /// enough for a page.
    pub(super) async fn verdicts(&self, actor: &Actor) -> Result<Vec<Verdict>> {
        let organization = actor.organization();
        let page = PageRequest::first(LOOKED_AT);
        let sets = self.store().list_change_sets(organization, &page).await?;
        let (mut found, mut rejected) = (Vec::new(), Vec::new());
        for set in sets.items {
            if set.undone_by.is_some() || set.undoes.is_some() {
                continue;
            }
            let page = PageRequest::first(LINES);
            let lines = self
                .store()
                .list_change_lines(organization, set.number, &page)
                .await?;
            for line in lines.items {
                match line {
                    ChangeLine::Mapping {
                        before: None,
                        after: Some(mapping),
                    } => found.extend(accepted(&mapping)),
                    ChangeLine::Decision {
                        before: None,
                        after: Some(decision),
                    } => rejected.extend(of_decision(*decision)),
                    _ => {}
                }
            }
        }
        found.extend(self.verdicts_of(actor, rejected).await?);
        Ok(found)
    }

    async fn verdicts_of(&self, actor: &Actor, rejected: Vec<Rejected>) -> Result<Vec<Verdict>> {
        if rejected.is_empty() {
            return Ok(Vec::new());
        }
        let organization = actor.organization();
        let ids: BTreeSet<PersonId> = rejected.iter().map(|it| it.person).collect();
        let people: HashMap<PersonId, Person> = self
            .store()
            .find_people(organization, &Vec::from_iter(ids))
            .await?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let mut wanted: HashMap<ConnectionId, Vec<CrmUserId>> = HashMap::new();
        for one in &rejected {
            let users = wanted.entry(one.connection).or_default();
            users.push(one.crm_user.clone());
        }
        let mut users: HashMap<(ConnectionId, CrmUserId), CrmUser> = HashMap::new();
        for (connection, ids) in wanted {
            let found = self
                .store()
                .find_crm_users(organization, connection, &ids)
                .await?;
            users.extend(
                found
                    .into_iter()
                    .map(|it| ((connection, it.id.clone()), it)),
            );
        }
        let verdict = |one: Rejected| {
            let person = people.get(&one.person)?;
            let user = users.get(&(one.connection, one.crm_user))?;
            Some(Verdict {
                connection_id: one.connection,
                accepted: false,
                likenesses: likenesses(
                    &Sketch::of_person(person),
                    &Sketch::of_crm_user(&user.profile),
                ),
            })
        };
        Ok(rejected.into_iter().filter_map(verdict).collect())
    }
}

/// The verdict of a mapping, as both sides were when it was made; none where nobody wrote that
/// down.
fn accepted(mapping: &Mapping) -> Option<Verdict> {
    let witness = mapping.witness.as_deref()?;
    Some(Verdict {
        connection_id: mapping.connection_id,
        accepted: true,
        likenesses: likenesses(
            &Sketch::of_seen_person(&witness.person),
            &Sketch::of_seen_user(&witness.crm_user),
        ),
    })
}

fn of_decision(decision: Decision) -> Option<Rejected> {
    match decision.kind {
        DecisionKind::NotThisPair {
            person_id,
            crm_user_id,
        } => Some(Rejected {
            connection: decision.connection_id,
            person: person_id,
            crm_user: crm_user_id,
        }),
        _ => None,
    }
}
