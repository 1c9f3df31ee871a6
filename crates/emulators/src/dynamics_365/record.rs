//! `…/{set}({key})`: one record, by its id or by another key, read and written.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::Call;
use super::errors::ApiError;
use super::ids;
use super::options::{Options, PARTIES, Prefer};
use super::rows::{Held, Row, World};
use super::schema::{Column, Entity};
use super::shown::{View, etag};
use super::write;
use crate::answer::Answer;
use crate::core::Core;

/// How an address names a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// By its id.
    Id(String),
    /// By another column that is unique.
    Other(&'static str, String),
}

impl Key {
    /// Reads what stands between the parentheses: a GUID, or `name='value'`.
    pub(crate) fn read(text: &str, entity: &'static Entity) -> Result<Self, ApiError> {
        let Some((name, value)) = text.split_once('=') else {
            let bare = text.trim_matches('\'');
            let id = ids::normalise(bare).ok_or_else(|| {
                ApiError::query(format!("Bad Request - Error in query syntax: '{text}'."))
            })?;
            return Ok(Self::Id(id));
        };
        let value = match value
            .strip_prefix('\'')
            .and_then(|value| value.strip_suffix('\''))
        {
            Some(quoted) => quoted.replace("''", "'"),
            None => ids::normalise(value).unwrap_or_else(|| value.to_owned()),
        };
        if name == entity.key {
            return Self::read(&value, entity);
        }
        let keys = entity.alternate_keys.iter();
        let name = keys.copied().find(|key| *key == name).ok_or_else(|| {
            ApiError::query(format!(
                "The key property '{name}' is not part of an alternate key of '{}'.",
                entity.name
            ))
        })?;
        Ok(Self::Other(name, value))
    }

    /// The record, if there is one.
    pub(crate) fn find<'a>(&self, entity: &Entity, world: &World<'a>) -> Option<Row<'a>> {
        match self {
            Self::Id(id) => world.find(entity, id),
            Self::Other(column, value) => {
                let mut rows = world.rows(entity).into_iter();
                rows.find(|row| {
                    let own = row.value(column);
                    own.as_str()
                        .is_some_and(|own| own.eq_ignore_ascii_case(value))
                })
            }
        }
    }

    fn missing(&self, entity: &Entity) -> ApiError {
        match self {
            Self::Id(id) => ApiError::no_record(entity.name, id),
            Self::Other(..) => ApiError::no_key(entity.name),
        }
    }
}

/// Answers `…/{set}({key})`.
pub(crate) fn answer(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
    key: &Key,
) -> Result<Answer, ApiError> {
    match call.request.method {
        Method::GET | Method::HEAD => get(core, call, entity, key),
        Method::PATCH => patch(core, call, entity, key),
        Method::DELETE => {
            let id = existing(core, entity, key).ok_or_else(|| key.missing(entity))?;
            write::delete(core, entity, &id)?;
            Ok(super::no_content())
        }
        _ => Err(ApiError::method_not_allowed(call.request.method.as_str())),
    }
}

/// Answers `POST …/{set}`.
pub(crate) fn create(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
) -> Result<Answer, ApiError> {
    let fields = body(call, entity)?;
    let id = write::create(core, entity, &fields, call.caller, &[])?;
    written(core, call, entity, &id, StatusCode::CREATED)
}

fn existing(core: &Core, entity: &'static Entity, key: &Key) -> Option<String> {
    let held = Held::of(core);
    key.find(entity, &held.world()).map(|row| row.id())
}

fn get(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
    key: &Key,
) -> Result<Answer, ApiError> {
    let options = Options::read(call.request, entity)?;
    let prefer = Prefer::read(call.request);
    let held = Held::of(core);
    let world = held.world();
    let row = key
        .find(entity, &world)
        .ok_or_else(|| key.missing(entity))?;
    if call.request.header("if-none-match") == Some(etag(&row).as_str()) {
        return Ok(Answer::empty(StatusCode::NOT_MODIFIED));
    }
    let view = View {
        entity,
        select: &options.select,
        expand: &options.expand,
        prefer: &prefer,
    };
    let mut body = view.of(&row, &world);
    let context = single_context(call, entity, &options.select);
    body.insert("@odata.context".to_owned(), json!(context));
    let answer = super::answer(StatusCode::OK, &Value::Object(body));
    Ok(answer.with("preference-applied", &prefer.applied()))
}

