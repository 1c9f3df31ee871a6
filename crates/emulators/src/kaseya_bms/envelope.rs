//! The envelope around every answer. An error comes with status 200, too.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// A result that is not a list, or a whole list.
pub(crate) fn success(result: &Value) -> Answer {
    let body = json!({ "Success": true, "Error": null, "Result": result });
    Answer::json(StatusCode::OK, &body)
}

/// A page of a list with the length of the whole.
pub(crate) fn paged(result: &[Value], total: usize) -> Answer {
    let body = json!({ "Success": true, "Error": null, "Result": result, "TotalRecords": total });
    Answer::json(StatusCode::OK, &body)
}

/// What went wrong, with status 200. `StackStrace` is the vendor's spelling.
pub(crate) fn failure(code: u16, message: &str) -> Answer {
    with_details(StatusCode::OK, code, message, &[])
}

/// Several things are wrong with what was sent.
pub(crate) fn invalid(messages: &[String]) -> Answer {
    with_details(
        StatusCode::OK,
        400,
        "One or more validation errors occurred.",
        messages,
    )
}

fn with_details(status: StatusCode, code: u16, message: &str, details: &[String]) -> Answer {
    let parts: Vec<Value> = details
        .iter()
        .map(|detail| json!({ "Code": 400, "Message": detail, "Details": null, "StackStrace": null, "SubErrors": null }))
        .collect();
    let body = json!({
        "Success": false,
        "Error": {
            "Code": code, "Message": message, "Details": details.first(), "StackStrace": null,
            "SubErrors": parts,
        },
        "Result": null,
    });
    Answer::json(status, &body)
}

/// No live token: 401 without a body, as a gate in front of the API answers.
pub(crate) fn unauthorised() -> Answer {
    Answer::empty(StatusCode::UNAUTHORIZED)
        .with("www-authenticate", "Bearer error=\"invalid_token\"")
}

/// Nothing at this path.
pub(crate) fn not_found() -> Answer {
    Answer::empty(StatusCode::NOT_FOUND)
}

/// The path is there for other verbs.
pub(crate) fn no_method() -> Answer {
    Answer::empty(StatusCode::METHOD_NOT_ALLOWED)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => failure(401, "Invalid username or password."),
        Refusal::MissingPermission => {
            failure(403, "You do not have permission to perform this action.")
        }
        Refusal::TooManyRequests | Refusal::QuotaExhausted => with_details(
            StatusCode::TOO_MANY_REQUESTS,
            429,
            "API calls quota exceeded! Maximum admitted 1500 per Hour.",
            &[],
        ),
        Refusal::ServerError => with_details(
            StatusCode::INTERNAL_SERVER_ERROR,
            500,
            "An error occurred while processing your request.",
            &[],
        ),
        Refusal::Unavailable => Answer::bytes(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/html",
            b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503 Service Temporarily Unavailable</h1></body></html>".to_vec(),
        ),
    }
}

/// The form must be `multipart/form-data`.
pub(crate) fn unsupported() -> Answer {
    Answer::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}
