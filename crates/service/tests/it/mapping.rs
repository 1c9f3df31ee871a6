//! Proposals, drafts, change sets.

use counterpart_model::{
    Code, CrmUserId, DraftEdit, PageRequest, Period, PersonId, Situation, Timestamp,
};
use counterpart_service::mapping::{EditScope, GridRequest};
use counterpart_service::people::EndMappings;
use counterpart_service::sync::SyncMode;
use counterpart_store::grid::GridCell;

use crate::world::{World, emulator, person};

/// A world whose people are synced with one emulated CRM.
async fn synced() -> (
    World,
    counterpart_emulators::Running,
    counterpart_model::Connection,
) {
    let world = World::new().await;
    world.add_people(1, 60).await;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    world
        .service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    (world, emulator, connection)
}

async fn cell(world: &World, person: PersonId) -> GridCell {
    let view = world
        .service
        .person_view(&world.owner, person)
        .await
        .expect("a person");
    view.cells.into_iter().next().expect("a cell")
}

/// The people in a situation, with their cell.
async fn people_in(world: &World, situation: Situation) -> Vec<(PersonId, GridCell)> {
    let request = GridRequest {
        situations: vec![situation],
        ..GridRequest::default()
    };
    let page = world
        .service
        .grid(&world.owner, &request, &PageRequest::first(1_000))
        .await
        .expect("a grid");
    page.rows
        .items
        .into_iter()
        .map(|row| (row.person.id, row.cells.into_iter().next().expect("a cell")))
        .collect()
}

#[tokio::test]
async fn accepting_what_is_certain_maps_nobody_wrongly() {
    let (world, _emulator, connection) = synced().await;
    let applied = world
        .service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    assert_eq!(applied.number, 2, "the import was the first change set");
    let truth = counterpart_emulators::truth(1, 60, "salesforce").expect("the truth");
    let mapped = people_in(&world, Situation::Mapped).await;
    assert!(mapped.len() >= 45, "only {} of 60 are mapped", mapped.len());
    for (id, cell) in mapped {
        let person = world
            .service
            .person_view(&world.owner, id)
            .await
            .expect("a person")
            .person;
        let external_id = person.external_id.expect("an external id");
        let expected = truth.get(&external_id);
        let found = cell.crm_user.map(|user| user.id.0);
        assert_eq!(found.as_ref(), expected, "{}", person.profile.display_name);
        assert_eq!(cell.connection_id, connection.id);
    }
}

#[tokio::test]
async fn a_draft_survives_until_it_is_saved_as_one_change_set() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let (ann, cell_of_ann) = people_in(&world, Situation::Proposed).await.remove(0);
    let wanted = cell_of_ann.crm_user.expect("a proposal").id;
    let edit = DraftEdit::Map {
        crm_user_id: wanted.clone(),
        accepted: true,
    };
    service
        .draft(&world.owner, connection.id, ann, edit)
        .await
        .expect("drafted");
    let (bob, _) = people_in(&world, Situation::Proposed).await.remove(1);
    let edit = DraftEdit::NoAccount {
        reason: Some("works on paper".to_owned()),
        expires_at: Timestamp::FOREVER,
    };
    service
        .draft(&world.owner, connection.id, bob, edit)
        .await
        .expect("drafted");
    assert_eq!(
        cell(&world, ann).await.situation,
        Situation::Proposed,
        "nothing applied yet"
    );
    let review = service.review_draft(&world.owner).await.expect("a review");
    assert_eq!((review.total, review.is_clear()), (2, true));
    let applied = service
        .save_draft(
            &world.owner,
            Some("monday".to_owned()),
            EditScope::Everything,
        )
        .await
        .expect("saved");
    assert_eq!(applied.change_set.line_count, 2);
    assert_eq!(cell(&world, ann).await.situation, Situation::Mapped);
    assert_eq!(cell(&world, bob).await.situation, Situation::Ignored);
    assert_eq!(service.count_drafts(&world.owner).await.expect("count"), 0);
    let mapping = service
        .person_view(&world.owner, ann)
        .await
        .expect("a person")
        .mappings
        .remove(0);
    assert!(
        !mapping.mapping.evidence.is_empty(),
        "an accepted proposal keeps its reasons"
    );
}

