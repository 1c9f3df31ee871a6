//! Versions of things: `ETag` out, `If-Match` in (RFC 9110, sections 8.8.3 and 13.1.1).

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use counterpart_model::Code;
use counterpart_service::Error;
use serde::Serialize;
use utoipa::IntoParams;

use crate::failure::{Failure, Result};

/// The header that makes a change conditional.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header that `IfMatch` reads")]
pub(crate) struct IfMatchParam {
    /// The `ETag` of the version the change was made from. When another stands there by now, the
    /// answer is 412 and nothing is changed. Left out: whatever stands there is changed.
    #[param(rename = "If-Match", example = "\"3\"")]
    if_match: Option<String>,
}

/// The versions that the request accepts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// Any: the request says nothing, or `*`.
    Any,
    /// One of these.
    OneOf(Vec<u64>),
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut versions = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            let text = value.to_str().map_err(|_| malformed("…"))?;
            if text.trim() == "*" {
                return Ok(Self::Any);
            }
            for tag in text.split(',').map(str::trim) {
                versions.extend(read_tag(tag)?);
            }
        }
        Ok(if parts.headers.contains_key(header::IF_MATCH) {
            Self::OneOf(versions)
        } else {
            Self::Any
        })
    }
}

/// The version of an entity tag; `None` for one that is none of ours, which matches nothing.
fn read_tag(tag: &str) -> Result<Option<u64>> {
    let strong = tag.strip_prefix("W/").unwrap_or(tag);
    let inner = strong
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'))
        .ok_or_else(|| malformed(tag))?;
    // A weak tag never matches here (RFC 9110, section 13.1.1).
    Ok(inner.parse().ok().filter(|_| strong == tag))
}

fn malformed(tag: &str) -> Failure {
    Failure::malformed(format!(
        "If-Match: `{tag}` is no entity tag; send the ETag as it came, quotes included"
    ))
}

impl IfMatch {
    /// Fails unless `current` is accepted.
    pub(crate) fn require(&self, current: u64) -> Result<()> {
        match self {
            Self::OneOf(accepted) if !accepted.contains(&current) => Err(Failure::stale(format!(
                "it was changed meanwhile; its ETag is \"{current}\" now"
            ))),
            _ => Ok(()),
        }
    }

    /// What `error` means to a request with this header: a version overtaken between looking and
    /// writing is a failed precondition for whoever named it.
    pub(crate) fn failed(&self, error: Error) -> Failure {
        match self {
            Self::OneOf(_) if matches!(error.code(), Code::MappingStale | Code::WebhookStale) => {
                Failure::stale(error.detail())
            }
            _ => error.into(),
        }
    }
}

/// Something with its version as `ETag`.
pub(crate) struct Versioned<T> {
    /// The thing.
    pub(crate) body: T,
    /// Its version.
    pub(crate) version: u64,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.version)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Something new, with its address.
pub(crate) struct Created<T> {
    /// Where it is from now on.
    pub(crate) location: String,
    /// The thing, as an answer of its own.
    pub(crate) body: T,
}

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        located(StatusCode::CREATED, &self.location, self.body)
    }
}

/// An answer that names an address.
pub(crate) fn located(status: StatusCode, location: &str, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_or_foreign_tag_matches_nothing() {
        assert_eq!(read_tag("W/\"3\"").unwrap(), None);
        assert_eq!(read_tag("\"abc\"").unwrap(), None);
        assert_eq!(read_tag("\"3\"").unwrap(), Some(3));
        assert!(read_tag("3").is_err());
    }

    #[test]
    fn a_version_that_is_not_accepted_fails_the_precondition() {
        assert!(IfMatch::Any.require(4).is_ok());
        assert!(IfMatch::OneOf(vec![3, 4]).require(4).is_ok());
        let failure = IfMatch::OneOf(vec![3]).require(4).unwrap_err();
        assert_eq!(failure.problem.status, 412);
    }
}
