//! `users`.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::errors::ApiError;
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::faults::Fault;

/// Users of a page at most, and unless fewer are asked for.
const PAGE: usize = 200;

/// Profiles: id and name.
pub(crate) const PROFILES: &[(&str, &str)] = &[
    ("5843104000000026011", "Administrator"),
    ("5843104000000026014", "Standard"),
    ("5843104000000412001", "API Access"),
];

/// Roles: id and name.
pub(crate) const ROLES: &[(&str, &str)] = &[
    ("5843104000000026005", "CEO"),
    ("5843104000000026008", "Manager"),
    ("5843104000000413002", "Agent"),
];

/// `GET /users`.
pub(crate) fn list(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let kind = request.parameter("type").unwrap_or("AllUsers");
    let page = number(request, "page", 1)?;
    let asked = number(request, "per_page", PAGE)?;
    if asked > PAGE {
        return Err(ApiError::invalid_data("per_page", "integer, at most 200"));
    }
    let since = request
        .header("if-modified-since")
        .map(instant)
        .transpose()?;
    let directory = core.directory();
    let mut found: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| since.is_none_or(|since| user.modified > since))
        .map(|user| is_of_type(user, kind).map(|is| is.then_some(user)))
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    if request.suffers(&Fault::EmptyList) {
        found.clear();
    }
    if request.suffers(&Fault::HalfPages) {
        found.truncate(found.len() / 2);
    }
    if found.is_empty() {
        let unchanged = since.is_some() && !request.suffers(&Fault::EmptyList);
        let status = if unchanged {
            StatusCode::NOT_MODIFIED
        } else {
            StatusCode::NO_CONTENT
        };
        return Ok(Answer::empty(status));
    }
    let mut size = core.page_size(asked);
    if request.suffers(&Fault::ShortPages) {
        size = (size / 2).max(1);
    }
    Ok(show(
        request,
        directory.connecting(),
        &found,
        &Page {
            number: page,
            size,
            asked,
        },
    ))
}

/// Which page, how many rows it holds, how many were asked for.
struct Page {
    number: usize,
    size: usize,
    asked: usize,
}

fn show(request: &ApiRequest, maker: Option<&User>, found: &[&User], page: &Page) -> Answer {
    let size = page.size;
    let repeated = request.suffers(&Fault::RepeatedCursor);
    // A page counter has no cursor; what it can do is to be answered with the first page for good.
    let from = if repeated {
        0
    } else {
        (page.number - 1).saturating_mul(size)
    };
    let mut rows: Vec<Value> = found
        .iter()
        .skip(from)
        .take(size)
        .map(|user| record(user, maker))
        .collect();
    if rows.is_empty() {
        return Answer::empty(StatusCode::NO_CONTENT);
    }
    let count = rows.len();
    let mut more = repeated || from + size < found.len();
    if request.suffers(&Fault::TruncatedList) {
        rows.truncate(count / 2);
        more = false;
    }
    if request.suffers(&Fault::IdType) {
        number_ids(&mut rows);
    }
    let body = json!({
        "users": rows,
        "info": { "per_page": page.asked, "count": count, "page": page.number, "more_records": more },
    });
    Answer::json(StatusCode::OK, &body)
}

/// `GET /users/{id}`.
pub(crate) fn one(core: &Core, id: &str) -> Answer {
    let directory = core.directory();
    match directory.find(id) {
        None => Answer::empty(StatusCode::NO_CONTENT),
        Some(user) => {
            let body = json!({ "users": [record(user, directory.connecting())] });
            Answer::json(StatusCode::OK, &body)
        }
    }
}

/// Whether `type` asks for this user.
fn is_of_type(user: &User, kind: &str) -> Result<bool, ApiError> {
    let deleted = user.state == UserState::Deleted;
    let (active, admin) = (user.is_active(), profile(user) == 0);
    Ok(match kind {
        "AllUsers" => !deleted,
        "ActiveUsers" | "AllActiveUsers" => active,
        // The vendor's spelling.
        "DeactiveUsers" => user.state == UserState::Inactive,
        "ConfirmedUsers" => !deleted && user.confirmed,
        "NotConfirmedUsers" => !deleted && !user.confirmed,
        "DeletedUsers" => deleted,
        "ActiveConfirmedUsers" => active && user.confirmed,
        "AdminUsers" => !deleted && admin,
        "ActiveConfirmedAdmins" => active && user.confirmed && admin,
        "CurrentUser" => user.kind == UserKind::Connecting,
        "DeveloperUsers" => false,
        "ActiveLiteUser" => active && type_name(user) == "Lite User",
        _ => return Err(ApiError::invalid_data("type", "one of the user types")),
    })
}

