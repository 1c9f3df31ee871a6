//! Drift over real syncs: found, put right, and never a reason for a mapping to lead elsewhere.

use std::collections::BTreeMap;

use counterpart_emulators::{NewUser, Running, UserChange};
use counterpart_model::drift::Repair;
use counterpart_model::{
    ChangeSetOrigin, Code, Connection, CrmUserId, DriftCause, DriftPolicies, DriftPolicy, Mapping,
    PageRequest, PersonId, Situation,
};
use counterpart_service::drift::{DriftView, RepairRequest};
use counterpart_service::people::EndMappings;
use counterpart_service::sync::SyncMode;
use counterpart_store::drift::DriftQuery;
use counterpart_store::mappings::MappingQuery;
use proptest::prelude::*;

use crate::world::{World, emulator, person};

struct House {
    world: World,
    emulator: Running,
    connection: Connection,
}

impl House {
    /// People mapped to their users in an emulated CRM.
    async fn mapped(people: usize) -> Self {
        let world = World::new().await;
        world.add_people(1, people).await;
        let emulator = emulator("salesforce", people).await;
        let connection = world.connect(&emulator).await;
        let house = Self {
            world,
            emulator,
            connection,
        };
        house.sync().await;
        let accepted = house.world.service.accept_certain(&house.world.owner, None);
        accepted.await.expect("mapped");
        house
    }

    async fn sync(&self) {
        self.world.clock.advance(3_600);
        self.world
            .service
            .sync(&self.world.owner, self.connection.id, SyncMode::Full)
            .await
            .expect("a sync");
    }

    async fn mappings(&self) -> Vec<Mapping> {
        let query = MappingQuery {
            at: Some(self.world.service.now()),
            ..MappingQuery::default()
        };
        let page = PageRequest::first(1_000);
        let service = &self.world.service;
        let found = service.list_mappings(&self.world.owner, &query, &page);
        let found = found.await.expect("mappings").items;
        found.into_iter().map(|view| view.mapping).collect()
    }

    async fn drift(&self) -> Vec<DriftView> {
        let query = DriftQuery {
            primary_only: true,
            ..DriftQuery::default()
        };
        let page = PageRequest::first(1_000);
        let service = &self.world.service;
        let found = service.list_drift(&self.world.owner, &query, &page);
        found.await.expect("drift").items
    }