#[tokio::test]
async fn a_clash_names_both_sides_and_changes_nothing() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    let (taken, cell_of_taken) = people_in(&world, Situation::Mapped).await.remove(0);
    let newcomer = service
        .add_person(&world.owner, &person("Nora Newcomer", "nora@example.com"))
        .await
        .expect("a person");
    let user = cell_of_taken.crm_user.expect("a user");
    let refused = service
        .add_mapping(
            &world.owner,
            connection.id,
            newcomer.id,
            user.id.clone(),
            Period::ALL,
            None,
        )
        .await
        .expect_err("taken");
    assert_eq!(refused.code(), Code::MappingOverlap);
    let holder = service
        .person_view(&world.owner, taken)
        .await
        .expect("a person")
        .person;
    for name in [
        "Nora Newcomer",
        &holder.profile.display_name,
        &user.id.0,
        &connection.name,
    ] {
        assert!(
            refused.detail().contains(name),
            "{name} is not in: {}",
            refused.detail()
        );
    }
}

#[tokio::test]
async fn two_people_change_places_in_one_change_set() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    let mut mapped = people_in(&world, Situation::Mapped).await;
    let (ann, cell_of_ann) = mapped.remove(0);
    let (bob, cell_of_bob) = mapped.remove(0);
    let of_ann = cell_of_ann.crm_user.expect("a user").id;
    let of_bob = cell_of_bob.crm_user.expect("a user").id;
    for (person, user) in [(ann, &of_bob), (bob, &of_ann)] {
        let edit = DraftEdit::Map {
            crm_user_id: user.clone(),
            accepted: false,
        };
        service
            .draft(&world.owner, connection.id, person, edit)
            .await
            .expect("drafted");
    }
    assert!(
        service
            .review_draft(&world.owner)
            .await
            .expect("a review")
            .is_clear()
    );
    service
        .save_draft(&world.owner, None, EditScope::Everything)
        .await
        .expect("saved");
    assert_eq!(cell(&world, ann).await.crm_user.expect("a user").id, of_bob);
    assert_eq!(cell(&world, bob).await.crm_user.expect("a user").id, of_ann);
}

#[tokio::test]
async fn a_draft_based_on_what_is_gone_is_not_saved() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let (ann, cell_of_ann) = people_in(&world, Situation::Proposed).await.remove(0);
    let wanted = cell_of_ann.crm_user.expect("a proposal").id;
    service
        .draft(
            &world.owner,
            connection.id,
            ann,
            DraftEdit::NoAccount {
                reason: None,
                expires_at: Timestamp::FOREVER,
            },
        )
        .await
        .expect("drafted");
    let admin = world
        .member("admin@example.com", counterpart_model::Role::Admin)
        .await;
    service
        .add_mapping(
            &admin,
            connection.id,
            ann,
            wanted.clone(),
            Period::ALL,
            None,
        )
        .await
        .expect("mapped by somebody else");
    let refused = service
        .save_draft(&world.owner, None, EditScope::Everything)
        .await
        .expect_err("stale");
    assert_eq!(refused.code(), Code::MappingStale);
    assert_eq!(
        cell(&world, ann).await.crm_user.map(|user| user.id),
        Some(wanted)
    );
    assert_eq!(
        service.count_drafts(&world.owner).await.expect("count"),
        1,
        "the draft stays"
    );
}

#[tokio::test]
async fn a_rejected_pair_is_not_proposed_again() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let (ann, cell_of_ann) = people_in(&world, Situation::Proposed).await.remove(0);
    let wrong = cell_of_ann.crm_user.expect("a proposal").id;
    let edit = DraftEdit::Reject {
        crm_user_id: wrong.clone(),
    };
    service
        .draft(&world.owner, connection.id, ann, edit)
        .await
        .expect("drafted");
    service
        .save_draft(&world.owner, None, EditScope::Everything)
        .await
        .expect("saved");
    assert_ne!(
        cell(&world, ann).await.crm_user.map(|user| user.id),
        Some(wrong)
    );
}

