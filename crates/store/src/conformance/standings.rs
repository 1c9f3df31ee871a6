//! Sums that are kept, and what CRM users add to the search for people.

use std::collections::BTreeMap;

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, DecisionKind, Person, PersonId, RunMode, Side, Situation,
    SituationSet,
};

use super::fixture::{Pulled, World, add_person, all, edit_mapping, edit_person, pulled, words};
use crate::Store;
use crate::crm_users::CrmUserQuery;
use crate::grid::GridQuery;
use crate::people::PeopleQuery;
use crate::standings::{SituationCount, Standings};

/// Panics unless every kept sum is what counting gives.
pub async fn expect_sums(world: &World<'_>) {
    let (store, id) = (world.store, world.id());
    let connections = store.list_connections(id).await.expect("listed");
    let rows = world.grid(&GridQuery::default()).await;
    let mut sets: BTreeMap<SituationSet, u64> = BTreeMap::new();
    for row in &rows {
        let there: Vec<Situation> = row.cells.iter().map(|cell| cell.situation).collect();
        if !there.is_empty() {
            *sets.entry(SituationSet::of(&there)).or_default() += 1;
        }
    }
    let mut cells = Vec::new();
    for connection in connections.iter().map(|connection| connection.id) {
        let here = rows.iter().flat_map(|row| &row.cells);
        let here = here.filter(|cell| cell.connection_id == connection);
        let mut counts: BTreeMap<&str, SituationCount> = BTreeMap::new();
        for cell in here {
            let count = counts.entry(cell.situation.as_str());
            let count = count.or_insert(SituationCount {
                connection_id: connection,
                situation: cell.situation,
                people: 0,
                certain: 0,
            });
            count.people += 1;
            count.certain += u64::from(cell.certain);
        }
        cells.extend(counts.into_values());
        expect_crm_users(world, connection).await;
    }
    let people = sets.into_iter().collect();
    assert_eq!(world.standings().await, Standings { cells, people });
    let counted = store.count_people(id).await.expect("counted");
    for (active, counted) in [(true, counted.active), (false, counted.inactive)] {
        let query = PeopleQuery {
            active: Some(active),
            ..PeopleQuery::default()
        };
        let listed = all(async |page| store.list_people(id, &query, &page).await).await;
        assert_eq!(listed.len() as u64, counted, "active: {active}");
    }
}

async fn expect_crm_users(world: &World<'_>, connection: ConnectionId) {
    let list = async |query: CrmUserQuery| {
        let (store, id) = (world.store, world.id());
        all(async |page| store.list_crm_users(id, connection, &query, &page).await).await
    };
    let known = list(CrmUserQuery::default()).await;
    let usable = CrmUserQuery {
        usable_only: true,
        ..CrmUserQuery::default()
    };
    let missing = CrmUserQuery {
        missing_only: true,
        ..CrmUserQuery::default()
    };
    let counted = world.store.count_crm_users(world.id(), connection).await;
    let counted = counted.expect("counted");
    let present = known.iter().filter(|user| user.gone_since.is_none());
    assert_eq!(counted.known, known.len() as u64);
    assert_eq!(counted.present, present.count() as u64);
    assert_eq!(counted.usable, list(usable).await.len() as u64);
    assert_eq!(counted.missing, list(missing).await.len() as u64);
}

async fn find(world: &World<'_>, text: &str, connection: Option<ConnectionId>) -> Vec<String> {
    let query = GridQuery {
        words: words(text),
        connection_id: connection,
        ..GridQuery::default()
    };
    let rows = world.grid(&query).await;
    let names = rows.into_iter().map(|row| row.person.profile.display_name);
    names.collect()
}

fn inactive(person: &Person) -> ChangeLine {
    let mut after = person.clone();
    after.active = false;
    edit_person(person, after)
}

