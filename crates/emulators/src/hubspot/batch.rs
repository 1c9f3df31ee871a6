//! `…/batch/{create|read|update|upsert|archive}`: a hundred inputs at most, each of which
//! succeeds or fails by itself.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::{Problem, no_such_path};
use super::objects::{self, Draft};
use super::schema::Kind;
use super::{HubSpot, date_time};
use crate::answer::{Answer, ApiRequest};

/// The most inputs of one batch.
const MOST: usize = 100;

/// The answer to one batch.
pub(crate) fn answer(
    hubspot: &HubSpot,
    request: &ApiRequest,
    kind: &'static Kind,
    operation: &str,
) -> Result<Answer, Problem> {
    let body = super::body(request)?;
    let inputs = body["inputs"]
        .as_array()
        .ok_or_else(|| Problem::bad_json("inputs must be a list"))?;
    if inputs.len() > MOST {
        return Err(Problem::invalid(format!(
            "The maximum number of inputs supported in a batch is {MOST}. Please reduce the number of items and try again"
        )));
    }
    let by = body["idProperty"].as_str();
    let run = |input: &Value| match operation {
        "create" => create(hubspot, kind, input),
        "read" => read(hubspot, kind, &body, input, by),
        "update" => update(hubspot, kind, input),
        _ => upsert(hubspot, kind, input),
    };
    let done = match operation {
        "archive" => {
            for input in inputs {
                objects::archive(hubspot, kind, id_of(input)?);
            }
            return Ok(Answer::empty(StatusCode::NO_CONTENT));
        }
        "create" => StatusCode::CREATED,
        "read" | "update" | "upsert" => StatusCode::OK,
        _ => return Ok(no_such_path()),
    };
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        match run(input) {
            Ok(result) => results.push(traced(result, input)),
            Err(problem) => errors.push(traced(problem.in_batch(), input)),
        }
    }
    Ok(report(hubspot, done, &results, &errors))
}

fn report(hubspot: &HubSpot, done: StatusCode, results: &[Value], errors: &[Value]) -> Answer {
    let now = date_time(hubspot.core.clock.now());
    let mut body = json!({
        "status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now,
    });
    if errors.is_empty() {
        return Answer::json(done, &body);
    }
    body["numErrors"] = json!(errors.len());
    body["errors"] = json!(errors);
    Answer::json(StatusCode::MULTI_STATUS, &body)
}

/// The caller's own mark of an input comes back with what became of it.
fn traced(mut result: Value, input: &Value) -> Value {
    if let Some(mark) = input["objectWriteTraceId"].as_str() {
        result["objectWriteTraceId"] = json!(mark);
    }
    result
}

fn id_of(input: &Value) -> Result<&str, Problem> {
    let missing = || Problem::bad_json("every input needs an id, as text");
    input["id"].as_str().ok_or_else(missing)
}

fn shown(hubspot: &HubSpot, kind: &'static Kind, id: &str) -> Result<Value, Problem> {
    objects::whole(hubspot, kind, id).ok_or_else(Problem::not_found)
}

fn create(hubspot: &HubSpot, kind: &'static Kind, input: &Value) -> Result<Value, Problem> {
    let id = objects::create(hubspot, kind, &Draft::of(input)?)?;
    shown(hubspot, kind, &id)
}

fn read(
    hubspot: &HubSpot,
    kind: &'static Kind,
    body: &Value,
    input: &Value,
    by: Option<&str>,
) -> Result<Value, Problem> {
    let id = objects::find_id(hubspot, kind, id_of(input)?, by).ok_or_else(Problem::not_found)?;
    let names = body["properties"].as_array();
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let found = hubspot.with_row(kind, &id, |row| {
        (!row.is_archived()).then(|| row.answer(kind, &hubspot.customs, &names))
    });
    found.flatten().ok_or_else(Problem::not_found)
}

fn update(hubspot: &HubSpot, kind: &'static Kind, input: &Value) -> Result<Value, Problem> {
    let by = input["idProperty"].as_str();
    let id = objects::find_id(hubspot, kind, id_of(input)?, by).ok_or_else(Problem::not_found)?;
    objects::update(hubspot, kind, &id, Draft::of(input)?.properties)?;
    shown(hubspot, kind, &id)
}

/// Makes or changes the record that has this value in a unique property. Ties are not taken.
fn upsert(hubspot: &HubSpot, kind: &'static Kind, input: &Value) -> Result<Value, Problem> {
    let value = id_of(input)?;
    let by = input["idProperty"].as_str().unwrap_or("hs_object_id");
    let given = Draft::of(input)?.properties;
    let found = objects::find_id(hubspot, kind, value, Some(by));
    let (id, is_new) = match found {
        Some(id) => {
            objects::update(hubspot, kind, &id, given)?;
            (id, false)
        }
        None if hubspot.customs.is_unique(kind, by) => {
            let mut properties = given.clone();
            properties.insert(by.to_owned(), json!(value));
            let draft = Draft {
                properties: &properties,
                associations: &Value::Null,
            };
            (objects::create(hubspot, kind, &draft)?, true)
        }
        None => {
            let message = format!(
                "Property {by} does not have unique values and cannot be used as idProperty"
            );
            return Err(Problem::invalid(message));
        }
    };
    let mut result = shown(hubspot, kind, &id)?;
    result["new"] = json!(is_new);
    Ok(result)
}
