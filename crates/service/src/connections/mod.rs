//! Connecting CRMs: forms, tests, credentials, health.

mod consent;
mod credentials;
mod health;
mod opening;
mod policy;
mod saving;
mod sessions;
mod suites;

pub use consent::{SignedIn, connection_of_state};
pub(crate) use opening::Opened;
pub use suites::{Suite, SuiteInput, SuiteProduct};

use counterpart_model::{Code, Connection, ConnectionId, Run};
use counterpart_store::runs::Begun;

pub(crate) use health::health_after;
pub use saving::{ConnectionInput, TestReport};

use crate::mapping::ConnectionCounts;
use crate::{Actor, Error, Result, Service};

/// Credentials whose names begin like this are kept by the service itself, not by a form.
const OWN: char = '_';

/// The name under which a connection's session is kept.
const SESSION: &str = "_session";

/// A connection with what a page about it shows.
#[derive(Debug, Clone)]
pub struct ConnectionView {
    /// The connection.
    pub connection: Connection,
    /// How many people are in which situation there; `None` where users are not mapped.
    pub counts: Option<ConnectionCounts>,
    /// The newest run.
    pub last_run: Option<Run>,
}

impl Service {
    /// The connections of the actor's organization, without the built-in directory, by time of
    /// making.
    pub async fn list_connections(&self, actor: &Actor) -> Result<Vec<Connection>> {
        let mut all = self.store().list_connections(actor.organization()).await?;
        all.retain(|connection| connection.provider != counterpart_model::connection::DIRECTORY);
        for connection in &mut all {
            connection.credentials.retain(|name| !name.starts_with(OWN));
        }
        Ok(all)
    }

    /// A connection with what a page about it shows.
    pub async fn connection_view(&self, actor: &Actor, id: ConnectionId) -> Result<ConnectionView> {
        let mut connection = self.connection(actor, id).await?;
        connection.credentials.retain(|name| !name.starts_with(OWN));
        let counts = self
            .overview(actor, Some(id))
            .await?
            .connections
            .into_iter()
            .find(|counts| counts.connection.id == id);
        let last_run = self
            .store()
            .list_runs(
                actor.organization(),
                id,
                &counterpart_model::PageRequest::first(1),
            )
            .await?
            .items
            .into_iter()
            .next();
        Ok(ConnectionView {
            connection,
            counts,
            last_run,
        })
    }

    /// The connection of a name or id. Names are compared by their folded form.
    pub async fn connection_named(&self, actor: &Actor, name: &str) -> Result<Connection> {
        let key = counterpart_model::folding::fold(name);
        let all = self.list_connections(actor).await?;
        let names: Vec<String> = all
            .iter()
            .map(|connection| connection.name.clone())
            .collect();
        all.into_iter()
            .find(|connection| {
                connection.id.to_string() == name
                    || counterpart_model::folding::fold(&connection.name) == key
            })
            .ok_or_else(|| {
                let detail = if names.is_empty() {
                    format!("there is no connection `{name}`; there are none yet")
                } else {
                    format!(
                        "there is no connection `{name}`; there are {}",
                        names.join(", ")
                    )
                };
                Error::new(Code::RequestNotFound, detail)
            })
    }
}

/// The run that has begun, or the error that another is under way.
pub(crate) fn begun(begun: Begun) -> Result<(Run, bool)> {
    match begun {
        Begun::Started(run) => Ok((run, false)),
        Begun::Resumed(run) => Ok((run, true)),
        Begun::Busy(run) => Err(Error::new(
            Code::ConnectionBusy,
            format!(
                "a sync is under way since {}; {} pages are read",
                run.started_at, run.pages
            ),
        )),
    }
}
