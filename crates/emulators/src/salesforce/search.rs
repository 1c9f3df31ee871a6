//! `/search` and `/parameterizedSearch`: finding records by words, addresses and numbers however
//! they are punctuated.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::query::hidden;
use super::rows::Row;
use super::schema::{Field, Object, Type};
use super::soql::{Bin, Group, Item, Letter, Search, Sieve, parse, parse_search, parse_term, plan};
use super::world::{Held, World};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;

/// The most records of an answer.
const MOST: usize = 2000;

/// What is searched when nobody says.
const SEARCHED: &[&str] = &["Account", "Contact", "Lead", "Task", "Event", "User"];

/// The fewest digits by which the end of a number is enough to find it.
const TAIL: usize = 7;

/// `GET /search?q=FIND …`.
pub(crate) fn search(core: &Core, request: &ApiRequest, base: &str) -> Result<Answer, ApiError> {
    let text = request.parameter("q").unwrap_or_default();
    let search = parse_search(text)?;
    run(core, request, &search, text, base)
}

/// `GET` and `POST /parameterizedSearch`.
pub(crate) fn parameterized(
    core: &Core,
    request: &ApiRequest,
    base: &str,
) -> Result<Answer, ApiError> {
    let asked = if request.method == Method::POST {
        serde_json::from_slice::<Asked>(&request.body)
            .map_err(|error| ApiError::bad("JSON_PARSER_ERROR", error.to_string()))?
    } else {
        Asked::of_parameters(request)
    };
    let group = match asked.group.as_deref() {
        None => Group::All,
        Some(name) => Group::named(name).ok_or_else(|| {
            ApiError::bad(
                "INVALID_SEARCH_SCOPE",
                format!("invalid search scope: {name}"),
            )
        })?,
    };
    let returning = asked
        .sobjects
        .iter()
        .map(|object| parse(&object.query(&asked)))
        .collect::<Result<_, _>>()?;
    let search = Search {
        term: parse_term(&asked.q, false)?,
        group,
        returning,
        limit: asked.overall_limit,
    };
    run(core, request, &search, "", base)
}

/// The body of a parameterized search.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Asked {
    q: String,
    #[serde(rename = "in")]
    group: Option<String>,
    fields: Vec<String>,
    sobjects: Vec<AskedObject>,
    default_limit: Option<usize>,
    overall_limit: Option<usize>,
    offset: usize,
    #[serde(rename = "spellCorrection")]
    _spelling: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct AskedObject {
    name: String,
    fields: Vec<String>,
    #[serde(rename = "where")]
    condition: Option<String>,
    order_by: Option<String>,
    limit: Option<usize>,
}

impl Asked {
    fn of_parameters(request: &ApiRequest) -> Self {
        let text = |name: &str| request.parameter(name).map(str::to_owned);
        let number = |name: &str| {
            request
                .parameter(name)
                .and_then(|number| number.parse().ok())
        };
        let list = |name: &str| -> Vec<String> {
            let written = request.parameter(name).unwrap_or_default().split(',');
            let named = written.map(str::trim).filter(|name| !name.is_empty());
            named.map(str::to_owned).collect()
        };
        let objects = request.query.iter().filter(|(name, _)| name == "sobject");
        let objects = objects.map(|(_, name)| AskedObject {
            name: name.clone(),
            fields: list(&format!("{name}.fields")),
            condition: text(&format!("{name}.where")),
            order_by: text(&format!("{name}.orderBy")),
            limit: number(&format!("{name}.limit")),
        });
        Self {
            q: text("q").unwrap_or_default(),
            group: text("in"),
            fields: list("fields"),
            sobjects: objects.collect(),
            default_limit: number("defaultLimit"),
            overall_limit: number("overallLimit"),
            ..Self::default()
        }
    }
}

impl AskedObject {
    /// The same as a query.
    fn query(&self, asked: &Asked) -> String {
        let fields = [&self.fields, &asked.fields]
            .into_iter()
            .find(|fields| !fields.is_empty());
        let fields = fields.map_or_else(|| "Id".to_owned(), |fields| fields.join(", "));
        let mut parts = vec![format!("SELECT {fields} FROM {}", self.name)];
        if let Some(condition) = &self.condition {
            parts.push(format!("WHERE {condition}"));
        }
        if let Some(order) = &self.order_by {
            parts.push(format!("ORDER BY {order}"));
        }
        if let Some(limit) = self.limit.or(asked.default_limit) {
            parts.push(format!("LIMIT {limit}"));
        }
        if asked.offset > 0 {
            parts.push(format!("OFFSET {}", asked.offset));
        }
        parts.join(" ")
    }
}

