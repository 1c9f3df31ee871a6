//! REST hooks, which are still those of API v1: subscriptions, their verification, deliveries.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body::Body;
use super::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::Core;
use crate::random::Random;
use crate::records::Record;

/// The events one can subscribe to, as far as they concern contacts and what is written to them.
/// There are none for users.
const EVENTS: &[&str] = &[
    "contact.add",
    "contact.delete",
    "contact.edit",
    "note.add",
    "note.delete",
    "note.edit",
    "task.add",
    "task.delete",
    "task.edit",
];

const KIND: &str = "hook";

/// The requests below `/rest/v1/hooks`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, ApiError> {
    match (request.method.as_str(), rest) {
        ("GET", ["event_keys"]) => Ok(Answer::json(StatusCode::OK, &json!(EVENTS))),
        ("GET", []) => {
            let records = core.records();
            let hooks: Vec<Value> = records.of(KIND).map(row).collect();
            Ok(Answer::json(StatusCode::OK, &json!(hooks)))
        }
        ("POST", []) => create(core, request),
        // Asked to verify, the vendor posts to the address again; it then tells the hook.
        ("GET", [key]) | ("POST", [key, "verify"]) => {
            Ok(Answer::json(StatusCode::OK, &row(&found(core, key)?)))
        }
        ("DELETE", [key]) => {
            found(core, key)?;
            core.records().remove(KIND, key);
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        ("POST", [key, "delayedVerify"]) => verify(core, request, key),
        _ => Err(ApiError::no_method(request.method.as_str())),
    }
}

fn row(hook: &Record) -> Value {
    let fields = &hook.fields;
    json!({
        "key": hook.id,
        "eventKey": fields["eventKey"],
        "hookUrl": fields["hookUrl"],
        "status": fields["status"],
    })
}

fn found(core: &Core, key: &str) -> Result<Record, ApiError> {
    let hook = core.records().find(KIND, key).cloned();
    hook.ok_or_else(|| ApiError::not_found("Hook", key))
}

fn create(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let body = Body::read(request)?;
    let required = |name: &str| {
        let message = format!("'{name}' is required");
        body.text(name)?.ok_or_else(|| ApiError::invalid(message))
    };
    let (event, url) = (required("eventKey")?, required("hookUrl")?);
    if !EVENTS.contains(&event.as_str()) {
        return Err(ApiError::invalid(format!("Unknown event key '{event}'")));
    }
    if url::Url::parse(&url).is_err() {
        return Err(ApiError::invalid("'hookUrl' must be a URL"));
    }
    let now = core.clock.now();
    let mut records = core.records();
    let nth = records.count(KIND);
    let secret = Random::new(core.seed, "keap hook", nth).text(32);
    let hook = Record {
        kind: KIND.to_owned(),
        id: (421 + nth).to_string(),
        owner: None,
        fields: json!({
            "eventKey": event, "hookUrl": url, "status": "Unverified", "secret": secret,
        }),
        created: now,
        modified: now,
    };
    records.add(hook.clone());
    Ok(Answer::json(StatusCode::CREATED, &row(&hook)))
}

/// The receiver sends the secret of the verification back, if it did not echo it at once.
fn verify(core: &Core, request: &ApiRequest, key: &str) -> Result<Answer, ApiError> {
    let mut hook = found(core, key)?;
    let secret = hook.fields["secret"].as_str().unwrap_or_default();
    if request.header("x-hook-secret") != Some(secret) {
        return Err(ApiError::invalid("X-Hook-Secret does not match"));
    }
    hook.fields["status"] = json!("Verified");
    if let Some(kept) = core.records().find_mut(KIND, key) {
        kept.clone_from(&hook);
    }
    Ok(Answer::json(StatusCode::OK, &row(&hook)))
}

/// What the vendor posts to an address: the verification as long as the hook there is not
/// verified, then deliveries. Nothing is signed.
pub(crate) fn webhook(core: &Core, what: &Happening, url: &str) -> Option<SentWebhook> {
    let Happening::ContactChanged(id) = what else {
        return None;
    };
    let records = core.records();
    let mut hooks = records.of(KIND);
    let hook = hooks.find(|hook| hook.fields["hookUrl"] == url);
    let unverified = hook.filter(|hook| hook.fields["status"] != "Verified");
    let json = ("content-type".to_owned(), "application/json".to_owned());
    if let Some(hook) = unverified {
        let secret = hook.fields["secret"].as_str().unwrap_or_default();
        return Some(SentWebhook {
            url: url.to_owned(),
            headers: vec![json, ("x-hook-secret".to_owned(), secret.to_owned())],
            body: Vec::new(),
        });
    }
    let event = hook.map_or(json!("contact.edit"), |hook| {
        hook.fields["eventKey"].clone()
    });
    let body = json!({
        "event_key": event,
        "object_type": "contact",
        "object_keys": [{
            "id": id.parse::<u64>().ok()?,
            "apiUrl": format!("{}/crm/rest/v1/contacts/{id}", core.base_url),
            "timestamp": core.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string(),
        }],
    });
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![json],
        body: body.to_string().into_bytes(),
    })
}
