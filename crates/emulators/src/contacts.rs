//! The customers that a CRM knows: contacts and leads with companies, owners and telephones as
//! somebody typed them. In no vendor's words; each provider dresses them in its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::EmulatorError;
use crate::directory::User;
use crate::people::Flavour;
use crate::people::customers::customers;

/// What a customer is in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Somebody at a company one works for.
    Contact,
    /// Somebody who may become a customer. Vendors without leads list them as contacts or not
    /// at all.
    Lead,
}

/// One customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The vendor's id.
    pub id: String,
    /// What it is.
    pub kind: ContactKind,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone as somebody typed it.
    pub phone: Option<String>,
    /// Mobile phone as somebody typed it.
    pub mobile: Option<String>,
    /// The company's name.
    pub company: String,
    /// The company's id.
    pub company_id: String,
    /// The id of the user who looks after them.
    pub owner: Option<String>,
    /// When the record was made.
    pub created: Timestamp,
    /// When it last changed.
    pub modified: Timestamp,
}

impl Contact {
    /// Given name, then family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family).trim().to_owned()
    }
}

/// A customer to add.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewContact {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Mobile phone.
    pub mobile: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// The id of the user who looks after them.
    pub owner: Option<String>,
}

/// What to change in a customer; absent fields stay, empty text clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactChange {
    /// Given name.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Mobile phone.
    pub mobile: Option<String>,
}

/// All customers of one emulated CRM, in the order of their ids.
#[derive(Debug)]
pub(crate) struct Contacts {
    all: Vec<Contact>,
    id: fn(&str, usize) -> String,
}

impl Contacts {
    /// `number` customers; the active persons among `users` look after them in turn.
    pub(crate) fn seeded(seed: u64, number: usize, flavour: &Flavour, users: &[User]) -> Self {
        Self {
            all: customers(seed, number, flavour, users),
            id: flavour.record_id,
        }
    }

    pub(crate) fn all(&self) -> &[Contact] {
        &self.all
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Contact> {
        self.all.iter().find(|contact| contact.id == id)
    }

    pub(crate) fn add(&mut self, new: NewContact, now: Timestamp) -> Contact {
        let nth = self.all.len();
        let company = new
            .company
            .unwrap_or_else(|| format!("{} & Co", new.family));
        let known = self.all.iter().find(|contact| contact.company == company);
        let contact = Contact {
            id: (self.id)("contact", nth),
            kind: ContactKind::Contact,
            company_id: known.map_or_else(
                || (self.id)("company", nth),
                |contact| contact.company_id.clone(),
            ),
            given: new.given,
            family: new.family,
            email: new.email,
            phone: new.phone,
            mobile: new.mobile,
            company,
            owner: new.owner,
            created: now,
            modified: now,
        };
        self.all.push(contact.clone());
        contact
    }

    pub(crate) fn change(
        &mut self,
        id: &str,
        change: ContactChange,
        now: Timestamp,
    ) -> Result<Contact, EmulatorError> {
        let contact = self
            .all
            .iter_mut()
            .find(|contact| contact.id == id)
            .ok_or_else(|| EmulatorError::UnknownContact { id: id.to_owned() })?;
        contact.given = change.given.unwrap_or(contact.given.clone());
        contact.family = change.family.unwrap_or(contact.family.clone());
        for (field, value) in [
            (&mut contact.email, change.email),
            (&mut contact.phone, change.phone),
            (&mut contact.mobile, change.mobile),
        ] {
            if let Some(value) = value {
                *field = Some(value).filter(|text| !text.is_empty());
            }
        }
        contact.modified = now;
        Ok(contact.clone())
    }
}
