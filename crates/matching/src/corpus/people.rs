//! The people of one side in the form in which they are compared: numbers into the
//! [`Corpus`](crate::corpus::Corpus), packed, so that a million of them fit into little memory.

use crate::corpus::Corpus;
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::normalise::email::Pattern;

/// One e-mail address of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mail {
    /// `local@domain`.
    pub(crate) whole: TextId,
    /// Letters and digits of the local part.
    pub(crate) local: TextId,
    pub(crate) domain: TextId,
    /// How the local part is made from the person's own name, if it is.
    pub(crate) pattern: Option<Pattern>,
    /// A provider that gives addresses to anybody.
    pub(crate) public: bool,
    /// A sandbox's decoration was taken off.
    pub(crate) undecorated: bool,
}

impl Mail {
    /// Whether the local part is made from the person's own name.
    pub(crate) fn is_from_name(&self) -> bool {
        self.pattern.is_some()
    }
}

/// One phone number of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phone {
    /// Its significant digits, as a number.
    pub(crate) digits: u64,
    /// Its last digits.
    pub(crate) tail: TextId,
}

/// A record ready to be compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) given: &'a [TextId],
    pub(crate) family: &'a [TextId],
    /// All given tokens but initials, joined; the same number as the only one of them.
    pub(crate) given_whole: TextId,
    pub(crate) family_whole: TextId,
    /// How many other records of both sides have this given and family name, by sound.
    pub(crate) namesakes: u32,
    pub(crate) mails: &'a [Mail],
    pub(crate) username: TextId,
    /// The user name is made from the person's own name.
    pub(crate) plain_username: bool,
    pub(crate) phones: &'a [Phone],
    pub(crate) extension: TextId,
    pub(crate) ids: &'a [TextId],
    pub(crate) birth: TextId,
    pub(crate) postcode: TextId,
    /// By text column.
    pub(crate) texts: &'a [TextId],
    pub(crate) inactive: bool,
    /// Service or shared account, as stated or by its name and address.
    pub(crate) machine: bool,
}

/// The values of one record that are not lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Single {
    pub(crate) given_whole: TextId,
    pub(crate) family_whole: TextId,
    pub(crate) username: TextId,
    pub(crate) extension: TextId,
    pub(crate) birth: TextId,
    pub(crate) postcode: TextId,
    pub(crate) plain_username: bool,
    pub(crate) inactive: bool,
    pub(crate) machine: bool,
}

/// Where the lists of a record stand, and its single values.
#[derive(Debug, Clone, Copy)]
struct Row {
    lists: u32,
    mails: u32,
    phones: u32,
    given: u8,
    family: u8,
    ids: u8,
    mail_count: u8,
    phone_count: u8,
    namesakes: u32,
    single: Single,
}

/// All people of a side.
#[derive(Debug, Default)]
pub(crate) struct People {
    rows: Vec<Row>,
    /// Given tokens, family tokens, ids and texts of each, one behind the other.
    lists: Vec<TextId>,
    mails: Vec<Mail>,
    phones: Vec<Phone>,
    /// Text columns of each.
    columns: usize,
    /// Which record each was, once they are in another order.
    original: Vec<u32>,
}

/// How many people are fetched from memory at once.
const AT_ONCE: usize = 128;

/// Most entries of one kind that a record keeps; nobody has more names or addresses.
const MOST: usize = 200;

/// Values of which most records have one of their own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Large {
    Mails,
    Tails,
    Locals,
    Ids,
    Usernames,
}

impl Large {
    pub(crate) const ALL: [Self; 5] = [
        Self::Mails,
        Self::Tails,
        Self::Locals,
        Self::Ids,
        Self::Usernames,
    ];
}

/// How the numbers of one side become those of both, but for [`Large`] values.
#[derive(Debug, Default)]
pub(crate) struct Renumbering {
    pub(crate) names: Vec<TextId>,
    pub(crate) domains: Vec<TextId>,
    pub(crate) extensions: Vec<TextId>,
    pub(crate) births: Vec<TextId>,
    pub(crate) postcodes: Vec<TextId>,
    /// For each column of both sides, which one it is here, and its texts.
    pub(crate) columns: Vec<(usize, Vec<TextId>)>,
}

