//! Every record as one thing with properties, whether it was seeded or written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::properties::CustomProperties;
use super::schema::Kind;
use super::{date_time, user_number};
use crate::contacts::{Contact, ContactKind};
use crate::directory::User;
use crate::records::Record;

/// The calling code of the customer's own country, for numbers typed without one.
const HOME: &str = "44";

/// A record of any kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Row<'a> {
    Contact(&'a Contact),
    /// The company that the first of its contacts tells of.
    Company(&'a Contact),
    User(&'a User),
    Written(&'a Record),
}

impl Row<'_> {
    pub(crate) fn id(self) -> String {
        match self {
            Self::Contact(contact) => contact.id.clone(),
            Self::Company(contact) => contact.company_id.clone(),
            Self::User(user) => (user_number(&user.id) + 700_000_000).to_string(),
            Self::Written(record) => record.id.clone(),
        }
    }

    fn created(self) -> Timestamp {
        match self {
            Self::Contact(contact) | Self::Company(contact) => contact.created,
            Self::User(user) => user.created,
            Self::Written(record) => record.created,
        }
    }

    fn modified(self) -> Timestamp {
        match self {
            Self::Contact(contact) | Self::Company(contact) => contact.modified,
            Self::User(user) => user.modified,
            Self::Written(record) => record.modified,
        }
    }

    /// Whether it was archived, and so is listed apart.
    pub(crate) fn is_archived(self) -> bool {
        match self {
            Self::Written(record) => record.fields["archived"] == true,
            _ => false,
        }
    }

    /// The value of a property; none where it is not set.
    pub(crate) fn property(self, name: &str) -> Option<String> {
        let value = match name {
            "hs_object_id" => Some(self.id()),
            "createdate" | "hs_createdate" => Some(date_time(self.created())),
            "lastmodifieddate" | "hs_lastmodifieddate" => Some(date_time(self.modified())),
            _ => match self {
                Self::Contact(contact) => of_contact(contact, name),
                Self::Company(contact) => (name == "name").then(|| contact.company.clone()),
                Self::User(user) => of_user(user, name),
                Self::Written(record) => {
                    let value = record.fields["properties"][name].as_str();
                    value.map(str::to_owned)
                }
            },
        };
        value.filter(|value| !value.is_empty())
    }

    /// The record as it is answered with these properties, or the usual ones of its kind. Names
    /// of no property are passed over.
    pub(crate) fn answer(self, kind: &Kind, customs: &CustomProperties, names: &[&str]) -> Value {
        let mut properties = Map::new();
        for name in kind.usual.iter().chain(names) {
            if customs.type_of(kind, name).is_some() {
                properties.insert((*name).to_owned(), json!(self.property(name)));
            }
        }
        json!({
            "id": self.id(), "properties": properties,
            "createdAt": date_time(self.created()), "updatedAt": date_time(self.modified()),
            "archived": self.is_archived(),
        })
    }

    /// What it is tied to: kind, id and the number of the tie.
    pub(crate) fn ties(self) -> Vec<(String, String, u64)> {
        match self {
            Self::Contact(contact) => {
                vec![("companies".to_owned(), contact.company_id.clone(), 279)]
            }
            Self::Written(record) => {
                let all = record.fields["associations"].as_array();
                let read = |tie: &Value| {
                    let text = |field: &str| tie[field].as_str().map(str::to_owned);
                    Some((text("kind")?, text("id")?, tie["type"].as_u64()?))
                };
                all.into_iter().flatten().filter_map(read).collect()
            }
            Self::Company(_) | Self::User(_) => Vec::new(),
        }
    }
}

fn of_contact(contact: &Contact, name: &str) -> Option<String> {
    let (phone, mobile) = (contact.phone.as_deref(), contact.mobile.as_deref());
    match name {
        "firstname" => Some(contact.given.clone()),
        "lastname" => Some(contact.family.clone()),
        "email" => contact.email.as_ref().map(|email| email.to_lowercase()),
        "phone" => contact.phone.clone(),
        "mobilephone" => contact.mobile.clone(),
        "company" => Some(contact.company.clone()),
        "associatedcompanyid" => Some(contact.company_id.clone()),
        "hubspot_owner_id" => contact.owner.clone(),
        "lifecyclestage" => Some(match contact.kind {
            ContactKind::Lead => "lead".to_owned(),
            ContactKind::Contact => "customer".to_owned(),
        }),
        "hs_searchable_calculated_phone_number" => phone.map(|text| split(text).1),
        "hs_searchable_calculated_mobile_number" => mobile.map(|text| split(text).1),
        "hs_searchable_calculated_international_phone_number" => phone.map(international),
        "hs_searchable_calculated_international_mobile_number" => mobile.map(international),
        _ => None,
    }
}

fn of_user(user: &User, name: &str) -> Option<String> {
    match name {
        "hs_given_name" => Some(user.given.clone()),
        "hs_family_name" => Some(user.family.clone()),
        "hs_email" => Some(user.email.to_lowercase()),
        "hs_internal_user_id" => Some(user_number(&user.id).to_string()),
        "hubspot_owner_id" => Some(user.id.clone()),
        "hs_job_title" => user.title.clone(),
        "hs_main_phone" => user.phone.clone(),
        "hs_deactivated" => Some((!user.is_active()).to_string()),
        _ => None,
    }
}

fn international(text: &str) -> String {
    let (code, national) = split(text);
    format!("{code}{national}")
}

/// Calling code and national digits of a number as somebody typed it.
fn split(text: &str) -> (String, String) {
    let plain = text.replace("(0)", "");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let abroad = if plain.trim_start().starts_with('+') {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00")
    };
    let Some(abroad) = abroad else {
        let national = digits.strip_prefix('0').unwrap_or(&digits);
        return (HOME.to_owned(), national.to_owned());
    };
    let (code, national) = abroad.split_at(code_length(abroad).min(abroad.len()));
    (code.to_owned(), national.to_owned())
}

/// How many digits the calling code has (ITU-T E.164): one in zones 1 and 7, two where the pair
/// is a country's own, else three.
fn code_length(digits: &str) -> usize {
    const PAIRS: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95",
    ];
    if digits.starts_with(['1', '7']) {
        1
    } else if PAIRS.iter().any(|pair| digits.starts_with(pair)) || digits.starts_with("98") {
        2
    } else {
        3
    }
}

/// Properties from JSON, each as the schema accepts it; all that do not fit are told at once.
pub(crate) fn accepted(
    customs: &CustomProperties,
    kind: &Kind,
    users: &[User],
    given: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, Vec<Value>> {
    let (mut good, mut bad) = (BTreeMap::new(), Vec::new());
    for (name, value) in given {
        match customs.accept(kind, users, name, value) {
            Ok(text) => {
                good.insert(name.clone(), text);
            }
            Err(why) => bad.push(why),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_digits_have_neither_code_nor_punctuation() {
        for typed in [
            "+44 20 7946 0123",
            "020 7946 0123",
            "+44 (0)20 7946 0123",
            "0044 20 79460123",
        ] {
            assert_eq!(
                split(typed),
                ("44".to_owned(), "2079460123".to_owned()),
                "{typed}"
            );
        }
        assert_eq!(international("+1 (555) 123-4567"), "15551234567");
        assert_eq!(split("+353 1 234 5678").0, "353");
    }
}
