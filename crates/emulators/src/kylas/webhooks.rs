//! Subscriptions to webhooks, and what they bring.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::customers::Entity;
use super::errors::ApiError;
use super::number;
use crate::answer::Answer;
use crate::control::{Happening, SentWebhook};
use crate::core::Core;
use crate::records::Record;

/// The events one can subscribe to. None for users is known.
const EVENTS: &[&str] = &[
    "CONTACT_CREATED",
    "CONTACT_UPDATED",
    "CONTACT_DELETED",
    "LEAD_CREATED",
    "LEAD_UPDATED",
    "LEAD_DELETED",
];

const KIND: &str = "webhook";

/// The requests below `/v1/webhooks`.
pub(crate) fn answer(
    core: &Core,
    method: &str,
    rest: &[&str],
    body: impl FnOnce() -> Result<Value, ApiError>,
) -> Result<Answer, ApiError> {
    match (method, rest) {
        ("GET", []) => {
            let records = core.records();
            let all: Vec<&Value> = records.of(KIND).map(|record| &record.fields).collect();
            Ok(Answer::json(StatusCode::OK, &json!({ "content": all })))
        }
        ("POST", []) => create(core, body()?),
        ("DELETE", [id]) => {
            if core.records().remove(KIND, id) {
                Ok(Answer::empty(StatusCode::OK))
            } else {
                Err(ApiError::not_found("Webhook"))
            }
        }
        _ => Err(ApiError::no_path()),
    }
}

fn create(core: &Core, mut body: Value) -> Result<Answer, ApiError> {
    let url = body["url"]
        .as_str()
        .and_then(|url| url::Url::parse(url).ok());
    if url.is_none() || !body["name"].is_string() || body["requestType"] != "POST" {
        return Err(ApiError::invalid("name, url and requestType are required"));
    }
    let events = body["events"].as_array().cloned().unwrap_or_default();
    let known = |event: &Value| event.as_str().is_some_and(|event| EVENTS.contains(&event));
    if events.is_empty() || !events.iter().all(known) {
        return Err(ApiError::invalid("Invalid events"));
    }
    let now = core.clock.now();
    let mut records = core.records();
    let id = 30_117 + records.count(KIND);
    body["id"] = json!(id);
    records.add(Record {
        kind: KIND.to_owned(),
        id: id.to_string(),
        owner: None,
        fields: body,
        created: now,
        modified: now,
    });
    Ok(Answer::json(StatusCode::CREATED, &json!({ "id": id })))
}

/// What the vendor posts. Nothing is signed; a key that was given comes along as a header.
pub(crate) fn sent(core: &Core, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
    let Happening::ContactChanged(id) = what else {
        return None;
    };
    let entities = [
        ("CONTACT_UPDATED", Entity::Contact),
        ("LEAD_UPDATED", Entity::Lead),
    ];
    let mut entities = entities.iter();
    let (event, row) =
        entities.find_map(|(event, entity)| Some((event, entity.find(core, id)?)))?;
    let records = core.records();
    let mut hooks = records.of(KIND);
    let hook = hooks.find(|hook| hook.fields["url"] == url);
    let body = json!({
        "event": event,
        "webhookId": hook.map(|hook| number(&hook.id)),
        "entity": row,
        "oldEntity": null,
    });
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    if !secret.is_empty() {
        headers.push(("api-key".to_owned(), secret.to_owned()));
    }
    Some(SentWebhook {
        url: url.to_owned(),
        headers,
        body: body.to_string().into_bytes(),
    })
}
