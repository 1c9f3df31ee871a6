//! What an emulator is, which there are, and what one types into a connection to use them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::core::{Core, Provider};
use crate::people::Flavour;
use crate::{EMULATORS, EmulatorError};

/// One emulator there is.
#[derive(Debug, Serialize)]
pub struct EmulatorInfo {
    /// The name to start it by; also the provider's name.
    pub name: &'static str,
    /// The product's name.
    pub title: &'static str,
    /// Settings of a connection to it.
    pub settings: &'static [FieldInfo],
    /// Credentials of a connection to it.
    pub credentials: &'static [FieldInfo],
    /// What the vendor does with some of its records.
    #[serde(skip)]
    pub habits: Habits,
    /// What to know before using it.
    pub note: &'static str,
}

/// What a vendor does with some of its records, for whoever compares a list with what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent habit, named where it is set"
)]
pub struct Habits {
    /// Whether deleted users are still listed.
    pub lists_deleted: bool,
    /// Whether anything tells the user whom a connection signs in as from a person.
    pub tells_own_user: bool,
    /// Whether inactive users are left out of the list.
    pub hides_inactive: bool,
    /// Whether leads are contacts; otherwise they are records of their own, or nowhere.
    pub leads_are_contacts: bool,
    /// Whether colleagues and companies are listed among the contacts, told apart by nothing.
    pub lists_others_as_contacts: bool,
}

impl Habits {
    /// The deleted are gone, the inactive are listed, the connecting user can be told, leads are records of their own.
    pub const PLAIN: Self = Self {
        lists_deleted: false,
        tells_own_user: true,
        hides_inactive: false,
        leads_are_contacts: false,
        lists_others_as_contacts: false,
    };
}

/// A field of the connection form and what to type into it.
#[derive(Debug, Serialize)]
pub struct FieldInfo {
    /// The field's name, as the connector calls it.
    pub name: &'static str,
    /// What to type; `{base_url}` stands for the emulator's address.
    pub value: &'static str,
}

impl EmulatorInfo {
    /// The settings of a connection to an emulator at `base_url`.
    #[must_use]
    pub fn settings(&self, base_url: &str) -> BTreeMap<String, String> {
        filled(self.settings, base_url)
    }

    /// The credentials of a connection to an emulator.
    #[must_use]
    pub fn credentials(&self) -> BTreeMap<String, String> {
        filled(self.credentials, "")
    }
}

fn filled(fields: &[FieldInfo], base_url: &str) -> BTreeMap<String, String> {
    let fill = |field: &FieldInfo| {
        (
            field.name.to_owned(),
            field.value.replace("{base_url}", base_url),
        )
    };
    fields.iter().map(fill).collect()
}

/// What a provider's folder gives in its constant `EMULATOR`.
#[derive(Debug)]
pub(crate) struct Emulator {
    /// How it is found and connected to.
    pub(crate) info: EmulatorInfo,
    /// How its directory differs from the platform's.
    pub(crate) flavour: Flavour,
    /// The vendor's allowance of requests per period, for an organization of the demo's size.
    pub(crate) allowance: u64,
    /// Whether signing in yields a session or token that can end. Without one, credentials are
    /// refused at every request.
    pub(crate) has_sessions: bool,
    /// Whether the vendor hides single fields of a record from some of its users.
    pub(crate) hides_fields: bool,
    /// Makes the part that answers.
    pub(crate) provider: fn(Arc<Core>) -> Box<dyn Provider>,
}

/// All emulators, by name.
#[must_use]
pub fn catalogue() -> Vec<&'static EmulatorInfo> {
    EMULATORS.iter().map(|emulator| &emulator.info).collect()
}

/// The emulator of this name.
pub(crate) fn find(name: &str) -> Result<&'static Emulator, EmulatorError> {
    EMULATORS
        .iter()
        .find(|emulator| emulator.info.name == name)
        .ok_or_else(|| EmulatorError::UnknownEmulator {
            name: name.to_owned(),
            known: catalogue()
                .iter()
                .map(|info| info.name)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_is_named_after_its_provider_and_flavoured_by_it() {
        for emulator in EMULATORS {
            let name = emulator.info.name;
            assert_eq!(emulator.flavour.provider, name);
            assert_eq!(find(name).map(|found| found.info.name).ok(), Some(name));
        }
        let mut names: Vec<_> = catalogue().iter().map(|info| info.name).collect();
        names.dedup();
        assert_eq!(names.len(), EMULATORS.len(), "two have one name");
    }
}
