//! Activities, tickets, notes, time entries and callbacks: written, read, changed, deleted.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::checks::checked;
use super::entry::{date_time, number, without_nulls};
use super::errors::{Violation, invalid, no_method, no_record, of};
use super::list;
use super::patch;
use super::schema::{BOARD_STATUSES, NOTE, TICKET, Written};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::records::Record;

/// Where the ids of written records start.
const IDS_FROM: i64 = 50_001;

/// What a ticket begins with are its first notes, of these kinds.
const FIRST_NOTES: &[(&str, &str)] = &[
    ("initialDescription", "detailDescriptionFlag"),
    ("initialInternalAnalysis", "internalAnalysisFlag"),
];

/// One request for records.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) core: &'a Core,
    pub(crate) request: &'a ApiRequest,
    pub(crate) caller: &'a Caller,
    /// The ticket whose notes they are.
    pub(crate) ticket: Option<i64>,
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
    /// Answers everything below the list's path.
    pub(crate) fn answer(&self, ask: Ask<'_>, written: &Written, rest: &[&str]) -> Answer {
        let request = ask.request;
        let listed = &written.listed;
        match (&request.method, rest) {
            (&Method::GET, []) => {
                list::list(ask.core, request, &Value::Null, listed, &ask.rows(written))
            }
            (&Method::GET, ["count"]) => list::count(ask.core, request, listed, &ask.rows(written)),
            (&Method::GET, [id]) => list::one(request, listed, &ask.rows(written), id),
            (&Method::POST, []) => match body(request) {
                Ok(body) => self.save(ask, written, &body, None),
                Err(answer) => *answer,
            },
            (&Method::PUT | &Method::PATCH, [id]) => self.change(ask, written, id),
            (&Method::DELETE, [id]) => {
                if ask.core.records().remove(listed.name, id) {
                    Answer::empty(StatusCode::NO_CONTENT)
                } else {
                    no_record(listed.name, id)
                }
            }
            _ => no_method(),
        }
    }

    fn change(&self, ask: Ask<'_>, written: &Written, id: &str) -> Answer {
        let name = written.listed.name;
        let rows = ask.rows(written);
        let wanted: Option<i64> = id.parse().ok();
        let Some(old) = rows.iter().find(|row| row["id"].as_i64() == wanted) else {
            return no_record(name, id);
        };
        let sent = match body(ask.request) {
            Ok(sent) => sent,
            Err(answer) => return *answer,
        };
        if ask.request.method == Method::PUT {
            return self.save(ask, written, &sent, Some(old));
        }
        let mut row = old.clone();
        match patch::apply(&sent, &mut row) {
            Ok(()) => self.save(ask, written, &row, Some(old)),
            Err(violation) => invalid(name, &[violation]),
        }
    }

    fn save(&self, ask: Ask<'_>, written: &Written, body: &Value, old: Option<&Value>) -> Answer {
        let name = written.listed.name;
        if !body.is_object() {
            return invalid(
                name,
                &[Violation::new(
                    "InvalidObject",
                    "",
                    "An object is expected.",
                )],
            );
        }
        let finished = checked(ask.core, written, body)
            .and_then(|fields| ask.finished(written, fields, old).map_err(|one| vec![one]));
        let fields = match finished {
            Ok(fields) => fields,
            Err(violations) => return invalid(name, &violations),
        };
        let id = old.map_or_else(
            || self.0.fetch_add(1, Ordering::SeqCst),
            |old| old["id"].as_i64().unwrap_or(0),
        );
        let first_notes: Vec<Value> = FIRST_NOTES
            .iter()
            .filter_map(|(field, flag)| Some(json!({ "text": fields.get(*field)?, *flag: true })))
            .filter(|_| old.is_none())
            .collect();
        let row = ask.store(written, id, fields, old);
        for note in first_notes {
            let ticket = Some(id);
            self.save(Ask { ticket, ..ask }, &NOTE, &note, None);
        }
        let status = if old.is_none() {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Answer::json(status, &row)
    }
}

