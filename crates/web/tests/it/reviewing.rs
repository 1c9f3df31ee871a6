//! The review queue and matching settings, page by page.

use axum::http::StatusCode;
use counterpart_emulators::UserChange;
use counterpart_model::matching_settings::EvidenceSource;
use counterpart_model::{MatchingRules, Role, Situation};
use counterpart_service::matching::MatchingInput;
use counterpart_service::sync::SyncMode;

use crate::client::{Client, Reply};
use crate::world::World;

/// What the first element with this attribute has behind it: `name="value"`.
fn value_of(page: &Reply, before: &str) -> String {
    let (_, rest) = page.body.split_once(before).unwrap_or_else(|| {
        panic!("{before} is not on the page: {}", page.body);
    });
    let (value, _) = rest.split_once('"').expect("an end");
    value
        .replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#34;", "\"")
}

/// A world in which family names alone count, so that nobody is certain.
async fn doubtful() -> World {
    let world = World::new().await;
    let out = EvidenceSource::ALL.into_iter();
    let rules = MatchingRules {
        without: Some(out.filter(|it| *it != EvidenceSource::FamilyName).collect()),
        review_threshold: Some(50),
        ..MatchingRules::default()
    };
    let input = MatchingInput {
        connection_id: None,
        version: 0,
        rules,
        reason: None,
    };
    let service = &world.house.service;
    let saved = service.save_matching_settings(&world.operator, input).await;
    saved.expect("saved");
    world
}

