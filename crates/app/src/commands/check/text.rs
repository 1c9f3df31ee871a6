//! Checks on a terminal: aligned, wrapped, and in colour where somebody looks.

use std::io::IsTerminal as _;

use counterpart_model::CheckResult;

use super::shown::{Finding, Fix};
use crate::output::Output;

/// How wide a line is at most, in characters.
const WIDTH: usize = 100;
/// How narrow the column of evidence may be; below it stands under the title.
const NARROWEST: usize = 40;

/// What is written on.
pub(crate) struct Paper {
    colour: bool,
}

impl Paper {
    /// Standard output, in colour when it is a terminal and nobody minds (<https://no-color.org>).
    pub(crate) fn new(output: Output) -> Self {
        let minded = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
        Self {
            colour: !output.is_json() && !minded && std::io::stdout().is_terminal(),
        }
    }

    /// Findings under a heading.
    pub(crate) fn findings(
        &self,
        heading: &str,
        result: CheckResult,
        findings: &[Finding],
    ) -> String {
        let mut lines = vec![format!(
            "{} {heading}{}",
            self.word(result),
            counted(findings)
        )];
        let titles = findings.iter().map(|it| it.title.chars().count());
        let column = titles.max().unwrap_or(0) + 2;
        for finding in findings {
            self.add(finding, column, &mut lines);
        }
        lines.join("\n")
    }

    fn add(&self, finding: &Finding, column: usize, lines: &mut Vec<String>) {
        let word = self.word(finding.result);
        let left = 7 + column;
        let beside = WIDTH.saturating_sub(left);
        if beside >= NARROWEST {
            let mut wrapped = wrap(&finding.evidence, beside).into_iter();
            let first = wrapped.next().unwrap_or_default();
            lines.push(format!("  {word} {:<column$}{first}", finding.title));
            lines.extend(wrapped.map(|line| format!("{:left$}{line}", "")));
        } else {
            lines.push(format!("  {word} {}", finding.title));
            lines.extend(indented(&finding.evidence, "       ", "       "));
        }
        if finding.result == CheckResult::Pass {
            return;
        }
        if let Some(remedy) = &finding.remedy {
            lines.extend(indented(remedy, "       > ", "         "));
        }
        if let Some(place) = finding.fix.as_ref().and_then(place) {
            lines.push(format!("         {place}"));
        }
    }

    /// The word of a result, four letters wide.
    fn word(&self, result: CheckResult) -> String {
        let (word, colour) = match result {
            CheckResult::Pass => ("pass", "32"),
            CheckResult::Skipped => ("skip", "2"),
            CheckResult::Warn => ("warn", "33"),
            CheckResult::Fail => ("FAIL", "1;31"),
        };
        if self.colour {
            format!("\u{1b}[{colour}m{word}\u{1b}[0m")
        } else {
            word.to_owned()
        }
    }
}

/// How many of each result there are, the bad ones first: " (1 fail, 2 warn, 9 pass)".
fn counted(findings: &[Finding]) -> String {
    let counts: Vec<_> = CheckResult::ALL
        .into_iter()
        .rev()
        .map(|result| {
            let so = findings.iter().filter(|it| it.result == result);
            (so.count(), result.as_str())
        })
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() {
        String::new()
    } else {
        format!("  ({})", counts.join(", "))
    }
}

fn place(fix: &Fix) -> Option<String> {
    match (&fix.vendor_url, &fix.portal_path) {
        (Some(url), _) => Some(format!("{}: {url}", fix.title)),
        (None, Some(path)) => Some(format!("{}: {path} in the portal", fix.title)),
        (None, None) => None,
    }
}

fn indented(text: &str, first: &str, rest: &str) -> Vec<String> {
    let wrapped = wrap(text, WIDTH.saturating_sub(rest.len()));
    let lines = wrapped.into_iter().enumerate();
    lines
        .map(|(at, line)| format!("{}{line}", if at == 0 { first } else { rest }))
        .collect()
}

/// Breaks a text into lines of at most `width` characters, at spaces where there are any.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + word_length <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + word_length;
            }
            _ => {
                lines.push(word.to_owned());
                length = word_length;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(result: CheckResult, title: &str, evidence: &str) -> Finding {
        Finding {
            name: "a".to_owned(),
            title: title.to_owned(),
            result,
            evidence: evidence.to_owned(),
            why: None,
            remedy: Some("Do something about it.".to_owned()),
            code: None,
            fix: None,
            took_millis: 0,
        }
    }

    #[test]
    fn lines_are_aligned_and_never_too_long() {
        let paper = Paper { colour: false };
        let long = "word ".repeat(60);
        let findings = [
            finding(CheckResult::Pass, "Short", &long),
            finding(CheckResult::Fail, "A rather longer title", "it does not"),
        ];
        let text = paper.findings("Fabricam", CheckResult::Fail, &findings);
        assert!(
            text.lines().all(|line| line.chars().count() <= WIDTH),
            "{text}"
        );
        let at = |needle: &str| {
            let line = text.lines().find(|line| line.contains(needle));
            line.and_then(|line| line.find(needle))
        };
        assert_eq!(at("word"), at("it does not"), "{text}");
        assert!(
            text.starts_with("FAIL Fabricam  (1 fail, 1 pass)"),
            "{text}"
        );
        assert_eq!(
            text.matches("Do something").count(),
            1,
            "nothing to do about a pass"
        );
    }

    #[test]
    fn colour_is_for_those_who_look() {
        let findings = [finding(CheckResult::Warn, "A", "b")];
        let plain = Paper { colour: false }.findings("F", CheckResult::Warn, &findings);
        let coloured = Paper { colour: true }.findings("F", CheckResult::Warn, &findings);
        assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
    }
}
