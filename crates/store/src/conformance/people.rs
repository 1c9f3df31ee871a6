//! People and identities, for reading.

use counterpart_model::{ChangeLine, IdentityKind, OrganizationId, Period, PersonId, Timestamp};

use super::fixture::{World, add_identity, add_person, all, edit_person, words};
use crate::Store;
use crate::people::{PeopleCount, PeopleQuery};

async fn names(world: &World<'_>, query: &PeopleQuery) -> Vec<String> {
    let id: OrganizationId = world.id();
    let people = all(async |page| world.store.list_people(id, query, &page).await).await;
    let names = people.into_iter().map(|person| person.profile.display_name);
    names.collect()
}

/// A person is found by id and by external id, which is compared byte by byte.
pub async fn a_person_is_found_by_its_ids(store: &dyn Store) {
    let world = World::found(store, "a_person_is_found_by_its_ids").await;
    let mut person = world.person("Ann Lee");
    person.external_id = Some("E-17".into());
    person.profile.phones = vec!["+49 30 1234".into()];
    world.apply(vec![add_person(person.clone())]).await;
    person.version = 1;
    let found = store.find_person(world.id(), person.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&person));
    for (external_id, expected) in [("E-17", Some(&person)), ("e-17", None), ("E-1", None)] {
        let found = store
            .find_person_by_external_id(world.id(), external_id)
            .await;
        assert_eq!(found.expect("asked").as_ref(), expected, "{external_id}");
    }
    let unknown = PersonId::generate(world.seed(), world.seed());
    let found = store.find_people(world.id(), &[unknown, person.id]).await;
    assert_eq!(found.expect("asked"), vec![person]);
    let found = store.find_people(world.id(), &[]).await;
    assert_eq!(found.expect("asked"), vec![]);
}

/// People come by folded name, then id, and are filtered by words and activity.
pub async fn people_are_listed_and_counted(store: &dyn Store) {
    let world = World::found(store, "people_are_listed_and_counted").await;
    let people = world
        .add_people(&["zoe", "Ann Lee", "Émile", "ann", "Bob Lee"])
        .await;
    let mut left = people[4].clone();
    left.active = false;
    world.apply(vec![edit_person(&people[4], left)]).await;
    let query = PeopleQuery::default();
    let everybody = ["ann", "Ann Lee", "Bob Lee", "Émile", "zoe"];
    assert_eq!(names(&world, &query).await, everybody);
    let with = |text: &str, active| PeopleQuery {
        words: if text.is_empty() { vec![] } else { words(text) },
        active,
    };
    assert_eq!(
        names(&world, &with("lee", None)).await,
        ["Ann Lee", "Bob Lee"]
    );
    assert_eq!(names(&world, &with("lee", Some(true))).await, ["Ann Lee"]);
    assert_eq!(names(&world, &with("", Some(false))).await, ["Bob Lee"]);
    assert_eq!(names(&world, &with("emile", None)).await, ["Émile"]);
    let expected = PeopleCount {
        active: 4,
        inactive: 1,
    };
    let counted = store.count_people(world.id()).await;
    assert_eq!(counted.expect("counted"), expected);
}

/// A person is found by their identities, as long as they have them.
pub async fn search_follows_identities(store: &dyn Store) {
    let world = World::found(store, "search_follows_identities").await;
    let phones = world.directory.id;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let kind = IdentityKind::Extension;
    let identity = world.identity(people[0].id, phones, kind, "20477", Period::ALL);
    world.apply(vec![add_identity(identity.clone())]).await;
    let query = PeopleQuery {
        words: words("0477"),
        active: None,
    };
    assert_eq!(names(&world, &query).await, ["Ann"]);
    let mut moved = identity.clone();
    moved.person_id = people[1].id;
    let line = ChangeLine::Identity {
        before: Some(Box::new(identity)),
        after: Some(Box::new(moved.clone())),
    };
    world.apply(vec![line]).await;
    assert_eq!(names(&world, &query).await, ["Bob"]);
    let mut renamed = people[1].clone();
    renamed.profile.display_name = "Robert".into();
    world.apply(vec![edit_person(&people[1], renamed)]).await;
    assert_eq!(
        names(&world, &query).await,
        ["Robert"],
        "an edit keeps them"
    );
    let line = ChangeLine::Identity {
        before: Some(Box::new(moved)),
        after: None,
    };
    world.apply(vec![line]).await;
    assert_eq!(names(&world, &query).await, [""; 0]);
}

/// Identities come by person, kind (by name) and beginning.
pub async fn identities_come_in_order(store: &dyn Store) {
    let world = World::found(store, "identities_come_in_order").await;
    let phones = world.directory.id;
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let (start, noon) = (world.now(), world.now().plus_seconds(60));
    let periods = [
        Period::new(Timestamp::ALWAYS, start).expect("ordered"),
        Period::new(start, noon).expect("ordered"),
        Period::new(noon, Timestamp::FOREVER).expect("ordered"),
    ];
    let mut identities = Vec::new();
    for (n, person) in people.iter().enumerate() {
        for kind in IdentityKind::ALL {
            for period in periods {
                let value = format!("{n}-{}", kind.as_str());
                identities.push(world.identity(person.id, phones, kind, &value, period));
            }
        }
    }
    world
        .apply(identities.iter().rev().cloned().map(add_identity).collect())
        .await;
    let wanted = [people[2].id, people[0].id];
    let mut expected: Vec<_> = identities.clone();
    expected.retain(|identity| wanted.contains(&identity.person_id));
    expected.sort_by_key(|i| (i.person_id, i.kind.as_str(), i.period.from()));
    let listed = store.list_identities(world.id(), &wanted).await;
    assert_eq!(listed.expect("listed"), expected);
    let listed = store.list_identities(world.id(), &[]).await;
    assert_eq!(listed.expect("listed"), vec![]);
}

/// Whose a handle is depends on the instant; in other connections it is somebody else's.
pub async fn a_handle_is_somebodys_at_an_instant(store: &dyn Store) {
    let world = World::found(store, "a_handle_is_somebodys").await;
    let (one, two) = (world.directory.id, world.connect("Phones").await);
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let noon = world.now();
    let before = Period::new(Timestamp::ALWAYS, noon).expect("ordered");
    let after = Period::new(noon, Timestamp::FOREVER).expect("ordered");
    let kind = IdentityKind::Extension;
    let identities = [
        world.identity(people[0].id, one, kind, "204", before),
        world.identity(people[1].id, one, kind, "204", after),
        world.identity(people[2].id, two, kind, "204", Period::ALL),
        world.identity(people[2].id, one, IdentityKind::Number, "204", Period::ALL),
    ];
    world
        .apply(identities.clone().map(add_identity).into())
        .await;
    for (at, expected) in [(noon.plus_seconds(-1), [0, 2]), (noon, [1, 2])] {
        let found = store.find_identities(world.id(), kind, "204", at).await;
        let mut found = found.expect("asked");
        found.sort_by_key(|identity| identities.iter().position(|known| known == identity));
        let expected = expected.map(|index: usize| identities[index].clone());
        assert_eq!(found, expected, "at {at}");
    }
}
