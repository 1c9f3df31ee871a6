//! The small lists that tickets refer to.

use axum::http::Method;
use serde_json::{Value, json};

use super::envelope::{failure, no_method, success};
use super::people::ROLES;
use crate::answer::{Answer, ApiRequest};

/// Id and name of each row.
pub(crate) type Table = &'static [(i64, &'static str)];

pub(crate) const STATUSES: Table = &[(1, "New"), (2, "In Progress"), (3, "Completed")];
pub(crate) const PRIORITIES: Table = &[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")];
pub(crate) const QUEUES: Table = &[(51, "Service Desk"), (52, "Telephony")];
pub(crate) const SLAS: Table = &[(1, "Standard")];
pub(crate) const WORK_TYPES: Table = &[(21, "Remote Support"), (22, "Phone Support")];
pub(crate) const ISSUE_TYPES: Table = &[(1, "Hardware"), (2, "Telephony")];
pub(crate) const TYPES: Table = &[(1, "Incident"), (2, "Service Request")];
pub(crate) const SOURCES: Table = &[(1, "Phone Call"), (2, "Email"), (3, "Portal")];
pub(crate) const NOTE_TYPES: Table = &[(11, "General"), (12, "Phone Call")];

/// The table of that name: `/v2/system/{name}/lookup` and `/v2/system/lookup/{name}`.
fn table(name: &str) -> Option<Table> {
    Some(match name {
        "statuses" | "ticketstatus" => STATUSES,
        "priorities" | "ticketpriority" => PRIORITIES,
        "queues" => QUEUES,
        "slas" => SLAS,
        "worktypes" | "worktype" => WORK_TYPES,
        "issuetypes" | "issuetype" => ISSUE_TYPES,
        "tickettype" => TYPES,
        "ticketsource" => SOURCES,
        "notetype" => NOTE_TYPES,
        "role" => ROLES,
        _ => return None,
    })
}

/// `/v2/system/…`.
pub(crate) fn answer(request: &ApiRequest, path: &[&str]) -> Answer {
    if request.method != Method::GET {
        return no_method();
    }
    let found = match path {
        [name, "lookup"] | ["lookup", name] => table(name),
        _ => return super::envelope::not_found(),
    };
    match found {
        Some(table) => success(&rows(table)),
        None => failure(404, "Lookup table not found."),
    }
}

pub(crate) fn rows(table: Table) -> Value {
    let rows = table.iter().enumerate().map(
        |(nth, (id, name))| json!({ "Id": id, "Name": name, "IsDefault": nth == 0, "IsActive": true }),
    );
    Value::Array(rows.collect())
}

/// The name of a row.
pub(crate) fn name_of(table: Table, id: i64) -> Option<&'static str> {
    table
        .iter()
        .find(|(own, _)| *own == id)
        .map(|(_, name)| *name)
}
