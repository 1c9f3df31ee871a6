//! Customers with their telephones, the contact of each, leads, and what knows a caller.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::errors::ApiError;
use super::pages::page;
use super::{date_time, digits, number};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, ContactKind, NewContact};
use crate::core::Core;
use crate::records::Record;

/// By how much the id of a contact is above that of its customer.
const CONTACT_OFFSET: u64 = 20_000_000;

fn is_customer(contact: &Contact) -> bool {
    contact.kind == ContactKind::Contact
}

/// The numbers of a customer as they are kept: digits only.
fn phones(contact: &Contact) -> Vec<(&'static str, String)> {
    let phones = [("Phone", &contact.phone), ("Mobile", &contact.mobile)];
    phones
        .iter()
        .filter_map(|(label, typed)| Some((*label, digits(typed.as_deref()?))))
        .collect()
}

fn phone_rows(contact: &Contact) -> Vec<Value> {
    let id = number(&contact.id);
    let row = |(nth, (label, digits)): (usize, (&str, String))| {
        json!({
            "id": id * 10 + nth as u64, "label": label, "number": digits,
            "customer_id": id, "extension": null,
        })
    };
    phones(contact).into_iter().enumerate().map(row).collect()
}

/// The name a customer is listed under.
pub(crate) fn business_then_name(contact: &Contact) -> String {
    format!("{} - {}", contact.company, contact.full_name())
}

/// A customer as it is shown.
pub(crate) fn row(contact: &Contact) -> Value {
    json!({
        "id": number(&contact.id),
        "firstname": contact.given,
        "lastname": contact.family,
        "fullname": contact.full_name(),
        "business_name": contact.company,
        "business_and_full_name": business_then_name(contact),
        "business_then_name": business_then_name(contact),
        "email": contact.email,
        "phone": contact.phone.as_deref().map(digits),
        "mobile": contact.mobile.as_deref().map(digits),
        "created_at": date_time(contact.created),
        "updated_at": date_time(contact.modified),
        "address": null,
        "city": null,
        "zip": null,
        "notes": null,
        "get_sms": false,
        "disabled": false,
        "no_email": false,
        "properties": {},
        "contacts": [contact_row(contact)],
    })
}

fn contact_row(contact: &Contact) -> Value {
    json!({
        "id": number(&contact.id) + CONTACT_OFFSET,
        "name": contact.full_name(),
        "address1": null,
        "email": contact.email,
        "phone": contact.phone.as_deref().map(digits),
        "mobile": contact.mobile.as_deref().map(digits),
        "extension": null,
        "customer_id": number(&contact.id),
        "properties": {},
        "created_at": date_time(contact.created),
        "updated_at": date_time(contact.modified),
    })
}

/// Whether name, business, address or a kept number holds the text. The text is taken as it is:
/// a number with blanks finds nothing.
fn holds(contact: &Contact, wanted: &str) -> bool {
    let email = contact.email.as_deref().unwrap_or_default();
    let texts = [&contact.full_name(), &contact.company, email];
    let wanted = wanted.to_lowercase();
    texts
        .iter()
        .any(|text| text.to_lowercase().contains(&wanted))
        || phones(contact)
            .iter()
            .any(|(_, digits)| digits.contains(&wanted))
}

/// The requests below `/customers`.
pub(crate) fn answer(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
    body: &Value,
) -> Result<Answer, ApiError> {
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(list(core, request)),
        ("POST", []) => create(core, body),
        ("GET", ["autocomplete"]) => Ok(autocomplete(core, request)),
        ("GET", ["latest"]) => {
            let contacts = core.contacts();
            let latest = contacts.all().iter().filter(|contact| is_customer(contact));
            let latest = latest.max_by_key(|contact| contact.created);
            let body = json!({ "customer": latest.map(row) });
            Ok(Answer::json(StatusCode::OK, &body))
        }
        ("GET", [id]) => {
            let row = with_customer(core, id, row)?;
            Ok(Answer::json(StatusCode::OK, &json!({ "customer": row })))
        }
        ("GET", [id, "phones"]) => {
            let phones = with_customer(core, id, phone_rows)?;
            Ok(Answer::json(StatusCode::OK, &json!({ "phones": phones })))
        }
        _ => Err(ApiError::not_found()),
    }
}

/// What is asked of the customer of this id.
pub(crate) fn with_customer<T>(
    core: &Core,
    id: &str,
    ask: impl Fn(&Contact) -> T,
) -> Result<T, ApiError> {
    let contacts = core.contacts();
    let customer = contacts.find(id).filter(|contact| is_customer(contact));
    customer.map(ask).ok_or_else(ApiError::not_found)
}

/// `GET /customers`: by a query over everything, by single fields, newest change first on wish.
fn list(core: &Core, request: &ApiRequest) -> Answer {
    let given = |name: &str| {
        let text = request.parameter(name).filter(|text| !text.is_empty())?;
        Some(text.to_lowercase())
    };
    let fits =
        |name: &str, value: &str| given(name).is_none_or(|wanted| value.to_lowercase() == wanted);
    let query = given("query");
    let contacts = core.contacts();
    let mut found: Vec<&Contact> = contacts
        .all()
        .iter()
        .filter(|contact| is_customer(contact))
        .filter(|contact| query.as_deref().is_none_or(|query| holds(contact, query)))
        .filter(|contact| {
            fits("email", contact.email.as_deref().unwrap_or_default())
                && fits("business_name", &contact.company)
                && fits("firstname", &contact.given)
                && fits("lastname", &contact.family)
        })
        .collect();
    match request.parameter("sort") {
        Some("updated_at DESC") => {
            found.sort_by_key(|contact| std::cmp::Reverse(contact.modified));
        }
        Some("updated_at ASC") => found.sort_by_key(|contact| contact.modified),
        _ => {}
    }
    page(core, request, "customers", 25, found, |contact| {
        row(contact)
    })
}

