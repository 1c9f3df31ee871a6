//! Insightly's errors: a message where the request was at fault, nothing where the caller was.

use axum::http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::core::Refusal;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: Option<String>,
}

impl ApiError {
    /// A refusal without a body.
    pub(crate) const fn bare(status: StatusCode) -> Self {
        Self {
            status,
            message: None,
        }
    }

    pub(crate) fn answer(&self) -> Answer {
        match &self.message {
            Some(message) => Answer::json(self.status, &json!({ "Message": message })),
            None => Answer::empty(self.status),
        }
    }
}

/// The request cannot be answered as it is.
pub(crate) fn bad(message: impl Into<String>) -> ApiError {
    of(StatusCode::BAD_REQUEST, message)
}

fn of(status: StatusCode, message: impl Into<String>) -> ApiError {
    ApiError {
        status,
        message: Some(message.into()),
    }
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    let too_many = StatusCode::TOO_MANY_REQUESTS;
    let error = match refusal {
        Refusal::WrongCredentials => ApiError::bare(StatusCode::UNAUTHORIZED),
        Refusal::MissingPermission => ApiError::bare(StatusCode::FORBIDDEN),
        Refusal::TooManyRequests => of(too_many, "API calls quota exceeded! 10 per second."),
        Refusal::QuotaExhausted => of(too_many, "API calls quota exceeded! Try again tomorrow."),
        Refusal::ServerError => of(StatusCode::INTERNAL_SERVER_ERROR, "An error has occurred."),
        Refusal::Unavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            of(status, "The service is unavailable.")
        }
    };
    let answer = error.answer();
    if refusal == Refusal::QuotaExhausted {
        return answer.with("x-ratelimit-remaining", "0");
    }
    answer
}
