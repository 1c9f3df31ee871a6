//! Views of the mapping that somebody keeps.

use counterpart_model::{AccountId, SavedView, SavedViewId, ViewPage};

use super::fixture::{World, new_account};
use crate::Store;

fn view(world: &World<'_>, account: Option<AccountId>, name: &str, shared: bool) -> SavedView {
    SavedView {
        id: SavedViewId::generate(world.seed(), world.seed()),
        account_id: account,
        name: name.into(),
        page: ViewPage::People,
        query: "show=drifted&q=%C3%A9".into(),
        shared,
        created_at: world.now(),
    }
}

/// An account sees its own views and shared ones, by folded name.
pub async fn views_are_seen_by_those_they_are_for(store: &dyn Store) {
    let world = World::found(store, "views_are_seen").await;
    let other = new_account(world.seed(), "other@views.example");
    assert!(store.create_account(&other).await.expect("created"));
    let mine = Some(world.owner.id);
    let views = [
        view(&world, mine, "Élan", false),
        view(&world, mine, "zoo", true),
        view(&world, Some(other.id), "drift", false),
        view(&world, None, "By a token", true),
    ];
    for view in &views {
        store.put_view(world.id(), view).await.expect("kept");
        let found = store.find_view(world.id(), view.id).await;
        assert_eq!(found.expect("asked").as_ref(), Some(view));
    }
    let names = async |account| {
        let listed = store.list_views(world.id(), account).await.expect("listed");
        assert!(listed.iter().all(|view| view.is_seen_by(account)));
        listed.into_iter().map(|view| view.name).collect::<Vec<_>>()
    };
    assert_eq!(names(mine).await, ["By a token", "Élan", "zoo"]);
    assert_eq!(names(Some(other.id)).await, ["By a token", "drift", "zoo"]);
    assert_eq!(names(None).await, ["By a token", "zoo"]);
}

/// A view takes the place of an earlier one of its id, and is forgotten in its organization only.
pub async fn a_view_is_replaced_and_forgotten(store: &dyn Store) {
    let world = World::found(store, "a_view_is_replaced").await;
    let elsewhere = World::found(store, "a_view_is_replaced, next door").await;
    let first = view(&world, Some(world.owner.id), "One", false);
    store.put_view(world.id(), &first).await.expect("kept");
    let second = SavedView {
        name: "Two".into(),
        page: ViewPage::CrmUsers,
        query: String::new(),
        shared: true,
        ..first
    };
    store.put_view(world.id(), &second).await.expect("kept");
    let foreign = store.delete_view(elsewhere.id(), second.id).await;
    foreign.expect("none is no error");
    let found = store.find_view(elsewhere.id(), second.id).await;
    assert_eq!(found.expect("asked"), None);
    let listed = store.list_views(world.id(), None).await.expect("listed");
    assert_eq!(listed, std::slice::from_ref(&second));
    for _ in 0..2 {
        let deleted = store.delete_view(world.id(), second.id).await;
        deleted.expect("none is no error");
    }
    let listed = store.list_views(world.id(), None).await.expect("listed");
    assert_eq!(listed, []);
}
