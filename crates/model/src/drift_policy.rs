//! What an organization wants to happen when a mapping of a connection drifts.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::drift::DriftCause;

/// What happens when a drift is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftPolicy {
    /// It is shown, with its repairs.
    #[default]
    Propose,
    /// Its primary repair is applied where that is not a guess; else it is shown.
    Act,
    /// Nothing.
    Ignore,
}

impl DriftPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Propose, Self::Act, Self::Ignore];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::Act => "act",
            Self::Ignore => "ignore",
        }
    }
}

/// The text names no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a policy for drift; choose propose, act or ignore")]
pub struct ParsePolicyError(pub String);

impl FromStr for DriftPolicy {
    type Err = ParsePolicyError;

    fn from_str(text: &str) -> Result<Self, ParsePolicyError> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.as_str() == text)
            .ok_or_else(|| ParsePolicyError(text.to_owned()))
    }
}

/// The policies of one connection. Causes that are not named are proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DriftPolicies(BTreeMap<DriftCause, DriftPolicy>);

impl DriftPolicies {
    /// What happens at a drift of this cause.
    pub fn of(&self, cause: DriftCause) -> DriftPolicy {
        self.0.get(&cause).copied().unwrap_or_default()
    }

    /// Says what happens at a drift of this cause.
    pub fn set(&mut self, cause: DriftCause, policy: DriftPolicy) {
        if policy == DriftPolicy::default() {
            self.0.remove(&cause);
        } else {
            self.0.insert(cause, policy);
        }
    }

    /// The causes for which something other than [`DriftPolicy::Propose`] happens.
    pub fn named(&self) -> impl Iterator<Item = (DriftCause, DriftPolicy)> {
        self.0.iter().map(|(cause, policy)| (*cause, *policy))
    }
}

impl FromIterator<(DriftCause, DriftPolicy)> for DriftPolicies {
    fn from_iter<I: IntoIterator<Item = (DriftCause, DriftPolicy)>>(all: I) -> Self {
        let mut policies = Self::default();
        for (cause, policy) in all {
            policies.set(cause, policy);
        }
        policies
    }
}
