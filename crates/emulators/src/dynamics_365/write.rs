//! Making, changing and deleting activities and notes, with the vendor's checks.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::entities::reasons;
use super::errors::ApiError;
use super::ids;
use super::options::PARTIES;
use super::record::Key;
use super::rows::{Held, Row, World, date_time};
use super::schema::{Column, Entity, Kind, Setting, by_name, by_set};
use crate::core::Core;
use crate::records::Record;

/// Makes a record, with these columns besides those sent; its id.
pub(crate) fn create(
    core: &Core,
    entity: &'static Entity,
    fields: &Map<String, Value>,
    caller: &Caller,
    by_key: &[(&'static str, Value)],
) -> Result<String, ApiError> {
    may_write(entity, "Create")?;
    let now = core.clock.now();
    let (mut set, nth) = {
        let held = Held::of(core);
        let world = held.world();
        let draft = Draft {
            entity,
            world: &world,
            is_new: true,
        };
        let mut set = defaults(entity, caller);
        set.extend(draft.read(fields)?);
        set.extend(
            by_key
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        state(entity, &mut set, "(new)")?;
        unique(entity, &set, None, &world)?;
        (set, world.rows(entity).len())
    };
    let id = match set.get(entity.key).and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => ids::make(entity.name, nth),
    };
    let at = json!(date_time(now));
    set.insert(entity.key.to_owned(), json!(id));
    set.insert("createdon".to_owned(), at.clone());
    set.insert("modifiedon".to_owned(), at);
    set.insert("versionnumber".to_owned(), json!(8_200_000 + nth * 1000));
    complete_parties(entity, &mut set);
    let mut records = core.records();
    if records.find(entity.name, &id).is_some() {
        let message = "Cannot insert duplicate key.";
        return Err(ApiError::precondition("0x80040237", message));
    }
    records.add(Record {
        kind: entity.name.to_owned(),
        id: id.clone(),
        owner: text(&set, "ownerid"),
        fields: Value::Object(set),
        created: now,
        modified: now,
    });
    Ok(id)
}

/// Changes the columns sent.
pub(crate) fn update(
    core: &Core,
    entity: &'static Entity,
    id: &str,
    fields: &Map<String, Value>,
    caller: &Caller,
) -> Result<(), ApiError> {
    may_write(entity, "Write")?;
    let now = core.clock.now();
    let set = {
        let held = Held::of(core);
        let world = held.world();
        let row = world.find(entity, id);
        let Some(Row::Written(record)) = row else {
            return Err(ApiError::no_record(entity.name, id));
        };
        let draft = Draft {
            entity,
            world: &world,
            is_new: false,
        };
        let mut set = record.fields.as_object().cloned().unwrap_or_default();
        let changes = draft.read(fields)?;
        // A state without a reason has its usual one.
        if changes.contains_key("statecode") && !changes.contains_key("statuscode") {
            set.remove("statuscode");
        }
        set.extend(changes);
        state(entity, &mut set, id)?;
        unique(entity, &set, Some(id), &world)?;
        complete_parties(entity, &mut set);
        set
    };
    let mut records = core.records();
    let record = records.find_mut(entity.name, id);
    let record = record.ok_or_else(|| ApiError::no_record(entity.name, id))?;
    let version = record.fields["versionnumber"].as_i64().unwrap_or(0) + 1;
    record.owner = text(&set, "ownerid");
    record.fields = Value::Object(set);
    record.fields["owninguser"] = record.fields["ownerid"].clone();
    record.fields["modifiedon"] = json!(date_time(now));
    record.fields["modifiedby"] = json!(caller.user);
    record.fields["modifiedonbehalfby"] = json!(caller.on_behalf_by);
    record.fields["versionnumber"] = json!(version);
    record.modified = now;
    Ok(())
}

/// Deletes a record for good.
pub(crate) fn delete(core: &Core, entity: &Entity, id: &str) -> Result<(), ApiError> {
    may_write(entity, "Delete")?;
    if core.records().remove(entity.name, id) {
        Ok(())
    } else {
        Err(ApiError::no_record(entity.name, id))
    }
}

fn may_write(entity: &Entity, right: &str) -> Result<(), ApiError> {
    if entity.writable {
        return Ok(());
    }
    let message = format!(
        "Principal user is missing prv{right}{} privilege for entity '{}'.",
        entity.name, entity.name
    );
    Err(ApiError::new(StatusCode::FORBIDDEN, "0x80040220", message))
}

fn text(set: &Map<String, Value>, name: &str) -> Option<String> {
    set.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn defaults(entity: &Entity, caller: &Caller) -> Map<String, Value> {
    let mut set = Map::new();
    for column in entity.columns {
        set.insert(column.name.to_owned(), Value::Null);
    }
    let mut put = |name: &str, value: Value| {
        if set.contains_key(name) {
            set.insert(name.to_owned(), value);
        }
    };
    put("ownerid", json!(caller.user));
    put("owninguser", json!(caller.user));
    put("createdby", json!(caller.user));
    put("createdonbehalfby", json!(caller.on_behalf_by));
    put("modifiedby", json!(caller.user));
    put("modifiedonbehalfby", json!(caller.on_behalf_by));
    put("directioncode", json!(true));
    put("leftvoicemail", json!(false));
    put("isdocument", json!(false));
    put("prioritycode", json!(1));
    put("statecode", json!(0));
    put("activitytypecode", json!(entity.name));
    set
}

/// The reason must be one of the state's; without one it is the usual one.
fn state(entity: &Entity, set: &mut Map<String, Value>, id: &str) -> Result<(), ApiError> {
    let Some(code) = set.get("statecode").and_then(Value::as_i64) else {
        return Ok(());
    };
    let reasons = reasons(entity.name, code);
    match set.get("statuscode").and_then(Value::as_i64) {
        Some(reason) if reasons.contains(&reason) => {}
        Some(reason) => {
            let message = format!(
                "{reason} is not a valid status code for state code {code} on {} with Id {id}.",
                entity.name
            );
            return Err(ApiError::value("0x80048408", message));
        }
        None => {
            set.insert("statuscode".to_owned(), json!(reasons.first()));
        }
    }
    set.insert(
        "owninguser".to_owned(),
        set.get("ownerid").cloned().unwrap_or_default(),
    );
    Ok(())
}

/// No two records share an alternate key.
fn unique(
    entity: &'static Entity,
    set: &Map<String, Value>,
    own: Option<&str>,
    world: &World,
) -> Result<(), ApiError> {
    for column in entity.alternate_keys {
        let Some(value) = text(set, column) else {
            continue;
        };
        let other = Key::Other(column, value).find(entity, world);
        if other.is_some_and(|row| Some(row.id().as_str()) != own) {
            let message = format!(
                "A record that has the attribute values {column} already exists. The entity key \
                 requires that this set of attributes contains unique values. Select unique values \
                 and try again."
            );
            return Err(ApiError::precondition("0x80060892", message));
        }
    }
    Ok(())
}

/// What a client sent, before it is a record.
struct Draft<'a, 'w> {
    entity: &'static Entity,
    world: &'a World<'w>,
    is_new: bool,
}

impl Draft<'_, '_> {
    /// The columns by their logical names, their values checked.
    fn read(&self, fields: &Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
        let mut read = Map::new();
        for (name, value) in fields {
            if let Some(name) = name.strip_suffix("@odata.bind") {
                let (column, id) = self.bound(name, value)?;
                read.insert(column.to_owned(), json!(id));
            } else if name == PARTIES && self.entity.name == "phonecall" {
                let parties = value
                    .as_array()
                    .ok_or_else(|| self.refuse("An array was expected."))?;
                let parties = parties.iter().map(|party| self.party(party));
                read.insert(
                    PARTIES.to_owned(),
                    json!(parties.collect::<Result<Vec<_>, _>>()?),
                );
            } else if !name.contains('@') {
                let column = self.column(name)?;
                let settable = match column.setting {
                    Setting::Always => true,
                    Setting::Once => self.is_new,
                    Setting::Later => !self.is_new,
                    Setting::Never => false,
                };
                let value = self.value(column, value)?;
                // What cannot be set is ignored without a word.
                if settable {
                    read.insert(column.name.to_owned(), value);
                }
            }
        }
        Ok(read)
    }

    fn refuse(&self, what: &str) -> ApiError {
        ApiError::payload(self.entity.set, what)
    }

    fn column(&self, name: &str) -> Result<&'static Column, ApiError> {
        if let Some(column) = self.entity.column(name) {
            return match column.kind {
                Kind::Lookup(_) => Err(self.refuse(
                    "CRM do not support direct update of Entity Reference properties, Use Navigation \
                     properties instead.",
                )),
                _ => Ok(column),
            };
        }
        Err(self.refuse(&format!(
            "The property '{name}' does not exist on type 'Microsoft.Dynamics.CRM.{}'. Make sure to \
             only use property names that are defined by the type.",
            self.entity.name
        )))
    }

    /// A reference: the column it is kept in and the id of the record.
    fn bound(&self, name: &str, value: &Value) -> Result<(&'static str, Option<String>), ApiError> {
        let link = self.entity.navigation(name).ok_or_else(|| {
            self.refuse(&format!(
                "An undeclared property '{name}' which only has property annotations in the payload \
                 but no property value was found in the payload."
            ))
        })?;
        if value.is_null() && name != "ownerid" {
            return Ok((link.column, None));
        }
        let address = value.as_str().unwrap_or_default();
        let id = reference(address, link.target, self.world)?;
        if link.column == "ownerid"
            && let Some(user) = self.world.user(&id)
            && !user.is_active()
        {
            return Err(ApiError::disabled(&id));
        }
        Ok((link.column, Some(id)))
    }

    /// Somebody who took part in a phone call.
    fn party(&self, value: &Value) -> Result<Value, ApiError> {
        let mask = value["participationtypemask"].as_i64();
        let mask = mask.filter(|mask| (1..=11).contains(mask)).ok_or_else(|| {
            ApiError::value(
                "0x8004431a",
                "A validation error occurred. The value of 'participationtypemask' on record of type \
                 'activityparty' is outside the valid range.",
            )
        })?;
        let mut party = json!({
            "participationtypemask": mask,
            "_partyid_value": null,
            "addressused": value["addressused"],
        });
        for name in value.as_object().into_iter().flat_map(Map::keys) {
            if let Some(target) = name
                .strip_prefix("partyid_")
                .and_then(|name| name.strip_suffix("@odata.bind"))
            {
                let address = value[name].as_str().unwrap_or_default();
                party["_partyid_value"] = json!(reference(address, target, self.world)?);
            } else if !["participationtypemask", "addressused"].contains(&name.as_str()) {
                return Err(self.refuse(&format!(
                    "The property '{name}' does not exist on type \
                     'Microsoft.Dynamics.CRM.activityparty'. Make sure to only use property names \
                     that are defined by the type."
                )));
            }
        }
        Ok(party)
    }

    /// The value, when it is of the column's type and within its bounds.
    fn value(&self, column: &Column, value: &Value) -> Result<Value, ApiError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let text = value.as_str();
        let read = match column.kind {
            Kind::Id | Kind::Guid | Kind::Lookup(_) => {
                text.and_then(ids::normalise).map(Value::from)
            }
            Kind::Text(_) => text.map(Value::from),
            Kind::Integer | Kind::BigInt | Kind::Choice(_) => value.as_i64().map(Value::from),
            Kind::Boolean => value.as_bool().map(Value::from),
            Kind::Time => text
                .and_then(|text| text.parse::<Timestamp>().ok())
                .map(|time| json!(date_time(time))),
        };
        let edm = column.kind.edm();
        let read = read.ok_or_else(|| {
            self.refuse(&format!(
                "Cannot convert the literal '{value}' to the expected type '{edm}'."
            ))
        })?;
        match column.kind {
            Kind::Text(longest) if text.is_some_and(|text| text.chars().count() > longest) => {
                Err(ApiError::value(
                    "0x80044331",
                    format!(
                        "A validation error occurred. The length of the '{}' attribute of the '{}' entity \
                     exceeded the maximum allowed length of '{longest}'.",
                        column.name, self.entity.name
                    ),
                ))
            }
            Kind::Choice(choices) if !choices.iter().any(|(choice, _)| read == *choice) => {
                let accepted: Vec<String> = choices
                    .iter()
                    .map(|(choice, _)| choice.to_string())
                    .collect();
                Err(ApiError::value(
                    "0x8004431a",
                    format!(
                        "A validation error occurred. The value {read} of '{}' on record of type '{}' is \
                     outside the valid range. Accepted Values: {}",
                        column.name,
                        self.entity.name,
                        accepted.join(",")
                    ),
                ))
            }
            _ => Ok(read),
        }
    }
}

/// The id of the record at `/systemusers(id)`, which must be there. The address may be whole,
/// may lack its first slash and may name another key.
fn reference(address: &str, target: &str, world: &World) -> Result<String, ApiError> {
    let bad = || ApiError::query(format!("The URI '{address}' is not a valid reference."));
    let last = address.rsplit('/').next().unwrap_or_default();
    let (set, key) = last.split_once('(').ok_or_else(bad)?;
    let entity = by_set(set).ok_or_else(|| ApiError::no_segment(set))?;
    if by_name(target).is_none_or(|target| target.name != entity.name) {
        return Err(bad());
    }
    let key = Key::read(key.trim_end_matches(')'), entity)?;
    match (key.find(entity, world), &key) {
        (Some(row), _) => Ok(row.id()),
        (None, Key::Id(id)) => Err(ApiError::no_record(entity.name, id)),
        (None, Key::Other(..)) => Err(ApiError::no_key(entity.name)),
    }
}

/// The owner of a phone call and what it is about are parties of it as well as those sent.
fn complete_parties(entity: &Entity, set: &mut Map<String, Value>) {
    if entity.name != "phonecall" {
        return;
    }
    let given = set.get(PARTIES).and_then(Value::as_array).cloned();
    let mut parties = given.unwrap_or_default();
    parties.retain(|party| !matches!(party["participationtypemask"].as_i64(), Some(8 | 9)));
    for (column, mask) in [("regardingobjectid", 8), ("ownerid", 9)] {
        if let Some(id) = text(set, column) {
            parties.push(json!({
                "participationtypemask": mask, "_partyid_value": id, "addressused": null,
            }));
        }
    }
    let activity = text(set, "activityid");
    for (nth, party) in parties.iter_mut().enumerate() {
        let id = format!("{}/{nth}", activity.as_deref().unwrap_or_default());
        let nth = id
            .bytes()
            .fold(7usize, |sum, byte| sum.wrapping_mul(31) + usize::from(byte));
        party["activitypartyid"] = json!(ids::make("activityparty", nth % 1_000_000_007));
        party["_activityid_value"] = json!(activity);
    }
    set.insert(PARTIES.to_owned(), json!(parties));
}
