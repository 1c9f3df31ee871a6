//! Which pairs are worth comparing at all.
//!
//! Every person gets keys: values and combinations that the records of one human tend to share. A
//! pair is a candidate when it shares a key that few records of the right side have; of those,
//! the ones with the rarest keys in common are kept. Both limits are constants, so the number of
//! candidates, and with it the cost, grows linearly with the number of records. A key that too
//! many share (`maria garcia`) is split by what else is known (her domain, department, town).

mod keys;
mod postings;

use self::postings::{Found, MOST, Postings, Records};
use crate::corpus::Corpus;
use crate::corpus::people::{People, Person};
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::parallel::in_parallel;

use self::keys::{Key, Limits, attributes_of, cross};
pub(crate) use self::keys::{Presence, Strength};

/// How far the search goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Most right records that may share a key.
    pub(crate) sharing: usize,
    /// How many candidates are compared per left person.
    pub(crate) candidates: usize,
}

impl Effort {
    /// For sides of which the larger has so many records: more where that costs nothing.
    pub(crate) fn among(records: usize) -> Self {
        let doublings = usize::BITS - records.leading_zeros();
        let candidates = 44_usize.saturating_sub(2 * doublings as usize);
        Self {
            sharing: 48,
            candidates: candidates.clamp(12, 24),
        }
    }

    /// The same where so many stand that every candidate counts.
    pub(crate) fn sparing(records: usize) -> Self {
        let (sharing, candidates) = if records < 250_000 { (16, 8) } else { (12, 5) };
        Self {
            sharing,
            candidates,
        }
    }
}

/// Bits by which a shared identifier counts more than its rarity says: the keys made from a name
/// say the same thing several times over and would push it aside.
const IDENTIFIER_BITS: f32 = 25.0;

/// The right side by key.
#[derive(Debug)]
pub(crate) struct Blocks {
    limits: Limits,
    whole: Postings,
    /// Keys that too many share, split.
    split: Postings,
    effort: Effort,
    /// Bits that sharing a key with so many of all is worth.
    bits: [f32; MOST + 1],
}

/// A right person who shares keys with the left one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) right: u32,
    /// Bits of the shared keys.
    pub(crate) bits: f32,
    /// Shares an address, number or id that is meant for one human.
    pub(crate) identifier: bool,
}

impl Blocks {
    /// The keys of those right people who are `wanted`. `presence` says whether values that no
    /// left record has may be left out.
    pub(crate) fn build(
        corpus: &Corpus<'_>,
        people: &People,
        strength: Strength,
        presence: Presence,
        effort: Effort,
        wanted: impl Fn(usize) -> bool + Sync,
    ) -> Self {
        let limits = Limits {
            strength,
            presence,
            sharing: effort.sharing,
        };
        let numbers = |range: std::ops::Range<usize>| range.filter(|number| wanted(*number));
        let entries = in_parallel(people.len(), |range, entries: &mut Vec<(u64, u32)>| {
            let mut keys = Vec::new();
            for number in numbers(range) {
                limits.keys_of(corpus, &people.get(number), &mut keys);
                let record = u32::try_from(number).unwrap_or(u32::MAX);
                entries.extend(keys.iter().map(|key| (key.hash, record)));
            }
        });
        let whole = Postings::build(effort.sharing, &entries);
        let entries = in_parallel(people.len(), |range, entries: &mut Vec<(u64, u32)>| {
            let (mut keys, mut attributes) = (Vec::new(), Vec::new());
            for number in numbers(range) {
                let person = people.get(number);
                limits.keys_of(corpus, &person, &mut keys);
                attributes.clear();
                for key in keys.iter().filter(|key| key.divisible) {
                    if whole.find(key.hash) != Found::TooMany {
                        continue;
                    }
                    if attributes.is_empty() {
                        attributes_of(corpus, &person, &mut attributes);
                    }
                    let record = u32::try_from(number).unwrap_or(u32::MAX);
                    let parts = attributes.iter().map(|with| cross(key.hash, *with));
                    entries.extend(parts.map(|hash| (hash, record)));
                }
            }
        });
        Self {
            limits,
            effort,
            whole,
            split: Postings::build(effort.sharing, &entries),
            bits: bits_among(people.len()),
        }
    }

