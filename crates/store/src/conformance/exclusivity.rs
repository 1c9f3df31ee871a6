//! Invariant: in every moment, one person is one CRM user, unless a side is shared.

use counterpart_model::{ChangeLine, CrmUserId, IdentityKind, Mapping, Period, Person, Timestamp};

use super::fixture::{World, add_identity, edit_mapping};
use crate::{ApplyError, Store};

/// Same person or same CRM user, each side exclusive or shared on either mapping: they clash
/// when the side they have in common is exclusive on both, whatever the other side is.
pub async fn mappings_overlap_unless_a_side_is_shared(store: &dyn Store) {
    let world = World::found(store, "mappings_overlap").await;
    for same_person in [true, false] {
        for other_side in [true, false] {
            for common in [(true, true), (true, false), (false, true), (false, false)] {
                stand_side_by_side(&world, same_person, other_side, common).await;
            }
        }
    }
}

async fn stand_side_by_side(
    world: &World<'_>,
    same_person: bool,
    other_side: bool,
    common: (bool, bool),
) {
    let name = format!("person {same_person}, other side {other_side}, common {common:?}");
    let connection = world.connect(&name).await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let share = |mut mapping: Mapping, common| {
        let sides = if same_person {
            (common, other_side)
        } else {
            (other_side, common)
        };
        (mapping.person_exclusive, mapping.crm_user_exclusive) = sides;
        mapping
    };
    let standing = share(world.mapping(connection, people[0].id, "u1"), common.0);
    let (person, user) = if same_person { (0, "u2") } else { (1, "u1") };
    let wanted = share(world.mapping(connection, people[person].id, user), common.1);
    world
        .apply(vec![ChangeLine::add_mapping(standing.clone())])
        .await;
    let applied = world
        .try_apply(vec![ChangeLine::add_mapping(wanted.clone())])
        .await;
    let clashes = common == (true, true);
    assert_eq!(wanted.clashes_with(&standing), clashes, "{name}");
    if clashes {
        clash(applied, &wanted, &standing);
    } else {
        applied.expect(&name);
    }
    let found = world.store.find_mapping(world.id(), wanted.id).await;
    assert_eq!(found.expect("asked").is_none(), clashes, "{name}");
}

/// Periods that touch do not overlap; one common microsecond does.
pub async fn neighbours_in_time_are_allowed(store: &dyn Store) {
    let world = World::found(store, "neighbours_in_time").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let noon = world.now();
    let one = plus_micros(noon, 1);
    let period = |from, to| Period::new(from, to).expect("ordered");
    let with = |person: &Person, user, period| {
        let mut mapping = world.mapping(connection, person.id, user);
        mapping.period = period;
        mapping
    };
    let standing = with(&people[0], "u1", period(noon, one));
    world
        .apply(vec![ChangeLine::add_mapping(standing.clone())])
        .await;
    for (from, to) in [
        (Timestamp::ALWAYS, one),
        (noon, Timestamp::FOREVER),
        (Timestamp::ALWAYS, Timestamp::FOREVER),
        (noon, one),
    ] {
        for wanted in [
            with(&people[0], "u2", period(from, to)),
            with(&people[1], "u1", period(from, to)),
        ] {
            let applied = world
                .try_apply(vec![ChangeLine::add_mapping(wanted.clone())])
                .await;
            clash(applied, &wanted, &standing);
        }
    }
    let lines = vec![
        ChangeLine::add_mapping(with(&people[0], "u2", period(Timestamp::ALWAYS, noon))),
        ChangeLine::add_mapping(with(&people[0], "u3", period(one, Timestamp::FOREVER))),
        ChangeLine::add_mapping(with(&people[1], "u1", period(one, Timestamp::FOREVER))),
    ];
    world.apply(lines).await;
}

/// Another connection is another matter.
pub async fn connections_do_not_clash(store: &dyn Store) {
    let world = World::found(store, "connections_do_not_clash").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let ann = world.add_person("Ann").await;
    world.map(one, ann.id, "u1").await;
    world.map(two, ann.id, "u1").await;
}

/// Two mappings change places in one set; in two sets the first would clash.
pub async fn two_mappings_change_places(store: &dyn Store) {
    let world = World::found(store, "two_mappings_change_places").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let first = world.map(connection, people[0].id, "u1").await;
    let second = world.map(connection, people[1].id, "u2").await;
    let to = |mapping: &Mapping, user: &str| Mapping {
        crm_user_id: CrmUserId(user.into()),
        ..mapping.clone()
    };
    let alone = to(&first, "u2");
    let applied = world
        .try_apply(vec![edit_mapping(&first, alone.clone())])
        .await;
    clash(applied, &alone, &second);
    let lines = vec![
        edit_mapping(&first, to(&first, "u2")),
        edit_mapping(&second, to(&second, "u1")),
    ];
    world.apply(lines).await;
    for (mapping, user) in [(&first, "u2"), (&second, "u1")] {
        let found = store.find_mapping(world.id(), mapping.id).await;
        let found = found.expect("asked").expect("there");
        assert_eq!((found.crm_user_id.0.as_str(), found.version), (user, 2));
    }
}

/// Mappings of one set clash among themselves too.
pub async fn mappings_of_one_set_clash(store: &dyn Store) {
    let world = World::found(store, "mappings_of_one_set_clash").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let first = world.mapping(connection, people[0].id, "u1");
    let second = world.mapping(connection, people[1].id, "u1");
    let lines = [first.clone(), second.clone()].map(ChangeLine::add_mapping);
    clash(world.try_apply(lines.into()).await, &second, &first);
    let found = store.find_mapping(world.id(), first.id).await;
    assert_eq!(found.expect("asked"), None);
}

/// Within one connection a handle of a kind is one person's at a time.
pub async fn a_handle_belongs_to_one_person_at_a_time(store: &dyn Store) {
    let world = World::found(store, "a_handle_belongs_to_one").await;
    let (one, two) = (world.directory.id, world.connect("Phones").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let noon = world.now();
    let before = Period::new(Timestamp::ALWAYS, noon).expect("ordered");
    let after = Period::new(noon, Timestamp::FOREVER).expect("ordered");
    let kind = IdentityKind::Extension;
    let standing = world.identity(people[0].id, one, kind, "204", before);
    world.apply(vec![add_identity(standing.clone())]).await;
    for person in &people {
        let wanted = world.identity(person.id, one, kind, "204", Period::ALL);
        let refused = world.try_apply(vec![add_identity(wanted.clone())]).await;
        let Err(ApplyError::IdentityTaken {
            wanted: w,
            standing: s,
        }) = refused
        else {
            panic!("expected the handle to be taken, got {refused:?}");
        };
        assert_eq!((*w, *s), (wanted, standing.clone()));
    }
    let number = IdentityKind::Number;
    let lines = [
        world.identity(people[1].id, one, kind, "204", after),
        world.identity(people[1].id, two, kind, "204", Period::ALL),
        world.identity(people[1].id, one, number, "204", Period::ALL),
        world.identity(people[1].id, one, kind, "0204", Period::ALL),
    ];
    world.apply(lines.map(add_identity).into()).await;
}

fn plus_micros(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(at.as_micros() + micros)
}

fn clash<T: std::fmt::Debug>(applied: Result<T, ApplyError>, wanted: &Mapping, standing: &Mapping) {
    match applied {
        Err(ApplyError::Overlap {
            wanted: w,
            standing: s,
        }) => assert_eq!((w.id, s.id), (wanted.id, standing.id)),
        other => panic!("expected an overlap, got {other:?}"),
    }
}
