//! Employees, the assignees of tickets, and who is signed in.

use axum::http::Method;
use serde_json::{Value, json};

use super::envelope::{failure, no_method, not_found, success};
use super::page::{Page, parameter, typed};
use super::{TENANT, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserState};
use crate::people::ORGANIZATION;

/// The roles of work that time is logged under.
pub(crate) const ROLES: &[(i64, &str)] = &[(31, "Engineer"), (32, "Service Desk")];

/// `/v2/hr/…`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, path: &[&str]) -> Answer {
    if request.method != Method::GET {
        return no_method();
    }
    let found = match path {
        ["employees", "searchselect"] => searchselect(core, request),
        ["assignees"] => listed(core, request, assignee),
        ["employees" | "assignees", "lookup"] => listed(core, request, lookup),
        ["assignees", id, "roles"] => Ok(roles(core, id)),
        _ => Ok(not_found()),
    };
    found.unwrap_or_else(|answer| *answer)
}

/// A deleted user is one the connection can no longer see.
fn is_seen(user: &User) -> bool {
    user.state != UserState::Deleted
}

/// Everybody, with whether they are active and by what name they sign in.
fn searchselect(core: &Core, request: &ApiRequest) -> Result<Answer, Box<Answer>> {
    let page = Page::of(request)?;
    let active: Option<bool> = typed(request, "Filter.IsActive")?;
    let text = parameter(request, "Filter.Filter_Text")
        .unwrap_or_default()
        .to_lowercase();
    let directory = core.directory();
    let users = directory.users().iter();
    let found = users.filter(|user| {
        is_seen(user)
            && active.is_none_or(|wanted| user.is_active() == wanted)
            && (text.is_empty()
                || user.full_name().to_lowercase().contains(&text)
                || user.email.to_lowercase().contains(&text)
                || user.username.to_lowercase().contains(&text))
    });
    let row = |user: &&User| {
        json!({
            "Id": number(&user.id),
            "FirstName": user.given,
            "LastName": user.family,
            "EmailAddress": Some(&user.email).filter(|email| !email.is_empty()),
            "Username": user.username,
            "JobTitle": user.title,
            "IsActive": user.is_active(),
        })
    };
    Ok(page.cut_users(core, request, found.collect(), row))
}

/// Those who can be given work: only active ones.
fn listed(
    core: &Core,
    request: &ApiRequest,
    row: fn(&User) -> Value,
) -> Result<Answer, Box<Answer>> {
    let page = Page::of(request)?;
    let directory = core.directory();
    let found = directory.users().iter().filter(|user| user.is_active());
    Ok(page.cut_users(core, request, found.collect(), |user: &&User| row(user)))
}

fn assignee(user: &User) -> Value {
    json!({
        "Id": number(&user.id),
        "FirstName": user.given,
        "LastName": user.family,
        "Name": user.full_name(),
        "EmailAddress": Some(&user.email).filter(|email| !email.is_empty()),
        "PictureName": null,
        "PictureUrl": null,
    })
}

fn lookup(user: &User) -> Value {
    json!({ "Id": number(&user.id), "Name": user.full_name() })
}

fn roles(core: &Core, id: &str) -> Answer {
    if core.directory().find(id).is_none_or(|user| !is_seen(user)) {
        return failure(404, "Employee not found.");
    }
    let rows = ROLES.iter().enumerate().map(|(nth, (id, name))| {
        json!({ "Id": id, "Name": name, "IsDefault": nth == 0, "IsActive": true })
    });
    success(&Value::Array(rows.collect()))
}

/// `GET /v2/security/userinfo`.
pub(crate) fn user_info(core: &Core) -> Answer {
    let directory = core.directory();
    let Some(user) = directory.connecting() else {
        return failure(404, "User not found.");
    };
    let right = |menu: i64, listing: &str| {
        json!({
            "CanView": true, "CanModify": true, "CanDelete": false, "MainMenuId": menu,
            "MenuCategoryId": menu * 10, "ListingIDEnum": listing,
        })
    };
    success(&json!({
        "UserId": number(&user.id),
        "FullName": user.full_name(),
        "EmailAddress": user.email,
        "TenantId": 40_213,
        "TenantName": TENANT,
        "AccountId": 1,
        "LocationId": 11,
        "ContactId": null,
        "BusinessName": ORGANIZATION,
        "TimeZoneName": "GMT Standard Time",
        "OlsonTimeZoneName": "Europe/London",
        "IsUserSystemAdmin": false,
        "UserAccessRights": [right(1, "CRM"), right(2, "ServiceDesk"), right(3, "HR")],
        "SpecialFeatures": [],
    }))
}

/// A user who can be given work, by id: the row, or why not.
pub(crate) fn worker(core: &Core, id: i64) -> Result<Value, String> {
    let directory = core.directory();
    let user = directory.find(&id.to_string()).filter(|user| is_seen(user));
    match user {
        Some(user) => Ok(json!({ "Id": id, "Name": user.full_name() })),
        None => Err(format!("Employee {id} does not exist.")),
    }
}
