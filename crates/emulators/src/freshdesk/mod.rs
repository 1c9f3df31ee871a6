//! Freshdesk: API v2, as a client needs it to list agents, find callers and write calls as
//! tickets, notes and time.

mod agents;
mod contacts;
mod errors;
mod fields;
mod notes;
mod query;
mod ticket_fields;
mod tickets;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::answer::{Answer, ApiRequest};
use crate::core::{Core, Provider, Refusal};
use crate::directory::User;
use crate::emulator::{Emulator, EmulatorInfo, FieldInfo, Habits};
use crate::faults::Place;
use crate::oauth::basic;
use crate::people::{EmailMix, Flavour, NameMix, ORGANIZATION};

/// The key of the connecting agent.
const API_KEY: &str = "nW3rFdEmulat0rK3y7x";

/// The group everybody is in.
const GROUP_ID: i64 = 157_000_208_114;

/// The department whose agents are field agents.
const FIELD_DEPARTMENT: &str = "Field Engineers";

/// The emulator, for the catalogue. The allowance is that of an Enterprise plan, per minute.
pub(crate) const EMULATOR: Emulator = Emulator {
    info: INFO,
    flavour: FLAVOUR,
    allowance: 700,
    has_sessions: false,
    hides_fields: false,
    provider: |core| {
        Box::new(Freshdesk {
            core,
            state: Mutex::default(),
        })
    },
};

/// What one types into a connection.
const INFO: EmulatorInfo = EmulatorInfo {
    name: "freshdesk",
    title: "Freshdesk",
    settings: &[FieldInfo {
        name: "address",
        value: "{base_url}",
    }],
    credentials: &[FieldInfo {
        name: "api_key",
        value: API_KEY,
    }],
    habits: Habits::PLAIN,
    note: "The key is an administrator's; only administrators may list agents.",
};

/// How its directory differs from the platform's.
const FLAVOUR: Flavour = Flavour {
    provider: "freshdesk",
    other_domain: "northwind-desk.example",
    email: EmailMix {
        other_case: 12,
        plus_tag: 4,
        other_domain: 16,
        short: 7,
    },
    name: NameMix {
        nick: 10,
        folded: 10,
        native: 10,
        initial: 3,
        maiden: 60,
        swapped: 0,
    },
    has_phone: 60,
    has_extension: 0,
    has_employee_number: 0,
    departments: &[
        "Customer Care",
        "Sales Team",
        FIELD_DEPARTMENT,
        "Back Office",
        "Success",
        "Billing",
        "Dispatch",
        "Security Team",
    ],
    id: |nth| (157_004_112_233 + nth).to_string(),
    record_id: |kind, nth| match kind {
        "company" => (157_000_316_402 + nth).to_string(),
        _ => (157_104_870_551 + nth).to_string(),
    },
    username: |user| user.email.to_lowercase(),
    freezes: false,
};

/// What changes while it runs, besides what every emulator keeps.
#[derive(Debug, Default)]
struct State {
    /// External ids that clients gave to contacts.
    external_ids: HashMap<String, String>,
    /// When the current minute of the allowance began.
    minute: Option<Timestamp>,
}

/// The emulated Freshdesk.
#[derive(Debug)]
pub(crate) struct Freshdesk {
    core: Arc<Core>,
    state: Mutex<State>,
}

