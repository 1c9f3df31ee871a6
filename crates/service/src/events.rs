//! What happens while somebody looks: a wake-up for open pages, never the truth itself.

use counterpart_model::{ConnectionId, OrganizationId, Run};
use tokio::sync::broadcast;

use crate::{Actor, Service};

/// Something happened in an organization. Listeners read what is true now from the service.
#[derive(Debug, Clone)]
pub enum Event {
    /// A run got further, or ended.
    Run {
        /// In which organization.
        organization_id: OrganizationId,
        /// The run as it is now.
        run: Box<Run>,
    },
    /// Mappings, proposals or people changed.
    Mapping {
        /// In which organization.
        organization_id: OrganizationId,
    },
    /// A connection was added, changed, or is in another state.
    Connection {
        /// In which organization.
        organization_id: OrganizationId,
        /// Which connection.
        connection_id: ConnectionId,
    },
}

impl Event {
    /// The organization in which it happened.
    pub const fn organization_id(&self) -> OrganizationId {
        match self {
            Self::Run {
                organization_id, ..
            }
            | Self::Mapping { organization_id }
            | Self::Connection {
                organization_id, ..
            } => *organization_id,
        }
    }
}

/// The events of one organization, from now on.
#[derive(Debug)]
pub struct Listener {
    organization_id: OrganizationId,
    events: broadcast::Receiver<Event>,
}

/// What a listener hears next.
#[derive(Debug)]
pub enum Heard {
    /// An event.
    Event(Event),
    /// Some events were missed: read everything anew.
    Missed,
}

impl Listener {
    /// Waits for the next event of the organization; `None` when the service ends.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            match self.events.recv().await {
                Ok(event) if event.organization_id() == self.organization_id => {
                    return Some(Heard::Event(event));
                }
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(Heard::Missed),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Service {
    /// Listens to what happens in the actor's organization from now on.
    pub fn listen(&self, actor: &Actor) -> Listener {
        Listener {
            organization_id: actor.organization(),
            events: self.events.subscribe(),
        }
    }

    /// Tells whoever listens; nobody listening is no error.
    pub(crate) fn tell(&self, event: Event) {
        drop(self.events.send(event));
    }
}
