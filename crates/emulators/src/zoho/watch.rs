//! `actions/watch`: who wants to be told of changes, for how long; and the telling.

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Estate;
use super::errors::ApiError;
use super::modules::{Module, Source};
use super::product::{Call, CrmProduct};
use super::users::date_time;
use super::write::id_of;
use crate::answer::Answer;
use crate::contacts::ContactKind;
use crate::control::{Happening, SentWebhook};
use crate::records::Record;

/// How long a channel may last at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// How long it lasts when no time or too late a one is asked for.
const USUAL: SignedDuration = SignedDuration::from_hours(1);

/// The most characters of a token.
const TOKEN: usize = 50;

const CHANNEL: Module = Module {
    api_name: "watch",
    singular: "watch",
    plural: "watch",
    source: Source::Companies,
    fields: &[],
};

/// `POST`, `PUT`, `PATCH`, `GET` and `DELETE`.
pub(crate) fn answer(call: &Call<'_>) -> Result<Answer, ApiError> {
    match call.request.method {
        Method::GET => Ok(list(call)),
        Method::DELETE => delete(call),
        Method::POST | Method::PUT => subscribe(call),
        Method::PATCH => change(call),
        _ => Err(ApiError::method()),
    }
}

fn list(call: &Call<'_>) -> Answer {
    let core = &call.estate.core;
    let now = core.clock.now();
    let wanted = call.request.parameter("channel_id");
    let kind = call.kind(&CHANNEL);
    let records = core.records();
    let live = records.of(&kind).filter(|channel| {
        expiry(channel) > now && wanted.is_none_or(|wanted| wanted == channel.id)
    });
    let watch: Vec<&Value> = live.map(|channel| &channel.fields).collect();
    if watch.is_empty() {
        return Answer::empty(StatusCode::NO_CONTENT);
    }
    let info = json!({ "page": 1, "per_page": 200, "count": watch.len(), "more_records": false });
    Answer::json(StatusCode::OK, &json!({ "watch": watch, "info": info }))
}

fn expiry(channel: &Record) -> Timestamp {
    let text = channel.fields["channel_expiry"].as_str();
    text.and_then(|text| text.parse().ok())
        .unwrap_or(Timestamp::MIN)
}

