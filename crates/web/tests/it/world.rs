//! Two organizations, one of them with people, a connection and members of every role.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use counterpart_emulators::Running;
use counterpart_model::{
    ChangeSetOrigin, Clock, Connection, CrmUser, Organization, PageRequest, Person, Role, Run,
    Side, Situation, Timestamp, WebhookId,
};
use counterpart_service::mapping::GridRequest;
use counterpart_service::people::PersonInput;
use counterpart_service::webhooks::WebhookInput;
use counterpart_service::{Actor, Kind};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::grid::GridRow;
use counterpart_web::{PortalOptions, router};

use crate::client::Client;
use crate::house::{House, emulator};

/// A clock that moves a microsecond at every look, and further when it is told to.
#[derive(Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let past = self.0.fetch_add(1, Ordering::SeqCst);
        Timestamp::from_micros(1_790_000_000_000_000 + past)
    }
}

pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) app: Router,
    pub(crate) organization: Organization,
    pub(crate) operator: Actor,
    pub(crate) connection: Connection,
    pub(crate) run: Run,
    pub(crate) emulator: Running,
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(TestClock::default());
        let house = House::new(
            Arc::clone(&clock) as Arc<dyn Clock>,
            counterpart_connectors::registry().expect("connectors"),
        )
        .await;
        let (organization, operator) = house.organization("Northwind", false).await;
        for role in Role::ALL {
            house
                .member(&operator, &format!("{role}@example.com"), role)
                .await;
        }
        house.people(&operator, 20).await;
        let known = counterpart_emulators::catalogue()
            .into_iter()
            .find(|known| {
                let connector = house.service.connectors().get(known.name);
                connector.is_some_and(|it| it.manifest().side == Side::Crm)
            })
            .expect("a CRM with an emulator");
        let emulator = emulator(known.name, 20).await;
        let connection = house.connect(&operator, &emulator).await;
        let newest = PageRequest::first(1);
        let runs = house
            .service
            .list_runs(&operator, connection.id, &newest)
            .await;
        let run = runs.expect("runs").items.remove(0);
        let app = router(house.service.clone(), PortalOptions::default());
        Self {
            house,
            clock,
            app,
            organization,
            operator,
            connection,
            run,
            emulator,
        }
    }

    /// An address inside the organization.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/o/{}{rest}", self.organization.id)
    }

    pub(crate) async fn client(&self, role: Role) -> Client {
        Client::signed_in(&self.app, &format!("{role}@example.com")).await
    }

    /// A row of the grid with a cell in a situation.
    pub(crate) async fn row_in(&self, situation: Situation) -> GridRow {
        let request = GridRequest {
            situations: vec![situation],
            ..GridRequest::default()
        };
        let page = PageRequest::first(1);
        let grid = self
            .house
            .service
            .grid(&self.operator, &request, &page)
            .await;
        grid.expect("a grid")
            .rows
            .items
            .into_iter()
            .next()
            .expect("a row")
    }

    /// A webhook to a port where nobody listens.
    pub(crate) async fn webhook(&self) -> WebhookId {
        let input = WebhookInput {
            name: "Warehouse".to_owned(),
            url: "http://127.0.0.1:9/".to_owned(),
            ..WebhookInput::default()
        };
        let made = self.house.service.create_webhook(&self.operator, input);
        made.await.expect("a webhook").webhook.id
    }

    /// Lets a change of the command line wait for a second person.
    pub(crate) async fn let_wait(&self) {
        let service = &self.house.service;
        let operator = service.operator(self.organization.id, ChangeSetOrigin::Cli);
        let asked = service.set_second_person(&operator, Some(NonZeroU32::MIN));
        asked.await.expect("set");
        let person = PersonInput {
            display_name: "Wanted Person".to_owned(),
            ..PersonInput::default()
        };
        let waits = service.add_person(&operator, &person).await;
        assert_eq!(waits.expect_err("it waits").kind(), Kind::Waiting);
        service
            .set_second_person(&operator, None)
            .await
            .expect("set");
    }

    /// Any user of the connection.
    pub(crate) async fn crm_user(&self) -> CrmUser {
        let service = &self.house.service;
        let (all, page) = (CrmUserQuery::default(), PageRequest::first(1));
        let users = service
            .list_crm_users(&self.operator, self.connection.id, "", &all, &page)
            .await;
        users.expect("users").items.remove(0)
    }

    /// Anybody.
    pub(crate) async fn person(&self) -> Person {
        let page = PageRequest::first(1);
        let people = self
            .house
            .service
            .list_people(&self.operator, "", Some(true), &page)
            .await;
        people.expect("people").0.items.remove(0)
    }

    /// The address of a cell.
    pub(crate) fn seat(&self, person: &Person) -> String {
        self.path(&format!("/mapping/{}/{}", self.connection.id, person.id))
    }
}
