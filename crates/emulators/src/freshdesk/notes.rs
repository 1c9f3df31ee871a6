//! What hangs on a ticket: notes and time.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Freshdesk;
use super::agents::{date_time, is_agent, number};
use super::errors::{Problem, invalid, not_found};
use super::fields::{Fields, Type, body, page, parameters};
use super::tickets::plain;
use crate::answer::{Answer, ApiRequest};
use crate::records::Record;

/// Where the ids of notes and time entries start.
const FIRST_NOTE: usize = 157_033_418_201;
const FIRST_ENTRY: usize = 157_000_874_001;

const NOTE: Fields = &[
    ("body", Type::Text),
    ("incoming", Type::Flag),
    ("notify_emails", Type::List),
    ("private", Type::Flag),
    ("user_id", Type::Number),
];

const TIME_ENTRY: Fields = &[
    ("agent_id", Type::Number),
    ("billable", Type::Flag),
    ("executed_at", Type::Time),
    ("note", Type::Text),
    ("start_time", Type::Time),
    ("time_spent", Type::Text),
    ("timer_running", Type::Flag),
];

impl Freshdesk {
    fn ticket_number(&self, id: &str) -> Result<Value, Answer> {
        let records = self.core.records();
        let ticket = records.find("ticket", id).ok_or_else(not_found)?;
        Ok(ticket.fields["id"].clone())
    }

    /// The agent that a field names, or the one of the key.
    fn agent_of(&self, fields: &Map<String, Value>, name: &str) -> Result<String, Answer> {
        let directory = self.core.directory();
        match fields.get(name).and_then(Value::as_u64) {
            None => Ok(directory
                .connecting()
                .map(|user| user.id.clone())
                .unwrap_or_default()),
            Some(id) => {
                let id = id.to_string();
                if directory.find(&id).is_some_and(is_agent) {
                    Ok(id)
                } else {
                    Err(invalid(&[Problem::absent(name, "agent")]))
                }
            }
        }
    }

    /// `POST /tickets/{id}/notes`.
    pub(crate) fn create_note(&self, request: &ApiRequest, ticket: &str) -> Result<Answer, Answer> {
        let fields = body(request, NOTE)?;
        let ticket = self.ticket_number(ticket)?;
        let Some(html) = fields
            .get("body")
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
        else {
            let problem = Problem::new("body", "It should be a/an String", "missing_field");
            return Err(invalid(&[problem]));
        };
        let author = self.agent_of(&fields, "user_id")?;
        let flag = |name: &str, otherwise| {
            fields
                .get(name)
                .and_then(Value::as_bool)
                .unwrap_or(otherwise)
        };
        let now = self.core.clock.now();
        let mut records = self.core.records();
        let id = records.count("note") + FIRST_NOTE;
        let row = json!({
            "id": id, "body": html, "body_text": plain(html), "user_id": number(&author),
            "incoming": flag("incoming", false), "private": flag("private", true), "source": 2,
            "ticket_id": ticket, "support_email": null,
            "to_emails": fields.get("notify_emails").cloned().unwrap_or_else(|| json!([])),
            "attachments": [], "created_at": date_time(now), "updated_at": date_time(now),
        });
        records.add(Record {
            kind: "note".to_owned(),
            id: id.to_string(),
            owner: Some(author),
            fields: row.clone(),
            created: now,
            modified: now,
        });
        Ok(Answer::json(StatusCode::CREATED, &row))
    }

    /// `GET /tickets/{id}/conversations` and `…/time_entries`.
    pub(crate) fn of_ticket(
        &self,
        request: &ApiRequest,
        ticket: &str,
        kind: &str,
    ) -> Result<Answer, Answer> {
        parameters(request, &[])?;
        let ticket = self.ticket_number(ticket)?;
        let records = self.core.records();
        let found: Vec<&Record> = records
            .of(kind)
            .filter(|record| record.fields["ticket_id"] == ticket)
            .collect();
        let page = page(&self.core, request, found.len())?;
        let rows = found[page.span.rows.clone()].iter();
        let rows = rows.map(|record| record.fields.clone()).collect();
        Ok(page.answer(rows))
    }

