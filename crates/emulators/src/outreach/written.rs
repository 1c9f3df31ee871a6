//! What clients write: calls, tasks and webhooks, as resource objects.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::errors::{Problem, no_such_path, wrong_verb};
use super::kinds::{self, Kind};
use super::list::{self, Listed, document};
use super::people::date_time;
use super::{Outreach, number};
use crate::answer::{Answer, ApiRequest};
use crate::directory::UserState;
use crate::records::Record;

/// Written records in lists.
const RECORDS: Listed<Record> = Listed {
    kind: "record",
    is_seen: |_| true,
    filterable: &[
        "id",
        "createdAt",
        "updatedAt",
        "direction",
        "outcome",
        "to",
        "from",
        "action",
        "dueAt",
    ],
    values: |record, name| {
        let value = match name {
            "id" => Some(record.id.clone()),
            "createdAt" => Some(date_time(record.created)),
            "updatedAt" => Some(date_time(record.modified)),
            _ => record.fields["attributes"][name]
                .as_str()
                .map(str::to_owned),
        };
        value.into_iter().collect()
    },
    row: |record| record.fields.clone(),
};

/// Everything below `/{plural}`.
pub(crate) fn answer(
    outreach: &Outreach,
    request: &ApiRequest,
    kind: &'static Kind,
    rest: &[&str],
) -> Result<Answer, Problem> {
    let core = &outreach.core;
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let all: Vec<Record> = core.records().of(kind.plural).cloned().collect();
            list::answer(core, request, &all, &RECORDS)
        }
        (&Method::POST, []) => create(outreach, request, kind),
        (&Method::GET, [id]) => shown(outreach, kind, id, StatusCode::OK),
        (&Method::PATCH, [id]) => update(outreach, request, kind, id),
        (&Method::DELETE, [id]) => {
            if core.records().remove(kind.plural, id) {
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            } else {
                Err(Problem::not_found(kind.name, id))
            }
        }
        (&Method::POST, [id, "actions", "markComplete"]) if kind.name == "task" => {
            complete(outreach, request, id)
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

fn shown(
    outreach: &Outreach,
    kind: &Kind,
    id: &str,
    status: StatusCode,
) -> Result<Answer, Problem> {
    let records = outreach.core.records();
    let found = records.find(kind.plural, id);
    let found = found.ok_or_else(|| Problem::not_found(kind.name, id))?;
    Ok(document(status, &json!({ "data": found.fields })))
}

/// The resource object of a request, of the right type.
fn resource(request: &ApiRequest, kind: &Kind) -> Result<Value, Problem> {
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|_| Problem::bad_request("The request body is not valid JSON.".to_owned()))?;
    let data = body["data"].clone();
    if data["type"] != kind.name {
        let detail = format!("Type must be '{}'.", kind.name);
        return Err(Problem::invalid("/data/type", detail));
    }
    Ok(data)
}

fn checked(kind: &Kind, data: &Value) -> Result<Map<String, Value>, Problem> {
    let mut good = Map::new();
    for (name, value) in data["attributes"].as_object().into_iter().flatten() {
        let pointer = format!("/data/attributes/{name}");
        let rule = kind.attributes.iter().find(|(own, _)| own == name);
        let Some((_, rule)) = rule else {
            let detail = format!("Attribute '{name}' cannot be set.");
            return Err(Problem::invalid(pointer, detail));
        };
        if !value.is_null() && !rule.fits(value) {
            let detail = format!("{name} is invalid: expected {}.", rule.told());
            return Err(Problem::invalid(pointer, detail));
        }
        good.insert(name.clone(), value.clone());
    }
    Ok(good)
}

/// The relationships of a resource object, each to something that is there.
fn related(outreach: &Outreach, kind: &Kind, data: &Value) -> Result<Map<String, Value>, Problem> {
    let mut good = Map::new();
    for (name, value) in data["relationships"].as_object().into_iter().flatten() {
        let pointer = format!("/data/relationships/{name}");
        let known = kind.relationships.iter().find(|(own, _)| own == name);
        let Some((_, of)) = known else {
            let detail = format!("Relationship '{name}' cannot be set.");
            return Err(Problem::invalid(pointer, detail));
        };
        let to = &value["data"];
        if to.is_null() {
            good.insert(name.clone(), json!({ "data": null }));
            continue;
        }
        // Ids come as numbers; as texts they are taken as well, as JSON:API has them.
        let id = to["id"].as_u64();
        let id = id.or_else(|| to["id"].as_str().and_then(number));
        let there = id.is_some_and(|id| exists(outreach, of, &id.to_string()));
        if to["type"] != *of || !there {
            let detail = format!("{name} must exist.");
            return Err(Problem::invalid(pointer, detail));
        }
        good.insert(name.clone(), json!({ "data": { "type": of, "id": id } }));
    }
    Ok(good)
}

