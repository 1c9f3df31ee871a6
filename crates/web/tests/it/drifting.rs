//! A mapping that drifts, from the grid to its repair.

use axum::http::StatusCode;
use counterpart_emulators::UserChange;
use counterpart_model::{Role, Situation};
use counterpart_service::sync::SyncMode;

use crate::world::World;

#[tokio::test]
async fn a_mismatch_is_mended_in_two_clicks_from_the_grid() {
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
    world
        .emulator
        .control()
        .update_user(&user.id.0, change)
        .expect("changed");
    world.clock.advance(3_600);
    service
        .sync(&world.operator, world.connection.id, SyncMode::Full)
        .await
        .expect("a sync");

    let admin = world.client(Role::Admin).await;
    let grid = admin.get(&world.path("/mapping?show=drifted")).await;
    assert!(
        grid.body.contains("another name"),
        "the cell names the cause"
    );
    let (mapping, version) = world
        .row_in(Situation::Drifted)
        .await
        .cells
        .remove(0)
        .mapping
        .expect("mapped");
    let repairs = world.path(&format!("/drift?mapping={mapping}"));
    assert!(grid.body.contains(&repairs), "first click");
    let page = admin.get(&repairs).await;
    assert!(page.body.contains("Quixotic"));
    assert!(page.body.contains("value=\"confirm\""));
    let viewer = world.client(Role::Viewer).await;
    assert!(
        !viewer
            .get(&repairs)
            .await
            .body
            .contains("value=\"confirm\"")
    );
    let version = version.to_string();
    let form = [("repair", "confirm"), ("version", version.as_str())];
    let path = world.path(&format!("/drift/{mapping}/repair"));
    let mended = admin.post(&path, &form).await;
    assert_eq!(mended.status, StatusCode::SEE_OTHER, "{}", mended.body);
    assert!(mended.location().contains("saved="));
    let after = admin.get(mended.location()).await;
    assert!(after.body.contains("Nothing drifted"));
    assert!(after.body.contains("Put right, as change"));
    let cell = world.row_in(Situation::Mapped).await;
    assert_eq!(cell.person.id, row.person.id);
    let again = admin.post(&path, &form).await;
    assert!(again.status.is_client_error(), "it was changed meanwhile");
}
