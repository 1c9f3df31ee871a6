//! The records that can be written.

use super::users::{check_one_in, check_paged, check_paging};
use super::{Report, requests};
use crate::template::is_name;
use crate::{Activity, DeliveryTier, RequestTemplate};

/// Inputs of a record that narrow a list in which it is looked for, beside what it is about.
const NARROWING: [&str; 2] = ["owner", "started_at"];

pub(super) fn check(report: &mut Report<'_>) {
    let all = &report.manifest.activities;
    for (index, activity) in all.iter().enumerate() {
        let key = format!("activities.{index}");
        // One of a kind is for all, or each for another value of a setting.
        let twice = all[..index].iter().any(|other| {
            other.kind == activity.kind
                && (other.when.is_none() || activity.when.is_none() || other.when == activity.when)
        });
        report.require(
            !twice,
            format!("{key}.kind"),
            "this kind stands there already",
        );
        check_activity(report, &key, activity);
    }
}

/// Whether a request says which record of ours it is about.
fn has_key(request: &RequestTemplate) -> bool {
    let inputs = requests::inputs_of(request);
    inputs.contains("our_key") || inputs.contains("our_uuid")
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
    if let Some(when) = &activity.when {
        let field = report.manifest.setting(&when.setting);
        report.require(
            field.is_some_and(|field| field.choices.iter().any(|it| it.value == when.equals)),
            format!("{key}.when"),
            format!(
                "`{}` is no choice of a setting `{}`",
                when.equals, when.setting
            ),
        );
    }
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

/// What may stand in a request that reads for a write, or that reads or deletes what was written.
fn beside(report: &Report<'_>, activity: &Activity, name: &str) -> requests::Scope {
    let mut scope = requests::Scope::signed(report.manifest)
        .with(&requests::ABOUT)
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
        let scope = scope(report, activity).with(&["record_id"]);
        check_one_in(report, &format!("{key}.read"), one, "record_id", scope);
    }
    report.require(
        activity.read.is_some() != activity.owner.is_empty(),
        format!("{key}.owner"),
        "a record that is read back has an owner, and nothing else has; say where in it the owner stands",
    );
    let named = requests::inputs_of(&activity.write).contains("owner_name");
    report.require(
        !activity.signed_in_owns || named,
        format!("{key}.signed_in_owns"),
        "nothing in the record says whose it is; put {owner_name} into `write`",
    );
    let tier = activity.delivery.unwrap_or(report.manifest.delivery);
    report.require(
        tier != DeliveryTier::B || activity.find.is_some(),
        format!("{key}.delivery"),
        "tier B finds a record by its key; say in `find` how, or say C",
    );
    report.require(
        tier != DeliveryTier::A || has_key(&activity.write),
        format!("{key}.delivery"),
        "tier A writes once by its key; put {our_key} or {our_uuid} into `write`, or say B or C",
    );
    let Some(find) = &activity.find else {
        return;
    };
    for (index, request) in find.requests.iter().enumerate() {
        let key = format!("{key}.find.requests.{index}");
        let inputs = requests::inputs_of(request);
        let narrows = inputs.iter().any(|name| {
            NARROWING.contains(&name.as_str()) || requests::ABOUT.contains(&name.as_str())
        });
        report.require(
            has_key(request) || (find.key.is_some() && narrows),
            &key,
            "it searches for nothing; put {our_key} or {our_uuid} into it, or what narrows the list and say in `key` where the key stands",
        );
        let mut scope = scope(report, activity);
        scope.make_safe("our_key");
        scope.make_safe("our_uuid");
        check_paged(report, &key, request, &find.paging, scope);
    }
    check_paging(report, &format!("{key}.find.paging"), &find.paging);
}
