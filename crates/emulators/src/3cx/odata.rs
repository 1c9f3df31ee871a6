//! The parts of OData v4 that the configuration API has: keys in the path, `$select`, `$expand`,
//! `$filter`, `$orderby`, `$top`, `$skip`, `$count`, `$search`.

use std::cmp::Ordering;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::entities::Entity;
use super::errors::{invalid, odata};
use super::filter::Filter;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;

/// The path with its percent-encoding undone.
pub(crate) fn decoded(path: &str) -> String {
    let pair = format!("path={}", path.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, path)| path.into_owned())
        .unwrap_or_default()
}

/// A key in the path: `(41)` or `(Number='201')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Id(i64),
    Number(String),
}

/// `Users(41)/Groups`.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    /// The entity set.
    pub(crate) set: String,
    pub(crate) key: Option<Key>,
    /// What comes after it.
    pub(crate) rest: Option<String>,
    /// A key that cannot be read leads nowhere.
    pub(crate) broken: bool,
}

impl Path {
    pub(crate) fn read(path: &str) -> Self {
        let (first, rest) = match path.split_once('/') {
            Some((first, rest)) => (first, Some(rest.to_owned())),
            None => (path, None),
        };
        let (set, key) = match first
            .strip_suffix(')')
            .and_then(|first| first.split_once('('))
        {
            Some((set, key)) => (set, Some(key)),
            None => (first, None),
        };
        let read = key.map(read_key);
        Self {
            set: set.to_owned(),
            broken: read == Some(None),
            key: read.flatten(),
            rest,
        }
    }

    pub(crate) fn is(&self, path: &str) -> bool {
        let rest = self
            .rest
            .as_deref()
            .map_or_else(String::new, |rest| format!("/{rest}"));
        self.key.is_none() && !self.broken && format!("{}{rest}", self.set) == path
    }
}

fn read_key(key: &str) -> Option<Key> {
    match key.split_once('=') {
        Some(("Id", id)) => id.parse().ok().map(Key::Id),
        Some(("Number", quoted)) => {
            let text = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(Key::Number(text.replace("''", "'")))
        }
        Some(_) => None,
        None => key.parse().ok().map(Key::Id),
    }
}

fn number(request: &ApiRequest, name: &str) -> Option<usize> {
    request.parameter(name)?.parse().ok()
}

/// Which page of users is asked for; the first is 1.
pub(crate) fn page(core: &Core, request: &ApiRequest) -> u32 {
    let size = core.page_size(number(request, "$top").unwrap_or(usize::MAX));
    let page = number(request, "$skip").unwrap_or(0).div_ceil(size) + 1;
    u32::try_from(page).unwrap_or(u32::MAX)
}

const OPTIONS: &[&str] = &[
    "$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count", "$search",
];

/// What is asked of a set, checked.
#[derive(Debug)]
pub(crate) struct Query {
    select: Option<Vec<String>>,
    expand: Vec<String>,
    filter: Option<Filter>,
    order: Vec<(String, bool)>,
    top: Option<usize>,
    skip: usize,
    count: bool,
    search: Option<String>,
}

fn names(request: &ApiRequest, option: &str) -> Option<Vec<String>> {
    let text = request.parameter(option)?;
    let names = text.split(',').map(|name| name.trim().to_owned());
    Some(names.filter(|name| !name.is_empty()).collect())
}

fn refusal<T>(message: &str) -> Result<T, Box<Answer>> {
    Err(Box::new(invalid(message)))
}

impl Query {
    pub(crate) fn read(request: &ApiRequest, entity: &Entity) -> Result<Self, Box<Answer>> {
        let mut given = request.query.iter().map(|(name, _)| name.as_str());
        if let Some(name) = given.find(|name| name.starts_with('$') && !OPTIONS.contains(name)) {
            return refusal(&format!("The query parameter '{name}' is not supported."));
        }
        let unknown = |name: &str| {
            invalid(&format!(
                "Could not find a property named '{name}' on type 'Pbx.{}'.",
                entity.type_name
            ))
        };
        let select = names(request, "$select").filter(|names| names != &["*"]);
        let expand = names(request, "$expand").unwrap_or_default();
        for name in select.iter().flatten() {
            if !entity.has(name) && !entity.expands.contains(&name.as_str()) {
                return Err(Box::new(unknown(name)));
            }
        }
        let expand: Vec<String> = expand
            .into_iter()
            .map(|name| name.split('(').next().unwrap_or_default().to_owned())
            .collect();
        if let Some(name) = expand
            .iter()
            .find(|name| !entity.expands.contains(&name.as_str()))
        {
            return Err(Box::new(unknown(name)));
        }
        let filter = match request.parameter("$filter") {
            Some(text) => {
                Some(Filter::read(text, entity).map_err(|message| Box::new(invalid(&message)))?)
            }
            None => None,
        };
        let mut order = Vec::new();
        for part in names(request, "$orderby").unwrap_or_default() {
            let (name, way) = part.split_once(' ').unwrap_or((&part, "asc"));
            if !entity.has(name) {
                return Err(Box::new(unknown(name)));
            }
            if !matches!(way, "asc" | "desc") {
                return refusal(&format!(
                    "Syntax error at position {} in '{part}'.",
                    name.len() + 1
                ));
            }
            order.push((name.to_owned(), way == "desc"));
        }
        for option in ["$top", "$skip"] {
            if request.parameter(option).is_some() && number(request, option).is_none() {
                return refusal(&format!(
                    "Invalid value '{}' for {option} query option found.",
                    request.parameter(option).unwrap_or_default()
                ));
            }
        }
        Ok(Self {
            select,
            expand,
            filter,
            order,
            top: number(request, "$top"),
            skip: number(request, "$skip").unwrap_or(0),
            count: request.parameter("$count") == Some("true"),
            search: request
                .parameter("$search")
                .map(|text| text.trim_matches('"').to_lowercase()),
        })
    }