    /// `POST /tickets/{id}/time_entries`.
    pub(crate) fn create_time(&self, request: &ApiRequest, ticket: &str) -> Result<Answer, Answer> {
        let fields = body(request, TIME_ENTRY)?;
        let ticket = self.ticket_number(ticket)?;
        check_times(&fields)?;
        let agent = self.agent_of(&fields, "agent_id")?;
        let now = self.core.clock.now();
        let spent = fields.get("time_spent").and_then(Value::as_str);
        let running = fields
            .get("timer_running")
            .and_then(Value::as_bool)
            .unwrap_or(spent.is_none());
        let mut records = self.core.records();
        if running {
            stop_timers(&mut records, &agent);
        }
        let id = records.count("time_entry") + FIRST_ENTRY;
        let given = |name: &str| fields.get(name).filter(|value| !value.is_null()).cloned();
        let row = json!({
            "id": id, "ticket_id": ticket, "agent_id": number(&agent), "company_id": null,
            "billable": given("billable").unwrap_or(Value::Bool(true)),
            "note": given("note"),
            "time_spent": spent.unwrap_or("00:00"),
            "timer_running": running,
            "start_time": given("start_time").unwrap_or_else(|| json!(date_time(now))),
            "executed_at": given("executed_at").unwrap_or_else(|| json!(date_time(now))),
            "created_at": date_time(now), "updated_at": date_time(now),
        });
        records.add(Record {
            kind: "time_entry".to_owned(),
            id: id.to_string(),
            owner: Some(agent),
            fields: row.clone(),
            created: now,
            modified: now,
        });
        Ok(Answer::json(StatusCode::CREATED, &row))
    }

    /// `PUT /time_entries/{id}`.
    pub(crate) fn update_time(&self, request: &ApiRequest, id: &str) -> Result<Answer, Answer> {
        let fields = body(request, TIME_ENTRY)?;
        if self.core.records().find("time_entry", id).is_none() {
            return Err(not_found());
        }
        check_times(&fields)?;
        let agent = self.agent_of(&fields, "agent_id")?;
        let now = self.core.clock.now();
        let mut records = self.core.records();
        let record = records.find_mut("time_entry", id).ok_or_else(not_found)?;
        for (name, value) in &fields {
            record.fields[name] = value.clone();
        }
        if fields.contains_key("agent_id") {
            record.owner = Some(agent);
        }
        record.fields["updated_at"] = json!(date_time(now));
        record.modified = now;
        Ok(Answer::json(StatusCode::OK, &record.fields))
    }
}

/// One agent has one running timer.
fn stop_timers(records: &mut crate::records::Records, agent: &str) {
    let running: Vec<String> = records
        .of("time_entry")
        .filter(|entry| {
            entry.owner.as_deref() == Some(agent) && entry.fields["timer_running"] == true
        })
        .map(|entry| entry.id.clone())
        .collect();
    for id in running {
        if let Some(entry) = records.find_mut("time_entry", &id) {
            entry.fields["timer_running"] = json!(false);
        }
    }
}

fn check_times(fields: &Map<String, Value>) -> Result<(), Answer> {
    let mut problems = Vec::new();
    let running = fields.get("timer_running").and_then(Value::as_bool);
    if running == Some(false) && fields.get("start_time").is_some_and(|time| !time.is_null()) {
        let message = "Should be empty if timer_running is false";
        problems.push(Problem::new("start_time", message, "incompatible_field"));
    }
    let spent = fields.get("time_spent").and_then(Value::as_str);
    if spent.is_some_and(|spent| !is_duration(spent)) {
        let message = "It should be in the format of hh:mm";
        problems.push(Problem::new("time_spent", message, "invalid_value"));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid(&problems))
    }
}

/// Hours and minutes, two digits each at least.
fn is_duration(text: &str) -> bool {
    let digits = |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(':').is_some_and(|(hours, minutes)| {
        digits(hours) && digits(minutes) && minutes.len() == 2 && minutes < "60"
    })
}