fn delete(call: &Call<'_>) -> Result<Answer, ApiError> {
    let ids = call.request.parameter("channel_ids");
    let ids = ids.ok_or_else(|| ApiError::missing_parameter("channel_ids"))?;
    let kind = call.kind(&CHANNEL);
    let mut records = call.estate.core.records();
    let watch: Vec<Value> = ids
        .split(',')
        .map(|id| {
            if records.remove(&kind, id) {
                success(
                    &json!({ "channel_id": id, "resource_uri": null }),
                    "unsubscribed",
                )
            } else {
                let error = invalid(0, "channel_id", &json!({}));
                error.body()
            }
        })
        .collect();
    let bad = watch.iter().all(|one| one["status"] == "error");
    let status = if bad {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    Ok(Answer::json(status, &json!({ "watch": watch })))
}

fn success(details: &Value, done: &str) -> Value {
    json!({
        "code": "SUCCESS", "details": details, "status": "success",
        "message": format!("Successfully {done} for actions-watch of the given module"),
    })
}

fn invalid(nth: usize, name: &str, more: &Value) -> ApiError {
    let mut details = json!({ "api_name": name, "json_path": format!("$.watch[{nth}].{name}") });
    if let (Value::Object(details), Value::Object(more)) = (&mut details, more) {
        details.extend(more.clone());
    }
    ApiError {
        details,
        ..ApiError::new(StatusCode::BAD_REQUEST, "INVALID_DATA", "invalid data")
    }
}

fn given(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    match call.body()?["watch"].take() {
        Value::Array(watch) if !watch.is_empty() => Ok(watch),
        _ => Err(ApiError {
            details: json!({ "api_name": "watch", "json_path": "$.watch" }),
            ..ApiError::new(
                StatusCode::BAD_REQUEST,
                "MANDATORY_NOT_FOUND",
                "required field not found",
            )
        }),
    }
}

fn subscribe(call: &Call<'_>) -> Result<Answer, ApiError> {
    let told: Vec<Result<Value, ApiError>> = given(call)?
        .iter()
        .enumerate()
        .map(|(nth, wanted)| channel(call, nth, wanted))
        .collect();
    Ok(answered(told, StatusCode::CREATED))
}

fn answered(told: Vec<Result<Value, ApiError>>, well: StatusCode) -> Answer {
    let bad = told.iter().filter(|one| one.is_err()).count();
    let status = match bad {
        0 => well,
        _ if bad == told.len() => StatusCode::BAD_REQUEST,
        _ => StatusCode::MULTI_STATUS,
    };
    let watch: Vec<Value> = told
        .into_iter()
        .map(|one| one.unwrap_or_else(|error| error.body()))
        .collect();
    Answer::json(status, &json!({ "watch": watch }))
}

/// Opens a channel, or replaces the one of that id.
fn channel(call: &Call<'_>, nth: usize, wanted: &Value) -> Result<Value, ApiError> {
    let core = &call.estate.core;
    let id = id_of(&wanted["channel_id"]).ok_or_else(|| invalid(nth, "channel_id", &json!({})))?;
    let events = events(call.product, nth, wanted)?;
    let url = wanted["notify_url"].as_str().unwrap_or_default();
    if url::Url::parse(url).is_err() {
        let expected = json!({ "expected_data_type": "website" });
        return Err(invalid(nth, "notify_url", &expected));
    }
    let token = wanted["token"].as_str();
    if token.is_some_and(|token| token.chars().count() > TOKEN) {
        return Err(invalid(nth, "token", &json!({ "maximum_length": TOKEN })));
    }
    let now = core.clock.now();
    let expires = expires(now, nth, wanted)?;
    let kind = call.kind(&CHANNEL);
    let mut records = core.records();
    records.remove(&kind, &id);
    records.add(Record {
        kind,
        id: id.clone(),
        owner: None,
        fields: json!({
            "channel_id": id,
            "events": events,
            "channel_expiry": date_time(expires),
            "token": wanted["token"],
            "notify_url": url,
            "return_affected_field_values": wanted["return_affected_field_values"] == true,
            "notify_on_related_action": wanted["notify_on_related_action"] != false,
            "notification_condition": wanted["notification_condition"],
        }),
        created: now,
        modified: now,
    });
    Ok(subscribed(call, &id, &events, expires))
}

fn events<'a>(
    product: &CrmProduct,
    nth: usize,
    wanted: &'a Value,
) -> Result<Vec<&'a str>, ApiError> {
    let listed = wanted["events"].as_array().filter(|all| !all.is_empty());
    let expected = json!({ "expected_data_type": "jsonarray" });
    let listed = listed.ok_or_else(|| invalid(nth, "events", &expected))?;
    listed
        .iter()
        .map(|event| event.as_str().filter(|event| is_event(product, event)))
        .collect::<Option<_>>()
        .ok_or_else(|| invalid(nth, "events", &json!({})))
}

/// Until when a channel lasts.
fn expires(now: Timestamp, nth: usize, wanted: &Value) -> Result<Timestamp, ApiError> {
    let asked = wanted["channel_expiry"]
        .as_str()
        .map(str::parse::<Timestamp>);
    let expected = json!({ "expected_data_type": "datetime" });
    let asked = asked
        .transpose()
        .map_err(|_| invalid(nth, "channel_expiry", &expected))?;
    Ok(asked
        .filter(|asked| *asked > now && asked.duration_since(now) <= LONGEST)
        .or_else(|| now.checked_add(USUAL).ok())
        .unwrap_or(Timestamp::MAX))
}

fn is_event(product: &CrmProduct, event: &str) -> bool {
    event.split_once('.').is_some_and(|(name, operation)| {
        ["all", "create", "edit", "delete"].contains(&operation)
            && product.modules.iter().any(|module| module.api_name == name)
    })
}

