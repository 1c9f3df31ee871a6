//! What an answer means: the hook, the manifest's rules, and the rules that hold for every
//! provider, in this order.

use std::borrow::Cow;

use counterpart_manifest::{ErrorClassName, ErrorRule, Manifest};
use counterpart_model::{Clock, Code, Timestamp};
use counterpart_outbound::{InvalidJson, Response, retry_after};
use serde_json::Value;

use crate::{ConnectorError, ErrorClass, Hooks};

/// How much of a provider's words is kept in a message, in characters.
const EXCERPT: usize = 300;

/// An answer that is no failure.
#[derive(Debug)]
pub(super) struct Answer {
    /// The body; `None` for a status that means "nothing there".
    pub(super) json: Option<Value>,
    /// When the server says it answered.
    pub(super) server_time: Option<Timestamp>,
    /// When the server's certificate ends; `None` over plain http.
    pub(super) certificate_ends: Option<Timestamp>,
    /// The headers, names in lower case.
    headers: Vec<(String, String)>,
}

impl Answer {
    fn of(response: &Response, json: Option<Value>) -> Self {
        let headers = response.headers();
        Self {
            json,
            server_time: response.server_date(),
            certificate_ends: response.certificate_ends(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    /// An answer as it may come, for tests of what reads answers.
    #[cfg(test)]
    pub(super) fn recorded(json: Value, headers: &[(&str, &str)]) -> Self {
        let response = Response::recorded(200, headers, Vec::new());
        Self::of(&response, Some(json))
    }

    /// The first header of that name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// What a response means. `may_be_empty` says that no body is an answer as well.
pub(super) fn answer(
    manifest: &Manifest,
    hooks: &Hooks,
    clock: &dyn Clock,
    what: &str,
    may_be_empty: bool,
    response: &Response,
) -> Result<Answer, ConnectorError> {
    let status = response.status();
    let decoded = match hooks.decode_page.filter(|_| response.is_success()) {
        Some(decode) => decode(response).map_err(|reason| match response.json() {
            // Damaged text is told as such, whatever was to be made of it.
            Err(problem) if problem.code() == Code::ConnectionInvalidText => {
                Decoding::Json(problem)
            }
            _ => Decoding::Hook(reason),
        }),
        None => response.json().map_err(Decoding::Json),
    };
    // Valid text needs no second, slower look.
    let body = str::from_utf8(response.body())
        .map_or_else(|_| String::from_utf8_lossy(response.body()), Cow::Borrowed);
    let failure = Failure {
        clock,
        what,
        response,
    };
    if let Some(class) = hooks.classify_error.and_then(|hook| hook(response)) {
        return Err(failure.error(class, None, None));
    }
    let rule = manifest.errors.iter().find(|rule| {
        let header = |name: &str| response.header(name);
        rule.fits(status, header, &body, decoded.as_ref().ok())
    });
    if let Some(rule) = rule {
        return Err(failure.of_rule(rule, decoded.as_ref().ok()));
    }
    if manifest.empty.contains(&status) {
        return Ok(Answer::of(response, None));
    }
    if let Some(class) = class_of_status(status) {
        return Err(failure.error(class, None, None));
    }
    match decoded {
        Ok(json) => Ok(Answer::of(response, Some(json))),
        Err(_) if may_be_empty && response.body().is_empty() => Ok(Answer::of(response, None)),
        Err(problem) => Err(failure.undecodable(&problem)),
    }
}

enum Decoding {
    Json(InvalidJson),
    Hook(String),
}

/// The class of a status that is no success, where no rule says otherwise.
fn class_of_status(status: u16) -> Option<ErrorClass> {
    Some(match status {
        200..=299 => return None,
        401 => ErrorClass::Auth,
        402 | 403 => ErrorClass::Forbidden { permission: None },
        404 | 410 => ErrorClass::NotFound,
        405 | 501 => ErrorClass::Unsupported,
        408 | 425 | 500..=599 => ErrorClass::Transient,
        409 | 412 | 423 => ErrorClass::Conflict,
        429 => ErrorClass::RateLimited { retry_after: None },
        100..=199 | 300..=399 => ErrorClass::Malformed,
        _ => ErrorClass::Permanent,
    })
}

/// The class that a manifest names.
fn class_of_name(name: ErrorClassName, permission: Option<String>) -> ErrorClass {
    match name {
        ErrorClassName::Auth => ErrorClass::Auth,
        ErrorClassName::RateLimited => ErrorClass::RateLimited { retry_after: None },
        ErrorClassName::QuotaExhausted => ErrorClass::QuotaExhausted,
        ErrorClassName::Transient => ErrorClass::Transient,
        ErrorClassName::Permanent => ErrorClass::Permanent,
        ErrorClassName::NotFound => ErrorClass::NotFound,
        ErrorClassName::Conflict => ErrorClass::Conflict,
        ErrorClassName::Forbidden => ErrorClass::Forbidden { permission },
        ErrorClassName::Unsupported => ErrorClass::Unsupported,
        ErrorClassName::Malformed => ErrorClass::Malformed,
    }
}

/// Makes errors of one response.
struct Failure<'a> {
    clock: &'a dyn Clock,
    what: &'a str,
    response: &'a Response,
}

impl Failure<'_> {
    fn of_rule(&self, rule: &ErrorRule, json: Option<&Value>) -> ConnectorError {
        let permission = rule
            .permission
            .as_ref()
            .zip(json)
            .and_then(|(pointer, json)| {
                let value = pointer.find(json)?;
                let names = match value {
                    Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                    other => vec![other.as_str()?],
                };
                Some(self.response.redactor().excerpt(&names.join(", "), EXCERPT))
            });
        let words = rule.message.as_ref().zip(json);
        let words = words.and_then(|(pointer, json)| pointer.text(json));
        let words = words.map(|words| self.response.redactor().excerpt(&words, EXCERPT));
        self.error(class_of_name(rule.class, permission), rule.code, words)
    }

    /// `words` is what the answer says of it; the beginning of its body where that is not known.
    fn error(
        &self,
        class: ErrorClass,
        code: Option<Code>,
        words: Option<String>,
    ) -> ConnectorError {
        let class = match class {
            ErrorClass::RateLimited { .. } => ErrorClass::RateLimited {
                retry_after: retry_after(self.response, self.clock.now()),
            },
            other => other,
        };
        let code = code.unwrap_or(class.code());
        let mut message = format!("{}: status {}", self.what, self.response.status());
        if let ErrorClass::Forbidden {
            permission: Some(permission),
        } = &class
        {
            message.push_str(", the permission ");
            message.push_str(permission);
            message.push_str(" is missing");
        }
        if self.is_web_page() {
            message.push_str(", a web page");
        } else {
            let words = words.unwrap_or_else(|| self.response.excerpt(EXCERPT));
            if !words.is_empty() {
                message.push_str(", ");
                message.push_str(&words);
            }
        }
        ConnectorError::with_code(class, code, message)
    }

    fn undecodable(&self, problem: &Decoding) -> ConnectorError {
        let (code, reason) = match problem {
            Decoding::Json(json) => (json.code(), json.to_string()),
            Decoding::Hook(reason) => (Code::ConnectionUnexpectedAnswer, reason.clone()),
        };
        let page = if self.is_web_page() {
            "; it is a web page"
        } else {
            ""
        };
        let message = format!(
            "{}: status {}, {reason}{page}",
            self.what,
            self.response.status()
        );
        ConnectorError::with_code(ErrorClass::Malformed, code, message)
    }

    fn is_web_page(&self) -> bool {
        let declared = self
            .response
            .header("content-type")
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        let body = self.response.body().trim_ascii_start();
        declared || body.first() == Some(&b'<')
    }
}
