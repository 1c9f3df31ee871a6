//! Users, the own one, the instance and what the key may do.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::lists::{date_time, page, searched};
use super::number;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::people::ORGANIZATION;

/// The instance's id, which every user carries.
const INSTANCE: u32 = 1_184_417;

/// The objects a key has rights to.
const OBJECTS: &[&str] = &[
    "Contact",
    "Lead",
    "Organisation",
    "Opportunity",
    "Project",
    "Event",
    "Task",
    "Note",
];

/// The list of `/Users` and its `Search`: everybody, the inactive included.
pub(crate) fn list(core: &Core, request: &ApiRequest, search: bool) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let users = directory.users().iter();
    let mut found: Vec<&User> = users
        .filter(|user| user.state != UserState::Deleted)
        .collect();
    if search {
        let known = row(&User::blank());
        searched(
            request,
            &known,
            &mut found,
            |user| row(user),
            |user| user.modified,
        )?;
    }
    page(core, request, "USER_ID", found, |user| row(user))
}

/// One of `/Users`, by id, and the own one, `Me`.
pub(crate) fn one(core: &Core, id: &str) -> Answer {
    let directory = core.directory();
    let user = match id {
        "me" => directory.connecting(),
        _ => directory.find(id),
    };
    match user.filter(|user| user.state != UserState::Deleted) {
        Some(user) => Answer::json(StatusCode::OK, &row(user)),
        None => Answer::empty(StatusCode::NOT_FOUND),
    }
}

fn row(user: &User) -> Value {
    let manager = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    let admin = manager || user.kind == UserKind::Connecting;
    let mailbox = format!("{}-{:06x}", user.family.to_lowercase(), number(&user.id));
    json!({
        "USER_ID": number(&user.id),
        "CONTACT_ID": null,
        "FIRST_NAME": user.given,
        "LAST_NAME": user.family,
        "TIMEZONE_ID": "GMT Standard Time",
        "EMAIL_ADDRESS": user.email,
        "EMAIL_DROPBOX_IDENTIFIER": mailbox,
        "EMAIL_DROPBOX_ADDRESS": format!("{mailbox}@mailbox.insight.example"),
        "ADMINISTRATOR": admin,
        "ACCOUNT_OWNER": false,
        "ACTIVE": user.is_active(),
        "DATE_CREATED_UTC": date_time(user.created),
        "DATE_UPDATED_UTC": date_time(user.modified),
        "USER_CURRENCY": "GBP",
        "CONTACT_DISPLAY": "FIRST_LAST",
        "CONTACT_ORDER": "LAST_NAME",
        "TASK_WEEK_START": 1,
        "INSTANCE_ID": INSTANCE,
        "PROFILE_ID": if admin { 1 } else { 2 },
        "ROLE_ID": null,
    })
}

/// `GET /Instance`.
pub(crate) fn instance() -> Answer {
    let body = json!({
        "INSTANCE_NAME": ORGANIZATION,
        "INSTANCE_SUBDOMAIN": "northwindsupport",
        "PLAN_NAME": "Professional",
        "NEW_USER_EXPERIENCE_ENABLED": true,
    });
    Answer::json(StatusCode::OK, &body)
}

/// `GET /Permissions`: what the key's owner may do with each object.
pub(crate) fn permissions() -> Answer {
    let object = |name: &&str| {
        json!({
            "OBJECT_TYPE": name, "PERMISSIONS_STATE": "ENABLED",
            "CAN_READ": true, "CAN_CREATE": true, "CAN_EDIT": true, "CAN_DELETE": false,
        })
    };
    let objects: Vec<Value> = OBJECTS.iter().map(object).collect();
    let body = json!({ "PERMISSIONS_STATE": "ENABLED", "OBJECT_PERMISSIONS": objects });
    Answer::json(StatusCode::OK, &body)
}
