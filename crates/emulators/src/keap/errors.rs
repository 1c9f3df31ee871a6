//! Keap's two kinds of errors: the application's, modelled on `google.rpc.Status`, and those of
//! the Apigee gateway in front of it, which come for everything it refuses by itself.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// What the application refuses, and why.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    /// Number and name of the `google.rpc.Code`.
    code: (u8, &'static str),
    message: String,
    details: Vec<Value>,
}

impl ApiError {
    fn new(status: StatusCode, code: (u8, &'static str), message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// Something about the request is wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, (3, "INVALID_ARGUMENT"), message)
    }

    /// There is no such record.
    pub(crate) fn not_found(resource: &str, id: &str) -> Self {
        let message = format!("{resource} with id {id} was not found");
        let mut error = Self::new(StatusCode::NOT_FOUND, (5, "NOT_FOUND"), message);
        error.details = vec![json!({ "domain": "crm", "resource": resource })];
        error
    }

    /// There is nothing at this path.
    pub(crate) fn no_path() -> Self {
        let message = "The requested resource was not found";
        Self::new(StatusCode::NOT_FOUND, (5, "NOT_FOUND"), message)
    }

    /// The path is there, the method is not.
    pub(crate) fn no_method(method: &str) -> Self {
        let message = format!("Request method '{method}' is not supported");
        let code = (12, "UNIMPLEMENTED");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, code, message)
    }

    /// The body is not JSON by its content type.
    pub(crate) fn media_type() -> Self {
        let message = "Content-Type must be application/json";
        let code = (3, "INVALID_ARGUMENT");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, message)
    }

    pub(crate) fn answer(&self) -> Answer {
        let (code, status) = self.code;
        let body = json!({
            "code": code, "message": self.message, "status": status, "details": self.details,
        });
        Answer::json(self.status, &body)
    }
}

/// The gateway's refusal.
pub(crate) fn fault(status: StatusCode, text: &str, code: &str) -> Answer {
    let body = json!({ "fault": { "faultstring": text, "detail": { "errorcode": code } } });
    Answer::json(status, &body)
}

/// No token reached the gateway, or not as a bearer token.
pub(crate) fn no_token() -> Answer {
    let code = "oauth.v2.InvalidAccessToken";
    fault(StatusCode::UNAUTHORIZED, "Invalid access token", code)
}

/// A token came and is unknown, expired or revoked.
pub(crate) fn bad_token() -> Answer {
    let code = "keymanagement.service.invalid_access_token";
    fault(StatusCode::UNAUTHORIZED, "Invalid Access Token", code)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    let too_many = StatusCode::TOO_MANY_REQUESTS;
    match refusal {
        Refusal::WrongCredentials => bad_token(),
        Refusal::MissingPermission => {
            let message = "You do not have permission to access this resource";
            ApiError::new(StatusCode::FORBIDDEN, (7, "PERMISSION_DENIED"), message).answer()
        }
        Refusal::TooManyRequests => {
            let text =
                "Spike arrest violation. Allowed rate : MessageRate{capacity=25, period=Seconds}";
            fault(too_many, text, "policies.ratelimit.SpikeArrestViolation")
        }
        Refusal::QuotaExhausted => {
            let text = "Rate limit quota violation. Quota limit exceeded. Identifier : _default";
            fault(too_many, text, "policies.ratelimit.QuotaViolation")
        }
        Refusal::ServerError => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ApiError::new(status, (13, "INTERNAL"), "An internal error occurred").answer()
        }
        Refusal::Unavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let text = "The Service is temporarily unavailable";
            fault(
                status,
                text,
                "messaging.adaptors.http.flow.ServiceUnavailable",
            )
        }
    }
}
