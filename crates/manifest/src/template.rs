//! Texts with inputs: `{name}` stands for the value of an input, `{{` and `}}` for the braces.

use serde::{Deserialize, Deserializer};

/// One piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that stands as it is.
    Text(String),
    /// The value of the input of this name.
    Input(String),
}

/// A text in which inputs stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Reads a text. Fails on a brace without its counterpart and on a name that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let after = &rest[at + 1..];
            if let Some(escaped) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = escaped;
                continue;
            }
            if brace == "}" {
                return Err(format!(
                    "`{text}` has a `}}` without `{{`; write `}}}}` for the brace itself"
                ));
            }
            let (name, behind) = after.split_once('}').ok_or_else(|| {
                format!("`{text}` has a `{{` without `}}`; write `{{{{` for the brace itself")
            })?;
            if !is_name(name) {
                return Err(format!(
                    "`{{{name}}}` is not an input; names are lower-case letters, digits and `_`"
                ));
            }
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Input(name.to_owned()));
            rest = behind;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// Its pieces, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The one input, when the template is nothing else: such a value keeps its type.
    pub fn whole(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Input(name)] => Some(name),
            _ => None,
        }
    }

    /// The names of its inputs, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Input(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }
}

/// Whether `name` can be the name of an input, a field or a step.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_and_text_are_told_apart() {
        let template = Template::parse("Bearer {access_token}").expect("well formed");
        assert_eq!(
            template.parts(),
            [
                Part::Text("Bearer ".to_owned()),
                Part::Input("access_token".to_owned())
            ]
        );
        assert_eq!(template.whole(), None);
        assert_eq!(
            Template::parse("{page}").expect("well formed").whole(),
            Some("page")
        );
    }

    #[test]
    fn doubled_braces_are_the_braces_themselves() {
        let template = Template::parse("FIND {{x}} IN").expect("well formed");
        assert_eq!(template.parts(), [Part::Text("FIND {x} IN".to_owned())]);
    }

    #[test]
    fn a_brace_without_its_counterpart_is_refused() {
        for text in ["{open", "close}", "{}", "{Name}", "{a b}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
