//! Drift: mappings that hold but may be true no longer, and what puts them right.

mod get_policies;
mod list;
mod repair;
mod set_policies;

use std::collections::BTreeMap;

use counterpart_model::Drift as ModelDrift;
use counterpart_service::Service;
use counterpart_service::drift::{DriftView, repairs_of};
use counterpart_store::drift::DriftCount;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::connections::CrmUserBrief;
use crate::mappings::PersonBrief;
use crate::time::Moment;
use crate::words::{DriftCause, DriftPolicy, DriftSeverity, Repair};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_drift))
        .routes(routes!(repair::repair_drift))
        .routes(routes!(
            get_policies::get_drift_policies,
            set_policies::set_drift_policies
        ))
}

/// Why a mapping that holds now may be true no longer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Drift {
    /// Of which mapping.
    mapping_id: Uuid,
    /// In which version the mapping is.
    mapping_version: u64,
    /// In which connection.
    connection_id: Uuid,
    /// The connection's name.
    connection: String,
    /// Who is mapped.
    person: Option<PersonBrief>,
    /// To whom: the CRM's id.
    crm_user_id: String,
    /// To whom, in short; `null` when the CRM user was never synced.
    crm_user: Option<CrmUserBrief>,
    /// Why.
    #[serde(flatten)]
    why: DriftFound,
    /// Whether it is the most specific cause of the mapping.
    primary: bool,
    /// The other CRM user it is about, such as the one that has the address now.
    other: Option<CrmUserBrief>,
}

/// A cause of drift with what puts it right.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DriftFound {
    /// Why.
    cause: DriftCause,
    /// How bad it is.
    severity: DriftSeverity,
    /// What was seen, in words.
    detail: String,
    /// Since when it is known.
    since: Moment,
    /// What puts it right, the likeliest first.
    repairs: Vec<Repair>,
}

impl From<&ModelDrift> for DriftFound {
    fn from(drift: &ModelDrift) -> Self {
        Self {
            cause: drift.cause.into(),
            severity: drift.cause.severity().into(),
            detail: drift.detail.clone(),
            since: drift.since.into(),
            repairs: repairs_of(drift).into_iter().map(Repair::from).collect(),
        }
    }
}

impl From<DriftView> for Drift {
    fn from(view: DriftView) -> Self {
        Self {
            mapping_id: view.mapping.id.into(),
            mapping_version: view.mapping.version,
            connection_id: view.mapping.connection_id.into(),
            connection: view.connection,
            person: view.person.map(PersonBrief::from),
            crm_user_id: view.mapping.crm_user_id.0,
            crm_user: view.crm_user.map(CrmUserBrief::from),
            why: DriftFound::from(&view.drift),
            primary: view.drift.primary,
            other: view.other.map(CrmUserBrief::from),
        }
    }
}

/// How many mappings drift for a cause, the most specific of each counted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DriftNumber {
    /// In which connection.
    connection_id: Uuid,
    /// Why.
    cause: DriftCause,
    /// How many.
    mappings: u64,
}

impl From<&DriftCount> for DriftNumber {
    fn from(count: &DriftCount) -> Self {
        Self {
            connection_id: count.connection_id.into(),
            cause: count.cause.into(),
            mappings: count.mappings,
        }
    }
}

/// What happens when a mapping of a connection drifts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DriftPolicies {
    /// By cause; `propose` where nothing is said.
    policies: BTreeMap<String, DriftPolicy>,
}

impl From<counterpart_model::DriftPolicies> for DriftPolicies {
    fn from(policies: counterpart_model::DriftPolicies) -> Self {
        let named = policies.named();
        Self {
            policies: named
                .map(|(cause, policy)| (cause.as_str().to_owned(), policy.into()))
                .collect(),
        }
    }
}
