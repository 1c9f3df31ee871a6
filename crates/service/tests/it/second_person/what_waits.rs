//! Which changes wait, and which do not.

use std::num::NonZeroU32;

use counterpart_model::{ChangeSetOrigin, Code, PageRequest, Period};
use counterpart_service::mapping::{EditScope, HandOver, UndoScope};
use counterpart_service::people::EndMappings;
use counterpart_service::sync::SyncMode;

use super::{Office, change_set, refused, waits};
use crate::world::{World, emulator, person};

#[tokio::test]
async fn a_change_that_cannot_be_applied_even_now_does_not_wait() {
    let office = Office::new().await;
    office.meanwhile(&[office.map(0, 0)]).await;
    let service = &office.world.service;
    let refusal = service
        .apply_edits(&office.kim, &[office.map(1, 0)], None)
        .await;
    assert_eq!(refused(refusal), Code::MappingOverlap);
    let waiting = service.count_waiting(office.owner()).await;
    assert_eq!(waiting.expect("counted"), 0);
}

#[tokio::test]
async fn everything_that_somebody_starts_waits() {
    let office = Office::without_second_person(World::new().await).await;
    let service = &office.world.service;
    let (kim, connection) = (&office.kim, office.connection.id);
    let made = service
        .apply_edits(kim, &[office.map(0, 0)], None)
        .await
        .expect("applied");
    office.ask_from(1).await;
    waits(
        service
            .add_person(kim, &person("New Person", "new@zoo.example"))
            .await,
    );
    waits(
        service
            .deactivate_person(kim, office.people[3].id, &EndMappings::Keep)
            .await,
    );
    waits(
        service
            .undo(kim, made.number, UndoScope::Everything, None)
            .await,
    );
    waits(
        service
            .decide_not_a_person(kim, connection, &office.users[5], None)
            .await,
    );
    waits(
        service
            .decide_shared_seat(kim, connection, &office.users[5], None)
            .await,
    );
    let wanted = HandOver {
        connection_id: connection,
        crm_user_id: office.users[0].clone(),
        person_id: office.people[1].id,
        from: "2026-11-01".into(),
        instead_of: None,
    };
    waits(
        service
            .hand_over(kim, &wanted, None)
            .await
            .map(|(_, change)| change),
    );
    let (person, user) = (office.people[2].id, office.users[2].clone());
    let added = service.add_mapping(kim, connection, person, user, Period::ALL, None);
    waits(added.await);
    let file = service.export_mappings(kim).await.expect("a file");
    let file = file.replace(office.users[0].0.as_str(), office.users[3].0.as_str());
    let plan = service
        .plan_mapping_file(kim, file.as_bytes())
        .await
        .expect("a plan");
    let pending = waits(service.apply_mapping_plan(kim, plan, None).await);
    assert_eq!(pending.origin, ChangeSetOrigin::Import);
    assert_eq!(office.count_mappings().await, 1);
}

#[tokio::test]
async fn a_saved_draft_waits_and_is_empty_afterwards() {
    let office = Office::new().await;
    let service = &office.world.service;
    let kim = &office.kim;
    for n in 0..2 {
        let edit = office.map(n, n);
        let drafted = service.draft(kim, edit.connection_id, edit.person_id, edit.edit);
        drafted.await.expect("drafted");
    }
    let pending = waits(service.save_draft(kim, None, EditScope::Everything).await);
    assert_eq!(pending.line_count, 2);
    assert_eq!(service.count_drafts(kim).await.expect("counted"), 0);
    // What clashes stays in the draft; the others wait.
    for n in [2, 3] {
        let edit = office.map(n, n);
        let drafted = service.draft(kim, edit.connection_id, edit.person_id, edit.edit);
        drafted.await.expect("drafted");
    }
    office.meanwhile(&[office.map(0, 3)]).await;
    let pending = waits(service.save_draft(kim, None, EditScope::Clear).await);
    assert_eq!(pending.line_count, 1);
    assert_eq!(service.count_drafts(kim).await.expect("counted"), 1);
}

#[tokio::test]
async fn what_a_platform_says_of_its_people_waits_for_nobody() {
    let world = World::new().await;
    let asked = world
        .service
        .set_second_person(&world.owner, NonZeroU32::new(1));
    asked.await.expect("set");
    let emulator = emulator("3cx", 5).await;
    let connection = world.connect(&emulator).await;
    let synced = world
        .service
        .sync(&world.owner, connection.id, SyncMode::Full);
    synced.await.expect("a sync");
    let page = PageRequest::first(1);
    let changes = world.service.list_change_sets(&world.owner, &page).await;
    assert_eq!(changes.expect("listed").items.len(), 1);
    let waiting = world.service.list_pending(&world.owner, None, &page).await;
    assert!(waiting.expect("listed").items.is_empty());
}

#[tokio::test]
async fn an_undo_that_waited_marks_what_it_undoes_only_when_it_is_approved() {
    let office = Office::new().await;
    let service = &office.world.service;
    let made = office.meanwhile(&[office.map(0, 0)]).await;
    let pending = waits(
        service
            .undo(&office.kim, made.number, UndoScope::Everything, None)
            .await,
    );
    assert_eq!(pending.undoes, Some(made.number));
    assert_eq!(change_set(&office, made.number).await.undone_by, None);
    let (undo, _) = office
        .approve(office.owner(), pending.number, EditScope::Everything)
        .await
        .expect("approved");
    assert_eq!(
        change_set(&office, made.number).await.undone_by,
        Some(undo.number)
    );
    assert_eq!(office.count_mappings().await, 0);
}
