//! `POST /mappings/plan`

use axum::Json;
use counterpart_service::mapping;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::RawBody;

/// What a file of mappings would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MappingPlan {
    /// What would change, connection by connection, in the order of the file.
    pub changes: Vec<PlannedChange>,
    /// How many mappings and decisions of the file are true already.
    pub same: u64,
    /// What is wrong, by line. A file with problems is not applied at all.
    pub problems: Vec<FileProblem>,
}

/// One change that a file would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedChange {
    /// What happens.
    pub change: PlannedKind,
    /// The line of the file that asks for it; `null` where its silence does.
    pub line: Option<u64>,
    /// In which connection, by name.
    pub connection: String,
    /// Of what: `mapping`, or the kind of decision.
    #[schema(example = "mapping")]
    pub what: String,
    /// About which person, by name.
    pub person: Option<String>,
    /// About which CRM user: the name there, if it is known.
    pub crm_user: Option<String>,
    /// The CRM's id of the user.
    pub crm_user_id: Option<String>,
    /// How it stands, in words.
    pub before: Option<String>,
    /// How it will stand, in words.
    pub after: Option<String>,
    /// All of it in one line, as in a diff.
    #[schema(example = "+ Sales: Ann Lee = Ann L. (17), always, by import")]
    pub text: String,
}

/// `add`: it is new; `change`: it stays, with something else; `remove`: it is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlannedKind {
    /// It is new.
    Add,
    /// It stays, with something else.
    Change,
    /// It is taken away.
    Remove,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileProblem {
    /// The line, from 1; `null` when it is about the file as a whole.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl From<&mapping::MappingPlan> for MappingPlan {
    fn from(plan: &mapping::MappingPlan) -> Self {
        Self {
            changes: plan.changes.iter().map(PlannedChange::from).collect(),
            same: plan.same,
            problems: plan.problems.iter().map(FileProblem::from).collect(),
        }
    }
}

impl From<&mapping::PlannedChange> for PlannedChange {
    fn from(planned: &mapping::PlannedChange) -> Self {
        Self {
            change: match planned.change {
                mapping::Change::Add => PlannedKind::Add,
                mapping::Change::Change => PlannedKind::Change,
                mapping::Change::Remove => PlannedKind::Remove,
            },
            line: planned.line,
            connection: planned.connection.clone(),
            what: planned.what.to_owned(),
            person: planned.person.clone(),
            crm_user: planned.crm_user.clone(),
            crm_user_id: planned.crm_user_id.clone(),
            before: planned.before.clone(),
            after: planned.after.clone(),
            text: planned.to_string(),
        }
    }
}

impl From<&mapping::FileProblem> for FileProblem {
    fn from(problem: &mapping::FileProblem) -> Self {
        Self {
            line: problem.line,
            message: problem.message.clone(),
        }
    }
}

/// Says what a file of mappings would change, and what is wrong with it. Changes nothing.
///
/// The body is the file as `GET /mappings/export?format=yaml` writes it; the same as JSON will
/// do. It is the whole truth of the connections it names: what it leaves out is taken away,
/// unless it says `partial: true`, which makes it the whole truth of the people it names.
#[utoipa::path(
    post,
    path = "/mappings/plan",
    tag = "Mapping",
    request_body(content((String = "application/yaml"))),
    responses((status = 200, description = "What would change", body = MappingPlan))
)]
pub(super) async fn plan_mappings(caller: Caller, body: RawBody) -> Result<Json<MappingPlan>> {
    let Caller { service, actor } = &caller;
    let plan = service.plan_mapping_file(actor, &body.bytes).await?;
    Ok(Json(MappingPlan::from(&plan)))
}
