//! The rows of each model: users, employees and parties in Tryton's fields, and what clients wrote.

use std::sync::MutexGuard;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::models::{self, Field, Kind, MODULES, Model};
use super::numbers::{compact, international};
use super::{COMPANIES_FROM, CUSTOMERS_FROM, USER_IDS_FROM};
use crate::contacts::{Contact, Contacts};
use crate::core::Core;
use crate::directory::{Directory, User, UserKind, UserState};
use crate::people::ORGANIZATION;
use crate::records::{Record, Records};

/// An employee's id is this and the user's.
pub(crate) const EMPLOYEES_FROM: i64 = 3_000;

/// An employee's party has this and the user's id.
const STAFF_FROM: i64 = 2_000_000;

/// The company, and its party.
pub(crate) const OWN: i64 = 1;

/// Each party has room for so many seeded contact mechanisms.
const MECHANISMS: i64 = 3;
const MECHANISM_TYPES: [&str; 3] = ["phone", "mobile", "email"];

/// Everything there is at the moment of a request.
pub(crate) struct Data<'a> {
    pub(crate) directory: MutexGuard<'a, Directory>,
    pub(crate) contacts: MutexGuard<'a, Contacts>,
    pub(crate) records: MutexGuard<'a, Records>,
}

/// One row of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    User(&'a User),
    Employee(&'a User),
    Staff(&'a User),
    Customer(&'a Contact),
    /// The company of a customer.
    Business(&'a Contact),
    OwnParty,
    OwnCompany,
    /// A telephone or an address of a seeded party.
    Mechanism(Party<'a>, usize),
    Module(usize),
    Model(usize),
    Record(&'a Record),
}

/// A party with seeded contact mechanisms.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Party<'a> {
    Staff(&'a User),
    Customer(&'a Contact),
}

impl Party<'_> {
    fn id(self) -> i64 {
        match self {
            Self::Staff(user) => STAFF_FROM + number(&user.id),
            Self::Customer(contact) => number(&contact.id),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Staff(user) => user.full_name(),
            Self::Customer(contact) => contact.full_name(),
        }
    }

    /// Telephone, mobile phone, address, as Tryton keeps them.
    fn value(self, slot: usize) -> Option<String> {
        let (phone, mobile, email) = match self {
            Self::Staff(user) => (
                user.phone.clone(),
                user.mobile.clone(),
                Some(user.email.clone()),
            ),
            Self::Customer(contact) => (
                contact.phone.clone(),
                contact.mobile.clone(),
                contact.email.clone(),
            ),
        };
        match slot {
            0 | 1 => {
                let typed = if slot == 0 { phone } else { mobile }?;
                Some(compact(&typed).map_or(typed, |number| international(&number)))
            }
            _ => email.filter(|email| !email.is_empty()),
        }
    }

    fn mechanisms(self) -> impl Iterator<Item = usize> {
        (0..MECHANISM_TYPES.len()).filter(move |slot| self.value(*slot).is_some())
    }

    fn mechanism_id(self, slot: usize) -> i64 {
        self.id() * MECHANISMS + i64::try_from(slot).unwrap_or(0)
    }
}

fn number(id: &str) -> i64 {
    id.parse().unwrap_or(0)
}

fn nth(id: i64, from: i64) -> Option<usize> {
    usize::try_from(id - from).ok()
}

fn exists(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// People work for the company; programs, mailboxes and guests have a login only.
fn is_employed(user: &User) -> bool {
    exists(user) && user.kind == UserKind::Person
}

/// A time as JSON-RPC writes it.
pub(crate) fn timestamp(at: Timestamp) -> Value {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    json!({
        "__class__": "datetime", "year": at.year(), "month": at.month(), "day": at.day(), "hour": at.hour(),
        "minute": at.minute(), "second": at.second(), "microsecond": at.subsec_nanosecond() / 1_000,
    })
}

/// A day as JSON-RPC writes it.
pub(crate) fn date(at: Timestamp) -> Value {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    json!({ "__class__": "date", "year": at.year(), "month": at.month(), "day": at.day() })
}

impl<'a> Data<'a> {
    pub(crate) fn of(core: &'a Core) -> Self {
        Self {
            directory: core.directory(),
            contacts: core.contacts(),
            records: core.records(),
        }
    }

    /// Every row of a model, by id as far as there is an order.
    pub(crate) fn rows(&self, model: &Model) -> Vec<Row<'_>> {
        let users = || self.directory.users().iter();
        let staff = || users().filter(|user| is_employed(user));
        let contacts = || self.contacts.all().iter();
        let mut rows: Vec<Row<'_>> = match model.name {
            "res.user" => users().filter(|user| exists(user)).map(Row::User).collect(),
            "company.employee" => staff().map(Row::Employee).collect(),
            "company.company" => vec![Row::OwnCompany],
            "party.party" => {
                let mut seen = std::collections::HashSet::new();
                let mut rows = vec![Row::OwnParty];
                rows.extend(
                    contacts()
                        .filter(|contact| seen.insert(&contact.company_id))
                        .map(Row::Business),
                );
                rows.extend(contacts().map(Row::Customer));
                rows.extend(staff().map(Row::Staff));
                rows
            }
            "party.contact_mechanism" => {
                let parties = contacts()
                    .map(Party::Customer)
                    .chain(staff().map(Party::Staff));
                parties
                    .flat_map(|party| {
                        party
                            .mechanisms()
                            .map(move |slot| Row::Mechanism(party, slot))
                    })
                    .collect()
            }
            "ir.module" => (0..MODULES.len()).map(Row::Module).collect(),
            "ir.model" => (0..IR_MODELS.len()).map(Row::Model).collect(),
            _ => Vec::new(),
        };
        rows.extend(self.records.of(model.name).map(Row::Record));
        rows
    }

    /// One row; found without going through all of them.
    pub(crate) fn row(&self, model: &str, id: i64) -> Option<Row<'_>> {
        let user = |id: i64| {
            self.directory
                .users()
                .get(nth(id, USER_IDS_FROM)?)
                .filter(|user| exists(user))
        };
        let staff = |id: i64| user(id).filter(|user| is_employed(user));
        let customer = |id: i64| self.contacts.all().get(nth(id, CUSTOMERS_FROM)?);
        let seeded = match model {
            "res.user" => user(id).map(Row::User),
            "company.employee" => staff(id - EMPLOYEES_FROM).map(Row::Employee),
            "company.company" => (id == OWN).then_some(Row::OwnCompany),
            "party.party" if id == OWN => Some(Row::OwnParty),
            "party.party" if id >= STAFF_FROM => staff(id - STAFF_FROM).map(Row::Staff),
            "party.party" if id >= CUSTOMERS_FROM => customer(id).map(Row::Customer),
            "party.party" if id >= COMPANIES_FROM => {
                let id = id.to_string();
                let mut all = self.contacts.all().iter();
                all.find(|contact| contact.company_id == id)
                    .map(Row::Business)
            }
            "party.contact_mechanism" => {
                let slot = usize::try_from(id % MECHANISMS).unwrap_or(0);
                let party = match self.row("party.party", id / MECHANISMS) {
                    Some(Row::Staff(user)) => Some(Party::Staff(user)),
                    Some(Row::Customer(contact)) => Some(Party::Customer(contact)),
                    _ => None,
                };
                let party = party.filter(|party| party.value(slot).is_some());
                party.map(|party| Row::Mechanism(party, slot))
            }
            "ir.module" => nth(id, 1).filter(|at| *at < MODULES.len()).map(Row::Module),
            "ir.model" => nth(id, 1)
                .filter(|at| *at < IR_MODELS.len())
                .map(Row::Model),
            _ => None,
        };
        seeded.or_else(|| self.records.find(model, &id.to_string()).map(Row::Record))
    }

    fn mechanisms_of(&self, party: i64, seeded: Option<Party<'_>>) -> Vec<i64> {
        let seeded = seeded
            .into_iter()
            .flat_map(|party| party.mechanisms().map(move |slot| party.mechanism_id(slot)));
        let written = self
            .records
            .of("party.contact_mechanism")
            .filter(|record| record.fields["party"] == party);
        seeded
            .chain(written.map(|record| number(&record.id)))
            .collect()
    }

    /// A field as it is kept.
    pub(crate) fn get(&self, row: &Row<'_>, field: &Field) -> Value {
        match field.name {
            "id" => json!(row.id()),
            "rec_name" => json!(row.name()),
            "create_date" => timestamp(row.dates().0),
            "write_date" => timestamp(row.dates().1),
            _ => match row {
                Row::User(user) => user_field(user, field.name),
                Row::Employee(user) => employee_field(user, field.name),
                Row::Staff(user) => self.party_field(Party::Staff(user), field.name),
                Row::Customer(contact) => self.party_field(Party::Customer(contact), field.name),
                Row::Business(contact) => match field.name {
                    "name" => json!(contact.company),
                    "code" => json!(contact.company_id),
                    "active" => json!(true),
                    "contact_mechanisms" => {
                        json!(self.mechanisms_of(number(&contact.company_id), None))
                    }
                    "create_uid" => json!(1),
                    _ => empty(field),
                },
                Row::OwnParty | Row::OwnCompany => match field.name {
                    "name" => json!(ORGANIZATION),
                    "active" => json!(true),
                    "party" => json!(OWN),
                    _ => empty(field),
                },
                Row::Mechanism(party, slot) => mechanism_field(*party, *slot, field),
                Row::Module(at) => match field.name {
                    "name" => json!(MODULES[*at]),
                    "state" => json!("activated"),
                    _ => empty(field),
                },
                Row::Model(at) => match field.name {
                    "model" => json!(IR_MODELS[*at]),
                    "name" => json!(models::find(IR_MODELS[*at]).map(|model| model.label)),
                    _ => empty(field),
                },
                Row::Record(record) => self.record_field(record, field),
            },
        }
    }

    fn party_field(&self, party: Party<'_>, field: &str) -> Value {
        match field {
            "name" => json!(party.name()),
            "code" => json!(party.id().to_string()),
            "active" => json!(true),
            "phone" => json!(party.value(0).unwrap_or_default()),
            "mobile" => json!(party.value(1).unwrap_or_default()),
            "email" => json!(party.value(2).unwrap_or_default()),
            "contact_mechanisms" => json!(self.mechanisms_of(party.id(), Some(party))),
            "create_uid" => json!(1),
            _ => Value::Null,
        }
    }

    fn record_field(&self, record: &Record, field: &Field) -> Value {
        let id = number(&record.id);
        match (record.kind.as_str(), field.name) {
            ("party.party", "contact_mechanisms") => json!(self.mechanisms_of(id, None)),
            ("party.party", kind @ ("phone" | "mobile" | "email")) => {
                let mut all = self.records.of("party.contact_mechanism");
                let first = all.find(|one| one.fields["party"] == id && one.fields["type"] == kind);
                json!(
                    first
                        .and_then(|one| one.fields["value"].as_str())
                        .unwrap_or_default()
                )
            }
            ("ir.note", "message_wrapped") => record.fields["message"].clone(),
            ("ir.note", "last_user") => {
                let user = record.fields["create_uid"]
                    .as_i64()
                    .and_then(|id| self.row("res.user", id));
                json!(user.map(|user| user.name()))
            }
            ("ir.note", "unread") => json!(false),
            _ => match &record.fields[field.name] {
                Value::Null => empty(field),
                value => value.clone(),
            },
        }
    }
}

/// The models that `ir.model` lists here.
const IR_MODELS: &[&str] = &[
    "res.user",
    "party.party",
    "party.contact_mechanism",
    "company.employee",
    "company.company",
    "sale.opportunity",
    "ir.note",
];

impl Row<'_> {
    pub(crate) fn id(&self) -> i64 {
        let position = |at: usize| i64::try_from(at).unwrap_or(0) + 1;
        match self {
            Row::User(user) => number(&user.id),
            Row::Employee(user) => EMPLOYEES_FROM + number(&user.id),
            Row::Staff(user) => Party::Staff(user).id(),
            Row::Customer(contact) => number(&contact.id),
            Row::Business(contact) => number(&contact.company_id),
            Row::OwnParty | Row::OwnCompany => OWN,
            Row::Mechanism(party, slot) => party.mechanism_id(*slot),
            Row::Module(at) | Row::Model(at) => position(*at),
            Row::Record(record) => number(&record.id),
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Row::User(user) | Row::Employee(user) | Row::Staff(user) => user.full_name(),
            Row::Customer(contact) => contact.full_name(),
            Row::Business(contact) => contact.company.clone(),
            Row::OwnParty | Row::OwnCompany => ORGANIZATION.to_owned(),
            Row::Mechanism(party, slot) => {
                let value = party.value(*slot).unwrap_or_default();
                let shown = if *slot < 2 {
                    compact(&value).unwrap_or(value)
                } else {
                    value
                };
                format!("{} <{shown}>", party.name())
            }
            Row::Module(at) => MODULES[*at].to_owned(),
            Row::Model(at) => IR_MODELS[*at].to_owned(),
            Row::Record(record) => {
                let name = ["name", "number"]
                    .into_iter()
                    .find_map(|name| record.fields[name].as_str());
                name.unwrap_or(&record.id).to_owned()
            }
        }
    }

    fn dates(&self) -> (Timestamp, Timestamp) {
        match self {
            Row::User(user)
            | Row::Employee(user)
            | Row::Staff(user)
            | Row::Mechanism(Party::Staff(user), _) => (user.created, user.modified),
            Row::Customer(contact)
            | Row::Business(contact)
            | Row::Mechanism(Party::Customer(contact), _) => (contact.created, contact.modified),
            Row::Record(record) => (record.created, record.modified),
            // The day the database was made, to the microsecond.
            _ => {
                let made = Timestamp::from_microsecond(1_541_062_812_345_678)
                    .unwrap_or(Timestamp::UNIX_EPOCH);
                (made, made)
            }
        }
    }
}

fn empty(field: &Field) -> Value {
    match field.kind {
        Kind::Many(_) => json!([]),
        Kind::Text if field.computed => json!(""),
        _ => Value::Null,
    }
}

fn user_field(user: &User, field: &str) -> Value {
    let employee = is_employed(user).then(|| EMPLOYEES_FROM + number(&user.id));
    match field {
        "name" => json!(user.full_name()),
        "login" => json!(user.username),
        "email" => json!(Some(&user.email).filter(|email| !email.is_empty())),
        // The server's own user is always switched off.
        "active" => json!(user.is_active() && user.kind != UserKind::Automated),
        "employees" => json!(employee.into_iter().collect::<Vec<_>>()),
        "employee" => json!(employee),
        "companies" => json!([OWN]),
        "company" => json!(OWN),
        "create_uid" => json!(1),
        _ => Value::Null,
    }
}

fn employee_field(user: &User, field: &str) -> Value {
    match field {
        "party" => json!(STAFF_FROM + number(&user.id)),
        "company" => json!(OWN),
        "start_date" => date(user.created),
        "end_date" if !user.is_active() => date(user.modified),
        "create_uid" => json!(1),
        _ => Value::Null,
    }
}

fn mechanism_field(party: Party<'_>, slot: usize, field: &Field) -> Value {
    let value = party.value(slot).unwrap_or_default();
    match field.name {
        "party" => json!(party.id()),
        "type" => json!(MECHANISM_TYPES[slot]),
        "value_compact" => json!(if slot < 2 {
            compact(&value).unwrap_or(value)
        } else {
            value
        }),
        "value" => json!(value),
        "active" => json!(true),
        "create_uid" => json!(1),
        _ => empty(field),
    }
}
