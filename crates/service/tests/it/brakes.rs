//! Brakes, end to end, at 60 people and at 10,000: whatever a CRM's list does, nobody is taken
//! away by mistake, and whoever has to know is told once.

use counterpart_emulators::{Fault, UserChange, UserState};
use counterpart_model::brakes::Brakes;
use counterpart_model::{Code, ConnectionState, Policy, RunState};

use crate::stage::{DAY, Stage};

/// Lists that go wrong for good, one after the other: nobody is lost, there is one alert, and all
/// is well when it is mended.
async fn nobody_is_lost(people: usize, can_be_asked: bool, days: &[(Fault, &str)]) {
    let stage = Stage::set("zoho-crm", people, can_be_asked).await;
    for (fault, alert) in days {
        let told = stage.alerts().await.len();
        stage.go_wrong(fault.clone());
        stage.wait_and_look().await;
        let what = format!("{fault:?} of {people}");
        assert_eq!(stage.known().await, stage.before, "{what}");
        assert_eq!(stage.alerts().await[told..], [*alert], "{what}");

        stage.emulator.control().clear_faults();
        stage.advance(DAY);
        let (service, owner) = (&stage.world.service, &stage.world.owner);
        let held = service.held_runs(owner).await.expect("held runs");
        assert_eq!(held.len(), usize::from(*alert == "run.held"), "{what}");
        for held in held {
            assert_eq!(held.names.len(), 5, "{what}");
            assert!(held.takes_away >= people as u64 / 2, "{what}");
            let rejected = service.reject_run(owner, held.run.id).await;
            rejected.expect("rejected");
        }
        stage.sync().await;
        assert_eq!(stage.known().await, stage.before, "{what}, mended");
        assert_eq!(stage.alerts().await.len(), told + 1, "{what}, mended");
        let health = stage.connection().await.health;
        assert_eq!(health.state, ConnectionState::Healthy, "{what}, mended");
        assert_eq!(health.retry, None, "{what}, mended");
    }
}

/// What a list does where nobody can be asked for one by one.
const LISTS_ONLY: [(Fault, &str); 2] = [
    (Fault::EmptyList, "run.held"),
    (Fault::HalfPages, "run.held"),
];

/// What it does where they are found when asked for one by one, and what fails outright.
const ASKED: [(Fault, &str); 4] = [
    (Fault::EmptyList, "connection.troubled"),
    (Fault::HalfPages, "connection.troubled"),
    (Fault::Html, "connection.broken"),
    (Fault::MissingPermission, "connection.broken"),
];

#[tokio::test]
async fn a_wrong_list_of_sixty_is_held() {
    nobody_is_lost(60, false, &LISTS_ONLY).await;
}

#[tokio::test]
async fn a_wrong_list_of_ten_thousand_is_held() {
    nobody_is_lost(10_000, false, &LISTS_ONLY).await;
}

#[tokio::test]
async fn a_wrong_list_of_sixty_is_not_believed_and_failures_take_nobody_away() {
    nobody_is_lost(60, true, &ASKED).await;
}

#[tokio::test]
async fn a_wrong_list_of_ten_thousand_is_not_believed_and_failures_take_nobody_away() {
    nobody_is_lost(10_000, true, &ASKED).await;
}

/// One in a hundred vanishes every minute, from the list and when asked for by their id. Together
/// that is more than a day may take: it stops, and those who vanished until then are missing, not
/// gone: their mappings go on.
async fn a_drip_counts_together(people: usize) {
    let stage = Stage::set("salesforce", people, true).await;
    let control = stage.emulator.control();
    let active = stage.active();
    let a_minute = (active.len() / 100).max(1);
    let mut minutes = active.chunks(a_minute);
    let mut deleted = Vec::new();
    let held = loop {
        let minute = minutes
            .next()
            .expect("the brakes stop it before all are gone");
        for id in minute {
            control.delete(id).expect("deleted");
            deleted.push(id.clone());
        }
        stage.advance(60);
        let run = stage.sync().await;
        if run.state == RunState::Held {
            break run;
        }
    };
    let allowed = Policy::default()
        .brakes
        .allowance(stage.before.crm_users.usable);
    assert_eq!(
        deleted.len() as u64,
        (allowed / a_minute as u64 + 1) * a_minute as u64,
        "{people}: {:?}",
        held.failure
    );
    for _ in 0..5 {
        stage.advance(60);
        stage.look().await;
    }
    assert_eq!(stage.alerts().await, ["run.held"], "{people}");
    let known = stage.known().await;
    assert_eq!(known.people, stage.before.people, "{people}");
    assert_eq!(
        known.crm_users.present, stage.before.crm_users.present,
        "{people}"
    );
    assert_eq!(
        known.crm_users.missing + held.report.missing,
        deleted.len() as u64,
        "{people}"
    );

    let back = UserChange {
        state: Some(UserState::Active),
        ..UserChange::default()
    };
    for id in &deleted {
        control.update_user(id, back.clone()).expect("back");
    }
    stage.sync().await;
    assert_eq!(stage.known().await, stage.before, "{people}: all are back");
}

