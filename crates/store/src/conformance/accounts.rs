//! Accounts, memberships, sessions, tokens, failures and set-up links.

use counterpart_model::{ApiToken, Clock, Membership, Role, Session, TokenId};

use super::fixture::{Seed, World, new_account};
use crate::Store;

const DAY: i64 = 24 * 60 * 60;

/// Addresses are compared folded, and the first account keeps its own.
pub async fn an_address_belongs_to_one_account(store: &dyn Store) {
    let seed = Seed::of("an_address_belongs_to_one_account");
    let account = new_account(&seed, "Ann.Lee@Example.com");
    let twin = new_account(&seed, "ann.lee@EXAMPLE.com");
    assert!(store.create_account(&account).await.expect("created"));
    assert!(!store.create_account(&twin).await.expect("refused"));
    assert_eq!(store.count_accounts().await.expect("counted"), 1);
    assert_eq!(store.find_account(twin.id).await.expect("asked"), None);
    let found = store.find_account_by_email(" ANN.lee@example.com").await;
    assert_eq!(found.expect("asked"), Some(account.clone()));
    let found = store.find_account(account.id).await;
    assert_eq!(found.expect("asked"), Some(account));
    let found = store.find_account_by_email("nobody@example.com").await;
    assert_eq!(found.expect("asked"), None);
    let found = store.find_account_by_email("not an address").await;
    assert_eq!(found.expect("asked"), None);
}

/// A changed password ends the sessions of its account, and no others.
pub async fn a_new_password_ends_all_sessions(store: &dyn Store) {
    let seed = Seed::of("a_new_password_ends_all_sessions");
    let (ann, bob) = (
        new_account(&seed, "a@x.example"),
        new_account(&seed, "b@x.example"),
    );
    for account in [&ann, &bob] {
        assert!(store.create_account(account).await.expect("created"));
    }
    let expires_at = seed.now().plus_seconds(DAY);
    for (hash, account) in [(1, &ann), (2, &ann), (3, &bob)] {
        let session = Session {
            token_hash: [hash; 32],
            account_id: account.id,
            created_at: seed.now(),
            expires_at,
        };
        store.put_session(&session).await.expect("kept");
    }
    store.set_password(ann.id, "new hash").await.expect("set");
    let found = store.find_account(ann.id).await.expect("asked");
    assert_eq!(found.expect("there").password_hash, "new hash");
    for (hash, lives) in [(1, false), (2, false), (3, true)] {
        let session = store.find_session(&[hash; 32], seed.now()).await;
        assert_eq!(session.expect("asked").is_some(), lives, "session {hash}");
    }
}

/// A session is found until just before its end, and not after it was deleted.
pub async fn sessions_end(store: &dyn Store) {
    let seed = Seed::of("sessions_end");
    let account = new_account(&seed, "a@x.example");
    assert!(store.create_account(&account).await.expect("created"));
    let session = Session {
        token_hash: [9; 32],
        account_id: account.id,
        created_at: seed.now(),
        expires_at: seed.now().plus_seconds(60),
    };
    store.put_session(&session).await.expect("kept");
    let found = store.find_session(&[9; 32], seed.now()).await;
    assert_eq!(found.expect("asked"), Some(session.clone()));
    let found = store.find_session(&[9; 32], session.expires_at).await;
    assert_eq!(found.expect("asked"), None, "the end is exclusive");
    for _ in 0..2 {
        store.delete_session(&[9; 32]).await.expect("deleted");
    }
    let found = store.find_session(&[9; 32], seed.now()).await;
    assert_eq!(found.expect("asked"), None);
}

/// A membership is replaced by a later one of the same account in the same organization.
pub async fn a_membership_changes_role(store: &dyn Store) {
    let first = World::found(store, "Zulu").await;
    let second = World::found(store, "alpha").await;
    let seed = Seed::of("a_membership_changes_role");
    let account = new_account(&seed, "both@x.example");
    assert!(store.create_account(&account).await.expect("created"));
    for (world, role) in [
        (&first, Role::Viewer),
        (&second, Role::Admin),
        (&first, Role::Owner),
    ] {
        let membership = Membership {
            organization_id: world.id(),
            account_id: account.id,
            role,
            person_id: None,
        };
        store.put_membership(&membership).await.expect("given");
    }
    let memberships = store.memberships_of(account.id).await.expect("listed");
    let expected = vec![
        (second.organization.clone(), Role::Admin),
        (first.organization.clone(), Role::Owner),
    ];
    assert_eq!(memberships, expected, "by name");
    let members = store.list_members(first.id()).await.expect("listed");
    let addresses: Vec<_> = members.iter().map(|(a, _)| a.email.as_str()).collect();
    assert_eq!(addresses, ["both@x.example", "zulu@owners.example"]);
    assert_eq!(members[0].1.role, Role::Owner);
}

/// A member can be linked to one of the organization's people.
pub async fn a_member_may_be_a_person(store: &dyn Store) {
    let world = World::found(store, "a_member_may_be_a_person").await;
    let person = world.add_person("Ann Lee").await;
    let membership = Membership {
        organization_id: world.id(),
        account_id: world.owner.id,
        role: Role::Owner,
        person_id: Some(person.id),
    };
    store.put_membership(&membership).await.expect("given");
    let members = store.list_members(world.id()).await.expect("listed");
    assert_eq!(members, vec![(world.owner.clone(), membership)]);
}

