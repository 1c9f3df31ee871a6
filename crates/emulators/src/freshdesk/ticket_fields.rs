//! Which fields a ticket may have, and what is wrong with those that were sent.

use serde_json::{Map, Value};

use super::agents::is_agent;
use super::contacts::find;
use super::errors::Problem;
use super::fields::{Fields, Type};
use super::{Freshdesk, GROUP_ID};

/// What a ticket may be written with.
pub(crate) const FIELDS: Fields = &[
    ("name", Type::Text),
    ("requester_id", Type::Number),
    ("email", Type::Text),
    ("facebook_id", Type::Text),
    ("phone", Type::Text),
    ("twitter_id", Type::Text),
    ("unique_external_id", Type::Text),
    ("subject", Type::Text),
    ("type", Type::Text),
    ("status", Type::Number),
    ("priority", Type::Number),
    ("description", Type::Text),
    ("responder_id", Type::Number),
    ("cc_emails", Type::List),
    ("custom_fields", Type::Object),
    ("due_by", Type::Time),
    ("email_config_id", Type::Number),
    ("fr_due_by", Type::Time),
    ("group_id", Type::Number),
    ("internal_agent_id", Type::Number),
    ("internal_group_id", Type::Number),
    ("parent_id", Type::Number),
    ("product_id", Type::Number),
    ("source", Type::Number),
    ("tags", Type::List),
    ("company_id", Type::Number),
    ("lookup_parameter", Type::Text),
];

/// The fields whose value is one of a few numbers.
const CHOICES: &[(&str, &[u64])] = &[
    ("status", &[2, 3, 4, 5]),
    ("priority", &[1, 2, 3, 4]),
    ("source", &[1, 2, 3, 7, 9, 10]),
];

/// The types of a ticket.
const TYPES: &[&str] = &[
    "Question",
    "Incident",
    "Problem",
    "Feature Request",
    "Refund",
];

/// The one field of its own that this help desk has.
pub(crate) const CUSTOM_FIELD: &str = "cf_call_id";

impl Freshdesk {
    /// What is wrong with fields that are there.
    pub(crate) fn wrong(&self, fields: &Map<String, Value>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, choices) in CHOICES {
            let given = fields.get(*name).and_then(Value::as_u64);
            if given.is_some_and(|given| !choices.contains(&given)) {
                problems.push(not_among(name, choices));
            }
        }
        let kind = fields.get("type").and_then(Value::as_str);
        if kind.is_some_and(|kind| !TYPES.contains(&kind)) {
            let text = format!("It should be one of these values: '{}'", TYPES.join(","));
            problems.push(Problem::new("type", text, "invalid_value"));
        }
        let custom = fields.get("custom_fields").and_then(Value::as_object);
        for name in custom.into_iter().flat_map(Map::keys) {
            if name != CUSTOM_FIELD {
                problems.push(Problem::unknown(name));
            }
        }
        if fields
            .get("group_id")
            .is_some_and(|id| !id.is_null() && *id != GROUP_ID)
        {
            problems.push(Problem::absent("group_id", "group"));
        }
        let directory = self.core.directory();
        let contacts = self.core.contacts();
        if let Some(id) = fields.get("responder_id").and_then(Value::as_u64) {
            let agent = directory.find(&id.to_string());
            if !agent.is_some_and(is_agent) {
                problems.push(Problem::absent("responder_id", "agent"));
            }
        }
        if let Some(id) = fields.get("requester_id").and_then(Value::as_u64) {
            let id = id.to_string();
            if find(&directory, &contacts, &id).is_none() && directory.find(&id).is_none() {
                problems.push(Problem::absent("requester_id", "contact"));
            }
        }
        problems
    }
}

/// What is missing from a new ticket.
pub(crate) fn missing(fields: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let is_set = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    for name in ["description", "subject"] {
        if !is_set(name) {
            problems.push(Problem::new(
                name,
                "It should be a/an String",
                "missing_field",
            ));
        }
    }
    for (name, choices) in &CHOICES[..2] {
        if !is_set(name) {
            problems.push(Problem {
                code: "missing_field",
                ..not_among(name, choices)
            });
        }
    }
    let identities = [
        "requester_id",
        "phone",
        "email",
        "twitter_id",
        "facebook_id",
        "unique_external_id",
    ];
    if !identities.iter().any(|name| is_set(name)) {
        let message = "Please fill at least 1 of requester_id, phone, email, twitter_id, facebook_id, \
                       unique_external_id fields";
        problems.push(Problem::new("requester_id", message, "missing_field"));
    }
    problems
}

fn not_among(name: &str, choices: &[u64]) -> Problem {
    let list: Vec<String> = choices.iter().map(u64::to_string).collect();
    let text = format!("It should be one of these values: '{}'", list.join(","));
    Problem::new(name, text, "invalid_value")
}
