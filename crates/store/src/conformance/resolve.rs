//! Who is whom at an instant, for many at a time.

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, DecisionKind, IdentityKind, Mapping, Period, Person,
    PersonId, Proposal, Timestamp,
};

use super::fixture::{World, add_identity, add_person, edit_person, pulled};
use crate::Store;
use crate::resolve::{HandleAt, MappedAt, MappedSide};

/// External ids and addresses find whoever has them now; a change or removal of the person is
/// followed, and nobody of another organization is found.
pub async fn people_are_found_by_external_id_and_address(store: &dyn Store) {
    let world = World::found(store, "people_are_found_by_keys").await;
    let other = World::found(store, "people_are_found_by_keys, next door").await;
    let mut people = Vec::new();
    for (name, external_id, emails) in [
        (
            "Ann",
            Some("E1"),
            vec!["Ann@Bücher.example", "shared@x.example"],
        ),
        (
            "Bob",
            Some("e1"),
            vec!["shared@X.example", "SHARED@x.example"],
        ),
        ("Cleo", None, vec!["no address", "cleo@x.example"]),
    ] {
        let mut person = world.person(name);
        person.external_id = external_id.map(Into::into);
        person.profile.emails = emails.into_iter().map(Into::into).collect();
        people.push(person);
    }
    world
        .apply(people.iter().cloned().map(add_person).collect())
        .await;
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let by_external_id = async |world: &World<'_>, wanted: &[&str]| {
        let found = store
            .people_of_external_ids(world.id(), &texts(wanted))
            .await;
        let mut found = found.expect("asked");
        found.sort();
        found
    };
    let expected = vec![("E1".to_owned(), ids[0]), ("e1".to_owned(), ids[1])];
    assert_eq!(by_external_id(&world, &["e1", "E1", "E2"]).await, expected);
    assert_eq!(by_external_id(&other, &["E1"]).await, []);

    let by_email = async |world: &World<'_>, wanted: &[&str]| {
        store
            .people_of_emails(world.id(), &texts(wanted))
            .await
            .expect("asked")
    };
    let idn = "ann@xn--bcher-kva.example";
    let mut expected = vec![
        (idn.to_owned(), ids[0]),
        ("shared@x.example".to_owned(), ids[0]),
        ("shared@x.example".to_owned(), ids[1]),
    ];
    expected.sort();
    let wanted = ["shared@x.example", idn, "no address", "x.example"];
    assert_eq!(by_email(&world, &wanted).await, expected);
    assert_eq!(by_email(&other, &wanted).await, []);

    let mut ann = people.remove(0);
    ann.version = 1;
    let mut moved = ann.clone();
    moved.profile.emails = vec!["ann@new.example".into()];
    world.apply(vec![edit_person(&ann, moved.clone())]).await;
    assert_eq!(by_email(&world, &[idn]).await, []);
    let found = by_email(&world, &["ann@new.example"]).await;
    assert_eq!(found, [("ann@new.example".to_owned(), ann.id)]);
    moved.version = 2;
    let removal = ChangeLine::Person {
        before: Some(Box::new(moved)),
        after: None,
    };
    world.apply(vec![removal]).await;
    assert_eq!(by_email(&world, &["ann@new.example"]).await, []);
}

