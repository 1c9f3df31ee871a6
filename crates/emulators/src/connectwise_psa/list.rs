//! Lists: conditions, order, narrowing and the two ways of paging.

use std::cmp::Ordering;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::conditions::{Condition, read};
use super::entry::{Entry, at};
use super::errors::parameter;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::{Fault, Place};

/// Rows of a page that asks for no number.
const USUAL: usize = 25;

/// The most rows of a page.
const MOST: usize = 1000;

/// A kind of record with a list.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its name in errors.
    pub(crate) name: &'static str,
    /// The fields that conditions may name, without what comes behind a slash.
    pub(crate) fields: &'static [&'static str],
    /// Its lists of parts, for `childConditions`.
    pub(crate) children: &'static [&'static str],
    /// Whether it is a list of users, on which the faults of a list act.
    pub(crate) users: bool,
}

impl Listed {
    fn knows(&self, path: &str) -> bool {
        let first = path.split(['/', '.']).next().unwrap_or_default();
        self.fields.contains(&first)
            || matches!(
                first,
                "id" | "_info" | "lastUpdated" | "updatedBy" | "dateEntered" | "enteredBy"
            )
    }

    fn knows_child(&self, path: &str) -> bool {
        path.split_once('/')
            .is_some_and(|(list, _)| self.children.contains(&list))
    }
}

/// What a list is asked for, checked.
#[derive(Debug)]
struct Query {
    conditions: Option<Condition>,
    child_conditions: Option<Condition>,
    order: Vec<(String, bool)>,
    fields: Vec<String>,
    page: usize,
    size: usize,
    /// Forward only: rows with a greater id.
    after: Option<i64>,
}

