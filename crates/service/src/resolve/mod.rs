//! Who is whom at an instant: the question that everybody else asks Counterpart.
//!
//! Mappings answer for any moment, past and future. Where none holds, the answer says why:
//! nobody is mapped, somebody decided so, somebody has to choose, a brake holds, or what was
//! asked for is not known. Up to [`MOST_QUESTIONS`] are answered together, in a number of reads
//! that does not grow with them.

mod answer;
mod key;
mod known;
mod question;

pub use answer::{Choice, Outcome, Resolution, Unknown};
pub use question::{MOST_QUESTIONS, Question, Subject};

use counterpart_store::resolve::{MappedAt, MappedSide};

use crate::mapping::has_crm_users;
use crate::{Actor, Result, Service};
use key::{Asked, Place};
use known::Known;

impl Service {
    /// Answers each question, in their order. A question that is wrong in itself refuses all of
    /// them with the field that is wrong; what is merely not known is an answer.
    pub async fn resolve(&self, actor: &Actor, questions: &[Question]) -> Result<Vec<Resolution>> {
        let now = self.now();
        question::check(questions)?;
        let organization = actor.organization();
        let connections: Vec<_> = self.store().list_connections(organization).await?;
        let crms = connections.iter().filter(|it| has_crm_users(it)).cloned();
        let mut known = Known::new(now, crms.collect());
        let asked = self
            .read_questions(actor, questions, &connections, &known)
            .await?;

        let mut sides = Vec::new();
        for (index, asked) in asked.iter().enumerate() {
            let at = asked.at;
            sides.extend(asked.sides().map(|side| (index, MappedAt { side, at })));
        }
        let (owners, sides): (Vec<usize>, Vec<MappedAt>) = sides.into_iter().unzip();
        let holding = self.store().mappings_at(organization, &sides).await?;
        let holding = holding
            .into_iter()
            .filter_map(|(side, mapping)| Some((*owners.get(side)?, mapping)));
        known.put_mappings(asked.len(), holding);

        self.read_reasons(actor, &asked, &mut known).await?;
        self.read_names(actor, &asked, &mut known).await?;
        Ok(asked
            .iter()
            .enumerate()
            .map(|(index, asked)| known.answer(index, asked))
            .collect())
    }

    /// What explains that nothing is mapped, for the questions to which nothing is.
    async fn read_reasons(&self, actor: &Actor, asked: &[Asked], known: &mut Known) -> Result<()> {
        let (mut people, mut crm_users) = (Vec::new(), Vec::new());
        for (index, asked) in asked.iter().enumerate() {
            if known.is_mapped(index) {
                continue;
            }
            for side in asked.sides() {
                match side {
                    MappedSide::Person(person, _) => people.push(person),
                    MappedSide::CrmUser(connection, id) => crm_users.push((connection, id)),
                }
            }
        }
        if people.is_empty() && crm_users.is_empty() {
            return Ok(());
        }
        people.sort_unstable();
        people.dedup();
        let organization = actor.organization();
        known.decisions = self
            .store()
            .decisions_on(organization, &people, &crm_users)
            .await?;
        if !people.is_empty() {
            known.proposals = self
                .store()
                .ambiguous_proposals(organization, &people)
                .await?;
        }
        Ok(())
    }

    /// The names of everybody whom an answer mentions.
    async fn read_names(&self, actor: &Actor, asked: &[Asked], known: &mut Known) -> Result<()> {
        let organization = actor.organization();
        let crm_users = known.crm_users_mentioned(asked);
        if !crm_users.is_empty() {
            let found = self
                .store()
                .crm_users_of_ids(organization, &crm_users)
                .await?;
            known.put_crm_users(found);
        }
        let people = known.people_missing();
        if !people.is_empty() {
            known.put_people(self.store().find_people(organization, &people).await?);
        }
        Ok(())
    }

    /// What each question asks for: the place, the instant, and whom its key leads to.
    async fn read_questions(
        &self,
        actor: &Actor,
        questions: &[Question],
        connections: &[counterpart_model::Connection],
        known: &Known,
    ) -> Result<Vec<Asked>> {
        let places: Vec<Place> = questions
            .iter()
            .map(|question| match &question.connection {
                None => Place::Anywhere,
                Some(text) => known
                    .connection_named(text)
                    .map_or(Place::Nowhere, Place::In),
            })
            .collect();
        let leads = self
            .people_asked_for(actor, questions, connections, known.now)
            .await?;
        let mut asked = Vec::with_capacity(questions.len());
        for ((question, place), lead) in questions.iter().zip(places).zip(leads) {
            let crm_users = self.crm_user_ids(question, place, known);
            asked.push(Asked {
                at: question.at.unwrap_or(known.now),
                place,
                people: lead,
                crm_users,
            });
        }
        Ok(asked)
    }
}
