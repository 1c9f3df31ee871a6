//! The humans and how the phone platform lists them.

use std::collections::HashSet;

use super::names::{Culture, cultures};
use super::spelling::mail_part;
use super::{DOMAIN, Person};
use crate::random::Random;

/// One human: what the platform says, and what everybody who knows them could say.
#[derive(Clone, Debug)]
pub(crate) struct Human {
    pub(crate) person: Person,
    /// What colleagues call them.
    pub(crate) nick: Option<String>,
    /// Given and family name in the native script.
    pub(crate) native: Option<(String, String)>,
    /// The family name before marriage, of those who changed it lately.
    pub(crate) maiden: Option<String>,
    /// Father or mother and child in one team: nothing but the number behind the address differs.
    pub(crate) namesake: bool,
}

/// A name before it belongs to anybody.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) given: String,
    pub(crate) family: String,
    nick: Option<String>,
    native: Option<(String, String)>,
    maiden: Option<String>,
    pub(crate) locale: &'static str,
}

/// Departments and the titles in them.
pub(crate) const DEPARTMENTS: &[(&str, &[&str])] = &[
    (
        "Support",
        &[
            "Support Engineer",
            "Senior Support Engineer",
            "Team Lead Support",
        ],
    ),
    (
        "Sales",
        &[
            "Account Executive",
            "Sales Development Representative",
            "Sales Manager",
        ],
    ),
    (
        "Field Service",
        &["Field Technician", "Senior Field Technician"],
    ),
    ("Network Operations", &["Network Engineer", "NOC Analyst"]),
    (
        "Customer Success",
        &["Customer Success Manager", "Onboarding Specialist"],
    ),
    ("Finance", &["Billing Specialist", "Accountant"]),
    ("Dispatch", &["Dispatcher", "Scheduling Coordinator"]),
    ("Security", &["Security Analyst", "Incident Responder"]),
];

/// British area codes with a block of a thousand numbers that Ofcom keeps for drama.
const FICTIONAL_BLOCKS: &[&str] = &[
    "207946", "113496", "114496", "115496", "116496", "117496", "121496", "131496", "141496",
    "151496", "161496", "191498",
];

/// The switchboard: the number of everybody without one of their own.
pub(crate) const SWITCHBOARD: &str = "+442079460000";

/// The first member of each pair of namesakes; the second follows. One pair in sixty people.
fn is_namesake(index: usize) -> bool {
    index % 60 == 20 || index % 60 == 21
}

/// All humans of the organization, in the platform's order.
pub(crate) fn humans(seed: u64, people: usize) -> Vec<Human> {
    let mut names = HashSet::new();
    let mut addresses = HashSet::new();
    let mut humans: Vec<Human> = Vec::with_capacity(people);
    for index in 0..people {
        let mut random = Random::new(seed, "person", index);
        let parent = humans.last().filter(|_| index % 60 == 21);
        let name = match parent {
            Some(parent) => inherited(parent),
            None => unused_name(&mut random, &mut names),
        };
        let mut human = human(index, people, name, &mut addresses, &mut random);
        human.namesake = is_namesake(index) && people > index / 60 * 60 + 21;
        if let Some(parent) = parent {
            human.person.title.clone_from(&parent.person.title);
            human
                .person
                .department
                .clone_from(&parent.person.department);
        }
        humans.push(human);
    }
    humans
}

fn inherited(parent: &Human) -> Name {
    // The locale only decides how umlauts are spelt in an address; the parent's is known.
    let locale = cultures()
        .iter()
        .map(|culture| culture.locale)
        .find(|locale| *locale == parent.person.locale)
        .unwrap_or("en_US");
    Name {
        given: parent.person.given.clone(),
        family: parent.person.family.clone(),
        nick: parent.nick.clone(),
        native: parent.native.clone(),
        maiden: None,
        locale,
    }
}

/// A name nobody has yet. After a few tries it gets a second part, so that ten thousand people
/// do not have to share three thousand names.
pub(crate) fn unused_name(random: &mut Random, taken: &mut HashSet<String>) -> Name {
    let mut name = any_name(random);
    for attempt in 0..8 {
        if attempt >= 3 {
            name = compound(&name, &any_name(random), attempt);
        }
        if taken.insert(format!("{} {}", name.given, name.family)) {
            break;
        }
        name = any_name(random);
    }
    name
}

