//! JSON Pointers (RFC 6901): how a manifest says where in an answer something stands.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A JSON Pointer: empty for the whole document, otherwise `/member/0/member`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer `text`, if it is one.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('/') {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is no JSON Pointer; write it like `/records/0/Id`, or leave it empty for the whole answer"
            ))
        }
    }

    /// The pointer as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands there in `document`; `None` if nothing does or it is `null`.
    pub fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        let found = if self.0.contains('~') {
            document.pointer(&self.0)
        } else {
            walk(document, &self.0)
        };
        found.filter(|value| !value.is_null())
    }

    /// The text of a scalar that stands there: text as it is, without surrounding white space;
    /// integers and truth values as they are written. `None` for anything else, and for text
    /// that is empty.
    pub fn text(&self, document: &Value) -> Option<String> {
        self.find(document).and_then(scalar_text)
    }
}

/// What [`Value::pointer`] finds, for a pointer without escapes: without a copy of every name on
/// the way, since rows are looked at by the million.
fn walk<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut names = pointer.split('/').skip(1);
    names.try_fold(document, |value, name| match value {
        Value::Object(members) => members.get(name),
        Value::Array(items) => {
            let is_plain = name == "0" || !name.starts_with(['0', '+']);
            items.get(name.parse::<usize>().ok().filter(|_| is_plain)?)
        }
        _ => None,
    })
}

/// The text of a scalar, see [`Pointer::text`].
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pointer;

    #[test]
    fn every_pointer_finds_what_the_standard_says() {
        let document = json!({"a": [{"b": 1}, [2]], "": {"": 3}, "0": 4, "x/y": 5, "t~": null});
        for text in [
            "", "/", "//", "/a", "/a/", "/a/0", "/a/0/b", "/a/1/0", "/a/01", "/a/+1", "/a/00",
            "/a/2", "/a/-", "/0", "/x~1y", "/t~0", "/a/0/b/c", "/none",
        ] {
            let found = Pointer::parse(text).expect("a pointer");
            let expected = document.pointer(text).filter(|value| !value.is_null());
            assert_eq!(found.find(&document), expected, "{text}");
        }
    }
}
