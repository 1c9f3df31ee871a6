//! The grid: people × connections.

use counterpart_model::{
    ConnectionId, CrmUserId, CrmUserState, DriftCause, PageRequest, Person, Rival, Situation,
};

use super::fixture::{Pulled, World, edit_person, pulled, words};
use crate::grid::{CellUser, GridCell, GridOrder, GridQuery};
use crate::mappings::ProposalQuery;
use crate::{Store, StoreError};

/// People with one connection: four are mapped, proposed, ambiguous, unmapped; one left.
struct Staffed<'s> {
    world: World<'s>,
    one: ConnectionId,
    two: ConnectionId,
    people: Vec<Person>,
}

async fn staff<'s>(store: &'s dyn Store, label: &str) -> Staffed<'s> {
    let world = World::found(store, label).await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let mut users = [
        Pulled::new("005A0000001abcDEFG", "Sally Sales"),
        Pulled::new("u2", "Robert Ray"),
        Pulled::new("u3", "Cyd One"),
        Pulled::new("u4", "Cyd Two"),
    ];
    users[0].profile.extension = Some("4711".into());
    world.sync(one, &users).await;
    world.sync(two, &pulled(1)).await;
    let names = ["Ann Lee", "Bob Ray", "Cyd Fox", "Dan Poe", "Eve Who"];
    let people = world.add_people(&names).await;
    world.map(one, people[0].id, "005A0000001abcDEFG").await;
    let proposed = World::proposal(one, people[1].id, "u2");
    let mut ambiguous = World::proposal(one, people[2].id, "u3");
    ambiguous.certain = false;
    ambiguous.ambiguous = true;
    ambiguous.rivals = vec![Rival {
        crm_user_id: CrmUserId("u4".into()),
        score: 0.9,
        evidence: Vec::new(),
    }];
    world.propose(one, &[proposed, ambiguous]).await;
    let mut left = people[4].clone();
    left.active = false;
    world.apply(vec![edit_person(&people[4], left)]).await;
    world.refresh().await;
    Staffed {
        world,
        one,
        two,
        people,
    }
}

impl Staffed<'_> {
    async fn names(&self, query: &GridQuery) -> Vec<String> {
        let rows = self.world.grid(query).await;
        let names = rows.into_iter().map(|row| row.person.profile.display_name);
        names.collect()
    }

    async fn search(&self, text: &str) -> Vec<String> {
        let query = GridQuery {
            words: words(text),
            ..GridQuery::default()
        };
        self.names(&query).await
    }
}

/// Each cell shows how it stands and whom it is about; cells come by the connection's making.
pub async fn cells_show_how_it_stands(store: &dyn Store) {
    let staffed = staff(store, "cells_show_how_it_stands").await;
    let rows = staffed.world.grid(&GridQuery::default()).await;
    assert_eq!(rows.len(), 4, "who left is not in it");
    assert_eq!(rows[0].person, staffed.people[0]);
    for row in &rows {
        let connections: Vec<_> = row.cells.iter().map(|c| c.connection_id).collect();
        assert_eq!(connections, [staffed.one, staffed.two]);
        assert_eq!(row.cells[1].situation, Situation::Unmapped);
    }
    let user = |id: &str, name: &str| {
        Some(CellUser {
            id: CrmUserId(id.into()),
            display_name: name.into(),
            state: CrmUserState::Active,
            kind: counterpart_model::CrmUserKind::Person,
            gone: false,
            missing: false,
        })
    };
    let empty = GridCell {
        connection_id: staffed.one,
        situation: Situation::Unmapped,
        mapping: None,
        crm_user: None,
        score: None,
        certain: false,
        candidates: 0,
    };
    let mapped = &rows[0].cells[0];
    assert_eq!(mapped.situation, Situation::Mapped);
    assert_eq!(mapped.mapping.map(|(_, version)| version), Some(1));
    assert_eq!(mapped.crm_user, user("005A0000001abcDEFG", "Sally Sales"));
    assert_eq!((mapped.score, mapped.certain), (None, false));
    let proposed = GridCell {
        situation: Situation::Proposed,
        crm_user: user("u2", "Robert Ray"),
        score: Some(0.97),
        certain: true,
        ..empty.clone()
    };
    assert_eq!(rows[1].cells[0], proposed);
    let ambiguous = GridCell {
        situation: Situation::Ambiguous,
        candidates: 2,
        ..empty.clone()
    };
    assert_eq!(rows[2].cells[0], ambiguous, "it proposes nobody");
    assert_eq!(rows[3].cells[0], empty);
}

