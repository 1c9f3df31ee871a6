//! Several nodes on one database.

use std::time::Duration;

use counterpart_model::{ChangeLine, ConnectionId, RunId, RunMode};
use counterpart_store::conformance::fixture::{Seed, World, add_person, new_organization};
use counterpart_store::organizations::Founded;
use counterpart_store::runs::{Begun, NewRun};
use counterpart_store::unit_of_work::DEADLINE;
use counterpart_store::{
    Accounts as _, ApplyError, Connections as _, Organizations as _, Runs as _, Store as _,
    StoreError,
};
use counterpart_store_postgres::PostgresStore;

use crate::database::{connect, plain_client, try_open};

const ROUNDS: usize = 10;

async fn apply(
    store: &PostgresStore,
    world: &World<'_>,
    line: ChangeLine,
) -> Result<u64, ApplyError> {
    let mut unit = store.begin(world.id()).await?;
    let set = world.change_set(vec![line]);
    let applied = unit.apply_change_set(&set, world.now()).await?;
    unit.commit().await?;
    Ok(applied.number)
}

/// Two nodes map two people to one CRM user at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_overlapping_mappings_exactly_one_wins() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    let world = World::found(&one.store, "overlapping mappings").await;
    let connection = world.connect("CRM").await;
    for round in 0..ROUNDS {
        let people = world.add_people(&["Ann", "Bob"]).await;
        let user = format!("u{round}");
        let [first, second] = [0, 1].map(|n| world.mapping(connection, people[n].id, &user));
        let results = tokio::join!(
            apply(&one.store, &world, ChangeLine::add_mapping(first.clone())),
            apply(&two, &world, ChangeLine::add_mapping(second.clone())),
        );
        let (winner, lost) = match results {
            (Ok(_), Err(lost)) => (first.id, lost),
            (Err(lost), Ok(_)) => (second.id, lost),
            other => panic!("round {round}: {other:?}"),
        };
        let ApplyError::Overlap { standing, .. } = lost else {
            panic!("round {round}: {lost:?}");
        };
        assert_eq!(standing.id, winner);
    }
}

/// Change sets of two nodes get numbers without gaps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_of_two_nodes_have_no_gaps() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    let world = World::found(&one.store, "numbers of two nodes").await;
    let mut numbers = Vec::new();
    for _ in 0..ROUNDS {
        let (first, second) = tokio::join!(
            apply(&one.store, &world, add_person(world.person("Ann"))),
            apply(&two, &world, add_person(world.person("Bob"))),
        );
        numbers.extend([first.expect("applied"), second.expect("applied")]);
    }
    numbers.sort_unstable();
    let expected: Vec<_> = (1..=2 * ROUNDS as u64).collect();
    assert_eq!(numbers, expected);
}

async fn begin(store: &PostgresStore, world: &World<'_>, connection: ConnectionId) -> Begun {
    let new = NewRun {
        id: RunId::generate(world.seed(), world.seed()),
        connection_id: connection,
        mode: RunMode::Full,
        now: world.now(),
        lease_until: world.now().plus_seconds(60),
    };
    let begun = store.begin_run(world.id(), &new).await;
    begun.expect("asked")
}

/// Two nodes begin a run at once, and later take over the one that a dead worker left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_begins_a_run_and_one_resumes_it() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    let world = World::found(&one.store, "begin a run").await;
    for round in 0..ROUNDS {
        let connection = world.connect(&format!("CRM {round}")).await;
        for resumed in [false, true] {
            let both = tokio::join!(
                begin(&one.store, &world, connection),
                begin(&two, &world, connection),
            );
            let (mine, busy) = match both {
                (mine, Begun::Busy(busy)) | (Begun::Busy(busy), mine) => (mine, busy),
                other => panic!("round {round}: {other:?}"),
            };
            match mine {
                Begun::Started(run) if !resumed => assert_eq!(run, busy),
                Begun::Resumed(run) if resumed => assert_eq!(run, busy),
                other => panic!("round {round}: {other:?}"),
            }
            world.wait(60);
        }
    }
}

