//! Contacts and leads: search, read, write.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::pages::{page, sort};
use super::rules::{Field, FieldType, read};
use super::{date_time, number, split, user_exists};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, ContactKind};
use crate::core::Core;
use crate::records::Record;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    Contact,
    Lead,
}

/// What a search may ask.
const FIELDS: &[Field] = &[
    ("id", FieldType::Number),
    ("firstName", FieldType::Text),
    ("lastName", FieldType::Text),
    ("companyName", FieldType::Text),
    ("emails", FieldType::Text),
    ("phoneNumbers", FieldType::Text),
    ("ownerId", FieldType::Number),
    ("company", FieldType::Number),
    ("createdAt", FieldType::Date),
    ("updatedAt", FieldType::Date),
];

impl Entity {
    /// The entity of this name, as paths and relations have it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "contact" | "contacts" => Some(Self::Contact),
            "lead" | "leads" => Some(Self::Lead),
            _ => None,
        }
    }

    /// The kind of the records that clients wrote.
    const fn kind(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Lead => "lead",
        }
    }

    fn has(self, contact: &Contact) -> bool {
        (contact.kind == ContactKind::Lead) == (self == Self::Lead)
    }

    /// All rows: what clients wrote stands for what was there before.
    fn rows(self, core: &Core) -> Vec<Value> {
        let records = core.records();
        let mut written: HashMap<&str, &Record> = records
            .of(self.kind())
            .map(|record| (record.id.as_str(), record))
            .collect();
        let contacts = core.contacts();
        let seeded = contacts.all().iter().filter(|contact| self.has(contact));
        let mut rows: Vec<Value> = seeded
            .map(|contact| match written.remove(contact.id.as_str()) {
                Some(record) => record.fields.clone(),
                None => self.row(contact),
            })
            .collect();
        let added = records.of(self.kind());
        rows.extend(
            added
                .filter(|record| written.contains_key(record.id.as_str()))
                .map(|record| record.fields.clone()),
        );
        rows
    }

    pub(crate) fn find(self, core: &Core, id: &str) -> Option<Value> {
        if let Some(record) = core.records().find(self.kind(), id) {
            return Some(record.fields.clone());
        }
        let contacts = core.contacts();
        let contact = contacts.find(id).filter(|contact| self.has(contact));
        contact.map(|contact| self.row(contact))
    }

    fn row(self, contact: &Contact) -> Value {
        let phones = [("WORK", &contact.phone), ("MOBILE", &contact.mobile)];
        let phones = phones
            .iter()
            .filter_map(|(kind, typed)| Some((*kind, typed.as_deref()?)));
        let phones: Vec<Value> = phones
            .enumerate()
            .map(|(nth, (kind, typed))| split(kind, typed, nth == 0))
            .collect();
        let emails: Vec<Value> = contact
            .email
            .iter()
            .map(|email| json!({ "type": "OFFICE", "value": email, "primary": true }))
            .collect();
        let owner = contact.owner.as_deref().map(number);
        let mut row = json!({
            "id": number(&contact.id),
            "firstName": contact.given,
            "lastName": contact.family,
            "salutation": null,
            "emails": emails,
            "phoneNumbers": phones,
            "ownerId": owner,
            "customFieldValues": {},
            "createdAt": date_time(contact.created),
            "updatedAt": date_time(contact.modified),
            "createdBy": owner,
            "updatedBy": owner,
        });
        match self {
            Self::Contact => row["company"] = json!(number(&contact.company_id)),
            Self::Lead => row["companyName"] = json!(contact.company),
        }
        row
    }
}

