//! Agents: the plain list, which does not say who is switched off, and the one of availability,
//! which does.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{Problem, invalid, not_found};
use super::fields::{page, parameters};
use super::{Freshdesk, GROUP_ID};
use crate::answer::{Answer, ApiRequest};
use crate::directory::{User, UserKind, UserState};
use crate::faults::Fault;

/// The roles there are, by id.
const ROLES: &[(i64, &str)] = &[
    (157_000_031_401, "Account Administrator"),
    (157_000_031_402, "Administrator"),
    (157_000_031_403, "Supervisor"),
    (157_000_031_404, "Agent"),
    (157_000_031_405, "Ticket Collaborator"),
];

/// The id as the number it is.
pub(crate) fn number(id: &str) -> Value {
    id.parse::<i64>()
        .map_or(Value::Null, |number| json!(number))
}

/// A time as Freshdesk writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An agent who left became a contact under the same id.
pub(crate) fn is_agent(user: &User) -> bool {
    user.state != UserState::Deleted
}

fn is_occasional(user: &User) -> bool {
    matches!(user.kind, UserKind::Social | UserKind::Guest)
}

fn agent_type(user: &User) -> &'static str {
    match user.kind {
        UserKind::Portal | UserKind::Consultant => "collaborator",
        _ if user.department.as_deref() == Some(super::FIELD_DEPARTMENT) => "field_agent",
        _ => "support_agent",
    }
}

fn role(user: &User) -> &'static (i64, &'static str) {
    let manages = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    match user.kind {
        UserKind::Connecting => &ROLES[1],
        UserKind::Portal | UserKind::Consultant => &ROLES[4],
        UserKind::Person if manages => &ROLES[2],
        _ => &ROLES[3],
    }
}

fn contact(user: &User) -> Value {
    json!({
        // Whether the address was confirmed, not whether the agent is switched on.
        "active": user.confirmed,
        "email": user.email, "job_title": user.title, "mobile": user.mobile,
        "name": user.full_name(), "phone": user.phone, "time_zone": "London",
        "language": user.locale.split('_').next(),
        "last_login_at": user.last_login.map(date_time),
        "created_at": date_time(user.created), "updated_at": date_time(user.modified),
    })
}

/// An agent as the list shows it.
fn listed(user: &User) -> Value {
    json!({
        "id": number(&user.id), "available": user.is_active() && !is_occasional(user),
        "available_since": null, "occasional": is_occasional(user), "signature": null,
        "ticket_scope": if agent_type(user) == "support_agent" { 1 } else { 3 },
        "type": agent_type(user), "focus_mode": true,
        "created_at": date_time(user.created), "updated_at": date_time(user.modified),
        "contact": contact(user),
    })
}

/// An agent asked for alone, which shows groups and roles as well.
fn whole(user: &User) -> Value {
    let mut row = listed(user);
    row["group_ids"] = json!([GROUP_ID]);
    row["role_ids"] = json!([role(user).0]);
    row["skill_ids"] = json!([]);
    row
}

/// An agent in the list of availability.
fn availability(user: &User) -> Value {
    let channel = json!({
        "channel": "tickets", "available": user.is_active(), "logged_in": false,
        "current_assignment_load": 0, "assignment_limit": 5, "status_id": null,
    });
    json!({
        "id": number(&user.id),
        "user_data": { "user": {
            "id": number(&user.id), "name": user.full_name(), "email": user.email,
            "active": user.confirmed, "deleted": false, "helpdesk_agent": true,
            "job_title": user.title, "phone": user.phone, "mobile": user.mobile,
            "other_phone_numbers": [],
            "created_at": date_time(user.created), "updated_at": date_time(user.modified),
        } },
        "contact": { "name": user.full_name(), "email": user.email, "avatar": null },
        "availability": {
            "channel_availability": [channel], "status_updated_at": date_time(user.modified),
        },
        "deactivated": !user.is_active(),
        "availability_control": "agent", "legacy_routing": false,
    })
}

