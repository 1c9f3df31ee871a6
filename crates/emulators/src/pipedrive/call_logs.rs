//! `/v1/callLogs`: made, read and deleted, never changed. Its ids are texts where all others are
//! numbers.

use axum::http::{Method, StatusCode};
use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::auth::Caller;
use super::errors::{Problem, data, no_such_path, wrong_verb};
use super::{COMPANY_ID, Pipedrive, activities, body, notes, whole};
use crate::answer::{Answer, ApiRequest};
use crate::random::Random;
use crate::records::Record;

const OUTCOMES: &[&str] = &[
    "connected",
    "no_answer",
    "left_message",
    "left_voicemail",
    "wrong_number",
    "busy",
];

/// Everything below `/v1/callLogs`.
pub(crate) fn answer(
    pipedrive: &Pipedrive,
    caller: &Caller,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, Problem> {
    match (&request.method, rest) {
        (&Method::GET, []) => {
            let own = pipedrive.own_number().map(|number| number.to_string());
            let kept = |record: &Record| record.owner == own || caller.is_admin();
            notes::list(pipedrive, request, "callLogs", kept)
        }
        (&Method::POST, []) => create(pipedrive, caller, &body(request)?),
        (&Method::GET, [id]) => {
            let records = pipedrive.core.records();
            let found = records.find("callLogs", id);
            let found = found.ok_or_else(|| Problem::not_found("Call log"))?;
            Ok(data(StatusCode::OK, &found.fields))
        }
        (&Method::DELETE, [id]) => {
            if pipedrive.core.records().remove("callLogs", id) {
                Ok(Answer::json(StatusCode::OK, &json!({ "success": true })))
            } else {
                Err(Problem::not_found("Call log"))
            }
        }
        (_, [] | [_]) => Ok(wrong_verb()),
        _ => Ok(no_such_path()),
    }
}

/// `YYYY-MM-DD HH:MM:SS`, in UTC.
fn time(body: &Value, field: &str) -> Result<DateTime, Problem> {
    let text = body[field].as_str().unwrap_or_default();
    if text.is_empty() {
        return Err(Problem::invalid(format!("{field} is required")));
    }
    DateTime::strptime("%Y-%m-%d %H:%M:%S", text)
        .map_err(|_| Problem::invalid(format!("{field} must be in the format YYYY-MM-DD HH:MM:SS")))
}

fn check(body: &Value) -> Result<(), Problem> {
    let number = body["to_phone_number"].as_str().unwrap_or_default();
    if number.is_empty() {
        return Err(Problem::invalid("to_phone_number is required"));
    }
    let outcome = body["outcome"].as_str().unwrap_or_default();
    if !OUTCOMES.contains(&outcome) {
        let message = format!("outcome must be one of {}", OUTCOMES.join(", "));
        return Err(Problem::invalid(message));
    }
    if time(body, "end_time")? < time(body, "start_time")? {
        return Err(Problem::invalid("end_time must not be before start_time"));
    }
    let duration = &body["duration"];
    let is_seconds = duration
        .as_str()
        .is_some_and(|text| text.parse::<u64>().is_ok());
    if !duration.is_null() && !is_seconds {
        return Err(Problem::invalid("duration must be a string of seconds"));
    }
    if !body["deal_id"].is_null() && !body["lead_id"].is_null() {
        return Err(Problem::invalid(
            "a call log has a deal_id or a lead_id, not both",
        ));
    }
    Ok(())
}

fn create(pipedrive: &Pipedrive, caller: &Caller, body: &Value) -> Result<Answer, Problem> {
    check(body)?;
    let own = pipedrive.own_number().ok_or_else(Problem::unauthorized)?;
    let owner = whole(body, "user_id")?.unwrap_or(own);
    if owner != own && !caller.is_admin() {
        return Err(Problem::forbidden(
            "A user without account settings access cannot create call logs for other users",
        ));
    }
    if !pipedrive.knows_user(owner) {
        return Err(Problem::invalid(
            "user_id does not belong to a user of this company",
        ));
    }
    let person = whole(body, "person_id")?;
    pipedrive.check_person(person)?;
    let subject = body["subject"].as_str().unwrap_or("Call").to_owned();
    let activity = activity(pipedrive, body, &subject, owner, person)?;
    let now = pipedrive.core.clock.now();
    let mut records = pipedrive.core.records();
    let id = id(pipedrive.core.seed, pipedrive.next_number());
    let field = |name: &str| body[name].clone();
    let fields = json!({
        "id": id, "activity_id": activity, "person_id": person, "org_id": field("org_id"),
        "deal_id": field("deal_id"), "lead_id": field("lead_id"), "subject": subject,
        "duration": field("duration"), "outcome": field("outcome"),
        "from_phone_number": field("from_phone_number"),
        "to_phone_number": field("to_phone_number"), "has_recording": false,
        "start_time": field("start_time"), "end_time": field("end_time"), "user_id": owner,
        "company_id": COMPANY_ID, "note": field("note"),
    });
    records.add(Record {
        kind: "callLogs".to_owned(),
        id,
        owner: Some(owner.to_string()),
        fields: fields.clone(),
        created: now,
        modified: now,
    });
    Ok(data(StatusCode::OK, &fields))
}

/// The activity that is named, or a new one: every call log has its own.
fn activity(
    pipedrive: &Pipedrive,
    body: &Value,
    subject: &str,
    owner: u64,
    person: Option<u64>,
) -> Result<u64, Problem> {
    if let Some(activity) = whole(body, "activity_id")? {
        let records = pipedrive.core.records();
        let found = records.find("activities", &activity.to_string());
        return match found {
            Some(_) => Ok(activity),
            None => Err(Problem::not_found("Activity")),
        };
    }
    let call = json!({
        "subject": subject, "type": "call", "done": true, "owner_id": owner,
        "note": body["note"],
        "participants": person.map(|id| json!([{ "person_id": id, "primary": true }])),
    });
    activities::create(pipedrive, &call)
}

/// `CA` and 27 hexadecimal digits.
fn id(seed: u64, nth: usize) -> String {
    let mut random = Random::new(seed, "pipedrive call log", nth);
    let text = format!("{:016x}{:016x}", random.next(), random.next());
    format!("CA{}", &text[..27])
}
