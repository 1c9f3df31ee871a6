//! Both sides in the form in which they are compared: folded, numbered, counted.

use std::sync::Arc;

use crate::normalise::{birth, contact, email, fold, name, role, sound};
use crate::record::{AccountKind, Record};
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
    key: String,
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

    /// Takes up the records of one side.
    pub(crate) fn add_side(&mut self, records: &[Record], side: SideNumber) -> Vec<Person> {
        self.totals[side] += records.len();
        records
            .iter()
            .map(|record| self.add(record, side))
            .collect()
    }

    /// Takes up one record.
    pub(crate) fn add(&mut self, record: &Record, side: SideNumber) -> Person {
        let tables = Arc::clone(&self.tables);
        let name = name::parse(&record.given, &record.family, &record.full_name, &tables);
        let given: Box<[TextId]> = name.given.iter().map(|token| self.name(token)).collect();
        let family: Box<[TextId]> = name.family.iter().map(|token| self.name(token)).collect();
        let given_whole = self.whole(&name.given, &given);
        let family_whole = self.whole(&name.family, &family);
        self.count_name(&given, given_whole, side, false);
        self.count_name(&family, family_whole, side, true);
        let username_is_mail = email::parse(&record.username).is_some();
        let mails = self.add_mails(record, &name, side);
        let role_mail = mails.first().is_some_and(|mail| {
            role::is_role_local(self.locals.get(mail.local)) && !mail.from_name
        });
        let role_name =
            role::is_role_name(name.given.iter().chain(&name.family).map(String::as_str));
        let username = if username_is_mail {
            ""
        } else {
            &record.username
        };
        Person {
            machine: match record.kind {
                AccountKind::Person => false,
                AccountKind::Service | AccountKind::Shared => true,
                AccountKind::Unknown => role_mail || role_name,
            },
            inactive: record.inactive,
            username: counted(
                &mut self.usernames,
                &email::compact(&fold::fold(username)),
                side,
            ),
            phones: record
                .phones
                .iter()
                .filter_map(|text| contact::phone_digits(text))
                .map(|digits| {
                    counted(&mut self.phone_tails, contact::phone_tail(&digits), side);
                    self.phones.intern(&digits)
                })
                .collect(),
            extension: counted(
                &mut self.extensions,
                &contact::external_id(&record.extension),
                side,
            ),
            ids: record
                .external_ids
                .iter()
                .map(|text| counted(&mut self.ids, &contact::external_id(text), side))
                .filter(|id| *id != NONE)
                .collect(),
            birth: birth::parse(&record.birth_date).map_or(NONE, |birth| {
                counted(&mut self.births, &birth.packed().to_string(), side)
            }),
            postcode: counted(
                &mut self.postcodes,
                &contact::postcode(&record.postcode),
                side,
            ),
            texts: self.add_texts(record, side),
            given,
            family,
            given_whole,
            family_whole,
            mails,
        }
    }

    fn add_mails(&mut self, record: &Record, name: &name::Name, side: SideNumber) -> Box<[Mail]> {
        // Addresses are made from "mueller" as often as from "muller".
        let spelled = [&record.given, &record.family, &record.full_name]
            .map(|text| fold::spelled_out(text).unwrap_or_else(|| text.clone()));
        let spelled = (spelled
            != [&record.given, &record.family, &record.full_name].map(Clone::clone))
        .then(|| name::parse(&spelled[0], &spelled[1], &spelled[2], &self.tables));
        let is_from_name = |local: &str| {
            follows(local, name) || spelled.as_ref().is_some_and(|name| follows(local, name))
        };
        let mut mails: Vec<Mail> = Vec::new();
        for text in record.emails.iter().chain([&record.username]) {
            let Some(address) = email::parse(text) else {
                continue;
            };
            let local = email::compact(&address.local);
            let whole = self
                .mails
                .intern(&format!("{}@{}", address.local, address.domain));
            if local.is_empty() || mails.iter().any(|mail| mail.whole == whole) {
                continue;
            }
            self.mails.count(whole, side);
            mails.push(Mail {
                whole,
                from_name: is_from_name(&local),
                local: counted(&mut self.locals, &local, side),
                public: email::is_public_provider(&address.domain),
                domain: counted(&mut self.domains, &address.domain, side),
            });
        }
        mails.into_boxed_slice()
    }

    fn add_texts(&mut self, record: &Record, side: SideNumber) -> Box<[TextId]> {
        let mut out = vec![NONE; self.texts.len()].into_boxed_slice();
        let named = [
            (TITLE, record.title.as_str()),
            (DEPARTMENT, record.department.as_str()),
            (CITY, record.city.as_str()),
        ];
        let further = record
            .text
            .iter()
            .map(|(label, value)| (label.as_str(), value.as_str()));
        for (label, value) in named.into_iter().chain(further) {
            if value.is_empty() {
                continue;
            }
            let place = self
                .texts
                .iter()
                .position(|column| column.label == label)
                .or_else(|| {
                    let key = fold::fold_words(label);
                    self.texts.iter().position(|column| column.key == key)
                });
            if let Some(place) = place {
                out[place] = counted(
                    &mut self.texts[place].values,
                    &fold::fold_words(value),
                    side,
                );
            }
        }
        out
    }

    fn name(&mut self, token: &str) -> TextId {
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

    fn whole(&mut self, tokens: &[String], ids: &[TextId]) -> TextId {
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

    fn count_name(&mut self, parts: &[TextId], whole: TextId, side: SideNumber, family: bool) {
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

fn follows(local: &str, name: &name::Name) -> bool {
    let given: Vec<&str> = name.given.iter().map(String::as_str).collect();
    let family: Vec<&str> = name.family.iter().map(String::as_str).collect();
    email::follows_name(local, &given, &family)
}

fn counted(strings: &mut Strings<'_>, text: &str, side: SideNumber) -> TextId {
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
