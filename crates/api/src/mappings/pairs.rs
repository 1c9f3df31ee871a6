//! `POST /connections/{connection_id}/pairs/plan` and `POST /connections/{connection_id}/pairs/apply`

use axum::Json;
use counterpart_service::mapping::{self, CrmUserKey, PairsInput, PersonKey};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::plan::{FileProblem, MappingPlan};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::{Path, Query, RawBody};
use crate::path::ConnectionPath;

/// How to take a file of pairs. What is left out is found out by looking the values up.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// The header of the column that names people.
    person_column: Option<String>,
    /// By what: `external_id`, `id`, `email`, `extension` (a number or platform id, too),
    /// `username` or `employee_number`.
    person_key: Option<String>,
    /// The header of the column that names CRM users.
    crm_user_column: Option<String>,
    /// By what: `id`, `email`, `username`, `other_id` or `employee_number`.
    crm_user_key: Option<String>,
    /// Leave out rows that name nobody for sure, instead of refusing the file.
    #[serde(default)]
    skip_unknown: bool,
    /// Why, for the change set.
    reason: Option<String>,
}

/// What a file of pairs would change, or changed, and how it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PairsPlan {
    /// All columns of the file.
    pub headers: Vec<String>,
    /// How many rows it has.
    pub rows: u64,
    /// The column that names people.
    pub person: PairColumn,
    /// The column that names CRM users.
    pub crm_user: PairColumn,
    /// Rows that are left out, because they name nobody for sure.
    pub skipped: Vec<FileProblem>,
    /// What changes.
    pub plan: MappingPlan,
    /// The number of the change set that was applied; `null` for a plan, and when all of it was
    /// true already.
    pub change_set: Option<u64>,
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PairColumn {
    /// Its header.
    pub name: String,
    /// By what it names its side.
    pub key: String,
    /// How many of its values name somebody.
    pub found: u64,
}

impl From<&mapping::PairsPlan> for PairsPlan {
    fn from(pairs: &mapping::PairsPlan) -> Self {
        Self {
            headers: pairs.headers.clone(),
            rows: pairs.rows as u64,
            person: PairColumn {
                name: pairs.person.name.clone(),
                key: pairs.person.key.as_str().to_owned(),
                found: pairs.person.found as u64,
            },
            crm_user: PairColumn {
                name: pairs.crm_user.name.clone(),
                key: pairs.crm_user.key.as_str().to_owned(),
                found: pairs.crm_user.found as u64,
            },
            skipped: pairs.skipped.iter().map(FileProblem::from).collect(),
            plan: MappingPlan::from(&pairs.plan),
            change_set: None,
        }
    }
}

/// Says what a file of pairs, out of any product, would change. Changes nothing.
///
/// The body is CSV with a header. One column names people, another CRM users; which, and by what,
/// is found out by looking the values up, and said in the answer.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/pairs/plan",
    tag = "Mapping",
    params(How),
    request_body(content((String = "text/csv"))),
    responses((status = 200, description = "What would change", body = PairsPlan))
)]
pub(super) async fn plan_pairs(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Query(how): Query<How>,
    body: RawBody,
) -> Result<Json<PairsPlan>> {
    let Caller { service, actor } = &caller;
    let pairs = service
        .plan_pairs(actor, &input(&path, &how, &body)?)
        .await?;
    Ok(Json(PairsPlan::from(&pairs)))
}

/// Makes a file of pairs true as one change set. All or nothing.
///
/// The body and the parameters are as for `POST /connections/{connection_id}/pairs/plan`. A person who is mapped to
/// somebody else now is mapped anew; mappings that have ended stay.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/pairs/apply",
    tag = "Mapping",
    params(How),
    request_body(content((String = "text/csv"))),
    responses((status = 200, description = "What was changed", body = PairsPlan))
)]
pub(super) async fn apply_pairs(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Query(how): Query<How>,
    body: RawBody,
) -> Result<Json<PairsPlan>> {
    let Caller { service, actor } = &caller;
    let pairs = service
        .plan_pairs(actor, &input(&path, &how, &body)?)
        .await?;
    pairs.plan.checked()?;
    let mut told = PairsPlan::from(&pairs);
    if !pairs.plan.is_empty() {
        let applied = service.apply_pairs(actor, pairs, how.reason).await?;
        told.change_set = Some(applied.number);
    }
    Ok(Json(told))
}

fn input<'b>(path: &ConnectionPath, how: &How, body: &'b RawBody) -> Result<PairsInput<'b>> {
    let person_key = how.person_key.as_deref().map(|text| {
        PersonKey::parse(text).ok_or_else(|| {
            unknown(
                "person_key",
                text,
                PersonKey::ALL.map(PersonKey::as_str).as_slice(),
            )
        })
    });
    let crm_user_key = how.crm_user_key.as_deref().map(|text| {
        CrmUserKey::parse(text).ok_or_else(|| {
            unknown(
                "crm_user_key",
                text,
                CrmUserKey::ALL.map(CrmUserKey::as_str).as_slice(),
            )
        })
    });
    Ok(PairsInput {
        bytes: &body.bytes,
        connection: path.connection_id,
        person_column: how.person_column.clone(),
        person_key: person_key.transpose()?,
        crm_user_column: how.crm_user_column.clone(),
        crm_user_key: crm_user_key.transpose()?,
        skip_unknown: how.skip_unknown,
    })
}

fn unknown(field: &str, text: &str, known: &[&str]) -> Failure {
    Failure::malformed(format!("{field}: `{text}` is none of {}", known.join(", ")))
}
