//! Runs from measuring to their end.

use counterpart_model::{
    Code, ConnectionId, CrmUserId, CrmUserState, Run, RunMode, RunReport, RunState, run::RunFailure,
};

use super::fixture::{Pulled, World, all, pulled};
use crate::runs::{Absence, Begun, RunChange, RunChangeKind};
use crate::{Store, StoreError};

/// The first run finds everybody new, and the connection remembers it.
pub async fn the_first_run_finds_everybody_new(store: &dyn Store) {
    let world = World::found(store, "the_first_run").await;
    let connection = world.connect("CRM").await;
    let users = [
        Pulled::new("u1", "Ann Lee"),
        Pulled::new("u2", "Bob Ray").in_state(CrmUserState::Inactive),
    ];
    let run = world.sync(connection, &users).await;
    assert_eq!(run.state, RunState::Complete);
    assert_eq!(run.finished_at, Some(world.now()));
    let report = RunReport {
        read: 2,
        new: 2,
        ..RunReport::default()
    };
    assert_eq!(run.report, report);
    let found = store.find_run(world.id(), run.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&run));
    let id = CrmUserId("u1".into());
    let user = store.find_crm_user(world.id(), connection, &id).await;
    let user = user.expect("asked").expect("known");
    assert_eq!(user.profile, users[0].profile);
    assert_eq!(user.first_seen_at, world.now());
    assert_eq!((user.last_run_id, user.gone_since), (run.id, None));
    let found = store.find_connection(world.id(), connection).await;
    let found = found.expect("asked").expect("known");
    assert_eq!(found.synced_at, Some(world.now()));
    assert_eq!(found.changed_since, Some(world.now()));
    assert_eq!(found.version, 1, "its settings did not change");
}

/// Every kind of difference is found, kept as it was and will be, and counted.
pub async fn a_full_run_finds_every_difference(store: &dyn Store) {
    let world = World::found(store, "a_full_run_finds_every_difference").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(6)).await;
    world.sync(connection, &pulled(5)).await;
    // u1 stays, u2 is renamed, u3 deactivated, u4 is gone, u5 stays, u6 returns, u7 is new.
    let [u1, u2, u3, u4, u5, u6] = <[Pulled; 6]>::try_from(pulled(6)).expect("six");
    let renamed = Pulled::new("u2", "Renamed");
    let inactive = u3.clone().in_state(CrmUserState::Inactive);
    let new = Pulled::new("u7", "New");
    let users = [
        u1,
        renamed.clone(),
        inactive.clone(),
        u5,
        u6.clone(),
        new.clone(),
    ];
    let run = world.sync(connection, &users).await;
    let report = RunReport {
        read: 6,
        new: 1,
        changed: 2,
        deactivated: 1,
        gone: 1,
        returned: 1,
        usable_before: 5,
        lost: 2,
        ..RunReport::default()
    };
    assert_eq!(run.report, report);
    let expected = vec![
        change(&new, RunChangeKind::New, None, Some(&new)),
        change(&u2, RunChangeKind::Changed, Some(&u2), Some(&renamed)),
        change(&u3, RunChangeKind::Deactivated, Some(&u3), Some(&inactive)),
        change(&u4, RunChangeKind::Gone, Some(&u4), None),
        change(&u6, RunChangeKind::Returned, Some(&u6), Some(&u6)),
    ];
    assert_eq!(changes(&world, &run, None).await, expected);
    for kind in RunChangeKind::ALL {
        let only = changes(&world, &run, Some(kind)).await;
        let of_kind = expected.iter().filter(|change| change.kind == kind);
        assert_eq!(only, of_kind.cloned().collect::<Vec<_>>());
    }
    for (id, present) in [("u1", true), ("u4", false), ("u6", true)] {
        let user = find(&world, connection, id).await;
        assert_eq!(user.gone_since.is_none(), present, "{id}");
    }
    let gone = find(&world, connection, "u4").await;
    assert_eq!(gone.gone_since, Some(world.now()));
    assert_ne!(gone.last_run_id, run.id, "this run did not see it");
}

