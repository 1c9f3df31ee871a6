//! Searching and reading.

use std::cmp::Ordering;

use axum::http::Method as Verb;
use serde_json::{Map, Value, json};

use super::USER_IDS_FROM;
use super::call::Call;
use super::data::{Data, Row};
use super::domain::{self, Domain};
use super::errors::Exception;
use super::models::{Field, Kind, Model};
use crate::answer::ApiRequest;
use crate::core::Core;
use crate::faults::{Fault, Place};

/// What a call asks of.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) core: &'a Core,
    pub(crate) request: &'a ApiRequest,
    pub(crate) model: &'static Model,
    pub(crate) version: u32,
    /// The id of the connecting user.
    pub(crate) user: i64,
}

/// What a call is for: a page of users, a write, or anything else.
pub(crate) fn place(core: &Core, call: &Call) -> Place {
    match (call.model.as_str(), call.method.name) {
        (_, "create" | "write" | "unlink" | "message_post" | "action_feedback" | "action_done") => {
            Place::Write
        }
        ("res.users", "search_read" | "search") => Place::Users {
            page: page(core, call),
        },
        _ => Place::Other,
    }
}

/// The page by offset, or by the id that all are above; the first is 1.
fn page(core: &Core, call: &Call) -> u32 {
    let size = core.page_size(call.number("limit").unwrap_or(usize::MAX));
    let keyset = call.argument("domain").as_array().and_then(|terms| {
        let mut above = terms
            .iter()
            .filter(|term| term[0] == "id" && term[1] == ">");
        above.find_map(|term| term[2].as_i64())
    });
    let above = keyset.map_or(0, |id| usize::try_from(id - USER_IDS_FROM + 1).unwrap_or(0));
    let before = above + call.number("offset").unwrap_or(0);
    let least = u32::from(before > 0) + 1;
    u32::try_from(before / size + 1)
        .unwrap_or(u32::MAX)
        .max(least)
}

/// The methods that only read. `None`: it is not one of them.
pub(crate) fn answer(asked: &Asked<'_>, call: &Call) -> Option<Result<Value, Exception>> {
    debug_assert!(asked.request.method == Verb::POST);
    let data = Data::of(asked.core, asked.version);
    Some(match call.method.name {
        "search" => found(asked, &data, call).map(|rows| ids(asked, &rows)),
        "search_read" => search_read(asked, &data, call),
        "search_count" => count(asked, &data, call),
        "name_search" => name_search(asked, &data, call),
        "read" => read(asked, &data, call),
        "exists" => {
            let exist = |id: &&i64| data.row(asked.model.name, **id).is_some();
            Ok(json!(call.ids.iter().filter(exist).collect::<Vec<_>>()))
        }
        "fields_get" => Ok(fields_get(asked, call)),
        _ => return None,
    })
}

fn ids(asked: &Asked<'_>, rows: &[Row<'_>]) -> Value {
    let textual = asked.request.suffers(&Fault::IdType) && asked.model.name == "res.users";
    let id = |row: &Row<'_>| {
        if textual {
            json!(row.id().to_string())
        } else {
            json!(row.id())
        }
    };
    json!(rows.iter().map(id).collect::<Vec<_>>())
}

fn search_read(asked: &Asked<'_>, data: &Data<'_>, call: &Call) -> Result<Value, Exception> {
    let fields = wanted(asked, call)?;
    let rows = found(asked, data, call)?;
    let textual = asked.request.suffers(&Fault::IdType) && asked.model.name == "res.users";
    let shown = rows.iter().map(|row| {
        let mut item = shown(data, row, &fields, call);
        if textual {
            item["id"] = json!(item["id"].to_string());
        }
        item
    });
    Ok(shown.collect())
}

/// `read`: of what does not exist nothing is answered.
fn read(asked: &Asked<'_>, data: &Data<'_>, call: &Call) -> Result<Value, Exception> {
    let fields = wanted(asked, call)?;
    // Activities are looked up by the record they are on, which fails when they are gone.
    let gone = call
        .ids
        .iter()
        .find(|id| data.row(asked.model.name, **id).is_none());
    if let Some(id) = gone.filter(|_| asked.model.name == "mail.activity") {
        return Err(Exception::missing(asked.model.name, *id, asked.user));
    }
    let rows = call
        .ids
        .iter()
        .filter_map(|id| data.row(asked.model.name, *id));
    Ok(rows.map(|row| shown(data, &row, &fields, call)).collect())
}

