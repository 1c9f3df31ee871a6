//! What undoing needs to know: who undid what, what stands now, what is in the way.

use counterpart_model::{
    ChangeLine, DecisionKind, IdentityKind, NewChangeSet, Period, PersonId, Subject, Thing,
};

use super::fixture::{World, add_identity, add_person, edit_person};
use crate::{Store, StoreError};

async fn undo(world: &World<'_>, number: u64, lines: Vec<ChangeLine>) -> u64 {
    let set = NewChangeSet {
        undoes: Some(number),
        ..world.change_set(lines)
    };
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let applied = unit.apply_change_set(&set, world.now()).await;
    unit.commit().await.expect("committed");
    applied.expect("applied").number
}

async fn undone_by(world: &World<'_>, number: u64) -> Option<u64> {
    let found = world.store.find_change_set(world.id(), number).await;
    found.expect("asked").expect("a change set").undone_by
}

/// A change set is undone by the newest one that undoes it and is not undone itself.
pub async fn a_set_knows_who_undid_it(store: &dyn Store) {
    let world = World::found(store, "a_set_knows_who_undid_it").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    assert_eq!(undone_by(&world, 2).await, None);
    let take = || vec![ChangeLine::remove_mapping(mapping.clone())];
    let put = || vec![ChangeLine::add_mapping(mapping.clone())];
    assert_eq!(undo(&world, 2, take()).await, 3);
    assert_eq!(undone_by(&world, 2).await, Some(3));
    assert_eq!(undo(&world, 3, put()).await, 4);
    assert_eq!(undone_by(&world, 3).await, Some(4));
    assert_eq!(undone_by(&world, 2).await, None, "it is true again");
    assert_eq!(undo(&world, 4, take()).await, 5);
    assert_eq!(undone_by(&world, 2).await, Some(3), "undone once more");
    let listed = store
        .list_change_sets(world.id(), &counterpart_model::PageRequest::first(10))
        .await
        .expect("listed");
    let listed: Vec<_> = listed.items.iter().map(|set| set.undone_by).collect();
    assert_eq!(listed, [None, Some(5), None, Some(3), None]);
}

/// What is not there cannot be undone.
pub async fn an_unknown_set_is_not_undone(store: &dyn Store) {
    let world = World::found(store, "an_unknown_set_is_not_undone").await;
    let set = NewChangeSet {
        undoes: Some(7),
        ..world.change_set(vec![add_person(world.person("Ann"))])
    };
    let mut unit = store.begin(world.id()).await.expect("begun");
    let refused = unit.apply_change_set(&set, world.now()).await;
    let misuse = matches!(
        refused,
        Err(crate::ApplyError::Store(StoreError::Misuse(_)))
    );
    assert!(misuse, "{refused:?}");
}

fn sorted(mut things: Vec<Thing>) -> Vec<Thing> {
    things.sort_by_key(Thing::subject);
    things.dedup();
    things
}

/// Things are found by what they are, those of other organizations never.
pub async fn what_stands_is_found(store: &dyn Store) {
    let world = World::found(store, "what_stands_is_found").await;
    let other = World::found(store, "what_stands_is_found elsewhere").await;
    let stranger = other.add_person("Stranger").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let kind = IdentityKind::Extension;
    let identity = world.identity(ann.id, world.directory.id, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity.clone())]).await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let decision = DecisionKind::NoAccount { person_id: ann.id };
    let decision = world.decide(world.decision(connection, decision)).await;
    let all = sorted(vec![
        Thing::Person(Box::new(ann.clone())),
        Thing::Identity(Box::new(identity)),
        Thing::Mapping(Box::new(mapping)),
        Thing::Decision(Box::new(decision)),
    ]);
    let mut subjects: Vec<Subject> = all.iter().map(Thing::subject).collect();
    subjects.push(Subject::Person(stranger.id));
    let nobody = PersonId::generate(world.seed(), world.seed());
    subjects.push(Subject::Person(nobody));
    let found = store.standing(world.id(), &subjects).await;
    assert_eq!(sorted(found.expect("found")), all);
    let found = store.about_people(world.id(), &[ann.id, stranger.id]).await;
    assert_eq!(sorted(found.expect("found")), all[1..]);
    let found = store.standing(world.id(), &[]).await;
    assert_eq!(found.expect("found"), []);
}

