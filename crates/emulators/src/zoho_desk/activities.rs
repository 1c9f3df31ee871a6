//! Calls.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::Call;
use super::contacts::matches;
use super::errors::ApiError;
use super::input::{date_time, instant, known, optional, own_id, owner, page, span, text};
use super::organization::is_department;
use crate::answer::Answer;
use crate::records::Record;

/// What a call's record is called.
const KIND: &str = "calls";

/// The fields a client sends.
const FIELDS: &[&str] = &[
    "departmentId",
    "contactId",
    "subject",
    "startTime",
    "direction",
    "duration",
    "status",
    "ownerId",
    "ticketId",
    "priority",
    "description",
    "cf",
];

/// The organization's own fields.
const OWN: &[&str] = &["cf_ext_id"];

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    let method = &call.request.method;
    let kind = call.kind(KIND);
    match rest {
        [] if *method == Method::POST => create(call),
        [] if *method == Method::GET => {
            let span = span(call.request, 10, 100)?;
            let records = call.core().records();
            let found: Vec<&Record> = records.of(&kind).collect();
            Ok(page(call, span, &found, |record| record.fields.clone()))
        }
        ["search"] if *method == Method::GET => search(call),
        ["moveToTrash"] if *method == Method::POST => trash(call, KIND, "entityIds"),
        [id] if *method == Method::GET => {
            let records = call.core().records();
            let found = records.find(&kind, id).ok_or_else(ApiError::no_record)?;
            Ok(Answer::json(StatusCode::OK, &found.fields))
        }
        [id] if *method == Method::PATCH => update(call, id),
        [] | [_] => Err(ApiError::method()),
        _ => Err(ApiError::not_found()),
    }
}

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(&body, FIELDS)?;
    for name in [
        "departmentId",
        "contactId",
        "subject",
        "startTime",
        "direction",
        "duration",
        "status",
    ] {
        if body.get(name).is_none_or(Value::is_null) {
            return Err(ApiError::missing(name));
        }
    }
    let now = call.core().clock.now();
    let mut fields = json!({
        "ticketId": null, "priority": null, "description": null, "cf": {},
        "creatorId": own_id(call), "createdTime": date_time(now),
    });
    take(call, &body, &mut fields)?;
    let owner = owner(call, &body, "ownerId")?.or_else(|| own_id(call));
    let id = call.estate.next_id();
    let base = &call.core().base_url;
    fields["id"] = json!(id);
    fields["ownerId"] = json!(owner);
    fields["webUrl"] = json!(format!(
        "{base}/support/northwindsupport/ShowHomePage.do#Activities/dv/{id}"
    ));
    call.core().records().add(Record {
        kind: call.kind(KIND),
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
    let kind = call.kind(KIND);
    let old = call.core().records().find(&kind, id).cloned();
    let mut fields = old.ok_or_else(ApiError::no_record)?.fields;
    take(call, &body, &mut fields)?;
    let owner = owner(call, &body, "ownerId")?;
    let now = call.core().clock.now();
    fields["modifiedTime"] = json!(date_time(now));
    let mut records = call.core().records();
    let record = records
        .find_mut(&kind, id)
        .ok_or_else(ApiError::no_record)?;
    if let Some(owner) = owner {
        fields["ownerId"] = json!(owner);
        record.owner = Some(owner);
    }
    record.fields = fields;
    record.modified = now;
    Ok(Answer::json(StatusCode::OK, &record.fields))
}

/// Takes over what a body holds, checked.
fn take(call: &Call<'_>, body: &Map<String, Value>, fields: &mut Value) -> Result<(), ApiError> {
    for (name, most) in [("subject", 300), ("status", 120)] {
        if body.contains_key(name) {
            fields[name] = json!(text(body, name, most)?);
        }
    }
    for (name, most) in [("description", 65_535), ("priority", 120)] {
        if body.contains_key(name) {
            fields[name] = json!(optional(body, name, most)?);
        }
    }
    for name in ["departmentId", "contactId", "ticketId"] {
        if body.contains_key(name) {
            fields[name] = json!(related(call, body, name)?);
        }
    }
    if body.contains_key("startTime") {
        let time = text(body, "startTime", 40)?;
        let time = instant(&time).ok_or_else(|| ApiError::invalid("startTime"))?;
        fields["startTime"] = json!(date_time(time));
    }
    if body.contains_key("direction") {
        let direction = text(body, "direction", 20)?;
        if !["inbound", "outbound"].contains(&direction.as_str()) {
            return Err(ApiError::invalid("direction"));
        }
        fields["direction"] = json!(direction);
    }
    if body.contains_key("duration") {
        // Seconds; comes back as text.
        let seconds = text(body, "duration", 9)?;
        let seconds: u32 = seconds.parse().map_err(|_| ApiError::invalid("duration"))?;
        fields["duration"] = json!(seconds.to_string());
    }
    if let Some(own) = body.get("cf") {
        fields["cf"] = own_fields(own)?;
    }
    Ok(())
}

/// The id of a department, contact or ticket that there is; a call needs no ticket.
fn related(
    call: &Call<'_>,
    body: &Map<String, Value>,
    name: &str,
) -> Result<Option<String>, ApiError> {
    let Some(id) = optional(body, name, 20)? else {
        return match name {
            "ticketId" => Ok(None),
            _ => Err(ApiError::missing(name)),
        };
    };
    let is_there = match name {
        "departmentId" => is_department(&id),
        "contactId" => call.core().contacts().find(&id).is_some(),
        _ => {
            let kind = call.kind(super::tickets::KIND);
            call.core().records().find(&kind, &id).is_some()
        }
    };
    if is_there {
        Ok(Some(id))
    } else {
        Err(ApiError::invalid(name))
    }
}

/// The organization's own fields; others are refused.
pub(super) fn own_fields(given: &Value) -> Result<Value, ApiError> {
    let Value::Object(own) = given else {
        return Err(ApiError::invalid("cf"));
    };
    known(own, OWN)?;
    for name in OWN {
        optional(own, name, 255)?;
    }
    Ok(given.clone())
}

/// By subject, by one of the organization's fields (`customField1=cf_ext_id:value`), or by any.
pub(super) fn found(call: &Call<'_>, record: &Record) -> bool {
    let asked = |name: &str| call.request.parameter(name).map(str::to_lowercase);
    let lower = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    let subject = lower(&record.fields["subject"]);
    let custom = asked("customField1").is_none_or(|text| {
        text.split_once(':').is_some_and(|(name, value)| {
            OWN.contains(&name) && lower(&record.fields["cf"][name]) == value
        })
    });
    custom
        && asked("subject").is_none_or(|text| matches(&subject, &text))
        && asked("_all").is_none_or(|text| {
            let text = text.trim_matches('*').to_owned();
            record.fields.to_string().to_lowercase().contains(&text)
        })
}

/// `POST …/moveToTrash`: takes the records of these ids away; there is no `DELETE`.
pub(super) fn trash(call: &Call<'_>, kind: &str, name: &str) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(&body, &[name])?;
    let Some(Value::Array(ids)) = body.get(name) else {
        return Err(ApiError::missing(name));
    };
    let kind = call.kind(kind);
    let mut records = call.core().records();
    for id in ids {
        let id = id.as_str().ok_or_else(|| ApiError::invalid(name))?;
        if !records.remove(&kind, id) {
            return Err(ApiError::no_record());
        }
    }
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

fn search(call: &Call<'_>) -> Result<Answer, ApiError> {
    listed(call, KIND)
}

/// What a search finds among the records of a kind.
pub(super) fn listed(call: &Call<'_>, kind: &str) -> Result<Answer, ApiError> {
    let span = span(call.request, 10, 100)?;
    let names = ["subject", "customField1", "_all", "modifiedTimeRange"];
    if names
        .iter()
        .all(|name| call.request.parameter(name).is_none())
    {
        return Err(ApiError::missing("_all"));
    }
    let changed = call.request.parameter("modifiedTimeRange");
    let changed = changed
        .map(|text| super::input::range(text, "modifiedTimeRange"))
        .transpose()?;
    let kind = call.kind(kind);
    let records = call.core().records();
    let found: Vec<&Record> = records
        .of(&kind)
        .filter(|record| found(call, record))
        .filter(|record| {
            changed.is_none_or(|(from, to)| record.modified >= from && record.modified <= to)
        })
        .collect();
    if found.len() <= span.from {
        return Ok(Answer::empty(StatusCode::NO_CONTENT));
    }
    let rows = found.iter().skip(span.from).take(span.limit);
    let rows: Vec<&Value> = rows.map(|record| &record.fields).collect();
    let body = json!({ "data": rows, "count": found.len() });
    Ok(Answer::json(StatusCode::OK, &body))
}
