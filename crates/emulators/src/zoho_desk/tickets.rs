//! Tickets with their comments and time entries.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::activities::{listed, own_fields, trash};
use super::errors::ApiError;
use super::input::{date_time, instant, known, optional, own_id, owner, page, span, text};
use super::organization::is_department;
use super::{Call, agents, contacts};
use crate::answer::Answer;
use crate::records::Record;

/// What a ticket's record is called.
pub(super) const KIND: &str = "tickets";

/// What is under a ticket.
const COMMENT: &str = "tickets/comments";
const ENTRY: &str = "tickets/timeEntry";

const FIELDS: &[&str] = &[
    "subject",
    "departmentId",
    "contactId",
    "assigneeId",
    "phone",
    "email",
    "channel",
    "status",
    "priority",
    "description",
    "category",
    "cf",
];

const ENTRY_FIELDS: &[&str] = &[
    "ownerId",
    "executedTime",
    "hoursSpent",
    "minutesSpent",
    "secondsSpent",
    "description",
    "requestChargeType",
    "isBillable",
    "agentCostPerHour",
    "fixedCost",
    "cf",
];

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    let method = &call.request.method;
    let (get, post) = (*method == Method::GET, *method == Method::POST);
    let delete = *method == Method::DELETE;
    let kind = call.kind(KIND);
    match rest {
        [] if post => create(call),
        [] if get => {
            let span = span(call.request, 10, 100)?;
            let records = call.core().records();
            let found: Vec<&Record> = records.of(&kind).collect();
            Ok(page(call, span, &found, |record| record.fields.clone()))
        }
        ["search"] if get => listed(call, KIND),
        ["moveToTrash"] if post => trash(call, KIND, "ticketIds"),
        [id] if get => one(call, id),
        [id] if *method == Method::PATCH => update(call, id),
        [id, "comments"] if post => comment(call, &ticket(call, id)?),
        [id, "comments"] if get => under(call, COMMENT, id),
        [_, "comments", own] if get => part(call, COMMENT, own),
        [id, "timeEntry"] if post => time_entry(call, &ticket(call, id)?),
        [id, "timeEntry"] if get => under(call, ENTRY, id),
        [_, "timeEntry", own] if get => part(call, ENTRY, own),
        [_, "comments", own] if delete => removed(call, COMMENT, own),
        [_, "timeEntry", own] if delete => removed(call, ENTRY, own),
        [] | [_] | [_, "comments" | "timeEntry"] => Err(ApiError::method()),
        _ => Err(ApiError::not_found()),
    }
}

fn ticket(call: &Call<'_>, id: &str) -> Result<Record, ApiError> {
    let records = call.core().records();
    let found = records.find(&call.kind(KIND), id).cloned();
    found.ok_or_else(ApiError::no_record)
}

/// One ticket, with the contact and the assignee where `include` names them.
fn one(call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    let mut fields = ticket(call, id)?.fields;
    let include = call.request.parameter("include").unwrap_or_default();
    for name in include.split(',') {
        match name {
            "contacts" => {
                let contact = fields["contactId"].as_str().unwrap_or_default();
                let known = call.core().contacts();
                fields["contact"] = known.find(contact).map_or(Value::Null, contacts::shown);
            }
            "assignee" => {
                let assignee = fields["assigneeId"].as_str().unwrap_or_default();
                let known = call.core().directory();
                fields["assignee"] = known.find(assignee).map_or(Value::Null, agents::shown);
            }
            _ => {}
        }
    }
    Ok(Answer::json(StatusCode::OK, &fields))
}

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(&body, FIELDS)?;
    for name in ["subject", "departmentId", "contactId"] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(ApiError::missing(name));
        }
    }
    let core = call.core();
    let now = core.clock.now();
    let id = call.estate.next_id();
    let kind = call.kind(KIND);
    let number = 101 + core.records().count(&kind);
    let mut fields = json!({
        "id": id,
        "ticketNumber": number.to_string(),
        "statusType": "Open",
        "status": "Open",
        "channel": "Phone",
        "priority": null,
        "description": null,
        "category": null,
        "phone": null,
        "email": null,
        "assigneeId": null,
        "cf": {},
        "isSpam": false,
        "createdTime": date_time(now),
        "modifiedTime": date_time(now),
        "webUrl": format!("{}/support/northwindsupport/ShowHomePage.do#Cases/dv/{id}", core.base_url),
    });
    take(call, &body, &mut fields)?;
    let owner = owner(call, &body, "assigneeId")?;
    fields["assigneeId"] = json!(owner);
    core.records().add(Record {
        kind,
        id,
        owner,
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(Answer::json(StatusCode::OK, &fields))
}

fn update(call: &Call<'_>, id: &str) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(&body, FIELDS)?;
    let mut fields = ticket(call, id)?.fields;
    take(call, &body, &mut fields)?;
    let owner = owner(call, &body, "assigneeId")?;
    let now = call.core().clock.now();
    fields["modifiedTime"] = json!(date_time(now));
    let mut records = call.core().records();
    let record = records.find_mut(&call.kind(KIND), id);
    let record = record.ok_or_else(ApiError::no_record)?;
    if body.contains_key("assigneeId") {
        fields["assigneeId"] = json!(owner);
        record.owner = owner;
    }
    record.fields = fields;
    record.modified = now;
    Ok(Answer::json(StatusCode::OK, &record.fields))
}

/// Takes over what a body holds, checked.
fn take(call: &Call<'_>, body: &Map<String, Value>, fields: &mut Value) -> Result<(), ApiError> {
    for (name, most) in [
        ("subject", 255),
        ("description", 65_535),
        ("status", 120),
        ("priority", 120),
        ("channel", 120),
        ("category", 120),
        ("phone", 120),
        ("email", 255),
    ] {
        if body.contains_key(name) {
            fields[name] = json!(optional(body, name, most)?);
        }
    }
    if fields["subject"].is_null() {
        return Err(ApiError::missing("subject"));
    }
    if let Some(id) = optional(body, "departmentId", 20)? {
        if !is_department(&id) {
            return Err(ApiError::invalid("departmentId"));
        }
        fields["departmentId"] = json!(id);
    }
    if let Some(id) = optional(body, "contactId", 20)? {
        if call.core().contacts().find(&id).is_none() {
            return Err(ApiError::invalid("contactId"));
        }
        fields["contactId"] = json!(id);
    }
    if let Some(own) = body.get("cf") {
        fields["cf"] = own_fields(own)?;
    }
    Ok(())
}

/// Adds a comment. It is always the connecting agent's: nothing names another.
fn comment(call: &Call<'_>, ticket: &Record) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(
        &body,
        &["content", "isPublic", "contentType", "attachmentIds"],
    )?;
    let content = text(&body, "content", 32_000)?;
    let kind = optional(&body, "contentType", 100)?.unwrap_or_else(|| "html".to_owned());
    if !["html", "plainText"].contains(&kind.as_str()) {
        return Err(ApiError::invalid("contentType"));
    }
    let public = match body.get("isPublic") {
        None => false,
        Some(Value::Bool(public)) => *public,
        Some(_) => return Err(ApiError::invalid("isPublic")),
    };
    let now = call.core().clock.now();
    let owner = own_id(call);
    let commenter = call.core().directory().connecting().map(|user| {
        json!({
            "firstName": user.given, "lastName": user.family, "name": user.full_name(),
            "email": user.email, "photoURL": null, "roleName": "Support Agent", "type": "AGENT",
        })
    });
    let fields = json!({
        "content": content,
        "contentType": kind,
        "isPublic": public,
        "commentedTime": date_time(now),
        "modifiedTime": null,
        "commenterId": owner,
        "commenter": commenter,
        "attachments": [],
    });
    Ok(add(call, COMMENT, ticket, fields, owner))
}

