//! What a public app is told: changes of contacts, never of owners or users.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::auth::APP_ID;
use super::{HUB_ID, user_number};
use crate::control::{Happening, SentWebhook};
use crate::core::Core;

/// The webhook about a changed contact, signed the third way.
pub(crate) fn sent(core: &Core, what: &Happening, url: &str, secret: &str) -> Option<SentWebhook> {
    let Happening::ContactChanged(id) = what else {
        return None;
    };
    let contact = core.contacts().find(id).cloned()?;
    let now = core.clock.now().as_millisecond();
    let by = core
        .directory()
        .connecting()
        .map(|user| user_number(&user.id));
    let body = json!([{
        "eventId": 3_029_365_631_u64, "subscriptionId": 686_627, "portalId": HUB_ID,
        "appId": APP_ID, "occurredAt": now, "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0, "objectId": contact.id.parse::<u64>().ok(),
        "propertyName": "phone", "propertyValue": contact.phone.unwrap_or_default(),
        "changeSource": "CRM_UI", "sourceId": format!("userId:{}", by.unwrap_or_default()),
    }])
    .to_string();
    let header = |name: &str, value: String| (name.to_owned(), value);
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![
            header("content-type", "application/json".to_owned()),
            header("x-hubspot-signature-v3", signature(secret, url, &body, now)),
            header("x-hubspot-request-timestamp", now.to_string()),
            header("x-hubspot-signature-version", "v3".to_owned()),
        ],
        body: body.into_bytes(),
    })
}

/// Base64 of HMAC-SHA256 over verb, address, body and time.
fn signature(secret: &str, url: &str, body: &str, now: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new(); // HMAC takes keys of every length.
    };
    mac.update(format!("POST{url}{body}{now}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
