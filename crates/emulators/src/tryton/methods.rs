//! The methods of models: searching and reading here, writing beside.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::data::{Data, OWN, Row};
use super::domain::{self, Domain, comparable};
use super::errors::Refused;
use super::models::{self, Field, Kind, Model};
use super::{Called, USER_IDS_FROM, write};
use crate::answer::ApiRequest;
use crate::core::Core;
use crate::faults::Fault;

/// Who asks.
pub(crate) struct Asked<'a> {
    pub(crate) core: &'a Core,
    pub(crate) request: &'a ApiRequest,
    /// The id of the connecting user.
    pub(crate) user: i64,
    pub(crate) sequence: &'a write::Sequence,
}

/// The page of `search_read(domain, offset, limit, …)`, by offset or by the id that all are
/// above; the first is 1.
pub(crate) fn page(core: &Core, params: &[Value]) -> u32 {
    let whole = |at: usize| {
        params
            .get(at)
            .and_then(Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
    };
    let size = core.page_size(whole(2).unwrap_or(usize::MAX));
    let clauses = params.first().and_then(Value::as_array);
    let above = clauses.and_then(|clauses| {
        let mut above = clauses
            .iter()
            .filter(|clause| clause[0] == "id" && clause[1] == ">");
        above.find_map(|clause| clause[2].as_i64())
    });
    let above = above.map_or(0, |id| usize::try_from(id - USER_IDS_FROM + 1).unwrap_or(0));
    let before = above + whole(1).unwrap_or(0);
    let least = u32::from(before > 0) + 1;
    u32::try_from(before / size + 1)
        .unwrap_or(u32::MAX)
        .max(least)
}

/// `model.party.party.search_read` with its parameters; the last one is always the context.
pub(crate) fn answer(asked: &Asked<'_>, call: &Called) -> Result<Value, Refused> {
    let Some((object, method)) = call.method.rsplit_once('.') else {
        return Err(Refused::Exception(
            "not enough values to unpack (expected 2, got 1)".to_owned(),
        ));
    };
    let Some(name) = object.strip_prefix("model.") else {
        return Err(Refused::key(&call.method));
    };
    // Tables between two models are there, but not for calls from outside.
    if name.contains('-') {
        return Err(Refused::Forbidden);
    }
    if (name, method) == ("ir.model.access", "get_access") {
        return get_access(call);
    }
    let model = models::find(name).ok_or_else(|| Refused::key(name))?;
    if !METHODS.contains(&method)
        || (method == "get_preferences") != (name == "res.user" && method == "get_preferences")
    {
        return Err(Refused::Forbidden);
    }
    let Some((Value::Object(context), params)) = call.params.split_last() else {
        return Err(Refused::Exception("Missing context argument".to_owned()));
    };
    let call = Call {
        model,
        params,
        context,
    };
    match method {
        "search" => call
            .found(asked, &Data::of(asked.core))
            .map(|rows| rows.iter().map(Row::id).collect()),
        "search_read" => call.search_read(asked),
        "search_count" => call.count(asked),
        "read" => call.read(asked),
        "fields_get" => Ok(call.fields_get()),
        "get_preferences" => Ok(json!({ "company": OWN, "companies": [OWN], "language": "en" })),
        _ if !model.writable => Err(Refused::access(model.label)),
        "create" => write::create(asked, &call),
        "write" => write::write(asked, &call),
        _ => write::delete(asked, &call),
    }
}

const METHODS: &[&str] = &[
    "search",
    "search_read",
    "search_count",
    "read",
    "fields_get",
    "get_preferences",
    "create",
    "write",
    "delete",
];

/// What may be done with each model.
fn get_access(call: &Called) -> Result<Value, Refused> {
    let names = call
        .params
        .first()
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut access = Map::new();
    for name in names.iter().filter_map(Value::as_str) {
        let model = models::find(name).ok_or_else(|| Refused::key(name))?;
        let may = model.writable;
        access.insert(
            name.to_owned(),
            json!({ "read": true, "write": may, "create": may, "delete": may }),
        );
    }
    Ok(Value::Object(access))
}

/// A method with its parameters apart from the context.
pub(crate) struct Call<'a> {
    pub(crate) model: &'static Model,
    pub(crate) params: &'a [Value],
    pub(crate) context: &'a Map<String, Value>,
}