/// A cell whose CRM user no run ever saw shows its id, as gone.
pub async fn an_unknown_user_is_shown_by_its_id(store: &dyn Store) {
    let world = World::found(store, "an_unknown_user").await;
    let connection = world.connect("CRM").await;
    let person = world.add_person("Ann Lee").await;
    world.map(connection, person.id, "ghost").await;
    world.refresh().await;
    let rows = world.grid(&GridQuery::default()).await;
    let expected = CellUser {
        id: CrmUserId("ghost".into()),
        display_name: "ghost".into(),
        state: CrmUserState::Inactive,
        kind: counterpart_model::CrmUserKind::Person,
        gone: true,
        missing: false,
    };
    assert_eq!(rows[0].cells[0].crm_user, Some(expected));
}

/// Rows come by folded name, then id, and people without any connection are rows too.
pub async fn rows_come_by_name(store: &dyn Store) {
    let world = World::found(store, "rows_come_by_name").await;
    let twins = ["zoe", "Ann", "émile", "Ann", "Ann", "Bob"];
    let mut people = world.add_people(&twins).await;
    people.sort_by_key(|person| (person.sort_key(), person.id));
    let rows = world.grid(&GridQuery::default()).await;
    let found: Vec<_> = rows.iter().map(|row| row.person.clone()).collect();
    assert_eq!(found, people);
    assert!(rows.iter().all(|row| row.cells.is_empty()));
}

/// People are filtered by their folded department and sorted by it, those without one first; the
/// departments there are can be listed.
pub async fn rows_are_filtered_and_sorted_by_department(store: &dyn Store) {
    let world = World::found(store, "rows_by_department").await;
    let people = [
        ("Zoe", Some("Sales")),
        ("Ann", Some("  sáles ")),
        ("Bob", Some("Back Office")),
        ("Cyd", None),
    ];
    for (name, department) in people {
        let mut person = world.person(name);
        person.profile.department = department.map(Into::into);
        world.apply(vec![super::fixture::add_person(person)]).await;
    }
    let names = async |query: &GridQuery| {
        let rows = world.grid(query).await.into_iter();
        rows.map(|row| row.person.profile.display_name)
            .collect::<Vec<_>>()
    };
    let mut query = GridQuery {
        order: GridOrder::Department,
        ..GridQuery::default()
    };
    assert_eq!(names(&query).await, ["Cyd", "Bob", "Ann", "Zoe"]);
    query.department = Some("sales".into());
    assert_eq!(names(&query).await, ["Ann", "Zoe"]);
    query.order = GridOrder::Name;
    query.department = Some("back office".into());
    assert_eq!(names(&query).await, ["Bob"]);
    let listed = store.list_departments(world.id(), 10).await;
    let listed: Vec<String> = listed
        .expect("listed")
        .iter()
        .map(|name| words(name).join(" "))
        .collect();
    assert_eq!(listed, ["back office", "sales"]);
    let listed = store.list_departments(world.id(), 1).await;
    assert_eq!(listed.expect("listed"), ["Back Office"]);
    let rows = world.grid(&GridQuery::default()).await;
    let bob = rows
        .into_iter()
        .map(|row| row.person)
        .find(|person| person.profile.display_name == "Bob");
    let bob = bob.expect("Bob");
    let mut moved = bob.clone();
    moved.profile.department = Some("Sales".into());
    world.apply(vec![edit_person(&bob, moved)]).await;
    assert_eq!(names(&query).await, [""; 0], "Bob moved");
}

