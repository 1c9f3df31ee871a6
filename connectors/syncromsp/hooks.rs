//! What Syncro needs beyond its manifest: its users come as pairs of id and name.

use counterpart_connector::Hooks;
use counterpart_outbound::Response;
use serde_json::{Value, json};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        decode_page: Some(decode_page),
        ..Hooks::default()
    }
}

/// Makes records of pairs, `[1, "Joe"]` → `{"id": 1, "name": "Joe"}`; everything else stays.
fn decode_page(response: &Response) -> Result<Value, String> {
    let mut body: Value = response.json().map_err(|problem| problem.to_string())?;
    let users = body.get_mut("users").and_then(Value::as_array_mut);
    for user in users.into_iter().flatten() {
        if let Value::Array(pair) = user {
            let part = |at: usize| pair.get(at).cloned().unwrap_or_default();
            *user = json!({ "id": part(0), "name": part(1) });
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_become_records_and_records_stay() {
        let body = json!({ "users": [[1, "Joe Doe"], { "id": 2, "name": "Ann" }], "meta": [[3]] });
        let response = Response::recorded(200, &[], body.to_string());
        let expected = json!({
            "users": [{ "id": 1, "name": "Joe Doe" }, { "id": 2, "name": "Ann" }],
            "meta": [[3]],
        });
        assert_eq!(decode_page(&response), Ok(expected));
    }
}