/// Who is gone already is not gone once more, and `gone_since` stands.
pub async fn the_gone_are_gone_once(store: &dyn Store) {
    let world = World::found(store, "the_gone_are_gone_once").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(2)).await;
    world.sync(connection, &pulled(1)).await;
    let since = find(&world, connection, "u2").await.gone_since;
    assert_eq!(since, Some(world.now()));
    let run = world.sync(connection, &pulled(1)).await;
    assert_eq!(run.report.gone, 0);
    assert_eq!(run.report.usable_before, 1);
    assert_eq!(find(&world, connection, "u2").await.gone_since, since);
}

/// Somebody who was not usable before is changed, not deactivated.
pub async fn only_the_usable_are_deactivated(store: &dyn Store) {
    let world = World::found(store, "only_the_usable_are_deactivated").await;
    let connection = world.connect("CRM").await;
    let states = [
        (
            CrmUserState::Invited,
            CrmUserState::Deleted,
            RunChangeKind::Deactivated,
        ),
        (
            CrmUserState::Inactive,
            CrmUserState::Deleted,
            RunChangeKind::Changed,
        ),
        (
            CrmUserState::Inactive,
            CrmUserState::Active,
            RunChangeKind::Changed,
        ),
    ];
    let in_states = |pick: fn(&(CrmUserState, CrmUserState, RunChangeKind)) -> CrmUserState| {
        let users = pulled(3).into_iter().zip(&states);
        let users = users.map(|(user, states)| user.in_state(pick(states)));
        users.collect::<Vec<_>>()
    };
    world
        .sync(connection, &in_states(|(before, _, _)| *before))
        .await;
    let run = world
        .sync(connection, &in_states(|(_, after, _)| *after))
        .await;
    assert_eq!((run.report.changed, run.report.deactivated), (3, 1));
    assert_eq!(run.report.usable_before, 1);
    for change in changes(&world, &run, None).await {
        let index = change
            .crm_user_id
            .0
            .trim_start_matches('u')
            .parse::<usize>();
        let (_, _, kind) = states[index.expect("a number") - 1];
        assert_eq!(change.kind, kind, "{}", change.crm_user_id);
    }
}

/// Somebody who was not usable is no loss when they are gone: the brakes do not count them.
pub async fn only_the_usable_are_lost(store: &dyn Store) {
    let world = World::found(store, "only_the_usable_are_lost").await;
    let connection = world.connect("CRM").await;
    let [u1, u2, u3] = <[Pulled; 3]>::try_from(pulled(3)).expect("three");
    let left = u2.in_state(CrmUserState::Inactive);
    world.sync(connection, &[u1.clone(), left, u3]).await;
    let run = world.sync(connection, &[u1]).await;
    assert_eq!((run.report.gone, run.report.lost), (2, 1));
    assert_eq!(run.report.usable_before, 2);
}

/// A changed-since run brings only what changed: the others are still there.
pub async fn a_changed_since_run_never_finds_anybody_gone(store: &dyn Store) {
    let world = World::found(store, "a_changed_since_run").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let run = world
        .sync_changes(connection, &[Pulled::new("u2", "Renamed")])
        .await;
    assert_eq!((run.report.changed, run.report.gone), (1, 0));
    let count = store.count_crm_users(world.id(), connection).await;
    assert_eq!(count.expect("counted").present, 3);
}

/// A record that could not be read may be anybody's: nobody is gone then.
pub async fn unreadable_records_let_nobody_be_gone(store: &dyn Store) {
    let world = World::found(store, "unreadable_records").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let run = world.start_run(connection, RunMode::Full).await;
    let mut page = world.page(run.id, 1, &pulled(2), None);
    page.failed = 1;
    store
        .stage_user_page(world.id(), page)
        .await
        .expect("staged");
    let run = world.finish(run.id).await;
    assert_eq!((run.report.gone, run.report.failed), (0, 1));
    assert_eq!(find(&world, connection, "u3").await.gone_since, None);
}

