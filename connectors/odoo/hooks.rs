//! What Odoo needs beyond its manifest, which says everything in JSON-2: servers before 19 are
//! told the same in JSON-RPC, and answer in it.

use counterpart_connector::{Access, Hooks, SessionState};
use counterpart_outbound::{Request, Response, SecretString};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

/// Where JSON-2 has its methods.
const JSON_2: &str = "/json/2/";

/// The arguments that JSON-RPC has first, in this order; some versions take them no other way.
const POSITIONAL: [&str; 4] = ["ids", "domain", "vals_list", "vals"];

/// The fields that are read and hold truth values.
const TRUTH_VALUES: [&str; 2] = ["active", "share"];

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        sign_request: Some(sign_request),
        decode_page: Some(decode_page),
        ..Hooks::default()
    }
}

/// A call in the dialect of the server: whoever has a user's id signed in by JSON-RPC.
fn sign_request(request: Request, access: &Access<'_>, session: Option<&SessionState>) -> Request {
    let url = request.url().clone();
    let Some((before, called)) = url.path().split_once(JSON_2) else {
        return request;
    };
    let (Some((model, method)), Some(Value::Object(mut body))) =
        (called.split_once('/'), request.json_body())
    else {
        return request;
    };
    let id = session.and_then(|session| session.value("user_number"));
    let Some(id) = id.and_then(|id| id.parse::<i64>().ok()) else {
        one_telephone(&mut body);
        return request.json(&Value::Object(body));
    };
    let key = access.credentials.get("api_key");
    let key = key.map(SecretString::expose_secret).unwrap_or_default();
    let database = access.settings.get("database");
    let first: Vec<_> = POSITIONAL
        .iter()
        .filter_map(|name| body.remove(*name))
        .collect();
    let params = json!({
        "service": "object", "method": "execute_kw",
        "args": [database, id, key, model, method, first, body],
    });
    let mut to = url.clone();
    to.set_path(&format!("{before}/jsonrpc"));
    request
        .at(to)
        .json(&json!({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}))
}

/// Version 19 has one telephone: what is asked of `mobile` is asked of `phone`.
fn one_telephone(body: &mut Map<String, Value>) {
    fn rename(value: &mut Value) {
        match value {
            Value::String(text) if text == "mobile" => "phone".clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(rename),
            _ => {}
        }
    }
    for name in ["domain", "fields"] {
        body.get_mut(name).into_iter().for_each(rename);
    }
}

/// An answer without the envelope of JSON-RPC: the result, or the error as JSON-2 writes it. What
/// is empty in a row is `false` in Odoo; that becomes null, but for its truth values.
fn decode_page(response: &Response) -> Result<Value, String> {
    let mut body = response.json().map_err(|error| error.to_string())?;
    if body.get("jsonrpc").is_some() {
        let mut places = ["/error/data", "/error", "/result"].into_iter();
        let place = places.find(|place| body.pointer(place).is_some_and(|it| !it.is_null()));
        let inner = place.and_then(|place| body.pointer_mut(place));
        body = inner.map_or(Value::Null, Value::take);
    }
    let rows = body.as_array_mut().into_iter().flatten();
    for (name, value) in rows.filter_map(Value::as_object_mut).flatten() {
        if *value == Value::Bool(false) && !TRUTH_VALUES.contains(&name.as_str()) {
            *value = Value::Null;
        }
    }
    Ok(body)
}
