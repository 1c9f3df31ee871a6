//! CRM users, for reading.

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, CrmUserKind, CrmUserState, DriftCause, Period, Timestamp,
};

use super::fixture::{Pulled, World, all, pulled, words};
use crate::Store;
use crate::crm_users::{CrmUserCount, CrmUserQuery, CrmUserSubset, ProposedAt};

async fn ids(world: &World<'_>, connection: ConnectionId, query: &CrmUserQuery) -> Vec<String> {
    let users = all(async |page| {
        let store = world.store;
        store
            .list_crm_users(world.id(), connection, query, &page)
            .await
    });
    users.await.into_iter().map(|user| user.id.0).collect()
}

/// Ids are compared byte by byte: case makes another user.
pub async fn ids_are_compared_byte_by_byte(store: &dyn Store) {
    let world = World::found(store, "ids_are_compared_byte_by_byte").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let users = [
        Pulled::new("005abc", "Lower"),
        Pulled::new("005ABC", "Upper"),
    ];
    world.sync(one, &users).await;
    for (id, name) in [
        ("005abc", Some("Lower")),
        ("005ABC", Some("Upper")),
        ("005Abc", None),
    ] {
        let id = CrmUserId(id.into());
        let found = store.find_crm_user(world.id(), one, &id).await;
        let found = found.expect("asked").map(|user| user.profile.display_name);
        assert_eq!(found.as_deref(), name, "{id}");
        let elsewhere = store.find_crm_user(world.id(), two, &id).await;
        assert_eq!(elsewhere.expect("asked"), None);
    }
    let wanted: Vec<_> = ["005ABC", "005abc", "nobody"]
        .map(|id| CrmUserId(id.into()))
        .into();
    let found = store.find_crm_users(world.id(), one, &wanted).await;
    let mut found: Vec<_> = found.expect("asked").into_iter().map(|u| u.id.0).collect();
    found.sort();
    assert_eq!(found, ["005ABC", "005abc"]);
    let none = store.find_crm_users(world.id(), one, &[]).await;
    assert_eq!(none.expect("asked"), vec![]);
}

/// Users come by folded name, then id.
pub async fn users_come_by_name(store: &dyn Store) {
    let world = World::found(store, "users_come_by_name").await;
    let connection = world.connect("CRM").await;
    let users = [
        Pulled::new("5", "zoe"),
        Pulled::new("4", "Émile"),
        Pulled::new("b", "Ann"),
        Pulled::new("a", "ann"),
        Pulled::new("B", "Ann"),
    ];
    world.sync(connection, &users).await;
    let found = ids(&world, connection, &CrmUserQuery::default()).await;
    assert_eq!(found, ["B", "a", "b", "4", "5"]);
}

/// Names, addresses, extensions, other ids and shortened ids find a user, before and after it
/// changes.
pub async fn a_user_is_found_by_words(store: &dyn Store) {
    let world = World::found(store, "a_user_is_found_by_words").await;
    let connection = world.connect("CRM").await;
    let mut user = Pulled::new("005A0000001abcDEFG", "Zoë Ostrowska");
    user.profile.extension = Some("204".into());
    user.profile.username = Some("zo".into());
    let other = Pulled::new("u2", "Other User");
    world.sync(connection, &[user.clone(), other.clone()]).await;
    let finds = async |text: &str| {
        let query = CrmUserQuery {
            words: words(text),
            ..CrmUserQuery::default()
        };
        ids(&world, connection, &query).await
    };
    let id = "005A0000001abcDEFG";
    for text in [
        "zoe",
        "ZOË ostr",
        "204",
        "20",
        "zo",
        "ostrowska@crm.example",
        id,
        &id[..15],
    ] {
        assert_eq!(finds(text).await, [id], "searching for {text}");
    }
    assert_eq!(finds("zoe user").await, [""; 0]);
    user.profile.display_name = "Zoë Nowak".into();
    world.sync(connection, &[user, other]).await;
    assert_eq!(finds("nowak").await, [id], "the new name");
    assert_eq!(
        finds("zoë ostrowska ").await,
        [id],
        "the address still has it"
    );
}

