//! What has ended stays as it was, whatever is done about the present.

use counterpart_model::{Code, CrmUserId, DraftEdit, Period, PersonId, Timestamp};
use counterpart_service::mapping::{CellEdit, EditScope, UndoScope};
use counterpart_service::people::EndMappings;

use crate::resolve::{Synced, at};

const LAST_YEAR: &str = "2025-09-01T00:00:00Z";
const SPRING: &str = "2026-03-01T00:00:00Z";

impl Synced {
    async fn edit(&self, person: PersonId, edit: DraftEdit) -> Result<u64, Code> {
        let edit = CellEdit::new(self.connection.id, person, edit);
        let (service, owner) = (&self.world.service, &self.world.owner);
        let applied = service.apply_edits(owner, &[edit], None).await;
        applied.map(|it| it.number).map_err(|error| error.code())
    }

    fn pick(&self, user: usize) -> DraftEdit {
        DraftEdit::Map {
            crm_user_id: self.users[user].clone(),
            accepted: false,
        }
    }

    async fn undo(&self, number: u64) -> Result<(), Code> {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let undone = service
            .undo(owner, number, UndoScope::Everything, None)
            .await;
        undone.map(|_| ()).map_err(|error| error.code())
    }
}

fn until(text: &str) -> Period {
    Period::new(Timestamp::ALWAYS, at(text)).expect("in order")
}

#[tokio::test]
async fn a_pick_in_the_grid_begins_where_the_seats_last_person_and_the_persons_last_seat_end() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    it.map(anna, 0, until(SPRING)).await;
    // Anna had seat 0 until spring; now it is Ben's, and Anna has seat 1.
    it.edit(ben, it.pick(0)).await.expect("the seat is free");
    let (service, owner) = (&it.world.service, &it.world.owner);
    service
        .draft(owner, it.connection.id, anna, it.pick(1))
        .await
        .expect("drafted");
    let review = service.review_draft(owner).await.expect("a review");
    assert!(review.is_clear(), "{review:?}");
    let saved = service.save_draft(owner, None, EditScope::Everything).await;
    saved.expect("saved");
    assert_eq!(it.people_of(0, at(LAST_YEAR)).await, [anna]);
    assert_eq!(it.people_of(0, at(SPRING)).await, [ben]);
    assert_eq!(it.people_of(1, at(LAST_YEAR)).await, []);
    assert_eq!(it.people_of(1, at(SPRING)).await, [anna]);
    let again = it.edit(anna, it.pick(1)).await;
    assert_eq!(again, Err(Code::ChangeSetEmpty), "it is so already");

    // Taking away what holds leaves what has ended.
    it.edit(anna, DraftEdit::Unmap).await.expect("unmapped");
    let no_account = DraftEdit::NoAccount {
        reason: None,
        expires_at: Timestamp::FOREVER,
    };
    it.edit(anna, no_account).await.expect("decided");
    assert_eq!(it.people_of(1, at(SPRING)).await, []);
    assert_eq!(it.people_of(0, at(LAST_YEAR)).await, [anna]);
    let again = it.edit(anna, DraftEdit::Unmap).await;
    assert_eq!(again, Err(Code::ChangeSetEmpty));
}

#[tokio::test]
async fn a_user_that_no_run_ever_saw_cannot_be_rejected() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let crm_user_id = CrmUserId("nobody".to_owned());
    let rejected = it.edit(anna, DraftEdit::Reject { crm_user_id }).await;
    assert_eq!(rejected, Err(Code::CrmUserNotFound));
}

#[tokio::test]
async fn who_leaves_twice_and_keeps_the_mappings_leaves_once() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    it.map(anna, 0, Period::ALL).await;
    let (service, owner) = (&it.world.service, &it.world.owner);
    let left = service.deactivate_person(owner, anna, &EndMappings::Keep);
    left.await.expect("left");
    let again = service.deactivate_person(owner, anna, &EndMappings::Keep);
    let again = again.await.expect_err("nothing to change");
    assert_eq!(again.code(), Code::ChangeSetEmpty);
}

/// A file about some people says nothing of a seat, also where it says what is decided of them.
#[tokio::test]
async fn a_file_about_some_people_leaves_a_shared_seat_shared() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    it.map(anna, 0, Period::ALL).await;
    let (service, owner) = (&it.world.service, &it.world.owner);
    let shared = service.decide_shared_seat(owner, it.connection.id, &it.users[0], None);
    shared.await.expect("shared");
    let file = format!(
        "counterpart: mappings/1\npartial: true\nconnections:\n  - name: {:?}\n    mappings:\n      \
         - person: {{id: \"{ben}\"}}\n        crm_user: {:?}\n    decisions: []\n",
        it.connection.name, it.users[0].0
    );
    let plan = service.plan_mapping_file(owner, file.as_bytes()).await;
    let applied = service.apply_mapping_plan(owner, plan.expect("a plan"), None);
    applied.await.expect("applied");
    let mut both = [anna, ben];
    both.sort();
    let mut found = it.people_of(0, service.now()).await;
    found.sort();
    assert_eq!(found, both);
    let mapped = service.person_view(owner, ben).await.expect("Ben").mappings;
    assert!(!mapped[0].mapping.crm_user_exclusive);
}

/// What an undo brings back is not alone on a seat beside somebody who came later, and not on one
/// that is no longer shared beside somebody who has it alone.
#[tokio::test]
async fn an_undo_leaves_nobody_alone_on_a_seat_with_others() {
    let it = Synced::new().await;
    let anna = it.person("Anna", "E1", "").await;
    let ben = it.person("Ben", "E2", "").await;
    it.map(anna, 0, Period::ALL).await;
    let (service, owner) = (&it.world.service, &it.world.owner);
    let shared = service.decide_shared_seat(owner, it.connection.id, &it.users[0], None);
    let shared = shared.await.expect("shared").number;
    it.map(ben, 0, Period::ALL).await;
    assert_eq!(it.undo(shared).await, Err(Code::ChangeSetConflict));

    let unmapped = it.edit(ben, DraftEdit::Unmap).await.expect("unmapped");
    let seats = service.shared_seats(owner, it.connection.id).await;
    let (_, decision) = seats.expect("seats").remove(0);
    let withdrawn = service.withdraw_decision(owner, decision).await;
    let withdrawn = withdrawn.expect("one at a time").number;
    assert_eq!(it.undo(unmapped).await, Err(Code::ChangeSetConflict));
    it.undo(withdrawn).await.expect("shared again");
    it.undo(unmapped).await.expect("then both fit");
    assert_eq!(it.people_of(0, service.now()).await.len(), 2);
}
