//! Asking the matcher: what it suggests for everybody who is not mapped yet.

use std::collections::HashMap;
use std::sync::Arc;

use counterpart_matching::{Label, MatchResult, Options, RunnerUp, Unmatched, match_records};
use counterpart_model::connection::DIRECTORY;
use counterpart_model::{
    Connection, ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, Evidence, Identity,
    Mapping, OrganizationId, PageRequest, Person, PersonId, Proposal, Rival, Side,
    paging::LARGEST_PAGE,
};
use counterpart_store::{crm_users::CrmUserQuery, mappings::MappingQuery, people::PeopleQuery};

use super::records::{record_of_crm_user, record_of_person};
use crate::drift::Seen;
use crate::{Error, Result, Service};

/// The people of an organization as the matcher needs them.
pub(crate) struct Staff {
    pub(crate) people: Vec<Person>,
    pub(crate) identities: HashMap<PersonId, Vec<Identity>>,
}

/// Both sides of one connection, with what is decided about them already.
pub(super) struct Sides {
    pub(super) left: Vec<counterpart_matching::Record>,
    pub(super) right: Vec<counterpart_matching::Record>,
    pub(super) users: Vec<CrmUser>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) decisions: Vec<Decision>,
    pub(super) options: Options,
}

impl Service {
    /// Looks at some connections anew, or at all, and replaces what is proposed there and what
    /// is known of drift.
    ///
    /// The matcher weighs everybody against everybody, because who else fits decides how certain
    /// a pair is. It runs beside the async threads.
    pub(crate) async fn evaluate(
        &self,
        organization: OrganizationId,
        connections: Option<&[ConnectionId]>,
    ) -> Result<()> {
        let wanted: Vec<Connection> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .filter(|connection| has_crm_users(connection) && connection.synced_at.is_some())
            .filter(|connection| connections.is_none_or(|ids| ids.contains(&connection.id)))
            .collect();
        if wanted.is_empty() {
            return self.refresh(organization, None).await;
        }
        let staff = Arc::new(self.staff(organization).await?);
        for connection in &wanted {
            self.evaluate_one(organization, connection, &staff).await?;
            self.look_for_inconsistencies(organization, connection.id, None)
                .await?;
        }
        Ok(())
    }

    async fn evaluate_one(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: &Arc<Staff>,
    ) -> Result<()> {
        let sides = self.sides(organization, connection, staff).await?;
        let (result, sides) = tokio::task::spawn_blocking(move || {
            (
                match_records(&sides.left, &sides.right, &sides.options),
                sides,
            )
        })
        .await
        .map_err(Error::internal)?;
        let proposals = proposals(connection.id, staff, &sides.users, &result);
        let seen = Seen {
            users: sides.users,
            mappings: sides.mappings,
            decisions: sides.decisions,
        };
        let drift = self
            .find_drift(organization, connection, Arc::clone(staff), seen)
            .await?;
        let mut work = self.store().begin(organization).await?;
        work.replace_proposals(connection.id, None, &proposals)
            .await?;
        work.replace_drift(connection.id, None, &drift).await?;
        work.refresh_situations(Some(connection.id), None, self.now())
            .await?;
        Ok(work.commit().await?)
    }

    async fn refresh(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
    ) -> Result<()> {
        let mut work = self.store().begin(organization).await?;
        work.refresh_situations(connection, None, self.now())
            .await?;
        Ok(work.commit().await?)
    }

