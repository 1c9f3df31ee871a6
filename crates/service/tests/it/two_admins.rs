//! Two admins at once: the later one sees what the other changed, and saves what does not clash.

use counterpart_model::{
    Code, Connection, CrmUserId, DraftEdit, PageRequest, Person, Role, Timestamp,
};
use counterpart_service::Actor;
use counterpart_service::mapping::{CellEdit, EditClashCause, EditScope};
use counterpart_service::sync::SyncMode;

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
    async fn new() -> Self {
        let world = World::new().await;
        let emulator = emulator("salesforce", 12).await;
        let connection = world.connect(&emulator).await;
        let service = &world.service;
        service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect("a sync");
        let mut people = Vec::new();
        for n in 0..4 {
            let input = person(&format!("Zoe Stranger {n}"), &format!("z{n}@zoo.example"));
            people.push(
                service
                    .add_person(&world.owner, &input)
                    .await
                    .expect("added"),
            );
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

    fn map(&self, user: usize) -> DraftEdit {
        DraftEdit::Map {
            crm_user_id: self.users[user].clone(),
            accepted: false,
        }
    }

    /// The owner drafts an edit.
    async fn draft(&self, person: usize, edit: DraftEdit) {
        let person = self.people[person].id;
        let service = &self.world.service;
        service
            .draft(&self.world.owner, self.connection.id, person, edit)
            .await
            .expect("drafted");
    }

    /// Kim applies an edit at once; the number of the change.
    async fn kim(&self, person: usize, edit: DraftEdit) -> u64 {
        let edit = CellEdit::new(self.connection.id, self.people[person].id, edit);
        let service = &self.world.service;
        let applied = service.apply_edits(&self.kim, &[edit], None).await;
        applied.expect("applied").number
    }
}

#[tokio::test]
async fn a_draft_shows_who_changed_what_meanwhile_and_the_rest_can_be_saved() {
    let office = Office::new().await;
    let (service, owner) = (&office.world.service, &office.world.owner);
    office.draft(0, office.map(0)).await;
    office.draft(1, office.map(1)).await;
    office.draft(2, office.map(2)).await;
    let replaced = office.kim(0, office.map(3)).await;
    let taken = office.kim(3, office.map(1)).await;

    let review = service.review_draft(owner).await.expect("a review");
    assert_eq!(
        (review.total, review.clashes, review.is_clear()),
        (3, 2, false)
    );
    let clash = |person: usize| {
        let line = review.lines.iter();
        let mut line = line.filter(|line| line.person.id == office.people[person].id);
        line.next().expect("a line").clash.clone().expect("a clash")
    };
    let changed = clash(0);
    assert_eq!(changed.cause, EditClashCause::Changed);
    let by = changed.changed_by.expect("a change set");
    assert_eq!(by.change_set.number, replaced);
    assert_eq!(by.account.expect("a maker").email, "kim@example.com");
    let seat = clash(1);
    assert_eq!(seat.cause, EditClashCause::Taken);
    assert!(seat.detail.contains("Zoe Stranger 3"), "{}", seat.detail);
    assert_eq!(
        seat.changed_by.expect("a change set").change_set.number,
        taken
    );

    let all = service.save_draft(owner, None, EditScope::Everything).await;
    let all = all.expect_err("two clash");
    assert_eq!(all.code(), Code::MappingStale);
    assert_eq!(all.fields().len(), 2, "{all:?}");
    assert_eq!(service.count_drafts(owner).await.expect("counted"), 3);
    let rest = service.save_draft(owner, None, EditScope::Clear).await;
    let rest = rest.expect("saved");
    assert_eq!((rest.change_set.line_count, rest.left), (1, 2));
    assert_eq!(service.count_drafts(owner).await.expect("counted"), 2);

    // Wanting it again, having seen what stands there, is no clash.
    office.draft(0, office.map(0)).await;
    let review = service.review_draft(owner).await.expect("a review");
    assert_eq!(review.clashes, 1);
}

#[tokio::test]
async fn two_who_want_the_same_do_not_clash() {
    let office = Office::new().await;
    let (service, owner) = (&office.world.service, &office.world.owner);
    office.draft(0, office.map(0)).await;
    office.draft(1, office.map(1)).await;
    office.kim(0, office.map(0)).await;
    let review = service.review_draft(owner).await.expect("a review");
    assert!(review.is_clear(), "{review:?}");
    let saved = service.save_draft(owner, None, EditScope::Everything).await;
    assert_eq!(saved.expect("saved").change_set.line_count, 1);
}

#[tokio::test]
async fn what_was_decided_meanwhile_is_not_overruled_unseen() {
    let office = Office::new().await;
    let (service, owner) = (&office.world.service, &office.world.owner);
    office.draft(0, office.map(0)).await;
    let decided = office
        .kim(
            0,
            DraftEdit::NoAccount {
                reason: None,
                expires_at: Timestamp::FOREVER,
            },
        )
        .await;
    let review = service.review_draft(owner).await.expect("a review");
    let clash = review.lines[0].clash.clone().expect("a clash");
    assert_eq!(clash.cause, EditClashCause::Decided);
    let by = clash.changed_by.expect("a change set").change_set;
    assert_eq!(by.number, decided);
    let saved = service.save_draft(owner, None, EditScope::Clear).await;
    assert_eq!(saved.expect_err("nothing else").code(), Code::MappingStale);
}

/// Two people change places in a draft; one of them was given another seat meanwhile. Saving the
/// rest saves neither, because the seat of the other is not free.
#[tokio::test]
async fn a_seat_that_only_a_clashing_edit_would_free_is_not_free() {
    let office = Office::new().await;
    let (service, owner) = (&office.world.service, &office.world.owner);
    office.kim(0, office.map(0)).await;
    office.kim(1, office.map(1)).await;
    office.draft(0, office.map(1)).await;
    office.draft(1, office.map(0)).await;
    let review = service.review_draft(owner).await.expect("a review");
    assert!(review.is_clear(), "{review:?}");
    office.kim(0, office.map(2)).await;
    let review = service.review_draft(owner).await.expect("a review");
    assert_eq!(review.clashes, 1, "seat 0 is free by now");
    office.kim(1, office.map(3)).await;
    office.kim(0, office.map(0)).await;
    let review = service.review_draft(owner).await.expect("a review");
    assert_eq!(review.clashes, 2);
}
