//! The review queue: what waits, deciding it, and what decisions teach.

use counterpart_emulators::Running;
use counterpart_model::drift::Repair;
use counterpart_model::{Code, Connection, CrmUserId, PageRequest, PersonId, Situation};
use counterpart_service::mapping::UndoScope;
use counterpart_service::review::{Choice, Lesson, ReviewCase, ReviewPage};
use counterpart_service::sync::SyncMode;
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::mappings::MappingQuery;
use counterpart_store::review::{ReviewOrder, ReviewQuery};

use crate::world::{World, emulator, person};

async fn synced() -> (World, Running, Connection) {
    let world = World::new().await;
    world.add_people(1, 60).await;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    let synced = world
        .service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await;
    synced.expect("a sync");
    (world, emulator, connection)
}

async fn queue(world: &World, query: &ReviewQuery) -> ReviewPage {
    let page = PageRequest::first(1_000);
    let found = world.service.review_queue(&world.owner, query, &page).await;
    found.expect("a queue")
}

/// The first case with candidates.
async fn first_open(world: &World) -> ReviewCase {
    let page = queue(world, &ReviewQuery::default()).await;
    let mut open = page
        .cases
        .into_iter()
        .filter(|case| !case.candidates.is_empty());
    open.next().expect("a case with candidates")
}

async fn situation(world: &World, person: PersonId) -> Situation {
    let view = world.service.person_view(&world.owner, person).await;
    view.expect("a person").cells[0].situation
}

#[tokio::test]
async fn the_queue_holds_what_is_not_certain_the_likeliest_first() {
    let (world, _emulator, _) = synced().await;
    let page = queue(&world, &ReviewQuery::default()).await;
    let counts = world
        .service
        .count_review(&world.owner)
        .await
        .expect("counts");
    let counted: u64 = counts.iter().map(|count| count.cells).sum();
    assert_eq!(counted, page.cases.len() as u64);
    assert!(!page.cases.is_empty());
    let scores: Vec<f64> = page
        .cases
        .iter()
        .map(|case| case.candidates[0].score)
        .collect();
    assert!(
        scores.is_sorted_by(|one, next| one + 1e-6 >= *next),
        "{scores:?}"
    );
    let doubtful = ReviewQuery {
        order: ReviewOrder::Doubtful,
        ..ReviewQuery::default()
    };
    let other_way = queue(&world, &doubtful).await.cases;
    // The queue tells scores apart by millionths.
    let (first, last) = (other_way[0].candidates[0].score, scores[scores.len() - 1]);
    assert!((first - last).abs() < 2e-6, "{first} {last}");
    for case in page.cases {
        assert!(matches!(
            case.situation,
            Situation::Ambiguous | Situation::Proposed
        ));
        assert!(!case.candidates[0].evidence.is_empty());
        if case.situation == Situation::Ambiguous {
            assert!(
                case.candidates.len() > 1,
                "{}",
                case.person.profile.display_name
            );
        }
    }
}

#[tokio::test]
async fn an_accepted_case_is_mapped_and_leaves_until_it_is_undone() {
    let (world, _emulator, connection) = synced().await;
    let service = &world.service;
    let case = first_open(&world).await;
    let chosen = case.candidates[0].crm_user.id.clone();
    let accept = Choice::Accept {
        crm_user_id: chosen,
    };
    let id = case.person.id;
    let decided = service
        .decide_case(&world.owner, connection.id, id, accept.clone())
        .await
        .expect("decided");
    assert_eq!(situation(&world, id).await, Situation::Mapped);
    let page = queue(&world, &ReviewQuery::default()).await;
    assert!(page.cases.iter().all(|case| case.person.id != id));
    let again = service
        .decide_case(&world.owner, connection.id, id, accept)
        .await;
    let refused = again.expect_err("somebody was there before");
    assert_eq!(refused.code(), Code::MappingStale);
    service
        .undo(&world.owner, decided.number, UndoScope::Everything, None)
        .await
        .expect("undone");
    assert_ne!(situation(&world, id).await, Situation::Mapped);
}

