//! Who is whom, over HTTP.

use axum::http::{Method, StatusCode};
use counterpart_model::Role;
use serde_json::json;

use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn a_question_is_answered_from_both_sides_and_at_any_instant() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let connection = tenant
        .get(&format!("/connections/{}", ids.connection))
        .await
        .ok();
    let name = connection["name"].as_str().expect("a name").to_uppercase();
    let name = name.replace(' ', "+");
    for key in [
        format!("person={}", ids.person),
        "email=ANN%40example.com".to_owned(),
        format!("crm_user=u1&connection={}", ids.connection),
        format!("crm_user=u1&connection={name}&at=2001-01-01T00:00:00Z"),
    ] {
        let answer = tenant.get(&format!("/resolve?{key}")).await.ok();
        assert_eq!(answer["outcome"], "mapped", "{key}");
        let mapping = &answer["mappings"][0];
        assert_eq!(mapping["mapping_id"], ids.mapping.as_str(), "{key}");
        assert_eq!(mapping["person"]["display_name"], "Ann Example", "{key}");
        assert_eq!(mapping["crm_user"]["id"], "u1", "{key}");
        assert_eq!(mapping["from"], "always", "{key}");
    }
    let ignored = tenant
        .get(&format!("/resolve?crm_user=u2&connection={name}&at=now"))
        .await
        .ok();
    assert_eq!(
        (&ignored["outcome"], &ignored["until"]),
        (&json!("ignored"), &json!("forever"))
    );
    let unknown = tenant
        .get(&format!("/resolve?external_id=E9&connection={name}"))
        .await
        .ok();
    assert_eq!(
        (&unknown["outcome"], &unknown["unknown"]),
        (&json!("unknown"), &json!("person"))
    );
}

#[tokio::test]
async fn many_questions_come_back_in_order_as_json_and_as_lines() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    seed(&world, &tenant).await;
    let questions = [
        json!({"email": "ann@example.com"}),
        json!({"extension": "204", "platform": "directory"}),
        json!({"crm_user": "u3", "connection": "acme"}),
    ];
    let outcomes = ["mapped", "unknown", "unknown"];
    let post = |media_type, text: String| {
        let call = tenant.request(Some(Role::Viewer), Method::POST, "/resolve");
        call.body(media_type, text).send()
    };
    let answers = post("application/json", json!(questions).to_string())
        .await
        .ok();
    let answers = answers.as_array().expect("an array").clone();
    let words: Vec<_> = answers
        .iter()
        .map(|answer| answer["outcome"].clone())
        .collect();
    assert_eq!(words, outcomes);
    let lines = questions.map(|question| question.to_string()).join("\n\n");
    let answered = post("application/x-ndjson", lines).await;
    let answered: Vec<serde_json::Value> = answered
        .text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let words: Vec<_> = answered
        .iter()
        .map(|answer| answer["outcome"].clone())
        .collect();
    assert_eq!(words, outcomes);
}

#[tokio::test]
async fn a_wrong_question_is_refused_with_its_place() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    for (query, field) in [
        ("", "person"),
        ("email=a%40b.example&external_id=1", "person"),
        ("crm_user=7", "connection"),
        ("platform=phones&email=a%40b.example", "platform"),
        ("email=a%40b.example&at=yesterday", "at"),
        ("email=a%40b.example&at=forever", "at"),
    ] {
        let problem = tenant.get(&format!("/resolve?{query}")).await;
        let problem = problem.problem(422, "request.invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
    tenant
        .get("/resolve?mail=a")
        .await
        .problem(400, "request.invalid");
    let fine = json!({"email": "a@b.example"});
    for (body, status) in [
        (json!([]), 422),
        (json!(vec![fine.clone(); 1_001]), 400),
        (json!([fine, {"mail": "a@b.example"}]), 422),
        (json!([fine, {}]), 422),
        (fine.clone(), 422),
    ] {
        let answer = tenant.post("/resolve", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    let second = tenant
        .post("/resolve", json!([fine, {"crm_user": "7"}]))
        .await;
    let problem = second.problem(422, "request.invalid");
    assert_eq!(problem["errors"][0]["field"], "[1].connection");
    let call = tenant.request(Some(Role::Viewer), Method::POST, "/resolve");
    let refused = call.body("text/csv", "email").send().await;
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
