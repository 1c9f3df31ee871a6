//! `GET /people/{person_id}/connections/{connection_id}/candidates`

use counterpart_service::mapping::Candidate as ServiceCandidate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::connections::CrmUser;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::mappings::PersonBrief;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::CellPath;

/// Which candidates are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Words that must all occur; without them, those that the matcher finds likeliest come.
    #[serde(default)]
    search: String,
    /// Deactivated and gone ones too.
    #[serde(default)]
    inactive: bool,
}

/// A CRM user that could be chosen for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Candidate {
    /// The CRM user.
    crm_user: CrmUser,
    /// Whom it is mapped to now.
    mapped_to: Option<PersonBrief>,
    /// How probable the pair is, 0 to 1, where the matcher has looked at it.
    score: Option<f64>,
}

impl From<ServiceCandidate> for Candidate {
    fn from(candidate: ServiceCandidate) -> Self {
        Self {
            crm_user: candidate.crm_user.into(),
            mapped_to: candidate.mapped_to.map(PersonBrief::from),
            score: candidate.score,
        }
    }
}

/// The CRM users that could be chosen for a person in a connection.
#[utoipa::path(
    get,
    path = "/people/{person_id}/connections/{connection_id}/candidates",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of candidates", body = PageOf<Candidate>))
)]
pub(super) async fn list_candidates(
    caller: Caller,
    Path(path): Path<CellPath>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<Candidate>> {
    let page = caller
        .service
        .candidates(
            &caller.actor,
            path.connection_id,
            path.person_id,
            &filter.search,
            filter.inactive,
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page))
}