/// Whether pages are asked for by the last id.
fn is_forward_only(request: &ApiRequest) -> bool {
    request
        .header("pagination-type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("forward-only"))
}

fn page_id(request: &ApiRequest) -> i64 {
    let text = request.parameter("pageId").or(request.parameter("pageid"));
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Query {
    /// Reads the query; `extra` is the body of a search.
    fn read(request: &ApiRequest, extra: &Value, listed: &Listed) -> Result<Self, Box<Answer>> {
        let text = |name: &str| {
            let inside = extra[name].as_str().map(str::to_owned);
            inside
                .or_else(|| request.parameter(name).map(str::to_owned))
                .filter(|text| !text.trim().is_empty())
        };
        let conditions = |name: &str, known: &dyn Fn(&str) -> bool| {
            text(name)
                .map(|text| read(&text, known))
                .transpose()
                .map_err(|message| Box::new(parameter(name, "InvalidQuery", message)))
        };
        let after = is_forward_only(request).then(|| page_id(request));
        let order = text("orderBy").map_or(Ok(Vec::new()), |text| order(&text, listed))?;
        if after.is_some() && !order.is_empty() {
            let message = "orderBy cannot be used with forward-only pagination.";
            return Err(parameter("orderBy", "InvalidQuery", message).into());
        }
        let fields = text("fields").unwrap_or_default();
        let fields = fields.split(',').map(|field| field.trim().to_owned());
        Ok(Self {
            conditions: conditions("conditions", &|path| listed.knows(path))?,
            child_conditions: conditions("childConditions", &|path| listed.knows_child(path))?,
            order,
            fields: fields.filter(|field| !field.is_empty()).collect(),
            page: in_range(request, "page", 1, usize::MAX)?,
            size: in_range(request, "pageSize", USUAL, MOST)?,
            after,
        })
    }

    fn matches(&self, entry: &impl Entry) -> bool {
        let own = self.conditions.as_ref();
        own.is_none_or(|own| own.meets(&|field| entry.value(field)))
            && self
                .child_conditions
                .as_ref()
                .is_none_or(|child| any_child(&entry.row(), child))
    }

    fn sort<E: Entry>(&self, found: &mut [&E]) {
        // They come by id already; without an order the sort would only cost time.
        if self.order.is_empty() {
            return;
        }
        found.sort_by(|left, right| {
            let mut all = self.order.iter().map(|(field, down)| {
                let order = compare(&left.value(field), &right.value(field));
                if *down { order.reverse() } else { order }
            });
            all.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
    }
}

fn in_range(
    request: &ApiRequest,
    name: &str,
    otherwise: usize,
    most: usize,
) -> Result<usize, Box<Answer>> {
    let Some(text) = request.parameter(name) else {
        return Ok(otherwise);
    };
    let number = text.parse().ok().filter(|n| (1..=most).contains(n));
    number.ok_or_else(|| {
        let most = if most == usize::MAX {
            i32::MAX as usize
        } else {
            most
        };
        let message = format!("The field {name} must be between 1 and {most}.");
        parameter(name, "OutOfRange", message).into()
    })
}

/// `name asc, id desc`; true is downwards.
fn order(text: &str, listed: &Listed) -> Result<Vec<(String, bool)>, Box<Answer>> {
    text.split(',')
        .map(|part| {
            let mut words = part.split_whitespace();
            let field = words.next().filter(|field| listed.knows(field));
            let down = match words.next().map(str::to_lowercase).as_deref() {
                None | Some("asc") => Some(false),
                Some("desc") => Some(true),
                Some(_) => None,
            };
            if let (Some(field), Some(down), None) = (field, down, words.next()) {
                return Ok((field.to_owned(), down));
            }
            let message = format!("'{}' is not a valid order.", part.trim());
            Err(parameter("orderBy", "InvalidQuery", message).into())
        })
        .collect()
}

/// Whether one and the same part meets all conditions on parts.
fn any_child(row: &Value, condition: &Condition) -> bool {
    let lists = row.as_object().into_iter().flatten();
    lists
        .filter_map(|(name, value)| Some((name, value.as_array()?)))
        .any(|(name, parts)| {
            parts.iter().any(|part| {
                condition.meets(&|path| match path.split_once('/') {
                    Some((list, rest)) if list == name => at(part, rest),
                    _ => Value::Null,
                })
            })
        })
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left
            .as_f64()
            .partial_cmp(&right.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::String(left), Value::String(right)) => {
            left.to_lowercase().cmp(&right.to_lowercase())
        }
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        // What holds nothing comes first.
        (left, right) => right.is_null().cmp(&left.is_null()),
    }
}

/// Which page of users a request asks for. `ids` are those of the directory, ascending.
pub(crate) fn place(core: &Core, request: &ApiRequest) -> Place {
    let number = |name: &str| request.parameter(name).and_then(|text| text.parse().ok());
    let page: usize = if is_forward_only(request) {
        let after = page_id(request);
        let directory = core.directory();
        let before = directory
            .users()
            .partition_point(|user| super::entry::number(&user.id) <= after);
        before.div_ceil(core.page_size(number("pageSize").unwrap_or(USUAL))) + 1
    } else {
        number("page").unwrap_or(1)
    };
    Place::Users {
        page: u32::try_from(page).unwrap_or(u32::MAX),
    }
}

/// The list, or the error of its query.
pub(crate) fn list<E: Entry>(
    core: &Core,
    request: &ApiRequest,
    extra: &Value,
    listed: &Listed,
    entries: &[E],
) -> Answer {
    let query = match Query::read(request, extra, listed) {
        Ok(query) => query,
        Err(answer) => return *answer,
    };
    let suffers = |fault: Fault| listed.users && request.suffers(&fault);
    let mut found: Vec<&E> = entries
        .iter()
        .filter(|entry| query.matches(*entry))
        .collect();
    query.sort(&mut found);
    if suffers(Fault::EmptyList) {
        found.clear();
    }
    if suffers(Fault::HalfPages) {
        found.truncate(found.len() / 2);
    }
    let mut size = core.page_size(query.size);
    if suffers(Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let repeated = suffers(Fault::RepeatedCursor);
    let from = match query.after {
        Some(after) => {
            let from = found.partition_point(|entry| entry.id() <= after);
            from.saturating_sub(if repeated { size } else { 0 })
        }
        None if repeated => 0,
        None => (query.page - 1).saturating_mul(size),
    };
    let mut shown: Vec<&E> = found.iter().copied().skip(from).take(size).collect();
    let mut more = repeated || from.saturating_add(size) < found.len();
    let last_id = shown.last().map_or(0, |entry| entry.id());
    if suffers(Fault::TruncatedList) {
        shown.truncate(shown.len() / 2);
        more = false;
    }
    let mut rows: Vec<Value> = shown.iter().map(|entry| entry.row()).collect();
    if suffers(Fault::IdType) {
        for row in &mut rows {
            row["id"] = json!(row["id"].to_string());
        }
    }
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| narrowed(row, &query.fields))
        .collect();
    let answer = Answer::json(StatusCode::OK, &Value::Array(rows));
    if !more {
        return answer;
    }
    let here = Here {
        repeated,
        last_id,
        last_page: found.len().div_ceil(size).max(1),
    };
    answer.with("link", &links(core, request, &query, &here))
}

/// Where a page stands in its list.
struct Here {
    /// Whether the next page is this one again.
    repeated: bool,
    last_id: i64,
    last_page: usize,
}

/// The `Link` header of a page that others follow.
fn links(core: &Core, request: &ApiRequest, query: &Query, here: &Here) -> String {
    if let Some(after) = query.after {
        let next = if here.repeated { after } else { here.last_id };
        return link(core, request, "pageId", &next.to_string(), "next");
    }
    let next = query.page + usize::from(!here.repeated);
    format!(
        "{}, {}",
        link(core, request, "page", &next.to_string(), "next"),
        link(core, request, "page", &here.last_page.to_string(), "last"),
    )
}

/// The address of the request with one parameter set, as a part of a `Link` header.
fn link(core: &Core, request: &ApiRequest, name: &str, value: &str, relation: &str) -> String {
    let mut encoded = url::form_urlencoded::Serializer::new(String::new());
    let others = request.query.iter();
    encoded.extend_pairs(others.filter(|(key, _)| !key.eq_ignore_ascii_case(name)));
    encoded.append_pair(name, value);
    format!(
        "<{}{}?{}>; rel=\"{relation}\"",
        core.base_url,
        request.path,
        encoded.finish()
    )
}

/// `…/count`.
pub(crate) fn count<E: Entry>(
    core: &Core,
    request: &ApiRequest,
    listed: &Listed,
    entries: &[E],
) -> Answer {
    let query = match Query::read(request, &Value::Null, listed) {
        Ok(query) => query,
        Err(answer) => return *answer,
    };
    let mut found = entries.iter().filter(|entry| query.matches(*entry)).count();
    if listed.users && core.faults.would_act(&Fault::EmptyList) {
        found = 0;
    }
    if listed.users && core.faults.would_act(&Fault::HalfPages) {
        found /= 2;
    }
    Answer::json(StatusCode::OK, &json!({ "count": found }))
}

/// One record by its id.
pub(crate) fn one<E: Entry>(
    request: &ApiRequest,
    listed: &Listed,
    entries: &[E],
    id: &str,
) -> Answer {
    let wanted: Option<i64> = id.parse().ok();
    match entries.iter().find(|entry| Some(entry.id()) == wanted) {
        None => super::errors::no_record(listed.name, id),
        Some(entry) => {
            let fields = request.parameter("fields").unwrap_or_default();
            let fields: Vec<String> = fields
                .split(',')
                .map(|field| field.trim().to_owned())
                .filter(|field| !field.is_empty())
                .collect();
            Answer::json(StatusCode::OK, &narrowed(&entry.row(), &fields))
        }
    }
}

/// Only the fields asked for, parts by their paths; unknown ones are passed over.
fn narrowed(row: &Value, fields: &[String]) -> Value {
    if fields.is_empty() {
        return row.clone();
    }
    let mut kept = Value::Object(Map::new());
    for field in fields {
        keep(&mut kept, row, &field.split('/').collect::<Vec<_>>());
    }
    kept
}

fn keep(into: &mut Value, row: &Value, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let Some(value) = row.get(first) else {
        return;
    };
    if rest.is_empty() || !value.is_object() {
        into[*first] = value.clone();
    } else {
        if !into[*first].is_object() {
            into[*first] = json!({});
        }
        keep(&mut into[*first], value, rest);
    }
}