/// Nor is anybody gone when fewer came than the CRM said there are.
pub async fn a_count_mismatch_lets_nobody_be_gone(store: &dyn Store) {
    let world = World::found(store, "a_count_mismatch").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    for (expected, gone) in [(3, 0), (2, 1)] {
        let run = world.start_run(connection, RunMode::Full).await;
        let mut page = world.page(run.id, 1, &pulled(2), None);
        page.expected = Some(expected);
        store
            .stage_user_page(world.id(), page)
            .await
            .expect("staged");
        let run = world.finish(run.id).await;
        assert_eq!(run.report.gone, gone, "of {expected} expected");
    }
}

/// Measuring needs the last page, and changes nothing that is known.
pub async fn measuring_needs_the_last_page(store: &dyn Store) {
    let world = World::found(store, "measuring_needs_the_last_page").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let page = world.page(run.id, 1, &pulled(1), Some("page 2"));
    store
        .stage_user_page(world.id(), page)
        .await
        .expect("staged");
    let mut unit = store.begin(world.id()).await.expect("begun");
    let measured = unit
        .measure_run(run.id, Absence::at_once(world.now()))
        .await;
    assert!(
        matches!(measured, Err(StoreError::Misuse(_))),
        "{measured:?}"
    );
    drop(unit);
    let page = world.page(run.id, 2, &[], None);
    store
        .stage_user_page(world.id(), page)
        .await
        .expect("staged");
    let mut unit = store.begin(world.id()).await.expect("begun");
    let unmeasured = unit.apply_run(run.id, None, world.now()).await;
    assert!(
        matches!(unmeasured, Err(StoreError::Misuse(_))),
        "{unmeasured:?}"
    );
    drop(unit);
    let mut unit = store.begin(world.id()).await.expect("begun");
    let report = unit
        .measure_run(run.id, Absence::at_once(world.now()))
        .await
        .expect("measured");
    assert_eq!(report.new, 1);
    let again = unit
        .measure_run(run.id, Absence::at_once(world.now()))
        .await
        .expect("measured again");
    assert_eq!(again, report);
    unit.commit().await.expect("committed");
    let count = store.count_crm_users(world.id(), connection).await;
    assert_eq!(count.expect("counted").known, 0);
    let found = store.find_run(world.id(), run.id).await;
    let found = found.expect("asked").expect("known");
    assert_eq!((found.report, found.state), (report, RunState::Pulling));
    assert_eq!(changes(&world, &found, None).await.len(), 1);
}

/// A held run waits; applied later, it does what it measured.
pub async fn a_held_run_can_be_applied(store: &dyn Store) {
    let world = World::found(store, "a_held_run_can_be_applied").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let held = hold(&world, connection, &pulled(1)).await;
    assert_eq!(held.state, RunState::Held);
    assert_eq!(held.finished_at, None, "it has not ended");
    assert_eq!(held.held_until, Some(world.now().plus_seconds(60)));
    assert_eq!(held.failure.as_ref().map(|f| f.code), Some(Code::RunHeld));
    assert_eq!(held.report.gone, 2);
    assert_eq!(find(&world, connection, "u3").await.gone_since, None);
    let run = world.finish(held.id).await;
    assert_eq!(run.state, RunState::Complete);
    assert_eq!((run.failure, run.report.gone), (None, 2));
    assert_eq!(run.held_until, None, "nothing waits any more");
    let gone = find(&world, connection, "u3").await.gone_since;
    assert_eq!(gone, Some(world.now()));
}

