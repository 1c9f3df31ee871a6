//! Records turned into people of the corpus.

mod addresses;
pub(crate) mod cells;
mod names;
pub(crate) mod side;

use crate::corpus::people::{Mail, People, Phone, Single};
use crate::corpus::strings::{NONE, SideNumber, Strings, TextId};
use crate::corpus::{Corpus, KNOWN_COLUMNS, MANAGER, counted};
use crate::intake::cells::Memory;
use crate::normalise::{birth, contact, email, fold, role};
use crate::record::{AccountKind, RecordView};

/// Most tokens of a name that an address is compared with.
const TOKENS: usize = 8;

/// Buffers that all records use in turn.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    given: Vec<TextId>,
    family: Vec<TextId>,
    mails: Vec<Mail>,
    phones: Vec<Phone>,
    ids: Vec<TextId>,
    texts: Vec<TextId>,
    local: String,
    compact: String,
    whole: String,
}

/// Takes up the records of one side.
pub(crate) struct Intake<'a, 'base> {
    pub(crate) corpus: &'a mut Corpus<'base>,
    pub(crate) memory: &'a mut Memory,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) side: SideNumber,
}

impl Intake<'_, '_> {
    /// Takes up one record.
    pub(crate) fn take(mut self, record: &RecordView<'_>, people: &mut People) {
        let name = self.take_name(record);
        self.take_mails(record);
        let role_mail = self.scratch.mails.first().is_some_and(|mail| {
            !mail.is_from_name() && role::is_role_local(self.corpus.locals.get(mail.local))
        });
        let username = self.take_username(record);
        let extension = self.take_numbers(record);
        self.take_texts(record);
        let side = self.side;
        let Scratch {
            given,
            family,
            mails,
            phones,
            ids,
            texts,
            compact,
            ..
        } = self.scratch;
        let corpus = self.corpus;
        corpus.totals[side] += 1;
        let mut key = |strings: &mut Strings<'_>, text: &str| {
            contact::external_id_into(text, compact);
            counted(strings, compact, side)
        };
        let single = Single {
            machine: match record.kind {
                AccountKind::Person => false,
                AccountKind::Service | AccountKind::Shared => true,
                AccountKind::Unknown => role_mail || name.role,
            },
            inactive: record.inactive,
            username: username.0,
            plain_username: username.1,
            extension: key(&mut corpus.extensions, extension),
            postcode: key(&mut corpus.postcodes, record.postcode),
            birth: match record.birth_date {
                "" => NONE,
                date => birth::parse(date).map_or(NONE, |birth| {
                    counted(&mut corpus.births, &birth.packed().to_string(), side)
                }),
            },
            given_whole: name.given_whole,
            family_whole: name.family_whole,
        };
        people.push(single, [given, family, ids, texts], mails, phones);
    }

    /// Takes phone numbers and ids. Returns the extension, which may stand behind a number.
    fn take_numbers<'r>(&mut self, record: &RecordView<'r>) -> &'r str {
        let Scratch {
            phones,
            ids,
            compact,
            ..
        } = &mut *self.scratch;
        phones.clear();
        ids.clear();
        for digits in record
            .phones
            .iter()
            .filter_map(|text| contact::phone_number(text))
        {
            if phones.iter().any(|phone| phone.digits == digits) {
                continue;
            }
            let mut buffer = [0; 7];
            let tail = contact::phone_tail(digits, &mut buffer);
            phones.push(Phone {
                digits,
                tail: self.corpus.phone_tails.append(tail),
            });
        }
        for text in record.external_ids {
            contact::external_id_into(text, compact);
            let known = |id: &TextId| self.corpus.ids.get(*id) == compact;
            if !compact.is_empty() && !ids.iter().any(known) {
                ids.push(self.corpus.ids.append(compact));
            }
        }
        match record.extension {
            "" => record
                .phones
                .iter()
                .find_map(|text| contact::extension_in(text))
                .unwrap_or(""),
            extension => extension,
        }
    }

    fn take_texts(&mut self, record: &RecordView<'_>) {
        let texts = &mut self.scratch.texts;
        texts.clear();
        texts.resize(self.corpus.texts.len(), NONE);
        let known = [record.title, record.department, record.city, record.manager];
        let further = record
            .text
            .iter()
            .map(|(place, value)| (place + KNOWN_COLUMNS.len(), *value));
        for (place, value) in known.into_iter().enumerate().chain(further) {
            let Some(text) = texts.get_mut(place).filter(|_| !value.is_empty()) else {
                continue;
            };
            let values = &mut self.corpus.texts[place].values;
            *text = self.memory.texts[place].get_or_read(value, || {
                values.intern(&if place == MANAGER {
                    manager(value)
                } else {
                    fold::fold_words(value)
                })
            });
            values.count(*text, self.side);
        }
    }
}

/// A manager's name in any order, or the local part of an address: its words, sorted.
fn manager(value: &str) -> String {
    let name = email::split(value).map_or(value, |(local, _)| local);
    let folded = fold::fold_words(name);
    let mut words: Vec<&str> = folded.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_is_the_same_in_any_order() {
        assert_eq!(manager("Hopper, Grace"), manager("grace hopper"));
        assert_eq!(manager("grace.hopper@example.com"), "grace hopper");
    }
}
