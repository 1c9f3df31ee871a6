//! A provider is named in its connector folder, its emulator folder and its documents only.
//!
//! A comment counts as well: one that explains the core by one vendor's habit is about to become
//! a branch on it. What the manifest vocabulary is for can be said without the vendor's name.

use std::collections::BTreeSet;

use super::{
    Context, Finding, Outcome, count,
    crate_table::CRATES,
    production::{has_extension, production_files},
};
use crate::{Error, repository::Repository};

/// Names that are known before they have a folder here, so that they do not slip in first.
const KNOWN: &[&str] = &[
    "3cx",
    "aircall",
    "autotask",
    "bullhorn",
    "connectwise",
    "dialpad",
    "freshsales",
    "hubspot",
    "insightly",
    "kaseya",
    "odoo",
    "pipedrive",
    "ringcentral",
    "salesforce",
    "servicenow",
    "sugarcrm",
    "tryton",
    "zendesk",
    "zoho",
];

/// Providers called by a word that sentences need for other things: their names cannot be looked
/// for on their own.
const ORDINARY_WORDS: &[&str] = &["close", "copper", "dynamics", "front", "monday", "outreach"];

/// Crates that may name providers: the stand-ins, and this tool.
const EXEMPT_CRATES: &[&str] = &["connectors", "emulators", "xtask"];

/// Where the demo picks the systems it shows.
const DEMO: &str = "crates/app/src/commands/demo";

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let repository = &context.repository;
    let names = provider_names(repository);
    let mut looked_at = 0;
    let mut findings = Vec::new();

    let crates = CRATES
        .iter()
        .filter(|row| !EXEMPT_CRATES.contains(&row.name))
        .map(|row| format!("crates/{}", row.name));
    let registry = ["connectors/src".to_owned()];
    for folder in crates.chain(registry) {
        for file in production_files(repository, &folder)? {
            if file.path.starts_with(DEMO) {
                continue;
            }
            looked_at += 1;
            for (line, text) in file.lines() {
                for name in names.iter().filter(|name| is_named_in(text, name)) {
                    findings.push(finding(&file.path, line, name));
                }
            }
        }
    }
    for provider in provider_folders(repository) {
        let own = first_word(provider);
        for file in production_files(repository, &format!("connectors/{provider}"))? {
            if has_extension(&file.path, "md") {
                continue;
            }
            looked_at += 1;
            for (line, text) in file.lines() {
                for name in names.iter().filter(|name| *name != own) {
                    if is_named_in(text, name) {
                        findings.push(finding(&file.path, line, name));
                    }
                }
            }
        }
    }
    Ok(Outcome {
        looked_at: format!(
            "{}, {}",
            count(names.len(), "provider", "providers"),
            count(looked_at, "file", "files")
        ),
        findings,
    })
}

fn finding(file: &str, line: usize, name: &str) -> Finding {
    Finding {
        file: file.to_owned(),
        line: Some(line),
        what: format!("names the provider {name}"),
        reason: "what only one provider needs belongs to its own folder; adding a provider edits nothing central",
        remedy: "describe the behaviour and let the manifest or a hook of the provider ask for it"
            .to_owned(),
    }
}

/// Folders of `connectors/` that are providers.
pub(super) fn provider_folders(repository: &Repository) -> Vec<&str> {
    repository
        .folders_in("connectors")
        .into_iter()
        .filter(|folder| !matches!(*folder, "src" | "tests" | "benches" | "examples"))
        .collect()
}

fn provider_names(repository: &Repository) -> BTreeSet<String> {
    provider_folders(repository)
        .into_iter()
        .map(first_word)
        .chain(KNOWN.iter().copied())
        .filter(|name| !ORDINARY_WORDS.contains(name))
        .map(str::to_owned)
        .collect()
}

/// `zoho-crm` and `zoho_crm` are spelled in many ways, but all begin with `zoho`.
fn first_word(folder: &str) -> &str {
    folder.split(['-', '_']).next().unwrap_or(folder)
}

/// Whether a line names the provider, as a word or as a part of an identifier in any case style.
fn is_named_in(line: &str, name: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.match_indices(name).any(|(start, _)| {
        // Lower-casing ASCII moves no byte, so the place is the same in both.
        let end = start + name.len();
        let before = line[..start].chars().next_back();
        let first = line[start..].chars().next();
        let after = line[end..].chars().next();
        let begins_word = before.is_none_or(|before| !before.is_alphanumeric())
            || first.is_some_and(char::is_uppercase);
        let ends_word = after.is_none_or(|after| !after.is_lowercase());
        begins_word && ends_word
    })
}

#[cfg(test)]
mod tests {
    use super::{check, is_named_in};
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    #[test]
    fn a_name_is_found_in_every_case_style_and_not_within_other_words() {
        for line in [
            "zoho",
            "ZohoCrm::new()",
            "fn parse_zoho_token()",
            "const ZOHO_HOST",
            "isZohoUser",
            "\"zoho-crm\"",
        ] {
            assert!(is_named_in(line, "zoho"), "{line}");
        }
        for line in ["zohos", "mazoho", "zo ho"] {
            assert!(!is_named_in(line, "zoho"), "{line}");
        }
    }

    #[test]
    fn a_provider_is_named_in_its_three_places_in_tests_and_in_the_demo() {
        let fixture = repository_of(&[
            ("connectors/acme-crm/manifest.toml", "name = \"Acme\""),
            ("connectors/zoho-crm/manifest.toml", "# unlike Acme"),
            ("connectors/zoho-crm/README.md", "Unlike Acme"),
            ("connectors/src/lib.rs", "//! none"),
            ("crates/emulators/src/acme.rs", "struct Acme;"),
            ("crates/app/src/commands/demo.rs", "\"acme\""),
            ("crates/app/src/commands/serve.rs", "\"acme\""),
            (
                "crates/service/src/lib.rs",
                "// Acme says so\n#[cfg(test)]\nmod tests { const NAME: &str = \"acme\"; }\n",
            ),
            ("crates/web/templates/page.html", "<p>Salesforce</p>"),
            ("crates/service/tests/it/main.rs", "\"acme\""),
            ("docs/connect/acme.md", "Acme"),
        ]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        let found: Vec<String> = outcome
            .findings
            .iter()
            .map(|it| format!("{} {}", it.file, it.what))
            .collect();
        assert_eq!(
            found,
            [
                "crates/service/src/lib.rs names the provider acme",
                "crates/web/templates/page.html names the provider salesforce",
                "crates/app/src/commands/serve.rs names the provider acme",
                "connectors/zoho-crm/manifest.toml names the provider acme",
            ]
        );
    }
}
