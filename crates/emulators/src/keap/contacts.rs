//! Contacts of API v2. Leads are contacts of another type.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::body::{Body, user_exists};
use super::errors::ApiError;
use super::lists::{Clause, List, date_time, narrowed, without_nulls};
use super::{digits, e164};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::{Contact, ContactChange, ContactKind, NewContact};
use crate::core::Core;
use crate::records::Record;

/// `GET /rest/v2/contacts`.
const LIST: List = List {
    member: "contacts",
    page_sizes: (0, 1000),
    filters: &[
        "email",
        "given_name",
        "family_name",
        "company_id",
        "contact_ids",
        "ids",
        "start_update_time",
        "end_update_time",
        "phone_number",
        "phone_fields",
    ],
    compared: &["contact_id"],
    orders: &["id", "create_time", "email", "update_time"],
};

/// What `fields` may name.
const FIELDS: &[&str] = &[
    "addresses",
    "anniversary_date",
    "birth_date",
    "company",
    "contact_type",
    "create_time",
    "custom_fields",
    "email_addresses",
    "family_name",
    "fax_numbers",
    "given_name",
    "id",
    "job_title",
    "leadsource_id",
    "links",
    "middle_name",
    "notes",
    "origin",
    "owner_id",
    "phone_numbers",
    "preferred_locale",
    "preferred_name",
    "prefix",
    "referral_code",
    "score_value",
    "social_accounts",
    "source_type",
    "spouse_name",
    "suffix",
    "tag_ids",
    "time_zone",
    "update_time",
    "utm_parameters",
    "website",
    "account_id",
    "assistant_name",
    "assistant_phone",
    "billing_information",
    "created_by",
    "groups",
    "last_updated_by",
];

/// What a row holds though nobody asked for it.
const SLIM: &[&str] = &["given_name", "family_name", "tag_ids"];

/// The slots of telephone numbers.
const PHONE_FIELDS: &[&str] = &["PHONE1", "PHONE2", "PHONE3", "PHONE4", "PHONE5"];

/// Owners that clients changed, by contact.
#[derive(Debug, Default)]
pub(crate) struct Owners(Mutex<HashMap<String, String>>);

impl Owners {
    fn set(&self, contact: &str, owner: String) {
        let mut owners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        owners.insert(contact.to_owned(), owner);
    }

    fn of(&self, contact: &Contact) -> Option<String> {
        let owners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = owners.get(&contact.id).cloned();
        changed.or_else(|| contact.owner.clone())
    }
}

/// The list.
pub(crate) fn list(core: &Core, owners: &Owners, request: &ApiRequest) -> Result<Answer, ApiError> {
    let filter = LIST.filter(request)?;
    let phone_fields = phone_fields(&filter)?;
    let order = LIST.order(request)?;
    // The fields asked for are checked even where no row is found.
    narrowed(json!({}), request, FIELDS, SLIM)?;
    let contacts = core.contacts();
    let mut found = Vec::new();
    for contact in contacts.all() {
        let mut meets_all = true;
        for clause in &filter {
            meets_all = meets_all && meets(contact, clause, &phone_fields)?;
        }
        if meets_all {
            found.push(contact);
        }
    }
    match order {
        Some(("email", _)) => found.sort_by(|a, b| a.email.cmp(&b.email)),
        Some(("create_time", _)) => found.sort_by_key(|contact| contact.created),
        Some(("update_time", _)) => found.sort_by_key(|contact| contact.modified),
        _ => {}
    }
    if order.is_some_and(|(_, descending)| descending) {
        found.reverse();
    }
    LIST.page(core, request, found, |contact| {
        let whole = row(contact, owners);
        narrowed(whole, request, FIELDS, SLIM).unwrap_or_default()
    })
}

