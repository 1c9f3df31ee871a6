//! Tickets, their comments and time entries.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::customers::{business_then_name, with_customer};
use super::errors::ApiError;
use super::pages::page;
use super::users::{assignable, row as user_row};
use super::{date_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

const TICKET: &str = "ticket";
const COMMENT: &str = "comment";
const TIMER: &str = "timer_entry";

/// Members of a ticket that are kept as they were written.
const WRITABLE: &[&str] = &[
    "subject",
    "problem_type",
    "status",
    "priority",
    "ticket_type_id",
    "contact_id",
    "due_date",
    "properties",
    "tag_list",
];

/// The requests below `/tickets`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
    body: &Value,
) -> Result<Answer, ApiError> {
    match (request.method.as_str(), rest) {
        ("GET", []) => list(core, request),
        ("POST", []) => create(core, body),
        ("GET", ["settings"]) => Ok(settings(core)),
        ("GET", [id]) => Ok(shown(core, &found(core, id)?)),
        ("PUT", [id]) => change(core, id, body),
        ("GET", [id, "comments"]) => comments(core, request, id),
        ("POST", [id, "comment"]) => {
            let ticket = found(core, id)?;
            let comment = comment(core, &ticket, body)?;
            Ok(Answer::json(StatusCode::OK, &json!({ "comment": comment })))
        }
        ("POST", [id, "timer_entry"]) => timer(core, id, body),
        ("PUT", [id, "update_timer_entry"]) => change_timer(core, id, body),
        _ => Err(ApiError::not_found()),
    }
}

/// `GET /ticket_timers`.
pub(crate) fn timers(core: &Core, request: &ApiRequest) -> Answer {
    let records = core.records();
    let found: Vec<&Record> = records.of(TIMER).collect();
    page(core, request, "ticket_timers", 100, found, |timer| {
        timer.fields.clone()
    })
}

fn settings(core: &Core) -> Answer {
    let directory = core.directory();
    let users = directory.users().iter().filter(|user| user.is_active());
    let users: Vec<Value> = users
        .map(|user| json!({ "id": number(&user.id), "name": user.full_name() }))
        .collect();
    let body = json!({
        "users": users,
        "ticket_statuses": ["New", "In Progress", "Resolved", "Invoiced", "Waiting on Customer"],
        "problem_types": ["Remote Support", "Phone Call", "Other"],
    });
    Answer::json(StatusCode::OK, &body)
}

fn found(core: &Core, id: &str) -> Result<Record, ApiError> {
    let ticket = core.records().find(TICKET, id).cloned();
    ticket.ok_or_else(ApiError::not_found)
}

/// The ticket as a whole: with its comments, newest first, and its user.
fn shown(core: &Core, ticket: &Record) -> Answer {
    Answer::json(StatusCode::OK, &json!({ "ticket": whole(core, ticket) }))
}

fn whole(core: &Core, ticket: &Record) -> Value {
    let mut row = summary(core, ticket);
    let records = core.records();
    let of_ticket = |kind: &'static str| -> Vec<Value> {
        let all = records.of(kind);
        let mut rows: Vec<Value> = all
            .filter(|record| record.fields["ticket_id"] == number(&ticket.id))
            .map(|record| record.fields.clone())
            .collect();
        rows.reverse();
        rows
    };
    row["comments"] = json!(of_ticket(COMMENT));
    row["ticket_timers"] = json!(of_ticket(TIMER));
    row
}

/// The ticket as a list has it.
fn summary(core: &Core, ticket: &Record) -> Value {
    let mut row = ticket.fields.clone();
    let directory = core.directory();
    let user = ticket.owner.as_deref().and_then(|id| directory.find(id));
    row["user"] = user.map_or(Value::Null, user_row);
    row
}

fn list(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let time = |name: &str| -> Result<Option<Timestamp>, ApiError> {
        let text = request.parameter(name);
        let time = text.map(str::parse).transpose();
        time.map_err(|_| ApiError::text(StatusCode::UNPROCESSABLE_ENTITY, "invalid date"))
    };
    let (since, created) = (time("since_updated_at")?, time("created_after")?);
    let tickets: Vec<Record> = {
        let records = core.records();
        let all = records.of(TICKET);
        all.filter(|ticket| fits(core, request, ticket))
            .filter(|ticket| since.is_none_or(|since| ticket.modified >= since))
            .filter(|ticket| created.is_none_or(|created| ticket.created >= created))
            .cloned()
            .collect()
    };
    Ok(page(core, request, "tickets", 50, tickets, |ticket| {
        summary(core, ticket)
    }))
}

