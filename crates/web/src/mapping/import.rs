//! `/o/{organization}/mapping/import`: mappings from a file, shown before anything changes.
//!
//! What is applied is what was shown: when something was changed in between, the page shows anew
//! what the file would change.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use counterpart_model::Role;
use counterpart_service::Error;
use counterpart_service::mapping::{Change, FileProblem, MappingPlan};
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::upload::{Upload, carried, received};

/// How many changes and problems are listed.
const MOST_LISTED: usize = 200;

#[derive(Template)]
#[template(path = "mapping/import.html")]
struct Page {
    shell: Shell,
    base: String,
    form: FormProblems,
    plan: Option<PlanView>,
    /// Whether something was changed since the plan was shown.
    outrun: bool,
}

/// What a file would change.
pub(super) struct PlanView {
    /// The file, to be sent again when it is applied.
    pub(super) file: String,
    /// What tells this plan from another.
    pub(super) fingerprint: String,
    pub(super) add: usize,
    pub(super) change: usize,
    pub(super) remove: usize,
    pub(super) same: u64,
    pub(super) changes: Vec<ChangeRow>,
    pub(super) hidden: usize,
    pub(super) problems: Vec<FileProblem>,
    pub(super) problem_count: usize,
}

/// One change, in words.
pub(super) struct ChangeRow {
    pub(super) tag: &'static str,
    pub(super) word: &'static str,
    pub(super) text: String,
    pub(super) line: Option<u64>,
}

impl PlanView {
    pub(super) fn new(bytes: &[u8], plan: &MappingPlan) -> Self {
        let changes: Vec<ChangeRow> = plan
            .changes
            .iter()
            .take(MOST_LISTED)
            .map(|planned| {
                let (tag, word) = match planned.change {
                    Change::Add => ("done", "new"),
                    Change::Change => ("proposed", "changed"),
                    Change::Remove => ("broken", "removed"),
                };
                ChangeRow {
                    tag,
                    word,
                    text: planned.in_words(),
                    line: planned.line,
                }
            })
            .collect();
        Self {
            file: carried(bytes),
            fingerprint: plan.fingerprint(),
            add: plan.count(Change::Add),
            change: plan.count(Change::Change),
            remove: plan.count(Change::Remove),
            same: plan.same,
            hidden: plan.changes.len() - changes.len(),
            changes,
            problems: plan.problems.iter().take(MOST_LISTED).cloned().collect(),
            problem_count: plan.problems.len(),
        }
    }

    /// Whether there is something to apply.
    pub(super) fn is_ready(&self) -> bool {
        self.problem_count == 0 && !self.changes.is_empty()
    }
}

/// `GET /o/{organization}/mapping/import`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Admin)?;
    page(
        &portal,
        StatusCode::OK,
        FormProblems::default(),
        None,
        false,
    )
    .await
}

/// `POST /o/{organization}/mapping/import`: shows what the file would change.
pub(super) async fn preview(portal: Portal, request: Request) -> Answer {
    portal.actor.require(Role::Admin)?;
    let planned = match Upload::read(request).await {
        Ok(Upload { file, .. }) => {
            let plan = portal.service.plan_mapping_file(&portal.actor, &file).await;
            plan.map(|plan| PlanView::new(&file, &plan))
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => {
            let form = FormProblems::default();
            page(&portal, StatusCode::OK, form, Some(plan), false).await
        }
        Err(error) => refused(&portal, error).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Input {
    file: String,
    #[serde(default)]
    fingerprint: String,
    #[serde(default)]
    reason: String,
}

/// `POST /o/{organization}/mapping/import/apply`
pub(super) async fn apply(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let bytes = received(&input.file)?;
    let Portal { service, actor, .. } = &portal;
    let plan = match service.plan_mapping_file(actor, &bytes).await {
        Ok(plan) => plan,
        Err(error) => return refused(&portal, error).await,
    };
    if plan.fingerprint() != input.fingerprint || plan.is_empty() {
        let view = PlanView::new(&bytes, &plan);
        let form = FormProblems::default();
        return page(&portal, StatusCode::CONFLICT, form, Some(view), true).await;
    }
    let reason = Some(input.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let reason = reason.or_else(|| Some("imported from a file".to_owned()));
    match service.apply_mapping_plan(actor, plan, reason).await {
        Ok(applied) => portal.go(&address(
            &portal.path("/mapping"),
            &[("saved", &applied.number.to_string())],
        )),
        Err(error) => refused(&portal, error).await,
    }
}

async fn refused(portal: &Portal, error: Error) -> Answer {
    match FormProblems::of(&error) {
        Some(form) => page(portal, status(&error), form, None, false).await,
        None => Err(error.into()),
    }
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    form: FormProblems,
    plan: Option<PlanView>,
    outrun: bool,
) -> Answer {
    let page = Page {
        shell: portal.shell(Place::Mapping, "Import mappings").await?,
        base: portal.path("/mapping"),
        form,
        plan,
        outrun,
    };
    show_with(status, &page)
}
