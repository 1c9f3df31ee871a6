//! `/sobjects/{object}/…`: one record, by its id or by an external id, read and written.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::query::hidden;
use super::rows::Row;
use super::schema::{Field, Object, find};
use super::soql::attributes;
use super::world::{Held, World};
use super::{describe, ids, search, write};
use crate::answer::{Answer, ApiRequest, pairs};
use crate::core::Core;

/// Who asks, and under which version's address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    /// The id of the session's user.
    pub(crate) user: &'a str,
    /// `/services/data/v62.0`
    pub(crate) base: &'a str,
}

/// Answers `/sobjects/…`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    let ok = |body: &Value| Ok(Answer::json(StatusCode::OK, body));
    let reads = reads(request);
    match rest {
        [] if reads => ok(&describe::all(caller.base)),
        [name] if request.method == Method::POST => create(core, request, object(name)?, caller),
        [name] if reads => ok(&describe::one(object(name)?, caller.base)),
        [name, "describe"] if reads => ok(&describe::whole(
            object(name)?,
            caller.base,
            &hidden(request),
        )),
        ["User", change @ ("updated" | "deleted")] if reads => {
            ok(&describe::changed(core, request, change)?)
        }
        [name, id] => by_id(core, request, object(name)?, id, caller),
        [name, key, value] => {
            let object = object(name)?;
            let field = object.field(key).filter(|field| field.external_id);
            let field = field.ok_or_else(ApiError::not_found)?;
            by_key(core, request, object, field, &decoded(value), caller)
        }
        [] | [_] => Err(not_allowed(request, "GET,HEAD,POST")),
        _ => Err(ApiError::not_found()),
    }
}

fn reads(request: &ApiRequest) -> bool {
    matches!(request.method, Method::GET | Method::HEAD)
}

/// An object of that name, as far as the connecting user sees it.
pub(crate) fn object(name: &str) -> Result<&'static Object, ApiError> {
    find(name).ok_or_else(ApiError::not_found)
}

fn not_allowed(request: &ApiRequest, allowed: &str) -> ApiError {
    ApiError::method_not_allowed(request.method.as_str(), allowed)
}

fn create(
    core: &Core,
    request: &ApiRequest,
    object: &'static Object,
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    let fields = body(request)?;
    let id = write::create(core, object, &fields, caller.user, &hidden(request))?;
    let location = format!("{}/sobjects/{}/{id}", caller.base, object.name);
    Ok(written(StatusCode::CREATED, &id, None).with("location", &location))
}

/// What the API says after a write; upserts say whether they made the record.
fn written(status: StatusCode, id: &str, created: Option<bool>) -> Answer {
    let mut body = json!({ "id": id, "success": true, "errors": [] });
    if let Some(created) = created {
        body["created"] = json!(created);
    }
    Answer::json(status, &body)
}

