//! Pipedrive's envelopes: `success`, and beside it the data or the error.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// A refused request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    error: String,
}

impl Problem {
    fn of(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
        }
    }

    /// 400.
    pub(crate) fn invalid(error: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, error)
    }

    /// 401: no token, or none that works.
    pub(crate) fn unauthorized() -> Self {
        Self::of(StatusCode::UNAUTHORIZED, "unauthorized access")
    }

    /// 403: the token has no scope for this path.
    pub(crate) fn scope() -> Self {
        Self::of(StatusCode::FORBIDDEN, "Scope and URL mismatch")
    }

    /// 403: the user may not.
    pub(crate) fn forbidden(error: impl Into<String>) -> Self {
        Self::of(StatusCode::FORBIDDEN, error)
    }

    /// 404: no such record.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::of(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    /// As an answer.
    pub(crate) fn answer(&self) -> Answer {
        let body = json!({
            "success": false, "error": self.error, "errorCode": self.status.as_u16(),
            "error_info": "Please check developers.pipedrive.com for more information about Pipedrive API.",
            "data": null, "additional_data": null,
        });
        Answer::json(self.status, &body)
    }
}

/// Nothing at this path.
pub(crate) fn no_such_path() -> Answer {
    Problem::of(StatusCode::NOT_FOUND, "Unknown method .").answer()
}

/// Another verb than the path has.
pub(crate) fn wrong_verb() -> Answer {
    Problem::of(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed").answer()
}

/// Data, in its envelope.
pub(crate) fn data(status: StatusCode, data: &Value) -> Answer {
    Answer::json(status, &json!({ "success": true, "data": data }))
}

/// A page by cursor (version 2): the last one's next cursor is null.
pub(crate) fn page(data: &Value, next_cursor: Option<&str>) -> Answer {
    let body = json!({
        "success": true, "data": data, "additional_data": { "next_cursor": next_cursor },
    });
    Answer::json(StatusCode::OK, &body)
}

/// The token endpoint's refusals.
pub(crate) fn token_error(status: StatusCode, code: &str, message: &str) -> Answer {
    let body = json!({ "success": false, "error": code, "message": message });
    Answer::json(status, &body)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => Problem::unauthorized().answer(),
        Refusal::MissingPermission => Problem::scope().answer(),
        Refusal::TooManyRequests => {
            let over = Problem::of(StatusCode::TOO_MANY_REQUESTS, "request over limit").answer();
            over.with("x-ratelimit-remaining", "0")
        }
        Refusal::QuotaExhausted => {
            let over = Problem::of(
                StatusCode::TOO_MANY_REQUESTS,
                "daily API token budget exceeded",
            );
            over.answer().with("x-daily-requests-left", "0")
        }
        Refusal::ServerError => Problem::of(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong. Please try again.",
        )
        .answer(),
        Refusal::Unavailable => {
            Problem::of(StatusCode::SERVICE_UNAVAILABLE, "Service unavailable").answer()
        }
    }
}
