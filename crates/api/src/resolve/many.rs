//! `POST /resolve`

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use counterpart_model::Code;
use counterpart_service::resolve::{MOST_QUESTIONS, Question};
use serde::de::DeserializeOwned;

use super::{ResolveAnswer, ResolveQuestion};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::RawBody;

/// The media type of one JSON value a line.
const NDJSON: &str = "application/x-ndjson";

/// Answers up to 1,000 questions, in their order.
///
/// Questions come as a JSON array, or as JSON lines with the media type `application/x-ndjson`;
/// answers come back the same way. They take part in one look at the mappings and cost little
/// more than one. A question that is wrong in itself refuses all of them and is named by its
/// place, from 0: `[3].email`.
#[utoipa::path(
    post,
    path = "/resolve",
    tag = "Mapping",
    request_body(content(
        (Vec<ResolveQuestion> = "application/json"),
        (String = "application/x-ndjson")
    )),
    responses((status = 200, description = "The answers", content(
        (Vec<ResolveAnswer> = "application/json"),
        (String = "application/x-ndjson")
    )))
)]
pub(super) async fn resolve_many(caller: Caller, body: RawBody) -> Result<Response> {
    let in_lines = body.media_type == NDJSON;
    let asked: Vec<ResolveQuestion> = match body.media_type.as_str() {
        "application/json" => parsed("the body", &body.bytes)?,
        NDJSON => lines(&body.bytes)?,
        _ => {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::RequestInvalid,
                format!("the body must be JSON; send `Content-Type: application/json` or {NDJSON}"),
            ));
        }
    };
    if asked.len() > MOST_QUESTIONS {
        return Err(Failure::malformed(format!(
            "there are {} questions; send at most {MOST_QUESTIONS} at once",
            asked.len()
        )));
    }
    let questions: Vec<Question> = asked
        .into_iter()
        .enumerate()
        .map(|(index, question)| {
            question
                .read()
                .map_err(|(field, message)| Failure::field(&format!("[{index}].{field}"), message))
        })
        .collect::<Result<_>>()?;
    let answers = caller.service.resolve(&caller.actor, &questions).await?;
    let answers = answers.into_iter().map(ResolveAnswer::from);
    if !in_lines {
        return Ok(Json(answers.collect::<Vec<_>>()).into_response());
    }
    let mut text = Vec::new();
    for answer in answers {
        serde_json::to_writer(&mut text, &answer)
            .map_err(|error| Failure::internal(error.to_string()))?;
        text.push(b'\n');
    }
    Ok(([(header::CONTENT_TYPE, NDJSON)], text).into_response())
}

/// One question a line; empty lines are left out.
fn lines(bytes: &[u8]) -> Result<Vec<ResolveQuestion>> {
    bytes
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(line, _)| !line.trim_ascii().is_empty())
        .map(|(line, number)| parsed(&format!("line {number}"), line))
        .collect()
}

fn parsed<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let status = if error.is_data() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::BAD_REQUEST
        };
        let detail = format!("{what} is wrong: {error}");
        Failure::new(status, Code::RequestInvalid, detail)
    })
}
