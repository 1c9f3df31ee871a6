//! Both sides in the form in which they are compared: folded, numbered, counted.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::normalise::{fold, sound};
use crate::record::Record;
use crate::strings::{NONE, SideNumber, Strings, TextId};
use crate::tables::NameTables;

/// Most text columns that are compared, title, department and city included; further ones are
/// left out.
pub(crate) const TEXT_COLUMNS: usize = 14;

/// One e-mail address of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mail {
    /// `local@domain`.
    pub(crate) whole: TextId,
    /// Letters and digits of the local part.
    pub(crate) local: TextId,
    pub(crate) domain: TextId,
    /// The local part is made from the person's own name.
    pub(crate) from_name: bool,
    /// A provider that gives addresses to anybody.
    pub(crate) public: bool,
}

/// A record ready to be compared. Numbers point into the [`Corpus`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) given: Box<[TextId]>,
    pub(crate) family: Box<[TextId]>,
    /// All given tokens but initials, joined; the same number as the only one of them.
    pub(crate) given_whole: TextId,
    pub(crate) family_whole: TextId,
    pub(crate) mails: Box<[Mail]>,
    pub(crate) username: TextId,
    pub(crate) phones: Box<[TextId]>,
    pub(crate) extension: TextId,
    pub(crate) ids: Box<[TextId]>,
    pub(crate) birth: TextId,
    pub(crate) postcode: TextId,
    /// By text column.
    pub(crate) texts: Box<[TextId]>,
    pub(crate) inactive: bool,
    /// Service or shared account, as stated or by its name and address.
    pub(crate) machine: bool,
}

/// What is known about a name token beyond its letters.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) skeleton: TextId,
    pub(crate) groups: Box<[u16]>,
    /// Written in a script without vowels.
    pub(crate) vowelless: bool,
}

/// The distinct values of both sides.
#[derive(Debug)]
pub(crate) struct Corpus<'base> {
    pub(crate) tables: Arc<NameTables>,
    pub(crate) names: Strings<'base>,
    /// What is known about each name, by its number less the base's.
    tokens: Vec<Token>,
    base: Option<&'base Corpus<'base>>,
    /// Counts of names used as family names; `names` counts given names.
    family_counts: Vec<[u32; 2]>,
    /// How many records of each side have this pair of names, by sound and in either order.
    full_names: FxHashMap<(TextId, TextId), [u32; 2]>,
    pub(crate) skeletons: Strings<'base>,
    pub(crate) mails: Strings<'base>,
    pub(crate) locals: Strings<'base>,
    pub(crate) domains: Strings<'base>,
    pub(crate) usernames: Strings<'base>,
    pub(crate) phones: Strings<'base>,
    /// The last digits of each phone number, counted.
    pub(crate) phone_tails: Strings<'base>,
    pub(crate) extensions: Strings<'base>,
    pub(crate) ids: Strings<'base>,
    pub(crate) births: Strings<'base>,
    pub(crate) postcodes: Strings<'base>,
    pub(crate) texts: Vec<TextColumn<'base>>,
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

impl Corpus<'static> {
    /// An empty corpus that knows the text columns which both sides have.
    pub(crate) fn new(left: &[Record], right: &[Record]) -> Self {
        let texts = shared_columns(left, right)
            .into_iter()
            .map(|label| TextColumn {
                key: fold::fold_words(&label),
                label,
                values: Strings::default(),
            })
            .collect();
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
            phones: Strings::default(),
            phone_tails: Strings::default(),
            extensions: Strings::default(),
            ids: Strings::default(),
            births: Strings::default(),
            postcodes: Strings::default(),
            texts,
            totals: [0, 0],
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
            phones: Strings::over(&base.phones),
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
            totals: base.totals,
        }
    }

    /// The number of a name token, which is taken up if it is new.
    pub(crate) fn name(&mut self, token: &str) -> TextId {
        let id = self.names.intern(token);
        let first_own = self.base.map_or(0, |base| base.names.len());
        if id != NONE && id >= first_own && (id - first_own) as usize == self.tokens.len() {
            let skeleton = sound::skeleton(token);
            self.tokens.push(Token {
                vowelless: token.len() > 1 && sound::consonants(&skeleton).len() == skeleton.len(),
                skeleton: self.skeletons.intern(&skeleton),
                groups: self.tables.groups_of(token).into(),
            });
            self.family_counts.push([0, 0]);
        }
        id
    }

    /// All tokens of a part but initials, as one name.
    pub(crate) fn whole(&mut self, tokens: &[String], ids: &[TextId]) -> TextId {
        let long: Vec<&str> = tokens
            .iter()
            .filter(|token| token.len() > 1)
            .map(String::as_str)
            .collect();
        match (long.as_slice(), ids) {
            ([], []) => NONE,
            ([], [first, ..]) => *first,
            (several, _) => self.name(&several.concat()),
        }
    }

    /// Counts one more record of a side with these names in this role.
    pub(crate) fn count_name(
        &mut self,
        parts: &[TextId],
        whole: TextId,
        side: SideNumber,
        family: bool,
    ) {
        let first_own = self.base.map_or(0, |base| base.names.len());
        let extra = (!parts.contains(&whole) && whole != NONE).then_some(&whole);
        for &id in parts.iter().chain(extra) {
            if id < first_own {
                continue;
            }
            if family {
                self.family_counts[(id - first_own) as usize][side] += 1;
            } else {
                self.names.count(id, side);
            }
        }
    }

    fn full_name_key(&self, given: TextId, family: TextId) -> (TextId, TextId) {
        let (one, other) = (self.token(given).skeleton, self.token(family).skeleton);
        (one.min(other), one.max(other))
    }

    /// Counts one more record of a side with this given and family name.
    pub(crate) fn count_full_name(&mut self, given: TextId, family: TextId, side: SideNumber) {
        if given != NONE && family != NONE {
            let key = self.full_name_key(given, family);
            self.full_names.entry(key).or_default()[side] += 1;
        }
    }

    /// How many records of each side have this given and family name, in any usual spelling.
    pub(crate) fn full_name_counts(&self, given: TextId, family: TextId) -> [u32; 2] {
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
        crate::strings::collision(&self.family_counts)
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

pub(crate) const TITLE: &str = "title";
pub(crate) const DEPARTMENT: &str = "department";
pub(crate) const CITY: &str = "city";

pub(crate) fn counted(strings: &mut Strings<'_>, text: &str, side: SideNumber) -> TextId {
    let id = strings.intern(text);
    strings.count(id, side);
    id
}

/// Title, department and city, then the names of the further columns that both sides have, in
/// the order of the left side.
fn shared_columns(left: &[Record], right: &[Record]) -> Vec<String> {
    let further = |records: &[Record]| {
        let mut labels: Vec<String> = Vec::new();
        // Records of one source have the same columns, but empty ones may be left out of each.
        for (label, _) in records.iter().flat_map(|record| &record.text) {
            if !labels.iter().any(|known| known == label) {
                labels.push(label.clone());
            }
        }
        labels
    };
    let rights: Vec<String> = further(right)
        .iter()
        .map(|label| fold::fold_words(label))
        .collect();
    let mut columns: Vec<String> = [TITLE, DEPARTMENT, CITY].map(str::to_owned).to_vec();
    columns.extend(
        further(left)
            .into_iter()
            .filter(|label| rights.contains(&fold::fold_words(label))),
    );
    columns.truncate(TEXT_COLUMNS);
    columns
}
