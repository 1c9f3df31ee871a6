//! Directories to try properties on.

use std::fmt;
use std::ops::Range;

use counterpart_matching::{MatchResult, Options, Record, RecordView, match_records};
use proptest::prelude::*;
use proptest::sample::select;

use crate::person;

/// Records whose names and addresses collide often, so that competition is the rule.
fn any_record() -> impl Strategy<Value = Record> {
    let given = select(vec![
        "Ann", "Anna", "Bob", "Robert", "Élodie", "J.", "Wei", "",
    ]);
    let family = select(vec!["Smith", "Smyth", "Lee", "Müller", "Mueller", "王", ""]);
    let local = select(vec!["ann", "a.smith", "bob", "info", "wei.wang", "x9", ""]);
    let domain = select(vec!["example.com", "other.test", "gmail.com"]);
    let phone = select(vec!["", "+44 20 1234567", "(20) 123-4567", "12345678"]);
    (given, family, local, domain, phone, any::<bool>()).prop_map(
        |(given, family, local, domain, phone, inactive)| {
            let email = if local.is_empty() {
                String::new()
            } else {
                format!("{local}@{domain}")
            };
            let mut record = person(given, family, &email);
            record
                .phones
                .extend((!phone.is_empty()).then(|| phone.to_owned()));
            record.inactive = inactive;
            record
        },
    )
}

/// A side in which nearly everybody competes with somebody.
pub(crate) fn crowded_side() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(any_record(), 0..25)
}

/// Two directories of one firm.
#[derive(Clone)]
pub(crate) struct Directories {
    pub(crate) left: Vec<Record>,
    pub(crate) right: Vec<Record>,
}

impl Directories {
    pub(crate) fn result(&self) -> MatchResult {
        run(&self.left, &self.right)
    }

    /// The same two, nobody deactivated.
    pub(crate) fn all_active(mut self) -> Self {
        for record in self.left.iter_mut().chain(&mut self.right) {
            record.inactive = false;
        }
        self
    }

    /// The same two with their sides exchanged.
    pub(crate) fn exchanged(&self) -> Self {
        Self {
            left: self.right.clone(),
            right: self.left.clone(),
        }
    }
}

/// A line for each record, and of each what it has.
impl fmt::Debug for Directories {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, side) in [("left", &self.left), ("right", &self.right)] {
            writeln!(formatter, "{name}:")?;
            for (number, record) in side.iter().enumerate() {
                writeln!(
                    formatter,
                    "  {number}: {} {} {:?} {:?} {:?} {:?} inactive: {}",
                    record.given,
                    record.family,
                    record.emails,
                    record.phones,
                    record.external_ids,
                    record.department,
                    record.inactive
                )?;
            }
        }
        Ok(())
    }
}

pub(crate) fn run(left: &[Record], right: &[Record]) -> MatchResult {
    match_records(left, right, &Options::default())
}

/// Given names, each with another form of it. None has a `q`, `x` or `z`: see [`stranger`].
const GIVEN: [[&str; 2]; 16] = [
    ["Anna", "Ann"],
    ["Robert", "Bob"],
    ["Maria", "María"],
    ["Jürgen", "Juergen"],
    ["Elena", "Елена"],
    ["William", "Bill"],
    ["Katherine", "Kate"],
    ["Mohammed", "Muhammad"],
    ["Thomas", "Tom"],
    ["Priya", "Priya"],
    ["Seán", "Sean"],
    ["Grace", "Grace"],
    ["Lars", "Lasr"],
    ["Daniel", "Dan"],
    ["Olga", "Ольга"],
    ["Ingrid", "Ingird"],
];
const FAMILY: [[&str; 2]; 20] = [
    ["Smith", "Smith"],
    ["Smith", "Smyth"],
    ["Müller", "Mueller"],
    ["Brown", "Brwon"],
    ["Nowak", "Nowak"],
    ["García", "Garcia"],
    ["Rossi", "Rossi"],
    ["Hassan", "Hasan"],
    ["Lindgren", "Lindgren"],
    ["O'Brien", "OBrien"],
    ["Andersson", "Anderson"],
    ["Sharma", "Sharma"],
    ["Ivanova", "Иванова"],
    ["Tanaka", "Tanaka"],
    ["Meyer", "Maier"],
    ["Fernandes", "Fernandes"],
    ["Bennett", "Bennet"],
    ["Okafor", "Okafor"],
    ["Lovelace", "Lovelace"],
    ["Petersen", "Pedersen"],
];
const DEPARTMENTS: [&str; 4] = ["Sales", "Support", "Field", ""];