#[tokio::test]
async fn a_drip_of_sixty_counts_together() {
    a_drip_counts_together(60).await;
}

#[tokio::test]
async fn a_drip_of_ten_thousand_counts_together() {
    a_drip_counts_together(10_000).await;
}

/// How a connection's policy is used: thresholds of its own, and how long a held run waits.
#[tokio::test]
async fn a_policy_of_ones_own_decides_what_is_held_and_for_how_long() {
    let stage = Stage::set("zoho-crm", 60, true).await;
    let (service, owner) = (&stage.world.service, &stage.world.owner);
    let policy = Policy {
        brakes: Brakes {
            least: 1,
            percent: 1,
            most: 100,
        },
        hold_days: 2,
        ..Policy::default()
    };
    let version = stage.connection().await.version;
    let changed = service
        .set_policy(owner, stage.connection, version, policy)
        .await
        .expect("changed");
    assert_eq!(changed.policy, policy);
    let late_change = service
        .set_policy(owner, stage.connection, version, policy)
        .await;
    assert_eq!(late_change.expect_err("stale").code(), Code::MappingStale);
    let senseless = Policy {
        grace_days: 1_000,
        ..policy
    };
    let refused = service
        .set_policy(owner, stage.connection, changed.version, senseless)
        .await
        .expect_err("senseless");
    assert_eq!(refused.code(), Code::ConnectionPolicyInvalid);
    assert_eq!(refused.fields()[0].field, "grace_days");

    let victim = stage.active().remove(0);
    stage.emulator.control().delete(&victim).expect("deleted");
    stage.advance(60);
    let held = stage.sync().await;
    assert_eq!(held.state, RunState::Held, "one of sixty is too many here");
    stage.advance(2 * DAY + 1);
    let late = service.allow_run(owner, held.id).await;
    assert_eq!(late.expect_err("too late").code(), Code::RunNotHeld);
    let ended = service.run(owner, held.id).await.expect("the run");
    assert_eq!(ended.state, RunState::Rejected);
    assert_eq!(stage.known().await, stage.before);

    // The same list is not brought up again at once, and when it is, nobody's word ends it.
    stage.look().await;
    assert_eq!(stage.alerts().await, ["run.held"]);
    stage.advance(DAY);
    stage.look().await;
    assert_eq!(stage.alerts().await, ["run.held", "run.held"]);
    stage.advance(3 * DAY);
    stage.look().await;
    let view = service.connection_view(owner, stage.connection).await;
    let last = view.expect("a view").last_run.expect("a run");
    assert_eq!(last.state, RunState::Rejected, "its time was over");
    assert_eq!(stage.known().await, stage.before);
}

/// Allowing is for once: the next run meets the brakes again.
#[tokio::test]
async fn a_held_run_is_allowed_once() {
    let stage = Stage::set("zoho-crm", 60, true).await;
    let (service, owner) = (&stage.world.service, &stage.world.owner);
    let active = stage.active();
    let lose = |users: &[String]| {
        for id in users {
            stage
                .emulator
                .control()
                .deactivate(id)
                .expect("deactivated");
        }
    };
    lose(&active[..20]);
    let held = stage.sync().await;
    assert_eq!(held.state, RunState::Held);
    let allowed = service.allow_run(owner, held.id).await.expect("allowed");
    assert_eq!(allowed.state, RunState::Complete);
    lose(&active[20..25]);
    let again = stage.sync().await;
    assert_eq!(again.state, RunState::Held, "{:?}", again.report);
}
