//! The log of events, for reading. It is written by the store itself, in the transaction of what
//! it tells of: by [`crate::UnitOfWork::apply_change_set`],
//! [`crate::UnitOfWork::refresh_situations`] and [`crate::Connections::note_health`]; and by
//! [`crate::UnitOfWork::append_events`] for whatever else has happened.

use async_trait::async_trait;
use counterpart_model::{LoggedEvent, OrganizationId, Timestamp};

use crate::Result;

/// Which part of the log there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSpan {
    /// The sequence of the oldest event that is kept; `None` when none is.
    pub oldest: Option<u64>,
    /// The sequence of the newest event there ever was; 0 when there was none.
    pub newest: u64,
}

/// The log of events.
#[async_trait]
pub trait Events {
    /// At most `most` events behind the one of sequence `after`, in their order.
    async fn list_events(
        &self,
        organization: OrganizationId,
        after: u64,
        most: u32,
    ) -> Result<Vec<LoggedEvent>>;

    /// Which part of the log there is.
    async fn event_span(&self, organization: OrganizationId) -> Result<EventSpan>;

    /// Forgets events and attempts to deliver that are older than `before`; how many events.
    async fn forget_events(&self, organization: OrganizationId, before: Timestamp) -> Result<u64>;
}
