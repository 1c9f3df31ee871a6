//! `/v1/notes`, and the lists by offset that version 1 has.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::auth::Caller;
use super::errors::{Problem, data, no_such_path, wrong_verb};
use super::{Pipedrive, body, local_time, number, whole};
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// Rows of a list when nobody says otherwise, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;

/// Where the numbers of notes start.
const FROM: usize = 3_301;

/// What a note can hang on; it needs one.
const TIES: &[&str] = &[
    "lead_id",
    "deal_id",
    "person_id",
    "org_id",
    "project_id",
    "task_id",
];

/// Everything below `/v1/notes`.
pub(crate) fn answer(
    pipedrive: &Pipedrive,
    caller: &Caller,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, Problem> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let named = |name: &str| request.parameter(name).map(number);
            let (user, person) = (named("user_id"), named("person_id"));
            let kept = |record: &Record| {
                let field = |name: &str| record.fields[name].as_u64();
                user.is_none_or(|user| field("user_id") == user)
                    && person.is_none_or(|person| field("person_id") == person)
            };
            list(pipedrive, request, "notes", kept)
        }
        (&Method::POST, []) => create(pipedrive, caller, &body(request)?),
        (&Method::GET, [id]) => shown(pipedrive, id),
        (&Method::PUT, [id]) => update(pipedrive, caller, id, &body(request)?),
        (&Method::DELETE, [id]) => {
            if pipedrive.core.records().remove("notes", id) {
                Ok(data(StatusCode::OK, &json!(true)))
            } else {
                Err(Problem::not_found("Note"))
            }
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

/// A list of written records by offset.
pub(crate) fn list(
    pipedrive: &Pipedrive,
    request: &ApiRequest,
    kind: &str,
    kept: impl Fn(&Record) -> bool,
) -> Result<Answer, Problem> {
    let whole = |name: &str, usual: usize| match request.parameter(name).map(str::parse) {
        None => Ok(usual),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(Problem::invalid(format!("{name} must be an integer"))),
    };
    let (start, limit) = (whole("start", 0)?, whole("limit", USUAL)?.clamp(1, MOST));
    let records = pipedrive.core.records();
    let mut found = records.of(kind).filter(|record| kept(record)).skip(start);
    let rows: Vec<Value> = found
        .by_ref()
        .take(limit)
        .map(|record| record.fields.clone())
        .collect();
    let more = found.next().is_some();
    let mut pagination =
        json!({ "start": start, "limit": limit, "more_items_in_collection": more });
    if more {
        pagination["next_start"] = json!(start + limit);
    }
    let body = json!({
        "success": true, "data": rows, "additional_data": { "pagination": pagination },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn shown(pipedrive: &Pipedrive, id: &str) -> Result<Answer, Problem> {
    let records = pipedrive.core.records();
    let found = records.find("notes", id);
    let found = found.ok_or_else(|| Problem::not_found("Note"))?;
    Ok(data(StatusCode::OK, &found.fields))
}

/// The author: oneself, or another whom only an admin may name.
fn author(pipedrive: &Pipedrive, caller: &Caller, body: &Value) -> Result<u64, Problem> {
    let own = pipedrive.own_number().ok_or_else(Problem::unauthorized)?;
    let author = whole(body, "user_id")?.unwrap_or(own);
    if author != own && !caller.is_admin() {
        return Err(Problem::forbidden(
            "Only an admin user can change the author of a note",
        ));
    }
    if pipedrive.knows_user(author) {
        Ok(author)
    } else {
        Err(Problem::not_found("User"))
    }
}

fn create(pipedrive: &Pipedrive, caller: &Caller, body: &Value) -> Result<Answer, Problem> {
    let content = body["content"].as_str().unwrap_or_default();
    if content.is_empty() {
        return Err(Problem::invalid("content is required"));
    }
    if TIES.iter().all(|tie| body[*tie].is_null()) {
        let message = format!("one of {} is required", TIES.join(", "));
        return Err(Problem::invalid(message));
    }
    pipedrive.check_person(whole(body, "person_id")?)?;
    let author = author(pipedrive, caller, body)?;
    let now = pipedrive.core.clock.now();
    let mut records = pipedrive.core.records();
    let id = FROM + pipedrive.next_number();
    let mut fields = json!({
        "id": id, "content": content, "active_flag": true, "user_id": author,
        "add_time": local_time(now), "update_time": local_time(now),
        "last_update_user_id": null, "user": { "is_you": pipedrive.own_number() == Some(author) },
    });
    for tie in TIES {
        fields[*tie] = body[*tie].clone();
    }
    records.add(Record {
        kind: "notes".to_owned(),
        id: id.to_string(),
        owner: Some(author.to_string()),
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(data(StatusCode::OK, &fields))
}

fn update(
    pipedrive: &Pipedrive,
    caller: &Caller,
    id: &str,
    body: &Value,
) -> Result<Answer, Problem> {
    let named = !body["user_id"].is_null();
    let author = named.then(|| author(pipedrive, caller, body)).transpose()?;
    let now = pipedrive.core.clock.now();
    {
        let mut records = pipedrive.core.records();
        let record = records.find_mut("notes", id);
        let record = record.ok_or_else(|| Problem::not_found("Note"))?;
        if let Some(content) = body["content"].as_str() {
            record.fields["content"] = json!(content);
        }
        if let Some(author) = author {
            record.fields["user_id"] = json!(author);
            record.owner = Some(author.to_string());
        }
        record.fields["update_time"] = json!(local_time(now));
        record.modified = now;
    }
    shown(pipedrive, id)
}
