//! Which column of a file names people, and which CRM users.

use counterpart_tabular::{Sheet, column_named, from_safe};

use super::lookup::Lookup;
use super::{PairColumn, PairsInput, no_column};
use crate::{Error, Result};

/// By what a column names people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKey {
    /// The id of the platform or an HR system.
    ExternalId,
    /// An e-mail address that is nobody else's.
    Email,
    /// An extension, number or platform id that is theirs now.
    Identity,
    /// The name they sign in with on the platform.
    Username,
    /// The number of the employee.
    EmployeeNumber,
    /// Our own id.
    Id,
}

impl PersonKey {
    /// Every key, the surest first.
    pub const ALL: [Self; 6] = [
        Self::ExternalId,
        Self::Id,
        Self::Email,
        Self::Identity,
        Self::Username,
        Self::EmployeeNumber,
    ];

    /// Its name in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Email => "email",
            Self::Identity => "extension",
            Self::Username => "username",
            Self::EmployeeNumber => "employee_number",
            Self::Id => "id",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ExternalId => "external id",
            Self::Email => "e-mail address",
            Self::Identity => "extension, number or platform id",
            Self::Username => "username",
            Self::EmployeeNumber => "employee number",
            Self::Id => "id here",
        }
    }

    /// The key of a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == text)
    }
}

/// By what a column names CRM users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrmUserKey {
    /// The CRM's own id.
    Id,
    /// An e-mail address that no other user has there.
    Email,
    /// The name they sign in with.
    Username,
    /// Another id that the CRM has of the same user.
    OtherId,
    /// The number of the employee.
    EmployeeNumber,
}

impl CrmUserKey {
    /// Every key, the surest first.
    pub const ALL: [Self; 5] = [
        Self::Id,
        Self::Email,
        Self::Username,
        Self::OtherId,
        Self::EmployeeNumber,
    ];

    /// Its name in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Email => "email",
            Self::Username => "username",
            Self::OtherId => "other_id",
            Self::EmployeeNumber => "employee_number",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Id => "CRM's id",
            Self::Email => "e-mail address",
            Self::Username => "username",
            Self::OtherId => "another id of the CRM",
            Self::EmployeeNumber => "employee number",
        }
    }

    /// The key of a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == text)
    }
}

/// A column, by its place, with what it is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice<K> {
    pub(super) column: usize,
    pub(super) key: K,
    found: usize,
}

impl<K> Choice<K> {
    pub(super) fn column_of(self, headers: &[String]) -> PairColumn<K> {
        PairColumn {
            name: headers[self.column].clone(),
            key: self.key,
            found: self.found,
        }
    }
}

/// Both columns.
pub(super) struct Found {
    pub(super) person: Choice<PersonKey>,
    pub(super) crm_user: Choice<CrmUserKey>,
}

/// The two columns of which most values are known; of equals the surest keys, people first. What
/// is asked for is believed.
pub(super) fn found(sheet: &Sheet, lookup: &Lookup<'_>, input: &PairsInput<'_>) -> Result<Found> {
    let people = choices(
        sheet,
        input.person_column.as_deref(),
        input.person_key,
        &PersonKey::ALL,
        |key, cell| lookup.person(key, cell).is_ok(),
    )?;
    let users = choices(
        sheet,
        input.crm_user_column.as_deref(),
        input.crm_user_key,
        &CrmUserKey::ALL,
        |key, cell| lookup.crm_user(key, cell).is_ok(),
    )?;
    let mut best: Option<(usize, Found)> = None;
    for person in &people {
        for crm_user in users.iter().filter(|it| it.column != person.column) {
            let sum = person.found + crm_user.found;
            if best.as_ref().is_none_or(|(most, _)| sum > *most) {
                let found = Found {
                    person: *person,
                    crm_user: *crm_user,
                };
                best = Some((sum, found));
            }
        }
    }
    match best {
        Some((_, found)) => Ok(found),
        None if people.is_empty() => Err(no_column("people of the organization").into()),
        None => Err(no_column("CRM users of the connection").into()),
    }
}

/// What a side may be: columns and keys of which some value is known, or what is asked for.
fn choices<K: Copy + PartialEq>(
    sheet: &Sheet,
    name: Option<&str>,
    key: Option<K>,
    keys: &[K],
    knows: impl Fn(K, &str) -> bool,
) -> Result<Vec<Choice<K>>> {
    let asked = match name {
        Some(name) => Some(column_named(&sheet.headers, name).ok_or_else(|| {
            Error::new(
                counterpart_model::Code::FileHeader,
                format!(
                    "there is no column `{name}`; there are: {}",
                    sheet.headers.join(", ")
                ),
            )
        })?),
        None => None,
    };
    let mut all = Vec::new();
    for column in 0..sheet.headers.len() {
        if asked.is_some_and(|asked| asked != column) {
            continue;
        }
        for known in keys.iter().filter(|it| key.is_none_or(|key| key == **it)) {
            let found = sheet
                .rows
                .iter()
                .filter(|row| knows(*known, from_safe(&row.cells[column])))
                .count();
            if found > 0 || (asked.is_some() && key.is_some()) {
                all.push(Choice {
                    column,
                    key: *known,
                    found,
                });
            }
        }
    }
    Ok(all)
}