/// A handle finds who has it at the instant, in the connection that was asked for or in any.
pub async fn people_are_found_by_handle(store: &dyn Store) {
    let world = World::found(store, "people_are_found_by_handle").await;
    let (one, two) = (world.directory.id, world.connect("Phones").await);
    let people = world.add_people(&["Ann", "Bob", "Cleo"]).await;
    let noon = world.now();
    let kind = IdentityKind::Extension;
    let before = Period::new(Timestamp::ALWAYS, noon).expect("ordered");
    let after = Period::new(noon, Timestamp::FOREVER).expect("ordered");
    let lines = [
        (people[0].id, one, before),
        (people[1].id, one, after),
        (people[2].id, two, Period::ALL),
    ]
    .map(|(person, at, period)| add_identity(world.identity(person, at, kind, "204", period)));
    world.apply(lines.into()).await;
    let handle = |kind, value: &str, connection_id, at| HandleAt {
        kind,
        value: value.into(),
        connection_id,
        at,
    };
    let asked = [
        handle(kind, "204", Some(one), noon.plus_seconds(-1)),
        handle(kind, "204", Some(one), noon),
        handle(kind, "204", Some(two), noon),
        handle(kind, "204", None, noon),
        handle(kind, "0204", None, noon),
        handle(IdentityKind::Number, "204", None, noon),
    ];
    let found = store.people_of_handles(world.id(), &asked).await;
    let mut both = [people[1].id, people[2].id];
    both.sort();
    let expected = [
        (0, people[0].id),
        (1, people[1].id),
        (2, people[2].id),
        (3, both[0]),
        (3, both[1]),
    ];
    assert_eq!(found.expect("asked"), expected);
}

/// Mappings hold from their beginning, inclusive, to their end, exclusive, seen from both sides,
/// in the connection that was asked for or in any; answers come in the order of the questions.
pub async fn mappings_are_found_at_an_instant(store: &dyn Store) {
    let world = World::found(store, "mappings_at_an_instant").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let (ann, bob) = (people[0].id, people[1].id);
    let noon = world.now();
    let one_before = Timestamp::from_micros(noon.as_micros() - 1);
    let put = |connection, person, user: &str, from, to| Mapping {
        period: Period::new(from, to).expect("ordered"),
        version: 1,
        ..world.mapping(connection, person, user)
    };
    let handed = put(one, ann, "u1", Timestamp::ALWAYS, noon);
    let taken = put(one, bob, "u1", noon, Timestamp::FOREVER);
    let other = put(two, ann, "u1", Timestamp::ALWAYS, Timestamp::FOREVER);
    let lines = [&handed, &taken, &other].map(|m| ChangeLine::add_mapping(m.clone()));
    world.apply(lines.into()).await;
    let person = |person, connection, at| MappedAt {
        side: MappedSide::Person(person, connection),
        at,
    };
    let user = |connection, at| MappedAt {
        side: MappedSide::CrmUser(connection, CrmUserId("u1".into())),
        at,
    };
    let asked = [
        user(one, one_before),
        user(one, noon),
        person(ann, Some(one), one_before),
        person(ann, Some(one), noon),
        person(bob, Some(one), one_before),
        person(bob, None, noon),
        person(ann, None, one_before),
        person(ann, None, noon),
        user(two, noon),
    ];
    let mut anns = [handed.clone(), other.clone()];
    anns.sort_by_key(|mapping| mapping.id);
    let [first, second] = anns;
    let expected = vec![
        (0, handed.clone()),
        (1, taken.clone()),
        (2, handed),
        (5, taken),
        (6, first),
        (6, second),
        (7, other.clone()),
        (8, other),
    ];
    let found = store.mappings_at(world.id(), &asked).await;
    assert_eq!(found.expect("asked"), expected);
    let stranger = World::found(store, "mappings_at_an_instant, next door").await;
    let found = store.mappings_at(stranger.id(), &asked).await;
    assert_eq!(found.expect("asked"), []);
}

