//! Connections, their credentials, and leases.

use std::collections::BTreeMap;

use counterpart_model::{
    Cardinality, Code, Connection, ConnectionId, ConnectionState, Environment, Sealed, Side,
    connection::{Health, RemoteOrg, Retry},
};

use super::fixture::{World, all, pulled};
use crate::connections::{SaveConnection, Saved};
use crate::{Store, StoreError};

async fn find(world: &World<'_>, id: ConnectionId) -> Connection {
    let found = world.store.find_connection(world.id(), id).await;
    found.expect("asked").expect("known")
}

fn sealed(text: &str) -> Sealed {
    Sealed {
        key_id: "key".into(),
        nonce: vec![3; 24],
        ciphertext: text.bytes().rev().collect(),
    }
}

/// A connection comes back as it was saved; connections come by their time of making.
pub async fn a_connection_is_kept(store: &dyn Store) {
    let world = World::found(store, "a_connection_is_kept").await;
    let mut ids = vec![world.directory.id];
    for (name, side, cardinality, environment) in [
        (
            "Zeta",
            Side::Crm,
            Cardinality::PersonHasCrmUsers,
            Environment::Sandbox,
        ),
        (
            "Alpha",
            Side::Both,
            Cardinality::PeopleShareCrmUser,
            Environment::Production,
        ),
        (
            "Mu",
            Side::Platform,
            Cardinality::OneToOne,
            Environment::Production,
        ),
    ] {
        world.wait(1);
        let mut connection = world.connection(name, side);
        connection.cardinality = cardinality;
        connection.environment = environment;
        connection
            .settings
            .insert("zone".into(), "ww5 \"east\"".into());
        assert_eq!(world.save(connection.clone()).await, Saved::Done(1));
        connection.version = 1;
        assert_eq!(find(&world, connection.id).await, connection);
        ids.push(connection.id);
    }
    let listed = store.list_connections(world.id()).await.expect("listed");
    let listed: Vec<_> = listed.into_iter().map(|connection| connection.id).collect();
    assert_eq!(listed, ids);
    let unknown = ConnectionId::generate(world.seed(), world.seed());
    let found = store.find_connection(world.id(), unknown).await;
    assert_eq!(found.expect("asked"), None);
}

/// Saving changes what its maker owns, and leaves alone what others write.
pub async fn saving_leaves_others_fields_alone(store: &dyn Store) {
    let world = World::found(store, "saving_leaves_others_fields_alone").await;
    let id = world.connect("CRM").await;
    world.sync(id, &pulled(1)).await;
    let health = Health::healthy(world.now());
    let remote = RemoteOrg {
        id: "00D1".into(),
        name: Some("Fabricam".into()),
    };
    let noted = store
        .note_health(world.id(), id, &health, Some(&remote), None)
        .await;
    noted.expect("noted");
    let put = store
        .put_credential(world.id(), id, "key", &sealed("one"))
        .await;
    put.expect("kept");
    let before = find(&world, id).await;
    assert_eq!(before.health, health);
    assert_eq!(before.remote_org, Some(remote));
    assert_eq!(
        (before.version, before.credentials.clone()),
        (1, vec!["key".to_owned()])
    );
    let mut edited = before.clone();
    edited.name = "Renamed".into();
    edited.settings = BTreeMap::new();
    edited.policy.brakes.percent = 5;
    edited.policy.grace_days = 3;
    edited.health.state = ConnectionState::Broken;
    edited.remote_org = None;
    edited.synced_at = None;
    edited.changed_since = None;
    edited.credentials = vec!["made up".into()];
    assert_eq!(world.save(edited.clone()).await, Saved::Done(2));
    let expected = Connection {
        name: edited.name,
        settings: edited.settings,
        policy: edited.policy,
        version: 2,
        ..before
    };
    assert_eq!(find(&world, id).await, expected);
}

