//! Owners, to whom records belong, and the users of the settings, who are the same people under
//! another number.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::errors::{Problem, no_such_path, wrong_verb};
use super::{date_time, position_of, user_number};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;
use crate::directory::{User, UserKind, UserState};
use crate::faults::{Fault, Place};
use crate::paging;

/// The most owners of a page.
const MOST: usize = 500;

/// Owners of a page when nobody says otherwise.
const USUAL: usize = 100;

/// Where a page starts and which one it is.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    from: usize,
    number: u32,
}

impl Cursor {
    const FIRST: Self = Self { from: 0, number: 1 };

    /// The cursor of a request; an error where it is none of ours.
    fn of(request: &ApiRequest) -> Result<Self, Problem> {
        let Some(after) = request.parameter("after").filter(|after| !after.is_empty()) else {
            return Ok(Self::FIRST);
        };
        Self::read(after).ok_or_else(|| {
            Problem::invalid(format!(
                "Invalid paging offset: {after} is not a valid cursor"
            ))
        })
    }

    fn read(text: &str) -> Option<Self> {
        let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let (from, number) = decoded.split_once('.')?;
        Some(Self {
            from: from.parse().ok()?,
            number: number.parse().ok()?,
        })
    }

    fn text(from: usize, number: u32) -> String {
        STANDARD.encode(format!("{from}.{number}"))
    }
}

/// A list of owners is a list of users; a page of the archived ones counts from 1 again.
pub(crate) fn place(request: &ApiRequest) -> Place {
    let page = Cursor::of(request).map_or(1, |cursor| cursor.number);
    Place::Users { page }
}

/// Whether an owner belongs to the half of the list that is asked for. Who was deleted is in
/// neither.
fn is_listed(user: &User, archived: bool) -> bool {
    match user.state {
        UserState::Active => !archived,
        UserState::Inactive => archived,
        UserState::Deleted => false,
    }
}

/// `GET …/owners` and `GET …/owners/{id}`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    match rest {
        [] => list(core, request),
        [id] => one(core, request, id),
        _ => Ok(no_such_path()),
    }
}

/// Whether the archived half is asked for: `true` and `false` in any case of letters.
pub(crate) fn archived(request: &ApiRequest) -> Result<bool, Problem> {
    let text = request.parameter("archived").unwrap_or("false");
    text.to_lowercase().parse().map_err(|_| {
        Problem::invalid(format!(
            "Unable to infer query parameter value: archived must be a boolean, not {text}"
        ))
    })
}

/// The page size of a request, within the vendor's bounds.
pub(crate) fn limit(request: &ApiRequest, usual: usize, most: usize) -> Result<usize, Problem> {
    let Some(text) = request.parameter("limit") else {
        return Ok(usual);
    };
    match text.parse() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Problem::invalid(format!(
            "Invalid query parameter value: limit must be between 1 and {most}, not {text}"
        ))),
    }
}

fn list(core: &Core, request: &ApiRequest) -> Result<Answer, Problem> {
    let archived = archived(request)?;
    let size = core.page_size(limit(request, USUAL, MOST)?);
    let cursor = Cursor::of(request)?;
    if request.suffers(&Fault::ExpiredCursor) && cursor.number > 1 {
        return Err(Problem::invalid(
            "Invalid paging offset: the cursor expired",
        ));
    }
    let email = request.parameter("email").filter(|email| !email.is_empty());
    let kept = |user: &User| {
        is_listed(user, archived)
            && email.is_none_or(|email| user.email.eq_ignore_ascii_case(email))
    };
    let directory = core.directory();
    let page = paging::page(request, directory.users(), kept, cursor.from, size);
    let mut results: Vec<Value> = page.rows.iter().map(|user| owner(user)).collect();
    if request.suffers(&Fault::IdType) {
        for result in &mut results {
            result["id"] = json!(result["id"].as_str().and_then(|id| id.parse::<u64>().ok()));
        }
    }
    let mut body = json!({ "results": results });
    if let Some((from, number)) = page.next_with_number(cursor.from, cursor.number) {
        let after = Cursor::text(from, number);
        let link = format!(
            "{}{}?after={after}&limit={size}",
            core.base_url, request.path
        );
        body["paging"] = json!({ "next": { "after": after, "link": link } });
    }
    Ok(Answer::json(StatusCode::OK, &body))
}

