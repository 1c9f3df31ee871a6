//! `/o/{organization}/people/import`: people from a file, shown before anything changes.
//!
//! Nothing is kept between the two steps: the page that shows what would change carries the file
//! itself, and applying it plans anew.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_model::{Code, Role};
use counterpart_service::Error;
use counterpart_service::people::FilePlan;
use serde::Deserialize;

use crate::form::FormProblems;
use crate::problem::{Answer, status};
use crate::request::{Sent, address};
use crate::session::Portal;
use crate::shell::{Place, Shell, show_with};

/// The largest file, in bytes: some 50,000 people.
const LARGEST_FILE: usize = 8 << 20;

/// The largest request: a file as text, with room for the form around it.
pub(super) const LARGEST_REQUEST: usize = LARGEST_FILE / 3 * 4 + (64 << 10);

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
    let planned = match read(request).await {
        Ok(bytes) => {
            let plan = portal.service.plan_file_import(&portal.actor, &bytes).await;
            plan.map(|plan| view(&bytes, plan))
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
    let bytes = STANDARD.decode(input.file.as_bytes()).map_err(|_| {
        Error::new(
            Code::RequestInvalid,
            "the file did not arrive whole; choose it again",
        )
    })?;
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

/// The bytes of the form's file.
async fn read(request: Request) -> Result<Vec<u8>, Error> {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Error::new(Code::RequestInvalid, error.to_string()))?;
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        Error::new(
            Code::FileUnreadable,
            format!("the file did not arrive: {error}"),
        )
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(broken)?;
            return match bytes.len() {
                0 => Err(Error::field(
                    Code::FileEmpty,
                    "file",
                    "choose a file that holds something",
                )),
                size if size > LARGEST_FILE => Err(too_large()),
                _ => Ok(bytes.to_vec()),
            };
        }
    }
    Err(Error::field(Code::FileUnreadable, "file", "choose a file"))
}

fn too_large() -> Error {
    let most = LARGEST_FILE >> 20;
    Error::field(
        Code::FileTooLarge,
        "file",
        format!("use at most {most} MB; split the file"),
    )
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
        file: STANDARD.encode(bytes),
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