#[tokio::test]
async fn a_rejected_candidate_is_proposed_no_more_and_counts_in_similar_cases() {
    let (world, _emulator, connection) = synced().await;
    let case = first_open(&world).await;
    let rejected = case.candidates[0].crm_user.id.clone();
    let choice = Choice::Reject {
        crm_user_id: rejected.clone(),
    };
    world
        .service
        .decide_case(&world.owner, connection.id, case.person.id, choice)
        .await
        .expect("decided");
    let page = queue(&world, &ReviewQuery::default()).await;
    let same = page.cases.iter().find(|it| it.person.id == case.person.id);
    let still = same.is_some_and(|it| it.candidates.iter().any(|it| it.crm_user.id == rejected));
    assert!(!still, "a rejected pair is proposed again");
    let tallies = page.cases.iter().flat_map(|it| &it.candidates);
    let tallies = tallies.flat_map(|it| &it.similar);
    for tally in tallies {
        assert!(tally.accepted + tally.rejected > 0);
    }
}

#[tokio::test]
async fn decisions_that_agree_suggest_a_rule() {
    let world = World::new().await;
    let emulator = emulator("salesforce", 60).await;
    let connection = world.connect(&emulator).await;
    let service = &world.service;
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    // The same people under the addresses of another domain.
    let page = PageRequest::first(1_000);
    let users = service
        .list_crm_users(
            &world.owner,
            connection.id,
            "",
            &CrmUserQuery::default(),
            &page,
        )
        .await
        .expect("users");
    let mut pairs: Vec<(PersonId, CrmUserId)> = Vec::new();
    let mut domain = String::new();
    for user in users.items {
        let usable = user
            .profile
            .emails
            .first()
            .and_then(|it| it.split_once('@'));
        let Some((local, at)) = usable.map(|(local, at)| (local.to_owned(), at.to_owned())) else {
            continue;
        };
        if domain.is_empty() {
            domain.clone_from(&at);
        }
        if at != domain || pairs.len() == 4 {
            continue;
        }
        let email = format!("{local}@merged.example");
        let input = person(&user.profile.display_name, &email);
        let added = service
            .add_person(&world.owner, &input)
            .await
            .expect("added");
        pairs.push((added.id, user.id));
    }
    assert!(pairs.len() >= 3, "too few users at {domain}");
    for (at, (id, crm_user_id)) in pairs.iter().take(3).enumerate() {
        let advice = queue(&world, &ReviewQuery::default()).await.advice;
        assert_eq!(advice, [], "after {at} decisions");
        let choice = Choice::Accept {
            crm_user_id: crm_user_id.clone(),
        };
        service
            .decide_case(&world.owner, connection.id, *id, choice)
            .await
            .expect("decided");
    }
    let advice = queue(&world, &ReviewQuery::default()).await.advice;
    let [advice] = &advice[..] else {
        panic!("one rule: {advice:?}");
    };
    assert_eq!((advice.connection_id, advice.accepted), (connection.id, 3));
    let Lesson::EquivalentDomains(pair) = &advice.lesson else {
        panic!("domains: {advice:?}");
    };
    assert!([&pair.one, &pair.other].contains(&&"merged.example".to_owned()));
}

#[tokio::test]
async fn a_drifted_case_is_put_right() {
    let (world, emulator, connection) = synced().await;
    let service = &world.service;
    service
        .accept_certain(&world.owner, None)
        .await
        .expect("accepted");
    let page = PageRequest::first(1);
    let mapped = service
        .list_mappings(&world.owner, &MappingQuery::default(), &page)
        .await
        .expect("mappings")
        .items
        .remove(0)
        .mapping;
    emulator
        .control()
        .deactivate(&mapped.crm_user_id.0)
        .expect("deactivated");
    service
        .sync(&world.owner, connection.id, SyncMode::Full)
        .await
        .expect("a sync");
    let drifted = ReviewQuery {
        situation: Some(Situation::Drifted),
        ..ReviewQuery::default()
    };
    let page = queue(&world, &drifted).await;
    let drift = page.cases[0].drift.as_ref().expect("drift");
    assert_eq!(drift.mapping.id, mapped.id);
    let choice = Choice::Repair {
        mapping_id: mapped.id,
        version: drift.mapping.version,
        repair: Repair::Confirm,
        from: None,
    };
    service
        .decide_case(&world.owner, connection.id, mapped.person_id, choice)
        .await
        .expect("decided");
    assert!(queue(&world, &drifted).await.cases.is_empty());
}