#[tokio::test]
async fn both_forms_of_an_id_and_words_of_any_kind_find_the_row() {
    let (world, emulator, connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    let (ann, cell_of_ann) = people_in(&world, Situation::Mapped).await.remove(0);
    let user = cell_of_ann.crm_user.expect("a user");
    let view = service
        .person_view(&world.owner, ann)
        .await
        .expect("a person");
    let email = emulator
        .control()
        .find_user(&user.id.0)
        .expect("a user")
        .email;
    let mut searches = vec![
        user.id.0.clone(),
        user.id.0[..15].to_owned(),
        user.display_name.to_uppercase(),
        email,
        view.person.profile.emails[0].clone(),
    ];
    searches.extend(
        view.identities
            .first()
            .map(|identity| format!("{} {}", identity.value, view.person.profile.display_name)),
    );
    for search in searches {
        let request = GridRequest {
            search: search.clone(),
            ..GridRequest::default()
        };
        let page = service
            .grid(&world.owner, &request, &PageRequest::first(100))
            .await
            .expect("a grid");
        assert!(
            page.rows.items.iter().any(|row| row.person.id == ann),
            "`{search}` does not find {}",
            view.person.profile.display_name
        );
    }
    let short = CrmUserId(user.id.0[..15].to_owned());
    let refused = service
        .add_mapping(&world.owner, connection.id, ann, short, Period::ALL, None)
        .await
        .expect_err("mapped to that user already");
    assert_eq!(refused.code(), Code::ChangeSetEmpty, "{refused}");
}

#[tokio::test]
async fn a_deactivated_user_drifts_is_hidden_and_still_mappable_for_the_past() {
    let (world, emulator, connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    let (ann, cell_of_ann) = people_in(&world, Situation::Mapped).await.remove(0);
    let user = cell_of_ann.crm_user.expect("a user");
    emulator
        .control()
        .deactivate(&user.id.0)
        .expect("deactivated");
    world.clock.advance(3_600);
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    assert_eq!(cell(&world, ann).await.situation, Situation::Drifted);
    let find = async |inactive: bool| {
        let page = service
            .candidates(
                &world.owner,
                connection.id,
                ann,
                &user.id.0,
                inactive,
                &PageRequest::first(10),
            )
            .await
            .expect("candidates");
        page.items.len()
    };
    assert_eq!((find(false).await, find(true).await), (0, 1));
    let mapping = service
        .person_view(&world.owner, ann)
        .await
        .expect("a person")
        .mappings
        .remove(0);
    service
        .remove_mapping(&world.owner, mapping.mapping.id, None, None)
        .await
        .expect("removed");
    let past = Period::new(Timestamp::ALWAYS, service.now().plus_seconds(-60)).expect("a period");
    service
        .add_mapping(&world.owner, connection.id, ann, user.id, past, None)
        .await
        .expect("mapped for the past");
}

#[tokio::test]
async fn somebody_who_leaves_keeps_or_loses_mappings_as_told() {
    let (world, _emulator, _connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("applied");
    let mut mapped = people_in(&world, Situation::Mapped).await;
    let (ann, _) = mapped.remove(0);
    let (bob, _) = mapped.remove(0);
    let (eve, _) = mapped.remove(0);
    let end = EndMappings::On("2027-01-01".to_owned());
    service
        .deactivate_person(&world.owner, ann, &EndMappings::Now)
        .await
        .expect("left");
    service
        .deactivate_person(&world.owner, bob, &end)
        .await
        .expect("left");
    service
        .deactivate_person(&world.owner, eve, &EndMappings::Keep)
        .await
        .expect("left");
    let ends = async |id| {
        let view = service
            .person_view(&world.owner, id)
            .await
            .expect("a person");
        view.mappings[0].mapping.period.to()
    };
    assert!(ends(ann).await <= service.now());
    assert_eq!(
        ends(bob).await,
        "2026-12-31T23:00:00Z".parse().expect("an instant")
    );
    assert_eq!(ends(eve).await, Timestamp::FOREVER);
}

#[tokio::test]
async fn why_names_reasons_for_a_proposal_and_for_none() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let (ann, _) = people_in(&world, Situation::Proposed).await.remove(0);
    let why = service
        .why(&world.owner, connection.id, ann)
        .await
        .expect("why");
    assert!(!why.proposal.expect("a proposal").0.evidence.is_empty());
    let stranger = service
        .add_person(
            &world.owner,
            &person("Zebulon Quixotic", "zq@nowhere.example"),
        )
        .await
        .expect("a person");
    let why = service
        .why(&world.owner, connection.id, stranger.id)
        .await
        .expect("why");
    assert!(why.proposal.is_none());
    assert!(!why.unmatched.is_empty());
}
