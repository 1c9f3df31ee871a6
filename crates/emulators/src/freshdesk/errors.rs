//! Freshdesk's errors: a list of fields for a record that is not valid, `code` and `message` for
//! everything else, nothing at all for what is not there.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) message: String,
    pub(crate) code: &'static str,
}

impl Problem {
    pub(crate) fn new(field: &str, message: impl Into<String>, code: &'static str) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
            code,
        }
    }

    /// A field that nobody knows here.
    pub(crate) fn unknown(field: &str) -> Self {
        Self::new(
            field,
            "Unexpected/invalid field in request",
            "invalid_field",
        )
    }

    /// A record that a field names and that is not there.
    pub(crate) fn absent(field: &str, what: &str) -> Self {
        let message = format!("There is no {what} matching the given {field}");
        Self::new(field, message, "invalid_value")
    }
}

/// A request that is not valid.
pub(crate) fn invalid(problems: &[Problem]) -> Answer {
    with_problems(StatusCode::BAD_REQUEST, problems)
}

/// The same with another status.
pub(crate) fn with_problems(status: StatusCode, problems: &[Problem]) -> Answer {
    let errors: Vec<Value> = problems
        .iter()
        .map(|problem| {
            json!({ "field": problem.field, "message": problem.message, "code": problem.code })
        })
        .collect();
    let body = json!({ "description": "Validation failed", "errors": errors });
    Answer::json(status, &body)
}

fn coded(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "code": code, "message": message }))
}

/// No key, or one that nobody has.
pub(crate) fn unauthorised() -> Answer {
    coded(
        StatusCode::UNAUTHORIZED,
        "invalid_credentials",
        "You have to be logged in to perform this action.",
    )
}

/// The agent of the key may not do that.
pub(crate) fn forbidden() -> Answer {
    coded(
        StatusCode::FORBIDDEN,
        "access_denied",
        "You are not authorized to perform this action.",
    )
}

/// Nothing there, and nothing said.
pub(crate) fn not_found() -> Answer {
    Answer::empty(StatusCode::NOT_FOUND)
}

/// A path that is there, by another verb.
pub(crate) fn method_not_allowed(method: &str, allowed: &str) -> Answer {
    let message =
        format!("{method} method is not allowed. It should be one of these method(s): {allowed}");
    Answer::json(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({ "message": message }),
    )
    .with("allow", allowed)
}

/// A body that is not of JSON's media type.
pub(crate) fn not_json_type() -> Answer {
    coded(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "invalid_content_type",
        "Content-Type header is set to an unsupported value. It should have application/json",
    )
}

/// A body that does not parse.
pub(crate) fn not_json() -> Answer {
    coded(
        StatusCode::BAD_REQUEST,
        "invalid_json",
        "Request body has invalid json format",
    )
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorised(),
        Refusal::MissingPermission => forbidden(),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => Answer::json(
            StatusCode::TOO_MANY_REQUESTS,
            &json!({ "message": "You have exceeded the limit of requests per minute" }),
        ),
        Refusal::ServerError => coded(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "We're sorry, but something went wrong.",
        ),
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html",
            b"<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>".to_vec(),
        ),
    }
}
