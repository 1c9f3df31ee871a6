//! The organization, its profiles, roles, modules and licences: what a client probes.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::users::{PROFILES, ROLES, date_time};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::people::ORGANIZATION;

/// Modules: API name, plural label, whether the connecting user may create records.
const MODULES: &[(&str, &str, bool)] = &[
    ("Leads", "Leads", true),
    ("Contacts", "Contacts", true),
    ("Accounts", "Accounts", true),
    ("Deals", "Deals", false),
    ("Tasks", "Tasks", true),
    ("Calls", "Calls", true),
];

/// The fields of a call that a client writes.
const CALL_FIELDS: &[(&str, &str, bool)] = &[
    ("Subject", "text", true),
    ("Call_Type", "picklist", true),
    ("Call_Start_Time", "datetime", true),
    ("Call_Duration", "text", false),
    ("Owner", "ownerlookup", false),
    ("Who_Id", "lookup", false),
    ("What_Id", "lookup", false),
    ("Description", "textarea", false),
];

/// Answers what [`super::ZohoCrm`] has found to be allowed.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, ApiError> {
    let body = match rest {
        ["org"] => organization(core),
        ["settings", "roles"] => json!({ "roles": ROLES.iter().map(role).collect::<Vec<_>>() }),
        ["settings", "profiles"] => {
            json!({ "profiles": PROFILES.iter().map(profile).collect::<Vec<_>>() })
        }
        ["settings", "profiles", id] => match PROFILES.iter().find(|(own, _)| own == id) {
            Some(found) => json!({ "profiles": [detailed(found)] }),
            None => return Ok(Answer::empty(StatusCode::NO_CONTENT)),
        },
        ["settings", "modules"] => {
            json!({ "modules": MODULES.iter().map(module).collect::<Vec<_>>() })
        }
        ["settings", "fields"] => fields(request)?,
        ["__features", "user_licenses"] => licences(core),
        _ => return Err(ApiError::url_pattern()),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn organization(core: &Core) -> Value {
    let directory = core.directory();
    let (primary, made) = directory
        .connecting()
        .map(|user| (user.email.clone(), date_time(user.created)))
        .unwrap_or_default();
    json!({ "org": [{
        "id": "5843104000000000437",
        "zgid": "60018273645",
        "company_name": ORGANIZATION,
        "alias": null,
        "primary_email": primary,
        "domain_name": "org60018273645",
        "country_code": "GB",
        "currency": "British Pound - GBP",
        "iso_code": "GBP",
        "time_zone": "Asia/Kolkata",
        "type": "Production",
        "mc_status": false,
        "gapps_enabled": false,
        "created_time": made,
        "license_details": {
            "paid": true, "paid_type": "enterprise", "trial_type": null, "trial_expiry": null,
            "users_license_purchased": directory.users().len() + 10,
        },
    }] })
}

fn licences(core: &Core) -> Value {
    let directory = core.directory();
    let used = directory
        .users()
        .iter()
        .filter(|user| user.is_active())
        .count();
    let purchased = directory.users().len() + 10;
    json!({ "user_licenses": {
        "used_count": used, "purchased_count": purchased, "available_count": purchased - used,
    } })
}

fn role(row: &(&str, &str)) -> Value {
    json!({
        "id": row.0, "name": row.1, "display_label": row.1, "admin_user": row.1 == "CEO",
        "share_with_peers": true, "reporting_to": null, "description": null,
    })
}

fn profile(row: &(&str, &str)) -> Value {
    json!({
        "id": row.0, "name": row.1, "display_label": row.1, "type": "normal_profile", "category": false,
        "custom": row.1 == "API Access", "default": false, "description": null,
    })
}

fn detailed(row: &(&str, &str)) -> Value {
    let mut shown = profile(row);
    let admin = row.1 == "Administrator";
    let permission = |nth: usize, name: &str, module: Option<&str>, enabled: bool| {
        json!({
            "id": format!("58431040000000290{nth:02}"), "name": name, "display_label": name,
            "module": module, "enabled": enabled,
        })
    };
    shown["permissions_details"] = json!([
        permission(1, "Crm_Implied_Api_Access", None, row.1 != "Standard"),
        permission(2, "Crm_Implied_Manage_Users", None, admin),
        permission(3, "Crm_Implied_View_Calls", Some("Calls"), true),
        permission(4, "Crm_Implied_Create_Calls", Some("Calls"), true),
        permission(5, "Crm_Implied_View_Contacts", Some("Contacts"), true),
        permission(6, "Crm_Implied_View_Leads", Some("Leads"), true),
    ]);
    shown
}

fn module(row: &(&str, &str, bool)) -> Value {
    json!({
        "api_name": row.0, "module_name": row.0, "plural_label": row.1, "singular_label": row.0,
        "api_supported": true, "viewable": true, "creatable": row.2, "editable": row.2,
        "deletable": false, "visible": true, "status": "visible", "generated_type": "default",
        "id": format!("58431040000000021{:02}", row.0.len()),
    })
}

fn fields(request: &ApiRequest) -> Result<Value, ApiError> {
    let Some(name) = request.parameter("module") else {
        return Err(ApiError {
            details: json!({ "param": "module" }),
            ..ApiError::new(
                StatusCode::BAD_REQUEST,
                "REQUIRED_PARAM_MISSING",
                "One of the expected parameter is missing",
            )
        });
    };
    if !MODULES.iter().any(|(own, ..)| *own == name) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "INVALID_MODULE",
            "the module name given seems to be invalid",
        ));
    }
    let fields: &[(&str, &str, bool)] = if name == "Calls" { CALL_FIELDS } else { &[] };
    let shown = fields.iter().map(|(name, kind, mandatory)| {
        json!({
            "api_name": name, "data_type": kind, "system_mandatory": mandatory, "read_only": false,
            "visible": true, "custom_field": false, "field_label": name.replace('_', " "),
        })
    });
    Ok(json!({ "fields": shown.collect::<Vec<_>>() }))
}
