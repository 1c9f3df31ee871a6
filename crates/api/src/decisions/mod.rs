//! Decisions: what somebody said once and need not say again.

mod create;
mod list;
mod withdraw;

use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::{Boundary, Moment};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_decisions, create::create_decision))
        .routes(routes!(withdraw::withdraw_decision))
}

/// A lasting decision in one connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decision {
    /// Its id.
    id: Uuid,
    /// In which connection.
    connection_id: Uuid,
    /// What was decided: `not_this_pair`, `no_account`, `not_a_person` or `shared_seat`.
    kind: &'static str,
    /// The person it is about, if it is about one.
    person_id: Option<Uuid>,
    /// The CRM user it is about, if it is about one.
    crm_user_id: Option<String>,
    /// Why, in the decider's words.
    reason: Option<String>,
    /// Until when it holds.
    expires_at: Boundary,
    /// When it was made.
    created_at: Moment,
    /// Grows by one with every change.
    version: u64,
}

impl From<counterpart_model::Decision> for Decision {
    fn from(decision: counterpart_model::Decision) -> Self {
        Self {
            id: decision.id.into(),
            connection_id: decision.connection_id.into(),
            kind: decision.kind.as_str(),
            person_id: decision.kind.person_id().map(Uuid::from),
            crm_user_id: decision.kind.crm_user_id().map(|id| id.0.clone()),
            reason: decision.reason,
            expires_at: decision.expires_at.into(),
            created_at: decision.created_at.into(),
            version: decision.version,
        }
    }
}