/// Who saves must have seen what stands there; nothing is written otherwise.
pub async fn a_stale_save_writes_nothing(store: &dyn Store) {
    let world = World::found(store, "a_stale_save_writes_nothing").await;
    let id = world.connect("CRM").await;
    let seen = find(&world, id).await;
    let audit = audited(&world).await;
    for version in [0, 2, 7] {
        let mut edited = seen.clone();
        edited.name = "Renamed".into();
        edited.version = version;
        let save = SaveConnection {
            connection: edited,
            seal: vec![("key".into(), sealed("one"))],
            forget: Vec::new(),
            event: world.event("connection.saved"),
        };
        let saved = store.save_connection(world.id(), &save).await;
        assert_eq!(saved.expect("asked"), Saved::Stale, "version {version}");
    }
    let mut unknown = world.connection("Unknown", Side::Crm);
    unknown.version = 1;
    assert_eq!(world.save(unknown).await, Saved::Stale);
    assert_eq!(find(&world, id).await, seen);
    assert_eq!(audited(&world).await, audit);
}

/// Names are unique by their folded form, the directory's included.
pub async fn a_taken_name_writes_nothing(store: &dyn Store) {
    let world = World::found(store, "a_taken_name_writes_nothing").await;
    let id = world.connect("Łódź CRM").await;
    let other = world.connect("Other").await;
    let audit = audited(&world).await;
    for name in ["lodz  crm", "DIRECTORY"] {
        let new = world.connection(name, Side::Crm);
        assert_eq!(world.save(new).await, Saved::NameTaken, "{name}");
        let mut renamed = find(&world, other).await;
        renamed.name = name.into();
        assert_eq!(world.save(renamed).await, Saved::NameTaken, "{name}");
    }
    assert_eq!(audited(&world).await, audit);
    let mut respelled = find(&world, id).await;
    respelled.name = "LODZ CRM".into();
    assert_eq!(world.save(respelled).await, Saved::Done(2), "it is its own");
}

/// Credentials are sealed, replaced and forgotten by name, and named on the connection.
pub async fn credentials_are_kept_by_name(store: &dyn Store) {
    let world = World::found(store, "credentials_are_kept_by_name").await;
    let connection = world.connection("CRM", Side::Crm);
    let id = connection.id;
    let save = async |connection, seal: &[(&str, &str)], forget: &[&str]| {
        let seal = seal
            .iter()
            .map(|(name, text)| ((*name).to_owned(), sealed(text)));
        let save = SaveConnection {
            connection,
            seal: seal.collect(),
            forget: forget.iter().map(|name| (*name).to_owned()).collect(),
            event: world.event("connection.saved"),
        };
        let saved = store.save_connection(world.id(), &save).await;
        assert!(matches!(saved, Ok(Saved::Done(_))), "{saved:?}");
    };
    let loaded = async || {
        let loaded = store.load_credentials(world.id(), id).await;
        loaded.expect("loaded")
    };
    save(connection, &[("secret", "one"), ("id", "two")], &[]).await;
    let expected = [("id", "two"), ("secret", "one")];
    let expected = expected.map(|(name, text)| (name.to_owned(), sealed(text)));
    assert_eq!(loaded().await, expected, "by name");
    let found = find(&world, id).await;
    assert_eq!(found.credentials, ["id", "secret"]);
    let put = store
        .put_credential(world.id(), id, "token", &sealed("three"))
        .await;
    put.expect("kept");
    let put = store
        .put_credential(world.id(), id, "token", &sealed("four"))
        .await;
    put.expect("kept");
    save(found, &[("secret", "five")], &["id", "never there"]).await;
    let expected = [("secret", "five"), ("token", "four")];
    let expected = expected.map(|(name, text)| (name.to_owned(), sealed(text)));
    assert_eq!(loaded().await, expected);
    let unknown = ConnectionId::generate(world.seed(), world.seed());
    let put = store
        .put_credential(world.id(), unknown, "key", &sealed("x"))
        .await;
    assert!(matches!(put, Err(StoreError::Misuse(_))), "{put:?}");
}

