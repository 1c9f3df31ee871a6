//! The records of a module, seeded or written, in one form: enough to select and to sort by,
//! and on demand the whole record.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::fields::Kind;
use super::modules::{Module, Source};
use super::people::People;
use super::product::Call;
use super::users::date_time;
use crate::contacts::{Contact, ContactKind};
use crate::records::Record;

/// One record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    Customer(&'a Contact),
    /// The company of this customer, who is the first known there.
    Company(&'a Contact),
    Written(&'a Record),
}

/// Hands over the records of a module that `keep` keeps, in the order of their making.
pub(crate) fn with<R>(
    call: &Call<'_>,
    module: &Module,
    keep: impl Fn(Row<'_>) -> bool,
    then: impl FnOnce(Vec<Row<'_>>) -> R,
) -> R {
    let core = &call.estate.core;
    if module.is_written() {
        let records = core.records();
        let kind = call.kind(module);
        let all = records.of(&kind).map(Row::Written);
        return then(all.filter(|row| keep(*row)).collect());
    }
    let contacts = core.contacts();
    let mut companies = HashSet::new();
    let all = contacts.all().iter().filter_map(|contact| {
        let is = |kind| (contact.kind == kind).then_some(Row::Customer(contact));
        match module.source {
            Source::Contacts => is(ContactKind::Contact),
            Source::Leads => is(ContactKind::Lead),
            Source::Companies => companies
                .insert(contact.company_id.as_str())
                .then_some(Row::Company(contact)),
            Source::Customers | Source::Written(_) => Some(Row::Customer(contact)),
        }
    });
    then(all.filter(|row| keep(*row)).collect())
}

impl<'a> Row<'a> {
    pub(crate) fn id(self) -> &'a str {
        match self {
            Self::Customer(contact) => &contact.id,
            Self::Company(contact) => &contact.company_id,
            Self::Written(record) => &record.id,
        }
    }

    pub(crate) fn owner(self) -> Option<&'a str> {
        match self {
            Self::Customer(contact) | Self::Company(contact) => contact.owner.as_deref(),
            Self::Written(record) => record.owner.as_deref(),
        }
    }

    pub(crate) fn created(self) -> Timestamp {
        match self {
            Self::Customer(contact) | Self::Company(contact) => contact.created,
            Self::Written(record) => record.created,
        }
    }

    pub(crate) fn modified(self) -> Timestamp {
        match self {
            Self::Customer(contact) | Self::Company(contact) => contact.modified,
            Self::Written(record) => record.modified,
        }
    }

    /// What the record is called where another one names it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Customer(contact) => contact.full_name(),
            Self::Company(contact) => contact.company.clone(),
            Self::Written(record) => {
                let title = ["Subject", "Note_Title"]
                    .iter()
                    .find_map(|field| record.fields[*field].as_str());
                title.unwrap_or_default().to_owned()
            }
        }
    }

    /// Its telephone numbers.
    pub(crate) fn phones(self) -> Vec<&'a str> {
        match self {
            Self::Customer(contact) => [&contact.phone, &contact.mobile]
                .into_iter()
                .filter_map(|number| number.as_deref())
                .collect(),
            Self::Company(contact) => contact.phone.as_deref().into_iter().collect(),
            Self::Written(_) => Vec::new(),
        }
    }

    /// Its e-mail address.
    pub(crate) fn email(self) -> Option<&'a str> {
        match self {
            Self::Customer(contact) => contact.email.as_deref(),
            Self::Company(_) | Self::Written(_) => None,
        }
    }

    /// All its text, for a search by word.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Customer(contact) => format!(
                "{} {} {}",
                contact.full_name(),
                contact.company,
                contact.email.as_deref().unwrap_or_default()
            ),
            Self::Company(contact) => contact.company.clone(),
            Self::Written(record) => {
                let values = record.fields.as_object().into_iter().flatten();
                values
                    .filter_map(|(_, value)| value.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            }
        }
    }

    /// The whole record.
    pub(crate) fn record(self, module: &Module, people: &People) -> Value {
        let mut record = match self {
            Self::Customer(contact) => customer(contact, module),
            Self::Company(contact) => company(contact, module),
            Self::Written(record) => record.fields.clone(),
        };
        record["id"] = json!(self.id());
        record["Owner"] = people.named(self.owner());
        record["Created_Time"] = json!(date_time(self.created()));
        record["Modified_Time"] = json!(date_time(self.modified()));
        record["Created_By"] = people.connecting();
        record["Modified_By"] = people.connecting();
        record
    }
}

fn customer(contact: &Contact, module: &Module) -> Value {
    let mut record = json!({
        "First_Name": Some(&contact.given).filter(|given| !given.is_empty()),
        "Last_Name": contact.family,
        "Full_Name": contact.full_name(),
        "Email": contact.email,
        "Secondary_Email": null,
        "Phone": contact.phone,
        "Mobile": contact.mobile,
    });
    // The company is a record of its own for a contact and a text for a lead; each product has
    // its own name for the field.
    for field in module.fields {
        match (field.name, field.kind) {
            (name, Kind::Lookup(_)) => {
                record[name] = json!({ "id": contact.company_id, "name": contact.company });
            }
            (name @ ("Company" | "Current_Employer"), _) => {
                record[name] = json!(contact.company);
            }
            ("Other_Phone", _) => record["Other_Phone"] = Value::Null,
            _ => {}
        }
    }
    record
}

fn company(contact: &Contact, module: &Module) -> Value {
    let mut record = json!({ "Phone": contact.phone });
    if let Some(name) = module.fields.iter().find(|field| field.mandatory) {
        record[name.name] = json!(contact.company);
    }
    record
}

/// The record with these fields only, and its id; with all when none are named.
pub(crate) fn only(record: Value, fields: Option<&str>) -> Value {
    let (Value::Object(all), Some(fields)) = (&record, fields) else {
        return record;
    };
    let wanted: HashSet<&str> = fields.split(',').map(str::trim).collect();
    all.iter()
        .filter(|(name, _)| *name == "id" || wanted.contains(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
