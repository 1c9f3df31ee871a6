//! When the matcher last looked at whom, and what has changed since. Written in a unit of work.

use async_trait::async_trait;
use counterpart_model::{ConnectionId, OrganizationId, Timestamp};

use crate::Result;

/// How far the proposals and the drift of a connection follow what is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluation {
    /// Of which connection.
    pub connection_id: ConnectionId,
    /// When everybody was last looked at together; `None` for never.
    pub evaluated_at: Option<Timestamp>,
    /// Since when something has changed that nobody has looked at; `None` when there is nothing.
    pub stale_since: Option<Timestamp>,
    /// How many changes that are.
    pub open_changes: u64,
}

impl Evaluation {
    /// That of a connection of which nothing is noted.
    pub const fn none(connection: ConnectionId) -> Self {
        Self {
            connection_id: connection,
            evaluated_at: None,
            stale_since: None,
            open_changes: 0,
        }
    }
}

/// An evaluation that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluated {
    /// How many of the open changes it has seen: those that were open before it read anything.
    pub changes: u64,
    /// When it began, if it looked at everybody.
    pub everybody_at: Option<Timestamp>,
}

/// Evaluations, for reading.
#[async_trait]
pub trait Evaluations {
    /// The evaluations of all connections of which something is noted, by connection.
    async fn list_evaluations(&self, organization: OrganizationId) -> Result<Vec<Evaluation>>;
}