impl Ask<'_> {
    /// What was written, by id.
    pub(crate) fn rows(&self, written: &Written) -> Vec<Value> {
        let records = self.core.records();
        let rows = records.of(written.listed.name).map(|record| &record.fields);
        rows.filter(|row| self.ticket.is_none() || row["ticketId"].as_i64() == self.ticket)
            .cloned()
            .collect()
    }

    /// Fills in what the vendor fills in and checks what goes beyond single fields.
    fn finished(
        &self,
        written: &Written,
        mut fields: Map<String, Value>,
        old: Option<&Value>,
    ) -> Result<Map<String, Value>, Violation> {
        match written.listed.name {
            "activity" => {
                fields
                    .entry("status")
                    .or_insert_with(|| json!({ "id": 1, "name": "Open" }));
            }
            "ticket" => finish_ticket(&mut fields)?,
            "serviceNote" => self.finish_note(&mut fields)?,
            "timeEntry" => self.finish_time(&mut fields, old)?,
            _ => {
                fields.entry("inactiveFlag").or_insert(json!(false));
            }
        }
        Ok(fields)
    }

    fn finish_note(&self, fields: &mut Map<String, Value>) -> Result<(), Violation> {
        let flags = [
            "detailDescriptionFlag",
            "internalAnalysisFlag",
            "resolutionFlag",
        ];
        if !flags
            .iter()
            .any(|flag| fields.get(*flag) == Some(&json!(true)))
        {
            let message = format!("At least one of {} must be true.", flags.join(", "));
            return Err(Violation::new("InvalidField", flags[0], message));
        }
        for flag in flags {
            fields.entry(flag).or_insert(json!(false));
        }
        if !fields.contains_key("contact") {
            fields.entry("member").or_insert_with(|| self.me());
        }
        Ok(())
    }

    fn finish_time(
        &self,
        fields: &mut Map<String, Value>,
        old: Option<&Value>,
    ) -> Result<(), Violation> {
        fields.entry("member").or_insert_with(|| self.me());
        fields.entry("billableOption").or_insert(json!("Billable"));
        self.check_charge(fields)?;
        let (start, end) = span(fields)?;
        fields.insert("timeEnd".to_owned(), json!(date_time(end)));
        let hours = end.duration_since(start).as_secs_f64() / 3600.0;
        fields
            .entry("actualHours")
            .or_insert_with(|| json!((hours * 100.0).round() / 100.0));
        fields.insert("status".to_owned(), json!("Open"));
        let records = self.core.records();
        let overlaps = records.of("timeEntry").any(|other| {
            let other = &other.fields;
            let time = |name: &str| other[name].as_str().and_then(|text| text.parse().ok());
            let (Some(from), Some(to)) = (time("timeStart"), time("timeEnd")) else {
                return false;
            };
            let same: bool = old.is_some_and(|old| old["id"] == other["id"]);
            !same && Some(&other["member"]) == fields.get("member") && start < to && from < end
        });
        if overlaps {
            let message = "The time entry overlaps another time entry of this member.";
            return Err(Violation::new("InvalidTimeEntry", "timeStart", message));
        }
        Ok(())
    }

    fn check_charge(&self, fields: &Map<String, Value>) -> Result<(), Violation> {
        let Some(kind) = fields.get("chargeToType").and_then(Value::as_str) else {
            return Ok(());
        };
        let Some(id) = fields.get("chargeToId").and_then(Value::as_i64) else {
            return Err(Violation::missing("chargeToId"));
        };
        let record = match kind {
            "ServiceTicket" | "ProjectTicket" => "ticket",
            "Activity" => "activity",
            _ => return Ok(()),
        };
        if self.core.records().find(record, &id.to_string()).is_some() {
            return Ok(());
        }
        let message = format!("{kind} {id} not found");
        Err(Violation::new("NotFound", "chargeToId", message))
    }

    fn me(&self) -> Value {
        let Caller {
            id,
            identifier,
            name,
        } = self.caller;
        json!({ "id": id, "identifier": identifier, "name": name })
    }

    /// The id, and what notes and time entries say of their making besides.
    fn stamped(&self, written: &Written, id: i64, old: Option<&Value>, now: &str) -> Value {
        let by = &self.caller.identifier;
        let mut row = json!({ "id": id });
        match (written.listed.name, old) {
            ("serviceNote", None) => {
                row["ticketId"] = json!(self.ticket);
                row["dateCreated"] = json!(now);
                row["createdBy"] = json!(by);
            }
            ("serviceNote", Some(old)) => {
                for name in ["ticketId", "dateCreated", "createdBy"] {
                    row[name] = old[name].clone();
                }
            }
            ("timeEntry", _) => {
                row["enteredBy"] = old.map_or(json!(by), |old| old["enteredBy"].clone());
                row["dateEntered"] = old.map_or(json!(now), |old| old["dateEntered"].clone());
            }
            _ => {}
        }
        row
    }

    fn store(
        &self,
        written: &Written,
        id: i64,
        mut fields: Map<String, Value>,
        old: Option<&Value>,
    ) -> Value {
        let now = self.core.clock.now();
        let shown_now = date_time(now);
        let by = &self.caller.identifier;
        let mut row = self.stamped(written, id, old, &shown_now);
        for only_written in [
            "initialDescription",
            "initialInternalAnalysis",
            "skipCallback",
        ] {
            fields.remove(only_written);
        }
        let owner = fields
            .get(written.owner)
            .and_then(|owner| owner["id"].as_i64())
            .map(|id| id.to_string());
        for (name, value) in fields {
            row[name] = value;
        }
        let entered = |name: &str, now: &str| {
            old.map_or_else(|| json!(now), |old| old["_info"][name].clone())
        };
        row["_info"] = json!({
            "lastUpdated": shown_now, "updatedBy": by,
            "dateEntered": entered("dateEntered", &shown_now), "enteredBy": entered("enteredBy", by),
        });
        let row = without_nulls(row);
        let mut records = self.core.records();
        match records.find_mut(written.listed.name, &id.to_string()) {
            Some(record) => {
                record.fields = row.clone();
                record.owner = owner;
                record.modified = now;
            }
            None => records.add(Record {
                kind: written.listed.name.to_owned(),
                id: id.to_string(),
                owner,
                fields: row.clone(),
                created: now,
                modified: now,
            }),
        }
        row
    }
}

