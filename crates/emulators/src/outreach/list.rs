//! Lists as JSON:API has them: filters, order, sparse fields, pages by cursor.

use std::cmp::Ordering;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::MEDIA_TYPE;
use super::errors::Problem;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;
use crate::paging;

/// Rows of a page when nobody says otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 1000;

/// A kind of record that can be listed.
pub(crate) struct Listed<T> {
    /// The `type` of its records.
    pub(crate) kind: &'static str,
    /// Whether a record can be seen at all.
    pub(crate) is_seen: fn(&T) -> bool,
    /// Attributes that can be filtered by and sorted by.
    pub(crate) filterable: &'static [&'static str],
    /// The values of such an attribute; several where it is a list.
    pub(crate) values: fn(&T, &str) -> Vec<String>,
    /// The record as a resource object.
    pub(crate) row: fn(&T) -> Value,
}

/// What a filter asks of an attribute.
#[derive(Debug)]
enum Condition {
    OneOf(Vec<String>),
    /// From and to, both inclusive; none where it is open.
    Range(Option<String>, Option<String>),
    IsNull,
    IsNotNull,
}

/// Where a page starts and which one it is.
pub(crate) fn cursor(request: &ApiRequest) -> Option<(usize, u32)> {
    let Some(text) = request.parameter("page[after]") else {
        return Some((0, 1));
    };
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (from, number) = decoded.split_once('.')?;
    Some((from.parse().ok()?, number.parse().ok()?))
}

/// The answer to a request for a list.
pub(crate) fn answer<T>(
    core: &Core,
    request: &ApiRequest,
    items: &[T],
    listed: &Listed<T>,
) -> Result<Answer, Problem> {
    let size = core.page_size(size(request)?);
    let bad_cursor = || Problem::bad_request("page[after] is not a valid cursor.".to_owned());
    let (from, number) = cursor(request).ok_or_else(bad_cursor)?;
    if request.suffers(&Fault::ExpiredCursor) && number > 1 {
        return Err(bad_cursor());
    }
    let filters = filters(request, listed)?;
    let keep = |item: &T| {
        let mut all = filters.iter();
        (listed.is_seen)(item)
            && all.all(|(name, condition)| condition.holds(&(listed.values)(item, name)))
    };
    let sorts = sorts(request, listed)?;
    let in_order = sorts.is_empty() || sorts == [("id", false)];
    let ordered: Vec<&T> = if in_order {
        Vec::new()
    } else {
        sorted(items, listed, &sorts)
    };
    let (rows, next) = if in_order {
        let page = paging::page(request, items, keep, from, size);
        let next = page.next_with_number(from, number);
        (page.rows, next)
    } else {
        let page = paging::page(request, &ordered, |item| keep(item), from, size);
        let next = page.next_with_number(from, number);
        (page.rows.into_iter().copied().collect(), next)
    };
    let fields = request.parameter(&format!("fields[{}]", listed.kind));
    let mut data: Vec<Value> = rows
        .into_iter()
        .map(|item| narrowed((listed.row)(item), fields))
        .collect();
    if request.suffers(&Fault::IdType) {
        for row in &mut data {
            row["id"] = json!(row["id"].to_string());
        }
    }
    let mut body = json!({ "data": data, "links": links(core, request, next) });
    // Apps registered since October 2024 must ask for the count.
    if request.parameter("count") == Some("true") {
        let count = paging::announced(request, items, keep);
        body["meta"] = json!({ "count": count, "count_truncated": false });
    }
    Ok(document(StatusCode::OK, &body))
}

/// A JSON:API document as an answer.
pub(crate) fn document(status: StatusCode, body: &Value) -> Answer {
    Answer::bytes(status, MEDIA_TYPE, body.to_string().into_bytes())
}

fn size(request: &ApiRequest) -> Result<usize, Problem> {
    for deprecated in ["page[offset]", "page[limit]"] {
        if request.parameter(deprecated).is_some() {
            let detail =
                format!("{deprecated} is deprecated and not answered here; page by cursor.");
            return Err(Problem::bad_request(detail));
        }
    }
    match request.parameter("page[size]").map(str::parse) {
        None => Ok(USUAL),
        Some(Ok(size)) if (1..=MOST).contains(&size) => Ok(size),
        Some(_) => {
            let detail = format!("page[size] must be between 1 and {MOST}.");
            Err(Problem::bad_request(detail))
        }
    }
}

/// First and next, with everything else that was asked for.
fn links(core: &Core, request: &ApiRequest, next: Option<(usize, u32)>) -> Value {
    let url = |after: Option<String>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = request
            .query
            .iter()
            .filter(|(name, _)| name != "page[after]");
        query.extend_pairs(kept.map(|(name, value)| (name.as_str(), value.as_str())));
        if let Some(after) = after {
            query.append_pair("page[after]", &after);
        }
        format!("{}{}?{}", core.base_url, request.path, query.finish())
    };
    let next =
        next.map(|(from, number)| url(Some(URL_SAFE_NO_PAD.encode(format!("{from}.{number}")))));
    json!({ "first": url(None), "prev": null, "next": next })
}

