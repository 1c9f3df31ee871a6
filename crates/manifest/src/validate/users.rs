//! The users: lists, tables, joins, fields.

use super::{Report, requests};
use crate::users::{One, Scope};
use crate::{
    Below, End, IdField, IdType, Join, List, Lookup, Paging, Pointer, RequestTemplate, Source,
};

pub(super) fn check(report: &mut Report<'_>) {
    let users = &report.manifest.users;
    report.require(users.page_size > 0, "users.page_size", "it must not be 0");
    check_list(report, "users.full", &users.full, &users.id, false);
    if let Some(one) = &users.one {
        check_one(report, "users.one", one, "user_id");
    }
    match (&users.changed, &users.since) {
        (Some(list), Some(_)) => check_list(report, "users.changed", list, &users.id, true),
        (Some(_), None) => report.add(
            "users.changed",
            "say under [users.since] how {since} is written",
        ),
        (None, Some(_)) => report.add("users.since", "there is no [users.changed] to use it"),
        (None, None) => {}
    }
    report.unique(
        "users.lookups",
        users.lookups.iter().map(|table| table.name.as_str()),
    );
    for (index, lookup) in users.lookups.iter().enumerate() {
        check_lookup(report, &format!("users.lookups.{index}"), lookup);
    }
    report.unique(
        "users.joins",
        users.joins.iter().map(|join| join.name.as_str()),
    );
    for (index, join) in users.joins.iter().enumerate() {
        check_join(report, &format!("users.joins.{index}"), join);
    }
    check_fields(report);
    if let Some(scope) = &users.scope {
        check_scope(report, scope);
    }
}

/// Checks the request for one record: its id must stand in it.
pub(super) fn check_one(report: &mut Report<'_>, key: &str, one: &One, id: &str) {
    let key = format!("{key}.request");
    let mut scope = requests::Scope::signed(report.manifest).with(&[id]);
    scope.make_safe(id);
    report.require(
        requests::inputs_of(&one.request).contains(id),
        &key,
        format!("it asks for the same record every time; put {{{id}}} into it"),
    );
    requests::check(report, &key, &one.request, &scope);
}

/// Checks a list, whose rows have this id.
pub(super) fn check_list(
    report: &mut Report<'_>,
    key: &str,
    list: &List,
    id: &IdField,
    changed: bool,
) {
    report.require(
        !list.requests.is_empty(),
        format!("{key}.requests"),
        "there must be at least one request",
    );
    for (index, request) in list.requests.iter().enumerate() {
        let key = format!("{key}.requests.{index}");
        let mut scope = requests::Scope::signed(report.manifest);
        if changed {
            scope.add("since");
            scope.make_safe("since");
            report.require(
                requests::inputs_of(request).contains("since"),
                &key,
                "it asks for every user; put {since} into it",
            );
        }
        check_paged(report, &key, request, &list.paging, scope);
    }
    check_paging(report, &format!("{key}.paging"), &list.paging);
    if let Some(count) = &list.count {
        let scope = requests::Scope::signed(report.manifest);
        requests::check(report, &format!("{key}.count"), count, &scope);
        report.require(
            list.total.is_some() || list.total_header.is_some(),
            format!("{key}.count"),
            "say in `total` where the number stands in its answer",
        );
    }
    if let Paging::Keyset { first, .. } = &list.paging {
        let fits = matches!(
            (first, id.id_type),
            (Below::Number(_), IdType::Integer) | (Below::Text(_), IdType::Text)
        );
        report.require(
            fits,
            format!("{key}.paging.first"),
            "it must be of the type of the ids; for texts give one that stands before every id",
        );
    }
}

pub(super) fn check_paging(report: &mut Report<'_>, key: &str, paging: &Paging) {
    if let Paging::None { because } = paging {
        report.require(
            because.trim().len() > 8,
            format!("{key}.because"),
            "say why there can be only one page",
        );
    }
}

/// Checks a request that is repeated for every page: the paging's own input must stand in it.
pub(super) fn check_paged(
    report: &mut Report<'_>,
    key: &str,
    request: &RequestTemplate,
    paging: &Paging,
    mut scope: requests::Scope,
) {
    scope.add("page_size");
    let used = requests::inputs_of(request);
    if let Paging::Page { mark: Some(_), .. } = paging {
        scope.add("cursor");
        report.require(
            used.contains("cursor"),
            key,
            "the mark leads nowhere; put {cursor} into it",
        );
    }
    if let Some(input) = paging.input() {
        scope.add(input);
        report.require(
            used.contains(input),
            key,
            format!("every page would be the first; put {{{input}}} into it"),
        );
    }
    let counts = matches!(
        paging,
        Paging::Offset {
            end: End::ShortPage
        } | Paging::Page {
            end: End::ShortPage,
            ..
        } | Paging::Keyset {
            end: End::ShortPage,
            ..
        }
    );
    report.require(
        !counts || used.contains("page_size"),
        key,
        "a short page means nothing unless {page_size} is asked for",
    );
    requests::check(report, key, request, &scope);
}

