//! `/v1/users`: all at once, without paging; `find`, `me` and one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::errors::{Problem, data, no_such_path, wrong_verb};
use super::{COMPANY_ID, local_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::faults::Fault;
use crate::paging;

/// Everything below `/v1/users`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    match rest {
        [] => Ok(list(core, request)),
        ["me"] => me(core),
        ["find"] => find(core, request),
        [id] => one(core, id),
        _ => Ok(no_such_path()),
    }
}

/// Who was deleted is not seen any more.
fn is_listed(user: &User) -> bool {
    user.state != UserState::Deleted
}

fn list(core: &Core, request: &ApiRequest) -> Answer {
    let directory = core.directory();
    let page = paging::page(request, directory.users(), is_listed, 0, usize::MAX);
    let mut rows: Vec<Value> = page.rows.iter().map(|user| row(user)).collect();
    if request.suffers(&Fault::IdType) {
        for row in &mut rows {
            row["id"] = json!(row["id"].to_string());
        }
    }
    data(StatusCode::OK, &json!(rows))
}

fn me(core: &Core) -> Result<Answer, Problem> {
    let directory = core.directory();
    let user = directory
        .connecting()
        .ok_or_else(|| Problem::not_found("User"))?;
    let mut row = row(user);
    row["company_id"] = json!(COMPANY_ID);
    row["company_name"] = json!("Northwind Support");
    row["company_domain"] = json!("northwind-support");
    row["company_country"] = json!("GB");
    row["company_industry"] = json!(null);
    row["language"] = json!({ "language_code": "en", "country_code": "GB" });
    Ok(data(StatusCode::OK, &row))
}

/// By name, or by e-mail address when that is asked for; part of either will do.
fn find(core: &Core, request: &ApiRequest) -> Result<Answer, Problem> {
    let term = request.parameter("term").unwrap_or_default().to_lowercase();
    if term.is_empty() {
        return Err(Problem::invalid("term is required"));
    }
    let by_email = matches!(request.parameter("search_by_email"), Some("1" | "true"));
    let directory = core.directory();
    let fits = |user: &&User| {
        let text = if by_email {
            user.email.to_lowercase()
        } else {
            user.full_name().to_lowercase()
        };
        is_listed(user) && text.contains(&term)
    };
    let rows: Vec<Value> = directory.users().iter().filter(fits).map(row).collect();
    Ok(data(StatusCode::OK, &json!(rows)))
}

fn one(core: &Core, id: &str) -> Result<Answer, Problem> {
    let directory = core.directory();
    let user = directory.find(id).filter(|user| is_listed(user));
    let user = user.ok_or_else(|| Problem::not_found("User"))?;
    Ok(data(StatusCode::OK, &row(user)))
}

fn row(user: &User) -> Value {
    let is_you = user.kind == UserKind::Connecting;
    let access = json!([
        { "app": "sales", "admin": is_you, "permission_set_id": "62cc4d7f-4038-4352-abf3-a8c1c822b631" },
        { "app": "global", "admin": is_you, "permission_set_id": "aef89f4b-9b30-4a8c-a0fd-2f5a1f1d3c20" },
        { "app": "account_settings", "admin": is_you, "permission_set_id": "59e1c1a4-5c6f-4a79-8a0f-6f7e8c9d0b1a" },
    ]);
    json!({
        "id": number(&user.id), "name": user.full_name(), "email": user.email,
        "default_currency": "GBP", "locale": user.locale, "lang": 1, "phone": user.phone,
        "activated": user.confirmed, "active_flag": user.is_active(), "is_deleted": false,
        "last_login": user.last_login.map(local_time), "created": local_time(user.created),
        "modified": local_time(user.modified), "has_created_company": is_you, "access": access,
        "timezone_name": "Europe/London", "timezone_offset": "+00:00", "role_id": 1,
        "icon_url": null, "is_you": is_you,
    })
}
