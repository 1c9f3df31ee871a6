//! Webhooks that come in: told from forged ones, and read as hints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_manifest::{Encoding, Hash, Pointer, Signed, Verify, Webhooks};
use counterpart_model::Code;
use ring::{digest, hmac};
use serde_json::Value;

use super::ManifestConnector;
use super::records::{each, instant};
use crate::{ConnectorError, ErrorClass, IncomingWebhook, Notice};

impl ManifestConnector {
    /// What a webhook tells, once it is known to be real.
    pub(super) fn notices(
        &self,
        incoming: &IncomingWebhook<'_>,
    ) -> Result<Vec<Notice>, ConnectorError> {
        let Some(webhooks) = &self.manifest.webhooks else {
            return Err(self.cannot("send webhooks"));
        };
        let genuine = match &webhooks.verify {
            Verify::Hook => self
                .hooks
                .verify_webhook
                .is_some_and(|verify| verify(incoming)),
            verify => is_genuine(verify, incoming),
        };
        if !genuine {
            return Err(ConnectorError::with_code(
                ErrorClass::Auth,
                Code::ConnectionUnauthorized,
                "the webhook is not signed as it should be; check its secret on both sides",
            ));
        }
        if incoming.body.is_empty() {
            return Ok(Vec::new());
        }
        let body: Value = serde_json::from_slice(incoming.body).map_err(|_| {
            ConnectorError::new(ErrorClass::Malformed, "the webhook's body is not JSON")
        })?;
        Ok(read(webhooks, &body))
    }
}

fn read(webhooks: &Webhooks, body: &Value) -> Vec<Notice> {
    let mut notices = Vec::new();
    for event in each(body, &webhooks.events) {
        let rule = webhooks
            .kinds
            .iter()
            .find(|rule| rule.holds(event, |_, _| None));
        let Some(rule) = rule else { continue };
        let event_id = webhooks
            .event_id
            .as_ref()
            .and_then(|pointer| pointer.text(event));
        for id in each(event, &webhooks.id) {
            if let Some(record_id) = Pointer::default().text(id) {
                notices.push(Notice {
                    kind: rule.is,
                    record_id,
                    event_id: event_id.clone(),
                });
            }
        }
    }
    notices
}

fn is_genuine(verify: &Verify, incoming: &IncomingWebhook<'_>) -> bool {
    match verify {
        Verify::Hmac {
            header,
            prefix,
            hash,
            encoding,
            over,
            time_header,
            tolerance_seconds,
        } => {
            let time = time_header
                .as_ref()
                .map(|name| incoming.header(name).unwrap_or_default());
            let in_time = time.is_none_or(|text| {
                instant(text.trim()).is_some_and(|at| {
                    let away = incoming.now.seconds_since(at).unsigned_abs();
                    away <= u64::from(*tolerance_seconds)
                })
            });
            let given = incoming
                .header(header)
                .and_then(|value| value.trim().strip_prefix(prefix.as_str()))
                .and_then(|text| decoded(*encoding, text));
            let message = message(over, time.unwrap_or_default(), incoming);
            let key = incoming.secret_bytes();
            in_time && given.is_some_and(|given| fits(*hash, key, &message, &given))
        }
        Verify::Header { header } => incoming
            .header(header)
            .is_some_and(|given| is_secret(incoming, given)),
        Verify::Body { pointer } => serde_json::from_slice::<Value>(incoming.body)
            .ok()
            .and_then(|body| {
                let body = match &body {
                    Value::Array(events) => events.first()?,
                    body => body,
                };
                pointer.text(body)
            })
            .is_some_and(|given| is_secret(incoming, &given)),
        Verify::Basic => incoming
            .header("authorization")
            .and_then(|value| value.split_once(' '))
            .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
            .and_then(|pair| String::from_utf8(pair).ok())
            .and_then(|pair| Some(pair.split_once(':')?.1.to_owned()))
            .is_some_and(|given| is_secret(incoming, &given)),
        Verify::Address => true,
        Verify::Hook => false,
    }
}

fn message(over: &[Signed], time: &str, incoming: &IncomingWebhook<'_>) -> Vec<u8> {
    let mut message = Vec::new();
    for part in over {
        message.extend_from_slice(match part {
            Signed::Method => incoming.method.as_bytes(),
            Signed::Url => incoming.url.as_bytes(),
            Signed::Time => time.as_bytes(),
            Signed::Body => incoming.body,
        });
    }
    message
}

/// Whether `tag` is the keyed hash (RFC 2104) of a message under a key, compared in constant
/// time: for hooks whose vendor signs in a way of its own.
pub fn is_signed(hash: Hash, key: &[u8], message: &[u8], encoding: Encoding, tag: &str) -> bool {
    decoded(encoding, tag.trim()).is_some_and(|tag| fits(hash, key, message, &tag))
}

/// The SHA-256 of some bytes, for hooks whose vendor makes a key of the secret by it.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

fn fits(hash: Hash, key: &[u8], message: &[u8], given: &[u8]) -> bool {
    let algorithm = match hash {
        Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => hmac::HMAC_SHA256,
    };
    let key = hmac::Key::new(algorithm, key);
    // Compares in constant time.
    hmac::verify(&key, message, given).is_ok()
}

/// Whether a text is the secret, compared in constant time: by keyed hashes of both.
fn is_secret(incoming: &IncomingWebhook<'_>, given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"compare");
    let tag = hmac::sign(&key, incoming.secret_bytes());
    hmac::verify(&key, given.as_bytes(), tag.as_ref()).is_ok()
}

fn decoded(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Hex => (text.len().is_multiple_of(2) && text.is_ascii())
            .then(|| {
                let pairs = (0..text.len()).step_by(2);
                pairs
                    .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
                    .collect()
            })
            .flatten(),
    }
}
