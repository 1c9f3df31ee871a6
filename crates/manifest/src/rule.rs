//! What an answer means.

use counterpart_model::Code;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::Pointer;

/// What kind of failure an answer is; decides what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClassName {
    /// The credentials or the session are not accepted: renewed once.
    Auth,
    /// Too fast: waited for and repeated.
    RateLimited,
    /// The allowance is spent: not repeated before it is renewed.
    QuotaExhausted,
    /// Will pass: repeated.
    Transient,
    /// Will not pass by itself.
    Permanent,
    /// What was asked for is not there.
    NotFound,
    /// Clashes with something.
    Conflict,
    /// A permission is missing.
    Forbidden,
    /// The provider cannot do that.
    Unsupported,
    /// Not an answer of this API.
    Malformed,
}

/// One rule; the first that fits an answer decides. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// One of these statuses; empty: any, also those of success.
    #[serde(default)]
    pub status: Vec<u16>,
    /// This header is there.
    #[serde(default)]
    pub header: Option<String>,
    /// The content type holds this text, without regard to case.
    #[serde(default)]
    pub content_type: Option<String>,
    /// Something stands at this place of a JSON body.
    #[serde(default)]
    pub pointer: Option<Pointer>,
    /// What stands at `pointer` is one of these.
    #[serde(default)]
    pub equals: Vec<Value>,
    /// What stands at `pointer`, or without one the body, holds one of these texts, without
    /// regard to case.
    #[serde(default)]
    pub contains: Vec<String>,
    /// What the answer then is.
    pub class: ErrorClassName,
    /// The code to report, where the class alone does not say it well.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub code: Option<Code>,
    /// Where the body names the missing permission.
    #[serde(default)]
    pub permission: Option<Pointer>,
}

/// A condition on a JSON document. Without `equals` and `contains` it holds when anything but
/// `null`, `false` and empty text stands there.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Where to look.
    pub pointer: Pointer,
    /// It is one of these.
    #[serde(default)]
    pub equals: Vec<Value>,
    /// Its text holds one of these, without regard to case.
    #[serde(default)]
    pub contains: Vec<String>,
}

impl Condition {
    /// Whether it holds for `document`.
    pub fn holds(&self, document: &Value) -> bool {
        self.pointer
            .find(document)
            .is_some_and(|value| matches(value, &self.equals, &self.contains))
    }
}

/// Whether `value` is one of `equals` or holds one of `contains`; with neither, whether it is
/// anything but `false` and empty text.
pub(crate) fn matches(value: &Value, equals: &[Value], contains: &[String]) -> bool {
    if equals.is_empty() && contains.is_empty() {
        return !matches!(value, Value::Bool(false) | Value::Null)
            && value.as_str().is_none_or(|text| !text.is_empty());
    }
    equals.contains(value)
        || crate::pointer::scalar_text(value).is_some_and(|text| holds_one(&text, contains))
}

/// Whether `text` holds one of `needles`, without regard to ASCII case.
pub(crate) fn holds_one(text: &str, needles: &[String]) -> bool {
    let text = text.to_ascii_lowercase();
    needles
        .iter()
        .any(|needle| text.contains(&needle.to_ascii_lowercase()))
}

impl ErrorRule {
    /// Whether the rule fits an answer. `header` looks a header up, `json` is the body if it is
    /// JSON.
    pub fn fits<'a>(
        &self,
        status: u16,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &str,
        json: Option<&Value>,
    ) -> bool {
        let status_fits = self.status.is_empty() || self.status.contains(&status);
        let header_fits = self
            .header
            .as_deref()
            .is_none_or(|name| header(name).is_some());
        let type_fits = self.content_type.as_deref().is_none_or(|wanted| {
            header("content-type").is_some_and(|given| {
                given
                    .to_ascii_lowercase()
                    .contains(&wanted.to_ascii_lowercase())
            })
        });
        status_fits && header_fits && type_fits && self.body_fits(body, json)
    }

    fn body_fits(&self, body: &str, json: Option<&Value>) -> bool {
        match &self.pointer {
            Some(pointer) => json
                .and_then(|json| pointer.find(json))
                .is_some_and(|value| matches(value, &self.equals, &self.contains)),
            None => self.contains.is_empty() || holds_one(body, &self.contains),
        }
    }
}
