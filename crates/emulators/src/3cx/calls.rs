//! Click to call by both APIs, and what the call control API shows of lines and devices.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{not_found, odata, unprocessable};
use super::{CLIENT_ID, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserState};
use crate::records::Record;

/// The kind of what a client started.
pub(crate) const CALL: &str = "call";

pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// A call as the console shows it: numbers with names, as one text.
pub(crate) fn active_row(call: &Record, now: Timestamp) -> Value {
    json!({
        "Id": call.fields["callid"],
        "Caller": format!("{} {}", call.fields["dn"].as_str().unwrap_or_default(), call.fields["name"].as_str().unwrap_or_default()).trim_end(),
        "Callee": call.fields["party_caller_id"],
        "Status": "Routing",
        "LastChangeStatus": time(call.modified),
        "EstablishedAt": time(call.created),
        "ServerNow": time(now),
    })
}

/// `POST /xapi/v1/Users/Pbx.MakeCall`.
pub(crate) fn make_by_configuration(core: &Core, request: &ApiRequest) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let (dn, destination) = (body["dn"].as_str(), body["destination"].as_str());
    let Some(destination) = destination.filter(|text| !text.is_empty()) else {
        return unprocessable("destination", "The destination field is required.");
    };
    let Some(line) = dn.and_then(|dn| line(core, dn)) else {
        return unprocessable("dn", "The specified DN was not found");
    };
    let call = make(core, &line, destination);
    let body = json!({
        "@odata.context": format!("{}/xapi/v1/$metadata#Pbx.CallControlResultResponse", core.base_url),
        "FinalStatus": "Success", "Reason": "NoReason", "ReasonText": "", "VttId": null,
        "Result": {
            "Id": call["id"], "CallId": call["callid"], "LegId": call["legid"], "DN": call["dn"],
            "DeviceId": call["device_id"], "Status": call["status"], "PartyCallerId": call["party_caller_id"],
            "PartyCallerName": call["party_caller_name"], "PartyDn": call["party_dn"],
            "PartyDnType": call["party_dn_type"], "DirectControl": call["direct_control"],
        },
    });
    odata(StatusCode::OK, &body)
}

/// A line that can call.
struct Line {
    dn: String,
    name: String,
    kind: &'static str,
    /// The user's id; none of the route point.
    user: Option<String>,
    is_registered: bool,
}

fn of_user(user: &User, all: usize) -> Line {
    Line {
        dn: number(user, all),
        name: user.full_name(),
        kind: "Wextension",
        user: Some(user.id.clone()),
        is_registered: user.id.parse::<i64>().unwrap_or(0) % 4 != 0,
    }
}

/// The client's own route point and every extension that is in use: all are ticked for it.
fn lines(core: &Core) -> Vec<Line> {
    let directory = core.directory();
    let all = directory.users().len();
    let users = directory
        .users()
        .iter()
        .filter(|user| user.state == UserState::Active);
    let mut lines = vec![Line {
        dn: CLIENT_ID.to_owned(),
        name: "Counterpart".to_owned(),
        kind: "Wroutepoint",
        user: None,
        is_registered: true,
    }];
    lines.extend(users.map(|user| of_user(user, all)));
    lines
}

fn line(core: &Core, dn: &str) -> Option<Line> {
    lines(core).into_iter().find(|line| line.dn == dn)
}

fn device(line: &Line) -> Value {
    let (id, agent) = if line.is_registered {
        (
            format!("sip:{}@192.168.20.10:5060", line.dn),
            "Yealink SIP-T54W",
        )
    } else {
        // What stands for a line on which nothing is registered.
        ("not_registered_dev".to_owned(), "")
    };
    json!({ "dn": line.dn, "device_id": id, "user_agent": agent })
}

fn participants(core: &Core, dn: &str) -> Vec<Value> {
    let records = core.records();
    let calls = records.of(CALL).filter(|call| call.fields["dn"] == dn);
    calls.map(|call| without_name(&call.fields)).collect()
}

fn without_name(fields: &Value) -> Value {
    let mut participant = fields.clone();
    if let Some(participant) = participant.as_object_mut() {
        participant.remove("name");
    }
    participant
}

fn shown(core: &Core, line: &Line) -> Value {
    json!({
        "dn": line.dn, "type": line.kind, "devices": [device(line)], "participants": participants(core, &line.dn),
    })
}

/// Starts a call: first the line rings, then the destination.
fn make(core: &Core, line: &Line, destination: &str) -> Value {
    let now = core.clock.now();
    let mut records = core.records();
    let nth = records.count(CALL) + 1;
    let call = json!({
        "id": 100 + nth, "status": "Dialing", "dn": line.dn, "name": line.name, "party_caller_name": "",
        "party_dn": "10000", "party_caller_id": destination, "party_dn_type": "Wexternalline",
        "device_id": device(line)["device_id"], "direct_control": false, "callid": nth, "legid": 1,
    });
    records.add(Record {
        kind: CALL.to_owned(),
        id: nth.to_string(),
        owner: line.user.clone(),
        fields: call.clone(),
        created: now,
        modified: now,
    });
    call
}

/// `/callcontrol` and below.
pub(crate) fn control(core: &Core, request: &ApiRequest, path: &str) -> Answer {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .skip(1)
        .collect();
    let [dn, rest @ ..] = parts.as_slice() else {
        let all: Vec<Value> = lines(core).iter().map(|line| shown(core, line)).collect();
        return Answer::json(StatusCode::OK, &json!(all));
    };
    let Some(line) = line(core, dn) else {
        return not_found();
    };
    let is_device = |id: &str| device(&line)["device_id"] == id;
    match (&request.method, rest) {
        (&Method::GET, []) => Answer::json(StatusCode::OK, &shown(core, &line)),
        (&Method::GET, ["devices"]) => Answer::json(StatusCode::OK, &json!([device(&line)])),
        (&Method::GET, ["devices", id]) if is_device(id) => {
            Answer::json(StatusCode::OK, &device(&line))
        }
        (&Method::GET, ["participants"]) => {
            Answer::json(StatusCode::OK, &json!(participants(core, dn)))
        }
        (&Method::GET, ["participants", id]) => {
            let found = participants(core, dn)
                .into_iter()
                .find(|one| id.parse() == Ok(one["id"].as_i64().unwrap_or(0)));
            found.map_or_else(not_found, |one| Answer::json(StatusCode::OK, &one))
        }
        (&Method::POST, ["makecall"]) => call(core, request, &line),
        (&Method::POST, ["devices", id, "makecall"]) if is_device(id) => call(core, request, &line),
        _ => not_found(),
    }
}

fn call(core: &Core, request: &ApiRequest, line: &Line) -> Answer {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let Some(destination) = body["destination"].as_str().filter(|text| !text.is_empty()) else {
        let body =
            json!({ "error": "invalid_request", "error_description": "destination is required" });
        return Answer::json(StatusCode::BAD_REQUEST, &body);
    };
    let participant = without_name(&make(core, line, destination));
    let body = json!({
        "finalstatus": "Success", "reason": "NoReason", "reasontext": "", "result": participant,
    });
    Answer::json(StatusCode::OK, &body)
}
