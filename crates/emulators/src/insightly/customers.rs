//! Contacts and leads, to be read.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::activities::{note_on, notes_of};
use super::errors::ApiError;
use super::lists::{date_time, page, searched};
use super::number;
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, ContactKind};
use crate::core::Core;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Contact,
    Lead,
}

impl Object {
    /// The object whose plural is this part of a path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "contacts" => Some(Self::Contact),
            "leads" => Some(Self::Lead),
            _ => None,
        }
    }

    /// Its name in links.
    const fn name(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::Lead => "Lead",
        }
    }

    fn has(self, contact: &Contact) -> bool {
        (contact.kind == ContactKind::Lead) == (self == Self::Lead)
    }

    fn row(self, contact: &Contact) -> Value {
        match self {
            Self::Contact => contact_row(contact),
            Self::Lead => lead_row(contact),
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Contact => "CONTACT_ID",
            Self::Lead => "LEAD_ID",
        }
    }
}

/// The requests below `/Contacts` and `/Leads`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    object: Object,
    rest: &[&str],
) -> Result<Answer, ApiError> {
    match (request.method.as_str(), rest) {
        ("GET", []) => list(core, request, object, false),
        ("GET", ["search"]) => list(core, request, object, true),
        ("GET", [id]) => Ok(one(core, object, id)),
        ("GET", [id, "notes"]) => notes_of(core, request, object.name(), id),
        ("POST", [id, "notes"]) => note_on(core, request, object.name(), id),
        _ => Err(ApiError::bare(StatusCode::NOT_FOUND)),
    }
}

/// `GET /Contacts`, `GET /Contacts/Search` and those of leads.
fn list(
    core: &Core,
    request: &ApiRequest,
    object: Object,
    search: bool,
) -> Result<Answer, ApiError> {
    let contacts = core.contacts();
    let all = contacts.all().iter();
    let mut found: Vec<&Contact> = all.filter(|contact| object.has(contact)).collect();
    let row = |contact: &&Contact| object.row(contact);
    if search {
        let known = found.first().map(row).unwrap_or_default();
        searched(request, &known, &mut found, row, |contact| contact.modified)?;
    }
    page(core, request, object.id(), found, row)
}

/// `GET /Contacts/{id}` and `GET /Leads/{id}`.
fn one(core: &Core, object: Object, id: &str) -> Answer {
    let contacts = core.contacts();
    match contacts.find(id).filter(|contact| object.has(contact)) {
        Some(contact) => Answer::json(StatusCode::OK, &object.row(contact)),
        None => Answer::empty(StatusCode::NOT_FOUND),
    }
}

/// Whether there is a record that a link may point at.
pub(crate) fn exists(core: &Core, object: &str, id: u64) -> bool {
    let wanted = match object.to_ascii_lowercase().as_str() {
        "contact" => Object::Contact,
        "lead" => Object::Lead,
        "organisation" => {
            let id = id.to_string();
            return core
                .contacts()
                .all()
                .iter()
                .any(|contact| contact.company_id == id);
        }
        _ => return false,
    };
    core.contacts()
        .find(&id.to_string())
        .is_some_and(|contact| wanted.has(contact))
}

fn contact_row(contact: &Contact) -> Value {
    json!({
        "CONTACT_ID": number(&contact.id),
        "SALUTATION": null,
        "FIRST_NAME": contact.given,
        "LAST_NAME": contact.family,
        "OWNER_USER_ID": contact.owner.as_deref().map(number),
        "DATE_CREATED_UTC": date_time(contact.created),
        "DATE_UPDATED_UTC": date_time(contact.modified),
        "EMAIL_ADDRESS": contact.email,
        "PHONE": contact.phone,
        "PHONE_HOME": null,
        "PHONE_MOBILE": contact.mobile,
        "PHONE_OTHER": null,
        "PHONE_ASSISTANT": null,
        "PHONE_FAX": null,
        "ORGANISATION_ID": number(&contact.company_id),
        "TITLE": null,
        "LAST_ACTIVITY_DATE_UTC": null,
        "NEXT_ACTIVITY_DATE_UTC": null,
        "CREATED_USER_ID": contact.owner.as_deref().map(number),
        "CUSTOMFIELDS": [],
        "TAGS": [],
        "LINKS": [],
    })
}

fn lead_row(contact: &Contact) -> Value {
    json!({
        "LEAD_ID": number(&contact.id),
        "SALUTATION": null,
        "FIRST_NAME": contact.given,
        "LAST_NAME": contact.family,
        "TITLE": null,
        "ORGANISATION_NAME": contact.company,
        "EMAIL": contact.email,
        "PHONE": contact.phone,
        "MOBILE": contact.mobile,
        "FAX": null,
        "OWNER_USER_ID": contact.owner.as_deref().map(number),
        "RESPONSIBLE_USER_ID": contact.owner.as_deref().map(number),
        "LEAD_STATUS_ID": 3_217_402,
        "CONVERTED": false,
        "CONVERTED_CONTACT_ID": null,
        "CONVERTED_DATE_UTC": null,
        "DATE_CREATED_UTC": date_time(contact.created),
        "DATE_UPDATED_UTC": date_time(contact.modified),
        "LAST_ACTIVITY_DATE_UTC": null,
        "CUSTOMFIELDS": [],
        "TAGS": [],
        "LINKS": [],
    })
}
