//! Reading the log of events: for whoever would rather ask than be told.

use counterpart_model::{Code, LoggedEvent, paging::LARGEST_PAGE};
use counterpart_store::events::EventSpan;

use crate::{Actor, Error, Result, Service};

/// A part of the log.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// The events, oldest first.
    pub events: Vec<LoggedEvent>,
    /// Where to go on: the sequence of the last event here, or where one began.
    pub cursor: u64,
    /// Whether there is more behind the cursor already.
    pub more: bool,
}

impl Service {
    /// At most `limit` events behind `after`, oldest first; from the oldest that is kept when
    /// nothing is said. A place that lies outside of the log is an error
    /// ([`Code::EventCursorUnknown`]): events may have been missed.
    pub async fn list_events(
        &self,
        actor: &Actor,
        after: Option<u64>,
        limit: u32,
    ) -> Result<EventPage> {
        let organization = actor.organization();
        let span = self.store().event_span(organization).await?;
        let after = match after {
            Some(after) => {
                refuse_outside(span, after)?;
                after
            }
            None => oldest_cursor(span),
        };
        let limit = limit.clamp(1, LARGEST_PAGE);
        let events = self.store().list_events(organization, after, limit).await?;
        let cursor = events.last().map_or(after, |event| event.sequence);
        Ok(EventPage {
            events,
            cursor,
            more: cursor < span.newest,
        })
    }

    /// The cursor behind everything that has happened until now.
    pub async fn event_cursor(&self, actor: &Actor) -> Result<u64> {
        let span = self.store().event_span(actor.organization()).await?;
        Ok(span.newest)
    }
}

/// The cursor before the oldest event that is kept.
const fn oldest_cursor(span: EventSpan) -> u64 {
    match span.oldest {
        Some(oldest) => oldest.saturating_sub(1),
        None => span.newest,
    }
}

/// Fails unless every event behind `cursor` is still there.
pub(super) fn refuse_outside(span: EventSpan, cursor: u64) -> Result<()> {
    let oldest = oldest_cursor(span);
    if (oldest..=span.newest).contains(&cursor) {
        return Ok(());
    }
    Err(Error::new(
        Code::EventCursorUnknown,
        format!(
            "there is no cursor {cursor}; the log goes from {oldest} to {}",
            span.newest
        ),
    ))
}