/// Whoever claims the same place is found, whenever; whoever claims another is not.
pub async fn rivals_are_found(store: &dyn Store) {
    let world = World::found(store, "rivals_are_found").await;
    let (connection, elsewhere) = (world.connect("CRM").await, world.connect("Desk").await);
    let mut people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let mut ann = people[0].clone();
    ann.external_id = Some("E1".into());
    world
        .apply(vec![edit_person(&people[0], ann.clone())])
        .await;
    ann.version = 2;
    people[0] = ann.clone();
    let kind = IdentityKind::Extension;
    let directory = world.directory.id;
    let identity = world.identity(ann.id, directory, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity.clone())]).await;
    let of_ann = world.map(connection, ann.id, "u1").await;
    let of_bob = world.map(connection, people[1].id, "u2").await;
    world.map(connection, people[2].id, "u3").await;
    world.map(elsewhere, ann.id, "u1").await;
    let decided = DecisionKind::NotAPerson {
        crm_user_id: counterpart_model::CrmUserId("u9".into()),
    };
    let decision = world
        .decide(world.decision(connection, decided.clone()))
        .await;

    let mut namesake = world.person("Dan");
    namesake.external_id = Some("E1".into());
    let wanted = [
        Thing::Person(Box::new(namesake)),
        Thing::Identity(Box::new(world.identity(
            people[1].id,
            directory,
            kind,
            "204",
            Period::ALL,
        ))),
        Thing::Mapping(Box::new(world.mapping(connection, ann.id, "u2"))),
        Thing::Decision(Box::new(world.decision(connection, decided))),
    ];
    let found = store.rivals(world.id(), &wanted).await.expect("found");
    let expected = sorted(vec![
        Thing::Person(Box::new(ann)),
        Thing::Identity(Box::new(identity)),
        Thing::Mapping(Box::new(of_ann)),
        Thing::Mapping(Box::new(of_bob)),
        Thing::Decision(Box::new(decision)),
    ]);
    assert_eq!(sorted(found), expected);
}

/// The newest change set that touched a thing is the last that changed it.
pub async fn the_last_change_of_a_thing_is_found(store: &dyn Store) {
    let world = World::found(store, "the_last_change_of_a_thing").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let mut renamed = people[0].clone();
    renamed.profile.display_name = "Anne".into();
    world.apply(vec![edit_person(&people[0], renamed)]).await;
    let nobody = PersonId::generate(world.seed(), world.seed());
    let subjects = [people[1].id, nobody, people[0].id].map(Subject::Person);
    let found = store.last_changed(world.id(), &subjects).await;
    let mut found = found.expect("found");
    found.sort_unstable();
    let mut expected = vec![(subjects[0], 1), (subjects[2], 2)];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// The change sets about a person are found, whatever of theirs they changed, newest first.
pub async fn the_history_of_a_person_is_found(store: &dyn Store) {
    let world = World::found(store, "the_history_of_a_person").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let mapping = world.map(connection, people[0].id, "u1").await;
    let kind = IdentityKind::Extension;
    let directory = world.directory.id;
    let identity = world.identity(people[1].id, directory, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity)]).await;
    let decision = DecisionKind::NoAccount {
        person_id: people[0].id,
    };
    world.decide(world.decision(connection, decision)).await;
    let mut moved = mapping.clone();
    moved.person_id = people[1].id;
    world
        .apply(vec![super::fixture::edit_mapping(&mapping, moved)])
        .await;
    for (person, expected) in [(&people[0], vec![5, 4, 2, 1]), (&people[1], vec![5, 3, 1])] {
        let sets = super::fixture::all(async |page| {
            store.change_sets_about(world.id(), person.id, &page).await
        });
        let numbers: Vec<u64> = sets.await.iter().map(|set| set.number).collect();
        assert_eq!(numbers, expected);
    }
}
