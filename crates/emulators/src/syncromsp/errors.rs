//! Syncro's errors, of which there are several shapes. A missing right is 401, as a wrong token.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// What a token without the right is told.
const NOT_AUTHORIZED: &str =
    "Not authorized. Please ask account admin to update your group permissions.";

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Value,
}

impl ApiError {
    /// A single text.
    pub(crate) fn text(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            body: json!({ "error": message }),
        }
    }

    /// There is no such record, or nothing at this path.
    pub(crate) fn not_found() -> Self {
        Self::text(StatusCode::NOT_FOUND, "Not found")
    }

    /// A field without which nothing is tried.
    pub(crate) fn required(field: &str) -> Self {
        let message = format!("{field} required field");
        Self::text(StatusCode::UNPROCESSABLE_ENTITY, &message)
    }

    /// What the record's checks found, a list of sentences.
    pub(crate) fn unsaved(messages: &[String]) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body: json!({ "success": false, "message": messages }),
        }
    }

    /// What the checks found, with the parameters as they were understood.
    pub(crate) fn params(message: &str, params: &Value) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body: json!({
                "success": false, "error": "Unprocessable", "message": message, "params": params,
            }),
        }
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &self.body)
    }
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    let (status, message) = match refusal {
        Refusal::WrongCredentials => (StatusCode::UNAUTHORIZED, "Not authorized"),
        Refusal::MissingPermission => (StatusCode::UNAUTHORIZED, NOT_AUTHORIZED),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => {
            (StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded")
        }
        Refusal::ServerError => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        Refusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
    };
    ApiError::text(status, message).answer()
}
