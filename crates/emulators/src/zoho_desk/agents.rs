//! Agents: `from` and `limit`, 204 past the end. Nothing tells what changed since.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::input::{Span, span};
use super::organization::{DEPARTMENTS, PROFILES, ROLES};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::faults::{Fault, Place};
use crate::zoho::{number_ids, zuid};

/// Agents of a list unless another number is asked for, and at most.
const USUAL: usize = 10;
const MOST: usize = 200;

/// Ids in `agentsByIds` at most.
const IDS: usize = 50;

/// Which page of the list a request is for, as far as `from` and `limit` tell.
pub(super) fn place(core: &Core, request: &ApiRequest) -> Place {
    let number = |name: &str, otherwise: usize| {
        let text = request.parameter(name).and_then(|text| text.parse().ok());
        text.unwrap_or(otherwise)
    };
    let size = core.page_size(number("limit", USUAL));
    let page = number("from", 0).div_ceil(size) + 1;
    Place::Users {
        page: u32::try_from(page).unwrap_or(u32::MAX),
    }
}

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method());
    }
    let directory = call.core().directory();
    let one = |user: Option<&User>| {
        user.filter(|user| user.state != UserState::Deleted)
            .map(|user| Answer::json(StatusCode::OK, &shown(user)))
            .ok_or_else(ApiError::no_record)
    };
    match rest {
        ["agents"] => list(call, directory.users()),
        ["agents", "count"] => {
            let mut count = selected(call.request, directory.users())?.len();
            if call.core().faults.would_act(&Fault::HalfPages) {
                count /= 2;
            }
            Ok(Answer::json(StatusCode::OK, &json!({ "count": count })))
        }
        ["agents", "email", email] => {
            let email = email.replace("%40", "@");
            let mut users = directory.users().iter();
            one(users.find(|user| user.email.eq_ignore_ascii_case(&email)))
        }
        ["agents", id] => one(directory.find(id)),
        ["agentsByIds"] => {
            let ids = call.request.parameter("agentIds").unwrap_or_default();
            let ids: Vec<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
            if ids.is_empty() || ids.len() > IDS {
                return Err(ApiError::invalid("agentIds"));
            }
            let found = ids.iter().filter_map(|id| directory.find(id));
            let rows: Vec<Value> = found.map(shown).collect();
            Ok(Answer::json(StatusCode::OK, &json!({ "data": rows })))
        }
        _ => Err(ApiError::not_found()),
    }
}

fn list(call: &Call<'_>, users: &[User]) -> Result<Answer, ApiError> {
    let request = call.request;
    let Span { mut from, limit } = span(request, USUAL, MOST)?;
    let mut found = selected(request, users)?;
    if request.suffers(&Fault::EmptyList) {
        found.clear();
    }
    if request.suffers(&Fault::HalfPages) || request.suffers(&Fault::TruncatedList) {
        found.truncate(found.len() / 2);
    }
    if request.suffers(&Fault::RepeatedCursor) {
        from = 0;
    }
    let mut size = call.core().page_size(limit);
    if request.suffers(&Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    let rows = found.iter().skip(from).take(size);
    let mut rows: Vec<Value> = rows.map(|user| shown(user)).collect();
    if rows.is_empty() {
        return Ok(Answer::empty(StatusCode::NO_CONTENT));
    }
    if request.suffers(&Fault::IdType) {
        number_ids(&mut rows);
    }
    Ok(Answer::json(StatusCode::OK, &json!({ "data": rows })))
}

/// The agents that the filters of a request leave.
fn selected<'a>(request: &ApiRequest, users: &'a [User]) -> Result<Vec<&'a User>, ApiError> {
    let status = request.parameter("status");
    if status.is_some_and(|status| !["ACTIVE", "DISABLED"].contains(&status)) {
        return Err(ApiError::invalid("status"));
    }
    let truth = |name: &str| match request.parameter(name) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(ApiError::invalid(name)),
    };
    let (confirmed, light) = (truth("isConfirmed")?, truth("isLightAgent")?);
    let field = request.parameter("fieldName");
    if field.is_some_and(|field| !["emailId", "firstName", "lastName"].contains(&field)) {
        return Err(ApiError::invalid("fieldName"));
    }
    let search = request.parameter("searchStr").map(str::to_lowercase);
    let has = |user: &User, text: &str| {
        let text = text.trim_matches('*');
        let is = |name: &str, own: &str| {
            field.is_none_or(|field| field == name) && own.to_lowercase().contains(text)
        };
        is("emailId", &user.email) || is("firstName", &user.given) || is("lastName", &user.family)
    };
    Ok(users
        .iter()
        .filter(|user| user.state != UserState::Deleted)
        .filter(|user| status.is_none_or(|status| status == self::status(user)))
        .filter(|user| confirmed.is_none_or(|wanted| wanted == user.confirmed))
        .filter(|user| light.is_none_or(|wanted| wanted == is_light(user)))
        .filter(|user| search.as_ref().is_none_or(|text| has(user, text)))
        .collect())
}

fn status(user: &User) -> &'static str {
    if user.is_active() {
        "ACTIVE"
    } else {
        "DISABLED"
    }
}

fn is_light(user: &User) -> bool {
    matches!(
        user.kind,
        UserKind::Social | UserKind::Guest | UserKind::Portal
    )
}

fn is_admin(user: &User) -> bool {
    let manages = user
        .title
        .as_deref()
        .is_some_and(|title| title.contains("Manager"));
    manages || user.kind == UserKind::Connecting
}

/// An agent as the API shows it. Nothing tells a program's account from a person's.
pub(super) fn shown(user: &User) -> Value {
    let (profile, permission) = match user {
        user if is_light(user) => (PROFILES[2], "Light"),
        user if is_admin(user) => (PROFILES[0], "Admin"),
        _ => (PROFILES[1], "AgentPublic"),
    };
    let role = if is_admin(user) { ROLES[0] } else { ROLES[1] };
    json!({
        "id": user.id,
        "zuid": zuid(user),
        "firstName": user.given,
        "lastName": user.family,
        "name": user.full_name(),
        "emailId": user.email,
        "phone": user.phone.as_deref().unwrap_or_default(),
        "mobile": user.mobile.as_deref().unwrap_or_default(),
        "extn": user.extension.as_deref().unwrap_or_default(),
        "roleId": role.0,
        "profileId": profile.0,
        "status": status(user),
        "isConfirmed": user.confirmed,
        "isLightAgent": is_light(user),
        "langCode": user.locale,
        "countryCode": user.locale,
        "timeZone": "Asia/Kolkata",
        "photoURL": null,
        "associatedDepartmentIds": [DEPARTMENTS[0].0],
        "associatedChatDepartmentIds": [],
        "channelExpert": ["PHONE"],
        "rolePermissionType": permission,
        "aboutInfo": user.title,
    })
}
