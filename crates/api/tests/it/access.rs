//! Who may do what, for every route and every role.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode, header};
use counterpart_model::Role;
use serde_json::Value;

use crate::routes::{Route, seed, table};
use crate::world::{Answer, Tenant, World};

const INSIDE: &str = "/api/v1/organizations/{organization_id}";

async fn call(tenant: &Tenant, role: Option<Role>, route: &Route, path: &str) -> Answer {
    let method: Method = route.method.to_uppercase().parse().expect("a method");
    let call = tenant.request(role, method, path);
    match &route.body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

#[tokio::test]
async fn the_table_holds_every_route_of_the_description() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let ids = seed(&world, &tenant).await;
    let inside: BTreeSet<String> = table(&ids)
        .iter()
        .map(|route| format!("{} {INSIDE}{}", route.method, route.path))
        .collect();
    let outside = [
        "get /api/v1/organizations",
        "get /api/v1/providers",
        "get /healthz",
        "get /readyz",
    ];
    let known: BTreeSet<String> = inside
        .into_iter()
        .chain(outside.map(str::to_owned))
        .collect();
    let openapi: Value = serde_json::from_str(&counterpart_api::openapi().unwrap()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in openapi["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
        }
    }
    assert_eq!(described, known);
}

#[tokio::test]
async fn every_route_is_open_to_its_role_and_those_above_and_to_nobody_else() {
    let roles = [
        None,
        Some(Role::Viewer),
        Some(Role::Admin),
        Some(Role::Owner),
    ];
    for role in roles {
        let world = World::new().await;
        let tenant = world.organization("North").await;
        let ids = seed(&world, &tenant).await;
        for route in table(&ids) {
            let answer = call(&tenant, role, &route, &ids.fill(route.path)).await;
            let what = format!("{role:?} {} {}: {}", route.method, route.path, answer.text);
            match role {
                None => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}");
                    answer.problem(401, "auth.required");
                    assert!(
                        answer
                            .header(&header::WWW_AUTHENTICATE)
                            .starts_with("Bearer")
                    );
                }
                Some(_) if role < route.role => {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
                    answer.problem(403, "auth.forbidden");
                }
                Some(_) => {
                    let expected_conflicts = ["/runs/{run_id}/allow", "/runs/{run_id}/reject"];
                    let may_conflict = expected_conflicts.contains(&route.path)
                        // Nothing is proposed in this world, and a sync may still be under way.
                        || route.path == "/change-sets/accept-certain"
                        // The person of the first change set is used by the others.
                        || route.path == "/change-sets/{number}/undo"
                        // Whoever approved it has decided.
                        || route.path.starts_with("/pending-change-sets/")
                        // The table's bodies are JSON, which is no file of pairs.
                        || route.path.contains("/pairs/");
                    // The connection is not of the kind, and nobody has consented.
                    if route.path.contains("/consent") {
                        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{what}");
                        assert!(answer.text.contains("\"connection.un"), "{what}");
                        continue;
                    }
                    // Nothing drifts in this world.
                    if route.path.ends_with("/repair") {
                        answer.problem(404, "drift.not_found");
                        continue;
                    }
                    assert!(
                        answer.status.is_success()
                            || may_conflict && matches!(answer.status.as_u16(), 409 | 422),
                        "{what}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_was_revoked_or_never_was_is_refused() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let made = tenant
        .post(
            "/tokens",
            serde_json::json!({"name": "x", "role": "viewer"}),
        )
        .await;
    let id = made.created();
    let secret = format!("Bearer {}", made.json()["secret"].as_str().unwrap());
    let look = || {
        tenant
            .request(None, Method::GET, "/people")
            .header("authorization", &secret)
            .send()
    };
    look().await.ok();
    assert_eq!(
        tenant.delete(&format!("/tokens/{id}")).await.status,
        StatusCode::NO_CONTENT
    );
    let refused = look().await;
    refused.problem(401, "auth.required");
    assert!(
        refused
            .header(&header::WWW_AUTHENTICATE)
            .contains("invalid_token")
    );
    for header in ["Basic YWJj", "Bearer", "Bearer  ", "Bearer cpt_unknown"] {
        tenant
            .request(None, Method::GET, "/people")
            .header("authorization", header)
            .send()
            .await
            .problem(401, "auth.required");
    }
}
