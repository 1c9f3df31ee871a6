//! Users, who are the platform's own people, and prospects.

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::errors::{Problem, no_such_path, wrong_verb};
use super::list::{self, Listed, document, narrowed};
use super::{guid, number};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::Contact;
use crate::core::Core;
use crate::directory::{User, UserState};

/// Users: what they can be filtered by, and how they look.
const USERS: Listed<User> = Listed {
    kind: "user",
    is_seen,
    filterable: &[
        "id",
        "createdAt",
        "currentSignInAt",
        "email",
        "firstName",
        "lastName",
        "locked",
        "updatedAt",
        "username",
    ],
    values: user_values,
    row: user,
};

/// Prospects: telephones cannot be filtered by.
const PROSPECTS: Listed<Contact> = Listed {
    kind: "prospect",
    is_seen: |_| true,
    filterable: &[
        "id",
        "createdAt",
        "emails",
        "firstName",
        "lastName",
        "q",
        "updatedAt",
    ],
    values: prospect_values,
    row: prospect,
};

/// A time as Outreach writes it.
pub(crate) fn date_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `/users` and one of them. Who was deleted is not seen any more.
pub(crate) fn users(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    let directory = core.directory();
    match rest {
        [] => list::answer(core, request, directory.users(), &USERS),
        [id] => {
            let found = directory.find(id).filter(|user| is_seen(user));
            let found = found.ok_or_else(|| Problem::not_found("user", id))?;
            let row = narrowed(user(found), request.parameter("fields[user]"));
            Ok(document(StatusCode::OK, &json!({ "data": row })))
        }
        _ => Ok(no_such_path()),
    }
}

fn is_seen(user: &User) -> bool {
    user.state != UserState::Deleted
}

fn user_values(user: &User, name: &str) -> Vec<String> {
    let value = match name {
        "id" => Some(user.id.clone()),
        "createdAt" => Some(date_time(user.created)),
        "updatedAt" => Some(date_time(user.modified)),
        "currentSignInAt" => user.last_login.map(date_time),
        "email" => Some(user.email.clone()),
        "firstName" => Some(user.given.clone()),
        "lastName" => Some(user.family.clone()),
        "username" => Some(user.username.clone()),
        "locked" => Some((!user.is_active()).to_string()),
        _ => None,
    };
    value.into_iter().collect()
}

/// A user as a resource object. Nothing tells a program's user from a person.
pub(crate) fn user(user: &User) -> Value {
    json!({
        "type": "user",
        "id": number(&user.id),
        "attributes": {
            "email": user.email, "firstName": user.given, "lastName": user.family,
            "name": user.full_name(), "username": user.username, "locked": !user.is_active(),
            "phoneNumber": user.phone, "bridgePhone": user.phone,
            "bridgePhoneExtension": user.extension, "title": user.title,
            "userGuid": guid(&user.id), "scimExternalId": user.employee_number,
            "scimSource": null, "currentSignInAt": user.last_login.map(date_time),
            "createdAt": date_time(user.created), "updatedAt": date_time(user.modified),
        },
        "relationships": {
            "role": { "data": null },
            "profile": { "data": { "type": "profile", "id": 1 } },
            "teams": { "links": { "related": format!("/api/v2/teams?filter[users][id]={}", user.id) } },
        },
        "links": { "self": format!("/api/v2/users/{}", user.id) },
    })
}

/// `/prospects` and one of them.
pub(crate) fn prospects(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    let contacts = core.contacts();
    match rest {
        [] => list::answer(core, request, contacts.all(), &PROSPECTS),
        [id] => {
            let found = contacts.find(id);
            let found = found.ok_or_else(|| Problem::not_found("prospect", id))?;
            let row = narrowed(prospect(found), request.parameter("fields[prospect]"));
            Ok(document(StatusCode::OK, &json!({ "data": row })))
        }
        _ => Ok(no_such_path()),
    }
}

fn prospect_values(contact: &Contact, name: &str) -> Vec<String> {
    let one = |value: &str| vec![value.to_owned()];
    match name {
        "id" => one(&contact.id),
        "createdAt" => one(&date_time(contact.created)),
        "updatedAt" => one(&date_time(contact.modified)),
        "firstName" => one(&contact.given),
        "lastName" => one(&contact.family),
        "emails" => contact.email.iter().cloned().collect(),
        "q" => beginnings(contact),
        _ => Vec::new(),
    }
}

/// What `filter[q]` finds somebody by: the beginning of a name or an address, from the first
/// letter on.
fn beginnings(contact: &Contact) -> Vec<String> {
    let texts = [
        Some(&contact.given),
        Some(&contact.family),
        contact.email.as_ref(),
    ];
    let name = contact.full_name();
    let texts = texts.into_iter().flatten().chain([&name]);
    texts
        .flat_map(|text| {
            let ends = text
                .char_indices()
                .map(|(at, letter)| at + letter.len_utf8());
            ends.map(|end| text[..end].to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

/// A prospect as a resource object.
pub(crate) fn prospect(contact: &Contact) -> Value {
    let list = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let owner = contact.owner.as_deref().map(number);
    json!({
        "type": "prospect",
        "id": number(&contact.id),
        "attributes": {
            "firstName": contact.given, "lastName": contact.family, "name": contact.full_name(),
            "emails": list(&contact.email), "workPhones": list(&contact.phone),
            "mobilePhones": list(&contact.mobile), "homePhones": [], "voipPhones": [],
            "otherPhones": [], "company": contact.company, "externalSource": null,
            "createdAt": date_time(contact.created), "updatedAt": date_time(contact.modified),
        },
        "relationships": {
            "owner": { "data": owner.map(|id| json!({ "type": "user", "id": id })) },
            "account": { "data": { "type": "account", "id": number(&contact.company_id) } },
        },
        "links": { "self": format!("/api/v2/prospects/{}", contact.id) },
    })
}