/// What one human has, and what the second directory makes of it.
#[derive(Debug, Clone)]
struct Human {
    given: usize,
    family: usize,
    /// Told apart by it: part of the address and of the numbers.
    number: u32,
    mail: u8,
    phone: u8,
    id: u8,
    department: usize,
    /// Which of the two forms of the names the second directory has.
    forms: [usize; 2],
    /// 0: only left, 1: only right, else both.
    sides: u8,
    inactive: [bool; 2],
}

impl Human {
    fn record(&self, second: usize) -> Record {
        let [given, family] = [GIVEN[self.given], FAMILY[self.family]];
        let (given, family) = (
            given[self.forms[0] * second],
            family[self.forms[1] * second],
        );
        let mail = match (self.mail, second) {
            (0, _) => String::new(),
            (1, 1) => format!("u{}@other.test", self.number),
            (2, 1) => format!("U{}+crm@EXAMPLE.com", self.number),
            (3, 1) => format!("someone{}@gmail.com", self.number * 7),
            _ => format!("u{}@example.com", self.number),
        };
        let mut record = person(given, family, &mail);
        if usize::from(self.phone) > second {
            let tail = 1_000_000 + self.number * 7;
            record.phones = vec![match second {
                0 => format!("+44 20 {tail}"),
                _ => format!("(020) {tail}"),
            }];
        }
        if self.id > 1 {
            record.external_ids = vec![format!("E{:07}", 1_000_000 + self.number * 9)];
        }
        DEPARTMENTS[self.department].clone_into(&mut record.department);
        record.inactive = self.inactive[second];
        record
    }
}

fn any_human() -> impl Strategy<Value = Human> {
    let rarely = || prop::bool::weighted(0.05);
    (
        (0..GIVEN.len(), 0..FAMILY.len(), 100_u32..900_000),
        (0_u8..8, 0_u8..4, 0_u8..4, 0..DEPARTMENTS.len()),
        ([0_usize..2, 0_usize..2], 0_u8..12, [rarely(), rarely()]),
    )
        .prop_map(
            |((given, family, number), (mail, phone, id, department), (forms, sides, inactive))| {
                Human {
                    given,
                    family,
                    number,
                    mail,
                    phone,
                    id,
                    department,
                    forms,
                    sides,
                    inactive,
                }
            },
        )
}

/// Two directories of one firm with so many people, each with its own habits, gaps and slips; most
/// people stand in both.
pub(crate) fn directories(people: Range<usize>) -> impl Strategy<Value = Directories> {
    prop::collection::vec(any_human(), people).prop_map(|humans| {
        let side = |absent: u8, second: usize| {
            let present = humans.iter().filter(|human| human.sides != absent);
            present.map(|human| human.record(second)).collect()
        };
        Directories {
            left: side(1, 0),
            right: side(0, 1),
        }
    })
}

/// Somebody who shares no value with anybody of [`directories`], nor a letter that would make a
/// name or address look mistyped.
pub(crate) fn stranger() -> impl Strategy<Value = Record> {
    let word = "(xaz|qox|zuq|qiz|xyx){3,4}";
    (word, word, 3_000_000_u32..9_000_000).prop_map(|(given, family, number)| {
        let mut record = person(&given, &family, &format!("{family}@{given}.test"));
        record.phones = vec![format!("+81 99 {number}")];
        record.external_ids = vec![format!("{given}{number}")];
        record
    })
}

/// A record as [`RecordView`]; text columns are left out.
pub(crate) fn with_view(record: &Record, work: impl FnOnce(&RecordView<'_>)) {
    fn borrowed(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    work(&RecordView {
        inactive: record.inactive,
        kind: record.kind,
        given: &record.given,
        family: &record.family,
        full_name: &record.full_name,
        emails: &borrowed(&record.emails),
        username: &record.username,
        phones: &borrowed(&record.phones),
        extension: &record.extension,
        external_ids: &borrowed(&record.external_ids),
        title: &record.title,
        department: &record.department,
        city: &record.city,
        manager: &record.manager,
        birth_date: &record.birth_date,
        postcode: &record.postcode,
        text: &[],
    });
}
