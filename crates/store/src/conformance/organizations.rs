//! Founding: all or nothing.

use counterpart_model::{Clock, Membership, Role};

use super::fixture::{Seed, World, all, new_account, new_organization};
use crate::Store;
use crate::organizations::{Founded, NewOrganization};

/// Everything that was given is there afterwards.
pub async fn founding_makes_everything(store: &dyn Store) {
    let seed = Seed::of("founding_makes_everything");
    let new = new_organization(&seed, "Łódź Voice");
    let id = new.organization.id;
    assert_eq!(found(store, &new).await, Founded::Done);
    let found = store.find_organization(id).await.expect("asked");
    assert_eq!(found.as_ref(), Some(&new.organization));
    let found = store.find_organization_by_name("lodz  VOICE").await;
    assert_eq!(found.expect("asked").as_ref(), Some(&new.organization));
    let connections = store.list_connections(id).await.expect("listed");
    assert_eq!(connections.len(), 1);
    assert_eq!(connections[0].id, new.directory.id);
    assert_eq!(connections[0].version, 1);
    let members = store.list_members(id).await.expect("listed");
    assert_eq!(
        members,
        vec![(new.account.expect("given"), new.membership.expect("given"))]
    );
    let audit = all(async |page| store.list_audit(id, &page).await).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].event, new.event);
    assert_eq!(audit[0].sequence, 1);
}

/// An existing account can be a new organization's first member.
pub async fn an_existing_account_may_found(store: &dyn Store) {
    let first = World::found(store, "an_existing_account_may_found").await;
    let mut new = new_organization(&Seed::of("second"), "second");
    new.account = None;
    new.membership = Some(Membership {
        organization_id: new.organization.id,
        account_id: first.owner.id,
        role: Role::Owner,
        person_id: None,
    });
    assert_eq!(found(store, &new).await, Founded::Done);
    let memberships = store.memberships_of(first.owner.id).await;
    assert_eq!(memberships.expect("listed").len(), 2);
}

/// A taken name is refused by its folded form, and nothing is written.
pub async fn founding_under_a_taken_name_writes_nothing(store: &dyn Store) {
    World::found(store, "Straße 7").await;
    let new = new_organization(&Seed::of("another"), "STRASSE  7");
    assert_eq!(found(store, &new).await, Founded::NameTaken);
    nothing_is_left_of(store, &new).await;
}

/// A taken address is refused, and nothing is written.
pub async fn founding_with_a_taken_address_writes_nothing(store: &dyn Store) {
    let seed = Seed::of("founding_with_a_taken_address_writes_nothing");
    let standing = new_account(&seed, "ann@x.example");
    assert!(store.create_account(&standing).await.expect("created"));
    let mut new = new_organization(&seed, "late");
    new.account = new.account.map(|account| counterpart_model::Account {
        email: "ANN@x.example".into(),
        ..account
    });
    assert_eq!(found(store, &new).await, Founded::AccountExists);
    nothing_is_left_of(store, &new).await;
}

/// A set-up link founds one organization, while it is valid.
pub async fn a_set_up_link_is_used_once(store: &dyn Store) {
    let seed = Seed::of("a_set_up_link_is_used_once");
    let (now, link) = (seed.now(), [5; 32]);
    let mut new = new_organization(&seed, "first");
    new.setup_link = Some((link, now));
    assert_eq!(found(store, &new).await, Founded::LinkInvalid, "not kept");
    nothing_is_left_of(store, &new).await;
    let expires_at = now.plus_seconds(60);
    store.put_setup_link(&link, expires_at).await.expect("kept");
    new.setup_link = Some((link, expires_at));
    assert_eq!(found(store, &new).await, Founded::LinkInvalid, "expired");
    nothing_is_left_of(store, &new).await;
    new.setup_link = Some((link, now));
    assert_eq!(found(store, &new).await, Founded::Done);
    let mut again = new_organization(&seed, "second");
    again.setup_link = Some((link, now));
    assert_eq!(found(store, &again).await, Founded::LinkInvalid, "used");
    nothing_is_left_of(store, &again).await;
}

/// A refused founding leaves its link usable.
pub async fn a_refused_founding_keeps_the_link(store: &dyn Store) {
    World::found(store, "taken").await;
    let seed = Seed::of("a_refused_founding_keeps_the_link");
    let link = [6; 32];
    let expires_at = seed.now().plus_seconds(60);
    store.put_setup_link(&link, expires_at).await.expect("kept");
    let mut new = new_organization(&seed, "TAKEN");
    new.setup_link = Some((link, seed.now()));
    assert_eq!(found(store, &new).await, Founded::NameTaken);
    let valid = store.is_setup_link(&link, seed.now()).await;
    assert!(valid.expect("asked"));
}

/// Organizations come by folded name.
pub async fn organizations_come_by_name(store: &dyn Store) {
    for name in ["zeta", "Álpha", "Beta"] {
        World::found(store, name).await;
    }
    let listed = store.list_organizations().await.expect("listed");
    let names: Vec<_> = listed.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["Álpha", "Beta", "zeta"]);
    let nobody = store.find_organization_by_name("gamma").await;
    assert_eq!(nobody.expect("asked"), None);
}

/// A store that is open answers.
pub async fn an_open_store_answers(store: &dyn Store) {
    store.ping().await.expect("answered");
}

async fn found(store: &dyn Store, new: &NewOrganization) -> Founded {
    store.found_organization(new).await.expect("asked")
}

async fn nothing_is_left_of(store: &dyn Store, new: &NewOrganization) {
    let id = new.organization.id;
    assert_eq!(store.find_organization(id).await.expect("asked"), None);
    let connections = store.list_connections(id).await.expect("listed");
    assert_eq!(connections, vec![]);
    let account = new.account.as_ref().expect("given");
    let found = store.find_account(account.id).await;
    assert_eq!(found.expect("asked"), None);
    assert_eq!(store.list_members(id).await.expect("listed"), vec![]);
    let audit = all(async |page| store.list_audit(id, &page).await).await;
    assert_eq!(audit, vec![]);
}
