//! Changes that need a second person: what waits, who decides, and what becomes of it when the
//! world went on meanwhile.

mod deciding;
mod what_waits;

use std::num::NonZeroU32;

use counterpart_model::{
    ChangeSet, Code, Connection, CrmUserId, DraftEdit, PageRequest, PendingChangeSet, PendingState,
    Person, Role, Timestamp,
};
use counterpart_service::mapping::{CellEdit, EditScope, UndoOutcome};
use counterpart_service::sync::SyncMode;
use counterpart_service::{Actor, Kind, Result};
use counterpart_store::mappings::MappingQuery;

use crate::world::{World, emulator, person};

struct Office {
    world: World,
    connection: Connection,
    people: Vec<Person>,
    users: Vec<CrmUserId>,
    kim: Actor,
    _emulator: counterpart_emulators::Running,
}

impl Office {
    /// Four people, a synced CRM, an owner and an admin; a second person looks at everything.
    async fn new() -> Self {
        let office = Self::without_second_person(World::new().await).await;
        office.ask_from(1).await;
        office
    }

    async fn without_second_person(world: World) -> Self {
        let emulator = emulator("salesforce", 12).await;
        let connection = world.connect(&emulator).await;
        let service = &world.service;
        let synced = service.sync(&world.owner, connection.id, SyncMode::Full);
        synced.await.expect("a sync");
        let mut people = Vec::new();
        for n in 0..4 {
            let input = person(&format!("Zoe Stranger {n}"), &format!("z{n}@zoo.example"));
            let added = service.add_person(&world.owner, &input).await;
            people.push(added.expect("added"));
        }
        let page = PageRequest::first(10);
        let users = service.list_strangers(&world.owner, connection.id, "", &page);
        let users = users.await.expect("users").items;
        Self {
            kim: world.member("kim@example.com", Role::Admin).await,
            connection,
            people,
            users: users.into_iter().map(|user| user.id).collect(),
            world,
            _emulator: emulator,
        }
    }

    fn owner(&self) -> &Actor {
        &self.world.owner
    }

    async fn ask_from(&self, lines: u32) {
        let set = self
            .world
            .service
            .set_second_person(self.owner(), NonZeroU32::new(lines));
        set.await.expect("set");
    }

    fn map(&self, person: usize, user: usize) -> CellEdit {
        let edit = DraftEdit::Map {
            crm_user_id: self.users[user].clone(),
            accepted: false,
        };
        CellEdit::new(self.connection.id, self.people[person].id, edit)
    }

    /// What somebody wants, which has to wait.
    async fn wants(&self, actor: &Actor, edits: &[CellEdit]) -> PendingChangeSet {
        waits(
            self.world
                .service
                .apply_edits(actor, edits, Some("a wish".into()))
                .await,
        )
    }

    async fn approve(
        &self,
        actor: &Actor,
        number: u64,
        scope: EditScope,
    ) -> Result<(ChangeSet, u64)> {
        let approved = self
            .world
            .service
            .approve_pending(actor, number, scope, None)
            .await?;
        Ok((approved.change_set, approved.skipped))
    }

    /// Applies at once, as somebody could while nobody was asked.
    async fn meanwhile(&self, edits: &[CellEdit]) -> ChangeSet {
        let service = &self.world.service;
        let none = service.set_second_person(self.owner(), None);
        none.await.expect("set");
        let applied = service.apply_edits(self.owner(), edits, None).await;
        self.ask_from(1).await;
        applied.expect("applied")
    }

    async fn pending(&self, number: u64) -> PendingChangeSet {
        let service = &self.world.service;
        let page = PageRequest::first(1);
        let preview = service.preview_pending(self.owner(), number, &page).await;
        preview.expect("a preview").view.pending
    }

    async fn count_mappings(&self) -> usize {
        let page = PageRequest::first(100);
        let service = &self.world.service;
        let query = MappingQuery::default();
        let found = service.list_mappings(self.owner(), &query, &page);
        found.await.expect("mappings").items.len()
    }
}

/// The change that waits instead of being applied.
fn waits<T: std::fmt::Debug>(ended: Result<T>) -> PendingChangeSet {
    let error = ended.expect_err("it waits");
    assert_eq!(
        (error.code(), error.kind()),
        (Code::ChangeSetWaiting, Kind::Waiting),
        "{error}"
    );
    error.waiting().expect("what waits").clone()
}

fn refused<T: std::fmt::Debug>(ended: Result<T>) -> Code {
    ended.expect_err("refused").code()
}

#[tokio::test]
async fn only_an_owner_says_that_a_second_person_is_asked_and_it_is_audited() {
    let office = Office::without_second_person(World::new().await).await;
    let service = &office.world.service;
    let two = NonZeroU32::new(2);
    let denied = service.set_second_person(&office.kim, two).await;
    assert_eq!(refused(denied), Code::AuthForbidden);
    let set = service.set_second_person(office.owner(), two).await;
    assert_eq!(set.expect("set").second_person_from, two);
    let audit = service
        .list_audit(office.owner(), &PageRequest::first(1))
        .await;
    let event = audit.expect("the chain").items.remove(0).event;
    assert_eq!(event.action, "organization.second_person");
    assert_eq!(event.details, "from 2 lines on, was never");

    let small = service
        .apply_edits(&office.kim, &[office.map(0, 0)], None)
        .await;
    assert_eq!(small.expect("small enough").line_count, 1);
    let edits = [office.map(1, 1), office.map(2, 2)];
    assert_eq!(office.wants(&office.kim, &edits).await.line_count, 2);
}

