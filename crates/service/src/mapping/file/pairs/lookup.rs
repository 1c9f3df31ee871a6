//! Who a value names, on either side.

use std::collections::HashMap;

use counterpart_model::{CrmUser, CrmUserId, PersonId, folding};

use super::columns::{CrmUserKey, PersonKey};
use crate::mapping::file::checking::Standing;
use crate::mapping::file::document::PersonRef;
use crate::mapping::file::roster::{Roster, stripped, zeros_in_front};
use crate::{Actor, Result, Service};

/// What names somebody; `None` where it names several.
type Index<T> = HashMap<String, Option<T>>;

/// Finds people and CRM users by values of a file.
pub(super) struct Lookup<'a> {
    service: &'a Service,
    pub(super) roster: &'a Roster,
    pub(super) standing: &'a Standing,
    identities: Index<PersonId>,
    usernames: Index<PersonId>,
    employees: Index<PersonId>,
    crm_emails: Index<&'a CrmUserId>,
    crm_usernames: Index<&'a CrmUserId>,
    crm_others: Index<&'a CrmUserId>,
    crm_employees: Index<&'a CrmUserId>,
}

impl Service {
    pub(super) async fn lookup<'a>(
        &'a self,
        actor: &Actor,
        roster: &'a Roster,
        standing: &'a Standing,
    ) -> Result<Lookup<'a>> {
        let ids: Vec<PersonId> = roster.all().map(|person| person.id).collect();
        let now = self.now();
        let mut identities = Index::new();
        for identity in self
            .store()
            .list_identities(actor.organization(), &ids)
            .await?
        {
            if identity.period.contains(now) {
                add(&mut identities, &identity.value, identity.person_id);
            }
        }
        let mut lookup = Lookup {
            service: self,
            roster,
            standing,
            identities,
            usernames: Index::new(),
            employees: Index::new(),
            crm_emails: Index::new(),
            crm_usernames: Index::new(),
            crm_others: Index::new(),
            crm_employees: Index::new(),
        };
        lookup.index();
        Ok(lookup)
    }
}

impl<'a> Lookup<'a> {
    fn index(&mut self) {
        for person in self.roster.all() {
            if let Some(name) = &person.profile.username {
                add(&mut self.usernames, &name.to_lowercase(), person.id);
            }
            if let Some(number) = &person.profile.employee_number {
                add(&mut self.employees, number, person.id);
            }
        }
        let users: &'a HashMap<CrmUserId, CrmUser> = &self.standing.users;
        // Who is gone is found by id alone: the address may be somebody else's by now.
        for user in users.values().filter(|user| user.gone_since.is_none()) {
            for address in &user.profile.emails {
                if let Some(folded) = folding::fold_email(address) {
                    add(&mut self.crm_emails, &folded, &user.id);
                }
            }
            if let Some(name) = &user.profile.username {
                add(&mut self.crm_usernames, &name.to_lowercase(), &user.id);
            }
            for other in &user.profile.other_ids {
                add(&mut self.crm_others, &other.value, &user.id);
            }
            if let Some(number) = &user.profile.employee_number {
                add(&mut self.crm_employees, number, &user.id);
            }
        }
    }

    /// Whom a value names, or why that is nobody.
    pub(super) fn person(
        &self,
        key: PersonKey,
        value: &str,
    ) -> std::result::Result<PersonId, String> {
        let what = key.words();
        if value.is_empty() {
            return Err(format!("the {what} of the person is empty"));
        }
        match key {
            PersonKey::ExternalId => self.roster.find(&PersonRef::ExternalId(value.to_owned())),
            PersonKey::Email => self.roster.find(&PersonRef::Email(value.to_owned())),
            PersonKey::Id => match value.parse() {
                Ok(id) => self.roster.find(&PersonRef::Id(id)),
                Err(_) => Err(format!("`{value}` is no id of a person")),
            },
            PersonKey::Identity => get(&self.identities, value, "person", what),
            PersonKey::Username => get(&self.usernames, &value.to_lowercase(), "person", what),
            PersonKey::EmployeeNumber => get(&self.employees, value, "person", what),
        }
    }

    /// Which CRM user a value names, or why that is none.
    pub(super) fn crm_user(
        &self,
        key: CrmUserKey,
        value: &str,
    ) -> std::result::Result<&'a CrmUserId, String> {
        let what = key.words();
        if value.is_empty() {
            return Err(format!("the {what} of the CRM user is empty"));
        }
        let user = "CRM user";
        match key {
            CrmUserKey::Id => self.by_id(value),
            CrmUserKey::Email => {
                let folded = folding::fold_email(value);
                let folded = folded.ok_or_else(|| format!("`{value}` is no e-mail address"))?;
                get(&self.crm_emails, &folded, user, what)
            }
            CrmUserKey::Username => get(&self.crm_usernames, &value.to_lowercase(), user, what),
            CrmUserKey::OtherId => get(&self.crm_others, value, user, what),
            CrmUserKey::EmployeeNumber => get(&self.crm_employees, value, user, what),
        }
    }

    fn by_id(&self, value: &str) -> std::result::Result<&'a CrmUserId, String> {
        let users = &self.standing.users;
        let id = CrmUserId(value.to_owned());
        if super::super::checking::is_rounded(value, users) {
            return Err(format!(
                "`{value}` may have been rounded by a spreadsheet; format the column as text and \
                 fill it again from the source"
            ));
        }
        let canonical = || self.service.canonical(&self.standing.connection, &id);
        if let Some((known, _)) = users
            .get_key_value(&id)
            .or_else(|| users.get_key_value(&canonical()?))
        {
            return Ok(known);
        }
        let is_known = |id: &str| users.contains_key(&CrmUserId(id.to_owned()));
        Err(zeros_in_front(value, is_known).map_or_else(
            || format!("there is no CRM user with the id `{value}`"),
            |known| stripped("CRM user", value, &known),
        ))
    }
}

fn add<T: Copy + PartialEq>(index: &mut Index<T>, value: &str, of: T) {
    let known = index.entry(value.trim().to_owned()).or_insert(Some(of));
    if *known != Some(of) {
        *known = None;
    }
}

fn get<T: Copy>(
    index: &Index<T>,
    value: &str,
    who: &str,
    what: &str,
) -> std::result::Result<T, String> {
    match index.get(value) {
        Some(Some(found)) => Ok(*found),
        Some(None) => Err(format!(
            "several have the {what} `{value}`; name one by an id"
        )),
        None => {
            let known = zeros_in_front(value, |value| matches!(index.get(value), Some(Some(_))));
            Err(known.map_or_else(
                || format!("there is no {who} with the {what} `{value}`"),
                |known| stripped(who, value, &known),
            ))
        }
    }
}
