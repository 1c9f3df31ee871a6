//! What went wrong, as RFC 9457 problem details: the one form in which the API and the command
//! line's `--json` report failures.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use counterpart_model::Code;
use counterpart_service::{Error, Kind};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem (RFC 9457, section 6.1).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, and what to do about it. Programs go by `code`, people read `detail` and
/// `remedy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:counterpart:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:counterpart:problem:person.not_found")]
    pub kind: String,
    /// What happened, in a few words that are the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, to which thing.
    pub detail: String,
    /// The stable code, which `counterpart explain` and the documentation know.
    #[schema(example = "person.not_found")]
    pub code: String,
    /// What to do about it.
    pub remedy: String,
    /// The id of the request, under which the log holds the details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What is wrong with single fields of what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// In how many seconds it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name, as it was sent.
    pub field: String,
    /// What is wrong and what to send.
    pub message: String,
}

impl Problem {
    /// The problem that `error` is. Its internal cause stays out of it.
    pub fn of(error: &Error) -> Self {
        Self {
            errors: error
                .fields()
                .iter()
                .map(|field| FieldProblem {
                    field: field.field.clone(),
                    message: field.message.clone(),
                })
                .collect(),
            retry_after: error.wait().map(|wait| wait.as_secs()),
            ..Self::new(status_of(error), error.code(), error.detail())
        }
    }

    /// A problem of `code` with the status that the request asks for, for what never reaches the
    /// service.
    pub(crate) fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:counterpart:problem:{code}"),
            title: code.title().to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.as_str().to_owned(),
            remedy: code.remedy().to_owned(),
            instance: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }
}

/// The HTTP status of an error.
fn status_of(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::NotFound => StatusCode::NOT_FOUND,
        // Only a writer who named a version with If-Match learns that it is stale by a 412.
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Throttled => StatusCode::TOO_MANY_REQUESTS,
        Kind::Upstream => StatusCode::BAD_GATEWAY,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        // Rendered as what it waits as, not as a problem, wherever the frame is.
        Kind::Waiting => StatusCode::ACCEPTED,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
