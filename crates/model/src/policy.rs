//! What an organization wants of one connection.

use std::collections::BTreeMap;

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

/// What an organization wants of one connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// What happens at a drift; causes that are not named are proposed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub drift: BTreeMap<DriftCause, DriftPolicy>,
}

impl Policy {
    /// What happens at a drift of this cause.
    pub fn of_drift(&self, cause: DriftCause) -> DriftPolicy {
        self.drift.get(&cause).copied().unwrap_or_default()
    }
}