pub(crate) fn number(
    request: &ApiRequest,
    name: &str,
    otherwise: usize,
) -> Result<usize, ApiError> {
    match request.parameter(name) {
        None => Ok(otherwise),
        Some(text) => match text.parse() {
            Ok(0) | Err(_) => Err(ApiError::invalid_data(name, "integer")),
            Ok(number) => Ok(number),
        },
    }
}

/// The time of `If-Modified-Since`, which Zoho wants in ISO 8601 with an offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, ApiError> {
    text.parse()
        .map_err(|_| ApiError::invalid_data("If-Modified-Since", "datetime"))
}

/// A time in the organization's zone, which has no summer time.
pub(crate) fn date_time(time: Timestamp) -> String {
    let india = TimeZone::fixed(Offset::from_seconds(19_800).unwrap_or(Offset::UTC));
    time.to_zoned(india)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

fn profile(user: &User) -> usize {
    match user.kind {
        UserKind::Connecting | UserKind::Integration | UserKind::Automated => 2,
        _ if user
            .title
            .as_deref()
            .is_some_and(|title| title.contains("Manager")) =>
        {
            0
        }
        _ => 1,
    }
}

fn role(user: &User) -> usize {
    match (user.kind, profile(user)) {
        (UserKind::Person, 0) => 1,
        (UserKind::Person, _) => 2,
        _ => 0,
    }
}

fn type_name(user: &User) -> &'static str {
    match user.kind {
        UserKind::Social | UserKind::Guest => "Lite User",
        UserKind::Portal => "Client Portal User",
        UserKind::Automated => "System User",
        _ => "Regular User",
    }
}

/// `inactive`; somebody who closed the Zoho account themselves is `closed`, and organizations
/// that came from an older edition still have `disabled` ones.
fn status(user: &User) -> &'static str {
    match user.state {
        UserState::Active => "active",
        UserState::Deleted => "deleted",
        UserState::Inactive => match user.id.bytes().rev().nth(3) {
            Some(b'7') => "closed",
            Some(b'3') => "disabled",
            _ => "inactive",
        },
    }
}

fn named(row: &(&str, &str)) -> Value {
    json!({ "name": row.1, "id": row.0 })
}

/// A user as the API shows it.
pub(crate) fn record(user: &User, maker: Option<&User>) -> Value {
    let maker = maker.map(|maker| json!({ "name": maker.full_name(), "id": maker.id }));
    let type_name = type_name(user);
    let country = user.locale.split('_').nth(1).unwrap_or("GB").to_lowercase();
    json!({
        "id": user.id,
        "zuid": zuid(user),
        "first_name": Some(&user.given).filter(|given| !given.is_empty()),
        "last_name": user.family,
        "full_name": user.full_name(),
        "email": user.email,
        "alias": user.nickname,
        "status": status(user),
        "status_reason__s": null,
        "confirm": user.confirmed,
        "type__s": type_name,
        "category": type_name.to_lowercase().replace(' ', "_"),
        "profile": named(&PROFILES[profile(user)]),
        "role": named(&ROLES[role(user)]),
        "Reporting_To": null,
        "phone": user.phone,
        "mobile": user.mobile,
        "fax": null,
        "website": null,
        "dob": null,
        "street": null,
        "city": null,
        "state": null,
        "zip": null,
        "country": country,
        "language": user.locale,
        "locale": user.locale,
        "country_locale": user.locale,
        "time_zone": "Asia/Kolkata",
        "offset": 19_800_000,
        "microsoft": false,
        "sandboxDeveloper": false,
        "personal_account": false,
        "Isonline": user.is_active() && user.last_login.is_some(),
        "created_time": date_time(user.created),
        "created_by": maker,
        "Modified_Time": date_time(user.modified),
        "Modified_By": maker,
        "Source__s": null,
    })
}

/// The id of the Zoho account behind the CRM user: another id, not the CRM's.
pub(crate) fn zuid(user: &User) -> Option<String> {
    let digits: u64 = user.id.parse().ok()?;
    user.confirmed
        .then(|| (694_000_000 + digits % 1_000_000_007 % 5_000_000).to_string())
}

pub(crate) fn number_ids(rows: &mut [Value]) {
    for row in rows {
        if let Some(number) = row["id"].as_str().and_then(|id| id.parse::<u64>().ok()) {
            row["id"] = json!(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_in_the_organizations_zone() {
        let time: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(date_time(time), "2026-01-01T05:30:00+05:30");
    }
}