    /// The row with what was asked for.
    pub(crate) fn narrowed(&self, row: &Value, entity: &Entity) -> Value {
        let row = row.as_object().cloned().unwrap_or_default();
        let keep = |name: &String| {
            if entity.expands.contains(&name.as_str()) {
                return self.expand.contains(name);
            }
            self.select
                .as_ref()
                .is_none_or(|names| names.contains(name))
        };
        let kept: Map<String, Value> = row.into_iter().filter(|(name, _)| keep(name)).collect();
        Value::Object(kept)
    }

    fn finds(&self, row: &Value) -> bool {
        let searched = self.search.as_ref().is_none_or(|text| {
            let mut texts = [
                "Number",
                "Name",
                "FirstName",
                "LastName",
                "DisplayName",
                "EmailAddress",
            ]
            .into_iter();
            texts.any(|name| {
                row[name]
                    .as_str()
                    .is_some_and(|value| value.to_lowercase().contains(text))
            })
        });
        searched && self.filter.as_ref().is_none_or(|filter| filter.holds(row))
    }
}

/// A collection: `{"@odata.context": …, "@odata.count": …, "value": […]}`. `rows` makes the row
/// of each `item`; only those that are needed are made, unless the query must see all.
pub(crate) fn list<T: Copy>(
    core: &Core,
    request: &ApiRequest,
    entity: &Entity,
    items: Vec<T>,
    row: impl Fn(T) -> Value,
) -> Answer {
    let query = match Query::read(request, entity) {
        Ok(query) => query,
        Err(answer) => return *answer,
    };
    let is_users = entity.set == "Users";
    let suffers = |fault: Fault| is_users && request.suffers(&fault);
    let mut items = items;
    let plain = query.filter.is_none() && query.search.is_none();
    if !plain {
        items.retain(|item| query.finds(&row(*item)));
    }
    // Items come by their ids.
    if !query.order.is_empty() && query.order != [("Id".to_owned(), false)] {
        let mut rows: Vec<(Value, T)> = items.iter().map(|item| (row(*item), *item)).collect();
        rows.sort_by(|(first, _), (second, _)| compared(first, second, &query.order));
        items = rows.into_iter().map(|(_, item)| item).collect();
    }
    if suffers(Fault::EmptyList) {
        items.clear();
    }
    if suffers(Fault::HalfPages) {
        items.truncate(items.len() / 2);
    }
    let total = items.len();
    let wanted = query.top.unwrap_or(usize::MAX);
    let mut size = if is_users {
        core.page_size(wanted)
    } else {
        wanted
    };
    let mut from = query.skip;
    if suffers(Fault::RepeatedCursor) {
        from = from.saturating_sub(size);
    }
    if suffers(Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let mut page: Vec<T> = items.into_iter().skip(from).take(size).collect();
    // A server that cuts what was asked for says where the rest is.
    let cut = size < wanted && from + page.len() < total && !suffers(Fault::ShortPages);
    let next = cut.then(|| next_link(core, request, from + page.len(), wanted, page.len()));
    if suffers(Fault::TruncatedList) {
        page.truncate(page.len() / 2);
    }
    let mut value: Vec<Value> = page
        .into_iter()
        .map(|item| query.narrowed(&row(item), entity))
        .collect();
    if suffers(Fault::IdType) {
        for row in value.iter_mut().filter(|row| row["Id"].is_number()) {
            row["Id"] = json!(row["Id"].to_string());
        }
    }
    let mut body = json!({ "@odata.context": context(core, entity) });
    if query.count {
        body["@odata.count"] = json!(total);
    }
    body["value"] = json!(value);
    if let Some(next) = next {
        body["@odata.nextLink"] = json!(next);
    }
    odata(StatusCode::OK, &body)
}

pub(crate) fn context(core: &Core, entity: &Entity) -> String {
    format!("{}/xapi/v1/$metadata#{}", core.base_url, entity.set)
}

fn next_link(
    core: &Core,
    request: &ApiRequest,
    skip: usize,
    wanted: usize,
    given: usize,
) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &request.query {
        if !matches!(name.as_str(), "$skip" | "$top") {
            query.append_pair(name, value);
        }
    }
    if wanted < usize::MAX {
        query.append_pair("$top", &(wanted - given).to_string());
    }
    query.append_pair("$skip", &skip.to_string());
    format!("{}{}?{}", core.base_url, request.path, query.finish())
}

fn compared(first: &Value, second: &Value, order: &[(String, bool)]) -> Ordering {
    let one = |(name, down): &(String, bool)| {
        let ordering = compare(&first[name], &second[name]);
        if *down { ordering.reverse() } else { ordering }
    };
    order
        .iter()
        .map(one)
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Numbers by size, texts by letter, nothing first.
pub(crate) fn compare(first: &Value, second: &Value) -> Ordering {
    match (first, second) {
        (Value::Number(first), Value::Number(second)) => first
            .as_f64()
            .partial_cmp(&second.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::String(first), Value::String(second)) => first.cmp(second),
        (Value::Bool(first), Value::Bool(second)) => first.cmp(second),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
