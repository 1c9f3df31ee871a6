//! Checks an object before it is written and turns its references into what they lead to.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::entry::{company_identifier, company_reference, date_time, number};
use super::errors::Violation;
use super::schema::{BOARD_STATUSES, Field, Kind, Target, Written};
use crate::core::Core;
use crate::directory::UserState;

/// The fields that can be written, checked and resolved. What is not known is passed over.
pub(crate) fn checked(
    core: &Core,
    written: &Written,
    body: &Value,
) -> Result<Map<String, Value>, Vec<Violation>> {
    let mut fields = Map::new();
    let mut violations = Vec::new();
    for field in written.fields {
        match body.get(field.name).filter(|value| !value.is_null()) {
            None if field.required => violations.push(Violation::missing(field.name)),
            None => {}
            Some(value) => match one(core, field, value) {
                Ok(value) => {
                    fields.insert(field.name.to_owned(), value);
                }
                Err(violation) => violations.push(violation),
            },
        }
    }
    if violations.is_empty() {
        Ok(fields)
    } else {
        Err(violations)
    }
}

fn one(core: &Core, field: &Field, value: &Value) -> Result<Value, Violation> {
    let name = field.name;
    let wrong = |what: &str| {
        Violation::new(
            "InvalidField",
            name,
            format!("The field {name} must be {what}."),
        )
    };
    match field.kind {
        Kind::Text(most) => {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return Err(wrong("a string")),
            };
            if text.is_empty() && field.required {
                return Err(Violation::missing(name));
            }
            if most > 0 && text.chars().count() > most {
                let message =
                    format!("The field {name} must be a string with a maximum length of {most}.");
                return Err(Violation::new("MaxLengthField", name, message));
            }
            Ok(json!(text))
        }
        Kind::Whole if value.is_i64() => Ok(value.clone()),
        Kind::Whole => Err(wrong("a whole number")),
        Kind::Number if value.is_number() => Ok(value.clone()),
        Kind::Number => Err(wrong("a number")),
        Kind::Flag if value.is_boolean() => Ok(value.clone()),
        Kind::Flag => Err(wrong("true or false")),
        Kind::Time => {
            let time: Option<Timestamp> = value.as_str().and_then(|text| text.parse().ok());
            time.map(|time| json!(date_time(time)))
                .ok_or_else(|| wrong("a date such as 2026-11-22T14:00:00Z"))
        }
        Kind::Choice(choices) => {
            let text = value.as_str().unwrap_or_default();
            let mut all = choices.iter();
            let found = all.find(|choice| choice.eq_ignore_ascii_case(text));
            found
                .map(|choice| json!(choice))
                .ok_or_else(|| wrong(&format!("one of {}", choices.join(", "))))
        }
        Kind::Reference(target) => reference(core, name, target, value),
    }
}

/// How a reference is given: by the id when there is one, else by its word.
enum Key<'a> {
    Id(i64),
    Word(&'a str),
}

fn reference(core: &Core, name: &str, target: Target, value: &Value) -> Result<Value, Violation> {
    let word = |part: &str| value[part].as_str().filter(|word| !word.is_empty());
    let (key, part) = if let Some(id) = value["id"].as_i64() {
        (Key::Id(id), "id")
    } else if let Some(identifier) = word("identifier") {
        (Key::Word(identifier), "identifier")
    } else if let Some(name) = word("name") {
        (Key::Word(name), "name")
    } else {
        let message = format!("The field {name} must have an id, identifier or name.");
        return Err(Violation::new("InvalidReference", name, message));
    };
    let shown = match key {
        Key::Id(id) => id.to_string(),
        Key::Word(word) => word.to_owned(),
    };
    let (kind, found) = match target {
        Target::Member => ("Member", member(core, name, &key)?),
        Target::Company => ("Company", company(core, &key)),
        Target::Contact => ("Contact", contact(core, &key)),
        Target::Ticket => ("Ticket", ticket(core, &key)),
        // Every board has statuses of the same names: which one is meant, the board decides.
        Target::Status => ("Service Status", status(&key)),
        Target::Setup(kind, rows) => (kind, setup(rows, &key)),
    };
    found.ok_or_else(|| {
        let message = format!("{kind} {shown} not found");
        Violation::new("NotFound", &format!("{name}/{part}"), message)
    })
}

fn member(core: &Core, name: &str, key: &Key<'_>) -> Result<Option<Value>, Violation> {
    let directory = core.directory();
    let mut seen = directory
        .users()
        .iter()
        .filter(|user| user.state != UserState::Deleted);
    let found = seen.find(|user| match key {
        Key::Id(id) => number(&user.id) == *id,
        Key::Word(word) => user.username.eq_ignore_ascii_case(word),
    });
    match found {
        Some(user) if !user.is_active() => {
            let message = format!("Member {} is inactive", user.username);
            Err(Violation::new("InvalidReference", name, message))
        }
        found => Ok(found.map(|user| {
            json!({ "id": number(&user.id), "identifier": user.username, "name": user.full_name() })
        })),
    }
}

fn company(core: &Core, key: &Key<'_>) -> Option<Value> {
    let contacts = core.contacts();
    let mut all = contacts.all().iter();
    all.find(|contact| match key {
        Key::Id(id) => number(&contact.company_id) == *id,
        Key::Word(word) => {
            contact.company.eq_ignore_ascii_case(word)
                || company_identifier(&contact.company).eq_ignore_ascii_case(word)
        }
    })
    .map(company_reference)
}

fn contact(core: &Core, key: &Key<'_>) -> Option<Value> {
    let contacts = core.contacts();
    let mut all = contacts.all().iter();
    all.find(|contact| match key {
        Key::Id(id) => number(&contact.id) == *id,
        Key::Word(word) => contact.full_name().eq_ignore_ascii_case(word),
    })
    .map(|contact| json!({ "id": number(&contact.id), "name": contact.full_name() }))
}

fn ticket(core: &Core, key: &Key<'_>) -> Option<Value> {
    let Key::Id(id) = key else { return None };
    let records = core.records();
    let ticket = records.find("ticket", &id.to_string())?;
    Some(json!({ "id": id, "summary": ticket.fields["summary"] }))
}

/// A status by its id, or by a name that some board has.
fn status(key: &Key<'_>) -> Option<Value> {
    let mut all = BOARD_STATUSES.iter();
    match key {
        Key::Id(wanted) => all
            .find(|(id, _, _)| id == wanted)
            .map(|(id, name, _)| json!({ "id": id, "name": name })),
        Key::Word(word) => all
            .find(|(_, name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, name, _)| json!({ "name": name })),
    }
}

fn setup(rows: &[(i64, &str)], key: &Key<'_>) -> Option<Value> {
    let found = rows.iter().find(|(id, name)| match key {
        Key::Id(wanted) => id == wanted,
        Key::Word(word) => name.eq_ignore_ascii_case(word),
    });
    found.map(|(id, name)| json!({ "id": id, "name": name }))
}
