//! The people of *Northwind Support*, as their phone platform knows them and as each emulated
//! CRM knows them: the same humans, told apart by everything that differs in real life.
//!
//! Everything follows from a seed and a number of people. What is invented here is invented from
//! the start: domains end in `.example`, phone numbers lie in ranges kept for fiction.

pub(crate) mod customers;
mod extras;
mod names;
mod platform;
mod seats;
mod spelling;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use seats::{EmailMix, Flavour, NameMix, Seat, seats};

use crate::EmulatorError;

/// The organization whose people these are.
pub const ORGANIZATION: &str = "Northwind Support";

/// The domain of the organization's e-mail addresses today.
pub const DOMAIN: &str = "northwind-support.example";

/// One of the organization's people, as the phone platform knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The platform's own id.
    pub external_id: String,
    /// The name to sign in with.
    pub username: String,
    /// Given name or names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Name as shown on the phone.
    pub display_name: String,
    /// Work address.
    pub email: String,
    /// Internal number; not everybody has one.
    pub extension: Option<String>,
    /// Direct number in E.164; not everybody has one.
    pub phone: Option<String>,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
    /// Number in the payroll.
    pub employee_number: Option<String>,
    /// Locale such as `de_DE`.
    pub locale: String,
}

/// The platform's directory: `people` persons, the same ones for the same seed and number.
#[must_use]
pub fn platform_directory(seed: u64, people: usize) -> Vec<Person> {
    platform::humans(seed, people)
        .into_iter()
        .map(|human| human.person)
        .collect()
}

/// Who is who: the external id of each person who has an account in the emulator called
/// `provider`, with the id of that account. Who is missing has none. Where somebody has two
/// accounts, it is the active one.
pub fn truth(
    seed: u64,
    people: usize,
    provider: &str,
) -> Result<BTreeMap<String, String>, EmulatorError> {
    let emulator = crate::emulator::find(provider)?;
    let seats = seats(seed, people, &emulator.flavour);
    Ok(seats
        .into_iter()
        .filter_map(|seat| Some((seat.person?, seat.user.id)))
        .collect())
}
