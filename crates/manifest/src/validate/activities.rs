//! The records that can be written.

use super::users::{check_paged, check_paging};
use super::{Report, requests};
use crate::template::is_name;
use crate::{Activity, DeliveryTier};

pub(super) fn check(report: &mut Report<'_>) {
    let all = &report.manifest.activities;
    for (index, activity) in all.iter().enumerate() {
        let key = format!("activities.{index}");
        let twice = all[..index].iter().any(|other| other.kind == activity.kind);
        report.require(
            !twice,
            format!("{key}.kind"),
            "this kind stands there already",
        );
        check_activity(report, &key, activity);
    }
}

fn scope(report: &Report<'_>, activity: &Activity) -> requests::Scope {
    let mut scope = requests::Scope::signed(report.manifest);
    for name in requests::inputs_of_a_write() {
        scope.add(name);
    }
    for look_up in &activity.look_up {
        scope.add(&look_up.input);
    }
    let rules = report.manifest.inputs.iter().chain(&activity.inputs);
    for (name, _) in rules.filter(|(_, rule)| rule.of.is_some()) {
        scope.add(name);
    }
    let declared = activity.inputs.iter();
    for (name, _) in declared.filter(|(_, rule)| rule.escape.is_some()) {
        scope.make_safe(name);
    }
    scope
}

fn check_activity(report: &mut Report<'_>, key: &str, activity: &Activity) {
    report.require(
        !activity.title.trim().is_empty(),
        format!("{key}.title"),
        "say what the vendor calls it",
    );
    let inputs = scope(report, activity);
    for name in activity.needs.iter().chain(activity.inputs.keys()) {
        report.require(
            inputs.knows(name),
            key,
            format!("a write has no input `{name}`"),
        );
    }
    check_look_ups(report, key, activity);
    requests::check(report, &format!("{key}.write"), &activity.write, &inputs);
    let mut written = inputs.with(&["record_id"]);
    written.make_safe("record_id");
    for (index, request) in activity.then.iter().enumerate() {
        requests::check(report, &format!("{key}.then.{index}"), request, &written);
    }
    let deleted = beside(report, activity, "record_id");
    for (name, request, scope) in [
        ("update", &activity.update, &written),
        ("delete", &activity.delete, &deleted),
    ] {
        let Some(request) = request else { continue };
        let key = format!("{key}.{name}");
        report.require(
            requests::inputs_of(request).contains("record_id"),
            &key,
            "it says of no record; put {record_id} into it",
        );
        requests::check(report, &key, request, scope);
    }
    check_reading(report, key, activity);
    if let Some(link) = &activity.link {
        let scope = requests::Scope::links(report.manifest).with(&["record_id"]);
        requests::check_known(report, &format!("{key}.link"), link, &scope);
    }
    report.require(
        !activity.impersonate || report.manifest.impersonation.is_some(),
        format!("{key}.impersonate"),
        "say under [impersonation] how",
    );
}

/// What a record that lies below another is found by.
const ABOUT: [&str; 4] = ["contact_id", "lead_id", "company_id", "ticket_id"];

/// What may stand in a request that reads for a write, or that reads or deletes what was written.
fn beside(report: &Report<'_>, activity: &Activity, name: &str) -> requests::Scope {
    let mut scope = requests::Scope::signed(report.manifest)
        .with(&ABOUT)
        .with(&[name]);
    let declared = activity.inputs.iter();
    for (name, _) in declared.filter(|(_, rule)| rule.escape.is_some()) {
        scope.make_safe(name);
    }
    scope.make_safe(name);
    scope
}

fn check_look_ups(report: &mut Report<'_>, key: &str, activity: &Activity) {
    let mut scope = beside(report, activity, "owner");
    for (index, look_up) in activity.look_up.iter().enumerate() {
        let key = format!("{key}.look_up.{index}");
        let name = &look_up.input;
        report.require(
            is_name(name) && !requests::is_built_in(name),
            format!("{key}.input"),
            format!("`{name}` cannot be the name of an input, or already stands for something"),
        );
        requests::check(report, &format!("{key}.request"), &look_up.request, &scope);
        if let Some(named) = &look_up.named {
            requests::check_setting(report, &format!("{key}.named.by"), &named.by);
        }
        scope.add(name);
    }
}

fn check_reading(report: &mut Report<'_>, key: &str, activity: &Activity) {
    if let Some(one) = &activity.read {
        let key = format!("{key}.read.request");
        let scope = beside(report, activity, "record_id");
        report.require(
            requests::inputs_of(&one.request).contains("record_id"),
            &key,
            "it asks for the same record every time; put {record_id} into it",
        );
        requests::check(report, &key, &one.request, &scope);
    }
    report.require(
        activity.read.is_some() != activity.owner.is_empty(),
        format!("{key}.owner"),
        "a record that is read back has an owner, and nothing else has; say where in it the owner stands",
    );
    let tier = activity.delivery.unwrap_or(report.manifest.delivery);
    report.require(
        tier != DeliveryTier::B || activity.find.is_some(),
        format!("{key}.delivery"),
        "tier B finds a record by its key; say in `find` how, or say C",
    );
    report.require(
        tier != DeliveryTier::A || requests::inputs_of(&activity.write).contains("our_key"),
        format!("{key}.delivery"),
        "tier A writes once by its key; put {our_key} into `write`, or say B or C",
    );
    let Some(find) = &activity.find else {
        return;
    };
    for (index, request) in find.requests.iter().enumerate() {
        let key = format!("{key}.find.requests.{index}");
        let used = requests::inputs_of(request);
        let lists_all = find.key.is_some() && ABOUT.iter().any(|name| used.contains(*name));
        report.require(
            used.contains("our_key") || lists_all,
            &key,
            "it searches for nothing; put {our_key} into it, or list what there is about a ticket and say in `key` where the key stands",
        );
        let mut scope = scope(report, activity);
        scope.make_safe("our_key");
        check_paged(report, &key, request, &find.paging, scope);
    }
    check_paging(report, &format!("{key}.find.paging"), &find.paging);
}