impl Freshdesk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn external_id(&self, contact: &str) -> Option<String> {
        self.state().external_ids.get(contact).cloned()
    }

    fn keep_external_id(&self, contact: &str, external_id: Option<String>) {
        if let Some(external_id) = external_id {
            let owner = contact.to_owned();
            self.state().external_ids.insert(owner, external_id);
        }
    }

    /// The key as the user's name; whatever the password is.
    fn may_enter(&self, request: &ApiRequest) -> bool {
        let active = self
            .core
            .directory()
            .connecting()
            .is_some_and(User::is_active);
        active && basic(request).is_some_and(|(key, _)| key == API_KEY)
    }

    /// Counts a request; a new minute starts sixty seconds after the last one did.
    fn spend(&self) -> bool {
        let now = self.core.clock.now();
        let mut state = self.state();
        let began = *state.minute.get_or_insert(now);
        if now.duration_since(began) >= SignedDuration::from_mins(1) {
            state.minute = Some(now);
            let mut quota = self.core.quota();
            quota.used = 0;
            self.core.set_quota(quota);
        }
        drop(state);
        self.core.spend()
    }

    fn api(&self, request: &ApiRequest, path: &[&str]) -> Answer {
        if !self.may_enter(request) {
            return errors::unauthorised();
        }
        let answer = if self.spend() {
            self.answered(request, path)
                .unwrap_or_else(|refusal| refusal)
        } else {
            errors::refuse(Refusal::QuotaExhausted).with("retry-after", "60")
        };
        let quota = self.core.quota();
        let includes = request
            .parameter("include")
            .map_or(0, |list| list.split(',').count());
        let left = quota.limit.saturating_sub(quota.used);
        answer
            .with("x-freshdesk-api-version", "latest=v2; requested=v2")
            .with("x-ratelimit-total", &quota.limit.to_string())
            .with("x-ratelimit-remaining", &left.to_string())
            .with(
                "x-ratelimit-used-currentrequest",
                &(1 + 2 * includes).to_string(),
            )
    }

    fn answered(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, Answer> {
        match request.method {
            Method::GET => self.read(request, path),
            Method::POST | Method::PUT => self.write(request, path),
            Method::DELETE => match path {
                ["tickets", id] => Ok(self.delete_ticket(id)),
                _ => Err(refused_method(request, path)),
            },
            _ => Err(refused_method(request, path)),
        }
    }

    fn read(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, Answer> {
        match path {
            ["agents"] => self.agents(request),
            ["agents", "me"] => Ok(self.me()),
            ["agents", "autocomplete"] => self.complete_agents(request),
            ["agents", id] => Ok(self.agent(id)),
            ["agents", id, "availability"] => Ok(self.agent_availability(id)),
            ["roles"] => Ok(agents::roles()),
            ["groups"] => Ok(groups()),
            ["account"] => Ok(self.account()),
            ["contacts"] => self.contacts(request),
            ["contacts", "autocomplete"] => self.complete_contacts(request),
            ["contacts", id] => Ok(self.contact(id)),
            ["companies"] => self.companies(request, None),
            ["companies", id] => self.companies(request, Some(id)),
            ["search", "contacts"] => self.search_contacts(request),
            ["search", "tickets"] => self.search_tickets(request),
            ["tickets"] => self.tickets(request),
            ["tickets", id] => self.ticket(request, id),
            ["tickets", id, "conversations"] => self.of_ticket(request, id, "note"),
            ["tickets", id, "time_entries"] => self.of_ticket(request, id, "time_entry"),
            _ => Err(refused_method(request, path)),
        }
    }

    fn write(&self, request: &ApiRequest, path: &[&str]) -> Result<Answer, Answer> {
        match (request.method == Method::POST, path) {
            (true, ["contacts"]) => self.create_contact(request),
            (false, ["contacts", id]) => self.update_contact(request, id),
            (true, ["tickets"]) => self.create_ticket(request),
            (false, ["tickets", id]) => self.update_ticket(request, id),
            (true, ["tickets", id, "notes"]) => self.create_note(request, id),
            (true, ["tickets", id, "time_entries"]) => self.create_time(request, id),
            (false, ["time_entries", id]) => self.update_time(request, id),
            _ => Err(refused_method(request, path)),
        }
    }

    /// `GET /account`.
    fn account(&self) -> Answer {
        let directory = self.core.directory();
        let agents = directory.users().iter().filter(|user| user.is_active());
        let body = json!({
            "organisation_id": 157_000_000_811_i64, "organisation_name": ORGANIZATION,
            "account_id": 2_914_466, "account_name": ORGANIZATION,
            "account_domain": "northwind-support.freshdesk.com", "tier_type": "Enterprise",
            "timezone": "London", "data_center": "EU", "hybrid": null,
            "total_agents": { "full_time": agents.count(), "occasional": 0, "field_service": 0, "collaborators": 0 },
        });
        Answer::json(StatusCode::OK, &body)
    }
}

/// `GET /groups`.
fn groups() -> Answer {
    let group = json!({
        "id": GROUP_ID, "name": "Service Desk", "description": null, "escalate_to": null,
        "unassigned_for": null, "business_hour_id": null, "group_type": "support_agent_group",
        "created_at": "2024-02-01T09:00:00Z", "updated_at": "2024-02-01T09:00:00Z",
    });
    Answer::json(StatusCode::OK, &Value::Array(vec![group]))
}

/// A path by another verb than it has, or one that is not there.
fn refused_method(request: &ApiRequest, path: &[&str]) -> Answer {
    let allowed = match path {
        ["agents" | "roles" | "groups" | "account"] | ["search", _] => "GET",
        ["contacts" | "tickets"] | ["tickets", _, "time_entries"] => "GET, POST",
        ["tickets", _, "notes"] => "POST",
        ["tickets", _] => "GET, PUT, DELETE",
        ["contacts", _] => "GET, PUT",
        ["time_entries", _] => "PUT",
        _ => return errors::not_found(),
    };
    errors::method_not_allowed(request.method.as_str(), allowed)
}

impl Provider for Freshdesk {
    fn place(&self, request: &ApiRequest) -> Place {
        match (&request.method, request.segments().as_slice()) {
            (&Method::GET, ["api", "v2", "agents"]) => Place::Users {
                page: fields::page_number(request),
            },
            (&Method::GET, _) => Place::Other,
            _ => Place::Write,
        }
    }

    fn answer(&self, request: &ApiRequest) -> Answer {
        match request.segments().as_slice() {
            ["api", "v2", path @ ..] => self.api(request, path),
            _ => errors::not_found(),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }
}
