//! The records behind the tables, held still while a request is answered, and their values.

use std::collections::HashSet;
use std::sync::MutexGuard;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ids;
use super::schema::Entity;
use crate::contacts::{Contact, ContactKind, Contacts};
use crate::core::Core;
use crate::directory::{Directory, User, UserKind, UserState};
use crate::people::ORGANIZATION;
use crate::records::{Record, Records};

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
        }
    }
}

/// Users, customers and written records at one moment.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    users: &'a [User],
    contacts: &'a [Contact],
    records: &'a Records,
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    User(&'a User),
    Contact(&'a Contact),
    Lead(&'a Contact),
    /// The company of that contact.
    Account(&'a Contact),
    Organization,
    BusinessUnit,
    /// An activity or a note.
    Written(&'a Record),
}

impl<'a> World<'a> {
    /// All records of a table, in the order of their making.
    pub(crate) fn rows(&self, entity: &Entity) -> Vec<Row<'a>> {
        let customers = |kind| {
            let all = self.contacts.iter();
            all.filter(move |contact| contact.kind == kind)
        };
        match entity.name {
            "systemuser" => {
                let seen = |user: &&User| user.state != UserState::Deleted;
                self.users.iter().filter(seen).map(Row::User).collect()
            }
            "contact" => customers(ContactKind::Contact).map(Row::Contact).collect(),
            "lead" => customers(ContactKind::Lead).map(Row::Lead).collect(),
            "account" => {
                let mut known = HashSet::new();
                let mut first: Vec<&'a Contact> = self.contacts.iter().collect();
                first.retain(|contact| known.insert(contact.company_id.as_str()));
                first.into_iter().map(Row::Account).collect()
            }
            "organization" => vec![Row::Organization],
            "businessunit" => vec![Row::BusinessUnit],
            written => self.records.of(written).map(Row::Written).collect(),
        }
    }

    /// The users that are gone.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &'a User> {
        let gone = |user: &&User| user.state == UserState::Deleted;
        self.users.iter().filter(gone)
    }

    /// The user of that id.
    pub(crate) fn user(&self, id: &str) -> Option<&'a User> {
        let user = self.users.get(ids::number("systemuser", id)?)?;
        (user.state != UserState::Deleted).then_some(user)
    }

    /// The record of that table and id.
    pub(crate) fn find(&self, entity: &Entity, id: &str) -> Option<Row<'a>> {
        match entity.name {
            "systemuser" => self.user(id).map(Row::User),
            "contact" | "lead" => {
                let contact = self.contacts.get(ids::number(entity.name, id)?)?;
                let row = match contact.kind {
                    ContactKind::Contact => Row::Contact(contact),
                    ContactKind::Lead => Row::Lead(contact),
                };
                (contact.id == id).then_some(row)
            }
            // A company is numbered after the first of its people.
            "account" => {
                let contact = self.contacts.get(ids::number("account", id)?)?;
                (contact.company_id == id).then_some(Row::Account(contact))
            }
            "organization" | "businessunit" => {
                let mut rows = self.rows(entity).into_iter();
                rows.find(|row| row.id() == id)
            }
            written => self.records.find(written, id).map(Row::Written),
        }
    }
}

/// The id of the one organization.
pub(crate) fn organization_id() -> String {
    ids::make("organization", 0)
}

/// The id of the one business unit.
pub(crate) fn business_unit_id() -> String {
    ids::make("businessunit", 0)
}

/// The id of a user in the directory of Entra, which is another one than in Dynamics.
pub(crate) fn entra_id(user: &User) -> Option<String> {
    if user.kind == UserKind::Automated {
        return None;
    }
    ids::number("systemuser", &user.id).map(|nth| ids::make("entra", nth))
}

impl Row<'_> {
    pub(crate) fn id(&self) -> String {
        match self {
            Self::User(user) => user.id.clone(),
            Self::Contact(contact) | Self::Lead(contact) => contact.id.clone(),
            Self::Account(contact) => contact.company_id.clone(),
            Self::Organization => organization_id(),
            Self::BusinessUnit => business_unit_id(),
            Self::Written(record) => record.id.clone(),
        }
    }

    pub(crate) fn modified(&self) -> Timestamp {
        match self {
            Self::User(user) => user.modified,
            Self::Contact(contact) | Self::Lead(contact) => contact.modified,
            Self::Account(contact) => contact.created,
            Self::Organization | Self::BusinessUnit => Timestamp::UNIX_EPOCH,
            Self::Written(record) => record.modified,
        }
    }

    /// The version in `@odata.etag`.
    pub(crate) fn version(&self) -> i64 {
        match self {
            // Counted, because a record can be written twice in a second.
            Self::Written(record) => record.fields["versionnumber"].as_i64().unwrap_or(0),
            row => row.modified().as_second() / 7,
        }
    }

    /// The value of a column, by its logical name.
    pub(crate) fn value(&self, column: &str) -> Value {
        match self {
            Self::Written(record) => record.fields[column].clone(),
            row if column == "versionnumber" => json!(row.version()),
            Self::User(user) => user_value(user, column),
            Self::Contact(contact) | Self::Lead(contact) => customer_value(contact, column),
            Self::Account(contact) => account_value(contact, column),
            Self::Organization | Self::BusinessUnit => setup_value(column),
        }
    }
}

