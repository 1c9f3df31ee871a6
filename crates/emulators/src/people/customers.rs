//! The customers of *Northwind Support* as one CRM has them.

use std::collections::HashSet;

use super::platform::unused_name;
use super::seats::{Flavour, dated};
use super::spelling::{mail_part, phone};
use crate::contacts::{Contact, ContactKind};
use crate::directory::{User, UserKind};
use crate::random::Random;

/// Companies that exist nowhere, and the domains of their addresses.
const COMPANIES: &[(&str, &str)] = &[
    ("Harbour Lights Dental", "harbourlights.example"),
    ("Quince & Partners LLP", "quince-partners.example"),
    ("Blue Anvil Joinery", "blueanvil.example"),
    ("Saltmarsh Logistics", "saltmarsh.example"),
    ("Ferrous Foods", "ferrousfoods.example"),
    ("Two Rivers Academy", "tworivers.example"),
    ("Copperleaf Estates", "copperleaf.example"),
    ("Meridian Veterinary Group", "meridianvets.example"),
    ("Okapi Instruments", "okapi-instruments.example"),
    ("Thistle and Thorn Hotels", "thistlethorn.example"),
];

/// One in five is a lead.
const LEADS: usize = 5;

/// `number` customers, ids given; the active persons among `users` look after them in turn.
pub(crate) fn customers(
    seed: u64,
    number: usize,
    flavour: &Flavour,
    users: &[User],
) -> Vec<Contact> {
    let owners: Vec<&User> = users
        .iter()
        .filter(|user| user.kind == UserKind::Person && user.is_active())
        .collect();
    let mut names = HashSet::new();
    (0..number)
        .map(|nth| {
            let mut random = Random::new(seed, "customers", nth);
            let mut contact = customer(nth, &mut names, &mut random, flavour);
            if !owners.is_empty() {
                contact.owner = Some(owners[nth % owners.len()].id.clone());
            }
            contact
        })
        .collect()
}

fn customer(
    nth: usize,
    names: &mut HashSet<String>,
    random: &mut Random,
    flavour: &Flavour,
) -> Contact {
    let name = unused_name(random, names);
    let at = nth % COMPANIES.len();
    let (company, domain) = COMPANIES[at];
    let local = format!(
        "{}.{}",
        mail_part(&name.given, name.locale),
        mail_part(&name.family, name.locale)
    );
    let dates = dated(random);
    let is_lead = nth % LEADS == LEADS - 1;
    Contact {
        id: (flavour.record_id)(if is_lead { "lead" } else { "contact" }, nth),
        kind: if is_lead {
            ContactKind::Lead
        } else {
            ContactKind::Contact
        },
        email: Some(format!("{local}@{domain}")),
        phone: Some(phone(&landline(nth), nth)),
        mobile: (nth.is_multiple_of(2)).then(|| phone(&mobile(nth), nth / 2 + 1)),
        given: name.given,
        family: name.family,
        company: company.to_owned(),
        company_id: (flavour.record_id)("company", at),
        owner: None,
        created: dates.created,
        modified: dates.modified,
    }
}

/// A number of its own in a range that Ofcom keeps for drama, as far as that range reaches.
fn landline(nth: usize) -> String {
    let areas = ["207946", "113496", "121496", "161496", "191498"];
    format!(
        "+44{}{:04}",
        areas[nth % areas.len()],
        500 + nth / areas.len() % 500
    )
}

/// A mobile number of that range.
fn mobile(nth: usize) -> String {
    format!("+447700900{:03}", nth % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_differ_and_are_whole() {
        let numbers: HashSet<_> = (0..2_500).map(landline).collect();
        assert_eq!(numbers.len(), 2_500);
        assert!(numbers.iter().all(|number| number.len() == 13));
        assert_eq!(mobile(7), "+447700900007");
    }
}
