//! `POST /people/import`

use axum::Json;
use counterpart_model::{ChangeSet as ModelChangeSet, Code};
use counterpart_service::Error;
use counterpart_service::error::FieldError;
use counterpart_service::people::{ImportPlan, ImportRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::PersonWrite;
use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::{Failure, Result};
use crate::input::{Query, RawBody};

/// How to take the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
    /// Why, for the change set.
    reason: Option<String>,
}

/// What a list of people changes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Import {
    /// People who are added.
    add: Vec<ImportedRow>,
    /// People who are changed.
    change: Vec<ImportedRow>,
    /// How many rows were true already.
    same: u64,
    /// What is wrong, by row. A list with problems is not taken at all.
    problems: Vec<RowProblem>,
    /// The change set that was applied; `null` for a dry run and when there is nothing to
    /// change.
    change_set: Option<ChangeSet>,
}

/// A row of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportedRow {
    /// Its number in the list, from 1; in NDJSON its line.
    line: u64,
    /// Whom it is about, if the person is known already.
    person_id: Option<Uuid>,
    /// The name of the person.
    display_name: String,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RowProblem {
    /// The row's number in the list, from 1; in NDJSON its line.
    line: u64,
    /// The field.
    field: String,
    /// What is wrong and what to send.
    message: String,
}

/// Adds and changes many people as one change set. All or nothing.
///
/// The body is a JSON array of people, or NDJSON (`application/x-ndjson`) with one on each line.
/// A row is somebody known when its external id is, or without one its main e-mail address.
/// What a row leaves out stays as it is; people who are not in the list are left alone.
#[utoipa::path(
    post,
    path = "/people/import",
    tag = "People",
    params(How),
    request_body(content(
        (Vec<PersonWrite> = "application/json"),
        (PersonWrite = "application/x-ndjson")
    )),
    responses((status = 200, description = "What changed, or would change", body = Import))
)]
pub(super) async fn import_people(
    caller: Caller,
    Query(how): Query<How>,
    body: RawBody,
) -> Result<Json<Import>> {
    let Caller { service, actor } = &caller;
    let plan = service.plan_import(actor, rows_of(&body)?).await?;
    let applied = if how.dry_run {
        None
    } else {
        refuse_problems(&plan)?;
        match service.apply_import(actor, &plan, how.reason).await {
            Ok(applied) => Some(applied),
            Err(error) if error.code() == Code::ChangeSetEmpty => None,
            Err(error) => return Err(error.into()),
        }
    };
    Ok(Json(told(plan, applied)))
}

fn rows_of(body: &RawBody) -> Result<Vec<ImportRow>> {
    match body.media_type.as_str() {
        "application/json" => {
            let rows: Vec<PersonWrite> = serde_json::from_slice(&body.bytes)
                .map_err(|error| Failure::malformed(format!("the body is wrong: {error}")))?;
            Ok((1..).zip(rows).map(row).collect())
        }
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => (1..)
            .zip(body.bytes.split(|byte| *byte == b'\n'))
            .filter(|(_, line)| !line.trim_ascii().is_empty())
            .map(|(number, line)| {
                serde_json::from_slice(line)
                    .map(|write| row((number, write)))
                    .map_err(|error| Failure::malformed(format!("line {number}: {error}")))
            })
            .collect(),
        other => Err(Failure::new(
            axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::RequestInvalid,
            format!(
                "the body is `{other}`; send `Content-Type: application/json` or \
                 `application/x-ndjson`"
            ),
        )),
    }
}

fn row((line, write): (u64, PersonWrite)) -> ImportRow {
    ImportRow {
        line,
        input: write.into(),
    }
}

fn refuse_problems(plan: &ImportPlan) -> Result<()> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let fields = plan.problems.iter().map(|(line, problem)| FieldError {
        field: format!("line {line}: {}", problem.field),
        message: problem.message.clone(),
    });
    Err(Error::with_fields(Code::PersonInvalid, fields.collect()).into())
}

fn told(plan: ImportPlan, applied: Option<ModelChangeSet>) -> Import {
    let add = plan.add.into_iter().map(|row| ImportedRow {
        line: row.line,
        person_id: None,
        display_name: row.input.display_name,
    });
    let change = plan.change.into_iter().map(|(person, row)| ImportedRow {
        line: row.line,
        person_id: Some(person.id.into()),
        display_name: row.input.display_name,
    });
    let problems = plan.problems.into_iter().map(|(line, problem)| RowProblem {
        line,
        field: problem.field,
        message: problem.message,
    });
    Import {
        add: add.collect(),
        change: change.collect(),
        same: plan.same,
        problems: problems.collect(),
        change_set: applied.map(ChangeSet::from),
    }
}
