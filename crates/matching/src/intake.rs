//! Records turned into people of the corpus.

use std::sync::Arc;

use crate::cells::{Domain, Half, Memory};
use crate::corpus::{Corpus, KNOWN_COLUMNS, MANAGER, counted, is_role_name};
use crate::normalise::email::Pattern;
use crate::normalise::{birth, contact, email, fold, name, role};
use crate::people::{Mail, People, Phone, Single};
use crate::record::{AccountKind, RecordView};
use crate::strings::{NONE, SideNumber, Strings, TextId};

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

/// A name as numbers: its tokens are in the scratch.
struct Name {
    given_whole: TextId,
    family_whole: TextId,
    /// Made of words for functions, as `Support Team` is.
    role: bool,
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

    fn take_name(&mut self, record: &RecordView<'_>) -> Name {
        self.scratch.given.clear();
        self.scratch.family.clear();
        let given = self.half(record.given, false);
        let family = self.half(record.family, true);
        let composed = !given.is_some_and(|half| half.only_titles)
            && is_composed(record.full_name, record.given, record.family);
        let mut name = if composed {
            let tokens =
                |half: Option<Half>| half.map_or(&[][..], |half| self.memory.tokens_of(half));
            self.scratch.given.extend_from_slice(tokens(given));
            self.scratch.family.extend_from_slice(tokens(family));
            let role = |half: Option<Half>| half.is_none_or(|half| half.role);
            let whole = |half: Option<Half>| half.map_or(NONE, |half| half.whole);
            Name {
                given_whole: whole(given),
                family_whole: whole(family),
                role: (given.is_some() || family.is_some())
                    && (role(given) || role(family))
                    && self.is_role(),
            }
        } else {
            let tables = Arc::clone(&self.corpus.tables);
            let parsed = name::parse(record.given, record.family, record.full_name, &tables);
            let names = &mut self.corpus.names;
            self.scratch
                .given
                .extend(parsed.given.iter().map(|token| names.intern(token)));
            self.scratch
                .family
                .extend(parsed.family.iter().map(|token| names.intern(token)));
            Name {
                given_whole: whole(names, &self.scratch.given),
                family_whole: whole(names, &self.scratch.family),
                role: self.is_role(),
            }
        };
        if let Some(given) = self.given_name_in_addresses(record) {
            let given = self.corpus.names.intern(&given);
            self.scratch.given.clear();
            self.scratch.given.push(given);
            name.given_whole = given;
        }
        let (given, family) = (&self.scratch.given, &self.scratch.family);
        let side = self.side;
        self.corpus.count_name(given, name.given_whole, side, false);
        self.corpus
            .count_name(family, name.family_whole, side, true);
        name
    }

    fn is_role(&self) -> bool {
        is_role_name(
            &self.corpus.names,
            &self.scratch.given,
            &self.scratch.family,
        )
    }

    /// Half of a name by itself.
    fn half(&mut self, cell: &str, is_family: bool) -> Option<Half> {
        if cell.is_empty() {
            return None;
        }
        let Memory {
            given,
            family,
            tokens,
            ..
        } = &mut *self.memory;
        let cells = if is_family { family } else { given };
        let (tables, names) = (&self.corpus.tables, &mut self.corpus.names);
        let half = cells.get_or_read(cell, || {
            let parsed = if is_family {
                name::parse("", cell, "", tables).family
            } else {
                name::parse(cell, "", "", tables).given
            };
            let start = tokens.len();
            tokens.extend(parsed.iter().map(|token| names.intern(token)));
            let count = tokens.len() - start;
            Half {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                count: u8::try_from(count).unwrap_or(u8::MAX),
                whole: whole(names, &tokens[start..]),
                only_titles: parsed.iter().all(|token| name::is_title(token)),
                role: role::is_role_name(parsed.iter().map(String::as_str)),
            }
        });
        Some(half)
    }

