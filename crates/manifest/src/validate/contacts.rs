//! The records that a caller can be.

use super::users::{check_list, check_one, check_paged, check_paging};
use super::{Report, requests};
use crate::{Contacts, Search};

pub(super) fn check(report: &mut Report<'_>) {
    let all = &report.manifest.contacts;
    for (index, contacts) in all.iter().enumerate() {
        let key = format!("contacts.{index}");
        let twice = all[..index].iter().any(|other| other.kind == contacts.kind);
        report.require(
            !twice,
            format!("{key}.kind"),
            "this kind stands there already",
        );
        check_contacts(report, &key, contacts);
    }
}

fn check_contacts(report: &mut Report<'_>, key: &str, contacts: &Contacts) {
    report.require(
        contacts.page_size > 0,
        format!("{key}.page_size"),
        "it must not be 0",
    );
    let fields = &contacts.fields;
    report.require(
        !fields.display_name.is_empty() || !fields.family_name.is_empty(),
        format!("{key}.fields"),
        "say where the name stands",
    );
    if let Some(search) = &contacts.by_phone {
        let key = format!("{key}.by_phone");
        report.require(
            !search.spellings.is_empty(),
            format!("{key}.spellings"),
            "say how the number is spelled, what is likeliest first",
        );
        report.require(
            !search.verify || !fields.phones.is_empty(),
            format!("{key}.verify"),
            "without `fields.phones` nothing can be looked at; say where the numbers stand",
        );
        check_search(report, &key, search, "phone");
        check_found(report, &key, contacts, search);
    }
    if let Some(search) = &contacts.by_email {
        let key = format!("{key}.by_email");
        report.require(
            search.spellings.is_empty() && search.between.is_none() && search.joined_by.is_none(),
            &key,
            "spellings are those of phone numbers",
        );
        check_search(report, &key, search, "email_address");
        check_found(report, &key, contacts, search);
    }
    if let Some(one) = &contacts.one {
        check_one(report, &format!("{key}.one"), one, "record_id");
    }
    if let Some(list) = &contacts.full {
        check_list(report, &format!("{key}.full"), list, &contacts.id, false);
    }
    match (&contacts.changed, &contacts.since) {
        (Some(list), Some(_)) => {
            check_list(report, &format!("{key}.changed"), list, &contacts.id, true);
        }
        (Some(_), None) => report.add(
            format!("{key}.changed"),
            "say in `since` how {since} is written",
        ),
        (None, Some(_)) => report.add(format!("{key}.since"), "there is no `changed` to use it"),
        (None, None) => {}
    }
    if let Some(link) = &contacts.link {
        let scope = requests::Scope::links(report.manifest).with(&["record_id"]);
        requests::check_known(report, &format!("{key}.link"), link, &scope);
    }
}

/// What a search finds only the id of must be readable.
fn check_found(report: &mut Report<'_>, key: &str, contacts: &Contacts, search: &Search) {
    report.require(
        search.record_id.is_none() || contacts.one.is_some(),
        format!("{key}.record_id"),
        "say in `one` how a record is read by its id",
    );
}

fn check_search(report: &mut Report<'_>, key: &str, search: &Search, input: &str) {
    report.require(
        !search.requests.is_empty(),
        format!("{key}.requests"),
        "there must be at least one request",
    );
    for (index, request) in search.requests.iter().enumerate() {
        let key = format!("{key}.requests.{index}");
        report.require(
            requests::inputs_of(request).contains(input),
            &key,
            format!("it searches for nothing; put {{{input}}} into it"),
        );
        let mut scope = requests::Scope::signed(report.manifest).with(&[input]);
        // Digits and what stands between them hold nothing to escape.
        if input == "phone" {
            scope.make_safe(input);
        }
        check_paged(report, &key, request, &search.paging, scope);
    }
    check_paging(report, &format!("{key}.paging"), &search.paging);
}