fn one(core: &Core, request: &ApiRequest, id: &str) -> Result<Answer, Problem> {
    let archived = archived(request)?;
    let directory = core.directory();
    let by_user = match request.parameter("idProperty") {
        None | Some("id") => false,
        Some("userId") => true,
        Some(other) => {
            let message = format!("Invalid idProperty: {other}; one of id, userId");
            return Err(Problem::invalid(message));
        }
    };
    let user = if by_user {
        let users = directory.users();
        let number = id.parse::<u64>().map_err(|_| Problem::not_found())?;
        users.iter().find(|user| user_number(&user.id) == number)
    } else {
        position_of(id).and_then(|position| directory.users().get(position))
    };
    match user.filter(|user| is_listed(user, archived)) {
        Some(user) => Ok(Answer::json(StatusCode::OK, &owner(user))),
        None => Err(Problem::not_found()),
    }
}

/// The user behind an owner's id, active or not.
pub(crate) fn find<'a>(users: &'a [User], id: &str) -> Option<&'a User> {
    let user = users.get(position_of(id)?)?;
    (user.state != UserState::Deleted).then_some(user)
}

fn owner(user: &User) -> Value {
    let archived = !user.is_active();
    let is_queue = user.kind == UserKind::SharedMailbox;
    let mut row = json!({
        "id": user.id,
        "type": if is_queue { "QUEUE" } else { "PERSON" },
        "firstName": user.given, "lastName": user.family,
        "archived": archived,
        "createdAt": date_time(user.created), "updatedAt": date_time(user.modified),
    });
    if !user.email.is_empty() {
        row["email"] = json!(user.email.to_lowercase());
    }
    if !is_queue {
        row["userIdIncludingInactive"] = json!(user_number(&user.id));
        if !archived {
            row["userId"] = json!(user_number(&user.id));
        }
    }
    if let Some(department) = &user.department {
        row["teams"] = json!([{ "id": team_id(department), "name": department, "primary": true }]);
    }
    row
}

/// A team's number follows from its name.
fn team_id(name: &str) -> String {
    let sum: usize = name.bytes().map(usize::from).sum();
    (178_000 + sum).to_string()
}

/// The users of the settings: list and one, by two spellings of the path.
pub(crate) fn settings(
    core: &Core,
    request: &ApiRequest,
    id: Option<&str>,
) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    let directory = core.directory();
    let users = directory.users();
    let Some(id) = id else {
        let size = core.page_size(limit(request, USUAL, USUAL)?);
        let cursor = Cursor::of(request)?;
        let page = paging::page(request, users, User::is_active, cursor.from, size);
        let results: Vec<Value> = page.rows.iter().map(|user| setting(user)).collect();
        let mut body = json!({ "results": results });
        if let Some((from, number)) = page.next_with_number(cursor.from, cursor.number) {
            body["paging"] = json!({ "next": { "after": Cursor::text(from, number) } });
        }
        return Ok(Answer::json(StatusCode::OK, &body));
    };
    let by_email = request.parameter("idProperty") == Some("EMAIL");
    let mut active = users.iter().filter(|user| user.is_active());
    let user = active.find(|user| {
        if by_email {
            user.email.eq_ignore_ascii_case(id)
        } else {
            user_number(&user.id).to_string() == id
        }
    });
    let user = user.ok_or_else(Problem::not_found)?;
    Ok(Answer::json(StatusCode::OK, &setting(user)))
}

fn setting(user: &User) -> Value {
    json!({
        "id": user_number(&user.id).to_string(),
        "email": user.email.to_lowercase(),
        "firstName": user.given, "lastName": user.family,
        "roleIds": [], "superAdmin": user.kind == UserKind::Connecting,
        "primaryTeamId": user.department.as_deref().map(team_id),
        "sendWelcomeEmail": false,
    })
}
