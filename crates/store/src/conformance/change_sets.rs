//! Change sets: numbered, whole, and refused when something else stands there.

use counterpart_model::{
    ChangeLine, ChangeSetOrigin, CrmUserId, DecisionKind, IdentityKind, Mapping, MappingId, Period,
    Person, PersonId,
};

use super::fixture::{
    World, add_decision, add_identity, add_person, all, edit_mapping, edit_person,
};
use crate::mappings::MappingQuery;
use crate::standings::Standings;
use crate::{ApplyError, Store, StoreError};

/// What is applied is there, with version 1, and the set can be read back line by line.
pub async fn a_change_set_is_kept_as_it_was_applied(store: &dyn Store) {
    let world = World::found(store, "a_change_set_is_kept").await;
    let connection = world.connect("CRM").await;
    let (mut ann, mut bob) = (world.person("Ann"), world.person("Bob"));
    let kind = IdentityKind::Extension;
    let identity = world.identity(ann.id, world.directory.id, kind, "204", Period::ALL);
    let mut mapping = world.mapping(connection, ann.id, "u1");
    let kind = DecisionKind::NotThisPair {
        person_id: bob.id,
        crm_user_id: CrmUserId("u1".into()),
    };
    let mut decision = world.decision(connection, kind);
    // In an order in which none could be put there by itself.
    let lines = vec![
        add_decision(decision.clone()),
        ChangeLine::add_mapping(mapping.clone()),
        add_identity(identity.clone()),
        add_person(ann.clone()),
        add_person(bob.clone()),
    ];
    let set = world.apply(lines).await;
    assert_eq!((set.number, set.line_count), (1, 5));
    assert_eq!(set.account_id, Some(world.owner.id));
    assert_eq!(set.origin, ChangeSetOrigin::Portal);
    assert_eq!(set.reason.as_deref(), Some("a test"));
    assert_eq!((set.applied_at, set.undoes), (world.now(), None));
    let found = store.find_change_set(world.id(), 1).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&set));
    ann.version = 1;
    bob.version = 1;
    mapping.version = 1;
    decision.version = 1;
    let found = store.find_person(world.id(), ann.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&ann));
    let found = store.find_mapping(world.id(), mapping.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&mapping));
    let found = store.list_identities(world.id(), &[ann.id]).await;
    assert_eq!(found.expect("asked"), vec![identity.clone()]);
    let found = store.decisions_about(world.id(), bob.id).await;
    assert_eq!(found.expect("asked"), vec![decision.clone()]);
    let expected = vec![
        add_decision(decision),
        ChangeLine::add_mapping(mapping),
        add_identity(identity),
        add_person(ann),
        add_person(bob),
    ];
    assert_eq!(lines_of(&world, 1).await, expected, "with final versions");
}

/// Numbers count from 1 without gaps, whatever is refused or dropped between.
pub async fn numbers_have_no_gaps(store: &dyn Store) {
    let world = World::found(store, "numbers_have_no_gaps").await;
    let other = World::found(store, "numbers_have_no_gaps, next door").await;
    let ann = world.add_person("Ann").await;
    let stale = world.try_apply(vec![add_person(ann)]).await;
    assert!(stale.is_err());
    let mut unit = store.begin(world.id()).await.expect("begun");
    let set = world.change_set(vec![add_person(world.person("Bob"))]);
    let dropped = unit.apply_change_set(&set, world.now()).await;
    assert_eq!(dropped.expect("applied").number, 2);
    drop(unit);
    other.add_person("Somebody").await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    for (number, name) in [(2, "Cyd"), (3, "Dan")] {
        let mut set = world.change_set(vec![add_person(world.person(name))]);
        set.undoes = (number == 3).then_some(2);
        set.account_id = None;
        let applied = unit.apply_change_set(&set, world.now()).await;
        assert_eq!(applied.expect("applied").number, number);
    }
    unit.commit().await.expect("committed");
    let sets = all(async |page| store.list_change_sets(world.id(), &page).await).await;
    let numbers: Vec<_> = sets.iter().map(|set| set.number).collect();
    assert_eq!(numbers, [3, 2, 1], "newest first");
    assert_eq!((sets[0].undoes, sets[0].account_id), (Some(2), None));
    let found = store.find_change_set(world.id(), 4).await;
    assert_eq!(found.expect("asked"), None);
}

