//! JSON-RPC: `/jsonrpc` with the services `common` and `object`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::call::{self, Call};
use super::errors::{Exception, page};
use super::{API_KEY, LOGIN, Odoo, PASSWORD, has_database, models, read, server, version_info};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::faults::Place;

/// Whether the request says that it is JSON, without which nothing is read of it.
pub(crate) fn is_json(request: &ApiRequest) -> bool {
    let kind = request
        .header("content-type")
        .unwrap_or_default()
        .to_lowercase();
    kind.starts_with("application/json")
}

fn body(request: &ApiRequest) -> Option<Value> {
    serde_json::from_slice(&request.body).ok()
}

/// The id to answer with.
pub(crate) fn id(request: &ApiRequest) -> Value {
    body(request).map_or(Value::Null, |body| body["id"].clone())
}

pub(crate) fn result(id: &Value, result: &Value) -> Answer {
    let body = json!({ "jsonrpc": "2.0", "id": id, "result": result });
    Answer::bytes(
        StatusCode::OK,
        "application/json",
        body.to_string().into_bytes(),
    )
}

pub(crate) fn place(core: &Core, request: &ApiRequest) -> Place {
    let Some(body) = body(request) else {
        return Place::Other;
    };
    let params = &body["params"];
    match (params["service"].as_str(), params["method"].as_str()) {
        (Some("common"), Some("authenticate" | "login")) => Place::Token,
        (Some("object"), Some("execute_kw" | "execute")) => {
            let version = server(request, params["args"][0].as_str()).0;
            called(params, version).map_or(Place::Other, |call| read::place(core, &call))
        }
        _ => Place::Other,
    }
}

/// `/jsonrpc`, and the one session address that needs no session.
pub(crate) fn answer(odoo: &Odoo, request: &ApiRequest, path: &str, version: u32) -> Answer {
    if request.method != Method::POST || !is_json(request) {
        return page(
            StatusCode::BAD_REQUEST,
            "Function declared as capable of handling request of type 'json' but called with a request of type 'http'",
        );
    }
    let Some(body) = body(request).filter(Value::is_object) else {
        let text = String::from_utf8_lossy(&request.body).into_owned();
        return page(
            StatusCode::BAD_REQUEST,
            &format!("Invalid JSON data: '{text}'"),
        );
    };
    let id = &body["id"];
    if path != "/jsonrpc" {
        return result(id, &version_info(version));
    }
    match dispatch(odoo, request, &body["params"], version) {
        Ok(value) => result(id, &value),
        Err(exception) => exception.in_rpc(id),
    }
}

fn dispatch(
    odoo: &Odoo,
    request: &ApiRequest,
    params: &Value,
    version: u32,
) -> Result<Value, Exception> {
    let method = params["method"].as_str().unwrap_or_default();
    let arguments = params["args"].as_array().map_or(&[][..], Vec::as_slice);
    match (params["service"].as_str().unwrap_or_default(), method) {
        ("common", "version") => Ok(version_info(version)),
        ("common", "authenticate" | "login") => sign_in(odoo, request, method, arguments),
        ("common", other) => Err(Exception::python(
            "builtins.Exception",
            format!("Method not found: {other}"),
        )),
        ("object", "execute_kw" | "execute") => execute(odoo, request, params, arguments),
        ("object", other) => Err(Exception::python(
            "builtins.NameError",
            format!("Method not available {other}"),
        )),
        // Databases are not listed to strangers.
        ("db", _) => Err(Exception::access_denied()),
        _ => Err(Exception::python(
            "builtins.UnboundLocalError",
            "local variable 'dispatch' referenced before assignment",
        )),
    }
}

/// `authenticate(db, login, password, environment)`. A wrong password is no error.
fn sign_in(
    odoo: &Odoo,
    request: &ApiRequest,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Exception> {
    let [database, login, password, rest @ ..] = arguments else {
        let message = format!("exp_{method}() missing required positional arguments");
        return Err(Exception::python("builtins.TypeError", message));
    };
    if method == "authenticate" && rest.is_empty() {
        let message = "exp_authenticate() missing 1 required positional argument: 'user_agent_env'";
        return Err(Exception::python("builtins.TypeError", message));
    }
    exists(request, database)?;
    let right = login.as_str() == Some(LOGIN) && is_secret(password);
    Ok(odoo
        .user()
        .filter(|_| right)
        .map_or(json!(false), |user| json!(user)))
}

fn is_secret(given: &Value) -> bool {
    matches!(given.as_str(), Some(API_KEY | PASSWORD))
}

fn exists(request: &ApiRequest, database: &Value) -> Result<u32, Exception> {
    let name = database.as_str().unwrap_or_default();
    let version = server(request, Some(name)).0;
    if has_database(version, name) {
        Ok(version)
    } else {
        Err(Exception::no_such_database(name))
    }
}

/// Checks who calls, then what is called.
fn execute(
    odoo: &Odoo,
    request: &ApiRequest,
    params: &Value,
    arguments: &[Value],
) -> Result<Value, Exception> {
    let [database, user, secret, ..] = arguments else {
        return Err(Exception::python(
            "builtins.IndexError",
            "list index out of range",
        ));
    };
    let version = exists(request, database)?;
    let user = user.as_i64().or_else(|| user.as_str()?.parse().ok());
    let user = user.ok_or_else(|| {
        Exception::python(
            "builtins.TypeError",
            "int() argument must be a string, a bytes-like object or a number",
        )
    })?;
    if odoo.user() != Some(user) || !is_secret(secret) {
        let known = odoo.core.directory().find(&user.to_string()).is_some();
        return Err(if known {
            Exception::access_denied()
        } else {
            Exception::missing("res.users", user, user)
        });
    }
    let call = called(params, version)?;
    odoo.run(request, version, user, &call)
}

/// The call in `params`; `execute` has its positional arguments where `execute_kw` has a list of
/// them and named ones.
fn called(params: &Value, version: u32) -> Result<Call, Exception> {
    let arguments = params["args"].as_array().map_or(&[][..], Vec::as_slice);
    let is_execute = params["method"] == "execute";
    let Some([model, method, rest @ ..]) = arguments
        .get(3..)
        .filter(|rest| is_execute || rest.len() >= 3)
    else {
        return Err(Exception::arguments(
            "execute_kw() missing required positional arguments: 'obj', 'method', and 'args'",
        ));
    };
    let (model, method) = (
        model.as_str().unwrap_or_default(),
        method.as_str().unwrap_or_default(),
    );
    if method.starts_with('_') {
        return Err(Exception::private(method));
    }
    if models::find(model).is_none() {
        return Err(Exception::no_such_model(model));
    }
    let method = call::find(model, method, version)?;
    let (given, named) = if is_execute {
        (rest.to_vec(), serde_json::Map::new())
    } else {
        let given = rest[0].as_array().cloned().unwrap_or_default();
        (
            given,
            rest.get(1)
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        )
    };
    call::positional(model, method, given, named)
}
