//! Which pairs are worth comparing at all.
//!
//! Every person gets keys: values and combinations that the records of one human tend to share. A
//! pair is a candidate when it shares a key that few records of the right side have; of those,
//! the ones with the rarest keys in common are kept. Both limits are constants, so the number of
//! candidates, and with it the cost, grows linearly with the number of records. A key that too
//! many share (`maria garcia`) is split by what else is known (her domain, department, town).

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::corpus::{Corpus, Person};
use crate::normalise::birth::Birth;
use crate::normalise::{contact, email};
use crate::strings::{NONE, Strings, TextId};

/// Most records of the right side that may share a key that is looked up.
const POSTINGS: usize = 48;

/// How many candidates are compared per left person: more where that costs nothing.
pub(crate) fn candidate_limit(records: usize) -> usize {
    let doublings = usize::BITS - records.leading_zeros();
    44_usize
        .saturating_sub(2 * doublings as usize)
        .clamp(12, 24)
}

/// What a key is made of, so that equal numbers of different tables do not meet.
#[derive(Clone, Copy, Hash)]
enum Kind {
    Mail,
    Local,
    LocalStart,
    Domain,
    Username,
    Phone,
    Extension,
    Id,
    FullName,
    FamilyAndInitial,
    Group,
    HalfName,
    HalfNameWith,
    Birth,
    Postcode,
    Text(usize),
    Crossed,
}

/// Bits by which a shared identifier counts more than its rarity says: the keys made from a name
/// say the same thing several times over and would push it aside.
const IDENTIFIER_BITS: f32 = 25.0;

/// A key.
#[derive(Clone, Copy)]
struct Key {
    hash: u64,
    /// Split by other attributes when too many share it.
    divisible: bool,
    /// An address, number or id that is meant for one human.
    identifier: bool,
}

fn hash(parts: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The right side by key.
#[derive(Debug)]
pub(crate) struct Postings {
    ranges: FxHashMap<u64, (u32, u32)>,
    records: Vec<u32>,
    total: usize,
}

/// A right person who shares keys with the left one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) right: u32,
    /// Bits of the shared keys.
    pub(crate) bits: f32,
}

impl Postings {
    pub(crate) fn build(corpus: &Corpus<'_>, people: &[Person]) -> Self {
        let mut entries: Vec<(u64, u32)> = Vec::with_capacity(people.len() * 12);
        let mut keys = Vec::new();
        for (number, person) in (0_u32..).zip(people) {
            keys_of(corpus, person, &mut keys);
            entries.extend(keys.iter().map(|key| (key.hash, number)));
        }
        entries.sort_unstable();
        entries.dedup();
        let mut crowded: FxHashSet<u64> = FxHashSet::default();
        for group in entries.chunk_by(|one, other| one.0 == other.0) {
            if group.len() > POSTINGS {
                crowded.insert(group[0].0);
            }
        }
        if !crowded.is_empty() {
            entries.retain(|(key, _)| !crowded.contains(key));
            let mut attributes = Vec::new();
            for (number, person) in (0_u32..).zip(people) {
                keys_of(corpus, person, &mut keys);
                attributes_of(corpus, person, &mut attributes);
                for key in keys
                    .iter()
                    .filter(|key| key.divisible && crowded.contains(&key.hash))
                {
                    entries.extend(
                        attributes
                            .iter()
                            .map(|with| (cross(key.hash, *with), number)),
                    );
                }
            }
            entries.sort_unstable();
        }
        entries.dedup();
        Self::from_sorted(&entries, people.len())
    }

    fn from_sorted(entries: &[(u64, u32)], total: usize) -> Self {
        let mut ranges = FxHashMap::default();
        let mut records = Vec::with_capacity(entries.len());
        for group in entries.chunk_by(|one, other| one.0 == other.0) {
            if group.len() > POSTINGS {
                continue;
            }
            let start = u32::try_from(records.len()).unwrap_or(u32::MAX);
            records.extend(group.iter().map(|(_, record)| *record));
            let end = u32::try_from(records.len()).unwrap_or(u32::MAX);
            ranges.insert(group[0].0, (start, end));
        }
        Self {
            ranges,
            records,
            total,
        }
    }