fn compound(name: &Name, other: &Name, attempt: usize) -> Name {
    let mut longer = Name {
        native: None,
        maiden: None,
        ..name.clone()
    };
    if attempt.is_multiple_of(2) {
        longer.given = format!("{} {}", name.given, other.given);
    } else {
        longer.family = format!("{}-{}", name.family, other.family);
    }
    longer
}

/// A name of any culture, in its weight.
fn any_name(random: &mut Random) -> Name {
    let culture = any_culture(random);
    let gender = random.below(2);
    let given = random.pick(&culture.given[gender]).clone();
    let family = random.pick(&culture.family[gender]).clone();
    let other = random.pick(&culture.family[gender]);
    // Every ninth woman and hardly any man changed the family name lately.
    let changed = random.chance(if gender == 0 { 11 } else { 1 }) && other.latin != family.latin;
    Name {
        native: given.native.clone().zip(family.native.clone()),
        maiden: changed.then(|| other.latin.clone()),
        given: given.latin,
        family: family.latin,
        nick: given.nick,
        locale: culture.locale,
    }
}

fn any_culture(random: &mut Random) -> &'static Culture {
    let total: usize = cultures().iter().map(|culture| culture.weight).sum();
    let mut left = random.below(total);
    for culture in cultures() {
        if left < culture.weight {
            return culture;
        }
        left -= culture.weight;
    }
    &cultures()[0]
}

fn human(
    index: usize,
    people: usize,
    name: Name,
    addresses: &mut HashSet<String>,
    random: &mut Random,
) -> Human {
    let (department, titles) = *random.pick(DEPARTMENTS);
    let username = unused_address(&name, addresses);
    let first_extension = if people <= 700 { 201 } else { 10_001 };
    let person = Person {
        external_id: format!("agent-{}", 1001 + index),
        email: format!("{username}@{DOMAIN}"),
        username,
        display_name: format!("{} {}", name.given, name.family),
        extension: (!random.chance(4)).then(|| (first_extension + index).to_string()),
        phone: direct_number(index).filter(|_| !random.chance(15)),
        mobile: (index < 1000).then(|| format!("+447700900{index:03}")),
        title: (*random.pick(titles)).to_owned(),
        department: department.to_owned(),
        employee_number: (!random.chance(20)).then(|| format!("E{}", 20_417 + index * 7)),
        locale: name.locale.to_owned(),
        given: name.given,
        family: name.family,
    };
    Human {
        person,
        nick: name.nick,
        native: name.native,
        maiden: name.maiden,
        namesake: false,
    }
}

fn unused_address(name: &Name, taken: &mut HashSet<String>) -> String {
    let given = mail_part(&name.given, name.locale);
    let wished = format!("{given}.{}", mail_part(&name.family, name.locale));
    let mut address = wished.clone();
    let mut number = 2;
    while !taken.insert(address.clone()) {
        address = format!("{wished}{number}");
        number += 1;
    }
    address
}

/// A number of one's own; there are about twelve thousand, the first of which is the switchboard.
fn direct_number(index: usize) -> Option<String> {
    let block = FICTIONAL_BLOCKS[index % FICTIONAL_BLOCKS.len()];
    let number = index / FICTIONAL_BLOCKS.len() + 1;
    (number < 1000).then(|| format!("+44{block}0{number:03}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_people_have_an_address_and_an_extension_of_their_own() {
        let humans = humans(7, 10_000);
        let addresses: HashSet<_> = humans.iter().map(|human| &human.person.email).collect();
        let numbers: HashSet<_> = humans
            .iter()
            .filter_map(|human| human.person.phone.as_ref())
            .collect();
        assert_eq!(addresses.len(), 10_000);
        assert_eq!(
            numbers.len(),
            humans
                .iter()
                .filter(|human| human.person.phone.is_some())
                .count()
        );
    }

    #[test]
    fn names_repeat_only_in_the_pairs_that_are_meant_to() {
        let humans = humans(7, 6_000);
        let names: HashSet<_> = humans
            .iter()
            .map(|human| &human.person.display_name)
            .collect();
        assert!(
            names.len() >= humans.len() - 100 - 30,
            "{} names",
            names.len()
        );
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let people = |seed| {
            humans(seed, 60)
                .into_iter()
                .map(|human| human.person)
                .collect::<Vec<_>>()
        };
        assert_eq!(people(3), people(3));
        assert_ne!(people(3), people(4));
    }

    #[test]
    fn sixty_people_are_of_many_cultures() {
        let humans = humans(1, 60);
        let locales: HashSet<_> = humans.iter().map(|human| &human.person.locale).collect();
        assert!(locales.len() >= 12, "{locales:?}");
    }
}
