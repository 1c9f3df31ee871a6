//! Events, tasks and notes: what a call is logged as, since there is no object for calls.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::customers::exists;
use super::errors::{ApiError, bad};
use super::lists::{date_time, page, searched};
use super::number;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::UserState;
use crate::records::Record;

/// A kind of activity.
#[derive(Debug)]
pub(crate) struct Activity {
    /// Its plural in the path.
    pub(crate) path: &'static str,
    kind: &'static str,
    id: &'static str,
    first_id: u64,
    required: &'static [&'static str],
    /// Members that are times.
    times: &'static [&'static str],
    /// Members that are users.
    users: &'static [&'static str],
    /// All other members a client may write, with what they are when nobody writes them.
    others: &'static [(&'static str, &'static str)],
}

/// The kinds there are.
pub(crate) const ACTIVITIES: &[Activity] = &[
    Activity {
        path: "events",
        kind: "Event",
        id: "EVENT_ID",
        first_id: 41_802_117,
        required: &["TITLE", "START_DATE_UTC", "END_DATE_UTC"],
        times: &["START_DATE_UTC", "END_DATE_UTC", "REMINDER_DATE_UTC"],
        users: &["OWNER_USER_ID"],
        others: &[
            ("TITLE", "null"),
            ("LOCATION", "null"),
            ("DETAILS", "null"),
            ("ALL_DAY", "false"),
            ("REMINDER_SENT", "false"),
        ],
    },
    Activity {
        path: "tasks",
        kind: "Task",
        id: "TASK_ID",
        first_id: 96_110_403,
        required: &["TITLE"],
        times: &[
            "START_DATE",
            "DUE_DATE",
            "COMPLETED_DATE_UTC",
            "REMINDER_DATE_UTC",
        ],
        users: &[
            "OWNER_USER_ID",
            "RESPONSIBLE_USER_ID",
            "ASSIGNED_BY_USER_ID",
        ],
        others: &[
            ("TITLE", "null"),
            ("CATEGORY_ID", "null"),
            ("COMPLETED", "false"),
            ("DETAILS", "null"),
            ("STATUS", "\"NOT STARTED\""),
            ("PRIORITY", "2"),
            ("PERCENT_COMPLETE", "0"),
            ("PROJECT_ID", "null"),
            ("OPPORTUNITY_ID", "null"),
            ("MILESTONE_ID", "null"),
            ("RECURRENCE", "null"),
        ],
    },
    Activity {
        path: "notes",
        kind: "Note",
        id: "NOTE_ID",
        first_id: 70_318_255,
        required: &["TITLE"],
        times: &[],
        users: &["OWNER_USER_ID"],
        others: &[("TITLE", "null"), ("BODY", "null")],
    },
];

/// What a task's status may be, in either spelling.
const STATUSES: &[&str] = &[
    "COMPLETED",
    "DEFERRED",
    "IN PROGRESS",
    "NOT STARTED",
    "WAITING",
];

/// The requests below `/Events`, `/Tasks` and `/Notes`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    activity: &Activity,
    rest: &[&str],
) -> Result<Answer, ApiError> {
    let not_allowed = || Err(ApiError::bare(StatusCode::METHOD_NOT_ALLOWED));
    match rest {
        [] if request.method == Method::GET => list(core, request, activity, false),
        [] if request.method == Method::POST => create(core, request, activity, None),
        [] if request.method == Method::PUT => change(core, request, activity),
        ["search"] if request.method == Method::GET => list(core, request, activity, true),
        [id] if request.method == Method::GET => {
            let records = core.records();
            let found = records.find(activity.kind, id);
            let row = found.map(|record| Answer::json(StatusCode::OK, &record.fields));
            row.ok_or_else(|| ApiError::bare(StatusCode::NOT_FOUND))
        }
        [] | [_] => not_allowed(),
        _ => Err(ApiError::bare(StatusCode::NOT_FOUND)),
    }
}

/// `POST /Contacts/{id}/Notes` and that of leads.
pub(crate) fn note_on(
    core: &Core,
    request: &ApiRequest,
    object: &str,
    id: &str,
) -> Result<Answer, ApiError> {
    let link = (object, id.parse().unwrap_or_default());
    if !exists(core, link.0, link.1) {
        return Err(ApiError::bare(StatusCode::NOT_FOUND));
    }
    let notes = ACTIVITIES.iter().find(|activity| activity.path == "notes");
    match notes {
        Some(notes) => create(core, request, notes, Some(link)),
        None => Err(ApiError::bare(StatusCode::NOT_FOUND)),
    }
}

