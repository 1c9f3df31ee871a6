//! The audit chain: one per organization, whole.

use counterpart_model::audit::{AuditEntry, AuditEvent, ChainEnd};

use super::fixture::{World, all};
use crate::Store;

async fn chain(world: &World<'_>) -> Vec<AuditEntry> {
    all(async |page| world.store.list_audit(world.id(), &page).await).await
}

/// Every entry stands behind the one before it, whoever wrote between.
pub async fn the_chain_holds(store: &dyn Store) {
    let world = World::found(store, "the_chain_holds").await;
    let other = World::found(store, "the_chain_holds, next door").await;
    world.connect("CRM").await;
    append(&world, &[world.event("one"), other.event("two")]).await;
    append(&other, &[other.event("elsewhere")]).await;
    let mut event = world.event("three");
    event.account_id = Some(world.owner.id);
    event.details = "Ünïcode".into();
    append(&world, &[event.clone()]).await;
    let mut chain = self::chain(&world).await;
    assert_eq!(chain[0].event, event, "newest first");
    chain.reverse();
    let actions: Vec<_> = chain.iter().map(|e| e.event.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "organization.founded",
            "connection.saved",
            "one",
            "two",
            "three"
        ]
    );
    let mut end = ChainEnd::default();
    for entry in &chain {
        assert!(end.is_followed_by(entry), "broken at {}", entry.sequence);
        end = ChainEnd::from(entry);
    }
    assert_eq!(end.sequence, 5);
}

/// What is undone leaves no entry and no gap.
pub async fn a_dropped_unit_leaves_no_entry(store: &dyn Store) {
    let world = World::found(store, "a_dropped_unit_leaves_no_entry").await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    let appended = unit.append_audit(world.event("dropped")).await;
    appended.expect("appended");
    drop(unit);
    append(&world, &[world.event("kept")]).await;
    let chain = self::chain(&world).await;
    let entries: Vec<_> = chain
        .iter()
        .map(|entry| (entry.sequence, entry.event.action.as_str()))
        .collect();
    assert_eq!(entries, [(2, "kept"), (1, "organization.founded")]);
}

async fn append(world: &World<'_>, events: &[AuditEvent]) {
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    for event in events {
        unit.append_audit(event.clone()).await.expect("appended");
    }
    unit.commit().await.expect("committed");
}
