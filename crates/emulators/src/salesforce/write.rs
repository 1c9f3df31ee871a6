//! Making, changing and deleting tasks and events, with the vendor's checks.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::ids;
use super::objects::{CLOSED, is_restricted, picklist};
use super::rows::{Row, date_time};
use super::schema::{Field, Object, Setting, Type};
use super::world::{Held, World};
use crate::core::Core;
use crate::directory::{User, UserKind};
use crate::records::Record;

/// Makes a record; its id.
pub(crate) fn create(
    core: &Core,
    object: &'static Object,
    fields: &Map<String, Value>,
    user: &str,
    hidden: &[&str],
) -> Result<String, ApiError> {
    if !object.writable {
        let message = format!("entity type cannot be inserted: {}", object.name);
        return Err(ApiError::record(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            message,
            vec![],
        ));
    }
    let now = core.clock.now();
    let set = {
        let held = Held::of(core);
        let world = held.world();
        let draft = Draft {
            object,
            hidden,
            is_new: true,
        };
        let mut set = defaults(object, user);
        set.extend(draft.checked(fields, &world)?);
        derive(object, &mut set, &world, now)?;
        set
    };
    let mut records = core.records();
    let id = ids::make(object.key_prefix, records.count(object.name));
    let mut shown = Map::new();
    for field in object.fields {
        let value = set.get(field.name).cloned().unwrap_or_default();
        shown.insert(field.name.to_owned(), value);
    }
    shown.insert("CreatedDate".to_owned(), json!(date_time(now)));
    shown.insert("CreatedById".to_owned(), json!(user));
    shown.insert("Id".to_owned(), json!(id));
    records.add(Record {
        kind: object.name.to_owned(),
        id: id.clone(),
        owner: set
            .get("OwnerId")
            .and_then(Value::as_str)
            .map(str::to_owned),
        fields: Value::Object(shown),
        created: now,
        modified: now,
    });
    Ok(id)
}

/// Changes the fields given.
pub(crate) fn update(
    core: &Core,
    object: &'static Object,
    id: &str,
    fields: &Map<String, Value>,
    hidden: &[&str],
) -> Result<(), ApiError> {
    if !object.writable {
        return Err(ApiError::record(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object id",
            vec![],
        ));
    }
    let now = core.clock.now();
    let set = {
        let held = Held::of(core);
        let world = held.world();
        let Some(Row::Written(record)) = world.find(id) else {
            return Err(deleted());
        };
        let draft = Draft {
            object,
            hidden,
            is_new: false,
        };
        let mut set = record.fields.as_object().cloned().unwrap_or_default();
        set.extend(draft.checked(fields, &world)?);
        derive(object, &mut set, &world, now)?;
        set
    };
    let mut records = core.records();
    let record = records.find_mut(object.name, id).ok_or_else(deleted)?;
    record.owner = set
        .get("OwnerId")
        .and_then(Value::as_str)
        .map(str::to_owned);
    record.fields = Value::Object(set);
    record.modified = now;
    Ok(())
}

/// Puts a record into the recycle bin.
pub(crate) fn delete(core: &Core, object: &Object, id: &str) -> Result<(), ApiError> {
    let mut records = core.records();
    let record = records.find_mut(object.name, id).ok_or_else(|| {
        ApiError::record(
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object id",
            vec![],
        )
    })?;
    record.fields["IsDeleted"] = json!(true);
    record.modified = core.clock.now();
    record.fields["SystemModstamp"] = json!(date_time(record.modified));
    Ok(())
}

/// What a write to a record that is gone is told.
pub(crate) fn deleted() -> ApiError {
    ApiError {
        status: StatusCode::NOT_FOUND,
        ..ApiError::record("ENTITY_IS_DELETED", "entity is deleted", vec![])
    }
}

fn defaults(object: &Object, user: &str) -> Map<String, Value> {
    let values = match object.name {
        "Task" => json!({
            "OwnerId": user, "Status": "Not Started", "Priority": "Normal", "TaskSubtype": "Task",
            "IsDeleted": false, "IsArchived": false,
        }),
        _ => json!({
            "OwnerId": user, "IsAllDayEvent": false, "IsDeleted": false, "EventSubtype": "Event",
        }),
    };
    values.as_object().cloned().unwrap_or_default()
}

