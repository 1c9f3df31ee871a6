//! Changes that wait for a second person, over HTTP.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use axum::http::{Method, StatusCode, header};
use counterpart_model::{ChangeSetOrigin, Role};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::routes::{seed, table};
use crate::world::{Answer, Tenant, World};

/// The token of an admin of their own.
async fn admin(world: &World, tenant: &Tenant, email: &str) -> SecretString {
    let service = &world.service;
    let operator = service.operator(tenant.id, ChangeSetOrigin::Cli);
    let password = SecretString::from("correct horse battery staple".to_owned());
    let account = service.create_account(&operator, email, password, Role::Owner);
    let account = account.await.expect("an account").id;
    let entered = service.enter(account, tenant.id, ChangeSetOrigin::Portal);
    let (actor, _) = entered.await.expect("a member");
    let token = service.create_token(&actor, email, Role::Admin).await;
    token.expect("a token").secret
}

async fn post(tenant: &Tenant, token: &SecretString, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {}", token.expose_secret());
    tenant
        .request(None, Method::POST, path)
        .header("authorization", &bearer)
        .json(&body)
        .send()
        .await
}

async fn ask(tenant: &Tenant, from: Value) -> Answer {
    tenant
        .request(Some(Role::Owner), Method::PATCH, "")
        .json(&json!({"second_person_from": from}))
        .send()
        .await
}

#[tokio::test]
async fn a_change_waits_under_an_address_and_is_approved_there() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    seed(&world, &tenant).await;
    let ann = admin(&world, &tenant, "ann@example.com").await;
    let ben = admin(&world, &tenant, "ben@example.com").await;
    assert_eq!(ask(&tenant, json!(2)).await.ok()["second_person_from"], 2);
    assert_eq!(ask(&tenant, json!(1)).await.ok()["second_person_from"], 1);
    let kept = post(&tenant, &ann, "/people", json!({"display_name": "Cleo"})).await;
    assert_eq!(kept.status, StatusCode::ACCEPTED, "{}", kept.text);
    assert_eq!(kept.header(&header::CONTENT_TYPE), "application/json");
    let number = kept.json()["number"].as_u64().expect("a number");
    let location = kept.header(&header::LOCATION).to_owned();
    let place = format!("/pending-change-sets/{number}");
    assert!(location.ends_with(&place), "{location}");

    let seen = tenant.get(&location).await.ok();
    assert_eq!(seen["state"], "open");
    assert_eq!(seen["maker"]["account_email"], "ann@example.com");
    assert_eq!(seen["maker"]["token_name"], "ann@example.com");
    assert_eq!(
        (&seen["applicable"], &seen["conflicts"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(seen["items"][0]["outcome"], "applied");
    assert_eq!(seen["items"][0]["line"]["after"]["display_name"], "Cleo");
    assert_eq!(seen["may_decide"], false, "a viewer asks");

    let own = post(&tenant, &ann, &format!("{place}/approve"), json!({})).await;
    own.problem(403, "pending.own");
    let approve = json!({"reason": "known"});
    let approved = post(&tenant, &ben, &format!("{place}/approve"), approve.clone()).await;
    let change = approved.ok();
    assert_eq!(
        (approved.status, &change["skipped"]),
        (StatusCode::CREATED, &json!(0))
    );
    assert_eq!(change["approval"]["pending"], number);
    let again = post(&tenant, &ben, &format!("{place}/approve"), approve.clone()).await;
    assert_eq!(
        again.ok()["number"],
        change["number"],
        "said again, it is the same"
    );
    let other = tenant.post(&format!("{place}/approve"), approve).await;
    other.problem(409, "pending.decided");
    let late = post(&tenant, &ann, &format!("{place}/withdraw"), json!({})).await;
    late.problem(409, "pending.decided");

    let listed = tenant.get("/pending-change-sets?state=approved").await.ok();
    assert_eq!(
        listed["items"][0]["ending"]["by"]["account_email"],
        "ben@example.com"
    );
    assert_eq!(listed["items"][0]["ending"]["reason"], "known");
    let changes = tenant.get("/change-sets?limit=1").await.ok();
    let by = "token ben@example.com of ben@example.com";
    assert_eq!(changes["items"][0]["approved_by"], by);
}

#[tokio::test]
async fn what_is_rejected_or_withdrawn_is_never_applied() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ann = admin(&world, &tenant, "ann@example.com").await;
    ask(&tenant, json!(1)).await.ok();
    for name in ["Cleo", "Dan"] {
        post(&tenant, &ann, "/people", json!({"display_name": name}))
            .await
            .ok();
    }
    let reject = "/pending-change-sets/1/reject";
    let silent = tenant.post(reject, json!({"reason": ""})).await;
    silent.problem(422, "request.invalid");
    for _ in 0..2 {
        let rejected = tenant.post(reject, json!({"reason": "who?"})).await.ok();
        assert_eq!(rejected["state"], "rejected");
    }
    let withdraw = "/pending-change-sets/2/withdraw";
    let foreign = tenant.post(withdraw, json!({})).await;
    foreign.problem(403, "auth.forbidden");
    let withdrawn = post(&tenant, &ann, withdraw, json!({})).await.ok();
    assert_eq!(withdrawn["state"], "withdrawn");
    assert_eq!(tenant.get("/people").await.ok()["items"], json!([]));
    let open = tenant.get("/pending-change-sets?state=open").await.ok();
    assert_eq!(open["items"], json!([]));
    let unknown = tenant.get("/pending-change-sets/3").await;
    unknown.problem(404, "request.not_found");
}

#[tokio::test]
async fn whatever_the_description_says_may_wait_does_and_nothing_else() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let operator = world.service.operator(tenant.id, ChangeSetOrigin::Cli);
    let asked = world
        .service
        .set_second_person(&operator, NonZeroU32::new(1));
    asked.await.expect("set");
    let mut waited = BTreeSet::new();
    for route in table(&ids) {
        // Whether one is asked stays as it is, and what waits is not decided about.
        if route.method == "get" || route.path.is_empty() || route.path.contains("pending") {
            continue;
        }
        let method: Method = route.method.to_uppercase().parse().expect("a method");
        let call = tenant.request(Some(Role::Owner), method, &ids.fill(route.path));
        let body = route.body.unwrap_or_else(|| json!({}));
        let answer = call.json(&body).send().await;
        let location = answer.headers.get(header::LOCATION);
        let place = location.and_then(|it| it.to_str().ok()).unwrap_or_default();
        if place.contains("/pending-change-sets/") {
            assert_eq!(answer.status, StatusCode::ACCEPTED);
            waited.insert(format!("{} {}", route.method, route.path));
        }
    }
    // In this world there is nothing for these to change.
    let idle = [
        "post /change-sets/accept-certain",
        "post /change-sets/{number}/undo",
        "post /connections/{connection_id}/pairs/apply",
        "post /drift/{mapping_id}/repair",
        "post /mappings",
        "post /mappings/apply",
        "post /people/{person_id}/reactivate",
    ];
    waited.extend(idle.map(str::to_owned));
    let openapi: Value = serde_json::from_str(&counterpart_api::openapi().unwrap()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answer = &operation["responses"]["202"]["content"]["application/json"];
            let schema = answer["schema"]["$ref"].as_str().unwrap_or_default();
            if schema.ends_with("/WaitingChangeSet") {
                let inside = "/api/v1/organizations/{organization_id}";
                described.insert(format!("{method} {}", path.replace(inside, "")));
            }
        }
    }
    assert_eq!(waited, described);
}
