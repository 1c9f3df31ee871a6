//! What Zoho Desk needs beyond its manifest: the time of a time entry stands in three fields.

use counterpart_connector::Hooks;
use counterpart_model::activity::{Activity, ActivityKind};
use serde_json::Value;

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        build_activity: Some(build_activity),
        ..Hooks::default()
    }
}

/// Hours, minutes and seconds of a time entry, as texts.
fn build_activity(mut body: Value, activity: &Activity) -> Result<Value, String> {
    if activity.kind != ActivityKind::TimeEntry {
        return Ok(body);
    }
    let seconds = activity.duration_seconds;
    if seconds == 0 {
        return Err("a time entry needs a time; none was spent".to_owned());
    }
    for (name, spent) in [
        ("hoursSpent", seconds / 3_600),
        ("minutesSpent", seconds / 60 % 60),
        ("secondsSpent", seconds % 60),
    ] {
        body[name] = Value::from(spent.to_string());
    }
    Ok(body)
}