    /// The given name that an address spells out where the record has an initial or nothing.
    fn given_name_in_addresses(&self, record: &RecordView<'_>) -> Option<String> {
        let names = &self.corpus.names;
        let initial = match self.scratch.given.as_slice() {
            [] => "",
            [only] if names.get(*only).len() == 1 => names.get(*only),
            _ => return None,
        };
        let [family] = self.scratch.family.as_slice() else {
            return None;
        };
        // With its particle: `aelsayed` of "A. El-Sayed" spells no Ael.
        let whole: String = fold::fold_words(record.family).split_whitespace().collect();
        let family = names.get(*family);
        record
            .emails
            .iter()
            .chain([&record.username])
            .filter_map(|text| email::parse(text))
            .find_map(|address| {
                let family = if whole.is_empty() || !address.local.contains(&whole) {
                    family
                } else {
                    &whole
                };
                email::given_name_in(&address.local, initial, family).map(str::to_owned)
            })
    }

    /// The user name, and whether it is made from the person's name. One that looks like an address
    /// is among the addresses.
    fn take_username(&mut self, record: &RecordView<'_>) -> (TextId, bool) {
        let username = record.username;
        if username.is_empty()
            || record.emails.contains(&username)
            || email::split(username).is_some()
        {
            return (NONE, false);
        }
        email::compact_into(&fold::fold(username), &mut self.scratch.compact);
        let plain = self.pattern().is_some();
        (self.corpus.usernames.append(&self.scratch.compact), plain)
    }

    fn take_mails(&mut self, record: &RecordView<'_>) {
        self.scratch.mails.clear();
        let mut spelled: Option<Option<name::Name>> = None;
        // Many user names are the address once more.
        let username = Some(&record.username).filter(|name| !record.emails.contains(name));
        let emails = record.emails.iter().map(|text| (text, false));
        for (text, is_username) in emails.chain(username.map(|text| (text, true))) {
            let Some((local, domain)) = email::split(text) else {
                continue;
            };
            let mut domain = self.domain(domain);
            if is_username {
                self.undecorate(&mut domain);
            }
            let corpus = &mut *self.corpus;
            let Scratch {
                mails,
                local: folded,
                compact,
                whole,
                ..
            } = &mut *self.scratch;
            let domain_text = corpus.domains.get(domain.id);
            email::fold_local(local, domain_text, folded);
            email::compact_into(folded, compact);
            whole.clear();
            whole.extend([folded.as_str(), "@", domain_text]);
            let known = |mail: &Mail| corpus.mails.get(mail.whole) == whole;
            if compact.is_empty() || mails.iter().any(known) {
                continue;
            }
            let whole = corpus.mails.append(whole);
            let local = corpus.locals.append(compact);
            corpus.domains.count(domain.id, self.side);
            let pattern = self.pattern().or_else(|| {
                let name = spelled.get_or_insert_with(|| self.spelled_out(record));
                pattern_of(&self.scratch.compact, name.as_ref()?)
            });
            self.scratch.mails.push(Mail {
                whole,
                local,
                pattern,
                domain: domain.id,
                public: domain.public,
                undecorated: domain.undecorated,
            });
        }
    }

    fn domain(&mut self, cell: &str) -> Domain {
        let domains = &mut self.corpus.domains;
        self.memory.domains.get_or_read(cell, || {
            let (text, undecorated) = email::normal_domain(cell);
            Domain {
                id: domains.intern(&text),
                public: email::is_public_provider(&text),
                undecorated,
            }
        })
    }

    /// A user name that looks like an address may carry the name of a sandbox behind the domain
    /// (`ada@example.com.staging`): behind that of the person's own address, or where no domain
    /// ends so.
    fn undecorate(&mut self, domain: &mut Domain) {
        let domains = &self.corpus.domains;
        let text = domains.get(domain.id);
        let own = self.scratch.mails.iter().find(|mail| {
            let behind = text.strip_prefix(domains.get(mail.domain));
            behind.is_some_and(|behind| behind.len() > 1 && behind.starts_with('.'))
        });
        if let Some(mail) = own {
            *domain = Domain {
                id: mail.domain,
                public: mail.public,
                undecorated: true,
            };
        } else if let Some(real) = email::without_sandbox_name(text) {
            let real = real.to_owned();
            *domain = Domain {
                undecorated: true,
                ..self.domain(&real)
            };
        }
    }