fn subscribed(call: &Call<'_>, id: &str, events: &[&str], expires: Timestamp) -> Value {
    let events: Vec<Value> = events
        .iter()
        .map(|event| {
            let name = event.split('.').next().unwrap_or_default();
            json!({
                "channel_expiry": date_time(expires),
                "resource_uri": resource(call.product, call.estate, call.version, name),
                "resource_id": format!("5843104000000021{:03}", name.len()),
                "resource_name": name,
                "channel_id": id,
            })
        })
        .collect();
    success(&json!({ "events": events }), "subscribed")
}

fn resource(product: &CrmProduct, estate: &Estate, version: &str, module: &str) -> String {
    let base = &estate.core.base_url;
    format!("{base}/{}/{version}/{module}", product.path)
}

/// `PATCH`: drops the given events with `_delete_events`, or changes what else is given.
fn change(call: &Call<'_>) -> Result<Answer, ApiError> {
    let kind = call.kind(&CHANNEL);
    let mut told = Vec::new();
    for (nth, wanted) in given(call)?.into_iter().enumerate() {
        let id = id_of(&wanted["channel_id"]).unwrap_or_default();
        let old = call.estate.core.records().find(&kind, &id).cloned();
        let Some(old) = old else {
            told.push(Err(invalid(nth, "channel_id", &json!({}))));
            continue;
        };
        let mut merged = old.fields;
        if wanted["_delete_events"] == true {
            let dropped = wanted["events"].as_array().cloned().unwrap_or_default();
            if let Some(events) = merged["events"].as_array_mut() {
                events.retain(|event| !dropped.contains(event));
            }
        } else if let (Value::Object(merged), Value::Object(wanted)) = (&mut merged, wanted) {
            merged.extend(wanted);
        }
        if merged["events"] == json!([]) {
            call.estate.core.records().remove(&kind, &id);
            told.push(Ok(success(&json!({ "channel_id": id }), "unsubscribed")));
        } else {
            told.push(channel(call, nth, &merged));
        }
    }
    Ok(answered(told, StatusCode::OK))
}

/// What is posted to `notify_url`. There are no changes of users among the events, and nothing is
/// signed: the token that the subscriber chose comes back.
pub(crate) fn callback(
    product: &CrmProduct,
    estate: &Estate,
    what: &Happening,
    url: &str,
    secret: &str,
) -> Option<SentWebhook> {
    let Happening::ContactChanged(id) = what else {
        return None;
    };
    let contact = estate.core.contacts().find(id).cloned()?;
    let module = product.modules.iter().find(|module| match module.source {
        Source::Contacts => contact.kind == ContactKind::Contact,
        Source::Leads => contact.kind == ContactKind::Lead,
        Source::Customers => true,
        Source::Companies | Source::Written(_) => false,
    })?;
    let kind = estate.kind(product.path, CHANNEL.api_name);
    let channel = {
        let records = estate.core.records();
        let mut own = records
            .of(&kind)
            .filter(|one| one.fields["token"] == secret);
        own.next()
            .map_or("1000000068001".to_owned(), |one| one.id.clone())
    };
    let version = product.versions.last().copied().unwrap_or_default();
    let query: serde_json::Map<String, Value> = url::Url::parse(url)
        .ok()?
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect();
    let operation = if contact.created == contact.modified {
        "insert"
    } else {
        "update"
    };
    let values = json!({
        "First_Name": contact.given, "Last_Name": contact.family, "Email": contact.email,
        "Phone": contact.phone, "Mobile": contact.mobile,
    });
    let mut affected = serde_json::Map::new();
    affected.insert(
        id.clone(),
        json!(["First_Name", "Last_Name", "Email", "Phone", "Mobile"]),
    );
    let body = json!({
        "server_time": estate.core.clock.now().as_millisecond(),
        "query_params": query,
        "module": module.api_name,
        "resource_uri": resource(product, estate, version, module.api_name),
        "ids": [id],
        "affected_fields": [affected],
        "affected_values": [{ "record_id": id, "values": values }],
        "operation": operation,
        "channel_id": channel,
        "token": secret,
    });
    Some(SentWebhook {
        url: url.to_owned(),
        headers: vec![(
            "content-type".to_owned(),
            "application/json;charset=UTF-8".to_owned(),
        )],
        body: body.to_string().into_bytes(),
    })
}
