//! Runs until their last page is staged.

use counterpart_model::{
    Code, ConnectionId, CrmUserId, RunId, RunMode, RunState, Timestamp, run::RunFailure,
};

use super::fixture::{Pulled, World, all, pulled};
use crate::runs::{Begun, NewRun};
use crate::{Store, StoreError};

/// A new run has nothing yet, and is the one that is found and listed.
pub async fn a_run_begins_empty(store: &dyn Store) {
    let world = World::found(store, "a_run_begins_empty").await;
    let connection = world.connect("CRM").await;
    let since = world.now().plus_seconds(-60);
    let run = world
        .start_run(connection, RunMode::Changed { since })
        .await;
    assert_eq!(run.connection_id, connection);
    assert_eq!(run.mode, RunMode::Changed { since });
    assert_eq!(run.state, RunState::Pulling);
    assert_eq!(run.started_at, world.now());
    assert_eq!(
        (run.pages, run.pulled, run.cursor.clone()),
        (0, false, None)
    );
    assert_eq!(run.lease_until, world.now().plus_seconds(60));
    let found = store.find_run(world.id(), run.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&run));
    assert_eq!(list(&world, connection).await, vec![run.id]);
}

/// A connection has one run at a time; another connection has its own.
pub async fn a_second_run_is_refused_while_the_first_is_alive(store: &dyn Store) {
    let world = World::found(store, "a_second_run_is_refused").await;
    let (first, second) = (world.connect("One").await, world.connect("Two").await);
    let run = world.start_run(first, RunMode::Full).await;
    world.wait(59);
    let begun = world.begin_run(first, RunMode::Full).await;
    assert_eq!(begun, Begun::Busy(run));
    world.start_run(second, RunMode::Full).await;
}

/// A run whose worker died goes on where it was, in its own mode.
pub async fn a_dead_workers_run_is_resumed(store: &dyn Store) {
    let world = World::found(store, "a_dead_workers_run_is_resumed").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let page = world.page(run.id, 1, &pulled(2), Some("page 2"));
    let staged = store.stage_user_page(world.id(), page).await;
    let staged = staged.expect("staged");
    world.wait(60);
    let since = world.now();
    let begun = world
        .begin_run(connection, RunMode::Changed { since })
        .await;
    let Begun::Resumed(resumed) = begun else {
        panic!("expected the run to be resumed, got {begun:?}");
    };
    assert_eq!(resumed.lease_until, world.now().plus_seconds(60));
    assert_eq!(
        resumed,
        counterpart_model::Run {
            lease_until: resumed.lease_until,
            ..staged
        }
    );
    let page = world.page(run.id, 2, &pulled(3)[2..], None);
    let run = store.stage_user_page(world.id(), page).await;
    assert_eq!(run.expect("staged").report.read, 3);
    let done = world.finish(resumed.id).await;
    assert_eq!((done.report.read, done.report.new), (3, 3));
}

/// A renewed lease keeps others away; a released one lets them in at once.
pub async fn leases_of_runs_are_renewed_and_released(store: &dyn Store) {
    let world = World::found(store, "leases_of_runs").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let until = world.now().plus_seconds(600);
    let renewed = store.renew_run(world.id(), run.id, until).await;
    renewed.expect("renewed");
    world.wait(599);
    let begun = world.begin_run(connection, RunMode::Full).await;
    assert!(matches!(begun, Begun::Busy(_)), "{begun:?}");
    let released = store.release_run(world.id(), run.id).await;
    released.expect("released");
    let begun = world.begin_run(connection, RunMode::Full).await;
    assert!(
        matches!(&begun, Begun::Resumed(r) if r.id == run.id),
        "{begun:?}"
    );
}

/// A page moves the cursor, counts distinct users and prolongs the lease.
pub async fn pages_are_staged_in_order(store: &dyn Store) {
    let world = World::found(store, "pages_are_staged_in_order").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    world.wait(30);
    let mut first = world.page(run.id, 1, &pulled(2), Some("page 2"));
    first.failed = 1;
    first.expected = Some(4);
    let run = store.stage_user_page(world.id(), first).await;
    let run = run.expect("staged");
    assert_eq!((run.pages, run.pulled), (1, false));
    assert_eq!(run.cursor.as_deref(), Some("page 2"));
    assert_eq!(run.expected, Some(4));
    assert_eq!((run.report.read, run.report.failed), (2, 1));
    assert_eq!(run.lease_until, world.now().plus_seconds(60));
    // One user comes twice on the page, one came before: the last word counts.
    let users = [
        Pulled::new("u2", "Renamed"),
        Pulled::new("u3", "First"),
        Pulled::new("u3", "Last"),
    ];
    let mut second = world.page(run.id, 2, &users, None);
    second.failed = 2;
    let run = store.stage_user_page(world.id(), second).await;
    let run = run.expect("staged");
    assert_eq!(
        (run.pages, run.pulled, run.cursor.as_deref()),
        (2, true, None)
    );
    assert_eq!(run.expected, Some(4), "what was said once stands");
    assert_eq!((run.report.read, run.report.failed), (3, 3));
    world.finish(run.id).await;
    for (id, name) in [("u1", "User 001"), ("u2", "Renamed"), ("u3", "Last")] {
        let id = CrmUserId(id.into());
        let user = store.find_crm_user(world.id(), connection, &id).await;
        let user = user.expect("asked").expect("known");
        assert_eq!(user.profile.display_name, name);
    }
}

