//! Two organizations never see each other.

use axum::http::Method;
use counterpart_model::Role;
use serde_json::Value;

use crate::routes::{seed, table};
use crate::world::World;

#[tokio::test]
async fn another_organization_does_not_exist_for_a_token() {
    let world = World::new().await;
    let north = world.organization("North").await;
    let south = world.organization("South").await;
    let ids = seed(&world, &north).await;
    for route in table(&ids) {
        let method: Method = route.method.to_uppercase().parse().expect("a method");
        let path = format!("/api/v1/organizations/{}{}", north.id, ids.fill(route.path));
        let call = south.request(Some(Role::Owner), method, &path);
        let answer = match &route.body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        };
        answer.problem(404, "organization.not_found");
    }
}

#[tokio::test]
async fn ids_of_another_organization_lead_nowhere() {
    let world = World::new().await;
    let north = world.organization("North").await;
    let south = world.organization("South").await;
    let ids = seed(&world, &north).await;
    for route in table(&ids) {
        let body = route
            .body
            .as_ref()
            .map(Value::to_string)
            .unwrap_or_default();
        let names_an_id = route.path.contains('{') && !route.path.contains("{number}");
        let sends_an_id = body.contains(&ids.connection) || body.contains(&ids.person);
        if !names_an_id && !sends_an_id {
            continue;
        }
        let method: Method = route.method.to_uppercase().parse().expect("a method");
        let call = south.request(Some(Role::Owner), method, &ids.fill(route.path));
        let answer = match &route.body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        };
        assert_eq!(
            answer.status.as_u16(),
            404,
            "{} {}: {}",
            route.method,
            route.path,
            answer.text
        );
    }
}

#[tokio::test]
async fn lists_hold_nothing_of_another_organization() {
    let world = World::new().await;
    let north = world.organization("North").await;
    let south = world.organization("South").await;
    let ids = seed(&world, &north).await;
    let lists = [
        "/people",
        "/connections",
        "/grid",
        "/proposals",
        "/mappings",
        "/decisions",
        "/change-sets",
        "/members",
    ];
    for path in lists {
        assert_eq!(
            south.get(path).await.ok()["items"],
            serde_json::json!([]),
            "{path}"
        );
    }
    for path in [
        format!("/mappings?connection={}", ids.connection),
        format!("/mappings?person={}", ids.person),
        format!("/decisions?connection={}", ids.connection),
        format!("/proposals?connection={}", ids.connection),
    ] {
        assert_eq!(
            south.get(&path).await.ok()["items"],
            serde_json::json!([]),
            "{path}"
        );
    }
    let export = south.get("/mappings/export").await;
    assert_eq!(export.text.lines().count(), 1, "the header alone");
    let audit = south.get("/audit").await.text;
    assert!(!audit.contains("change_set.applied"), "{audit}");
}
