//! The distinct values of both sides: folded, numbered, counted.

pub(crate) mod habits;
pub(crate) mod join;
pub(crate) mod people;
pub(crate) mod strings;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::corpus::habits::Habits;
use crate::corpus::people::Person;
use crate::corpus::strings::{NONE, SideNumber, Strings, TextId, collision};
use crate::normalise::{fold, role, sound};
use crate::tables::NameTables;

/// Most text columns that are compared, the known ones included; further ones are left out.
pub(crate) const TEXT_COLUMNS: usize = 14;

/// The text columns that every record has, by their place.
pub(crate) const KNOWN_COLUMNS: [&str; 4] = ["title", "department", "city", "manager"];
pub(crate) const CITY: usize = 2;
pub(crate) const MANAGER: usize = 3;

/// What is known about a name beyond its letters.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) skeleton: TextId,
    pub(crate) groups: Box<[u16]>,
    /// Written in a script without vowels.
    pub(crate) vowelless: bool,
}

/// The distinct values of one side while it is read, of both once they are joined.
#[derive(Debug)]
pub(crate) struct Corpus<'base> {
    pub(crate) tables: Arc<NameTables>,
    pub(crate) names: Strings<'base>,
    /// What is known about each name, by its number less the base's. Filled when all are there.
    tokens: Vec<Token>,
    base: Option<&'base Corpus<'base>>,
    /// Counts of names used as family names; `names` counts given names.
    pub(crate) family_counts: Vec<[u32; 2]>,
    /// How many records of each side have this pair of names, by sound and in either order.
    full_names: FxHashMap<(TextId, TextId), [u32; 2]>,
    pub(crate) skeletons: Strings<'base>,
    pub(crate) mails: Strings<'base>,
    pub(crate) locals: Strings<'base>,
    pub(crate) domains: Strings<'base>,
    pub(crate) usernames: Strings<'base>,
    /// The last digits of phone numbers.
    pub(crate) phone_tails: Strings<'base>,
    pub(crate) extensions: Strings<'base>,
    pub(crate) ids: Strings<'base>,
    pub(crate) births: Strings<'base>,
    pub(crate) postcodes: Strings<'base>,
    pub(crate) texts: Vec<TextColumn<'base>>,
    /// How each domain makes its addresses.
    pub(crate) habits: Arc<Habits>,
    /// Records per side.
    pub(crate) totals: [usize; 2],
}

/// One column of plain text.
#[derive(Debug)]
pub(crate) struct TextColumn<'base> {
    /// Its name as an admin reads it.
    pub(crate) label: String,
    /// The name by which the columns of the two sides find each other.
    pub(crate) key: String,
    pub(crate) values: Strings<'base>,
}

impl TextColumn<'static> {
    /// An empty column of this name.
    pub(crate) fn named(label: String) -> Self {
        Self {
            key: fold::fold_words(&label),
            label,
            values: Strings::default(),
        }
    }
}

impl Corpus<'static> {
    /// An empty corpus.
    pub(crate) fn new(texts: Vec<TextColumn<'static>>) -> Self {
        Corpus {
            tables: Arc::new(NameTables::new()),
            names: Strings::default(),
            tokens: Vec::new(),
            base: None,
            family_counts: Vec::new(),
            full_names: FxHashMap::default(),
            skeletons: Strings::default(),
            mails: Strings::default(),
            locals: Strings::default(),
            domains: Strings::default(),
            usernames: Strings::default(),
            phone_tails: Strings::default(),
            extensions: Strings::default(),
            ids: Strings::default(),
            births: Strings::default(),
            postcodes: Strings::default(),
            texts,
            habits: Arc::default(),
            totals: [0, 0],
        }
    }

    /// Drops what only finding texts needs.
    pub(crate) fn freeze(&mut self) {
        let tables = [
            &mut self.names,
            &mut self.skeletons,
            &mut self.mails,
            &mut self.locals,
            &mut self.domains,
            &mut self.usernames,
            &mut self.phone_tails,
            &mut self.extensions,
            &mut self.ids,
            &mut self.births,
            &mut self.postcodes,
        ];
        let texts = self.texts.iter_mut().map(|column| &mut column.values);
        for table in tables.into_iter().chain(texts) {
            table.freeze();
        }
    }
}

impl<'base> Corpus<'base> {
    /// A corpus for one query on top of a shared one.
    pub(crate) fn over(base: &'base Corpus<'base>) -> Self {
        Corpus {
            tables: Arc::clone(&base.tables),
            names: Strings::over(&base.names),
            tokens: Vec::new(),
            base: Some(base),
            family_counts: Vec::new(),
            full_names: FxHashMap::default(),
            skeletons: Strings::over(&base.skeletons),
            mails: Strings::over(&base.mails),
            locals: Strings::over(&base.locals),
            domains: Strings::over(&base.domains),
            usernames: Strings::over(&base.usernames),
            phone_tails: Strings::over(&base.phone_tails),
            extensions: Strings::over(&base.extensions),
            ids: Strings::over(&base.ids),
            births: Strings::over(&base.births),
            postcodes: Strings::over(&base.postcodes),
            texts: base
                .texts
                .iter()
                .map(|column| TextColumn {
                    label: column.label.clone(),
                    key: column.key.clone(),
                    values: Strings::over(&column.values),
                })
                .collect(),
            habits: Arc::clone(&base.habits),
            totals: base.totals,
        }
    }