fn fits(core: &Core, request: &ApiRequest, ticket: &Record) -> bool {
    let fields = &ticket.fields;
    let same = |name: &str| {
        request
            .parameter(name)
            .is_none_or(|wanted| match &fields[name] {
                Value::String(text) => text == wanted,
                Value::Number(id) => id.as_u64() == wanted.parse().ok(),
                _ => false,
            })
    };
    let holds = |query: &str| {
        let subject = fields["subject"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase();
        subject.contains(&query.to_lowercase()) || fields["number"].as_u64() == query.parse().ok()
    };
    let own = || {
        let directory = core.directory();
        directory.connecting().map(|user| user.id.clone())
    };
    ["customer_id", "contact_id", "number", "status", "user_id"]
        .into_iter()
        .all(same)
        && request.parameter("query").is_none_or(holds)
        && (request.parameter("mine") != Some("true") || ticket.owner == own())
}

fn create(core: &Core, body: &Value) -> Result<Answer, ApiError> {
    let customer = match &body["customer_id"] {
        Value::String(id) => id.clone(),
        id => id.as_u64().map(|id| id.to_string()).unwrap_or_default(),
    };
    let missing = |_| ApiError::required("Customer");
    let name = with_customer(core, &customer, business_then_name).map_err(missing)?;
    if body["subject"].as_str().is_none_or(str::is_empty) {
        return Err(ApiError::unsaved(&["Subject can't be blank".to_owned()]));
    }
    let first = body["comments_attributes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for one in &first {
        check_comment(one)?;
    }
    let now = core.clock.now();
    let nth = core.records().count(TICKET);
    let id = 108_443_837 + 11 * nth;
    let mut ticket = Record {
        kind: TICKET.to_owned(),
        id: id.to_string(),
        owner: None,
        fields: json!({
            "id": id,
            "number": 5_028 + nth,
            "customer_id": number(&customer),
            "customer_business_then_name": name,
            "status": "New",
            "priority": null,
            "user_id": null,
            "created_at": date_time(now),
            "resolved_at": null,
        }),
        created: now,
        modified: now,
    };
    fill(core, &mut ticket, body);
    core.records().add(ticket.clone());
    for one in &first {
        comment(core, &ticket, one)?;
    }
    Ok(shown(core, &ticket))
}

/// Takes what the body holds. A user there is none of is not refused: the ticket is nobody's.
fn fill(core: &Core, ticket: &mut Record, body: &Value) {
    for name in WRITABLE {
        if let Some(value) = body.get(*name) {
            ticket.fields[*name] = value.clone();
        }
    }
    if let Some(user) = body.get("user_id") {
        ticket.owner = assignable(core, user);
        ticket.fields["user_id"] = json!(ticket.owner.as_deref().map(number));
    }
    ticket.modified = core.clock.now();
    ticket.fields["updated_at"] = json!(date_time(ticket.modified));
    if ticket.fields["status"] == "Resolved" && ticket.fields["resolved_at"].is_null() {
        ticket.fields["resolved_at"] = json!(date_time(ticket.modified));
    }
}

fn change(core: &Core, id: &str, body: &Value) -> Result<Answer, ApiError> {
    let mut ticket = found(core, id)?;
    fill(core, &mut ticket, body);
    if let Some(kept) = core.records().find_mut(TICKET, id) {
        kept.clone_from(&ticket);
    }
    Ok(shown(core, &ticket))
}

fn check_comment(body: &Value) -> Result<(), ApiError> {
    let blank = |name: &&str| body[*name].as_str().is_none_or(str::is_empty);
    let missing: Vec<String> = [("body", "Body"), ("subject", "Subject")]
        .iter()
        .filter(|(name, _)| blank(name))
        .map(|(_, label)| format!("{label} can't be blank"))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(ApiError::unsaved(&missing))
    }
}

