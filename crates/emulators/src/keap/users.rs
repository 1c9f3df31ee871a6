//! Users of API v2 and who the token's user is.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::lists::{Clause, List, date_time, without_nulls};
use super::{TENANT, e164};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};

/// `GET /rest/v2/users`.
const LIST: List = List {
    member: "users",
    page_sizes: (1, 100),
    filters: &[
        "email",
        "given_name",
        "include_inactive",
        "include_partners",
        "user_ids",
    ],
    compared: &[],
    orders: &["create_time", "email", "name"],
};

/// The list. Inactive users and partners come only when the filter asks for them.
pub(crate) fn list(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let filter = LIST.filter(request)?;
    let flag = |name: &str| -> Result<bool, ApiError> {
        let clause = filter.iter().find(|clause| clause.field == name);
        clause.map_or(Ok(false), Clause::boolean)
    };
    let (inactive, partners) = (flag("include_inactive")?, flag("include_partners")?);
    let order = LIST.order(request)?;
    let directory = core.directory();
    let mut found: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| user.state != UserState::Deleted)
        .filter(|user| inactive || matches!(status(user), "ACTIVE" | "INVITED"))
        .filter(|user| partners || !is_partner(user))
        .filter(|user| filter.iter().all(|clause| meets(user, clause)))
        .collect();
    match order {
        Some(("create_time", _)) => found.sort_by_key(|user| user.created),
        Some(("email", _)) => found.sort_by(|a, b| a.email.cmp(&b.email)),
        Some(_) => found.sort_by(|a, b| a.family.cmp(&b.family)),
        None => {}
    }
    if order.is_some_and(|(_, descending)| descending) {
        found.reverse();
    }
    LIST.page(core, request, found, |user| row(user))
}

fn meets(user: &User, clause: &Clause) -> bool {
    match clause.field.as_str() {
        "email" => clause.is_text(&user.email),
        "given_name" => clause.is_text(&user.given),
        "user_ids" => clause.lists(&user.id),
        _ => true,
    }
}

/// `GET /rest/v2/users/{id}`, whatever the user's state.
pub(crate) fn one(core: &Core, id: &str) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let user = directory
        .find(id)
        .filter(|user| user.state != UserState::Deleted);
    let user = user.ok_or_else(|| ApiError::not_found("User", id))?;
    Ok(Answer::json(StatusCode::OK, &row(user)))
}

/// `GET /rest/v2/oauth/connect/userinfo`.
pub(crate) fn own(core: &Core) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let user = directory.connecting();
    let user = user.ok_or_else(|| ApiError::not_found("User", "me"))?;
    let body = json!({
        "email": user.email,
        "sub": user.id,
        "id": global_id(user),
        "keap_id": user.email,
        "family_name": user.family,
        "given_name": user.given,
        "preferred_name": user.full_name(),
        "is_admin": true,
        "tenant_id": TENANT,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The id over all tenants.
fn global_id(user: &User) -> String {
    let id: u64 = user.id.parse().unwrap_or_default();
    (4_117_000 + id * 7).to_string()
}

/// Consultants of the vendor's partners have seats of their own.
fn is_partner(user: &User) -> bool {
    user.kind == UserKind::Consultant
}

fn status(user: &User) -> &'static str {
    match user.kind {
        UserKind::Portal | UserKind::Guest => "NOT_A_USER",
        _ if !user.is_active() => "INACTIVE",
        _ if !user.confirmed => "INVITED",
        _ => "ACTIVE",
    }
}

fn row(user: &User) -> Value {
    let manager = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    without_nulls(json!({
        "id": user.id,
        "global_user_id": global_id(user),
        "keap_id": user.email,
        "given_name": user.given,
        "family_name": user.family,
        "nickname": user.nickname,
        "status": status(user),
        "admin": manager || user.kind == UserKind::Connecting,
        "partner": is_partner(user),
        "title": user.title,
        "company_name": user.company,
        "email_addresses": [{ "email": user.email, "field": "EMAIL1" }],
        "phone_numbers": phones(user),
        "fax_numbers": [],
        "social_accounts": [],
        "created_by": 1,
        "create_time": date_time(user.created),
        "updated_by": 1,
        "update_time": date_time(user.modified),
    }))
}

/// The telephone with the extension, and the mobile phone. Somebody may have an extension only.
fn phones(user: &User) -> Vec<Value> {
    let mut phones = Vec::new();
    if user.phone.is_some() || user.extension.is_some() {
        phones.push(without_nulls(json!({
            "field": "PHONE1",
            "type": "Work",
            "number": user.phone,
            "number_e164": user.phone.as_deref().and_then(e164),
            "extension": user.extension,
        })));
    }
    if let Some(mobile) = &user.mobile {
        phones.push(without_nulls(json!({
            "field": "PHONE2", "type": "Mobile", "number": mobile, "number_e164": e164(mobile),
        })));
    }
    phones
}

/// The short form a note carries of its user.
pub(crate) fn short(user: &User) -> Value {
    json!({
        "id": user.id,
        "given_name": user.given,
        "family_name": user.family,
        "email_address": user.email,
    })
}