/// `GET /Contacts/{id}/Notes` and those of leads.
pub(crate) fn notes_of(
    core: &Core,
    request: &ApiRequest,
    object: &str,
    id: &str,
) -> Result<Answer, ApiError> {
    let id: u64 = id.parse().unwrap_or_default();
    if !exists(core, object, id) {
        return Err(ApiError::bare(StatusCode::NOT_FOUND));
    }
    let records = core.records();
    let is_linked = |record: &&Record| {
        let links = record.fields["LINKS"].as_array();
        links.is_some_and(|links| {
            links
                .iter()
                .any(|link| link["LINK_OBJECT_ID"] == id && link["LINK_OBJECT_NAME"] == object)
        })
    };
    let found = records.of("Note").filter(is_linked).collect();
    page(core, request, "NOTE_ID", found, |note| note.fields.clone())
}

fn list(
    core: &Core,
    request: &ApiRequest,
    activity: &Activity,
    search: bool,
) -> Result<Answer, ApiError> {
    let records = core.records();
    let mut found: Vec<&Record> = records.of(activity.kind).collect();
    let row = |record: &&Record| record.fields.clone();
    if search {
        let known = activity.blank();
        searched(request, &known, &mut found, row, |record| record.modified)?;
    }
    page(core, request, activity.id, found, row)
}

/// The object a client sent; unknown members are ignored.
fn read(request: &ApiRequest) -> Result<Map<String, Value>, ApiError> {
    let is_json = request
        .header("content-type")
        .is_some_and(|kind| kind.to_lowercase().starts_with("application/json"));
    if !is_json {
        return Err(ApiError::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(bad("The request is invalid.")),
    }
}

fn create(
    core: &Core,
    request: &ApiRequest,
    activity: &Activity,
    link: Option<(&str, u64)>,
) -> Result<Answer, ApiError> {
    let mut body = read(request)?;
    if let Some((object, id)) = link {
        let link = json!([{ "LINK_OBJECT_NAME": object, "LINK_OBJECT_ID": id }]);
        body.insert("LINKS".to_owned(), link);
    }
    let own = core.directory().connecting().map(|user| number(&user.id));
    let nth = core.records().count(activity.kind) as u64;
    let id = activity.first_id + 3 * nth;
    let now = core.clock.now();
    let mut fields = activity.blank();
    fields[activity.id] = json!(id);
    fields["OWNER_USER_ID"] = json!(own);
    fields["CREATED_USER_ID"] = json!(own);
    fields["DATE_CREATED_UTC"] = json!(date_time(now));
    let mut record = Record {
        kind: activity.kind.to_owned(),
        id: id.to_string(),
        owner: None,
        fields,
        created: now,
        modified: now,
    };
    activity.fill(core, &body, &mut record)?;
    core.records().add(record.clone());
    Ok(Answer::json(StatusCode::CREATED, &record.fields))
}

/// `PUT`: the record is named in the body; members that are not given stay, null clears.
fn change(core: &Core, request: &ApiRequest, activity: &Activity) -> Result<Answer, ApiError> {
    let body = read(request)?;
    let id = body.get(activity.id).and_then(Value::as_u64);
    let id = id.ok_or_else(|| bad(format!("{} is required.", activity.id)))?;
    let found = core.records().find(activity.kind, &id.to_string()).cloned();
    let mut record = found.ok_or_else(|| ApiError::bare(StatusCode::NOT_FOUND))?;
    record.modified = core.clock.now();
    activity.fill(core, &body, &mut record)?;
    if let Some(kept) = core.records().find_mut(activity.kind, &record.id) {
        kept.clone_from(&record);
    }
    Ok(Answer::json(StatusCode::OK, &record.fields))
}

impl Activity {
    /// Such a record of which nobody wrote anything.
    fn blank(&self) -> Value {
        let mut fields = Map::new();
        for name in [
            self.id,
            "DATE_CREATED_UTC",
            "DATE_UPDATED_UTC",
            "CREATED_USER_ID",
        ] {
            fields.insert(name.to_owned(), Value::Null);
        }
        for name in self.times.iter().chain(self.users) {
            fields.insert((*name).to_owned(), Value::Null);
        }
        for (name, value) in self.others {
            let value = serde_json::from_str(value).unwrap_or_default();
            fields.insert((*name).to_owned(), value);
        }
        fields.insert("CUSTOMFIELDS".to_owned(), json!([]));
        fields.insert("LINKS".to_owned(), json!([]));
        Value::Object(fields)
    }

    fn fill(
        &self,
        core: &Core,
        body: &Map<String, Value>,
        record: &mut Record,
    ) -> Result<(), ApiError> {
        for (name, value) in body {
            let name = name.as_str();
            if self.times.contains(&name) {
                record.fields[name] = json!(time(name, value)?);
            } else if self.users.contains(&name) {
                record.fields[name] = json!(user(core, name, value)?);
            } else if self.others.iter().any(|(known, _)| *known == name) {
                record.fields[name] = value.clone();
            } else if name == "LINKS" {
                record.fields[name] = links(core, value)?;
            } else if name == "CUSTOMFIELDS" {
                record.fields[name] = custom_fields(value)?;
            }
        }
        if self.kind == "Task" {
            settle(&mut record.fields, record.modified)?;
        }
        for name in self.required {
            let value = &record.fields[*name];
            if value.is_null() || value == "" {
                return Err(bad(format!("{name} is required.")));
            }
        }
        record.fields["DATE_UPDATED_UTC"] = json!(date_time(record.modified));
        record.owner = record.fields["OWNER_USER_ID"]
            .as_u64()
            .map(|id| id.to_string());
        Ok(())
    }
}

/// A task's status in capitals, and what follows from its being completed.
fn settle(task: &mut Value, now: Timestamp) -> Result<(), ApiError> {
    let status = task["STATUS"].as_str().unwrap_or_default().to_uppercase();
    if !STATUSES.contains(&status.as_str()) {
        return Err(bad(format!(
            "The value '{status}' is not valid for STATUS."
        )));
    }
    if !matches!(task["PRIORITY"].as_u64(), Some(1..=3)) {
        return Err(bad("PRIORITY must be 1, 2 or 3."));
    }
    let completed = task["COMPLETED"] == true || status == "COMPLETED";
    if completed && task["COMPLETED_DATE_UTC"].is_null() {
        task["COMPLETED_DATE_UTC"] = json!(date_time(now));
    }
    task["COMPLETED"] = json!(completed);
    task["STATUS"] = json!(if completed {
        "COMPLETED"
    } else {
        status.as_str()
    });
    Ok(())
}

/// A time in either spelling, kept in the vendor's; null clears.
fn time(name: &str, value: &Value) -> Result<Option<String>, ApiError> {
    let wrong = || bad(format!("The value {value} is not valid for {name}."));
    if value.is_null() {
        return Ok(None);
    }
    let text = value.as_str().ok_or_else(wrong)?;
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(Some(date_time(time)));
    }
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    let time = TimeZone::UTC.to_timestamp(civil).map_err(|_| wrong())?;
    Ok(Some(date_time(time)))
}

