//! Whom a key leads to: ids, addresses and extensions of people, ids of CRM users.

use std::collections::HashMap;

use counterpart_model::{
    Connection, ConnectionId, CrmUserId, IdentityKind, Person, PersonId, Timestamp, folding,
};
use counterpart_store::resolve::{HandleAt, MappedSide};

use super::known::{Known, named};
use super::{Question, Subject};
use crate::{Actor, Result, Service};

/// Where it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In every connection.
    Anywhere,
    /// In one.
    In(ConnectionId),
    /// In one that is not known.
    Nowhere,
}

/// Whom a question led to.
#[derive(Debug)]
pub(super) enum Lead {
    /// These people: nobody, one, or several.
    People(Vec<Person>),
    /// A phone system that is not known.
    NoPlatform,
    /// It asks by a CRM user.
    CrmUser,
}

/// A question after its keys were looked up.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) at: Timestamp,
    pub(super) place: Place,
    pub(super) people: Lead,
    /// The CRM user it asks by: the id as it was given, and the provider's form of it where that
    /// is another. None when it asks by a person or in no connection.
    pub(super) crm_users: Vec<(ConnectionId, CrmUserId)>,
}

impl Asked {
    /// The only person it led to.
    pub(super) fn person(&self) -> Option<&Person> {
        match &self.people {
            Lead::People(people) if people.len() == 1 => people.first(),
            _ => None,
        }
    }

    /// The sides of mappings that would answer it.
    pub(super) fn sides(&self) -> impl Iterator<Item = MappedSide> {
        let connection = match self.place {
            Place::Anywhere => Some(None),
            Place::In(connection) => Some(Some(connection)),
            Place::Nowhere => None,
        };
        let person = self
            .person()
            .zip(connection)
            .map(|(person, connection)| MappedSide::Person(person.id, connection));
        let crm_users = self
            .crm_users
            .iter()
            .map(|(connection, id)| MappedSide::CrmUser(*connection, id.clone()));
        person.into_iter().chain(crm_users)
    }
}

/// The keys of all questions, sorted by where they are looked up, each with its question.
#[derive(Default)]
struct Keys {
    ids: Vec<(usize, PersonId)>,
    external_ids: Vec<String>,
    emails: Vec<String>,
    handles: Vec<(usize, HandleAt)>,
}

impl Keys {
    fn of(questions: &[Question], connections: &[Connection], now: Timestamp) -> Self {
        let mut keys = Self::default();
        for (index, question) in questions.iter().enumerate() {
            let at = question.at.unwrap_or(now);
            let handle = |kind, value: &str, connection_id| HandleAt {
                kind,
                value: value.to_owned(),
                connection_id,
                at,
            };
            match &question.subject {
                Subject::Person(id) => keys.ids.push((index, *id)),
                Subject::ExternalId(external_id) => keys.external_ids.push(external_id.clone()),
                Subject::Email(email) => {
                    for form in forms_of_email(email) {
                        let handle = handle(IdentityKind::Email, &form, None);
                        keys.handles.push((index, handle));
                        keys.emails.push(form);
                    }
                }
                Subject::Extension { value, platform } => {
                    let connection = platform.as_deref().map(|text| named(connections, text));
                    // A platform that is not known has nobody's extensions.
                    if connection != Some(None) {
                        let handle = handle(IdentityKind::Extension, value, connection.flatten());
                        keys.handles.push((index, handle));
                    }
                }
                Subject::CrmUser(_) => {}
            }
        }
        keys
    }
}

/// An address as it is looked up: folded, and as it was kept by those who do not fold the domain
/// or the letters.
fn forms_of_email(email: &str) -> Vec<String> {
    let plain = email.trim();
    let mut forms = vec![plain.to_owned(), plain.to_lowercase()];
    forms.extend(folding::fold_email(plain));
    forms.sort();
    forms.dedup();
    forms
}

impl Service {
    /// Whom each question leads to, in their order.
    pub(super) async fn people_asked_for(
        &self,
        actor: &Actor,
        questions: &[Question],
        connections: &[Connection],
        now: Timestamp,
    ) -> Result<Vec<Lead>> {
        let organization = actor.organization();
        let keys = Keys::of(questions, connections, now);
        let mut found: Vec<Vec<PersonId>> = vec![Vec::new(); questions.len()];
        for (index, id) in keys.ids {
            found[index].push(id);
        }
        if !keys.external_ids.is_empty() {
            let holders: HashMap<String, PersonId> = self
                .store()
                .people_of_external_ids(organization, &keys.external_ids)
                .await?
                .into_iter()
                .collect();
            for (found, question) in found.iter_mut().zip(questions) {
                if let Subject::ExternalId(external_id) = &question.subject {
                    found.extend(holders.get(external_id));
                }
            }
        }
        if !keys.emails.is_empty() {
            let mut holders: HashMap<String, Vec<PersonId>> = HashMap::new();
            for (email, person) in self
                .store()
                .people_of_emails(organization, &keys.emails)
                .await?
            {
                holders.entry(email).or_default().push(person);
            }
            for (found, question) in found.iter_mut().zip(questions) {
                if let Subject::Email(email) = &question.subject {
                    let forms = forms_of_email(email);
                    found.extend(forms.iter().filter_map(|form| holders.get(form)).flatten());
                }
            }
        }
        if !keys.handles.is_empty() {
            let (owners, handles): (Vec<usize>, Vec<HandleAt>) = keys.handles.into_iter().unzip();
            for (handle, person) in self
                .store()
                .people_of_handles(organization, &handles)
                .await?
            {
                found[owners[handle]].push(person);
            }
        }
        self.leads(actor, questions, connections, found).await
    }

    /// The people behind the ids that were found.
    async fn leads(
        &self,
        actor: &Actor,
        questions: &[Question],
        connections: &[Connection],
        found: Vec<Vec<PersonId>>,
    ) -> Result<Vec<Lead>> {
        let mut ids: Vec<PersonId> = found.iter().flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let people: HashMap<PersonId, Person> = if ids.is_empty() {
            HashMap::new()
        } else {
            let people = self.store().find_people(actor.organization(), &ids).await?;
            people
                .into_iter()
                .map(|person| (person.id, person))
                .collect()
        };
        let leads = questions.iter().zip(found).map(|(question, mut found)| {
            match &question.subject {
                Subject::CrmUser(_) => return Lead::CrmUser,
                Subject::Extension {
                    platform: Some(text),
                    ..
                } if named(connections, text).is_none() => return Lead::NoPlatform,
                _ => {}
            }
            found.sort_unstable();
            found.dedup();
            Lead::People(
                found
                    .iter()
                    .filter_map(|id| people.get(id))
                    .cloned()
                    .collect(),
            )
        });
        Ok(leads.collect())
    }

    /// The CRM user by which a question asks, in the forms in which it may be kept.
    pub(super) fn crm_user_ids(
        &self,
        question: &Question,
        place: Place,
        known: &Known,
    ) -> Vec<(ConnectionId, CrmUserId)> {
        let (Subject::CrmUser(id), Place::In(connection)) = (&question.subject, place) else {
            return Vec::new();
        };
        let canonical = known
            .provider_of(connection)
            .and_then(|provider| self.parts.connectors.get(provider))
            .and_then(|connector| connector.normalise_id(&id.0))
            .filter(|canonical| canonical != id);
        [Some(id.clone()), canonical]
            .into_iter()
            .flatten()
            .map(|id| (connection, id))
            .collect()
    }
}
