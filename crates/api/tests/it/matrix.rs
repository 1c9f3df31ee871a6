//! The matrix over the API: from the CRM's side, inconsistencies, departments, saved views.

use axum::http::Method;
use counterpart_model::Role;
use serde_json::json;

use crate::acme::KEY;
use crate::routes::seed;
use crate::world::World;

#[tokio::test]
async fn crm_users_are_listed_with_who_they_are() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let path = format!("/connections/{}/pivot", ids.connection);
    let rows = tenant.get(&path).await.ok();
    let rows = rows["items"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["crm_user"]["id"], "u1");
    assert_eq!(rows[0]["people"][0]["person"]["id"], ids.person.as_str());
    assert!(rows[0]["people"][0]["mapping"]["mapping_id"].is_string());
    assert_eq!(rows[1]["decisions"][0]["kind"], "not_a_person");
    for (only, expected) in [
        ("usable", 2),
        ("unmapped", 1),
        ("drifted", 0),
        ("unusable", 0),
    ] {
        let rows = tenant.get(&format!("{path}?only={only}")).await.ok();
        let rows = rows["items"].as_array().expect("rows").len();
        assert_eq!(rows, expected, "{only}");
    }
    let one = format!("/connections/{}/crm-users/u1", ids.connection);
    let one = tenant.get(&one).await.ok();
    assert_eq!(one["mappings"].as_array().expect("mappings").len(), 1);
    assert_eq!(one["now"]["crm_user"]["display_name"], "Ann Example");
    let nobody = format!("/connections/{}/crm-users/u9", ids.connection);
    tenant.get(&nobody).await.problem(404, "crm_user.not_found");
}

#[tokio::test]
async fn a_persons_history_and_department_are_found() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let person = format!("/people/{}", ids.person);
    let patch = tenant
        .request(Some(Role::Admin), Method::PATCH, &person)
        .json(&json!({"department": "Sales"}))
        .send()
        .await;
    patch.ok();
    let history = tenant.get(&format!("{person}/change-sets")).await.ok();
    assert_eq!(history["items"].as_array().expect("sets").len(), 3);
    let departments = tenant.get("/departments").await.ok();
    assert_eq!(departments["departments"], json!(["Sales"]));
    let grid = tenant.get("/grid?department=SALES&sort=department").await;
    assert_eq!(grid.ok()["items"].as_array().expect("rows").len(), 1);
    let grid = tenant.get("/grid?department=Support").await.ok();
    assert_eq!(grid["items"], json!([]));
}

#[tokio::test]
async fn two_crm_users_of_one_person_that_disagree_are_told() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    world.acme.clear();
    world
        .acme
        .add("z1", "Zebulon Quixotic", "zebulon@example.com");
    let another = json!({
        "provider": "acme", "name": "Acme US",
        "settings": {"address": "acme.example.com"}, "credentials": {"api_key": KEY},
    });
    let other = tenant.post("/connections", another).await.created();
    tenant.sync(&other).await;
    assert_eq!(tenant.get("/overview").await.ok()["inconsistent"], 0);
    let pair = json!({"connection_id": other, "person_id": ids.person, "crm_user_id": "z1"});
    tenant.post("/mappings", pair).await.created();
    let overview = tenant.get("/overview").await.ok();
    assert_eq!(overview["inconsistent"], 1);
    // The mapping that is likely wrong drifts as well, and is not covered.
    assert_eq!(
        overview["connections"][0]["coverage"],
        json!({"mapped": 1, "of": 1})
    );
    let grid = tenant.get("/grid?inconsistent=true").await.ok();
    let found = &grid["items"][0]["inconsistencies"][0];
    let detail = found["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("Zebulon Quixotic (zebulon@example.com)"),
        "{detail}"
    );
    assert!(detail.contains("Ann Example (ann@example.com)"), "{detail}");
    let one = tenant
        .get(&format!("/connections/{other}/crm-users/z1"))
        .await;
    assert_eq!(one.ok()["inconsistencies"][0]["detail"], detail);
}

#[tokio::test]
async fn a_shared_view_is_renamed_and_its_name_is_taken() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let view = |name: &str| json!({"name": name, "page": "people", "query": "?show=drifted"});
    let id = tenant.post("/saved-views", view("Drift")).await.created();
    let taken = tenant.post("/saved-views", view(" drift ")).await;
    taken.problem(422, "request.invalid");
    let path = format!("/saved-views/{id}");
    let renamed = tenant
        .request(Some(Role::Admin), Method::PATCH, &path)
        .json(&json!({"name": "What drifts"}))
        .send()
        .await;
    assert_eq!(renamed.ok()["query"], "show=drifted");
    let listed = tenant.get("/saved-views").await.ok();
    assert_eq!(listed["items"][0]["name"], "What drifts");
}