/// A token opens its organization until it is revoked, which happens once.
pub async fn a_revoked_token_opens_nothing(store: &dyn Store) {
    let world = World::found(store, "a_revoked_token_opens_nothing").await;
    let other = World::found(store, "a_revoked_token_opens_nothing, next door").await;
    let mut tokens = Vec::new();
    for n in 1..=2 {
        world.wait(1);
        let token = ApiToken {
            id: TokenId::generate(world.seed(), world.seed()),
            token_hash: [n; 32],
            organization_id: world.id(),
            role: Role::Admin,
            name: format!("token {n}"),
            created_at: world.now(),
            created_by: Some(world.owner.id),
            revoked_at: None,
        };
        store.put_token(&token).await.expect("kept");
        tokens.insert(0, token);
    }
    let listed = store.list_tokens(world.id()).await;
    assert_eq!(listed.expect("listed"), tokens, "newest first");
    let token = &tokens[0];
    let found = store.find_token(&token.token_hash).await;
    assert_eq!(found.expect("asked").as_ref(), Some(token));
    let revoke = async |world: &World<'_>| {
        let at = world.now();
        let revoked = store.revoke_token(world.id(), token.id, at).await;
        revoked.expect("asked")
    };
    assert!(!revoke(&other).await, "it is another organization's");
    assert!(revoke(&world).await);
    assert!(!revoke(&world).await, "it is revoked already");
    let found = store.find_token(&token.token_hash).await;
    assert_eq!(found.expect("asked"), None);
    let listed = store.list_tokens(world.id()).await.expect("listed");
    assert_eq!(listed[0].revoked_at, Some(world.now()));
    assert_eq!(listed[1].revoked_at, None);
}

/// Failures are counted per key since an instant, until they are cleared.
pub async fn failed_sign_ins_are_counted(store: &dyn Store) {
    let seed = Seed::of("failed_sign_ins_are_counted");
    let start = seed.now();
    let count = async |key: &str, since| {
        let failures = store.sign_in_failures(key, since).await;
        failures.expect("counted")
    };
    assert_eq!(count("ann", start).await, (0, None));
    for seconds in [0, 1, 1, 2] {
        let at = start.plus_seconds(seconds);
        store.note_sign_in_failure("ann", at).await.expect("noted");
    }
    store
        .note_sign_in_failure("bob", start)
        .await
        .expect("noted");
    let last = start.plus_seconds(2);
    assert_eq!(count("ann", start).await, (4, Some(last)));
    assert_eq!(count("ann", start.plus_seconds(1)).await, (3, Some(last)));
    assert_eq!(count("ann", start.plus_seconds(3)).await, (0, None));
    store.clear_sign_in_failures("ann").await.expect("cleared");
    assert_eq!(count("ann", start).await, (0, None));
    assert_eq!(count("bob", start).await, (1, Some(start)));
}

/// A later set-up link takes the place of an earlier one.
pub async fn a_set_up_link_replaces_the_earlier_one(store: &dyn Store) {
    let seed = Seed::of("a_set_up_link_replaces_the_earlier_one");
    let expires_at = seed.now().plus_seconds(60);
    let valid = async |hash: u8, now| {
        let valid = store.is_setup_link(&[hash; 32], now).await;
        valid.expect("asked")
    };
    store
        .put_setup_link(&[1; 32], expires_at)
        .await
        .expect("kept");
    assert!(valid(1, seed.now()).await);
    assert!(!valid(1, expires_at).await, "the end is exclusive");
    store
        .put_setup_link(&[2; 32], expires_at)
        .await
        .expect("kept");
    assert!(!valid(1, seed.now()).await);
    assert!(valid(2, seed.now()).await);
}

/// What has ended is forgotten; what still counts is not.
pub async fn what_has_ended_is_forgotten(store: &dyn Store) {
    let seed = Seed::of("what_has_ended_is_forgotten");
    let (before, now) = (seed.now(), seed.now().plus_seconds(365 * DAY));
    let account = new_account(&seed, "a@x.example");
    assert!(store.create_account(&account).await.expect("created"));
    for (hash, expires_at) in [(1, now), (2, now.plus_seconds(1))] {
        let session = Session {
            token_hash: [hash; 32],
            account_id: account.id,
            created_at: before,
            expires_at,
        };
        store.put_session(&session).await.expect("kept");
    }
    store.put_setup_link(&[1; 32], now).await.expect("kept");
    for at in [before, now.plus_seconds(-60)] {
        store.note_sign_in_failure("ann", at).await.expect("noted");
    }
    store.forget_expired(now).await.expect("forgotten");
    // Asked as of long ago, so that only what was removed is missing.
    for (hash, lives) in [(1, false), (2, true)] {
        let session = store.find_session(&[hash; 32], before).await;
        assert_eq!(session.expect("asked").is_some(), lives, "session {hash}");
    }
    let link = store.is_setup_link(&[1; 32], before).await;
    assert!(!link.expect("asked"));
    let failures = store.sign_in_failures("ann", before).await;
    assert_eq!(failures.expect("counted").0, 1, "the recent one");
}
