//! Users: the staff of the directory, and the customers as end users.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::auth::Caller;
use super::paging::page;
use super::{Zendesk, errors};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, Contacts};
use crate::core::Core;
use crate::directory::{Directory, User, UserKind, UserState};
use crate::faults::Fault;

/// Custom roles, by id: name and `role_type`.
const CUSTOM_ROLES: &[(i64, &str, i64)] = &[
    (26_914_500_000_101, "Light agent", 1),
    (26_914_500_000_102, "Contributor", 3),
    (26_914_500_000_103, "Administrator", 4),
    (26_914_500_000_104, "Partner agent", 0),
    (26_914_500_000_105, "API client", 0),
];

/// Somebody whom Zendesk calls a user.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Someone<'a> {
    /// A member of staff.
    Staff(&'a User),
    /// A customer.
    EndUser(&'a Contact),
}

impl<'a> Someone<'a> {
    /// Everybody in the order of ids, the deleted included.
    pub(crate) fn all(
        directory: &'a Directory,
        contacts: &'a Contacts,
    ) -> impl Iterator<Item = Self> {
        let staff = directory.users().iter().map(Self::Staff);
        staff.chain(contacts.all().iter().map(Self::EndUser))
    }

    pub(crate) fn find(directory: &'a Directory, contacts: &'a Contacts, id: &str) -> Option<Self> {
        let staff = directory.find(id).map(Self::Staff);
        staff.or_else(|| contacts.find(id).map(Self::EndUser))
    }

    pub(crate) fn id(&self) -> &'a str {
        match self {
            Self::Staff(user) => &user.id,
            Self::EndUser(contact) => &contact.id,
        }
    }

    pub(crate) fn role(&self) -> &'static str {
        match self {
            Self::Staff(user) => role(user),
            Self::EndUser(_) => "end-user",
        }
    }

    pub(crate) fn email(&self) -> Option<&'a str> {
        match self {
            Self::Staff(user) => Some(&user.email),
            Self::EndUser(contact) => contact.email.as_deref(),
        }
    }

    pub(crate) fn full_name(&self) -> String {
        match self {
            Self::Staff(user) => user.full_name(),
            Self::EndUser(contact) => contact.full_name(),
        }
    }

    pub(crate) fn phones(&self) -> impl Iterator<Item = &'a str> {
        let (phone, mobile) = match self {
            Self::Staff(user) => (&user.phone, &user.mobile),
            Self::EndUser(contact) => (&contact.phone, &contact.mobile),
        };
        phone.as_deref().into_iter().chain(mobile.as_deref())
    }

    pub(crate) fn modified(&self) -> Timestamp {
        match self {
            Self::Staff(user) => user.modified,
            Self::EndUser(contact) => contact.modified,
        }
    }

    /// Deleted users show in exports and by their id only.
    pub(crate) fn is_deleted(&self) -> bool {
        matches!(self, Self::Staff(user) if user.state == UserState::Deleted)
    }

    /// Somebody who may not sign in. Zendesk has no other way to switch off a member of staff.
    pub(crate) fn is_suspended(&self) -> bool {
        matches!(self, Self::Staff(user) if user.state == UserState::Inactive)
    }
}

/// The role of a member of staff.
pub(crate) fn role(user: &User) -> &'static str {
    let manages = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    match user.kind {
        UserKind::Connecting => "admin",
        UserKind::Person if manages => "admin",
        _ => "agent",
    }
}

/// The custom role of a member of staff; plain agents have none.
fn custom_role(user: &User) -> Option<&'static (i64, &'static str, i64)> {
    let name = match user.kind {
        UserKind::Social | UserKind::Guest => "Light agent",
        UserKind::Portal => "Contributor",
        UserKind::Consultant => "Partner agent",
        UserKind::Integration | UserKind::Automated => "API client",
        _ if role(user) == "admin" => "Administrator",
        _ => return None,
    };
    CUSTOM_ROLES.iter().find(|(_, other, _)| *other == name)
}

/// The id as the number it is.
pub(crate) fn number(id: &str) -> Value {
    id.parse::<i64>()
        .map_or(Value::Null, |number| json!(number))
}