/// Adds a comment. It is the token's user's; `tech` only changes the name that is shown.
fn comment(core: &Core, ticket: &Record, body: &Value) -> Result<Value, ApiError> {
    check_comment(body)?;
    let (own, name) = {
        let directory = core.directory();
        let own = directory.connecting().ok_or_else(ApiError::not_found)?;
        (own.id.clone(), own.full_name())
    };
    let now = core.clock.now();
    let mut records = core.records();
    let id = 301_770_114 + 3 * records.count(COMMENT);
    let fields = json!({
        "id": id,
        "created_at": date_time(now),
        "updated_at": date_time(now),
        "ticket_id": number(&ticket.id),
        "subject": body["subject"],
        "body": body["body"],
        "tech": body["tech"].as_str().unwrap_or(&name),
        "hidden": body["hidden"] == true,
        "user_id": number(&own),
    });
    records.add(Record {
        kind: COMMENT.to_owned(),
        id: id.to_string(),
        owner: Some(own),
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(fields)
}

fn comments(core: &Core, request: &ApiRequest, id: &str) -> Result<Answer, ApiError> {
    let ticket = number(&found(core, id)?.id);
    let records = core.records();
    let all = records.of(COMMENT);
    let mut all: Vec<&Record> = all
        .filter(|comment| comment.fields["ticket_id"] == ticket)
        .collect();
    all.reverse();
    Ok(page(core, request, "comments", 100, all, |comment| {
        comment.fields.clone()
    }))
}

/// Start and end of a time entry, the end by itself or as a length in minutes.
fn span(body: &Value) -> Result<(Timestamp, Timestamp), ApiError> {
    let time = |name: &str| {
        body[name]
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
    };
    let start = time("start_at");
    let start = start.ok_or_else(|| ApiError::params("Start at can't be blank", body))?;
    let minutes = match &body["duration_minutes"] {
        Value::String(text) => text.parse().ok(),
        minutes => minutes.as_i64(),
    };
    let by_length = || start.checked_add(SignedDuration::from_mins(minutes?)).ok();
    let end = time("end_at").or_else(by_length).unwrap_or(start);
    if end < start {
        return Err(ApiError::params("End time must be after start time", body));
    }
    Ok((start, end))
}

/// `POST /tickets/{id}/timer_entry`. Without a user there is one of, it is the token's user's.
fn timer(core: &Core, id: &str, body: &Value) -> Result<Answer, ApiError> {
    let ticket = number(&found(core, id)?.id);
    let (start, end) = span(body)?;
    let own = {
        let directory = core.directory();
        directory.connecting().map(|user| user.id.clone())
    };
    let owner = assignable(core, &body["user_id"]).or(own);
    let now = core.clock.now();
    let mut records = core.records();
    let id = 41_220_306 + 2 * records.count(TIMER);
    let fields = json!({
        "id": id,
        "ticket_id": ticket,
        "user_id": owner.as_deref().map(number),
        "start_time": date_time(start),
        "end_time": date_time(end),
        "recorded": false,
        "created_at": date_time(now),
        "updated_at": date_time(now),
        "billable": true,
        "notes": body["notes"],
        "product_id": body["product_id"],
        "comment_id": null,
        "ticket_line_item_id": null,
        "active_duration": end.as_second() - start.as_second(),
    });
    records.add(Record {
        kind: TIMER.to_owned(),
        id: id.to_string(),
        owner,
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(Answer::json(StatusCode::OK, &fields))
}

/// `PUT /tickets/{id}/update_timer_entry`: the entry is named in the body.
fn change_timer(core: &Core, id: &str, body: &Value) -> Result<Answer, ApiError> {
    let ticket = number(&found(core, id)?.id);
    let entry = body["timer_entry_id"]
        .as_u64()
        .unwrap_or_default()
        .to_string();
    let owner = assignable(core, &body["user_id"]);
    let now = core.clock.now();
    let mut records = core.records();
    let timer = records
        .find_mut(TIMER, &entry)
        .filter(|timer| timer.fields["ticket_id"] == ticket);
    let timer = timer.ok_or_else(ApiError::not_found)?;
    if let Some(notes) = body.get("notes") {
        timer.fields["notes"] = notes.clone();
    }
    if let Some(owner) = owner {
        timer.fields["user_id"] = json!(number(&owner));
        timer.owner = Some(owner);
    }
    timer.modified = now;
    timer.fields["updated_at"] = json!(date_time(now));
    Ok(Answer::json(StatusCode::OK, &timer.fields))
}