fn shown(data: &Data<'_>, row: &Row<'_>, fields: &[&'static Field], call: &Call) -> Value {
    let pairs = call
        .argument("load")
        .as_str()
        .is_none_or(|load| load == "_classic_read");
    let mut item = Map::new();
    item.insert("id".to_owned(), json!(row.id()));
    for field in fields {
        item.insert(field.name.to_owned(), data.shown(row, field, pairs));
    }
    Value::Object(item)
}

/// The fields asked for; all of them when none are named.
fn wanted(asked: &Asked<'_>, call: &Call) -> Result<Vec<&'static Field>, Exception> {
    let names = call
        .argument("fields")
        .as_array()
        .filter(|names| !names.is_empty());
    let Some(names) = names else {
        let all = asked.model.all(asked.version);
        return Ok(all
            .filter(|field| field.name != "phone_mobile_search")
            .collect());
    };
    let field = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        let found = asked.model.field(name, asked.version);
        found.ok_or_else(|| Exception::invalid_field(asked.model.name, name))
    };
    names.iter().map(field).collect()
}

fn count(asked: &Asked<'_>, data: &Data<'_>, call: &Call) -> Result<Value, Exception> {
    let domain = domain::read(call.argument("domain"), asked.model, asked.version)?;
    let mut count = matching(asked, data, call, &domain).len();
    let would = |fault| asked.model.name == "res.users" && asked.core.faults.would_act(&fault);
    if would(Fault::EmptyList) {
        count = 0;
    }
    if would(Fault::HalfPages) {
        count /= 2;
    }
    Ok(json!(count.min(call.number("limit").unwrap_or(usize::MAX))))
}

fn name_search(asked: &Asked<'_>, data: &Data<'_>, call: &Call) -> Result<Value, Exception> {
    let domain = domain::read(call.argument("domain"), asked.model, asked.version)?;
    let pattern = format!("%{}%", call.argument("name").as_str().unwrap_or_default());
    let limit = call.number("limit").unwrap_or(100);
    let mut rows = matching(asked, data, call, &domain);
    rows.retain(|row| domain::like(&row.display_name(), &pattern, true));
    let pairs = rows
        .iter()
        .take(limit)
        .map(|row| json!([row.id(), row.display_name()]));
    Ok(pairs.collect())
}

/// The rows of a domain in no order. Who is archived is left out unless the domain speaks of it
/// or the context says so.
fn matching<'d>(
    asked: &Asked<'_>,
    data: &'d Data<'_>,
    call: &Call,
    domain: &Domain,
) -> Vec<Row<'d>> {
    let active = asked
        .model
        .field("active", asked.version)
        .filter(|_| call.context["active_test"] != json!(false) && !domain.names("active"));
    let mut rows = data.rows(asked.model);
    rows.retain(|row| {
        active.is_none_or(|field| data.get(row, field) == json!(true)) && domain.holds(data, row)
    });
    rows
}

/// The page of rows that a search asks for, faults of a list of users included.
fn found<'d>(
    asked: &Asked<'_>,
    data: &'d Data<'_>,
    call: &Call,
) -> Result<Vec<Row<'d>>, Exception> {
    let domain = domain::read(call.argument("domain"), asked.model, asked.version)?;
    let order = order(asked, call.argument("order").as_str())?;
    let by_id = order
        .first()
        .is_some_and(|(field, down)| field.name == "id" && !down);
    let above = domain.above_id().filter(|_| by_id);
    let domain = if above.is_some() {
        domain.without_keyset()
    } else {
        domain
    };
    let mut rows = matching(asked, data, call, &domain);
    sort(data, &mut rows, &order);
    let is_users = asked.model.name == "res.users";
    let suffers = |fault: Fault| is_users && asked.request.suffers(&fault);
    if suffers(Fault::EmptyList) {
        rows.clear();
    }
    if suffers(Fault::HalfPages) {
        rows.truncate(rows.len() / 2);
    }
    let limit = call
        .number("limit")
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    let mut size = if is_users {
        asked.core.page_size(limit)
    } else {
        limit
    };
    let before = above.map_or(0, |above| rows.partition_point(|row| row.id() <= above));
    let mut from = before + call.number("offset").unwrap_or(0);
    if suffers(Fault::RepeatedCursor) {
        from = from.saturating_sub(size);
    }
    if suffers(Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let mut rows: Vec<Row<'d>> = rows.into_iter().skip(from).take(size).collect();
    if suffers(Fault::TruncatedList) {
        // The last row stays, or a client that pages by id would ask for the lost ones again.
        rows.drain(..rows.len() / 2);
    }
    Ok(rows)
}

