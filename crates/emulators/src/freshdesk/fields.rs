//! What a request may hold: every parameter and field is known or refused, and has its type.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::errors::{Problem, invalid, not_json, not_json_type};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::span::{Span, Start};

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    Flag,
    List,
    Object,
    Time,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Number => "Positive Integer",
            Self::Flag => "Boolean",
            Self::List => "Array",
            Self::Object => "key/value pair",
            Self::Time => "valid date in the combined date and time ISO8601 format",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Number => value.as_u64().is_some(),
            Self::Flag => value.is_boolean(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::Time => value
                .as_str()
                .is_some_and(|text| text.parse::<Timestamp>().is_ok()),
        }
    }
}

/// The fields a body may have.
pub(crate) type Fields = &'static [(&'static str, Type)];

/// The body, when all it holds is known and of its type.
pub(crate) fn body(request: &ApiRequest, fields: Fields) -> Result<Map<String, Value>, Answer> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.to_lowercase().starts_with("application/json") {
        return Err(not_json_type());
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(&request.body) else {
        return Err(not_json());
    };
    let mut problems = Vec::new();
    for (name, value) in &body {
        match fields.iter().find(|(known, _)| known == name) {
            None => problems.push(Problem::unknown(name)),
            Some((_, kind)) if !value.is_null() && !kind.fits(value) => {
                problems.push(Problem::new(
                    name,
                    mismatch(*kind, value),
                    "datatype_mismatch",
                ));
            }
            Some(_) => {}
        }
    }
    if problems.is_empty() {
        Ok(body)
    } else {
        Err(invalid(&problems))
    }
}

fn mismatch(wanted: Type, value: &Value) -> String {
    let given = match value {
        Value::String(_) => "String",
        Value::Number(_) => "Integer",
        Value::Bool(_) => "Boolean",
        Value::Array(_) => "Array",
        Value::Object(_) => "key/value pair",
        Value::Null => "Null",
    };
    let wanted = wanted.name();
    format!("Value set is of type {given}.It should be a/an {wanted}")
}

/// Refuses parameters that are not among these; those of paging always are.
pub(crate) fn parameters(request: &ApiRequest, known: &[&str]) -> Result<(), Answer> {
    let problems: Vec<Problem> = request
        .query
        .iter()
        .filter(|(name, _)| {
            !known.contains(&name.as_str()) && !["page", "per_page"].contains(&name.as_str())
        })
        .map(|(name, _)| Problem::unknown(name))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid(&problems))
    }
}

/// A time in a parameter.
pub(crate) fn time(request: &ApiRequest, name: &str) -> Result<Option<Timestamp>, Answer> {
    let Some(text) = request.parameter(name) else {
        return Ok(None);
    };
    let wanted = Type::Time.name();
    let problem = || Problem::new(name, format!("It should be a/an {wanted}"), "invalid_value");
    text.parse().map(Some).map_err(|_| invalid(&[problem()]))
}

/// Rows to show, and the address of the next page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) span: Span,
    next: Option<String>,
}

impl Page {
    /// A list of rows, with its `Link`.
    pub(crate) fn answer(self, rows: Vec<Value>) -> Answer {
        let answer = Answer::json(axum::http::StatusCode::OK, &Value::Array(rows));
        match self.next {
            Some(next) => answer.with("link", &format!("<{next}>; rel=\"next\"")),
            None => answer,
        }
    }
}

/// The page that a request asks for of a list of `total` rows.
pub(crate) fn page(core: &Core, request: &ApiRequest, total: usize) -> Result<Page, Answer> {
    let mut problems = Vec::new();
    let mut number = |name: &str, otherwise: usize, most: usize, text: &str| {
        let given = request.parameter(name).map(str::parse);
        match given {
            None => otherwise,
            Some(Ok(number)) if (1..=most).contains(&number) => number,
            Some(_) => {
                problems.push(Problem::new(name, text, "invalid_value"));
                otherwise
            }
        }
    };
    let page = number("page", 1, usize::MAX, "It should be a Positive Integer");
    let text = "It should be a Positive Integer less than or equal to 100";
    let asked = number("per_page", 30, 100, text);
    if !problems.is_empty() {
        return Err(invalid(&problems));
    }
    let span = Span::of(request, total, Start::Page(page), core.page_size(asked));
    let next = span.next.map(|_| link(core, request, page + 1));
    Ok(Page { span, next })
}

/// The number of the page that a request asks for, for the switches.
pub(crate) fn page_number(request: &ApiRequest) -> u32 {
    let page = request.parameter("page").map(str::parse);
    page.and_then(Result::ok).unwrap_or(1)
}

fn link(core: &Core, request: &ApiRequest, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(request.query.iter().filter(|(name, _)| name != "page"));
    query.append_pair("page", &page.to_string());
    format!("{}{}?{}", core.base_url, request.path, query.finish())
}
