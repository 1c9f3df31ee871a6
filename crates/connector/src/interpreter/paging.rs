//! From one page to the next.

use counterpart_manifest::{Below, End, Paging, Pointer};
use counterpart_model::Code;
use counterpart_outbound::Url;
use serde_json::Value;

use super::classify::Answer;
use super::cursor::{Position, repeated};
use crate::{ConnectorError, ErrorClass};

/// What is known of a page when the next one is looked for.
pub(super) struct PageFacts<'a> {
    /// The answer.
    pub(super) answer: &'a Answer,
    /// How many rows it holds.
    pub(super) rows: u64,
    /// How many were asked for.
    pub(super) page_size: u64,
    /// The greatest id on it, where they have an order.
    pub(super) greatest: Option<Position>,
    /// Where it began itself.
    pub(super) began: Option<&'a Position>,
}

/// The input of a page's request.
pub(super) fn input(paging: &Paging, position: Option<&Position>) -> Option<(&'static str, Value)> {
    let name = paging.input()?;
    let value = match (paging, position) {
        (_, Some(Position::Page(number) | Position::Offset(number))) => Value::from(*number),
        (Paging::Page { .. }, Some(Position::Mark(mark))) => {
            return Some(("cursor", Value::from(mark.as_str())));
        }
        (_, Some(Position::Mark(mark))) => Value::from(mark.as_str()),
        (_, Some(Position::Last(id))) => Value::from(*id),
        (_, Some(Position::LastText(id))) => Value::from(id.as_str()),
        (Paging::Page { first, .. }, _) => Value::from(*first),
        (Paging::Keyset { first, .. }, _) => match first {
            Below::Number(first) => Value::from(*first),
            Below::Text(first) => Value::from(first.as_str()),
        },
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
    let body = page.answer.json.as_ref().unwrap_or(&Value::Null);
    Ok(match paging {
        Paging::None { .. } => None,
        Paging::NextUrl { pointer, last } => {
            let is_last = match last {
                Some(last) => more_at(last, body)?,
                None => false,
            };
            pointer.text(body).map(Position::Url).filter(|_| !is_last)
        }
        Paging::LinkHeader {} => page
            .answer
            .header("link")
            .and_then(next_link)
            .map(Position::Url),
        Paging::Cursor { pointer, more } => {
            let more = match more {
                Some(more) => more_at(more, body)?,
                None => true,
            };
            pointer.text(body).map(Position::Mark).filter(|_| more)
        }
        Paging::Page { first, end, mark } => {
            let number = match page.began {
                Some(Position::Page(number)) => *number,
                _ => *first,
            };
            let next = mark
                .as_ref()
                .and_then(|mark| mark.text(body))
                .map_or(Position::Page(number + 1), Position::Mark);
            (!is_last(end, page, body)?).then_some(next)
        }
        Paging::Offset { end } => {
            let before = match page.began {
                Some(Position::Offset(before)) => *before,
                _ => 0,
            };
            (!is_last(end, page, body)?).then_some(Position::Offset(before + page.rows))
        }
        Paging::Keyset { end, .. } => match &page.greatest {
            _ if is_last(end, page, body)? => None,
            None => None,
            Some(greatest) if is_beyond(greatest, page.began) => Some(greatest.clone()),
            Some(_) => return Err(repeated(1)),
        },
    })
}

/// Whether an id lies beyond where its page began.
fn is_beyond(greatest: &Position, began: Option<&Position>) -> bool {
    match (greatest, began) {
        (Position::Last(id), Some(Position::Last(before))) => id > before,
        (Position::LastText(id), Some(Position::LastText(before))) => id > before,
        _ => true,
    }
}

/// The target of a `Link` header's `rel="next"` (RFC 8288, section 3).
fn next_link(header: &str) -> Option<String> {
    // Targets stand in angle brackets, so that commas inside them part nothing.
    header.split('<').skip(1).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters.split(';').any(|parameter| {
            let Some((name, value)) = parameter.trim().split_once('=') else {
                return false;
            };
            let value = value.trim().trim_end_matches(',').trim();
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .trim_matches('"')
                    .split_whitespace()
                    .any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        is_next.then(|| target.to_owned())
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

fn is_last(end: &End, page: &PageFacts<'_>, body: &Value) -> Result<bool, ConnectorError> {
    Ok(match end {
        End::EmptyPage => page.rows == 0,
        End::ShortPage => page.rows < page.page_size,
        End::Without(pointer) => {
            let there = pointer
                .find(body)
                .is_some_and(|value| value.as_bool() != Some(false) && value.as_str() != Some(""));
            page.rows == 0 || !there
        }
        End::More(pointer) => !more_at(pointer, body)?,
        End::Last(pointer) => more_at(pointer, body)?,
    })
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

    fn answer(body: &Value, link: Option<&str>) -> Answer {
        let headers: Vec<_> = link.map(|link| ("link", link)).into_iter().collect();
        Answer::recorded(body.clone(), &headers)
    }

    fn facts<'a>(answer: &'a Answer, began: Option<&'a Position>) -> PageFacts<'a> {
        PageFacts {
            answer,
            rows: 2,
            page_size: 2,
            greatest: Some(Position::Last(9)),
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
            end: End::More(pointer("/info/more")),
            mark: None,
        };
        let more = answer(&json!({"info": {"more": true}}), None);
        assert_eq!(
            next(&paging, &facts(&more, None)),
            Ok(Some(Position::Page(2)))
        );
        let silent = answer(&json!({}), None);
        assert!(next(&paging, &facts(&silent, None)).is_err());
    }

    #[test]
    fn numbered_pages_go_over_to_marks_once_there_is_one() {
        let paging = Paging::Page {
            first: 1,
            end: End::More(pointer("/more")),
            mark: Some(pointer("/mark")),
        };
        let marked = answer(&json!({"more": true, "mark": "abc"}), None);
        let found = next(&paging, &facts(&marked, Some(&Position::Page(10))));
        let mark = Position::Mark("abc".to_owned());
        assert_eq!(found, Ok(Some(mark.clone())));
        let (name, _) = input(&paging, Some(&mark)).expect("an input");
        assert_eq!(name, "cursor");
    }

    #[test]
    fn an_address_on_the_last_page_is_not_followed() {
        let paging = Paging::NextUrl {
            pointer: pointer("/after"),
            last: Some(pointer("/done")),
        };
        let page = |done: &Value| answer(&json!({"after": "/x?cursor=2", "done": done}), None);
        let more = page(&json!(false));
        let address = Position::Url("/x?cursor=2".to_owned());
        assert_eq!(next(&paging, &facts(&more, None)), Ok(Some(address)));
        let last = page(&json!(true));
        assert_eq!(next(&paging, &facts(&last, None)), Ok(None));
        let silent = page(&Value::Null);
        assert!(next(&paging, &facts(&silent, None)).is_err());
    }

    #[test]
    fn keyset_paging_must_move_forward() {
        let paging = Paging::Keyset {
            first: Below::Number(0),
            end: End::EmptyPage,
        };
        let page = answer(&json!({}), None);
        assert_eq!(
            next(&paging, &facts(&page, None)),
            Ok(Some(Position::Last(9)))
        );
        let error = next(&paging, &facts(&page, Some(&Position::Last(9)))).expect_err("a circle");
        assert_eq!(error.code(), Code::ConnectionCursorRepeated);
    }

    #[test]
    fn a_link_header_names_the_next_page_by_its_relation() {
        let paging = Paging::LinkHeader {};
        for (header, expected) in [
            (
                r#"<https://a.example/x?page=1,2>; rel="prev", <https://a.example/x?page=3>; rel="next""#,
                Some("https://a.example/x?page=3"),
            ),
            (r#"</x?page=2>; title="a"; REL=next"#, Some("/x?page=2")),
            (
                r#"<https://a.example/1>;rel="first",<https://a.example/2>;rel="next last""#,
                Some("https://a.example/2"),
            ),
            (r#"<https://a.example/1>; rel="first""#, None),
            ("", None),
        ] {
            let page = answer(&json!([]), Some(header));
            let expected = expected.map(|url| Position::Url(url.to_owned()));
            assert_eq!(next(&paging, &facts(&page, None)), Ok(expected), "{header}");
        }
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
