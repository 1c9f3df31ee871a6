//! Two people side by side: for every field, how far they agree and how rare that agreement is.

mod contacts;
mod memory;
mod names;
mod rarity;
pub(crate) mod rules;
mod texts;

use rustc_hash::FxHashSet;

pub(crate) use self::memory::Memory;
use self::rarity::{Rarity, Reuse};
use self::rules::Rules;
use self::texts::Closeness;
use crate::corpus::Corpus;
use crate::corpus::people::Person;
use crate::corpus::strings::{Strings, TextId};
use crate::weigh::fields::{FIELDS, STATUS, TEXT, status_level};

/// The outcome, one entry per field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Comparison {
    /// The level of agreement.
    pub(crate) levels: [u8; FIELDS],
    /// What the frequency of the agreeing value adds, in bits.
    pub(crate) rarity: [f32; FIELDS],
    /// Of the addresses that were compared one had a sandbox's decoration, which was taken off.
    pub(crate) undecorated: bool,
    /// The addresses are equal because their domains count as one.
    pub(crate) by_equivalence: bool,
}

/// Bits of rarity that outweigh what a frequent agreement may be worth less.
const RARE: f32 = 4.0;

impl Comparison {
    const UNKNOWN: Self = Self {
        levels: [0; FIELDS],
        rarity: [0.0; FIELDS],
        undecorated: false,
        by_equivalence: false,
    };

    fn set(&mut self, field: usize, (level, rarity): (u8, f32)) {
        self.levels[field] = level;
        self.rarity[field] = rarity;
    }

    /// The fields whose agreement is rare enough to speak for itself, whatever was learned about
    /// it, as a set of bits.
    pub(crate) fn rare_fields(&self) -> u32 {
        self.rarity
            .iter()
            .enumerate()
            .filter(|(_, rarity)| **rarity >= RARE)
            .fold(0, |set, (field, _)| set | 1 << field)
    }

    /// All that rarity adds, in bits.
    pub(crate) fn total_rarity(&self) -> f32 {
        self.rarity.iter().sum()
    }
}

/// Domains (left, right) that belong together, as learned from certain ties.
pub(crate) type DomainPairs = FxHashSet<(TextId, TextId)>;

/// Compares people of one corpus, or of one that stands on top of the corpus of the measures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparer<'a> {
    pub(crate) corpus: &'a Corpus<'a>,
    pub(crate) measures: &'a Measures,
    /// Nothing is known of them at first.
    pub(crate) paired_domains: Option<&'a DomainPairs>,
    /// What somebody said about comparing.
    pub(crate) rules: &'a Rules,
}

/// What is computed once for a corpus, so that comparing is quick.
#[derive(Debug)]
pub(crate) struct Measures {
    /// Bits that agreeing in the given, and in the family name is usually worth.
    usual_given_bits: f32,
    usual_family_bits: f32,
    rarity: Rarity,
    /// For each text column that is not too long, which of its values are close.
    closeness: Vec<Closeness>,
}

impl Measures {
    pub(crate) fn of(corpus: &Corpus<'_>) -> Self {
        Self {
            usual_given_bits: bits_of_chance(corpus.names.typical_frequency()),
            usual_family_bits: bits_of_chance(corpus.family_typical_frequency()),
            rarity: Rarity::among(corpus.totals.iter().sum()),
            closeness: corpus
                .texts
                .iter()
                .map(|column| Closeness::of(&column.values))
                .collect(),
        }
    }
}

impl Comparer<'_> {
    /// Compares a left with a right person. Exchanging the sides gives the same result, but for
    /// the domains learned to belong together, which have a direction.
    pub(crate) fn compare(&self, left: &Person<'_>, right: &Person<'_>) -> Comparison {
        self.compare_with(&mut Memory::none(), left, right)
    }

    /// The same with the memory of former comparisons.
    pub(crate) fn compare_with(
        &self,
        memory: &mut Memory,
        left: &Person<'_>,
        right: &Person<'_>,
    ) -> Comparison {
        let mut outcome = Comparison::UNKNOWN;
        self.compare_names(memory, left, right, &mut outcome);
        self.compare_mails(memory, left, right, &mut outcome);
        self.compare_keys(left, right, &mut outcome);
        outcome.set(STATUS, liken_accounts(left, right));
        for (place, column) in self.corpus.texts.iter().enumerate() {
            let (one, other) = (left.texts[place], right.texts[place]);
            outcome.set(
                TEXT + place,
                self.compare_text(place, &column.values, one, other),
            );
        }
        self.rules.leave_out(&mut outcome);
        outcome
    }

    fn value_bits(&self, strings: &Strings<'_>, id: TextId, reuse: Reuse) -> f32 {
        self.measures.rarity.bits(strings.counts_of(id), reuse)
    }
}

fn bits_of_chance(chance: f64) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few bits, to a hundredth"
    )]
    let bits = -chance.log2() as f32;
    bits
}

/// Deactivated on one side only, or no human's account.
///
/// The penalties are set, not learned: they rank a deactivated duplicate behind the active record
/// of the same human, and keep machines from humans.
fn liken_accounts(left: &Person<'_>, right: &Person<'_>) -> (u8, f32) {
    let penalty = match (left.machine, right.machine) {
        (false, false) => 0.0,
        (false, true) | (true, false) => -14.0,
        (true, true) => -30.0,
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
    use crate::corpus::join::join;
    use crate::intake::side::Side;
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
            let (corpus, lefts, rights) = join(Side::of(&[one]), Side::of(&[other]));
            let (left, right) = (lefts.get(0), rights.get(0));
            let comparer = Comparer {
                corpus: &corpus,
                measures: &Measures::of(&corpus),
                paired_domains: None,
                rules: &Rules::default(),
            };
            prop_assert_eq!(comparer.compare(&left, &right), comparer.compare(&right, &left));
        }
    }
}