impl Call<'_> {
    fn whole(&self, at: usize) -> Option<usize> {
        self.params
            .get(at)
            .and_then(Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
    }

    /// Ids of the first parameter.
    pub(crate) fn ids(&self) -> Vec<i64> {
        let ids = self.params.first().and_then(Value::as_array);
        ids.map_or_else(Vec::new, |ids| {
            ids.iter().filter_map(Value::as_i64).collect()
        })
    }

    fn domain(&self) -> Result<Domain, Refused> {
        domain::read(self.params.first().unwrap_or(&Value::Null), self.model)
    }

    fn matching<'d>(&self, data: &'d Data<'_>, domain: &Domain) -> Vec<Row<'d>> {
        let hides =
            self.context.get("active_test") != Some(&json!(false)) && !domain.names("active");
        let active = self.model.field("active").filter(|_| hides);
        let mut rows = data.rows(self.model);
        rows.retain(|row| {
            active.is_none_or(|field| data.get(row, field) == json!(true))
                && domain.holds(data, row)
        });
        rows
    }

    fn order(&self) -> Result<Vec<(&'static Field, bool)>, Refused> {
        let empty = Vec::new();
        let given = self
            .params
            .get(3)
            .and_then(Value::as_array)
            .unwrap_or(&empty);
        let key = |part: &Value| {
            let name = part[0].as_str().unwrap_or_default();
            let field = self.model.field(name).ok_or_else(|| Refused::key(name))?;
            let down = part[1]
                .as_str()
                .is_some_and(|way| way.to_uppercase().starts_with("DESC"));
            Ok((field, down))
        };
        given.iter().map(key).collect()
    }

    /// The rows that `search(domain, offset, limit, order)` asks for, faults of a list of users
    /// included.
    fn found<'d>(&self, asked: &Asked<'_>, data: &'d Data<'_>) -> Result<Vec<Row<'d>>, Refused> {
        let domain = self.domain()?;
        let order = self.order()?;
        let by_id = order
            .first()
            .is_none_or(|(field, down)| field.name == "id" && !down);
        let above = domain.above_id().filter(|_| by_id);
        let domain = if above.is_some() {
            domain.without_keyset()
        } else {
            domain
        };
        let mut rows = self.matching(data, &domain);
        if by_id {
            rows.sort_by_cached_key(Row::id);
        } else {
            sort(data, &mut rows, &order);
        }
        let is_users = self.model.name == "res.user";
        let suffers = |fault: Fault| is_users && asked.request.suffers(&fault);
        if suffers(Fault::EmptyList) {
            rows.clear();
        }
        if suffers(Fault::HalfPages) {
            rows.truncate(rows.len() / 2);
        }
        let limit = self.whole(2).unwrap_or(usize::MAX);
        let mut size = if is_users {
            asked.core.page_size(limit)
        } else {
            limit
        };
        let before = above.map_or(0, |above| rows.partition_point(|row| row.id() <= above));
        let mut from = before + self.whole(1).unwrap_or(0);
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

    fn search_read(&self, asked: &Asked<'_>) -> Result<Value, Refused> {
        let data = Data::of(asked.core);
        let names = self.params.get(4).cloned().unwrap_or_default();
        let rows = self.found(asked, &data)?;
        let textual = self.model.name == "res.user" && asked.request.suffers(&Fault::IdType);
        let mut shown = rows
            .iter()
            .map(|row| read_row(&data, row, self.model, &names))
            .collect::<Result<Vec<_>, _>>()?;
        // Names are checked even where there is nothing to read.
        if shown.is_empty() {
            fields(self.model, &names)?;
        }
        for row in shown.iter_mut().filter(|_| textual) {
            row["id"] = json!(row["id"].to_string());
        }
        Ok(json!(shown))
    }

    fn count(&self, asked: &Asked<'_>) -> Result<Value, Refused> {
        let data = Data::of(asked.core);
        let domain = self.domain()?;
        let mut count = self.matching(&data, &domain).len();
        let would = |fault| self.model.name == "res.user" && asked.core.faults.would_act(&fault);
        if would(Fault::EmptyList) {
            count = 0;
        }
        if would(Fault::HalfPages) {
            count /= 2;
        }
        Ok(json!(count))
    }

    fn read(&self, asked: &Asked<'_>) -> Result<Value, Refused> {
        let data = Data::of(asked.core);
        let names = self.params.get(1).cloned().unwrap_or_default();
        let row = |id: &i64| {
            let row = data.row(self.model.name, *id);
            let row = row.ok_or_else(|| Refused::missing("read", *id, self.model.label))?;
            read_row(&data, &row, self.model, &names)
        };
        let rows = self.ids().iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(json!(rows))
    }

    fn fields_get(&self) -> Value {
        let names = self.params.first().and_then(Value::as_array);
        let wanted = |field: &&'static Field| {
            names.is_none_or(|names| names.iter().any(|name| name == field.name))
        };
        let described = self.model.all().filter(wanted).map(|field| {
            let (kind, relation) = kind(field.kind);
            let mut about = json!({
                "name": field.name, "string": field.label, "type": kind, "required": field.required,
                "readonly": field.computed, "searchable": !field.computed,
            });
            if let Some(model) = relation {
                about["relation"] = json!(model);
            }
            (field.name.to_owned(), about)
        });
        Value::Object(described.collect())
    }
}

