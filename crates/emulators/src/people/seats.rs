//! The same humans as one CRM lists them: somebody else typed them in, years apart, and nobody
//! tidied up since.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::extras::extras;
use super::platform::{Human, SWITCHBOARD, humans, unused_name};
use super::spelling::{capitalised, folded, german, initial, mail_part, phone};
use crate::directory::{User, UserKind, UserState};
use crate::random::Random;

/// The day the seeded directories are as of; changes made later are later.
const AS_OF: i64 = 1_788_220_800; // 2026-09-01T00:00:00Z

/// How one CRM differs from the platform. Shares are in percent of its people.
#[derive(Debug)]
pub(crate) struct Flavour {
    /// The emulator's name; also the stream of randomness.
    pub(crate) provider: &'static str,
    /// The domain of those who are there under another one; the organization's own makes it the
    /// platform's directory.
    pub(crate) other_domain: &'static str,
    pub(crate) email: EmailMix,
    pub(crate) name: NameMix,
    pub(crate) has_phone: usize,
    pub(crate) has_extension: usize,
    pub(crate) has_employee_number: usize,
    /// How the departments are called here, in the order of the platform's.
    pub(crate) departments: &'static [&'static str],
    /// The vendor's id of the nth user of the directory.
    pub(crate) id: fn(usize) -> String,
    /// The vendor's id of the nth record of a kind: `contact`, `lead`, `company`.
    pub(crate) record_id: fn(&str, usize) -> String,
    /// The name to sign in with.
    pub(crate) username: fn(&User) -> String,
    /// Whether somebody who left may have been barred without being switched off.
    pub(crate) freezes: bool,
}

/// Who has which e-mail address there; the rest have the platform's.
#[derive(Debug)]
pub(crate) struct EmailMix {
    pub(crate) other_case: usize,
    pub(crate) plus_tag: usize,
    pub(crate) other_domain: usize,
    /// `jmeyer@` at the other domain.
    pub(crate) short: usize,
}

/// Who is called what there; the rest are called what the platform calls them.
#[derive(Debug)]
pub(crate) struct NameMix {
    pub(crate) nick: usize,
    pub(crate) folded: usize,
    pub(crate) native: usize,
    pub(crate) initial: usize,
    pub(crate) maiden: usize,
    /// `Meyer, Anna` in the family name's field.
    pub(crate) swapped: usize,
}

impl Flavour {
    /// Whether it is the platform's own directory: one whose other domain is the organization's
    /// own knows everybody, under the data the platform has.
    pub(crate) fn is_platform(&self) -> bool {
        self.other_domain == super::DOMAIN
    }
}

/// A user of the CRM and the person behind it, if it is one of the platform's.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) user: User,
    /// External id of the person; none for the second, inactive account of somebody.
    pub(crate) person: Option<String>,
}

/// The CRM's whole directory, ids given.
pub(crate) fn seats(seed: u64, people: usize, flavour: &Flavour) -> Vec<Seat> {
    let humans = humans(seed, people);
    if flavour.is_platform() {
        return platform_seats(seed, people, &humans, flavour);
    }
    let missing = missing(seed, people, flavour);
    let mut seats: Vec<Seat> = Vec::with_capacity(people + people / 4 + 8);
    for (index, human) in humans.iter().enumerate() {
        if !missing.contains(&index) {
            let mut random = Random::new(seed, flavour.provider, index);
            let user = user_of(index, human, flavour, &mut random);
            seats.push(Seat {
                user,
                person: Some(human.person.external_id.clone()),
            });
        }
    }
    let doubles = doubles(&seats, people);
    let mut others = Random::new(seed, flavour.provider, usize::MAX);
    // Nobody else gets the name of one of ours by accident, at any size; one does on purpose.
    let mut names: HashSet<String> = humans
        .iter()
        .map(|human| human.person.display_name.clone())
        .collect();
    seats.extend(doubles);
    for nth in 0..share(people, 5) {
        seats.push(Seat {
            user: leaver(nth, flavour, &mut names, &mut others),
            person: None,
        });
    }
    let extras = extras(people, &humans, &mut names, &mut others);
    seats.extend(extras.into_iter().map(|user| Seat { user, person: None }));
    others.shuffle(&mut seats);
    give_ids(&mut seats, flavour);
    seats
}

