//! Seats that change hands or are shared, over HTTP.

use serde_json::json;

use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn a_seat_is_handed_over_from_a_day_on() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let ben = tenant.person("Ben Muster", "ben@example.com").await;
    let mut wanted = json!({
        "connection_id": ids.connection, "crm_user_id": "u1", "person_id": ben,
        "from": "2026-11-01", "dry_run": true
    });
    let planned = tenant
        .post("/mappings/hand-over", wanted.clone())
        .await
        .ok();
    assert_eq!(planned["change_set"], json!(null));
    assert_eq!(planned["from"], "2026-10-31T23:00:00Z");
    assert_eq!(planned["ending"][0]["mapping_id"], ids.mapping.as_str());
    let sentence = planned["sentences"][0].as_str().expect("a sentence");
    assert!(
        sentence.ends_with(
            "until 31 Oct 2026, 24:00 Ann Example, from 1 Nov 2026, 00:00 (Europe/Berlin) \
             Ben Muster."
        ),
        "{sentence}"
    );
    wanted["dry_run"] = json!(false);
    let done = tenant
        .post("/mappings/hand-over", wanted.clone())
        .await
        .ok();
    assert_eq!(done["change_set"]["line_count"], 2);
    for (at, who) in [
        ("2026-10-31T22:59:59Z", ids.person.as_str()),
        ("2026-10-31T23:00:00Z", ben.as_str()),
    ] {
        let path = format!("/resolve?crm_user=u1&connection={}&at={at}", ids.connection);
        let found = tenant.get(&path).await.ok();
        assert_eq!(found["mappings"][0]["person_id"], who, "{at}");
        assert_eq!(found["mappings"][1], json!(null), "{at}");
    }
    tenant
        .post("/mappings/hand-over", wanted.clone())
        .await
        .problem(422, "change_set.empty");
    wanted["from"] = json!("soon");
    let problem = tenant.post("/mappings/hand-over", wanted).await;
    let problem = problem.problem(422, "request.invalid");
    assert_eq!(problem["errors"][0]["field"], "from");
}

#[tokio::test]
async fn a_shared_seat_takes_several_people() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let ben = tenant.person("Ben Muster", "ben@example.com").await;
    let pair = json!({"connection_id": ids.connection, "person_id": ben, "crm_user_id": "u1"});
    tenant
        .post("/mappings", pair.clone())
        .await
        .problem(409, "mapping.overlap");
    let seat = json!({
        "kind": "shared_seat", "connection_id": ids.connection, "crm_user_id": "u1"
    });
    tenant.post("/decisions", seat).await.ok();
    tenant.post("/mappings", pair).await.created();
    let path = format!("/resolve?crm_user=u1&connection={}", ids.connection);
    let found = tenant.get(&path).await.ok();
    assert_eq!(found["mappings"].as_array().map(Vec::len), Some(2));
    let decisions = tenant.get("/decisions").await.ok();
    let mut decisions = decisions["items"].as_array().expect("items").iter();
    let seat = decisions
        .find(|decision| decision["kind"] == "shared_seat")
        .expect("the decision");
    let path = format!("/decisions/{}", seat["id"].as_str().expect("an id"));
    let problem = tenant.delete(&path).await.problem(409, "mapping.overlap");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("Ann Example, Ben Muster"), "{detail}");
}
