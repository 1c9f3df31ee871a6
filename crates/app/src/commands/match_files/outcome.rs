//! What the matcher found, together with what was decided before.

use counterpart_matching::{Decision, Matches};

/// The ties and those without one.
#[derive(Debug)]
pub(super) struct Outcome {
    matches: Matches,
    /// In the order of A.
    ties: Vec<Tied>,
    /// Rows of A without a tie, in order.
    unmatched: Vec<u32>,
}

/// A tie: a row of the mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tied {
    /// Row of A, from 0.
    pub(super) left: u32,
    /// Row of B, from 0.
    pub(super) right: u32,
    /// Where it comes from.
    pub(super) origin: TieOrigin,
}

/// Where a tie comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TieOrigin {
    /// The matcher's tie at this place.
    Found(u32),
    /// A past decision, which is kept.
    Decided,
}

impl Outcome {
    /// Puts the pairs that were `decided` before, as rows, among what was found of the others.
    pub(super) fn new(matches: Matches, decided: impl Iterator<Item = (u32, u32)>) -> Self {
        let found = (0_u32..).zip(matches.ties()).map(|(place, tie)| Tied {
            left: tie.left,
            right: tie.right,
            origin: TieOrigin::Found(place),
        });
        let mut ties: Vec<Tied> = found.collect();
        let before = ties.len();
        ties.extend(decided.map(|(left, right)| Tied {
            left,
            right,
            origin: TieOrigin::Decided,
        }));
        let mut unmatched = matches.unmatched().to_vec();
        if ties.len() > before {
            ties.sort_by_key(|tie| tie.left);
            unmatched.retain(|left| ties.binary_search_by_key(left, |tie| tie.left).is_err());
        }
        Self {
            matches,
            ties,
            unmatched,
        }
    }

    /// The reasons.
    pub(super) fn matches(&self) -> &Matches {
        &self.matches
    }

    /// The ties, in the order of A, at most one for each of its rows.
    pub(super) fn ties(&self) -> &[Tied] {
        &self.ties
    }

    /// The rows of A without a tie, in order.
    pub(super) fn unmatched(&self) -> &[u32] {
        &self.unmatched
    }

    /// Whether a tie may be applied without a look.
    pub(super) fn decision(&self, tie: &Tied) -> Decision {
        match tie.origin {
            TieOrigin::Found(place) => self.matches.ties()[place as usize].decision,
            TieOrigin::Decided => Decision::Auto,
        }
    }

    /// The tie of a row of A.
    pub(super) fn tie_of(&self, left: u32) -> Option<&Tied> {
        let place = self.ties.binary_search_by_key(&left, |tie| tie.left).ok()?;
        Some(&self.ties[place])
    }

    /// A tie of a row of B. Looks at all ties.
    pub(super) fn tie_to(&self, right: u32) -> Option<&Tied> {
        self.ties.iter().find(|tie| tie.right == right)
    }
}
