//! Making, changing and deleting records.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Map, Value, json};

use super::data::{Data, date};
use super::domain::comparable;
use super::errors::Refused;
use super::methods::{Asked, Call};
use super::models::{self, Field, Kind, Model};
use super::numbers::{international, written};
use crate::records::Record;

/// Where the ids of parties and contact mechanisms that clients make start, above all seeded ones.
const MADE_FROM: i64 = 40_000_000;

/// Numbers that are never used twice, as a database gives them.
#[derive(Debug, Default)]
pub(crate) struct Sequence(AtomicI64);

impl Sequence {
    fn next(&self, model: &str) -> i64 {
        let from = if model.starts_with("party.") {
            MADE_FROM
        } else {
            0
        };
        from + self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// `create([values, …])`: all or none.
pub(crate) fn create(asked: &Asked<'_>, call: &Call<'_>) -> Result<Value, Refused> {
    let empty = Vec::new();
    let all = call
        .params
        .first()
        .and_then(Value::as_array)
        .unwrap_or(&empty);
    let mut made = Vec::new();
    for values in all {
        match create_one(asked, call.model, call.context, values) {
            Ok(id) => made.push(id),
            Err(refused) => {
                let mut data = Data::of(asked.core);
                for id in made {
                    data.records.remove(call.model.name, &i64::to_string(&id));
                }
                return Err(refused);
            }
        }
    }
    Ok(json!(made))
}

fn create_one(
    asked: &Asked<'_>,
    model: &'static Model,
    context: &Map<String, Value>,
    values: &Value,
) -> Result<i64, Refused> {
    let id = asked.sequence.next(model.name);
    let given = values.as_object().cloned().unwrap_or_default();
    let mut mechanisms = Vec::new();
    let fields = {
        let mut data = Data::of(asked.core);
        let mut fields = checked(&data, model, given, &mut mechanisms)?;
        complete(asked, &data, model, context, id, &mut fields)?;
        fields.insert("create_uid".to_owned(), json!(asked.user));
        let now = asked.core.clock.now();
        let owner = fields
            .get("employee")
            .and_then(Value::as_i64)
            .map(|employee| employee.to_string());
        data.records.add(Record {
            kind: model.name.to_owned(),
            id: id.to_string(),
            owner,
            fields: Value::Object(fields.clone()),
            created: now,
            modified: now,
        });
        fields
    };
    debug_assert!(fields.contains_key("create_uid"));
    for mut mechanism in mechanisms {
        mechanism["party"] = json!(id);
        let Some(kind) = models::find("party.contact_mechanism") else {
            continue;
        };
        if let Err(refused) = create_one(asked, kind, context, &mechanism) {
            Data::of(asked.core)
                .records
                .remove(model.name, &id.to_string());
            return Err(refused);
        }
    }
    Ok(id)
}

/// What a client gave, field by field. Of a party `[["create", […]]]` makes its contact
/// mechanisms along.
fn checked(
    data: &Data<'_>,
    model: &'static Model,
    given: Map<String, Value>,
    mechanisms: &mut Vec<Value>,
) -> Result<Map<String, Value>, Refused> {
    let mut fields = Map::new();
    for (name, value) in given {
        let field = model.field(&name).ok_or_else(|| Refused::key(&name))?;
        if name == "contact_mechanisms" {
            let orders = value.as_array().cloned().unwrap_or_default();
            let creates = orders.iter().filter(|order| order[0] == "create");
            mechanisms
                .extend(creates.flat_map(|order| order[1].as_array().cloned().unwrap_or_default()));
            continue;
        }
        // Kept by the server whatever a client says.
        if matches!(
            name.as_str(),
            "id" | "rec_name" | "create_uid" | "create_date" | "write_uid" | "write_date"
        ) {
            continue;
        }
        let value = taken(data, model, field, value)?;
        fields.insert(name, value);
    }
    Ok(fields)
}

fn taken(data: &Data<'_>, model: &Model, field: &Field, value: Value) -> Result<Value, Refused> {
    if value.is_null() {
        return Ok(value);
    }
    let not_whole = |value: &Value| {
        let printed = value
            .as_str()
            .map_or_else(|| value.to_string(), |text| format!("'{text}'"));
        Refused::Exception(format!("invalid literal for int() with base 10: {printed}"))
    };
    match field.kind {
        Kind::One(related) => {
            let id = value.as_i64().ok_or_else(|| not_whole(&value))?;
            // Only a field with a condition of its own is looked up; a party that does not exist is
            // taken by databases without foreign keys and refused by others.
            if data.row(related, id).is_some() {
                return Ok(value);
            }
            let sentence = format!(
                "The value \"{id}\" for field \"{}\" in \"{}\" is not valid according to its domain.",
                field.label, model.label
            );
            Err(Refused::User(sentence))
        }
        Kind::Selection(choices) => {
            if value.as_str().is_some_and(|text| choices.contains(&text)) {
                return Ok(value);
            }
            let given = value.as_str().unwrap_or_default();
            Err(Refused::User(format!(
                "The value \"{given}\" for field \"{}\" in \"\" of \"{}\" is not one of the allowed options.",
                field.label, model.label
            )))
        }
        Kind::Date | Kind::Timestamp if comparable(&value).is_none() => Err(not_whole(&value)),
        // A reference to nothing is no reference, and then a required field is missing.
        Kind::Reference => {
            let text = value.as_str().unwrap_or_default();
            let found = text
                .split_once(',')
                .and_then(|(model, id)| data.row(model, id.parse().ok()?));
            Ok(if found.is_some() { value } else { Value::Null })
        }
        _ => Ok(value),
    }
}

/// What the server fills in, and what must be there then.
fn complete(
    asked: &Asked<'_>,
    data: &Data<'_>,
    model: &'static Model,
    context: &Map<String, Value>,
    id: i64,
    fields: &mut Map<String, Value>,
) -> Result<(), Refused> {
    match model.name {
        "sale.opportunity" => opportunity(asked, context, id, fields)?,
        "party.contact_mechanism" => mechanism(data, fields)?,
        _ => {}
    }
    if model.field("active").is_some() {
        fields.entry("active").or_insert(json!(true));
    }
    if model.name == "party.party" {
        fields.entry("code").or_insert(json!(id.to_string()));
    }
    let is_there = |field: &&Field| fields.get(field.name).is_some_and(|value| !value.is_null());
    let mut needed = model.all().filter(|field| field.required);
    match needed.find(|field| !is_there(field)) {
        Some(field) => Err(Refused::required(field.label, id, model.label)),
        None => Ok(()),
    }
}

/// The company comes from the context; who is in none may make none. Beyond a lead it needs an
/// employee.
fn opportunity(
    asked: &Asked<'_>,
    context: &Map<String, Value>,
    id: i64,
    fields: &mut Map<String, Value>,
) -> Result<(), Refused> {
    let known = context.get("company").filter(|company| company.is_i64());
    if known.is_none() {
        if fields.contains_key("company") {
            return Err(Refused::required("Currency", id, "Sale Opportunity"));
        }
        let sentence = "You are not allowed to create records of \"Sale Opportunity\" because they fail on at least \
                        one of these rules:\nUser in companies";
        return Err(Refused::User(sentence.to_owned()));
    }
    if let Some(company) = known {
        fields.entry("company").or_insert(company.clone());
    }
    fields.entry("state").or_insert(json!("lead"));
    fields.entry("number").or_insert(json!(id.to_string()));
    fields
        .entry("start_date")
        .or_insert(date(asked.core.clock.now()));
    let has = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    if fields["state"] != "lead" && !has("employee") {
        return Err(Refused::required("Employee", id, "Sale Opportunity"));
    }
    Ok(())
}

/// Numbers are read and kept in one spelling; what is no number is refused.
fn mechanism(data: &Data<'_>, fields: &mut Map<String, Value>) -> Result<(), Refused> {
    let value = fields
        .get("value")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let is_number = matches!(
        fields.get("type").and_then(Value::as_str),
        Some("phone" | "mobile" | "fax")
    );
    if !is_number {
        fields.insert("value_compact".to_owned(), json!(value));
        return Ok(());
    }
    let Some(number) = written(&value) else {
        let party = fields
            .get("party")
            .and_then(Value::as_i64)
            .and_then(|id| data.row("party.party", id));
        let name = party.map(|party| party.name()).unwrap_or_default();
        return Err(Refused::User(format!(
            "The phone number \"{value}\" for party \"{name}\" is not valid."
        )));
    };
    fields.insert("value".to_owned(), json!(international(&number)));
    fields.insert("value_compact".to_owned(), json!(number));
    Ok(())
}

/// `write(ids, values)`; what the emulator was seeded with is not changed by clients.
pub(crate) fn write(asked: &Asked<'_>, call: &Call<'_>) -> Result<Value, Refused> {
    let given = call
        .params
        .get(1)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut data = Data::of(asked.core);
    let fields = checked(&data, call.model, given, &mut Vec::new())?;
    for id in call.ids() {
        let there = data.row(call.model.name, id).is_some();
        let Some(record) = data.records.find_mut(call.model.name, &id.to_string()) else {
            return Err(if there {
                Refused::User("The emulator does not change what it was seeded with.".to_owned())
            } else {
                Refused::missing("write to", id, call.model.label)
            });
        };
        for (name, value) in &fields {
            record.fields[name] = value.clone();
        }
        record.fields["write_uid"] = json!(asked.user);
        record.modified = asked.core.clock.now();
        if let Some(employee) = fields.get("employee") {
            record.owner = employee.as_i64().map(|employee| employee.to_string());
        }
    }
    Ok(Value::Null)
}

/// `delete(ids)`.
pub(crate) fn delete(asked: &Asked<'_>, call: &Call<'_>) -> Result<Value, Refused> {
    let mut data = Data::of(asked.core);
    for id in call.ids() {
        if !data.records.remove(call.model.name, &id.to_string()) {
            return Err(Refused::missing("delete", id, call.model.label));
        }
    }
    Ok(Value::Null)
}
