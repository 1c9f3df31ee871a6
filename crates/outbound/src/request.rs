//! What is to be sent.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, Method};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::Redactor;
use crate::error::OutboundError;

/// An HTTP request, with the list of the secrets inside it. Its `Debug` shows method, host and
/// path without them, and neither query nor body.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: Vec<(String, SecretString)>,
    body: Option<Zeroizing<Vec<u8>>>,
    secrets: Vec<SecretString>,
}

impl Request {
    /// A request of any method.
    pub const fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: None,
            secrets: Vec::new(),
        }
    }

    /// A GET request.
    pub const fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST request.
    pub const fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// A PUT request.
    pub const fn put(url: Url) -> Self {
        Self::new(Method::PUT, url)
    }

    /// A PATCH request.
    pub const fn patch(url: Url) -> Self {
        Self::new(Method::PATCH, url)
    }

    /// A DELETE request.
    pub const fn delete(url: Url) -> Self {
        Self::new(Method::DELETE, url)
    }

    /// Sets a header that is no secret, in place of an earlier one of that name. A name or value
    /// that is not allowed in a header is reported when the request is sent.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.set_header(name, value.into());
        self
    }

    /// Sets a header whose whole value is secret. Where only a part is (`Scheme TOKEN`), name
    /// that part with [`Request::redact`] as well, so that it is found on its own.
    #[must_use]
    pub fn secret_header(mut self, name: &str, value: SecretString) -> Self {
        self.secrets.push(value.clone());
        self.set_header(name, value);
        self
    }

    /// Sets `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        let value = format!("Bearer {}", token.expose_secret());
        self.redact([token.clone()])
            .secret_header("authorization", value.into())
    }

    /// Sets `Authorization: Basic …` of a user name and a password (RFC 7617, as UTF-8).
    #[must_use]
    pub fn basic(self, user: &str, password: &SecretString) -> Self {
        let pair = Zeroizing::new(format!("{user}:{}", password.expose_secret()));
        let encoded = STANDARD.encode(pair.as_bytes());
        let value = format!("Basic {encoded}");
        self.redact([password.clone(), encoded.into()])
            .secret_header("authorization", value.into())
    }

    /// Adds a parameter to the address's query. If its value is secret, name it with
    /// [`Request::redact`].
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Sets a JSON body and its content type. Secrets inside are named with [`Request::redact`].
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// Sets a form as body, and its content type. Secrets inside are named with
    /// [`Request::redact`].
    #[must_use]
    pub fn form(self, fields: &[(String, String)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body("application/x-www-form-urlencoded", body.into_bytes())
    }

    /// Sets texts as a `multipart/form-data` body (RFC 7578). Secrets inside are named with
    /// [`Request::redact`].
    #[must_use]
    pub fn multipart(self, fields: &[(String, String)]) -> Self {
        // A boundary must not stand in any of the texts.
        let mut boundary = String::from("counterpart-form");
        while fields.iter().any(|(_, value)| value.contains(&boundary)) {
            boundary.push('-');
        }
        let parts = fields.iter().map(|(name, value)| {
            let name = name.replace('"', "%22");
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
        });
        let end = format!("--{boundary}--\r\n");
        let body: String = parts.chain([end]).collect();
        let content_type = format!("multipart/form-data; boundary={boundary}");
        self.body(&content_type, body.into_bytes())
    }

    /// Sets a body of any content type. Secrets inside are named with [`Request::redact`].
    #[must_use]
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(Zeroizing::new(body));
        self.header("content-type", content_type)
    }

    /// Names secrets that address, headers or body hold, so that they are taken out of whatever
    /// is said about this request and its answer.
    #[must_use]
    pub fn redact(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        self.secrets.extend(secrets);
        self
    }

    /// The method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The address, with its query. It may hold secrets: not for logs, which take
    /// [`Request::target`].
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The host, with the port if the address names one. For messages.
    pub fn host(&self) -> String {
        host_of(&self.url)
    }

    /// Method, host and path with the secrets taken out, without the query. For messages.
    pub fn target(&self) -> String {
        let path = self.redactor().redact(self.url.path());
        let scheme = self.url.scheme();
        format!("{} {scheme}://{}{path}", self.method, self.host())
    }

    /// What takes this request's secrets out of a text.
    pub fn redactor(&self) -> Redactor {
        Redactor::new(&self.secrets)
    }

    fn set_header(&mut self, name: &str, value: SecretString) {
        self.headers
            .retain(|(set, _)| !set.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value));
    }

    /// The request in the HTTP library's type. Header values are marked as sensitive, all of
    /// them: which systems take for a secret what is not named as one is not known here.
    pub(crate) fn into_http(self) -> Result<reqwest::Request, OutboundError> {
        let host = self.host();
        let invalid = |reason: String| OutboundError::InvalidRequest {
            host: host.clone(),
            reason,
        };
        let mut request = reqwest::Request::new(self.method, self.url);
        for (name, value) in &self.headers {
            let parsed = HeaderName::try_from(name.as_str()).map_err(|_| {
                invalid(format!("`{}` is no name of a header", name.escape_debug()))
            })?;
            let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
                invalid(format!(
                    "the value of the header `{name}` holds a line break or another control \
                     character; paste the credential again, as one line"
                ))
            })?;
            value.set_sensitive(true);
            request.headers_mut().insert(parsed, value);
        }
        if let Some(body) = self.body {
            *request.body_mut() = Some(body.to_vec().into());
        }
        Ok(request)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", self.target())
    }
}

/// The host of an address, with the port if it names one.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