/// The fields that follow from others, and what must fit together.
fn derive(
    object: &Object,
    set: &mut Map<String, Value>,
    world: &World,
    now: Timestamp,
) -> Result<(), ApiError> {
    let given = |name: &str| set.get(name).and_then(Value::as_str).map(str::to_owned);
    let who = given("WhoId").and_then(|id| world.find(&id));
    let what = given("WhatId");
    if matches!(who, Some(Row::Lead(_))) && what.is_some() {
        let message = "Related To ID: a lead and another record cannot be related to one activity";
        return Err(ApiError::record(
            "FIELD_INTEGRITY_EXCEPTION",
            message,
            vec!["WhatId"],
        ));
    }
    let account = match who {
        Some(Row::Contact(contact)) => Some(contact.company_id.clone()),
        _ => what.filter(|id| id.starts_with("001")),
    };
    set.insert("AccountId".to_owned(), json!(account));
    set.insert("LastModifiedDate".to_owned(), json!(date_time(now)));
    set.insert("SystemModstamp".to_owned(), json!(date_time(now)));
    if object.name == "Task" {
        let closed = given_is(set, "Status", CLOSED);
        let high = given_is(set, "Priority", "High");
        if closed && !given_is_true(set, "IsClosed") {
            set.insert("CompletedDateTime".to_owned(), json!(date_time(now)));
        }
        set.insert("IsClosed".to_owned(), json!(closed));
        set.insert("IsHighPriority".to_owned(), json!(high));
        return Ok(());
    }
    event_times(set)
}

fn given_is(set: &Map<String, Value>, name: &str, value: &str) -> bool {
    set.get(name).and_then(Value::as_str) == Some(value)
}

fn given_is_true(set: &Map<String, Value>, name: &str) -> bool {
    set.get(name).and_then(Value::as_bool) == Some(true)
}

/// An event needs a start and either an end or a duration.
fn event_times(set: &mut Map<String, Value>) -> Result<(), ApiError> {
    let time = |set: &Map<String, Value>, name: &str| -> Option<Timestamp> {
        set.get(name)?.as_str()?.parse().ok()
    };
    let start = time(set, "StartDateTime").or_else(|| time(set, "ActivityDateTime"));
    let Some(start) = start else {
        let message = "Required fields are missing: [ActivityDateTime]";
        let fields = vec!["ActivityDateTime"];
        return Err(ApiError::record("REQUIRED_FIELD_MISSING", message, fields));
    };
    let minutes = set.get("DurationInMinutes").and_then(Value::as_i64);
    let end = match minutes {
        Some(minutes) => start
            .checked_add(jiff::SignedDuration::from_mins(minutes))
            .ok(),
        None => time(set, "EndDateTime"),
    };
    let Some(end) = end else {
        let message = "Required fields are missing: [DurationInMinutes]";
        let fields = vec!["DurationInMinutes"];
        return Err(ApiError::record("REQUIRED_FIELD_MISSING", message, fields));
    };
    let length = end.duration_since(start).as_mins();
    if length < 0 {
        let message = "End: the end of an event must not be before its start";
        return Err(ApiError::record(
            "FIELD_INTEGRITY_EXCEPTION",
            message,
            vec!["EndDateTime"],
        ));
    }
    set.insert("StartDateTime".to_owned(), json!(date_time(start)));
    set.insert("ActivityDateTime".to_owned(), json!(date_time(start)));
    set.insert("EndDateTime".to_owned(), json!(date_time(end)));
    set.insert("DurationInMinutes".to_owned(), json!(length));
    Ok(())
}

/// What a client sent, before it is a record.
struct Draft<'a> {
    object: &'static Object,
    hidden: &'a [&'a str],
    is_new: bool,
}

