//! The unit of work: all or nothing, one at a time.

use counterpart_model::{ChangeLine, RunMode};

use super::fixture::{World, add_person, pulled};
use crate::Store;
use crate::grid::GridQuery;
use crate::runs::Absence;

/// Everything in a committed unit is true; until then nobody sees any of it.
pub async fn a_unit_becomes_true_at_once(store: &dyn Store) {
    let world = World::found(store, "a_unit_becomes_true_at_once").await;
    let connection = world.connect("CRM").await;
    let run = world.pull(connection, RunMode::Full, &pulled(1)).await;
    let ann = world.person("Ann");
    let lines = vec![
        add_person(ann.clone()),
        ChangeLine::add_mapping(world.mapping(connection, ann.id, "u1")),
    ];
    let mut unit = store.begin(world.id()).await.expect("begun");
    unit.measure_run(run.id, Absence::at_once(world.now()))
        .await
        .expect("measured");
    let applied = unit.apply_run(run.id, None, world.now()).await;
    applied.expect("applied");
    let applied = unit
        .apply_change_set(&world.change_set(lines), world.now())
        .await;
    applied.expect("applied");
    unit.replace_proposals(
        connection,
        None,
        &[World::proposal(connection, ann.id, "u1")],
    )
    .await
    .expect("replaced");
    unit.refresh_situations(None, None, world.now())
        .await
        .expect("refreshed");
    assert_eq!(
        known(&world, connection).await,
        (0, 0),
        "nobody sees it yet"
    );
    unit.commit().await.expect("committed");
    assert_eq!(known(&world, connection).await, (1, 1));
    let situation = world.situation(connection, ann.id).await;
    assert_eq!(situation, Some(counterpart_model::Situation::Mapped));
}

/// Dropping a unit undoes everything in it.
pub async fn dropping_a_unit_undoes_everything(store: &dyn Store) {
    let world = World::found(store, "dropping_a_unit").await;
    let connection = world.connect("CRM").await;
    let run = world.pull(connection, RunMode::Full, &pulled(1)).await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    unit.measure_run(run.id, Absence::at_once(world.now()))
        .await
        .expect("measured");
    let applied = unit.apply_run(run.id, None, world.now()).await;
    applied.expect("applied");
    let set = world.change_set(vec![add_person(world.person("Ann"))]);
    let applied = unit.apply_change_set(&set, world.now()).await;
    applied.expect("applied");
    unit.refresh_situations(None, None, world.now())
        .await
        .expect("refreshed");
    drop(unit);
    assert_eq!(known(&world, connection).await, (0, 0));
    let sets = store.find_change_set(world.id(), 1).await;
    assert_eq!(sets.expect("asked"), None);
    let found = store.find_run(world.id(), run.id).await;
    assert_eq!(found.expect("asked"), Some(run), "it can be finished yet");
}

/// After a refusal the unit can only be dropped: committing fails and writes nothing.
pub async fn a_unit_with_a_refused_set_is_lost(store: &dyn Store) {
    let world = World::found(store, "a_unit_with_a_refused_set").await;
    let ann = world.add_person("Ann").await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    let fits = world.change_set(vec![add_person(world.person("Bob"))]);
    let applied = unit.apply_change_set(&fits, world.now()).await;
    applied.expect("applied");
    let stale = world.change_set(vec![add_person(ann)]);
    let refused = unit.apply_change_set(&stale, world.now()).await;
    assert!(refused.is_err());
    assert!(unit.append_audit(world.event("late")).await.is_err());
    assert!(unit.commit().await.is_err());
    assert_eq!(world.grid(&GridQuery::default()).await.len(), 1);
}

/// A second unit of the organization waits for the first and sees what it did.
pub async fn a_second_unit_waits_for_the_first(store: &dyn Store) {
    let world = World::found(store, "a_second_unit_waits").await;
    let add = |name| world.change_set(vec![add_person(world.person(name))]);
    let mut first = store.begin(world.id()).await.expect("begun");
    let set = add("Ann");
    let second = async {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let applied = unit.apply_change_set(&add("Bob"), world.now()).await;
        unit.commit().await.expect("committed");
        applied.expect("applied").number
    };
    let first = async {
        let applied = first.apply_change_set(&set, world.now()).await;
        first.commit().await.expect("committed");
        applied.expect("applied").number
    };
    // The second is asked first, so that it waits already when the first goes on.
    let (second, first) = tokio::join!(second, first);
    assert_eq!((first, second), (1, 2));
}

/// What is read and written meanwhile outside the unit goes on behind it.
pub async fn whole_commands_go_on_beside_a_unit(store: &dyn Store) {
    let world = World::found(store, "whole_commands_go_on").await;
    let connection = world.connect("CRM").await;
    let run = world.start_run(connection, RunMode::Full).await;
    let page = world.page(run.id, 1, &pulled(2), None);
    let mut unit = store.begin(world.id()).await.expect("begun");
    let set = world.change_set(vec![add_person(world.person("Ann"))]);
    let staged = store.stage_user_page(world.id(), page);
    let unit = async {
        let applied = unit.apply_change_set(&set, world.now()).await;
        applied.expect("applied");
        unit.commit().await
    };
    let (staged, committed) = tokio::join!(staged, unit);
    assert_eq!(staged.expect("staged").report.read, 2);
    committed.expect("committed");
    assert_eq!(known(&world, connection).await, (1, 0));
}

async fn known(world: &World<'_>, connection: counterpart_model::ConnectionId) -> (u64, u64) {
    let people = world.store.count_people(world.id()).await;
    let users = world.store.count_crm_users(world.id(), connection).await;
    (
        people.expect("counted").active,
        users.expect("counted").known,
    )
}
