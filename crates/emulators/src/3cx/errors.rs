//! Refusals in 3CX's words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// An answer of the configuration API.
pub(crate) fn odata(status: StatusCode, body: &Value) -> Answer {
    Answer::bytes(
        status,
        "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8",
        body.to_string().into_bytes(),
    )
    .with("odata-version", "4.0")
}

/// A request that the configuration API does not understand.
pub(crate) fn invalid(message: &str) -> Answer {
    let message = format!("The query specified in the URI is not valid. {message}");
    let body = json!({ "error": { "code": "", "message": message, "details": [] } });
    odata(StatusCode::BAD_REQUEST, &body)
}

/// A request whose body is not taken.
pub(crate) fn unprocessable(field: &str, message: &str) -> Answer {
    let details = json!([{ "code": "", "message": message, "target": field }]);
    let body = json!({ "error": { "code": "", "message": format!("{field}:\n{message}"), "details": details } });
    odata(StatusCode::BAD_REQUEST, &body)
}

pub(crate) fn unauthorized() -> Answer {
    let body = json!({ "error": "unauthorized", "error_description": "The access token is missing, expired or replaced" });
    Answer::json(StatusCode::UNAUTHORIZED, &body)
        .with("www-authenticate", "Bearer error=\"invalid_token\"")
}

pub(crate) fn invalid_client() -> Answer {
    let body =
        json!({ "error": "unauthorized", "error_description": "Invalid client credentials" });
    Answer::json(StatusCode::UNAUTHORIZED, &body)
}

/// The client's role has no right to that.
pub(crate) fn forbidden() -> Answer {
    Answer::empty(StatusCode::FORBIDDEN)
}

pub(crate) fn not_found() -> Answer {
    Answer::empty(StatusCode::NOT_FOUND)
}

pub(crate) fn refused(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorized(),
        Refusal::MissingPermission => forbidden(),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => {
            Answer::empty(StatusCode::TOO_MANY_REQUESTS)
        }
        Refusal::ServerError => {
            let body = json!({ "error": { "code": "", "message": "An error has occurred." } });
            odata(StatusCode::INTERNAL_SERVER_ERROR, &body)
        }
        // What stands before the service answers while it starts.
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html",
            b"<html><head><title>503 Service Temporarily Unavailable</title></head></html>\n"
                .to_vec(),
        ),
    }
}