/// An edit must name the version that stands there, and makes the next one.
pub async fn versions_grow_by_one(store: &dyn Store) {
    let world = World::found(store, "versions_grow_by_one").await;
    let connection = world.connect("CRM").await;
    let first = world.add_person("Ann").await;
    let mapping = world.map(connection, first.id, "u1").await;
    let mut second = first.clone();
    second.profile.display_name = "Anna".into();
    world.apply(vec![edit_person(&first, second.clone())]).await;
    second.version = 2;
    let found = store.find_person(world.id(), first.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&second));
    let stale = world
        .try_apply(vec![edit_person(&first, first.clone())])
        .await;
    assert!(
        matches!(stale, Err(ApplyError::Stale { line: 0 })),
        "{stale:?}"
    );
    let mut moved = mapping.clone();
    moved.crm_user_id = CrmUserId("u2".into());
    world
        .apply(vec![edit_mapping(&mapping, moved.clone())])
        .await;
    moved.version = 2;
    let found = store.find_mapping(world.id(), mapping.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&moved));
    let lines = lines_of(&world, 4).await;
    assert_eq!(lines, vec![edit_mapping(&mapping, moved)]);
}

/// One stale line refuses the whole set and is named.
pub async fn a_stale_line_refuses_the_whole_set(store: &dyn Store) {
    let world = World::found(store, "a_stale_line_refuses").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let mapping = world.map(connection, people[0].id, "u1").await;
    let changed = Mapping {
        version: 7,
        ..mapping.clone()
    };
    let unknown = Mapping {
        id: MappingId::generate(world.seed(), world.seed()),
        ..mapping.clone()
    };
    let nobody = PersonId::generate(world.seed(), world.seed());
    for (what, line) in [
        ("another version", ChangeLine::remove_mapping(changed)),
        ("an unknown mapping", ChangeLine::remove_mapping(unknown)),
        ("a known id", ChangeLine::add_mapping(mapping.clone())),
        ("a person known already", add_person(people[1].clone())),
        (
            "an unknown person",
            ChangeLine::add_mapping(world.mapping(connection, nobody, "u7")),
        ),
    ] {
        let added = world.mapping(connection, people[1].id, "u2");
        let lines = vec![ChangeLine::add_mapping(added.clone()), line];
        let refused = world.try_apply(lines).await;
        let stale = matches!(refused, Err(ApplyError::Stale { line: 1 }));
        assert!(stale, "{what}: {refused:?}");
        let found = store.find_mapping(world.id(), added.id).await;
        assert_eq!(found.expect("asked"), None, "{what}");
    }
    assert_eq!(mappings(&world).await, vec![mapping]);
}

/// An identity has no version: it must stand there as it was seen.
pub async fn a_changed_identity_is_stale(store: &dyn Store) {
    let world = World::found(store, "a_changed_identity_is_stale").await;
    let ann = world.add_person("Ann").await;
    let kind = IdentityKind::Extension;
    let identity = world.identity(ann.id, world.directory.id, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity.clone())]).await;
    let mut seen = identity.clone();
    seen.value = "205".into();
    for identity in [
        &seen,
        &world.identity(ann.id, world.directory.id, kind, "206", Period::ALL),
    ] {
        let line = ChangeLine::Identity {
            before: Some(Box::new(identity.clone())),
            after: None,
        };
        let stale = world.try_apply(vec![line]).await;
        assert!(
            matches!(stale, Err(ApplyError::Stale { line: 0 })),
            "{stale:?}"
        );
    }
    let stale = world.try_apply(vec![add_identity(identity)]).await;
    assert!(
        matches!(stale, Err(ApplyError::Stale { line: 0 })),
        "{stale:?}"
    );
}

/// The same thing cannot be changed twice in one set.
pub async fn a_thing_changes_once_in_a_set(store: &dyn Store) {
    let world = World::found(store, "a_thing_changes_once").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let added = world.person("Bob");
    for lines in [
        vec![
            edit_person(&ann, ann.clone()),
            edit_person(&ann, ann.clone()),
        ],
        vec![
            ChangeLine::remove_mapping(mapping.clone()),
            ChangeLine::remove_mapping(mapping.clone()),
        ],
        vec![add_person(added.clone()), add_person(added)],
    ] {
        let refused = world.try_apply(lines).await;
        let stale = matches!(refused, Err(ApplyError::Stale { line: 1 }));
        assert!(stale, "{refused:?}");
    }
}

/// Lines that change nothing, or one thing into another, and empty sets are mistakes.
pub async fn senseless_sets_are_refused(store: &dyn Store) {
    let world = World::found(store, "senseless_sets_are_refused").await;
    let ann = world.add_person("Ann").await;
    let nothing = ChangeLine::Person {
        before: None,
        after: None,
    };
    let another = edit_person(&ann, world.person("Bob"));
    for lines in [vec![], vec![nothing], vec![another]] {
        let refused = world.try_apply(lines).await;
        let misuse = matches!(refused, Err(ApplyError::Store(StoreError::Misuse(_))));
        assert!(misuse, "{refused:?}");
    }
}

