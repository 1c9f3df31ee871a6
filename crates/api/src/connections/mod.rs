//! Connections: the connected systems of an organization.

mod change;
mod check;
mod consent;
mod create;
mod crm_users;
mod get;
mod list;
mod pause;
mod policy;
mod resume;
mod suite;
mod sync;
mod test;

use std::collections::BTreeMap;
use std::fmt;

use counterpart_connector::CheckReport;
use counterpart_model::{Connection as ModelConnection, ConnectionId};
use counterpart_service::Service;
use counterpart_service::connections::ConnectionInput;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::grid::ConnectionNumbers;
use crate::runs::Run;
use crate::time::Moment;
use crate::words::{Cardinality, ConnectionState, Environment, ProbeOutcome, Side};

pub(crate) use crm_users::{CrmUser, CrmUserBrief};

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_connections, create::create_connection))
        .routes(routes!(test::test_new_connection))
        .routes(routes!(suite::connect_suite))
        .routes(routes!(consent::finish_consent))
        .routes(routes!(get::get_connection, change::change_connection))
        .routes(routes!(test::test_connection))
        .routes(routes!(check::check_connection))
        .routes(routes!(consent::begin_consent))
        .routes(routes!(pause::pause_connection))
        .routes(routes!(resume::resume_connection))
        .routes(routes!(policy::change_policy))
        .routes(routes!(crm_users::list_crm_users))
        .routes(routes!(sync::sync_connection))
}

/// One connected system.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connection {
    /// Its id.
    id: Uuid,
    /// What it is called; unique in the organization.
    name: String,
    /// Which kind of system.
    provider: String,
    /// What its users are.
    side: Side,
    /// Whether it is for real.
    environment: Environment,
    /// Settings that are no secrets.
    settings: BTreeMap<String, String>,
    /// Which of its credentials are stored, by name. Their values are never shown.
    credentials: Vec<String>,
    /// Which sides may be mapped more than once at a time.
    cardinality: Cardinality,
    /// How careful it is.
    policy: policy::ConnectionPolicy,
    /// How it is.
    health: ConnectionHealth,
    /// Which organization of the vendor it leads to.
    remote_org: Option<RemoteOrg>,
    /// When it was made.
    created_at: Moment,
    /// When its users were last pulled to the end.
    synced_at: Option<Moment>,
    /// Grows by one with every change of its settings; the `ETag`.
    version: u64,
}

/// How a connection is, since when, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionHealth {
    /// The state.
    state: ConnectionState,
    /// Since when it has been in it.
    since: Moment,
    /// Why, as a code; `null` while all is well.
    code: Option<String>,
    /// Why, in words.
    detail: Option<String>,
    /// What to do about it.
    remedy: Option<&'static str>,
    /// How many syncs failed in a row.
    failures: u32,
    /// Since when they have failed, whatever the reasons.
    failing_since: Option<Moment>,
    /// When the schedule tries again; `null` when it works, and when it is not tried again before
    /// somebody mends it.
    next_try_at: Option<Moment>,
}

/// The vendor's organization behind a connection.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemoteOrg {
    /// The vendor's id of it.
    id: String,
    /// Its name there.
    name: Option<String>,
}

impl From<counterpart_model::connection::RemoteOrg> for RemoteOrg {
    fn from(org: counterpart_model::connection::RemoteOrg) -> Self {
        Self {
            id: org.id,
            name: org.name,
        }
    }
}

impl From<ModelConnection> for Connection {
    fn from(connection: ModelConnection) -> Self {
        let health = connection.health;
        let retry = health.retry;
        Self {
            id: connection.id.into(),
            name: connection.name,
            provider: connection.provider,
            side: connection.side.into(),
            environment: connection.environment.into(),
            settings: connection.settings,
            credentials: connection.credentials,
            cardinality: connection.cardinality.into(),
            policy: connection.policy.into(),
            health: ConnectionHealth {
                state: health.state.into(),
                since: health.since.into(),
                code: health.code.map(|code| code.to_string()),
                detail: health.detail,
                remedy: health.code.map(counterpart_model::Code::remedy),
                failures: retry.map_or(0, |retry| retry.failures),
                failing_since: retry
                    .filter(|retry| retry.failures > 0)
                    .map(|retry| retry.since.into()),
                next_try_at: retry.and_then(|retry| retry.next).map(Moment::from),
            },
            remote_org: connection.remote_org.map(RemoteOrg::from),
            created_at: connection.created_at.into(),
            synced_at: connection.synced_at.map(Moment::from),
            version: connection.version,
        }
    }
}

