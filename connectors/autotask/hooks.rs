//! What Autotask needs beyond its manifest: the address in the browser is not that of the API.

use std::collections::BTreeMap;

use counterpart_connector::{FieldProblem, Hooks};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_settings: Some(normalise_settings),
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

#[cfg(test)]
mod tests {
    use super::*;

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
