//! CRM users that full runs no longer find: missing first, gone later.

use counterpart_model::{
    ConnectionId, CrmUser, CrmUserId, CrmUserState, Run, RunId, RunMode, Timestamp,
};

use super::fixture::{Pulled, World, all, pulled};
use crate::runs::{Absence, RunChangeKind};
use crate::{Store, StoreError, crm_users::CrmUserQuery};

/// How long the missing are only missing here, in seconds.
const GRACE: i64 = 1_000;

/// Who is not found is missing first, and lost once; who stays away is gone.
pub async fn the_missing_are_gone_after_a_while(store: &dyn Store) {
    let world = World::found(store, "the_missing_are_gone").await;
    let connection = world.connect("CRM").await;
    let mut users = pulled(4);
    users[3] = users[3].clone().in_state(CrmUserState::Inactive);
    world.sync(connection, &users).await;

    let first = sync(&world, connection, &users[..2]).await;
    let since = world.now();
    assert_eq!((first.report.missing, first.report.gone), (2, 0));
    assert_eq!(
        (first.report.usable_before, first.report.lost),
        (3, 1),
        "u4 was not usable"
    );
    let missing = find(&world, connection, "u3").await;
    assert_eq!(
        (missing.missing_since, missing.gone_since),
        (Some(since), None)
    );
    assert_eq!(kinds(&world, first.id).await, [RunChangeKind::Missing; 2]);

    world.wait(GRACE / 2);
    let second = sync(&world, connection, &users[..2]).await;
    assert_eq!((second.report.missing, second.report.gone), (0, 0));
    assert_eq!((second.report.usable_before, second.report.lost), (2, 0));
    assert!(kinds(&world, second.id).await.is_empty());
    assert_eq!(find(&world, connection, "u3").await, missing);

    world.wait(GRACE / 2);
    let third = sync(&world, connection, &users[..2]).await;
    assert_eq!((third.report.missing, third.report.gone), (0, 2));
    assert_eq!(third.report.lost, 0, "they are lost once");
    let gone = find(&world, connection, "u3").await;
    assert_eq!(
        (gone.missing_since, gone.gone_since),
        (Some(since), Some(world.now()))
    );
    assert_eq!(kinds(&world, third.id).await, [RunChangeKind::Gone; 2]);
}

/// Who is found again was missing for nothing, by a full run or one that asks for changes.
pub async fn the_missing_come_back(store: &dyn Store) {
    let world = World::found(store, "the_missing_come_back").await;
    let connection = world.connect("CRM").await;
    let users = pulled(3);
    world.sync(connection, &users).await;
    sync(&world, connection, &users[..1]).await;
    let changed = world.sync_changes(connection, &users[1..2]).await;
    assert_eq!((changed.report.returned, changed.report.new), (1, 0));
    let full = sync(&world, connection, &users).await;
    assert_eq!((full.report.returned, full.report.missing), (1, 0));
    for id in ["u2", "u3"] {
        let user = find(&world, connection, id).await;
        assert_eq!((user.missing_since, user.gone_since), (None, None), "{id}");
    }
}