fn run(
    core: &Core,
    request: &ApiRequest,
    search: &Search,
    text: &str,
    base: &str,
) -> Result<Answer, ApiError> {
    let held = Held::of(core);
    let world = held.world();
    let all: Vec<_> = SEARCHED
        .iter()
        .map(|name| super::soql::only_ids((*name).to_owned()))
        .collect();
    let returning = if search.returning.is_empty() {
        &all
    } else {
        &search.returning
    };
    let finder = Finder {
        search,
        world: &world,
    };
    let mut records = Vec::new();
    for query in returning {
        let plan = plan(text, query, &world, &hidden(request), &finder)?;
        records.extend(plan.show(0, MOST, &world, base));
    }
    records.truncate(search.limit.unwrap_or(MOST).min(MOST));
    let body = if version(base) < 37 {
        Value::Array(records)
    } else {
        json!({ "searchRecords": records })
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The number in `/services/data/v62.0`.
pub(crate) fn version(base: &str) -> u32 {
    let number = base.rsplit('v').next().unwrap_or_default();
    let number = number.split('.').next().unwrap_or_default();
    number.parse().unwrap_or(u32::MAX)
}

/// Decides which records a term finds.
struct Finder<'a, 'w> {
    search: &'a Search,
    world: &'a World<'w>,
}

impl<'w> Sieve<'w> for Finder<'_, 'w> {
    fn passes(&self, row: &Row<'w>, object: &Object) -> bool {
        let bin = Bin { included: false };
        let searched: Vec<&Field> = object
            .fields
            .iter()
            .filter(|field| is_searched(self.search.group, field))
            .collect();
        if !object.is_searchable() || !bin.passes(row, object) {
            return false;
        }
        let has = |item: &Item| {
            let mut fields = searched.iter();
            fields.any(|field| {
                let value = row.value(field.name, self.world);
                let text = value.as_str().unwrap_or_default();
                match field.kind {
                    Type::Phone => is_number(&item.letters, text),
                    _ => has_words(&item.letters, text),
                }
            })
        };
        let mut alternatives = self.search.term.iter();
        alternatives.any(|items| items.iter().all(|item| has(item) != item.negated))
    }
}

fn is_searched(group: Group, field: &Field) -> bool {
    match group {
        Group::Phone => field.kind == Type::Phone,
        Group::Email => field.kind == Type::Email,
        Group::Name => {
            ["Name", "FirstName", "LastName", "Company", "Subject"].contains(&field.name)
        }
        Group::All => matches!(
            field.kind,
            Type::Text(_) | Type::TextArea(_) | Type::Combobox(_) | Type::Email | Type::Phone
        ),
    }
}

/// Whether the digits are those of the number, or of its end.
fn is_number(term: &[Letter], number: &str) -> bool {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let wanted: Vec<Letter> = term
        .iter()
        .copied()
        .filter(|letter| !matches!(letter, Letter::Is(other) if !other.is_ascii_digit()))
        .collect();
    let known = wanted
        .iter()
        .filter(|letter| matches!(letter, Letter::Is(_)))
        .count();
    if known == 0 {
        return false;
    }
    if matches(&wanted, &digits) {
        return true;
    }
    known == wanted.len()
        && known >= TAIL
        && digits.len() > known
        && matches(&wanted, &digits[digits.len() - known..])
}

/// Whether the words stand there one after the other.
fn has_words(term: &[Letter], text: &str) -> bool {
    let wanted: Vec<&[Letter]> = term
        .split(|letter| matches!(letter, Letter::Is(sign) if !sign.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let words: Vec<Vec<char>> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().chars().collect())
        .collect();
    !wanted.is_empty()
        && words.windows(wanted.len()).any(|window| {
            let mut pairs = window.iter().zip(&wanted);
            pairs.all(|(word, wanted)| matches(wanted, word))
        })
}

fn matches(term: &[Letter], text: &[char]) -> bool {
    match term {
        [] => text.is_empty(),
        [Letter::Any, rest @ ..] => (0..=text.len()).any(|from| matches(rest, &text[from..])),
        [Letter::One, rest @ ..] => !text.is_empty() && matches(rest, &text[1..]),
        [Letter::Is(letter), rest @ ..] => {
            let same = |other: &char| letter.to_lowercase().eq(other.to_lowercase());
            text.first().is_some_and(same) && matches(rest, &text[1..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> Vec<Letter> {
        parse_term(text, false).expect("a term")[0][0]
            .letters
            .clone()
    }

    #[test]
    fn a_number_is_found_by_its_digits_or_its_last_seven() {
        for written in ["+44 20 7946 0500", "(0044) 20-7946-0500"] {
            assert!(is_number(&term("2079460500"), written), "{written}");
            assert!(is_number(&term("9460500"), written), "{written}");
            assert!(!is_number(&term("460500"), written), "{written}");
            assert!(!is_number(&term("02079460500"), written), "{written}");
        }
        assert!(is_number(&term("2079*"), "20 7946 0500"));
    }

    #[test]
    fn words_are_whole_unless_a_star_says_otherwise() {
        assert!(has_words(&term("anna@okapi.example"), "anna@okapi.example"));
        assert!(!has_words(&term("ann"), "Anna Meyer"));
        assert!(has_words(&term("ann*"), "Anna Meyer"));
    }
}
