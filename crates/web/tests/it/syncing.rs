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
    assert!(!seen.body.contains("Apply it this once"));
    let overview = viewer.get(&world.path("")).await;
    let held_there = format!("{path}/allow");
    assert!(overview.body.contains("waits for your word"));
    assert!(
        !overview.body.contains(&held_there),
        "a viewer decides nothing"
    );
    let shown = control.find_user(&leaving[0]).expect("a known user");
    assert!(
        overview.body.contains(&shown.full_name()),
        "{}",
        shown.full_name()
    );
    let connection = world.path(&format!("/connections/{}", world.connection.id));
    for page in [world.path(""), connection] {
        assert!(admin.get(&page).await.body.contains(&held_there), "{page}");
    }

    assert!(admin.get(&path).await.body.contains("Apply it this once"));
    let rejected = admin.post(&format!("{path}/reject"), &[]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER);
    assert!(admin.get(&path).await.body.contains("rejected"));
    let again = admin.post(&format!("{path}/allow"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_policy_is_changed_on_the_page_and_a_slip_is_shown_beside_its_field() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let page = world.path(&format!("/connections/{}", world.connection.id));
    let policy = format!("{page}/policy");
    let shown = admin.get(&page).await.body;
    assert!(shown.contains("within 24 hours before it asks"));
    let version = shown
        .split_once(r#"name="version" value=""#)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(version, _)| version.to_owned())
        .expect("the form knows the version");
    let send = async |percent: &str| {
        let form = [
            ("version", version.as_str()),
            ("percent", percent),
            ("least", "2"),
            ("most", "100"),
            ("grace_days", "3"),
            ("hold_days", "5"),
        ];
        admin.post(&policy, &form).await
    };
    for (slip, message) in [
        ("many", "must be a whole number"),
        ("0", "must be from 1 to 100"),
    ] {
        let refused = send(slip).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(message), "{slip}");
        let kept = format!(r#"value="{slip}""#);
        assert!(refused.body.contains(&kept), "what was typed stays");
    }
    let saved = send("10").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let shown = admin.get(&page).await.body;
    assert!(shown.contains("missing for 3 days") && shown.contains("rejected after 5 days"));
    let stale = send("11").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_a_sync_no_longer_finds_is_shown_as_missing() {
    let world = World::new().await;
    let viewer = world.client(Role::Viewer).await;
    let control = world.emulator.control();
    let gone = control
        .users()
        .into_iter()
        .find(|user| user.is_active() && user.kind == UserKind::Person)
        .expect("somebody");
    control.delete(&gone.id).expect("deleted");
    let service = &world.house.service;
    let run = service
        .sync(&world.operator, world.connection.id, SyncMode::Full)
        .await
        .expect("a run");
    let page = world.path(&format!("/connections/{}", world.connection.id));
    let shown = viewer.get(&format!("{page}/users?show=missing")).await.body;
    if run.report.missing == 0 {
        // This vendor goes on listing whom it deleted.
        assert!(shown.contains("Nobody is missing"));
        return;
    }
    assert!(shown.contains(&gone.id) && shown.contains("counts as gone on"));
    let shown = viewer.get(&format!("{page}/runs/{}", run.id)).await.body;
    assert!(shown.contains("counts as gone from"));
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
