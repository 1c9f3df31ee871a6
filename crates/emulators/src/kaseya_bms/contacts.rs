//! Accounts and their contacts.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::envelope::{failure, no_method, not_found, success};
use super::page::{Page, parameter, typed};
use super::{date_time, number};
use crate::answer::{Answer, ApiRequest};
use crate::contacts::Contact;
use crate::core::Core;

/// `/v2/crm/…`.
pub(crate) fn answer(core: &Core, request: &ApiRequest, path: &[&str]) -> Answer {
    let found = match (&request.method, path) {
        (&Method::GET, ["contacts", "summary"]) => summary(core, request),
        (&Method::GET, ["contacts", "summary", id]) => {
            let contacts = core.contacts();
            let contact = contacts.find(id);
            let found = contact.map(|contact| success(&row(contact)));
            Ok(found.unwrap_or_else(|| failure(404, "Contact not found.")))
        }
        (&Method::GET, ["accounts", "summary" | "lookup"]) => accounts(core, request),
        (&Method::GET, ["accounts", id, "locations", "lookup"]) => {
            let locations = json!([{ "Id": location(number(id)), "Name": "Main", "IsMain": true }]);
            Ok(success(&locations))
        }
        (_, ["contacts", "summary", ..] | ["accounts", ..]) => Ok(no_method()),
        _ => Ok(not_found()),
    };
    found.unwrap_or_else(|answer| *answer)
}

/// The id of an account's one location.
pub(crate) fn location(account: i64) -> i64 {
    account * 10 + 1
}

fn summary(core: &Core, request: &ApiRequest) -> Result<Answer, Box<Answer>> {
    let page = Page::of(request)?;
    let account: Option<i64> = typed(request, "Filter.AccountId")?;
    let active: Option<bool> = typed(request, "Filter.IsActive")?;
    let time = |name| typed::<Timestamp>(request, name);
    let modified = (time("Filter.ModifiedOnFrom")?, time("Filter.ModifiedOnTo")?);
    let created = (time("Filter.CreatedOnFrom")?, time("Filter.CreatedOnTo")?);
    let text = |name| parameter(request, name).map(str::to_lowercase);
    let (phone, email) = (text("Filter.Phone"), text("Filter.Email"));
    let (given, family) = (text("Filter.FirstName"), text("Filter.LastName"));
    let company = text("Filter.AccountName");
    let contacts = core.contacts();
    let found: Vec<&Contact> = contacts
        .all()
        .iter()
        .filter(|contact| {
            account.is_none_or(|id| number(&contact.company_id) == id)
                && active != Some(false)
                && within(contact.modified, modified)
                && within(contact.created, created)
                && holds(Some(&contact.given), given.as_deref())
                && holds(Some(&contact.family), family.as_deref())
                && holds(Some(&contact.company), company.as_deref())
                && holds(contact.email.as_ref(), email.as_deref())
                && phone.as_ref().is_none_or(|phone| {
                    holds(contact.phone.as_ref(), Some(phone))
                        || holds(contact.mobile.as_ref(), Some(phone))
                })
        })
        .collect();
    Ok(page.cut(core, &found, |contact| row(contact)))
}

/// Filters look for a part of the text as it was typed.
fn holds(own: Option<&String>, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| own.is_some_and(|own| own.to_lowercase().contains(wanted)))
}

fn within(time: Timestamp, (from, to): (Option<Timestamp>, Option<Timestamp>)) -> bool {
    from.is_none_or(|from| time >= from) && to.is_none_or(|to| time <= to)
}

fn row(contact: &Contact) -> Value {
    let id = number(&contact.id);
    let account = number(&contact.company_id);
    let phone = |nth: i64, kind: i64, name: &str, value: &String| {
        json!({
            "Id": id * 10 + nth, "Phone": value, "PhoneTypeId": kind, "PhoneType": name,
            "IsDefault": nth == 1,
        })
    };
    let phones = contact.phone.iter().map(|value| phone(1, 1, "Work", value));
    let mobiles = contact
        .mobile
        .iter()
        .map(|value| phone(2, 2, "Mobile", value));
    let phones: Vec<Value> = phones.chain(mobiles).collect();
    let emails = contact.email.iter().map(|value| {
        json!({
            "Id": id * 10 + 3, "EmailAddress": value, "EmailTypeId": 1, "EmailType": "Work",
            "IsDefault": true,
        })
    });
    json!({
        "Id": id,
        "AccountId": account,
        "AccountName": contact.company,
        "LocationId": location(account),
        "LocationName": "Main",
        "FirstName": contact.given,
        "LastName": contact.family,
        "JobTitle": null,
        "IsPoc": false,
        "IsActive": true,
        "Emails": emails.collect::<Vec<_>>(),
        "Phones": phones,
        "CreatedOn": date_time(contact.created),
        "ModifiedOn": date_time(contact.modified),
    })
}

/// Id and name of every account, by id.
pub(crate) fn account_rows(core: &Core) -> Vec<(i64, String)> {
    let contacts = core.contacts();
    let all = contacts.all().iter();
    let mut rows: Vec<(i64, String)> = all
        .map(|contact| (number(&contact.company_id), contact.company.clone()))
        .collect();
    rows.sort();
    rows.dedup();
    rows
}

fn accounts(core: &Core, request: &ApiRequest) -> Result<Answer, Box<Answer>> {
    let page = Page::of(request)?;
    let name = parameter(request, "Filter.AccountName").or(parameter(request, "Filter.Name"));
    let name = name.map(str::to_lowercase);
    let mut found = account_rows(core);
    found.retain(|(_, own)| holds(Some(own), name.as_deref()));
    Ok(page.cut(core, &found, |(id, name)| {
        json!({
            "Id": id, "Name": name, "AccountName": name, "AccountCode": format!("A{id}"),
            "MainLocationId": location(*id), "IsActive": true,
        })
    }))
}
