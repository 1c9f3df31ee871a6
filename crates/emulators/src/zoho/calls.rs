//! What the vendor demands of a call, and what it makes of it.

use serde_json::{Value, json};

use super::draft::Draft;
use super::errors::ApiError;
use super::fields::instant;
use super::product::Call;
use crate::records::Record;

/// Checks a call and fills in what follows from its fields.
pub(crate) fn check(
    call: &Call<'_>,
    draft: &Draft,
    fields: &mut Value,
    owner: &str,
    old: Option<&Record>,
) -> Result<(), ApiError> {
    let kind = text(fields, "Call_Type");
    if let Some(old) = old {
        if old.fields["Call_Type"] != fields["Call_Type"] {
            return Err(draft.invalid("Call_Type", json!({})));
        }
        if is_over(&old.fields) && old.owner.as_deref() != Some(owner) {
            return Err(draft.invalid("Owner", json!({})));
        }
    }
    let outbound = kind == "Outbound";
    if !outbound {
        fields["Outgoing_Call_Status"] = Value::Null;
    } else if fields["Outgoing_Call_Status"].is_null() {
        if call.product.outbound_status {
            return Err(draft.mandatory("Outgoing_Call_Status"));
        }
        fields["Outgoing_Call_Status"] = json!("Completed");
    }
    let over = is_over(fields);
    let start = instant(&text(fields, "Call_Start_Time"));
    let start = start.ok_or_else(|| draft.invalid("Call_Start_Time", json!({})))?;
    let ahead = start > call.estate.core.clock.now();
    let planned = text(fields, "Outgoing_Call_Status") == "Scheduled";
    if over && ahead || planned && !ahead {
        return Err(draft.invalid("Call_Start_Time", json!({})));
    }
    let seconds = match fields["Call_Duration"].as_str() {
        _ if kind == "Missed" => 0,
        Some(duration) => seconds(duration).ok_or_else(|| {
            draft.invalid("Call_Duration", json!({ "expected_data_type": "text" }))
        })?,
        None if over => return Err(draft.invalid("Call_Duration", json!({}))),
        None => 0,
    };
    fields["Call_Duration"] = json!(format!("{:02}:{:02}", seconds / 60, seconds % 60));
    fields["Call_Duration_in_seconds"] = json!(seconds);
    fields["Call_Status"] = json!(match (kind.as_str(), over) {
        ("Missed", _) => "Missed",
        ("Outbound", true) => "Attended Dialled",
        (_, true) => "Attended",
        (_, false) => "Scheduled Dialled",
    });
    Ok(())
}

/// Whether the call has taken place.
fn is_over(fields: &Value) -> bool {
    match fields["Outgoing_Call_Status"].as_str() {
        None => true,
        Some(status) => status == "Completed",
    }
}

fn text(fields: &Value, name: &str) -> String {
    fields[name].as_str().unwrap_or_default().to_owned()
}

/// `mm:ss` or `hh:mm:ss`; a bare number is minutes.
fn seconds(duration: &str) -> Option<u64> {
    let parts: Vec<&str> = duration.split(':').collect();
    let whole = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u64>().ok()).flatten()
    };
    let sixtieth = |part: &str| whole(part).filter(|value| part.len() == 2 && *value < 60);
    match parts.as_slice() {
        [minutes] => whole(minutes)?.checked_mul(60),
        [minutes, seconds] => whole(minutes)?
            .checked_mul(60)?
            .checked_add(sixtieth(seconds)?),
        [hours, minutes, seconds] => whole(hours)?
            .checked_mul(3_600)?
            .checked_add(sixtieth(minutes)? * 60 + sixtieth(seconds)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_minutes_and_seconds() {
        assert_eq!(seconds("02:05"), Some(125));
        assert_eq!(seconds("90:00"), Some(5_400));
        assert_eq!(seconds("01:00:05"), Some(3_605));
        assert_eq!(seconds("12"), Some(720));
        for bad in ["", "2:5", "02:60", "-1", "2m", "1:2:3:4"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
