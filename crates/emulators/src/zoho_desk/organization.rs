//! The portal, its departments, profiles and roles, and who one is.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Call;
use super::agents;
use super::errors::ApiError;
use crate::answer::Answer;
use crate::people::ORGANIZATION;

/// The portal's id, which every request carries in `orgId`.
pub(super) const ID: &str = "729382645";

/// Departments: id, name, whether it is enabled.
pub(super) const DEPARTMENTS: &[(&str, &str, bool)] = &[
    ("1892000000006907", "Service Desk", true),
    ("1892000000082069", "Billing", true),
    ("1892000000175433", "Onsite (old)", false),
];

/// Profiles: id and name.
pub(super) const PROFILES: &[(&str, &str)] = &[
    ("1892000000056099", "Support Administrator"),
    ("1892000000056097", "Agent"),
    ("1892000000056095", "Light Agent"),
];

/// Roles: id and name.
pub(super) const ROLES: &[(&str, &str)] = &[
    ("1892000000056003", "CEO"),
    ("1892000000056005", "Support Agent"),
];

/// Whether there is such a department and it is in use.
pub(super) fn is_department(id: &str) -> bool {
    DEPARTMENTS
        .iter()
        .any(|(own, _, enabled)| *own == id && *enabled)
}

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method());
    }
    let body = match rest {
        ["organizations"] => json!({ "data": [organization(call)] }),
        ["organizations", id] if *id == ID => organization(call),
        ["departments"] => {
            json!({ "data": DEPARTMENTS.iter().map(department).collect::<Vec<_>>() })
        }
        ["departments", id] => {
            let found = DEPARTMENTS.iter().find(|(own, ..)| own == id);
            department(found.ok_or_else(ApiError::no_record)?)
        }
        ["profiles"] => json!({ "data": PROFILES.iter().map(named).collect::<Vec<_>>() }),
        ["roles"] => json!({ "data": ROLES.iter().map(named).collect::<Vec<_>>() }),
        ["myinfo"] => {
            let directory = call.core().directory();
            directory.connecting().map_or(Value::Null, agents::shown)
        }
        _ => return Err(ApiError::not_found()),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn organization(call: &Call<'_>) -> Value {
    json!({
        "id": ID,
        "companyName": ORGANIZATION,
        "portalName": "northwindsupport",
        "portalURL": format!("{}/portal/northwindsupport/", call.core().base_url),
        "primaryContact": null,
        "isAdminInOrg": false,
        "isDefault": true,
        "edition": "PROFESSIONAL",
        "city": null,
        "country": "GB",
        "mobileNumber": null,
        "phoneNumber": null,
        "currencyLocale": "en_GB",
    })
}

fn department(row: &(&str, &str, bool)) -> Value {
    json!({
        "id": row.0, "name": row.1, "nameInCustomerPortal": row.1, "isEnabled": row.2,
        "isDefault": row.0 == DEPARTMENTS[0].0, "hasLogo": false, "description": null,
        "isVisibleInCustomerPortal": row.2, "isAssignToTeamEnabled": false, "chatStatus": "NOT_CREATED",
    })
}

fn named(row: &(&str, &str)) -> Value {
    json!({ "id": row.0, "name": row.1, "default": true, "description": null })
}