/// `since` tells when state or code changed; a new detail alone does not move it.
pub async fn health_since_moves_with_state_or_code(store: &dyn Store) {
    let world = World::found(store, "health_since_moves").await;
    let id = world.connect("CRM").await;
    let mut moved = world.now();
    for (state, code, detail, moves) in [
        (
            ConnectionState::Broken,
            Some(Code::ConnectionUnauthorized),
            "one",
            true,
        ),
        (
            ConnectionState::Broken,
            Some(Code::ConnectionUnauthorized),
            "two",
            false,
        ),
        (
            ConnectionState::Broken,
            Some(Code::ConnectionForbidden),
            "two",
            true,
        ),
        (
            ConnectionState::Troubled,
            Some(Code::ConnectionForbidden),
            "two",
            true,
        ),
        (ConnectionState::Healthy, None, "", true),
        (ConnectionState::Healthy, None, "", false),
    ] {
        let since = world.wait(1);
        let health = Health {
            state,
            since,
            code,
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
            retry: code.map(|_| Retry {
                failures: 2,
                since,
                next: Some(since.plus_seconds(900)),
            }),
        };
        let noted = store.note_health(world.id(), id, &health, None, None).await;
        noted.expect("noted");
        if moves {
            moved = since;
        }
        let expected = Health {
            since: moved,
            ..health
        };
        assert_eq!(find(&world, id).await.health, expected);
    }
}

/// A state is audited when it is another one than before, whatever else is noted with it.
pub async fn another_state_is_audited_once(store: &dyn Store) {
    let world = World::found(store, "another_state_is_audited_once").await;
    let id = world.connect("CRM").await;
    let before = audited(&world).await;
    for (state, code, entries) in [
        (ConnectionState::Troubled, Code::ConnectionTimeout, 1),
        (ConnectionState::Troubled, Code::ConnectionTimeout, 1),
        (ConnectionState::Troubled, Code::ConnectionUnreachable, 1),
        (ConnectionState::Broken, Code::ConnectionUnreachable, 2),
    ] {
        let health = Health::because(state, world.wait(1), code, "why".into());
        let event = world.event("connection.state");
        let changed = store
            .note_health(world.id(), id, &health, None, Some(event))
            .await
            .expect("noted");
        let counted = audited(&world).await - before;
        assert_eq!(counted, entries, "{state:?} {code}");
        let first_of_its_kind = find(&world, id).await.health.since == world.now();
        assert!(!changed || first_of_its_kind);
    }
    let healthy = Health::healthy(world.wait(1));
    let quiet = store
        .note_health(world.id(), id, &healthy, None, None)
        .await;
    assert!(quiet.expect("noted"), "it changed, without an entry");
    assert_eq!(audited(&world).await - before, 2);
}

/// A remote organization that is known stays when a later note names none.
pub async fn the_remote_organization_is_remembered(store: &dyn Store) {
    let world = World::found(store, "the_remote_organization").await;
    let id = world.connect("CRM").await;
    let health = find(&world, id).await.health;
    let remote = |id: &str| RemoteOrg {
        id: id.into(),
        name: None,
    };
    for (given, expected) in [
        (Some(remote("1")), remote("1")),
        (None, remote("1")),
        (Some(remote("2")), remote("2")),
    ] {
        let noted = store
            .note_health(world.id(), id, &health, given.as_ref(), None)
            .await;
        noted.expect("noted");
        assert_eq!(find(&world, id).await.remote_org, Some(expected));
    }
}

/// A lease is one holder's until it ends or is given back.
pub async fn a_lease_has_one_holder(store: &dyn Store) {
    let world = World::found(store, "a_lease_has_one_holder").await;
    let other = World::found(store, "a_lease_has_one_holder, next door").await;
    let take = async |world: &World<'_>, name: &str, holder: &str| {
        let until = world.now().plus_seconds(60);
        let taken = store
            .take_lease(world.id(), name, holder, world.now(), until)
            .await;
        taken.expect("asked")
    };
    assert!(take(&world, "token", "ann").await);
    assert!(!take(&world, "token", "bob").await);
    assert!(take(&world, "other", "bob").await, "another lease");
    assert!(take(&other, "token", "bob").await, "another organization");
    world.wait(59);
    assert!(take(&world, "token", "ann").await, "its holder prolongs it");
    world.wait(59);
    assert!(!take(&world, "token", "bob").await);
    let released = store.release_lease(world.id(), "token", "bob").await;
    released.expect("somebody else's is left alone");
    assert!(!take(&world, "token", "bob").await);
    world.wait(1);
    assert!(take(&world, "token", "bob").await, "it has ended");
    let released = store.release_lease(world.id(), "token", "bob").await;
    released.expect("released");
    assert!(take(&world, "token", "ann").await);
}

async fn audited(world: &World<'_>) -> usize {
    let entries = all(async |page| world.store.list_audit(world.id(), &page).await);
    entries.await.len()
}