/// The platform's own directory: everybody as they are, those who left, and the user the
/// connection signs in as.
fn platform_seats(seed: u64, people: usize, humans: &[Human], flavour: &Flavour) -> Vec<Seat> {
    let own = |(index, human): (usize, &Human)| {
        let mut random = Random::new(seed, flavour.provider, index);
        let person = human.person.clone();
        let user = User {
            given: person.given,
            family: person.family,
            email: person.email,
            phone: person.phone,
            mobile: person.mobile,
            extension: person.extension,
            title: Some(person.title),
            department: Some(person.department),
            employee_number: person.employee_number,
            locale: person.locale,
            ..dated(&mut random)
        };
        Seat {
            user,
            person: Some(person.external_id),
        }
    };
    let mut seats: Vec<Seat> = humans.iter().enumerate().map(own).collect();
    let mut others = Random::new(seed, flavour.provider, usize::MAX);
    let mut names: HashSet<String> = humans
        .iter()
        .map(|human| human.person.display_name.clone())
        .collect();
    for nth in 0..share(people, 5) {
        seats.push(Seat {
            user: leaver(nth, flavour, &mut names, &mut others),
            person: None,
        });
    }
    let extras = extras(people, humans, &mut names, &mut others).into_iter();
    let connecting = extras.filter(|user| user.kind == UserKind::Connecting);
    seats.extend(connecting.map(|user| Seat { user, person: None }));
    give_ids(&mut seats, flavour);
    seats
}

/// Ids by position, and a login that nobody else has.
fn give_ids(seats: &mut [Seat], flavour: &Flavour) {
    let mut usernames = HashSet::new();
    for (position, seat) in seats.iter_mut().enumerate() {
        seat.user.id = (flavour.id)(position);
        seat.user.line_of_business = u32::try_from(position % 3).unwrap_or(0) + 1;
        name_login(&mut seat.user, flavour, &mut usernames);
    }
}

/// `percent` of the people, rounded.
pub(crate) fn share(people: usize, percent: usize) -> usize {
    (people * percent + 50) / 100
}

/// One in twenty people has no account in this CRM.
fn missing(seed: u64, people: usize, flavour: &Flavour) -> HashSet<usize> {
    let mut everybody: Vec<usize> = (0..people).filter(|index| !is_hard(*index)).collect();
    Random::new(seed, flavour.other_domain, people).shuffle(&mut everybody);
    everybody
        .into_iter()
        .filter(|index| !(20..=21).contains(&(index % 60)))
        .take(share(people, 5))
        .collect()
}

/// Two people in sixty are hard: short name, other address, no number.
fn is_hard(index: usize) -> bool {
    index % 30 == 11
}

fn name_login(user: &mut User, flavour: &Flavour, taken: &mut HashSet<String>) {
    let wished = (flavour.username)(user);
    let mut name = wished.clone();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = match wished.split_once('@') {
            Some((local, domain)) => format!("{local}{number}@{domain}"),
            None => format!("{wished}{number}"),
        };
        number += 1;
    }
    user.username = name;
}

fn user_of(index: usize, human: &Human, flavour: &Flavour, random: &mut Random) -> User {
    let person = &human.person;
    let hard = is_hard(index);
    let (mut email, easy_name) = email_of(human, hard, flavour, random);
    let (given, family) = if hard {
        let short = human.nick.clone().unwrap_or_else(|| initial(&person.given));
        (short, person.family.clone())
    } else {
        name_of(human, easy_name || human.namesake, flavour, random)
    };
    if human.namesake {
        email = namesake_email(index, human, flavour);
    }
    let unreachable = hard || human.namesake;
    let strict = easy_name && !unreachable;
    let spelling = random.below(4);
    let mut kept = |value: &Option<String>, percent: usize| {
        let keep = random.chance(percent) || strict;
        value.clone().filter(|_| keep && !unreachable)
    };
    let direct = kept(&person.phone, flavour.has_phone).map(|number| phone(&number, spelling));
    let shared = human.namesake.then(|| phone(SWITCHBOARD, spelling));
    let extension = kept(&person.extension, flavour.has_extension);
    let employee_number = kept(&person.employee_number, flavour.has_employee_number);
    let mobile = kept(&person.mobile, flavour.has_phone / 3).map(|number| phone(&number, spelling));
    User {
        given,
        family,
        email,
        phone: direct.or(shared),
        extension,
        employee_number,
        mobile,
        title: Some(person.title.clone()).filter(|_| random.chance(85)),
        department: Some(department(&person.department, flavour)),
        locale: person.locale.clone(),
        confirmed: index % 30 != 5,
        nickname: human.nick.clone(),
        ..dated(random)
    }
}

/// An address that does not say which of the two it is: `mvo@` for one, `m.vo@` for the other.
fn namesake_email(index: usize, human: &Human, flavour: &Flavour) -> String {
    let local = short_local(human);
    let (first, rest) = local.split_at(local.len().min(1));
    let dot = if index.is_multiple_of(2) { "" } else { "." };
    format!("{first}{dot}{rest}@{}", flavour.other_domain)
}

fn department(ours: &str, flavour: &Flavour) -> String {
    let at = super::platform::DEPARTMENTS
        .iter()
        .position(|(name, _)| *name == ours);
    at.and_then(|at| flavour.departments.get(at))
        .map_or_else(|| ours.to_owned(), |name| (*name).to_owned())
}