/// When somebody whom the list left out is there, nobody is missing; when they are found
/// deactivated, the list was right to leave them out.
pub async fn a_list_that_leaves_somebody_out_is_not_believed(store: &dyn Store) {
    let world = World::found(store, "a_list_that_leaves_out").await;
    let connection = world.connect("CRM").await;
    let users = pulled(4);
    world.sync(connection, &users).await;

    let run = world.pull(connection, RunMode::Full, &users[..2]).await;
    let looked_up = [
        users[2].to_pair(),
        users[0].clone().in_state(CrmUserState::Inactive).to_pair(),
    ];
    let staged = store
        .stage_looked_up(world.id(), run.id, &looked_up)
        .await
        .expect("staged");
    assert_eq!(
        (
            staged.report.read,
            staged.report.looked_up,
            staged.report.found
        ),
        (3, 1, 1),
        "what the list brought stays"
    );
    let run = finish(&world, run).await;
    assert_eq!((run.report.missing, run.report.found), (0, 1));
    assert_eq!(run.report.changed, 0);
    assert_eq!(find(&world, connection, "u4").await.missing_since, None);

    let run = world.pull(connection, RunMode::Full, &users[..2]).await;
    let looked_up = [users[2].clone().in_state(CrmUserState::Inactive).to_pair()];
    store
        .stage_looked_up(world.id(), run.id, &looked_up)
        .await
        .expect("staged");
    let run = finish(&world, run).await;
    assert_eq!((run.report.missing, run.report.deactivated), (1, 1));
    assert_eq!((run.report.looked_up, run.report.found), (1, 0));
    let ended = store.stage_looked_up(world.id(), run.id, &[]).await;
    assert!(matches!(ended, Err(StoreError::Misuse(_))), "{ended:?}");
}

/// Absent is who is usable and did not come, newly or for long enough; a limited number of them.
pub async fn who_is_absent_is_listed(store: &dyn Store) {
    let world = World::found(store, "who_is_absent").await;
    let connection = world.connect("CRM").await;
    let mut users = pulled(5);
    users[4] = users[4].clone().in_state(CrmUserState::Inactive);
    world.sync(connection, &users).await;
    sync(&world, connection, &users[..3]).await;
    let missing_since = world.now();
    let run = world.pull(connection, RunMode::Full, &users[..1]).await;
    let absent = async |gone_before: Timestamp, limit: u32| {
        let absent = store.list_absent(world.id(), run.id, gone_before, limit);
        let ids = absent.await.expect("listed").into_iter().map(|id| id.0);
        ids.collect::<Vec<_>>()
    };
    let earlier = missing_since.plus_seconds(-1);
    assert_eq!(absent(earlier, 10).await, ["u2", "u3"]);
    assert_eq!(absent(missing_since, 10).await, ["u2", "u3", "u4"]);
    assert_eq!(absent(missing_since, 1).await, ["u2"]);
}

/// The missing are present, usable, and can be asked for.
pub async fn the_missing_are_listed_and_counted(store: &dyn Store) {
    let world = World::found(store, "the_missing_are_listed").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(4)).await;
    world.sync(connection, &pulled(3)).await;
    sync(&world, connection, &pulled(1)).await;
    let count = store.count_crm_users(world.id(), connection).await;
    let count = count.expect("counted");
    assert_eq!(
        (count.known, count.present, count.missing, count.usable),
        (4, 3, 2, 3)
    );
    let query = CrmUserQuery {
        missing_only: true,
        ..CrmUserQuery::default()
    };
    let missing = all(async |page| {
        store
            .list_crm_users(world.id(), connection, &query, &page)
            .await
    })
    .await;
    let ids: Vec<_> = missing.iter().map(|user| user.id.0.as_str()).collect();
    assert_eq!(ids, ["u2", "u3"]);
}

async fn sync(world: &World<'_>, connection: ConnectionId, users: &[Pulled]) -> Run {
    let run = world.pull(connection, RunMode::Full, users).await;
    finish(world, run).await
}

async fn finish(world: &World<'_>, run: Run) -> Run {
    let absence = Absence::after(world.now(), GRACE);
    world.finish_with(run.id, absence).await
}

async fn find(world: &World<'_>, connection: ConnectionId, id: &str) -> CrmUser {
    let id = CrmUserId(id.into());
    let user = world.store.find_crm_user(world.id(), connection, &id).await;
    user.expect("asked").expect("known")
}

async fn kinds(world: &World<'_>, run: RunId) -> Vec<RunChangeKind> {
    let changes = all(async |page| {
        let store = world.store;
        store.list_run_changes(world.id(), run, None, &page).await
    })
    .await;
    changes.into_iter().map(|change| change.kind).collect()
}
