//! Randomness for tests.

use std::sync::atomic::{AtomicU8, Ordering};

use counterpart_model::Entropy;

/// Counts up from a start, so that every draw differs and every test repeats.
pub(crate) struct Counting(AtomicU8);

impl Counting {
    pub(crate) const fn from(start: u8) -> Self {
        Self(AtomicU8::new(start))
    }
}

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
    }
}