/// The board has a status of its own for each name; every ticket has board, status and priority.
fn finish_ticket(fields: &mut Map<String, Value>) -> Result<(), Violation> {
    let board = fields
        .entry("board")
        .or_insert_with(|| json!({ "id": 1, "name": "Help Desk" }))["id"]
        .as_i64();
    let wanted = fields.get("status").cloned().unwrap_or(Value::Null);
    let of_board = BOARD_STATUSES
        .iter()
        .filter(|(_, _, own)| Some(*own) == board);
    let mut fitting = of_board.filter(|(id, name, _)| match wanted["id"].as_i64() {
        Some(wanted) => wanted == *id,
        None => wanted.is_null() || wanted["name"] == *name,
    });
    let Some((id, name, _)) = fitting.next() else {
        let message = format!(
            "Service Status {} not found for Service Board {}",
            wanted.get("id").unwrap_or(&wanted["name"]),
            board.unwrap_or(0)
        );
        return Err(Violation::new("NotFound", "status/id", message));
    };
    fields.insert("status".to_owned(), json!({ "id": id, "name": name }));
    fields.insert("closedFlag".to_owned(), json!(*name == "Closed"));
    fields.insert("recordType".to_owned(), json!("ServiceTicket"));
    fields
        .entry("priority")
        .or_insert_with(|| json!({ "id": 4, "name": "Priority 3 - Normal" }));
    fields.entry("severity").or_insert(json!("Medium"));
    fields.entry("impact").or_insert(json!("Medium"));
    Ok(())
}

/// Start and end of a time entry; the end may be given as hours.
fn span(fields: &Map<String, Value>) -> Result<(Timestamp, Timestamp), Violation> {
    let time = |name: &str| -> Option<Timestamp> { fields.get(name)?.as_str()?.parse().ok() };
    let start = time("timeStart").ok_or_else(|| Violation::missing("timeStart"))?;
    let hours = fields.get("actualHours").and_then(Value::as_f64);
    let end = time("timeEnd").or_else(|| {
        let length = SignedDuration::try_from_secs_f64(hours? * 3600.0).ok()?;
        start.checked_add(length).ok()
    });
    match end {
        Some(end) if end > start => Ok((start, end)),
        Some(_) => {
            let message = "The field timeEnd must be later than timeStart.";
            Err(Violation::new("InvalidField", "timeEnd", message))
        }
        None => Err(Violation::missing("timeEnd")),
    }
}

/// The body, which must be JSON and say so.
pub(crate) fn body(request: &ApiRequest) -> Result<Value, Box<Answer>> {
    let kind = request
        .header("content-type")
        .unwrap_or_default()
        .to_lowercase();
    if !kind.contains("json") {
        let message = "The request entity's media type is not supported for this resource.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(of(status, "UnsupportedMediaType", message).into());
    }
    serde_json::from_slice(&request.body)
        .map_err(|error| of(StatusCode::BAD_REQUEST, "InvalidJson", &format!("{error}.")).into())
}

/// The notes of a ticket, or 404 when there is no such ticket.
pub(crate) fn ticket_of(core: &Core, id: &str) -> Result<i64, Box<Answer>> {
    match core.records().find(TICKET.listed.name, id) {
        Some(record) => Ok(number(&record.id)),
        None => Err(no_record("ticket", id).into()),
    }
}
