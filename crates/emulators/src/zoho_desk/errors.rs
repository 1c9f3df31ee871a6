//! Desk's errors: a code and a message, and the fields that are wrong.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// An error.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    /// What is wrong with which field.
    fields: Vec<Value>,
}

impl ApiError {
    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            fields: Vec::new(),
        }
    }

    pub(super) fn unauthorised() -> Self {
        let message = "You are not authenticated to perform this operation.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message)
    }

    pub(super) fn invalid_oauth() -> Self {
        let message = "The OAuth Token you provided is invalid.";
        Self::new(StatusCode::UNAUTHORIZED, "INVALID_OAUTH", message)
    }

    pub(super) fn scope_mismatch() -> Self {
        let message = "The OAuth Token you provided does not have the required scope.";
        Self::new(StatusCode::FORBIDDEN, "SCOPE_MISMATCH", message)
    }

    pub(super) fn org_mismatch() -> Self {
        let message = "The OAuth Token you provided does not belong to this organization.";
        Self::new(StatusCode::FORBIDDEN, "OAUTH_ORG_MISMATCH", message)
    }

    pub(super) fn org_missing() -> Self {
        Self::field("orgId", "missing", "The header orgId is missing.")
    }

    pub(super) fn not_found() -> Self {
        let message = "The URL you requested could not be found.";
        Self::new(StatusCode::NOT_FOUND, "URL_NOT_FOUND", message)
    }

    /// A record that is not there.
    pub(super) fn no_record() -> Self {
        let message = "No resource corresponding to the given ID exists.";
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND", message)
    }

    pub(super) fn method() -> Self {
        let message = "The request method is not supported by this URL.";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            message,
        )
    }

    pub(super) fn media_type() -> Self {
        let message = "The content type of the request is not supported.";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            message,
        )
    }

    pub(super) fn unreadable() -> Self {
        let message = "The request body could not be parsed.";
        Self::new(StatusCode::BAD_REQUEST, "UNPROCESSABLE_ENTITY", message)
    }

    /// A field that is `missing`, `invalid` or not known.
    pub(super) fn field(name: &str, kind: &str, message: &str) -> Self {
        let mut error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "INVALID_DATA",
            "The data is invalid due to validation restrictions",
        );
        error.fields.push(json!({
            "fieldName": format!("/{name}"), "errorType": kind, "errorMessage": message,
        }));
        error
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::field(name, "missing", "")
    }

    pub(super) fn invalid(name: &str) -> Self {
        Self::field(name, "invalid", "")
    }

    pub(super) fn answer(&self) -> Answer {
        let mut body = json!({ "errorCode": self.code, "message": self.message });
        if !self.fields.is_empty() {
            body["errors"] = json!(self.fields);
        }
        Answer::json(self.status, &body)
    }
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(super) fn refuse(refusal: Refusal) -> Answer {
    let error = |status, code, message| ApiError::new(status, code, message).answer();
    match refusal {
        Refusal::WrongCredentials => ApiError::invalid_oauth().answer(),
        Refusal::MissingPermission => error(
            StatusCode::FORBIDDEN,
            "FORBIDDEN",
            "You do not have access to perform this operation.",
        ),
        Refusal::TooManyRequests => error(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "You have made too many requests at the same time.",
        ),
        // Only where the day's credits are gone does a header say when to come back.
        Refusal::QuotaExhausted => error(
            StatusCode::TOO_MANY_REQUESTS,
            "THRESHOLD_EXCEEDED",
            "You have exceeded the number of API credits of the day.",
        )
        .with("retry-after", "3600"),
        Refusal::ServerError => error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVER_ERROR",
            "An internal server error occurred.",
        ),
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html;charset=UTF-8",
            b"<html><head><title>Zoho</title></head><body>Service Unavailable</body></html>"
                .to_vec(),
        ),
    }
}