/// A time as Zendesk writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Zendesk {
    /// A user as the API shows it.
    pub(crate) fn show(&self, someone: Someone<'_>) -> Value {
        let id = someone.id();
        let mut row = json!({
            "id": number(id),
            "url": format!("{}/api/v2/users/{id}.json", self.core.base_url),
            "name": someone.full_name(),
            "email": someone.email(),
            "phone": someone.phones().next(),
            "role": someone.role(),
            "active": !someone.is_deleted(),
            "suspended": someone.is_suspended(),
            "updated_at": date_time(someone.modified()),
            "shared_phone_number": null, "time_zone": "London", "iana_time_zone": "Europe/London",
            "details": "", "notes": "", "signature": null, "photo": null, "tags": [],
            "shared": false, "shared_agent": false, "moderator": false, "chat_only": false,
            "only_private_comments": false, "two_factor_auth_enabled": null, "locale_id": 1176,
        });
        let more = match someone {
            Someone::Staff(user) => staff(user),
            Someone::EndUser(contact) => self.end_user(contact),
        };
        if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
            row.extend(more);
        }
        row
    }

    fn end_user(&self, contact: &Contact) -> Value {
        json!({
            "alias": null, "verified": false, "restricted_agent": true, "role_type": null,
            "custom_role_id": null, "default_group_id": null, "ticket_restriction": "requested",
            "organization_id": number(&contact.company_id), "locale": "en-GB",
            "external_id": self.external_id(&contact.id),
            "last_login_at": null, "created_at": date_time(contact.created), "user_fields": {},
        })
    }

    /// `GET /users`.
    pub(crate) fn list(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let core = &self.core;
        let wanted = Filter::read(request)?;
        let (directory, contacts) = (core.directory(), core.contacts());
        let found: Vec<Someone<'_>> = Someone::all(&directory, &contacts)
            .filter(|someone| !someone.is_deleted() && wanted.fits(self, someone))
            .collect();
        let page = page(core, request, found.len())?;
        let mut rows: Vec<Value> = found[page.rows.clone()]
            .iter()
            .map(|someone| self.show(*someone))
            .collect();
        if request.suffers(&Fault::IdType) {
            for row in &mut rows {
                row["id"] = json!(row["id"].to_string());
            }
        }
        Ok(page.answer("users", rows))
    }

    /// `GET /users/count`. It agrees with a list that is empty or halved.
    pub(crate) fn count(&self, request: &ApiRequest) -> Result<Answer, Answer> {
        let core = &self.core;
        let wanted = Filter::read(request)?;
        let (directory, contacts) = (core.directory(), core.contacts());
        let mut value = Someone::all(&directory, &contacts)
            .filter(|someone| !someone.is_deleted() && wanted.fits(self, someone))
            .count();
        if core.faults.would_act(&Fault::EmptyList) {
            value = 0;
        } else if core.faults.would_act(&Fault::HalfPages) {
            value /= 2;
        }
        let refreshed_at = date_time(core.clock.now());
        let body = json!({ "count": { "value": value, "refreshed_at": refreshed_at } });
        Ok(Answer::json(StatusCode::OK, &body))
    }

    /// `GET /users/{id}`; a deleted user is found, with `active: false`.
    pub(crate) fn one(&self, id: &str) -> Answer {
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        match Someone::find(&directory, &contacts, id) {
            Some(someone) => Answer::json(StatusCode::OK, &json!({ "user": self.show(someone) })),
            None => errors::not_found(),
        }
    }

    /// `GET /users/{id}/identities`.
    pub(crate) fn identities(&self, id: &str) -> Answer {
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let Some(someone) = Someone::find(&directory, &contacts, id) else {
            return errors::not_found();
        };
        let email = someone.email().map(|email| ("email", email));
        let phones = someone.phones().map(|phone| ("phone_number", phone));
        let all: Vec<Value> = email
            .into_iter()
            .chain(phones)
            .enumerate()
            .map(|(nth, (kind, value))| {
                let own = id.parse::<i64>().unwrap_or_default() * 10 + i64::from(nth > 0);
                json!({
                    "id": own, "user_id": number(id), "type": kind, "value": value,
                    "verified": nth == 0, "primary": nth == 0,
                })
            })
            .collect();
        let body = json!({
            "count": all.len(), "identities": all, "next_page": null, "previous_page": null,
        });
        Answer::json(StatusCode::OK, &body)
    }

    /// `GET /users/show_many?ids=…` or `external_ids=…`, at most 100.
    pub(crate) fn show_many(&self, request: &ApiRequest) -> Answer {
        let (ids, external_ids) = (request.parameter("ids"), request.parameter("external_ids"));
        let Some(listed) = ids.or(external_ids) else {
            return errors::bad_body("ids");
        };
        let listed: Vec<&str> = listed.split(',').map(str::trim).collect();
        if listed.len() > 100 {
            let title = "Too many ids; at most 100 are allowed";
            return errors::of(StatusCode::BAD_REQUEST, "TooManyIds", title);
        }
        let (directory, contacts) = (self.core.directory(), self.core.contacts());
        let rows: Vec<Value> = Someone::all(&directory, &contacts)
            .filter(|someone| {
                if ids.is_some() {
                    listed.contains(&someone.id())
                } else {
                    let external = self.external_id_of(someone);
                    external.is_some_and(|external| listed.contains(&external.as_str()))
                }
            })
            .map(|someone| self.show(someone))
            .collect();
        let body = json!({
            "count": rows.len(), "users": rows, "next_page": null, "previous_page": null,
        });
        Answer::json(StatusCode::OK, &body)
    }

    /// `GET /users/me`, for everybody: without credentials it is nobody, with status 200.
    pub(crate) fn me(&self, caller: Option<&Caller>) -> Answer {
        let user = match caller {
            Some(caller) => {
                let mut row = self.show(Someone::Staff(&caller.user));
                row["authenticity_token"] = json!("wNRGVK5y0Yp2emu/Ia4K1o2S7wGq0m3u9v5oTn8xk6Q=");
                row
            }
            None => json!({
                "id": null, "url": null, "name": "Anonymous user", "email": "invalid@example.com",
                "role": "end-user", "verified": false, "active": null, "suspended": false,
                "created_at": null, "updated_at": null, "organization_id": null, "phone": null,
            }),
        };
        Answer::json(StatusCode::OK, &json!({ "user": user }))
    }

    pub(crate) fn external_id_of(&self, someone: &Someone<'_>) -> Option<String> {
        match someone {
            Someone::Staff(user) => user.employee_number.clone(),
            Someone::EndUser(contact) => self.external_id(&contact.id),
        }
    }
}