impl Draft<'_> {
    /// The fields by their right names, their values checked.
    fn checked(
        &self,
        fields: &Map<String, Value>,
        world: &World,
    ) -> Result<Map<String, Value>, ApiError> {
        let mut checked = Map::new();
        for (name, value) in fields.iter().filter(|(name, _)| *name != "attributes") {
            let field = self.field(name)?;
            let value = self.value(field, value)?;
            let value = reference(self.object, field, value, world)?;
            checked.insert(field.name.to_owned(), value);
        }
        Ok(checked)
    }

    fn field(&self, name: &str) -> Result<&'static Field, ApiError> {
        let hides = |name: &str| {
            self.hidden
                .iter()
                .any(|field| field.eq_ignore_ascii_case(name))
        };
        let Some(field) = self.object.field(name).filter(|field| !hides(field.name)) else {
            let object = self.object.name;
            let message = format!("No such column '{name}' on sobject of type {object}");
            return Err(ApiError::bad("INVALID_FIELD", message));
        };
        if field.setting == Setting::Always || (self.is_new && field.setting == Setting::Once) {
            return Ok(field);
        }
        let message = format!(
            "Unable to create/update fields: {}. Please check the security settings of this field and \
             verify that it is read/write for your profile or permission set.",
            field.name
        );
        let fields = vec![field.name];
        Err(ApiError::record(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            message,
            fields,
        ))
    }

    /// The value, when it is of the field's type.
    fn value(&self, field: &Field, value: &Value) -> Result<Value, ApiError> {
        if value.is_null() {
            return if field.nillable {
                Ok(Value::Null)
            } else {
                let message = format!("Required fields are missing: [{}]", field.name);
                let fields = vec![field.name];
                Err(ApiError::record("REQUIRED_FIELD_MISSING", message, fields))
            };
        }
        let text = value.as_str();
        let read = match field.kind {
            Type::Boolean => value.as_bool().map(Value::from),
            Type::Integer => value.as_i64().map(Value::from),
            Type::Date => text
                .and_then(|text| text.parse::<Date>().ok())
                .map(|date| json!(date.to_string())),
            Type::DateTime => text
                .and_then(|text| text.parse::<Timestamp>().ok())
                .map(|time| json!(date_time(time))),
            _ => text.map(Value::from),
        };
        let Some(read) = read else {
            return Err(not_readable(field, value));
        };
        let longest = usize::try_from(field.kind.length()).unwrap_or(usize::MAX);
        if let Some(text) = text
            && longest > 0
            && !field.kind.is_id()
            && text.chars().count() > longest
        {
            let start: String = text.chars().take(255).collect();
            let message = format!(
                "{}: data value too large: {start} (max length={longest})",
                field.name
            );
            return Err(ApiError::record(
                "STRING_TOO_LONG",
                message,
                vec![field.name],
            ));
        }
        let values = picklist(self.object.name, field.name);
        if let Some(text) = text
            && is_restricted(field.name)
            && !values.contains(&text)
        {
            let message = format!(
                "{}: bad value for restricted picklist field: {text}",
                field.name
            );
            return Err(ApiError::record(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                message,
                vec![field.name],
            ));
        }
        Ok(read)
    }
}

fn not_readable(field: &Field, value: &Value) -> ApiError {
    let given = match value {
        Value::String(_) => "VALUE_STRING",
        Value::Number(_) => "VALUE_NUMBER_INT",
        Value::Bool(true) => "VALUE_TRUE",
        Value::Bool(false) => "VALUE_FALSE",
        Value::Array(_) => "START_ARRAY",
        _ => "START_OBJECT",
    };
    let message = format!(
        "Cannot deserialize instance of {} from {given} value {value} or request may be missing a \
         required field at [line:1, column:2]",
        field.kind.name()
    );
    ApiError::bad("JSON_PARSER_ERROR", message)
}

/// What a reference leads to must be there and be of the right kind; an owner must be active.
fn reference(
    object: &Object,
    field: &Field,
    value: Value,
    world: &World,
) -> Result<Value, ApiError> {
    let (Type::Reference(objects, _), Some(text)) = (field.kind, value.as_str()) else {
        return Ok(value);
    };
    let fields = vec![field.name];
    let wrong = |fields| {
        let message = format!("{}: id value of incorrect type: {text}", field.name);
        Err(ApiError::record("MALFORMED_ID", message, fields))
    };
    let Some(id) = ids::normalise(text) else {
        return wrong(fields);
    };
    let prefixes = objects.iter().filter_map(|name| super::schema::find(name));
    if !prefixes
        .into_iter()
        .any(|object| id.starts_with(object.key_prefix))
    {
        return wrong(fields);
    }
    let Some(row) = world.find(&id) else {
        let message = "invalid cross reference id";
        return Err(ApiError::record(
            "INVALID_CROSS_REFERENCE_KEY",
            message,
            vec![],
        ));
    };
    match row {
        Row::User(user) if field.name == "OwnerId" => may_own(user, object)?,
        _ => {}
    }
    Ok(json!(id))
}

fn may_own(user: &User, object: &Object) -> Result<(), ApiError> {
    if user.is_active() && user.kind != UserKind::Automated {
        return Ok(());
    }
    let message = format!(
        "operation performed with inactive user [{}] as owner of {}",
        user.id,
        object.name.to_lowercase()
    );
    Err(ApiError::record("INACTIVE_OWNER_OR_USER", message, vec![]))
}
