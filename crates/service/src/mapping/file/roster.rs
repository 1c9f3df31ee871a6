//! All people, found by what files call them.

use std::collections::HashMap;

use counterpart_model::{
    OrganizationId, PageRequest, Person, PersonId, folding, paging::LARGEST_PAGE,
};
use counterpart_store::people::PeopleQuery;

use super::document::{PersonRef, addresses};
use crate::{Result, Service};

/// All people of an organization, those who left too.
pub(super) struct Roster {
    people: HashMap<PersonId, Person>,
    by_external_id: HashMap<String, PersonId>,
    by_address: HashMap<String, Vec<PersonId>>,
}

impl Roster {
    pub(super) fn of(people: Vec<Person>) -> Self {
        let mut by_external_id = HashMap::new();
        let mut by_address: HashMap<String, Vec<PersonId>> = HashMap::new();
        for person in &people {
            if let Some(id) = &person.external_id {
                by_external_id.insert(id.clone(), person.id);
            }
            for address in addresses(person) {
                by_address.entry(address).or_default().push(person.id);
            }
        }
        Self {
            people: people.into_iter().map(|it| (it.id, it)).collect(),
            by_external_id,
            by_address,
        }
    }

    /// Everybody.
    pub(super) fn all(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// The person of an id.
    pub(super) fn get(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// By what a file names a person: the external id, else the main address if it is nobody
    /// else's, else our own id.
    pub(super) fn reference(&self, id: PersonId) -> PersonRef {
        let Some(person) = self.people.get(&id) else {
            return PersonRef::Id(id);
        };
        if let Some(external_id) = &person.external_id {
            return PersonRef::ExternalId(external_id.clone());
        }
        let main = person.profile.emails.first();
        main.filter(|email| self.with_address(email) == [id])
            .map_or(PersonRef::Id(id), |email| PersonRef::Email(email.clone()))
    }

    fn with_address(&self, email: &str) -> &[PersonId] {
        folding::fold_email(email)
            .and_then(|address| self.by_address.get(&address))
            .map_or(&[], Vec::as_slice)
    }

    /// Whom a file names, or why that is nobody.
    pub(super) fn find(&self, reference: &PersonRef) -> std::result::Result<PersonId, String> {
        match reference {
            PersonRef::ExternalId(id) => self.by_external_id.get(id).copied().ok_or_else(|| {
                let with_zeros = zeros_in_front(id, |id| self.by_external_id.contains_key(id));
                with_zeros.map_or_else(
                    || format!("nobody has the external id `{id}`; add the person first"),
                    |known| stripped("person", id, &known),
                )
            }),
            PersonRef::Email(email) => match self.with_address(email) {
                [one] => Ok(*one),
                [] => Err(format!(
                    "nobody has the e-mail address `{email}`; add the person first"
                )),
                several => Err(format!(
                    "{} people have the e-mail address `{email}`; name the person by \
                     `external_id` or `id`",
                    several.len()
                )),
            },
            PersonRef::Id(id) => {
                let known = self.people.contains_key(id).then_some(*id);
                known.ok_or_else(|| format!("there is no person with the id `{id}`"))
            }
        }
    }
}

/// The one known id that `id` would be with zeros in front, if a spreadsheet took them away.
pub(super) fn zeros_in_front(id: &str, mut is_known: impl FnMut(&str) -> bool) -> Option<String> {
    const LONGEST: usize = 20;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut found = (id.len() + 1..=LONGEST)
        .map(|width| format!("{id:0>width$}"))
        .filter(|padded| is_known(padded));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// What to say of an id that lost its zeros.
pub(super) fn stripped(what: &str, id: &str, known: &str) -> String {
    format!(
        "there is no {what} `{id}`, but there is `{known}`: a spreadsheet has taken the zeros \
         away; format the column as text and fill it again"
    )
}

impl Service {
    /// Everybody, by what files call them.
    pub(super) async fn roster(&self, organization: OrganizationId) -> Result<Roster> {
        let mut people = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_people(organization, &PeopleQuery::default(), &request)
                .await?;
            people.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(Roster::of(people)),
            }
        }
    }
}