    /// How the compact text in the scratch is made from the person's name.
    fn pattern(&self) -> Option<Pattern> {
        let names = &self.corpus.names;
        let mut texts = [""; 2 * TOKENS];
        let (given, family) = texts.split_at_mut(TOKENS);
        let filled = |texts: &mut [&str], ids: &[TextId]| ids.len().min(texts.len());
        let (givens, families) = (
            filled(given, &self.scratch.given),
            filled(family, &self.scratch.family),
        );
        for (text, id) in given.iter_mut().zip(&self.scratch.given) {
            *text = names.get(*id);
        }
        for (text, id) in family.iter_mut().zip(&self.scratch.family) {
            *text = names.get(*id);
        }
        email::pattern_of(&self.scratch.compact, &given[..givens], &family[..families])
    }

    /// The name with its umlauts spelled out, if it has any: addresses are made from "mueller" as
    /// often as from "muller".
    fn spelled_out(&self, record: &RecordView<'_>) -> Option<name::Name> {
        let parts = [record.given, record.family, record.full_name];
        if parts.iter().all(|part| part.is_ascii()) {
            return None;
        }
        let spelled = parts.map(fold::spelled_out);
        if spelled.iter().all(Option::is_none) {
            return None;
        }
        let part = |place: usize| spelled[place].as_deref().unwrap_or(parts[place]);
        Some(name::parse(part(0), part(1), part(2), &self.corpus.tables))
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

/// All tokens of a part but initials, as one name.
fn whole(names: &mut Strings<'_>, tokens: &[TextId]) -> TextId {
    let mut long = tokens.iter().filter(|id| names.get(**id).len() > 1);
    match (long.next(), long.next(), tokens) {
        (None, _, []) => NONE,
        (None, _, [first, ..]) => *first,
        (Some(only), None, _) => *only,
        (Some(_), Some(_), _) => {
            let joined: String = tokens
                .iter()
                .map(|id| names.get(*id))
                .filter(|token| token.len() > 1)
                .collect();
            names.intern(&joined)
        }
    }
}

/// Whether a whole name says nothing beyond its halves: it is empty, or the halves in either
/// order.
fn is_composed(full: &str, given: &str, family: &str) -> bool {
    if full.is_empty() {
        return true;
    }
    if given.is_empty() || family.is_empty() {
        return false;
    }
    let joined = |one: &str, other: &str, between: &str| {
        full.strip_prefix(one)
            .and_then(|rest| rest.strip_prefix(between))
            == Some(other)
    };
    joined(given, family, " ") || joined(family, given, ", ") || joined(family, given, " ")
}

fn pattern_of(local: &str, name: &name::Name) -> Option<Pattern> {
    let given: Vec<&str> = name.given.iter().map(String::as_str).collect();
    let family: Vec<&str> = name.family.iter().map(String::as_str).collect();
    email::pattern_of(local, &given, &family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_may_be_nothing_but_its_halves() {
        assert!(is_composed("Ada Lovelace", "Ada", "Lovelace"));
        assert!(is_composed("Lovelace, Ada", "Ada", "Lovelace"));
        assert!(!is_composed("Ada King Lovelace", "Ada", "Lovelace"));
        assert!(!is_composed("Ada Lovelace", "", "Lovelace"));
    }

    #[test]
    fn a_manager_is_the_same_in_any_order() {
        assert_eq!(manager("Hopper, Grace"), manager("grace hopper"));
        assert_eq!(manager("grace.hopper@example.com"), "grace hopper");
    }
}