type Order = Vec<(&'static Field, bool)>;

/// `write_date desc, id`; the flag says *descending*.
fn order(asked: &Asked<'_>, given: Option<&str>) -> Result<Order, Exception> {
    let text = given
        .filter(|text| !text.is_empty())
        .unwrap_or(asked.model.order);
    let key = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let (name, down) = match words.as_slice() {
            [name] => (*name, false),
            [name, way] if way.eq_ignore_ascii_case("asc") => (*name, false),
            [name, way] if way.eq_ignore_ascii_case("desc") => (*name, true),
            _ => {
                return Err(Exception::user(format!(
                    "Invalid \"order\" specified ({text}). A valid \"order\" specification is a comma-separated \
                     list of valid field names (optionally followed by asc/desc for the direction)"
                )));
            }
        };
        let field = asked.model.field(name, asked.version);
        Ok((
            field.ok_or_else(|| Exception::invalid_field(asked.model.name, name))?,
            down,
        ))
    };
    text.split(',').map(key).collect()
}

fn sort(data: &Data<'_>, rows: &mut [Row<'_>], order: &Order) {
    if let [(field, false)] = order.as_slice()
        && field.name == "id"
    {
        rows.sort_by_cached_key(Row::id);
        return;
    }
    let mut keyed: Vec<(Vec<Value>, Row<'_>)> = rows
        .iter()
        .map(|row| {
            (
                order
                    .iter()
                    .map(|(field, _)| data.get(row, field))
                    .collect(),
                *row,
            )
        })
        .collect();
    keyed.sort_by(|(first, _), (second, _)| {
        let each = first.iter().zip(second).zip(order);
        each.map(|((first, second), (_, down))| {
            let ordering = compare(first, second);
            if *down { ordering.reverse() } else { ordering }
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
    });
    for (place, (_, row)) in rows.iter_mut().zip(keyed) {
        *place = row;
    }
}

/// What is empty comes last, as in PostgreSQL.
fn compare(first: &Value, second: &Value) -> Ordering {
    match (first, second) {
        (Value::Number(first), Value::Number(second)) => first
            .as_f64()
            .partial_cmp(&second.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::String(first), Value::String(second)) => {
            first.to_lowercase().cmp(&second.to_lowercase())
        }
        (Value::Bool(first), Value::Bool(second)) => first.cmp(second),
        (Value::Bool(_), _) => Ordering::Greater,
        (_, Value::Bool(_)) => Ordering::Less,
        _ => Ordering::Equal,
    }
}

fn fields_get(asked: &Asked<'_>, call: &Call) -> Value {
    let names = call
        .argument("allfields")
        .as_array()
        .filter(|names| !names.is_empty());
    let wanted = |field: &&'static Field| {
        names.is_none_or(|names| names.iter().any(|name| name == field.name))
    };
    let attributes = call
        .argument("attributes")
        .as_array()
        .filter(|names| !names.is_empty());
    let described = asked.model.all(asked.version).filter(wanted).map(|field| {
        let mut about = json!({
            "type": field.kind.name(),
            "string": field.label,
            "name": field.name,
            "required": field.required,
            "readonly": field.readonly,
            "store": field.name != "phone_mobile_search",
            "searchable": true,
            "sortable": true,
        });
        if let Some(model) = field.kind.relation() {
            about["relation"] = json!(model);
            about["context"] = json!({});
            about["domain"] = json!([]);
        }
        if let Kind::Selection(choices) = field.kind {
            about["selection"] = choices
                .iter()
                .map(|choice| json!([choice, choice]))
                .collect();
        }
        if let (Some(kept), Some(about)) = (attributes, about.as_object_mut()) {
            about.retain(|name, _| kept.iter().any(|kept| kept == name));
        }
        (field.name.to_owned(), about)
    });
    Value::Object(described.collect())
}
