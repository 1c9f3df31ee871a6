//! Files that have grown past one sitting. A notice, because where to cut is a judgement.

use super::{Context, Finding, Outcome, count, production::has_extension};
use crate::Error;

const MOST_LINES: usize = 500;

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for file in context.repository.files() {
        if !has_extension(file, "rs") {
            continue;
        }
        looked_at += 1;
        let lines = context.repository.read(file)?.lines().count();
        if lines > MOST_LINES {
            findings.push(Finding {
                file: file.to_owned(),
                line: None,
                what: format!("has {lines} lines"),
                reason: "a file is understood when it can be read in one sitting",
                remedy: "cut it where the nouns change; a module of tests can have its own file"
                    .to_owned(),
            });
        }
    }
    Ok(Outcome {
        looked_at: format!(
            "{} up to {MOST_LINES} lines",
            count(looked_at, "Rust file", "Rust files")
        ),
        findings,
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    #[test]
    fn only_long_rust_files_are_reported() {
        let long = "\n".repeat(501);
        let fixture = repository_of(&[("a.rs", &long), ("b.rs", "\n"), ("c.sql", &long)]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        assert_eq!(outcome.findings.len(), 1);
        assert_eq!(outcome.findings[0].what, "has 501 lines");
    }
}
