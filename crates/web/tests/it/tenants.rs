//! Two organizations never see each other.

use axum::http::StatusCode;
use counterpart_model::Role;

use crate::client::Client;
use crate::world::World;

#[tokio::test]
async fn another_organizations_pages_do_not_exist() {
    let world = World::new().await;
    let (other, operator) = world.house.organization("Contoso", false).await;
    world
        .house
        .member(&operator, "contoso@example.com", Role::Owner)
        .await;
    let stranger = Client::signed_in(&world.app, "contoso@example.com").await;
    let person = world.person().await;
    let own = |rest: &str| format!("/o/{}{rest}", other.id);
    let connection = world.connection.id;
    let run = world.run.id;

    // By the other organization's address …
    for rest in [
        "",
        "/mapping",
        "/people",
        "/connections",
        "/changes",
        "/settings",
        "/events",
    ] {
        let reply = stranger.get(&world.path(rest)).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{rest}");
        assert!(!reply.body.contains(&person.profile.display_name), "{rest}");
        assert!(!reply.body.contains(&world.organization.name), "{rest}");
    }
    // … and by the ids of its things under one's own address.
    let foreign = [
        own(&format!("/people/{}", person.id)),
        own(&format!("/people/{}/edit", person.id)),
        own(&format!("/connections/{connection}")),
        own(&format!("/connections/{connection}/edit")),
        own(&format!("/connections/{connection}/users")),
        own(&format!("/connections/{connection}/missing")),
        own(&format!("/connections/{connection}/runs/{run}")),
        own(&format!("/mapping/{connection}/{}/why", person.id)),
        own(&format!("/mapping/{connection}/{}/choose", person.id)),
        own("/changes/1"),
    ];
    for path in foreign {
        let reply = stranger.get(&path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    let verbs = [
        own(&format!("/connections/{connection}/sync")),
        own(&format!("/connections/{connection}/pause")),
        own(&format!("/people/{}/deactivate", person.id)),
        own(&format!("/mapping/{connection}/{}/draft", person.id)),
    ];
    for path in verbs {
        let reply = stranger.post(&path, &[("want", "unmap")]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    let grid = stranger.get(&own("/mapping")).await;
    assert!(!grid.body.contains(&person.profile.display_name));
}

#[tokio::test]
async fn the_switcher_lists_ones_own_organizations_only() {
    let world = World::new().await;
    let (second, operator) = world.house.organization("Second", false).await;
    world.house.organization("Third", false).await;
    let invited = world
        .house
        .service
        .invite_account(&operator, "viewer@example.com", Role::Viewer)
        .await;
    invited.expect("a membership");
    let page = world.client(Role::Viewer).await.get(&world.path("")).await;
    assert!(page.body.contains(&format!("/o/{}", second.id)));
    assert!(!page.body.contains("Third"));
}
