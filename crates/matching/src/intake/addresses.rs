//! Addresses and user names.

use super::cells::Domain;
use super::{Intake, Scratch, TOKENS};
use crate::corpus::people::Mail;
use crate::corpus::strings::{NONE, TextId};
use crate::normalise::email::{self, Pattern};
use crate::normalise::{fold, name};
use crate::record::RecordView;

impl Intake<'_, '_> {
    /// The user name, and whether it is made from the person's name. One that looks like an address
    /// is among the addresses.
    pub(super) fn take_username(&mut self, record: &RecordView<'_>) -> (TextId, bool) {
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

    pub(super) fn take_mails(&mut self, record: &RecordView<'_>) {
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
}

fn pattern_of(local: &str, name: &name::Name) -> Option<Pattern> {
    let given: Vec<&str> = name.given.iter().map(String::as_str).collect();
    let family: Vec<&str> = name.family.iter().map(String::as_str).collect();
    email::pattern_of(local, &given, &family)
}
