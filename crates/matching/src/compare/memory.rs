//! How names and domains compare, remembered: a few hundred frequent ones make most of all
//! comparisons.

use rustc_hash::FxHasher;
use std::hash::Hasher;

use crate::corpus::strings::TextId;

/// Pairs that are remembered, a power of two. A new one takes the place of an older one.
const PLACES: usize = 1 << 14;

/// What is remembered. Belongs to one thread.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(super) names: Pairs,
    pub(super) domains: Pairs,
}

impl Memory {
    /// Remembers nothing: for a single comparison.
    pub(crate) fn none() -> Self {
        Self {
            names: Pairs { places: Vec::new() },
            domains: Pairs { places: Vec::new() },
        }
    }

    /// Remembers many.
    pub(crate) fn new() -> Self {
        Self {
            names: Pairs::new(),
            domains: Pairs::new(),
        }
    }
}

/// A level for each of some pairs of values.
#[derive(Debug)]
pub(super) struct Pairs {
    places: Vec<(TextId, TextId, u8)>,
}

impl Pairs {
    fn new() -> Self {
        Self {
            places: vec![(TextId::MAX, TextId::MAX, 0); PLACES],
        }
    }

    /// The level of a pair, computed unless it is remembered.
    pub(super) fn get_or_compute(
        &mut self,
        one: TextId,
        other: TextId,
        compute: impl FnOnce() -> u8,
    ) -> u8 {
        if self.places.is_empty() {
            return compute();
        }
        let mut hasher = FxHasher::default();
        hasher.write_u32(one);
        hasher.write_u32(other);
        let hash = usize::try_from(hasher.finish() & 0xFFFF_FFFF).unwrap_or(0);
        let place = &mut self.places[hash & (PLACES - 1)];
        if (place.0, place.1) != (one, other) {
            *place = (one, other, compute());
        }
        place.2
    }
}