/// Whether there is such a record. Dispositions and purposes are numbered 1 to 9.
fn exists(outreach: &Outreach, kind: &str, id: &str) -> bool {
    let core = &outreach.core;
    match kind {
        "user" => {
            let directory = core.directory();
            let user = directory.find(id);
            user.is_some_and(|user| user.state != UserState::Deleted)
        }
        "prospect" => core.contacts().find(id).is_some(),
        "task" => core.records().find("tasks", id).is_some(),
        _ => number(id).is_some_and(|number| (1..10).contains(&number)),
    }
}

fn owner(kind: &Kind, relationships: &Map<String, Value>) -> Option<String> {
    let owner = relationships.get(kind.owner)?;
    owner["data"]["id"].as_u64().map(|id| id.to_string())
}

fn create(
    outreach: &Outreach,
    request: &ApiRequest,
    kind: &'static Kind,
) -> Result<Answer, Problem> {
    let data = resource(request, kind)?;
    let mut attributes = checked(kind, &data)?;
    let mut relationships = related(outreach, kind, &data)?;
    for name in kind.required {
        if attributes.get(*name).is_none_or(Value::is_null) {
            let pointer = format!("/data/attributes/{name}");
            return Err(Problem::invalid(pointer, format!("{name} can't be blank.")));
        }
    }
    if owner(kind, &relationships).is_none() {
        let own = outreach.own_number();
        let own = json!({ "data": { "type": "user", "id": own } });
        relationships.insert(kind.owner.to_owned(), own);
    }
    let now = outreach.core.clock.now();
    let id = outreach.next_number();
    attributes.extend(added(kind, id, now));
    let fields = json!({
        "type": kind.name, "id": id, "attributes": attributes, "relationships": relationships,
        "links": { "self": format!("/api/v2/{}/{id}", kind.plural) },
    });
    outreach.core.records().add(Record {
        kind: kind.plural.to_owned(),
        id: id.to_string(),
        owner: owner(kind, &relationships),
        fields,
        created: now,
        modified: now,
    });
    shown(outreach, kind, &id.to_string(), StatusCode::CREATED)
}

/// What Outreach itself says of a new record.
fn added(kind: &Kind, id: usize, now: Timestamp) -> Map<String, Value> {
    let mut added = Map::new();
    let mut say = |name: &str, value: Value| added.insert(name.to_owned(), value);
    say("createdAt", json!(date_time(now)));
    say("updatedAt", json!(date_time(now)));
    match kind.name {
        "call" => {
            say("state", json!("complete"));
            say("uid", json!(super::guid(&id.to_string())));
        }
        "task" => {
            say("state", json!("pending"));
            say("completedAt", Value::Null);
        }
        _ => {
            say("cleanupToken", json!(format!("cleanup-{id}")));
            say("disabledReason", Value::Null);
        }
    }
    added
}

fn update(
    outreach: &Outreach,
    request: &ApiRequest,
    kind: &'static Kind,
    id: &str,
) -> Result<Answer, Problem> {
    let data = resource(request, kind)?;
    let given = data["id"].as_u64().map(|id| id.to_string());
    let given = given.or_else(|| data["id"].as_str().map(str::to_owned));
    if given.as_deref() != Some(id) {
        let detail = "ID must match the one in the address.";
        return Err(Problem::invalid("/data/id", detail));
    }
    let attributes = checked(kind, &data)?;
    let relationships = related(outreach, kind, &data)?;
    change(outreach, kind, id, attributes, relationships)?;
    shown(outreach, kind, id, StatusCode::OK)
}

fn change(
    outreach: &Outreach,
    kind: &Kind,
    id: &str,
    attributes: Map<String, Value>,
    relationships: Map<String, Value>,
) -> Result<(), Problem> {
    let now = outreach.core.clock.now();
    let mut records = outreach.core.records();
    let record = records.find_mut(kind.plural, id);
    let record = record.ok_or_else(|| Problem::not_found(kind.name, id))?;
    if relationships.contains_key(kind.owner) {
        record.owner = owner(kind, &relationships);
    }
    for (name, value) in attributes {
        record.fields["attributes"][name] = value;
    }
    for (name, value) in relationships {
        record.fields["relationships"][name] = value;
    }
    record.fields["attributes"]["updatedAt"] = json!(date_time(now));
    record.modified = now;
    Ok(())
}

/// `POST /tasks/{id}/actions/markComplete`.
fn complete(outreach: &Outreach, request: &ApiRequest, id: &str) -> Result<Answer, Problem> {
    for (name, _) in &request.query {
        if name != "actionParams[completionNote]" {
            let detail = format!("'{name}' is not an acceptable parameter of this action.");
            return Err(Problem::bad_request(detail));
        }
    }
    let kind = kinds::find("tasks").ok_or_else(|| Problem::not_found("task", id))?;
    let mut done = Map::new();
    done.insert("state".to_owned(), json!("complete"));
    done.insert(
        "completedAt".to_owned(),
        json!(date_time(outreach.core.clock.now())),
    );
    if let Some(note) = request.parameter("actionParams[completionNote]") {
        done.insert("completionNote".to_owned(), json!(note));
    }
    change(outreach, kind, id, done, Map::new())?;
    shown(outreach, kind, id, StatusCode::OK)
}
