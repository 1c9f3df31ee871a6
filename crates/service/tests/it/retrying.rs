//! Connections that fail: tried less and less often, told once, and who is missing meanwhile.

use counterpart_emulators::{Fault, FaultSwitch, UserChange, UserState};
use counterpart_model::{Code, ConnectionState, CrmUserId, Situation};
use counterpart_service::sync::SyncMode;

use crate::stage::{DAY, Stage};
use crate::world::input_for;

const MINUTE: i64 = 60;

#[tokio::test]
async fn a_failing_connection_is_tried_less_and_less_often() {
    let stage = Stage::set("zoho-crm", 20, true).await;
    let (service, owner) = (&stage.world.service, &stage.world.owner);
    stage.go_wrong(Fault::MissingPermission);
    let mut tried_after = Vec::new();
    let mut failures = 0;
    for minute in 0..300 {
        stage.look().await;
        let retry = stage.connection().await.health.retry;
        let retry = retry.expect("it fails");
        if retry.failures > failures {
            failures = retry.failures;
            tried_after.push(minute);
        }
        stage.advance(MINUTE);
    }
    let waits: Vec<i64> = tried_after
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .collect();
    assert_eq!(waits.len(), 4, "{tried_after:?}");
    for (wait, least) in waits.iter().zip([15, 30, 60, 120]) {
        let most = least + least / 10 + 1;
        assert!((least..=most).contains(wait), "{waits:?}");
    }
    let before = stage.connection().await.health;
    assert_eq!(before.state, ConnectionState::Broken);
    assert_eq!(before.code, Some(Code::ConnectionForbidden));

    // Somebody tries: it begins to count anew, and it has failed for as long as before.
    let tried = service.sync(owner, stage.connection, SyncMode::Full).await;
    tried.expect_err("it still fails");
    let after = stage.connection().await.health;
    let (before, after) = (before.retry.expect("fails"), after.retry.expect("fails"));
    assert_eq!((after.failures, after.since), (1, before.since));
    assert!(after.next < before.next);
    assert_eq!(stage.alerts().await, ["connection.broken"]);

    stage.emulator.control().clear_faults();
    stage.advance(20 * MINUTE);
    stage.look().await;
    let health = stage.connection().await.health;
    assert_eq!(
        (health.state, health.retry),
        (ConnectionState::Healthy, None)
    );
    assert_eq!(stage.known().await, stage.before);
}

#[tokio::test]
async fn refused_credentials_are_not_tried_again_until_they_change() {
    let stage = Stage::set("salesforce", 20, true).await;
    let control = stage.emulator.control();
    stage.advance(DAY);
    let switch = FaultSwitch::lasting(Fault::WrongCredentials);
    control.inject(switch).expect("a fault");
    stage.look().await;
    let health = stage.connection().await.health;
    assert_eq!(
        health.code,
        Some(Code::ConnectionUnauthorized),
        "{health:?}"
    );
    assert_eq!(health.next_try(), None);
    control.clear_faults();
    control.forget_requests();
    stage.wait_and_look().await;
    assert_eq!(control.requests().len(), 0, "nobody was asked for anything");
    assert_eq!(stage.alerts().await, ["connection.broken"]);

    let (service, owner) = (&stage.world.service, &stage.world.owner);
    let version = stage.connection().await.version;
    let mut input = input_for(&stage.emulator);
    input.existing = Some((stage.connection, version));
    let saved = service.save_connection(owner, input).await.expect("saved");
    assert_eq!(saved.health.state, ConnectionState::Healthy);
    assert_eq!(saved.health.retry, None);
    stage.look().await;
    assert_ne!(
        stage.connection().await.synced_at,
        saved.synced_at,
        "the schedule goes on"
    );
}

#[tokio::test]
async fn a_check_by_hand_does_not_change_when_the_schedule_tries_again() {
    let stage = Stage::set("zoho-crm", 20, true).await;
    stage.go_wrong(Fault::MissingPermission);
    stage.look().await;
    let before = stage.connection().await.health;
    let (service, owner) = (&stage.world.service, &stage.world.owner);
    // What it says is another test's; only that it was tried matters here.
    drop(service.check_connection(owner, stage.connection).await);
    let after = stage.connection().await.health;
    assert_eq!(after.state, ConnectionState::Broken);
    assert_eq!(after.retry, before.retry);
}

/// Who vanishes is missing for a week: the mapping goes on. Then it has drifted; and when they are
/// back, all is as before.
#[tokio::test]
async fn the_missing_keep_their_mappings_for_the_days_of_grace() {
    let stage = Stage::set("salesforce", 60, true).await;
    let (service, owner) = (&stage.world.service, &stage.world.owner);
    let mapped = |known: &crate::stage::Known, situation: Situation| {
        let at = Situation::ALL.iter().position(|it| *it == situation);
        known.people[at.expect("a situation")]
    };
    let query = counterpart_store::mappings::MappingQuery {
        connection_id: Some(stage.connection),
        ..counterpart_store::mappings::MappingQuery::default()
    };
    let page = counterpart_model::PageRequest::first(1);
    let mappings = service.list_mappings(owner, &query, &page).await;
    let victim = mappings
        .expect("mappings")
        .items
        .remove(0)
        .mapping
        .crm_user_id;
    let control = stage.emulator.control();
    let in_state = |state| UserChange {
        state: Some(state),
        ..UserChange::default()
    };
    control
        .update_user(&victim.0, in_state(UserState::Deleted))
        .expect("deleted");
    stage.advance(MINUTE);
    let run = stage.sync().await;
    assert_eq!(run.report.missing, 1, "{:?}", run.report);
    let known = stage.known().await;
    assert_eq!(known.people, stage.before.people, "the mapping goes on");
    assert_eq!(known.crm_users.missing, 1);

    stage.advance(6 * DAY);
    assert_eq!(stage.sync().await.report.gone, 0);
    assert_eq!(stage.known().await.people, stage.before.people);
    stage.advance(DAY);
    assert_eq!(stage.sync().await.report.gone, 1);
    let known = stage.known().await;
    assert_eq!(mapped(&known, Situation::Drifted), 1);
    assert_eq!(
        mapped(&known, Situation::Mapped) + 1,
        mapped(&stage.before, Situation::Mapped)
    );
    let CrmUserId(id) = &victim;
    control
        .update_user(id, in_state(UserState::Active))
        .expect("back");
    assert_eq!(stage.sync().await.report.returned, 1);
    assert_eq!(stage.known().await, stage.before);
}