fn filters<T>(
    request: &ApiRequest,
    listed: &Listed<T>,
) -> Result<Vec<(String, Condition)>, Problem> {
    let mut filters = Vec::new();
    for (parameter, value) in &request.query {
        let name = parameter.strip_prefix("filter[");
        let Some(name) = name.and_then(|name| name.strip_suffix(']')) else {
            continue;
        };
        if !listed.filterable.contains(&name) {
            let detail = format!("Filtering '{}' by '{name}' is not supported.", listed.kind);
            return Err(Problem::bad_request(detail));
        }
        filters.push((name.to_owned(), Condition::read(value)));
    }
    Ok(filters)
}

impl Condition {
    fn read(text: &str) -> Self {
        let end = |text: &str| (!["inf", "neginf"].contains(&text)).then(|| text.to_owned());
        match text {
            "__null__" => Self::IsNull,
            "__notnull__" => Self::IsNotNull,
            _ => match text.split_once("..") {
                Some((from, to)) => Self::Range(end(from), end(to)),
                None => Self::OneOf(text.split(',').map(str::to_owned).collect()),
            },
        }
    }

    fn holds(&self, values: &[String]) -> bool {
        match self {
            Self::IsNull => values.is_empty(),
            Self::IsNotNull => !values.is_empty(),
            Self::OneOf(wanted) => values.iter().any(|value| {
                wanted
                    .iter()
                    .any(|wanted| wanted.eq_ignore_ascii_case(value))
            }),
            Self::Range(from, to) => values.iter().any(|value| {
                let from = from.as_ref().map(|from| compare(value, from));
                let to = to.as_ref().map(|to| compare(value, to));
                from != Some(Ordering::Less) && to != Some(Ordering::Greater)
            }),
        }
    }
}

/// Numbers by value, times by instant (a day is its beginning), all else as text.
fn compare(one: &str, other: &str) -> Ordering {
    if let (Ok(one), Ok(other)) = (one.parse::<u64>(), other.parse::<u64>()) {
        return one.cmp(&other);
    }
    let instant = |text: &str| {
        let day = text.len() == 10;
        let whole = if day {
            format!("{text}T00:00:00Z")
        } else {
            text.to_owned()
        };
        whole.parse::<jiff::Timestamp>().ok()
    };
    match (instant(one), instant(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

/// Names with whether the order falls.
fn sorts<'a, T>(
    request: &'a ApiRequest,
    listed: &Listed<T>,
) -> Result<Vec<(&'a str, bool)>, Problem> {
    let text = request.parameter("sort").unwrap_or_default();
    let mut sorts = Vec::new();
    for name in text.split(',').filter(|name| !name.is_empty()) {
        let (plain, falling) = match name.strip_prefix('-') {
            Some(plain) => (plain, true),
            None => (name, false),
        };
        if plain != "id" && !listed.filterable.contains(&plain) {
            let detail = format!("Sorting '{}' by '{plain}' is not supported.", listed.kind);
            return Err(Problem::bad_request(detail));
        }
        sorts.push((plain, falling));
    }
    Ok(sorts)
}

fn sorted<'a, T>(items: &'a [T], listed: &Listed<T>, sorts: &[(&str, bool)]) -> Vec<&'a T> {
    let mut ordered: Vec<&T> = items.iter().collect();
    ordered.sort_by(|one, other| {
        let mut order = Ordering::Equal;
        for (name, falling) in sorts {
            let value = |item: &T| (listed.values)(item, name).into_iter().next();
            let by = match (value(one), value(other)) {
                (Some(one), Some(other)) => compare(&one, &other),
                (one, other) => one.cmp(&other),
            };
            order = order.then(if *falling { by.reverse() } else { by });
        }
        order
    });
    ordered
}

/// Only the attributes that were asked for.
pub(crate) fn narrowed(mut row: Value, fields: Option<&str>) -> Value {
    let Some(fields) = fields else {
        return row;
    };
    let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
    let mut kept = Map::new();
    if let Some(attributes) = row["attributes"].as_object() {
        let wanted = attributes
            .iter()
            .filter(|(name, _)| wanted.contains(&name.as_str()));
        kept.extend(wanted.map(|(name, value)| (name.clone(), value.clone())));
    }
    row["attributes"] = Value::Object(kept);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_inclusive_and_may_be_open() {
        let holds = |filter: &str, value: &str| Condition::read(filter).holds(&[value.to_owned()]);
        assert!(holds("2026-01-01..inf", "2026-01-01T00:00:00.000Z"));
        assert!(!holds("neginf..2026-01-01", "2026-01-01T00:00:01.000Z"));
        assert!(holds("5..10", "10"));
        assert!(holds("Sally,katie", "Katie"));
        assert!(Condition::read("__null__").holds(&[]));
    }
}