/// A page that is staged already is taken as done.
pub async fn a_repeated_page_changes_nothing(store: &dyn Store) {
    let world = World::found(store, "a_repeated_page_changes_nothing").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let first = world.page(run.id, 1, &pulled(2), Some("page 2"));
    let staged = store.stage_user_page(world.id(), first).await;
    let staged = staged.expect("staged");
    world.wait(10);
    let mut again = world.page(run.id, 1, &[Pulled::new("u9", "Other")], Some("other"));
    again.failed = 3;
    let repeated = store.stage_user_page(world.id(), again).await;
    assert_eq!(repeated.expect("taken as done"), staged);
    let last = world.page(run.id, 2, &[], None);
    for _ in 0..2 {
        let run = store.stage_user_page(world.id(), last.clone()).await;
        assert!(run.expect("staged").pulled);
    }
}

/// A run that ends takes what it staged along, and nothing of what another one has staged.
pub async fn the_end_of_a_run_leaves_what_others_staged(store: &dyn Store) {
    let world = World::found(store, "the_end_of_a_run_leaves_others").await;
    let connections = [
        world.connect("First").await,
        world.connect("Second").await,
        world.connect("Third").await,
    ];
    let mut runs = Vec::new();
    for connection in connections {
        runs.push(world.pull(connection, RunMode::Full, &pulled(2)).await);
    }
    // The one in the middle of all, the last, and then the one that is left.
    for (place, run) in [(1, &runs[1]), (2, &runs[2]), (0, &runs[0])] {
        let done = world.finish(run.id).await;
        assert_eq!((done.report.read, done.report.new), (2, 2), "run {place}");
        let known = store.count_crm_users(world.id(), connections[place]).await;
        assert_eq!(known.expect("counted").known, 2, "run {place}");
    }
}

/// A page that leaves one out, or comes behind the last, is a mistake of the caller.
pub async fn a_page_left_out_is_refused(store: &dyn Store) {
    let world = World::found(store, "a_page_left_out_is_refused").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let refused = async |number| {
        let page = world.page(run.id, number, &pulled(1), Some("next"));
        let staged = store.stage_user_page(world.id(), page).await;
        misuse(&staged, &format!("page {number}"));
    };
    refused(2).await;
    let found = store.find_run(world.id(), run.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&run), "untouched");
    let only = world.page(run.id, 1, &pulled(1), None);
    store
        .stage_user_page(world.id(), only)
        .await
        .expect("staged");
    refused(2).await;
}

/// A failed run says why, keeps nothing and takes no more pages.
pub async fn a_failed_run_changes_nothing(store: &dyn Store) {
    let world = World::found(store, "a_failed_run_changes_nothing").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let page = world.page(run.id, 1, &pulled(2), Some("page 2"));
    store
        .stage_user_page(world.id(), page)
        .await
        .expect("staged");
    let failure = failure();
    let at = world.wait(5);
    let failed = store.fail_run(world.id(), run.id, &failure, at).await;
    let failed = failed.expect("failed");
    assert_eq!(failed.state, RunState::Failed);
    assert_eq!(failed.finished_at, Some(at));
    assert_eq!(failed.failure.as_ref(), Some(&failure));
    let found = store.find_run(world.id(), run.id).await;
    assert_eq!(found.expect("asked"), Some(failed));
    let count = store.count_crm_users(world.id(), connection).await;
    assert_eq!(count.expect("counted").known, 0);
    let page = world.page(run.id, 2, &pulled(1), None);
    misuse(&store.stage_user_page(world.id(), page).await, "staging");
    misuse(&store.renew_run(world.id(), run.id, at).await, "renewing");
    misuse(
        &store.fail_run(world.id(), run.id, &failure, at).await,
        "failing again",
    );
    let released = store.release_run(world.id(), run.id).await;
    released.expect("releasing what has ended is no error");
    world.start_run(connection, RunMode::Full).await;
}

/// Runs that are unknown, or another connection's or organization's, are not touched.
pub async fn an_unknown_run_is_a_mistake(store: &dyn Store) {
    let world = World::found(store, "an_unknown_run_is_a_mistake").await;
    let connection = world.connect("CRM").await;
    let id = RunId::generate(world.seed(), world.seed());
    let page = world.page(id, 1, &[], None);
    misuse(&store.stage_user_page(world.id(), page).await, "staging");
    let found = store.find_run(world.id(), id).await;
    assert_eq!(found.expect("asked"), None);
    let nowhere = NewRun {
        id,
        connection_id: ConnectionId::generate(world.seed(), world.seed()),
        mode: RunMode::Full,
        now: world.now(),
        lease_until: Timestamp::FOREVER,
    };
    misuse(&store.begin_run(world.id(), &nowhere).await, "beginning");
    assert_eq!(list(&world, connection).await, vec![]);
}

/// Runs are listed newest first, per connection.
pub async fn runs_come_newest_first(store: &dyn Store) {
    let world = World::found(store, "runs_come_newest_first").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.insert(0, world.sync(one, &pulled(1)).await.id);
    }
    world.sync(two, &pulled(1)).await;
    assert_eq!(list(&world, one).await, expected);
}

fn misuse<T: std::fmt::Debug>(result: &crate::Result<T>, what: &str) {
    assert!(
        matches!(result, Err(StoreError::Misuse(_))),
        "{what}: {result:?}"
    );
}

fn failure() -> RunFailure {
    RunFailure {
        code: Code::ConnectionUnreachable,
        detail: "fabricam.example does not answer".into(),
    }
}

async fn list(world: &World<'_>, connection: ConnectionId) -> Vec<RunId> {
    let runs = all(async |page| world.store.list_runs(world.id(), connection, &page).await);
    runs.await.into_iter().map(|run| run.id).collect()
}
