//! Contacts and their accounts: one, a list, and the search, which takes `*` for anything.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Call;
use super::errors::ApiError;
use super::input::{date_time, page, range, span};
use crate::answer::Answer;
use crate::contacts::Contact;

/// How far into the results a search reaches.
const REACH: usize = 4_999;

pub(super) fn answer(call: &Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method());
    }
    let contacts = call.core().contacts();
    match rest {
        ["contacts"] => {
            let span = span(call.request, 10, 100)?;
            let mut all: Vec<&Contact> = contacts.all().iter().collect();
            match call.request.parameter("sortBy") {
                None => {}
                Some("modifiedTime") => all.sort_by_key(|contact| contact.modified),
                Some("-modifiedTime") => {
                    all.sort_by_key(|contact| std::cmp::Reverse(contact.modified));
                }
                Some("createdTime") => all.sort_by_key(|contact| contact.created),
                Some(_) => return Err(ApiError::invalid("sortBy")),
            }
            Ok(page(call, span, &all, |contact| shown(contact)))
        }
        ["contacts", "search"] => search(call, contacts.all()),
        ["contacts", id] => match contacts.find(id) {
            Some(contact) => Ok(Answer::json(StatusCode::OK, &shown(contact))),
            None => Err(ApiError::no_record()),
        },
        ["accounts"] | ["accounts", _] => accounts(call, rest.get(1).copied(), contacts.all()),
        _ => Err(ApiError::not_found()),
    }
}

fn search(call: &Call<'_>, all: &[Contact]) -> Result<Answer, ApiError> {
    let request = call.request;
    let span = span(request, 10, 100)?;
    if span.from > REACH {
        return Err(ApiError::invalid("from"));
    }
    let changed = request
        .parameter("modifiedTimeRange")
        .map(|text| range(text, "modifiedTimeRange"))
        .transpose()?;
    let names = [
        "phone",
        "mobile",
        "email",
        "firstName",
        "lastName",
        "fullName",
        "_all",
    ];
    let wanted: Vec<(&str, String)> = names
        .iter()
        .filter_map(|name| Some((*name, request.parameter(name)?.to_lowercase())))
        .collect();
    if wanted.is_empty() && changed.is_none() {
        return Err(ApiError::missing("_all"));
    }
    let found: Vec<&Contact> = all
        .iter()
        .filter(|contact| {
            changed.is_none_or(|(from, to)| contact.modified >= from && contact.modified <= to)
        })
        .filter(|contact| wanted.iter().all(|(name, text)| fits(contact, name, text)))
        .collect();
    if found.is_empty() {
        return Ok(Answer::empty(StatusCode::NO_CONTENT));
    }
    let size = call.core().page_size(span.limit);
    let rows: Vec<Value> = found
        .iter()
        .skip(span.from)
        .take(size)
        .map(|contact| shown(contact))
        .collect();
    let body = json!({ "data": rows, "count": found.len() });
    Ok(Answer::json(StatusCode::OK, &body))
}

fn fits(contact: &Contact, name: &str, text: &str) -> bool {
    let full = contact.full_name();
    let own = |field: &Option<String>| field.clone().unwrap_or_default();
    let is = |value: &str| matches(&value.to_lowercase(), text);
    match name {
        "phone" => is(&own(&contact.phone)),
        "mobile" => is(&own(&contact.mobile)),
        "email" => is(&own(&contact.email)),
        "firstName" => is(&contact.given),
        "lastName" => is(&contact.family),
        "fullName" => is(&full),
        _ => [
            own(&contact.phone),
            own(&contact.mobile),
            own(&contact.email),
            full,
        ]
        .iter()
        .any(|value| value.to_lowercase().contains(text.trim_matches('*'))),
    }
}

/// A value against a text with `*` at either end.
pub(super) fn matches(value: &str, text: &str) -> bool {
    match (text.strip_prefix('*'), text.strip_suffix('*')) {
        (Some(_), Some(_)) => value.contains(text.trim_matches('*')),
        (Some(end), None) => value.ends_with(end),
        (None, Some(start)) => value.starts_with(start),
        (None, None) => value == text,
    }
}

fn accounts(call: &Call<'_>, id: Option<&str>, all: &[Contact]) -> Result<Answer, ApiError> {
    let mut seen = HashSet::new();
    let first = all
        .iter()
        .filter(|contact| seen.insert(contact.company_id.as_str()));
    let account = |contact: &Contact| {
        json!({
            "id": contact.company_id, "accountName": contact.company, "phone": contact.phone,
            "ownerId": contact.owner, "website": null, "createdTime": date_time(contact.created),
            "modifiedTime": date_time(contact.modified),
        })
    };
    let first: Vec<&Contact> = first.collect();
    match id {
        None => {
            let span = span(call.request, 10, 100)?;
            Ok(page(call, span, &first, |contact| account(contact)))
        }
        Some(id) => first
            .iter()
            .find(|contact| contact.company_id == id)
            .map(|contact| Answer::json(StatusCode::OK, &account(contact)))
            .ok_or_else(ApiError::no_record),
    }
}

/// A contact as the API shows it.
pub(super) fn shown(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "firstName": Some(&contact.given).filter(|given| !given.is_empty()),
        "lastName": contact.family,
        "email": contact.email,
        "secondaryEmail": null,
        "phone": contact.phone,
        "mobile": contact.mobile,
        "accountId": contact.company_id,
        "ownerId": contact.owner,
        "type": null,
        "isTrashed": false,
        "isSpam": false,
        "createdTime": date_time(contact.created),
        "modifiedTime": date_time(contact.modified),
        "cf": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_at_that_end() {
        assert!(matches("020 7946", "020 7946"));
        assert!(!matches("020 7946", "7946"));
        assert!(matches("020 7946", "*7946"));
        assert!(matches("020 7946", "020*"));
        assert!(matches("020 7946", "*0 7*"));
    }
}
