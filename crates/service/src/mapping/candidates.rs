//! Choosing: who fits a person, why, and why nobody does.

use counterpart_matching::{Index, Record};
use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, Evidence, Page, PageRequest, Person, PersonId, Proposal,
    Rival, Situation,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::mappings::MappingQuery;

use super::grid::words;
use crate::reconcile::{evidence, record_of_crm_user, record_of_person};
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
        let cells = self.store().cells_of(organization, person).await?;
        let is_open = cells
            .iter()
            .any(|cell| cell.connection_id == connection && cell.situation == Situation::Unmapped);
        let unmatched = if is_open && proposal.is_none() {
            self.unmatched(actor, connection, others.first()).await?
        } else {
            Vec::new()
        };
        others.retain(|(user, _, _)| Some(&user.id) != chosen.as_ref());
        Ok(Why {
            person: found,
            proposal,
            others,
            unmatched,
        })
    }

    /// Why nobody is proposed, judged by who comes closest.
    async fn unmatched(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        closest: Option<&(CrmUser, f64, Vec<Evidence>)>,
    ) -> Result<Vec<String>> {
        let connection = self.connection(actor, connection).await?.name;
        let Some((user, _, evidence)) = closest else {
            return Ok(vec![format!(
                "nobody in {connection} shares a name, address, number or id with this person"
            )]);
        };
        let name = &user.profile.display_name;
        let holder = self.mapped_to(actor, user.connection_id, &user.id).await?;
        let mut words = vec![match holder {
            Some(holder) => format!(
                "the closest is {name}, who is mapped to {}",
                holder.profile.display_name
            ),
            None => format!("the closest is {name}, but too little speaks for it"),
        }];
        words.extend(evidence.iter().map(|evidence| evidence.words.clone()));
        Ok(words)
    }

    /// Who fits a person, best first: as the matcher found when it last looked at everybody, or,
    /// where it found nobody, whoever comes closest.
    async fn ranked(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Vec<(CrmUser, f64, Vec<Evidence>)>> {
        let organization = actor.organization();
        let Some(found) = self
            .store()
            .find_proposal(organization, connection, person)
            .await?
        else {
            return self.closest(actor, connection, person).await;
        };
        let best = Rival {
            crm_user_id: found.crm_user_id,
            score: found.score,
            evidence: found.evidence,
        };
        let mut ranked = Vec::with_capacity(1 + found.rivals.len());
        for rival in [best].into_iter().chain(found.rivals) {
            let user = self
                .store()
                .find_crm_user(organization, connection, &rival.crm_user_id)
                .await?;
            ranked.extend(user.map(|user| (user, rival.score, rival.evidence)));
        }
        Ok(ranked)
    }

    /// Whoever comes closest to a person, best first, by an index made for this question.
    async fn closest(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        person: PersonId,
    ) -> Result<Vec<(CrmUser, f64, Vec<Evidence>)>> {
        let organization = actor.organization();
        let person = self.person(actor, person).await?;
        let now = self.now();
        let mut identities = self
            .store()
            .list_identities(organization, &[person.id])
            .await?;
        identities.retain(|identity| identity.period.contains(now));
        let record = record_of_person(&person, &identities);
        let users = self.present_users(organization, connection).await?;
        let (found, users) = tokio::task::spawn_blocking(move || {
            let records: Vec<Record> = users.iter().map(record_of_crm_user).collect();
            (Index::new(&records).candidates(&record, OFFERED), users)
        })
        .await
        .map_err(Error::internal)?;
        Ok(found
            .into_iter()
            .map(|candidate| {
                let user = users[candidate.index].clone();
                (user, candidate.score, evidence(&candidate.evidence))
            })
            .collect())
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
