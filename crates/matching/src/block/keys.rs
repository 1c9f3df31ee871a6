//! The keys of a person.

use rustc_hash::FxHasher;
use std::hash::Hasher;

use crate::corpus::people::Person;
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::corpus::{CITY, Corpus};
use crate::normalise::birth::Birth;
use crate::normalise::email;

/// Which keys of a person are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Identifiers and whole names: whoever shares none of them is hardly ever the best candidate
    /// of one who shares some with another.
    Strong,
    /// Parts and combinations.
    Weak,
    /// Both.
    All,
}

/// Whether values of one side that the other has not may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Both sides are known.
    Both,
    /// The left people come one by one.
    Right,
}

/// A key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) hash: u64,
    /// Split by other attributes when too many share it.
    pub(super) divisible: bool,
    /// An address, number or id that is meant for one human.
    pub(super) identifier: bool,
}

/// What a key is made of, so that equal numbers of different tables do not meet.
#[derive(Clone, Copy)]
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
    Year,
    Postcode,
    Crossed,
    Text,
}

/// A well-mixed hash (the finish of `SplitMix64`, Steele, Lea and Flood 2014): buckets are its
/// upper bits.
fn hash(kind: Kind, one: u64, other: u64) -> u64 {
    let mut mixed = (one.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ other.rotate_left(32))
        .wrapping_add((kind as u64 + 1).wrapping_mul(0xD1B5_4A32_D192_ED03));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn of_id(kind: Kind, id: TextId) -> u64 {
    hash(kind, u64::from(id), 0)
}

fn of_text(kind: Kind, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hash(kind, hasher.finish(), 0)
}

fn of_pair(kind: Kind, one: TextId, other: TextId) -> u64 {
    hash(kind, u64::from(one), u64::from(other))
}

/// A key and an attribute that splits it.
pub(super) fn cross(key: u64, with: u64) -> u64 {
    hash(Kind::Crossed, key, with)
}

/// Which keys a table has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) strength: Strength,
    pub(super) presence: Presence,
    /// Most right records that may share a key.
    pub(super) sharing: usize,
}

impl Limits {
    /// Puts the keys of a person into `keys`, whose content goes. Values that cannot lead to
    /// anybody are left out: too many right records have them, or none, or no left one.
    pub(super) fn keys_of(self, corpus: &Corpus<'_>, person: &Person<'_>, keys: &mut Vec<Key>) {
        keys.clear();
        let mut list = List {
            corpus,
            limits: self,
            keys,
        };
        if self.strength != Strength::Weak {
            list.identifiers(person);
            list.whole_name(person);
        }
        if self.strength != Strength::Strong {
            list.attributes(person);
            list.parts_of_name(person);
        }
    }
}

struct List<'a> {
    corpus: &'a Corpus<'a>,
    limits: Limits,
    keys: &'a mut Vec<Key>,
}