/// A lease has one holder, whichever node asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_gets_a_lease() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    let world = World::found(&one.store, "a lease").await;
    for _ in 0..ROUNDS {
        let (now, until) = (world.now(), world.now().plus_seconds(60));
        let (first, second) = tokio::join!(
            one.store
                .take_lease(world.id(), "refresh", "one", now, until),
            two.take_lease(world.id(), "refresh", "two", now, until),
        );
        assert_ne!(first.expect("asked"), second.expect("asked"));
        world.wait(60);
    }
}

/// Two nodes found organizations of one name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_founded_once() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    for round in 0..ROUNDS {
        let seed = Seed::of(&format!("founding {round}"));
        let first = new_organization(&seed, &format!("Voice {round}"));
        let mut second = new_organization(&seed, &format!("VOICE {round}"));
        second.account = None;
        second.membership = None;
        let (a, b) = tokio::join!(
            one.store.found_organization(&first),
            two.found_organization(&second),
        );
        let mut both = [a.expect("asked"), b.expect("asked")];
        both.sort_by_key(|founded| *founded != Founded::Done);
        assert_eq!(both, [Founded::Done, Founded::NameTaken]);
    }
}

/// A node that stays in its unit keeps the others waiting until its deadline, and no longer.
#[tokio::test]
async fn a_node_that_hangs_holds_up_the_others_until_its_deadline() {
    let short = Duration::from_millis(300);
    let Some(one) = try_open(short).await else {
        return;
    };
    let two = connect(&one.database, DEADLINE).await;
    let world = World::found(&one.store, "a node that hangs").await;
    let mut hanging = one.store.begin(world.id()).await.expect("begun");
    let set = world.change_set(vec![add_person(world.person("Ann"))]);
    let applied = hanging.apply_change_set(&set, world.now()).await;
    applied.expect("applied");
    let number = apply(&two, &world, add_person(world.person("Bob"))).await;
    assert_eq!(number.expect("applied"), 1, "what the first did is undone");
    let late = hanging.append_audit(world.event("late")).await;
    assert!(matches!(late, Err(StoreError::Busy(_))), "{late:?}");
    let late = hanging.commit().await;
    assert!(matches!(late, Err(StoreError::Busy(_))), "{late:?}");
}

/// Those who wait for a unit of work do not keep the connections from those who read.
#[tokio::test]
async fn waiting_units_leave_connections_to_others() {
    let Some(one) = try_open(Duration::from_secs(5)).await else {
        return;
    };
    let world = World::found(&one.store, "waiting units").await;
    let open = one.store.begin(world.id()).await.expect("begun");
    let waiting = futures::future::join_all((0..20).map(|_| one.store.begin(world.id())));
    let reading = async {
        for _ in 0..20 {
            one.store.ping().await.expect("answered");
        }
        drop(open);
    };
    let (units, ()) = tokio::join!(
        async { tokio::time::timeout(Duration::from_secs(1), waiting).await },
        reading
    );
    // They get their turn one after another, so that not all of them have had it yet.
    assert!(units.is_err());
    one.store.ping().await.expect("answered");
}

/// After the server has ended every connection the store finds new ones.
#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let Some(one) = try_open(DEADLINE).await else {
        return;
    };
    let world = World::found(&one.store, "a lost connection").await;
    let mut unit = one.store.begin(world.id()).await.expect("begun");
    let client = plain_client(&one.database).await;
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.batch_execute(end).await.expect("ended");
    let lost = unit.append_audit(world.event("lost")).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    drop(unit);
    let answered = async {
        while one.store.count_accounts().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    let answered = tokio::time::timeout(Duration::from_secs(10), answered).await;
    answered.expect("a new connection is found");
    world.add_person("Ann").await;
}
