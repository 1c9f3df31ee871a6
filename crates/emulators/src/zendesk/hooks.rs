//! Webhooks: subscriptions, their secrets, and what is sent for a change of a user.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::users::{Someone, date_time, role};
use super::{ACCOUNT_ID, Zendesk, errors};
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::random::Random;
use crate::records::Record;

impl Zendesk {
    /// `…/webhooks` and below, for administrators.
    pub(crate) fn webhooks(&self, request: &ApiRequest, rest: &[&str]) -> Answer {
        match (&request.method, rest) {
            (&Method::POST, []) => self.subscribe(request),
            (&Method::GET, []) => {
                let records = self.core.records();
                let all: Vec<&Value> = records.of("webhook").map(|hook| &hook.fields).collect();
                let body = json!({
                    "webhooks": all, "meta": { "has_more": false, "after_cursor": null }, "links": {},
                });
                Answer::json(StatusCode::OK, &body)
            }
            (&Method::GET, [id]) => match self.core.records().find("webhook", id) {
                Some(hook) => Answer::json(StatusCode::OK, &json!({ "webhook": hook.fields })),
                None => errors::not_found(),
            },
            (&Method::DELETE, [id]) => {
                if self.core.records().remove("webhook", id) {
                    Answer::empty(StatusCode::NO_CONTENT)
                } else {
                    errors::not_found()
                }
            }
            (&Method::GET | &Method::POST, [id, "signing_secret"]) => {
                if self.core.records().find("webhook", id).is_none() {
                    return errors::not_found();
                }
                let body = json!({
                    "signing_secret": { "algorithm": "SHA256", "secret": self.secret_of(id) },
                });
                Answer::json(StatusCode::OK, &body)
            }
            _ => errors::no_such_path(),
        }
    }

    fn secret_of(&self, id: &str) -> String {
        Random::new(self.core.seed, &format!("zendesk webhook {id}"), 0).text(44)
    }

    fn subscribe(&self, request: &ApiRequest) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let hook = &body["webhook"];
        for name in [
            "name",
            "endpoint",
            "http_method",
            "request_format",
            "status",
        ] {
            if hook[name].as_str().is_none_or(str::is_empty) {
                let error =
                    json!({ "code": "MissingParameter", "title": format!("{name} is required") });
                return Answer::json(StatusCode::BAD_REQUEST, &json!({ "errors": [error] }));
            }
        }
        let now = self.core.clock.now();
        let id = {
            let records = self.core.records();
            // Places of deleted ones are not taken twice while later ones are there.
            let mut ids = (records.count("webhook")..).map(|nth| ulid(self.core.seed, nth));
            ids.find(|id| records.find("webhook", id).is_none())
                .unwrap_or_default()
        };
        let mut fields = hook.clone();
        fields["id"] = json!(id);
        fields["created_at"] = json!(date_time(now));
        fields["updated_at"] = json!(date_time(now));
        self.core.records().add(Record {
            kind: "webhook".to_owned(),
            id,
            owner: None,
            fields: fields.clone(),
            created: now,
            modified: now,
        });
        Answer::json(StatusCode::CREATED, &json!({ "webhook": fields }))
    }

    /// The event of a change, signed over the time and the body.
    pub(crate) fn event(&self, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
        let now = self.core.clock.now();
        let (Happening::UserChanged(id) | Happening::ContactChanged(id)) = what;
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let someone = Someone::find(&directory, &contacts, id)?;
        let (kind, event) = match someone {
            Someone::Staff(_) if someone.is_deleted() => {
                ("user.deleted", json!({ "current": null, "previous": null }))
            }
            Someone::Staff(user) if someone.is_suspended() => {
                let previous = json!(role(user));
                (
                    "user.suspended_changed",
                    json!({ "current": true, "previous": false, "role": previous }),
                )
            }
            _ => (
                "user.name_changed",
                json!({ "current": someone.full_name(), "previous": null }),
            ),
        };
        let detail = json!({
            "id": id, "email": someone.email(), "role": someone.role(),
            "external_id": self.external_id_of(&someone), "default_group_id": null,
            "organization_id": null, "updated_at": date_time(someone.modified()),
        });
        let invocation = ulid(
            self.core.seed,
            usize::try_from(now.as_second()).unwrap_or(0),
        );
        let body = json!({
            "type": format!("zen:event-type:{kind}"), "id": invocation, "account_id": ACCOUNT_ID,
            "time": date_time(now), "zendesk_event_version": "2022-06-20",
            "subject": format!("zen:user:{id}"), "detail": detail, "event": event,
        });
        let body = body.to_string().into_bytes();
        let time = date_time(now);
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Some(SentWebhook {
            url: url.to_owned(),
            headers: vec![
                header("content-type", "application/json; charset=utf-8"),
                header(
                    "x-zendesk-webhook-signature",
                    &signature(secret, &time, &body)?,
                ),
                header("x-zendesk-webhook-signature-timestamp", &time),
                header("x-zendesk-account-id", &ACCOUNT_ID.to_string()),
                header("x-zendesk-webhook-id", &ulid(self.core.seed, 0)),
                header("x-zendesk-webhook-invocation-id", &invocation),
            ],
            body,
        })
    }
}

/// HMAC over the time and the body, nothing between them.
fn signature(secret: &str, time: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

/// An id as the vendor's webhooks have them.
fn ulid(seed: u64, nth: usize) -> String {
    let tail = Random::new(seed, "zendesk ulid", nth).text(16);
    format!("01KAWQ2M7N{}", tail.to_uppercase())
}
