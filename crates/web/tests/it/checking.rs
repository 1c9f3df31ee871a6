//! System checks: a page of its own without scripts, a pop-up with them, and a history.

use axum::http::StatusCode;
use counterpart_model::{Role, Situation};

use crate::world::World;

#[tokio::test]
async fn a_system_check_is_a_page_of_its_own_and_a_piece_for_the_pop_up() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let connection = world.path(&format!("/connections/{}", world.connection.id));
    let page = admin.get(&connection).await;
    assert!(page.body.contains("data-pop-up"), "the button is there");
    assert!(page.body.contains("Not checked yet"));

    let button = format!("{connection}/system-check");
    let sent = admin.post(&button, &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let shown = admin.get(sent.location()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    for title in ["Signing in works", "can be listed", "can be opened"] {
        assert!(shown.body.contains(title), "{title}: {}", shown.body);
    }
    let piece = admin.post_piece(&button, &[]).await;
    assert!(piece.body.contains("method=\"dialog\""), "{}", piece.body);
    assert!(!piece.body.contains("<html"));

    let history = admin.get(&format!("{connection}/checks")).await;
    assert_eq!(history.body.matches("asked for").count(), 2);
    let viewer = world.client(Role::Viewer).await;
    let seen = viewer.get(&format!("{connection}/checks")).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(!seen.body.contains("system-check"), "no button for viewers");
    let all = admin.get(&world.path("/checks")).await;
    assert!(all.body.contains("The usual troubles"), "{}", all.body);
}

#[tokio::test]
async fn a_persons_account_is_tested_from_their_page() {
    let world = World::new().await;
    let accepted = world
        .house
        .service
        .accept_certain(&world.operator, None)
        .await;
    accepted.expect("mapped");
    let person = world.row_in(Situation::Mapped).await.person;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/people/{}", person.id));
    let page = admin.get(&path).await;
    assert!(page.body.contains("/self-test"), "{}", page.body);
    let connection = world.connection.id.to_string();
    let form = [("connection", connection.as_str())];
    let sent = admin.post(&format!("{path}/self-test"), &form).await;
    let shown = admin.get(sent.location()).await;
    assert!(
        shown.body.contains("Records can be logged under it"),
        "{}",
        shown.body
    );
    assert_eq!(world.emulator.control().records().len(), 0);
}

#[tokio::test]
async fn who_is_missing_is_explained() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path(&format!("/connections/{}/absence", world.connection.id));
    let asked = admin.get(&format!("{path}?user=Nobody+Nowhere")).await;
    assert!(
        asked.body.contains("Nobody who was ever synced"),
        "{}",
        asked.body
    );
}
