//! What came back.

use std::fmt;
use std::sync::Arc;

use counterpart_model::{Code, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::{Redactor, peek};

/// A whole answer of any status. Its `Debug` shows status and size, no header and no body.
#[derive(Clone)]
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    redactor: Arc<Redactor>,
    certificate_ends: Option<Timestamp>,
}

/// The body is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the answer is not valid UTF-8 at byte {offset}; correct the damaged record in the system it comes from"
)]
pub struct InvalidText {
    /// Where the first wrong byte stands, counted from 0 in the body.
    pub offset: usize,
}

impl InvalidText {
    /// The stable code of this error.
    pub const fn code(&self) -> Code {
        Code::ConnectionInvalidText
    }
}

/// The body is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJson {
    /// It is not even text.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// It is empty.
    #[error("the answer is empty where JSON was expected; check the address")]
    Empty,
    /// It is text, and not JSON.
    #[error("the answer is not JSON at line {line}, column {column}; check the address")]
    Syntax {
        /// The line of the first error, from 1.
        line: usize,
        /// The column of the first error, from 1, in bytes.
        column: usize,
    },
}

impl InvalidJson {
    /// The stable code of this error.
    pub const fn code(&self) -> Code {
        match self {
            Self::Text(text) => text.code(),
            Self::Empty | Self::Syntax { .. } => Code::ConnectionUnexpectedAnswer,
        }
    }
}

impl Response {
    pub(crate) const fn new(
        status: u16,
        headers: HeaderMap,
        body: Vec<u8>,
        redactor: Arc<Redactor>,
    ) -> Self {
        Self {
            status,
            headers,
            body,
            redactor,
            certificate_ends: None,
        }
    }

    /// The same answer, which came from a server whose certificate ends then.
    pub(crate) const fn secured_until(mut self, ends: Option<Timestamp>) -> Self {
        self.certificate_ends = ends;
        self
    }

    /// An answer as it was recorded, for the tests of whoever reads answers. Headers whose name
    /// or value is not allowed are left out.
    pub fn recorded(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers
            .iter()
            .filter_map(|(name, value)| {
                let name = HeaderName::try_from(*name).ok()?;
                Some((name, HeaderValue::from_str(value).ok()?))
            })
            .collect();
        Self::new(status, headers, body.into(), Arc::new(Redactor::new(&[])))
    }

    /// The status, for example 200.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 200 to 299.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The first header of that name, in any case; `None` also if its value is not ASCII text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers whose values are ASCII text, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// The body, decompressed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text, without a byte-order mark.
    pub fn text(&self) -> Result<&str, InvalidText> {
        let text = str::from_utf8(&self.body).map_err(|error| InvalidText {
            offset: error.valid_up_to(),
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, InvalidJson> {
        let text = self.text()?;
        if text.trim_ascii().is_empty() {
            return Err(InvalidJson::Empty);
        }
        serde_json::from_str(text).map_err(|error| InvalidJson::Syntax {
            line: error.line(),
            column: error.column(),
        })
    }

    /// The text at a JSON Pointer of an answer that is an object, for a first look: what stands
    /// behind it is not read, and may be damaged. `None` if there is none.
    pub fn peek_text(&self, pointer: &str) -> Option<String> {
        peek::text_at(&self.body, pointer)
    }

    /// When the server says it answered: the `Date` header (RFC 9110, section 6.6.1).
    pub fn server_date(&self) -> Option<Timestamp> {
        parse_http_date(self.header("date")?)
    }

    /// When the certificate of the server ends that answered; `None` over plain http.
    pub const fn certificate_ends(&self) -> Option<Timestamp> {
        self.certificate_ends
    }

    /// The beginning of the body, for a message: one line of at most `limit` characters, without
    /// the secrets of the request that this answers.
    pub fn excerpt(&self, limit: usize) -> String {
        let text = String::from_utf8_lossy(&self.body);
        self.redactor.excerpt(&text, limit)
    }

    /// What takes the secrets of the request that this answers out of a text.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// An HTTP date as an instant. `None` if it is none, or lies before 1970.
pub(crate) fn parse_http_date(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    let since_epoch = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    let micros = i64::try_from(since_epoch.as_micros()).ok()?;
    Some(Timestamp::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_any_case_and_the_first_wins() {
        let response = Response::recorded(200, &[("X-Kind", "one"), ("x-kind", "two")], "");
        assert_eq!(response.header("x-KIND"), Some("one"));
        assert_eq!(response.header("absent"), None);
    }

    #[test]
    fn a_wrong_byte_is_reported_with_its_place() {
        let response = Response::recorded(200, &[], b"{\"name\":\"M\xfcller\"}".to_vec());
        assert_eq!(response.text(), Err(InvalidText { offset: 10 }));
        let error = response.json().expect_err("not UTF-8");
        assert_eq!(error.code(), Code::ConnectionInvalidText);
    }

    #[test]
    fn a_web_page_or_nothing_is_an_unexpected_answer() {
        for body in ["<html>sign in</html>", "", " \n"] {
            let error = Response::recorded(200, &[], body)
                .json()
                .expect_err("no JSON");
            assert_eq!(error.code(), Code::ConnectionUnexpectedAnswer);
            assert!(!error.to_string().contains("sign in"), "quotes the body");
        }
    }

    #[test]
    fn a_byte_order_mark_does_not_spoil_json() {
        let response = Response::recorded(200, &[], "\u{feff}{}");
        assert_eq!(response.json(), Ok(serde_json::json!({})));
    }

    #[test]
    fn the_servers_date_is_read() {
        let date = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
        let response = Response::recorded(200, &date, "");
        assert_eq!(
            response.server_date(),
            Some(Timestamp::from_micros(784_111_777_000_000))
        );
    }
}