/// The address, and whether it says so little that the rest of the record must say more.
fn email_of(human: &Human, hard: bool, flavour: &Flavour, random: &mut Random) -> (String, bool) {
    let email = &human.person.email;
    let (local, domain) = email.split_once('@').unwrap_or((email.as_str(), ""));
    let mix = &flavour.email;
    let draw = random.below(100);
    let short = || format!("{}@{}", short_local(human), flavour.other_domain);
    if hard || draw < mix.short {
        return (short(), !hard);
    }
    let draw = draw - mix.short;
    if draw < mix.other_case {
        return (capitalised(email), false);
    }
    let draw = draw - mix.other_case;
    if draw < mix.plus_tag {
        return (format!("{local}+crm@{domain}"), false);
    }
    let draw = draw - mix.plus_tag;
    if draw < mix.other_domain {
        return (format!("{local}@{}", flavour.other_domain), false);
    }
    (email.clone(), false)
}

fn short_local(human: &Human) -> String {
    let person = &human.person;
    let given = mail_part(&person.given, &person.locale);
    let first = given.chars().next().map(String::from).unwrap_or_default();
    format!("{first}{}", mail_part(&person.family, &person.locale))
}

/// Given and family name; `plain` when nothing else identifies the person.
fn name_of(human: &Human, plain: bool, flavour: &Flavour, random: &mut Random) -> (String, String) {
    let Human {
        person,
        nick,
        native,
        maiden,
        ..
    } = human;
    let mix = &flavour.name;
    let draw = random.below(100);
    let same = (person.given.clone(), person.family.clone());
    if plain {
        return same;
    }
    if let Some(native) = native.as_ref().filter(|_| draw < mix.native) {
        return native.clone();
    }
    if let Some(maiden) = maiden.as_ref().filter(|_| draw < mix.maiden) {
        return (person.given.clone(), maiden.clone());
    }
    let draw = random.below(100);
    if let Some(nick) = nick.as_ref().filter(|_| draw < mix.nick) {
        return (nick.clone(), person.family.clone());
    }
    let draw = random.below(100);
    if draw < mix.initial {
        return (initial(&person.given), person.family.clone());
    }
    let draw = draw - mix.initial;
    if draw < mix.swapped {
        return (
            String::new(),
            format!("{}, {}", person.family, person.given),
        );
    }
    let draw = draw - mix.swapped;
    if draw < mix.folded {
        return (german(&person.given), german(&person.family));
    }
    if draw < mix.folded * 2 {
        return (folded(&person.given), folded(&person.family));
    }
    same
}

/// A blank user with dates of its own.
pub(crate) fn dated(random: &mut Random) -> User {
    let days = |from: usize, random: &mut Random| {
        let seconds = i64::try_from(random.below(from * 86_400)).unwrap_or(0);
        let as_of = Timestamp::from_second(AS_OF).unwrap_or(Timestamp::UNIX_EPOCH);
        as_of
            .checked_sub(SignedDuration::from_secs(seconds))
            .unwrap_or(as_of)
    };
    let modified = days(400, random);
    let before = SignedDuration::from_hours(24 + i64::try_from(random.below(20_000)).unwrap_or(0));
    let created = modified.checked_sub(before).unwrap_or(modified);
    User {
        created,
        modified,
        last_login: Some(days(30, random)),
        ..User::blank()
    }
}

/// Somebody who left: the account is there, switched off. One in ten was only frozen.
fn leaver(nth: usize, flavour: &Flavour, names: &mut HashSet<String>, random: &mut Random) -> User {
    let name = unused_name(random, names);
    let frozen = nth.is_multiple_of(10) && flavour.freezes;
    let local = format!(
        "{}.{}",
        mail_part(&name.given, name.locale),
        mail_part(&name.family, name.locale)
    );
    User {
        email: format!("{local}@{}", super::DOMAIN),
        given: name.given,
        family: name.family,
        department: Some(flavour.departments[0].to_owned()),
        locale: name.locale.to_owned(),
        state: if frozen {
            UserState::Active
        } else {
            UserState::Inactive
        },
        frozen,
        ..dated(random)
    }
}

/// Second accounts with the same address, the older one switched off.
fn doubles(seats: &[Seat], people: usize) -> Vec<Seat> {
    let wanted = if people < 20 { 0 } else { share(people, 3) };
    // Only of those who are easy to tell: what is hard about them is to be the double alone.
    let easy = |seat: &&Seat| seat.user.confirmed && seat.user.email.ends_with(super::DOMAIN);
    let candidates: Vec<&Seat> = seats.iter().filter(easy).collect();
    let every = (candidates.len() / wanted.max(1)).max(1);
    candidates
        .into_iter()
        .skip(every / 3)
        .step_by(every)
        .take(wanted)
        .map(|seat| {
            let older = SignedDuration::from_hours(24 * 500);
            let created = seat
                .user
                .created
                .checked_sub(older)
                .unwrap_or(seat.user.created);
            let user = User {
                state: UserState::Inactive,
                phone: None,
                extension: None,
                employee_number: None,
                created,
                modified: seat.user.created,
                last_login: None,
                kind: UserKind::Person,
                ..seat.user.clone()
            };
            Seat { user, person: None }
        })
        .collect()
}
