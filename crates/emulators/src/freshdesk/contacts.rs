//! Contacts, and the companies they are of.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Freshdesk;
use super::agents::{date_time, is_agent, number, term};
use super::errors::{Problem, invalid, not_found, with_problems};
use super::fields::{Fields, Type, body, page, parameters, time};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, ContactChange, ContactKind, Contacts, NewContact};
use crate::directory::{Directory, User};

/// What a contact may be written with.
const FIELDS: Fields = &[
    ("name", Type::Text),
    ("email", Type::Text),
    ("phone", Type::Text),
    ("mobile", Type::Text),
    ("twitter_id", Type::Text),
    ("unique_external_id", Type::Text),
    ("other_emails", Type::List),
    ("company_id", Type::Number),
    ("view_all_tickets", Type::Flag),
    ("other_companies", Type::List),
    ("address", Type::Text),
    ("custom_fields", Type::Object),
    ("description", Type::Text),
    ("job_title", Type::Text),
    ("language", Type::Text),
    ("tags", Type::List),
    ("time_zone", Type::Text),
];

/// What a new contact needs one of.
const IDENTITIES: &[&str] = &[
    "email",
    "phone",
    "mobile",
    "twitter_id",
    "unique_external_id",
];

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(str::to_owned)
}

impl Freshdesk {
    /// A contact as the API shows it.
    pub(crate) fn show(&self, contact: &Contact) -> Value {
        json!({
            "id": number(&contact.id), "active": false, "address": null, "name": contact.full_name(),
            "email": contact.email, "phone": contact.phone, "mobile": contact.mobile,
            "company_id": number(&contact.company_id), "description": null, "job_title": null,
            "language": "en", "time_zone": "London", "twitter_id": null, "facebook_id": null,
            "external_id": null, "unique_external_id": self.external_id(&contact.id),
            "contact_type": if contact.kind == ContactKind::Lead { "lead" } else { "contact" },
            "visitor_id": null, "preferred_source": null, "other_phone_numbers": [],
            "custom_fields": {}, "other_companies": [], "other_emails": [], "tags": [],
            "created_at": date_time(contact.created), "updated_at": date_time(contact.modified),
        })
    }

    /// `GET /contacts`.
    pub(crate) fn contacts(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let names = [
            "email",
            "phone",
            "mobile",
            "company_id",
            "state",
            "updated_since",
            "_updated_since",
            "unique_external_id",
        ];
        parameters(request, &names)?;
        let since = time(request, "updated_since")?.or(time(request, "_updated_since")?);
        let states = ["blocked", "deleted", "unverified", "verified"];
        let state = request.parameter("state");
        if state.is_some_and(|state| !states.contains(&state)) {
            let text = "It should be one of these values: 'blocked,deleted,unverified,verified'";
            return Err(invalid(&[Problem::new("state", text, "invalid_value")]));
        }
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let is = |name: &str, own: Option<&str>| {
            request
                .parameter(name)
                .is_none_or(|wanted| own == Some(wanted))
        };
        let former = former_agents(&directory);
        let found: Vec<&Contact> = contacts
            .all()
            .iter()
            .chain(&former)
            .filter(|contact| {
                let email = request.parameter("email").is_none_or(|wanted| {
                    let own = contact.email.as_deref();
                    own.is_some_and(|own| own.eq_ignore_ascii_case(wanted))
                });
                email
                    && is("phone", contact.phone.as_deref())
                    && is("mobile", contact.mobile.as_deref())
                    && is("company_id", Some(&contact.company_id))
                    && (request.parameter("unique_external_id").is_none()
                        || is(
                            "unique_external_id",
                            self.external_id(&contact.id).as_deref(),
                        ))
                    && since.is_none_or(|since| contact.modified >= since)
                    && state.is_none_or(|state| state == "unverified")
            })
            .collect();
        let page = page(&self.core, request, found.len())?;
        let rows = found[page.span.rows.clone()].iter();
        let rows = rows.map(|contact| self.show(contact)).collect();
        Ok(page.answer(rows))
    }

    /// `GET /contacts/{id}`.
    pub(crate) fn contact(&self, id: &str) -> Answer {
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        match find(&directory, &contacts, id) {
            Some(contact) => Answer::json(StatusCode::OK, &self.show(&contact)),
            None => not_found(),
        }
    }

    /// `GET /contacts/autocomplete?term=…`: names only.
    pub(crate) fn complete_contacts(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let term = term(request)?;
        let contacts = self.core.contacts();
        let rows = contacts
            .all()
            .iter()
            .filter(|contact| contact.full_name().to_lowercase().contains(&term))
            .take(30)
            .map(|contact| json!({ "id": number(&contact.id), "name": contact.full_name() }));
        Ok(Answer::json(StatusCode::OK, &Value::Array(rows.collect())))
    }

    /// `POST /contacts`.
    pub(crate) fn create_contact(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let fields = body(request, FIELDS)?;
        let mut problems = Vec::new();
        let blank = |name: &str| text(&fields, name).is_none_or(|text| text.is_empty());
        if blank("name") {
            problems.push(Problem::new(
                "name",
                "Mandatory attribute missing",
                "missing_field",
            ));
        }
        if IDENTITIES.iter().all(|name| blank(name)) {
            let message = "Please fill at least 1 of email, mobile, phone, twitter_id, unique_external_id fields";
            problems.push(Problem::new("email", message, "missing_field"));
        }
        if !problems.is_empty() {
            return Err(invalid(&problems));
        }
        self.refuse_taken(&fields, None)?;
        let contact = self.add(&fields);
        let location = format!("{}/api/v2/contacts/{}", self.core.base_url, contact.id);
        let answer = Answer::json(StatusCode::CREATED, &self.show(&contact));
        Ok(answer.with("location", &location))
    }

