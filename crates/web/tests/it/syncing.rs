//! Runs: what a brake held, and what a page hears while one goes on.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use counterpart_emulators::UserKind;
use counterpart_model::{Role, RunState};
use counterpart_service::sync::SyncMode;
use futures::StreamExt as _;
use tower::ServiceExt as _;

use crate::world::World;

#[tokio::test]
async fn a_held_run_is_shown_and_decided_by_admins() {
    let world = World::new().await;
    let control = world.emulator.control();
    let leaving: Vec<String> = control
        .users()
        .into_iter()
        .filter(|user| user.is_active() && user.kind == UserKind::Person)
        .take(8)
        .map(|user| user.id)
        .collect();
    for id in &leaving {
        control.deactivate(id).expect("a known user");
    }
    let service = &world.house.service;
    let run = service
        .sync(&world.operator, world.connection.id, SyncMode::Full)
        .await;
    let run = run.expect("a run");
    assert_eq!(run.state, RunState::Held);

    let path = world.path(&format!(
        "/connections/{}/runs/{}",
        world.connection.id, run.id
    ));
    let viewer = world.client(Role::Viewer).await;
    let admin = world.client(Role::Admin).await;
    let seen = viewer.get(&path).await;
    assert!(seen.body.contains("A brake stopped it") && seen.body.contains("deactivated"));
    assert!(!seen.body.contains("Apply it all the same"));
    let overview = viewer.get(&world.path("")).await;
    assert!(
        overview.body.contains("run.held"),
        "the overview says so too"
    );

    assert!(
        admin
            .get(&path)
            .await
            .body
            .contains("Apply it all the same")
    );
    let rejected = admin.post(&format!("{path}/reject"), &[]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER);
    assert!(admin.get(&path).await.body.contains("rejected"));
    let again = admin.post(&format!("{path}/allow"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_open_page_hears_how_far_a_run_is_and_when_it_ends() {
    let world = World::new().await;
    let cookie = world.client(Role::Viewer).await.cookie().to_owned();
    let request = Request::get(world.path("/events"))
        .header("cookie", cookie)
        .body(Body::empty())
        .expect("a request");
    let response = world.app.clone().oneshot(request).await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();

    let service = &world.house.service;
    let mode = SyncMode::Full;
    service
        .sync(&world.operator, world.connection.id, mode)
        .await
        .expect("a run");
    let mut heard = String::new();
    while !(heard.contains("event: changed") && heard.contains(&world.connection.name)) {
        let piece = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let piece = piece
            .expect("something to hear")
            .expect("an open stream")
            .expect("bytes");
        heard.push_str(&String::from_utf8_lossy(&piece));
    }
}

#[tokio::test]
async fn a_pull_that_fails_shows_cause_and_remedy_and_keeps_what_was_known() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let fault = counterpart_emulators::Fault::Html;
    let switch = counterpart_emulators::FaultSwitch::lasting(fault);
    world.emulator.control().inject(switch).expect("a fault");
    let service = &world.house.service;
    let mode = SyncMode::Full;
    let failed = service
        .sync(&world.operator, world.connection.id, mode)
        .await;
    assert!(failed.is_err());

    let path = world.path(&format!("/connections/{}", world.connection.id));
    let page = admin.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("/explain/connection."), "{}", page.body);
    let users = admin.get(&format!("{path}/users")).await;
    assert!(
        users.body.contains("<tr>"),
        "the users of the last good sync stay"
    );
    let checked = admin.post(&format!("{path}/check"), &[]).await;
    assert!(checked.body.contains("/explain/connection."));
}
