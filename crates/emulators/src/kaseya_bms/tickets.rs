//! Tickets, their notes and their time logs.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::Method;
use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::{Map, Value, json};

use super::contacts::{account_rows, location};
use super::envelope::{failure, invalid, no_method, not_found, success};
use super::forms::{ASSIGNMENT, NOTE, TICKET, TIME_LOG, body, checked};
use super::lookups::{
    ISSUE_TYPES, NOTE_TYPES, PRIORITIES, QUEUES, SLAS, SOURCES, STATUSES, TYPES, Table, WORK_TYPES,
    name_of,
};
use super::page::{Page, parameter, typed};
use super::people::{ROLES, worker};
use super::{date_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// Where the ids of written records start.
const IDS_FROM: i64 = 700_001;

/// Numbers what is written.
#[derive(Debug)]
pub(crate) struct Desk(AtomicI64);

impl Default for Desk {
    fn default() -> Self {
        Self(AtomicI64::new(IDS_FROM))
    }
}

impl Desk {
    pub(crate) fn next(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    /// `/v2/servicedesk/tickets/…`.
    pub(crate) fn answer(&self, core: &Core, request: &ApiRequest, path: &[&str]) -> Answer {
        let ticket = |id: &str| core.records().find("tickets", id).cloned();
        let found = match (&request.method, path) {
            (&Method::GET, []) => listed(core, request, &Value::Null),
            (&Method::POST, ["search"]) => {
                body(request).and_then(|body| listed(core, request, &body))
            }
            (&Method::POST, []) => self.ticket(core, request, None),
            (_, [] | ["search"]) => Ok(no_method()),
            (method, [id, rest @ ..]) => match ticket(id) {
                None => Ok(failure(404, "Ticket not found.")),
                Some(ticket) => match (method, rest) {
                    (&Method::GET, []) => Ok(success(&ticket.fields)),
                    (&Method::PUT, []) => self.ticket(core, request, Some(&ticket)),
                    (&Method::POST, ["assignticket"]) => self.assign(core, request, &ticket),
                    (_, ["notes", rest @ ..]) => self.notes(core, request, &ticket, rest),
                    (_, ["timelogs", rest @ ..]) => self.time_logs(core, request, &ticket, rest),
                    (_, [] | ["assignticket"]) => Ok(no_method()),
                    _ => Ok(not_found()),
                },
            },
        };
        found.unwrap_or_else(|answer| *answer)
    }

    fn ticket(
        &self,
        core: &Core,
        request: &ApiRequest,
        old: Option<&Record>,
    ) -> Result<Answer, Box<Answer>> {
        let mut fields = checked(TICKET, &body(request)?)?;
        let mut wrong = Vec::new();
        for (name, table) in [
            ("StatusId", STATUSES),
            ("PriorityId", PRIORITIES),
            ("TypeId", TYPES),
            ("SourceId", SOURCES),
            ("QueueId", QUEUES),
            ("IssueTypeId", ISSUE_TYPES),
            ("WorkTypeId", WORK_TYPES),
            ("SLAId", SLAS),
        ] {
            named(&mut fields, name, table, &mut wrong);
        }
        whose(core, &mut fields, &mut wrong);
        assigned(core, &mut fields, "AssigneeId", &mut wrong);
        if !wrong.is_empty() {
            return Err(invalid(&wrong).into());
        }
        let id = old.map_or_else(|| self.next(), |old| number(&old.id));
        fields.insert("TicketNumber".to_owned(), json!(format!("T-{id}")));
        let owner = fields.get("AssigneeId").and_then(Value::as_i64);
        Ok(success(&store(core, "tickets", id, owner, fields)))
    }

    fn assign(
        &self,
        core: &Core,
        request: &ApiRequest,
        ticket: &Record,
    ) -> Result<Answer, Box<Answer>> {
        let mut fields = checked(ASSIGNMENT, &body(request)?)?;
        let mut wrong = Vec::new();
        named(&mut fields, "StatusId", STATUSES, &mut wrong);
        named(&mut fields, "QueueId", QUEUES, &mut wrong);
        named(&mut fields, "TypeId", NOTE_TYPES, &mut wrong);
        assigned(core, &mut fields, "AssigneeId", &mut wrong);
        if !wrong.is_empty() {
            return Err(invalid(&wrong).into());
        }
        let mut changed = ticket.fields.as_object().cloned().unwrap_or_default();
        for name in [
            "StatusId",
            "StatusName",
            "QueueId",
            "QueueName",
            "AssigneeId",
            "AssigneeName",
        ] {
            if let Some(value) = fields.remove(name) {
                changed.insert(name.to_owned(), value);
            }
        }
        let owner = changed.get("AssigneeId").and_then(Value::as_i64);
        store(core, "tickets", number(&ticket.id), owner, changed);
        fields.insert("TicketId".to_owned(), json!(number(&ticket.id)));
        sign(core, &mut fields);
        store(core, "notes", self.next(), own_id(core), fields);
        Ok(success(&Value::Null))
    }

    fn notes(
        &self,
        core: &Core,
        request: &ApiRequest,
        ticket: &Record,
        path: &[&str],
    ) -> Result<Answer, Box<Answer>> {
        let id = match (&request.method, path) {
            (&Method::POST, []) => self.next(),
            (&Method::PUT, [id]) if child(core, "notes", ticket, id).is_some() => number(id),
            _ => return children(core, request, "notes", ticket, path),
        };
        let mut fields = checked(NOTE, &body(request)?)?;
        let mut wrong = Vec::new();
        named(&mut fields, "TypeId", NOTE_TYPES, &mut wrong);
        named(&mut fields, "StatusId", STATUSES, &mut wrong);
        if !wrong.is_empty() {
            return Err(invalid(&wrong).into());
        }
        if let (Some(status), Some(name)) = (fields.get("StatusId"), fields.get("StatusName")) {
            let mut changed = ticket.fields.as_object().cloned().unwrap_or_default();
            changed.insert("StatusId".to_owned(), status.clone());
            changed.insert("StatusName".to_owned(), name.clone());
            let owner = ticket.owner.as_deref().map(number);
            store(core, "tickets", number(&ticket.id), owner, changed);
        }
        fields.insert("TicketId".to_owned(), json!(number(&ticket.id)));
        sign(core, &mut fields);
        Ok(success(&store(core, "notes", id, own_id(core), fields)))
    }

    fn time_logs(
        &self,
        core: &Core,
        request: &ApiRequest,
        ticket: &Record,
        path: &[&str],
    ) -> Result<Answer, Box<Answer>> {
        let id = match (&request.method, path) {
            (&Method::POST, []) => self.next(),
            (&Method::PUT, [id]) if child(core, "timelogs", ticket, id).is_some() => number(id),
            _ => return children(core, request, "timelogs", ticket, path),
        };
        let mut fields = checked(TIME_LOG, &body(request)?)?;
        let mut wrong = Vec::new();
        named(&mut fields, "WorkTypeId", WORK_TYPES, &mut wrong);
        named(&mut fields, "RoleId", ROLES, &mut wrong);
        fields
            .entry("UserId")
            .or_insert_with(|| json!(own_id(core)));
        assigned(core, &mut fields, "UserId", &mut wrong);
        match hours(&fields) {
            Some(hours) => {
                fields.entry("Timespent").or_insert(json!(hours));
            }
            None => wrong.push("EndTime must be later than StartTime.".to_owned()),
        }
        if !wrong.is_empty() {
            return Err(invalid(&wrong).into());
        }
        fields.insert("TicketId".to_owned(), json!(number(&ticket.id)));
        let owner = fields.get("UserId").and_then(Value::as_i64);
        Ok(success(&store(core, "timelogs", id, owner, fields)))
    }
}

/// A note or time log of this ticket.
fn child(core: &Core, kind: &str, ticket: &Record, id: &str) -> Option<Value> {
    let records = core.records();
    let record = records.find(kind, id)?;
    (record.fields["TicketId"] == ticket.fields["Id"]).then(|| record.fields.clone())
}

/// Reads and deletes notes and time logs.
fn children(
    core: &Core,
    request: &ApiRequest,
    kind: &str,
    ticket: &Record,
    path: &[&str],
) -> Result<Answer, Box<Answer>> {
    match (&request.method, path) {
        (&Method::GET, []) => {
            let page = Page::of(request)?;
            let records = core.records();
            let all = records.of(kind).map(|record| &record.fields);
            let own: Vec<&Value> = all
                .filter(|row| row["TicketId"] == ticket.fields["Id"])
                .collect();
            Ok(page.cut(core, &own, |row| (*row).clone()))
        }
        (&Method::GET | &Method::DELETE | &Method::PUT, [id]) => {
            let Some(found) = child(core, kind, ticket, id) else {
                return Err(failure(404, "Record not found.").into());
            };
            if request.method == Method::DELETE {
                core.records().remove(kind, id);
                return Ok(success(&Value::Null));
            }
            Ok(success(&found))
        }
        (_, [] | [_]) => Ok(no_method()),
        _ => Ok(not_found()),
    }
}

/// Gives the row an id refers to by name, or says that there is none.
fn named(fields: &mut Map<String, Value>, name: &str, table: Table, wrong: &mut Vec<String>) {
    let Some(id) = fields.get(name).and_then(Value::as_i64) else {
        return;
    };
    match name_of(table, id) {
        Some(label) => {
            let of = name.trim_end_matches("Id");
            fields.insert(format!("{of}Name"), json!(label));
        }
        None => wrong.push(format!("{name} {id} does not exist.")),
    }
}

/// Account, location and contact must belong together.
fn whose(core: &Core, fields: &mut Map<String, Value>, wrong: &mut Vec<String>) {
    let id = |fields: &Map<String, Value>, name: &str| fields.get(name).and_then(Value::as_i64);
    let account = id(fields, "AccountId").unwrap_or(0);
    match account_rows(core)
        .into_iter()
        .find(|(own, _)| *own == account)
    {
        Some((_, name)) => {
            fields.insert("AccountName".to_owned(), json!(name));
        }
        None => wrong.push(format!("AccountId {account} does not exist.")),
    }
    if id(fields, "LocationId") != Some(location(account)) {
        wrong.push("LocationId does not belong to the account.".to_owned());
    }
    if let Some(contact) = id(fields, "ContactId") {
        let contacts = core.contacts();
        match contacts.find(&contact.to_string()) {
            Some(found) if number(&found.company_id) == account => {
                fields.insert("ContactName".to_owned(), json!(found.full_name()));
            }
            _ => wrong.push("ContactId does not belong to the account.".to_owned()),
        }
    }
}

/// The person that work is given to. One who is no longer active is accepted without a word.
fn assigned(core: &Core, fields: &mut Map<String, Value>, name: &str, wrong: &mut Vec<String>) {
    let Some(id) = fields.get(name).and_then(Value::as_i64) else {
        return;
    };
    match worker(core, id) {
        Ok(found) => {
            let of = name.trim_end_matches("Id");
            fields.insert(format!("{of}Name"), found["Name"].clone());
        }
        Err(message) => wrong.push(message),
    }
}

/// Hours between start and end, two digits; none when the end is not later.
fn hours(fields: &Map<String, Value>) -> Option<f64> {
    let time = |name: &str| -> Option<Time> { fields.get(name)?.as_str()?.parse().ok() };
    let seconds = (time("EndTime")?.duration_since(time("StartTime")?)).as_secs_f64();
    (seconds > 0.0).then(|| (seconds / 36.0).round() / 100.0)
}

fn own_id(core: &Core) -> Option<i64> {
    core.directory().connecting().map(|user| number(&user.id))
}

/// A note is always the signed-in user's.
fn sign(core: &Core, fields: &mut Map<String, Value>) {
    let directory = core.directory();
    if let Some(user) = directory.connecting() {
        fields.insert("CreatedBy".to_owned(), json!(number(&user.id)));
        fields.insert("CreatedByName".to_owned(), json!(user.full_name()));
    }
}

fn store(
    core: &Core,
    kind: &str,
    id: i64,
    owner: Option<i64>,
    fields: Map<String, Value>,
) -> Value {
    let now = core.clock.now();
    let owner = owner.map(|owner| owner.to_string());
    let mut records = core.records();
    let old = records.find(kind, &id.to_string());
    let created = old.map_or(now, |record| record.created);
    let mut row = json!({ "Id": id });
    for (name, value) in fields {
        row[name] = value;
    }
    row["CreatedOn"] = json!(date_time(created));
    row["ModifiedOn"] = json!(date_time(now));
    match records.find_mut(kind, &id.to_string()) {
        Some(record) => {
            record.fields = row.clone();
            record.owner = owner;
            record.modified = now;
        }
        None => records.add(Record {
            kind: kind.to_owned(),
            id: id.to_string(),
            owner,
            fields: row.clone(),
            created,
            modified: now,
        }),
    }
    row
}

/// Tickets by filters of the query or of a search's body.
fn listed(core: &Core, request: &ApiRequest, search: &Value) -> Result<Answer, Box<Answer>> {
    let page = if search.is_null() {
        Page::of(request)?
    } else {
        Page::of_body(search)
    };
    let filter = |name: &str| -> Option<String> {
        let inside = search["Filter"][name].as_str();
        let text = inside.or_else(|| parameter(request, &format!("Filter.{name}")))?;
        Some(text.to_lowercase()).filter(|text| !text.is_empty())
    };
    let from: Option<Timestamp> =
        filter("CreatedOnFrom").and_then(|text| text.to_uppercase().parse().ok());
    let texts: Vec<(&str, String)> = [
        ("Title", "Title"),
        ("Details", "Details"),
        ("AccountName", "Account"),
        ("AssigneeName", "AssigneeName"),
        ("TicketNumber", "TicketNumber"),
        ("ContactName", "ContactName"),
    ]
    .into_iter()
    .filter_map(|(field, name)| Some((field, filter(name)?)))
    .collect();
    let records = core.records();
    let found: Vec<&Record> = records
        .of("tickets")
        .filter(|record| from.is_none_or(|from| record.created >= from))
        .filter(|record| {
            texts.iter().all(|(field, wanted)| {
                let own = record.fields[*field].as_str();
                own.is_some_and(|own| own.to_lowercase().contains(wanted))
            })
        })
        .collect();
    Ok(page.cut(core, &found, |record| record.fields.clone()))
}

/// `GET /v2/timelogs`.
pub(crate) fn all_time_logs(core: &Core, request: &ApiRequest) -> Result<Answer, Box<Answer>> {
    let page = Page::of(request)?;
    let user: Option<i64> = typed(request, "Filter.UserId")?;
    let from: Option<Timestamp> = typed(request, "Filter.ModifiedOnFrom")?;
    let records = core.records();
    let found: Vec<&Record> = records
        .of("timelogs")
        .filter(|record| {
            user.is_none_or(|user| record.fields["UserId"] == json!(user))
                && from.is_none_or(|from| record.modified >= from)
        })
        .collect();
    Ok(page.cut(core, &found, |record| record.fields.clone()))
}