/// Sums are what counting gives after people come, change and go, after mappings, decisions,
/// proposals and runs, and after a connection stops having CRM users.
pub async fn sums_are_kept_with_everything_that_changes(store: &dyn Store) {
    let world = World::found(store, "sums_are_kept").await;
    expect_sums(&world).await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    world.sync(one, &pulled(4)).await;
    world.sync(two, &pulled(3)).await;
    let names = ["Ann Lee", "Bob Ray", "Cyd Fox", "Dan Poe"];
    let people = world.add_people(&names).await;
    world.refresh().await;
    expect_sums(&world).await;

    let mapping = world.map(one, people[0].id, "u1").await;
    let no_account = DecisionKind::NoAccount {
        person_id: people[1].id,
    };
    world.decide(world.decision(two, no_account)).await;
    let proposals = [
        World::proposal(one, people[1].id, "u2"),
        World::proposal(one, people[2].id, "u3"),
    ];
    world.propose(one, &proposals).await;
    world.refresh_some(Some(one), None).await;
    expect_sums(&world).await;
    world.refresh_some(None, Some(&[people[1].id])).await;
    expect_sums(&world).await;

    let mut moved = mapping.clone();
    moved.crm_user_id = CrmUserId("u4".into());
    world.apply(vec![edit_mapping(&mapping, moved)]).await;
    world.apply(vec![inactive(&people[0])]).await;
    world.apply(vec![inactive(&people[3])]).await;
    expect_sums(&world).await;
    world.refresh().await;
    expect_sums(&world).await;

    let removal = ChangeLine::Person {
        before: Some(Box::new(people[2].clone())),
        after: None,
    };
    world.apply(vec![removal]).await;
    expect_sums(&world).await;
    let run = world.pull(one, RunMode::Full, &pulled(2)).await;
    let later = crate::runs::Absence::after(world.now(), 600);
    world.finish_with(run.id, later).await;
    expect_sums(&world).await;
    world.sync(one, &pulled(1)).await;
    expect_sums(&world).await;

    let mut platform = store
        .find_connection(world.id(), two)
        .await
        .expect("asked")
        .expect("there");
    platform.side = Side::Platform;
    world.save(platform).await;
    world.refresh().await;
    expect_sums(&world).await;
    let standings = world.standings().await;
    assert!(standings.cells.iter().all(|cell| cell.connection_id == one));
}

/// Words of a CRM user find the person from when it is shown until it is not, under the names
/// that it has, also where the person had the same name before.
pub async fn search_follows_what_cells_show(store: &dyn Store) {
    let world = World::found(store, "search_follows_cells").await;
    let connection = world.connect("CRM").await;
    world
        .sync(connection, &[Pulled::new("u1", "Ann Sales")])
        .await;
    let ann = world.add_person("Ann Sales").await;
    let mapping = world.map(connection, ann.id, "u1").await;
    assert_eq!(find(&world, "sales@crm", None).await, [""; 0], "not yet");
    world.refresh().await;
    assert_eq!(find(&world, "sales@crm", None).await, ["Ann Sales"]);

    let mut married = ann.clone();
    married.profile.display_name = "Ann Lee".into();
    married.profile.emails = vec!["ann.lee@people.example".into()];
    world.apply(vec![edit_person(&ann, married)]).await;
    assert_eq!(find(&world, "sales", None).await, ["Ann Lee"], "by the CRM");

    let renamed = [Pulled::new("u1", "Ann Loewe")];
    world.sync(connection, &renamed).await;
    assert_eq!(find(&world, "loewe", None).await, ["Ann Lee"]);
    assert_eq!(find(&world, "sales", None).await, [""; 0]);

    world.apply(vec![ChangeLine::remove_mapping(mapping)]).await;
    world.refresh().await;
    assert_eq!(find(&world, "loewe", None).await, [""; 0]);
    assert_eq!(find(&world, "lee", None).await, ["Ann Lee"]);
}