impl Renumbering {
    /// The small tables keep the numbers they have, of the columns those that are kept.
    pub(crate) fn same(corpus: &Corpus<'_>, kept: impl Iterator<Item = usize>) -> Self {
        let all = |strings: &Strings<'_>| (0..strings.len()).collect();
        Self {
            names: all(&corpus.names),
            domains: all(&corpus.domains),
            extensions: all(&corpus.extensions),
            births: all(&corpus.births),
            postcodes: all(&corpus.postcodes),
            columns: kept
                .map(|column| (column, all(&corpus.texts[column].values)))
                .collect(),
        }
    }
}

impl People {
    /// An empty side with so many text columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a record. Lists are cut at [`MOST`].
    pub(crate) fn push(
        &mut self,
        single: Single,
        [given, family, ids, texts]: [&[TextId]; 4],
        mails: &[Mail],
        phones: &[Phone],
    ) {
        let count = |length: usize| u8::try_from(length.min(MOST)).unwrap_or(u8::MAX);
        let start = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        self.rows.push(Row {
            lists: start(self.lists.len()),
            mails: start(self.mails.len()),
            phones: start(self.phones.len()),
            given: count(given.len()),
            family: count(family.len()),
            ids: count(ids.len()),
            mail_count: count(mails.len()),
            phone_count: count(phones.len()),
            namesakes: 0,
            single,
        });
        for list in [given, family, ids] {
            self.lists.extend_from_slice(&list[..list.len().min(MOST)]);
        }
        self.lists.extend_from_slice(texts);
        self.mails
            .extend_from_slice(&mails[..mails.len().min(MOST)]);
        self.phones
            .extend_from_slice(&phones[..phones.len().min(MOST)]);
    }

