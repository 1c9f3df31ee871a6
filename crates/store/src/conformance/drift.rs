//! Why mappings may be true no longer, and what is to happen then.

use counterpart_model::{
    ChangeLine, CrmUserId, Drift, DriftCause, DriftPolicies, DriftPolicy, PersonId, Situation,
};

use super::fixture::{World, all};
use crate::drift::{DriftCount, DriftQuery};
use crate::{Store, StoreError};

async fn list(world: &World<'_>, query: &DriftQuery) -> Vec<Drift> {
    all(async |page| world.store.list_drift(world.id(), query, &page).await).await
}

fn sorted(mut drift: Vec<Drift>) -> Vec<Drift> {
    drift.sort_by_key(|drift| (drift.mapping_id, drift.cause.as_str()));
    drift
}

/// Drift comes back as it was found, and is listed by connection, person, mapping and cause.
pub async fn drift_is_listed(store: &dyn Store) {
    let world = World::found(store, "drift_is_listed").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let anns = world.map(one, people[0].id, "u1").await;
    let bobs = world.map(one, people[1].id, "u2").await;
    let elsewhere = world.map(two, people[0].id, "u1").await;
    let mut gone = world.drift(&anns, DriftCause::CrmUserDeleted);
    gone.primary = false;
    let mut moved = world.drift(&anns, DriftCause::AnotherActiveUser);
    moved.other = Some(CrmUserId("u9".into()));
    moved.detail = "Łukasz’ account".into();
    let bob = world.drift(&bobs, DriftCause::CrmUserDeleted);
    world
        .find_drift(one, &[gone.clone(), moved.clone(), bob.clone()])
        .await;
    let other = world.drift(&elsewhere, DriftCause::EmailChanged);
    world.find_drift(two, std::slice::from_ref(&other)).await;

    let everything = DriftQuery::default();
    for (query, expected) in [
        (everything.clone(), vec![&gone, &moved, &bob, &other]),
        (
            DriftQuery {
                connection_id: Some(one),
                ..everything.clone()
            },
            vec![&gone, &moved, &bob],
        ),
        (
            DriftQuery {
                person_id: Some(people[0].id),
                ..everything.clone()
            },
            vec![&gone, &moved, &other],
        ),
        (
            DriftQuery {
                mapping_id: Some(bobs.id),
                ..everything.clone()
            },
            vec![&bob],
        ),
        (
            DriftQuery {
                cause: Some(DriftCause::CrmUserDeleted),
                ..everything.clone()
            },
            vec![&gone, &bob],
        ),
        (
            DriftQuery {
                primary_only: true,
                ..everything
            },
            vec![&moved, &bob, &other],
        ),
    ] {
        let expected = sorted(expected.into_iter().cloned().collect());
        assert_eq!(list(&world, &query).await, expected, "{query:?}");
    }
    let found = store.drift_of_people(world.id(), &[people[1].id]).await;
    assert_eq!(found.expect("asked"), [bob]);
    let stranger = World::found(store, "drift_is_listed elsewhere").await;
    assert_eq!(list(&stranger, &DriftQuery::default()).await, []);
    let found = store.drift_of_people(stranger.id(), &[people[1].id]).await;
    assert_eq!(found.expect("asked"), []);
}

/// The most specific causes are counted, one for each mapping.
pub async fn drift_is_counted_by_cause(store: &dyn Store) {
    let world = World::found(store, "drift_is_counted_by_cause").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let anns = world.map(connection, people[0].id, "u1").await;
    let bobs = world.map(connection, people[1].id, "u2").await;
    let mut further = world.drift(&anns, DriftCause::LicenceLost);
    further.primary = false;
    let found = [
        further,
        world.drift(&anns, DriftCause::PersonLeft),
        world.drift(&bobs, DriftCause::PersonLeft),
    ];
    world.find_drift(connection, &found).await;
    let counted = store.count_drift(world.id()).await.expect("counted");
    let expected = DriftCount {
        connection_id: connection,
        cause: DriftCause::PersonLeft,
        mappings: 2,
    };
    assert_eq!(counted, [expected]);
}

