//! Which emulators there are, and what one types into a connection to use them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::EmulatorError;
use crate::core::{Core, Provider};
use crate::people::Flavour;
use crate::{autotask, salesforce, zoho_crm};

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
    /// What to know before using it.
    pub note: &'static str,
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

/// All emulators, by name.
#[must_use]
pub fn catalogue() -> &'static [EmulatorInfo] {
    CATALOGUE
}

static CATALOGUE: &[EmulatorInfo] = &[autotask::INFO, salesforce::INFO, zoho_crm::INFO];

/// The emulators' programs, apart from the catalogue so that nothing else need know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Autotask,
    Salesforce,
    ZohoCrm,
}

/// The program behind a name.
pub(crate) fn kind(name: &str) -> Result<Kind, EmulatorError> {
    match name {
        "autotask" => Ok(Kind::Autotask),
        "salesforce" => Ok(Kind::Salesforce),
        "zoho-crm" => Ok(Kind::ZohoCrm),
        _ => Err(EmulatorError::UnknownEmulator {
            name: name.to_owned(),
            known: CATALOGUE
                .iter()
                .map(|info| info.name)
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

impl Kind {
    pub(crate) fn info(self) -> &'static EmulatorInfo {
        match self {
            Self::Autotask => &CATALOGUE[0],
            Self::Salesforce => &CATALOGUE[1],
            Self::ZohoCrm => &CATALOGUE[2],
        }
    }

    pub(crate) fn flavour(self) -> &'static Flavour {
        match self {
            Self::Autotask => &autotask::FLAVOUR,
            Self::Salesforce => &salesforce::FLAVOUR,
            Self::ZohoCrm => &zoho_crm::FLAVOUR,
        }
    }

    /// The vendor's allowance per period, for an organization of the demo's size.
    pub(crate) fn allowance(self) -> u64 {
        match self {
            Self::Autotask => 10_000,
            Self::Salesforce => 100_000,
            Self::ZohoCrm => 65_000,
        }
    }

    pub(crate) fn provider(self, core: Arc<Core>) -> Box<dyn Provider> {
        match self {
            Self::Autotask => Box::new(autotask::Autotask::new(core)),
            Self::Salesforce => Box::new(salesforce::Salesforce::new(core)),
            Self::ZohoCrm => Box::new(zoho_crm::ZohoCrm::new(core)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_catalogue_starts_the_emulator_of_that_name() {
        for info in catalogue() {
            assert_eq!(
                kind(info.name).expect("a known name").info().name,
                info.name
            );
        }
    }
}
