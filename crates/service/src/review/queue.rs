//! The queue: one case after another, with everything that it takes to decide it.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    Connection, ConnectionId, CrmUser, CrmUserId, Cursor, Evidence, MatchingRules, PageRequest,
    Person, PersonId, Rival, Situation,
};
use counterpart_store::drift::DriftQuery;
use counterpart_store::review::{ReviewCell, ReviewCount, ReviewQuery};

use super::advice::{Advice, advice, tallies};
use super::likeness::{Sketch, Tally, likenesses};
use super::verdicts::Verdict;
use crate::drift::DriftView;
use crate::{Actor, Result, Service};

/// How many candidates a case shows: as many as there are keys to choose by.
const CANDIDATES: usize = 9;

/// A CRM user that could be a person's.
#[derive(Debug, Clone)]
pub struct ReviewCandidate {
    /// The CRM user.
    pub crm_user: CrmUser,
    /// How probable the pair is, 0 to 1.
    pub score: f64,
    /// Why and why not.
    pub evidence: Vec<Evidence>,
    /// How pairs that were alike ended lately in this connection.
    pub similar: Vec<Tally>,
}

/// A case that somebody has to decide.
#[derive(Debug, Clone)]
pub struct ReviewCase {
    /// Why it is here: *drifted*, *ambiguous* or *proposed*.
    pub situation: Situation,
    /// In which connection.
    pub connection: Connection,
    /// Who.
    pub person: Person,
    /// Who the person may be, the likeliest first; empty for what drifted.
    pub candidates: Vec<ReviewCandidate>,
    /// What drifted, for the most specific reason.
    pub drift: Option<DriftView>,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct ReviewPage {
    /// The cases. What was decided while the page was read is left out.
    pub cases: Vec<ReviewCase>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// The rules that lately made decisions suggest.
    pub advice: Vec<Advice>,
}

/// What the cases of a page have in common.
struct Scene {
    people: HashMap<PersonId, Person>,
    connections: HashMap<ConnectionId, Connection>,
    verdicts: Vec<Verdict>,
}

impl Service {
    /// A page of the review queue.
    pub async fn review_queue(
        &self,
        actor: &Actor,
        query: &ReviewQuery,
        page: &PageRequest,
    ) -> Result<ReviewPage> {
        let organization = actor.organization();
        let cells = self.store().list_review(organization, query, page).await?;
        let connections = self.store().list_connections(organization).await?;
        let ids: Vec<PersonId> = cells.items.iter().map(|cell| cell.person_id).collect();
        let people = self.store().find_people(organization, &ids).await?;
        let scene = Scene {
            people: people.into_iter().map(|it| (it.id, it)).collect(),
            connections: connections.into_iter().map(|it| (it.id, it)).collect(),
            verdicts: self.verdicts(actor).await?,
        };
        let mut cases = Vec::with_capacity(cells.items.len());
        for cell in cells.items {
            cases.extend(self.review_case(actor, cell, &scene).await?);
        }
        Ok(ReviewPage {
            cases,
            next: cells.next,
            advice: self.advice_of(actor, &scene).await?,
        })
    }

    /// The rules that lately made decisions suggest. None holds before it is saved.
    pub async fn suggested_rules(&self, actor: &Actor) -> Result<Vec<Advice>> {
        let connections = self.store().list_connections(actor.organization()).await?;
        let scene = Scene {
            people: HashMap::new(),
            connections: connections.into_iter().map(|it| (it.id, it)).collect(),
            verdicts: self.verdicts(actor).await?,
        };
        self.advice_of(actor, &scene).await
    }

    /// How many cases wait, by connection and reason.
    pub async fn count_review(&self, actor: &Actor) -> Result<Vec<ReviewCount>> {
        Ok(self.store().count_review(actor.organization()).await?)
    }

    /// A case with both its sides; `None` when it is none any more.
    async fn review_case(
        &self,
        actor: &Actor,
        cell: ReviewCell,
        scene: &Scene,
    ) -> Result<Option<ReviewCase>> {
        let (Some(person), Some(connection)) = (
            scene.people.get(&cell.person_id).cloned(),
            scene.connections.get(&cell.connection_id).cloned(),
        ) else {
            return Ok(None);
        };
        let mut case = ReviewCase {
            situation: cell.situation,
            connection,
            person,
            candidates: Vec::new(),
            drift: None,
        };
        if cell.situation == Situation::Drifted {
            let query = DriftQuery {
                connection_id: Some(cell.connection_id),
                person_id: Some(cell.person_id),
                primary_only: true,
                ..DriftQuery::default()
            };
            let found = self
                .list_drift(actor, &query, &PageRequest::first(1))
                .await?;
            case.drift = found.items.into_iter().next();
        } else {
            case.candidates = self.review_candidates(actor, &case, scene).await?;
        }
        let is_there = case.drift.is_some() || !case.candidates.is_empty();
        Ok(is_there.then_some(case))
    }

    async fn review_candidates(
        &self,
        actor: &Actor,
        case: &ReviewCase,
        scene: &Scene,
    ) -> Result<Vec<ReviewCandidate>> {
        let organization = actor.organization();
        let (connection, person) = (case.connection.id, &case.person);
        let found = self
            .store()
            .find_proposal(organization, connection, person.id)
            .await?;
        let Some(proposal) = found else {
            return Ok(Vec::new());
        };
        let best = Rival {
            crm_user_id: proposal.crm_user_id,
            score: proposal.score,
            evidence: proposal.evidence,
        };
        let mut ranked: Vec<Rival> = [best].into_iter().chain(proposal.rivals).collect();
        ranked.truncate(CANDIDATES);
        let ids: Vec<CrmUserId> = ranked.iter().map(|it| it.crm_user_id.clone()).collect();
        let users = self
            .store()
            .find_crm_users(organization, connection, &ids)
            .await?;
        let mut users: HashMap<CrmUserId, CrmUser> = users
            .into_iter()
            .map(|user| (user.id.clone(), user))
            .collect();
        let ours = Sketch::of_person(person);
        let candidate = |rival: Rival| {
            let crm_user = users.remove(&rival.crm_user_id)?;
            let alike = likenesses(&ours, &Sketch::of_crm_user(&crm_user.profile));
            Some(ReviewCandidate {
                crm_user,
                score: rival.score,
                evidence: rival.evidence,
                similar: tallies(&alike, connection, &scene.verdicts),
            })
        };
        Ok(ranked.into_iter().filter_map(candidate).collect())
    }

    async fn advice_of(&self, actor: &Actor, scene: &Scene) -> Result<Vec<Advice>> {
        let concerned: HashSet<ConnectionId> =
            scene.verdicts.iter().map(|it| it.connection_id).collect();
        let mut places: Vec<Option<ConnectionId>> = vec![None];
        places.extend(concerned.iter().copied().map(Some));
        let said = self.said(actor.organization(), &places).await?;
        let said = |of| said.get(&of).map(|it| it.rules.clone()).unwrap_or_default();
        let rules: HashMap<ConnectionId, MatchingRules> = concerned
            .into_iter()
            .map(|id| (id, said(Some(id)).over(&said(None))))
            .collect();
        let mut found = advice(&scene.verdicts, &rules);
        found.retain(|it| scene.connections.contains_key(&it.connection_id));
        Ok(found)
    }
}
