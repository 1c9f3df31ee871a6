//! `GET /people/{person_id}/connections/{connection_id}/why`

use axum::Json;
use counterpart_model::{CrmUser as ModelUser, Evidence as ModelEvidence};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::connections::CrmUser;
use crate::failure::Result;
use crate::input::Path;
use crate::mappings::Evidence;
use crate::path::CellPath;

/// Why something is proposed for a person in a connection, or nothing is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Why {
    /// Who.
    person_id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// Who is proposed.
    proposal: Option<Explained>,
    /// Whether the proposal is certain.
    certain: bool,
    /// Whether another CRM user fits about as well.
    ambiguous: bool,
    /// Who else was considered, best first.
    others: Vec<Explained>,
    /// Why nobody is proposed, in words; empty when somebody is.
    unmatched: Vec<String>,
}

/// A CRM user with what speaks for and against it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Explained {
    /// The CRM user.
    crm_user: CrmUser,
    /// How probable, 0 to 1.
    score: f64,
    /// Why and why not.
    evidence: Vec<Evidence>,
}

impl Explained {
    fn new((crm_user, score, evidence): (ModelUser, f64, Vec<ModelEvidence>)) -> Self {
        Self {
            crm_user: crm_user.into(),
            score,
            evidence: evidence.into_iter().map(Evidence::from).collect(),
        }
    }
}

/// Why something is proposed for a person in a connection, or nothing is.
#[utoipa::path(
    get,
    path = "/people/{person_id}/connections/{connection_id}/why",
    tag = "Mapping",
    responses((status = 200, description = "The reasons", body = Why))
)]
pub(super) async fn explain_proposal(
    caller: Caller,
    Path(path): Path<CellPath>,
) -> Result<Json<Why>> {
    let found = caller
        .service
        .why(&caller.actor, path.connection_id, path.person_id)
        .await?;
    let proposal = found.proposal.as_ref().map(|(proposal, _)| proposal);
    Ok(Json(Why {
        person_id: path.person_id.into(),
        connection_id: path.connection_id.into(),
        certain: proposal.is_some_and(|proposal| proposal.certain),
        ambiguous: proposal.is_some_and(|proposal| proposal.ambiguous),
        proposal: found
            .proposal
            .map(|(proposal, user)| Explained::new((user, proposal.score, proposal.evidence))),
        others: found.others.into_iter().map(Explained::new).collect(),
        unmatched: found.unmatched,
    }))
}
