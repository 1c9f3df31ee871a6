//! Checks as they are printed: in the words of the API, whether they come from it or were made
//! here.

use counterpart_model::check::{Check, CheckResult, FixPlace};
use counterpart_model::{SystemCheck, Timestamp, check};
use serde::{Deserialize, Serialize};

/// One thing that was looked at.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) result: CheckResult,
    pub(crate) evidence: String,
    pub(crate) why: Option<String>,
    pub(crate) remedy: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) fix: Option<Fix>,
    pub(crate) took_millis: u64,
}

/// Where something can be put right.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fix {
    pub(crate) title: String,
    pub(crate) vendor_url: Option<String>,
    pub(crate) portal_path: Option<String>,
}

/// Several things that were looked at, and what they come to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Findings {
    pub(crate) result: CheckResult,
    pub(crate) checks: Vec<Finding>,
}

/// A system check.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShownCheck {
    pub(crate) id: String,
    pub(crate) connection_id: String,
    pub(crate) person_id: Option<String>,
    pub(crate) started_at: Timestamp,
    pub(crate) took_millis: u64,
    pub(crate) result: CheckResult,
    pub(crate) checks: Vec<Finding>,
}

impl From<Check> for Finding {
    fn from(check: Check) -> Self {
        Self {
            name: check.name,
            title: check.title,
            result: check.result,
            evidence: check.evidence,
            why: check.why,
            remedy: check.remedy,
            code: check.code.map(|code| code.to_string()),
            fix: check.fix.map(|fix| {
                let (vendor_url, portal_path) = match fix.place {
                    FixPlace::Vendor(url) => (Some(url), None),
                    FixPlace::Portal(path) => (None, Some(path)),
                };
                Fix {
                    title: fix.title,
                    vendor_url,
                    portal_path,
                }
            }),
            took_millis: check.took_millis,
        }
    }
}

impl From<Vec<Check>> for Findings {
    fn from(checks: Vec<Check>) -> Self {
        Self {
            result: check::worst(&checks),
            checks: checks.into_iter().map(Finding::from).collect(),
        }
    }
}

impl From<SystemCheck> for ShownCheck {
    fn from(check: SystemCheck) -> Self {
        Self {
            id: check.id.to_string(),
            connection_id: check.connection_id.to_string(),
            person_id: check.person_id.map(|id| id.to_string()),
            started_at: check.started_at,
            took_millis: check.took_millis,
            result: check.result,
            checks: check.checks.into_iter().map(Finding::from).collect(),
        }
    }
}