    fn first_own(&self) -> TextId {
        self.base.map_or(0, |base| base.names.len())
    }

    /// Counts one more record of a side with these names in this role.
    pub(crate) fn count_name(
        &mut self,
        parts: &[TextId],
        whole: TextId,
        side: SideNumber,
        family: bool,
    ) {
        let first_own = self.first_own();
        let extra = (!parts.contains(&whole) && whole != NONE).then_some(&whole);
        for &id in parts.iter().chain(extra) {
            if id < first_own {
                continue;
            }
            if family {
                let index = (id - first_own) as usize;
                if self.family_counts.len() <= index {
                    self.family_counts.resize(index + 1, [0, 0]);
                }
                self.family_counts[index][side] += 1;
            } else {
                self.names.count(id, side);
            }
        }
    }

    /// Finds out what is known about the names that came since.
    pub(crate) fn know_names(&mut self) {
        let first_own = self.first_own();
        for id in first_own + self.token_count()..self.names.len() {
            let name = self.names.get(id);
            let skeleton = sound::skeleton(name);
            self.tokens.push(Token {
                vowelless: name.len() > 1 && sound::consonants(&skeleton).len() == skeleton.len(),
                skeleton: self.skeletons.intern(&skeleton),
                groups: self.tables.groups_of(name).into(),
            });
        }
        let own = self.names.len() - first_own;
        self.family_counts.resize(own as usize, [0, 0]);
    }

    /// Makes the names of every pair spellings of each other; names that nobody has are passed
    /// over. The groups are numbered from the last number down, where no table has any.
    pub(crate) fn add_groups(&mut self, pairs: &[[String; 2]]) {
        let first_own = self.first_own();
        for (group, names) in (0..=u16::MAX).rev().zip(pairs) {
            for name in names {
                let token = self.names.find(name);
                let token = token.and_then(|id| id.checked_sub(first_own));
                if let Some(token) = token.and_then(|at| self.tokens.get_mut(at as usize)) {
                    token.groups = token.groups.iter().copied().chain([group]).collect();
                }
            }
        }
    }

    fn token_count(&self) -> u32 {
        u32::try_from(self.tokens.len()).unwrap_or(NONE)
    }

    fn full_name_key(&self, given: TextId, family: TextId) -> (TextId, TextId) {
        let (one, other) = (self.token(given).skeleton, self.token(family).skeleton);
        (one.min(other), one.max(other))
    }

    /// Counts the given and family names of a side, by sound.
    pub(crate) fn count_full_names<'a>(
        &mut self,
        people: impl Iterator<Item = Person<'a>>,
        side: SideNumber,
    ) {
        for person in people {
            if person.given_whole != NONE && person.family_whole != NONE {
                let key = self.full_name_key(person.given_whole, person.family_whole);
                self.full_names.entry(key).or_default()[side] += 1;
            }
        }
    }

    /// How many records of each side have this given and family name, in any usual spelling.
    pub(crate) fn full_name_counts(&self, given: TextId, family: TextId) -> [u32; 2] {
        if given == NONE || family == NONE {
            return [0, 0];
        }
        let key = self.full_name_key(given, family);
        let names = self.base.map_or(&self.full_names, |base| &base.full_names);
        names.get(&key).copied().unwrap_or_default()
    }

    /// What is known about a name.
    pub(crate) fn token(&self, id: TextId) -> &Token {
        match self.base {
            Some(base) if id < base.names.len() => base.token(id),
            Some(base) => &self.tokens[(id - base.names.len()) as usize],
            None => &self.tokens[id as usize],
        }
    }

    /// Chance that two random records share their family name.
    pub(crate) fn family_typical_frequency(&self) -> f64 {
        collision(&self.family_counts)
    }

    /// How many records of each side have this name in this role.
    pub(crate) fn name_counts(&self, id: TextId, family: bool) -> [u32; 2] {
        if !family {
            return self.names.counts_of(id);
        }
        match self.base {
            Some(base) if id < base.names.len() => base.name_counts(id, true),
            Some(base) => self.family_counts[(id - base.names.len()) as usize],
            None => self.family_counts[id as usize],
        }
    }
}

/// Whether a name is a function's rather than a human's.
pub(crate) fn is_role_name(names: &Strings<'_>, given: &[TextId], family: &[TextId]) -> bool {
    role::is_role_name(given.iter().chain(family).map(|id| names.get(*id)))
}

/// Takes up a text and counts it.
pub(crate) fn counted(strings: &mut Strings<'_>, text: &str, side: SideNumber) -> TextId {
    let id = strings.intern(text);
    strings.count(id, side);
    id
}
