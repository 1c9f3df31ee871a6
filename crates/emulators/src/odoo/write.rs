//! Making, changing and removing records; closing activities; messages.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Map, Value, json};

use super::call::Call;
use super::data::Data;
use super::errors::Exception;
use super::fixed;
use super::models::{self, Field, Kind, Model};
use super::read::Asked;
use crate::contacts::ContactChange;
use crate::records::Record;

/// Where the ids of partners and leads that clients make start, above all seeded ones.
const MADE_FROM: i64 = 4_000_000;

/// Gives every new record a number that was never used, as a sequence of the database does.
#[derive(Debug, Default)]
pub(crate) struct Sequence(AtomicI64);

impl Sequence {
    fn next(&self, model: &str) -> i64 {
        let from = if matches!(model, "res.partner" | "crm.lead") {
            MADE_FROM
        } else {
            0
        };
        from + self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// The methods that write. `None`: it is not one of them.
pub(crate) fn answer(
    asked: &Asked<'_>,
    sequence: &Sequence,
    call: &Call,
) -> Option<Result<Value, Exception>> {
    Some(match call.method.name {
        "create" => create(asked, sequence, call),
        "write" => write(asked, call),
        "unlink" => unlink(asked, call),
        "action_feedback" | "action_done" => finish(asked, sequence, call),
        "message_post" => post(asked, sequence, call),
        _ => return None,
    })
}

/// One after the other; the first refusal undoes those before it, as a transaction does.
fn create(asked: &Asked<'_>, sequence: &Sequence, call: &Call) -> Result<Value, Exception> {
    let given = match call.argument("vals_list") {
        Value::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    let mut made: Vec<i64> = Vec::new();
    for values in &given {
        let fields = values.as_object().cloned().unwrap_or_default();
        let mut data = Data::of(asked.core, asked.version);
        let checked =
            checked(asked, &data, fields).and_then(|fields| complete(asked, &data, fields));
        match checked {
            Ok(fields) => {
                let id = sequence.next(asked.model.name);
                data.records.add(record(asked, id, fields));
                made.push(id);
            }
            Err(refusal) => {
                for id in made {
                    data.records.remove(asked.model.name, &id.to_string());
                }
                return Err(refusal);
            }
        }
    }
    // JSON-2 always answers with ids; in JSON-RPC one record yields one id.
    Ok(if call.creates_many {
        json!(made)
    } else {
        json!(made.first())
    })
}

fn record(asked: &Asked<'_>, id: i64, mut fields: Map<String, Value>) -> Record {
    let now = asked.core.clock.now();
    fields.insert("id".to_owned(), json!(id));
    fields.insert("create_uid".to_owned(), json!(asked.user));
    fields.insert("write_uid".to_owned(), json!(asked.user));
    Record {
        kind: asked.model.name.to_owned(),
        id: id.to_string(),
        owner: owner(&fields),
        fields: Value::Object(fields),
        created: now,
        modified: now,
    }
}

fn owner(fields: &Map<String, Value>) -> Option<String> {
    fields
        .get("user_id")
        .and_then(Value::as_i64)
        .map(|id| id.to_string())
}

/// What a client gave, each value as the database would take it. What the server keeps itself is
/// left out without a word.
fn checked(
    asked: &Asked<'_>,
    data: &Data<'_>,
    given: Map<String, Value>,
) -> Result<Map<String, Value>, Exception> {
    let mut fields = Map::new();
    for (name, value) in given {
        let field = asked.model.field(&name, asked.version);
        let field = field.ok_or_else(|| Exception::invalid_field(asked.model.name, &name))?;
        if !field.readonly {
            fields.insert(name, taken(asked.model, data, field, value)?);
        }
    }
    Ok(fields)
}

fn taken(model: &Model, data: &Data<'_>, field: &Field, value: Value) -> Result<Value, Exception> {
    let empty = matches!(&value, Value::Null | Value::Bool(false)) || value == json!("");
    if empty && field.kind != Kind::Boolean {
        return Ok(json!(false));
    }
    match field.kind {
        Kind::Char | Kind::Text | Kind::Html => Ok(value
            .as_str()
            .map_or_else(|| json!(value.to_string()), |text| json!(text))),
        Kind::Boolean => Ok(json!(!empty && value != json!(0))),
        Kind::Float => {
            let number = value
                .as_f64()
                .or_else(|| value.as_str()?.trim().parse().ok());
            let wrong = || {
                let text = value.as_str().unwrap_or_default();
                Exception::value(format!("could not convert string to float: '{text}'"))
            };
            Ok(json!(number.ok_or_else(wrong)?))
        }
        Kind::Integer => {
            let number = value
                .as_i64()
                .or_else(|| value.as_str()?.trim().parse().ok());
            let wrong = || {
                Exception::value(format!(
                    "invalid literal for int() with base 10: {}",
                    super::domain::python(&value)
                ))
            };
            Ok(json!(number.ok_or_else(wrong)?))
        }
        Kind::Selection(choices) => {
            if value.as_str().is_some_and(|text| choices.contains(&text)) {
                return Ok(value);
            }
            let printed = super::domain::python(&value);
            Err(Exception::value(format!(
                "Wrong value for {}.{}: {printed}",
                model.name, field.name
            )))
        }
        Kind::Date => dated(&value, 10, "%Y-%m-%d"),
        Kind::Datetime => dated(&value, 19, "%Y-%m-%d %H:%M:%S"),
        Kind::Many2one(related) => {
            let Some(id) = value.as_i64() else {
                let message = format!(
                    "invalid input syntax for type integer: \"{}\"\n",
                    value.as_str().unwrap_or_default()
                );
                return Err(Exception::python(
                    "psycopg2.errors.InvalidTextRepresentation",
                    message,
                ));
            };
            // Whoever is switched off is as good an owner as anybody.
            match data.row(related, id) {
                Some(_) => Ok(value),
                None => Err(Exception::foreign_key(model, field.name)),
            }
        }
        Kind::Many2many(_) => Ok(value),
    }
}

/// A date as Odoo writes dates; what follows it is not looked at, but `T` is no space.
fn dated(value: &Value, length: usize, format: &str) -> Result<Value, Exception> {
    let text = value.as_str().unwrap_or_default();
    let cut = text.get(..length).unwrap_or(text);
    let read = if length == 10 {
        cut.parse::<jiff::civil::Date>().is_ok()
    } else {
        jiff::civil::DateTime::strptime(format, cut).is_ok()
    };
    if read {
        return Ok(json!(cut));
    }
    Err(Exception::value(format!(
        "time data '{cut}' does not match format '{format}'"
    )))
}

/// What the server fills in, and what must be there then.
fn complete(
    asked: &Asked<'_>,
    data: &Data<'_>,
    mut fields: Map<String, Value>,
) -> Result<Map<String, Value>, Exception> {
    let today = data.now.strftime("%Y-%m-%d").to_string();
    let now = data.now.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let mut fill = |name: &str, value: Value| {
        fields.entry(name).or_insert(value);
    };
    match asked.model.name {
        "crm.phonecall" => {
            for (name, value) in [
                ("user_id", json!(asked.user)),
                ("direction", json!("out")),
                ("state", json!("open")),
                ("priority", json!("1")),
                ("date", json!(now)),
                ("active", json!(true)),
            ] {
                fill(name, value);
            }
        }
        "mail.activity" => {
            fill("user_id", json!(asked.user));
            fill("date_deadline", json!(today));
        }
        "crm.lead" => {
            fill("user_id", json!(asked.user));
            fill("type", json!("opportunity"));
            fill("active", json!(true));
        }
        _ => fill("active", json!(true)),
    }
    let is_there = |field: &&Field| {
        fields
            .get(field.name)
            .is_some_and(|value| *value != json!(false))
    };
    let mut needed = asked
        .model
        .all(asked.version)
        .filter(|field| field.required);
    if let Some(field) = needed.find(|field| !is_there(field)) {
        return Err(Exception::mandatory(asked.model, field.label, field.name));
    }
    if asked.model.name == "mail.activity" {
        attach(asked, data, &mut fields)?;
    }
    Ok(fields)
}

/// An activity is on a record; its name and model are copied.
fn attach(
    asked: &Asked<'_>,
    data: &Data<'_>,
    fields: &mut Map<String, Value>,
) -> Result<(), Exception> {
    let model = fields["res_model_id"].as_i64().unwrap_or(0);
    let known = fixed::rows("ir.model").iter().find(|(id, _)| *id == model);
    let name = known.map_or("", |(_, cells)| cells[0]);
    let id = fields["res_id"].as_i64().unwrap_or(0);
    let on = models::find(name).and_then(|model| data.row(model.name, id));
    let on = on.ok_or_else(|| Exception::missing(name, id, asked.user))?;
    fields.insert("res_model".to_owned(), json!(name));
    fields.insert("res_name".to_owned(), json!(on.display_name()));
    Ok(())
}

fn write(asked: &Asked<'_>, call: &Call) -> Result<Value, Exception> {
    let given = call
        .argument("vals")
        .as_object()
        .cloned()
        .unwrap_or_default();
    let mut data = Data::of(asked.core, asked.version);
    let fields = checked(asked, &data, given)?;
    for field in asked
        .model
        .all(asked.version)
        .filter(|field| field.required)
    {
        if fields.get(field.name) == Some(&json!(false)) {
            return Err(Exception::mandatory(asked.model, field.label, field.name));
        }
    }
    for id in &call.ids {
        if data.row(asked.model.name, *id).is_none() {
            return Err(Exception::missing(asked.model.name, *id, asked.user));
        }
        let written = data.records.find_mut(asked.model.name, &id.to_string());
        let Some(record) = written else {
            change_seeded(&mut data, asked, *id, &fields)?;
            continue;
        };
        for (name, value) in &fields {
            record.fields[name] = value.clone();
        }
        record.fields["write_uid"] = json!(asked.user);
        record.modified = asked.core.clock.now();
        record.owner = record.fields.as_object().and_then(owner);
    }
    Ok(json!(true))
}

/// Of a seeded customer only name and addresses can be changed here.
fn change_seeded(
    data: &mut Data<'_>,
    asked: &Asked<'_>,
    id: i64,
    fields: &Map<String, Value>,
) -> Result<(), Exception> {
    let mut change = ContactChange::default();
    for (name, value) in fields {
        let text = value.as_str().unwrap_or_default().to_owned();
        match name.as_str() {
            "name" => {
                let (given, family) = text.split_once(' ').unwrap_or(("", &text));
                change.given = Some(given.to_owned());
                change.family = Some(family.to_owned());
            }
            "email" | "email_from" => change.email = Some(text),
            "phone" => change.phone = Some(text),
            "mobile" => change.mobile = Some(text),
            _ => {
                return Err(Exception::user(format!(
                    "The emulator does not change {name} of this record"
                )));
            }
        }
    }
    let now = asked.core.clock.now();
    let changed = data.contacts.change(&id.to_string(), change, now);
    changed
        .map(|_| ())
        .map_err(|_| Exception::missing(asked.model.name, id, asked.user))
}

/// What does not exist is removed already.
fn unlink(asked: &Asked<'_>, call: &Call) -> Result<Value, Exception> {
    let mut data = Data::of(asked.core, asked.version);
    for id in &call.ids {
        let made = data.records.remove(asked.model.name, &id.to_string());
        if !made && data.row(asked.model.name, *id).is_some() {
            return Err(Exception::user(
                "The emulator does not remove what it was seeded with",
            ));
        }
    }
    Ok(json!(true))
}

/// Closes activities: each is removed and leaves a message by the connecting user on its record;
/// whom it was assigned to is only told in the text.
fn finish(asked: &Asked<'_>, sequence: &Sequence, call: &Call) -> Result<Value, Exception> {
    let feedback = call
        .argument("feedback")
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut message = Value::Bool(false);
    for id in &call.ids {
        let mut data = Data::of(asked.core, asked.version);
        let found = data.records.find("mail.activity", &id.to_string()).cloned();
        let activity = found.ok_or_else(|| Exception::missing("mail.activity", *id, asked.user))?;
        let fields = &activity.fields;
        let of = |model, name: &str| fields[name].as_i64().and_then(|id| data.name(model, id));
        let kind = of("mail.activity.type", "activity_type_id").unwrap_or_default();
        let assigned =
            of("res.users", "user_id").filter(|_| fields["user_id"] != json!(asked.user));
        let originally = assigned.map_or_else(String::new, |name| {
            format!(" (originally assigned to {name})")
        });
        let summary = fields["summary"].as_str().unwrap_or_default();
        let body = format!(
            "<div><p><span class=\"fa fa-phone fa-fw\"></span><span>{kind}</span> done: <span>{summary}</span>\
             {originally}</p><div>{feedback}</div></div>"
        );
        let posted = json!({
            "body": body, "model": fields["res_model"], "res_id": fields["res_id"],
            "message_type": "notification", "mail_activity_type_id": fields["activity_type_id"],
        });
        message = json!(add_message(asked, &mut data, sequence, posted));
        data.records.remove("mail.activity", &activity.id);
    }
    Ok(message)
}

/// A note on a record.
fn post(asked: &Asked<'_>, sequence: &Sequence, call: &Call) -> Result<Value, Exception> {
    let mut data = Data::of(asked.core, asked.version);
    let id = call.ids.first().copied().unwrap_or(0);
    if data.row(asked.model.name, id).is_none() {
        return Err(Exception::missing(asked.model.name, id, asked.user));
    }
    let body = call.argument("body").as_str().unwrap_or_default();
    let posted = json!({
        "body": body, "model": asked.model.name, "res_id": id, "message_type": "comment",
    });
    Ok(json!(add_message(asked, &mut data, sequence, posted)))
}

fn add_message(
    asked: &Asked<'_>,
    data: &mut Data<'_>,
    sequence: &Sequence,
    mut message: Value,
) -> i64 {
    let messages = Asked {
        model: models::find("mail.message").unwrap_or(asked.model),
        ..*asked
    };
    message["author_id"] = json!(asked.user + 2_000_000);
    message["date"] = json!(data.now.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let id = sequence.next("mail.message");
    let fields = message.as_object().cloned().unwrap_or_default();
    data.records.add(record(&messages, id, fields));
    id
}
