//! Mappings as files, over HTTP.

use axum::http::{Method, StatusCode};
use counterpart_model::Role;

use crate::routes::seed;
use crate::world::{Answer, Tenant, World};

async fn send(tenant: &Tenant, path: &str, media_type: &str, body: &str) -> Answer {
    tenant
        .request(Some(Role::Admin), Method::POST, path)
        .body(media_type, body)
        .send()
        .await
}

#[tokio::test]
async fn an_exported_file_changes_nothing_until_it_is_edited_and_then_what_was_edited() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    seed(&world, &tenant).await;
    let exported = tenant.get("/mappings/export?format=yaml").await;
    assert_eq!(exported.status, StatusCode::OK, "{}", exported.text);
    let yaml = "application/yaml";
    let plan = send(&tenant, "/mappings/plan", yaml, &exported.text)
        .await
        .ok();
    assert_eq!(
        (&plan["changes"], &plan["same"]),
        (&serde_json::json!([]), &2.into())
    );
    let same = send(&tenant, "/mappings/apply", yaml, &exported.text)
        .await
        .ok();
    assert!(same["change_set"].is_null());
    let edited = exported.text.replace(
        "crm_user: \"u1\"",
        "crm_user: \"u1\"\n        to: \"2030-01-01T00:00:00Z\"",
    );
    let applied = send(&tenant, "/mappings/apply?reason=moving", yaml, &edited)
        .await
        .ok();
    assert_eq!(applied["change_set"]["origin"], "import", "{applied}");
    assert_eq!(applied["plan"]["changes"][0]["change"], "change");
    let wrong = exported.text.replace("\"u1\"", "\"u9\"");
    let problem = send(&tenant, "/mappings/apply", yaml, &wrong)
        .await
        .problem(422, "file.invalid");
    let errors = problem["errors"].as_array().expect("errors");
    assert!(
        errors[0]["field"]
            .as_str()
            .is_some_and(|field| field.starts_with("line ")),
        "{problem}"
    );
    tenant
        .get("/mappings/export?format=yaml&at=now")
        .await
        .problem(400, "request.invalid");
}

#[tokio::test]
async fn pairs_are_understood_planned_and_applied() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let path = |verb: &str| format!("/connections/{}/pairs/{verb}", ids.connection);
    tenant.person("Bob Builder", "bob@example.com").await;
    let file = "who,crm\nbob@example.com,u2\nann@example.com,u1\n";
    let plan = send(&tenant, &path("plan"), "text/csv", file).await.ok();
    assert_eq!(plan["person"]["key"], "email", "{plan}");
    assert_eq!(plan["crm_user"]["key"], "id", "{plan}");
    assert_eq!(plan["plan"]["same"], 1, "{plan}");
    let applied = send(&tenant, &path("apply"), "text/csv", file).await.ok();
    assert!(applied["change_set"].is_u64(), "{applied}");
    let mapped = tenant.get("/mappings?at=now").await.ok();
    assert_eq!(mapped["items"].as_array().map(Vec::len), Some(2));
    let unknown = path("plan?person_key=shoe_size");
    send(&tenant, &unknown, "text/csv", file)
        .await
        .problem(400, "request.invalid");
}
