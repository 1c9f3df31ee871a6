//! Two people side by side: for every field, how far they agree and how rare that agreement is.

mod contacts;
mod names;
mod texts;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use self::texts::Closeness;
use crate::corpus::{Corpus, Person};
use crate::fields::{FIELDS, STATUS, TEXT, status_level};
use crate::strings::{Strings, TextId};

/// The outcome, one entry per field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Comparison {
    /// The level of agreement.
    pub(crate) levels: [u8; FIELDS],
    /// What the frequency of the agreeing value adds, in bits.
    pub(crate) rarity: [f32; FIELDS],
}

impl Comparison {
    const UNKNOWN: Self = Self {
        levels: [0; FIELDS],
        rarity: [0.0; FIELDS],
    };

    fn set(&mut self, field: usize, (level, rarity): (u8, f32)) {
        self.levels[field] = level;
        self.rarity[field] = rarity;
    }

    /// All that rarity adds, in bits.
    pub(crate) fn total_rarity(&self) -> f32 {
        self.rarity.iter().sum()
    }
}

/// Compares people of one corpus.
#[derive(Debug)]
pub(crate) struct Comparer<'a> {
    pub(crate) corpus: &'a Corpus<'a>,
    measures: Arc<Measures>,
    /// Domains (left, right) that belong together, as learned from certain ties.
    pub(crate) paired_domains: FxHashSet<(TextId, TextId)>,
}

/// What is computed once for a corpus, so that comparing is quick.
#[derive(Debug)]
pub(crate) struct Measures {
    /// Chance that two random records agree in their given, and in their family name.
    typical_given: f64,
    typical_family: f64,
    /// For each text column that is not too long, which of its values are close.
    closeness: Vec<Closeness>,
}

impl Measures {
    pub(crate) fn of(corpus: &Corpus<'_>) -> Self {
        Self {
            typical_given: corpus.names.typical_frequency(),
            typical_family: corpus.family_typical_frequency(),
            closeness: corpus
                .texts
                .iter()
                .map(|column| Closeness::of(&column.values))
                .collect(),
        }
    }
}

impl<'a> Comparer<'a> {
    /// A comparer for a corpus, or for one that stands on top of the corpus of the measures.
    pub(crate) fn new(corpus: &'a Corpus<'a>, measures: Arc<Measures>) -> Self {
        Self {
            corpus,
            measures,
            paired_domains: FxHashSet::default(),
        }
    }

    /// Compares a left with a right person. Exchanging the sides gives the same result, but for
    /// the domains learned to belong together, which have a direction.
    pub(crate) fn compare(&self, left: &Person, right: &Person) -> Comparison {
        let mut outcome = Comparison::UNKNOWN;
        self.compare_names(left, right, &mut outcome);
        self.compare_mails(left, right, &mut outcome);
        self.compare_keys(left, right, &mut outcome);
        outcome.set(STATUS, liken_accounts(left, right));
        for (place, column) in self.corpus.texts.iter().enumerate() {
            let (one, other) = (left.texts[place], right.texts[place]);
            outcome.set(
                TEXT + place,
                self.compare_text(place, &column.values, one, other),
            );
        }
        outcome
    }

    /// Bits that sharing a value is worth, from how many records of each side have it.
    ///
    /// The two records at hand are taken out of the count. `chance` stands for what was not
    /// seen: how many further humans are expected to carry a value that looks unique.
    fn bits(&self, [left, right]: [u32; 2], chance: f64) -> f32 {
        let others = f64::from(left.saturating_sub(1)) + f64::from(right.saturating_sub(1));
        // In a small directory a value that occurs once is not as rare as its share suggests, nor
        // as frequent: the general population lends some records, among which it is rare.
        let (loan, share_in_loan) = (60.0, 1.0 / 2_000.0);
        #[expect(
            clippy::cast_precision_loss,
            reason = "record counts stay far below 2^52"
        )]
        let total = self.corpus.totals.iter().sum::<usize>() as f64;
        let share = (others + chance + loan * share_in_loan) / (total + loan);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a few dozen bits, to a hundredth"
        )]
        let bits = -share.min(1.0).log2() as f32;
        bits
    }

    fn value_bits(&self, strings: &Strings<'_>, id: TextId, chance: f64) -> f32 {
        self.bits(strings.counts_of(id), chance)
    }
}

/// Deactivated on one side only, or no human's account.
///
/// The penalties are set, not learned: they rank a deactivated duplicate behind the active record
/// of the same human, and keep machines from humans.
fn liken_accounts(left: &Person, right: &Person) -> (u8, f32) {
    let penalty = match (left.machine, right.machine) {
        (false, false) => 0.0,
        (false, true) | (true, false) => -14.0,
        (true, true) => -12.0,
    };
    let differs = left.inactive != right.inactive;
    let level = if differs {
        status_level::DIFFERENT
    } else {
        status_level::SAME
    };
    (level, if differs { penalty - 2.0 } else { penalty })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Record;

    fn any_record() -> impl Strategy<Value = Record> {
        let word = "(Anna|Ann|Li|Smith|Smyth|Müller|J|Maria|王|Lee|van|Ana-Maria| ){0,3}";
        let mail = "((anna|a.smith|lee2|info|smith)@(a.example|b.example|gmail.com))?";
        let digits = "(\\+44)?(20)?(1234567|1234568)?";
        (
            word,
            word,
            [mail, mail],
            [digits, digits],
            "[ab]{0,2}",
            any::<bool>(),
        )
            .prop_map(|(given, family, mails, phones, text, inactive)| Record {
                given,
                family,
                emails: mails.to_vec(),
                username: text.clone(),
                phones: phones.to_vec(),
                external_ids: vec![text.clone(), format!("{text}00001")],
                title: text.repeat(3),
                birth_date: format!("198{}-01-0{}", text.len(), text.len() + 1),
                postcode: text,
                inactive,
                ..Record::default()
            })
    }

    proptest! {
        #[test]
        fn exchanging_the_sides_changes_no_comparison(one in any_record(), other in any_record()) {
            let mut corpus = Corpus::new(&[], &[]);
            let (left, right) = (corpus.add(&one, 0), corpus.add(&other, 1));
            corpus.totals = [1, 1];
            let comparer = Comparer::new(&corpus, Arc::new(Measures::of(&corpus)));
            prop_assert_eq!(comparer.compare(&left, &right), comparer.compare(&right, &left));
        }
    }
}
