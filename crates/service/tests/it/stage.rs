//! A connection to an emulated CRM, synced and mapped, that can be made to go wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use counterpart_connector::{
    Access, Capabilities, Capability, CheckReport, Connector, ConnectorError, FieldProblem,
    ListScope, Registry, Settled, UserPage,
};
use counterpart_emulators::{Fault, FaultPlace, FaultSwitch, Options, Running, start};
use counterpart_manifest::Manifest;
use counterpart_model::{Connection, ConnectionId, CrmUserId, PageRequest, Run};
use counterpart_service::sync::SyncMode;
use counterpart_store::crm_users::CrmUserCount;

use crate::world::World;

const INTERVAL: Duration = Duration::from_mins(15);
/// In seconds.
pub(crate) const DAY: i64 = 24 * 60 * 60;

/// A real connector of a CRM that cannot be asked for one user, so that the brakes stand alone.
struct ListsOnly(Arc<dyn Connector>);

#[async_trait]
impl Connector for ListsOnly {
    fn manifest(&self) -> &Manifest {
        self.0.manifest()
    }

    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
        self.0.normalise(settings)
    }

    fn missing_credentials(
        &self,
        settings: &BTreeMap<String, String>,
        present: &BTreeSet<String>,
    ) -> Vec<FieldProblem> {
        self.0.missing_credentials(settings, present)
    }

    async fn settle(&self, access: &Access<'_>) -> Result<Settled, ConnectorError> {
        self.0.settle(access).await
    }

    async fn check(&self, access: &Access<'_>) -> Result<CheckReport, ConnectorError> {
        self.0.check(access).await
    }

    async fn list_users(
        &self,
        access: &Access<'_>,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        self.0.list_users(access, scope, cursor).await
    }

    fn user_link(&self, settings: &BTreeMap<String, String>, id: &CrmUserId) -> Option<String> {
        self.0.user_link(settings, id)
    }

    fn normalise_id(&self, typed: &str) -> Option<CrmUserId> {
        self.0.normalise_id(typed)
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.0.capabilities();
        capabilities.all.remove(&Capability::GetUser);
        capabilities.all.remove(&Capability::ChangedUsers);
        capabilities
    }
}

/// A connection that was synced and, where there are people, mapped.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) emulator: Running,
    pub(crate) connection: ConnectionId,
    pub(crate) before: Known,
}

/// What must not change by mistake.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) crm_users: CrmUserCount,
    pub(crate) people: Vec<u64>,
}

impl Stage {
    pub(crate) async fn set(provider: &str, people: usize, can_be_asked: bool) -> Self {
        let real = counterpart_connectors::registry().expect("connectors");
        let world = if can_be_asked {
            World::of(real).await
        } else {
            let mut lists_only = Registry::new();
            for connector in real.all() {
                lists_only
                    .add(Arc::new(ListsOnly(Arc::clone(connector))))
                    .expect("added");
            }
            World::of(lists_only).await
        };
        let options = Options {
            people,
            requests_allowed: Some(1_000_000),
            ..Options::default()
        };
        let emulator = start(provider, options).await.expect("an emulator");
        // Matching ten thousand has tests of its own; what a mapping suffers shows at sixty.
        if people <= 100 {
            world.add_people(1, people).await;
        }
        let connection = world.connect(&emulator).await.id;
        let service = &world.service;
        service
            .sync(&world.owner, connection, SyncMode::Full)
            .await
            .expect("a first sync");
        if people <= 100 {
            service
                .accept_certain(&world.owner, None)
                .await
                .expect("mapped");
        }
        let mut stage = Self {
            before: Known {
                crm_users: CrmUserCount::default(),
                people: Vec::new(),
            },
            world,
            emulator,
            connection,
        };
        stage.before = stage.known().await;
        assert!(stage.before.crm_users.usable >= people as u64 / 2);
        stage
    }

    pub(crate) async fn known(&self) -> Known {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let view = service.connection_view(owner, self.connection).await;
        let counts = view.expect("a view").counts.expect("numbers");
        Known {
            crm_users: counts.crm_users,
            people: counts.people.to_vec(),
        }
    }

    pub(crate) async fn connection(&self) -> Connection {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let view = service.connection_view(owner, self.connection).await;
        view.expect("a view").connection
    }

    pub(crate) fn go_wrong(&self, fault: Fault) {
        let switch = FaultSwitch::lasting(fault).on(FaultPlace::Users);
        self.emulator.control().inject(switch).expect("a fault");
        // By then everybody is asked for again, not only who changed.
        self.advance(DAY);
    }

    /// Six hours of the schedule.
    pub(crate) async fn wait_and_look(&self) {
        for _ in 0..24 {
            self.advance(15 * 60);
            self.look().await;
        }
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.world.clock.advance(seconds);
        self.emulator.control().advance_clock(seconds);
    }

    /// The ids of the users who can be worked with.
    pub(crate) fn active(&self) -> Vec<String> {
        let users = self.emulator.control().users().into_iter();
        let active = users.filter(counterpart_emulators::User::is_active);
        active.map(|user| user.id).collect()
    }

    pub(crate) async fn look(&self) {
        let looked = self.world.service.sync_due(INTERVAL).await;
        looked.expect("the schedule goes on");
    }

    pub(crate) async fn sync(&self) -> Run {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let run = service.sync(owner, self.connection, SyncMode::Full).await;
        run.expect("a sync")
    }

    /// Everything that somebody was alarmed with, oldest first.
    pub(crate) async fn alerts(&self) -> Vec<String> {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let page = PageRequest::first(1_000);
        let entries = service.list_audit(owner, &page).await.expect("entries");
        let told = entries.items.into_iter().map(|entry| entry.event.action);
        let alerts = ["run.held", "connection.troubled", "connection.broken"];
        let mut told: Vec<_> = told.filter(|it| alerts.contains(&it.as_str())).collect();
        told.reverse();
        told
    }
}
