//! Checks what is to be written. The errors are the vendor's texts, as far as they are known.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::date_time;
use super::entities::{Entity, find};
use super::fields::Field;
use super::rows::{ACTION_TYPES, ROLES, is_api, one, whole};
use crate::core::Core;

/// The fields a client sent, by the names the entity spells them. What it does not know is passed
/// over, and what only the vendor writes as well.
#[derive(Debug)]
pub(crate) struct Sent(pub(crate) Map<String, Value>);

impl Sent {
    /// The known fields of a body; `None` when it is no object.
    pub(crate) fn read(entity: &Entity, body: &Value) -> Option<Self> {
        let known = body.as_object()?.iter().filter_map(|(name, value)| {
            let field = entity.field(name)?;
            let taken = !field.read_only || field.name == "id";
            taken.then(|| (field.name.to_owned(), value.clone()))
        });
        Some(Self(known.collect()))
    }

    /// A sparse update leaves the other fields as they are.
    pub(crate) fn keep_others(&mut self, old: &Map<String, Value>) {
        for (name, value) in old {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// Every field of the entity, null where nothing was sent; or the first thing wrong.
pub(crate) fn checked(
    core: &Core,
    entity: &Entity,
    sent: &Sent,
) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    for field in entity.fields.iter().filter(|field| !field.read_only) {
        let value = sent.0.get(field.name).unwrap_or(&Value::Null);
        let value = value_of(field, value)?;
        fields.insert(field.name.to_owned(), value);
    }
    references(core, &fields)?;
    match entity.path {
        "Tickets" => ticket(&mut fields)?,
        "TimeEntries" => time_entry(&mut fields)?,
        "CompanyToDos" | "CompanyNotes" => {
            span(&fields)?;
        }
        _ => {}
    }
    Ok(fields)
}

fn value_of(field: &Field, value: &Value) -> Result<Value, String> {
    let name = field.name;
    if value.is_null() || value == "" {
        return if field.required {
            Err(format!("{name} is required"))
        } else {
            Ok(Value::Null)
        };
    }
    let wrong = || format!("The value {value} is not valid for the field {name}.");
    let text = value.as_str();
    let read = match field.data_type {
        "long" | "integer" => {
            let number = value.as_i64().or_else(|| text?.parse().ok());
            json!(number.ok_or_else(wrong)?)
        }
        "double" => {
            let number = value.as_f64().or_else(|| text?.parse().ok());
            json!(number.ok_or_else(wrong)?)
        }
        "boolean" => json!(value.as_bool().ok_or_else(wrong)?),
        "datetime" => {
            let time: Option<Timestamp> = text.and_then(|text| text.parse().ok());
            json!(date_time(time.ok_or_else(wrong)?))
        }
        _ => {
            let text = text.ok_or_else(wrong)?;
            let most = usize::try_from(field.length).unwrap_or(usize::MAX);
            if most > 0 && text.chars().count() > most {
                return Err(format!(
                    "The field {name} is longer than its maximum of {most} characters."
                ));
            }
            json!(text)
        }
    };
    let shown = read.as_i64().map(|number| number.to_string());
    let known = field.picklist.is_empty()
        || field
            .picklist
            .iter()
            .any(|(own, _)| shown.as_deref() == Some(*own));
    if known { Ok(read) } else { Err(wrong()) }
}

/// What ids lead to must be there, and what is worked on by somebody, by somebody who works.
fn references(core: &Core, fields: &Map<String, Value>) -> Result<(), String> {
    let id = |name: &str| fields.get(name).and_then(Value::as_i64);
    let exists = |path: &str, id: i64| {
        find(path)
            .and_then(|entity| one(core, entity, id))
            .is_some()
    };
    for (name, path) in [("companyID", "Companies"), ("ticketID", "Tickets")] {
        if id(name).is_some_and(|id| !exists(path, id)) {
            return Err(format!("The reference value of {name} does not exist."));
        }
    }
    if let Some(contact) = id("contactID") {
        let contacts = core.contacts();
        let company = contacts
            .find(&contact.to_string())
            .map(|found| whole(&found.company_id));
        if company.is_none() || id("companyID").is_some_and(|own| Some(own) != company) {
            return Err("The contact does not belong to the company or its parent.".to_owned());
        }
    }
    for name in [
        "assignedResourceID",
        "assignedToResourceID",
        "resourceID",
        "ownerResourceID",
    ] {
        let Some(resource) = id(name) else { continue };
        let directory = core.directory();
        match directory.find(&resource.to_string()) {
            None => return Err(format!("The reference value of {name} does not exist.")),
            // The API user is the one whose own writes a webhook leaves out, and who may own it.
            Some(user) if is_api(user) && name != "resourceID" && name != "ownerResourceID" => {
                return Err(format!("{name}: the resource cannot be assigned."));
            }
            Some(user) if !user.is_active() => {
                return Err(format!("{name}: the resource is not active."));
            }
            Some(_) => {}
        }
    }
    for name in ["roleID", "assignedResourceRoleID"] {
        if id(name).is_some_and(|id| ROLES.iter().all(|(own, _)| *own != id)) {
            return Err(format!("The reference value of {name} does not exist."));
        }
    }
    if id("actionType").is_some_and(|id| ACTION_TYPES.iter().all(|(own, _)| *own != id)) {
        return Err("The reference value of actionType does not exist.".to_owned());
    }
    Ok(())
}

/// A ticket lies in a queue, or with a resource in a role. The usual category gives it a date.
fn ticket(fields: &mut Map<String, Value>) -> Result<(), String> {
    let given = |name: &str| !fields[name].is_null();
    match (given("assignedResourceID"), given("assignedResourceRoleID")) {
        (true, false) => return Err("assignedResourceRoleID is required".to_owned()),
        (false, true) => return Err("assignedResourceID is required".to_owned()),
        (false, false) if !given("queueID") => return Err("queueID is required".to_owned()),
        _ => {}
    }
    if fields["ticketCategory"].is_null() {
        fields.insert("ticketCategory".to_owned(), json!(3));
    }
    Ok(())
}

fn time_entry(fields: &mut Map<String, Value>) -> Result<(), String> {
    if fields["ticketID"].is_null() && fields["taskID"].is_null() {
        return Err("ticketID or taskID is required".to_owned());
    }
    for name in ["roleID", "dateWorked", "summaryNotes"] {
        if fields[name].is_null() {
            return Err(format!("{name} is required"));
        }
    }
    if fields["hoursWorked"].is_null() {
        let length = span(fields)?.ok_or("hoursWorked is required")?;
        let hours = (length.as_secs_f64() / 36.0).round() / 100.0;
        fields.insert("hoursWorked".to_owned(), json!(hours));
    }
    let hours = fields["hoursWorked"].as_f64().unwrap_or(0.0);
    if hours <= 0.0 || hours > 24.0 {
        return Err("hoursWorked must be greater than 0 and at most 24.".to_owned());
    }
    if fields["hoursToBill"].is_null() {
        fields.insert("hoursToBill".to_owned(), json!(hours));
    }
    Ok(())
}

/// From start to end, when both are there.
fn span(fields: &Map<String, Value>) -> Result<Option<SignedDuration>, String> {
    let time = |name: &str| -> Option<Timestamp> { fields[name].as_str()?.parse().ok() };
    let (Some(start), Some(end)) = (time("startDateTime"), time("endDateTime")) else {
        return Ok(None);
    };
    if end < start {
        return Err("endDateTime must be later than startDateTime.".to_owned());
    }
    Ok(Some(end.duration_since(start)))
}
