//! Records turned into people of the corpus.

use std::sync::Arc;

use crate::corpus::{CITY, Corpus, DEPARTMENT, Mail, Person, TITLE, counted};
use crate::normalise::{birth, contact, email, fold, name, role};
use crate::record::{AccountKind, Record};
use crate::strings::{NONE, SideNumber, TextId};

impl Corpus<'_> {
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
        let mut name = name::parse(&record.given, &record.family, &record.full_name, &tables);
        complete_from_addresses(&mut name, record);
        let given: Box<[TextId]> = name.given.iter().map(|token| self.name(token)).collect();
        let family: Box<[TextId]> = name.family.iter().map(|token| self.name(token)).collect();
        let given_whole = self.whole(&name.given, &given);
        let family_whole = self.whole(&name.family, &family);
        self.count_name(&given, given_whole, side, false);
        self.count_name(&family, family_whole, side, true);
        self.count_full_name(given_whole, family_whole, side);
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
}

/// Puts the given name that an address spells out in the place of an initial or of nothing.
fn complete_from_addresses(name: &mut name::Name, record: &Record) {
    let initial = match name.given.as_slice() {
        [] => "",
        [only] if only.len() == 1 => only.as_str(),
        _ => return,
    };
    let [family] = name.family.as_slice() else {
        return;
    };
    // With its particle: `aelsayed` of "A. El-Sayed" spells no Ael.
    let whole: String = fold::fold_words(&record.family)
        .split_whitespace()
        .collect();
    let found = record
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
        });
    if let Some(given) = found {
        name.given = vec![given];
    }
}

fn follows(local: &str, name: &name::Name) -> bool {
    let given: Vec<&str> = name.given.iter().map(String::as_str).collect();
    let family: Vec<&str> = name.family.iter().map(String::as_str).collect();
    email::follows_name(local, &given, &family)
}