    /// The right people who share the rarest keys with a left person, best first; equals in the
    /// order of the right side.
    ///
    /// When more share a key than are asked for, the frequent values that both have (domain,
    /// department, town) count as well.
    pub(crate) fn candidates(
        &self,
        corpus: &Corpus<'_>,
        person: &Person,
        people: &[Person],
        scratch: &mut Scratch,
        limit: usize,
    ) -> Vec<Candidate> {
        let Scratch {
            keys,
            attributes,
            found,
        } = scratch;
        keys_of(corpus, person, keys);
        keys.sort_unstable_by_key(|key| key.hash);
        keys.dedup_by_key(|key| key.hash);
        attributes.clear();
        found.clear();
        for key in keys.iter() {
            if let Some(range) = self.ranges.get(&key.hash) {
                let extra = if key.identifier { IDENTIFIER_BITS } else { 0.0 };
                self.collect(*range, extra, found);
            } else if key.divisible {
                if attributes.is_empty() {
                    attributes_of(corpus, person, attributes);
                }
                for with in attributes.iter() {
                    if let Some(range) = self.ranges.get(&cross(key.hash, *with)) {
                        self.collect(*range, 0.0, found);
                    }
                }
            }
        }
        found.sort_unstable_by_key(|candidate| candidate.right);
        let mut merged: Vec<Candidate> = Vec::new();
        for candidate in found.iter() {
            match merged.last_mut() {
                Some(last) if last.right == candidate.right => last.bits += candidate.bits,
                _ => merged.push(*candidate),
            }
        }
        let better = |one: &Candidate, other: &Candidate| {
            other
                .bits
                .total_cmp(&one.bits)
                .then(one.right.cmp(&other.right))
        };
        if merged.len() > limit {
            // A few times as many as are asked for get the second look.
            let looked_at = limit * 3;
            if merged.len() > looked_at {
                merged.select_nth_unstable_by(looked_at, better);
                merged.truncate(looked_at);
            }
            for candidate in &mut merged {
                candidate.bits += common_bits(corpus, person, &people[candidate.right as usize]);
            }
        }
        merged.sort_unstable_by(better);
        merged.truncate(limit);
        merged
    }

    fn collect(&self, (start, end): (u32, u32), extra: f32, found: &mut Vec<Candidate>) {
        let records = &self.records[start as usize..end as usize];
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "a rough weight for choosing candidates"
        )]
        let bits = (self.total as f64 / records.len() as f64).log2() as f32 + extra;
        found.extend(records.iter().map(|&right| Candidate { right, bits }));
    }
}

/// Buffers that a loop over many people reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    keys: Vec<Key>,
    attributes: Vec<u64>,
    found: Vec<Candidate>,
}