/// People are filtered by the most specific cause of their drift, in one connection or any.
pub async fn rows_are_filtered_by_cause(store: &dyn Store) {
    let staffed = staff(store, "rows_are_filtered_by_cause").await;
    let bob = staffed.people[1].id;
    let mapping = staffed.world.map(staffed.two, bob, "u1").await;
    let mut both = [
        staffed
            .world
            .drift(&mapping, DriftCause::CrmUserDeactivated),
        staffed.world.drift(&mapping, DriftCause::EmailChanged),
    ];
    both[1].primary = false;
    staffed.world.find_drift(staffed.two, &both).await;
    staffed.world.refresh().await;
    for (cause, connection, names) in [
        (DriftCause::CrmUserDeactivated, None, vec!["Bob Ray"]),
        (
            DriftCause::CrmUserDeactivated,
            Some(staffed.two),
            vec!["Bob Ray"],
        ),
        (DriftCause::CrmUserDeactivated, Some(staffed.one), vec![]),
        (DriftCause::EmailChanged, None, vec![]),
    ] {
        let query = GridQuery {
            cause: Some(cause),
            connection_id: connection,
            ..GridQuery::default()
        };
        assert_eq!(
            staffed.names(&query).await,
            names,
            "{cause:?} {connection:?}"
        );
    }
}

/// A situation's filter looks at all cells, or at one connection's only.
pub async fn rows_are_filtered_by_situation(store: &dyn Store) {
    let staffed = staff(store, "rows_are_filtered_by_situation").await;
    let filter = async |situations: &[Situation], connection_id| {
        let query = GridQuery {
            situations: situations.to_vec(),
            connection_id,
            ..GridQuery::default()
        };
        let names = staffed.names(&query).await;
        let counted = staffed.world.standings().await;
        let counted = counted.people_in(situations, connection_id);
        assert_eq!(counted, names.len() as u64);
        names
    };
    let everybody = ["Ann Lee", "Bob Ray", "Cyd Fox", "Dan Poe"];
    assert_eq!(filter(&[Situation::Unmapped], None).await, everybody);
    let one = Some(staffed.one);
    assert_eq!(filter(&[Situation::Unmapped], one).await, ["Dan Poe"]);
    let chosen = [Situation::Mapped, Situation::Proposed];
    assert_eq!(filter(&chosen, None).await, ["Ann Lee", "Bob Ray"]);
    assert_eq!(filter(&chosen, Some(staffed.two)).await, [""; 0]);
    assert_eq!(filter(&[Situation::Held], None).await, [""; 0]);
}

/// Looking at one connection leaves the cells of the others out.
pub async fn one_connection_can_be_looked_at(store: &dyn Store) {
    let staffed = staff(store, "one_connection_can_be_looked_at").await;
    let query = GridQuery {
        connection_id: Some(staffed.two),
        ..GridQuery::default()
    };
    let rows = staffed.world.grid(&query).await;
    assert_eq!(rows.len(), 4);
    for row in rows {
        assert_eq!(row.cells.len(), 1);
        assert_eq!(row.cells[0].connection_id, staffed.two);
    }
    let query = GridQuery {
        words: words("sally"),
        ..query
    };
    assert_eq!(
        staffed.names(&query).await,
        [""; 0],
        "Sally is not in this one"
    );
}

/// A person is found by every word, in part, without regard to accents; all must occur.
pub async fn a_person_is_found_by_words(store: &dyn Store) {
    let staffed = staff(store, "a_person_is_found_by_words").await;
    for (text, names) in [
        ("ann", vec!["Ann Lee"]),
        ("LÉE", vec!["Ann Lee"]),
        ("ee", vec!["Ann Lee"]),
        ("lee ann", vec!["Ann Lee"]),
        ("ann ray", vec![]),
        ("cyd.fox@people", vec!["Cyd Fox"]),
        (
            "people.example",
            vec!["Ann Lee", "Bob Ray", "Cyd Fox", "Dan Poe"],
        ),
        ("eve", vec![]),
    ] {
        assert_eq!(staffed.search(text).await, names, "searching for {text}");
    }
}

/// A person is found by the CRM user that a cell shows: name, address, both spellings of an id.
pub async fn a_person_is_found_by_crm_user(store: &dyn Store) {
    let staffed = staff(store, "a_person_is_found_by_crm_user").await;
    for (text, names) in [
        ("sally", vec!["Ann Lee"]),
        ("005A0000001abcDEFG", vec!["Ann Lee"]),
        ("005A0000001abcD", vec!["Ann Lee"]),
        ("sally.sales@crm", vec!["Ann Lee"]),
        ("4711", vec!["Ann Lee"]),
        ("robert", vec!["Bob Ray"]),
        ("ann sally", vec!["Ann Lee"]),
        ("bob sally", vec![]),
        ("u2", vec!["Bob Ray"]),
        ("cyd two", vec![]),
    ] {
        assert_eq!(staffed.search(text).await, names, "searching for {text}");
    }
}