/// A program that signs in by itself.
fn is_application(user: &User) -> bool {
    matches!(user.kind, UserKind::Connecting | UserKind::Integration)
}

fn access_mode(user: &User) -> i64 {
    match user.kind {
        UserKind::Connecting | UserKind::Integration | UserKind::Portal | UserKind::Guest => 4,
        UserKind::Automated => 3,
        UserKind::Social => 2,
        UserKind::Person | UserKind::SharedMailbox | UserKind::Consultant => 0,
    }
}

fn user_value(user: &User, column: &str) -> Value {
    // The system's own users are marked so.
    let own = matches!(
        user.kind,
        UserKind::Automated | UserKind::Portal | UserKind::Guest
    );
    let mark = if own { "# " } else { "" };
    match column {
        "systemuserid" => json!(user.id),
        "fullname" | "yomifullname" => json!(format!("{mark}{}", user.full_name())),
        "firstname" => json!(Some(format!("{mark}{}", user.given)).filter(|name| !name.is_empty())),
        "lastname" => json!(user.family),
        "nickname" => json!(user.nickname),
        "internalemailaddress" => json!(user.email),
        "domainname" | "windowsliveid" => json!(user.username),
        "azureactivedirectoryobjectid" => json!(entra_id(user)),
        "applicationid" => {
            let nth = ids::number("systemuser", &user.id).unwrap_or_default();
            match user.kind {
                UserKind::Connecting => json!(super::auth::CLIENT_ID),
                _ => json!(is_application(user).then(|| ids::make("application", nth))),
            }
        }
        "isdisabled" => json!(!user.is_active()),
        "islicensed" => json!(access_mode(user) == 0),
        "isintegrationuser" => json!(user.kind == UserKind::Automated),
        "setupuser" => json!(false),
        "accessmode" => json!(access_mode(user)),
        "title" | "jobtitle" => json!(user.title),
        "employeeid" => json!(user.employee_number),
        "mobilephone" => json!(user.mobile),
        "address1_telephone1" => json!(user.phone),
        "businessunitid" => json!(business_unit_id()),
        "createdon" => json!(date_time(user.created)),
        "modifiedon" => json!(date_time(user.modified)),
        _ => Value::Null,
    }
}

fn customer_value(contact: &Contact, column: &str) -> Value {
    match column {
        "contactid" | "leadid" => json!(contact.id),
        "fullname" => json!(contact.full_name()),
        "firstname" => json!(Some(&contact.given).filter(|given| !given.is_empty())),
        "lastname" => json!(contact.family),
        "companyname" => json!(contact.company),
        "subject" => json!(format!("Interest of {}", contact.company)),
        "emailaddress1" => json!(contact.email),
        "telephone1" => json!(contact.phone),
        "mobilephone" => json!(contact.mobile),
        "parentcustomerid" => json!(contact.company_id),
        "ownerid" | "owninguser" => json!(contact.owner),
        "statecode" => json!(0),
        "statuscode" => json!(1),
        "createdon" => json!(date_time(contact.created)),
        "modifiedon" => json!(date_time(contact.modified)),
        _ => Value::Null,
    }
}

fn account_value(contact: &Contact, column: &str) -> Value {
    match column {
        "accountid" => json!(contact.company_id),
        "name" => json!(contact.company),
        "ownerid" | "owninguser" => json!(contact.owner),
        "statecode" => json!(0),
        "statuscode" => json!(1),
        // A change of its first contact is none of the company's.
        "createdon" | "modifiedon" => json!(date_time(contact.created)),
        _ => Value::Null,
    }
}

fn setup_value(column: &str) -> Value {
    match column {
        "organizationid" => json!(organization_id()),
        "businessunitid" => json!(business_unit_id()),
        "name" => json!(ORGANIZATION),
        "languagecode" | "localeid" => json!(1033),
        "isauditenabled" | "isdisabled" => json!(false),
        "createdon" | "modifiedon" => json!("2020-03-01T00:00:00Z"),
        _ => Value::Null,
    }
}

/// A time as the Web API writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
