//! `ServiceNow`'s errors: a message, a detail that is often null, and *failure*.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// A refusal with a message and, where there is one, a detail.
pub(crate) fn of(status: StatusCode, message: &str, detail: Option<&str>) -> Answer {
    let detail = detail.map_or(Value::Null, |detail| json!(detail));
    let body = json!({
        "error": { "message": message, "detail": detail }, "status": "failure",
    });
    Answer::json(status, &body)
}

/// Missing or wrong credentials.
pub(crate) fn unauthorised() -> Answer {
    let detail = Some("Required to provide Auth information");
    of(StatusCode::UNAUTHORIZED, "User Not Authenticated", detail)
        .with("www-authenticate", "BASIC realm=\"Service-now\"")
}

/// A table whose rows the user may not read, where the instance says so.
pub(crate) fn forbidden() -> Answer {
    let message = "Insufficient rights to query records";
    of(StatusCode::FORBIDDEN, message, None)
}

/// A table that the user may not write to.
pub(crate) fn write_refused(what: &str) -> Answer {
    let detail = format!("ACL Exception {what} Failed due to security constraints");
    of(StatusCode::FORBIDDEN, "Operation Failed", Some(&detail))
}

/// A table that is not there.
pub(crate) fn no_such_table(table: &str) -> Answer {
    of(
        StatusCode::BAD_REQUEST,
        &format!("Invalid table {table}"),
        Some(&format!("Table {table} does not exist")),
    )
}

/// A record that is not there or not to be seen.
pub(crate) fn not_found() -> Answer {
    of(
        StatusCode::NOT_FOUND,
        "No Record found",
        Some("Record doesn't exist or ACL restricts the record retrieval"),
    )
}

/// A path that is not there.
pub(crate) fn no_such_path() -> Answer {
    let message = "Requested URI does not represent any resource";
    of(StatusCode::BAD_REQUEST, message, None)
}

/// A path that is there, by another verb.
pub(crate) fn method_not_allowed() -> Answer {
    let message = "Method not supported";
    of(StatusCode::METHOD_NOT_ALLOWED, message, None)
}

/// A body that does not parse.
pub(crate) fn bad_body() -> Answer {
    of(
        StatusCode::BAD_REQUEST,
        "Exception while reading request",
        Some("The payload is not valid JSON."),
    )
}

/// A body of another type than JSON.
pub(crate) fn not_json_type() -> Answer {
    let message = "Unsupported media type";
    let detail = Some("Content-Type must be application/json");
    of(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, detail)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal, limit: u64) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorised(),
        Refusal::MissingPermission => forbidden(),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => {
            let detail =
                format!("Rate limit of {limit} requests per hour for Table API exceeded");
            let message = "Rate limit exceeded";
            of(StatusCode::TOO_MANY_REQUESTS, message, Some(&detail))
        }
        Refusal::ServerError => of(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Transaction cancelled: maximum execution time exceeded",
            Some("Check logs for error trace or enable glide.rest.debug property to verify REST request processing"),
        ),
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html",
            b"<html><head><title>Instance unavailable</title></head><body>The instance is not available.</body></html>"
                .to_vec(),
        ),
    }
}
