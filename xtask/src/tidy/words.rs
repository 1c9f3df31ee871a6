//! Words that must not be in any file: they would tie the repository to one machine.

use super::{Context, Finding, Outcome, count};
use crate::Error;

/// A word, split so that this file does not contain it, and what is wrong with it.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("/wo", "rk/", "a path of one machine"),
    ("/ro", "ot/", "a path of one machine"),
    ("/ho", "me/", "a path of one machine"),
    ("/Us", "ers/", "a path of one machine"),
    (
        "..",
        "/shared",
        "a folder that is not part of the repository",
    ),
    (
        "/tmp/",
        "brief",
        "a folder that is not part of the repository",
    ),
    ("arti", "factory", "a private package registry"),
];

pub(super) fn check(context: &Context) -> Result<Outcome, Error> {
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for file in context.repository.files() {
        let Some(text) = context.repository.read_text(file)? else {
            continue;
        };
        looked_at += 1;
        for (index, line) in text.lines().enumerate() {
            for (head, tail, meaning) in FORBIDDEN {
                if stands_alone(line, &format!("{head}{tail}")) {
                    findings.push(Finding {
                        file: file.to_owned(),
                        line: Some(index + 1),
                        what: format!("has `{head}{tail}`, {meaning}"),
                        reason: "a clone on another machine must build, test and read the same",
                        remedy: "use a path relative to the repository, or a setting".to_owned(),
                    });
                }
            }
        }
    }
    Ok(Outcome {
        looked_at: count(looked_at, "text file", "text files"),
        findings,
    })
}

/// Whether the word is there other than as a part of an address, as in an API's `/v1/users/…`.
/// Such an address goes on with `{user_id}` or with a capital, which names of accounts do not.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !word.starts_with('/')
            || before.is_none_or(|it| !it.is_alphanumeric() && !"._-/}*~".contains(it))
                && after.is_none_or(|it| !it.is_uppercase() && it != '{')
    })
}

#[cfg(test)]
mod tests {
    use super::{check, stands_alone};
    use crate::{metadata::fixture::workspace, repository::fixture::repository_of, tidy::Context};

    #[test]
    fn a_path_of_a_machine_is_not_a_part_of_another_path() {
        let word = format!("{}{}", "/ho", "me/");
        assert!(stands_alone(&format!("cd {word}me"), &word));
        assert!(stands_alone(&format!("\"{word}me\""), &word));
        assert!(!stands_alone(&format!("GET /v1{word}page"), &word));
        assert!(!stands_alone(&format!("GET {word}{{user_id}}"), &word));
    }

    #[test]
    fn the_line_is_named() {
        let text = format!("fine\nsee {}{}/x.md\n", "..", "/shared");
        let fixture = repository_of(&[("a.md", &text)]);
        let context = Context {
            repository: fixture.repository,
            metadata: workspace(&[]),
        };
        let outcome = check(&context).expect("readable");
        assert_eq!(outcome.findings.len(), 1);
        assert_eq!(outcome.findings[0].line, Some(2));
    }
}
