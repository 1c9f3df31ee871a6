//! The records that can be written.

use super::users::{check_one, check_paged, check_paging};
use super::{Report, requests};
use crate::{Activity, DeliveryTier};

/// The ids of what a record is about.
const ABOUT: [&str; 4] = ["contact_id", "lead_id", "company_id", "ticket_id"];

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
    requests::check(report, &format!("{key}.write"), &activity.write, &inputs);
    let mut written = inputs.with(&["record_id"]);
    written.make_safe("record_id");
    for (index, request) in activity.then.iter().enumerate() {
        requests::check(report, &format!("{key}.then.{index}"), request, &written);
    }
    for (name, request) in [("update", &activity.update), ("delete", &activity.delete)] {
        let Some(request) = request else { continue };
        let key = format!("{key}.{name}");
        report.require(
            requests::inputs_of(request).contains("record_id"),
            &key,
            "it says of no record; put {record_id} into it",
        );
        requests::check(report, &key, request, &written);
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

fn check_reading(report: &mut Report<'_>, key: &str, activity: &Activity) {
    if let Some(one) = &activity.read {
        let scope = requests::Scope::signed(report.manifest).with(&ABOUT);
        check_one(report, &format!("{key}.read"), one, "record_id", scope);
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
        report.require(
            find.key.is_some() || requests::inputs_of(request).contains("our_key"),
            &key,
            "it searches for nothing; put {our_key} into it, or say in `key` where it stands in a row",
        );
        let mut scope = scope(report, activity);
        scope.make_safe("our_key");
        check_paged(report, &key, request, &find.paging, scope);
    }
    check_paging(report, &format!("{key}.find.paging"), &find.paging);
}
