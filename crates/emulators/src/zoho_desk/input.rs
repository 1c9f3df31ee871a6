//! What Desk's requests have alike: `from` and `limit`, the fields of a body, its times.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Call;
use super::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::directory::UserState;

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) limit: usize,
}

/// `from`, counted from nought, and `limit`.
pub(super) fn span(request: &ApiRequest, usual: usize, most: usize) -> Result<Span, ApiError> {
    let number = |name: &str, otherwise: usize| match request.parameter(name) {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| ApiError::invalid(name)),
    };
    let (from, limit) = (number("from", 0)?, number("limit", usual)?);
    if limit == 0 || limit > most {
        return Err(ApiError::field(
            "limit",
            "invalid",
            "The limit is out of range.",
        ));
    }
    Ok(Span { from, limit })
}

/// The rows of the span as `data`, or 204.
pub(super) fn page<T>(
    call: &Call<'_>,
    span: Span,
    found: &[T],
    shown: impl Fn(&T) -> Value,
) -> Answer {
    let size = call.core().page_size(span.limit);
    let rows: Vec<Value> = found.iter().skip(span.from).take(size).map(shown).collect();
    if rows.is_empty() {
        return Answer::empty(StatusCode::NO_CONTENT);
    }
    Answer::json(StatusCode::OK, &json!({ "data": rows }))
}

/// A text that must be there, of at most so many characters.
pub(super) fn text(body: &Map<String, Value>, name: &str, most: usize) -> Result<String, ApiError> {
    optional(body, name, most)?.ok_or_else(|| ApiError::missing(name))
}

/// A text that may be there. Ids come as text or as numbers.
pub(super) fn optional(
    body: &Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<Option<String>, ApiError> {
    let text = match body.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(ApiError::invalid(name)),
    };
    if text.chars().count() > most {
        return Err(ApiError::field(
            name,
            "invalid",
            "The value has too many characters.",
        ));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A time as Desk writes it.
pub(super) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A time as Desk wants it: to the millisecond, in UTC, with a `Z`.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let time: Timestamp = text.parse().ok()?;
    (date_time(time) == text).then_some(time)
}

/// Both ends of `2026-01-01T00:00:00.000Z,2026-01-02T00:00:00.000Z`.
pub(super) fn range(text: &str, name: &str) -> Result<(Timestamp, Timestamp), ApiError> {
    text.split_once(',')
        .and_then(|(from, to)| Some((instant(from)?, instant(to)?)))
        .ok_or_else(|| ApiError::invalid(name))
}

/// The agent that a body names under this field; the connecting one when it names none. Whom the
/// portal does not have or has switched off is refused.
pub(super) fn owner(
    call: &Call<'_>,
    body: &Map<String, Value>,
    name: &str,
) -> Result<Option<String>, ApiError> {
    let Some(id) = optional(body, name, 20)? else {
        return Ok(None);
    };
    let directory = call.core().directory();
    match directory.find(&id).map(|user| user.state) {
        Some(UserState::Active) => Ok(Some(id)),
        _ => Err(ApiError::invalid(name)),
    }
}

/// The id of the agent the connection signs in as.
pub(super) fn own_id(call: &Call<'_>) -> Option<String> {
    let directory = call.core().directory();
    directory.connecting().map(|user| user.id.clone())
}

/// Changes `fields` by what a body holds of these; anything else is refused as Desk does.
pub(super) fn known(body: &Map<String, Value>, names: &[&str]) -> Result<(), ApiError> {
    match body.keys().find(|key| !names.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(ApiError::field(
            key,
            "invalid",
            "An extra parameter is found.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_a_z() {
        assert!(instant("2026-11-20T05:00:00.000Z").is_some());
        for bad in [
            "2026-11-20T05:00:00Z",
            "2026-11-20T05:00:00.000+00:00",
            "2026-11-20",
        ] {
            assert!(instant(bad).is_none(), "{bad}");
        }
    }
}
