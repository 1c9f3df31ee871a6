//! What `ConnectWise` PSA needs beyond its manifest: in the cloud the API has an address of its own
//! beside the one people use, and callbacks are signed with a key's hash.

use std::collections::BTreeMap;

use counterpart_connector::{
    Encoding, FieldProblem, Hash, Hooks, IncomingWebhook, is_signed, sha256,
};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_settings: Some(normalise_settings),
        verify_webhook: Some(verify_webhook),
        ..Hooks::default()
    }
}

/// Takes either address of a cloud site for both: pages are at `na.`, the API is at `api-na.`
fn normalise_settings(settings: &mut BTreeMap<String, String>) -> Vec<FieldProblem> {
    let typed = settings.get("address").cloned().unwrap_or_default();
    let (scheme, rest) = typed
        .trim()
        .split_once("://")
        .unwrap_or(("https", typed.trim()));
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return Vec::new();
    }
    let host = host.to_ascii_lowercase();
    let bare = host.strip_prefix("api-").unwrap_or(&host);
    let in_cloud = bare.ends_with(".myconnectwise.net") || bare.ends_with(".connectwisedev.com");
    let (api, pages) = if in_cloud {
        (format!("api-{bare}"), bare)
    } else {
        (host.clone(), host.as_str())
    };
    settings.insert("portal".to_owned(), format!("{scheme}://{pages}"));
    settings.insert("address".to_owned(), format!("{scheme}://{api}"));
    Vec::new()
}

/// Whether the body is signed: HMAC-SHA256 under the SHA-256 of the signing key.
fn verify_webhook(incoming: &IncomingWebhook<'_>) -> bool {
    let key = sha256(incoming.secret_bytes());
    incoming
        .header("x-content-signature")
        .is_some_and(|tag| is_signed(Hash::Sha256, &key, incoming.body, Encoding::Base64, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_address_of_a_site_leads_to_both() {
        for (typed, api, pages) in [
            (
                "na.myconnectwise.net",
                "https://api-na.myconnectwise.net",
                "https://na.myconnectwise.net",
            ),
            (
                "https://API-eu.myconnectwise.net/v4_6_release/apis/3.0",
                "https://api-eu.myconnectwise.net",
                "https://eu.myconnectwise.net",
            ),
            (
                "https://psa.msp.example/v4_6_release",
                "https://psa.msp.example",
                "https://psa.msp.example",
            ),
            (
                "http://127.0.0.1:8080",
                "http://127.0.0.1:8080",
                "http://127.0.0.1:8080",
            ),
        ] {
            let mut settings = BTreeMap::from([("address".to_owned(), typed.to_owned())]);
            assert!(normalise_settings(&mut settings).is_empty());
            assert_eq!(
                (settings["address"].as_str(), settings["portal"].as_str()),
                (api, pages)
            );
        }
    }
}
