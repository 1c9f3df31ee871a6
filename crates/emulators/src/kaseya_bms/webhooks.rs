//! Where webhooks go. They tell of tickets only, and how they are signed is not documented: the
//! emulator keeps them and sends none.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::envelope::{failure, invalid, no_method, not_found, success};
use super::forms::{WEBHOOK, body, checked};
use super::page::Page;
use super::tickets::Desk;
use super::{date_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// What can be told of.
const EVENTS: super::lookups::Table = &[
    (1, "Ticket Created"),
    (2, "Ticket Updated"),
    (3, "Ticket Deleted"),
];

/// `/v2/admin/webhooks/…`.
pub(crate) fn answer(desk: &Desk, core: &Core, request: &ApiRequest, path: &[&str]) -> Answer {
    let known = |id: &str| core.records().find("webhooks", id).cloned();
    let found = match (&request.method, path) {
        (&Method::GET, ["events", "lookup"]) => Ok(success(&super::lookups::rows(EVENTS))),
        (&Method::GET, []) => Page::of(request).map(|page| listed(core, page)),
        (&Method::POST, ["search"]) => body(request).map(|body| listed(core, Page::of_body(&body))),
        (&Method::POST, []) => save(core, request, desk.next()),
        (_, [] | ["events", "lookup"] | ["search"]) => Ok(no_method()),
        (method, [id]) => match (method, known(id)) {
            (_, None) => Ok(failure(404, "Webhook not found.")),
            (&Method::GET, Some(record)) => Ok(success(&shown(&record.fields))),
            (&Method::PUT, Some(_)) => save(core, request, number(id)),
            (&Method::DELETE, Some(_)) => {
                core.records().remove("webhooks", id);
                Ok(success(&Value::Null))
            }
            _ => Ok(no_method()),
        },
        _ => Ok(not_found()),
    };
    found.unwrap_or_else(|answer| *answer)
}

fn listed(core: &Core, page: Page) -> Answer {
    let records = core.records();
    let found: Vec<&Record> = records.of("webhooks").collect();
    page.cut(core, &found, |record| shown(&record.fields))
}

fn save(core: &Core, request: &ApiRequest, id: i64) -> Result<Answer, Box<Answer>> {
    let sent = body(request)?;
    let mut fields = checked(WEBHOOK, &sent)?;
    let events = sent["Events"].as_array().cloned().unwrap_or_default();
    let mut unknown = events.iter().filter(|event| {
        let id = event.as_i64();
        EVENTS.iter().all(|(own, _)| Some(*own) != id)
    });
    if let Some(event) = unknown.next() {
        return Err(invalid(&[format!("Event {event} does not exist.")]).into());
    }
    let url = fields
        .get("PayloadURL")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if url::Url::parse(url).is_err() {
        return Err(invalid(&["The PayloadURL field is not a valid URL.".to_owned()]).into());
    }
    fields.insert("Events".to_owned(), Value::Array(events));
    let now = core.clock.now();
    let row = stored(id, fields, &date_time(now));
    let mut records = core.records();
    records.remove("webhooks", &id.to_string());
    records.add(Record {
        kind: "webhooks".to_owned(),
        id: id.to_string(),
        owner: None,
        fields: row.clone(),
        created: now,
        modified: now,
    });
    Ok(success(&shown(&row)))
}

/// What is sent as `PayloadURL` is shown as `PayloadUrl`.
fn stored(id: i64, mut fields: Map<String, Value>, now: &str) -> Value {
    let url = fields.remove("PayloadURL");
    let has_secret = fields
        .get("Secret")
        .is_some_and(|secret| secret.as_str().is_some_and(|secret| !secret.is_empty()));
    let mut row = json!({
        "Id": id, "CreatedOn": now, "ModifiedOn": now, "PayloadUrl": url, "HasSecret": has_secret,
        "IsEnabled": false, "ContentType": 1, "SendAllEvents": false,
    });
    for (name, value) in fields {
        row[name] = value;
    }
    row
}

/// The secret is never shown.
fn shown(row: &Value) -> Value {
    let mut row = row.clone();
    if let Some(fields) = row.as_object_mut() {
        fields.remove("Secret");
    }
    row
}
