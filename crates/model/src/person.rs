//! People: the platform side.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, IdentityId, Period, PersonId, Timestamp, folding};

/// What is known of a person. Lists are in order of preference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonProfile {
    /// The name as it is shown.
    pub display_name: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// E-mail addresses, the main one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The name the person signs in with on the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Phone numbers as they were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Number of the employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

/// The most bytes of an address that is looked up: 64 of the local part, `@`, and 255 of the
/// domain (RFC 5321, 4.5.3.1).
pub const LONGEST_EMAIL_KEY: usize = 320;

/// One of the organization's people, whether or not they sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// The id by which the platform or an HR system knows the person; unique where present.
    pub external_id: Option<String>,
    /// What is known.
    pub profile: PersonProfile,
    /// Whether the person works here now.
    pub active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// Grows by one with every change; a writer names the version it saw.
    pub version: u64,
}

impl Person {
    /// The folded name by which lists are sorted.
    pub fn sort_key(&self) -> String {
        folding::fold(&self.profile.display_name)
    }

    /// The folded department by which lists are filtered and sorted; empty without one.
    pub fn department_key(&self) -> String {
        self.profile
            .department
            .as_deref()
            .map(folding::fold)
            .unwrap_or_default()
    }

    /// The addresses by which the person is looked up, as [`folding::fold_email`] makes them, each
    /// once. What is no address, or longer than [`LONGEST_EMAIL_KEY`], is left out.
    pub fn email_keys(&self) -> Vec<String> {
        let keys: BTreeSet<String> = self
            .profile
            .emails
            .iter()
            .filter_map(|address| folding::fold_email(address))
            .filter(|key| key.len() <= LONGEST_EMAIL_KEY && !key.contains('\0'))
            .collect();
        keys.into_iter().collect()
    }

    /// Everything by which the person is searched, folded; `identities` are the person's own.
    pub fn search_text(&self, identities: &[Identity]) -> String {
        let profile = &self.profile;
        let words = [&profile.display_name]
            .into_iter()
            .chain(&profile.given_name)
            .chain(&profile.family_name)
            .chain(&profile.emails)
            .chain(&profile.username)
            .chain(&profile.employee_number)
            .chain(&self.external_id)
            .chain(&profile.phones)
            .chain(&profile.department)
            .chain(identities.iter().map(|identity| &identity.value));
        fold_all(words)
    }
}

/// The folded `parts`, joined by spaces, for a search that looks for parts of words. What stands
/// there already, alone or inside another part, is not repeated: it would be found no better, and
/// the index would be half as large again.
pub(crate) fn fold_all<'a>(parts: impl Iterator<Item = &'a String>) -> String {
    let mut text = String::new();
    for part in parts {
        let folded = folding::fold(part);
        if folded.is_empty() || text.contains(&folded) {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&folded);
    }
    text
}

/// What kind of handle an [`Identity`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// An internal extension of a phone system.
    Extension,
    /// A direct number.
    Number,
    /// A device or registration.
    Device,
    /// The person's id as a user of the platform.
    PlatformUser,
    /// An e-mail address of one system.
    Email,
}

impl IdentityKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Extension,
        Self::Number,
        Self::Device,
        Self::PlatformUser,
        Self::Email,
    ];

    /// Its name in databases, files and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Number => "number",
            Self::Device => "device",
            Self::PlatformUser => "platform_user",
            Self::Email => "email",
        }
    }
}

/// A handle of a person in one connection during a period. Two phone systems may both have an
/// extension 204; within one connection a value belongs to one person at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Whose it is.
    pub person_id: PersonId,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// What kind of handle.
    pub kind: IdentityKind,
    /// The handle itself, as text.
    pub value: String,
    /// When it is theirs.
    pub period: Period,
}

impl Identity {
    /// Whether it is this handle, whoever has it and when.
    pub fn is(&self, kind: IdentityKind, value: &str) -> bool {
        self.kind == kind && self.value == value
    }
}
