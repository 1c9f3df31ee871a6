//! From one page to the next.

use counterpart_manifest::{End, Paging, Pointer};
use counterpart_model::Code;
use counterpart_outbound::Url;
use serde_json::Value;

use super::cursor::{Position, repeated};
use crate::{ConnectorError, ErrorClass};

/// What is known of a page when the next one is looked for.
pub(super) struct PageFacts<'a> {
    /// The answer.
    pub(super) body: &'a Value,
    /// How many rows it holds.
    pub(super) rows: u64,
    /// How many were asked for.
    pub(super) page_size: u64,
    /// The greatest id on it, where ids are numbers.
    pub(super) greatest: Option<i64>,
    /// Where it began itself.
    pub(super) began: Option<&'a Position>,
}

/// The input of a page's request.
pub(super) fn input(paging: &Paging, position: Option<&Position>) -> Option<(&'static str, Value)> {
    let name = paging.input()?;
    let value = match (paging, position) {
        (_, Some(Position::Page(number) | Position::Offset(number))) => Value::from(*number),
        (_, Some(Position::Mark(mark))) => Value::from(mark.as_str()),
        (_, Some(Position::Last(id))) => Value::from(*id),
        (Paging::Page { first, .. }, _) => Value::from(*first),
        (Paging::Keyset { first, .. }, _) => Value::from(*first),
        (Paging::Offset { .. }, _) => Value::from(0),
        _ => return None,
    };
    Some((name, value))
}

/// Where the next page begins; `None` behind the last.
pub(super) fn next(
    paging: &Paging,
    page: &PageFacts<'_>,
) -> Result<Option<Position>, ConnectorError> {
    Ok(match paging {
        Paging::None { .. } => None,
        Paging::NextUrl { pointer } => pointer.text(page.body).map(Position::Url),
        Paging::Cursor { pointer } => pointer.text(page.body).map(Position::Mark),
        Paging::Page { first, more } => {
            let number = match page.began {
                Some(Position::Page(number)) => *number,
                _ => *first,
            };
            more_at(more, page.body)?.then_some(Position::Page(number + 1))
        }
        Paging::Offset { end } => {
            let before = match page.began {
                Some(Position::Offset(before)) => *before,
                _ => 0,
            };
            (!is_last(end, page)).then_some(Position::Offset(before + page.rows))
        }
        Paging::Keyset { first, end } => {
            let before = match page.began {
                Some(Position::Last(id)) => *id,
                _ => *first,
            };
            match page.greatest {
                _ if is_last(end, page) => None,
                None => None,
                Some(id) if id > before => Some(Position::Last(id)),
                Some(_) => return Err(repeated(1)),
            }
        }
    })
}

/// Whether there are more pages. An answer that does not say is no answer of this list: to take
/// silence for the end would cut the list short.
fn more_at(more: &Pointer, body: &Value) -> Result<bool, ConnectorError> {
    match more.find(body) {
        Some(Value::Bool(more)) => Ok(*more),
        Some(Value::String(text)) if text == "true" || text == "false" => Ok(text == "true"),
        _ => Err(ConnectorError::new(
            ErrorClass::Malformed,
            format!("the answer does not say at `{more}` whether there are more pages"),
        )),
    }
}

fn is_last(end: &End, page: &PageFacts<'_>) -> bool {
    match end {
        End::EmptyPage => page.rows == 0,
        End::ShortPage => page.rows < page.page_size,
        End::Without(pointer) => {
            let there = pointer
                .find(page.body)
                .is_some_and(|value| value.as_bool() != Some(false) && value.as_str() != Some(""));
            page.rows == 0 || !there
        }
    }
}

/// The address of a next page, which must lead to the host that the list is on.
pub(super) fn next_url(base: &Url, address: &str) -> Result<Url, ConnectorError> {
    let url = base.join(address).map_err(|_| {
        ConnectorError::new(
            ErrorClass::Malformed,
            "the address of the next page is none",
        )
    })?;
    if url.origin() == base.origin() {
        return Ok(url);
    }
    Err(ConnectorError::with_code(
        ErrorClass::Malformed,
        Code::ConnectionRedirected,
        format!(
            "the next page is on another host, {}; credentials are sent to no other",
            url.host_str().unwrap_or("without a name")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn facts<'a>(body: &'a Value, began: Option<&'a Position>) -> PageFacts<'a> {
        PageFacts {
            body,
            rows: 2,
            page_size: 2,
            greatest: Some(9),
            began,
        }
    }

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).expect("a pointer")
    }

    #[test]
    fn a_page_that_does_not_say_whether_there_are_more_is_an_error() {
        let paging = Paging::Page {
            first: 1,
            more: pointer("/info/more"),
        };
        let body = json!({"info": {"more": true}});
        assert_eq!(
            next(&paging, &facts(&body, None)),
            Ok(Some(Position::Page(2)))
        );
        assert!(next(&paging, &facts(&json!({}), None)).is_err());
    }

    #[test]
    fn keyset_paging_must_move_forward() {
        let paging = Paging::Keyset {
            first: 0,
            end: End::EmptyPage,
        };
        let body = json!({});
        assert_eq!(
            next(&paging, &facts(&body, None)),
            Ok(Some(Position::Last(9)))
        );
        let error = next(&paging, &facts(&body, Some(&Position::Last(9)))).expect_err("a circle");
        assert_eq!(error.code(), Code::ConnectionCursorRepeated);
    }

    #[test]
    fn a_next_page_elsewhere_is_not_asked_for() {
        let base = Url::parse("https://crm.example/api").expect("an address");
        assert!(next_url(&base, "/api/next?from=2").is_ok());
        assert!(next_url(&base, "https://crm.example/api/next").is_ok());
        for elsewhere in [
            "https://evil.example/next",
            "http://crm.example/next",
            "//evil.example",
        ] {
            let error = next_url(&base, elsewhere).expect_err(elsewhere);
            assert_eq!(error.code(), Code::ConnectionRedirected);
        }
    }
}