fn autocomplete(core: &Core, request: &ApiRequest) -> Answer {
    let query = request.parameter("query").unwrap_or_default();
    let contacts = core.contacts();
    let found = contacts.all().iter().filter(|contact| is_customer(contact));
    let found = found.filter(|contact| holds(contact, query)).take(25);
    let rows: Vec<Value> = found
        .map(|contact| {
            json!({
                "id": number(&contact.id), "business_then_name": business_then_name(contact),
                "business_and_full_name": business_then_name(contact),
            })
        })
        .collect();
    Answer::json(StatusCode::OK, &json!({ "customers": rows }))
}

fn create(core: &Core, body: &Value) -> Result<Answer, ApiError> {
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
    let name = text("business_name")
        .or(text("firstname"))
        .or(text("lastname"));
    if name.is_none() {
        let message = "Firstname can't be blank".to_owned();
        return Err(ApiError::unsaved(&[message]));
    }
    let owned = |name: &str| text(name).map(str::to_owned);
    let new = NewContact {
        given: owned("firstname").unwrap_or_default(),
        family: owned("lastname").unwrap_or_default(),
        email: owned("email"),
        phone: owned("phone"),
        mobile: owned("mobile"),
        company: owned("business_name"),
        owner: None,
    };
    let contact = core.contacts().add(new, core.clock.now());
    let row = row(&contact);
    core.records().add(Record {
        kind: "customer".to_owned(),
        id: contact.id.clone(),
        owner: None,
        fields: row.clone(),
        created: contact.created,
        modified: contact.modified,
    });
    Ok(Answer::json(StatusCode::OK, &json!({ "customer": row })))
}

/// `GET /contacts` and `GET /contacts/{id}`.
pub(crate) fn contacts(
    core: &Core,
    request: &ApiRequest,
    rest: &[&str],
) -> Result<Answer, ApiError> {
    let contacts = core.contacts();
    match rest {
        [] => {
            let customer = request.parameter("customer_id");
            let found = contacts.all().iter().filter(|contact| is_customer(contact));
            let found = found
                .filter(|contact| customer.is_none_or(|id| id == contact.id))
                .collect();
            Ok(page(core, request, "contacts", 50, found, |contact| {
                contact_row(contact)
            }))
        }
        [id] => {
            let id = number(id).checked_sub(CONTACT_OFFSET);
            let id = id.ok_or_else(ApiError::not_found)?.to_string();
            let found = contacts.find(&id).filter(|contact| is_customer(contact));
            let found = found.ok_or_else(ApiError::not_found)?;
            Ok(Answer::json(StatusCode::OK, &contact_row(found)))
        }
        _ => Err(ApiError::not_found()),
    }
}

/// `GET /leads`.
pub(crate) fn leads(core: &Core, request: &ApiRequest) -> Answer {
    let contacts = core.contacts();
    let leads = contacts.all().iter();
    let leads = leads.filter(|contact| !is_customer(contact)).collect();
    page(core, request, "leads", 25, leads, |lead| {
        json!({
            "id": number(&lead.id),
            "first_name": lead.given,
            "last_name": lead.family,
            "business_name": lead.company,
            "email": lead.email,
            "phone": lead.phone.as_deref().map(digits),
            "mobile": lead.mobile.as_deref().map(digits),
            "customer_id": null,
            "user_id": lead.owner.as_deref().map(number),
            "status": "New",
            "disabled": false,
            "converted": false,
            "created_at": date_time(lead.created),
            "updated_at": date_time(lead.modified),
        })
    })
}

/// `GET /search?query=…`, over everything; customers are what it finds here.
pub(crate) fn search(core: &Core, request: &ApiRequest) -> Answer {
    let query = request.parameter("query").unwrap_or_default();
    let contacts = core.contacts();
    let found = contacts.all().iter().filter(|contact| is_customer(contact));
    let results: Vec<Value> = found
        .filter(|contact| !query.is_empty() && holds(contact, query))
        .take(25)
        .map(|contact| {
            let source = json!({
                "firstname": contact.given, "lastname": contact.family, "email": contact.email,
                "business_name": contact.company, "phones": phone_rows(contact),
            });
            json!({ "table": {
                "_id": number(&contact.id), "_type": "customer", "_index": "customers",
                "_source": { "table": source },
            } })
        })
        .collect();
    let body = json!({ "quick_result": null, "results": results, "error": null });
    Answer::json(StatusCode::OK, &body)
}

/// `GET /callerid?did=…`: the caller's name by the last ten digits, and no id.
pub(crate) fn caller(core: &Core, request: &ApiRequest) -> Result<Answer, ApiError> {
    let tail = |number: &str| {
        let digits = digits(number);
        digits[digits.len().saturating_sub(10)..].to_owned()
    };
    let wanted = tail(request.parameter("did").unwrap_or_default());
    if wanted.is_empty() {
        return Err(ApiError::required("Did"));
    }
    let contacts = core.contacts();
    let mut all = contacts.all().iter().filter(|contact| is_customer(contact));
    let found = all.find(|contact| {
        let mut numbers = phones(contact).into_iter();
        numbers.any(|(_, number)| tail(&number) == wanted)
    });
    let name = found.map(Contact::full_name);
    drop(contacts);
    let body = json!({ "data": { "name": name, "ticket_status": null } });
    Ok(Answer::json(StatusCode::OK, &body))
}