impl Freshdesk {
    /// `GET /agents`, for administrators.
    pub(crate) fn agents(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        parameters(request, &["email", "mobile", "phone", "state", "only"])?;
        let only = request.parameter("only");
        if only.is_some_and(|only| only != "availability") {
            let text = "It should be one of these values: 'availability'";
            return Err(invalid(&[Problem::new("only", text, "invalid_value")]));
        }
        let state = request.parameter("state");
        if state.is_some_and(|state| !["fulltime", "occasional"].contains(&state)) {
            let text = "It should be one of these values: 'fulltime,occasional'";
            return Err(invalid(&[Problem::new("state", text, "invalid_value")]));
        }
        let same = |name: &str, own: Option<&str>| {
            request
                .parameter(name)
                .is_none_or(|wanted| own == Some(wanted))
        };
        let directory = self.core.directory();
        let found: Vec<&User> = directory
            .users()
            .iter()
            .filter(|user| {
                let email = request
                    .parameter("email")
                    .is_none_or(|wanted| user.email.eq_ignore_ascii_case(wanted));
                is_agent(user)
                    && email
                    && same("mobile", user.mobile.as_deref())
                    && same("phone", user.phone.as_deref())
                    && state.is_none_or(|state| (state == "occasional") == is_occasional(user))
            })
            .collect();
        let page = page(&self.core, request, found.len())?;
        let shows = if only.is_some() { availability } else { listed };
        let mut rows: Vec<Value> = found[page.span.rows.clone()]
            .iter()
            .map(|user| shows(user))
            .collect();
        if request.suffers(&Fault::IdType) {
            for row in &mut rows {
                row["id"] = json!(row["id"].to_string());
            }
        }
        Ok(page.answer(rows))
    }

    /// `GET /agents/me`, for everybody.
    pub(crate) fn me(&self) -> Answer {
        let directory = self.core.directory();
        match directory.connecting() {
            Some(user) => Answer::json(StatusCode::OK, &whole(user)),
            None => not_found(),
        }
    }

    /// `GET /agents/{id}`.
    pub(crate) fn agent(&self, id: &str) -> Answer {
        let directory = self.core.directory();
        match directory.find(id).filter(|user| is_agent(user)) {
            Some(user) => Answer::json(StatusCode::OK, &whole(user)),
            None => not_found(),
        }
    }

    /// `GET /agents/{id}/availability`.
    pub(crate) fn agent_availability(&self, id: &str) -> Answer {
        let directory = self.core.directory();
        match directory.find(id).filter(|user| is_agent(user)) {
            Some(user) => Answer::json(StatusCode::OK, &availability(user)),
            None => not_found(),
        }
    }

    /// `GET /agents/autocomplete?term=…`: part of a name or an address.
    pub(crate) fn complete_agents(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let term = term(request)?;
        let directory = self.core.directory();
        let rows: Vec<Value> = directory
            .users()
            .iter()
            .filter(|user| {
                let name = user.full_name().to_lowercase();
                is_agent(user) && (name.contains(&term) || user.email.to_lowercase().contains(&term))
            })
            .take(30)
            .map(|user| {
                json!({
                    "id": number(&user.id), "name": user.full_name(), "email": user.email, "avatar": null,
                })
            })
            .collect();
        Ok(Answer::json(StatusCode::OK, &Value::Array(rows)))
    }
}

/// The word to complete.
pub(crate) fn term(request: &ApiRequest) -> Result<String, Answer> {
    parameters(request, &["term"])?;
    let term = request.parameter("term").filter(|term| !term.is_empty());
    let missing = || Problem::new("term", "Mandatory attribute missing", "missing_field");
    term.map(str::to_lowercase)
        .ok_or_else(|| invalid(&[missing()]))
}

/// `GET /roles`.
pub(crate) fn roles() -> Answer {
    let rows = ROLES.iter().map(|(id, name)| {
        json!({
            "id": id, "name": name, "description": name, "default": true, "agent_type": 1,
            "created_at": "2024-02-01T09:00:00Z", "updated_at": "2024-02-01T09:00:00Z",
        })
    });
    Answer::json(StatusCode::OK, &Value::Array(rows.collect()))
}