/// An external id belongs to one person; two may change theirs in one set.
pub async fn external_ids_are_unique(store: &dyn Store) {
    let world = World::found(store, "external_ids_are_unique").await;
    let with = |person: &Person, external_id: &str| {
        let mut person = person.clone();
        person.external_id = Some(external_id.into());
        person
    };
    let (ann, bob) = (world.person("Ann"), world.person("Bob"));
    let (mut ann, mut bob) = (with(&ann, "E1"), with(&bob, "E2"));
    world
        .apply(vec![add_person(ann.clone()), add_person(bob.clone())])
        .await;
    ann.version = 1;
    bob.version = 1;
    let cyd = with(&world.person("Cyd"), "E1");
    for line in [add_person(cyd.clone()), edit_person(&bob, with(&bob, "E1"))] {
        let refused = world.try_apply(vec![line]).await;
        let Err(ApplyError::ExternalIdTaken { wanted, standing }) = refused else {
            panic!("expected the external id to be taken, got {refused:?}");
        };
        assert_eq!(wanted.external_id.as_deref(), Some("E1"));
        assert_eq!(*standing, ann);
    }
    let swap = vec![
        edit_person(&ann, with(&ann, "E2")),
        edit_person(&bob, with(&bob, "E1")),
    ];
    world.apply(swap).await;
    let found = store.find_person_by_external_id(world.id(), "E1").await;
    assert_eq!(found.expect("asked").expect("somebody").id, bob.id);
    let found = store.find_person_by_external_id(world.id(), "E2").await;
    let ann = found.expect("asked").expect("somebody");
    let gone = ChangeLine::Person {
        before: Some(Box::new(ann)),
        after: None,
    };
    let next = with(&world.person("Dan"), "E2");
    world.apply(vec![add_person(next), gone]).await;
}

/// A person with mappings, identities or decisions left cannot be removed; with them, yes.
pub async fn a_person_is_removed_with_everything(store: &dyn Store) {
    let world = World::found(store, "a_person_is_removed").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let remove = ChangeLine::Person {
        before: Some(Box::new(ann.clone())),
        after: None,
    };
    let kind = IdentityKind::Extension;
    let identity = world.identity(ann.id, world.directory.id, kind, "204", Period::ALL);
    world.apply(vec![add_identity(identity.clone())]).await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let kind = DecisionKind::NoAccount { person_id: ann.id };
    let decision = world.decide(world.decision(connection, kind)).await;
    world
        .propose(connection, &[World::proposal(connection, ann.id, "u2")])
        .await;
    world.refresh().await;
    let rest = [
        ChangeLine::remove_mapping(mapping),
        ChangeLine::Identity {
            before: Some(Box::new(identity)),
            after: None,
        },
        ChangeLine::Decision {
            before: Some(Box::new(decision)),
            after: None,
        },
    ];
    for left in 0..rest.len() {
        let mut lines = vec![remove.clone()];
        lines.extend(
            rest.iter()
                .enumerate()
                .filter(|(n, _)| *n != left)
                .map(|(_, l)| l.clone()),
        );
        let refused = world.try_apply(lines).await;
        let stale = matches!(refused, Err(ApplyError::Stale { line: 0 }));
        assert!(stale, "{left} is left: {refused:?}");
    }
    let mut lines = vec![remove];
    lines.extend(rest);
    world.apply(lines).await;
    assert_eq!(
        store.find_person(world.id(), ann.id).await.expect("asked"),
        None
    );
    let proposal = store.find_proposal(world.id(), connection, ann.id).await;
    assert_eq!(
        proposal.expect("asked"),
        None,
        "proposals go with the person"
    );
    let standings = world.standings().await;
    assert_eq!(standings, Standings::default(), "situations too");
}

/// A reversed set restores what was there.
pub async fn a_set_is_undone_by_its_reverse(store: &dyn Store) {
    let world = World::found(store, "a_set_is_undone").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    let undo = lines_of(&world, 2)
        .await
        .into_iter()
        .map(ChangeLine::reversed);
    world.apply(undo.collect()).await;
    assert_eq!(mappings(&world).await, vec![]);
    let redo = lines_of(&world, 3)
        .await
        .into_iter()
        .map(ChangeLine::reversed);
    world.apply(redo.collect()).await;
    let back = mappings(&world).await;
    assert_eq!(back, vec![mapping]);
}

async fn lines_of(world: &World<'_>, number: u64) -> Vec<ChangeLine> {
    all(async |page| {
        let store = world.store;
        store.list_change_lines(world.id(), number, &page).await
    })
    .await
}

async fn mappings(world: &World<'_>) -> Vec<Mapping> {
    let query = MappingQuery::default();
    all(async |page| world.store.list_mappings(world.id(), &query, &page).await).await
}
