//! The form: settings and credentials.

use super::{Report, requests};
use crate::template::is_name;
use crate::{Field, FieldKind};

pub(super) fn check(report: &mut Report<'_>) {
    let manifest = report.manifest;
    let names = manifest.settings.iter().chain(&manifest.credentials);
    report.unique("settings", names.map(|field| field.name.as_str()));
    for (index, field) in manifest.settings.iter().enumerate() {
        let key = format!("settings.{index}");
        check_field(report, &key, field);
        report.require(
            !field.is_secret(),
            format!("{key}.kind"),
            "settings are shown; a secret is a credential",
        );
        report.require(
            !field.one_time,
            format!("{key}.one_time"),
            "only credentials are used once",
        );
    }
    for (index, field) in manifest.credentials.iter().enumerate() {
        let key = format!("credentials.{index}");
        check_field(report, &key, field);
        report.require(
            field.default.is_none(),
            format!("{key}.default"),
            "a credential has no default",
        );
        report.require(
            field.kind != FieldKind::Choice,
            format!("{key}.kind"),
            "a choice is no credential",
        );
    }
    let looked_up = |name: &str| {
        let mut all = manifest.activities.iter().flat_map(|it| &it.look_up);
        all.any(|look_up| look_up.input == name)
    };
    let own_rules = manifest.activities.iter().flat_map(|it| &it.inputs);
    for (name, rule) in manifest.inputs.iter().chain(own_rules) {
        let fits = matches!(rule.of.as_deref(), None | Some("started_at" | "ended_at"));
        report.require(
            fits && (rule.of.is_none() || !requests::is_built_in(name)),
            format!("inputs.{name}.of"),
            "only `started_at` and `ended_at` are spelled in several ways, under names of their own",
        );
    }
    for (name, rule) in &manifest.inputs {
        let known = requests::Scope::signed(manifest).knows(name)
            || requests::is_built_in(name)
            || requests::given_by_constants(manifest, name)
            || looked_up(name)
            || rule.of.is_some();
        report.require(
            known,
            format!("inputs.{name}"),
            format!("there is no input `{name}`"),
        );
    }
}

fn check_field(report: &mut Report<'_>, key: &str, field: &Field) {
    report.require(
        is_name(&field.name),
        format!("{key}.name"),
        format!("`{}` cannot be a name", field.name),
    );
    report.require(
        !requests::is_built_in(&field.name),
        format!("{key}.name"),
        format!("`{}` already stands for something else", field.name),
    );
    report.require(
        field.internal || !field.label.trim().is_empty(),
        format!("{key}.label"),
        "it is empty; write what the vendor calls it",
    );
    report.require(
        (field.kind == FieldKind::Choice) != field.choices.is_empty(),
        format!("{key}.choices"),
        "a choice has choices, and nothing else has",
    );
    if let Some(default) = &field.default {
        let offered =
            field.choices.is_empty() || field.choices.iter().any(|choice| choice.value == *default);
        report.require(
            offered,
            format!("{key}.default"),
            format!("`{default}` is none of the choices"),
        );
    }
    for way in &field.ways {
        let known = report
            .manifest
            .sign_in
            .iter()
            .any(|known| known.name() == way);
        report.require(
            known,
            format!("{key}.ways"),
            format!("there is no way of signing in called `{way}`"),
        );
    }
    report.require(
        field.lives_minutes.is_none() || field.one_time,
        format!("{key}.lives_minutes"),
        "only a one-time value ends by itself",
    );
    if let Some(condition) = &field.required_if {
        requests::check_setting(report, &format!("{key}.required_if"), &condition.setting);
    }
}
