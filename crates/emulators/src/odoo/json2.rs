//! JSON-2: `POST /json/2/<model>/<method>` with named arguments and a bearer key.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::call::{self, Call};
use super::errors::{Exception, http_in_json2};
use super::{API_KEY, Odoo, has_database, models, rpc};
use crate::answer::{Answer, ApiRequest};
use crate::oauth::bearer;

/// Model and method of the path.
fn parts(path: &str) -> Option<(&str, &str)> {
    let (model, method) = path.strip_prefix("/json/2/")?.split_once('/')?;
    (!model.is_empty() && !method.is_empty() && !method.contains('/')).then_some((model, method))
}

fn refusal<T>(status: StatusCode, class: &str, message: &str) -> Result<T, Box<Answer>> {
    Err(Box::new(http_in_json2(status, class, message)))
}

/// The call of a request; the answer is why it is none.
pub(crate) fn call(request: &ApiRequest, path: &str, version: u32) -> Result<Call, Box<Answer>> {
    let Some((model, method)) = parts(path).filter(|_| request.method == Method::POST) else {
        let message = "Did you mean POST /json/2/<model>/<method>?";
        return refusal(StatusCode::NOT_FOUND, "NotFound", message);
    };
    if !rpc::is_json(request) && !request.body.is_empty() {
        let message = "Request inferred type is not compatible with application/json";
        return refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            message,
        );
    }
    let body = read(request)?;
    if models::find(model).is_none() {
        let message = format!("the model '{model}' does not exist");
        return refusal(StatusCode::NOT_FOUND, "NotFound", &message);
    }
    let unknown = |exception: Exception| {
        if method.starts_with('_') {
            return Box::new(exception.in_json2());
        }
        let message = format!("The method '{model}.{method}' does not exist");
        Box::new(http_in_json2(StatusCode::NOT_FOUND, "NotFound", &message))
    };
    let method = call::find(model, method, version).map_err(unknown)?;
    let mut call =
        call::named(model, method, body).map_err(|exception| Box::new(exception.in_json2()))?;
    // Records are answered as the list of their ids, also a single one.
    call.creates_many = true;
    Ok(call)
}

fn read(request: &ApiRequest) -> Result<Map<String, Value>, Box<Answer>> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => Ok(body),
        // What is no object holds no arguments.
        Ok(_) => Ok(Map::new()),
        Err(error) => {
            let message = format!("could not parse the body as json: {error}");
            refusal(StatusCode::BAD_REQUEST, "BadRequest", &message)
        }
    }
}

/// Checks the key, then runs the call.
pub(crate) fn answer(odoo: &Odoo, request: &ApiRequest, path: &str, version: u32) -> Answer {
    let database = request.header("x-odoo-database");
    if database.is_some_and(|name| !has_database(version, name)) {
        return http_in_json2(
            StatusCode::NOT_FOUND,
            "NotFound",
            "No database is selected.",
        );
    }
    // The path is looked at before the key: a wrong one is 404 to everybody.
    if parts(path).is_some() && request.method == Method::POST {
        let message = match bearer(request) {
            Some(API_KEY) if odoo.user().is_some() => None,
            Some(_) => Some("Invalid apikey"),
            None => {
                Some("User not authenticated, use an API Key with a Bearer Authorization header.")
            }
        };
        if let Some(message) = message {
            return http_in_json2(StatusCode::UNAUTHORIZED, "Unauthorized", message);
        }
    }
    let call = match call(request, path, version) {
        Ok(call) => call,
        Err(answer) => return *answer,
    };
    let user = odoo.user().unwrap_or(0);
    match odoo.run(request, version, user, &call) {
        Ok(value) => Answer::bytes(
            StatusCode::OK,
            "application/json; charset=utf-8",
            value.to_string().into_bytes(),
        ),
        Err(exception) => exception.in_json2(),
    }
}