/// Rough bits of the values that two people share and that are too frequent to be keys.
fn common_bits(corpus: &Corpus<'_>, left: &Person, right: &Person) -> f32 {
    let worth = |strings: &Strings<'_>, id: TextId| {
        let [lefts, rights] = strings.counts_of(id);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rough weight for choosing candidates"
        )]
        let share = (lefts + rights + 1) as f32 / (corpus.totals[0] + corpus.totals[1] + 1) as f32;
        -share.log2()
    };
    let mut bits = 0.0;
    for mail in &left.mails {
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

fn cross(key: u64, with: u64) -> u64 {
    hash((Kind::Crossed, key, with))
}

fn keys_of(corpus: &Corpus<'_>, person: &Person, keys: &mut Vec<Key>) {
    keys.clear();
    let mut push = |hash, identifier| {
        keys.push(Key {
            hash,
            divisible: false,
            identifier,
        });
    };
    for mail in &person.mails {
        push(hash((Kind::Mail, mail.whole)), true);
        let local = corpus.locals.get(mail.local);
        let (stem, _) = email::split_number(local);
        push(hash((Kind::Local, stem)), !mail.from_name);
        if stem.len() > 5 {
            push(hash((Kind::LocalStart, &stem[..5])), false);
            push(hash((Kind::LocalStart, &stem[stem.len() - 5..])), false);
        }
        if !mail.public {
            push(hash((Kind::Domain, mail.domain)), false);
        }
    }
    for &digits in &person.phones {
        let tail = contact::phone_tail(corpus.phones.get(digits));
        push(hash((Kind::Phone, tail)), true);
    }
    for &id in &person.ids {
        push(hash((Kind::Id, id)), true);
    }
    let single = [
        (Kind::Username, person.username, true),
        (Kind::Extension, person.extension, true),
        (Kind::Birth, person.birth, false),
        (Kind::Postcode, person.postcode, false),
    ];
    for (kind, value, identifier) in single {
        if value != NONE {
            push(hash((kind, value)), identifier);
        }
    }
    if person.username != NONE {
        let (stem, _) = email::split_number(corpus.usernames.get(person.username));
        push(hash((Kind::Local, stem)), false);
    }
    for (place, &value) in person.texts.iter().enumerate() {
        if value != NONE {
            push(hash((Kind::Text(place), value)), false);
        }
    }
    name_keys(corpus, person, keys);
}

fn name_keys(corpus: &Corpus<'_>, person: &Person, keys: &mut Vec<Key>) {
    let skeleton = |id: TextId| corpus.token(id).skeleton;
    let long = |id: &&TextId| corpus.names.get(**id).len() > 1;
    let given = person
        .given
        .iter()
        .find(long)
        .or(person.given.first())
        .copied();
    let details = details_of(corpus, person);
    let mut push = |hash, divisible| {
        keys.push(Key {
            hash,
            divisible,
            identifier: false,
        });
    };
    // Given and family name share these keys: the order may be swapped on one side.
    for whole in [person.given_whole, person.family_whole]
        .into_iter()
        .filter(|id| *id != NONE)
    {
        let sound = skeleton(whole);
        push(hash((Kind::HalfName, sound)), true);
        for detail in details.iter().flatten() {
            push(hash((Kind::HalfNameWith, sound, *detail)), false);
        }
    }
    let Some(given) = given else { return };
    for &family in person.family.iter().filter(long) {
        let (one, other) = (skeleton(given), skeleton(family));
        push(hash((Kind::FullName, one.min(other), one.max(other))), true);
        let initial = |id: TextId| corpus.names.get(id).as_bytes()[0];
        push(hash((Kind::FamilyAndInitial, other, initial(given))), true);
        push(hash((Kind::FamilyAndInitial, one, initial(family))), true);
        for group in &corpus.token(given).groups {
            push(hash((Kind::Group, *group, other)), true);
        }
        for group in &corpus.token(family).groups {
            push(hash((Kind::Group, *group, one)), true);
        }
    }
}

/// Rather selective values that, with one half of the name, make a key.
fn details_of(corpus: &Corpus<'_>, person: &Person) -> [Option<u64>; 4] {
    let birth = (person.birth != NONE).then(|| hash((Kind::Birth, person.birth)));
    let year = birth
        .and_then(|_| corpus.births.get(person.birth).parse().ok())
        .map(|packed| hash((Kind::Birth, Birth::unpack(packed).year)));
    let postcode = (person.postcode != NONE).then(|| hash((Kind::Postcode, person.postcode)));
    let city = person.texts.get(2).filter(|city| **city != NONE);
    [
        birth,
        year,
        postcode,
        city.map(|city| hash((Kind::Text(2), *city))),
    ]
}

/// Values that divide a key which too many share.
fn attributes_of(corpus: &Corpus<'_>, person: &Person, attributes: &mut Vec<u64>) {
    attributes.clear();
    attributes.extend(
        person
            .mails
            .iter()
            .filter(|mail| !mail.public)
            .map(|mail| hash((Kind::Domain, mail.domain))),
    );
    attributes.extend(details_of(corpus, person).into_iter().flatten());
    let texts = person
        .texts
        .iter()
        .enumerate()
        .filter(|(_, value)| **value != NONE);
    attributes.extend(texts.map(|(place, value)| hash((Kind::Text(place), *value))));
}
