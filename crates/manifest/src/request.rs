//! Requests as a manifest describes them.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Template;

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    #[default]
    Get,
    /// Reads by a query in the body, or writes.
    Post,
    /// Writes over what is there.
    Put,
    /// Changes what is there.
    Patch,
    /// Takes away.
    Delete,
}

/// One request. A query parameter, header, form field or member of a JSON body is left out when
/// an input in it has no value.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The method; `GET` unless said otherwise.
    #[serde(default)]
    pub method: Method,
    /// Which of the manifest's hosts it goes to.
    #[serde(default = "api")]
    pub host: String,
    /// The path, with its leading slash. Inputs are percent-encoded as one segment.
    pub path: Template,
    /// Query parameters, encoded when the request is made.
    #[serde(default)]
    pub query: BTreeMap<String, Template>,
    /// Headers besides those of signing in.
    #[serde(default)]
    pub headers: BTreeMap<String, HeaderTemplate>,
    /// A form body.
    #[serde(default)]
    pub form: BTreeMap<String, Template>,
    /// A `multipart/form-data` body (RFC 7578) of texts.
    #[serde(default)]
    pub multipart: BTreeMap<String, Template>,
    /// A JSON body, written as JSON text; substituted after it was parsed. An object with a
    /// member `"$needs": "input"` is left out, wherever it stands, unless that input has a
    /// value.
    #[serde(default)]
    pub json: Option<JsonTemplate>,
    /// Values of its own, as inputs: `type = "AllUsers"`.
    #[serde(default)]
    pub constants: BTreeMap<String, Constant>,
    /// Whether it is sent as the signed-in user.
    #[serde(default = "yes")]
    pub signed: bool,
}

impl RequestTemplate {
    /// Every input that stands in it.
    pub fn inputs(&self) -> BTreeSet<String> {
        let mut texts: Vec<&Template> = vec![&self.path];
        texts.extend(self.query.values());
        texts.extend(self.form.values());
        texts.extend(self.multipart.values());
        texts.extend(self.headers.values().map(HeaderTemplate::template));
        if let Some(json) = &self.json {
            json.templates(&mut texts);
        }
        texts
            .into_iter()
            .flat_map(Template::inputs)
            .map(str::to_owned)
            .collect()
    }
}

fn api() -> String {
    "api".to_owned()
}

const fn yes() -> bool {
    true
}

/// A value that a manifest gives a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Constant {
    /// A truth value.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<&Constant> for Value {
    fn from(constant: &Constant) -> Self {
        match constant {
            Constant::Flag(flag) => Self::from(*flag),
            Constant::Integer(number) => Self::from(*number),
            Constant::Text(text) => Self::from(text.as_str()),
        }
    }
}

/// The value of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderTemplate {
    /// A text with inputs.
    Plain(Template),
    /// A text, and behind it another in base64: HTTP basic authentication and its kin.
    Base64 {
        /// What stands before it, for example `Basic `.
        prefix: String,
        /// What is encoded.
        base64: Template,
    },
}

impl HeaderTemplate {
    /// The template inside.
    pub fn template(&self) -> &Template {
        match self {
            Self::Plain(template)
            | Self::Base64 {
                base64: template, ..
            } => template,
        }
    }
}

impl<'de> Deserialize<'de> for HeaderTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Encoded {
            prefix: String,
            base64: Template,
        }
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "a text with inputs, or { prefix = \"…\", base64 = \"…\" }"
        )]
        enum Either {
            Plain(Template),
            Encoded(Encoded),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Plain(template) => Self::Plain(template),
            Either::Encoded(Encoded { prefix, base64 }) => Self::Base64 { prefix, base64 },
        })
    }
}

/// A JSON body in whose texts inputs stand. A text that is one input and nothing else takes the
/// input's type.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTemplate {
    /// A text.
    Text(Template),
    /// Anything that is no text, list or object.
    Scalar(Value),
    /// A list.
    List(Vec<Self>),
    /// An object, in the order it was written.
    Object {
        /// The input without which it is left out.
        needs: Option<String>,
        /// Its members.
        members: Vec<(String, Self)>,
    },
}

/// The member of an object that says which input it needs.
const NEEDS: &str = "$needs";

impl JsonTemplate {
    /// Reads a body from JSON text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| format!("the body is not JSON: {error}"))?;
        Self::from_value(value)
    }

    fn from_value(value: Value) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(&text)?),
            Value::Array(items) => Self::List(
                items
                    .into_iter()
                    .map(Self::from_value)
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(mut members) => {
                let needs = match members.remove(NEEDS) {
                    Some(Value::String(input)) => Some(input),
                    Some(_) => return Err(format!("`{NEEDS}` names an input, in quotes")),
                    None => None,
                };
                let members = members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::from_value(value)?)))
                    .collect::<Result<_, String>>()?;
                Self::Object { needs, members }
            }
            scalar => Self::Scalar(scalar),
        })
    }

    /// Every text in it.
    pub(crate) fn templates<'a>(&'a self, found: &mut Vec<&'a Template>) {
        match self {
            Self::Text(template) => found.push(template),
            Self::Scalar(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.templates(found)),
            Self::Object { members, .. } => {
                for (_, item) in members {
                    item.templates(found);
                }
            }
        }
    }
}

impl JsonTemplate {
    /// The inputs that its objects need.
    pub(crate) fn needs<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Text(_) | Self::Scalar(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.needs(found)),
            Self::Object { needs, members } => {
                found.extend(needs.as_deref());
                for (_, item) in members {
                    item.needs(found);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for JsonTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
