//! The log of events: what happened, in the order in which it became true.

mod cursor;
mod list;

use counterpart_model::{LoggedEvent, OrganizationId, event::EVENT_VERSION};
use counterpart_service::Service;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_events))
        .routes(routes!(cursor::event_cursor))
}

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) enum EventType {
    /// Mappings were made, changed or removed.
    #[serde(rename = "mapping.changed")]
    MappingChanged,
    /// The matcher suggests somebody it did not suggest before.
    #[serde(rename = "proposal.opened")]
    ProposalOpened,
    /// Mappings may no longer be true.
    #[serde(rename = "drift.found")]
    DriftFound,
    /// A connection is in another state.
    #[serde(rename = "connection.state")]
    ConnectionState,
}

impl From<counterpart_model::EventKind> for EventType {
    fn from(kind: counterpart_model::EventKind) -> Self {
        match kind {
            counterpart_model::EventKind::MappingChanged => Self::MappingChanged,
            counterpart_model::EventKind::ProposalOpened => Self::ProposalOpened,
            counterpart_model::EventKind::DriftFound => Self::DriftFound,
            counterpart_model::EventKind::ConnectionState => Self::ConnectionState,
        }
    }
}

impl From<EventType> for counterpart_model::EventKind {
    fn from(kind: EventType) -> Self {
        match kind {
            EventType::MappingChanged => Self::MappingChanged,
            EventType::ProposalOpened => Self::ProposalOpened,
            EventType::DriftFound => Self::DriftFound,
            EventType::ConnectionState => Self::ConnectionState,
        }
    }
}

/// Something that happened; what webhooks are sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Event {
    /// The id of the message that tells of it, the same however often it is sent.
    id: String,
    /// What it tells of.
    r#type: EventType,
    /// The version of the form of `data`. Fields may be added within a version.
    version: u32,
    /// When it happened.
    timestamp: Moment,
    /// The organization.
    organization_id: Uuid,
    /// Its place in the log, from 1, without gaps: a cursor.
    sequence: u64,
    /// What happened, as the type says; see the documentation of webhooks.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

impl Event {
    fn of(organization: OrganizationId, event: LoggedEvent) -> Self {
        Self {
            id: event.message_id(organization),
            r#type: event.kind.into(),
            version: EVENT_VERSION,
            timestamp: event.at.into(),
            organization_id: organization.into(),
            sequence: event.sequence,
            data: event.data,
        }
    }
}
