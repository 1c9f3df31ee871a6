//! Repeatable randomness: the same seed gives the same directory on every machine and in every
//! release, which a general purpose generator does not promise.

/// `SplitMix64`: small, fast, and fixed for good by its published constants.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// A stream of its own for one purpose, so that drawing more in one place never shifts
    /// what another place draws.
    pub(crate) fn new(seed: u64, stream: &str, index: usize) -> Self {
        // FNV-1a over the stream's name, then the index.
        let mut state = seed ^ 0xcbf2_9ce4_8422_2325;
        for byte in stream.bytes().chain(index.to_le_bytes()) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let mut random = Self(state);
        random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        // The remainder is below a usize, so it converts; 0 is never reached.
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// True in `percent` of 100 draws.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items; `items` is never empty where this is called.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Fisher-Yates.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// `length` characters of the base 62 alphabet, for tokens and keys.
    pub(crate) fn text(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        (0..length)
            .map(|_| char::from(*self.pick(ALPHABET)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_good() {
        let mut random = Random(0);
        // The first outputs published for SplitMix64 with state 0.
        assert_eq!(random.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn streams_do_not_share_numbers() {
        let first = Random::new(1, "people", 0).next();
        assert_ne!(first, Random::new(1, "people", 1).next());
        assert_ne!(first, Random::new(1, "phones", 0).next());
        assert_ne!(first, Random::new(2, "people", 0).next());
    }
}
