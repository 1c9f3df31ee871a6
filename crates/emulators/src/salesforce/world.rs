//! Everything the connection can see, held still while a request is answered.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::MutexGuard;

use super::ids;
use super::objects::TASK_STATUSES;
use super::rows::Row;
use super::schema::Object;
use super::setup::{LICENSES, PROFILES, ROLES};
use crate::contacts::{Contact, ContactKind, Contacts};
use crate::core::Core;
use crate::directory::{Directory, User, UserState};
use crate::records::Records;

/// The locks behind a [`World`]; taken in one order everywhere.
pub(crate) struct Held<'a> {
    directory: MutexGuard<'a, Directory>,
    contacts: MutexGuard<'a, Contacts>,
    records: MutexGuard<'a, Records>,
}

impl<'a> Held<'a> {
    pub(crate) fn of(core: &'a Core) -> Self {
        Self {
            directory: core.directory(),
            contacts: core.contacts(),
            records: core.records(),
        }
    }

    pub(crate) fn world(&self) -> World<'_> {
        World {
            users: self.directory.users(),
            contacts: self.contacts.all(),
            records: &self.records,
            accounts: OnceCell::new(),
        }
    }
}

/// Users, customers and written records at one moment.
pub(crate) struct World<'a> {
    users: &'a [User],
    contacts: &'a [Contact],
    records: &'a Records,
    /// One contact of each company, the first; companies are known by their people alone.
    accounts: OnceCell<Vec<&'a Contact>>,
}

impl<'a> World<'a> {
    /// All records of an object, deleted ones included.
    pub(crate) fn rows(&self, object: &Object) -> Vec<Row<'a>> {
        let users = || {
            let seen = |user: &&User| user.state != UserState::Deleted;
            self.users.iter().filter(seen)
        };
        let customers = |kind| {
            let all = self.contacts.iter();
            all.filter(move |contact| contact.kind == kind)
        };
        match object.name {
            "User" => users().map(Row::User).collect(),
            "UserLogin" => users().map(Row::UserLogin).collect(),
            "Organization" => vec![Row::Organization],
            "Profile" => (0..PROFILES.len()).map(Row::Profile).collect(),
            "UserLicense" => (0..LICENSES.len()).map(Row::UserLicense).collect(),
            "UserRole" => (0..ROLES.len()).map(Row::UserRole).collect(),
            "TaskStatus" => (0..TASK_STATUSES.len()).map(Row::TaskStatus).collect(),
            "Contact" => customers(ContactKind::Contact).map(Row::Contact).collect(),
            "Lead" => customers(ContactKind::Lead).map(Row::Lead).collect(),
            "Account" => self.accounts().iter().copied().map(Row::Account).collect(),
            written => self.records.of(written).map(Row::Written).collect(),
        }
    }

    fn accounts(&self) -> &[&'a Contact] {
        self.accounts.get_or_init(|| {
            let mut known = HashSet::new();
            let mut accounts: Vec<&'a Contact> = self.contacts.iter().collect();
            accounts.retain(|contact| known.insert(contact.company_id.as_str()));
            accounts
        })
    }

    /// The user of that 18-character id.
    pub(crate) fn user(&self, id: &str) -> Option<&'a User> {
        let user = self.users.get(ids::number("005", id)?)?;
        (user.id == id && user.state != UserState::Deleted).then_some(user)
    }

    /// The record of that 18-character id, whatever it is.
    pub(crate) fn find(&self, id: &str) -> Option<Row<'a>> {
        let prefix = id.get(..3)?;
        let customer = || {
            let nth = ids::number(prefix, id)?;
            self.contacts.get(nth).filter(|contact| contact.id == id)
        };
        match prefix {
            "005" => self.user(id).map(Row::User),
            "0Yw" => self.user(&id.replacen("0Yw", "005", 1)).map(Row::UserLogin),
            "003" => customer().map(Row::Contact),
            "00Q" => customer().map(Row::Lead),
            // A company is numbered after the first of its people.
            "001" => {
                let contact = self.contacts.get(ids::number("001", id)?)?;
                (contact.company_id == id).then_some(Row::Account(contact))
            }
            "00T" => self.records.find("Task", id).map(Row::Written),
            "00U" => self.records.find("Event", id).map(Row::Written),
            _ => {
                let small = [
                    "Organization",
                    "Profile",
                    "UserLicense",
                    "UserRole",
                    "TaskStatus",
                ];
                let all = small.into_iter().filter_map(super::schema::find);
                all.flat_map(|object| self.rows(object))
                    .find(|row| row.id() == id)
            }
        }
    }

    /// The user the connection signs in as.
    pub(crate) fn connecting(&self) -> Option<&'a User> {
        let mut users = self.users.iter();
        users.find(|user| user.kind == crate::directory::UserKind::Connecting)
    }
}
