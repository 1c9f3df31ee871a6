//! The rows of each model: users and customers in Odoo's fields, and what clients wrote.

use std::sync::MutexGuard;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::fixed;
use super::models::{self, Field, Kind, Model};
use super::{CONTACT_IDS_FROM, LEAD_IDS_FROM, USER_IDS_FROM};
use crate::contacts::{Contact, ContactKind, Contacts};
use crate::core::Core;
use crate::directory::{Directory, User, UserKind, UserState};
use crate::people::ORGANIZATION;
use crate::records::{Record, Records};

/// The one company.
pub(crate) const OWN_COMPANY: i64 = 1;

/// A user's partner has the user's id and this.
const USER_PARTNERS_FROM: i64 = 2_000_000;

/// Everything there is at the moment of a request.
pub(crate) struct Data<'a> {
    pub(crate) directory: MutexGuard<'a, Directory>,
    pub(crate) contacts: MutexGuard<'a, Contacts>,
    pub(crate) records: MutexGuard<'a, Records>,
    pub(crate) now: Timestamp,
    pub(crate) version: u32,
}

/// One row of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    User(&'a User),
    UserPartner(&'a User),
    Contact(&'a Contact),
    /// The company of a contact.
    Customer(&'a Contact),
    Lead(&'a Contact),
    /// The own company and its partner.
    Own,
    Record(&'a Record),
    Fixed(i64, &'static [&'static str], &'static Model),
}

impl<'a> Data<'a> {
    pub(crate) fn of(core: &'a Core, version: u32) -> Self {
        Self {
            directory: core.directory(),
            contacts: core.contacts(),
            records: core.records(),
            now: core.clock.now(),
            version,
        }
    }

    /// Every row of a model, in no order.
    pub(crate) fn rows(&self, model: &'static Model) -> Vec<Row<'_>> {
        let users = || self.directory.users().iter().filter(|user| exists(user));
        let contacts = || self.contacts.all().iter();
        let mut rows: Vec<Row<'_>> = match model.name {
            "res.users" => users().map(Row::User).collect(),
            "res.partner" => {
                let mut seen = std::collections::HashSet::new();
                let people = contacts().filter(|contact| contact.kind == ContactKind::Contact);
                let companies =
                    contacts().filter(|contact| seen.insert(contact.company_id.as_str()));
                users()
                    .map(Row::UserPartner)
                    .chain(people.map(Row::Contact))
                    .chain(companies.map(Row::Customer))
                    .chain([Row::Own])
                    .collect()
            }
            "res.company" => vec![Row::Own],
            "crm.lead" => contacts()
                .filter(|contact| contact.kind == ContactKind::Lead)
                .map(Row::Lead)
                .collect(),
            name => fixed::rows(name)
                .iter()
                .map(|(id, cells)| Row::Fixed(*id, cells, model))
                .collect(),
        };
        rows.extend(self.records.of(model.name).map(Row::Record));
        rows
    }

    /// One row; found without going through all of them.
    pub(crate) fn row(&self, model: &'static str, id: i64) -> Option<Row<'_>> {
        let user = |id: i64| {
            let nth = usize::try_from(id - USER_IDS_FROM).ok()?;
            self.directory.users().get(nth).filter(|user| exists(user))
        };
        let contact = |id: i64, from: i64, kind: ContactKind| {
            let nth = usize::try_from(id - from).ok()?;
            let found = self.contacts.all().get(nth);
            found.filter(|contact| contact.kind == kind)
        };
        let seeded = match model {
            "res.users" => user(id).map(Row::User),
            "res.partner" if id == OWN_COMPANY => Some(Row::Own),
            "res.partner" if id >= USER_PARTNERS_FROM => {
                user(id - USER_PARTNERS_FROM).map(Row::UserPartner)
            }
            "res.partner" if id >= CONTACT_IDS_FROM => {
                contact(id, CONTACT_IDS_FROM, ContactKind::Contact).map(Row::Contact)
            }
            "res.partner" => {
                let company = id.to_string();
                let mut all = self.contacts.all().iter();
                all.find(|contact| contact.company_id == company)
                    .map(Row::Customer)
            }
            "res.company" => (id == OWN_COMPANY).then_some(Row::Own),
            "crm.lead" => contact(id, LEAD_IDS_FROM, ContactKind::Lead).map(Row::Lead),
            name => {
                let mut fixed = fixed::rows(name).iter();
                let found = fixed.find(|(known, _)| *known == id);
                found
                    .zip(models::find(name))
                    .map(|((id, cells), model)| Row::Fixed(*id, cells, model))
            }
        };
        seeded.or_else(|| self.records.find(model, &id.to_string()).map(Row::Record))
    }

    /// The display name of a record.
    pub(crate) fn name(&self, model: &'static str, id: i64) -> Option<String> {
        self.row(model, id).map(|row| row.display_name())
    }

    /// A field as it is kept: related records by their ids, times to the microsecond, `false` for
    /// what is empty.
    pub(crate) fn get(&self, row: &Row<'_>, field: &Field) -> Value {
        match field.name {
            "id" => json!(row.id()),
            "display_name" | "complete_name" => json!(row.display_name()),
            "phone" => text(telephones(row).0),
            "mobile" => text(telephones(row).1),
            "phone_sanitized" => {
                let (phone, mobile) = telephones(row);
                text(mobile.or(phone).and_then(|number| sanitized(&number)))
            }
            "email_normalized" => text(row.email().map(str::to_lowercase)),
            "create_date" => time(row.dates().0),
            "write_date" => time(row.dates().1),
            _ => self.own(row, field),
        }
    }

    fn own(&self, row: &Row<'_>, field: &Field) -> Value {
        match row {
            Row::User(user) => user_field(user, field.name),
            Row::UserPartner(user) => partner_field(user, field.name),
            Row::Contact(contact) => contact_field(contact, field.name),
            Row::Customer(contact) => match field.name {
                "name" | "commercial_company_name" => json!(contact.company),
                "is_company" | "active" => json!(true),
                _ => json!(false),
            },
            Row::Lead(contact) => lead_field(contact, field.name),
            Row::Own => match field.name {
                "name" | "commercial_company_name" => json!(ORGANIZATION),
                "partner_id" => json!(OWN_COMPANY),
                "is_company" | "active" => json!(true),
                _ => json!(false),
            },
            Row::Record(record) => self.record_field(record, field),
            Row::Fixed(_, cells, model) => {
                let at = model
                    .all(self.version)
                    .position(|known| known.name == field.name);
                let cell = at.and_then(|at| cells.get(at));
                match (cell, field.kind) {
                    (Some(cell), Kind::Integer) => json!(cell.parse::<i64>().unwrap_or(0)),
                    (Some(cell), _) => json!(cell),
                    (None, _) => json!(false),
                }
            }
        }
    }

    fn record_field(&self, record: &Record, field: &Field) -> Value {
        if record.kind == "mail.activity" && field.name == "state" {
            let today = self.now.strftime("%Y-%m-%d").to_string();
            return json!(match record.fields["date_deadline"].as_str() {
                Some(due) if *due < *today => "overdue",
                Some(due) if due == today => "today",
                _ => "planned",
            });
        }
        match &record.fields[field.name] {
            Value::Null => match field.kind {
                Kind::Float => json!(0.0),
                Kind::Integer => json!(0),
                Kind::Many2many(_) => json!([]),
                _ => json!(false),
            },
            value => value.clone(),
        }
    }

    /// A field as it is answered: related records as pairs unless only ids are wanted, times to
    /// the second.
    pub(crate) fn shown(&self, row: &Row<'_>, field: &Field, pairs: bool) -> Value {
        let value = self.get(row, field);
        match (field.kind, &value) {
            (Kind::Many2one(model), Value::Number(id)) if pairs => {
                let id = id.as_i64().unwrap_or(0);
                self.name(model, id)
                    .map_or(json!(false), |name| json!([id, name]))
            }
            (Kind::Datetime, Value::String(text)) => json!(text.get(..19).unwrap_or(text)),
            _ => value,
        }
    }
}

impl Row<'_> {
    pub(crate) fn id(&self) -> i64 {
        let number = |id: &str| id.parse().unwrap_or(0);
        match self {
            Row::User(user) => number(&user.id),
            Row::UserPartner(user) => number(&user.id) + USER_PARTNERS_FROM,
            Row::Contact(contact) | Row::Lead(contact) => number(&contact.id),
            Row::Customer(contact) => number(&contact.company_id),
            Row::Own => OWN_COMPANY,
            Row::Record(record) => number(&record.id),
            Row::Fixed(id, _, _) => *id,
        }
    }

    pub(crate) fn display_name(&self) -> String {
        match self {
            Row::User(user) | Row::UserPartner(user) => user.full_name(),
            Row::Contact(contact) => format!("{}, {}", contact.company, contact.full_name()),
            Row::Customer(contact) => contact.company.clone(),
            Row::Lead(contact) => lead_name(contact),
            Row::Own => ORGANIZATION.to_owned(),
            Row::Record(record) => {
                let name = ["name", "summary", "res_name"]
                    .into_iter()
                    .find_map(|field| record.fields[field].as_str());
                name.map_or_else(|| format!("{},{}", record.kind, record.id), str::to_owned)
            }
            Row::Fixed(_, cells, model) => match model.name {
                "ir.model" | "ir.model.data" => cells[1].to_owned(),
                _ => cells[0].to_owned(),
            },
        }
    }

    /// Both telephones of a row, as they were typed.
    pub(crate) fn numbers(&self) -> Vec<String> {
        let (phone, mobile) = telephones(self);
        [phone, mobile].into_iter().flatten().collect()
    }

    fn email(&self) -> Option<&str> {
        match self {
            Row::User(user) | Row::UserPartner(user) => Some(&user.email),
            Row::Contact(contact) | Row::Lead(contact) => contact.email.as_deref(),
            Row::Record(record) => {
                let fields = &record.fields;
                fields["email"]
                    .as_str()
                    .or_else(|| fields["email_from"].as_str())
            }
            _ => None,
        }
    }

    /// When it was made and when it last changed.
    fn dates(&self) -> (Timestamp, Timestamp) {
        match self {
            Row::User(user) | Row::UserPartner(user) => (user.created, user.modified),
            Row::Contact(contact) | Row::Customer(contact) | Row::Lead(contact) => {
                (contact.created, contact.modified)
            }
            Row::Record(record) => (record.created, record.modified),
            Row::Own | Row::Fixed(..) => (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH),
        }
    }
}

/// A deleted user is no longer there for anybody.
fn exists(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// The server's own user and that of anonymous visitors are always switched off.
fn is_active(user: &User) -> bool {
    user.is_active() && !matches!(user.kind, UserKind::Automated | UserKind::Guest)
}

fn telephones(row: &Row<'_>) -> (Option<String>, Option<String>) {
    match row {
        Row::User(user) | Row::UserPartner(user) => (user.phone.clone(), user.mobile.clone()),
        Row::Contact(contact) | Row::Lead(contact) => {
            (contact.phone.clone(), contact.mobile.clone())
        }
        Row::Record(record) => {
            let number = |name: &str| record.fields[name].as_str().map(str::to_owned);
            (number("phone"), number("mobile"))
        }
        _ => (None, None),
    }
}

/// E.164, as far as the country of the company allows to tell.
fn sanitized(number: &str) -> Option<String> {
    let number = number.replace("(0)", "");
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let whole = if number.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else {
        format!("44{}", digits.strip_prefix('0')?)
    };
    (7..=15).contains(&whole.len()).then(|| format!("+{whole}"))
}

fn text(value: Option<String>) -> Value {
    value
        .filter(|text| !text.is_empty())
        .map_or(json!(false), Value::String)
}

/// As PostgreSQL keeps it.
pub(crate) fn time(at: Timestamp) -> Value {
    json!(at.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string())
}

fn user_field(user: &User, field: &str) -> Value {
    match field {
        "login" => json!(user.username),
        "share" => json!(matches!(user.kind, UserKind::Portal | UserKind::Guest)),
        "partner_id" => json!(user.id.parse::<i64>().unwrap_or(0) + USER_PARTNERS_FROM),
        "company_id" => json!(OWN_COMPANY),
        "company_ids" => json!([OWN_COMPANY]),
        "groups_id" | "group_ids" => match user.kind {
            UserKind::Portal => json!([10]),
            UserKind::Guest => json!([11]),
            _ => json!([1, 12]),
        },
        "login_date" => user.last_login.map_or(json!(false), time),
        "notification_type" => json!("email"),
        other => partner_field(user, other),
    }
}

fn partner_field(user: &User, field: &str) -> Value {
    match field {
        "name" => json!(user.full_name()),
        "email" => text(Some(user.email.clone())),
        "active" => json!(is_active(user)),
        "function" => text(user.title.clone()),
        "ref" => text(user.employee_number.clone()),
        "lang" => json!("en_US"),
        "user_ids" => json!([user.id.parse::<i64>().unwrap_or(0)]),
        "partner_share" => json!(matches!(user.kind, UserKind::Portal | UserKind::Guest)),
        "commercial_company_name" => text(user.company.clone()),
        _ => json!(false),
    }
}

fn number(id: Option<&String>) -> Value {
    id.and_then(|id| id.parse::<i64>().ok())
        .map_or(json!(false), |id| json!(id))
}

fn contact_field(contact: &Contact, field: &str) -> Value {
    match field {
        "name" => json!(contact.full_name()),
        "email" => text(contact.email.clone()),
        "parent_id" => number(Some(&contact.company_id)),
        "commercial_company_name" => json!(contact.company),
        "user_id" => number(contact.owner.as_ref()),
        "user_ids" => json!([]),
        "active" | "partner_share" => json!(true),
        _ => json!(false),
    }
}

fn lead_name(contact: &Contact) -> String {
    format!("{}'s enquiry", contact.full_name())
}

fn lead_field(contact: &Contact, field: &str) -> Value {
    match field {
        "name" => json!(lead_name(contact)),
        "type" => json!("lead"),
        "contact_name" => json!(contact.full_name()),
        "partner_name" => json!(contact.company),
        "email_from" => text(contact.email.clone()),
        "user_id" => number(contact.owner.as_ref()),
        "active" => json!(true),
        _ => json!(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_the_country_of_the_company() {
        assert_eq!(sanitized("020 7946 0107").as_deref(), Some("+442079460107"));
        assert_eq!(
            sanitized("+44 (0)20 7946 0107").as_deref(),
            Some("+442079460107")
        );
        assert_eq!(
            sanitized("0044 20-7946-0107").as_deref(),
            Some("+442079460107")
        );
        assert_eq!(sanitized("7946 0107"), None);
    }
}
