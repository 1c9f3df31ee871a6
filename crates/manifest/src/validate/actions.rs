//! Acting in somebody's name, screens, calls, the allowance, webhooks.

use super::{Report, requests};
use crate::{BudgetPlace, HookName, Verify};

pub(super) fn check(report: &mut Report<'_>) {
    let manifest = report.manifest;
    let scope = requests::Scope::signed(manifest).with(&[
        "owner",
        "user_id",
        "contact_id",
        "extension",
        "to_number",
        "from_number",
    ]);
    let actions = [
        ("screen_pop", &manifest.screen_pop),
        ("place_call", &manifest.place_call),
    ];
    for (name, action) in actions {
        if let Some(action) = action {
            requests::check(report, &format!("{name}.request"), &action.request, &scope);
        }
    }
    if let Some(impersonation) = &manifest.impersonation {
        for (name, header) in &impersonation.headers {
            let key = format!("impersonation.headers.{name}");
            requests::check_known(report, &key, header.template(), &scope);
        }
    }
    budget(report);
    webhooks(report);
}

fn budget(report: &mut Report<'_>) {
    let manifest = report.manifest;
    let Some(budget) = &manifest.budget else {
        return;
    };
    if let Some(request) = &budget.request {
        let signed = requests::Scope::signed(manifest);
        requests::check(report, "budget.request", request, &signed);
    }
    report.require(
        budget.remaining.is_some() || (budget.used.is_some() && budget.limit.is_some()),
        "budget",
        "say where it stands what is left, or the allowance and what was used",
    );
    let places = [&budget.limit, &budget.remaining, &budget.used];
    let asks = budget.request.is_some() || manifest.org.request.is_some();
    for place in places.into_iter().flatten() {
        let found = match place {
            BudgetPlace::Pointer(_) => budget.request.is_some(),
            BudgetPlace::Header(_) => asks,
        };
        report.require(found, "budget.request", "there is no answer to look into");
    }
}

fn webhooks(report: &mut Report<'_>) {
    let manifest = report.manifest;
    let hooked = manifest.hooks.contains(&HookName::VerifyWebhook);
    let asks = manifest
        .webhooks
        .as_ref()
        .is_some_and(|webhooks| webhooks.verify == Verify::Hook);
    report.require(
        hooked == asks,
        "webhooks.verify",
        "kind = \"hook\" and the hook `verify_webhook` go together",
    );
    if let Some(webhooks) = &manifest.webhooks {
        report.require(
            !webhooks.kinds.is_empty(),
            "webhooks.kinds",
            "say what an event is about; without a rule nothing is of interest",
        );
    }
}
