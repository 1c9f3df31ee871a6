//! Crates from elsewhere that only some of ours may use. Tests may use any.

use super::{
    Context, Finding, Outcome, count,
    crate_table::{Standing, find_crate, is_pure},
};
use crate::{Error, metadata::Package};

/// Crates of one kind and who may use them.
struct Reserved {
    names: &'static [&'static str],
    users: &'static [&'static str],
    reason: &'static str,
    remedy: &'static str,
}

const RESERVED: &[Reserved] = &[
    Reserved {
        names: &[
            "reqwest",
            "ureq",
            "isahc",
            "attohttpc",
            "curl",
            "hyper",
            "hyper-util",
        ],
        users: &["outbound"],
        reason: "one HTTP client carries the SSRF guard, the caps and the redaction for all",
        remedy: "send the request through counterpart-outbound",
    },
    Reserved {
        names: &["rusqlite", "libsqlite3-sys"],
        users: &["store-sqlite"],
        reason: "SQL lives in one crate per database, so that both can pass one suite",
        remedy: "add a method to a trait of counterpart-store",
    },
    Reserved {
        names: &[
            "tokio-postgres",
            "deadpool-postgres",
            "tokio-postgres-rustls",
        ],
        users: &["store-postgres"],
        reason: "SQL lives in one crate per database, so that both can pass one suite",
        remedy: "add a method to a trait of counterpart-store",
    },
    Reserved {
        names: &["refinery"],
        users: &["store-sqlite", "store-postgres"],
        reason: "migrations belong to the store crates",
        remedy: "call the store's own migrate method",
    },
    Reserved {
        names: &["sqlx", "diesel", "sea-orm"],
        users: &[],
        reason: "two drivers are enough; a third way to write SQL would have its own pool and types",
        remedy: "use the drivers of store-sqlite and store-postgres",
    },
    Reserved {
        names: &[
            "axum",
            "axum-extra",
            "axum-server",
            "actix-web",
            "warp",
            "tower-http",
        ],
        users: &["api", "web", "app", "emulators"],
        reason: "HTTP is an edge; below it nothing knows of requests and status codes",
        remedy: "return a typed error and let the edge render it",
    },
];

/// What brings I/O, threads that wait, or a runtime.
const IMPURE: &[&str] = &[
    "async-std",
    "async-trait",
    "axum",
    "deadpool-postgres",
    "futures",
    "hyper",
    "mio",
    "reqwest",
    "rusqlite",
    "smol",
    "tokio",
    "tokio-postgres",
    "tower",
    "ureq",
];

#[expect(clippy::unnecessary_wraps, reason = "every rule has this shape")]
pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for package in context.metadata.ours() {
        let row = find_crate(package.short_name());
        if row.is_some_and(|row| row.standing == Standing::ForTests) {
            continue;
        }
        let pure = row.is_some_and(is_pure);
        for dependency in &package.dependencies {
            if dependency.is_for_tests_only() {
                continue;
            }
            looked_at += 1;
            let name = dependency.name.as_str();
            if pure && IMPURE.contains(&name) {
                findings.push(Finding {
                    file: package.manifest(),
                    line: None,
                    what: format!("the pure crate {} uses {name}", package.short_name()),
                    reason: "levels 0 and 1 do no I/O and never wait, so that they can be tested by tables and used anywhere",
                    remedy: "take the data as an argument and do the I/O in a higher crate".to_owned(),
                });
            } else {
                findings.extend(check_reserved(package, name));
            }
        }
    }
    Ok(Outcome {
        looked_at: count(looked_at, "dependency", "dependencies"),
        findings,
    })
}

fn check_reserved(package: &Package, name: &str) -> Option<Finding> {
    let reserved = RESERVED.iter().find(|it| it.names.contains(&name))?;
    if reserved.users.contains(&package.short_name()) {
        return None;
    }
    let users = match reserved.users {
        [] => "no crate".to_owned(),
        users => format!("only {}", users.join(", ")),
    };
    Some(Finding {
        file: package.manifest(),
        line: None,
        what: format!("{} uses {name}, which {users} may", package.short_name()),
        reason: reserved.reason,
        remedy: reserved.remedy.to_owned(),
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
    fn the_http_client_is_in_outbound_and_in_tests() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("outbound", &["reqwest"], &[]),
            ("connector", &["reqwest"], &[]),
            ("api", &[], &["reqwest"]),
            ("test-postgres", &["tokio-postgres"], &[]),
        ];
        assert_eq!(
            findings(packages),
            ["connector uses reqwest, which only outbound may"]
        );
    }

    #[test]
    fn each_database_has_one_crate() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("store-sqlite", &["rusqlite"], &[]),
            ("store-postgres", &["tokio-postgres", "rusqlite"], &[]),
        ];
        assert_eq!(
            findings(packages),
            ["store-postgres uses rusqlite, which only store-sqlite may"]
        );
    }

    #[test]
    fn pure_crates_have_no_runtime() {
        let packages: &[(&str, &[&str], &[&str])] = &[
            ("matching", &["tokio", "serde"], &[]),
            ("store", &["tokio"], &[]),
        ];
        assert_eq!(findings(packages), ["the pure crate matching uses tokio"]);
    }
}