/// What is found again goes on since it was found first; what is not found any more is over.
pub async fn drift_goes_on_since_it_was_found(store: &dyn Store) {
    let world = World::found(store, "drift_goes_on").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let first = world.drift(&mapping, DriftCause::NameChanged);
    world
        .find_drift(connection, std::slice::from_ref(&first))
        .await;
    world.wait(60);
    let mut again = world.drift(&mapping, DriftCause::NameChanged);
    again.detail = "yet another name".into();
    let new = world.drift(&mapping, DriftCause::LicenceLost);
    world
        .find_drift(connection, &[again.clone(), new.clone()])
        .await;
    let expected = vec![
        Drift {
            since: first.since,
            ..again
        },
        new.clone(),
    ];
    assert_eq!(list(&world, &DriftQuery::default()).await, sorted(expected));
    world
        .find_drift(connection, std::slice::from_ref(&new))
        .await;
    assert_eq!(list(&world, &DriftQuery::default()).await, [new]);
}

/// Of some people only theirs is replaced, and nothing outside of them is taken.
pub async fn drift_is_replaced_for_some_people(store: &dyn Store) {
    let world = World::found(store, "drift_is_replaced_for_some").await;
    let (connection, other) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let anns = world.map(connection, people[0].id, "u1").await;
    let bobs = world.map(connection, people[1].id, "u2").await;
    let ann = world.drift(&anns, DriftCause::NameChanged);
    let bob = world.drift(&bobs, DriftCause::NameChanged);
    world.find_drift(connection, &[ann, bob.clone()]).await;
    let replace = async |some: &[PersonId], drift: &[Drift]| {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let replaced = unit.replace_drift(connection, Some(some), drift).await;
        if replaced.is_ok() {
            unit.commit().await.expect("committed");
        }
        replaced
    };
    replace(&[people[0].id], &[]).await.expect("replaced");
    let left = list(&world, &DriftQuery::default()).await;
    assert_eq!(left, std::slice::from_ref(&bob));
    let mut misplaced = bob.clone();
    misplaced.connection_id = other;
    for wrong in [bob, misplaced] {
        let refused = replace(&[people[0].id], &[wrong]).await;
        assert!(matches!(refused, Err(StoreError::Misuse(_))), "{refused:?}");
    }
}

/// Drift of a mapping that is gone is shown nowhere and makes nobody drifted.
pub async fn drift_ends_with_its_mapping(store: &dyn Store) {
    let world = World::found(store, "drift_ends_with_its_mapping").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let found = world.drift(&mapping, DriftCause::NameChanged);
    world.find_drift(connection, &[found]).await;
    world.apply(vec![ChangeLine::remove_mapping(mapping)]).await;
    world.refresh().await;
    assert_eq!(list(&world, &DriftQuery::default()).await, []);
    assert_eq!(store.count_drift(world.id()).await.expect("counted"), []);
    let situation = world.situation(connection, ann.id).await;
    assert_eq!(situation, Some(Situation::Unmapped));
}

/// Policies are kept by connection and replaced as a whole.
pub async fn policies_are_kept_by_connection(store: &dyn Store) {
    let world = World::found(store, "policies_are_kept").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let kept = async |connection| {
        let found = store.drift_policies(world.id(), connection).await;
        found.expect("asked")
    };
    assert_eq!(kept(one).await, DriftPolicies::default());
    let first: DriftPolicies = [
        (DriftCause::CrmUserDeleted, DriftPolicy::Act),
        (DriftCause::EmailChanged, DriftPolicy::Ignore),
    ]
    .into_iter()
    .collect();
    let second: DriftPolicies = [(DriftCause::EmailChanged, DriftPolicy::Act)]
        .into_iter()
        .collect();
    for wanted in [first, second, DriftPolicies::default()] {
        let saved = store.set_drift_policies(world.id(), one, &wanted).await;
        saved.expect("saved");
        assert_eq!(kept(one).await, wanted);
        assert_eq!(kept(two).await, DriftPolicies::default());
    }
}