fn single_context(call: Call<'_>, entity: &Entity, select: &[&'static Column]) -> String {
    let names: Vec<String> = select.iter().map(|column| column.wire()).collect();
    let names = match names.join(",") {
        none if none.is_empty() => none,
        names => format!("({names})"),
    };
    format!("{}/$metadata#{}{names}/$entity", call.root, entity.set)
}

/// Changes the record, or makes it when there is none: an upsert, unless `If-Match` or
/// `If-None-Match` says otherwise.
fn patch(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
    key: &Key,
) -> Result<Answer, ApiError> {
    let fields = body(call, entity)?;
    let if_match = call.request.header("if-match");
    let found = {
        let held = Held::of(core);
        let row = key.find(entity, &held.world());
        row.map(|row| (row.id(), etag(&row)))
    };
    let Some((id, current)) = found else {
        if if_match.is_some() {
            return Err(key.missing(entity));
        }
        let (column, value) = match key {
            Key::Id(id) => (entity.key, id),
            Key::Other(column, value) => (*column, value),
        };
        let by_key = [(column, json!(value))];
        let id = write::create(core, entity, &fields, call.caller, &by_key)?;
        return written(core, call, entity, &id, StatusCode::CREATED);
    };
    if call.request.header("if-none-match") == Some("*") {
        let message = "A record with matching key values already exists.";
        return Err(ApiError::precondition("0x80040237", message));
    }
    if if_match.is_some_and(|tag| tag != "*" && tag != current) {
        let message = "The version of the existing record doesn't match the RowVersion property \
                       provided.";
        return Err(ApiError::precondition("0x80060882", message));
    }
    write::update(core, entity, &id, &fields, call.caller)?;
    written(core, call, entity, &id, StatusCode::OK)
}

/// What is said after a write: an address, or the record where that is preferred.
fn written(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
    id: &str,
    status: StatusCode,
) -> Result<Answer, ApiError> {
    let prefer = Prefer::read(call.request);
    let address = format!("{}/{}({id})", call.root, entity.set);
    if !prefer.representation {
        return Ok(super::no_content().with("odata-entityid", &address));
    }
    let key = Key::Id(id.to_owned());
    let mut answer = get(core, call, entity, &key)?;
    answer.status = status;
    Ok(answer.with("odata-entityid", &address))
}

/// The record in a request's body.
fn body(call: Call<'_>, entity: &Entity) -> Result<Map<String, Value>, ApiError> {
    let kind = call.request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "0x80060888",
            format!("The content type '{kind}' is not supported when reading an entity."),
        ));
    }
    match serde_json::from_slice(&call.request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiError::payload(
            entity.set,
            "An unexpected node was found.",
        )),
        Err(error) => Err(ApiError::payload(entity.set, &error.to_string())),
    }
}

/// Answers `…/{set}({key})/{property}`: a value, the record a property leads to, or the parties
/// of a phone call.
pub(crate) fn property(
    core: &Core,
    call: Call<'_>,
    entity: &'static Entity,
    key: &Key,
    name: &str,
) -> Result<Answer, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method_not_allowed(call.request.method.as_str()));
    }
    let (value, link) = {
        let held = Held::of(core);
        let row = key.find(entity, &held.world());
        let row = row.ok_or_else(|| key.missing(entity))?;
        let link = entity.navigation(name);
        let column = entity.column(name).map(|column| column.name);
        let source = link.map(|link| link.column).or(column);
        match source {
            Some(source) => (row.value(source), link),
            None if name == PARTIES && entity.name == "phonecall" => (row.value(PARTIES), None),
            None => return Err(ApiError::no_segment(name)),
        }
    };
    if let Some(target) = link.and_then(|link| super::schema::by_name(link.target)) {
        return match value.as_str() {
            Some(id) => get(core, call, target, &Key::Id(id.to_owned())),
            None => Ok(super::no_content()),
        };
    }
    let context = if name == PARTIES {
        "activityparties"
    } else {
        name
    };
    let body =
        json!({ "@odata.context": format!("{}/$metadata#{context}", call.root), "value": value });
    Ok(super::answer(StatusCode::OK, &body))
}
