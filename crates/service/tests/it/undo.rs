//! Undoing change sets: as a whole, as far as nothing is in the way, and again.

use counterpart_model::{
    ChangeSet, Code, Connection, ConnectionId, CrmUserId, DraftEdit, PageRequest, Period, Person,
    PersonId, Role, Timestamp,
};
use counterpart_service::mapping::{
    CellEdit, UndoConflict, UndoConflictCause, UndoOutcome, UndoScope, Undone,
};
use counterpart_service::people::EndMappings;
use counterpart_service::sync::SyncMode;
use counterpart_service::{Actor, Result};

use crate::standing::Standing;
use crate::world::{World, emulator, person};

/// Two people and two CRM users that nobody is mapped to.
struct Scene {
    world: World,
    connection: Connection,
    people: Vec<Person>,
    users: Vec<CrmUserId>,
    _emulator: counterpart_emulators::Running,
}

impl Scene {
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
        for n in 0..6 {
            let input = person(&format!("Zoe Stranger {n}"), &format!("z{n}@zoo.example"));
            let added = service.add_person(&world.owner, &input).await;
            people.push(added.expect("a person"));
        }
        let page = PageRequest::first(100);
        let users = service.list_strangers(&world.owner, connection.id, "", &page);
        let users = users.await.expect("users").items;
        Self {
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

    async fn map(&self, person: usize, user: usize) -> Result<ChangeSet> {
        self.map_during(person, user, Period::ALL).await
    }

    async fn map_during(&self, person: usize, user: usize, period: Period) -> Result<ChangeSet> {
        let user = self.users[user].clone();
        let person = self.people[person].id;
        let service = &self.world.service;
        service
            .add_mapping(self.owner(), self.connection.id, person, user, period, None)
            .await
    }

    async fn edit(&self, edits: &[(usize, DraftEdit)]) -> Result<ChangeSet> {
        let edits: Vec<CellEdit> = edits
            .iter()
            .map(|(person, edit)| {
                CellEdit::new(self.connection.id, self.people[*person].id, edit.clone())
            })
            .collect();
        let service = &self.world.service;
        service.apply_edits(self.owner(), &edits, None).await
    }

    async fn undo(&self, number: u64, scope: UndoScope) -> Result<Undone> {
        let service = &self.world.service;
        service.undo(self.owner(), number, scope, None).await
    }

    /// The only conflict of undoing a change set.
    async fn conflict(&self, number: u64) -> UndoConflict {
        let service = &self.world.service;
        let conflicts = service.undo_conflicts(self.owner(), number, 10).await;
        let mut conflicts: Vec<UndoConflict> = conflicts
            .expect("conflicts")
            .into_iter()
            .filter_map(|line| match line.outcome {
                UndoOutcome::Conflict(conflict) => Some(*conflict),
                _ => None,
            })
            .filter(|conflict| conflict.cause != UndoConflictCause::Together)
            .collect();
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        conflicts.remove(0)
    }

    async fn state(&self) -> Standing {
        let world = &self.world;
        let standing = Standing::of(world.store.as_ref(), world.organization.id).await;
        standing.without_versions()
    }
}

fn map_to(user: &CrmUserId) -> DraftEdit {
    DraftEdit::Map {
        crm_user_id: user.clone(),
        accepted: false,
    }
}

#[tokio::test]
async fn an_undo_restores_everything_and_can_be_undone_itself() {
    let scene = Scene::new().await;
    scene.map(0, 0).await.expect("mapped");
    let before = scene.state().await;
    let edits = [
        (0, map_to(&scene.users[1])),
        (1, map_to(&scene.users[0])),
        (
            2,
            DraftEdit::NoAccount {
                reason: Some("on paper".to_owned()),
                expires_at: Timestamp::FOREVER,
            },
        ),
    ];
    let made = scene.edit(&edits).await.expect("applied");
    let after = scene.state().await;
    let undone = scene.undo(made.number, UndoScope::Everything).await;
    let undone = undone.expect("undone");
    assert_eq!(undone.skipped, 0);
    assert_eq!(undone.change_set.undoes, Some(made.number));
    assert_eq!(scene.state().await, before);

    let service = &scene.world.service;
    let first = PageRequest::first(1);
    let found = service.change_set(scene.owner(), made.number, &first).await;
    let (known, _) = found.expect("found");
    assert_eq!(known.undone_by, Some(undone.change_set.number));

    let redo = scene.undo(undone.change_set.number, UndoScope::Everything);
    redo.await.expect("made again");
    assert_eq!(scene.state().await, after);
    let found = service.change_set(scene.owner(), made.number, &first).await;
    assert_eq!(found.expect("found").0.undone_by, None, "it is true again");
    let newest = service.newest_to_undo(scene.owner()).await;
    assert_eq!(newest.expect("one").number, made.number);
}

#[tokio::test]
async fn an_undo_works_behind_later_changes_of_other_things() {
    let scene = Scene::new().await;
    let made = scene.map(0, 0).await.expect("mapped");
    scene.map(1, 1).await.expect("mapped");
    let undone = scene.undo(made.number, UndoScope::Everything).await;
    undone.expect("undone");
    let mappings = scene.state().await.mappings;
    assert_eq!(mappings.len(), 1);
    assert_eq!(mappings[0].person_id, scene.people[1].id);
    let again = scene.undo(made.number, UndoScope::Everything).await;
    let again = again.expect_err("nothing left");
    assert_eq!(again.code(), Code::ChangeSetEmpty);
}

#[tokio::test]
async fn a_later_change_of_the_same_thing_is_a_conflict_that_names_its_maker() {
    let scene = Scene::new().await;
    let edits = [(0, map_to(&scene.users[0])), (1, map_to(&scene.users[1]))];
    let made = scene.edit(&edits).await.expect("applied");
    let colleague = scene.world.member("kim@example.com", Role::Admin).await;
    let edit = CellEdit::new(
        scene.connection.id,
        scene.people[0].id,
        map_to(&scene.users[2]),
    );
    let service = &scene.world.service;
    let later = service.apply_edits(&colleague, &[edit], None).await;
    let later = later.expect("applied");

    let refused = scene.undo(made.number, UndoScope::Everything).await;
    let refused = refused.expect_err("a conflict");
    assert_eq!(refused.code(), Code::ChangeSetConflict);
    assert_eq!(refused.fields().len(), 1, "{refused:?}");
    let conflict = scene.conflict(made.number).await;
    assert_eq!(conflict.cause, UndoConflictCause::Changed);
    assert!(conflict.detail.contains("Zoe Stranger 0"), "{conflict:?}");
    let by = conflict.changed_by.expect("a change set");
    assert_eq!(by.change_set.number, later.number);
    assert_eq!(by.account.expect("a maker").email, "kim@example.com");

    let rest = scene.undo(made.number, UndoScope::Rest).await;
    assert_eq!(rest.expect("undone").skipped, 1);
    let mappings = scene.state().await.mappings;
    assert_eq!(mappings.len(), 1);
    assert_eq!(mappings[0].crm_user_id, scene.users[2], "left alone");
}

#[tokio::test]
async fn what_would_come_back_beside_a_later_mapping_is_a_conflict_naming_both() {
    let scene = Scene::new().await;
    scene.map(0, 0).await.expect("mapped");
    let made = scene
        .edit(&[(0, DraftEdit::Unmap)])
        .await
        .expect("unmapped");
    let later = scene.map(1, 0).await.expect("mapped");
    let conflict = scene.conflict(made.number).await;
    assert_eq!(conflict.cause, UndoConflictCause::InTheWay);
    for name in ["Zoe Stranger 0", "Zoe Stranger 1"] {
        assert!(conflict.detail.contains(name), "{}", conflict.detail);
    }
    let by = conflict.changed_by.expect("a change set").change_set;
    assert_eq!(by.number, later.number);
    let undone = scene.undo(later.number, UndoScope::Everything).await;
    undone.expect("the later one goes first");
    let undone = scene.undo(made.number, UndoScope::Everything).await;
    undone.expect("then nothing is in the way");
}

#[tokio::test]
async fn an_import_whose_people_are_used_by_now_is_undone_but_for_them() {
    let world = World::new().await;
    world.add_people(1, 20).await;
    let emulator = emulator("salesforce", 20).await;
    let connection = world.connect(&emulator).await;
    let service = &world.service;
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    let all = PageRequest::first(100);
    let (people, _) = service
        .list_people(&world.owner, "", None, &all)
        .await
        .expect("people");
    let strangers = service.list_strangers(&world.owner, connection.id, "", &all);
    let user = strangers.await.expect("users").items.remove(0).id;
    let colleague = people.items[0].id;
    let mapped = service
        .add_mapping(
            &world.owner,
            connection.id,
            colleague,
            user,
            Period::ALL,
            None,
        )
        .await
        .expect("mapped");
    let page = PageRequest::first(7);
    let preview = service.preview_undo(&world.owner, 1, &page).await;
    let preview = preview.expect("a preview");
    assert!(preview.conflicts >= 1, "{preview:?}");
    assert_eq!(preview.lines.items.len(), 7);
    assert_eq!(preview.lines.next.expect("more").0, "7");
    let undone = service
        .undo(&world.owner, 1, UndoScope::Rest, None)
        .await
        .expect("undone");
    assert_eq!(undone.skipped, preview.conflicts);
    let standing = Standing::of(world.store.as_ref(), world.organization.id).await;
    assert_eq!(standing.people.len(), 1, "who is used stays");
    let conflicts = service.undo_conflicts(&world.owner, 1, 10).await;
    let conflicts = conflicts.expect("conflicts");
    let UndoOutcome::Conflict(conflict) = &conflicts[0].outcome else {
        panic!("expected a conflict: {conflicts:?}");
    };
    assert_eq!(conflict.cause, UndoConflictCause::StillUsed);
    let by = conflict.changed_by.clone().expect("a change set");
    assert_eq!(by.change_set.number, mapped.number);
}

#[tokio::test]
async fn a_viewer_may_look_but_not_undo() {
    let scene = Scene::new().await;
    let made = scene.map(0, 0).await.expect("mapped");
    let viewer = scene.world.member("vi@example.com", Role::Viewer).await;
    let service = &scene.world.service;
    let page = PageRequest::first(10);
    let preview = service.preview_undo(&viewer, made.number, &page).await;
    assert_eq!(preview.expect("a preview").undoable, 1);
    let refused = service
        .undo(&viewer, made.number, UndoScope::Everything, None)
        .await;
    assert_eq!(refused.expect_err("refused").code(), Code::AuthForbidden);
    let unknown = service.preview_undo(&viewer, 99, &page).await;
    assert_eq!(unknown.expect_err("none").code(), Code::RequestNotFound);
}

/// Whatever was done, undoing all of it from the newest to the oldest restores the beginning, and
/// undoing those undos from the newest to the oldest restores the end.
#[tokio::test]
async fn undoing_everything_in_reverse_order_restores_the_beginning() {
    for seed in 1..=3 {
        let scene = Scene::new().await;
        let mut dice = Dice(seed);
        let beginning = scene.state().await;
        let mut made = Vec::new();
        for _ in 0..30 {
            if let Ok(change) = anything(&scene, &mut dice).await {
                made.push(change.number);
            }
        }
        assert!(made.len() > 12, "only {} changes", made.len());
        let end = scene.state().await;
        let mut undos = Vec::new();
        for number in made.iter().rev() {
            let undone = scene.undo(*number, UndoScope::Everything).await;
            let undone = undone.unwrap_or_else(|error| panic!("seed {seed}, {number}: {error:?}"));
            undos.push(undone.change_set.number);
        }
        assert_eq!(scene.state().await, beginning, "seed {seed}");
        for number in undos.iter().rev() {
            let redone = scene.undo(*number, UndoScope::Everything).await;
            redone.unwrap_or_else(|error| panic!("seed {seed}, {number}: {error:?}"));
        }
        assert_eq!(scene.state().await, end, "seed {seed}");
    }
}

/// Numbers that are the same in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).expect("small")
    }
}

