//! The organization, its profiles, roles, modules and licences: what a client probes.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::product::Call;
use super::users::{PROFILES, ROLES, date_time};
use crate::answer::Answer;
use crate::core::Core;
use crate::people::ORGANIZATION;

/// Answers what [`CrmProduct`](super::product::CrmProduct) has found to be allowed.
pub(crate) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    let core = &call.estate.core;
    let body = match rest {
        ["org"] => organization(core, call.product.org_type),
        ["settings", "roles"] => json!({ "roles": ROLES.iter().map(role).collect::<Vec<_>>() }),
        ["settings", "profiles"] => {
            json!({ "profiles": PROFILES.iter().map(profile).collect::<Vec<_>>() })
        }
        ["settings", "profiles", id] => match PROFILES.iter().find(|(own, _)| own == id) {
            Some(found) => json!({ "profiles": [detailed(found)] }),
            None => return Ok(Answer::empty(StatusCode::NO_CONTENT)),
        },
        ["settings", "modules"] => {
            let modules = call.product.modules.iter().enumerate();
            json!({ "modules": modules.map(|(nth, own)| own.shown(nth)).collect::<Vec<_>>() })
        }
        ["settings", "fields"] => fields(call)?,
        ["__features", "user_licenses"] => licences(core),
        _ => return Err(ApiError::url_pattern()),
    };
    Ok(Answer::json(StatusCode::OK, &body))
}

fn organization(core: &Core, kind: &str) -> Value {
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
        "type": kind,
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

fn fields(call: &Call<'_>) -> Result<Value, ApiError> {
    let Some(name) = call.request.parameter("module") else {
        return Err(ApiError::missing_parameter("module"));
    };
    let fields = call.product.module(name)?.fields.iter().enumerate();
    let shown: Vec<Value> = fields.map(|(nth, field)| field.shown(nth)).collect();
    Ok(json!({ "fields": shown }))
}
