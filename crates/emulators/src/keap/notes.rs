//! Notes of API v2: what a call is logged as.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body::{Body, user_exists};
use super::errors::ApiError;
use super::lists::{Clause, List, date_time, without_nulls};
use super::users::short;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// Both lists of notes.
const LIST: List = List {
    member: "notes",
    page_sizes: (0, 1000),
    filters: &[
        "ids",
        "title",
        "contact_id",
        "assigned_to_user_id",
        "since_time",
        "until_time",
    ],
    compared: &["id"],
    orders: &["id", "create_time", "update_time"],
};

/// The types in Keap Max and Pro; Classic has what its administrator set up.
const TYPES: &[&str] = &["Appointment", "Call", "Email", "Fax", "Letter", "Other"];

/// What `update_mask` may name.
const MASK: &[&str] = &[
    "contact_id",
    "title",
    "text",
    "type",
    "user_id",
    "is_pinned",
    "custom_fields",
];

const KIND: &str = "note";

/// `GET /rest/v2/notes`, and `GET /rest/v2/contacts/{id}/notes` for one contact.
pub(crate) fn list(
    core: &Core,
    request: &ApiRequest,
    contact: Option<&str>,
) -> Result<Answer, ApiError> {
    if let Some(id) = contact {
        contact_exists(core, id)?;
    }
    let filter = LIST.filter(request)?;
    let order = LIST.order(request)?;
    let records = core.records();
    let mut found = Vec::new();
    for note in records.of(KIND) {
        let mut meets_all = contact.is_none_or(|id| note.fields["contact_id"] == id);
        for clause in &filter {
            meets_all = meets_all && meets(note, clause)?;
        }
        if meets_all {
            found.push(note);
        }
    }
    if matches!(order, Some(("update_time", _))) {
        found.sort_by_key(|note| note.modified);
    }
    if order.is_some_and(|(_, descending)| descending) {
        found.reverse();
    }
    LIST.page(core, request, found, |note| row(core, note))
}

fn meets(note: &Record, clause: &Clause) -> Result<bool, ApiError> {
    let title = note.fields["title"].as_str().unwrap_or_default();
    Ok(match clause.field.as_str() {
        "id" => clause.is_id(&note.id)?,
        "ids" => clause.lists(&note.id),
        // Without a star the words may stand anywhere in the title.
        "title" if !clause.value.ends_with('*') => {
            title.to_lowercase().contains(&clause.value.to_lowercase())
        }
        "title" => clause.is_text(title),
        "contact_id" => note.fields["contact_id"] == clause.value,
        "assigned_to_user_id" => note.owner.as_deref() == Some(&clause.value),
        "since_time" => note.created >= clause.time()?,
        _ => note.created <= clause.time()?,
    })
}

/// The note as it is answered with: its user in the short form, as it is today.
fn row(core: &Core, note: &Record) -> Value {
    let mut row = note.fields.clone();
    let directory = core.directory();
    let user = note.owner.as_deref().and_then(|id| directory.find(id));
    row["assigned_to_user"] = user.map_or(Value::Null, short);
    row["update_time"] = json!(date_time(note.modified));
    without_nulls(row)
}

fn contact_exists(core: &Core, id: &str) -> Result<(), ApiError> {
    match core.contacts().find(id) {
        Some(_) => Ok(()),
        None => Err(ApiError::not_found("Contact", id)),
    }
}

/// The members a note takes from a body, and its user.
fn written(core: &Core, body: &Body) -> Result<(Value, Option<String>), ApiError> {
    let user = body.id("user_id")?;
    if let Some(user) = &user {
        user_exists(core, "user_id", user)?;
    }
    let pinned = body.boolean("is_pinned")?.unwrap_or(false);
    let fields = json!({
        "title": body.text("title")?,
        "text": body.text("text")?,
        "type": body.choice("type", TYPES)?,
        "pinned_at": pinned.then(|| date_time(core.clock.now())),
    });
    Ok((fields, user))
}

/// `POST /rest/v2/contacts/{id}/notes`.
pub(crate) fn create(core: &Core, request: &ApiRequest, contact: &str) -> Result<Answer, ApiError> {
    contact_exists(core, contact)?;
    let body = Body::read(request)?;
    let (mut fields, user) = written(core, &body)?;
    let user = user.ok_or_else(|| ApiError::invalid("'user_id' is required"))?;
    if fields["title"].is_null() && fields["type"].is_null() {
        return Err(ApiError::invalid(
            "A value for either 'title' or 'type' is required",
        ));
    }
    let now = core.clock.now();
    let maker = own_id(core);
    let mut records = core.records();
    let id = (24_311 + 2 * records.count(KIND)).to_string();
    fields["id"] = json!(id);
    fields["contact_id"] = json!(contact);
    fields["create_time"] = json!(date_time(now));
    fields["created_by_user_id"] = json!(maker);
    fields["last_updated_by_user_id"] = json!(maker);
    let note = Record {
        kind: KIND.to_owned(),
        id,
        owner: Some(user),
        fields,
        created: now,
        modified: now,
    };
    records.add(note.clone());
    drop(records);
    Ok(Answer::json(StatusCode::CREATED, &row(core, &note)))
}

/// The id of the token's user.
pub(crate) fn own_id(core: &Core) -> Option<String> {
    let directory = core.directory();
    directory.connecting().map(|user| user.id.clone())
}

fn found(core: &Core, contact: &str, id: &str) -> Result<Record, ApiError> {
    let records = core.records();
    let note = records
        .find(KIND, id)
        .filter(|note| note.fields["contact_id"] == contact);
    note.cloned().ok_or_else(|| ApiError::not_found("Note", id))
}

/// `GET /rest/v2/contacts/{id}/notes/{id}`.
pub(crate) fn one(core: &Core, contact: &str, id: &str) -> Result<Answer, ApiError> {
    let note = found(core, contact, id)?;
    Ok(Answer::json(StatusCode::OK, &row(core, &note)))
}

/// `PATCH /rest/v2/contacts/{id}/notes/{id}`: members that are not given stay.
pub(crate) fn change(
    core: &Core,
    request: &ApiRequest,
    contact: &str,
    id: &str,
) -> Result<Answer, ApiError> {
    let mut note = found(core, contact, id)?;
    let body = Body::read(request)?.masked(request, MASK)?;
    let (fields, user) = written(core, &body)?;
    for name in ["title", "text", "type"] {
        if body.get(name).is_some() {
            note.fields[name] = fields[name].clone();
        }
    }
    if body.get("is_pinned").is_some() {
        note.fields["pinned_at"] = fields["pinned_at"].clone();
    }
    if let Some(user) = user {
        note.owner = Some(user);
    }
    note.modified = core.clock.now();
    if let Some(kept) = core.records().find_mut(KIND, id) {
        kept.clone_from(&note);
    }
    Ok(Answer::json(StatusCode::OK, &row(core, &note)))
}

/// `DELETE /rest/v2/contacts/{id}/notes/{id}`.
pub(crate) fn delete(core: &Core, contact: &str, id: &str) -> Result<Answer, ApiError> {
    found(core, contact, id)?;
    core.records().remove(KIND, id);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
