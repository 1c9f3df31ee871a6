//! Creating, changing and deleting, and in whose name.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::checks::{Sent, checked};
use super::date_time;
use super::entities::Entity;
use super::errors::{failed, no_permission, of};
use super::rows::{is_api, number, one};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind};
use crate::records::Record;

/// Where the ids of written records start.
const IDS_FROM: i64 = 7_800;

/// In whose name something is written.
#[derive(Clone, Copy, Debug)]
struct Author {
    /// The resource it is credited to.
    resource: i64,
    /// The API user, when it writes as somebody else.
    impersonator: Option<i64>,
}

/// Numbers what is written.
#[derive(Debug)]
pub(crate) struct Desk(AtomicI64);

impl Default for Desk {
    fn default() -> Self {
        Self(AtomicI64::new(IDS_FROM))
    }
}

impl Desk {
    /// `POST`, `PATCH` or `PUT` of an entity; `parent` is the id in the path of a child's.
    pub(crate) fn write(
        &self,
        core: &Core,
        request: &ApiRequest,
        entity: &'static Entity,
        parent: Option<i64>,
    ) -> Answer {
        let verb = if request.method == Method::POST {
            "create"
        } else {
            "update"
        };
        if !entity.is_written() {
            return no_permission(verb);
        }
        let Some(author) = author(core, request, entity) else {
            return no_permission(verb);
        };
        let body: Value = match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(error) => return of(StatusCode::BAD_REQUEST, format!("{error}.")),
        };
        let Some(mut sent) = Sent::read(entity, &body) else {
            return failed("The request body must be a JSON object.");
        };
        if let (Some((_, _, field)), Some(parent)) = (entity.parent, parent) {
            sent.0.insert(field.to_owned(), json!(parent));
        }
        let old = if request.method == Method::POST {
            None
        } else {
            let id = sent.0.get("id").and_then(Value::as_i64);
            match id.and_then(|id| one(core, entity, id)) {
                None => return of(StatusCode::NOT_FOUND, "No matching records found."),
                old => old,
            }
        };
        if let (Some(Value::Object(old)), true) = (&old, request.method == Method::PATCH) {
            sent.keep_others(old);
        }
        match checked(core, entity, &sent) {
            Err(message) => failed(message),
            Ok(fields) => {
                let id = self.store(core, entity, fields, old.as_ref(), author);
                Answer::json(StatusCode::OK, &json!({ "itemId": id }))
            }
        }
    }

    fn store(
        &self,
        core: &Core,
        entity: &Entity,
        mut fields: Map<String, Value>,
        old: Option<&Value>,
        author: Author,
    ) -> i64 {
        let now = core.clock.now();
        let id = old.map_or_else(
            || self.0.fetch_add(1, Ordering::SeqCst),
            |old| old["id"].as_i64().unwrap_or(0),
        );
        fields.insert("id".to_owned(), json!(id));
        for field in entity.fields.iter().filter(|field| field.read_only) {
            let kept = old.map_or(Value::Null, |old| old[field.name].clone());
            let value = vendors_own(field.name, &fields, kept, now, author, old.is_some());
            fields.insert(field.name.to_owned(), value);
        }
        if entity.path == "Tickets" {
            fields.insert("userDefinedFields".to_owned(), json!([]));
        }
        let owner = fields.get(entity.owner).and_then(Value::as_i64);
        let owner = owner.map(|id| id.to_string());
        let mut records = core.records();
        match records.find_mut(entity.path, &id.to_string()) {
            Some(record) => {
                record.fields = Value::Object(fields);
                record.owner = owner;
                record.modified = now;
            }
            None => records.add(Record {
                kind: entity.path.to_owned(),
                id: id.to_string(),
                owner,
                fields: Value::Object(fields),
                created: now,
                modified: now,
            }),
        }
        drop(records);
        if let Some((hooks, "Fields", _)) = entity.parent {
            make_ready(core, hooks, id, entity.path);
        }
        id
    }
}

/// What the vendor writes into a field of its own.
fn vendors_own(
    name: &str,
    fields: &Map<String, Value>,
    kept: Value,
    now: Timestamp,
    author: Author,
    is_update: bool,
) -> Value {
    let made = |value: Value| if is_update { kept.clone() } else { value };
    let now_shown = json!(date_time(now));
    let id = fields["id"].as_i64().unwrap_or(0);
    match name {
        "id" => json!(id),
        "ticketNumber" => made(json!(format!("T{}.{id:04}", now.strftime("%Y%m%d")))),
        "createDate" | "createDateTime" => made(now_shown),
        "creatorResourceID" | "creatorUserID" => made(json!(author.resource)),
        "impersonatorCreatorResourceID" => made(json!(author.impersonator)),
        "impersonatorUpdaterResourceID" if is_update => json!(author.impersonator),
        "lastActivityDate"
        | "lastModifiedDate"
        | "lastModifiedDateTime"
        | "lastTrackedModificationDateTime" => now_shown,
        "completedDate" if fields.get("status") == Some(&json!(5)) => {
            if kept.is_null() {
                now_shown
            } else {
                kept
            }
        }
        "timeEntryType" => json!(if fields["ticketID"].is_null() { 6 } else { 2 }),
        "isReady" => made(json!(false)),
        "webhookGUID" => made(json!(guid(id))),
        _ => Value::Null,
    }
}

pub(crate) fn guid(id: i64) -> String {
    format!("5b1c9d2e-7f40-4a6b-9c3d-{id:012x}")
}

/// A webhook can be called when it tells of one field at least.
fn make_ready(core: &Core, hooks: &str, field: i64, fields: &str) {
    let mut records = core.records();
    let hook = records
        .find(fields, &field.to_string())
        .and_then(|record| record.fields["webhookID"].as_i64());
    let hook = hook.and_then(|id| records.find_mut(hooks, &id.to_string()));
    if let Some(hook) = hook {
        hook.fields["isReady"] = json!(true);
    }
}

/// The API user, or whom `ImpersonationResourceId` names: an active resource with a level that
/// allows it. Levels of API users and contractors do not; time entries have a right of their own,
/// which the API user lacks here.
fn author(core: &Core, request: &ApiRequest, entity: &Entity) -> Option<Author> {
    let directory = core.directory();
    let own = directory.connecting().map_or(0, number);
    let Some(wanted) = request.header("impersonationresourceid") else {
        return Some(Author {
            resource: own,
            impersonator: None,
        });
    };
    let allows =
        |user: &&User| user.is_active() && !is_api(user) && user.kind != UserKind::Consultant;
    let user = directory.find(wanted).filter(allows)?;
    (entity.path != "TimeEntries").then(|| Author {
        resource: number(user),
        impersonator: Some(own),
    })
}

/// `DELETE …/{id}`.
pub(crate) fn delete(core: &Core, entity: &Entity, id: &str) -> Answer {
    if entity.access[3] == "None" {
        return of(
            StatusCode::METHOD_NOT_ALLOWED,
            "The requested resource does not support http method 'DELETE'.",
        );
    }
    if core.records().remove(entity.path, id) {
        Answer::json(
            StatusCode::OK,
            &json!({ "itemId": id.parse::<i64>().unwrap_or(0) }),
        )
    } else {
        of(StatusCode::NOT_FOUND, "No matching records found.")
    }
}