    /// The person of a number.
    pub(crate) fn get(&self, number: usize) -> Person<'_> {
        let row = &self.rows[number];
        let rest = &self.lists[row.lists as usize..];
        let (given, rest) = rest.split_at(usize::from(row.given));
        let (family, rest) = rest.split_at(usize::from(row.family));
        let (ids, rest) = rest.split_at(usize::from(row.ids));
        let (mails, phones) = (row.mails as usize, row.phones as usize);
        let single = &row.single;
        Person {
            given,
            family,
            ids,
            texts: &rest[..self.columns],
            given_whole: single.given_whole,
            family_whole: single.family_whole,
            namesakes: row.namesakes,
            mails: &self.mails[mails..mails + usize::from(row.mail_count)],
            username: single.username,
            plain_username: single.plain_username,
            phones: &self.phones[phones..phones + usize::from(row.phone_count)],
            extension: single.extension,
            birth: single.birth,
            postcode: single.postcode,
            inactive: single.inactive,
            machine: single.machine,
        }
    }

    /// Reads a little of each of some people, all at once, so that they are at hand afterwards.
    pub(crate) fn touch(&self, numbers: impl Iterator<Item = u32>) -> u32 {
        numbers.fold(0, |sum, number| {
            let row = &self.rows[number as usize];
            let list = self.lists.get(row.lists as usize).copied().unwrap_or(0);
            let mail = self.mails.get(row.mails as usize);
            sum ^ list ^ mail.map_or(0, |mail| mail.whole) ^ row.single.postcode
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Person<'_>> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// The same people in another order, with the numbers of the corpus of both sides.
    pub(crate) fn rebuilt(&self, order: Vec<u32>, numbers: &Renumbering) -> Self {
        let mut built = Self {
            rows: Vec::with_capacity(self.rows.len()),
            lists: Vec::with_capacity(self.lists.len()),
            mails: Vec::with_capacity(self.mails.len()),
            phones: Vec::with_capacity(self.phones.len()),
            columns: numbers.columns.len(),
            original: Vec::new(),
        };
        let new = |table: &[TextId], id: TextId| match id {
            NONE => NONE,
            id => table[id as usize],
        };
        let start = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        for (place, &number) in order.iter().enumerate() {
            if place.is_multiple_of(AT_ONCE) {
                let some = &order[place..order.len().min(place + AT_ONCE)];
                std::hint::black_box(self.touch(some.iter().copied()));
            }
            let mut row = self.rows[number as usize];
            let person = self.get(number as usize);
            row.lists = start(built.lists.len());
            row.mails = start(built.mails.len());
            row.phones = start(built.phones.len());
            let names = person.given.iter().chain(person.family);
            built
                .lists
                .extend(names.map(|id| numbers.names[*id as usize]));
            built.lists.extend_from_slice(person.ids);
            let texts = numbers.columns.iter();
            built
                .lists
                .extend(texts.map(|(column, table)| new(table, person.texts[*column])));
            built.mails.extend(person.mails.iter().map(|mail| Mail {
                domain: new(&numbers.domains, mail.domain),
                ..*mail
            }));
            built.phones.extend_from_slice(person.phones);
            let single = &mut row.single;
            single.given_whole = new(&numbers.names, single.given_whole);
            single.family_whole = new(&numbers.names, single.family_whole);
            single.extension = new(&numbers.extensions, single.extension);
            single.birth = new(&numbers.births, single.birth);
            single.postcode = new(&numbers.postcodes, single.postcode);
            built.rows.push(row);
        }
        built.original = order;
        built
    }

    /// All values of a kind, in the order of the people.
    pub(crate) fn values(&self, of: Large) -> Vec<TextId> {
        match of {
            Large::Mails => self.mails.iter().map(|mail| mail.whole).collect(),
            Large::Locals => self.mails.iter().map(|mail| mail.local).collect(),
            Large::Tails => self.phones.iter().map(|phone| phone.tail).collect(),
            Large::Ids => self.iter().flat_map(|person| person.ids).copied().collect(),
            Large::Usernames => self.rows.iter().map(|row| row.single.username).collect(),
        }
    }

    /// Puts other numbers in the place of all values of a kind.
    pub(crate) fn set_values(&mut self, of: Large, values: &[TextId]) {
        match of {
            Large::Mails => {
                for (mail, value) in self.mails.iter_mut().zip(values) {
                    mail.whole = *value;
                }
            }
            Large::Locals => {
                for (mail, value) in self.mails.iter_mut().zip(values) {
                    mail.local = *value;
                }
            }
            Large::Tails => {
                for (phone, value) in self.phones.iter_mut().zip(values) {
                    phone.tail = *value;
                }
            }
            Large::Ids => {
                let mut rest = values;
                for row in &self.rows {
                    let names = usize::from(row.given) + usize::from(row.family);
                    let from = row.lists as usize + names;
                    let (own, behind) = rest.split_at(usize::from(row.ids));
                    self.lists[from..from + own.len()].copy_from_slice(own);
                    rest = behind;
                }
            }
            Large::Usernames => {
                for (row, value) in self.rows.iter_mut().zip(values) {
                    row.single.username = *value;
                }
            }
        }
    }

    /// The number that a person had when it was pushed.
    pub(crate) fn original(&self, number: usize) -> u32 {
        self.original[number]
    }

    /// Where the persons stand that were pushed first, second and so on.
    pub(crate) fn places(&self) -> Vec<u32> {
        let mut places = vec![0; self.original.len()];
        for (place, original) in (0_u32..).zip(&self.original) {
            places[*original as usize] = place;
        }
        places
    }

    /// These people with others behind them, who were read into a corpus on top of theirs.
    pub(crate) fn followed_by(&self, others: &Self) -> Self {
        let start = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let [lists, mails, phones] =
            [self.lists.len(), self.mails.len(), self.phones.len()].map(start);
        let moved = others.rows.iter().map(|row| Row {
            lists: row.lists + lists,
            mails: row.mails + mails,
            phones: row.phones + phones,
            ..*row
        });
        let (first, count) = (start(self.rows.len()), start(others.rows.len()));
        Self {
            rows: self.rows.iter().copied().chain(moved).collect(),
            lists: [self.lists.as_slice(), &others.lists].concat(),
            mails: [self.mails.as_slice(), &others.mails].concat(),
            phones: [self.phones.as_slice(), &others.phones].concat(),
            columns: self.columns,
            original: self
                .original
                .iter()
                .copied()
                .chain(first..first + count)
                .collect(),
        }
    }

    /// Notes how many namesakes everybody has.
    pub(crate) fn count_namesakes(&mut self, corpus: &Corpus<'_>) {
        for row in &mut self.rows {
            let Single {
                given_whole,
                family_whole,
                ..
            } = row.single;
            let [lefts, rights] = corpus.full_name_counts(given_whole, family_whole);
            row.namesakes = lefts.saturating_sub(1) + rights.saturating_sub(1);
        }
    }
}
