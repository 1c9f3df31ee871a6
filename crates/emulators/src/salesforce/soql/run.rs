//! Running a checked query.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::check::{Check, Column};
use super::{Condition, Literal, Operator, Order, Path, Query, Select};
use crate::salesforce::errors::ApiError;
use crate::salesforce::ids;
use crate::salesforce::rows::Row;
use crate::salesforce::schema::{Object, Type, find};
use crate::salesforce::world::World;

/// A checked query: which records it found, and what to show of them.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) object: &'static Object,
    /// Ids of the records found, in order.
    pub(crate) ids: Arc<Vec<String>>,
    /// `COUNT()` shows only how many there are.
    pub(crate) count_only: bool,
    columns: Arc<Vec<Column>>,
}

/// Which records a query may find at all.
pub(crate) trait Sieve<'a> {
    /// Whether it may find this one.
    fn passes(&self, row: &Row<'a>, object: &Object) -> bool;
}

/// What `/query` finds: all that is not in the recycle bin; `/queryAll` finds that as well.
pub(crate) struct Bin {
    pub(crate) included: bool,
}

impl<'a> Sieve<'a> for Bin {
    fn passes(&self, row: &Row<'a>, _: &Object) -> bool {
        self.included || !row.is_deleted()
    }
}

/// Checks the query, runs it, and says what to show.
pub(crate) fn plan<'a>(
    text: &str,
    query: &Query,
    world: &World<'a>,
    hidden: &[&str],
    sieve: &dyn Sieve<'a>,
) -> Result<Plan, ApiError> {
    let Some(object) = find(&query.object) else {
        let message = format!(
            "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to \
             append the '__c' after the entity name. Please reference your WSDL or the describe call for the \
             appropriate names.",
            query.object
        );
        return Err(ApiError::bad("INVALID_TYPE", message));
    };
    let check = Check {
        text,
        hidden,
        object,
    };
    let columns = check.columns(&query.select, query.limit)?;
    if let Some(condition) = &query.condition {
        check.condition(condition)?;
    }
    for key in &query.order {
        check.path(&key.path)?;
    }
    let meets = |row: &Row<'a>| {
        let condition = query.condition.as_ref();
        condition.is_none_or(|condition| matches(condition, row, object, world))
    };
    let mut found = world.rows(object);
    found.retain(|row| sieve.passes(row, object) && meets(row));
    sort(&mut found, &query.order, object, world);
    let limit = query.limit.unwrap_or(usize::MAX);
    let shown = found.iter().skip(query.offset).take(limit);
    Ok(Plan {
        object,
        ids: Arc::new(shown.map(Row::id).collect()),
        columns: Arc::new(columns),
        count_only: query.select == Select::Count,
    })
}

impl Plan {
    /// The same with only some of the records.
    pub(crate) fn keeping(mut self, number: usize) -> Self {
        self.ids = Arc::new(self.ids.iter().take(number).cloned().collect());
        self
    }

    /// The records at these places of the result, as the API shows them.
    pub(crate) fn show(&self, from: usize, size: usize, world: &World, base: &str) -> Vec<Value> {
        let wanted = self.ids.iter().skip(from).take(size);
        wanted
            .filter_map(|id| world.find(id))
            .map(|row| record(&row, &self.columns, world, base))
            .collect()
    }
}

/// One record with its attributes; parents are nested, absent ones null.
fn record<'a>(row: &Row<'a>, columns: &[Column], world: &World<'a>, base: &str) -> Value {
    let mut shown = Map::new();
    shown.insert("attributes".to_owned(), attributes(row, base));
    for column in columns {
        match column.through.split_first() {
            None => {
                shown.insert(
                    column.field.name.to_owned(),
                    row.value(column.field.name, world),
                );
            }
            Some((first, _)) if !shown.contains_key(*first) => {
                let inner: Vec<Column> = columns
                    .iter()
                    .filter(|other| other.through.first() == Some(first))
                    .map(|other| Column {
                        through: other.through[1..].to_vec(),
                        ..other.clone()
                    })
                    .collect();
                let parent = row.parent(first, world);
                let value = parent.map(|parent| record(&parent, &inner, world, base));
                shown.insert((*first).to_owned(), value.unwrap_or_default());
            }
            Some(_) => {}
        }
    }
    Value::Object(shown)
}

/// What says which record this is.
pub(crate) fn attributes(row: &Row, base: &str) -> Value {
    let name = row.object_name();
    json!({ "type": name, "url": format!("{base}/sobjects/{name}/{}", row.id()) })
}

