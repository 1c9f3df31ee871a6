//! Crates of levels 0 and 1 do not wait: no `async`, no `.await`, no I/O of the standard library.

use super::{
    Context, Finding, Outcome, count,
    crate_table::{CRATES, is_pure},
    production::{has_extension, production_files},
};
use crate::{Error, rust_source::RustSource};

const WAITING: &[&str] = &["async", "await"];
/// Modules of the standard library that reach outside the process.
const REACHING_OUT: &[&str] = &["env", "fs", "net", "process"];
/// What those hold that does not: addresses are values.
const HARMLESS: &[&str] = &[
    "AddrParseError",
    "IpAddr",
    "Ipv4Addr",
    "Ipv6Addr",
    "SocketAddr",
];

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for row in CRATES.iter().filter(|row| is_pure(row)) {
        let folder = format!("crates/{}/src", row.name);
        for file in production_files(&context.repository, &folder)? {
            if !has_extension(&file.path, "rs") {
                continue;
            }
            looked_at += 1;
            for (line, what) in impurities(&file.rust) {
                findings.push(Finding {
                    file: file.path.clone(),
                    line: Some(line),
                    what: format!("the pure crate {} uses {what}", row.name),
                    reason: "levels 0 and 1 do no I/O and never wait, so that they can be tested by tables and used anywhere",
                    remedy: "take the data as an argument and do the I/O in a higher crate"
                        .to_owned(),
                });
            }
        }
    }
    Ok(Outcome {
        looked_at: count(looked_at, "file of pure crates", "files of pure crates"),
        findings,
    })
}

/// Lines and names of what a pure crate may not use, in the order of the lines.
fn impurities(rust: &RustSource) -> Vec<(usize, String)> {
    let waiting = rust
        .identifiers()
        .into_iter()
        .filter(|(name, _)| WAITING.contains(&name.as_str()))
        .map(|(name, line)| (line, format!("`{name}`")));
    let reaching_out = rust
        .std_paths()
        .into_iter()
        .filter(|(parts, _)| REACHING_OUT.contains(&parts[0].as_str()))
        .filter(|(parts, _)| !parts.iter().any(|part| HARMLESS.contains(&part.as_str())))
        .map(|(parts, line)| (line, format!("`std::{}`", parts.join("::"))));
    let mut found: Vec<(usize, String)> = waiting.chain(reaching_out).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    #[test]
    fn waiting_and_files_are_found_and_addresses_and_comments_are_not() {
        let fixture = repository_of(&[
            (
                "crates/model/src/lib.rs",
                "/// Never `async`.\nuse std::net::IpAddr;\nuse std::fs;\nasync fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n",
            ),
            ("crates/store/src/lib.rs", "async fn f() {}"),
        ]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        let found: Vec<(Option<usize>, &str)> = outcome
            .findings
            .iter()
            .map(|finding| (finding.line, finding.what.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (Some(3), "the pure crate model uses `std::fs`"),
                (Some(4), "the pure crate model uses `async`"),
            ]
        );
    }
}