/// A connection with how its mapping stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionDetail {
    #[serde(flatten)]
    connection: Connection,
    /// How many people are in which situation there; `null` where users are not mapped.
    numbers: Option<ConnectionNumbers>,
    /// The newest run.
    last_run: Option<Run>,
}

/// What is written of a connection. What is left out stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionWrite {
    /// Which kind of system; needed for a new one, and never changes.
    provider: Option<String>,
    /// What it is called; the provider's title if nothing is said.
    name: Option<String>,
    /// Whether it is for real; found out if nothing is said and the vendor tells.
    environment: Option<Environment>,
    /// Settings by the names that `GET /providers` lists.
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// Credentials by the names that `GET /providers` lists. Write-only.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>, write_only)]
    credentials: BTreeMap<String, Credential>,
    /// Save it even when the test fails; its health then says why.
    #[serde(default)]
    untested: bool,
}

/// A credential on its way in. Never shown.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Credential(SecretString);

impl fmt::Debug for ConnectionWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionWrite")
            .field("provider", &self.provider)
            .field("name", &self.name)
            .field("credentials", &self.credentials.keys())
            .finish_non_exhaustive()
    }
}

impl ConnectionWrite {
    /// The form of a new connection.
    fn new_input(self, provider: String) -> ConnectionInput {
        ConnectionInput {
            existing: None,
            provider,
            name: self.name.unwrap_or_default(),
            environment: self.environment.map(counterpart_model::Environment::from),
            settings: self.settings,
            credentials: opened(self.credentials),
            untested: self.untested,
        }
    }

    /// The form of a connection that is there.
    fn input_for(self, standing: &ModelConnection) -> ConnectionInput {
        let existing: (ConnectionId, u64) = (standing.id, standing.version);
        ConnectionInput {
            existing: Some(existing),
            name: self.name.clone().unwrap_or_else(|| standing.name.clone()),
            environment: Some(
                self.environment
                    .map_or(standing.environment, counterpart_model::Environment::from),
            ),
            ..self.new_input(standing.provider.clone())
        }
    }
}

fn opened(credentials: BTreeMap<String, Credential>) -> BTreeMap<String, SecretString> {
    credentials
        .into_iter()
        .map(|(name, Credential(value))| (name, value))
        .collect()
}

/// What a test of a connection showed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Check {
    /// Whether every required probe passed.
    good: bool,
    /// Which organization of the vendor it leads to.
    remote_org: Option<RemoteOrg>,
    /// As whom it is signed in, in the vendor's words.
    signed_in_as: Option<String>,
    /// Whether that is a test environment, where the vendor or the address tells.
    environment: Option<Environment>,
    /// What each probe showed.
    probes: Vec<Probe>,
    /// How many seconds the vendor's clock is ahead of ours; negative: behind.
    clock_ahead_seconds: Option<i64>,
}

/// What one probe showed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Probe {
    /// Its name.
    name: String,
    /// What it shows, in a few words.
    title: String,
    /// Whether it went well.
    outcome: ProbeOutcome,
    /// What went wrong, as a code.
    code: Option<String>,
    /// What went wrong, in words.
    detail: Option<String>,
}

impl From<CheckReport> for Check {
    fn from(report: CheckReport) -> Self {
        Self {
            good: report.is_good(),
            remote_org: report.org.map(RemoteOrg::from),
            signed_in_as: report.signed_in_as,
            environment: report.environment.map(Environment::from),
            probes: report
                .probes
                .into_iter()
                .map(|probe| Probe {
                    name: probe.name,
                    title: probe.title,
                    outcome: probe.outcome.into(),
                    code: probe.code.map(|code| code.to_string()),
                    detail: probe.detail,
                })
                .collect(),
            clock_ahead_seconds: report.clock_ahead_seconds,
        }
    }
}