/// `POST /v1/search/contact` and `POST /v1/search/lead`.
pub(crate) fn search(
    core: &Core,
    request: &ApiRequest,
    entity: Entity,
    body: &Value,
) -> Result<Answer, ApiError> {
    let rule = read(body, FIELDS)?;
    let mut rows = entity.rows(core);
    rows.retain(|row| rule.meets(row));
    if let Some((property, descending)) = sort(request) {
        if !FIELDS.iter().any(|(name, _)| *name == property) {
            return Err(ApiError::invalid(format!("No property {property} found")));
        }
        rows.sort_by_cached_key(|row| row[property].to_string());
        if descending {
            rows.reverse();
        }
    }
    let asked: Vec<&str> = body["fields"]
        .as_array()
        .map(|fields| fields.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    Ok(page(core, request, rows, |row| narrowed(row, &asked)))
}

/// Only the fields asked for and the id; all when none is asked for.
fn narrowed(row: &Value, asked: &[&str]) -> Value {
    let Some(fields) = row.as_object().filter(|_| !asked.is_empty()) else {
        return row.clone();
    };
    let kept: Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| *name == "id" || asked.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}

/// `GET /v1/contacts/{id}` and `GET /v1/leads/{id}`.
pub(crate) fn one(core: &Core, entity: Entity, id: &str) -> Result<Answer, ApiError> {
    let row = entity.find(core, id);
    let row = row.ok_or_else(|| ApiError::not_found(entity.kind()))?;
    Ok(Answer::json(StatusCode::OK, &row))
}

/// `POST /v1/contacts` and `POST /v1/leads`.
pub(crate) fn create(core: &Core, entity: Entity, body: &Value) -> Result<Answer, ApiError> {
    if !body["lastName"].is_string() && !body["firstName"].is_string() {
        return Err(ApiError::invalid("First name or last name is required"));
    }
    let seeded = core.contacts().all().len();
    let nth = seeded + core.records().count(entity.kind());
    let id = super::record_id(entity.kind(), nth);
    let now = core.clock.now();
    let own = core.directory().connecting().map(|user| number(&user.id));
    let mut fields = json!({
        "id": number(&id),
        "firstName": null,
        "lastName": null,
        "emails": [],
        "phoneNumbers": [],
        "ownerId": own,
        "customFieldValues": {},
        "createdAt": date_time(now),
        "createdBy": own,
    });
    fill(core, &mut fields, body)?;
    keep(core, entity, &id, fields.clone());
    Ok(Answer::json(StatusCode::CREATED, &fields))
}

/// `PUT /v1/contacts/{id}` and `PUT /v1/leads/{id}`: members that are not given stay.
pub(crate) fn change(
    core: &Core,
    entity: Entity,
    id: &str,
    body: &Value,
) -> Result<Answer, ApiError> {
    let found = entity.find(core, id);
    let mut fields = found.ok_or_else(|| ApiError::not_found(entity.kind()))?;
    fill(core, &mut fields, body)?;
    keep(core, entity, id, fields.clone());
    Ok(Answer::json(StatusCode::OK, &fields))
}

/// `PATCH`, with JSON Patch: `add` and `replace`.
pub(crate) fn patch(
    core: &Core,
    entity: Entity,
    id: &str,
    body: &Value,
) -> Result<Answer, ApiError> {
    let found = entity.find(core, id);
    let mut fields = found.ok_or_else(|| ApiError::not_found(entity.kind()))?;
    let invalid = || ApiError::invalid("Invalid JSON patch");
    for step in body.as_array().ok_or_else(invalid)? {
        let path = step["path"]
            .as_str()
            .and_then(|path| path.strip_prefix('/'));
        let path = path.ok_or_else(invalid)?;
        if !matches!(step["op"].as_str(), Some("add" | "replace")) {
            return Err(invalid());
        }
        match path.split_once('/') {
            None => fields[path] = step["value"].clone(),
            Some(("customFieldValues", name)) => {
                fields["customFieldValues"][name] = step["value"].clone();
            }
            Some(_) => return Err(invalid()),
        }
    }
    let patched = fields.clone();
    fill(core, &mut fields, &patched)?;
    keep(core, entity, id, fields.clone());
    Ok(Answer::json(StatusCode::OK, &fields))
}

/// Puts the members of the body into the record. Numbers must name their country.
fn fill(core: &Core, fields: &mut Value, body: &Value) -> Result<(), ApiError> {
    let Some(body) = body.as_object() else {
        return Err(ApiError::invalid("Malformed JSON request"));
    };
    let read_only = ["id", "createdAt", "createdBy", "updatedAt", "updatedBy"];
    for (name, value) in body {
        match name.as_str() {
            name if read_only.contains(&name) => {}
            "ownerId" => {
                // It is a number, or an object with one.
                let owner = value.get("id").unwrap_or(value);
                user_exists(core, owner)?;
                fields["ownerId"] = owner.clone();
            }
            "phoneNumbers" => fields["phoneNumbers"] = phones(value)?,
            name => fields[name] = value.clone(),
        }
    }
    fields["updatedAt"] = json!(date_time(core.clock.now()));
    Ok(())
}

fn phones(value: &Value) -> Result<Value, ApiError> {
    let invalid = || ApiError::invalid("Invalid phone number");
    let mut phones = Vec::new();
    for phone in value.as_array().ok_or_else(invalid)? {
        let (code, number) = (phone["code"].as_str(), phone["value"].as_str());
        let (code, number) = code.zip(number).ok_or_else(invalid)?;
        let dial = super::DIAL_CODES
            .iter()
            .find(|(_, country)| *country == code);
        let (dial, _) = dial.ok_or_else(invalid)?;
        if !number.chars().all(|digit| digit.is_ascii_digit()) {
            return Err(invalid());
        }
        phones.push(json!({
            "type": phone["type"].as_str().unwrap_or("MOBILE"), "code": code, "value": number,
            "dialCode": format!("+{dial}"), "primary": phone["primary"] == true,
        }));
    }
    Ok(Value::Array(phones))
}

fn keep(core: &Core, entity: Entity, id: &str, fields: Value) {
    let now = core.clock.now();
    let owner = fields["ownerId"].as_u64().map(|owner| owner.to_string());
    let mut records = core.records();
    if let Some(record) = records.find_mut(entity.kind(), id) {
        (record.fields, record.owner, record.modified) = (fields, owner, now);
        return;
    }
    records.add(Record {
        kind: entity.kind().to_owned(),
        id: id.to_owned(),
        owner,
        fields,
        created: now,
        modified: now,
    });
}

/// `GET /v1/entities/{entity}/fields`: what a search may ask.
pub(crate) fn fields(core: &Core, request: &ApiRequest) -> Answer {
    let labels = |kind: FieldType| match kind {
        FieldType::Text => "TEXT_FIELD",
        FieldType::Number => "LOOK_UP",
        FieldType::Date => "DATETIME_PICKER",
        FieldType::Flag => "TOGGLE",
    };
    let found: Vec<(usize, &Field)> = FIELDS.iter().enumerate().collect();
    page(core, request, found, |(nth, (name, kind))| {
        json!({
            "id": 55_201 + nth, "name": name, "displayName": name, "type": labels(*kind),
            "standard": true, "active": true, "filterable": true, "required": *name == "lastName",
            "picklist": null,
        })
    })
}
