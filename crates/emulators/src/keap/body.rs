//! Bodies of API v2: JSON objects whose unknown members are ignored.

use serde_json::{Map, Value};

use super::errors::ApiError;
use crate::answer::ApiRequest;
use crate::core::Core;
use crate::directory::UserState;

/// The object a client sent.
#[derive(Debug)]
pub(crate) struct Body(Map<String, Value>);

impl Body {
    pub(crate) fn read(request: &ApiRequest) -> Result<Self, ApiError> {
        let is_json = request
            .header("content-type")
            .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"));
        if !is_json {
            return Err(ApiError::media_type());
        }
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(ApiError::invalid("Malformed JSON request body")),
        }
    }

    /// Only what `update_mask` names, when it names anything. What it names and the body does
    /// not hold is emptied.
    pub(crate) fn masked(self, request: &ApiRequest, known: &[&str]) -> Result<Self, ApiError> {
        let mask: Vec<&str> = request
            .query
            .iter()
            .filter(|(name, _)| name == "update_mask")
            .flat_map(|(_, value)| value.split(','))
            .collect();
        if let Some(field) = mask.iter().find(|field| !known.contains(field)) {
            let message = format!("Unknown field '{field}' in update_mask");
            return Err(ApiError::invalid(message));
        }
        if mask.is_empty() {
            return Ok(self);
        }
        let of = |field: &&str| {
            let value = self.0.get(*field).cloned().unwrap_or_default();
            ((*field).to_owned(), value)
        };
        Ok(Self(mask.iter().map(of).collect()))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            // Jackson reads numbers and booleans as the text they are.
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
            Some(_) => Err(ApiError::invalid(format!("'{name}' must be a string"))),
        }
    }

    /// An id, a number written as text.
    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, ApiError> {
        let id = self.text(name)?;
        let is_number = |id: &String| id.parse::<u64>().is_ok();
        match id.filter(|id| !id.is_empty()) {
            Some(id) if !is_number(&id) => {
                Err(ApiError::invalid(format!("'{name}' must be a number")))
            }
            id => Ok(id),
        }
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(ApiError::invalid(format!("'{name}' must be a boolean"))),
        }
    }

    /// One of these texts.
    pub(crate) fn choice(&self, name: &str, of: &[&str]) -> Result<Option<String>, ApiError> {
        let text = self.text(name)?;
        match text {
            Some(text) if !of.contains(&text.as_str()) => {
                let message = format!("'{name}' must be one of {}", of.join(", "));
                Err(ApiError::invalid(message))
            }
            text => Ok(text),
        }
    }

    /// A time in ISO-8601, kept as it was written.
    pub(crate) fn time(&self, name: &str) -> Result<Option<String>, ApiError> {
        let text = self.text(name)?;
        match text {
            Some(text) if text.parse::<jiff::Timestamp>().is_err() => {
                let message = format!("'{name}' must be an ISO-8601 date-time");
                Err(ApiError::invalid(message))
            }
            text => Ok(text),
        }
    }
}

/// Refuses the id of a user there is none of. Inactive users are taken.
pub(crate) fn user_exists(core: &Core, name: &str, id: &str) -> Result<(), ApiError> {
    let directory = core.directory();
    match directory.find(id) {
        Some(user) if user.state != UserState::Deleted => Ok(()),
        _ => Err(ApiError::invalid(format!(
            "'{name}' {id} is not a valid user"
        ))),
    }
}