    /// The right people who share the rarest keys with a left person, best first; equals in the
    /// order of the right side.
    ///
    /// When more share a key than are asked for, the frequent values that both have (domain,
    /// department, town) count as well.
    pub(crate) fn candidates<'s>(
        &self,
        corpus: &Corpus<'_>,
        person: &Person<'_>,
        people: &People,
        scratch: &'s mut Scratch,
    ) -> &'s [Candidate] {
        let Scratch {
            keys,
            attributes,
            crossed,
            found,
        } = scratch;
        self.limits.keys_of(corpus, person, keys);
        let limit = self.effort.candidates;
        keys.sort_unstable_by_key(|key| key.hash);
        keys.dedup_by_key(|key| key.hash);
        attributes.clear();
        crossed.clear();
        found.clear();
        // The entries stand anywhere; asked for one by one, each would be waited for.
        std::hint::black_box(self.whole.touch(keys.iter().map(|key| key.hash)));
        for key in keys.iter() {
            match self.whole.find(key.hash) {
                Found::Few(records) => {
                    self.collect(records, key.identifier, found);
                }
                Found::TooMany if key.divisible => {
                    if attributes.is_empty() {
                        attributes_of(corpus, person, attributes);
                    }
                    crossed.extend(attributes.iter().map(|with| cross(key.hash, *with)));
                }
                Found::TooMany | Found::Nobody => {}
            }
        }
        std::hint::black_box(self.split.touch(crossed.iter().copied()));
        for hash in crossed.iter() {
            if let Found::Few(records) = self.split.find(*hash) {
                self.collect(records, false, found);
            }
        }
        merge(found);
        let better = |one: &Candidate, other: &Candidate| {
            other
                .bits
                .total_cmp(&one.bits)
                .then(one.right.cmp(&other.right))
        };
        if found.len() > limit {
            // A few times as many as are asked for get the second look.
            let looked_at = limit * 3;
            if found.len() > looked_at {
                found.select_nth_unstable_by(looked_at, better);
                found.truncate(looked_at);
            }
            for candidate in found.iter_mut() {
                let other = people.get(candidate.right as usize);
                candidate.bits += common_bits(corpus, person, &other);
            }
        }
        found.sort_unstable_by(better);
        found.truncate(limit);
        found
    }

    fn collect(&self, records: Records<'_>, identifier: bool, found: &mut Vec<Candidate>) {
        let extra = if identifier { IDENTIFIER_BITS } else { 0.0 };
        let bits = self.bits[records.len()] + extra;
        found.extend(records.iter().map(|right| Candidate {
            right,
            bits,
            identifier,
        }));
    }
}

/// Bits that sharing a key with one, two, three of so many records is worth.
fn bits_among(records: usize) -> [f32; MOST + 1] {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a rough weight for choosing candidates"
    )]
    let bits = |sharing: usize| (records.max(1) as f32 / sharing.max(1) as f32).log2();
    std::array::from_fn(bits)
}

/// Makes one of several candidates that are the same person.
fn merge(found: &mut Vec<Candidate>) {
    found.sort_unstable_by_key(|candidate| candidate.right);
    found.dedup_by(|next, kept| {
        let same = next.right == kept.right;
        if same {
            kept.bits += next.bits;
            kept.identifier |= next.identifier;
        }
        same
    });
}

/// Buffers that a loop over many people reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    keys: Vec<Key>,
    attributes: Vec<u64>,
    crossed: Vec<u64>,
    found: Vec<Candidate>,
}

/// The logarithm to a tenth: the exponent of the number, and its fraction taken for straight.
fn rough_log2(number: f32) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the last digits of a rough figure"
    )]
    let bits = number.to_bits() as f32;
    bits / 8_388_608.0 - 127.0
}

/// Rough bits of the values that two people share and that are too frequent to be keys.
fn common_bits(corpus: &Corpus<'_>, left: &Person<'_>, right: &Person<'_>) -> f32 {
    let worth = |strings: &Strings<'_>, id: TextId| {
        let [lefts, rights] = strings.counts_of(id);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rough weight for choosing candidates"
        )]
        let share = (lefts + rights + 1) as f32 / (corpus.totals[0] + corpus.totals[1] + 1) as f32;
        -rough_log2(share)
    };
    let mut bits = 0.0;
    for mail in left.mails {
        if right.mails.iter().any(|other| other.domain == mail.domain) && !mail.public {
            bits += worth(&corpus.domains, mail.domain);
        }
    }
    for (place, column) in corpus.texts.iter().enumerate() {
        if left.texts[place] != NONE && left.texts[place] == right.texts[place] {
            bits += worth(&column.values, left.texts[place]);
        }
    }
    if left.given_whole != NONE && left.given_whole == right.given_whole {
        bits += worth(&corpus.names, left.given_whole);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rough_logarithms_are_near() {
        for number in [1.0_f32, 0.5, 0.3, 1e-6, 7.7] {
            assert!((rough_log2(number) - number.log2()).abs() < 0.1, "{number}");
        }
    }
}