async fn queue(world: &World, client: &Client, asked: &str) -> Reply {
    let page = client.get(&world.path(&format!("/review{asked}"))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

#[tokio::test]
async fn a_case_is_accepted_undone_and_rejected_without_scripts() {
    let world = doubtful().await;
    let admin = world.client(Role::Admin).await;
    let page = queue(&world, &admin, "").await;
    let case = value_of(&page, "<form class=\"actions\" method=\"post\" action=\"");
    let user = value_of(&page, "name=\"accept\" value=\"");
    assert!(page.body.contains("data-key=\"1 accept\""));
    assert!(
        page.body.contains("class=\"evidence\""),
        "the reasons stand open"
    );

    let decided = admin.post(&case, &[("accept", &user)]).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
    assert!(decided.location().contains("done="));
    let next = admin.get(decided.location()).await;
    assert!(next.body.contains("Decided, as change"));
    assert!(
        !next.body.contains(&format!("action=\"{case}\"")),
        "the case is settled"
    );
    let again = admin.post(&case, &[("accept", &user)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);

    let number = value_of(&next, "name=\"number\" value=\"");
    let undone = admin
        .post(&world.path("/review/undo"), &[("number", &number)])
        .await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let back = admin.get(undone.location()).await;
    assert_eq!(
        value_of(&back, "<form class=\"actions\" method=\"post\" action=\""),
        case
    );

    let rejected = admin.post(&case, &[("reject", &user)]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.body);
    let neither = admin.post(&case, &[("version", "1")]).await;
    assert_eq!(neither.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn skipping_leads_through_the_queue_and_back_to_its_beginning() {
    let world = doubtful().await;
    let admin = world.client(Role::Admin).await;
    let mut page = queue(&world, &admin, "").await;
    let first = value_of(
        &page,
        "<article class=\"card case\" id=\"case\" tabindex=\"-1\" autofocus aria-label=\"",
    );
    for _ in 0..200 {
        if !page.body.contains("data-key=\"skip\"") {
            break;
        }
        let next = value_of(&page, "<a class=\"button\" href=\"");
        page = admin.get(&next).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(
            !page
                .body
                .contains(&format!("autofocus aria-label=\"{first}\""))
        );
    }
    assert!(page.body.contains("From the beginning"));
    let settled = queue(&world, &admin, "?kind=drifted").await;
    assert!(settled.body.contains("Nothing waits for you"));
    let viewer = world.client(Role::Viewer).await;
    let seen = queue(&world, &viewer, "").await;
    assert!(
        !seen.body.contains("name=\"accept\""),
        "a viewer decides nothing"
    );
}

#[tokio::test]
async fn a_drifted_case_shows_then_and_now_and_is_put_right() {
    let world = World::new().await;
    let service = &world.house.service;
    service
        .accept_certain(&world.operator, None)
        .await
        .expect("mapped");
    let row = world.row_in(Situation::Mapped).await;
    let user = row.cells[0].crm_user.as_ref().expect("a user");
    let change = UserChange {
        family: Some("Quixotic".to_owned()),
        ..UserChange::default()
    };
    let control = world.emulator.control();
    control.update_user(&user.id.0, change).expect("changed");
    world.clock.advance(3_600);
    service
        .sync(&world.operator, world.connection.id, SyncMode::Full)
        .await
        .expect("a sync");

    let admin = world.client(Role::Admin).await;
    let page = queue(&world, &admin, "?kind=drifted").await;
    assert!(page.body.contains("When it was confirmed"));
    assert!(page.body.contains("class=\"changed\"") && page.body.contains("Quixotic"));
    let case = world.path(&format!(
        "/review/{}/{}",
        world.connection.id, row.person.id
    ));
    let form = [
        ("repair", "confirm"),
        ("mapping", &value_of(&page, "name=\"mapping\" value=\"")),
        ("version", &value_of(&page, "name=\"version\" value=\"")),
        ("kind", "drifted"),
    ];
    let mended = admin.post(&case, &form).await;
    assert_eq!(mended.status, StatusCode::SEE_OTHER, "{}", mended.body);
    let after = admin.get(mended.location()).await;
    assert!(
        after.body.contains("Nothing waits for you"),
        "{}",
        after.body
    );
}

#[tokio::test]
async fn matching_settings_show_their_effect_before_they_are_saved() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/connections/{}/matching", world.connection.id));
    let wanted = [
        ("version", "0"),
        ("auto_threshold", "99.9"),
        ("verb", "save"),
    ];
    let preview = admin.post(&path, &wanted).await;
    assert_eq!(preview.status, StatusCode::OK, "unseen, nothing is saved");
    assert!(preview.body.contains("id=\"effect\""));
    let seen = value_of(&preview, "name=\"seen\" value=\"");

    let other = [("auto_threshold", "95"), ("verb", "save"), ("seen", &seen)];
    let changed = admin.post(&path, &other).await;
    assert_eq!(
        changed.status,
        StatusCode::OK,
        "what was seen is not what is sent"
    );
    let save = [
        ("version", "0"),
        ("auto_threshold", "99.9"),
        ("verb", "save"),
        ("seen", &seen),
    ];
    let saved = admin.post(&path, &save).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = admin.get(saved.location()).await;
    assert!(page.body.contains("Saved as change"));
    assert!(page.body.contains("Certain from 0.999"));
    let number = saved.location().rsplit('=').next().expect("a number");
    let change = admin.get(&world.path(&format!("/changes/{number}"))).await;
    assert!(
        change.body.contains("certain from 0.999"),
        "{}",
        change.body
    );

    let stale = admin.post(&path, &save).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
}

#[tokio::test]
async fn a_rule_is_offered_refused_when_senseless_and_taken_away() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/connections/{}/matching", world.connection.id));
    let offered = admin
        .get(&format!("{path}?domains=old.example+%3D+new.example"))
        .await;
    assert_eq!(offered.status, StatusCode::OK);
    assert!(offered.body.contains("new.example = old.example"));
    let seen = value_of(&offered, "name=\"seen\" value=\"");
    let save = [
        ("version", "0"),
        ("equivalent_domains", "new.example = old.example"),
        ("verb", "save"),
        ("seen", &seen),
    ];
    let saved = admin.post(&path, &save).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = admin.get(&path).await;
    let drop = value_of(&page, "name=\"drop\" value=\"");
    let dropped = admin
        .post(
            &path,
            &[
                ("version", "1"),
                ("equivalent_domains", "new.example = old.example"),
                ("drop", &drop),
            ],
        )
        .await;
    assert!(dropped.body.contains("id=\"effect\""), "{}", dropped.body);
    assert!(!value_of(&dropped, "name=\"seen\" value=\"").contains("old.example"));

    let senseless = [
        ("auto_threshold", "12"),
        ("equivalent_domains", "gmail.com = a.example"),
    ];
    let refused = admin.post(&path, &senseless).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("must be from 0.9 to 0.999"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("anybody can have an address at"));
}
