//! How this directory differs from the platform's: ids, names to sign in with, spellings.

use crate::directory::{User, UserKind};
use crate::people::{EmailMix, Flavour, NameMix};

/// Departments as `ConnectWise` has them here, in the order of the platform's.
const DEPARTMENTS: &[&str] = &[
    "Support",
    "Sales",
    "Engineering",
    "Network Operations",
    "Accounts",
    "Admin",
    "Dispatch",
    "Security",
];

/// How its directory differs from the platform's.
pub(super) const FLAVOUR: Flavour = Flavour {
    provider: "connectwise-psa",
    other_domain: "northwind-managed.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 2,
        other_domain: 15,
        short: 12,
    },
    name: NameMix {
        nick: 15,
        folded: 15,
        native: 2,
        initial: 4,
        maiden: 60,
        swapped: 2,
    },
    has_phone: 75,
    has_extension: 80,
    has_employee_number: 25,
    departments: DEPARTMENTS,
    id: member_id,
    record_id,
    username,
    freezes: false,
};

fn member_id(nth: usize) -> String {
    (150 + nth).to_string()
}

/// Contacts and companies: whole numbers in ranges of their own, prospects among the contacts.
fn record_id(kind: &str, nth: usize) -> String {
    let from = if kind == "company" { 19_300 } else { 30_100 };
    (from + nth).to_string()
}

/// First letter and family name, at most 15 characters with room for a number.
fn username(user: &User) -> String {
    if user.kind == UserKind::Connecting {
        return "CounterpartAPI".to_owned();
    }
    let local = user.email.split(['@', '+']).next().unwrap_or_default();
    let local = local.to_lowercase();
    let name = match local.split_once('.') {
        Some((given, family)) => format!("{}{family}", given.chars().next().unwrap_or('x')),
        None => local,
    };
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    name.chars().take(11).collect()
}
