//! Callbacks: what `ConnectWise` posts when something changed, and the key it is signed with.

use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::entry::{Entry as _, Member, contact_row, number};
use super::errors::no_path;
use super::{COMPANY_ID, SIGNING_KEY};
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::Core;

/// The keys that were signed with, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<Vec<(String, String)>>);

impl Keys {
    /// Remembers a key and gives its id.
    fn id_of(&self, key: &str) -> String {
        let hash = Sha256::digest(key.as_bytes());
        let part = |from: usize| u64::from_be_bytes(std::array::from_fn(|nth| hash[from + nth]));
        let (high, low) = (part(0), part(8));
        let id = format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff,
        );
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().all(|(known, _)| *known != id) {
            all.push((id.clone(), key.to_owned()));
        }
        id
    }

    /// `GET …/system/callbackkey/index.rails?id=…`, for everybody.
    pub(crate) fn answer(&self, request: &ApiRequest) -> Answer {
        let wanted = request.parameter("id").unwrap_or_default();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.iter().find(|(id, _)| id == wanted) {
            Some((_, key)) => Answer::json(StatusCode::OK, &json!({ "signing_key": key })),
            None => no_path(&request.path),
        }
    }

    /// The callback that tells of a change. The key is the vendor's; a given secret stands for it.
    pub(crate) fn callback(
        &self,
        core: &Core,
        what: &Happening,
        url: &str,
        secret: &str,
    ) -> Option<SentWebhook> {
        let (kind, id, entity) = match what {
            Happening::UserChanged(id) => {
                let directory = core.directory();
                ("member", id, Member(directory.find(id)?).row())
            }
            Happening::ContactChanged(id) => {
                ("contact", id, contact_row(core.contacts().find(id)?))
            }
        };
        let key = if secret.is_empty() {
            SIGNING_KEY
        } else {
            secret
        };
        let key_id = self.id_of(key);
        let body = body(core, kind, number(id), &entity, &key_id);
        let separator = if url.contains('?') { '&' } else { '?' };
        Some(SentWebhook {
            url: format!("{url}{separator}action=updated&id={id}"),
            headers: vec![
                ("content-type".to_owned(), "application/json".to_owned()),
                ("x-content-signature".to_owned(), signature(key, &body)),
            ],
            body,
        })
    }
}

fn body(core: &Core, kind: &str, id: i64, entity: &Value, key_id: &str) -> Vec<u8> {
    let base = &core.base_url;
    let body = json!({
        "MessageId": format!("9f0c6a1e-0000-4000-8000-{id:012x}"),
        "FromUrl": base.split_once("://").map_or("", |(_, host)| host),
        "CompanyId": COMPANY_ID,
        "MemberId": entity["_info"]["updatedBy"],
        "Action": "updated",
        "Type": kind,
        "ID": id,
        "ProductInstanceId": null,
        "PartnerId": null,
        // An object inside a text, as the vendor sends it.
        "Entity": entity.to_string(),
        "Metadata": { "key_url": format!("{base}/v4_6_release/system/callbackkey/index.rails?id={key_id}") },
        "CallbackObjectRecId": 1,
    });
    body.to_string().into_bytes()
}

/// HMAC-SHA256 of the body under the SHA-256 of the key, in base64.
fn signature(key: &str, body: &[u8]) -> String {
    let key = Sha256::digest(key.as_bytes());
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}