impl List<'_> {
    fn push(&mut self, hash: u64, identifier: bool) {
        self.keys.push(Key {
            hash,
            divisible: false,
            identifier,
        });
    }

    fn push_divisible(&mut self, hash: u64) {
        self.keys.push(Key {
            hash,
            divisible: true,
            identifier: false,
        });
    }

    /// Whether a value can lead from a left to a right record.
    fn leads(&self, strings: &Strings<'_>, id: TextId) -> bool {
        if id == NONE {
            return false;
        }
        let [lefts, rights] = strings.counts_of(id);
        let few = |count: u32| count > 0 && count as usize <= self.limits.sharing;
        // What many of either side have (short extensions) leads many to the same few.
        few(rights) && (few(lefts) || self.limits.presence == Presence::Right)
    }

    fn push_value(&mut self, kind: Kind, strings: &Strings<'_>, id: TextId, identifier: bool) {
        if self.leads(strings, id) {
            self.push(of_id(kind, id), identifier);
        }
    }

    fn identifiers(&mut self, person: &Person<'_>) {
        let corpus = self.corpus;
        for mail in person.mails {
            self.push_value(Kind::Mail, &corpus.mails, mail.whole, true);
            if !mail.is_from_name() {
                let (stem, _) = email::split_number(corpus.locals.get(mail.local));
                self.push(of_text(Kind::Local, stem), true);
            }
        }
        for phone in person.phones {
            self.push_value(Kind::Phone, &corpus.phone_tails, phone.tail, true);
        }
        for &id in person.ids {
            self.push_value(Kind::Id, &corpus.ids, id, true);
        }
        self.push_value(Kind::Username, &corpus.usernames, person.username, true);
        self.push_value(Kind::Extension, &corpus.extensions, person.extension, true);
    }

    fn whole_name(&mut self, person: &Person<'_>) {
        let Some(given) = first_name(self.corpus, person) else {
            return;
        };
        for family in long_names(self.corpus, person.family) {
            let (one, other) = (self.sound(given), self.sound(family));
            let pair = of_pair(Kind::FullName, one.min(other), one.max(other));
            self.push_divisible(pair);
        }
    }

    fn attributes(&mut self, person: &Person<'_>) {
        let corpus = self.corpus;
        for mail in person.mails {
            let (stem, _) = email::split_number(corpus.locals.get(mail.local));
            if mail.is_from_name() {
                self.push(of_text(Kind::Local, stem), false);
            }
            if stem.len() > 5 {
                self.push(of_text(Kind::LocalStart, &stem[..5]), false);
                self.push(of_text(Kind::LocalStart, &stem[stem.len() - 5..]), false);
            }
            if !mail.public {
                self.push_value(Kind::Domain, &corpus.domains, mail.domain, false);
            }
        }
        self.push_value(Kind::Birth, &corpus.births, person.birth, false);
        self.push_value(Kind::Postcode, &corpus.postcodes, person.postcode, false);
        if person.username != NONE {
            let (stem, _) = email::split_number(corpus.usernames.get(person.username));
            self.push(of_text(Kind::Local, stem), false);
        }
        for (place, (column, &value)) in corpus.texts.iter().zip(person.texts).enumerate() {
            if self.leads(&column.values, value) {
                self.push(text_key(place, value), false);
            }
        }
    }

    fn parts_of_name(&mut self, person: &Person<'_>) {
        let corpus = self.corpus;
        let details = details_of(corpus, person);
        // Given and family name share these keys: the order may be swapped on one side.
        for whole in [person.given_whole, person.family_whole] {
            if whole == NONE {
                continue;
            }
            let sound = self.sound(whole);
            self.push_divisible(of_id(Kind::HalfName, sound));
            for detail in details.into_iter().flatten() {
                self.push(hash(Kind::HalfNameWith, u64::from(sound), detail), false);
            }
        }
        let Some(given) = first_name(corpus, person) else {
            return;
        };
        for family in long_names(corpus, person.family) {
            let (one, other) = (self.sound(given), self.sound(family));
            let initial = |id: TextId| u32::from(corpus.names.get(id).as_bytes()[0]);
            let kind = Kind::FamilyAndInitial;
            self.push_divisible(of_pair(kind, other, initial(given)));
            self.push_divisible(of_pair(kind, one, initial(family)));
            for group in &corpus.token(given).groups {
                self.push_divisible(of_pair(Kind::Group, u32::from(*group), other));
            }
            for group in &corpus.token(family).groups {
                self.push_divisible(of_pair(Kind::Group, u32::from(*group), one));
            }
        }
    }

    fn sound(&self, id: TextId) -> TextId {
        self.corpus.token(id).skeleton
    }
}

fn long_names(corpus: &Corpus<'_>, names: &[TextId]) -> impl Iterator<Item = TextId> {
    names
        .iter()
        .copied()
        .filter(|id| corpus.names.get(*id).len() > 1)
}

/// The first given name that is not an initial, else the initial.
fn first_name(corpus: &Corpus<'_>, person: &Person<'_>) -> Option<TextId> {
    long_names(corpus, person.given)
        .next()
        .or(person.given.first().copied())
}

/// Rather selective values that, with one half of the name, make a key.
fn details_of(corpus: &Corpus<'_>, person: &Person<'_>) -> [Option<u64>; 4] {
    let birth = (person.birth != NONE).then(|| of_id(Kind::Birth, person.birth));
    let year = birth
        .and_then(|_| corpus.births.get(person.birth).parse().ok())
        .map(|packed| hash(Kind::Year, u64::from(Birth::unpack(packed).year), 0));
    let postcode = (person.postcode != NONE).then(|| of_id(Kind::Postcode, person.postcode));
    let city = person.texts.get(CITY).filter(|city| **city != NONE);
    [
        birth,
        year,
        postcode,
        city.map(|city| text_key(CITY, *city)),
    ]
}

/// Values that divide a key which too many share.
pub(super) fn attributes_of(corpus: &Corpus<'_>, person: &Person<'_>, attributes: &mut Vec<u64>) {
    attributes.clear();
    attributes.extend(
        person
            .mails
            .iter()
            .filter(|mail| !mail.public)
            .map(|mail| of_id(Kind::Domain, mail.domain)),
    );
    attributes.extend(details_of(corpus, person).into_iter().flatten());
    let texts = person.texts.iter().enumerate();
    attributes.extend(
        texts
            .filter(|(_, value)| **value != NONE)
            .map(|(place, value)| text_key(place, *value)),
    );
}

fn text_key(place: usize, value: TextId) -> u64 {
    hash(Kind::Text, u64::from(value), place as u64)
}
