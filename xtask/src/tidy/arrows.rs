//! Dependencies between our crates keep to the table of crates.

use super::{
    Context, Finding, Outcome, count,
    crate_table::{CrateRow, Standing, allows, find_crate},
};
use crate::{
    Error,
    metadata::{Dependency, Package, short_name},
};

const LEVELS: &str =
    "arrows that only point down keep every crate understandable without the ones above it";

#[expect(clippy::unnecessary_wraps, reason = "every rule has this shape")]
pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let ours: Vec<&Package> = context.metadata.ours().collect();
    let mut arrows = 0;
    let mut findings = Vec::new();
    for package in &ours {
        let Some(row) = find_crate(package.short_name()) else {
            findings.push(Finding {
                file: package.manifest(),
                line: None,
                what: format!("the crate {} has no level", package.name),
                reason: LEVELS,
                remedy: "give it a row in xtask/src/tidy/crate_table.rs and in ARCHITECTURE.md"
                    .to_owned(),
            });
            continue;
        };
        for dependency in &package.dependencies {
            if !ours.iter().any(|other| other.name == dependency.name) {
                continue;
            }
            arrows += 1;
            // A target without a row is reported where its own turn comes.
            if let Some(target) = find_crate(short_name(&dependency.name)) {
                findings.extend(check_arrow(package, row, dependency, target));
            }
        }
    }
    Ok(Outcome {
        looked_at: format!(
            "{}, {}",
            count(ours.len(), "crate", "crates"),
            count(arrows, "arrow", "arrows")
        ),
        findings,
    })
}

fn check_arrow(
    package: &Package,
    row: &CrateRow,
    dependency: &Dependency,
    target: &CrateRow,
) -> Option<Finding> {
    let for_tests = dependency.is_for_tests_only();
    let ban = row
        .may_not_use
        .iter()
        .find(|ban| ban.target == target.name && (ban.in_tests || !for_tests));
    let (reason, remedy) = if let Some(ban) = ban {
        (
            ban.reason,
            format!(
                "say what {} needs in a crate below both, or pass it in",
                row.name
            ),
        )
    } else if for_tests || allows(row.standing, target.standing) {
        return None;
    } else if matches!(target.standing, Standing::Emulators | Standing::Meeting) {
        (
            "emulators are for the demo and for tests; a product path must not lean on one",
            "make it a dev-dependency".to_owned(),
        )
    } else if target.standing == Standing::ForTests {
        (
            "what is there for tests must not be shipped",
            "make it a dev-dependency".to_owned(),
        )
    } else {
        (
            LEVELS,
            "move the shared part to a lower crate, or turn the call around with a trait"
                .to_owned(),
        )
    };
    Some(Finding {
        file: package.manifest(),
        line: None,
        what: format!("{} uses {}", row.name, target.name),
        reason,
        remedy,
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    fn findings(packages: &[(&str, &[&str], &[&str])]) -> Vec<String> {
        let fixture = repository_of(&[]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(packages),
        };
        let outcome = check(&context).expect("nothing is read");
        outcome.findings.into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn an_arrow_down_is_fine_and_one_up_or_aside_is_not() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("model", &["counterpart-store"], &[]),
            ("store", &["counterpart-model"], &[]),
            (
                "store-sqlite",
                &["counterpart-store", "counterpart-connector"],
                &[],
            ),
            ("connector", &["counterpart-model"], &[]),
        ];
        assert_eq!(
            findings(packages),
            ["model uses store", "store-sqlite uses connector"]
        );
    }

    #[test]
    fn service_sees_stores_and_connectors_in_tests_only() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("connectors", &[], &[]),
            ("store-sqlite", &[], &[]),
            (
                "service",
                &["counterpart-connectors"],
                &["counterpart-store-sqlite"],
            ),
        ];
        assert_eq!(findings(packages), ["service uses connectors"]);
    }

    #[test]
    fn emulators_are_for_the_binary_and_for_tests() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("emulators", &[], &[]),
            ("connectors", &[], &["counterpart-emulators"]),
            ("service", &["counterpart-emulators"], &[]),
            ("app", &["counterpart-emulators"], &[]),
        ];
        assert_eq!(findings(packages), ["service uses emulators"]);
    }

    #[test]
    fn what_is_there_for_tests_is_not_shipped() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("test-postgres", &[], &[]),
            ("store-postgres", &[], &["counterpart-test-postgres"]),
            ("app", &["counterpart-test-postgres"], &[]),
        ];
        assert_eq!(findings(packages), ["app uses test-postgres"]);
    }

    #[test]
    fn emulators_stay_independent_of_connectors_even_in_their_tests() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("connectors", &[], &[]),
            ("emulators", &[], &["counterpart-connectors"]),
        ];
        assert_eq!(findings(packages), ["emulators uses connectors"]);
    }

    #[test]
    fn a_crate_without_a_level_is_reported() {
        let packages: &[(&str, &[&str], &[&str])] = &[("helpers", &[], &[])];
        assert_eq!(
            findings(packages),
            ["the crate counterpart-helpers has no level"]
        );
    }
}