    /// Everybody who works here now.
    pub(crate) async fn staff(&self, organization: OrganizationId) -> Result<Staff> {
        let query = PeopleQuery {
            words: Vec::new(),
            active: Some(true),
        };
        let mut people: Vec<Person> = Vec::new();
        let mut identities: HashMap<PersonId, Vec<Identity>> = HashMap::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        let now = self.now();
        loop {
            let page = self
                .store()
                .list_people(organization, &query, &request)
                .await?;
            let ids: Vec<PersonId> = page.items.iter().map(|person| person.id).collect();
            for identity in self.store().list_identities(organization, &ids).await? {
                if identity.period.contains(now) {
                    identities
                        .entry(identity.person_id)
                        .or_default()
                        .push(identity);
                }
            }
            people.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(Staff { people, identities }),
            }
        }
    }

    /// Both sides of a connection. Who is mapped already, or not to be, takes part as evidence
    /// of how names and addresses are built here, but is proposed to nobody.
    pub(super) async fn sides(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: &Staff,
    ) -> Result<Sides> {
        let users = self.present_users(organization, connection.id).await?;
        let query = MappingQuery {
            connection_id: Some(connection.id),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let mappings = self.all_mappings(organization, &query).await?;
        let decisions = self.decisions_in_force(organization, connection.id).await?;
        let domains = self
            .store()
            .find_organization(organization)
            .await?
            .map(|organization| organization.domains)
            .unwrap_or_default();
        let no_identities = Vec::new();
        let left = staff
            .people
            .iter()
            .map(|person| {
                record_of_person(
                    person,
                    staff.identities.get(&person.id).unwrap_or(&no_identities),
                )
            })
            .collect();
        let right = users.iter().map(record_of_crm_user).collect();

        let person_at: HashMap<PersonId, usize> = staff
            .people
            .iter()
            .enumerate()
            .map(|(at, person)| (person.id, at))
            .collect();
        let user_at: HashMap<&CrmUserId, usize> = users
            .iter()
            .enumerate()
            .map(|(at, user)| (&user.id, at))
            .collect();
        let mut options = Options {
            own_domains: domains,
            ..Options::default()
        };
        let mut label = |person: &PersonId, user: &CrmUserId, same: bool| {
            let pair = person_at.get(person).zip(user_at.get(user));
            options
                .labels
                .extend(pair.map(|(&left, &right)| Label { left, right, same }));
        };
        for mapping in &mappings {
            label(&mapping.person_id, &mapping.crm_user_id, true);
        }
        for decision in &decisions {
            if let DecisionKind::NotThisPair {
                person_id,
                crm_user_id,
            } = &decision.kind
            {
                label(person_id, crm_user_id, false);
            }
        }
        for mapping in &mappings {
            options.taken_left.extend(person_at.get(&mapping.person_id));
            options
                .taken_right
                .extend(user_at.get(&mapping.crm_user_id));
        }
        for decision in &decisions {
            match &decision.kind {
                DecisionKind::NotThisPair { .. } => {}
                DecisionKind::NoAccount { person_id } => {
                    options.taken_left.extend(person_at.get(person_id));
                }
                DecisionKind::NotAPerson { crm_user_id }
                | DecisionKind::SharedSeat { crm_user_id } => {
                    options.taken_right.extend(user_at.get(crm_user_id));
                }
            }
        }
        drop(user_at);
        Ok(Sides {
            left,
            right,
            users,
            mappings,
            decisions,
            options,
        })
    }

    /// A connection's users that are not gone.
    pub(super) async fn present_users(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Vec<CrmUser>> {
        let mut users = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_crm_users(organization, connection, &CrmUserQuery::default(), &request)
                .await?;
            users.extend(
                page.items
                    .into_iter()
                    .filter(|user| user.gone_since.is_none()),
            );
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(users),
            }
        }
    }

    async fn decisions_in_force(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Vec<Decision>> {
        let now = self.now();
        let mut decisions = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_decisions(organization, Some(connection), &request)
                .await?;
            decisions.extend(
                page.items
                    .into_iter()
                    .filter(|decision| decision.expires_at > now),
            );
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(decisions),
            }
        }
    }
}

/// Whether a connection's users are to be mapped.
pub(crate) fn has_crm_users(connection: &Connection) -> bool {
    connection.side != Side::Platform && connection.provider != DIRECTORY
}

/// What the matcher found, as proposals: one for everybody of whom something is known.
fn proposals(
    connection: ConnectionId,
    staff: &Staff,
    users: &[CrmUser],
    result: &MatchResult,
) -> Vec<Proposal> {
    let found = result.proposals.iter().map(|proposal| {
        let mut why = evidence(&proposal.evidence);
        why.extend(proposal.caution.iter().map(|caution| Evidence {
            kind: CAUTION.to_owned(),
            words: (*caution).to_owned(),
            weight: 0.0,
        }));
        Proposal {
            connection_id: connection,
            person_id: staff.people[proposal.left].id,
            crm_user_id: users[proposal.right].id.clone(),
            score: proposal.score,
            certain: proposal.decision == counterpart_matching::Decision::Auto
                && !proposal.ambiguous,
            ambiguous: proposal.ambiguous,
            evidence: why,
            rivals: proposal
                .runner_up
                .iter()
                .map(|rival| rival_of(users, rival))
                .collect(),
        }
    });
    let unclear = result.unmatched.iter().filter_map(|(left, why)| {
        let Unmatched::SeveralFit { candidates } = why else {
            return None;
        };
        let (best, others) = candidates.split_first()?;
        Some(Proposal {
            connection_id: connection,
            person_id: staff.people[*left].id,
            crm_user_id: users[best.index].id.clone(),
            score: best.score,
            certain: false,
            ambiguous: true,
            evidence: evidence(&best.evidence),
            rivals: others.iter().map(|other| rival_of(users, other)).collect(),
        })
    });
    found.chain(unclear).collect()
}

fn rival_of(users: &[CrmUser], rival: &RunnerUp) -> Rival {
    Rival {
        crm_user_id: users[rival.index].id.clone(),
        score: rival.score,
        evidence: evidence(&rival.evidence),
    }
}

/// The kind of the piece of evidence that says why a proposal is not certain.
const CAUTION: &str = "caution";

pub(super) fn evidence(found: &[counterpart_matching::Evidence]) -> Vec<Evidence> {
    found
        .iter()
        .map(|evidence| Evidence {
            kind: evidence.kind.as_str().to_owned(),
            words: evidence.words.to_string(),
            weight: evidence.bits,
        })
        .collect()
}
