//! The CRM users who are nobody on the platform: programs, shared mailboxes, guests, partners,
//! and people who only share a name.

use std::collections::HashSet;

use super::platform::{Human, unused_name};
use super::seats::{dated, share};
use super::spelling::mail_part;
use super::{DOMAIN, ORGANIZATION};
use crate::directory::{User, UserKind};
use crate::random::Random;

/// What kind of user comes nth; longer lists repeat the tail.
const ORDER: &[Extra] = &[
    Extra::Named(
        UserKind::Connecting,
        "Counterpart",
        "Connector",
        "counterpart.connector",
    ),
    Extra::Named(UserKind::SharedMailbox, "", "Support Queue", "support"),
    Extra::Named(UserKind::Integration, "Marketing", "Sync", "marketing.sync"),
    Extra::Invented(UserKind::Consultant, "brightpath-consulting.example"),
    Extra::Namesake,
    Extra::Invented(UserKind::Portal, "harbourline.example"),
    Extra::Named(UserKind::Automated, "Automated", "Process", "autoproc"),
    Extra::Invented(UserKind::Social, DOMAIN),
    Extra::Named(
        UserKind::Guest,
        "Help Center",
        "Site Guest User",
        "help.center",
    ),
    Extra::Named(UserKind::SharedMailbox, "", "Billing Desk", "billing"),
    Extra::Invented(UserKind::Consultant, "brightpath-consulting.example"),
    Extra::Invented(UserKind::Portal, "harbourline.example"),
    Extra::Invented(UserKind::Portal, "meridian-foods.example"),
    Extra::Invented(UserKind::Consultant, "oakfield-temps.example"),
];

/// Where the repetition starts.
const TAIL: usize = 10;

#[derive(Clone, Copy)]
enum Extra {
    /// Kind, given name, family name, local part of the address.
    Named(UserKind, &'static str, &'static str, &'static str),
    /// Kind and domain of a human who does not work here.
    Invented(UserKind, &'static str),
    /// A customer's employee with the name of one of ours.
    Namesake,
}

/// Fifteen in a hundred, and always the user the connection signs in as.
pub(crate) fn extras(
    people: usize,
    humans: &[Human],
    names: &mut HashSet<String>,
    random: &mut Random,
) -> Vec<User> {
    let wanted = share(people, 15).max(1);
    (0..wanted)
        .map(|nth| {
            let place = if nth < TAIL {
                nth
            } else {
                TAIL + (nth - TAIL) % (ORDER.len() - TAIL)
            };
            user(ORDER[place], humans, names, random)
        })
        .collect()
}

fn user(extra: Extra, humans: &[Human], names: &mut HashSet<String>, random: &mut Random) -> User {
    match extra {
        Extra::Named(kind, given, family, local) => User {
            given: given.to_owned(),
            family: family.to_owned(),
            email: format!("{local}@{DOMAIN}"),
            kind,
            ..dated(random)
        },
        Extra::Invented(kind, domain) => {
            let name = unused_name(random, names);
            let given = mail_part(&name.given, name.locale);
            User {
                email: format!("{given}.{}@{domain}", mail_part(&name.family, name.locale)),
                given: name.given,
                family: name.family,
                locale: name.locale.to_owned(),
                company: (domain != DOMAIN).then(|| company(domain)),
                kind,
                ..dated(random)
            }
        }
        Extra::Namesake => {
            let nth = random.below(humans.len().min(10));
            let Some(human) = humans.get(nth) else {
                return user(
                    Extra::Invented(UserKind::Consultant, "oakfield-temps.example"),
                    humans,
                    names,
                    random,
                );
            };
            let person = &human.person;
            let given = mail_part(&person.given, &person.locale);
            User {
                given: person.given.clone(),
                family: person.family.clone(),
                email: format!("{given}@harbourline.example"),
                title: Some("Purchasing Manager".to_owned()),
                company: Some(company("harbourline.example")),
                locale: person.locale.clone(),
                kind: UserKind::Consultant,
                ..dated(random)
            }
        }
    }
}

/// The company behind a domain: `harbourline.example` is *Harbourline*.
fn company(domain: &str) -> String {
    if domain == DOMAIN {
        return ORGANIZATION.to_owned();
    }
    let name = domain.split('.').next().unwrap_or(domain);
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect::<Vec<_>>().join(" ")
}
