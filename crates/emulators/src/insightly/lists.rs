//! What all lists have alike: bare arrays by `top` and `skip`, and `/Search`.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{ApiError, bad};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Fault;

/// Rows of a page when nobody says how many, and at most: more are cut off without a word.
const UNASKED: usize = 100;
const MOST: usize = 500;

/// Members that `brief=true` leaves out.
const SUBCOLLECTIONS: &[&str] = &["CUSTOMFIELDS", "TAGS", "LINKS", "ADDRESSES"];

/// A time as a body has it, in UTC.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A number of the query.
fn number(request: &ApiRequest, name: &str, otherwise: usize) -> Result<usize, ApiError> {
    match request.parameter(name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| bad(format!("The value '{text}' is not valid for {name}."))),
    }
}

/// Rows to skip and rows of a page.
fn window(core: &Core, request: &ApiRequest) -> Result<(usize, usize), ApiError> {
    let (top, skip) = (
        number(request, "top", UNASKED)?,
        number(request, "skip", 0)?,
    );
    if top == 0 {
        return Err(bad("The value '0' is not valid for top."));
    }
    Ok((skip, core.page_size(top.min(MOST))))
}

/// The number of the page a request asks for; the first is 1.
pub(crate) fn page_number(core: &Core, request: &ApiRequest) -> u32 {
    let number = window(core, request).map_or(1, |(skip, size)| skip / size + 1);
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// One page of the rows found. Where more follow is not said; `count_total` tells how many
/// there are in a header.
pub(crate) fn page<T>(
    core: &Core,
    request: &ApiRequest,
    id: &str,
    mut found: Vec<T>,
    row: impl Fn(&T) -> Value,
) -> Result<Answer, ApiError> {
    let (mut skip, mut size) = window(core, request)?;
    if request.suffers(&Fault::EmptyList) {
        found.clear();
    }
    if request.suffers(&Fault::HalfPages) {
        found.truncate(found.len() / 2);
    }
    if request.suffers(&Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    // There is no cursor; what an offset can do is to be ignored for good.
    if request.suffers(&Fault::RepeatedCursor) {
        skip = 0;
    }
    let total = found.len();
    if request.suffers(&Fault::TruncatedList) {
        found.truncate(total / 4 * 3);
    }
    let brief = request.parameter("brief") == Some("true");
    let mut rows: Vec<Value> = found.iter().skip(skip).take(size).map(row).collect();
    for row in &mut rows {
        if request.suffers(&Fault::IdType) {
            row[id] = json!(row[id].to_string());
        }
        if let Some(fields) = row.as_object_mut().filter(|_| brief) {
            fields.retain(|name, _| !SUBCOLLECTIONS.contains(&name.as_str()));
        }
    }
    let answer = Answer::json(StatusCode::OK, &Value::Array(rows));
    Ok(match request.parameter("count_total") {
        Some("true") => answer.with("x-total-count", &total.to_string()),
        _ => answer,
    })
}

/// Keeps what `/Search` asks for: changed after an instant, or a field with exactly this value;
/// letter case does not matter. `known` has the fields of such a row.
pub(crate) fn searched<T>(
    request: &ApiRequest,
    known: &Value,
    found: &mut Vec<T>,
    row: impl Fn(&T) -> Value,
    modified: impl Fn(&T) -> Timestamp,
) -> Result<(), ApiError> {
    let after = request.parameter("updated_after_utc");
    let field = request
        .parameter("field_name")
        .filter(|name| !name.is_empty());
    if after.is_none() && field.is_none() {
        return Err(bad(
            "A search needs updated_after_utc, or field_name and field_value.",
        ));
    }
    if let Some(text) = after {
        let wrong = |_| {
            bad(format!(
                "The value '{text}' is not valid for updated_after_utc."
            ))
        };
        let after: Timestamp = text.parse().map_err(wrong)?;
        found.retain(|one| modified(one) > after);
    }
    if let Some(field) = field {
        if known.get(field).is_none() && !field.ends_with("__c") {
            return Err(bad(format!("Field '{field}' cannot be searched.")));
        }
        let value = request.parameter("field_value").unwrap_or_default();
        found.retain(|one| holds(&row(one), field, value));
    }
    Ok(())
}

/// Whether the field, or the custom field of that name, has this value.
fn holds(row: &Value, field: &str, wanted: &str) -> bool {
    let custom = || {
        let fields = row["CUSTOMFIELDS"].as_array()?;
        let field = fields.iter().find(|one| one["FIELD_NAME"] == field)?;
        Some(&field["FIELD_VALUE"])
    };
    let text = match row.get(field).or_else(custom) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => return false,
    };
    text.to_lowercase() == wanted.to_lowercase()
}
