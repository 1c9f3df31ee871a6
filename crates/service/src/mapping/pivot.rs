//! The mapping seen from the CRM's side: a row for each CRM user.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, Draft, DraftEdit, Drift, Mapping,
    Page, PageRequest, Person, PersonId, Timestamp, paging::LARGEST_PAGE,
};
use counterpart_store::crm_users::{CrmUserQuery, ProposedAt};
use counterpart_store::resolve::{MappedAt, MappedSide};

use crate::{Actor, Result, Service};

/// A CRM user with everybody who is, may be or is to be it.
#[derive(Debug, Clone)]
pub struct PivotRow {
    /// The CRM user.
    pub crm_user: CrmUser,
    /// The people who are it now, then those to whom it is proposed, then those of the draft.
    pub seats: Vec<PivotSeat>,
    /// What is decided about it: *not a person*, *shared seat*.
    pub decisions: Vec<Decision>,
}

impl PivotRow {
    /// The decision that it is no human being, where there is one.
    pub fn not_a_person(&self) -> Option<&Decision> {
        self.decisions
            .iter()
            .find(|decision| matches!(decision.kind, DecisionKind::NotAPerson { .. }))
    }

    /// The decision that several people share it, where there is one.
    pub fn shared_seat(&self) -> Option<&Decision> {
        self.decisions
            .iter()
            .find(|decision| matches!(decision.kind, DecisionKind::SharedSeat { .. }))
    }

    /// Whether anybody is mapped to it now.
    pub fn is_mapped(&self) -> bool {
        self.seats
            .iter()
            .any(|seat| matches!(seat.standing, Standing::Mapped { .. }))
    }
}

/// A person at a CRM user.
#[derive(Debug, Clone)]
pub struct PivotSeat {
    /// Who.
    pub person: Person,
    /// How they stand to it.
    pub standing: Standing,
    /// What the actor's draft wants of the person in the connection.
    pub draft: Option<Draft>,
}

/// How a person stands to a CRM user.
#[derive(Debug, Clone)]
pub enum Standing {
    /// Is it now.
    Mapped {
        /// The mapping.
        mapping: Box<Mapping>,
        /// Why it may be true no longer: the primary cause.
        drift: Option<Box<Drift>>,
    },
    /// May be it.
    Proposed {
        /// How probable the pair is, 0 to 1.
        score: f64,
        /// Whether it is certain.
        certain: bool,
    },
    /// Is to be it, by the actor's draft.
    Drafted,
}

/// What is known of some CRM users of a connection.
struct Known {
    mappings: Vec<Mapping>,
    proposed: Vec<ProposedAt>,
    decisions: Vec<Decision>,
    drafts: HashMap<PersonId, Draft>,
    drift: HashMap<(ConnectionId, PersonId), Drift>,
    people: HashMap<PersonId, Person>,
}

impl Service {
    /// The CRM users of a connection that fit a search, with who is who.
    pub async fn pivot(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        search: &str,
        filter: &CrmUserQuery,
        page: &PageRequest,
    ) -> Result<Page<PivotRow>> {
        let search = self.canonical_search(connection, actor, search).await?;
        let found = self
            .list_crm_users(actor, connection, &search, filter, page)
            .await?;
        Ok(Page {
            items: self.pivot_rows(actor, connection, found.items).await?,
            next: found.next,
        })
    }

