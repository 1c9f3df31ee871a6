//! What can be written: fields with their types, checked before anything else.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use serde_json::{Map, Value, json};

use super::date_time;
use super::envelope::invalid;
use crate::answer::{Answer, ApiRequest};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    Whole,
    Number,
    Flag,
    /// Day and time.
    Time,
    /// A day; a time with it is passed over.
    Day,
    /// Time of day or length, `HH:mm:ss`.
    Span,
}

/// Name, type, whether it must be there.
pub(crate) type Field = (&'static str, Kind, bool);

pub(crate) const TICKET: &[Field] = &[
    ("Title", Kind::Text, true),
    ("Details", Kind::Text, true),
    ("AccountId", Kind::Whole, true),
    ("LocationId", Kind::Whole, true),
    ("StatusId", Kind::Whole, true),
    ("PriorityId", Kind::Whole, true),
    ("TypeId", Kind::Whole, true),
    ("SourceId", Kind::Whole, true),
    ("OpenDate", Kind::Time, true),
    ("ContactId", Kind::Whole, false),
    ("AssigneeId", Kind::Whole, false),
    ("QueueId", Kind::Whole, false),
    ("IssueTypeId", Kind::Whole, false),
    ("SubIssueTypeId", Kind::Whole, false),
    ("WorkTypeId", Kind::Whole, false),
    ("SLAId", Kind::Whole, false),
    ("ContractId", Kind::Whole, false),
    ("DueDate", Kind::Time, false),
];

pub(crate) const NOTE: &[Field] = &[
    ("Details", Kind::Text, true),
    ("IsInternal", Kind::Flag, true),
    ("NoteDate", Kind::Time, true),
    ("TypeId", Kind::Whole, true),
    ("StatusId", Kind::Whole, false),
];

pub(crate) const ASSIGNMENT: &[Field] = &[
    ("Details", Kind::Text, true),
    ("IsInternal", Kind::Flag, true),
    ("NoteDate", Kind::Time, true),
    ("TypeId", Kind::Whole, true),
    ("StatusId", Kind::Whole, true),
    ("AssigneeId", Kind::Whole, false),
    ("QueueId", Kind::Whole, false),
];

pub(crate) const TIME_LOG: &[Field] = &[
    ("StartDate", Kind::Day, true),
    ("StartTime", Kind::Span, true),
    ("EndTime", Kind::Span, true),
    ("WorkTypeId", Kind::Whole, true),
    ("RoleId", Kind::Whole, true),
    ("UserId", Kind::Whole, false),
    ("Timespent", Kind::Number, false),
    ("Notes", Kind::Text, false),
    ("InternalNotes", Kind::Text, false),
];

pub(crate) const WEBHOOK: &[Field] = &[
    ("Name", Kind::Text, true),
    ("PayloadURL", Kind::Text, true),
    ("IsEnabled", Kind::Flag, false),
    ("Secret", Kind::Text, false),
    ("ContentType", Kind::Whole, false),
    ("SendAllEvents", Kind::Flag, false),
];

/// The body, which must be JSON of some kind.
pub(crate) fn body(request: &ApiRequest) -> Result<Value, Box<Answer>> {
    let kind = request
        .header("content-type")
        .unwrap_or_default()
        .to_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.ends_with("json") {
        return Err(super::envelope::unsupported().into());
    }
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|error| invalid(&[format!("The request body is not valid JSON: {error}.")]))?;
    if body.is_object() {
        Ok(body)
    } else {
        Err(Answer::empty(StatusCode::BAD_REQUEST).into())
    }
}

/// The known fields of a body, checked; others are passed over.
pub(crate) fn checked(fields: &[Field], body: &Value) -> Result<Map<String, Value>, Box<Answer>> {
    let mut kept = Map::new();
    let mut wrong = Vec::new();
    for (name, kind, required) in fields {
        let own = body.as_object().into_iter().flatten();
        let mut own = own.filter(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null());
        match own.next().map(|(_, value)| read(*kind, value)) {
            Some(Some(Value::String(text))) if text.is_empty() && *required => {
                wrong.push(format!("The {name} field is required."));
            }
            Some(Some(value)) => {
                kept.insert((*name).to_owned(), value);
            }
            Some(None) => wrong.push(format!("The value of {name} is not valid.")),
            None if *required => wrong.push(format!("The {name} field is required.")),
            None => {}
        }
    }
    if wrong.is_empty() {
        Ok(kept)
    } else {
        Err(invalid(&wrong).into())
    }
}

/// A value as its type has it; numbers may stand in quotes.
fn read(kind: Kind, value: &Value) -> Option<Value> {
    let text = value.as_str().map(str::trim);
    match kind {
        Kind::Text => value.is_string().then(|| value.clone()),
        Kind::Whole => {
            let number = value.as_i64().or_else(|| text?.parse().ok())?;
            Some(json!(number))
        }
        Kind::Number => {
            let number = value.as_f64().or_else(|| text?.parse().ok())?;
            Some(json!(number))
        }
        Kind::Flag => {
            let flag = value
                .as_bool()
                .or_else(|| text?.to_lowercase().parse().ok())?;
            Some(json!(flag))
        }
        Kind::Time => {
            let time: Option<Timestamp> = text?.parse().ok();
            if let Some(time) = time {
                return Some(json!(date_time(time)));
            }
            let local: DateTime = text?.parse().ok()?;
            Some(json!(local.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
        }
        Kind::Day => {
            let day: Date = text?.get(..10)?.parse().ok()?;
            Some(json!(format!("{day}T00:00:00Z")))
        }
        Kind::Span => {
            let time: Time = text?.parse().ok()?;
            Some(json!(time.strftime("%H:%M:%S").to_string()))
        }
    }
}
