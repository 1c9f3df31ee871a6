//! Zendesk's errors. `error` is a text or an object, `errors` a list: it depends on which part of
//! the product refuses.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// A refusal with `error` and `description`.
pub(crate) fn of(status: StatusCode, error: &str, description: impl Into<String>) -> Answer {
    let body = json!({ "error": error, "description": description.into() });
    Answer::json(status, &body)
}

/// Missing or wrong credentials.
pub(crate) fn unauthorised() -> Answer {
    let body = json!({ "error": "Couldn't authenticate you" });
    Answer::json(StatusCode::UNAUTHORIZED, &body)
}

/// Signed in, but not allowed to do that.
pub(crate) fn forbidden() -> Answer {
    let message = "You do not have access to this page. Please contact the account owner of this \
                   help desk for further help.";
    let body = json!({ "error": { "title": "Forbidden", "message": message } });
    Answer::json(StatusCode::FORBIDDEN, &body)
}

/// The token lacks the scope.
pub(crate) fn insufficient_scope() -> Answer {
    of(
        StatusCode::FORBIDDEN,
        "Forbidden",
        "You are missing the following required scopes: write",
    )
}

/// No such path.
pub(crate) fn no_such_path() -> Answer {
    let title = "InvalidEndpoint";
    of(StatusCode::NOT_FOUND, title, "Not found")
}

/// No such record.
pub(crate) fn not_found() -> Answer {
    of(StatusCode::NOT_FOUND, "RecordNotFound", "Not found")
}

/// One thing wrong with one field of a record: field, text, code.
pub(crate) type Problem = (&'static str, String, &'static str);

/// A record that cannot be saved.
pub(crate) fn invalid_record(problems: &[Problem]) -> Answer {
    let mut details = serde_json::Map::new();
    for (field, description, error) in problems {
        let problem = json!({ "description": description, "error": error });
        let all = details
            .entry(*field)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(all) = all.as_array_mut() {
            all.push(problem);
        }
    }
    let body = json!({
        "error": "RecordInvalid", "description": "Record validation errors", "details": details,
    });
    Answer::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

/// A bad parameter of paging.
pub(crate) fn paging(code: &str, title: &str) -> Answer {
    let body = json!({ "errors": [{ "code": code, "title": title }] });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

/// A body that is no JSON, or lacks the object named after the record.
pub(crate) fn bad_body(what: &str) -> Answer {
    of(
        StatusCode::BAD_REQUEST,
        "InvalidParameter",
        format!("Parameter {what} is required"),
    )
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorised(),
        Refusal::MissingPermission => forbidden(),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => of(
            StatusCode::TOO_MANY_REQUESTS,
            "APIRateLimitExceeded",
            "Number of allowed API requests per minute exceeded",
        ),
        Refusal::ServerError => of(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "Internal server error",
        ),
        Refusal::Unavailable => of(
            StatusCode::SERVICE_UNAVAILABLE,
            "ServiceUnavailable",
            "Service is temporarily unavailable. Please try again in a moment.",
        ),
    }
}
