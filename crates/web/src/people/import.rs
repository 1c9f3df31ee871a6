//! `/o/{organization}/people/import`: people from a file, shown before anything changes.
//!
//! Applying the file that the page carries plans anew.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use counterpart_model::Role;
use counterpart_service::Error;
use counterpart_service::people::FilePlan;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};
use crate::upload::{Upload, carried, received};

/// How many rows of each kind are listed.
const MOST_LISTED: usize = 50;

#[derive(Template)]
#[template(path = "people/import.html")]
struct Page {
    shell: Shell,
    base: String,
    form: FormProblems,
    plan: Option<PlanView>,
}

/// What a file would change.
struct PlanView {
    /// The file, to be sent again when it is applied.
    file: String,
    columns: Vec<(String, String)>,
    add: usize,
    change: usize,
    same: u64,
    added: Vec<Listed>,
    changed: Vec<Listed>,
    problems: Vec<(u64, String)>,
}

/// A row of the file.
struct Listed {
    line: u64,
    name: String,
    email: String,
}

/// `GET /o/{organization}/people/import`
pub(super) async fn show(portal: Portal) -> Answer {
    portal.actor.require(Role::Admin)?;
    page(&portal, StatusCode::OK, FormProblems::default(), None).await
}

/// `POST /o/{organization}/people/import`: shows what the file would change.
pub(super) async fn preview(portal: Portal, request: Request) -> Answer {
    portal.actor.require(Role::Admin)?;
    let planned = match Upload::read(request).await {
        Ok(Upload { file, .. }) => {
            let plan = portal.service.plan_file_import(&portal.actor, &file).await;
            plan.map(|plan| view(&file, plan))
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => page(&portal, StatusCode::OK, FormProblems::default(), Some(plan)).await,
        Err(error) => refused(&portal, error).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Input {
    file: String,
}

/// `POST /o/{organization}/people/import/apply`
pub(super) async fn apply(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let bytes = received(&input.file)?;
    match apply_file(&portal, &bytes).await {
        Ok(number) => portal.go(&address(
            &portal.path("/people"),
            &[("saved", &number.to_string())],
        )),
        Err(error) => refused(&portal, error).await,
    }
}

async fn apply_file(portal: &Portal, bytes: &[u8]) -> Result<u64, Error> {
    let planned = portal
        .service
        .plan_file_import(&portal.actor, bytes)
        .await?;
    let reason = Some("imported from a file".to_owned());
    let applied = portal
        .service
        .apply_import(&portal.actor, &planned.plan, reason)
        .await?;
    Ok(applied.number)
}

fn view(bytes: &[u8], planned: FilePlan) -> PlanView {
    let FilePlan { plan, columns } = planned;
    let line = |row: &counterpart_service::people::ImportRow| {
        let both = format!("{} {}", row.input.given_name, row.input.family_name);
        let name = Some(row.input.display_name.clone()).filter(|name| !name.is_empty());
        Listed {
            line: row.line,
            name: name.unwrap_or_else(|| both.trim().to_owned()),
            email: row.input.emails.first().cloned().unwrap_or_default(),
        }
    };
    PlanView {
        file: carried(bytes),
        columns: columns
            .into_iter()
            .map(|(header, field)| (header, used_as(&field.to_string())))
            .collect(),
        add: plan.add.len(),
        change: plan.change.len(),
        same: plan.same,
        added: plan.add.iter().take(MOST_LISTED).map(line).collect(),
        changed: plan
            .change
            .iter()
            .take(MOST_LISTED)
            .map(|(_, row)| line(row))
            .collect(),
        problems: plan
            .problems
            .into_iter()
            .map(|(line, problem)| (line, format!("{}: {}", problem.field, problem.message)))
            .collect(),
    }
}

/// What a column was taken for, in words.
fn used_as(field: &str) -> String {
    match field {
        "text" | "ignore" => "not used".to_owned(),
        field => field.replace('-', " "),
    }
}

async fn refused(portal: &Portal, error: Error) -> Answer {
    match FormProblems::of(&error) {
        Some(form) => page(portal, status(&error), form, None).await,
        None => Err(error.into()),
    }
}

async fn page(
    portal: &Portal,
    status: StatusCode,
    form: FormProblems,
    plan: Option<PlanView>,
) -> Answer {
    let page = Page {
        shell: portal.shell(Place::People, "Import people").await?,
        base: portal.path("/people"),
        form,
        plan,
    };
    show_with(status, &page)
}
