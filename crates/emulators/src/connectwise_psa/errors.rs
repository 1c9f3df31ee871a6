//! The vendor's errors: a code, a message, and what is wrong with which field.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// What is wrong with one field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// With slashes for parts: `status/id`.
    pub(crate) field: String,
}

impl Violation {
    pub(crate) fn new(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: field.to_owned(),
        }
    }

    pub(crate) fn missing(field: &str) -> Self {
        let message = format!("The {field} field is required.");
        Self::new("MissingRequiredField", field, message)
    }
}

/// An error with a status.
pub(crate) fn of(status: StatusCode, code: &str, message: &str) -> Answer {
    let body = json!({ "code": code, "message": message, "errors": null });
    Answer::json(status, &body)
}

/// 400: an object that cannot be written, or a parameter that cannot be read.
pub(crate) fn invalid(resource: &str, violations: &[Violation]) -> Answer {
    let errors: Vec<Value> = violations
        .iter()
        .map(|violation| {
            json!({
                "code": violation.code, "message": violation.message,
                "resource": resource, "field": violation.field,
            })
        })
        .collect();
    let body = json!({
        "code": "InvalidObject", "message": format!("{resource} object is invalid"), "errors": errors,
    });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

/// 400 for one parameter of a query.
pub(crate) fn parameter(name: &str, code: &'static str, message: impl Into<String>) -> Answer {
    invalid(name, &[Violation::new(code, name, message)])
}

/// 404 for a record.
pub(crate) fn no_record(resource: &str, id: &str) -> Answer {
    let mut name = resource.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    of(
        StatusCode::NOT_FOUND,
        "NotFound",
        &format!("{name} {id} not found"),
    )
}

/// 404 for a path.
pub(crate) fn no_path(path: &str) -> Answer {
    let message = format!("No HTTP resource was found that matches the request URI '{path}'.");
    of(StatusCode::NOT_FOUND, "NotFound", &message)
}

/// 405.
pub(crate) fn no_method() -> Answer {
    let message = "The requested resource does not support this http method.";
    of(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => of(
            StatusCode::UNAUTHORIZED,
            "ConnectWiseApi",
            "UserNotAuthenticated",
        ),
        Refusal::MissingPermission => of(
            StatusCode::FORBIDDEN,
            "Security",
            "You do not have security permission to perform this action.",
        ),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => of(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequests",
            "Too many requests. Please try again later.",
        ),
        Refusal::ServerError => of(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ConnectWiseApi",
            "An error has occurred.",
        ),
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html; charset=us-ascii",
            b"<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2></body></html>".to_vec(),
        ),
    }
}