#[tokio::test]
async fn a_change_waits_until_somebody_else_approves_it() {
    let office = Office::new().await;
    let service = &office.world.service;
    let pending = office.wants(&office.kim, &[office.map(0, 0)]).await;
    assert_eq!((pending.number, pending.state), (1, PendingState::Open));
    assert_eq!(office.count_mappings().await, 0, "nothing is changed yet");
    assert_eq!(
        service
            .count_waiting(office.owner())
            .await
            .expect("counted"),
        1
    );
    let own = service.count_waiting(&office.kim).await;
    assert_eq!(own.expect("counted"), 0, "one's own waits for others");

    let (change, skipped) = office
        .approve(office.owner(), 1, EditScope::Everything)
        .await
        .expect("approved");
    assert_eq!((change.line_count, skipped), (1, 0));
    assert_eq!(
        change.account_id,
        office.kim.account(),
        "booked on whoever wanted it"
    );
    assert_eq!(change.reason.as_deref(), Some("a wish"));
    let approval = change_set(&office, change.number)
        .await
        .approval
        .expect("approved");
    assert_eq!(
        (approval.pending, approval.by),
        (1, office.owner().author())
    );
    assert_eq!(office.count_mappings().await, 1);
    let pending = office.pending(1).await;
    assert_eq!(pending.state, PendingState::Approved);
    let ending = pending.ending.expect("an ending");
    assert_eq!(
        (ending.by, ending.change_set),
        (Some(office.owner().author()), Some(change.number))
    );
    let page = PageRequest::first(1);
    let listed = service
        .list_change_sets(&office.kim, &page)
        .await
        .expect("listed");
    let by = listed.items[0].approved_by.clone().expect("approved");
    assert_eq!(by.to_string(), "owner@example.com");

    let again = office
        .approve(office.owner(), 1, EditScope::Everything)
        .await;
    assert_eq!(again.expect("the same").0.number, change.number);
    let third = office.world.member("lee@example.com", Role::Owner).await;
    let late = office.approve(&third, 1, EditScope::Everything).await;
    assert_eq!(refused(late), Code::PendingDecided);
}

async fn change_set(office: &Office, number: u64) -> ChangeSet {
    let page = PageRequest::first(1);
    let found = office
        .world
        .service
        .change_set(office.owner(), number, &page)
        .await;
    found.expect("a change set").0
}

#[tokio::test]
async fn what_clashes_with_later_changes_is_shown_and_the_rest_can_be_approved() {
    let office = Office::new().await;
    let service = &office.world.service;
    let owner = office.owner();
    let edits = [office.map(0, 0), office.map(1, 1), office.map(2, 2)];
    let pending = office.wants(&office.kim, &edits).await;
    // The user of the second is given away, and the third is found to have no account.
    let taken = office.meanwhile(&[office.map(3, 1)]).await;
    let no_account = DraftEdit::NoAccount {
        reason: None,
        expires_at: Timestamp::FOREVER,
    };
    let decided = CellEdit::new(office.connection.id, office.people[2].id, no_account);
    office.meanwhile(&[decided]).await;

    let page = PageRequest::first(10);
    let preview = service
        .preview_pending(owner, pending.number, &page)
        .await
        .expect("a preview");
    assert_eq!(
        (preview.applicable, preview.already, preview.conflicts),
        (1, 0, 2)
    );
    let details: Vec<String> = preview
        .lines
        .items
        .iter()
        .filter_map(|line| match &line.outcome {
            UndoOutcome::Conflict(conflict) => Some(conflict.detail.clone()),
            _ => None,
        })
        .collect();
    assert!(
        details[0].contains("cannot become true: Zoe Stranger 3 is mapped to"),
        "{details:?}"
    );
    assert!(
        details[1].contains("Zoe Stranger 2 has no account in"),
        "{details:?}"
    );
    let conflicts = service
        .pending_conflicts(owner, pending.number, 10)
        .await
        .expect("conflicts");
    let UndoOutcome::Conflict(first) = &conflicts[0].outcome else {
        panic!("no conflict");
    };
    let by = first.changed_by.as_ref().expect("a change set");
    assert_eq!(by.change_set.number, taken.number);

    let whole = office
        .approve(owner, pending.number, EditScope::Everything)
        .await;
    let error = whole.expect_err("refused");
    assert_eq!(
        (error.code(), error.fields().len()),
        (Code::PendingConflict, 2)
    );
    let (change, skipped) = office
        .approve(owner, pending.number, EditScope::Clear)
        .await
        .expect("approved");
    assert_eq!((change.line_count, skipped), (1, 2));
    assert_eq!(
        office.pending(pending.number).await.line_count,
        3,
        "kept as it was wanted"
    );
}

#[tokio::test]
async fn what_is_true_by_now_or_wholly_in_the_way_has_nothing_to_approve() {
    let office = Office::new().await;
    let owner = office.owner();
    let pending = office.wants(&office.kim, &[office.map(0, 0)]).await;
    office.meanwhile(&[office.map(1, 0)]).await;
    let nothing = office
        .approve(owner, pending.number, EditScope::Clear)
        .await;
    assert_eq!(refused(nothing), Code::ChangeSetEmpty);
    assert_eq!(
        office.pending(pending.number).await.state,
        PendingState::Open,
        "it still waits"
    );
}
