//! Webhooks: subscriptions, and the posting, which bears a token signed with the vendor's key
//! (`X-ZDesk-JWT`, RS256) that does not cover the body.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use super::errors::ApiError;
use super::input::{date_time, known, optional, page, span, text};
use super::organization::ID;
use super::{Call, Desk, agents, contacts};
use crate::answer::Answer;
use crate::control::{Happening, SentWebhook};
use crate::records::Record;
use crate::zoho::{Estate, Product as _};

/// What a subscription's record is called.
const KIND: &str = "webhooks";

/// The subscription that a posting is of when nobody has made one.
const UNMADE: &str = "1892000000912001";

/// The emulator's own signing key (PKCS #8), which protects nothing: everybody may have it.
const KEY: &[u8] = include_bytes!("webhook_key.pk8");

/// The key's name.
const KEY_ID: &str = "northwind-desk-1";

/// How many seconds a token is good for.
const LIFE: i64 = 300;

const EVENTS: &[&str] = &[
    "Ticket_Add",
    "Ticket_Update",
    "Ticket_Delete",
    "Ticket_Comment_Add",
    "Contact_Add",
    "Contact_Update",
    "Contact_Delete",
    "Account_Add",
    "Account_Update",
    "Account_Delete",
    "Agent_Add",
    "Agent_Update",
    "Agent_Delete",
    "Call_Add",
    "Call_Update",
    "Call_Delete",
];

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    let kind = call.kind(KIND);
    let method = &call.request.method;
    match rest {
        [] if *method == Method::POST => create(call),
        [] if *method == Method::GET => {
            let span = span(call.request, 10, 100)?;
            let records = call.core().records();
            let found: Vec<&Record> = records.of(&kind).collect();
            Ok(page(call, span, &found, |record| record.fields.clone()))
        }
        [id] if *method == Method::GET => {
            let records = call.core().records();
            let found = records.find(&kind, id).ok_or_else(ApiError::no_record)?;
            Ok(Answer::json(StatusCode::OK, &found.fields))
        }
        [id] if *method == Method::DELETE => {
            if call.core().records().remove(&kind, id) {
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            } else {
                Err(ApiError::no_record())
            }
        }
        [] | [_] => Err(ApiError::method()),
        _ => Err(ApiError::not_found()),
    }
}

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let body = call.body()?;
    known(
        &body,
        &[
            "name",
            "url",
            "description",
            "subscriptions",
            "includeEventsFrom",
        ],
    )?;
    let name = optional(&body, "name", 120)?;
    let url = text(&body, "url", 2_000)?;
    if url::Url::parse(&url).is_err() {
        return Err(ApiError::invalid("url"));
    }
    let subscriptions = match body.get("subscriptions") {
        Some(Value::Object(events)) if !events.is_empty() => events,
        Some(Value::Object(_)) | None => return Err(ApiError::missing("subscriptions")),
        Some(_) => return Err(ApiError::invalid("subscriptions")),
    };
    known(subscriptions, EVENTS)?;
    let now = call.core().clock.now();
    let id = call.estate.next_id();
    let fields = json!({
        "id": id, "name": name, "url": url, "isEnabled": true, "subscriptions": subscriptions,
        "description": body.get("description"), "createdTime": date_time(now),
    });
    call.core().records().add(Record {
        kind: call.kind(KIND),
        id,
        owner: None,
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(Answer::json(StatusCode::OK, &fields))
}

/// What is posted to `url`, of the subscription made for that address.
pub(super) fn callback(estate: &Estate, what: &Happening, url: &str) -> Option<SentWebhook> {
    let core = &estate.core;
    let (event, payload) = match what {
        Happening::UserChanged(id) => {
            let directory = core.directory();
            let user = directory.find(id)?;
            let event = match (user.state, user.created == user.modified) {
                (crate::directory::UserState::Deleted, _) => "Agent_Delete",
                (_, true) => "Agent_Add",
                (_, false) => "Agent_Update",
            };
            (event, agents::shown(user))
        }
        Happening::ContactChanged(id) => {
            let known = core.contacts();
            let contact = known.find(id)?;
            let event = if contact.created == contact.modified {
                "Contact_Add"
            } else {
                "Contact_Update"
            };
            (event, contacts::shown(contact))
        }
    };
    let now = core.clock.now();
    let hook = {
        let records = core.records();
        let kind = estate.kind(Desk.name(), KIND);
        let mut own = records
            .of(&kind)
            .filter(|record| record.fields["url"] == url)
            .map(|record| record.id.clone());
        own.next().unwrap_or_else(|| UNMADE.to_owned())
    };
    let body = json!([{
        "payload": payload, "eventTime": now.as_millisecond().to_string(), "eventType": event,
        "orgId": ID,
    }]);
    let claims = json!({
        "iss": format!("orgId:{ID}"), "aud": format!("webhookId:{hook}"),
        "iat": now.as_second(), "exp": now.as_second() + LIFE,
    });
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("x-zdesk-jwt".to_owned(), signed(&claims)?),
        ],
        body: body.to_string().into_bytes(),
    })
}

fn key() -> Option<RsaKeyPair> {
    RsaKeyPair::from_pkcs8(KEY).ok()
}

/// The token (RFC 7519) of these claims.
fn signed(claims: &Value) -> Option<String> {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let text = format!("{}.{}", encode(&header), encode(claims));
    let key = key()?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .ok()?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// `GET /.well-known/jwks.json` (RFC 7517).
pub(super) fn keys() -> Answer {
    let Some(key) = key() else {
        return ApiError::not_found().answer();
    };
    let public: PublicKeyComponents<Vec<u8>> = key.public().into();
    let body = json!({ "keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
        "n": URL_SAFE_NO_PAD.encode(&public.n),
        "e": URL_SAFE_NO_PAD.encode(&public.e),
    }] });
    Answer::json(StatusCode::OK, &body)
}
