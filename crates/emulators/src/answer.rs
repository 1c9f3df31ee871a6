//! Requests as the providers read them and answers as they give them: whole, in memory, so that
//! a fault can still change any byte.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use futures::{StreamExt, stream};
use serde_json::Value;

use crate::faults::Fault;

/// One request to a provider, its body read.
#[derive(Debug)]
pub(crate) struct ApiRequest {
    pub(crate) method: Method,
    /// The path, percent-encoding kept, a trailing slash kept.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The faults that act on this request.
    pub(crate) faults: Vec<Fault>,
}

impl ApiRequest {
    /// The parts of the path between slashes, empty ones left out.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The first query parameter of this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The same request with one query parameter set; no fault acts on it.
    pub(crate) fn with_parameter(&self, name: &str, value: &str) -> Self {
        let others = self.query.iter().filter(|(other, _)| other != name);
        let mut query: Vec<_> = others.cloned().collect();
        query.push((name.to_owned(), value.to_owned()));
        Self {
            method: self.method.clone(),
            path: self.path.clone(),
            query,
            headers: self.headers.clone(),
            body: self.body.clone(),
            faults: Vec::new(),
        }
    }

    /// The header's value, when it is there and text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The fields of a URL-encoded body.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// Whether this fault acts on the request.
    pub(crate) fn suffers(&self, fault: &Fault) -> bool {
        self.faults.contains(fault)
    }
}

/// Decodes `a=1&b=2`.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

/// The first value of that name.
pub(crate) fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// An answer before it leaves.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Boxed, so that an answer is small enough to be an error.
    pub(crate) headers: Box<HeaderMap>,
    pub(crate) body: Vec<u8>,
    /// Send the length of the whole body but only half of it, then close the connection.
    pub(crate) break_off: bool,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Box::default(),
            body: Vec::new(),
            break_off: false,
        }
    }

    /// A JSON answer.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::bytes(
            status,
            "application/json;charset=UTF-8",
            body.to_string().into_bytes(),
        )
    }

    /// An answer of any type.
    pub(crate) fn bytes(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let mut headers = Box::<HeaderMap>::default();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            body,
            break_off: false,
        }
    }

    /// Adds a header; a value that no header may hold is left out.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The answer on its way out.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = if self.break_off {
            let whole = self.body.len();
            let half = self.body[..whole / 2].to_vec();
            let cut = std::io::Error::other("broken off by the emulator");
            // The pause lets the first half leave before the connection is cut.
            let cut = async {
                tokio::task::yield_now().await;
                Err(cut)
            };
            let parts = stream::once(async { Ok(Bytes::from(half)) }).chain(stream::once(cut));
            let mut response = Response::new(Body::from_stream(parts));
            response
                .headers_mut()
                .insert("content-length", HeaderValue::from(whole));
            response
        } else {
            Response::new(Body::from(self.body))
        };
        *response.status_mut() = self.status;
        response.headers_mut().extend(*self.headers);
        response
    }
}
