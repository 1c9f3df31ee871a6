//! Choosing: who fits a person, why, and why nobody does.

use counterpart_matching::{Index, Unmatched, match_records};
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Evidence, Page, PageRequest, Person, PersonId, Proposal,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::mappings::MappingQuery;

use super::evaluate::{Staff, evidence};
use super::grid::words;
use crate::{Actor, Error, Result, Service};

/// A CRM user that could be chosen for a person.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The CRM user.
    pub crm_user: CrmUser,
    /// Whom it is mapped to now.
    pub mapped_to: Option<Person>,
    /// How probable the pair is, 0 to 1, where the matcher has looked at it.
    pub score: Option<f64>,
}

/// Why something is proposed for a person in a connection, or nothing is.
#[derive(Debug, Clone)]
pub struct Why {
    /// Who.
    pub person: Person,
    /// What is proposed, with the CRM user it names.
    pub proposal: Option<(Proposal, CrmUser)>,
    /// Who else was considered: CRM user, probability, reasons. Best first.
    pub others: Vec<(CrmUser, f64, Vec<Evidence>)>,
    /// Why nobody is proposed, in words; empty when somebody is.
    pub unmatched: Vec<String>,
}

/// How many candidates are offered without a search.
const OFFERED: usize = 8;

impl Service {
    /// The CRM users that could be chosen for a person: those that fit `search`, or without one
    /// those that the matcher finds likeliest. Inactive ones only when `inactive` is set.
    pub async fn candidates(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
        search: &str,
        inactive: bool,
        page: &PageRequest,
    ) -> Result<Page<Candidate>> {
        if words(search).is_empty() && page.after.is_none() {
            let likely = self.likely(actor, connection, person).await?;
            if !likely.is_empty() {
                return Ok(Page {
                    items: likely,
                    next: None,
                });
            }
        }
        let query = CrmUserQuery {
            words: words(search),
            usable_only: !inactive,
            ..CrmUserQuery::default()
        };
        let users = self
            .store()
            .list_crm_users(actor.organization(), connection, &query, page)
            .await?;
        let mut items = Vec::with_capacity(users.items.len());
        for crm_user in users.items {
            let mapped_to = self.mapped_to(actor, connection, &crm_user.id).await?;
            items.push(Candidate {
                crm_user,
                mapped_to,
                score: None,
            });
        }
        Ok(Page {
            items,
            next: users.next,
        })
    }

    /// The likeliest CRM users for a person, best first.
    async fn likely(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Vec<Candidate>> {
        let mut found = Vec::new();
        for (crm_user, score, _) in self.ranked(actor, connection, person).await? {
            let mapped_to = self.mapped_to(actor, connection, &crm_user.id).await?;
            found.push(Candidate {
                crm_user,
                mapped_to,
                score: Some(score),
            });
        }
        Ok(found)
    }

    /// Why what is proposed for a person in a connection is proposed, or nothing is.
    pub async fn why(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Why> {
        let organization = actor.organization();
        let found = self.person(actor, person).await?;
        let proposal = match self
            .store()
            .find_proposal(organization, connection, person)
            .await?
        {
            Some(proposal) => self
                .store()
                .find_crm_user(organization, connection, &proposal.crm_user_id)
                .await?
                .map(|user| (proposal, user)),
            None => None,
        };
        let chosen = proposal
            .as_ref()
            .map(|(proposal, _)| proposal.crm_user_id.clone());
        let mut others = self.ranked(actor, connection, person).await?;
        others.retain(|(user, _, _)| Some(&user.id) != chosen.as_ref());
        let unmatched = if proposal.is_none() {
            self.unmatched(actor, connection, person).await?
        } else {
            Vec::new()
        };
        Ok(Why {
            person: found,
            proposal,
            others,
            unmatched,
        })
    }

    async fn unmatched(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Vec<String>> {
        let organization = actor.organization();
        let connection = self.connection(actor, connection).await?;
        let staff = self.staff_with(actor, person).await?;
        let Some(at) = staff.people.iter().position(|known| known.id == person) else {
            return Ok(Vec::new());
        };
        let sides = self.sides(organization, &connection, &staff).await?;
        let (result, sides) = tokio::task::spawn_blocking(move || {
            (
                match_records(&sides.left, &sides.right, &sides.options),
                sides,
            )
        })
        .await
        .map_err(Error::internal)?;
        let name_of = |user: usize| sides.users[user].profile.display_name.as_str();
        Ok(match result.why_unmatched(at) {
            None | Some(Unmatched::Taken) => Vec::new(),
            Some(Unmatched::NothingInCommon) => vec![format!(
                "nobody in {} shares a name, address, number or id with this person",
                connection.name
            )],
            Some(Unmatched::SeveralFit { candidates }) => vec![format!(
                "{} users fit about as well, {} among them",
                candidates.len(),
                candidates
                    .first()
                    .map_or("nobody", |best| name_of(best.index))
            )],
            Some(Unmatched::TooWeak { best }) => {
                let mut words = vec![format!(
                    "the closest is {}, but too little speaks for it",
                    name_of(best.index)
                )];
                words.extend(
                    best.evidence
                        .iter()
                        .map(|evidence| evidence.words.to_string()),
                );
                words
            }
            Some(Unmatched::BetterElsewhere { best, proposed_for }) => vec![format!(
                "the closest is {}, who fits {} better",
                name_of(best.index),
                staff.people[*proposed_for].profile.display_name
            )],
        })
    }

    /// Everybody the matcher would consider for a person, best first.
    async fn ranked(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Vec<(CrmUser, f64, Vec<Evidence>)>> {
        let organization = actor.organization();
        let connection = self.connection(actor, connection).await?;
        let staff = self.staff_with(actor, person).await?;
        let Some(at) = staff.people.iter().position(|known| known.id == person) else {
            return Ok(Vec::new());
        };
        let sides = self.sides(organization, &connection, &staff).await?;
        Ok(Index::new(&sides.right)
            .candidates(&sides.left[at], OFFERED)
            .into_iter()
            .map(|candidate| {
                let user = sides.users[candidate.index].clone();
                (user, candidate.score, evidence(&candidate.evidence))
            })
            .collect())
    }

    /// The staff, with the person among it even when they work here no longer.
    async fn staff_with(&self, actor: &Actor, person: PersonId) -> Result<Staff> {
        let mut staff = self.staff(actor.organization()).await?;
        if !staff.people.iter().any(|known| known.id == person) {
            staff.people.push(self.person(actor, person).await?);
        }
        Ok(staff)
    }

    async fn mapped_to(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        crm_user: &CrmUserId,
    ) -> Result<Option<Person>> {
        let query = MappingQuery {
            connection_id: Some(connection),
            crm_user_id: Some(crm_user.clone()),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let page = self
            .store()
            .list_mappings(actor.organization(), &query, &PageRequest::first(1))
            .await?;
        match page.items.first() {
            Some(mapping) => Ok(self
                .store()
                .find_person(actor.organization(), mapping.person_id)
                .await?),
            None => Ok(None),
        }
    }
}