fn kind(kind: Kind) -> (&'static str, Option<&'static str>) {
    match kind {
        Kind::Integer => ("integer", None),
        Kind::Text => ("char", None),
        Kind::Boolean => ("boolean", None),
        Kind::Date => ("date", None),
        Kind::Timestamp => ("timestamp", None),
        Kind::Selection(_) => ("selection", None),
        Kind::One(model) => ("many2one", Some(model)),
        Kind::Many(model) => ("one2many", Some(model)),
        Kind::Reference => ("reference", None),
    }
}

/// The fields asked for, with what is asked for of the records behind each.
fn fields(
    model: &'static Model,
    names: &Value,
) -> Result<Vec<(&'static Field, Option<String>)>, Refused> {
    let empty = Vec::new();
    let names = names.as_array().unwrap_or(&empty);
    let one = |name: &Value| {
        let name = name.as_str().unwrap_or_default();
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest.to_owned())),
            None => (name, None),
        };
        let field = model.field(first).ok_or_else(|| Refused::key(first))?;
        Ok((field, rest))
    };
    names.iter().map(one).collect()
}

/// A row with the fields asked for; those of related records stand under the field's name and a
/// dot.
fn read_row(
    data: &Data<'_>,
    row: &Row<'_>,
    model: &'static Model,
    names: &Value,
) -> Result<Value, Refused> {
    let mut item = Map::new();
    item.insert("id".to_owned(), json!(row.id()));
    let asked = fields(model, names)?;
    for (field, rest) in &asked {
        if rest.is_none() {
            item.insert(field.name.to_owned(), data.get(row, field));
            continue;
        }
        let key = format!("{}.", field.name);
        if item.contains_key(&key) {
            continue;
        }
        let behind: Vec<Value> = asked
            .iter()
            .filter(|(other, rest)| other.name == field.name && rest.is_some())
            .map(|(_, rest)| json!(rest))
            .collect();
        item.insert(key, related(data, row, field, &json!(behind))?);
    }
    Ok(Value::Object(item))
}

fn related(data: &Data<'_>, row: &Row<'_>, field: &Field, names: &Value) -> Result<Value, Refused> {
    let value = data.get(row, field);
    if field.kind == Kind::Reference {
        let text = value.as_str().unwrap_or_default();
        let found = text.split_once(',').and_then(|(model, id)| {
            let model = models::find(model)?;
            Some((model, data.row(model.name, id.parse().ok()?)?))
        });
        return found.map_or(Ok(Value::Null), |(model, row)| {
            read_row(data, &row, model, names)
        });
    }
    let (Kind::One(name) | Kind::Many(name)) = field.kind else {
        return Err(Refused::Exception(format!(
            "'{}' object has no attribute 'get_target'",
            field.name
        )));
    };
    let model = models::find(name).ok_or_else(|| Refused::key(name))?;
    let of = |id: i64| {
        data.row(name, id)
            .map_or(Ok(Value::Null), |row| read_row(data, &row, model, names))
    };
    match value {
        Value::Array(ids) => {
            let all = ids
                .iter()
                .filter_map(Value::as_i64)
                .map(of)
                .collect::<Result<Vec<_>, _>>()?;
            Ok(json!(all))
        }
        Value::Number(id) => of(id.as_i64().unwrap_or(0)),
        _ => Ok(Value::Null),
    }
}

fn sort(data: &Data<'_>, rows: &mut [Row<'_>], order: &[(&'static Field, bool)]) {
    rows.sort_by(|first, second| {
        let one = |(field, down): &(&'static Field, bool)| {
            let (first, second) = (data.get(first, field), data.get(second, field));
            let ordering = match (comparable(&first), comparable(&second)) {
                (Some(first), Some(second)) => {
                    first.partial_cmp(&second).unwrap_or(Ordering::Equal)
                }
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            if *down { ordering.reverse() } else { ordering }
        };
        order
            .iter()
            .map(one)
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}
