//! Drafts: one edit per cell of an account.

use counterpart_model::{
    AccountId, ConnectionId, CrmUserId, Draft, DraftEdit, MappingId, PersonId, Timestamp,
};

use super::fixture::{World, all, new_account};
use crate::{Store, StoreError};

fn draft(world: &World<'_>, connection: ConnectionId, person: PersonId, edit: DraftEdit) -> Draft {
    Draft {
        account_id: world.owner.id,
        connection_id: connection,
        person_id: person,
        edit,
        based_on: None,
        updated_at: world.now(),
    }
}

async fn list(world: &World<'_>, account: AccountId) -> Vec<Draft> {
    all(async |page| world.store.list_drafts(world.id(), account, &page).await).await
}

/// Every kind of edit comes back as it was, by connection and person.
pub async fn edits_are_kept(store: &dyn Store) {
    let world = World::found(store, "edits_are_kept").await;
    let connections = [world.connect("One").await, world.connect("Two").await];
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let user = || CrmUserId("u1".into());
    let edits = [
        DraftEdit::Map {
            crm_user_id: user(),
            accepted: true,
        },
        DraftEdit::Unmap,
        DraftEdit::NoAccount {
            reason: Some("uses the phone only".into()),
            expires_at: Timestamp::FOREVER,
        },
        DraftEdit::NoAccount {
            reason: None,
            expires_at: world.now(),
        },
        DraftEdit::HasAccount,
        DraftEdit::Reject {
            crm_user_id: user(),
        },
    ];
    let mut drafts = Vec::new();
    for (n, edit) in edits.into_iter().enumerate() {
        let mut draft = draft(&world, connections[n / 3], people[n % 3].id, edit);
        if n == 1 {
            draft.based_on = Some((MappingId::generate(world.seed(), world.seed()), 4));
        }
        drafts.push(draft);
    }
    store.put_drafts(world.id(), &drafts).await.expect("kept");
    let count = store.count_drafts(world.id(), world.owner.id).await;
    assert_eq!(count.expect("counted"), 6);
    let about = [people[2].id, people[0].id];
    let found = store.drafts_about(world.id(), world.owner.id, &about).await;
    assert_eq!(found.expect("asked").len(), 4);
    drafts.sort_by_key(|draft| (draft.connection_id, draft.person_id));
    assert_eq!(list(&world, world.owner.id).await, drafts);
}

/// A later edit takes the place of an earlier one of its cell.
pub async fn a_cell_has_one_edit(store: &dyn Store) {
    let world = World::found(store, "a_cell_has_one_edit").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let first = draft(&world, connection, ann.id, DraftEdit::Unmap);
    store.put_drafts(world.id(), &[first]).await.expect("kept");
    let mut second = draft(&world, connection, ann.id, DraftEdit::HasAccount);
    second.updated_at = world.wait(1);
    let put = store
        .put_drafts(world.id(), std::slice::from_ref(&second))
        .await;
    put.expect("kept");
    assert_eq!(list(&world, world.owner.id).await, vec![second]);
}

/// All edits of a call are kept, or none.
pub async fn edits_are_kept_all_or_none(store: &dyn Store) {
    let world = World::found(store, "edits_are_kept_all_or_none").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let nobody = PersonId::generate(world.seed(), world.seed());
    let drafts = [ann.id, nobody].map(|id| draft(&world, connection, id, DraftEdit::Unmap));
    let refused = store.put_drafts(world.id(), &drafts).await;
    assert!(matches!(refused, Err(StoreError::Misuse(_))), "{refused:?}");
    assert_eq!(list(&world, world.owner.id).await, vec![]);
}

/// Edits are dropped one by one or all at once, and only one's own.
pub async fn edits_are_dropped(store: &dyn Store) {
    let world = World::found(store, "edits_are_dropped").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let other = new_account(world.seed(), "other@owners.example");
    assert!(store.create_account(&other).await.expect("created"));
    let fill = async || {
        for person in &people {
            let mine = draft(&world, connection, person.id, DraftEdit::Unmap);
            let mut others = mine.clone();
            others.account_id = other.id;
            let put = store.put_drafts(world.id(), &[mine, others]).await;
            put.expect("kept");
        }
    };
    let counts = async || {
        let mut counts = Vec::new();
        for account in [world.owner.id, other.id] {
            let count = store.count_drafts(world.id(), account).await;
            counts.push(count.expect("counted"));
        }
        counts
    };
    fill().await;
    for _ in 0..2 {
        let deleted = store
            .delete_draft(world.id(), world.owner.id, connection, people[0].id)
            .await;
        deleted.expect("none is no error");
    }
    assert_eq!(counts().await, [2, 3]);
    let cleared = store.clear_drafts(world.id(), world.owner.id).await;
    cleared.expect("cleared");
    assert_eq!(counts().await, [0, 3]);
    fill().await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    unit.clear_drafts(world.owner.id).await.expect("cleared");
    drop(unit);
    assert_eq!(counts().await, [3, 3], "the unit was dropped");
    let mut unit = store.begin(world.id()).await.expect("begun");
    unit.clear_drafts(other.id).await.expect("cleared");
    unit.commit().await.expect("committed");
    assert_eq!(counts().await, [3, 0]);
}
