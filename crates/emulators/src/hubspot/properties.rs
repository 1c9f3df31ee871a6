//! The properties of a kind: those it always has, those the customer added, and what values they
//! take.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{Problem, wrong_verb};
use super::schema::{Kind, Type};
use super::{HUB_ID, date_time, owners};
use crate::answer::{Answer, ApiRequest};
use crate::directory::User;

/// A property that the customer added.
#[derive(Clone, Debug)]
struct Custom {
    kind: &'static str,
    name: String,
    label: String,
    is_unique: bool,
    created: Timestamp,
}

/// The properties that the customer added.
#[derive(Debug, Default)]
pub(crate) struct CustomProperties(Mutex<Vec<Custom>>);

impl CustomProperties {
    fn lock(&self) -> MutexGuard<'_, Vec<Custom>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a property holds; `None` when there is none of that name.
    pub(crate) fn type_of(&self, kind: &Kind, name: &str) -> Option<Type> {
        let mut own = kind.properties.iter();
        if let Some((_, kind_of)) = own.find(|(own, _)| *own == name) {
            return Some(*kind_of);
        }
        self.has(kind, name, false).then_some(Type::Text)
    }

    /// Whether no two records may have the same value there.
    pub(crate) fn is_unique(&self, kind: &Kind, name: &str) -> bool {
        self.has(kind, name, true)
    }

    fn has(&self, kind: &Kind, name: &str, unique: bool) -> bool {
        let all = self.lock();
        let mut own = all.iter().filter(|custom| custom.kind == kind.name);
        own.any(|custom| custom.name == name && (custom.is_unique || !unique))
    }

    /// `/crm/v3/properties/{kind}` and one of them.
    pub(crate) fn answer(
        &self,
        request: &ApiRequest,
        kind: &'static Kind,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<Answer, Problem> {
        match (&request.method, name) {
            (&Method::GET, None) => {
                let own = kind.properties.iter().map(|(name, of)| built_in(name, *of));
                let all = self.lock();
                let added = all.iter().filter(|custom| custom.kind == kind.name);
                let results: Vec<Value> = own.chain(added.map(described)).collect();
                Ok(Answer::json(StatusCode::OK, &json!({ "results": results })))
            }
            (&Method::GET, Some(name)) => {
                let mut own = kind.properties.iter();
                if let Some((name, of)) = own.find(|(own, _)| *own == name) {
                    return Ok(Answer::json(StatusCode::OK, &built_in(name, *of)));
                }
                let all = self.lock();
                let mut added = all.iter().filter(|custom| custom.kind == kind.name);
                let found = added.find(|custom| custom.name == name);
                let found = found.ok_or_else(Problem::not_found)?;
                Ok(Answer::json(StatusCode::OK, &described(found)))
            }
            (&Method::POST, None) => self.add(request, kind, now),
            _ => Ok(wrong_verb()),
        }
    }

    fn add(
        &self,
        request: &ApiRequest,
        kind: &'static Kind,
        now: Timestamp,
    ) -> Result<Answer, Problem> {
        let body: Value = serde_json::from_slice(&request.body)
            .map_err(|error| Problem::bad_json(&error.to_string()))?;
        for field in ["name", "label", "type", "fieldType", "groupName"] {
            if body[field].as_str().is_none_or(str::is_empty) {
                let message = format!("Some required fields were not set: [{field}]");
                return Err(Problem::invalid(message));
            }
        }
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        let name = text("name");
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if !name.chars().all(plain) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            let message = format!("Property name {name} must be lower case letters, digits and _");
            return Err(Problem::invalid(message));
        }
        if body["type"] != "string" {
            let message = "this emulator adds properties of type string only";
            return Err(Problem::invalid(message));
        }
        if self.type_of(kind, &name).is_some() {
            let message = format!("A property named '{name}' already exists.");
            return Err(Problem::conflict(message));
        }
        let custom = Custom {
            kind: kind.name,
            name,
            label: text("label"),
            is_unique: body["hasUniqueValue"] == true,
            created: now,
        };
        let answer = Answer::json(StatusCode::CREATED, &described(&custom));
        self.lock().push(custom);
        Ok(answer)
    }

    /// The value as it is kept, or why it does not fit.
    pub(crate) fn accept(
        &self,
        kind: &Kind,
        users: &[User],
        name: &str,
        value: &Value,
    ) -> Result<String, Value> {
        let bad = |error: &str, message: String| {
            json!({
                "isValid": false, "message": message, "error": error, "name": name,
                "localizedErrorMessage": message, "portalId": HUB_ID,
            })
        };
        let Some(of) = self.type_of(kind, name) else {
            let message = format!("Property \"{name}\" does not exist");
            return Err(bad("PROPERTY_DOESNT_EXIST", message));
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => {
                return Err(bad(
                    "INVALID_VALUE",
                    format!("{value} is not a property value"),
                ));
            }
        };
        if text.is_empty() && of != Type::ReadOnly {
            return Ok(text); // clears the property
        }
        match of {
            Type::Text => Ok(text),
            Type::Number if text.parse::<f64>().is_ok() => Ok(text),
            Type::Number => Err(bad(
                "INVALID_DOUBLE",
                format!("{text} was not a valid number."),
            )),
            Type::Time => time(&text)
                .map(date_time)
                .ok_or_else(|| bad("INVALID_DATE", format!("{text} was not a valid long."))),
            Type::Owner if owners::find(users, &text).is_some() => Ok(text),
            Type::Owner => Err(bad(
                "INVALID_OWNER_ID",
                format!("{text} was not a valid owner id."),
            )),
            Type::Secure if text.starts_with("https://") => Ok(text),
            Type::Secure => Err(bad(
                "INVALID_URL",
                format!("{text} must be an https address."),
            )),
            Type::OneOf(all) if all.contains(&text.as_str()) => Ok(text),
            Type::OneOf(all) => Err(bad(
                "INVALID_OPTION",
                format!("{text} was not one of the allowed options: {all:?}"),
            )),
            Type::ReadOnly => Err(bad(
                "READ_ONLY_VALUE",
                format!("\"{name}\" is a read only property; its value cannot be set."),
            )),
        }
    }
}

/// A time in ISO 8601 or milliseconds since 1970.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(milliseconds) => Timestamp::from_millisecond(milliseconds).ok(),
        Err(_) => text.parse().ok(),
    }
}

fn built_in(name: &str, of: Type) -> Value {
    let (kind, field) = match of {
        Type::Number => ("number", "number"),
        Type::Time => ("datetime", "date"),
        Type::OneOf(_) | Type::Owner => ("enumeration", "select"),
        Type::Text | Type::Secure | Type::ReadOnly => ("string", "text"),
    };
    let options: Vec<Value> = match of {
        Type::OneOf(all) => all
            .iter()
            .map(|value| json!({ "label": value, "value": value, "hidden": false }))
            .collect(),
        _ => Vec::new(),
    };
    json!({
        "name": name, "label": name, "type": kind, "fieldType": field, "groupName": "information",
        "options": options, "hasUniqueValue": false, "hubspotDefined": true, "archived": false,
        "modificationMetadata": { "readOnlyValue": of == Type::ReadOnly },
    })
}

fn described(custom: &Custom) -> Value {
    json!({
        "name": custom.name, "label": custom.label, "type": "string", "fieldType": "text",
        "groupName": "information", "options": [], "hasUniqueValue": custom.is_unique,
        "hubspotDefined": false, "archived": false, "createdAt": date_time(custom.created),
        "updatedAt": date_time(custom.created),
        "modificationMetadata": { "readOnlyValue": false },
    })
}
