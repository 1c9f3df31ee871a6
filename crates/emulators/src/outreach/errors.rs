//! Outreach's errors: JSON:API error objects with a stable id.

use axum::http::StatusCode;
use serde_json::json;

use super::MEDIA_TYPE;
use crate::answer::Answer;
use crate::core::Refusal;

/// A refused request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    id: &'static str,
    title: &'static str,
    detail: String,
    pointer: Option<String>,
}

impl Problem {
    fn of(status: StatusCode, id: &'static str, title: &'static str, detail: String) -> Self {
        Self {
            status,
            id,
            title,
            detail,
            pointer: None,
        }
    }

    /// 400: a parameter that does not fit.
    pub(crate) fn bad_request(detail: String) -> Self {
        Self::of(StatusCode::BAD_REQUEST, "badRequest", "Bad Request", detail)
    }

    /// 401: no live token.
    pub(crate) fn unauthenticated() -> Self {
        Self::of(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Unauthorized",
            "The access token is missing, expired or revoked.".to_owned(),
        )
    }

    /// 403: the token was not granted the scope.
    pub(crate) fn scope(wanted: &str) -> Self {
        Self::of(
            StatusCode::FORBIDDEN,
            "unauthorizedOauthScope",
            "Unauthorized OAuth Scope",
            format!("Your authorization does not include the required scope '{wanted}'."),
        )
    }

    /// 403: the user may not.
    fn unauthorized_request() -> Self {
        Self::of(
            StatusCode::FORBIDDEN,
            "unauthorizedRequest",
            "Unauthorized Request",
            "You are not authorized to perform that request.".to_owned(),
        )
    }

    /// 404: no such record.
    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        Self::of(
            StatusCode::NOT_FOUND,
            "resourceNotFound",
            "Resource Not Found",
            format!("Could not find '{kind}' with ID '{id}'."),
        )
    }

    /// 415: another content type than the one demanded.
    pub(crate) fn media_type() -> Self {
        Self::of(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupportedMediaType",
            "Unsupported Media Type",
            format!("Expected Content-Type header to be '{MEDIA_TYPE}'."),
        )
    }

    /// 422: something about one member of the request document.
    pub(crate) fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem = Self::of(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validationError",
            "Validation Error",
            detail.into(),
        );
        problem.pointer = Some(pointer.into());
        problem
    }

    /// 429.
    pub(crate) fn too_many(detail: String) -> Self {
        Self::of(
            StatusCode::TOO_MANY_REQUESTS,
            "rateLimitExceeded",
            "Rate Limit Exceeded",
            detail,
        )
    }

    /// As an answer.
    pub(crate) fn answer(&self) -> Answer {
        let mut error = json!({ "id": self.id, "title": self.title, "detail": self.detail });
        if let Some(pointer) = &self.pointer {
            error["source"] = json!({ "pointer": pointer });
        }
        let body = json!({ "errors": [error] }).to_string();
        Answer::bytes(self.status, MEDIA_TYPE, body.into_bytes())
    }
}

/// Nothing at this path.
pub(crate) fn no_such_path() -> Answer {
    Problem::of(
        StatusCode::NOT_FOUND,
        "resourceNotFound",
        "Resource Not Found",
        "Could not find the requested resource.".to_owned(),
    )
    .answer()
}

/// Another verb than the path has.
pub(crate) fn wrong_verb() -> Answer {
    Problem::of(
        StatusCode::METHOD_NOT_ALLOWED,
        "methodNotAllowed",
        "Method Not Allowed",
        "The resource does not support this method.".to_owned(),
    )
    .answer()
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal, retry_at: &str, limit: u64) -> Answer {
    let over = || {
        Problem::too_many(format!(
            "You have exceeded your permitted rate limit of {limit}; please try again at {retry_at}."
        ))
    };
    match refusal {
        // Asked for at the token endpoint, where the client is what is refused.
        Refusal::WrongCredentials => super::auth::refused(crate::oauth::GrantError::Client),
        Refusal::MissingPermission => Problem::unauthorized_request().answer(),
        Refusal::TooManyRequests => over().answer(),
        Refusal::QuotaExhausted => over().answer().with("x-ratelimit-remaining", "0"),
        Refusal::ServerError => Problem::of(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internalServerError",
            "Internal Server Error",
            "Something went wrong on our end.".to_owned(),
        )
        .answer(),
        Refusal::Unavailable => Problem::of(
            StatusCode::SERVICE_UNAVAILABLE,
            "scheduledServerMaintenance",
            "Scheduled Server Maintenance",
            format!("Scheduled server maintenance is under way; please try again at {retry_at}."),
        )
        .answer(),
    }
}
