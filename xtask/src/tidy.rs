//! `cargo xtask tidy`: rules that neither the compiler nor clippy can hold.
//!
//! A rule is a function from the repository to what it looked at and what it found. Each finding
//! says where, what, why it matters and what to do instead.

mod arrows;
mod crate_table;
mod dependencies;
mod documents;
mod licences;
mod paging;
mod production;
mod provider_folders;
mod provider_names;
mod purity;
mod size;
mod sql;
mod tables;
mod words;

use std::io::Write;

use crate::{Error, metadata::Metadata, repository::Repository};

/// What rules look at.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) repository: Repository,
    pub(crate) metadata: Metadata,
}

/// One place where a rule is not kept.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    /// Counts from 1; `None` when the whole file is meant.
    line: Option<usize>,
    what: String,
    reason: &'static str,
    remedy: String,
}

/// What a rule looked at, in a few words, and what it found.
#[derive(Debug)]
struct Outcome {
    looked_at: String,
    findings: Vec<Finding>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Severity {
    /// Makes `tidy` fail.
    Error,
    /// Is printed, for a person to judge.
    Notice,
}

struct Rule {
    name: &'static str,
    severity: Severity,
    check: fn(&Context) -> Result<Outcome, Error>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "arrows",
        severity: Severity::Error,
        check: arrows::check,
    },
    Rule {
        name: "dependencies",
        severity: Severity::Error,
        check: dependencies::check,
    },
    Rule {
        name: "purity",
        severity: Severity::Error,
        check: purity::check,
    },
    Rule {
        name: "provider-names",
        severity: Severity::Error,
        check: provider_names::check,
    },
    Rule {
        name: "provider-folders",
        severity: Severity::Error,
        check: provider_folders::check,
    },
    Rule {
        name: "paging",
        severity: Severity::Error,
        check: paging::check,
    },
    Rule {
        name: "tables",
        severity: Severity::Error,
        check: tables::check,
    },
    Rule {
        name: "documents",
        severity: Severity::Error,
        check: documents::check,
    },
    Rule {
        name: "licences",
        severity: Severity::Error,
        check: licences::check,
    },
    Rule {
        name: "words",
        severity: Severity::Error,
        check: words::check,
    },
    Rule {
        name: "size",
        severity: Severity::Notice,
        check: size::check,
    },
];

/// Runs the named rules, or all of them, and prints what they say. True when nothing that must
/// not be was found.
pub(crate) fn run(
    context: &Context,
    names: &[String],
    output: &mut impl Write,
) -> Result<bool, Error> {
    for name in names {
        if !RULES.iter().any(|rule| rule.name == name) {
            let known: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
            return Err(Error::UnknownRule {
                name: name.clone(),
                known: known.join(", "),
            });
        }
    }
    let mut tidy = true;
    for rule in RULES {
        if !names.is_empty() && !names.iter().any(|name| name == rule.name) {
            continue;
        }
        let outcome = (rule.check)(context)?;
        print(rule, &outcome, output)?;
        tidy &= outcome.findings.is_empty() || rule.severity == Severity::Notice;
    }
    Ok(tidy)
}

fn print(rule: &Rule, outcome: &Outcome, output: &mut impl Write) -> Result<(), Error> {
    let mark = match (outcome.findings.is_empty(), rule.severity) {
        (true, _) => "ok  ",
        (false, Severity::Error) => "FAIL",
        (false, Severity::Notice) => "note",
    };
    writeln!(output, "{mark} {:<17} {}", rule.name, outcome.looked_at)?;
    for finding in &outcome.findings {
        match finding.line {
            Some(line) => writeln!(output, "     {}:{line}: {}", finding.file, finding.what)?,
            None => writeln!(output, "     {}: {}", finding.file, finding.what)?,
        }
        writeln!(output, "       why: {}", finding.reason)?;
        writeln!(output, "       do:  {}", finding.remedy)?;
    }
    Ok(())
}

/// "1 file", "2 files".
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{Context, Finding, Outcome, Rule, Severity, print, run};
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of};

    #[test]
    fn a_finding_says_where_what_why_and_what_to_do() {
        let rule = Rule {
            name: "words",
            severity: Severity::Error,
            check: |_| unreachable!("only printed"),
        };
        let outcome = Outcome {
            looked_at: "1 file".to_owned(),
            findings: vec![Finding {
                file: "a.md".to_owned(),
                line: Some(3),
                what: "says foo".to_owned(),
                reason: "foo is unkind",
                remedy: "say bar".to_owned(),
            }],
        };
        let mut output = Vec::new();
        print(&rule, &outcome, &mut output).expect("memory takes everything");
        assert_eq!(
            String::from_utf8(output).expect("text"),
            "FAIL words             1 file\n     a.md:3: says foo\n       why: foo is unkind\n       do:  say bar\n"
        );
    }

    #[test]
    fn an_unknown_rule_is_refused_with_the_known_ones() {
        let fixture = repository_of(&[]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let error = run(&context, &["arows".to_owned()], &mut Vec::new())
            .expect_err("there is no such rule");
        assert!(error.to_string().contains("arrows"), "{error}");
    }
}