/// Who cannot be chosen is left out on request only.
pub async fn users_are_filtered(store: &dyn Store) {
    let world = World::found(store, "users_are_filtered").await;
    let connection = world.connect("CRM").await;
    let mut users = vec![
        Pulled::new("active", "a"),
        Pulled::new("invited", "b").in_state(CrmUserState::Invited),
        Pulled::new("inactive", "c").in_state(CrmUserState::Inactive),
        Pulled::new("deleted", "d").in_state(CrmUserState::Deleted),
        Pulled::new("api", "e"),
        Pulled::new("gone", "f"),
    ];
    users[4].profile.kind = CrmUserKind::Api;
    world.sync(connection, &users).await;
    world.sync(connection, &users[..5]).await;
    let filtered = async |usable_only, people_only| {
        let query = CrmUserQuery {
            usable_only,
            people_only,
            ..CrmUserQuery::default()
        };
        ids(&world, connection, &query).await
    };
    let everybody = ["active", "invited", "inactive", "deleted", "api", "gone"];
    assert_eq!(filtered(false, false).await, everybody);
    assert_eq!(filtered(true, false).await, ["active", "invited", "api"]);
    let people = ["active", "invited", "inactive", "deleted", "gone"];
    assert_eq!(filtered(false, true).await, people);
    assert_eq!(filtered(true, true).await, ["active", "invited"]);
    let count = store.count_crm_users(world.id(), connection).await;
    let expected = CrmUserCount {
        known: 6,
        present: 5,
        missing: 0,
        usable: 3,
    };
    assert_eq!(count.expect("counted"), expected);
}

/// Deactivated ones, accounts that are no human being's, those that drift and those that are
/// proposed can be looked at alone; of those the person is known.
pub async fn some_users_are_looked_at(store: &dyn Store) {
    let world = World::found(store, "some_users_are_looked_at").await;
    let connection = world.connect("CRM").await;
    let mut users = vec![
        Pulled::new("active", "a"),
        Pulled::new("inactive", "b").in_state(CrmUserState::Inactive),
        Pulled::new("api", "c"),
        Pulled::new("gone", "d"),
        Pulled::new("wanted", "e"),
    ];
    users[2].profile.kind = CrmUserKind::Api;
    world.sync(connection, &users).await;
    users.remove(3);
    world.sync(connection, &users).await;
    let people = world.add_people(&["Ann", "Bob"]).await;
    let mapping = world.map(connection, people[0].id, "inactive").await;
    let drift = world.drift(&mapping, DriftCause::CrmUserDeactivated);
    world.find_drift(connection, &[drift]).await;
    let proposal = World::proposal(connection, people[1].id, "wanted");
    world.propose(connection, &[proposal]).await;
    world.refresh().await;
    for (subset, expected) in [
        (CrmUserSubset::Unusable, vec!["inactive", "gone"]),
        (CrmUserSubset::NotPeople, vec!["api"]),
        (CrmUserSubset::Drifted, vec!["inactive"]),
        (CrmUserSubset::Proposed, vec!["wanted"]),
    ] {
        let query = CrmUserQuery {
            subset: Some(subset),
            ..CrmUserQuery::default()
        };
        let found = ids(&world, connection, &query).await;
        assert_eq!(found, expected, "{subset:?}");
    }
    let asked = ["wanted", "active", "inactive"].map(|id| CrmUserId(id.into()));
    let found = store.proposed_at(world.id(), connection, &asked).await;
    let expected = ProposedAt {
        crm_user_id: asked[0].clone(),
        person_id: people[1].id,
        score: 0.97,
        certain: true,
    };
    assert_eq!(found.expect("asked"), [expected]);
}

/// Who is mapped at an instant is left out for that instant.
pub async fn the_unmapped_are_found_at_an_instant(store: &dyn Store) {
    let world = World::found(store, "the_unmapped_are_found").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    world.sync(one, &pulled(3)).await;
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let noon = world.now();
    let mut until = world.mapping(one, people[0].id, "u1");
    until.period = Period::new(Timestamp::ALWAYS, noon).expect("ordered");
    let mut from = world.mapping(one, people[1].id, "u2");
    from.period = Period::new(noon, Timestamp::FOREVER).expect("ordered");
    let elsewhere = world.mapping(two, people[2].id, "u3");
    let mappings = [until, from, elsewhere];
    world
        .apply(mappings.map(ChangeLine::add_mapping).into())
        .await;
    for (at, expected) in [(noon.plus_seconds(-1), ["u2", "u3"]), (noon, ["u1", "u3"])] {
        let query = CrmUserQuery {
            unmapped_at: Some(at),
            ..CrmUserQuery::default()
        };
        assert_eq!(ids(&world, one, &query).await, expected, "at {at}");
    }
}
