//! `GET /proposals`

use counterpart_model::Proposal as ModelProposal;
use counterpart_store::mappings::ProposalQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::mappings::Evidence;
use crate::paging::{Listed, PageOf, Paging, PagingParams};

/// Which proposals are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// In this connection.
    connection: Option<Uuid>,
    /// Only those that may be accepted together.
    #[serde(default)]
    certain: bool,
}

/// What the matcher suggests for a person in a connection.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Proposal {
    /// In which connection.
    connection_id: Uuid,
    /// For whom.
    person_id: Uuid,
    /// The best fit: the CRM's id.
    crm_user_id: String,
    /// How probable, 0 to 1.
    score: f64,
    /// Whether it may be accepted together with all other certain ones.
    certain: bool,
    /// Whether another CRM user fits about as well, so that somebody has to choose.
    ambiguous: bool,
    /// Why.
    evidence: Vec<Evidence>,
    /// Who else was considered, best first.
    rivals: Vec<Rival>,
}

/// Another CRM user that was considered for the same person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rival {
    /// Who: the CRM's id.
    crm_user_id: String,
    /// How probable, 0 to 1.
    score: f64,
    /// Why and why not.
    evidence: Vec<Evidence>,
}

impl From<ModelProposal> for Proposal {
    fn from(proposal: ModelProposal) -> Self {
        let rivals = proposal.rivals.into_iter().map(|rival| Rival {
            crm_user_id: rival.crm_user_id.0,
            score: rival.score,
            evidence: rival.evidence.into_iter().map(Evidence::from).collect(),
        });
        Self {
            connection_id: proposal.connection_id.into(),
            person_id: proposal.person_id.into(),
            crm_user_id: proposal.crm_user_id.0,
            score: proposal.score,
            certain: proposal.certain,
            ambiguous: proposal.ambiguous,
            evidence: proposal.evidence.into_iter().map(Evidence::from).collect(),
            rivals: rivals.collect(),
        }
    }
}

/// What the matcher suggests now, by connection and person.
#[utoipa::path(
    get,
    path = "/proposals",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of proposals", body = PageOf<Proposal>))
)]
pub(super) async fn list_proposals(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<Proposal>> {
    let query = ProposalQuery {
        connection_id: filter.connection.map(Into::into),
        certain_only: filter.certain,
    };
    let page = caller
        .service
        .list_proposals(&caller.actor, &query, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
