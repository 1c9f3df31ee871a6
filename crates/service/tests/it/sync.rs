//! Pulling users: what a run finds, what brakes hold, what an interruption costs.

use counterpart_emulators::{Fault, FaultSwitch, NewUser, UserChange};
use counterpart_model::{Code, ConnectionState, PageRequest, RunMode, RunState};
use counterpart_service::sync::SyncMode;
use counterpart_store::runs::RunChangeKind;

use crate::world::{World, emulator};

#[tokio::test]
async fn a_resync_shows_what_is_new_changed_and_deactivated() {
    for provider in ["salesforce", "zoho-crm", "autotask"] {
        let world = World::new().await;
        let service = &world.service;
        let emulator = emulator(provider, 60).await;
        let connection = world.connect(&emulator).await;
        let first = service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        assert_eq!(
            first.report.read,
            emulator.control().users().len() as u64,
            "{provider}"
        );
        assert_eq!(first.report.new, first.report.read, "{provider}");

        let control = emulator.control();
        let active: Vec<String> = control
            .users()
            .into_iter()
            .filter(counterpart_emulators::User::is_active)
            .map(|user| user.id)
            .collect();
        control
            .add_user(NewUser::person("Nora", "Newcomer", "nora@example.com"))
            .expect("added");
        let change = UserChange {
            family: Some("Married".to_owned()),
            ..UserChange::default()
        };
        control.update_user(&active[3], change).expect("changed");
        control.deactivate(&active[4]).expect("deactivated");
        world.clock.advance(3_600);
        let second = service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        let report = second.report;
        assert_eq!(
            (report.new, report.deactivated, report.gone),
            (1, 1, 0),
            "{provider}: {report:?}"
        );
        assert!(report.changed >= 2, "{provider}: {report:?}");
        let rows = service
            .run_changes(
                &world.owner,
                second.id,
                Some(RunChangeKind::Deactivated),
                &PageRequest::first(10),
            )
            .await
            .expect("rows");
        assert_eq!(rows.items[0].crm_user_id.0, active[4], "{provider}");
    }
}

#[tokio::test]
async fn a_quick_sync_asks_for_changes_only_where_the_crm_can_tell() {
    let world = World::new().await;
    let service = &world.service;
    for (provider, can) in [
        ("salesforce", true),
        ("zoho-crm", true),
        ("autotask", false),
    ] {
        let emulator = emulator(provider, 60).await;
        let connection = world.connect(&emulator).await;
        service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        world.clock.advance(1_800);
        emulator.control().advance_clock(1_800);
        emulator
            .control()
            .add_user(NewUser::person("Nora", "Newcomer", "nora@example.com"))
            .expect("added");
        let run = service
            .sync(&world.owner, connection.id, SyncMode::Quick)
            .await
            .expect(provider);
        assert_eq!(
            matches!(run.mode, RunMode::Changed { .. }),
            can,
            "{provider}"
        );
        assert_eq!(
            (run.report.new, run.report.gone),
            (1, 0),
            "{provider}: {:?}",
            run.report
        );
    }
}

#[tokio::test]
async fn an_empty_list_wipes_nobody_and_waits_for_somebodys_word() {
    // The others are asked for those whom the list left out, one by one: see `brakes`.
    for provider in ["salesforce"] {
        let world = World::new().await;
        let service = &world.service;
        world.add_people(1, 60).await;
        let emulator = emulator(provider, 60).await;
        let connection = world.connect(&emulator).await;
        service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        service
            .accept_certain(&world.owner, None)
            .await
            .expect("mapped");
        let before = service
            .overview(&world.owner, None)
            .await
            .expect("numbers")
            .connections
            .remove(0);
        emulator
            .control()
            .inject(FaultSwitch::lasting(Fault::EmptyList))
            .expect("a fault");
        let run = service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        assert_eq!(run.state, RunState::Held, "{provider}: {:?}", run.report);
        let view = service
            .connection_view(&world.owner, connection.id)
            .await
            .expect("a view");
        assert_eq!(
            view.connection.health.state,
            ConnectionState::Held,
            "{provider}"
        );
        let after = view.counts.expect("numbers");
        assert_eq!(
            (after.people, after.crm_users),
            (before.people, before.crm_users),
            "{provider}"
        );

        let rejected = service
            .reject_run(&world.owner, run.id)
            .await
            .expect("rejected");
        assert_eq!(rejected.state, RunState::Rejected);
        let again = service
            .allow_run(&world.owner, run.id)
            .await
            .expect_err("decided already");
        assert_eq!(again.code(), Code::RunNotHeld);
    }
}

#[tokio::test]
async fn half_of_the_list_is_held_and_can_be_allowed() {
    let world = World::new().await;
    let service = &world.service;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    emulator
        .control()
        .inject(FaultSwitch::lasting(Fault::HalfPages))
        .expect("a fault");
    let held = service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("held");
    assert_eq!(held.state, RunState::Held);
    assert!(held.report.missing > 20, "{:?}", held.report);
    let allowed = service
        .allow_run(&world.owner, held.id)
        .await
        .expect("allowed");
    assert_eq!(allowed.state, RunState::Complete);
    emulator.control().clear_faults();
    let back = service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    assert_eq!(back.report.returned, held.report.missing);
}

#[tokio::test]
async fn a_pull_that_was_interrupted_goes_on_where_it_stopped() {
    let world = World::new().await;
    let service = &world.service;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    let broken = FaultSwitch::lasting(Fault::BreakOff).from_page(3);
    emulator.control().inject(broken).expect("a fault");
    let failed = service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect_err("broken");
    assert_eq!(failed.code(), Code::ConnectionBrokenOff, "{failed}");
    let view = service
        .connection_view(&world.owner, connection.id)
        .await
        .expect("a view");
    assert_eq!(view.connection.health.state, ConnectionState::Troubled);
    assert_eq!(
        view.counts.expect("numbers").crm_users.known,
        0,
        "nothing is known of half a pull"
    );
    emulator.control().clear_faults();
    emulator.control().forget_requests();
    let run = service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("resumed");
    assert_eq!(
        Some(run.id),
        view.last_run.map(|run| run.id),
        "the same run goes on"
    );
    assert_eq!(run.report.read, emulator.control().users().len() as u64);
}

#[tokio::test]
async fn a_second_sync_at_the_same_time_is_refused() {
    let world = World::new().await;
    let service = &world.service;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    let (one, other) = tokio::join!(
        service.sync(&world.owner, connection.id, SyncMode::Full),
        service.sync(&world.owner, connection.id, SyncMode::Full),
    );
    let refused = [&one, &other]
        .into_iter()
        .filter_map(|it| it.as_ref().err())
        .map(counterpart_service::Error::code)
        .collect::<Vec<_>>();
    assert_eq!(refused, [Code::ConnectionBusy]);
}
