//! Change sets that wait for a second person.

use std::num::NonZeroU32;

use counterpart_model::{
    Approval, Author, ChangeLine, ChangeSetOrigin, NewPending, PageRequest, PendingChangeSet,
    PendingEnding, PendingState, TokenId, pending::WAITING_SECONDS,
};

use super::fixture::{World, add_person, all};
use crate::Store;

fn author(world: &World<'_>) -> Author {
    Author {
        account_id: Some(world.owner.id),
        token_id: None,
    }
}

fn wanted(world: &World<'_>, lines: Vec<ChangeLine>) -> NewPending {
    NewPending {
        maker: author(world),
        origin: ChangeSetOrigin::Portal,
        reason: Some("a test".into()),
        lines,
        undoes: None,
        created_at: world.now(),
        expires_at: world.now().plus_seconds(WAITING_SECONDS),
    }
}

async fn keep(world: &World<'_>, new: &NewPending) -> PendingChangeSet {
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let kept = unit.keep_pending(new).await.expect("kept");
    unit.commit().await.expect("committed");
    kept
}

async fn keep_people(world: &World<'_>, names: &[&str]) -> PendingChangeSet {
    let lines = names.iter().map(|name| add_person(world.person(name)));
    keep(world, &wanted(world, lines.collect())).await
}

fn ending(world: &World<'_>, change_set: Option<u64>) -> PendingEnding {
    PendingEnding {
        by: Some(Author {
            account_id: None,
            token_id: Some(TokenId::generate(world.seed(), world.seed())),
        }),
        at: world.now(),
        reason: Some("seen".into()),
        change_set,
    }
}

async fn end(world: &World<'_>, number: u64, state: PendingState, ending: &PendingEnding) -> bool {
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let ended = unit.end_pending(number, state, ending).await;
    unit.commit().await.expect("committed");
    ended.expect("asked")
}

/// What waits comes back as it was kept, with its lines in order, and has changed nothing.
pub async fn a_waiting_change_is_kept_as_it_is(store: &dyn Store) {
    let world = World::found(store, "a_waiting_change_is_kept_as_it_is").await;
    let names: Vec<String> = (0..7).map(|n| format!("Person {n}")).collect();
    let lines: Vec<ChangeLine> = names
        .iter()
        .map(|name| add_person(world.person(name)))
        .collect();
    let new = NewPending {
        maker: Author {
            account_id: Some(world.owner.id),
            token_id: Some(TokenId::generate(world.seed(), world.seed())),
        },
        undoes: Some(3),
        ..wanted(&world, lines.clone())
    };
    let kept = keep(&world, &new).await;
    assert_eq!(
        kept,
        PendingChangeSet {
            number: 1,
            maker: new.maker,
            origin: new.origin,
            reason: new.reason,
            undoes: Some(3),
            line_count: 7,
            created_at: new.created_at,
            expires_at: new.expires_at,
            state: PendingState::Open,
            ending: None,
        }
    );
    let found = store.find_pending(world.id(), 1).await.expect("asked");
    assert_eq!(found, Some(kept));
    let id = world.id();
    let found = all(async |page| store.list_pending_lines(id, 1, &page).await).await;
    assert_eq!(found, lines);
    let people = store.list_change_sets(id, &PageRequest::first(1)).await;
    assert!(people.expect("listed").items.is_empty());
}

/// Numbers are each organization's own, and the list is newest first, by state or all.
pub async fn waiting_changes_are_listed(store: &dyn Store) {
    let world = World::found(store, "waiting_changes_are_listed").await;
    let other = World::found(store, "waiting_changes_are_listed, next door").await;
    keep_people(&other, &["Zoe"]).await;
    for name in ["Ann", "Bob", "Cid"] {
        keep_people(&world, &[name]).await;
    }
    assert!(end(&world, 2, PendingState::Rejected, &ending(&world, None)).await);
    let id = world.id();
    let numbers = async |state| -> Vec<u64> {
        let listed = all(async |page| store.list_pending(id, state, &page).await).await;
        listed.into_iter().map(|pending| pending.number).collect()
    };
    assert_eq!(numbers(None).await, [3, 2, 1]);
    assert_eq!(numbers(Some(PendingState::Open)).await, [3, 1]);
    assert_eq!(numbers(Some(PendingState::Rejected)).await, [2]);
    assert!(numbers(Some(PendingState::Expired)).await.is_empty());
    let count = store.count_pending(id, PendingState::Open).await;
    assert_eq!(count.expect("counted"), 2);
    let count = store.count_pending(other.id(), PendingState::Open).await;
    assert_eq!(count.expect("counted"), 1);
    let foreign = store.find_pending(other.id(), 2).await;
    assert_eq!(foreign.expect("asked"), None);
    assert!(!end(&other, 3, PendingState::Rejected, &ending(&other, None)).await);
}

/// Whoever decides first has decided.
pub async fn a_waiting_change_ends_once(store: &dyn Store) {
    let world = World::found(store, "a_waiting_change_ends_once").await;
    keep_people(&world, &["Ann"]).await;
    let first = ending(&world, None);
    assert!(end(&world, 1, PendingState::Withdrawn, &first).await);
    let second = PendingEnding {
        by: None,
        ..ending(&world, None)
    };
    assert!(!end(&world, 1, PendingState::Expired, &second).await);
    let found = store.find_pending(world.id(), 1).await.expect("asked");
    let found = found.expect("it is there");
    assert_eq!(found.state, PendingState::Withdrawn);
    assert_eq!(found.ending, Some(first));
}

/// The change set that comes of it keeps who approved it; a dropped unit approves nothing.
pub async fn an_approved_change_set_says_by_whom(store: &dyn Store) {
    let world = World::found(store, "an_approved_change_set_says_by_whom").await;
    keep_people(&world, &["Ann"]).await;
    let lines = store
        .list_pending_lines(world.id(), 1, &PageRequest::first(10))
        .await;
    let set = world.change_set(lines.expect("listed").items);
    let approved = ending(&world, Some(1));
    for commits in [false, true] {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let applied = unit.apply_change_set(&set, world.now()).await;
        assert_eq!(applied.expect("applied").approval, None);
        let ended = unit.end_pending(1, PendingState::Approved, &approved).await;
        assert!(ended.expect("asked"));
        if commits {
            unit.commit().await.expect("committed");
        }
    }
    let found = store.find_change_set(world.id(), 1).await.expect("asked");
    let approval = found.expect("it is there").approval;
    let by = approved.by.expect("somebody");
    assert_eq!(approval, Some(Approval { pending: 1, by }));
    let found = store.find_pending(world.id(), 1).await.expect("asked");
    let found = found.expect("it is there");
    assert_eq!(found.state, PendingState::Approved);
    assert_eq!(found.ending, Some(approved));
}

/// From how many lines on a second person is needed is kept, in one organization.
pub async fn the_need_for_a_second_person_is_kept(store: &dyn Store) {
    let world = World::found(store, "the_need_for_a_second_person_is_kept").await;
    let other = World::found(store, "the_need_for_a_second_person_is_kept, next door").await;
    for from in [NonZeroU32::new(5), NonZeroU32::new(1), None] {
        let mut unit = store.begin(world.id()).await.expect("begun");
        unit.set_second_person(from).await.expect("set");
        unit.commit().await.expect("committed");
        let found = store.find_organization(world.id()).await.expect("asked");
        assert_eq!(found.expect("it is there").second_person_from, from);
        let found = store.find_organization(other.id()).await.expect("asked");
        assert_eq!(found.expect("it is there").second_person_from, None);
    }
}
