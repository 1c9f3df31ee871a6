//! `/v1/webhooks`, and the webhooks themselves: version 2, with HTTP Basic and no signature.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::errors::{Problem, data, no_such_path, wrong_verb};
use super::{COMPANY_ID, Pipedrive, body, local_time, number, persons, utc, whole};
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::directory::User;
use crate::records::Record;

const ACTIONS: &[&str] = &["create", "change", "delete", "*"];

const OBJECTS: &[&str] = &[
    "activity",
    "deal",
    "lead",
    "note",
    "organization",
    "person",
    "pipeline",
    "product",
    "stage",
    "user",
    "*",
];

/// Where the numbers of webhooks start.
const FROM: usize = 551_801;

/// The most webhooks of one user.
const MOST: usize = 40;

/// Everything below `/v1/webhooks`.
pub(crate) fn answer(
    pipedrive: &Pipedrive,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, Problem> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let records = pipedrive.core.records();
            let all: Vec<&Value> = records
                .of("webhooks")
                .map(|record| &record.fields)
                .collect();
            Ok(data(StatusCode::OK, &json!(all)))
        }
        (&Method::POST, []) => create(pipedrive, &body(request)?),
        (&Method::DELETE, [id]) => {
            if pipedrive.core.records().remove("webhooks", id) {
                Ok(Answer::json(
                    StatusCode::OK,
                    &json!({ "success": true, "status": "ok" }),
                ))
            } else {
                Err(Problem::not_found("Webhook"))
            }
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

/// 400 with the field's name.
fn refused(field: &str, why: &str) -> Answer {
    let body = json!({ "status": "error", "success": false, "errors": { field: [why] } });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

fn create(pipedrive: &Pipedrive, body: &Value) -> Result<Answer, Problem> {
    let text = |field: &str| body[field].as_str().unwrap_or_default();
    let url = url::Url::parse(text("subscription_url"));
    if !url.is_ok_and(|url| ["http", "https"].contains(&url.scheme())) {
        return Ok(refused("subscription_url", "invalid or non-reachable URL"));
    }
    for (field, known) in [("event_action", ACTIONS), ("event_object", OBJECTS)] {
        if !known.contains(&text(field)) {
            return Ok(refused(field, "value is not supported"));
        }
    }
    if text("name").is_empty() {
        return Ok(refused("name", "missing required value"));
    }
    let version = body["version"].as_str().unwrap_or("2.0");
    if !["1.0", "2.0"].contains(&version) {
        return Ok(refused("version", "value is not supported"));
    }
    let own = pipedrive.own_number().ok_or_else(Problem::unauthorized)?;
    let user = whole(body, "user_id")?.unwrap_or(own);
    if !pipedrive.knows_user(user) {
        return Ok(refused("user_id", "user does not exist"));
    }
    let now = pipedrive.core.clock.now();
    let mut records = pipedrive.core.records();
    if records.count("webhooks") >= MOST {
        return Ok(refused(
            "user_id",
            "the limit of webhooks per user is reached",
        ));
    }
    let id = FROM + pipedrive.next_number();
    let fields = json!({
        "id": id, "company_id": COMPANY_ID, "owner_id": own, "user_id": user,
        "event_action": text("event_action"), "event_object": text("event_object"),
        "subscription_url": text("subscription_url"), "name": text("name"), "version": version,
        "is_active": 1, "add_time": local_time(now), "remove_time": null, "type": "general",
        "http_auth_user": body["http_auth_user"], "additional_data": {}, "remove_reason": null,
        "last_delivery_time": null, "last_http_status": null, "admin_id": own,
    });
    records.add(Record {
        kind: "webhooks".to_owned(),
        id: id.to_string(),
        owner: Some(user.to_string()),
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    let body = json!({ "status": "ok", "success": true, "data": fields });
    Ok(Answer::json(StatusCode::CREATED, &body))
}

/// The webhook about a changed user or person. `secret` is `user:password`, or a password alone.
pub(crate) fn sent(
    pipedrive: &Pipedrive,
    what: &Happening,
    url: &str,
    secret: &str,
) -> Option<SentWebhook> {
    let core = &pipedrive.core;
    let (entity, id, row) = match what {
        Happening::UserChanged(id) => ("user", id, core.directory().find(id).map(user)?),
        Happening::ContactChanged(id) => {
            ("person", id, core.contacts().find(id).map(persons::row)?)
        }
    };
    let now = utc(core.clock.now());
    let mut meta = json!({
        "action": "change", "entity": entity, "entity_id": id, "company_id": COMPANY_ID.to_string(),
        "correlation_id": "0f1c7b52-93de-4c0e-a1f4-5b7e2d9c8a60",
        "id": format!("6c1d2e3f-4a5b-4c6d-8e7f-{:0>12}", id), "is_bulk_edit": false,
        "timestamp": now, "type": "general", "change_source": "app", "version": "2.0",
        "user_id": pipedrive.own_number().map(|own| own.to_string()),
        "webhook_id": FROM.to_string(), "attempt": 1, "host": "northwind-support.pipedrive.com",
        "webhook_owner_id": pipedrive.own_number().map(|own| own.to_string()),
    });
    if entity != "user" {
        meta["permitted_user_ids"] = json!(["*"]);
    }
    let credentials = if secret.contains(':') {
        secret.to_owned()
    } else {
        format!("pipedrive:{secret}")
    };
    let body = json!({ "meta": meta, "data": row, "previous": {} });
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            (
                "authorization".to_owned(),
                format!("Basic {}", STANDARD.encode(credentials)),
            ),
        ],
        body: body.to_string().into_bytes(),
    })
}

/// A user as webhooks have it: only the crucial fields.
fn user(user: &User) -> Value {
    json!({
        "id": number(&user.id), "name": user.full_name(), "email": user.email,
        "active_flag": user.is_active(), "modified": local_time(user.modified),
    })
}
