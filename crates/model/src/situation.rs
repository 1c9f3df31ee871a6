//! Situations: the one state of a person in a connection.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The one state of a person in a connection. Derived, never chosen, from mappings, decisions
/// and proposals, in the order of precedence given by [`Situation::PRECEDENCE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// A mapping holds now.
    Mapped,
    /// The matcher suggests one CRM user.
    Proposed,
    /// Several CRM users fit about as well.
    Ambiguous,
    /// Nothing is known.
    Unmapped,
    /// Somebody decided that there is no account.
    Ignored,
    /// A mapping holds now but may be true no longer.
    Drifted,
    /// A brake holds back what is known.
    Held,
}

impl Situation {
    /// Every situation, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Mapped,
        Self::Proposed,
        Self::Ambiguous,
        Self::Unmapped,
        Self::Drifted,
        Self::Held,
        Self::Ignored,
    ];

    /// Which situation wins when several would fit: the first that does.
    pub const PRECEDENCE: [Self; 7] = [
        Self::Held,
        Self::Drifted,
        Self::Mapped,
        Self::Ignored,
        Self::Ambiguous,
        Self::Proposed,
        Self::Unmapped,
    ];

    /// Its name in databases, files, URLs and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Proposed => "proposed",
            Self::Ambiguous => "ambiguous",
            Self::Unmapped => "unmapped",
            Self::Ignored => "ignored",
            Self::Drifted => "drifted",
            Self::Held => "held",
        }
    }

    /// Whether somebody should look at it.
    pub const fn needs_somebody(self) -> bool {
        matches!(
            self,
            Self::Proposed | Self::Ambiguous | Self::Drifted | Self::Held
        )
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no situation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a situation; choose mapped, proposed, ambiguous, unmapped, ignored, drifted or held"
)]
pub struct ParseSituationError(pub String);

impl FromStr for Situation {
    type Err = ParseSituationError;

    fn from_str(text: &str) -> Result<Self, ParseSituationError> {
        Self::ALL
            .into_iter()
            .find(|situation| situation.as_str() == text)
            .ok_or_else(|| ParseSituationError(text.to_owned()))
    }
}