/// Some change, which may be refused.
async fn anything(scene: &Scene, dice: &mut Dice) -> Result<ChangeSet> {
    let (person, user) = (dice.roll(4), dice.roll(4));
    let id: PersonId = scene.people[person].id;
    let connection: ConnectionId = scene.connection.id;
    let (service, owner) = (&scene.world.service, scene.owner());
    match dice.roll(9) {
        0 | 1 => scene.map(person, user).await,
        2 => {
            let from = Timestamp::from_micros(1_700_000_000_000_000);
            let until = Timestamp::from_micros(1_750_000_000_000_000);
            let periods = [(Timestamp::ALWAYS, from), (from, until)];
            let (from, to) = periods[dice.roll(2)];
            let period = Period::new(from, to).expect("a period");
            scene.map_during(person, user, period).await
        }
        3 => scene.edit(&[(person, DraftEdit::Unmap)]).await,
        4 => {
            let edit = DraftEdit::NoAccount {
                reason: Some(format!("because {}", dice.roll(3))),
                expires_at: Timestamp::FOREVER,
            };
            scene.edit(&[(person, edit)]).await
        }
        5 => {
            let crm_user_id = scene.users[user].clone();
            scene
                .edit(&[(person, DraftEdit::Reject { crm_user_id })])
                .await
        }
        6 => {
            let user = scene.users[user].clone();
            service
                .decide_not_a_person(owner, connection, &user, None)
                .await
        }
        7 => {
            let known = service.person_view(owner, id).await?.person;
            if known.active {
                service
                    .deactivate_person(owner, id, &EndMappings::Now)
                    .await
            } else {
                service.reactivate_person(owner, id).await
            }
        }
        _ => {
            let known = service.person_view(owner, id).await?.person;
            let mut input = person_input(&known);
            input.title = format!("Agent {}", dice.roll(5));
            input.extension = format!("{}", 200 + dice.roll(4));
            service.edit_person(owner, id, known.version, &input).await
        }
    }
}

fn person_input(known: &Person) -> counterpart_service::people::PersonInput {
    person(&known.profile.display_name, &known.profile.emails[0])
}
