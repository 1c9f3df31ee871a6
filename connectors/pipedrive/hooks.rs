//! What an activity of type call cannot say in fields of its own.

use counterpart_connector::Hooks;
use counterpart_manifest::Escape;
use counterpart_model::activity::Activity;
use serde_json::Value;

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        build_activity: Some(build_activity),
        ..Hooks::default()
    }
}

/// Gives a call its time of day, which stands beside its date, and adds numbers, outcome and
/// recording to its text: activities have no fields for them.
fn build_activity(mut body: Value, activity: &Activity) -> Result<Value, String> {
    if body["type"] != "call" {
        return Ok(body);
    }
    let started = activity.started_at.to_jiff();
    let started = started.ok_or("the call has no time at which it began")?;
    body["due_time"] = started.strftime("%H:%M").to_string().into();
    let words = [
        activity.direction.map(|it| it.as_str().to_owned()),
        activity.outcome.map(|it| it.as_str().to_owned()),
        activity.remote_number.clone(),
        activity.recording_url.clone(),
    ];
    let facts: Vec<_> = words.into_iter().flatten().collect();
    let note = body["note"].as_str().unwrap_or_default();
    body["note"] = format!("{note}<p>{}</p>", escaped(&facts.join(", "))).into();
    Ok(body)
}

fn escaped(text: &str) -> String {
    Escape::Html.apply(text)
}
