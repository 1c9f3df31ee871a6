//! From rows to users.

use std::collections::BTreeMap;
use std::slice;

use counterpart_manifest::{FieldMap, IdType, Pointer, Scope, Source};
use counterpart_model::crm_user::OtherId;
use counterpart_model::{Code, CrmUserId, CrmUserProfile, Timestamp};
use serde_json::Value;

use super::ManifestConnector;
use super::cursor::Tables;
use super::users::LISTING;
use crate::{ConnectorError, ErrorClass, PulledUser, RecordFailure};

/// What the rows of a page were.
#[derive(Default)]
pub(super) struct Read {
    pub(super) users: Vec<PulledUser>,
    pub(super) failures: Vec<RecordFailure>,
}

/// From here on a number is milliseconds: as seconds it would be the year 5138.
pub(super) const SECONDS_END: i64 = 100_000_000_000;

/// Why a row has no usable id.
enum IdProblem {
    /// It has none: the row alone is damaged.
    Missing,
    /// It is of another type than this API's ids are: so is every other, perhaps.
    OtherType(String),
}

/// Reads the rows of a page as users.
pub(super) fn read(
    connector: &ManifestConnector,
    restriction: Option<&Restriction<'_>>,
    tables: &Tables,
    rows: &[Value],
) -> Result<Read, ConnectorError> {
    let mut read = Read::default();
    for (index, row) in rows.iter().enumerate() {
        let failure = |id: Option<String>, message: String| RecordFailure {
            record: index + 1,
            id,
            code: Code::ConnectionIdInvalid,
            message,
        };
        let raw = match raw_id(connector, row) {
            Ok(raw) => raw,
            Err(IdProblem::Missing) => {
                let place = &connector.manifest.users.id.pointer;
                let message = format!("record {} has no id at `{place}`", index + 1);
                read.failures.push(failure(None, message));
                continue;
            }
            Err(IdProblem::OtherType(found)) => return Err(other_type(connector, index, &found)),
        };
        let Some(id) = one_form(connector, &raw) else {
            let message = format!("`{raw}` is no id of this provider");
            read.failures.push(failure(Some(raw), message));
            continue;
        };
        if restriction
            .as_ref()
            .is_some_and(|allowed| !allowed.holds(row))
        {
            continue;
        }
        let profile = profile(connector, tables, row, &id);
        let id = CrmUserId(id);
        let Some(hook) = connector.hooks.map_user else {
            read.users.push(PulledUser { id, profile });
            continue;
        };
        let pulled = PulledUser {
            id: id.clone(),
            profile,
        };
        match hook(row, pulled) {
            Ok(user) => read.users.push(user),
            Err(message) => read.failures.push(failure(Some(id.0), message)),
        }
    }
    let none_has_an_id = read.failures.iter().all(|failure| failure.id.is_none());
    if !rows.is_empty() && read.failures.len() == rows.len() && none_has_an_id {
        return Err(other_type(connector, 0, "missing"));
    }
    Ok(read)
}

fn raw_id(connector: &ManifestConnector, row: &Value) -> Result<String, IdProblem> {
    let field = &connector.manifest.users.id;
    let found = |kind: &str| Err(IdProblem::OtherType(kind.to_owned()));
    match (field.id_type, field.pointer.find(row)) {
        (_, None) => Err(IdProblem::Missing),
        (IdType::Text, Some(Value::String(text))) if text.trim().is_empty() => {
            Err(IdProblem::Missing)
        }
        (IdType::Text, Some(Value::String(text))) => Ok(text.clone()),
        (IdType::Integer, Some(Value::Number(number))) if number.is_i64() || number.is_u64() => {
            Ok(number.to_string())
        }
        (IdType::Integer, Some(Value::Number(_))) => found("a fraction"),
        (IdType::Text, Some(Value::Number(_))) => found("a number"),
        (IdType::Integer, Some(Value::String(_))) => found("text"),
        (_, Some(_)) => found("neither text nor number"),
    }
}

pub(super) fn one_form(connector: &ManifestConnector, raw: &str) -> Option<String> {
    match connector.hooks.normalise_id {
        Some(hook) => hook(raw),
        None => Some(raw.to_owned()),
    }
}

fn other_type(connector: &ManifestConnector, index: usize, found: &str) -> ConnectorError {
    let field = &connector.manifest.users.id;
    let expected = match field.id_type {
        IdType::Text => "text",
        IdType::Integer => "whole numbers",
    };
    ConnectorError::with_code(
        ErrorClass::Malformed,
        Code::ConnectionIdInvalid,
        format!(
            "{LISTING}: ids at `{}` are {expected}, but that of record {} is {found}",
            field.pointer,
            index + 1
        ),
    )
}

fn profile(
    connector: &ManifestConnector,
    tables: &Tables,
    row: &Value,
    id: &str,
) -> CrmUserProfile {
    let users = &connector.manifest.users;
    let fields = &users.fields;
    let table = |name: &str, key: &str| tables.get(name)?.get(key).cloned();
    let first = |sources: &[Source]| first_of(sources, tables, row);
    let given_name = first(&fields.given_name);
    let family_name = first(&fields.family_name);
    let username = first(&fields.username);
    let emails = texts(&fields.emails, tables, row);
    let display_name = first(&fields.display_name)
        .or_else(|| whole_name(given_name.as_deref(), family_name.as_deref()))
        .or_else(|| username.clone())
        .or_else(|| emails.first().cloned())
        .unwrap_or_else(|| id.to_owned());
    CrmUserProfile {
        display_name,
        given_name,
        family_name,
        emails,
        username,
        phones: texts(&fields.phones, tables, row),
        extension: first(&fields.extension),
        employee_number: first(&fields.employee_number),
        title: first(&fields.title),
        department: first(&fields.department),
        role: first(&fields.role),
        licence: first(&fields.licence),
        other_ids: other_ids(fields, row),
        state: users
            .state
            .iter()
            .find(|rule| rule.holds(row, table))
            .map(|rule| rule.is)
            .unwrap_or_default(),
        kind: users
            .kind
            .iter()
            .find(|rule| rule.holds(row, table))
            .map(|rule| rule.is)
            .unwrap_or_default(),
        last_login_at: first(&fields.last_login_at).and_then(|text| instant(&text)),
    }
}