fn staff(user: &User) -> Value {
    let custom = custom_role(user);
    let light = custom.is_some_and(|(_, _, kind)| [1, 3].contains(kind));
    json!({
        "alias": user.nickname,
        "verified": user.confirmed,
        "role_type": custom.map(|(_, _, kind)| kind),
        "custom_role_id": custom.map(|(id, _, _)| id),
        "default_group_id": super::GROUP_ID,
        "organization_id": null,
        "only_private_comments": light,
        "restricted_agent": role(user) != "admin",
        "ticket_restriction": if role(user) == "admin" { Value::Null } else { json!("groups") },
        "external_id": user.employee_number,
        "locale": user.locale.replace('_', "-"),
        "last_login_at": user.last_login.map(date_time),
        "created_at": date_time(user.created),
        "user_fields": {
            "department": user.department, "extension": user.extension, "job_title": user.title,
        },
    })
}

/// `GET /custom_roles`.
pub(crate) fn custom_roles(core: &Core) -> Answer {
    let users = core.directory();
    let rows: Vec<Value> = CUSTOM_ROLES
        .iter()
        .map(|(id, name, kind)| {
            let has = |user: &&User| custom_role(user).is_some_and(|role| role.0 == *id);
            json!({
                "id": id, "name": name, "role_type": kind, "description": null,
                "team_member_count": users.users().iter().filter(has).count(),
                "created_at": "2024-02-01T09:00:00Z", "updated_at": "2024-02-01T09:00:00Z",
            })
        })
        .collect();
    let body = json!({
        "count": rows.len(), "custom_roles": rows, "next_page": null, "previous_page": null,
    });
    Answer::json(StatusCode::OK, &body)
}

/// What a list of users is narrowed to.
struct Filter {
    roles: Vec<String>,
    custom_role: Option<String>,
    external_id: Option<String>,
}

impl Filter {
    /// Reads `role`, `role[]`, `permission_set` and `external_id`; others are ignored.
    fn read(request: &ApiRequest) -> Result<Self, Answer> {
        let roles = roles(request);
        if roles
            .iter()
            .any(|role| !["end-user", "agent", "admin"].contains(&role.as_str()))
        {
            let text = "role must be end-user, agent or admin";
            return Err(errors::of(StatusCode::BAD_REQUEST, "InvalidValue", text));
        }
        Ok(Self {
            roles,
            custom_role: request.parameter("permission_set").map(str::to_owned),
            external_id: request.parameter("external_id").map(str::to_owned),
        })
    }

    fn fits(&self, zendesk: &Zendesk, someone: &Someone<'_>) -> bool {
        let role = self.roles.is_empty() || self.roles.iter().any(|role| role == someone.role());
        let custom = self
            .custom_role
            .as_ref()
            .is_none_or(|wanted| match someone {
                Someone::Staff(user) => {
                    custom_role(user).is_some_and(|(id, _, _)| id.to_string() == *wanted)
                }
                Someone::EndUser(_) => false,
            });
        let external = self.external_id.as_ref().is_none_or(|wanted| {
            let own = zendesk.external_id_of(someone);
            own.is_some_and(|own| own.eq_ignore_ascii_case(wanted))
        });
        role && custom && external
    }
}

fn roles(request: &ApiRequest) -> Vec<String> {
    let all = request.query.iter();
    all.filter(|(name, _)| name == "role" || name == "role[]")
        .map(|(_, role)| role.clone())
        .collect()
}

/// Whether a list may hold staff: only such a list counts as one of users.
pub(crate) fn holds_staff(request: &ApiRequest) -> bool {
    let roles = roles(request);
    roles.is_empty() || roles.iter().any(|role| role != "end-user")
}
