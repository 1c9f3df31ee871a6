//! Reading one text of a JSON document without reading the others.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// The text at a place of a document of objects, `/member/member`; `None` if there is none.
/// Nothing behind it is looked at, so that the document may be damaged there.
pub(crate) fn text_at(document: &[u8], pointer: &str) -> Option<String> {
    if pointer.contains('~') {
        // An escaped name: rare, and not worth the work here.
        return None;
    }
    let names: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut found = None;
    let place = Place {
        names: &names,
        found: &mut found,
    };
    let mut document = serde_json::Deserializer::from_slice(document);
    // It ends with an error whenever something is found before the end.
    let _ = place.deserialize(&mut document);
    found
}

/// Where the text stands, from here on.
struct Place<'a> {
    names: &'a [&'a str],
    found: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.names.is_empty() {
            deserializer.deserialize_str(self)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the member, or its text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        *self.found = Some(text.to_owned());
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let (wanted, names) = self
            .names
            .split_first()
            .ok_or_else(|| A::Error::custom("an object where text was expected"))?;
        while let Some(name) = members.next_key::<Cow<'_, str>>()? {
            if name == *wanted {
                let found = self.found;
                return members.next_value_seed(Place { names, found });
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::text_at;

    #[test]
    fn a_text_is_found_before_and_behind_other_members() {
        let document = br#"{"records":[{"next":"no"}],"next":"/2","paging":{"n":1,"next":"/3"}}"#;
        assert_eq!(text_at(document, "/next").as_deref(), Some("/2"));
        assert_eq!(text_at(document, "/paging/next").as_deref(), Some("/3"));
    }

    #[test]
    fn what_is_no_text_is_not_found() {
        for document in [
            r#"{"next":null}"#,
            r#"{"next":7}"#,
            r#"{"next":{}}"#,
            r#"["next"]"#,
            "<html>",
            "",
        ] {
            assert_eq!(text_at(document.as_bytes(), "/next"), None, "{document}");
        }
    }

    #[test]
    fn a_document_that_is_damaged_behind_the_text_does_not_hide_it() {
        assert_eq!(
            text_at(br#"{"next":"/2","records":[{"#, "/next").as_deref(),
            Some("/2")
        );
    }
}