/// What means something in patterns and queries means itself in a search.
pub async fn a_search_is_taken_literally(store: &dyn Store) {
    let world = World::found(store, "a_search_is_taken_literally").await;
    let odd = [
        "100% Ann",
        "under_score",
        "quo\"te",
        "back\\slash",
        "apo'strophe",
        "st*r NEAR",
    ];
    world.add_people(&odd).await;
    for (text, names) in [
        ("0%", vec!["100% Ann"]),
        ("%", vec!["100% Ann"]),
        ("r_s", vec!["under_score"]),
        ("_", vec!["under_score"]),
        ("o\"t", vec!["quo\"te"]),
        ("\"", vec!["quo\"te"]),
        ("k\\s", vec!["back\\slash"]),
        ("\\", vec!["back\\slash"]),
        ("o's", vec!["apo'strophe"]),
        ("t*r", vec!["st*r NEAR"]),
        ("near", vec!["st*r NEAR"]),
        ("ann or", vec![]),
    ] {
        let query = GridQuery {
            words: words(text),
            ..GridQuery::default()
        };
        let rows = world.grid(&query).await;
        let found: Vec<_> = rows
            .iter()
            .map(|r| &r.person.profile.display_name)
            .collect();
        assert_eq!(found, names, "searching for {text}");
    }
}

/// A cursor that nobody gave out is refused or begins anew; it never breaks anything.
pub async fn a_forged_cursor_is_harmless(store: &dyn Store) {
    let world = World::found(store, "a_forged_cursor_is_harmless").await;
    world.add_people(&["Ann", "Bob"]).await;
    for text in [
        "",
        "x",
        "'; drop table person; --",
        "[1,2]",
        "AAAA",
        "[\"a\"]",
        "\u{0}",
    ] {
        let page = PageRequest::new(Some(counterpart_model::Cursor(text.into())), 10);
        let listed = store
            .list_grid(world.id(), &GridQuery::default(), &page)
            .await;
        let harmless = matches!(listed, Ok(_) | Err(StoreError::Misuse(_)));
        assert!(harmless, "cursor {text:?}: {listed:?}");
        let listed = store.list_change_sets(world.id(), &page).await;
        let harmless = matches!(listed, Ok(_) | Err(StoreError::Misuse(_)));
        assert!(harmless, "cursor {text:?}: {listed:?}");
    }
    assert_eq!(world.grid(&GridQuery::default()).await.len(), 2);
}

/// One person's cells are those of the grid, also for somebody who is in no row of it.
pub async fn one_persons_cells_are_the_grids(store: &dyn Store) {
    let staffed = staff(store, "one_persons_cells_are_the_grids").await;
    let rows = staffed.world.grid(&GridQuery::default()).await;
    for row in rows {
        let cells = store
            .cells_of(staffed.world.organization.id, row.person.id)
            .await;
        assert_eq!(cells.expect("cells"), row.cells);
    }
    let left = staffed.people[4].id;
    let cells = store.cells_of(staffed.world.organization.id, left).await;
    assert_eq!(cells.expect("cells"), []);
}

/// What is counted as certain is what is listed as certain.
pub async fn certain_proposals_are_counted(store: &dyn Store) {
    let staffed = staff(store, "certain_proposals_are_counted").await;
    let organization = staffed.world.organization.id;
    for (connection, certain) in [(None, 1), (Some(staffed.one), 1), (Some(staffed.two), 0)] {
        let query = ProposalQuery {
            connection_id: connection,
            certain_only: true,
        };
        let page = PageRequest::first(10);
        let listed = store.list_proposals(organization, &query, &page).await;
        assert_eq!(listed.expect("proposals").items.len(), certain);
        let standings = staffed.world.standings().await;
        assert_eq!(standings.certain(connection), certain as u64);
    }
}
