//! Users as pairs, one user, and whose token it is.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::{date_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::faults::Fault;

/// The areas a token has rights in.
const AREAS: &[&str] = &[
    "asset",
    "customer",
    "ticket",
    "invoice",
    "payment",
    "worksheet",
    "script",
];

/// `GET /users`: id and name of those who can sign in, all at once. An address is on none of
/// them, nor does anything tell programs from persons.
pub(crate) fn list(core: &Core, request: &ApiRequest) -> Answer {
    let directory = core.directory();
    let users = directory.users().iter().filter(|user| user.is_active());
    let id_type = request.suffers(&Fault::IdType);
    let mut pairs: Vec<Value> = users
        .map(|user| {
            let id = if id_type {
                json!(user.id)
            } else {
                json!(number(&user.id))
            };
            json!([id, user.full_name()])
        })
        .collect();
    if request.suffers(&Fault::EmptyList) {
        pairs.clear();
    }
    if request.suffers(&Fault::HalfPages) || request.suffers(&Fault::TruncatedList) {
        pairs.truncate(pairs.len() / 2);
    }
    Answer::json(StatusCode::OK, &json!({ "users": pairs }))
}

/// `GET /users/{id}`.
pub(crate) fn one(core: &Core, id: &str) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let user = directory.find(id).filter(|user| user.is_active());
    let user = user.ok_or_else(ApiError::not_found)?;
    Ok(Answer::json(StatusCode::OK, &json!({ "user": row(user) })))
}

fn is_admin(user: &User) -> bool {
    let manager = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    manager || user.kind == UserKind::Connecting
}

/// A user as it is shown, also inside a ticket.
pub(crate) fn row(user: &User) -> Value {
    let admin = is_admin(user);
    json!({
        "id": number(&user.id),
        "email": user.email,
        "full_name": user.full_name(),
        "created_at": date_time(user.created),
        "updated_at": date_time(user.modified),
        "group": if admin { "Admins" } else { "Technicians" },
        "admin": admin,
        "color": "55b932",
    })
}

/// `GET /me`. It gives the token away.
pub(crate) fn own(core: &Core, token: &str) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let user = directory.connecting().ok_or_else(ApiError::not_found)?;
    let rights = |_: &&str| json!({ "read": true, "write": true, "delete": false });
    let permissions: serde_json::Map<String, Value> = AREAS
        .iter()
        .map(|area| ((*area).to_owned(), rights(area)))
        .collect();
    let body = json!({
        "user_token": token,
        "user_email": user.email,
        "user_name": user.full_name(),
        "user_id": number(&user.id),
        "admin": is_admin(user),
        "can_use_app": true,
        "two_factor_required": false,
        "subdomain": "northwindsupport",
        "default_location": null,
        "enable_multi_locations": false,
        "locations_allowed": [],
        "permissions": permissions,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The user of this id, if a record can be given to it.
pub(crate) fn assignable(core: &Core, id: &Value) -> Option<String> {
    let id = match id {
        Value::String(id) => id.clone(),
        id => id.as_u64()?.to_string(),
    };
    let directory = core.directory();
    let user = directory.find(&id);
    let user = user.filter(|user| user.state != UserState::Deleted);
    user.map(|user| user.id.clone())
}
