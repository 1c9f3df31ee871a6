//! Signing in at the vendor, alone and for several products at once.

use serde_json::{Value, json};

use crate::pilot::CODE;
use crate::world::{Tenant, World};

const BACK: &str = "https://integrator.example/back";

fn suite(way: &str, extra: &[(&str, &str)]) -> Value {
    let mut credentials = json!({"client_id": "c", "client_secret": "s"});
    for (name, value) in extra {
        credentials[*name] = json!(value);
    }
    json!({
        "suite": "pilot",
        "products": [{"provider": "pilot-sales"}, {"provider": "pilot-desk", "name": "Help"}],
        "settings": {"sign_in": way},
        "credentials": credentials,
    })
}

async fn connect(tenant: &Tenant, form: Value) -> Vec<Value> {
    let answer = tenant.post("/connections/suite", form).await.ok();
    answer["items"].as_array().expect("connections").clone()
}

/// The value of a parameter of an address.
fn asked(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).expect("an address");
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(known, _)| known == name);
    found.expect(name).1.into_owned()
}

#[tokio::test]
async fn providers_tell_what_they_can_do_how_one_signs_in_and_what_belongs_together() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let providers = tenant.get("/api/v1/providers").await.ok();
    let find = |name: &str| {
        let all = providers["items"].as_array().expect("providers");
        let found = all.iter().find(|it| it["provider"] == name);
        found.expect("a provider").clone()
    };
    let pilot = find("pilot-desk");
    let ways: Vec<_> = [("code", false), ("redirect", true)]
        .map(|(name, needs)| (json!(name), json!(needs)))
        .into();
    let told = pilot["ways"].as_array().expect("ways");
    let told: Vec<_> = told
        .iter()
        .map(|way| (way["name"].clone(), way["needs_public_address"].clone()))
        .collect();
    assert_eq!(told, ways);
    assert_eq!(pilot["suite"]["scopes"], json!(["desk.read", "who"]));
    let code = &pilot["credentials"][2];
    assert_eq!(code["name"], "pasted");
    assert_eq!(code["lives_minutes"], 3);
    assert_eq!(code["ways"], json!(["code"]));
    let capabilities = pilot["capabilities"].as_array().expect("capabilities");
    for name in ["list_users", "sign_in_by_redirect"] {
        assert!(capabilities.contains(&json!(name)), "{capabilities:?}");
    }
    assert_eq!(find("acme")["suite"], Value::Null);
}

#[tokio::test]
async fn one_code_connects_several_products_and_is_never_shown() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let form = suite("code", &[("pasted", CODE)]);
    let connections = connect(&tenant, form.clone()).await;
    let names: Vec<_> = connections.iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["Pilot sales", "Help"]);
    for connection in &connections {
        assert_eq!(connection["health"]["state"], "healthy", "{connection}");
        assert!(!connection.to_string().contains(CODE));
    }
    let wrong = suite("code", &[("pasted", "another")]);
    let refused = tenant.post("/connections/suite", wrong).await;
    assert!(refused.text.contains("connection.unauthorized"));
    let unknown = json!({"suite": "other", "products": []});
    tenant
        .post("/connections/suite", unknown)
        .await
        .problem(422, "connection.provider_unknown");
}

#[tokio::test]
async fn a_consent_covers_the_connections_that_are_named_with_it() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let connections = connect(&tenant, suite("redirect", &[])).await;
    for connection in &connections {
        assert_eq!(connection["health"]["code"], "connection.unauthorized");
    }
    let id = |at: usize| connections[at]["id"].as_str().expect("an id").to_owned();
    let path = format!("/connections/{}/consent", id(0));
    let begun = tenant
        .post(&path, json!({"redirect_uri": BACK, "with": [id(1)]}))
        .await
        .ok();
    let url = begun["url"].as_str().expect("an address");
    assert!(url.starts_with("https://pilot.example/consent?"), "{url}");
    assert_eq!(asked(url, "redirect_uri"), BACK);
    assert_eq!(asked(url, "scope"), "sales.read who desk.read");

    let finish = |code: &str| json!({"state": asked(url, "state"), "code": code});
    let refused = tenant
        .post("/connections/consent/finish", finish("wrong"))
        .await;
    assert!(refused.text.contains("connection.unauthorized"));
    let done = tenant
        .post("/connections/consent/finish", finish(CODE))
        .await
        .ok();
    assert_eq!(done["connection"]["health"]["state"], "healthy");
    assert_eq!(done["with"][0]["id"], json!(id(1)));
    assert_eq!(done["with"][0]["health"]["state"], "healthy");
}

#[tokio::test]
async fn another_organization_cannot_finish_a_consent() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let other = world.organization("South").await;
    let connections = connect(&tenant, suite("redirect", &[])).await;
    let id = connections[0]["id"].as_str().expect("an id");
    let path = format!("/connections/{id}/consent");
    let begun = tenant.post(&path, json!({"redirect_uri": BACK})).await.ok();
    let state = asked(begun["url"].as_str().expect("an address"), "state");
    let body = json!({"state": state, "code": CODE});
    let refused = other.post("/connections/consent/finish", body).await;
    assert!(refused.text.contains("connection.unauthorized"));
    other
        .post(&path, json!({"redirect_uri": BACK}))
        .await
        .problem(404, "request.not_found");
}
