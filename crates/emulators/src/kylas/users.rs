//! Users, the own one and the tenant.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::pages::{page, sort};
use super::rules::{Field, FieldType, read};
use super::{TENANT, date_time, number, split};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::people::ORGANIZATION;

/// What a search for users may ask.
const FIELDS: &[Field] = &[
    ("id", FieldType::Number),
    ("firstName", FieldType::Text),
    ("lastName", FieldType::Text),
    ("email", FieldType::Text),
    ("phoneNumbers", FieldType::Text),
    ("active", FieldType::Flag),
    ("createdAt", FieldType::Date),
    ("updatedAt", FieldType::Date),
];

fn listed(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// `GET /v1/users`: everybody, the inactive included.
pub(crate) fn list(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let mut found: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| listed(user))
        .collect();
    sorted(request, &mut found)?;
    Ok(page(core, request, found, |user| row(user)))
}

fn sorted(request: &ApiRequest, found: &mut [&User]) -> Result<(), ApiError> {
    let Some((property, descending)) = sort(request) else {
        return Ok(());
    };
    match property {
        "id" => {}
        "createdAt" => found.sort_by_key(|user| user.created),
        "updatedAt" => found.sort_by_key(|user| user.modified),
        "firstName" => found.sort_by(|a, b| a.given.cmp(&b.given)),
        "lastName" | "name" => found.sort_by(|a, b| a.family.cmp(&b.family)),
        "email" => found.sort_by(|a, b| a.email.cmp(&b.email)),
        _ => return Err(ApiError::invalid(format!("No property {property} found"))),
    }
    if descending {
        found.reverse();
    }
    Ok(())
}

/// `GET /v1/users/lookup?q=field:text`: id and name of those whose field holds the text.
pub(crate) fn lookup(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let query = request.parameter("q").unwrap_or("name:");
    let (field, text) = query.split_once(':').unwrap_or(("name", query));
    let text = text.trim().to_lowercase();
    let value: fn(&User) -> String = match field {
        "name" => |user| user.full_name(),
        "firstName" => |user| user.given.clone(),
        "lastName" => |user| user.family.clone(),
        "email" => |user| user.email.clone(),
        _ => return Err(ApiError::invalid(format!("Invalid field {field}"))),
    };
    let directory = core.directory();
    let found: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| listed(user))
        .filter(|user| text.is_empty() || value(user).to_lowercase().contains(&text))
        .collect();
    Ok(page(
        core,
        request,
        found,
        |user| json!({ "id": number(&user.id), "name": user.full_name() }),
    ))
}

/// `POST /v1/search/user`.
pub(crate) fn search(core: &Core, request: &ApiRequest, body: &Value) -> Result<Answer, ApiError> {
    let rule = read(body, FIELDS)?;
    let directory = core.directory();
    let mut found: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| listed(user))
        .filter(|user| rule.meets(&row(user)))
        .collect();
    sorted(request, &mut found)?;
    Ok(page(core, request, found, |user| row(user)))
}

/// `GET /v1/users/{id}` and `GET /v1/users/me`.
pub(crate) fn one(core: &Core, id: &str) -> Result<Answer, ApiError> {
    let directory = core.directory();
    let user = match id {
        "me" => directory.connecting(),
        _ => directory.find(id),
    };
    let user = user.filter(|user| listed(user));
    let user = user.ok_or_else(|| ApiError::not_found("User"))?;
    Ok(Answer::json(StatusCode::OK, &row(user)))
}

fn row(user: &User) -> Value {
    let phones = [("WORK", &user.phone), ("MOBILE", &user.mobile)];
    let phones = phones
        .iter()
        .filter_map(|(kind, typed)| Some((*kind, typed.as_deref()?)));
    let phones: Vec<Value> = phones
        .enumerate()
        .map(|(nth, (kind, typed))| split(kind, typed, nth == 0))
        .collect();
    json!({
        "createdAt": date_time(user.created),
        "updatedAt": date_time(user.modified),
        "createdBy": null,
        "updatedBy": null,
        "recordActions": {
            "read": true, "update": false, "delete": false, "email": false, "call": false,
            "sms": false, "task": false, "note": false, "meeting": false, "deleteAll": false,
        },
        "metaData": null,
        "id": number(&user.id),
        "firstName": Some(&user.given).filter(|given| !given.is_empty()),
        "lastName": user.family,
        "email": user.email,
        "updatedEmail": null,
        "salutation": null,
        "phoneNumbers": phones,
        "designation": user.title,
        "timezone": "Europe/London",
        "language": "EN",
        "dateFormat": "MMM D, YYYY [at] h:mm a",
        "currency": "GBP",
        "signature": null,
        "title": null,
        "department": user.department,
        "failedAttempts": null,
        "locked": false,
        "lockedAt": null,
        "active": user.is_active(),
        "deactivateReason": if user.is_active() { Value::Null } else { json!("Left the organization") },
        "emailVerified": user.confirmed,
        "confirmedAt": null,
        "customFieldValues": null,
        "profileId": if user.kind == UserKind::Connecting { 1 } else { 2 },
        "permissions": null,
        "emailProvider": null,
    })
}

/// `GET /v1/tenants`: the own one.
pub(crate) fn tenant() -> Answer {
    let body = json!({
        "createdAt": "2022-01-04T05:08:48.804+0000",
        "updatedAt": "2022-01-04T05:09:04.499+0000",
        "createdBy": null,
        "updatedBy": null,
        "recordActions": null,
        "metaData": { "idNameStore": { "updatedBy": {}, "createdBy": {} } },
        "id": TENANT,
        "accountName": ORGANIZATION,
        "industry": null,
        "timezone": "Europe/London",
        "dateFormat": "MMM D, YYYY [at] h:mm a",
        "language": "EN",
        "currency": "GBP",
        "companyName": ORGANIZATION,
        "website": null,
        "country": "GB",
        "active": true,
        "confirmed": true,
        "planName": "elevate-annual",
    });
    Answer::json(StatusCode::OK, &body)
}
