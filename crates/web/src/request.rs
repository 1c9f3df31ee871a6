//! Reading requests: what cannot be read ends in a problem page like everything else.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::Form;
use counterpart_model::Code;
use counterpart_service::Error;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::problem::Problem;

/// The variable parts of the address. One that cannot be read leads nowhere.
pub(crate) struct At<T>(pub(crate) T);

impl<T, S> FromRequestParts<S> for At<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(path)) => Ok(Self(path)),
            Err(_) => Err(no_page(parts.uri.path()).into()),
        }
    }
}

/// The error that an address leads nowhere.
pub(crate) fn no_page(path: &str) -> Error {
    Error::new(Code::RequestNotFound, format!("there is no page {path}"))
}

/// What the address asks, behind its question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T, S> FromRequestParts<S> for Asked<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(Error::new(Code::RequestInvalid, rejection.to_string()).into()),
        }
    }
}

/// A form that was sent.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T, S> FromRequest<S> for Sent<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Form::<T>::from_request(request, state).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(Error::new(Code::RequestInvalid, rejection.to_string()).into()),
        }
    }
}

/// Whether a script asks for a piece of a page instead of a page.
pub(crate) fn wants_fragment(headers: &HeaderMap) -> bool {
    headers
        .get("hx-request")
        .is_some_and(|value| value == "true")
}

/// An address with what it asks, escaped. Empty values are left out.
pub(crate) fn address(path: &str, asked: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in asked.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped_and_leave_out_what_is_empty() {
        assert_eq!(
            address("/o", &[("q", "a&b ñ"), ("show", "")]),
            "/o?q=a%26b+%C3%B1"
        );
        assert_eq!(address("/o", &[]), "/o");
    }
}
