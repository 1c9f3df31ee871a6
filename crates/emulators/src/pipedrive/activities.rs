//! `/api/v2/activities`: made, read, listed, changed, deleted.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::errors::{Problem, data, no_such_path, page, wrong_verb};
use super::persons::{cursor, limit, offset, since};
use super::{Pipedrive, body, local_time, number, utc, whole};
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// Where the numbers of activities start.
const FROM: u64 = 7_007;

/// Fields a client may set, besides those that are looked at one by one.
const PLAIN: &[&str] = &[
    "subject",
    "type",
    "due_date",
    "due_time",
    "duration",
    "deal_id",
    "lead_id",
    "org_id",
    "project_id",
    "location",
    "public_description",
    "note",
    "attendees",
    "priority",
    "busy",
    "outcome",
];

/// Everything below `/api/v2/activities`.
pub(crate) fn answer(
    pipedrive: &Pipedrive,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, Problem> {
    match (&request.method, rest) {
        (&Method::GET, []) => list(pipedrive, request),
        (&Method::POST, []) => {
            let id = create(pipedrive, &body(request)?)?;
            shown(pipedrive, &id.to_string(), StatusCode::CREATED)
        }
        (&Method::GET, [id]) => shown(pipedrive, id, StatusCode::OK),
        (&Method::PATCH, [id]) => {
            let change = drafted(pipedrive, &body(request)?)?;
            update(pipedrive, id, change)?;
            shown(pipedrive, id, StatusCode::OK)
        }
        (&Method::DELETE, [id]) => {
            let mut records = pipedrive.core.records();
            let record = records.find_mut("activities", id);
            let record = record.ok_or_else(|| Problem::not_found("Activity"))?;
            record.fields["is_deleted"] = json!(true);
            Ok(data(StatusCode::OK, &json!({ "id": number(id) })))
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

fn shown(pipedrive: &Pipedrive, id: &str, status: StatusCode) -> Result<Answer, Problem> {
    let records = pipedrive.core.records();
    let found = records.find("activities", id);
    let found = found.ok_or_else(|| Problem::not_found("Activity"))?;
    Ok(data(status, &found.fields))
}

fn list(pipedrive: &Pipedrive, request: &ApiRequest) -> Result<Answer, Problem> {
    let (limit, from) = (limit(request)?, offset(request)?);
    let after = since(request, "updated_since")?;
    let named = |name: &str| request.parameter(name).map(number);
    let (owner, person) = (named("owner_id"), named("person_id"));
    let done = request.parameter("done").map(|done| done == "true");
    let fits = |record: &&Record| {
        let fields = &record.fields;
        fields["is_deleted"] == false
            && after.is_none_or(|after| record.modified >= after)
            && owner.is_none_or(|owner| fields["owner_id"].as_u64() == owner)
            && person.is_none_or(|person| fields["person_id"].as_u64() == person)
            && done.is_none_or(|done| fields["done"] == done)
    };
    let records = pipedrive.core.records();
    let mut found = records.of("activities").filter(fits).skip(from);
    let rows: Vec<Value> = found
        .by_ref()
        .take(limit)
        .map(|record| record.fields.clone())
        .collect();
    let next = found.next().map(|_| cursor(from + limit));
    Ok(page(&json!(rows), next.as_deref()))
}

/// The fields of a body that there are, with what is said of them found true.
fn drafted(pipedrive: &Pipedrive, body: &Value) -> Result<Map<String, Value>, Problem> {
    let mut fields = Map::new();
    for name in PLAIN {
        if !body[*name].is_null() {
            fields.insert((*name).to_owned(), body[*name].clone());
        }
    }
    for name in [
        "subject", "type", "due_date", "due_time", "duration", "note",
    ] {
        if fields.get(name).is_some_and(|value| !value.is_string()) {
            return Err(Problem::invalid(format!("{name} must be a string")));
        }
    }
    if let Some(owner) = whole(body, "owner_id")? {
        if !pipedrive.knows_user(owner) {
            return Err(Problem::invalid(
                "owner_id does not belong to a user of this company",
            ));
        }
        fields.insert("owner_id".to_owned(), json!(owner));
    }
    match &body["done"] {
        Value::Null => {}
        Value::Bool(done) => {
            fields.insert("done".to_owned(), json!(done));
        }
        _ => return Err(Problem::invalid("done must be a boolean")),
    }
    if let Some(all) = body["participants"].as_array() {
        let mut primary = None;
        for one in all {
            let person = whole(one, "person_id")?;
            pipedrive.check_person(person)?;
            if one["primary"] == true || primary.is_none() {
                primary = person;
            }
        }
        fields.insert("participants".to_owned(), json!(all));
        fields.insert("person_id".to_owned(), json!(primary));
    }
    Ok(fields)
}

/// Makes an activity and gives its number.
pub(crate) fn create(pipedrive: &Pipedrive, body: &Value) -> Result<u64, Problem> {
    let draft = drafted(pipedrive, body)?;
    let own = pipedrive.own_number().ok_or_else(Problem::unauthorized)?;
    let owner = draft.get("owner_id").and_then(Value::as_u64).unwrap_or(own);
    let now = pipedrive.core.clock.now();
    let mut records = pipedrive.core.records();
    let id = FROM + pipedrive.next_number() as u64;
    let mut fields = json!({
        "id": id, "subject": "Call", "type": "call", "owner_id": owner, "creator_user_id": own,
        "is_deleted": false, "add_time": utc(now), "update_time": utc(now), "deal_id": null,
        "lead_id": null, "person_id": null, "org_id": null, "project_id": null,
        "due_date": &local_time(now)[..10], "due_time": null, "duration": null, "busy": false,
        "done": false, "marked_as_done_time": null, "location": null, "participants": [],
        "attendees": [], "public_description": null, "priority": null, "outcome": null,
        "note": null,
    });
    for (name, value) in draft {
        fields[name] = value;
    }
    if fields["done"] == true {
        fields["marked_as_done_time"] = json!(utc(now));
    }
    records.add(Record {
        kind: "activities".to_owned(),
        id: id.to_string(),
        owner: Some(owner.to_string()),
        fields,
        created: now,
        modified: now,
    });
    Ok(id)
}

fn update(pipedrive: &Pipedrive, id: &str, change: Map<String, Value>) -> Result<(), Problem> {
    let now = pipedrive.core.clock.now();
    let mut records = pipedrive.core.records();
    let record = records.find_mut("activities", id);
    let record = record.ok_or_else(|| Problem::not_found("Activity"))?;
    for (name, value) in change {
        if name == "owner_id" {
            record.owner = value.as_u64().map(|owner| owner.to_string());
        }
        record.fields[name] = value;
    }
    record.fields["update_time"] = json!(utc(now));
    record.modified = now;
    Ok(())
}
