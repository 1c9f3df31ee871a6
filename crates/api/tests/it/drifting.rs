//! Drift over the API: listed with its cause, put right, and left alone by policy.

use axum::http::{Method, StatusCode};
use counterpart_model::Role;
use serde_json::json;

use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn a_seat_that_was_handed_on_is_listed_and_handed_over() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    assert_eq!(tenant.get("/drift").await.ok()["items"], json!([]));
    world.acme.clear();
    world
        .acme
        .add("u1", "Zebulon Quixotic", "zebulon@example.com");
    world.acme.add("u2", "Bob Builder", "bob@example.com");
    tenant.sync(&ids.connection).await;

    let found = tenant.get("/drift?cause=seat_repurposed").await.ok();
    let drift = &found["items"][0];
    assert_eq!(drift["mapping_id"], ids.mapping.as_str());
    assert_eq!(drift["cause"], "seat_repurposed");
    assert_eq!(drift["severity"], "broken");
    assert_eq!(drift["person"]["display_name"], "Ann Example");
    assert_eq!(drift["repairs"][0], "hand_over");
    let other = tenant.get("/drift?cause=email_changed").await.ok();
    assert_eq!(other["items"], json!([]));
    let grid = tenant.get("/grid?situation=drifted").await.ok();
    let cell = &grid["items"][0]["cells"][0];
    assert_eq!(cell["drift"]["cause"], "seat_repurposed");
    let overview = tenant.get("/overview").await.ok();
    assert_eq!(
        overview["drift"],
        json!([{
            "connection_id": ids.connection, "cause": "seat_repurposed", "mappings": 1,
        }])
    );

    let path = format!("/drift/{}/repair", ids.mapping);
    let wrong = tenant.post(&path, json!({"repair": "move"})).await;
    wrong.problem(422, "drift.repair_invalid");
    let zebulon = tenant
        .person("Zebulon Quixotic", "zebulon@example.com")
        .await;
    let wanted = json!({"repair": "hand_over", "from": "2026-11-01", "person_id": zebulon});
    let stale = tenant
        .request(Some(Role::Admin), Method::POST, &path)
        .header("if-match", "\"99\"")
        .json(&wanted)
        .send()
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let applied = tenant.post(&path, wanted.clone()).await.ok();
    assert_eq!(applied["line_count"], 2);
    assert_eq!(tenant.get("/drift").await.ok()["items"], json!([]));
    let now = tenant.get("/mappings?crm_user=u1&at=now").await.ok();
    assert_eq!(now["items"][0]["person_id"], zebulon.as_str());
    // 00:00 in Berlin.
    assert_eq!(now["items"][0]["from"], "2026-10-31T23:00:00Z");
    let again = tenant.post(&path, wanted).await;
    again.problem(404, "drift.not_found");
}

#[tokio::test]
async fn policies_are_kept_and_guesses_refused() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let path = format!("/connections/{}/drift-policies", ids.connection);
    assert_eq!(tenant.get(&path).await.ok()["policies"], json!({}));
    let put = async |policies: serde_json::Value| {
        tenant
            .request(Some(Role::Admin), Method::PUT, &path)
            .json(&json!({"policies": policies}))
            .send()
            .await
    };
    put(json!({"seat_repurposed": "act"}))
        .await
        .problem(422, "drift.policy_invalid");
    put(json!({"witchcraft": "act"}))
        .await
        .problem(422, "request.invalid");
    put(json!({"crm_user_deleted": "ignore", "name_changed": "propose"}))
        .await
        .ok();
    assert_eq!(
        tenant.get(&path).await.ok()["policies"],
        json!({"crm_user_deleted": "ignore"})
    );
    world.acme.clear();
    world.acme.add("u2", "Bob Builder", "bob@example.com");
    world.acme.add("u3", "Cleo", "cleo@example.com");
    tenant.sync(&ids.connection).await;
    assert_eq!(tenant.get("/drift").await.ok()["items"], json!([]));
}