/// What explains that nothing is mapped: decisions and proposals of those asked about, and the
/// CRM users by name.
pub async fn what_is_known_of_many_is_found(store: &dyn Store) {
    let world = World::found(store, "what_is_known_of_many").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    for connection in [one, two] {
        world.sync(connection, &pulled(3)).await;
    }
    let people = world.add_people(&["Ann", "Bob", "Cleo"]).await;
    let user = |id: &str| CrmUserId(id.into());
    let mut decisions = Vec::new();
    for (connection, kind) in [
        (one, no_account(people[0].id)),
        (two, no_account(people[1].id)),
        (one, not_a_person("u1")),
        (one, not_a_person("u2")),
        (two, not_a_person("u2")),
        (
            one,
            DecisionKind::SharedSeat {
                crm_user_id: user("u1"),
            },
        ),
        (
            one,
            DecisionKind::NotThisPair {
                person_id: people[0].id,
                crm_user_id: user("u1"),
            },
        ),
    ] {
        let mut decision = world.decision(connection, kind);
        decision.expires_at = world.now().plus_seconds(-1);
        decisions.push(world.decide(decision).await);
    }
    let found = store
        .decisions_on(
            world.id(),
            &[people[0].id, people[2].id, people[0].id],
            &[(one, user("u1")), (two, user("u2")), (two, user("u1"))],
        )
        .await;
    let mut expected = vec![
        decisions[0].clone(),
        decisions[2].clone(),
        decisions[4].clone(),
        decisions[5].clone(),
    ];
    expected.sort_by_key(|decision| decision.id);
    assert_eq!(found.expect("asked"), expected);

    let ambiguous = |person: PersonId| Proposal {
        certain: false,
        ambiguous: true,
        ..World::proposal(one, person, "u2")
    };
    let certain = World::proposal(one, people[1].id, "u1");
    world
        .propose(
            one,
            &[ambiguous(people[0].id), certain, ambiguous(people[2].id)],
        )
        .await;
    let found = store
        .ambiguous_proposals(world.id(), &[people[0].id, people[1].id])
        .await;
    assert_eq!(found.expect("asked"), [ambiguous(people[0].id)]);

    let wanted = [(one, user("u1")), (two, user("u2")), (two, user("none"))];
    let found = store.crm_users_of_ids(world.id(), &wanted).await;
    let mut found: Vec<_> = found
        .expect("asked")
        .into_iter()
        .map(|found| (found.connection_id, found.id))
        .collect();
    found.sort();
    assert_eq!(found, wanted[..2]);
}

/// As many as may be asked at once are answered at once.
pub async fn a_thousand_are_answered_at_once(store: &dyn Store) {
    let world = World::found(store, "a_thousand_are_answered").await;
    let connection = world.connect("CRM").await;
    let names: Vec<_> = (0..1_000).map(|n| format!("Person {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let people = world.add_people(&names).await;
    let mappings: Vec<_> = people
        .iter()
        .map(|person| world.mapping(connection, person.id, &person.id.to_string()))
        .collect();
    world
        .apply(mappings.into_iter().map(ChangeLine::add_mapping).collect())
        .await;
    let emails: Vec<_> = people.iter().flat_map(Person::email_keys).collect();
    let found = store.people_of_emails(world.id(), &emails).await;
    assert_eq!(found.expect("asked").len(), 1_000);
    let asked: Vec<_> = people
        .iter()
        .map(|person| of_person_or_user(connection, person.id))
        .collect();
    let found = store.mappings_at(world.id(), &asked).await;
    let found: Vec<_> = found
        .expect("asked")
        .into_iter()
        .map(|(index, mapping)| (index, mapping.person_id))
        .collect();
    let expected: Vec<_> = people.iter().map(|person| person.id).enumerate().collect();
    assert_eq!(found, expected);
}

/// Half of them from the one side, half from the other.
fn of_person_or_user(connection: ConnectionId, person: PersonId) -> MappedAt {
    let side = if person.as_uuid().as_bytes()[15].is_multiple_of(2) {
        MappedSide::Person(person, Some(connection))
    } else {
        MappedSide::CrmUser(connection, CrmUserId(person.to_string()))
    };
    MappedAt {
        side,
        at: Timestamp::from_micros(0),
    }
}

fn no_account(person_id: PersonId) -> DecisionKind {
    DecisionKind::NoAccount { person_id }
}

fn not_a_person(user: &str) -> DecisionKind {
    DecisionKind::NotAPerson {
        crm_user_id: CrmUserId(user.into()),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
