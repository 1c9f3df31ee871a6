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

/// Counts whose rarity is computed beforehand: nearly all that occur.
const COUNTS: u32 = 1024;

/// Bits by count of other records that have the same value.
#[derive(Debug)]
pub(super) struct Rarity {
    total: f64,
    known: Vec<[f32; Reuse::ALL.len()]>,
}

impl Rarity {
    /// For so many records on both sides together.
    pub(super) fn among(records: usize) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let total = records as f64;
        Self {
            total,
            known: (0..COUNTS)
                .map(|others| Reuse::ALL.map(|reuse| computed(total, others, reuse)))
                .collect(),
        }
    }

    /// Bits that sharing a value is worth, from how many records of each side have it; the two
    /// records at hand are taken out of the count.
    pub(super) fn bits(&self, [left, right]: [u32; 2], reuse: Reuse) -> f32 {
        let others = left.saturating_sub(1) + right.saturating_sub(1);
        match self.known.get(others as usize) {
            Some(bits) => bits[reuse as usize],
            None => computed(self.total, others, reuse),
        }
    }
}

fn computed(total: f64, others: u32, reuse: Reuse) -> f32 {
    // In a small directory a value that occurs once is not as rare as its share suggests, nor as
    // frequent: the general population lends some records, among which it is rare.
    let (loan, share_in_loan) = (60.0, 1.0 / 2_000.0);
    let seen = f64::from(others) + reuse.expected_humans();
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
        assert!((bits(1_023) - bits(1_024)).abs() < 0.01);
    }
}
