//! Reproducible randomness.

/// A pseudo-random sequence that depends on its seed alone.
///
/// It is `SplitMix64` (Steele, Lea and Flood, 2014), written out because a set that is named by its
/// seed must keep its bytes when a dependency is renewed. Only whole numbers are drawn: powers and
/// logarithms of floats differ between machines in their last bit.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: mix(seed) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number from 0 up to `end`, which it does not reach. `end` is at least 1.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The high half of a 128-bit product; its bias is below 2⁻³² for every `end` used here.
        let product = u128::from(self.next()) * u128::from(end);
        u64::try_from(product >> 64).expect("the high half of a 128-bit number has 64 bits")
    }

    /// An index into something that has `length` elements, at least one.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("is below a usize")
    }

    /// True in `permille` of 1000 draws.
    pub(super) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < u64::from(permille)
    }

    /// One of `items`, each as likely as the others. There is at least one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// One of `items` by the weight beside it. The weights add up to at least 1.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(T, u32)]) -> T {
        let total: u64 = items.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for &(item, weight) in items {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        unreachable!("the draw is below the sum of the weights")
    }

    /// `count` digits.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).expect("is below 10")))
            .collect()
    }

    /// Puts `items` into a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}

/// Spreads the bits of a number over all of it. No two numbers give the same.
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Ranks that are drawn as words are used: the n-th half as often as the n/2-th (Zipf, 1935).
#[derive(Debug, Clone)]
pub(super) struct Zipf {
    /// Sum of the weights up to and with each rank.
    sums: Vec<u64>,
}

impl Zipf {
    /// Of `length` ranks, at least one. The head is flattened a little: the first of a hundred
    /// surnames is not twice as frequent as the second.
    pub(super) fn new(length: usize) -> Self {
        let mut sum = 0;
        let sums = (0..length as u64)
            .map(|rank| {
                sum += 1_000_000 / (rank + 5);
                sum
            })
            .collect();
        Self { sums }
    }

    pub(super) fn draw(&self, random: &mut Random) -> usize {
        let total = self.sums.last().copied().unwrap_or(1);
        let drawn = random.below(total);
        self.sums.partition_point(|sum| *sum <= drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Zipf};

    #[test]
    fn a_seed_names_one_sequence() {
        let drawn = |seed| {
            let mut random = Random::new(seed);
            (0..4).map(|_| random.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }

    #[test]
    fn weights_are_kept_and_a_weight_of_nothing_is_never_drawn() {
        let mut random = Random::new(1);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[random.weighted(&[(0, 1), (1, 3), (2, 0)])] += 1;
        }
        assert!((2300..2700).contains(&counts[0]), "{counts:?}");
        assert_eq!(counts[2], 0);
    }

    #[test]
    fn low_ranks_are_frequent_and_the_last_one_occurs() {
        let mut random = Random::new(1);
        let zipf = Zipf::new(50);
        let mut counts = [0; 50];
        for _ in 0..100_000 {
            counts[zipf.draw(&mut random)] += 1;
        }
        assert!(counts[0] > 5 * counts[49] && counts[49] > 0, "{counts:?}");
    }
}
