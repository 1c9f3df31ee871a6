//! What Salesforce needs beyond its manifest: two forms of one id, several addresses of one
//! organization, and leads in the place of contacts.

use std::collections::BTreeMap;

use counterpart_connector::{FieldProblem, Hooks};
use counterpart_model::activity::Activity;
use serde_json::{Value, json};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_settings: Some(normalise_settings),
        normalise_id: Some(normalise_id),
        build_activity: Some(build_activity),
        ..Hooks::default()
    }
}

/// The addresses of one organization in the browser, each of which people paste for its domain.
const OTHER_ADDRESSES: [&str; 3] = [
    ".lightning.force.com",
    ".my.salesforce-setup.com",
    ".file.force.com",
];

/// The addresses that belong to every organization, and so to none.
const SHARED_ADDRESSES: [&str; 2] = ["login.salesforce.com", "test.salesforce.com"];

/// Takes the address of Lightning or of Setup for the domain behind it, and refuses the shared
/// log-in pages, where client credentials do not work.
fn normalise_settings(settings: &mut BTreeMap<String, String>) -> Vec<FieldProblem> {
    let Some(domain) = settings.get_mut("domain") else {
        return Vec::new();
    };
    let typed = domain.to_ascii_lowercase();
    let host = typed
        .split_once("://")
        .map_or(typed.as_str(), |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    if SHARED_ADDRESSES.contains(&host) {
        return vec![FieldProblem {
            field: "domain".to_owned(),
            problem: format!(
                "{host} is the log-in page of all organizations; enter your own domain, which Setup › My Domain shows"
            ),
        }];
    }
    for suffix in OTHER_ADDRESSES {
        if let Some(name) = host.strip_suffix(suffix) {
            *domain = format!("https://{name}.my.salesforce.com");
            break;
        }
    }
    // Sandboxes sign in elsewhere, and an assertion says where.
    let is_sandbox = domain.contains(".sandbox.");
    let audience = settings.entry("audience".to_owned()).or_default();
    if is_sandbox && audience.is_empty() {
        "https://test.salesforce.com".clone_into(audience);
    }
    Vec::new()
}

/// A task is about a contact or a lead, which share a field. Beside a lead nothing else may be
/// named.
#[expect(
    clippy::unnecessary_wraps,
    reason = "hooks of this kind may refuse a record"
)]
fn build_activity(mut body: Value, activity: &Activity) -> Result<Value, String> {
    let about = &activity.about;
    if let (None, Some(lead), Some(fields)) =
        (&about.contact_id, &about.lead_id, body.as_object_mut())
    {
        fields.insert("WhoId".to_owned(), json!(lead));
        fields.remove("WhatId");
    }
    Ok(body)
}

/// Which capital letters a block of five has, as Salesforce writes it.
const CHECK_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character form of an id of 15 or 18 characters. The last three say which of the first
/// fifteen are capitals, so that a long id survives a system that mixes them up.
fn normalise_id(typed: &str) -> Option<String> {
    let is_plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_plain {
        return None;
    }
    match typed.len() {
        15 => Some(format!("{typed}{}", checksum(typed))),
        18 => {
            let short = repaired(&typed[..15], &typed[15..])?;
            Some(format!("{short}{}", checksum(&short)))
        }
        _ => None,
    }
}

/// The three characters behind the fifteen of `short`.
fn checksum(short: &str) -> String {
    short
        .as_bytes()
        .chunks(5)
        .map(|block| {
            let capitals = block
                .iter()
                .enumerate()
                .filter(|(_, byte)| byte.is_ascii_uppercase())
                .fold(0_usize, |bits, (index, _)| bits | 1 << index);
            char::from(CHECK_LETTERS[capitals])
        })
        .collect()
}

/// `short` with its letters as large or small as `check` says; `None` if it cannot say so, since
/// then a character is wrong.
fn repaired(short: &str, check: &str) -> Option<String> {
    let mut repaired = String::with_capacity(15);
    for (block, letter) in short.as_bytes().chunks(5).zip(check.bytes()) {
        let letter = letter.to_ascii_uppercase();
        let capitals = CHECK_LETTERS.iter().position(|known| *known == letter)?;
        for (index, byte) in block.iter().enumerate() {
            let is_capital = capitals & (1 << index) != 0;
            if is_capital && !byte.is_ascii_alphabetic() {
                return None;
            }
            let byte = if is_capital {
                byte.to_ascii_uppercase()
            } else {
                byte.to_ascii_lowercase()
            };
            repaired.push(char::from(byte));
        }
    }
    Some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_become_long_ones_with_the_vendors_checksum() {
        for (short, check) in [
            ("001D000000IqhSL", "IAZ"),
            ("001D000000Iomaz", "IAB"),
            ("0018a00001rBqb8", "AAC"),
            ("00190000001pPvH", "AAU"),
            ("0D5D0000000XZoH", "KAW"),
            ("04l0800002nrC5B", "AAU"),
            ("005000000000001", "AAA"),
        ] {
            let long = format!("{short}{check}");
            assert_eq!(normalise_id(short).as_ref(), Some(&long));
            assert_eq!(normalise_id(&long).as_ref(), Some(&long));
        }
    }

    #[test]
    fn a_long_id_whose_letters_were_all_made_small_is_repaired() {
        assert_eq!(
            normalise_id("001d000000iqhsliaz").as_deref(),
            Some("001D000000IqhSLIAZ")
        );
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "005",
            "00500000000000",
            "005000000000001AAB",
            "005-00000000001",
            "00500000000000ü",
        ] {
            assert_eq!(normalise_id(text), None, "{text}");
        }
    }

    #[test]
    fn the_address_in_the_browser_is_taken_for_the_domain() {
        for (typed, domain) in [
            (
                "https://acme.lightning.force.com/lightning/page/home",
                "https://acme.my.salesforce.com",
            ),
            (
                "acme--uat.sandbox.lightning.force.com",
                "https://acme--uat.sandbox.my.salesforce.com",
            ),
            (
                "https://acme.my.salesforce-setup.com/x",
                "https://acme.my.salesforce.com",
            ),
            ("acme.my.salesforce.com", "acme.my.salesforce.com"),
        ] {
            let mut settings = BTreeMap::from([("domain".to_owned(), typed.to_owned())]);
            assert!(normalise_settings(&mut settings).is_empty());
            assert_eq!(settings["domain"], domain);
        }
    }

    #[test]
    fn the_shared_log_in_page_is_refused_with_a_remedy() {
        let typed = "https://login.salesforce.com/".to_owned();
        let problems = normalise_settings(&mut BTreeMap::from([("domain".to_owned(), typed)]));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].problem.contains("My Domain"));
    }
}
