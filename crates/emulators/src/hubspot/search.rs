//! `POST …/search`: groups of filters, of which one must hold whole.

use std::cmp::Ordering;

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::HubSpot;
use super::errors::{Problem, wrong_verb};
use super::properties::time;
use super::rows::Row;
use super::schema::Kind;
use crate::answer::{Answer, ApiRequest};

/// The most rows of a page, and the usual number.
const MOST: usize = 200;
const USUAL: usize = 10;

/// How far a search can be paged.
const FURTHEST: usize = 10_000;

/// How many groups there may be, how many filters in one, and how many in all.
const GROUPS: usize = 5;
const FILTERS: usize = 6;
const FILTERS_IN_ALL: usize = 18;

/// The longest `query`.
const QUERY: usize = 3000;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Search {
    filter_groups: Vec<Group>,
    query: Option<String>,
    properties: Vec<String>,
    sorts: Vec<Sort>,
    limit: Option<usize>,
    after: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Group {
    filters: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    property_name: String,
    operator: Operator,
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    high_value: Option<Value>,
    #[serde(default)]
    values: Vec<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Operator {
    Between,
    ContainsToken,
    Eq,
    Gt,
    Gte,
    HasProperty,
    In,
    Lt,
    Lte,
    Neq,
    NotContainsToken,
    NotHasProperty,
    NotIn,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Sort {
    /// A name, with `-` before it for the other direction.
    Name(String),
    #[serde(rename_all = "camelCase")]
    Whole {
        property_name: String,
        #[serde(default)]
        direction: Option<String>,
    },
}

/// The answer to a search among the records of a kind.
pub(crate) fn answer(
    hubspot: &HubSpot,
    request: &ApiRequest,
    kind: &'static Kind,
) -> Result<Answer, Problem> {
    if request.method != Method::POST {
        return Ok(wrong_verb());
    }
    let search: Search = serde_json::from_slice(&request.body)
        .map_err(|error| Problem::bad_json(&error.to_string()))?;
    check(hubspot, kind, &search)?;
    let limit = search.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        let message = format!("limit must be between 1 and {MOST}, not {limit}");
        return Err(Problem::invalid(message));
    }
    let after = after(&search)?;
    if after + limit > FURTHEST {
        let message = format!("paging through more than {FURTHEST} results is not supported");
        return Err(Problem::invalid(message));
    }
    let names: Vec<&str> = search.properties.iter().map(String::as_str).collect();
    let body = hubspot.with_rows(kind, |rows| {
        let fits = |row: &Row| !row.is_archived() && matches(*row, kind, &search);
        let mut found: Vec<Row> = rows.iter().copied().filter(fits).collect();
        sort(&mut found, &search.sorts);
        let page = found.iter().skip(after).take(limit);
        let results: Vec<Value> = page
            .map(|row| row.answer(kind, &hubspot.customs, &names))
            .collect();
        let next = after + results.len();
        let mut body = json!({ "total": found.len(), "results": results });
        if next < found.len() {
            body["paging"] = json!({ "next": { "after": next.to_string() } });
        }
        body
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The offset: a number, or one as text.
fn after(search: &Search) -> Result<usize, Problem> {
    let bad = || Problem::invalid("after must be a whole number");
    match &search.after {
        None | Some(Value::Null) => Ok(0),
        Some(Value::String(text)) if text.is_empty() => Ok(0),
        Some(Value::String(text)) => text.parse().map_err(|_| bad()),
        Some(other) => {
            let number = other.as_u64().ok_or_else(bad)?;
            usize::try_from(number).map_err(|_| bad())
        }
    }
}

fn check(hubspot: &HubSpot, kind: &Kind, search: &Search) -> Result<(), Problem> {
    let groups = &search.filter_groups;
    let filters: usize = groups.iter().map(|group| group.filters.len()).sum();
    let most = groups.iter().map(|group| group.filters.len()).max();
    if groups.len() > GROUPS || most > Some(FILTERS) || filters > FILTERS_IN_ALL {
        let message = format!(
            "at most {GROUPS} filter groups of {FILTERS} filters, {FILTERS_IN_ALL} filters in all"
        );
        return Err(Problem::invalid(message));
    }
    if search
        .query
        .as_ref()
        .is_some_and(|query| query.len() > QUERY)
    {
        let message = format!("query must not be longer than {QUERY} characters");
        return Err(Problem::invalid(message));
    }
    for filter in groups.iter().flat_map(|group| &group.filters) {
        if hubspot
            .customs
            .type_of(kind, &filter.property_name)
            .is_none()
        {
            let message = format!(
                "There was a problem with the request. Property \"{}\" does not exist",
                filter.property_name
            );
            return Err(Problem::invalid(message));
        }
        let lacks = match filter.operator {
            Operator::HasProperty | Operator::NotHasProperty => false,
            Operator::In | Operator::NotIn => filter.values.is_empty(),
            Operator::Between => filter.value.is_none() || filter.high_value.is_none(),
            _ => filter.value.is_none(),
        };
        if lacks {
            let message = format!(
                "operator {:?} requires a value for property {}",
                filter.operator, filter.property_name
            );
            return Err(Problem::invalid(message));
        }
    }
    Ok(())
}

fn matches(row: Row, kind: &Kind, search: &Search) -> bool {
    let groups = &search.filter_groups;
    let holds = |group: &Group| group.filters.iter().all(|filter| filter.holds(row));
    let grouped = groups.is_empty() || groups.iter().any(holds);
    grouped
        && search
            .query
            .as_deref()
            .is_none_or(|query| mentions(row, kind, query))
}

/// Whether every word of the query begins a word of some property.
fn mentions(row: Row, kind: &Kind, query: &str) -> bool {
    let texts: Vec<String> = kind
        .properties
        .iter()
        .filter_map(|(name, _)| row.property(name))
        .map(|text| text.to_lowercase())
        .collect();
    let query = query.to_lowercase();
    let mut words = query.split_whitespace();
    words.all(|word| {
        texts
            .iter()
            .any(|text| text == word || tokens(text).any(|token| token.starts_with(word)))
    })
}

impl Filter {
    fn holds(&self, row: Row) -> bool {
        let value = row.property(&self.property_name);
        let Some(value) = value.map(|value| value.to_lowercase()) else {
            return matches!(
                self.operator,
                Operator::NotHasProperty
                    | Operator::Neq
                    | Operator::NotIn
                    | Operator::NotContainsToken
            );
        };
        let wanted = text(self.value.as_ref());
        let compared = compare(&value, &wanted);
        let among = || self.values.iter().any(|one| text(Some(one)) == value);
        match self.operator {
            Operator::Eq => compared == Ordering::Equal,
            Operator::Neq => compared != Ordering::Equal,
            Operator::Gt => compared == Ordering::Greater,
            Operator::Gte => compared != Ordering::Less,
            Operator::Lt => compared == Ordering::Less,
            Operator::Lte => compared != Ordering::Greater,
            Operator::Between => {
                let high = compare(&value, &text(self.high_value.as_ref()));
                compared != Ordering::Less && high != Ordering::Greater
            }
            Operator::HasProperty => true,
            Operator::NotHasProperty => false,
            Operator::In => among(),
            Operator::NotIn => !among(),
            Operator::ContainsToken => contains(&value, &wanted),
            Operator::NotContainsToken => !contains(&value, &wanted),
        }
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.to_lowercase(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// Times by their instant, whichever way they are written; everything else as text, but digits
/// by their number.
fn compare(value: &str, wanted: &str) -> Ordering {
    if let Ok(instant) = value.to_uppercase().parse::<jiff::Timestamp>()
        && let Some(wanted) = time(&wanted.to_uppercase())
    {
        return instant.cmp(&wanted);
    }
    match (value.parse::<u64>(), wanted.parse::<u64>()) {
        (Ok(value), Ok(wanted)) => value.cmp(&wanted),
        _ => value.cmp(wanted),
    }
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|token| !token.is_empty())
}

/// Whether each word of `wanted` is a token of `value`; `*` at its ends stands for anything.
fn contains(value: &str, wanted: &str) -> bool {
    let mut words = wanted
        .split(|letter: char| !letter.is_alphanumeric() && letter != '*')
        .filter(|word| !word.is_empty());
    words.all(|word| {
        let core = word.trim_matches('*');
        let (before, behind) = (word.starts_with('*'), word.ends_with('*'));
        tokens(value).any(|token| match (before, behind) {
            (true, true) => token.contains(core),
            (true, false) => token.ends_with(core),
            (false, true) => token.starts_with(core),
            (false, false) => token == core,
        })
    })
}

fn sort(rows: &mut [Row], sorts: &[Sort]) {
    let Some(sort) = sorts.first() else {
        return;
    };
    let (name, falling) = match sort {
        Sort::Name(name) => match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        },
        Sort::Whole {
            property_name,
            direction,
        } => (
            property_name.as_str(),
            direction.as_deref() == Some("DESCENDING"),
        ),
    };
    rows.sort_by_cached_key(|row| row.property(name));
    if falling {
        rows.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_whole_unless_a_star_says_otherwise() {
        assert!(contains("+44 20 7946 0500", "7946"));
        assert!(!contains("+44 20 7946 0500", "794"));
        assert!(contains("2079460500", "*79460500"));
        assert!(contains("blue anvil joinery", "anv* blue"));
    }

    #[test]
    fn instants_compare_in_either_spelling() {
        let iso = "2026-03-18t14:30:00.000z";
        assert_eq!(compare(iso, "1773844200000"), Ordering::Equal);
        assert_eq!(compare(iso, "2026-03-18t14:30:01z"), Ordering::Less);
    }
}