/// A rejected run changes nothing, keeps its reason and its report, and drops its pages.
pub async fn a_rejected_run_changes_nothing(store: &dyn Store) {
    let world = World::found(store, "a_rejected_run_changes_nothing").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let held = hold(&world, connection, &pulled(1)).await;
    let at = world.wait(1);
    let mut unit = store.begin(world.id()).await.expect("begun");
    let rejected = unit.reject_run(held.id, at).await.expect("rejected");
    unit.commit().await.expect("committed");
    assert_eq!(rejected.state, RunState::Rejected);
    assert_eq!(rejected.finished_at, Some(at));
    assert_eq!(
        (rejected.report, &rejected.failure),
        (held.report, &held.failure)
    );
    assert_eq!(find(&world, connection, "u3").await.gone_since, None);
    let mut unit = store.begin(world.id()).await.expect("begun");
    let again = unit.reject_run(held.id, at).await;
    assert!(matches!(again, Err(StoreError::Misuse(_))), "{again:?}");
    drop(unit);
    let mut unit = store.begin(world.id()).await.expect("begun");
    let applied = unit.apply_run(held.id, None, at).await;
    assert!(matches!(applied, Err(StoreError::Misuse(_))), "{applied:?}");
}

/// A new run takes the place of a held one.
pub async fn a_new_run_rejects_the_held_one(store: &dyn Store) {
    let world = World::found(store, "a_new_run_rejects_the_held_one").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let held = hold(&world, connection, &pulled(1)).await;
    world.wait(1);
    let begun = world.begin_run(connection, RunMode::Full).await;
    let Begun::Started(run) = begun else {
        panic!("expected a new run, got {begun:?}");
    };
    assert_ne!(run.id, held.id);
    let found = store.find_run(world.id(), held.id).await;
    let found = found.expect("asked").expect("known");
    assert_eq!(found.state, RunState::Rejected);
    assert_eq!(found.finished_at, Some(world.now()));
}

/// What complete runs have taken away counts usable users only, since an instant.
pub async fn losses_are_counted_since_an_instant(store: &dyn Store) {
    let world = World::found(store, "losses_are_counted").await;
    let connection = world.connect("CRM").await;
    let other = world.connect("Other").await;
    let mut users = pulled(6);
    users[5] = users[5].clone().in_state(CrmUserState::Inactive);
    world.sync(connection, &users).await;
    world.sync(other, &users).await;
    world.sync(other, &[]).await;
    // u6 was not usable: that it goes is no loss.
    world.sync(connection, &users[..4]).await;
    let first = world.now();
    let mut fewer = users[..4].to_vec();
    fewer[0] = fewer[0].clone().in_state(CrmUserState::Inactive);
    world.sync(connection, &fewer).await;
    let second = world.now();
    hold(&world, connection, &[]).await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    for (since, lost) in [
        (first.plus_seconds(-600), 2),
        (first, 2),
        (second, 1),
        (second.plus_seconds(1), 0),
    ] {
        let counted = unit.lost_since(connection, since).await;
        assert_eq!(counted.expect("counted"), lost, "since {since}");
    }
}

async fn hold(world: &World<'_>, connection: ConnectionId, users: &[Pulled]) -> Run {
    let run = world.pull(connection, RunMode::Full, users).await;
    let failure = RunFailure {
        code: Code::RunHeld,
        detail: "too many would be gone".into(),
    };
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    unit.measure_run(run.id, Absence::at_once(world.now()))
        .await
        .expect("measured");
    let held = unit
        .hold_run(run.id, &failure, world.now(), world.now().plus_seconds(60))
        .await;
    unit.commit().await.expect("committed");
    held.expect("held")
}

async fn find(world: &World<'_>, connection: ConnectionId, id: &str) -> counterpart_model::CrmUser {
    let id = CrmUserId(id.into());
    let user = world.store.find_crm_user(world.id(), connection, &id).await;
    user.expect("asked").expect("known")
}

async fn changes(world: &World<'_>, run: &Run, kind: Option<RunChangeKind>) -> Vec<RunChange> {
    all(async |page| {
        let store = world.store;
        store
            .list_run_changes(world.id(), run.id, kind, &page)
            .await
    })
    .await
}

fn change(
    user: &Pulled,
    kind: RunChangeKind,
    before: Option<&Pulled>,
    after: Option<&Pulled>,
) -> RunChange {
    RunChange {
        crm_user_id: user.id.clone(),
        kind,
        before: before.map(|user| user.profile.clone()),
        after: after.map(|user| user.profile.clone()),
    }
}