/// A user there is, active or not.
fn user(core: &Core, name: &str, value: &Value) -> Result<Option<u64>, ApiError> {
    if value.is_null() {
        return Ok(None);
    }
    let id = value.as_u64();
    let id = id.ok_or_else(|| bad(format!("The value {value} is not valid for {name}.")))?;
    let directory = core.directory();
    match directory.find(&id.to_string()) {
        Some(user) if user.state != UserState::Deleted => Ok(Some(id)),
        _ => Err(bad(format!("{name} {id} does not exist."))),
    }
}

fn links(core: &Core, value: &Value) -> Result<Value, ApiError> {
    let wrong = |link: &Value| bad(format!("The link {link} is not valid."));
    let mut kept = Vec::new();
    for (nth, link) in value
        .as_array()
        .ok_or_else(|| wrong(value))?
        .iter()
        .enumerate()
    {
        let object = link["LINK_OBJECT_NAME"]
            .as_str()
            .ok_or_else(|| wrong(link))?;
        let id = link["LINK_OBJECT_ID"].as_u64().ok_or_else(|| wrong(link))?;
        if !exists(core, object, id) {
            return Err(wrong(link));
        }
        kept.push(json!({
            "LINK_ID": 512_007 + nth, "DETAILS": null, "ROLE": null,
            "LINK_OBJECT_NAME": object, "LINK_OBJECT_ID": id,
        }));
    }
    Ok(Value::Array(kept))
}

fn custom_fields(value: &Value) -> Result<Value, ApiError> {
    let fields = value
        .as_array()
        .ok_or_else(|| bad("CUSTOMFIELDS must be a list."))?;
    for field in fields {
        if !field["FIELD_NAME"]
            .as_str()
            .is_some_and(|name| name.ends_with("__c"))
        {
            return Err(bad(format!("The custom field {field} does not exist.")));
        }
    }
    Ok(value.clone())
}
