//! System checks: what was looked at in a connection, or for one person there, and what it showed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, ConnectionId, PersonId, SystemCheckId, Timestamp};

/// For how long a system check is kept, in days.
pub const KEPT_DAYS: i64 = 90;

/// How many system checks of one connection, or of one person there, are kept at most.
pub const KEPT_MOST: u32 = 100;

/// How one check ended. The order is from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// It is as it should be.
    Pass,
    /// It could not be looked at, because something before it failed or is switched off.
    Skipped,
    /// It works, and somebody should look.
    Warn,
    /// It does not work.
    Fail,
}

impl CheckResult {
    /// All of them, from good to bad.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Skipped, Self::Warn, Self::Fail];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Skipped => "skipped",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for CheckResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where something can be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixLink {
    /// What is to be found there, for a link's text: "Ann's profile in Fabricam".
    pub title: String,
    /// Where.
    pub place: FixPlace,
}

/// Where something can be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixPlace {
    /// On a page of the vendor's: its address, http or https.
    Vendor(String),
    /// On a page of the portal, below the organization: `/mapping?show=unmapped`.
    Portal(String),
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its stable name: `reachable`, `permission.users`.
    pub name: String,
    /// What is looked at, in a few words.
    pub title: String,
    /// How it ended.
    pub result: CheckResult,
    /// What was seen; of a skipped check, why it was skipped. Never holds a secret.
    pub evidence: String,
    /// Why it matters, where the title does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to do about it; nothing where nothing is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// What is wrong, as a code that can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Where it can be put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixLink>,
    /// How long looking took, in milliseconds. Checks that one call answers share its time: the
    /// first of them has it.
    #[serde(default)]
    pub took_millis: u64,
}

impl Check {
    /// A check that ended so, with what was seen.
    pub fn new(
        name: impl Into<String>,
        title: impl Into<String>,
        result: CheckResult,
        evidence: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            result,
            evidence: evidence.into(),
            why: None,
            remedy: None,
            code: None,
            fix: None,
            took_millis: 0,
        }
    }

    /// The same check with what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same check with why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// The same check with the code of what is wrong, and its remedy where there is none yet.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self.remedy.get_or_insert_with(|| code.remedy().to_owned());
        self
    }

    /// The same check with where it can be put right.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, place: FixPlace) -> Self {
        self.fix = Some(FixLink {
            title: title.into(),
            place,
        });
        self
    }

    /// The same check with how long it took.
    #[must_use]
    pub const fn took(mut self, millis: u64) -> Self {
        self.took_millis = millis;
        self
    }
}

/// The worst of some checks: what they come to together. Skipped ones count for nothing unless
/// there are no others.
pub fn worst<'a>(checks: impl IntoIterator<Item = &'a Check>) -> CheckResult {
    let mut skipped = false;
    let mut worst = None;
    for check in checks {
        if check.result == CheckResult::Skipped {
            skipped = true;
        } else {
            worst = worst.max(Some(check.result));
        }
    }
    let nothing = if skipped {
        CheckResult::Skipped
    } else {
        CheckResult::Pass
    };
    worst.unwrap_or(nothing)
}

/// Who wanted a system check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckTrigger {
    /// Somebody.
    Asked,
    /// The schedule.
    Schedule,
}

impl CheckTrigger {
    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Schedule => "schedule",
        }
    }
}

/// One system check of a connection, or of one person there: all that was looked at, at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemCheck {
    /// Its id.
    pub id: SystemCheckId,
    /// Of which connection.
    pub connection_id: ConnectionId,
    /// Of which person there; `None`: of the connection itself.
    pub person_id: Option<PersonId>,
    /// Who wanted it.
    pub trigger: CheckTrigger,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub took_millis: u64,
    /// What it comes to: the worst of its checks.
    pub result: CheckResult,
    /// What was looked at, in this order.
    pub checks: Vec<Check>,
}

impl SystemCheck {
    /// How many of its checks ended so.
    pub fn count(&self, result: CheckResult) -> usize {
        let so = |check: &&Check| check.result == result;
        self.checks.iter().filter(so).count()
    }

    /// The check of a name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(results: &[CheckResult]) -> CheckResult {
        let checks: Vec<_> = results
            .iter()
            .map(|result| Check::new("a", "A", *result, ""))
            .collect();
        worst(&checks)
    }

    #[test]
    fn the_worst_check_decides_and_what_was_skipped_does_not() {
        use CheckResult::{Fail, Pass, Skipped, Warn};
        assert_eq!(of(&[]), Pass);
        assert_eq!(of(&[Pass, Skipped]), Pass);
        assert_eq!(of(&[Skipped]), Skipped);
        assert_eq!(of(&[Pass, Warn, Skipped]), Warn);
        assert_eq!(of(&[Fail, Warn, Skipped]), Fail);
    }

    #[test]
    fn a_code_brings_its_remedy_unless_there_is_a_better_one() {
        let check = Check::new("a", "A", CheckResult::Fail, "").code(Code::KeyMissing);
        assert_eq!(check.remedy.as_deref(), Some(Code::KeyMissing.remedy()));
        let check = Check::new("a", "A", CheckResult::Fail, "")
            .remedy("Look.")
            .code(Code::KeyMissing);
        assert_eq!(check.remedy.as_deref(), Some("Look."));
    }
}
