//! The ids that stand in paths.

use counterpart_model::{
    ConnectionId, DecisionId, MappingId, PersonId, RunId, SavedViewId, SystemCheckId, TokenId,
    WebhookId,
};
use serde::Deserialize;

/// `/people/{person_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct PersonPath {
    pub(crate) person_id: PersonId,
}

/// `/people/{person_id}/connections/{connection_id}`: a person in a connection.
#[derive(Debug, Deserialize)]
pub(crate) struct CellPath {
    pub(crate) person_id: PersonId,
    pub(crate) connection_id: ConnectionId,
}

/// `/connections/{connection_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ConnectionPath {
    pub(crate) connection_id: ConnectionId,
}

/// `/runs/{run_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct RunPath {
    pub(crate) run_id: RunId,
}

/// `/mappings/{mapping_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct MappingPath {
    pub(crate) mapping_id: MappingId,
}

/// `/decisions/{decision_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct DecisionPath {
    pub(crate) decision_id: DecisionId,
}

/// `/change-sets/{number}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangeSetPath {
    pub(crate) number: u64,
}

/// `/tokens/{token_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct TokenPath {
    pub(crate) token_id: TokenId,
}

/// `/webhooks/{webhook_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct WebhookPath {
    pub(crate) webhook_id: WebhookId,
}

/// `/system-checks/{check_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct CheckPath {
    pub(crate) check_id: SystemCheckId,
}

/// `/connections/{connection_id}/crm-users/{crm_user_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct CrmUserPath {
    pub(crate) connection_id: ConnectionId,
    pub(crate) crm_user_id: String,
}

/// `/saved-views/{view_id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct ViewPath {
    pub(crate) view_id: SavedViewId,
}
