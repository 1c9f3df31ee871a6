//! The JSON that callers rely on, as snapshots. A change here is a change of the API.

use counterpart_model::Role;
use serde_json::{Value, json};

use crate::routes::seed;
use crate::world::World;

/// The value with everything that differs from run to run named instead of shown.
fn settled(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = match name.as_str() {
                    "hash" | "secret" => json!(format!("[{name}]")),
                    // What the matcher finds is its own business.
                    "score" | "weight" | "words" if !value.is_null() => {
                        json!(format!("[{name}]"))
                    }
                    "items" | "others" | "evidence" => settled(first_of(value)),
                    _ => settled(value),
                };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(settled).collect(),
        Value::String(text) if is_uuid(&text) => json!("[id]"),
        Value::String(text) if text.starts_with("2026-") && text.ends_with('Z') => json!("[time]"),
        other => other,
    }
}

fn first_of(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().take(1).collect(),
        other => other,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.matches('-').count() == 4 && text.starts_with("01")
}

#[tokio::test]
async fn the_shapes_of_what_is_read_stay() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let shapes = [
        ("organizations", "/api/v1/organizations"),
        ("providers", "/api/v1/providers"),
        ("people", "/people"),
        ("person", "/people/{person_id}"),
        ("why", "/people/{person_id}/connections/{connection_id}/why"),
        (
            "candidates",
            "/people/{person_id}/connections/{connection_id}/candidates",
        ),
        ("connection", "/connections/{connection_id}"),
        (
            "crm_users",
            "/connections/{connection_id}/crm-users?limit=1&usable=true",
        ),
        ("run", "/runs/{run_id}"),
        ("run_changes", "/runs/{run_id}/changes?limit=1&kind=new"),
        ("grid", "/grid?situation=mapped"),
        ("overview", "/overview"),
        ("mapping", "/mappings/{mapping_id}"),
        ("decisions", "/decisions"),
        ("change_set", "/change-sets/1"),
        ("change_lines", "/change-sets/1/lines"),
    ];
    for (name, path) in shapes {
        let body = tenant.get(&ids.fill(path)).await.ok();
        insta::assert_json_snapshot!(name, settled(body));
    }
}

#[tokio::test]
async fn the_shapes_of_problems_stay() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let call = |path: &str| {
        tenant
            .request(Some(Role::Admin), axum::http::Method::POST, path)
            .header("x-request-id", "the-request")
    };
    let fields = call("/people")
        .json(&json!({"emails": ["ann"], "extension": "2\u{7}"}))
        .send()
        .await;
    insta::assert_json_snapshot!("problem_with_fields", fields.problem(422, "person.invalid"));
    let upstream = call("/connections")
        .json(&json!({
            "provider": "acme",
            "settings": {"address": "acme.example.com"},
            "credentials": {"api_key": "planted-and-wrong"},
        }))
        .send()
        .await;
    insta::assert_json_snapshot!(
        "problem_upstream",
        upstream.problem(502, "connection.unauthorized")
    );
    assert!(!upstream.text.contains("planted"), "{}", upstream.text);
}
