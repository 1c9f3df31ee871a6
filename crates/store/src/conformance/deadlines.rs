//! Units that stay open too long. These run with [`super::SHORT_DEADLINE`].

use super::fixture::{World, add_person};
use crate::grid::GridQuery;
use crate::{ApplyError, Store, StoreError};

/// A unit that outlives its deadline is undone, lets the next one in, and says so when used.
pub async fn a_unit_that_stays_open_is_undone(store: &dyn Store) {
    let world = World::found(store, "a_unit_that_stays_open").await;
    let mut late = store.begin(world.id()).await.expect("begun");
    let set = world.change_set(vec![add_person(world.person("Ann"))]);
    let applied = late.apply_change_set(&set, world.now()).await;
    applied.expect("applied");
    // Nothing but the deadline ends the first unit, so whoever gets in next waited for it.
    let mut next = open(store, &world).await;
    let refused = late.apply_change_set(&set, world.now()).await;
    let busy = matches!(refused, Err(ApplyError::Store(StoreError::Busy(_))));
    assert!(busy, "{refused:?}");
    let refused = late.commit().await;
    assert!(matches!(refused, Err(StoreError::Busy(_))), "{refused:?}");
    let applied = next.apply_change_set(&set, world.now()).await;
    assert_eq!(
        applied.expect("applied").number,
        1,
        "the late one is undone"
    );
    next.commit().await.expect("committed");
    assert_eq!(world.grid(&GridQuery::default()).await.len(), 1);
}

/// Of several that wait while nobody closes a unit, some are told to try again. A slow machine
/// may let more than one of them in, never all.
pub async fn waiting_for_a_unit_ends(store: &dyn Store) {
    let world = World::found(store, "waiting_for_a_unit_ends").await;
    let first = store.begin(world.id()).await.expect("begun");
    let wait = async || match store.begin(world.id()).await {
        // Kept open until everybody has waited.
        Ok(unit) => Some(unit),
        Err(StoreError::Busy(_)) => None,
        Err(other) => panic!("expected a unit or busy, got {other}"),
    };
    let units = tokio::join!(wait(), wait(), wait(), wait(), wait());
    let units = [units.0, units.1, units.2, units.3, units.4];
    assert!(units.iter().any(Option::is_none), "everybody got in");
    drop(first);
}

/// A unit, although a slow machine may take several deadlines to be let in.
async fn open(store: &dyn Store, world: &World<'_>) -> Box<dyn crate::UnitOfWork> {
    for _ in 0..100 {
        match store.begin(world.id()).await {
            Ok(unit) => return unit,
            Err(StoreError::Busy(_)) => {}
            Err(other) => panic!("expected a unit, got {other}"),
        }
    }
    panic!("the first unit is never undone");
}
