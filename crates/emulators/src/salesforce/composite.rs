//! Several requests in one: `/composite`, `/composite/batch` and `/composite/sobjects`.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Salesforce;
use super::errors::ApiError;
use super::query::hidden;
use super::records::{Caller, json_only, object};
use super::write;
use crate::answer::{Answer, ApiRequest, pairs};
use crate::core::Core;

/// The most requests in one, and of those the most records of a collection.
const MOST: usize = 25;
const MOST_RECORDS: usize = 200;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    #[serde(default)]
    all_or_none: bool,
    composite_request: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    #[serde(default)]
    halt_on_error: bool,
    batch_requests: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    method: String,
    url: String,
    #[serde(default)]
    reference_id: String,
    #[serde(default, alias = "richInput")]
    body: Value,
}

fn read<T: for<'de> Deserialize<'de>>(request: &ApiRequest) -> Result<T, ApiError> {
    json_only(request)?;
    serde_json::from_slice(&request.body)
        .map_err(|error| ApiError::bad("JSON_PARSER_ERROR", error.to_string()))
}

fn too_many(number: usize, most: usize) -> Result<(), ApiError> {
    if number <= most {
        return Ok(());
    }
    let message = format!("Limit exceeded: {number} given, at most {most} allowed");
    Err(ApiError::bad("LIMIT_EXCEEDED", message))
}

impl Salesforce {
    /// `POST /composite`: in order, each may refer to what an earlier one answered. Nothing is
    /// taken back when a later one fails.
    pub(super) fn composite(
        &self,
        request: &ApiRequest,
        caller: Caller<'_>,
    ) -> Result<Answer, ApiError> {
        let asked: Composite = read(request)?;
        too_many(asked.composite_request.len(), MOST)?;
        let mut known = Map::new();
        let mut answers = Vec::new();
        let mut halted = false;
        for part in asked.composite_request {
            let answer = if halted {
                let message = "The transaction was rolled back since another operation in the same \
                               transaction failed.";
                ApiError::bad("PROCESSING_HALTED", message).answer()
            } else {
                self.part(request, &part, Some(&known), caller)
            };
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            halted |= asked.all_or_none && !answer.status.is_success();
            let headers: Map<String, Value> = answer
                .headers
                .get("location")
                .and_then(|location| location.to_str().ok())
                .map(|location| ("Location".to_owned(), json!(location)))
                .into_iter()
                .collect();
            known.insert(part.reference_id.clone(), body.clone());
            answers.push(json!({
                "body": body,
                "httpHeaders": headers,
                "httpStatusCode": answer.status.as_u16(),
                "referenceId": part.reference_id,
            }));
        }
        Ok(Answer::json(
            StatusCode::OK,
            &json!({ "compositeResponse": answers }),
        ))
    }

    /// `POST /composite/batch`: each for itself.
    pub(super) fn batch(
        &self,
        request: &ApiRequest,
        caller: Caller<'_>,
    ) -> Result<Answer, ApiError> {
        let asked: Batch = read(request)?;
        too_many(asked.batch_requests.len(), MOST)?;
        let mut results = Vec::new();
        let mut failed = false;
        for part in asked.batch_requests {
            let answer = if failed && asked.halt_on_error {
                let message = "Batch processing was halted";
                ApiError::bad("BATCH_PROCESSING_HALTED", message).answer()
            } else {
                self.part(request, &part, None, caller)
            };
            failed |= !answer.status.is_success();
            let result: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            results.push(json!({ "statusCode": answer.status.as_u16(), "result": result }));
        }
        let body = json!({ "hasErrors": failed, "results": results });
        Ok(Answer::json(StatusCode::OK, &body))
    }

    fn part(
        &self,
        request: &ApiRequest,
        part: &Part,
        known: Option<&Map<String, Value>>,
        caller: Caller<'_>,
    ) -> Answer {
        let url = known.map_or_else(|| part.url.clone(), |known| filled(&part.url, known));
        let version = caller.base.trim_start_matches("/services/data/");
        // A batch names its addresses from the version on, a composite in full.
        let path = match known {
            Some(_) => url.strip_prefix("/services/data/").map(str::to_owned),
            None => Some(url.trim_start_matches('/').to_owned()),
        };
        let Some(path) = path else {
            return ApiError::not_found().answer();
        };
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let mut body = part.body.clone();
        if let Some(known) = known {
            fill(&mut body, known);
        }
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        let inner = ApiRequest {
            method: Method::from_bytes(part.method.as_bytes()).unwrap_or(Method::TRACE),
            path: format!("/services/data/{path}"),
            query: pairs(query.as_bytes()),
            headers,
            body: body.to_string().into_bytes().into(),
            faults: request.faults.clone(),
        };
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match segments.as_slice() {
            // One composite does not hold another.
            [_, "composite", ..] => ApiError::not_found().answer(),
            [named, rest @ ..] if known.is_some() || *named == version => self
                .resource(&inner, rest, caller)
                .unwrap_or_else(|error| error.answer()),
            _ => ApiError::not_found().answer(),
        }
    }
}

/// Replaces every `@{reference.id}` of a text.
fn filled(text: &str, known: &Map<String, Value>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("@{") {
        let Some((name, end)) = after.split_once('}') else {
            break;
        };
        let pointer = format!("/{}", name.replace(['.', '['], "/").replace(']', ""));
        let all = Value::Object(known.clone());
        let value = all.pointer(&pointer).cloned().unwrap_or_default();
        filled.push_str(before);
        filled.push_str(value.as_str().unwrap_or(&value.to_string()));
        rest = end;
    }
    filled + rest
}

fn fill(value: &mut Value, known: &Map<String, Value>) {
    match value {
        Value::String(text) => *text = filled(text, known),
        Value::Array(all) => all.iter_mut().for_each(|one| fill(one, known)),
        Value::Object(fields) => fields.values_mut().for_each(|one| fill(one, known)),
        _ => {}
    }
}

/// `POST` and `PATCH /composite/sobjects`: many records, each with its own result. Nothing is
/// taken back when one fails, whatever `allOrNone` says.
pub(super) fn collection(
    core: &Core,
    request: &ApiRequest,
    caller: Caller<'_>,
) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    struct Collection {
        records: Vec<Map<String, Value>>,
    }
    let Collection { records } = read(request)?;
    too_many(records.len(), MOST_RECORDS)?;
    let hidden = hidden(request);
    let one = |record: &Map<String, Value>| {
        let kind = record
            .get("attributes")
            .and_then(|attributes| attributes["type"].as_str())
            .unwrap_or_default();
        let object = object(kind)?;
        if request.method == Method::POST {
            return write::create(core, object, record, caller.user, &hidden);
        }
        let mut fields = record.clone();
        let id = ["Id", "id"].iter().find_map(|name| fields.remove(*name));
        let id = id
            .as_ref()
            .and_then(Value::as_str)
            .and_then(super::ids::normalise);
        let id = id.ok_or_else(|| {
            let message = "Id not specified in an update call";
            ApiError::record("MISSING_ARGUMENT", message, vec![])
        })?;
        write::update(core, object, &id, &fields, &hidden).map(|()| id)
    };
    let results: Vec<Value> = records
        .iter()
        .map(|record| match one(record) {
            Ok(id) => json!({ "id": id, "success": true, "errors": [] }),
            Err(error) => json!({
                "success": false,
                "errors": [{ "statusCode": error.code, "message": error.message, "fields": error.fields.unwrap_or_default() }],
            }),
        })
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!(results)))
}
