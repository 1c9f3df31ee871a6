//! Webhooks as Autotask sends them: signed over JSON as .NET writes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha1::Sha1;

use super::date_time;
use super::rows::whole;
use super::writes::guid;
use crate::control::{Happening, SentWebhook};
use crate::core::Core;

/// The webhook that tells of a change of a contact. Of resources there is none.
pub(crate) fn webhook(
    core: &Core,
    what: &Happening,
    url: &str,
    secret: &str,
) -> Option<SentWebhook> {
    let Happening::ContactChanged(id) = what else {
        return None;
    };
    let contacts = core.contacts();
    let contact = contacts.find(id)?;
    let body = json!({
        "Action": "Update",
        "Guid": guid(1),
        "EntityType": "Contact",
        "Id": whole(&contact.id),
        "Fields": {
            "First Name": contact.given,
            "Last Name": contact.family,
            "Email Address": contact.email,
            "Phone": contact.phone,
            "Mobile Phone": contact.mobile,
        },
        "EventTime": date_time(core.clock.now()),
        "SequenceNumber": contact.modified.as_second(),
        "PersonID": contact.owner.as_deref().map(whole),
    });
    let body = escaped(&body.to_string()).into_bytes();
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("x-hook-signature".to_owned(), signature(secret, &body)),
        ],
        body,
    })
}

fn signature(secret: &str, body: &[u8]) -> String {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac =
        Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    format!("sha1={}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// JSON with the escapes of .NET's writer: ampersands, angle brackets, quotes of all kinds, plus
/// signs and everything beyond ASCII as `\uXXXX`.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut characters = json.chars();
    let mut inside = false;
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                inside = !inside;
                text.push('"');
            }
            '\\' if inside => match characters.next() {
                Some('"') => text.push_str("\\u0022"),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '&' | '<' | '>' | '\'' | '`' | '+' if inside => unit(&mut text, u32::from(character)),
            character if character.is_ascii() => text.push(character),
            character => {
                let mut units = [0; 2];
                for half in character.encode_utf16(&mut units) {
                    unit(&mut text, u32::from(*half));
                }
            }
        }
    }
    text
}

fn unit(text: &mut String, unit: u32) {
    text.push_str("\\u");
    for place in [12, 8, 4, 0] {
        let digit = char::from_digit(unit >> place & 0xf, 16).unwrap_or('0');
        text.push(digit.to_ascii_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_escaped_as_the_vendors_writer_does() {
        let json = json!({ "a": "O'Neill & \"Ü\" <+1>\n😀" }).to_string();
        let expected =
            r#"{"a":"O\u0027Neill \u0026 \u0022\u00DC\u0022 \u003C\u002B1\u003E\n\uD83D\uDE00"}"#;
        assert_eq!(escaped(&json), expected);
        let back: serde_json::Value = serde_json::from_str(expected).expect("still JSON");
        assert_eq!(back["a"], "O'Neill & \"Ü\" <+1>\n😀");
    }
}
