//! What Zoho CRM needs beyond its manifest: a data centre may be given by any address of it.

use std::collections::BTreeMap;

use counterpart_connector::{FieldProblem, Hooks};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_settings: Some(normalise_settings),
        ..Hooks::default()
    }
}

/// The data centres by the endings of their addresses, longer endings first.
const ENDINGS: [(&str, &str); 17] = [
    ("zoho.com.au", "au"),
    ("zohoapis.com.au", "au"),
    ("zoho.com.cn", "cn"),
    ("zohoapis.com.cn", "cn"),
    ("zohocloud.ca", "ca"),
    ("zohoapis.ca", "ca"),
    ("zoho.com", "us"),
    ("zohoapis.com", "us"),
    ("zoho.eu", "eu"),
    ("zohoapis.eu", "eu"),
    ("zoho.in", "in"),
    ("zohoapis.in", "in"),
    ("zoho.jp", "jp"),
    ("zohoapis.jp", "jp"),
    ("zoho.sa", "sa"),
    ("zohoapis.sa", "sa"),
    ("zoho.uk", "uk"),
];

/// Takes an address for the data centre it belongs to; one that belongs to none is taken for the
/// accounts server and the API of another.
fn normalise_settings(settings: &mut BTreeMap<String, String>) -> Vec<FieldProblem> {
    let Some(typed) = settings
        .get("data_centre")
        .filter(|typed| typed.contains('.'))
        .cloned()
    else {
        return Vec::new();
    };
    let lower = typed.to_ascii_lowercase();
    let host = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let known = ENDINGS.iter().find(|(ending, _)| {
        host.strip_suffix(ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    if let Some((_, centre)) = known {
        settings.insert("data_centre".to_owned(), (*centre).to_owned());
        return Vec::new();
    }
    settings.insert("data_centre".to_owned(), "other".to_owned());
    for name in ["accounts_url", "api_url"] {
        let given = settings.entry(name.to_owned()).or_default();
        if given.is_empty() {
            given.clone_from(&typed);
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(typed: &str) -> BTreeMap<String, String> {
        let mut settings = BTreeMap::from([("data_centre".to_owned(), typed.to_owned())]);
        assert!(normalise_settings(&mut settings).is_empty());
        settings
    }

    #[test]
    fn any_address_of_a_data_centre_names_it() {
        for (typed, centre) in [
            ("https://crm.zoho.eu/crm/org1/tab/Home", "eu"),
            ("accounts.zoho.com.au", "au"),
            ("https://www.zohoapis.com", "us"),
            ("zoho.in", "in"),
            ("crm.zohocloud.ca", "ca"),
        ] {
            assert_eq!(normalised(typed)["data_centre"], centre, "{typed}");
        }
        assert_eq!(normalised("eu")["data_centre"], "eu");
    }

    #[test]
    fn an_unknown_address_is_another_data_centre() {
        let settings = normalised("https://crm.notzoho.com");
        assert_eq!(settings["data_centre"], "other");
        assert_eq!(settings["accounts_url"], "https://crm.notzoho.com");
        assert_eq!(settings["api_url"], "https://crm.notzoho.com");
    }
}
