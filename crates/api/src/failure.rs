//! What a handler fails with: a problem for whoever asked, and a cause for the log.
//!
//! A failure leaves the handler without a body. The frame around every request (`frame`) gives
//! it the request's id, writes the cause to the log and renders the problem.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use counterpart_model::Code;
use counterpart_service::Error;

use crate::pending_change_sets::WaitingChangeSet;
use crate::problem::Problem;

/// The result of every handler.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A problem, and what only the log may see of it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) problem: Box<Problem>,
    pub(crate) cause: Option<Arc<str>>,
    /// The change that was wanted and waits for a second person: then nothing failed.
    pub(crate) waiting: Option<Box<WaitingChangeSet>>,
    /// The `WWW-Authenticate` challenge of a 401.
    challenge: Option<&'static str>,
}

/// The challenge for a request without a token (RFC 6750, section 3).
const ASK: &str = "Bearer realm=\"counterpart\"";
/// The challenge for a request with a token that is not valid (RFC 6750, section 3.1).
const ASK_AGAIN: &str = "Bearer realm=\"counterpart\", error=\"invalid_token\"";

impl Failure {
    /// A failure that never reached the service.
    pub(crate) fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Self {
        Self {
            problem: Box::new(Problem::new(status, code, detail)),
            cause: None,
            waiting: None,
            challenge: None,
        }
    }

    /// The request as a whole is not understood.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::RequestInvalid, detail)
    }

    /// One field of what was sent is wrong.
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Error::field(Code::RequestInvalid, field, message).into()
    }

    /// There is no token, or not one that can be read.
    pub(crate) fn unauthenticated(detail: impl Into<String>) -> Self {
        Self {
            challenge: Some(ASK),
            ..Self::new(StatusCode::UNAUTHORIZED, Code::AuthRequired, detail)
        }
    }

    /// The version that the request named in `If-Match` stands there no longer.
    pub(crate) fn stale(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, Code::MappingStale, detail)
    }

    /// The same failure about an internal fault.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Error::internal(cause.into()).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let problem = Problem::of(&error);
        Self {
            challenge: (problem.status == StatusCode::UNAUTHORIZED.as_u16()).then_some(ASK_AGAIN),
            problem: Box::new(problem),
            cause: error.cause().map(chain),
            waiting: error
                .waiting()
                .map(|pending| Box::new(WaitingChangeSet::new(pending, error.detail()))),
        }
    }
}

/// An error with everything behind it.
fn chain(error: &(dyn std::error::Error + Send + Sync)) -> Arc<str> {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text.into()
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        response.extensions_mut().insert(self);
        response
    }
}
