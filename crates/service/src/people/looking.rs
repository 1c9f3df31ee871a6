//! Looking at people.

use std::collections::HashMap;

use counterpart_model::{
    Decision, Identity, IdentityKind, Page, PageRequest, Person, PersonId, folding,
};
use counterpart_store::grid::GridCell;
use counterpart_store::mappings::MappingQuery;
use counterpart_store::people::PeopleQuery;

use crate::mapping::{MappingView, words};
use crate::{Actor, Result, Service};

/// One person with everything that is known.
#[derive(Debug, Clone)]
pub struct PersonView {
    /// Who.
    pub person: Person,
    /// Extensions and the like, past ones too.
    pub identities: Vec<Identity>,
    /// How the person stands in each connection now.
    pub cells: Vec<GridCell>,
    /// Every mapping, past and future ones too.
    pub mappings: Vec<MappingView>,
    /// What was decided about the person.
    pub decisions: Vec<Decision>,
}

impl Service {
    /// The people that fit a search, by name, with their current extensions.
    pub async fn list_people(
        &self,
        actor: &Actor,
        search: &str,
        active: Option<bool>,
        page: &PageRequest,
    ) -> Result<(Page<Person>, HashMap<PersonId, Vec<Identity>>)> {
        let query = PeopleQuery {
            words: words(search),
            active,
        };
        let people = self
            .store()
            .list_people(actor.organization(), &query, page)
            .await?;
        let ids: Vec<PersonId> = people.items.iter().map(|person| person.id).collect();
        let now = self.now();
        let mut identities: HashMap<PersonId, Vec<Identity>> = HashMap::new();
        for identity in self
            .store()
            .list_identities(actor.organization(), &ids)
            .await?
        {
            if identity.period.contains(now) {
                identities
                    .entry(identity.person_id)
                    .or_default()
                    .push(identity);
            }
        }
        Ok((people, identities))
    }

    /// How many people there are.
    pub async fn count_people(
        &self,
        actor: &Actor,
    ) -> Result<counterpart_store::people::PeopleCount> {
        Ok(self.store().count_people(actor.organization()).await?)
    }

    /// One person with everything that is known.
    pub async fn person_view(&self, actor: &Actor, id: PersonId) -> Result<PersonView> {
        let person = self.person(actor, id).await?;
        let identities = self
            .store()
            .list_identities(actor.organization(), &[id])
            .await?;
        let query = MappingQuery {
            person_id: Some(id),
            ..MappingQuery::default()
        };
        let mappings = self
            .list_mappings(actor, &query, &PageRequest::first(1_000))
            .await?
            .items;
        let decisions = self
            .store()
            .decisions_about(actor.organization(), id)
            .await?;
        let cells = self.store().cells_of(actor.organization(), id).await?;
        Ok(PersonView {
            person,
            identities,
            cells,
            mappings,
            decisions,
        })
    }

    /// The person that a text names: by id, external id, e-mail address or extension. Fails when
    /// nobody or several fit.
    pub async fn person_named(&self, actor: &Actor, text: &str) -> Result<Person> {
        let organization = actor.organization();
        if let Ok(id) = text.parse() {
            return self.person(actor, id).await;
        }
        if let Some(person) = self
            .store()
            .find_person_by_external_id(organization, text)
            .await?
        {
            return Ok(person);
        }
        let email = folding::fold_email(text);
        let query = PeopleQuery {
            words: words(text),
            active: None,
        };
        let page = self
            .store()
            .list_people(organization, &query, &PageRequest::first(200))
            .await?;
        let mut fitting: Vec<Person> = page
            .items
            .into_iter()
            .filter(|person| match &email {
                Some(email) => person
                    .profile
                    .emails
                    .iter()
                    .any(|known| folding::fold_email(known).as_ref() == Some(email)),
                None => person.sort_key() == folding::fold(text),
            })
            .collect();
        if fitting.is_empty() {
            let holders = self
                .store()
                .find_identities(organization, IdentityKind::Extension, text, self.now())
                .await?;
            let ids: Vec<PersonId> = holders.iter().map(|identity| identity.person_id).collect();
            fitting = self.store().find_people(organization, &ids).await?;
        }
        match fitting.len() {
            1 => Ok(fitting.remove(0)),
            0 => Err(crate::Error::new(
                counterpart_model::Code::PersonNotFound,
                format!(
                    "nobody is called `{text}`; use a name, e-mail address, external id or extension"
                ),
            )),
            several => Err(crate::Error::new(
                counterpart_model::Code::PersonNotFound,
                format!("{several} people fit `{text}`; use an e-mail address or external id"),
            )),
        }
    }
}
