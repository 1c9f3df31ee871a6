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

    /// Its bit in a [`SituationSet`]. Databases keep such sets, so it never changes.
    pub const fn bit(self) -> u8 {
        match self {
            Self::Mapped => 1,
            Self::Proposed => 1 << 1,
            Self::Ambiguous => 1 << 2,
            Self::Unmapped => 1 << 3,
            Self::Drifted => 1 << 4,
            Self::Held => 1 << 5,
            Self::Ignored => 1 << 6,
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

/// Some situations: those of one person in several connections, or those that somebody asks for.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct SituationSet(u8);

impl SituationSet {
    /// How many sets there are; each is a number below it.
    pub const COUNT: u8 = 1 << Situation::ALL.len();

    /// The set of `situations`.
    pub fn of(situations: &[Situation]) -> Self {
        Self(situations.iter().fold(0, |set, one| set | one.bit()))
    }

    /// The set with these bits ([`Situation::bit`]); others are left out.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & (Self::COUNT - 1))
    }

    /// Its bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether something is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Every set that has something in common with this one.
    pub fn all_meeting(self) -> impl Iterator<Item = Self> {
        (0..Self::COUNT)
            .map(Self)
            .filter(move |other| self.meets(*other))
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
