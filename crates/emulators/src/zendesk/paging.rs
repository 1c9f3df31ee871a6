//! The two ways of paging: by cursor (`page[size]`, `page[after]`) and by number (`page`,
//! `per_page`), each with its own envelope and its own bounds.

use std::ops::Range;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::errors;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;
use crate::span::{Span, Start};

/// The largest page of either way.
const LARGEST: usize = 100;

/// The most rows that can be reached by page numbers.
const DEEPEST: usize = 10_000;

/// Rows to show, and what goes around them.
#[derive(Debug)]
pub(crate) struct Page {
    /// Positions in the whole list.
    pub(crate) rows: Range<usize>,
    /// `meta` and `links`, or `count`, `next_page` and `previous_page`.
    pub(crate) around: Map<String, Value>,
}

impl Page {
    /// The answer: the rows under `name`, and what goes around them.
    pub(crate) fn answer(self, name: &str, rows: Vec<Value>) -> Answer {
        let mut body = self.around;
        body.insert(name.to_owned(), Value::Array(rows));
        Answer::json(StatusCode::OK, &Value::Object(body))
    }
}

/// The page that a request asks for of a list of `total` rows.
pub(crate) fn page(core: &Core, request: &ApiRequest, total: usize) -> Result<Page, Answer> {
    if is_by_cursor(request) {
        by_cursor(core, request, total)
    } else {
        by_number(core, request, total, DEEPEST)
    }
}

/// The same for lists that have no cursor.
pub(crate) fn by_number(
    core: &Core,
    request: &ApiRequest,
    total: usize,
    deepest: usize,
) -> Result<Page, Answer> {
    let number = number(request, "page", 1)?;
    let asked = number_within(request, "per_page", LARGEST)?;
    if number.saturating_mul(asked) > deepest {
        let title = "Pagination depth exceeded; use cursor pagination.";
        return Err(errors::paging("InvalidPaginationDepth", title));
    }
    let span = Span::of(request, total, Start::Page(number), core.page_size(asked));
    let link = |page: usize| link(core, request, &[("page", page.to_string())]);
    let next = span.next.map(|_| link(number + 1));
    let previous = (number > 1).then(|| link(number - 1));
    let around = json!({ "count": span.total, "next_page": next, "previous_page": previous });
    Ok(Page {
        rows: span.rows,
        around: object(around),
    })
}

fn by_cursor(core: &Core, request: &ApiRequest, total: usize) -> Result<Page, Answer> {
    let asked = number(request, "page[size]", LARGEST)?;
    if asked > LARGEST {
        let title = "page[size] must be at most 100";
        return Err(errors::paging("InvalidPaginationParameter", title));
    }
    let size = core.page_size(asked);
    let (page, from) = match (
        request.parameter("page[after]"),
        request.parameter("page[before]"),
    ) {
        (Some(text), _) => cursor(request, text)?,
        (None, Some(text)) => {
            let (page, row) = cursor(request, text)?;
            (page.saturating_sub(1).max(1), row.saturating_sub(size))
        }
        (None, None) => (1, 0),
    };
    let span = Span::of(request, total, Start::Row(from), size);
    // The next page of a repeated cursor is this page, number and all.
    let following = if span.next == Some(from) {
        page
    } else {
        page + 1
    };
    let after = encode(following, span.next.unwrap_or(span.rows.end));
    let before = encode(page, span.rows.start);
    let next = span
        .next
        .map(|_| link(core, request, &[("page[after]", after.clone())]));
    let previous =
        (span.rows.start > 0).then(|| link(core, request, &[("page[before]", before.clone())]));
    let around = json!({
        "meta": { "has_more": span.next.is_some(), "after_cursor": after, "before_cursor": before },
        "links": { "next": next, "prev": previous },
    });
    Ok(Page {
        rows: span.rows,
        around: object(around),
    })
}

/// The number of the page of a list that a request asks for, for the switches.
pub(crate) fn page_number(request: &ApiRequest) -> u32 {
    let cursor = request.parameter("page[after]").and_then(decode);
    let number = match cursor {
        Some((page, _)) => Some(page),
        None => request.parameter("page").and_then(|page| page.parse().ok()),
    };
    number
        .and_then(|page| u32::try_from(page).ok())
        .unwrap_or(1)
}

fn is_by_cursor(request: &ApiRequest) -> bool {
    let mut names = request.query.iter().map(|(name, _)| name.as_str());
    names.any(|name| name.starts_with("page["))
}

fn cursor(request: &ApiRequest, text: &str) -> Result<(usize, usize), Answer> {
    let known = decode(text).filter(|_| !request.suffers(&Fault::ExpiredCursor));
    known.ok_or_else(|| {
        let title = "Invalid cursor parameter";
        errors::paging("InvalidPaginationParameter", title)
    })
}

fn encode(page: usize, row: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{{\"o\":\"nice_id\",\"p\":{page},\"v\":{row}}}"))
}

fn decode(text: &str) -> Option<(usize, usize)> {
    let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let number = |name: &str| usize::try_from(value[name].as_u64()?).ok();
    Some((number("p")?, number("v")?))
}

/// The address of this request with other paging.
fn link(core: &Core, request: &ApiRequest, paging: &[(&str, String)]) -> String {
    let kept = request.query.iter().filter(|(name, _)| {
        let replaced = paging.iter().any(|(other, _)| other == name);
        !replaced && !["page[after]", "page[before]"].contains(&name.as_str())
    });
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    query.extend_pairs(paging);
    format!("{}{}?{}", core.base_url, request.path, query.finish())
}

/// A whole number from 1 on.
fn number(request: &ApiRequest, name: &str, otherwise: usize) -> Result<usize, Answer> {
    match request.parameter(name).map(str::parse) {
        None => Ok(otherwise),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => {
            let title = format!("{name} must be a number greater than 0");
            Err(errors::paging("InvalidPaginationParameter", &title))
        }
    }
}

/// The same, quietly bounded.
fn number_within(request: &ApiRequest, name: &str, most: usize) -> Result<usize, Answer> {
    number(request, name, most).map(|number| number.min(most))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
