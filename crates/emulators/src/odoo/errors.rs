//! What goes wrong, in Odoo's words, and how each dialect says it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::domain::python;
use super::models::Model;
use crate::answer::Answer;

/// An exception of the server.
#[derive(Clone, Debug)]
pub(crate) struct Exception {
    /// Module and class in Python.
    name: &'static str,
    message: String,
    arguments: Value,
    /// The status where errors have one of their own: in JSON-2.
    status: StatusCode,
}

impl Exception {
    fn new(name: &'static str, status: StatusCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            name,
            arguments: json!([message]),
            message,
            status,
        }
    }

    /// Bad key, bad password, a user that is switched off.
    pub(crate) fn access_denied() -> Self {
        Self::new(
            "odoo.exceptions.AccessDenied",
            StatusCode::FORBIDDEN,
            "Access Denied",
        )
    }

    /// The user lacks the right to do that with the model.
    pub(crate) fn access_error(model: &Model, doing: &str) -> Self {
        let message = format!(
            "You are not allowed to {doing} '{}' ({}) records.\n\nThis operation is allowed for the following \
             groups:\n\t- {}\n\nContact your administrator to request access if necessary.",
            model.label, model.name, model.groups
        );
        Self::new(
            "odoo.exceptions.AccessError",
            StatusCode::FORBIDDEN,
            message,
        )
    }

    pub(crate) fn private(method: &str) -> Self {
        let message = format!("Private methods (such as {method}) cannot be called remotely.");
        Self::new(
            "odoo.exceptions.AccessError",
            StatusCode::FORBIDDEN,
            message,
        )
    }

    pub(crate) fn missing(model: &str, id: i64, user: i64) -> Self {
        let message = format!(
            "Record does not exist or has been deleted.\n(Record: {model}({id},), User: {user})"
        );
        Self::new(
            "odoo.exceptions.MissingError",
            StatusCode::NOT_FOUND,
            message,
        )
    }

    pub(crate) fn user(message: impl Into<String>) -> Self {
        Self::new(
            "odoo.exceptions.UserError",
            StatusCode::UNPROCESSABLE_ENTITY,
            message,
        )
    }

    pub(crate) fn mandatory(model: &Model, label: &str, field: &str) -> Self {
        let message = format!(
            "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another \
             model requires the record being deleted. If possible, archive it instead.\n\nModel: {} ({}), Field: \
             {label} ({field})",
            model.label, model.name
        );
        Self::validation(message)
    }

    /// The database refuses a record that points to nothing.
    pub(crate) fn foreign_key(model: &Model, field: &str) -> Self {
        let message = format!(
            "The operation cannot be completed: another model requires the record being deleted. If possible, \
             archive it instead.\n\nModel: {} ({}), Constraint: {}_{field}_fkey",
            model.label,
            model.name,
            model.name.replace('.', "_")
        );
        Self::validation(message)
    }

    fn validation(message: String) -> Self {
        Self::new(
            "odoo.exceptions.ValidationError",
            StatusCode::UNPROCESSABLE_ENTITY,
            message,
        )
    }

    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::new(
            "builtins.ValueError",
            StatusCode::INTERNAL_SERVER_ERROR,
            message,
        )
    }

    pub(crate) fn invalid_field(model: &str, field: &str) -> Self {
        Self::value(format!("Invalid field '{field}' on model '{model}'"))
    }

    /// A leaf of a domain that names no field; the wording changed with version 19.
    pub(crate) fn invalid_leaf_field(model: &str, field: &str, leaf: &Value, version: u32) -> Self {
        let word = if version >= 19 { "condition" } else { "leaf" };
        Self::value(format!(
            "Invalid field {model}.{field} in {word} {}",
            tuple(leaf)
        ))
    }

    pub(crate) fn invalid_leaf(leaf: &Value) -> Self {
        Self::value(format!("Invalid leaf {}", tuple(leaf)))
    }

    pub(crate) fn invalid_term(leaf: &Value) -> Self {
        Self::value(format!("Invalid domain term {}", tuple(leaf)))
    }

    pub(crate) fn assertion(message: impl Into<String>) -> Self {
        Self::new(
            "builtins.AssertionError",
            StatusCode::INTERNAL_SERVER_ERROR,
            message,
        )
    }

    pub(crate) fn python(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// What Python says of arguments that do not fit the method. JSON-2 tells before it calls.
    pub(crate) fn arguments(message: impl Into<String>) -> Self {
        Self::new(
            "builtins.TypeError",
            StatusCode::UNPROCESSABLE_ENTITY,
            message,
        )
    }

    pub(crate) fn no_such_model(model: &str) -> Self {
        let mut exception = Self::user(format!("Object {model} doesn't exist"));
        exception.status = StatusCode::NOT_FOUND;
        exception
    }

    pub(crate) fn no_such_method(model: &str, method: &str) -> Self {
        let message = format!("type object '{model}' has no attribute '{method}'");
        Self::new("builtins.AttributeError", StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn no_such_database(name: &str) -> Self {
        let message = format!("FATAL:  database \"{name}\" does not exist\n");
        Self::python("psycopg2.OperationalError", message)
    }

    fn data(&self) -> Value {
        json!({
            "name": self.name,
            "debug": self.traceback(),
            "message": self.message,
            "arguments": self.arguments,
            "context": {},
        })
    }

    /// The traceback of a server that never was, with the paths nobody should log.
    fn traceback(&self) -> String {
        format!(
            "Traceback (most recent call last):\n  File \"/opt/odoo/northwind/odoo/http.py\", line 1783, in \
             _serve_db\n    return service_model.retrying(self._serve_ir_http, self.env)\n{}: {}\n",
            self.name.trim_start_matches("builtins."),
            self.message
        )
    }

    /// As JSON-RPC says it: status 200.
    pub(crate) fn in_rpc(&self, id: &Value) -> Answer {
        let error = json!({ "code": 200, "message": "Odoo Server Error", "data": self.data() });
        let body = json!({ "jsonrpc": "2.0", "id": id, "error": error });
        Answer::bytes(
            StatusCode::OK,
            "application/json",
            body.to_string().into_bytes(),
        )
    }

    /// As JSON-2 says it: a status of its own and a bare body.
    pub(crate) fn in_json2(&self) -> Answer {
        json2(self.status, &self.data())
    }
}

fn json2(status: StatusCode, body: &Value) -> Answer {
    Answer::bytes(
        status,
        "application/json; charset=utf-8",
        body.to_string().into_bytes(),
    )
}

/// An error of HTTP in JSON-2.
pub(crate) fn http_in_json2(status: StatusCode, class: &str, message: &str) -> Answer {
    let body = json!({
        "name": format!("werkzeug.exceptions.{class}"),
        "message": message,
        "arguments": [message, status.as_u16()],
        "context": {},
        "debug": format!("Traceback (most recent call last):\nwerkzeug.exceptions.{class}: {status}: {message}\n"),
    });
    let answer = json2(status, &body);
    if status == StatusCode::UNAUTHORIZED {
        return answer.with("www-authenticate", "bearer");
    }
    answer
}

/// A page of the server's own or of what stands before it.
pub(crate) fn page(status: StatusCode, sentence: &str) -> Answer {
    let title = status.canonical_reason().unwrap_or_default();
    let body = format!(
        "<!doctype html>\n<html lang=en>\n<title>{} {title}</title>\n<h1>{title}</h1>\n<p>{sentence}</p>\n",
        status.as_u16()
    );
    Answer::bytes(status, "text/html; charset=utf-8", body.into_bytes())
}

/// 404 as a JSON request gets it.
pub(crate) fn not_found() -> Answer {
    let message = "404 Not Found: The requested URL was not found on the server. If you entered the URL manually \
                   please check your spelling and try again.";
    let data = json!({
        "name": "werkzeug.exceptions.NotFound", "debug": "Traceback (most recent call last):\n", "message": message,
        "arguments": [], "context": {},
    });
    let error =
        json!({ "code": 404, "message": "404: Not Found", "data": data, "http_status": 404 });
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": error });
    Answer::bytes(
        StatusCode::NOT_FOUND,
        "application/json",
        body.to_string().into_bytes(),
    )
}

/// A leaf as Python prints it: a tuple.
fn tuple(leaf: &Value) -> String {
    match leaf {
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(python).collect();
            let comma = if parts.len() == 1 { "," } else { "" };
            format!("({}{comma})", parts.join(", "))
        }
        Value::String(text) => text.clone(),
        other => python(other),
    }
}
