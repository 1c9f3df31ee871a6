//! `GET /review`

use counterpart_model::Page;
use counterpart_service::review::{
    ReviewCandidate as ServiceCandidate, ReviewCase as ServiceCase, Tally,
};
use counterpart_store::review::ReviewQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::caller::Caller;
use crate::connections::CrmUser;
use crate::drift::Drift;
use crate::failure::Result;
use crate::input::Query;
use crate::mappings::{Evidence, PersonBrief};
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::words::{ReviewOrder, Situation};

/// Which cases are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// In this connection.
    connection: Option<Uuid>,
    /// Only those that are `drifted`, `ambiguous` or `proposed`.
    situation: Option<Situation>,
    /// In which order.
    #[param(inline)]
    order: Option<ReviewOrder>,
}

/// A case that somebody has to decide: a mapping that drifted, or a proposal that is not certain.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReviewCase {
    /// Why it is here: `drifted`, `ambiguous` or `proposed`.
    situation: Situation,
    /// In which connection.
    connection_id: Uuid,
    /// The connection's name.
    connection: String,
    /// Who.
    person: PersonBrief,
    /// Who the person may be, the likeliest first; empty for what drifted.
    candidates: Vec<ReviewCandidate>,
    /// What drifted, for the most specific reason; `null` for the others.
    drift: Option<Drift>,
}

/// A CRM user that could be a person's.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReviewCandidate {
    /// The CRM user.
    crm_user: CrmUser,
    /// How probable the pair is, 0 to 1.
    score: f64,
    /// Why and why not.
    evidence: Vec<Evidence>,
    /// How pairs that were alike in the same way ended lately in this connection.
    similar: Vec<SimilarCases>,
}

/// How pairs that were alike in one way ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SimilarCases {
    /// In what they were alike: `same_email`, `same_local_part`, `same_number`, `same_name`,
    /// `other_given_name` or `other_family_name`.
    likeness: String,
    /// The same in words.
    words: String,
    /// How many were accepted.
    accepted: u64,
    /// How many were rejected.
    rejected: u64,
}

impl From<Tally> for SimilarCases {
    fn from(tally: Tally) -> Self {
        Self {
            likeness: tally.likeness.as_str().to_owned(),
            words: tally.likeness.to_string(),
            accepted: tally.accepted,
            rejected: tally.rejected,
        }
    }
}

impl From<ServiceCandidate> for ReviewCandidate {
    fn from(candidate: ServiceCandidate) -> Self {
        Self {
            crm_user: candidate.crm_user.into(),
            score: candidate.score,
            evidence: candidate.evidence.into_iter().map(Into::into).collect(),
            similar: candidate.similar.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ServiceCase> for ReviewCase {
    fn from(case: ServiceCase) -> Self {
        Self {
            situation: case.situation.into(),
            connection_id: case.connection.id.into(),
            connection: case.connection.name,
            person: case.person.into(),
            candidates: case.candidates.into_iter().map(Into::into).collect(),
            drift: case.drift.map(Drift::from),
        }
    }
}

/// The cases in which somebody has to decide, with what was decided in similar ones.
///
/// Accept by `POST /mappings`, reject by `POST /decisions`, and put right what drifted by
/// `POST /drift/{mapping_id}/repair`.
#[utoipa::path(
    get,
    path = "/review",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of cases", body = PageOf<ReviewCase>))
)]
pub(super) async fn list_review(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<ReviewCase>> {
    let query = ReviewQuery {
        connection_id: filter.connection.map(Into::into),
        situation: filter.situation.map(Into::into),
        order: filter.order.map(Into::into).unwrap_or_default(),
    };
    let found = caller
        .service
        .review_queue(&caller.actor, &query, &paging.request)
        .await?;
    Ok(paging.answer(Page {
        items: found.cases,
        next: found.next,
    }))
}
