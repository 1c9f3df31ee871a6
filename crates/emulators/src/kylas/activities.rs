//! Call logs, notes and tasks.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::customers::Entity;
use super::errors::ApiError;
use super::pages::page;
use super::{date_time, number, user_exists};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// What became of a call.
const OUTCOMES: &[&str] = &[
    "connected",
    "busy",
    "no_answer",
    "not_reachable",
    "disconnected",
    "missed_call",
    "voicemail",
];

/// Keeps a record and gives its id.
fn add(core: &Core, kind: &str, owner: Option<u64>, mut fields: Value) -> u64 {
    let now = core.clock.now();
    let mut records = core.records();
    let id = 2_410_771 + 3 * records.count(kind) as u64;
    fields["id"] = json!(id);
    fields["createdAt"] = json!(date_time(now));
    fields["updatedAt"] = json!(date_time(now));
    records.add(Record {
        kind: kind.to_owned(),
        id: id.to_string(),
        owner: owner.map(|id| id.to_string()),
        fields,
        created: now,
        modified: now,
    });
    id
}

fn own_id(core: &Core) -> Option<u64> {
    let directory = core.directory();
    directory.connecting().map(|user| number(&user.id))
}

/// The contact or lead that a member names by type and id.
fn related<'a>(core: &Core, kind: &'a Value, id: &Value) -> Result<(&'a str, u64), ApiError> {
    let kind = kind.as_str().unwrap_or_default();
    let entity = Entity::named(kind);
    let entity = entity.ok_or_else(|| ApiError::invalid("Invalid entity"))?;
    let id = id.as_u64();
    let id = id.ok_or_else(|| ApiError::invalid("Invalid entity id"))?;
    match entity.find(core, &id.to_string()) {
        Some(_) => Ok((kind, id)),
        None => Err(ApiError::not_found(kind)),
    }
}

/// `POST /v1/call-logs/`. The call is the signed in user's: a member that names another owner
/// is ignored.
pub(crate) fn log_call(core: &Core, body: &Value) -> Result<Answer, ApiError> {
    let text = |name: &str| {
        let text = body[name].as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::invalid(format!("{name} is required")))
    };
    let choice = |name: &str, of: &[&str]| {
        let text = text(name)?;
        let known = of.iter().any(|one| one.eq_ignore_ascii_case(text));
        known
            .then_some(text)
            .ok_or_else(|| ApiError::invalid(format!("Invalid {name}")))
    };
    let start: Result<Timestamp, _> = text("startTime")?.parse();
    let start = start.map_err(|_| ApiError::invalid("Invalid startTime"))?;
    let to = &body["relatedTo"];
    let (kind, id) = related(core, &to["entity"], &to["id"])?;
    let own = own_id(core);
    let duration = match &body["duration"] {
        Value::String(seconds) => seconds.parse().unwrap_or(0),
        seconds => seconds.as_u64().unwrap_or(0),
    };
    let fields = json!({
        "outcome": choice("outcome", OUTCOMES)?,
        "callType": choice("callType", &["incoming", "outgoing"])?,
        "startTime": date_time(start),
        "duration": duration,
        "phoneNumber": text("phoneNumber")?,
        "notes": body["notes"].as_array().cloned().unwrap_or_default(),
        "relatedTo": { "entity": kind, "id": id, "phoneNumber": to["phoneNumber"] },
        "owner": { "id": own },
        "createdBy": own,
    });
    let id = add(core, "call-log", own, fields);
    Ok(Answer::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// `GET /v1/call-logs/{entity id}?relatedToType=…`: the calls with a contact or lead. There is
/// no other way to read one, and none to delete one.
pub(crate) fn calls(core: &Core, request: &ApiRequest, id: &str) -> Result<Answer, ApiError> {
    let kind = request.parameter("relatedToType").unwrap_or_default();
    if Entity::named(kind).is_none() {
        return Err(ApiError::invalid("relatedToType is required"));
    }
    let records = core.records();
    let found: Vec<&Record> = records
        .of("call-log")
        .filter(|call| {
            let to = &call.fields["relatedTo"];
            let same = to["entity"]
                .as_str()
                .is_some_and(|one| one.eq_ignore_ascii_case(kind));
            same && to["id"] == number(id)
        })
        .collect();
    Ok(page(core, request, found, |call| call.fields.clone()))
}

/// `POST /v1/notes/relation`.
pub(crate) fn note(core: &Core, body: &Value) -> Result<Answer, ApiError> {
    let (kind, id) = related(core, &body["targetEntityType"], &body["targetEntityId"])?;
    let text = body["sourceEntity"]["description"].as_str();
    let text = text.ok_or_else(|| ApiError::invalid("description is required"))?;
    let own = own_id(core);
    let fields = json!({
        "description": text,
        "relations": [{ "targetEntityType": kind, "targetEntityId": id }],
        "createdBy": own,
    });
    let id = add(core, "note", own, fields);
    Ok(Answer::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// `POST /v1/tasks/`.
pub(crate) fn task(core: &Core, body: &Value) -> Result<Answer, ApiError> {
    let name = body["name"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| ApiError::invalid("name is required"))?;
    let assigned = &body["assignedTo"];
    let assigned = if assigned.is_null() {
        own_id(core)
    } else {
        user_exists(core, assigned)?;
        assigned.as_u64()
    };
    let relations = body["relation"].as_array().cloned().unwrap_or_default();
    for relation in &relations {
        related(
            core,
            &relation["targetEntityType"],
            &relation["targetEntityId"],
        )?;
    }
    let fields = json!({
        "name": name,
        "description": body["description"],
        "type": body["type"],
        "status": body["status"],
        "priority": body["priority"],
        "dueDate": body["dueDate"],
        "assignedTo": assigned,
        "relation": relations,
        "createdBy": own_id(core),
    });
    let id = add(core, "task", assigned, fields);
    Ok(Answer::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// `GET /v1/tasks/{id}`.
pub(crate) fn one_task(core: &Core, id: &str) -> Result<Answer, ApiError> {
    let records = core.records();
    let task = records.find("task", id);
    let task = task.ok_or_else(|| ApiError::not_found("Task"))?;
    Ok(Answer::json(StatusCode::OK, &task.fields))
}
