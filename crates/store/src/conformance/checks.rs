//! System checks are kept, listed and forgotten.

use counterpart_model::check::{Check, CheckResult, CheckTrigger, FixPlace};
use counterpart_model::{ChangeLine, Code, ConnectionId, PersonId, SystemCheck, SystemCheckId};

use super::fixture::{World, all};
use crate::Store;
use crate::checks::{CheckQuery, CheckSubject, KeepChecks};

fn made(world: &World<'_>, connection: ConnectionId, person: Option<PersonId>) -> SystemCheck {
    world.wait(1);
    let check = Check::new(
        "reachable",
        "Łukasz’ address answers",
        CheckResult::Warn,
        "after 7 s",
    )
    .why("Nothing works without it.")
    .code(Code::ConnectionTimeout)
    .fix("the settings", FixPlace::Portal("/connections".into()))
    .took(7_000);
    SystemCheck {
        id: SystemCheckId::generate(world.seed(), world.seed()),
        connection_id: connection,
        person_id: person,
        trigger: CheckTrigger::Asked,
        started_at: world.now(),
        took_millis: 7_012,
        result: CheckResult::Warn,
        checks: vec![check],
    }
}

/// Keeps it and forgets nothing that matters here.
async fn keep(world: &World<'_>, check: &SystemCheck) {
    let keep = KeepChecks {
        since: world.now().plus_seconds(-1_000),
        most: 100,
    };
    let kept = world.store.keep_system_check(world.id(), check, keep).await;
    kept.expect("kept");
}

async fn list(world: &World<'_>, query: CheckQuery) -> Vec<SystemCheckId> {
    let list = all(async |page| {
        world
            .store
            .list_system_checks(world.id(), &query, &page)
            .await
    });
    list.await.into_iter().map(|check| check.id).collect()
}

/// A system check is found by its id, with everything in it.
pub async fn a_system_check_comes_back_as_it_was(store: &dyn Store) {
    let world = World::found(store, "a_system_check_comes_back_as_it_was").await;
    let connection = world.connect("CRM").await;
    let person = world.add_person("Ann").await;
    let itself = made(&world, connection, None);
    let mut hers = made(&world, connection, Some(person.id));
    hers.trigger = CheckTrigger::Schedule;
    for check in [&itself, &hers] {
        keep(&world, check).await;
        let found = store.find_system_check(world.id(), check.id).await;
        assert_eq!(found.expect("asked").as_ref(), Some(check));
    }
    let nobody = SystemCheckId::generate(world.seed(), world.seed());
    let found = store.find_system_check(world.id(), nobody).await;
    assert_eq!(found.expect("asked"), None);
}

/// The list has the newest first, of a connection, of a connection itself, or of a person.
pub async fn checks_are_listed_newest_first(store: &dyn Store) {
    let world = World::found(store, "checks_are_listed_newest_first").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let ann = world.add_person("Ann").await.id;
    let mut ids = Vec::new();
    for (connection, person) in [(one, None), (one, Some(ann)), (two, Some(ann)), (one, None)] {
        let check = made(&world, connection, person);
        keep(&world, &check).await;
        ids.push(check.id);
    }
    let of = |connection_id, subject| CheckQuery {
        connection_id,
        subject,
    };
    let [first, second, third, fourth] = ids[..] else {
        panic!("four were kept");
    };
    for (query, expected) in [
        (CheckQuery::default(), vec![fourth, third, second, first]),
        (
            of(Some(one), CheckSubject::All),
            vec![fourth, second, first],
        ),
        (of(Some(one), CheckSubject::Connection), vec![fourth, first]),
        (of(None, CheckSubject::Person(ann)), vec![third, second]),
        (of(Some(two), CheckSubject::Person(ann)), vec![third]),
        (of(Some(two), CheckSubject::Connection), vec![]),
    ] {
        assert_eq!(list(&world, query).await, expected, "{query:?}");
    }
}

/// Of each connection that was checked, the newest check of itself.
pub async fn the_newest_check_of_each_connection_is_found(store: &dyn Store) {
    let world = World::found(store, "the_newest_check_of_each_connection_is_found").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    world.connect("Never").await;
    let ann = world.add_person("Ann").await.id;
    let mut newest = Vec::new();
    for (connection, person) in [(one, None), (two, None), (one, None), (one, Some(ann))] {
        let check = made(&world, connection, person);
        keep(&world, &check).await;
        newest.push(check);
    }
    let mut expected = vec![newest[2].clone(), newest[1].clone()];
    expected.sort_by_key(|check| check.connection_id);
    let found = store.newest_system_checks(world.id()).await;
    assert_eq!(found.expect("asked"), expected);
}

/// What is old, and what is too much, goes when the next is kept; of its own subject only.
pub async fn old_checks_are_forgotten(store: &dyn Store) {
    let world = World::found(store, "old_checks_are_forgotten").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await.id;
    let hers = made(&world, connection, Some(ann));
    keep(&world, &hers).await;
    let mut ids = Vec::new();
    let mut keep_few = async |since, most| {
        let check = made(&world, connection, None);
        ids.push(check.id);
        let keep = KeepChecks { since, most };
        let kept = store.keep_system_check(world.id(), &check, keep).await;
        kept.expect("kept");
        let itself = CheckQuery {
            connection_id: Some(connection),
            subject: CheckSubject::Connection,
        };
        let mut left = list(&world, itself).await;
        left.reverse();
        assert!(ids.ends_with(&left), "the newest are left");
        left.len()
    };
    let long_ago = world.now().plus_seconds(-1_000);
    for (most, left) in [(3, 1), (3, 2), (3, 3), (3, 3), (2, 2), (1, 1), (9, 2)] {
        assert_eq!(keep_few(long_ago, most).await, left);
    }
    let later = world.now().plus_seconds(1);
    assert_eq!(keep_few(later, 9).await, 1, "the others began before");
    let of_ann = CheckQuery {
        subject: CheckSubject::Person(ann),
        ..CheckQuery::default()
    };
    assert_eq!(list(&world, of_ann).await, [hers.id]);
}

/// Who is erased leaves no checks behind.
pub async fn a_persons_checks_go_with_the_person(store: &dyn Store) {
    let world = World::found(store, "a_persons_checks_go_with_the_person").await;
    let connection = world.connect("CRM").await;
    let person = world.add_person("Ann").await;
    let check = made(&world, connection, Some(person.id));
    keep(&world, &check).await;
    let remove = ChangeLine::Person {
        before: Some(Box::new(person)),
        after: None,
    };
    world.apply(vec![remove]).await;
    assert_eq!(list(&world, CheckQuery::default()).await, []);
}

/// Nobody sees another organization's checks.
pub async fn checks_of_others_are_not_seen(store: &dyn Store) {
    let own = World::found(store, "checks_of_others_are_not_seen").await;
    let other = World::found(store, "checks_of_others_are_not_seen, next door").await;
    let connection = other.connect("CRM").await;
    let check = made(&other, connection, None);
    keep(&other, &check).await;
    let found = store.find_system_check(own.id(), check.id).await;
    assert_eq!(found.expect("asked"), None);
    let query = CheckQuery {
        connection_id: Some(connection),
        ..CheckQuery::default()
    };
    assert_eq!(list(&own, query).await, []);
    let newest = store.newest_system_checks(own.id()).await;
    assert_eq!(newest.expect("asked"), []);
}
