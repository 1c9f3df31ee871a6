//! Mappings: "this person is that CRM user", during a period.

mod apply;
mod create;
mod export;
mod get;
mod hand_over;
mod list;
mod pairs;
mod plan;
mod remove;

use counterpart_model::{Evidence as ModelEvidence, Person as ModelPerson, Timestamp};
use counterpart_service::Service;
use counterpart_service::mapping::MappingView;
use counterpart_store::mappings::MappingQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::connections::CrmUserBrief;
use crate::failure::{Failure, Result};
use crate::time::{Boundary, Moment};
use crate::words::MappingOrigin;

pub use pairs::{PairColumn, PairsPlan};
pub use plan::{FileProblem, MappingPlan, PlannedChange, PlannedKind};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_mappings, create::create_mapping))
        .routes(routes!(export::export_mappings))
        .routes(routes!(plan::plan_mappings))
        .routes(routes!(apply::apply_mappings))
        .routes(routes!(hand_over::hand_over))
        .routes(routes!(pairs::plan_pairs))
        .routes(routes!(pairs::apply_pairs))
        .routes(routes!(get::get_mapping, remove::remove_mapping))
}

/// Which mappings are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappingFilter {
    /// In this connection.
    connection: Option<Uuid>,
    /// Of this person.
    person: Option<Uuid>,
    /// To the CRM user of this id.
    crm_user: Option<String>,
    /// Holding at this instant: RFC 3339, or `now`. Every mapping, past and future ones too, if
    /// nothing is said.
    #[param(example = "now")]
    at: Option<String>,
}

impl MappingFilter {
    fn query(self, now: Timestamp) -> Result<MappingQuery> {
        Ok(MappingQuery {
            connection_id: self.connection.map(Into::into),
            person_id: self.person.map(Into::into),
            crm_user_id: self.crm_user.map(counterpart_model::CrmUserId),
            at: match self.at.as_deref() {
                None => None,
                Some("now") => Some(now),
                Some(text) => Some(
                    text.parse()
                        .map_err(|error| Failure::malformed(format!("at: {error}")))?,
                ),
            },
        })
    }
}

/// "This person is that CRM user", during a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mapping {
    /// Its id.
    id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// The connection's name.
    connection: String,
    /// Who.
    person_id: Uuid,
    /// Who, in short.
    person: Option<PersonBrief>,
    /// Is whom: the CRM's immutable id.
    crm_user_id: String,
    /// Is whom, in short; `null` when the CRM user was never synced.
    crm_user: Option<CrmUserBrief>,
    /// Since when, inclusive.
    from: Boundary,
    /// Until when, exclusive.
    to: Boundary,
    /// How it came to be.
    origin: MappingOrigin,
    /// Why, where a proposal was accepted.
    evidence: Vec<Evidence>,
    /// When the pair was last confirmed: made, or said to be still the same. `null` where that was
    /// not written down.
    confirmed_at: Option<Moment>,
    /// When it was written down.
    created_at: Moment,
    /// Grows by one with every change; the `ETag`.
    version: u64,
}

/// A person, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonBrief {
    /// Its id.
    id: Uuid,
    /// The id by which the platform or an HR system knows the person.
    external_id: Option<String>,
    /// The name as it is shown.
    display_name: String,
    /// The main e-mail address.
    email: Option<String>,
    /// Whether the person works here now.
    active: bool,
}

impl From<ModelPerson> for PersonBrief {
    fn from(person: ModelPerson) -> Self {
        Self {
            id: person.id.into(),
            external_id: person.external_id,
            display_name: person.profile.display_name,
            email: person.profile.emails.into_iter().next(),
            active: person.active,
        }
    }
}

/// One reason for or against a pair.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Evidence {
    /// What was compared, a stable word.
    #[schema(example = "email")]
    kind: String,
    /// The finding in words.
    words: String,
    /// How much it speaks for the pair (negative: against it), in bits (log₂ of the odds).
    weight: f64,
}

impl From<ModelEvidence> for Evidence {
    fn from(evidence: ModelEvidence) -> Self {
        Self {
            kind: evidence.kind,
            words: evidence.words,
            weight: evidence.weight,
        }
    }
}

impl From<MappingView> for Mapping {
    fn from(view: MappingView) -> Self {
        let mapping = view.mapping;
        Self {
            id: mapping.id.into(),
            connection_id: mapping.connection_id.into(),
            connection: view.connection,
            person_id: mapping.person_id.into(),
            person: view.person.map(PersonBrief::from),
            crm_user_id: mapping.crm_user_id.0,
            crm_user: view.crm_user.map(CrmUserBrief::from),
            from: mapping.period.from().into(),
            to: mapping.period.to().into(),
            origin: mapping.origin.into(),
            evidence: mapping.evidence.into_iter().map(Evidence::from).collect(),
            confirmed_at: mapping.witness.map(|witness| witness.at.into()),
            created_at: mapping.created_at.into(),
            version: mapping.version,
        }
    }
}