fn by_id(
    core: &Core,
    request: &ApiRequest,
    object: &'static Object,
    id: &str,
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    let missing = || {
        let message = "Provided external ID field does not exist or is not accessible: ";
        ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("{message}{id}"))
    };
    let wanted = ids::normalise(id).ok_or_else(missing)?;
    let exists = {
        let held = Held::of(core);
        let world = held.world();
        let row = world.find(&wanted);
        let row = row.filter(|row| row.object_name() == object.name && !row.is_deleted());
        if let (true, Some(row)) = (reads(request), &row) {
            return shown(request, object, row, &world, caller.base);
        }
        row.is_some()
    };
    match request.method {
        Method::GET | Method::HEAD => Err(missing()),
        Method::PATCH | Method::DELETE if !exists => Err(write::deleted()),
        Method::PATCH => {
            let fields = body(request)?;
            write::update(core, object, &wanted, &fields, &hidden(request))?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        Method::DELETE => {
            write::delete(core, object, &wanted)?;
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
        _ => Err(not_allowed(request, "DELETE,GET,HEAD,PATCH")),
    }
}

/// Reads, updates or upserts by an external id.
fn by_key(
    core: &Core,
    request: &ApiRequest,
    object: &'static Object,
    field: &Field,
    value: &str,
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    let found = holders(core, object, field, value);
    if found.len() > 1 {
        let url = |id: &String| format!("{}/sobjects/{}/{id}", caller.base, object.name);
        let urls: Vec<String> = found.iter().map(url).collect();
        return Ok(Answer::json(StatusCode::MULTIPLE_CHOICES, &json!(urls)));
    }
    match (&request.method, found.first()) {
        (&Method::GET | &Method::HEAD | &Method::DELETE, None) => Err(ApiError::not_found()),
        (&Method::GET | &Method::HEAD | &Method::DELETE, Some(id)) => {
            by_id(core, request, object, id, caller)
        }
        (&Method::PATCH | &Method::POST, found) => {
            let fields = body(request)?;
            upsert(core, request, (object, field, value), found, fields, caller)
        }
        _ => Err(not_allowed(request, "DELETE,GET,HEAD,PATCH,POST")),
    }
}

/// The ids of the records with that external id.
fn holders(core: &Core, object: &Object, field: &Field, value: &str) -> Vec<String> {
    let held = Held::of(core);
    let world = held.world();
    let mut rows = world.rows(object);
    rows.retain(|row| {
        let own = row.value(field.name, &world);
        !row.is_deleted()
            && own
                .as_str()
                .is_some_and(|own| own.eq_ignore_ascii_case(value))
    });
    rows.iter().map(Row::id).collect()
}

fn upsert(
    core: &Core,
    request: &ApiRequest,
    (object, field, value): (&'static Object, &Field, &str),
    found: Option<&String>,
    mut fields: Map<String, Value>,
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    let named = ["Id", field.name];
    let mut keys = fields.keys();
    if let Some(key) = keys.find(|key| named.iter().any(|name| name.eq_ignore_ascii_case(key))) {
        let message = format!("The {key} field should not be specified in the sobject data.");
        return Err(ApiError::bad("INVALID_FIELD", message));
    }
    let hidden = hidden(request);
    if let Some(id) = found {
        write::update(core, object, id, &fields, &hidden)?;
        if search::version(caller.base) < 46 {
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        return Ok(written(StatusCode::OK, id, Some(false)));
    }
    if request.parameter("updateOnly") == Some("true") {
        return Err(ApiError::not_found());
    }
    fields.insert(field.name.to_owned(), json!(value));
    let id = write::create(core, object, &fields, caller.user, &hidden)?;
    Ok(written(StatusCode::CREATED, &id, Some(true)))
}

/// The record with the fields of `?fields=a,b`, or with all.
fn shown<'a>(
    request: &ApiRequest,
    object: &Object,
    row: &Row<'a>,
    world: &World<'a>,
    base: &str,
) -> Result<Answer, ApiError> {
    let hidden = hidden(request);
    let hides = |name: &str| hidden.iter().any(|field| field.eq_ignore_ascii_case(name));
    let asked = request
        .parameter("fields")
        .map(|names| names.split(',').map(str::trim).collect::<Vec<_>>());
    let known = |name: &&&str| object.field(name).is_none() || hides(name);
    if let Some(unknown) = asked.iter().flatten().find(known) {
        let message = format!(
            "No such column '{unknown}' on sobject of type {}",
            object.name
        );
        return Err(ApiError::bad("INVALID_FIELD", message));
    }
    let mut shown = Map::new();
    shown.insert("attributes".to_owned(), attributes(row, base));
    for field in object.fields.iter().filter(|field| !hides(field.name)) {
        let wanted = asked.as_ref().is_none_or(|names| {
            let mut names = names.iter();
            field.name == "Id" || names.any(|name| name.eq_ignore_ascii_case(field.name))
        });
        if wanted {
            shown.insert(field.name.to_owned(), row.value(field.name, world));
        }
    }
    Ok(Answer::json(StatusCode::OK, &Value::Object(shown)))
}

/// The record in a request's body.
pub(crate) fn body(request: &ApiRequest) -> Result<Map<String, Value>, ApiError> {
    json_only(request)?;
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiError::bad(
            "JSON_PARSER_ERROR",
            "The HTTP entity body is required, but this request has no entity body.",
        )),
        Err(error) => Err(ApiError::bad("JSON_PARSER_ERROR", error.to_string())),
    }
}

/// Bodies are JSON here; the vendor also reads XML.
pub(crate) fn json_only(request: &ApiRequest) -> Result<(), ApiError> {
    let kind = request.header("content-type").unwrap_or_default();
    if kind.to_ascii_lowercase().contains("json") {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UNSUPPORTED_MEDIA_TYPE",
        format!("Content type not supported: {kind}"),
    ))
}

/// A segment of a path without its percent signs.
fn decoded(segment: &str) -> String {
    let pair = format!("v={}", segment.replace('+', "%2B"));
    let mut pairs = pairs(pair.as_bytes());
    pairs.pop().map(|(_, value)| value).unwrap_or_default()
}