/// The few who fit are found among many who do not, in order and page by page: by a word of their
/// own or of a CRM user, by a number, by several words, by a situation.
pub async fn search_finds_the_few_among_many(store: &dyn Store) {
    let world = World::found(store, "search_among_many").await;
    let connection = world.connect("CRM").await;
    let mut people: Vec<Person> = (0..5_100)
        .map(|number| {
            let mut person = world.person("Bea Usual");
            person.profile.emails.clear();
            person.external_id = Some(format!("x{number}x"));
            person
        })
        .collect();
    // Behind everybody, so that whoever comes first in order is not them.
    let odd: Vec<PersonId> = people
        .iter()
        .rev()
        .take(4)
        .map(|person| person.id)
        .collect();
    for (person, name) in people.iter_mut().rev().zip(["One", "Two", "Three", "Four"]) {
        person.profile.display_name = format!("Zoe Usual {name}");
    }
    world
        .apply(people.into_iter().map(add_person).collect())
        .await;
    let users = [
        Pulled::new("98711-0815", "Sally Sales"),
        Pulled::new("98711-0816", "Robert Sales"),
    ];
    world.sync(connection, &users).await;
    world.map(connection, odd[0], "98711-0815").await;
    let proposal = World::proposal(connection, odd[1], "98711-0816");
    world.propose(connection, &[proposal]).await;
    world.refresh().await;
    for (text, names) in [
        (
            "zoe",
            vec![
                "Zoe Usual Four",
                "Zoe Usual One",
                "Zoe Usual Three",
                "Zoe Usual Two",
            ],
        ),
        (
            "zo",
            vec![
                "Zoe Usual Four",
                "Zoe Usual One",
                "Zoe Usual Three",
                "Zoe Usual Two",
            ],
        ),
        ("sally", vec!["Zoe Usual One"]),
        ("sales", vec!["Zoe Usual One", "Zoe Usual Two"]),
        ("usual sales", vec!["Zoe Usual One", "Zoe Usual Two"]),
        ("usual zoe three", vec!["Zoe Usual Three"]),
        ("98711", vec!["Zoe Usual One", "Zoe Usual Two"]),
        ("0816 usual", vec!["Zoe Usual Two"]),
        ("x5099x", vec!["Zoe Usual One"]),
        ("sally 0816", vec![]),
        ("nobody", vec![]),
    ] {
        for focus in [None, Some(connection)] {
            assert_eq!(
                find(&world, text, focus).await,
                names,
                "searching for {text}"
            );
        }
    }
    for (situation, name) in [
        (Situation::Mapped, "Zoe Usual One"),
        (Situation::Proposed, "Zoe Usual Two"),
    ] {
        for focus in [None, Some(connection)] {
            let query = GridQuery {
                situations: vec![situation],
                connection_id: focus,
                ..GridQuery::default()
            };
            let rows = world.grid(&query).await;
            assert_eq!(rows.len(), 1, "{situation}");
            assert_eq!(rows[0].person.profile.display_name, name);
        }
    }
}

/// In one connection nobody is found by what another one shows.
pub async fn what_is_shown_elsewhere_is_not_in_a_connection(store: &dyn Store) {
    let world = World::found(store, "what_is_shown_elsewhere").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    world
        .sync(one, &[Pulled::new("u1-4711", "Sally Sales")])
        .await;
    world.sync(two, &[Pulled::new("u2", "Robert Ray")]).await;
    let ann = world.add_person("Ann Lee").await;
    world.map(one, ann.id, "u1-4711").await;
    world.map(two, ann.id, "u2").await;
    world.refresh().await;
    for (text, in_one, in_two) in [
        ("sally", true, false),
        ("4711", true, false),
        ("robert", false, true),
        ("u2", false, true),
        ("ann", true, true),
        ("sally robert", false, false),
    ] {
        for (focus, expected) in [(one, in_one), (two, in_two)] {
            let found = find(&world, text, Some(focus)).await;
            assert_eq!(found == ["Ann Lee"], expected, "searching for {text}");
        }
        let anywhere = find(&world, text, None).await;
        assert_eq!(anywhere, ["Ann Lee"], "searching everywhere for {text}");
    }
}
