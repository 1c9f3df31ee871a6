//! What Tryton needs beyond its manifest: a moment is no text in its JSON but an object of parts.

use counterpart_connector::{Access, Hooks, SessionState};
use counterpart_outbound::Request;
use serde_json::{Value, json};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        sign_request: Some(sign_request),
        ..Hooks::default()
    }
}

/// Takes what stands at `at` of each moment apart: `{"__class__": "datetime", "year": …}`.
fn sign_request(request: Request, _: &Access<'_>, _: Option<&SessionState>) -> Request {
    let Some(mut body) = request.json_body() else {
        return request;
    };
    if take_apart(&mut body) {
        request.json(&body)
    } else {
        request
    }
}

/// Whether there was a moment in it.
fn take_apart(value: &mut Value) -> bool {
    if let Some(at) = value.get("at").and_then(Value::as_str)
        && value
            .get("__class__")
            .is_some_and(|class| class == "datetime")
    {
        let mut numbers = at
            .split(['-', 'T', ':'])
            .map(|part| part.parse::<u32>().ok());
        let mut next = || numbers.next().flatten();
        *value = json!({
            "__class__": "datetime", "year": next(), "month": next(), "day": next(),
            "hour": next(), "minute": next(), "second": next(), "microsecond": 0,
        });
        return true;
    }
    let parts: Vec<_> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.iter_mut().map(|(_, member)| member).collect(),
        _ => return false,
    };
    let mut found = false;
    for part in parts {
        found |= take_apart(part);
    }
    found
}
