//! Mappings as a file.

mod law;
mod pairs;
mod refusals;
mod tables;

use counterpart_emulators::Running;
use counterpart_model::{ChangeSet, Connection, CrmUser, PageRequest, Person};
use counterpart_service::mapping::MappingPlan;
use counterpart_service::people::PersonInput;
use counterpart_service::sync::SyncMode;
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::people::PeopleQuery;

use crate::world::{World, emulator, input_for, person};

/// A world with two synced connections and people who are hard to name.
struct Scene {
    world: World,
    people: Vec<Person>,
    connections: Vec<(Connection, Vec<CrmUser>)>,
    _emulators: Vec<Running>,
}

impl Scene {
    async fn in_world(world: World) -> Self {
        add(&world, hard_to_name()).await;
        let organization = world.organization.id;
        let whole = PageRequest::first(1_000);
        let (any_user, anybody) = (CrmUserQuery::default(), PeopleQuery::default());
        let mut connections = Vec::new();
        let mut emulators = Vec::new();
        for provider in ["salesforce", "pipedrive"] {
            let emulator = emulator(provider, 8).await;
            let input = input_for(&emulator);
            let saved = world.service.save_connection(&world.owner, input).await;
            let connection = saved.expect("a connection");
            world
                .service
                .sync(&world.owner, connection.id, SyncMode::Full)
                .await
                .expect("a sync");
            let users = world
                .store
                .list_crm_users(organization, connection.id, &any_user, &whole)
                .await
                .expect("users");
            connections.push((connection, users.items));
            emulators.push(emulator);
        }
        let people = world
            .store
            .list_people(organization, &anybody, &whole)
            .await
            .expect("people")
            .items;
        Self {
            world,
            people,
            connections,
            _emulators: emulators,
        }
    }

    async fn new() -> Self {
        Self::in_world(World::new().await).await
    }

    async fn export(&self) -> String {
        let exported = self.world.service.export_mappings(&self.world.owner).await;
        exported.expect("exported")
    }

    async fn plan(&self, text: &str) -> MappingPlan {
        let world = &self.world;
        let plan = world
            .service
            .plan_mapping_file(&world.owner, text.as_bytes());
        plan.await.expect("a plan")
    }

    /// Makes a file true; `None` when it is already.
    async fn apply(&self, text: &str) -> Option<ChangeSet> {
        let plan = self.plan(text).await;
        assert_eq!(plan.problems, [], "{text}");
        if plan.is_empty() {
            return None;
        }
        let applied = self
            .world
            .service
            .apply_mapping_plan(&self.world.owner, plan, None);
        Some(applied.await.expect("applied"))
    }
}

/// An external id, an address of one's own, one that two have, none, and names that would break
/// out of a comment or of quotation marks, or are formulas.
fn hard_to_name() -> Vec<PersonInput> {
    let by_external_id = PersonInput {
        external_id: "0017".to_owned(),
        ..person("Ann # \"Lee\": \\", "ann@example.com")
    };
    let without_address = PersonInput {
        emails: Vec::new(),
        ..person("Łucja \u{2028} Ż", "")
    };
    vec![
        by_external_id,
        person("Bob", "Bob.O'Neil@Example.com"),
        person("=HYPERLINK(\"x\")", "shared@example.com"),
        person("Cy Two", "SHARED@example.com"),
        without_address,
    ]
}

async fn add(world: &World, people: Vec<PersonInput>) {
    for input in people {
        let added = world.service.add_person(&world.owner, &input).await;
        added.expect("a person");
    }
}
