//! What all lists of API v2 have alike: the filter grammar, the order, pages by token.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;

/// Rows of a page when nobody says how many. The vendor does not say.
const UNASKED: usize = 50;

/// The operators of a filter, the longer spelling first.
const OPERATORS: &[&str] = &["==", "!=", ">=", "<=", ">", "<"];

/// A list there is: the member its rows are in, the page size's bounds, filters and orders.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) member: &'static str,
    pub(crate) page_sizes: (usize, usize),
    /// Fields of the filter that are compared with `==` only.
    pub(crate) filters: &'static [&'static str],
    /// Fields of the filter that know every operator.
    pub(crate) compared: &'static [&'static str],
    pub(crate) orders: &'static [&'static str],
}

/// One clause of a filter: `field==value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) field: String,
    pub(crate) operator: &'static str,
    pub(crate) value: String,
}

impl Clause {
    /// `==` on text: letter case does not matter, a star at the end means *begins with*.
    pub(crate) fn is_text(&self, text: &str) -> bool {
        let (text, value) = (text.to_lowercase(), self.value.to_lowercase());
        match value.strip_suffix('*') {
            Some(prefix) => text.starts_with(prefix),
            None => text == value,
        }
    }

    /// Whether the value, a list with commas, holds the text.
    pub(crate) fn lists(&self, text: &str) -> bool {
        self.value.split(',').any(|one| one.trim() == text)
    }

    pub(crate) fn boolean(&self) -> Result<bool, ApiError> {
        match self.value.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.wrong("true or false")),
        }
    }

    /// A time with milliseconds and offset; a date alone is refused.
    pub(crate) fn time(&self) -> Result<Timestamp, ApiError> {
        let time = self.value.parse().ok();
        time.filter(|_| self.value.contains('.'))
            .ok_or_else(|| self.wrong("an ISO-8601 date-time with milliseconds and offset"))
    }

    /// Whether a numeric id is what the clause asks for.
    pub(crate) fn is_id(&self, id: &str) -> Result<bool, ApiError> {
        let wanted: i64 = self.value.parse().map_err(|_| self.wrong("a number"))?;
        let id: i64 = id.parse().unwrap_or_default();
        Ok(match self.operator {
            "!=" => id != wanted,
            ">=" => id >= wanted,
            "<=" => id <= wanted,
            ">" => id > wanted,
            "<" => id < wanted,
            _ => id == wanted,
        })
    }

    fn wrong(&self, wanted: &str) -> ApiError {
        ApiError::invalid(format!("Filter '{}' must be {wanted}", self.field))
    }
}

impl List {
    /// The clauses of `filter`, all of which a row must meet. Other query parameters filter
    /// nothing and are not refused.
    pub(crate) fn filter(&self, request: &ApiRequest) -> Result<Vec<Clause>, ApiError> {
        let text = request.parameter("filter").unwrap_or_default();
        let clauses = text.split(';').filter(|clause| !clause.trim().is_empty());
        clauses.map(|clause| self.clause(clause.trim())).collect()
    }

