//! Kylas' errors: a code and a message.

use axum::http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::core::Refusal;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// Something about the request is wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "01701001", message)
    }

    /// There is no such record.
    pub(crate) fn not_found(what: &str) -> Self {
        let message = format!("{what} not found");
        Self::new(StatusCode::NOT_FOUND, "01701005", message)
    }

    /// There is nothing at this path, or not by this method.
    pub(crate) fn no_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "01701004", "Resource not found")
    }

    pub(crate) fn answer(&self) -> Answer {
        let body = json!({ "errorCode": self.code, "message": self.message });
        Answer::json(self.status, &body)
    }
}

/// No key, a wrong one, or a token that is none.
pub(crate) fn unauthorized(message: &str) -> Answer {
    ApiError::new(StatusCode::UNAUTHORIZED, "01701002", message).answer()
}

/// The words for a refusal that a switch asks for or the allowance forces. The gateway refuses
/// what is too much without a body.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => unauthorized("Invalid API key"),
        Refusal::MissingPermission => {
            let message = "You do not have permission to perform this action";
            ApiError::new(StatusCode::FORBIDDEN, "01701003", message).answer()
        }
        Refusal::TooManyRequests | Refusal::QuotaExhausted => {
            super::metered(Answer::empty(StatusCode::TOO_MANY_REQUESTS), 0)
        }
        Refusal::ServerError => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::new(status, "01701000", "Something went wrong").answer()
        }
        Refusal::Unavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            ApiError::new(status, "01701000", "Service is unavailable").answer()
        }
    }
}
