//! Salesforce's errors: an array of objects from the REST API, one object from the token endpoint.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// An error of the REST API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The fields it is about; given for errors of a record alone.
    pub(crate) fields: Option<Vec<&'static str>>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: None,
        }
    }

    /// Something wrong with a record to be written, status 400.
    pub(crate) fn record(
        code: &'static str,
        message: impl Into<String>,
        fields: Vec<&'static str>,
    ) -> Self {
        Self {
            fields: Some(fields),
            ..Self::bad(code, message)
        }
    }

    /// A bad query or request, status 400.
    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "The requested resource does not exist",
        )
    }

    pub(crate) fn invalid_session() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_SESSION_ID",
            "Session expired or invalid",
        )
    }

    pub(crate) fn method_not_allowed(method: &str, allowed: &str) -> Self {
        let message = format!("HTTP Method '{method}' not allowed. Allowed are {allowed}");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            message,
        )
    }

    /// As one of a list of errors.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "errorCode": self.code });
        if let Some(fields) = &self.fields {
            body["fields"] = json!(fields);
        }
        body
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &json!([self.body()]))
    }
}

/// An error of the token endpoint, always status 400.
pub(crate) fn token_error(error: &str, description: &str) -> Answer {
    let body = json!({ "error": error, "error_description": description });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    let error = match refusal {
        Refusal::WrongCredentials => {
            return token_error("invalid_client", "invalid client credentials");
        }
        Refusal::MissingPermission => ApiError::new(
            StatusCode::FORBIDDEN,
            "INSUFFICIENT_ACCESS",
            "insufficient access rights on object id",
        ),
        // The daily limit is a 403; 429 comes from the platform's edge.
        Refusal::TooManyRequests => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "Too many requests",
        ),
        Refusal::QuotaExhausted => ApiError::new(
            StatusCode::FORBIDDEN,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ),
        Refusal::ServerError => ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred. Please include this ErrorId if you contact support: 1201187498-11 (-1453862716)",
        ),
        Refusal::Unavailable => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "SERVER_UNAVAILABLE",
            "Server is unavailable. Please try again later.",
        ),
    };
    error.answer()
}