fn check_lookup(report: &mut Report<'_>, key: &str, lookup: &Lookup) {
    let scope = requests::Scope::signed(report.manifest);
    check_paged(
        report,
        &format!("{key}.request"),
        &lookup.request,
        &lookup.paging,
        scope,
    );
    check_paging(report, &format!("{key}.paging"), &lookup.paging);
    report.require(
        !matches!(lookup.paging, Paging::Keyset { .. }),
        format!("{key}.paging"),
        "tables have no keyset paging",
    );
}

fn check_join(report: &mut Report<'_>, key: &str, join: &Join) {
    let mut scope = requests::Scope::signed(report.manifest);
    let used = requests::inputs_of(&join.request);
    let one_by_one = used.contains("key");
    scope.add(if one_by_one { "key" } else { "keys" });
    scope.make_safe("key");
    check_paged(
        report,
        &format!("{key}.request"),
        &join.request,
        &join.paging,
        scope,
    );
    check_paging(report, &format!("{key}.paging"), &join.paging);
    report.require(
        one_by_one || used.contains("keys"),
        format!("{key}.request"),
        "it asks for every row; put {keys} into it, or {key} where one request asks for one",
    );
    report.require(
        one_by_one || join.key.is_some(),
        format!("{key}.key"),
        "say where in a row its key stands",
    );
    report.require(
        !matches!(join.paging, Paging::Keyset { .. }),
        format!("{key}.paging"),
        "joins have no keyset paging",
    );
}

fn check_fields(report: &mut Report<'_>) {
    let users = &report.manifest.users;
    let fields = &users.fields;
    let named = !fields.display_name.is_empty() || !fields.family_name.is_empty();
    report.require(named, "users.fields", "say where the user's name stands");
    let sources: [(&str, &[Source]); 13] = [
        ("display_name", &fields.display_name),
        ("given_name", &fields.given_name),
        ("family_name", &fields.family_name),
        ("emails", &fields.emails),
        ("username", &fields.username),
        ("phones", &fields.phones),
        ("extension", &fields.extension),
        ("employee_number", &fields.employee_number),
        ("title", &fields.title),
        ("department", &fields.department),
        ("role", &fields.role),
        ("licence", &fields.licence),
        ("last_login_at", &fields.last_login_at),
    ];
    for (name, sources) in sources {
        for source in sources {
            let key = format!("users.fields.{name}");
            let place = source.each.as_ref().unwrap_or(&source.pointer);
            check_place(report, &key, place, source.lookup.as_deref());
            report.require(
                source.when.is_none() || source.each.is_some(),
                &key,
                "`when` chooses among the objects of a list; say in `each` where that is",
            );
        }
    }
    for (index, other) in fields.other_ids.iter().enumerate() {
        check_place(
            report,
            &format!("users.fields.other_ids.{index}"),
            &other.pointer,
            None,
        );
    }
    for (index, rule) in users.state.iter().enumerate() {
        check_place(
            report,
            &format!("users.state.{index}"),
            &rule.pointer,
            rule.lookup.as_deref(),
        );
    }
    for (index, rule) in users.kind.iter().enumerate() {
        check_place(
            report,
            &format!("users.kind.{index}"),
            &rule.pointer,
            rule.lookup.as_deref(),
        );
    }
}

/// A pointer into a joined row needs the join, a looked-up text its table.
fn check_place(report: &mut Report<'_>, key: &str, pointer: &Pointer, lookup: Option<&str>) {
    let users = &report.manifest.users;
    if let Some(rest) = pointer.as_str().strip_prefix("/@") {
        let name = rest.split('/').next().unwrap_or_default();
        report.require(
            users.joins.iter().any(|join| join.name == name),
            key,
            format!("there is no join `{name}`"),
        );
    }
    if let Some(name) = lookup {
        report.require(
            users.lookups.iter().any(|table| table.name == name),
            key,
            format!("there is no lookup `{name}`"),
        );
    }
}

fn check_scope(report: &mut Report<'_>, scope: &Scope) {
    requests::check_setting(report, "users.scope.setting", &scope.setting);
    requests::check_setting(report, "users.scope.list", &scope.list);
    check_lookup(report, "users.scope.all", &scope.all);
    let users = &report.manifest.users;
    for name in &scope.named_by {
        report.require(
            users.lookups.iter().any(|table| table.name == *name),
            "users.scope.named_by",
            format!("there is no lookup `{name}`"),
        );
    }
    report.require(
        users.joins.iter().any(|join| join.name == scope.join),
        "users.scope.join",
        format!("there is no join `{}`", scope.join),
    );
}
