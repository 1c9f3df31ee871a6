//! Licences of dependencies, against the list in `deny.toml`.
//!
//! The same list serves `cargo deny`, which looks at advisories and sources as well; this rule
//! needs nothing but cargo, so it runs everywhere.

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::{Context, Finding, Outcome, count};
use crate::{Error, metadata::Package};

const CONFIGURATION: &str = "deny.toml";

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<LicenceException>,
}

#[derive(Deserialize)]
struct LicenceException {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let deny: Deny = toml::from_str(&context.repository.read(CONFIGURATION)?).map_err(|error| {
        Error::Malformed {
            path: CONFIGURATION.to_owned(),
            message: error.to_string(),
        }
    })?;
    let mut findings = Vec::new();
    for package in context.metadata.theirs() {
        if deny.bans.deny.iter().any(|ban| ban.name == package.name) {
            findings.push(finding(
                package,
                "is banned",
                "the ban in deny.toml says why",
                "find what asks for it with `cargo tree --invert` and turn its feature off",
            ));
        }
        findings.extend(check_licence(package, &deny.licenses));
    }
    Ok(Outcome {
        looked_at: format!(
            "{}, {} allowed",
            count(
                context.metadata.theirs().count(),
                "dependency",
                "dependencies"
            ),
            count(deny.licenses.allow.len(), "licence", "licences")
        ),
        findings,
    })
}

fn check_licence(package: &Package, licences: &Licences) -> Option<Finding> {
    let Some(text) = &package.license else {
        return Some(finding(
            package,
            "states no licence expression",
            "what states no licence gives no right to use it",
            "use another crate, or ask its authors to state one",
        ));
    };
    // Older manifests write `MIT/Apache-2.0`, which the lax mode understands.
    let Ok(expression) = Expression::parse_mode(text, ParseMode::LAX) else {
        return Some(finding(
            package,
            &format!("states the licence `{text}`, which is no SPDX expression"),
            "what cannot be read cannot be checked",
            "use another crate, or ask its authors to write an SPDX expression",
        ));
    };
    let excepted = licences
        .exceptions
        .iter()
        .filter(|exception| exception.name == package.name)
        .flat_map(|exception| &exception.allow);
    let allowed: Vec<&String> = licences.allow.iter().chain(excepted).collect();
    let satisfied = expression
        .evaluate(|requirement| allowed.iter().any(|name| **name == requirement.to_string()));
    (!satisfied).then(|| {
        finding(
            package,
            &format!("is under `{text}`"),
            "users of a permissive product must not meet an obligation they did not expect",
            "use another crate; the allowed licences are in deny.toml",
        )
    })
}

fn finding(package: &Package, what: &str, reason: &'static str, remedy: &str) -> Finding {
    Finding {
        file: "Cargo.lock".to_owned(),
        line: None,
        what: format!("{} {} {what}", package.name, package.version),
        reason,
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{
        metadata::{Metadata, Package},
        repository::fixture::repository_of,
        tidy::Context,
    };

    const DENY: &str = "[licenses]\nallow = [\"MIT\", \"Apache-2.0\"]\nexceptions = [{ crate = \"odd\", allow = [\"NCSA\"] }]\n[bans]\ndeny = [{ crate = \"openssl\", reason = \"x\" }]\n";

    fn findings(name: &str, license: Option<&str>) -> Vec<String> {
        let fixture = repository_of(&[("deny.toml", DENY)]);
        let context = Context {
            repository: fixture.repository,
            metadata: Metadata {
                packages: vec![Package {
                    name: name.to_owned(),
                    version: "1.0.0".to_owned(),
                    license: license.map(str::to_owned),
                    source: Some("registry".to_owned()),
                    manifest_path: "Cargo.toml".into(),
                    dependencies: Vec::new(),
                }],
            },
        };
        let outcome = check(&context).expect("readable");
        outcome.findings.into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn one_allowed_choice_is_enough_and_both_parts_of_an_and_are_needed() {
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "MIT AND Apache-2.0",
        ] {
            assert_eq!(findings("a", Some(fine)), Vec::<String>::new(), "{fine}");
        }
        assert_eq!(
            findings("a", Some("MIT AND GPL-3.0-only")),
            ["a 1.0.0 is under `MIT AND GPL-3.0-only`"]
        );
    }

    #[test]
    fn no_licence_and_nonsense_are_refused() {
        assert_eq!(
            findings("a", None),
            ["a 1.0.0 states no licence expression"]
        );
        assert_eq!(findings("a", Some("as you like")).len(), 1);
    }

    #[test]
    fn an_exception_holds_for_its_crate_only() {
        assert_eq!(findings("odd", Some("NCSA")), Vec::<String>::new());
        assert_eq!(findings("even", Some("NCSA")).len(), 1);
    }

    #[test]
    fn a_banned_crate_is_found() {
        assert_eq!(
            findings("openssl", Some("MIT")),
            ["openssl 1.0.0 is banned"]
        );
    }
}
