//! What sharing a value is worth, by how many have it.

/// How many further humans are expected behind a value that looks unique. Addresses and ids are
/// handed on when somebody leaves; phones are shared by a desk or a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reuse {
    /// E-mail addresses, employee numbers.
    Identifier,
    Username,
    Phone,
    Local,
    /// Values that many have anyway: names, dates, departments.
    Common,
}

impl Reuse {
    const ALL: [Self; 5] = [
        Self::Identifier,
        Self::Username,
        Self::Phone,
        Self::Local,
        Self::Common,
    ];

    fn expected_humans(self) -> f64 {
        match self {
            Self::Identifier => 0.06,
            Self::Username => 0.15,
            Self::Phone => 0.4,
            Self::Local => 0.5,
            Self::Common => 0.7,
        }
    }
}

/// Counts whose rarity is computed one by one.
const COUNTS: u32 = 1024;

/// Greater counts are told apart by their first eight binary digits, which is a hundredth of a
/// bit.
const STEPS: u32 = 128;

/// Bits for each kind of value.
type Bits = [f32; Reuse::ALL.len()];

/// Bits by count of other records that have the same value.
#[derive(Debug)]
pub(super) struct Rarity {
    /// Of small counts.
    small: Vec<Bits>,
    /// Of great counts, by their doublings and then by their first digits.
    great: Vec<Bits>,
}

impl Rarity {
    /// For so many records on both sides together.
    pub(super) fn among(records: usize) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let total = records as f64;
        let all = |others: f64| Reuse::ALL.map(|reuse| computed(total, others, reuse));
        let great = (COUNTS.ilog2()..u32::BITS).flat_map(|doublings| {
            (0..STEPS).map(move |step| {
                let digits = f64::from(STEPS + step) + 0.5;
                digits * f64::from(doublings - STEPS.ilog2()).exp2()
            })
        });
        Self {
            small: (0..COUNTS).map(|others| all(f64::from(others))).collect(),
            great: great.map(all).collect(),
        }
    }

    /// Bits that sharing a value is worth, from how many records of each side have it; the two
    /// records at hand are taken out of the count.
    pub(super) fn bits(&self, [left, right]: [u32; 2], reuse: Reuse) -> f32 {
        let others = left.saturating_sub(1) + right.saturating_sub(1);
        let known = if others < COUNTS {
            &self.small[others as usize]
        } else {
            let doublings = others.ilog2();
            let digits = others >> (doublings - STEPS.ilog2());
            let place = (doublings - COUNTS.ilog2()) * STEPS + (digits - STEPS);
            &self.great[place as usize]
        };
        known[reuse as usize]
    }
}

fn computed(total: f64, others: f64, reuse: Reuse) -> f32 {
    // In a small directory a value that occurs once is not as rare as its share suggests, nor as
    // frequent: the general population lends some records, among which it is rare.
    let (loan, share_in_loan) = (60.0, 1.0 / 2_000.0);
    let seen = others + reuse.expected_humans();
    let share = (seen + loan * share_in_loan) / (total + loan);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few dozen bits, to a hundredth"
    )]
    let bits = -share.min(1.0).log2() as f32;
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_few_have_is_worth_more() {
        let rarity = Rarity::among(10_000);
        let bits = |others: u32| rarity.bits([others + 1, 1], Reuse::Common);
        assert!(bits(0) > bits(1) && bits(1) > bits(900) && bits(900) > bits(5_000));
        for others in [1_023, 1_024, 4_000, 9_999] {
            let exact = computed(10_000.0, f64::from(others), Reuse::Common);
            assert!((bits(others) - exact).abs() < 0.01, "{others}");
        }
    }
}
