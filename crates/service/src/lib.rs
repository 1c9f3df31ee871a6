//! The use cases of Counterpart: who may do what, and how it is done.
//!
//! Every edge (REST, portal, command line) calls [`Service`] and nothing below it. The service is
//! the only opener of transactions; it sees the database as `dyn Store` and CRMs as
//! `dyn Connector`, and never awaits the network inside a unit of work.
//!
//! One folder per use case. They meet through the model and the store, not through each other:
//!
//! - [`access`]: accounts, sessions, tokens, roles, organizations
//! - [`people`]: the organization's people, by hand and by file
//! - [`connections`]: connecting CRMs, their credentials and health
//! - [`sync`]: pulling users, page by page, with brakes
//! - [`mapping`]: proposals, decisions, drafts, change sets, the grid
//! - [`matching`]: what the matcher goes by, and what a change of that would do
//! - [`review`]: the cases in which somebody has to decide, and what was decided in similar ones
//! - `reconcile`: keeping proposals, drift and situations true behind every change
//! - [`webhooks`]: the log of events, who is told of them, and telling them
//! - [`resolve`]: who is whom at an instant
//! - [`checks`]: whether connections, and people's accounts there, do what they have to
//! - [`drift`]: mappings that may be true no longer, and what puts them right

use std::sync::Arc;

use counterpart_connector::Registry;
use counterpart_model::{Clock, Entropy};
use counterpart_outbound::{Client, Vault};
use counterpart_store::Store;
use tokio::sync::{Notify, broadcast};

pub mod access;
pub mod checks;
pub mod connections;
pub mod drift;
pub mod error;
pub mod events;
pub mod mapping;
pub mod matching;
pub mod people;
mod reconcile;
pub mod resolve;
pub mod review;
pub mod sync;
pub mod webhooks;

pub use access::Actor;
pub use error::{Error, Kind, Result};
pub use events::Event;

/// What the service is made of; the binary puts it together.
pub struct Parts {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The connectors there are.
    pub connectors: Arc<Registry>,
    /// The only way out.
    pub client: Client,
    /// Seals and opens secrets.
    pub vault: Vault,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
}

/// The use cases. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Service {
    parts: Arc<Parts>,
    events: broadcast::Sender<Event>,
    /// Wakes the delivery of events before its time.
    deliveries: Arc<Notify>,
    /// Wakes what is left for later before its time.
    reconciling: Arc<Notify>,
    /// What evaluations keep in memory.
    rooms: Arc<reconcile::Rooms>,
    /// Pairs of people and CRM users up to which everybody is looked at while somebody waits.
    settled_at_once: u64,
    /// Tells this process from others in leases.
    holder: Arc<str>,
}

/// How many events a slow listener may lag behind before it misses some and reloads.
const EVENTS_KEPT: usize = 256;

/// Pairs of people and CRM users of a connection up to which everybody is looked at while somebody
/// waits for a change: 500 of each, which takes some hundredths of a second.
const SETTLED_AT_ONCE: u64 = 500 * 500;

impl Service {
    /// The service made of `parts`.
    pub fn new(parts: Parts) -> Self {
        let holder = access::random_text(parts.entropy.as_ref());
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        Self {
            parts: Arc::new(parts),
            events,
            deliveries: Arc::default(),
            reconciling: Arc::default(),
            rooms: Arc::default(),
            settled_at_once: SETTLED_AT_ONCE,
            holder: holder.into(),
        }
    }

    /// Looks at everybody of a connection behind every change while somebody waits, up to so many
    /// pairs of people and CRM users; beyond, only at whom the change concerns. Without this it is
    /// a quarter of a million.
    #[must_use]
    pub fn settling_at_once(mut self, pairs: u64) -> Self {
        self.settled_at_once = pairs;
        self
    }

    /// Whether the service can do its work now.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.store().ping().await?)
    }

    /// The present instant, by the service's clock.
    pub fn now(&self) -> counterpart_model::Timestamp {
        self.parts.clock.now()
    }

    /// The connectors there are.
    pub fn connectors(&self) -> &Registry {
        &self.parts.connectors
    }

    fn store(&self) -> &dyn Store {
        self.parts.store.as_ref()
    }

    fn clock(&self) -> &dyn Clock {
        self.parts.clock.as_ref()
    }

    fn entropy(&self) -> &dyn Entropy {
        self.parts.entropy.as_ref()
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("holder", &self.holder)
            .finish_non_exhaustive()
    }
}