    /// Some CRM users of a connection, with who is who, in their order.
    pub(super) async fn pivot_rows(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        users: Vec<CrmUser>,
    ) -> Result<Vec<PivotRow>> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<CrmUserId> = users.iter().map(|user| user.id.clone()).collect();
        let known = self.known_of(actor, connection, &ids).await?;
        let rows = users.into_iter();
        Ok(rows.map(|user| known.row(user)).collect())
    }

    async fn known_of(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        ids: &[CrmUserId],
    ) -> Result<Known> {
        let organization = actor.organization();
        let now = self.now();
        let asked: Vec<MappedAt> = ids
            .iter()
            .map(|id| MappedAt {
                side: MappedSide::CrmUser(connection, id.clone()),
                at: now,
            })
            .collect();
        let mappings = self.store().mappings_at(organization, &asked).await?;
        let mappings: Vec<Mapping> = mappings.into_iter().map(|(_, mapping)| mapping).collect();
        let proposed = self
            .store()
            .proposed_at(organization, connection, ids)
            .await?;
        let users: Vec<_> = ids.iter().map(|id| (connection, id.clone())).collect();
        let decisions = self
            .store()
            .decisions_on(organization, &[], &users)
            .await?
            .into_iter()
            .filter(|decision| now < decision.expires_at)
            .collect();
        let drafts = self.drafts_in(actor, connection).await?;
        let mut wanted: HashSet<PersonId> = mappings.iter().map(|one| one.person_id).collect();
        wanted.extend(proposed.iter().map(|one| one.person_id));
        wanted.extend(
            drafts
                .values()
                .filter(|draft| mapped_by(draft).is_some_and(|user| ids.contains(user)))
                .map(|draft| draft.person_id),
        );
        let wanted: Vec<PersonId> = wanted.into_iter().collect();
        let people = self.store().find_people(organization, &wanted).await?;
        Ok(Known {
            mappings,
            proposed,
            decisions,
            drafts,
            drift: self.drift_of_people(actor, &wanted).await?,
            people: people.into_iter().map(|one| (one.id, one)).collect(),
        })
    }

    /// The actor's edits in a connection, by person.
    async fn drafts_in(
        &self,
        actor: &Actor,
        connection: ConnectionId,
    ) -> Result<HashMap<PersonId, Draft>> {
        let Some(account) = actor.account() else {
            return Ok(HashMap::new());
        };
        let page = PageRequest::first(LARGEST_PAGE);
        let drafts = self
            .store()
            .list_drafts(actor.organization(), account, &page)
            .await?;
        let here = drafts.items.into_iter();
        Ok(here
            .filter(|draft| draft.connection_id == connection)
            .map(|draft| (draft.person_id, draft))
            .collect())
    }
}

/// The CRM user to which a draft maps its person.
fn mapped_by(draft: &Draft) -> Option<&CrmUserId> {
    match &draft.edit {
        DraftEdit::Map { crm_user_id, .. } => Some(crm_user_id),
        _ => None,
    }
}

impl Known {
    fn row(&self, crm_user: CrmUser) -> PivotRow {
        let mut seats: Vec<PivotSeat> = Vec::new();
        let mapped = self.mappings.iter();
        for mapping in mapped.filter(|mapping| mapping.crm_user_id == crm_user.id) {
            let drift = self
                .drift
                .get(&(mapping.connection_id, mapping.person_id))
                .filter(|drift| drift.mapping_id == mapping.id);
            let standing = Standing::Mapped {
                mapping: Box::new(mapping.clone()),
                drift: drift.cloned().map(Box::new),
            };
            self.seat(&mut seats, mapping.person_id, standing);
        }
        let proposed = self.proposed.iter();
        for one in proposed.filter(|one| one.crm_user_id == crm_user.id) {
            let standing = Standing::Proposed {
                score: one.score,
                certain: one.certain,
            };
            self.seat(&mut seats, one.person_id, standing);
        }
        let mut drafted: Vec<&Draft> = self
            .drafts
            .values()
            .filter(|draft| mapped_by(draft) == Some(&crm_user.id))
            .collect();
        drafted.sort_by_key(|draft| draft.person_id);
        for draft in drafted {
            if seats.iter().all(|seat| seat.person.id != draft.person_id) {
                self.seat(&mut seats, draft.person_id, Standing::Drafted);
            }
        }
        let decisions = self.decisions.iter();
        PivotRow {
            decisions: decisions
                .filter(|decision| decision.kind.crm_user_id() == Some(&crm_user.id))
                .cloned()
                .collect(),
            crm_user,
            seats,
        }
    }

    fn seat(&self, seats: &mut Vec<PivotSeat>, person: PersonId, standing: Standing) {
        // Removed since the mappings were read.
        let Some(known) = self.people.get(&person) else {
            return;
        };
        seats.push(PivotSeat {
            person: known.clone(),
            standing,
            draft: self.drafts.get(&person).cloned(),
        });
    }
}

/// The subset of CRM users that nobody is, for the present.
pub fn strangers(now: Timestamp) -> CrmUserQuery {
    CrmUserQuery {
        usable_only: true,
        people_only: true,
        unmapped_at: Some(now),
        ..CrmUserQuery::default()
    }
}