pub(super) fn whole_name(given: Option<&str>, family: Option<&str>) -> Option<String> {
    let parts: Vec<_> = [given, family].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn values<'a>(
    sources: &'a [Source],
    tables: &'a Tables,
    row: &'a Value,
) -> impl Iterator<Item = String> + 'a {
    sources.iter().flat_map(move |source| {
        let places: Vec<_> = match &source.each {
            None => vec![row],
            Some(list) => each(row, list)
                .filter(|item| source.when.as_ref().is_none_or(|when| when.holds(item)))
                .collect(),
        };
        let found = places
            .into_iter()
            .flat_map(|place| each(place, &source.pointer));
        found.filter_map(move |value| {
            let text = scalar_text(value)?;
            match &source.lookup {
                None => Some(text),
                Some(name) => tables.get(name)?.get(&text).cloned(),
            }
        })
    })
}

/// The first value that one of the sources has.
pub(super) fn first_of(sources: &[Source], tables: &Tables, row: &Value) -> Option<String> {
    values(sources, tables, row).next()
}

/// All values of the sources, each once, in order.
pub(super) fn texts(sources: &[Source], tables: &Tables, row: &Value) -> Vec<String> {
    distinct(values(sources, tables, row))
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn other_ids(fields: &FieldMap, row: &Value) -> Vec<OtherId> {
    fields
        .other_ids
        .iter()
        .flat_map(|field| {
            each(row, &field.pointer)
                .filter_map(scalar_text)
                .map(|value| OtherId {
                    kind: field.kind.clone(),
                    value,
                })
        })
        .collect()
}

/// What stands at a place of a row: the items of a list one by one, anything else alone.
pub(super) fn each<'a>(row: &'a Value, pointer: &Pointer) -> slice::Iter<'a, Value> {
    match pointer.find(row) {
        None => [].iter(),
        Some(Value::Array(items)) => items.iter(),
        Some(value) => slice::from_ref(value).iter(),
    }
}

/// The text of a scalar, without surrounding white space; none if it is empty.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    Pointer::default().text(value)
}

/// An instant in RFC 3339, whose offset may lack its colon; without any offset it is UTC. A
/// number is seconds since 1970, or milliseconds when it is too great for that.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp::from(instant));
    }
    if let Ok(number) = text.parse::<i64>() {
        let instant = if number < SECONDS_END {
            jiff::Timestamp::from_second(number)
        } else {
            jiff::Timestamp::from_millisecond(number)
        };
        return instant.ok().map(Timestamp::from);
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok()?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from(utc.timestamp()))
}

/// The groups that the operator restricted the list to.
pub(super) struct Restriction<'a> {
    /// Ids or names, in lower case.
    groups: Vec<String>,
    join: String,
    scope: &'a Scope,
    tables: &'a Tables,
}

impl Restriction<'_> {
    /// Whether a user belongs to one of the groups, or to none at all: who is in no group is
    /// hidden by no choice of groups.
    fn holds(&self, row: &Value) -> bool {
        let joined = row.get(&self.join).and_then(Value::as_array);
        let mut groups = joined
            .into_iter()
            .flatten()
            .filter_map(|joined| self.scope.group.text(joined))
            .peekable();
        groups.peek().is_none() || groups.any(|group| self.allows(&group))
    }

    fn allows(&self, id: &str) -> bool {
        let name = self
            .scope
            .named_by
            .iter()
            .try_fold(id.to_owned(), |key, table| {
                self.tables.get(table)?.get(&key).cloned()
            });
        [Some(id.to_owned()), name]
            .into_iter()
            .flatten()
            .any(|word| self.groups.contains(&word.to_lowercase()))
    }
}

impl ManifestConnector {
    /// Whether the settings restrict the list at all.
    pub(super) fn scope_acts(&self, settings: &BTreeMap<String, String>) -> bool {
        self.manifest.users.scope.as_ref().is_some_and(|scope| {
            settings
                .get(&scope.setting)
                .is_some_and(|choice| scope.acts_for.contains(choice))
        })
    }

    /// The restriction that the settings ask for; `None` when everybody is listed.
    pub(super) fn restriction<'a>(
        &'a self,
        settings: &BTreeMap<String, String>,
        tables: &'a Tables,
    ) -> Option<Restriction<'a>> {
        let scope = self.manifest.users.scope.as_ref()?;
        if !self.scope_acts(settings) {
            return None;
        }
        let list = settings.get(&scope.list).map_or("", String::as_str);
        let words = list
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        Some(Restriction {
            groups: words.map(str::to_lowercase).collect(),
            join: format!("@{}", scope.join),
            scope,
            tables,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_without_a_colon_are_understood() {
        let expected = instant("2024-05-01T09:00:00Z");
        assert!(expected.is_some());
        assert_eq!(instant("2024-05-01T09:00:00.000+0000"), expected);
        assert_eq!(instant("2024-05-01T14:30:00+05:30"), expected);
        assert_eq!(instant("2024-05-01 09:00:00"), expected);
        assert_eq!(instant("1714554000"), expected);
        assert_eq!(instant("1714554000000"), expected);
        assert_eq!(instant("yesterday"), None);
    }
}
