//! Autotask's errors: an array of texts, mostly with status 500, whatever the cause.

use axum::http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::core::Refusal;

/// The permission error of a query, or of `create`, `update`, `delete`.
pub(crate) fn no_permission(verb: &str) -> Answer {
    failed(format!(
        "The logged in Resource does not have the adequate permissions to {verb} this entity type."
    ))
}

/// Status 500 with a text: a bad query, a missing right, an unknown field.
pub(crate) fn failed(message: impl Into<String>) -> Answer {
    of(StatusCode::INTERNAL_SERVER_ERROR, message)
}

/// A text with a status.
pub(crate) fn of(status: StatusCode, message: impl Into<String>) -> Answer {
    Answer::json(status, &json!({ "errors": [message.into()] }))
}

/// Wrong user name, secret or tracking code: 401 and nothing more.
pub(crate) fn unauthorised() -> Answer {
    Answer::empty(StatusCode::UNAUTHORIZED)
}

/// Nothing at this path.
pub(crate) fn not_found(path: &str) -> Answer {
    let body = json!({ "Message": format!("No HTTP resource was found that matches the request URI '{path}'.") });
    Answer::json(StatusCode::NOT_FOUND, &body)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorised(),
        Refusal::MissingPermission => no_permission("query"),
        Refusal::TooManyRequests => of(
            StatusCode::TOO_MANY_REQUESTS,
            "You have exceeded the thread threshold for this object.",
        ),
        Refusal::QuotaExhausted => of(
            StatusCode::TOO_MANY_REQUESTS,
            "You have exceeded the number of requests allowed per hour.",
        ),
        Refusal::ServerError => {
            failed("An internal error has occurred. Contact support with the time of this request.")
        }
        Refusal::Unavailable => {
            let page = b"<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2></body></html>";
            Answer::bytes(
                StatusCode::SERVICE_UNAVAILABLE,
                "text/html; charset=us-ascii",
                page.to_vec(),
            )
        }
    }
}
