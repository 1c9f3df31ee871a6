//! Events and webhooks as their callers see them.

use axum::http::{Method, header};
use counterpart_model::Role;
use serde_json::json;

use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn what_happened_is_read_event_by_event() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let pause = format!("/connections/{}/pause", ids.connection);
    tenant.post(&pause, json!({})).await;
    let mut after = 0;
    let mut types = Vec::new();
    loop {
        let answer = tenant.get(&format!("/events?limit=1&after={after}")).await;
        let body = answer.ok();
        for event in body["items"].as_array().expect("items") {
            types.push(event["type"].as_str().expect("a type").to_owned());
            after += 1;
            assert_eq!(event["sequence"], after);
            assert_eq!(event["organization_id"], tenant.id.to_string());
        }
        assert_eq!(body["cursor"], after);
        let has_link = answer.headers.contains_key(header::LINK);
        assert_eq!(body["more"], has_link);
        if !has_link {
            break;
        }
    }
    assert!(types.contains(&"mapping.changed".to_owned()), "{types:?}");
    assert!(types.contains(&"connection.state".to_owned()), "{types:?}");
    let end = tenant.get("/events/cursor").await.ok()["cursor"].clone();
    assert_eq!(end, after);
    tenant.delete(&format!("/mappings/{}", ids.mapping)).await;
    let news = tenant.get(&format!("/events?after={end}")).await.ok();
    let change = &news["items"][0]["data"]["changes"][0];
    assert_eq!(change["mapping_id"], ids.mapping);
    assert_eq!(change["before"]["crm_user_id"], "u1");
    assert!(change["after"].is_null());
    tenant
        .get("/events?after=999")
        .await
        .problem(422, "event.cursor_unknown");
    tenant
        .get("/events?after=yesterday")
        .await
        .problem(400, "request.invalid");
}

#[tokio::test]
async fn a_secret_is_shown_when_it_is_made_and_never_again() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let input = json!({"name": "Lake", "url": "http://127.0.0.1:9/in", "types": ["drift.found"]});
    let made = tenant.post("/webhooks", input).await;
    let id = made.created();
    let secret = made.json()["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("whsec_"));
    let path = format!("/webhooks/{id}");
    let read = |path: String| tenant.request(Some(Role::Admin), Method::GET, &path).send();
    for path in ["/webhooks".to_owned(), path.clone(), "/audit".to_owned()] {
        assert!(!read(path).await.text.contains(&secret));
    }
    let rotated = tenant.post(&format!("{path}/secret"), json!({})).await;
    assert_ne!(rotated.ok()["secret"], secret.as_str());
    assert!(!rotated.ok()["old_secret_until"].is_null());
}

#[tokio::test]
async fn a_webhook_is_changed_by_its_version_and_tested() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let input = json!({"name": "Lake", "url": "http://127.0.0.1:9/in"});
    let id = tenant.post("/webhooks", input).await.created();
    let path = format!("/webhooks/{id}");
    let change = |tag: &str, body: serde_json::Value| {
        tenant
            .request(Some(Role::Admin), Method::PATCH, &path)
            .header("if-match", tag)
            .json(&body)
            .send()
    };
    let paused = change("\"1\"", json!({"active": false})).await;
    assert_eq!(paused.ok()["state"], "paused");
    assert_eq!(paused.header(&header::ETAG), "\"2\"");
    change("\"1\"", json!({"active": true}))
        .await
        .problem(412, "mapping.stale");
    let refused = change("*", json!({"url": "https://10.0.0.1/", "types": []})).await;
    let problem = refused.problem(422, "webhook.invalid");
    assert_eq!(
        problem["errors"].as_array().map(Vec::len),
        Some(2),
        "{problem}"
    );
    let tested = tenant.post(&format!("{path}/test"), json!({})).await.ok();
    assert_eq!(tested["outcome"], "failed");
    assert_eq!(tested["code"], "connection.unreachable");
    let attempts = tenant
        .request(Some(Role::Admin), Method::GET, &format!("{path}/attempts"))
        .send()
        .await;
    assert_eq!(
        attempts.ok()["items"][0]["message_id"],
        tested["message_id"]
    );
    let unknown = "/webhooks/01890a5d-ac96-774b-bcce-b302099a8057";
    tenant
        .delete(unknown)
        .await
        .problem(404, "request.not_found");
}
