//! Zoho's errors: an envelope from the CRM, a bare `error` with status 200 from the accounts host.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// An error of the CRM.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    pub(crate) details: Value,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            details: json!({}),
        }
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "INVALID_TOKEN",
            "invalid oauth token",
        )
    }

    pub(crate) fn scope_mismatch() -> Self {
        let message = "invalid oauth scope to access this URL";
        Self::new(StatusCode::UNAUTHORIZED, "OAUTH_SCOPE_MISMATCH", message)
    }

    pub(crate) fn url_pattern() -> Self {
        let message = "Please check if the URL trying to access is a correct one";
        Self::new(StatusCode::NOT_FOUND, "INVALID_URL_PATTERN", message)
    }

    /// A method that the path does not have.
    pub(crate) fn method() -> Self {
        let message = "The http request method type is not a valid one";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST_METHOD", message)
    }

    pub(crate) fn invalid_module() -> Self {
        Self {
            details: json!({ "resource_path_index": 0 }),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "INVALID_MODULE",
                "the module name given seems to be invalid",
            )
        }
    }

    /// A body that is no JSON or not of the form.
    pub(crate) fn unreadable() -> Self {
        let message = "unable to process your request. please verify whether you have entered \
                       proper method name, parameter and parameter values.";
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    /// A mandatory parameter that is not there.
    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self {
            details: json!({ "param": name }),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "REQUIRED_PARAM_MISSING",
                "One of the expected parameter is missing",
            )
        }
    }

    /// More of something than there may be.
    pub(crate) fn limit_exceeded(name: &str, limit: usize) -> Self {
        Self {
            details: json!({ "limit": limit, "param_name": name }),
            ..Self::new(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", "limit exceeded")
        }
    }

    pub(crate) fn no_permission(permission: &str) -> Self {
        Self {
            details: json!({ "permissions": [permission] }),
            ..Self::new(StatusCode::FORBIDDEN, "NO_PERMISSION", "permission denied")
        }
    }

    /// A parameter or header that is not what it should be.
    pub(crate) fn invalid_data(name: &str, expected: &str) -> Self {
        Self {
            details: json!({ "param_name": name, "expected_data_type": expected }),
            ..Self::new(StatusCode::BAD_REQUEST, "INVALID_DATA", "invalid data")
        }
    }

    /// The error as an object: the whole body, or one record's part of it.
    pub(crate) fn body(&self) -> Value {
        json!({
            "code": self.code, "details": self.details, "message": self.message, "status": "error",
        })
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &self.body())
    }
}

/// An error of the accounts host: the status says 200 all the same.
pub(crate) fn token_error(error: &str) -> Answer {
    Answer::json(StatusCode::OK, &json!({ "error": error }))
}

/// The accounts host's brake, with status 400.
pub(crate) fn too_many_tokens() -> Answer {
    let body = json!({
        "error_description": "You have made too many requests continuously. Please try again after some time.",
        "error": "Access Denied",
        "status": "failure",
    });
    Answer::json(StatusCode::BAD_REQUEST, &body)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => token_error("invalid_client"),
        Refusal::MissingPermission => ApiError::no_permission("Crm_Implied_Api_Access").answer(),
        Refusal::TooManyRequests | Refusal::QuotaExhausted => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "You have made too many requests. Please try again after some time",
        )
        .answer(),
        Refusal::ServerError => ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_ERROR",
            "Internal Server Error",
        )
        .answer(),
        Refusal::Unavailable => {
            let page =
                b"<html><head><title>Zoho</title></head><body>Service Unavailable</body></html>";
            Answer::bytes(
                StatusCode::SERVICE_UNAVAILABLE,
                "text/html;charset=UTF-8",
                page.to_vec(),
            )
        }
    }
}