    fn clause(&self, text: &str) -> Result<Clause, ApiError> {
        let at = text.find(['=', '!', '<', '>']).unwrap_or(text.len());
        let (field, rest) = text.split_at(at);
        let operator = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator));
        let Some(operator) = operator else {
            return Err(ApiError::invalid(format!("Invalid filter '{text}'")));
        };
        let known = if self.compared.contains(&field) {
            true
        } else if self.filters.contains(&field) {
            *operator == "=="
        } else {
            let message = format!("Unknown filter field '{field}'");
            return Err(ApiError::invalid(message));
        };
        if !known {
            let message = format!("Operator '{operator}' is not supported for '{field}'");
            return Err(ApiError::invalid(message));
        }
        Ok(Clause {
            field: field.to_owned(),
            operator,
            value: rest[operator.len()..].to_owned(),
        })
    }

    /// Field and whether it is descending, when an order is asked for.
    pub(crate) fn order<'a>(
        &self,
        request: &'a ApiRequest,
    ) -> Result<Option<(&'a str, bool)>, ApiError> {
        let Some(text) = request
            .parameter("order_by")
            .filter(|text| !text.is_empty())
        else {
            return Ok(None);
        };
        let wrong = || ApiError::invalid(format!("Invalid order_by '{text}'"));
        let (field, direction) = text.split_once(' ').unwrap_or((text, "asc"));
        let descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return Err(wrong()),
        };
        if self.orders.contains(&field) {
            Ok(Some((field, descending)))
        } else {
            Err(wrong())
        }
    }

    /// One page of the rows found, with the token of the next; an empty token ends the list.
    pub(crate) fn page<T>(
        &self,
        core: &Core,
        request: &ApiRequest,
        mut found: Vec<T>,
        row: impl Fn(&T) -> Value,
    ) -> Result<Answer, ApiError> {
        let size = self.size(core, request)?;
        let here = Token::of(request)?;
        if request.suffers(&Fault::EmptyList) {
            found.clear();
        }
        if request.suffers(&Fault::HalfPages) {
            found.truncate(found.len() / 2);
        }
        let until = (here.from + size).min(found.len());
        let mut rows: Vec<Value> = found
            .get(here.from..until)
            .unwrap_or_default()
            .iter()
            .map(row)
            .collect();
        let mut next = Token {
            number: here.number + 1,
            from: until,
        };
        let mut more = until < found.len();
        if request.suffers(&Fault::RepeatedCursor) {
            (next, more) = (here, true);
        }
        if request.suffers(&Fault::TruncatedList) {
            rows.truncate(rows.len() / 2);
            more = false;
        }
        if request.suffers(&Fault::IdType) {
            rows.iter_mut().for_each(number_id);
        }
        let next = if more { next.text() } else { String::new() };
        let body = json!({ self.member: rows, "next_page_token": next });
        Ok(Answer::json(StatusCode::OK, &body))
    }

    fn size(&self, core: &Core, request: &ApiRequest) -> Result<usize, ApiError> {
        let (least, most) = self.page_sizes;
        let asked = match request.parameter("page_size") {
            None => UNASKED,
            Some(text) => match text.parse() {
                Ok(0) if least == 0 => UNASKED,
                Ok(size) if (least..=most).contains(&size) => size,
                _ => {
                    let message = format!("page_size must be between {least} and {most}");
                    return Err(ApiError::invalid(message));
                }
            },
        };
        let size = core.page_size(asked);
        Ok(if request.suffers(&Fault::ShortPages) {
            (size / 2).max(1)
        } else {
            size
        })
    }
}

/// Where a page starts. The text of it is opaque to clients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// The page's number, the first is 1.
    pub(crate) number: u32,
    from: usize,
}

impl Token {
    fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("p{}:{}", self.number, self.from))
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (number, from) = decoded.strip_prefix('p')?.split_once(':')?;
        Some(Self {
            number: number.parse().ok()?,
            from: from.parse().ok()?,
        })
    }

    /// That of the request; the first page without one.
    pub(crate) fn of(request: &ApiRequest) -> Result<Self, ApiError> {
        let first = Self { number: 1, from: 0 };
        let text = request.parameter("page_token").unwrap_or_default();
        if text.is_empty() {
            return Ok(first);
        }
        let token = Self::read(text).filter(|_| !request.suffers(&Fault::ExpiredCursor));
        token.ok_or_else(|| ApiError::invalid("Invalid page_token"))
    }
}

/// Turns the id of a row from text into a number.
fn number_id(row: &mut Value) {
    let number = row["id"].as_str().and_then(|id| id.parse::<u64>().ok());
    if let Some(number) = number {
        row["id"] = json!(number);
    }
}

/// Only the fields asked for by `fields`, or those of a slim row, and always the id.
pub(crate) fn narrowed(
    row: Value,
    request: &ApiRequest,
    known: &[&str],
    unasked: &[&str],
) -> Result<Value, ApiError> {
    let mut asked: Vec<&str> = request
        .query
        .iter()
        .filter(|(name, _)| name == "fields")
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .collect();
    if let Some(field) = asked.iter().find(|field| !known.contains(field)) {
        return Err(ApiError::invalid(format!("Unknown field '{field}'")));
    }
    asked.extend(unasked);
    let Value::Object(row) = row else {
        return Ok(row);
    };
    let kept: Map<String, Value> = row
        .into_iter()
        .filter(|(name, _)| name == "id" || asked.contains(&name.as_str()))
        .collect();
    Ok(Value::Object(kept))
}

/// A time as API v2 writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The record without members that are null: Keap leaves them out.
pub(crate) fn without_nulls(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: List = List {
        member: "rows",
        page_sizes: (1, 100),
        filters: &["email"],
        compared: &["id"],
        orders: &[],
    };

    #[test]
    fn a_clause_keeps_operators_inside_its_value() {
        let clause = LIST.clause("email==a=b>c").expect("a clause");
        assert_eq!((clause.operator, clause.value.as_str()), ("==", "a=b>c"));
        let clause = LIST.clause("id>=5").expect("a clause");
        assert_eq!((clause.operator, clause.value.as_str()), (">=", "5"));
    }

    #[test]
    fn unknown_fields_and_operators_are_refused() {
        for text in ["email>5", "shoe==5", "email", "email=5"] {
            assert!(LIST.clause(text).is_err(), "{text}");
        }
    }
}
