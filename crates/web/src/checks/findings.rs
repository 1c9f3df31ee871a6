//! Findings as pages show them.

use counterpart_model::SystemCheck;
use counterpart_model::check::{Check, CheckResult, FixPlace};

use crate::session::Portal;
use crate::words::{Tone, sentence};

/// One thing that was looked at.
pub(super) struct FindingView {
    pub(super) title: String,
    pub(super) evidence: String,
    pub(super) why: String,
    pub(super) remedy: String,
    pub(super) code: String,
    pub(super) fix: Option<FixView>,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    /// Whether there is something to do.
    pub(super) open: bool,
}

/// Where it can be put right.
pub(super) struct FixView {
    pub(super) title: String,
    pub(super) address: String,
    /// Whether it leads out of the portal.
    pub(super) outside: bool,
}

impl FindingView {
    pub(super) fn new(portal: &Portal, check: Check) -> Self {
        let open = check.result != CheckResult::Pass;
        Self {
            title: check.title,
            evidence: sentence(&check.evidence),
            why: check.why.unwrap_or_default(),
            remedy: check.remedy.filter(|_| open).unwrap_or_default(),
            code: check.code.map(|code| code.to_string()).unwrap_or_default(),
            fix: check.fix.filter(|_| open).map(|fix| FixView {
                title: sentence(&fix.title),
                outside: matches!(fix.place, FixPlace::Vendor(_)),
                address: match fix.place {
                    FixPlace::Vendor(url) => url,
                    FixPlace::Portal(path) => portal.path(&path),
                },
            }),
            word: word(check.result),
            tone: tone(check.result),
            open,
        }
    }
}

/// The findings of a list.
pub(super) fn views(portal: &Portal, checks: Vec<Check>) -> Vec<FindingView> {
    let views = checks.into_iter();
    views.map(|check| FindingView::new(portal, check)).collect()
}

/// The word of a result.
pub(super) const fn word(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Pass => "pass",
        CheckResult::Skipped => "not tried",
        CheckResult::Warn => "warn",
        CheckResult::Fail => "fail",
    }
}

/// The tone of a result.
pub(super) const fn tone(result: CheckResult) -> Tone {
    match result {
        CheckResult::Pass => "done",
        CheckResult::Skipped => "calm",
        CheckResult::Warn => "look",
        CheckResult::Fail => "broken",
    }
}

/// What a check comes to, in one sentence.
pub(super) fn summary(check: &SystemCheck) -> String {
    told(
        check.count(CheckResult::Fail),
        check.count(CheckResult::Warn),
        check.count(CheckResult::Skipped),
    )
}

/// What some findings come to, in one sentence.
pub(super) fn summary_of(checks: &[Check]) -> String {
    let count = |result| checks.iter().filter(|it| it.result == result).count();
    told(
        count(CheckResult::Fail),
        count(CheckResult::Warn),
        count(CheckResult::Skipped),
    )
}

fn told(fails: usize, warns: usize, skipped: usize) -> String {
    let skipped = match skipped {
        0 => String::new(),
        1 => " One thing was not tried.".to_owned(),
        many => format!(" {many} things were not tried."),
    };
    let said = match (fails, warns) {
        (0, 0) => "Everything that was looked at works.".to_owned(),
        (0, 1) => "It works; one thing should be looked at.".to_owned(),
        (0, many) => format!("It works; {many} things should be looked at."),
        (1, 0) => "One thing does not work.".to_owned(),
        (many, 0) => format!("{many} things do not work."),
        (1, warns) => format!("One thing does not work; {warns} more should be looked at."),
        (many, warns) => format!("{many} things do not work; {warns} more should be looked at."),
    };
    format!("{said}{skipped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_what_matters() {
        assert_eq!(told(0, 0, 0), "Everything that was looked at works.");
        assert_eq!(
            told(1, 2, 3),
            "One thing does not work; 2 more should be looked at. 3 things were not tried."
        );
    }
}
