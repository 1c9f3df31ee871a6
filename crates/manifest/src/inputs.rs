//! What may stand between braces, and how it is made safe for where it stands.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the value of an input is made safe inside a longer text of another language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Escape {
    /// Not at all: for values that hold nothing to escape, such as formatted times and numbers.
    None,
    /// Inside a quoted text of SOQL: backslash, quotes and control characters.
    Soql,
    /// Inside the braces of a SOSL search: its reserved characters.
    Sosl,
    /// Inside a quoted text of OData: the quote is doubled.
    Odata,
    /// Inside a quoted text of JSON.
    Json,
    /// Percent-encoded, everything but unreserved characters.
    Url,
    /// Inside a quoted text of a language without an escape for quotes: quotes of every kind,
    /// backslashes and control characters are left out.
    Unquoted,
}

impl Escape {
    /// `text`, escaped.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Soql => backslash(text, |c| matches!(c, '\\' | '\'' | '"')),
            Self::Sosl => backslash(text, |c| r#"?&|!{}[]()^~*:\"'+-"#.contains(c)),
            Self::Odata => text.replace('\'', "''"),
            Self::Json => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Url => percent_encode(text),
            Self::Unquoted => {
                let kept = |c: &char| !c.is_control() && !r#"'"`\"#.contains(*c);
                text.chars().filter(kept).collect()
            }
        }
    }
}

fn backslash(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if c.is_control() => {}
            c => {
                if special(c) {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
    }
    escaped
}

/// `text` with everything but RFC 3986's unreserved characters percent-encoded.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for nibble in [byte >> 4, byte & 0x0f] {
                let digit = char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_cannot_end_the_text_it_stands_in() {
        assert_eq!(Escape::Soql.apply("O'Hara\\"), "O\\'Hara\\\\");
        assert_eq!(Escape::Odata.apply("O'Hara"), "O''Hara");
        assert_eq!(Escape::Json.apply("a\"b\n"), "a\\\"b\\n");
        assert_eq!(Escape::Sosl.apply("+1 (415)"), "\\+1 \\(415\\)");
        assert_eq!(Escape::Url.apply("a b/ü"), "a%20b%2F%C3%BC");
        assert_eq!(Escape::Unquoted.apply("O'Hara \"x\\"), "OHara x");
    }
}
