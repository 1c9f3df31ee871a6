//! People whose CRM users disagree.

use counterpart_model::{ConnectionId, CrmUserId, CrmUserKind, Inconsistency, Person, PersonId};

use super::fixture::{Pulled, World, all};
use crate::grid::GridQuery;
use crate::{Store, StoreError};

/// Two people, each mapped in two connections to users of other names.
struct Mapped<'s> {
    world: World<'s>,
    one: ConnectionId,
    two: ConnectionId,
    people: Vec<Person>,
}

async fn mapped<'s>(store: &'s dyn Store, label: &str) -> Mapped<'s> {
    let world = World::found(store, label).await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let users = [
        Pulled::new("a", "Ann Lee"),
        Pulled::new("b", "Bob Ray"),
        Pulled::new("c", "Cyd Fox"),
    ];
    world.sync(one, &users).await;
    let mut queue = Pulled::new("z", "Support");
    queue.profile.kind = CrmUserKind::Queue;
    let users = [
        Pulled::new("x", "Xaver Lee"),
        Pulled::new("y", "Yana Ray"),
        Pulled::new("c", "CYD FOX"),
        queue,
    ];
    world.sync(two, &users).await;
    let people = world.add_people(&["Ann", "Bob", "Cyd", "Dan"]).await;
    for (person, here, there) in [(0, "a", "x"), (1, "b", "y"), (2, "c", "c")] {
        world.map(one, people[person].id, here).await;
        world.map(two, people[person].id, there).await;
    }
    world.map(two, people[3].id, "z").await;
    world.refresh().await;
    Mapped {
        world,
        one,
        two,
        people,
    }
}

impl Mapped<'_> {
    fn found(&self, person: usize, users: (&str, &str)) -> Inconsistency {
        Inconsistency {
            person_id: self.people[person].id,
            connection_id: self.one,
            crm_user_id: CrmUserId(users.0.into()),
            other_connection_id: self.two,
            other_user_id: CrmUserId(users.1.into()),
            since: self.world.now(),
            detail: "the names differ".into(),
        }
    }

    async fn replace(&self, of: ConnectionId, people: Option<&[PersonId]>, to: &[Inconsistency]) {
        let mut unit = self
            .world
            .store
            .begin(self.world.id())
            .await
            .expect("begun");
        let replaced = unit.replace_inconsistencies(of, people, to).await;
        replaced.expect("replaced");
        unit.commit().await.expect("committed");
    }

    async fn of(&self, people: &[usize]) -> Vec<Inconsistency> {
        let people: Vec<_> = people.iter().map(|at| self.people[*at].id).collect();
        let store = self.world.store;
        let found = store.inconsistencies_of(self.world.id(), &people).await;
        found.expect("asked")
    }
}

/// Pairs of other names are listed from either side; equal names, and accounts that are no human
/// being's, are not.
pub async fn pairs_of_other_names_are_listed(store: &dyn Store) {
    let mapped = mapped(store, "pairs_of_other_names").await;
    let (world, people) = (&mapped.world, &mapped.people);
    let list = async |connection, people: Option<&[PersonId]>| {
        let pairs = all(async |page| {
            let store = world.store;
            store
                .list_differing_pairs(world.id(), connection, people, &page)
                .await
        });
        let pairs = pairs.await.into_iter();
        pairs
            .map(|pair| (pair.person_id, pair.one.id.0, pair.other.id.0))
            .collect::<Vec<_>>()
    };
    let mut expected = vec![
        (people[0].id, "a".to_owned(), "x".to_owned()),
        (people[1].id, "b".to_owned(), "y".to_owned()),
    ];
    expected.sort();
    assert_eq!(list(mapped.one, None).await, expected);
    let of_bob = [people[1].id];
    let from_there = [(people[1].id, "y".to_owned(), "b".to_owned())];
    assert_eq!(list(mapped.two, Some(&of_bob)).await, from_there);
    assert_eq!(list(mapped.two, Some(&[])).await, []);
}

/// What is found again goes on since it was found first; what is not is over. Those of other
/// people stay where only some are looked at.
pub async fn inconsistencies_go_on_since_they_were_found(store: &dyn Store) {
    let mapped = mapped(store, "inconsistencies_go_on").await;
    let first = [mapped.found(0, ("a", "x")), mapped.found(1, ("b", "y"))];
    mapped.replace(mapped.one, None, &first).await;
    let count = store.count_inconsistent(mapped.world.id(), 10).await;
    assert_eq!(count.expect("counted"), 2);
    let count = store.count_inconsistent(mapped.world.id(), 1).await;
    assert_eq!(count.expect("counted"), 1, "counted up to one");
    mapped.world.wait(5);
    let mut again = mapped.found(0, ("a", "x"));
    again.detail = "otherwise".into();
    let of_ann = [mapped.people[0].id];
    mapped.replace(mapped.two, Some(&of_ann), &[again]).await;
    let found = mapped.of(&[0]).await;
    assert_eq!(found[0].since, first[0].since);
    assert_eq!(found[0].detail, "otherwise");
    assert_eq!(mapped.of(&[1]).await, first[1..]);
    mapped.replace(mapped.two, None, &[]).await;
    assert_eq!(mapped.of(&[0, 1]).await, []);
    let mut unit = store.begin(mapped.world.id()).await.expect("begun");
    let refused = unit
        .replace_inconsistencies(mapped.world.directory.id, None, &first)
        .await;
    assert!(matches!(refused, Err(StoreError::Misuse(_))), "{refused:?}");
}

/// The grid is narrowed to people whose CRM users disagree, for as long as they are mapped so.
pub async fn the_grid_knows_who_is_inconsistent(store: &dyn Store) {
    let mapped = mapped(store, "the_grid_knows_who_is_inconsistent").await;
    let found = [mapped.found(0, ("a", "x")), mapped.found(1, ("b", "other"))];
    mapped.replace(mapped.one, None, &found).await;
    let inconsistent = GridQuery {
        inconsistent: true,
        ..GridQuery::default()
    };
    let names = async |query: &GridQuery| {
        let rows = mapped.world.grid(query).await.into_iter();
        rows.map(|row| row.person.profile.display_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&inconsistent).await,
        ["Ann"],
        "Bob is mapped otherwise"
    );
    assert_eq!(mapped.of(&[0, 1]).await, found[..1]);
    let in_directory = GridQuery {
        connection_id: Some(mapped.world.directory.id),
        ..inconsistent.clone()
    };
    assert_eq!(names(&in_directory).await, [""; 0]);
    let wide = GridQuery {
        connection_id: Some(mapped.two),
        all_cells: true,
        ..inconsistent
    };
    let rows = mapped.world.grid(&wide).await;
    assert_eq!(rows[0].cells.len(), 2, "all cells are shown");
}