    /// The only drift there is.
    async fn the_drift(&self) -> DriftView {
        let mut found = self.drift().await;
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    async fn situation(&self, person: PersonId) -> Situation {
        let service = &self.world.service;
        let cell = service.cell(&self.world.owner, self.connection.id, person);
        cell.await
            .expect("a cell")
            .cell
            .expect("a situation")
            .situation
    }

    async fn repair(&self, request: &RepairRequest) -> counterpart_model::ChangeSet {
        let service = &self.world.service;
        let repaired = service.repair_drift(&self.world.owner, request).await;
        repaired.expect("put right")
    }

    async fn set_policy(&self, cause: DriftCause, policy: DriftPolicy) {
        let policies: DriftPolicies = [(cause, policy)].into_iter().collect();
        let service = &self.world.service;
        service
            .set_drift_policies(&self.world.owner, self.connection.id, &policies)
            .await
            .expect("saved");
    }
}

fn renamed(given: &str, family: &str, email: &str) -> UserChange {
    UserChange {
        given: Some(given.to_owned()),
        family: Some(family.to_owned()),
        email: Some(email.to_owned()),
        username: Some(email.to_owned()),
        employee_number: Some(String::new()),
        ..UserChange::default()
    }
}

#[tokio::test]
async fn a_seat_that_was_handed_on_is_found_and_split_in_one_change_set() {
    let house = House::mapped(30).await;
    assert_eq!(house.drift().await.len(), 0, "nothing drifts at first");
    let mapping = house.mappings().await.remove(0);
    let change = renamed("Zebulon", "Quixotic", "zebulon@newcomers.example");
    let control = house.emulator.control();
    control
        .update_user(&mapping.crm_user_id.0, change)
        .expect("changed");
    house.sync().await;
    let view = house.the_drift().await;
    assert_eq!(view.drift.cause, DriftCause::SeatRepurposed);
    assert_eq!(view.mapping.id, mapping.id);
    assert_eq!(house.situation(mapping.person_id).await, Situation::Drifted);
    let service = &house.world.service;
    let zebulon = person("Zebulon Quixotic", "zebulon@newcomers.example");
    let zebulon = service
        .add_person(&house.world.owner, &zebulon)
        .await
        .expect("hired");
    let request = RepairRequest {
        person_id: Some(zebulon.id),
        ..RepairRequest::new(mapping.id, Repair::HandOver)
    };
    let applied = house.repair(&request).await;
    assert_eq!(applied.line_count, 2);
    assert_eq!(house.drift().await.len(), 0);
    assert_eq!(house.situation(zebulon.id).await, Situation::Mapped);
    let query = MappingQuery {
        crm_user_id: Some(mapping.crm_user_id),
        ..MappingQuery::default()
    };
    let page = PageRequest::first(10);
    let both = service.list_mappings(&house.world.owner, &query, &page);
    let both = both.await.expect("mappings").items;
    let [old, new] = &both[..] else {
        panic!("{both:?}");
    };
    assert_eq!(old.mapping.period.to(), new.mapping.period.from());
    let midnight = house.world.service.now().start_of_its_day("Europe/Berlin");
    assert_eq!(Ok(new.mapping.period.from()), midnight);
    let again = service.repair_drift(&house.world.owner, &request).await;
    assert_eq!(again.expect_err("mended").code(), Code::DriftNotFound);
}

#[tokio::test]
async fn what_is_confirmed_stays_quiet_until_it_changes_again() {
    let house = House::mapped(20).await;
    let mapping = house.mappings().await.remove(0);
    let id = mapping.crm_user_id.0.clone();
    let control = house.emulator.control();
    let married = |family: &str| UserChange {
        family: Some(family.to_owned()),
        ..UserChange::default()
    };
    control
        .update_user(&id, married("Quixotic"))
        .expect("changed");
    house.sync().await;
    let first = house.the_drift().await.drift;
    assert_eq!(first.cause, DriftCause::NameChanged);
    house.sync().await;
    assert_eq!(
        house.the_drift().await.drift.since,
        first.since,
        "it goes on"
    );
    house
        .repair(&RepairRequest::new(mapping.id, Repair::Confirm))
        .await;
    house.sync().await;
    assert_eq!(house.drift().await.len(), 0);
    control
        .update_user(&id, married("Zephyr"))
        .expect("changed");
    house.sync().await;
    assert_eq!(house.the_drift().await.drift.cause, DriftCause::NameChanged);
}

#[tokio::test]
async fn an_account_made_anew_is_moved_to_in_one_step() {
    let house = House::mapped(20).await;
    let mapping = house.mappings().await.remove(0);
    let old = house.emulator.control().find_user(&mapping.crm_user_id.0);
    let old = old.expect("a user");
    let control = house.emulator.control();
    control.deactivate(&old.id).expect("deactivated");
    let new = NewUser {
        username: Some("another.name@northwind-support.example".to_owned()),
        ..NewUser::person(&old.given, &old.family, &old.email)
    };
    let new = control.add_user(new).expect("added");
    house.sync().await;
    let view = house.the_drift().await;
    assert_eq!(view.drift.cause, DriftCause::AnotherActiveUser);
    assert_eq!(view.repairs()[0], Repair::Move);
    house
        .repair(&RepairRequest::new(mapping.id, Repair::Move))
        .await;
    assert_eq!(house.drift().await.len(), 0);
    let mappings = house.mappings().await;
    let own = mappings.iter().find(|it| it.person_id == mapping.person_id);
    assert_eq!(own.expect("mapped").crm_user_id, CrmUserId(new.id));
}

#[tokio::test]
async fn a_policy_acts_by_itself_and_says_why_or_keeps_quiet() {
    let house = House::mapped(20).await;
    let mappings = house.mappings().await;
    let control = house.emulator.control();
    let deactivate = |mapping: &Mapping| {
        let done = control.deactivate(&mapping.crm_user_id.0);
        done.expect("deactivated");
    };
    house
        .set_policy(DriftCause::CrmUserDeactivated, DriftPolicy::Act)
        .await;
    deactivate(&mappings[0]);
    house.sync().await;
    assert_eq!(house.drift().await.len(), 0);
    let held = house.mappings().await;
    assert!(
        held.iter().all(|it| it.id != mappings[0].id),
        "it has ended"
    );
    let service = &house.world.service;
    let page = PageRequest::first(1);
    let last = service.list_change_sets(&house.world.owner, &page).await;
    let last = last.expect("change sets").items.remove(0).change_set;
    assert_eq!(last.origin, ChangeSetOrigin::Policy);
    let reason = last.reason.expect("a reason");
    assert!(reason.starts_with("crm_user_deactivated"), "{reason}");

    house
        .set_policy(DriftCause::CrmUserDeactivated, DriftPolicy::Ignore)
        .await;
    deactivate(&mappings[1]);
    house.sync().await;
    assert_eq!(house.drift().await.len(), 0);
    assert_eq!(
        house.situation(mappings[1].person_id).await,
        Situation::Mapped
    );
    let guess = [(DriftCause::SeatRepurposed, DriftPolicy::Act)];
    let refused = service
        .set_drift_policies(
            &house.world.owner,
            house.connection.id,
            &guess.into_iter().collect(),
        )
        .await;
    let refused = refused.expect_err("a guess");
    assert_eq!(refused.code(), Code::DriftPolicyInvalid);
}

#[tokio::test]
async fn who_left_and_was_to_stay_mapped_is_no_drift() {
    let house = House::mapped(20).await;
    let mapping = house.mappings().await.remove(0);
    let service = &house.world.service;
    service
        .deactivate_person(&house.world.owner, mapping.person_id, &EndMappings::Keep)
        .await
        .expect("left");
    assert_eq!(house.drift().await.len(), 0);
    house.sync().await;
    assert_eq!(house.drift().await.len(), 0);
}

#[tokio::test]
async fn a_repair_that_does_not_fit_is_refused() {
    let house = House::mapped(20).await;
    let mapping = house.mappings().await.remove(0);
    let control = house.emulator.control();
    control
        .deactivate(&mapping.crm_user_id.0)
        .expect("deactivated");
    house.sync().await;
    let service = &house.world.service;
    for (request, code) in [
        (
            RepairRequest::new(mapping.id, Repair::Move),
            Code::DriftRepairInvalid,
        ),
        (
            RepairRequest {
                version: Some(99),
                ..RepairRequest::new(mapping.id, Repair::End)
            },
            Code::MappingStale,
        ),
    ] {
        let refused = service.repair_drift(&house.world.owner, &request).await;
        assert_eq!(refused.expect_err("refused").code(), code);
    }
}

/// An edit inside the CRM.
#[derive(Debug, Clone)]
enum Edit {
    Rename(usize, usize),
    SwapEmails(usize, usize),
    CopyEmail(usize, usize),
    SwapNames(usize, usize),
    Deactivate(usize),
    Add(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let user = || 0..12_usize;
    prop_oneof![
        (user(), user()).prop_map(|(one, other)| Edit::Rename(one, other)),
        (user(), user()).prop_map(|(one, other)| Edit::SwapEmails(one, other)),
        (user(), user()).prop_map(|(one, other)| Edit::CopyEmail(one, other)),
        (user(), user()).prop_map(|(one, other)| Edit::SwapNames(one, other)),
        user().prop_map(Edit::Deactivate),
        user().prop_map(Edit::Add),
    ]
}

fn apply(house: &House, edit: &Edit) {
    let control = house.emulator.control();
    let users = control.users();
    let user = |at: usize| users[at % users.len()].clone();
    let email = |of: &str| UserChange {
        email: Some(of.to_owned()),
        ..UserChange::default()
    };
    let name = |given: &str, family: &str| UserChange {
        given: Some(given.to_owned()),
        family: Some(family.to_owned()),
        ..UserChange::default()
    };
    let changes = match *edit {
        Edit::Rename(one, n) => vec![(user(one), name("Zebulon", &format!("Quixotic {n}")))],
        Edit::SwapEmails(one, other) => vec![
            (user(one), email(&user(other).email)),
            (user(other), email(&user(one).email)),
        ],
        Edit::CopyEmail(one, other) => vec![(user(one), email(&user(other).email))],
        Edit::SwapNames(one, other) => vec![
            (user(one), name(&user(other).given, &user(other).family)),
            (user(other), name(&user(one).given, &user(one).family)),
        ],
        Edit::Deactivate(one) => {
            control.deactivate(&user(one).id).expect("deactivated");
            Vec::new()
        }
        Edit::Add(like) => {
            let like = user(like);
            let new = NewUser {
                username: Some(format!("user{}@new.example", users.len())),
                ..NewUser::person(&like.given, &like.family, &like.email)
            };
            control.add_user(new).expect("added");
            Vec::new()
        }
    };
    for (user, change) in changes {
        control.update_user(&user.id, change).expect("changed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Invariant 4: whatever is edited inside the CRM, every mapping leads where it led.
    #[test]
    fn nothing_edited_inside_the_crm_changes_a_mappings_target(
        edits in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..5)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let (before, after) = runtime.block_on(async {
            let house = House::mapped(12).await;
            let before = house.mappings().await;
            for round in &edits {
                for edit in round {
                    apply(&house, edit);
                }
                house.sync().await;
            }
            (before, house.mappings().await)
        });
        let targets = |mappings: &[Mapping]| -> BTreeMap<_, _> {
            let pairs = mappings.iter();
            pairs
                .map(|it| (it.id, (it.person_id, it.crm_user_id.clone(), it.period)))
                .collect()
        };
        prop_assert_eq!(targets(&before), targets(&after));
    }
}