fn time_entry(call: &Call<'_>, ticket: &Record) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(&body, ENTRY_FIELDS)?;
    let executed = match optional(&body, "executedTime", 40)? {
        None => call.core().clock.now(),
        Some(time) => instant(&time).ok_or_else(|| ApiError::invalid("executedTime"))?,
    };
    let mut spent = 0;
    let mut fields = json!({
        "executedTime": date_time(executed),
        "description": optional(&body, "description", 65_535)?,
        "requestChargeType": optional(&body, "requestChargeType", 120)?,
        "isBillable": body.get("isBillable").and_then(Value::as_bool).unwrap_or(false),
        "agentCostPerHour": optional(&body, "agentCostPerHour", 20)?,
        "fixedCost": optional(&body, "fixedCost", 20)?,
        "mode": "MANUAL",
        "departmentId": ticket.fields["departmentId"],
        "creatorId": own_id(call),
        "isTrashed": false,
        "cf": body.get("cf").map_or_else(|| Ok(json!({})), own_fields)?,
    });
    for (name, most) in [
        ("hoursSpent", u32::MAX),
        ("minutesSpent", 59),
        ("secondsSpent", 59),
    ] {
        let given = optional(&body, name, 9)?.unwrap_or_else(|| "0".to_owned());
        let given: u32 = given.parse().map_err(|_| ApiError::invalid(name))?;
        if given > most {
            return Err(ApiError::invalid(name));
        }
        spent += given;
        fields[name] = json!(given.to_string());
    }
    if spent == 0 {
        return Err(ApiError::missing("hoursSpent"));
    }
    let owner = owner(call, &body, "ownerId")?.or_else(|| own_id(call));
    fields["ownerId"] = json!(owner);
    Ok(add(call, ENTRY, ticket, fields, owner))
}

/// Keeps what is under a ticket.
fn add(
    call: &Call<'_>,
    kind: &str,
    ticket: &Record,
    mut fields: Value,
    owner: Option<String>,
) -> Answer {
    let now = call.core().clock.now();
    let id = call.estate.next_id();
    fields["id"] = json!(id);
    fields["createdTime"] = json!(date_time(now));
    fields["parent"] = json!({
        "id": ticket.id, "type": "TICKETS", "ticketNumber": ticket.fields["ticketNumber"],
        "subject": ticket.fields["subject"],
    });
    call.core().records().add(Record {
        kind: call.kind(kind),
        id,
        owner,
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Answer::json(StatusCode::OK, &fields)
}

fn under(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, ApiError> {
    let ticket = ticket(call, id)?;
    let span = span(call.request, 10, 100)?;
    let records = call.core().records();
    let kind = call.kind(kind);
    let found: Vec<&Record> = records
        .of(&kind)
        .filter(|record| record.fields["parent"]["id"] == ticket.id)
        .collect();
    Ok(page(call, span, &found, |record| record.fields.clone()))
}

fn part(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, ApiError> {
    let records = call.core().records();
    let found = records.find(&call.kind(kind), id);
    let found = found.ok_or_else(ApiError::no_record)?;
    Ok(Answer::json(StatusCode::OK, &found.fields))
}

fn removed(call: &Call<'_>, kind: &str, id: &str) -> Result<Answer, ApiError> {
    if call.core().records().remove(&call.kind(kind), id) {
        Ok(Answer::empty(StatusCode::NO_CONTENT))
    } else {
        Err(ApiError::no_record())
    }
}
