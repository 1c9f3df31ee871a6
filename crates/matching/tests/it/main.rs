//! The matcher as its users see it.

mod board;
mod decisions;
mod invariance;
mod labels;
mod large;
mod names;
mod properties;
mod reasons;
mod rules;
mod sides;

use counterpart_matching::Record;

/// A record with a name and an address.
pub(crate) fn person(given: &str, family: &str, email: &str) -> Record {
    Record {
        given: given.into(),
        family: family.into(),
        emails: if email.is_empty() {
            Vec::new()
        } else {
            vec![email.into()]
        },
        ..Record::default()
    }
}

/// Twenty people of a small firm: `(given, family)`.
pub(crate) const STAFF: [(&str, &str); 20] = [
    ("Ada", "Lovelace"),
    ("Grace", "Hopper"),
    ("Jürgen", "Müller"),
    ("José", "García Márquez"),
    ("Katarzyna", "Nowak"),
    ("Wei", "Zhang"),
    ("Olga", "Ivanova"),
    ("Mohammed", "Hassan"),
    ("Robert", "Smith"),
    ("Jane", "Smith"),
    ("William", "Brown"),
    ("Priya", "Sharma"),
    ("Nguyễn", "Trần"),
    ("Yuki", "Satou"),
    ("Seán", "O'Brien"),
    ("Jean-Luc", "Picard"),
    ("Elizabeth", "Bennet"),
    ("Alexander", "Petrov"),
    ("Fatima", "Al-Sayed"),
    ("Lars", "Sørensen"),
];

/// The staff with addresses made from their names.
pub(crate) fn staff(domain: &str) -> Vec<Record> {
    STAFF
        .iter()
        .enumerate()
        .map(|(number, (given, family))| person(given, family, &format!("user{number}@{domain}")))
        .collect()
}
