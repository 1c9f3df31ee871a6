//! What Autotask needs beyond its manifest: the address in the browser is not that of the API, and
//! webhooks are signed over JSON as .NET writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use counterpart_connector::{Encoding, FieldProblem, Hash, Hooks, IncomingWebhook, is_signed};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_settings: Some(normalise_settings),
        verify_webhook: Some(verify_webhook),
        ..Hooks::default()
    }
}

/// Takes the address of the portal (`ww19.autotask.net`) for that of the API beside it.
fn normalise_settings(settings: &mut BTreeMap<String, String>) -> Vec<FieldProblem> {
    let Some(address) = settings.get_mut("address") else {
        return Vec::new();
    };
    let typed = address.to_ascii_lowercase();
    let host = typed
        .split_once("://")
        .map_or(typed.as_str(), |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let Some(name) = host.strip_suffix(".autotask.net") else {
        return Vec::new();
    };
    if let Some(zone) = name.strip_prefix("ww")
        && zone.bytes().all(|byte| byte.is_ascii_digit())
    {
        *address = format!("https://webservices{zone}.autotask.net");
    } else if name == "www" {
        "https://webservices.autotask.net".clone_into(address);
    }
    Vec::new()
}

/// Whether the signature is that of the body, as it came or as .NET would have written it.
fn verify_webhook(incoming: &IncomingWebhook<'_>) -> bool {
    let header = incoming.header("x-hook-signature").unwrap_or_default();
    let Some(tag) = header.trim().strip_prefix("sha1=") else {
        return false;
    };
    let key = incoming.secret_bytes();
    let signs = |body: &[u8]| is_signed(Hash::Sha1, key, body, Encoding::Base64, tag);
    let escaped = || std::str::from_utf8(incoming.body).map(as_dot_net);
    signs(incoming.body) || escaped().is_ok_and(|body| signs(body.as_bytes()))
}

/// JSON in which ampersands, angle brackets, quotes of every kind, plus signs and all that is not
/// ASCII stand as `\uXXXX` inside texts.
fn as_dot_net(json: &str) -> String {
    let (mut text, mut inside, mut escape) = (String::with_capacity(json.len()), false, false);
    for c in json.chars() {
        let quote = c == '"' && !escape;
        if inside && escape && c == '"' {
            // Its backslash stands there already and begins the longer spelling.
            text.push_str("u0022");
        } else if inside && !quote && (!c.is_ascii() || "&<>'`+".contains(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04X}");
            }
        } else {
            text.push(c);
        }
        inside ^= quote;
        escape = c == '\\' && inside && !escape;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_spelled_as_the_signer_spelled_it() {
        let typed = r#"{"a":"O'Neill & \"Ü\" \\ <+1>\n😀","b'":1e+5}"#;
        let signed = r#"{"a":"O\u0027Neill \u0026 \u0022\u00DC\u0022 \\ \u003C\u002B1\u003E\n\uD83D\uDE00","b\u0027":1e+5}"#;
        assert_eq!(as_dot_net(typed), signed);
        assert_eq!(as_dot_net(signed), signed);
    }

    #[test]
    fn the_portals_address_leads_to_the_api_beside_it() {
        for (typed, expected) in [
            (
                "https://ww19.autotask.net/",
                "https://webservices19.autotask.net",
            ),
            (
                "WW3.autotask.net/Mvc/x",
                "https://webservices3.autotask.net",
            ),
            (
                "https://www.autotask.net",
                "https://webservices.autotask.net",
            ),
            (
                "https://webservices4.autotask.net",
                "https://webservices4.autotask.net",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            let mut settings = BTreeMap::from([("address".to_owned(), typed.to_owned())]);
            assert!(normalise_settings(&mut settings).is_empty());
            assert_eq!(settings["address"], expected);
        }
    }
}
