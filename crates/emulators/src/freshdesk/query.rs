//! `GET /search/…?query="…"`: conditions joined by `AND` and `OR`, with brackets.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Freshdesk;
use super::errors::{Problem, invalid};
use super::fields::parameters;
use crate::answer::{Answer, ApiRequest};
use crate::span::{Span, Start};

/// The longest query.
const LONGEST: usize = 512;

/// Rows of a page, and the last page there is.
const PER_PAGE: usize = 30;
const LAST_PAGE: usize = 10;

/// What contacts and tickets can be searched by.
const CONTACT_FIELDS: &[&str] = &[
    "active",
    "company_id",
    "email",
    "language",
    "mobile",
    "name",
    "phone",
    "tag",
    "time_zone",
    "twitter_id",
    "created_at",
    "updated_at",
];
const TICKET_FIELDS: &[&str] = &[
    "agent_id",
    "group_id",
    "priority",
    "status",
    "tag",
    "type",
    "created_at",
    "updated_at",
    "cf_call_id",
];

/// A query, read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Query {
    Is(String, Comparison, String),
    Both(Box<Query>, Box<Query>),
    Either(Box<Query>, Box<Query>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    /// `:>`, which includes the value.
    From,
    /// `:<`, which includes the value.
    To,
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, word: &str) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> Option<Query> {
        let mut query = self.both()?;
        while self.take("OR ") {
            query = Query::Either(Box::new(query), Box::new(self.both()?));
        }
        Some(query)
    }

    fn both(&mut self) -> Option<Query> {
        let mut query = self.one()?;
        while self.take("AND ") {
            query = Query::Both(Box::new(query), Box::new(self.one()?));
        }
        Some(query)
    }

    fn one(&mut self) -> Option<Query> {
        if self.take("(") {
            let query = self.either()?;
            return self.take(")").then_some(query);
        }
        self.0 = self.0.trim_start();
        let (name, rest) = self.0.split_once(':')?;
        self.0 = rest;
        let comparison = if self.take(">") {
            Comparison::From
        } else if self.take("<") {
            Comparison::To
        } else {
            Comparison::Equal
        };
        let value = if self.take("'") {
            let (value, rest) = self.0.split_once('\'')?;
            self.0 = rest;
            value
        } else {
            let end = self.0.find([' ', ')']).unwrap_or(self.0.len());
            let (value, rest) = self.0.split_at(end);
            self.0 = rest;
            value
        };
        let is_name = !name.is_empty() && !name.contains([' ', '(', '\'']);
        is_name.then(|| Query::Is(name.to_owned(), comparison, value.to_owned()))
    }
}

impl Query {
    fn read(text: &str) -> Option<Self> {
        let mut rest = Rest(text);
        let query = rest.either()?;
        rest.0.trim().is_empty().then_some(query)
    }

    fn names<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Self::Is(name, ..) => into.push(name),
            Self::Both(one, other) | Self::Either(one, other) => {
                one.names(into);
                other.names(into);
            }
        }
    }

    fn fits(&self, row: &Value) -> bool {
        match self {
            Self::Both(one, other) => one.fits(row) && other.fits(row),
            Self::Either(one, other) => one.fits(row) || other.fits(row),
            Self::Is(name, comparison, wanted) => {
                let own = match name.as_str() {
                    "tag" => &row["tags"],
                    "agent_id" => &row["responder_id"],
                    name if name.starts_with("cf_") => &row["custom_fields"][name],
                    name => &row[name],
                };
                match comparison {
                    Comparison::Equal => is(own, wanted),
                    Comparison::From => day(own)
                        .zip(day(&json!(wanted)))
                        .is_some_and(|(own, wanted)| own >= wanted),
                    Comparison::To => day(own)
                        .zip(day(&json!(wanted)))
                        .is_some_and(|(own, wanted)| own <= wanted),
                }
            }
        }
    }
}

fn is(own: &Value, wanted: &str) -> bool {
    match own {
        Value::Null => wanted == "null",
        Value::String(text) => text.eq_ignore_ascii_case(wanted),
        Value::Array(all) => all.iter().any(|own| is(own, wanted)),
        Value::Number(number) => number.to_string() == wanted,
        Value::Bool(flag) => wanted == if *flag { "true" } else { "false" },
        Value::Object(_) => false,
    }
}

/// A time or a day as a time.
fn day(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    let day = || {
        let day: Date = text.parse().ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(day)
}

impl Freshdesk {
    /// `GET /search/contacts`.
    pub(crate) fn search_contacts(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let query = read(request, CONTACT_FIELDS)?;
        let contacts = self.core.contacts();
        let all = contacts.all().iter().map(|contact| self.show(contact));
        let found: Vec<Value> = all.filter(|row| query.fits(row)).collect();
        self.found(request, &found)
    }

    /// `GET /search/tickets`.
    pub(crate) fn search_tickets(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let query = read(request, TICKET_FIELDS)?;
        let records = self.core.records();
        let all = records.of("ticket").map(|ticket| &ticket.fields);
        let found: Vec<Value> = all.filter(|row| query.fits(row)).cloned().collect();
        self.found(request, &found)
    }

    fn found(&self, request: &ApiRequest, rows: &[Value]) -> Result<Answer, Answer> {
        let page = request.parameter("page").map_or(Ok(1), str::parse);
        let Some(page) = page.ok().filter(|page| (1..=LAST_PAGE).contains(page)) else {
            let text = "It should be a Positive Integer less than or equal to 10";
            return Err(invalid(&[Problem::new("page", text, "invalid_value")]));
        };
        let size = self.core.page_size(PER_PAGE);
        let span = Span::of(request, rows.len(), Start::Page(page), size);
        let body = json!({ "total": rows.len(), "results": rows[span.rows] });
        Ok(Answer::json(StatusCode::OK, &body))
    }
}

fn read(request: &ApiRequest, known: &[&str]) -> Result<Query, Answer> {
    let refused = |text: &str, code| Err(invalid(&[Problem::new("query", text, code)]));
    parameters(request, &["query"])?;
    if request.parameter("per_page").is_some() {
        return Err(invalid(&[Problem::unknown("per_page")]));
    }
    let Some(quoted) = request.parameter("query") else {
        return refused("Mandatory attribute missing", "missing_field");
    };
    let text = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return refused(
            "It should be a/an String enclosed in double quotes",
            "invalid_value",
        );
    };
    if text.len() > LONGEST {
        return refused("It should be at most 512 characters long", "invalid_value");
    }
    let Some(query) = Query::read(text) else {
        return refused(
            "Your query is invalid. Please check the syntax",
            "invalid_value",
        );
    };
    let mut names = Vec::new();
    query.names(&mut names);
    match names.into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(invalid(&[Problem::unknown(name)])),
        None => Ok(query),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_closer_than_or() {
        let query = Query::read("phone:'1' OR mobile:'1' AND active:true").expect("a query");
        assert!(matches!(query, Query::Either(..)));
        let row = json!({ "phone": "1", "mobile": null, "active": false });
        assert!(query.fits(&row));
        let query = Query::read("(phone:'1' OR mobile:'1') AND active:true").expect("a query");
        assert!(!query.fits(&row));
    }

    #[test]
    fn a_value_is_matched_whole() {
        let query = Query::read("phone:'+44 20 7946 0123'").expect("a query");
        assert!(query.fits(&json!({ "phone": "+44 20 7946 0123" })));
        assert!(!query.fits(&json!({ "phone": "+442079460123" })));
        assert!(Query::read("phone 5").is_none());
        assert!(Query::read("phone:'5' XOR email:'x'").is_none());
    }
}