    /// Adds a contact of these fields.
    pub(crate) fn add(&self, fields: &Map<String, Value>) -> Contact {
        let name = text(fields, "name").unwrap_or_default();
        let (given, family) = name.rsplit_once(' ').unwrap_or(("", &name));
        let new = NewContact {
            given: given.to_owned(),
            family: family.to_owned(),
            email: text(fields, "email"),
            phone: text(fields, "phone"),
            mobile: text(fields, "mobile"),
            ..NewContact::default()
        };
        let now = self.core.clock.now();
        let contact = self.core.contacts().add(new, now);
        self.keep_external_id(&contact.id, text(fields, "unique_external_id"));
        contact
    }

    /// `PUT /contacts/{id}`.
    pub(crate) fn update_contact(&self, request: &ApiRequest, id: &str) -> Result<Answer, Answer> {
        let fields = body(request, FIELDS)?;
        if self.core.contacts().find(id).is_none() {
            return Err(not_found());
        }
        self.refuse_taken(&fields, Some(id))?;
        let name = text(&fields, "name");
        let parts = name
            .as_deref()
            .map(|name| name.rsplit_once(' ').unwrap_or(("", name)));
        let change = ContactChange {
            given: parts.map(|(given, _)| given.to_owned()),
            family: parts.map(|(_, family)| family.to_owned()),
            email: text(&fields, "email"),
            phone: text(&fields, "phone"),
            mobile: text(&fields, "mobile"),
        };
        let now = self.core.clock.now();
        let changed = self.core.contacts().change(id, change, now);
        let contact = changed.map_err(|_| not_found())?;
        self.keep_external_id(id, text(&fields, "unique_external_id"));
        Ok(Answer::json(StatusCode::OK, &self.show(&contact)))
    }

    /// Addresses and external ids are unique, over agents and contacts.
    fn refuse_taken(
        &self,
        fields: &Map<String, Value>,
        except: Option<&str>,
    ) -> Result<(), Answer> {
        let (email, external) = (text(fields, "email"), text(fields, "unique_external_id"));
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let same = |own: Option<&str>, wanted: &Option<String>| {
            own.zip(wanted.as_deref())
                .is_some_and(|(own, wanted)| own.eq_ignore_ascii_case(wanted))
        };
        let mut problems = Vec::new();
        let mut others = contacts
            .all()
            .iter()
            .filter(|other| Some(other.id.as_str()) != except);
        let by_email = others.any(|other| same(other.email.as_deref(), &email))
            || directory
                .users()
                .iter()
                .any(|user| same(Some(&user.email), &email));
        if by_email {
            problems.push(Problem::new(
                "email",
                "It should be a unique value",
                "duplicate_value",
            ));
        }
        let mut others = contacts
            .all()
            .iter()
            .filter(|other| Some(other.id.as_str()) != except);
        if external.is_some()
            && others.any(|other| same(self.external_id(&other.id).as_deref(), &external))
        {
            let message = "It should be a unique value";
            problems.push(Problem::new(
                "unique_external_id",
                message,
                "duplicate_value",
            ));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(with_problems(StatusCode::CONFLICT, &problems))
        }
    }

    /// `GET /companies` and `GET /companies/{id}`.
    pub(crate) fn companies(
        &self,
        request: &ApiRequest,
        id: Option<&str>,
    ) -> Result<Answer, Answer> {
        let contacts = self.core.contacts();
        let mut seen = HashSet::new();
        let all: Vec<&Contact> = contacts
            .all()
            .iter()
            .filter(|contact| seen.insert(contact.company_id.as_str()))
            .collect();
        let show = |contact: &&Contact| {
            json!({
                "id": number(&contact.company_id), "name": contact.company, "description": null,
                "domains": [], "note": null, "custom_fields": {},
                "created_at": date_time(contact.created), "updated_at": date_time(contact.created),
            })
        };
        if let Some(id) = id {
            let found = all.iter().find(|contact| contact.company_id == id);
            return Ok(found.map_or_else(not_found, |contact| {
                Answer::json(StatusCode::OK, &show(contact))
            }));
        }
        parameters(request, &[])?;
        let page = page(&self.core, request, all.len())?;
        let rows = all[page.span.rows.clone()].iter().map(show).collect();
        Ok(page.answer(rows))
    }
}

/// The contact of this id, who may have been an agent.
pub(crate) fn find(directory: &Directory, contacts: &Contacts, id: &str) -> Option<Contact> {
    let former = || {
        directory
            .find(id)
            .filter(|user| !is_agent(user))
            .map(former_agent)
    };
    contacts.find(id).cloned().or_else(former)
}

/// Agents who were deleted: contacts under the same ids.
pub(crate) fn former_agents(directory: &Directory) -> Vec<Contact> {
    let users = directory.users().iter();
    users
        .filter(|user| !is_agent(user))
        .map(former_agent)
        .collect()
}

fn former_agent(user: &User) -> Contact {
    Contact {
        id: user.id.clone(),
        kind: ContactKind::Contact,
        given: user.given.clone(),
        family: user.family.clone(),
        email: Some(user.email.clone()),
        phone: user.phone.clone(),
        mobile: user.mobile.clone(),
        company: String::new(),
        company_id: String::new(),
        owner: None,
        created: user.created,
        modified: user.modified,
    }
}
