//! Tasks of API v2.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body::{Body, user_exists};
use super::errors::ApiError;
use super::lists::{Clause, List, date_time, without_nulls};
use super::notes::own_id;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// `GET /rest/v2/tasks`.
const LIST: List = List {
    member: "tasks",
    page_sizes: (0, 1000),
    filters: &[
        "contact_id",
        "has_due_date",
        "is_completed",
        "user_id",
        "task_ids",
        "priority",
        "since_time",
        "until_time",
        "title",
    ],
    compared: &["id"],
    orders: &["id", "create_time", "due_time", "update_time"],
};

/// Members that are kept as they were written.
const TEXTS: &[&str] = &["title", "description", "type"];
const TIMES: &[&str] = &["completion_time", "due_time"];
const FLAGS: &[&str] = &["completed", "accepted"];
const PRIORITIES: &[&str] = &["CRITICAL", "ESSENTIAL", "NONESSENTIAL"];
const REMINDERS: &[u64] = &[5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880];

/// What `update_mask` may name.
const MASK: &[&str] = &[
    "id",
    "title",
    "description",
    "type",
    "priority",
    "completion_time",
    "due_time",
    "remind_time_mins",
    "assigned_to_user_id",
    "last_updated_by_user_id",
    "contact_id",
    "opportunity_id",
    "accepted",
    "completed",
    "custom_fields",
];

const KIND: &str = "task";

/// The list.
pub(crate) fn list(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let filter = LIST.filter(request)?;
    let order = LIST.order(request)?;
    let records = core.records();
    let mut found = Vec::new();
    for task in records.of(KIND) {
        let mut meets_all = true;
        for clause in &filter {
            meets_all = meets_all && meets(task, clause)?;
        }
        if meets_all {
            found.push(task);
        }
    }
    match order {
        Some(("update_time", _)) => found.sort_by_key(|task| task.modified),
        Some(("due_time", _)) => found.sort_by_key(|task| task.fields["due_time"].to_string()),
        _ => {}
    }
    if order.is_some_and(|(_, descending)| descending) {
        found.reverse();
    }
    LIST.page(core, request, found, |task| row(task))
}

fn meets(task: &Record, clause: &Clause) -> Result<bool, ApiError> {
    let fields = &task.fields;
    Ok(match clause.field.as_str() {
        "id" => clause.is_id(&task.id)?,
        "task_ids" => clause.lists(&task.id),
        "title" => clause.is_text(fields["title"].as_str().unwrap_or_default()),
        "contact_id" => fields["contact_id"] == clause.value,
        "user_id" if clause.value == "UNASSIGNED" => task.owner.is_none(),
        "user_id" => task.owner.as_deref() == Some(&clause.value),
        "is_completed" => (fields["completed"] == true) == clause.boolean()?,
        "has_due_date" => fields["due_time"].is_string() == clause.boolean()?,
        "priority" => fields["priority"] == clause.value,
        "since_time" => task.created >= clause.time()?,
        _ => task.created <= clause.time()?,
    })
}

fn row(task: &Record) -> Value {
    without_nulls(task.fields.clone())
}

/// Puts what the body holds into the task.
fn fill(core: &Core, body: &Body, task: &mut Record) -> Result<(), ApiError> {
    for name in TEXTS {
        put(&mut task.fields, body, name, json!(body.text(name)?));
    }
    for name in TIMES {
        put(&mut task.fields, body, name, json!(body.time(name)?));
    }
    for name in FLAGS {
        put(&mut task.fields, body, name, json!(body.boolean(name)?));
    }
    let priority = json!(body.choice("priority", PRIORITIES)?);
    put(&mut task.fields, body, "priority", priority);
    if let Some(minutes) = body.get("remind_time_mins") {
        let minutes = minutes.as_u64().filter(|some| REMINDERS.contains(some));
        let wrong = || ApiError::invalid("'remind_time_mins' is not one of the values allowed");
        task.fields["remind_time_mins"] = json!(minutes.ok_or_else(wrong)?);
    }
    if let Some(contact) = body.id("contact_id")? {
        if core.contacts().find(&contact).is_none() {
            return Err(ApiError::not_found("Contact", &contact));
        }
        task.fields["contact_id"] = json!(contact);
    }
    if let Some(user) = body.id("assigned_to_user_id")? {
        user_exists(core, "assigned_to_user_id", &user)?;
        task.fields["assigned_to_user_id"] = json!(user);
        task.owner = Some(user);
    }
    if task.fields["completed"] == true && task.fields["completion_time"].is_null() {
        task.fields["completion_time"] = json!(date_time(core.clock.now()));
    }
    task.modified = core.clock.now();
    task.fields["modification_time"] = json!(date_time(task.modified));
    task.fields["last_updated_by_user_id"] = json!(own_id(core));
    Ok(())
}

fn put(fields: &mut Value, body: &Body, name: &str, value: Value) {
    if body.get(name).is_some() {
        fields[name] = value;
    }
}

/// `POST /rest/v2/tasks`, made by the token's user whomever it is assigned to.
pub(crate) fn create(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let body = Body::read(request)?;
    if body.id("assigned_to_user_id")?.is_none() {
        return Err(ApiError::invalid("'assigned_to_user_id' is required"));
    }
    let now = core.clock.now();
    let id = (8_121 + 2 * core.records().count(KIND)).to_string();
    let mut task = Record {
        kind: KIND.to_owned(),
        fields: json!({
            "id": id,
            "completed": false,
            "accepted": false,
            "create_time": date_time(now),
            "created_by_user_id": own_id(core),
        }),
        id,
        owner: None,
        created: now,
        modified: now,
    };
    fill(core, &body, &mut task)?;
    core.records().add(task.clone());
    Ok(Answer::json(StatusCode::CREATED, &row(&task)))
}

fn found(core: &Core, id: &str) -> Result<Record, ApiError> {
    let task = core.records().find(KIND, id).cloned();
    task.ok_or_else(|| ApiError::not_found("Task", id))
}

/// `GET /rest/v2/tasks/{id}`.
pub(crate) fn one(core: &Core, id: &str) -> Result<Answer, ApiError> {
    Ok(Answer::json(StatusCode::OK, &row(&found(core, id)?)))
}

/// `PATCH /rest/v2/tasks/{id}`.
pub(crate) fn change(core: &Core, request: &ApiRequest, id: &str) -> Result<Answer, ApiError> {
    let mut task = found(core, id)?;
    let body = Body::read(request)?.masked(request, MASK)?;
    fill(core, &body, &mut task)?;
    if let Some(kept) = core.records().find_mut(KIND, id) {
        kept.clone_from(&task);
    }
    Ok(Answer::json(StatusCode::OK, &row(&task)))
}

/// `DELETE /rest/v2/tasks/{id}`.
pub(crate) fn delete(core: &Core, id: &str) -> Result<Answer, ApiError> {
    if core.records().remove(KIND, id) {
        Ok(Answer::empty(StatusCode::NO_CONTENT))
    } else {
        Err(ApiError::not_found("Task", id))
    }
}
