//! `/api/v2/persons`: list with a cursor, one, and search.

use axum::http::Method;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{Problem, data, no_such_path, page, wrong_verb};
use super::{number, utc};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::Contact;
use crate::core::Core;

/// Persons of a page when nobody says otherwise, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;

/// The shortest term of a search, and the shortest that must match whole.
const SHORTEST: usize = 2;
const SHORTEST_EXACT: usize = 1;

/// Everything below `/api/v2/persons`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    match rest {
        [] => list(core, request),
        ["search"] => search(core, request),
        [id] => {
            let contacts = core.contacts();
            let found = contacts
                .find(id)
                .ok_or_else(|| Problem::not_found("Person"))?;
            Ok(data(StatusCode::OK, &row(found)))
        }
        _ => Ok(no_such_path()),
    }
}

/// The page size of a request.
pub(crate) fn limit(request: &ApiRequest) -> Result<usize, Problem> {
    match request.parameter("limit").map(str::parse) {
        None => Ok(USUAL),
        Some(Ok(limit)) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid(format!(
            "Query parameter limit must be between 1 and {MOST}"
        ))),
    }
}

/// A cursor's offset; 0 without one.
pub(crate) fn offset(request: &ApiRequest) -> Result<usize, Problem> {
    let Some(cursor) = request
        .parameter("cursor")
        .filter(|cursor| !cursor.is_empty())
    else {
        return Ok(0);
    };
    let decoded = STANDARD.decode(cursor).ok();
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let offset = decoded.and_then(|text| text.strip_prefix("from:")?.parse().ok());
    offset.ok_or_else(|| Problem::invalid("Invalid cursor"))
}

/// The cursor of an offset.
pub(crate) fn cursor(offset: usize) -> String {
    STANDARD.encode(format!("from:{offset}"))
}

/// An instant in a query parameter.
pub(crate) fn since(request: &ApiRequest, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = request.parameter(name) else {
        return Ok(None);
    };
    let instant = text.parse().map_err(|_| {
        Problem::invalid(format!(
            "Query parameter {name} must be in RFC 3339, as 2026-01-01T10:20:00Z"
        ))
    })?;
    Ok(Some(instant))
}

fn list(core: &Core, request: &ApiRequest) -> Result<Answer, Problem> {
    let (limit, from) = (limit(request)?, offset(request)?);
    let (after, before) = (
        since(request, "updated_since")?,
        since(request, "updated_until")?,
    );
    let owner = request.parameter("owner_id");
    let ids: Option<Vec<&str>> = request.parameter("ids").map(|ids| ids.split(',').collect());
    let fits = |contact: &&Contact| {
        after.is_none_or(|after| contact.modified >= after)
            && before.is_none_or(|before| contact.modified < before)
            && owner.is_none_or(|owner| contact.owner.as_deref() == Some(owner))
            && ids
                .as_ref()
                .is_none_or(|ids| ids.contains(&contact.id.as_str()))
    };
    let contacts = core.contacts();
    let mut found = contacts.all().iter().filter(fits).skip(from);
    let rows: Vec<Value> = found.by_ref().take(limit).map(row).collect();
    let next = found.next().map(|_| cursor(from + limit));
    Ok(page(&json!(rows), next.as_deref()))
}

fn search(core: &Core, request: &ApiRequest) -> Result<Answer, Problem> {
    let term = request.parameter("term").unwrap_or_default().to_lowercase();
    let exact = matches!(request.parameter("exact_match"), Some("true" | "1"));
    let shortest = if exact { SHORTEST_EXACT } else { SHORTEST };
    if term.chars().count() < shortest {
        return Err(Problem::invalid(format!(
            "Search term must be at least {shortest} characters long"
        )));
    }
    let fields: Vec<&str> = request.parameter("fields").map_or_else(
        || vec!["name", "email", "phone"],
        |fields| fields.split(',').map(str::trim).collect(),
    );
    let known = ["custom_fields", "email", "notes", "phone", "name"];
    if let Some(field) = fields.iter().find(|field| !known.contains(field)) {
        return Err(Problem::invalid(format!(
            "Search field {field} is not allowed"
        )));
    }
    let (limit, from) = (limit(request)?, offset(request)?);
    // As stored: neither spaces nor calling codes are looked through.
    let fits = |contact: &&Contact| {
        texts(contact, &fields).iter().any(|text| {
            let text = text.to_lowercase();
            if exact {
                text == term
            } else {
                text.contains(&term)
            }
        })
    };
    let contacts = core.contacts();
    let mut found = contacts.all().iter().filter(fits).skip(from);
    let items: Vec<Value> = found.by_ref().take(limit).map(hit).collect();
    let next = found.next().map(|_| cursor(from + limit));
    Ok(page(&json!({ "items": items }), next.as_deref()))
}

fn texts(contact: &Contact, fields: &[&str]) -> Vec<String> {
    let mut texts = Vec::new();
    if fields.contains(&"name") {
        texts.push(contact.full_name());
    }
    if fields.contains(&"email") {
        texts.extend(contact.email.clone());
    }
    if fields.contains(&"phone") {
        texts.extend(contact.phone.clone());
        texts.extend(contact.mobile.clone());
    }
    texts
}

fn hit(contact: &Contact) -> Value {
    let phones: Vec<&String> = contact.phone.iter().chain(&contact.mobile).collect();
    let emails: Vec<&String> = contact.email.iter().collect();
    json!({
        "result_score": 0.5,
        "item": {
            "id": number(&contact.id), "type": "person", "name": contact.full_name(),
            "phones": phones, "emails": emails, "visible_to": 3,
            "owner": { "id": contact.owner.as_deref().map(number) },
            "organization": { "id": number(&contact.company_id), "name": contact.company },
            "custom_fields": [], "notes": [],
        },
    })
}

/// A person as the list has it.
pub(crate) fn row(contact: &Contact) -> Value {
    let labelled = |value: &String, label: &str, primary: bool| json!({ "value": value, "label": label, "primary": primary });
    let phone = contact
        .phone
        .iter()
        .map(|value| labelled(value, "work", true));
    let has_phone = contact.phone.is_some();
    let mobile = contact
        .mobile
        .iter()
        .map(|value| labelled(value, "mobile", !has_phone));
    let phones: Vec<Value> = phone.chain(mobile).collect();
    let emails: Vec<Value> = contact
        .email
        .iter()
        .map(|value| labelled(value, "work", true))
        .collect();
    json!({
        "id": number(&contact.id), "name": contact.full_name(), "first_name": contact.given,
        "last_name": contact.family, "owner_id": contact.owner.as_deref().map(number),
        "org_id": number(&contact.company_id), "add_time": utc(contact.created),
        "update_time": utc(contact.modified), "emails": emails, "phones": phones,
        "is_deleted": false, "visible_to": 3, "label_ids": [], "picture_id": null,
        "custom_fields": {},
    })
}