/// A number is searched in the slots that are named, and only if any is.
fn phone_fields(filter: &[Clause]) -> Result<Vec<String>, ApiError> {
    let clause = |name: &str| filter.iter().find(|clause| clause.field == name);
    let fields: Vec<String> = clause("phone_fields")
        .map(|clause| clause.value.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    if let Some(wrong) = fields
        .iter()
        .find(|field| !PHONE_FIELDS.contains(&field.as_str()))
    {
        return Err(ApiError::invalid(format!("Unknown phone field '{wrong}'")));
    }
    if clause("phone_number").is_some() && fields.is_empty() {
        let message = "phone_fields is required when phone_number is supplied";
        return Err(ApiError::invalid(message));
    }
    Ok(fields)
}

fn meets(contact: &Contact, clause: &Clause, phone_fields: &[String]) -> Result<bool, ApiError> {
    let email = || contact.email.as_deref().unwrap_or_default();
    Ok(match clause.field.as_str() {
        "email" => clause.is_text(email()),
        "given_name" => clause.is_text(&contact.given),
        "family_name" => clause.is_text(&contact.family),
        "company_id" => clause.value == contact.company_id,
        "contact_ids" | "ids" => clause.lists(&contact.id),
        "contact_id" => clause.is_id(&contact.id)?,
        "start_update_time" => contact.modified >= clause.time()?,
        "end_update_time" => contact.modified <= clause.time()?,
        "phone_number" => has_number(contact, &clause.value, phone_fields)?,
        _ => true,
    })
}

/// Digits are compared with digits; a star at the end of at least three means *begins with*.
fn has_number(contact: &Contact, wanted: &str, fields: &[String]) -> Result<bool, ApiError> {
    let prefix = wanted.strip_suffix('*');
    let wanted = digits(wanted);
    if prefix.is_some() && wanted.len() < 3 {
        let message = "phone_number needs three digits before the wildcard";
        return Err(ApiError::invalid(message));
    }
    let slots = [("PHONE1", &contact.phone), ("PHONE2", &contact.mobile)];
    Ok(slots
        .iter()
        .filter(|(slot, _)| fields.iter().any(|field| field == slot))
        .filter_map(|(_, number)| number.as_deref())
        .any(|number| {
            let number = digits(number);
            if prefix.is_some() {
                number.starts_with(&wanted)
            } else {
                number == wanted
            }
        }))
}

fn row(contact: &Contact, owners: &Owners) -> Value {
    let phones = [
        ("PHONE1", "Work", &contact.phone),
        ("PHONE2", "Mobile", &contact.mobile),
    ];
    let phones: Vec<Value> = phones
        .iter()
        .filter_map(|(field, kind, number)| {
            let number = number.as_deref()?;
            let phone = json!({
                "field": field, "type": kind, "number": number, "number_e164": e164(number),
            });
            Some(without_nulls(phone))
        })
        .collect();
    let emails: Vec<Value> = contact
        .email
        .iter()
        .map(|email| json!({ "email": email, "field": "EMAIL1", "is_opt_in": false }))
        .collect();
    let kind = match contact.kind {
        ContactKind::Contact => "Customer",
        ContactKind::Lead => "Lead",
    };
    without_nulls(json!({
        "id": contact.id,
        "given_name": contact.given,
        "family_name": contact.family,
        "contact_type": kind,
        "company": { "id": contact.company_id, "company_name": contact.company },
        "email_addresses": emails,
        "phone_numbers": phones,
        "owner_id": owners.of(contact),
        "tag_ids": [],
        "create_time": date_time(contact.created),
        "update_time": date_time(contact.modified),
    }))
}

/// `GET /rest/v2/contacts/{id}`.
pub(crate) fn one(
    core: &Core,
    owners: &Owners,
    request: &ApiRequest,
    id: &str,
) -> Result<Answer, ApiError> {
    let contacts = core.contacts();
    let contact = contacts.find(id);
    let contact = contact.ok_or_else(|| ApiError::not_found("Contact", id))?;
    let row = narrowed(row(contact, owners), request, FIELDS, SLIM)?;
    Ok(Answer::json(StatusCode::OK, &row))
}

/// What a body says of a contact.
struct Written {
    given: Option<String>,
    family: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    company: Option<String>,
    owner: Option<String>,
}

impl Written {
    fn read(core: &Core, body: &Body) -> Result<Self, ApiError> {
        // A list that is given replaces the one there was, slots it does not name included.
        let slot = |list: &str, slot: &str, value: &str| -> Option<String> {
            let items = body.get(list)?.as_array().map_or(&[][..], Vec::as_slice);
            let item = items.iter().find(|item| item["field"] == slot);
            let text = item.and_then(|item| item[value].as_str());
            Some(text.unwrap_or_default().to_owned())
        };
        let name = |name: &str| -> Result<Option<String>, ApiError> {
            let given = body.get(name).map(|_| String::new());
            Ok(body.text(name)?.or(given))
        };
        let owner = body.id("owner_id")?;
        if let Some(owner) = &owner {
            user_exists(core, "owner_id", owner)?;
        }
        let company = body.get("company");
        Ok(Self {
            given: name("given_name")?,
            family: name("family_name")?,
            email: slot("email_addresses", "EMAIL1", "email"),
            phone: slot("phone_numbers", "PHONE1", "number"),
            mobile: slot("phone_numbers", "PHONE2", "number"),
            company: company
                .and_then(|company| company["company_name"].as_str())
                .map(str::to_owned),
            owner,
        })
    }
}

/// `POST /rest/v2/contacts`, with `duplicate_option` an upsert.
pub(crate) fn create(
    core: &Core,
    owners: &Owners,
    request: &ApiRequest,
) -> Result<Answer, ApiError> {
    let body = Body::read(request)?;
    let option = request.parameter("duplicate_option");
    let known = ["Email", "EmailAndName", "EmailAndNameAndCompany"];
    if option.is_some_and(|option| !known.contains(&option)) {
        return Err(ApiError::invalid("Invalid duplicate_option"));
    }
    let reachable = ["email_addresses", "phone_numbers", "addresses"];
    let has_any = |list: &&str| {
        body.get(list)
            .and_then(Value::as_array)
            .is_some_and(|l| !l.is_empty())
    };
    if !reachable.iter().any(has_any) {
        let message = "Contact must contain at least one item in email_addresses, phone_numbers, or addresses";
        return Err(ApiError::invalid(message));
    }
    let written = Written::read(core, &body)?;
    let twin = option.and_then(|option| duplicate(core, option, &written));
    match twin {
        Some(id) => save(core, owners, request, &id, written),
        None => add(core, owners, request, written),
    }
}

/// The contact that the body repeats, as the option compares.
fn duplicate(core: &Core, option: &str, written: &Written) -> Option<String> {
    let email = written.email.as_deref().filter(|text| !text.is_empty())?;
    let same =
        |ours: &str, theirs: Option<&str>| ours.eq_ignore_ascii_case(theirs.unwrap_or_default());
    let contacts = core.contacts();
    let mut all = contacts.all().iter();
    let twin = all.find(|contact| {
        let email_fits = same(contact.email.as_deref().unwrap_or_default(), Some(email));
        let name_fits = same(&contact.given, written.given.as_deref())
            && same(&contact.family, written.family.as_deref());
        let company_fits = same(&contact.company, written.company.as_deref());
        email_fits
            && (option == "Email" || name_fits)
            && (option != "EmailAndNameAndCompany" || company_fits)
    });
    twin.map(|contact| contact.id.clone())
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn add(
    core: &Core,
    owners: &Owners,
    request: &ApiRequest,
    written: Written,
) -> Result<Answer, ApiError> {
    let new = NewContact {
        given: written.given.unwrap_or_default(),
        family: written.family.unwrap_or_default(),
        email: filled(written.email),
        phone: filled(written.phone),
        mobile: filled(written.mobile),
        company: filled(written.company),
        owner: written.owner,
    };
    let contact = core.contacts().add(new, core.clock.now());
    remember(core, &contact, owners);
    let row = narrowed(row(&contact, owners), request, FIELDS, SLIM)?;
    Ok(Answer::json(StatusCode::CREATED, &row))
}

/// `PATCH /rest/v2/contacts/{id}`.
pub(crate) fn change(
    core: &Core,
    owners: &Owners,
    request: &ApiRequest,
    id: &str,
) -> Result<Answer, ApiError> {
    if core.contacts().find(id).is_none() {
        return Err(ApiError::not_found("Contact", id));
    }
    let body = Body::read(request)?.masked(request, FIELDS)?;
    let written = Written::read(core, &body)?;
    save(core, owners, request, id, written)
}

/// Changes what the body says; what it empties is emptied.
fn save(
    core: &Core,
    owners: &Owners,
    request: &ApiRequest,
    id: &str,
    written: Written,
) -> Result<Answer, ApiError> {
    let change = ContactChange {
        given: written.given,
        family: written.family,
        email: written.email,
        phone: written.phone,
        mobile: written.mobile,
    };
    if let Some(owner) = written.owner {
        owners.set(id, owner);
    }
    let changed = core.contacts().change(id, change, core.clock.now());
    let contact = changed.map_err(|_| ApiError::not_found("Contact", id))?;
    remember(core, &contact, owners);
    let row = narrowed(row(&contact, owners), request, FIELDS, SLIM)?;
    Ok(Answer::json(StatusCode::OK, &row))
}

/// Keeps what a client wrote among the records.
fn remember(core: &Core, contact: &Contact, owners: &Owners) {
    let mut records = core.records();
    let (fields, owner) = (row(contact, owners), owners.of(contact));
    if let Some(record) = records.find_mut("contact", &contact.id) {
        (record.fields, record.owner, record.modified) = (fields, owner, contact.modified);
        return;
    }
    records.add(Record {
        kind: "contact".to_owned(),
        id: contact.id.clone(),
        owner,
        fields,
        created: contact.created,
        modified: contact.modified,
    });
}

/// The fields there are, for `GET /rest/v2/contacts/model`.
pub(crate) fn model() -> Value {
    let mut model = Map::new();
    model.insert("custom_fields".to_owned(), json!([]));
    model.insert("optional_properties".to_owned(), json!(FIELDS));
    Value::Object(model)
}
