//! Prospects' telephone numbers, which are records of their own and can be filtered by.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::errors::{Problem, no_such_path, wrong_verb};
use super::list::{self, Listed, document};
use super::number;
use crate::answer::{Answer, ApiRequest};
use crate::contacts::Contact;
use crate::core::Core;

/// The calling code of the customer's own country, for numbers typed without one.
const HOME: &str = "44";

/// A number of a prospect.
#[derive(Debug)]
struct PhoneNumber {
    id: String,
    prospect: String,
    typed: String,
    kind: &'static str,
}

const NUMBERS: Listed<PhoneNumber> = Listed {
    kind: "phoneNumber",
    is_seen: |_| true,
    filterable: &["id", "number", "phoneType"],
    values: |one, name| match name {
        "id" => vec![one.id.clone()],
        "number" => vec![formatted(&one.typed)],
        "phoneType" => vec![one.kind.to_owned()],
        _ => Vec::new(),
    },
    row,
};

/// `/phoneNumbers` and one of them.
pub(crate) fn answer(core: &Core, request: &ApiRequest, rest: &[&str]) -> Result<Answer, Problem> {
    if request.method != Method::GET {
        return Ok(wrong_verb());
    }
    let all: Vec<_> = core.contacts().all().iter().flat_map(of).collect();
    match rest {
        [] => list::answer(core, request, &all, &NUMBERS),
        [id] => {
            let found = all.iter().find(|one| one.id == *id);
            let found = found.ok_or_else(|| Problem::not_found("phoneNumber", id))?;
            Ok(document(StatusCode::OK, &json!({ "data": row(found) })))
        }
        _ => Ok(no_such_path()),
    }
}

/// The numbers of a prospect: two for each, whether there is one or not, so that ids stay.
fn of(contact: &Contact) -> impl Iterator<Item = PhoneNumber> {
    let nth = number(&contact.id).unwrap_or(0) * 2;
    let both = [
        (nth, &contact.phone, "work"),
        (nth + 1, &contact.mobile, "mobile"),
    ];
    both.into_iter().filter_map(|(id, typed, kind)| {
        Some(PhoneNumber {
            id: id.to_string(),
            prospect: contact.id.clone(),
            typed: typed.clone()?,
            kind,
        })
    })
}

fn row(one: &PhoneNumber) -> Value {
    json!({
        "type": "phoneNumber", "id": number(&one.id),
        "attributes": {
            "number": formatted(&one.typed), "rawNumber": one.typed, "phoneType": one.kind,
            "countryCode": "GB", "extension": null, "order": 0, "status": null,
        },
        "relationships": {
            "prospect": { "data": { "type": "prospect", "id": number(&one.prospect) } },
        },
    })
}

/// With the country's code and nothing between the digits.
fn formatted(typed: &str) -> String {
    let plain = typed.replace("(0)", "");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('0') {
        Some(national) if !plain.trim_start().starts_with('+') => format!("+{HOME}{national}"),
        _ => format!("+{digits}"),
    }
}