/// The value at the end of a checked path; null where a parent is missing.
fn value_at<'a>(
    path: &Path,
    row: &Row<'a>,
    object: &'static Object,
    world: &World<'a>,
) -> (Value, Type) {
    let check = Check {
        text: "",
        hidden: &[],
        object,
    };
    let Ok(column) = check.path(path) else {
        return (Value::Null, Type::Text(0));
    };
    let mut row = *row;
    for relationship in &column.through {
        match row.parent(relationship, world) {
            Some(parent) => row = parent,
            None => return (Value::Null, column.field.kind),
        }
    }
    (row.value(column.field.name, world), column.field.kind)
}

fn matches<'a>(
    condition: &Condition,
    row: &Row<'a>,
    object: &'static Object,
    world: &World<'a>,
) -> bool {
    match condition {
        Condition::And(all) => all.iter().all(|inner| matches(inner, row, object, world)),
        Condition::Or(all) => all.iter().any(|inner| matches(inner, row, object, world)),
        Condition::Not(inner) => !matches(inner, row, object, world),
        Condition::Compare(path, operator, literal) => {
            let (value, kind) = value_at(path, row, object, world);
            compares(&value, kind, *operator, literal)
        }
        Condition::In(path, inside, literals) => {
            let (value, kind) = value_at(path, row, object, world);
            let found = literals
                .iter()
                .any(|literal| compares(&value, kind, Operator::Equal, literal));
            found == *inside
        }
    }
}

fn compares(value: &Value, kind: Type, operator: Operator, literal: &Literal) -> bool {
    if operator == Operator::Like {
        let Literal::Text(pattern) = literal else {
            return false;
        };
        let text = value.as_str().unwrap_or_default().to_lowercase();
        return like(
            &text.chars().collect::<Vec<_>>(),
            &pattern.to_lowercase().chars().collect::<Vec<_>>(),
        );
    }
    let ordering = match literal {
        Literal::Null => value.is_null().then_some(Ordering::Equal),
        Literal::Boolean(flag) => value.as_bool().map(|value| value.cmp(flag)),
        Literal::Number(number) => value.as_f64().and_then(|value| value.partial_cmp(number)),
        Literal::DateTime(time) => moment(value).map(|value| value.cmp(time)),
        Literal::Text(text) if kind.is_id() => {
            ids::normalise(text).and_then(|id| value.as_str().map(|value| value.cmp(&id)))
        }
        Literal::Text(text) => value
            .as_str()
            .map(|value| value.to_lowercase().cmp(&text.to_lowercase())),
    };
    match (operator, ordering) {
        (Operator::Equal, found) => found == Some(Ordering::Equal),
        (Operator::NotEqual, found) => found != Some(Ordering::Equal),
        (_, None) | (Operator::Like, Some(_)) => false,
        (Operator::Less, Some(found)) => found.is_lt(),
        (Operator::LessOrEqual, Some(found)) => found.is_le(),
        (Operator::Greater, Some(found)) => found.is_gt(),
        (Operator::GreaterOrEqual, Some(found)) => found.is_ge(),
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(|text| text.parse().ok())
}

/// `%` is any text, `_` any letter, a backslash takes their meaning away.
fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|from| like(&text[from..], rest)),
        ['\\', escaped, rest @ ..] => text.first() == Some(escaped) && like(&text[1..], rest),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        [letter, rest @ ..] => text.first() == Some(letter) && like(&text[1..], rest),
    }
}

fn sort<'a>(found: &mut [Row<'a>], order: &[Order], object: &'static Object, world: &World<'a>) {
    if order.is_empty() {
        return;
    }
    found.sort_by_cached_key(|row| {
        let keys = order.iter().map(|key| {
            let (value, _) = value_at(&key.path, row, object, world);
            SortKey {
                value: sortable(&value),
                descending: key.descending,
                nulls_last: key.nulls_last,
            }
        });
        keys.collect::<Vec<_>>()
    });
}

/// Everything sorts as text: times and ids are of one length, numbers are padded.
fn sortable(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.to_lowercase()),
        Value::Number(number) => Some(format!("{:>20}", number.to_string())),
        other => Some(other.to_string()),
    }
}

#[derive(PartialEq, Eq)]
struct SortKey {
    value: Option<String>,
    descending: bool,
    nulls_last: bool,
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) if self.nulls_last => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) if self.nulls_last => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(own), Some(other)) if self.descending => other.cmp(own),
            (Some(own), Some(other)) => own.cmp(other),
        }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_knows_both_wildcards_and_their_escape() {
        let matches = |text: &str, pattern: &str| {
            like(
                &text.chars().collect::<Vec<_>>(),
                &pattern.chars().collect::<Vec<_>>(),
            )
        };
        assert!(matches("anna.meyer", "anna%"));
        assert!(matches("anna", "_nn_"));
        assert!(matches("100%", "100\\%"));
        assert!(!matches("1000", "100\\%"));
    }
}
