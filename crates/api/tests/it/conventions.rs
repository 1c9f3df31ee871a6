//! What holds for every route: paging, versions, problems, request ids.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use counterpart_model::Role;
use serde_json::json;
use tower::ServiceExt as _;

use crate::world::World;

#[tokio::test]
async fn a_list_is_read_to_its_end_by_following_its_links() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    for number in 0..5 {
        tenant
            .person(&format!("Ann {number}"), &format!("a{number}@example.com"))
            .await;
    }
    let mut seen = Vec::new();
    let mut path = "/people?search=ann&limit=2".to_owned();
    loop {
        let answer = tenant.get(&path).await;
        let body = answer.ok();
        let items = body["items"].as_array().expect("items");
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["display_name"].clone()));
        if body["next"].is_null() {
            assert!(!answer.headers.contains_key(header::LINK));
            break;
        }
        let link = answer.header(&header::LINK);
        let (address, rel) = link.split_once("; ").expect("a parameter");
        assert_eq!(rel, "rel=\"next\"");
        path = address.trim_matches(['<', '>']).to_owned();
        assert!(
            path.contains("search=ann") && path.contains("limit=2"),
            "{path}"
        );
    }
    assert_eq!(seen, ["Ann 0", "Ann 1", "Ann 2", "Ann 3", "Ann 4"]);
}

#[tokio::test]
async fn a_limit_out_of_bounds_or_an_unknown_parameter_is_refused() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    for query in [
        "limit=0",
        "limit=1001",
        "limit=ten",
        "serach=ann",
        "active=maybe",
    ] {
        let problem = tenant
            .get(&format!("/people?{query}"))
            .await
            .problem(400, "request.invalid");
        let detail = problem["detail"].as_str().expect("a detail");
        let name = query.split('=').next().expect("a name");
        assert!(detail.contains(name), "{detail}");
    }
    tenant.get("/people?limit=1000").await.ok();
    tenant
        .get("/grid?situation=lost")
        .await
        .problem(400, "request.invalid");
    tenant
        .get("/mappings?at=yesterday")
        .await
        .problem(400, "request.invalid");
}

#[tokio::test]
async fn a_change_made_from_an_old_version_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let id = tenant.person("Ann", "ann@example.com").await;
    let path = format!("/people/{id}");
    let first = tenant.get(&path).await;
    let tag = first.header(&header::ETAG).to_owned();
    let retitle = |tag: &str, title: &str| {
        tenant
            .request(Some(Role::Admin), Method::PATCH, &path)
            .header("if-match", tag)
            .json(&json!({ "title": title }))
            .send()
    };
    let changed = retitle(&tag, "Agent").await;
    assert_eq!(changed.ok()["title"], "Agent");
    assert_ne!(changed.header(&header::ETAG), tag);
    retitle(&tag, "Owner").await.problem(412, "mapping.stale");
    retitle("W/\"2\"", "Owner")
        .await
        .problem(412, "mapping.stale");
    retitle("2", "Owner").await.problem(400, "request.invalid");
    assert_eq!(tenant.get(&path).await.ok()["title"], "Agent");
    assert_eq!(retitle("*", "Lead").await.ok()["title"], "Lead");
}

#[tokio::test]
async fn the_same_put_twice_is_the_same_as_once() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let id = tenant.person("Ann", "ann@example.com").await;
    let put = || {
        tenant
            .request(Some(Role::Admin), Method::PUT, &format!("/people/{id}"))
            .json(&json!({"display_name": "Ann B", "extension": "204"}))
            .send()
    };
    let first = put().await;
    let second = put().await;
    assert_eq!(first.ok(), second.ok());
    assert_eq!(first.ok()["extension"], "204");
    assert_eq!(first.ok()["emails"], json!([]));
    assert_eq!(first.header(&header::ETAG), second.header(&header::ETAG));
}

#[tokio::test]
async fn what_the_framework_refuses_is_a_problem_too() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let as_owner = |method: Method, path: &str| tenant.request(Some(Role::Owner), method, path);
    as_owner(Method::GET, "/peple")
        .send()
        .await
        .problem(404, "request.not_found");
    as_owner(Method::GET, "/people/")
        .send()
        .await
        .problem(404, "request.not_found");
    as_owner(Method::GET, "/api/v2/people")
        .send()
        .await
        .problem(404, "request.not_found");
    let method = as_owner(Method::PUT, "/people")
        .json(&json!({}))
        .send()
        .await;
    method.problem(405, "request.invalid");
    assert!(method.header(&header::ALLOW).contains("POST"));
    as_owner(Method::GET, "/people/ann")
        .send()
        .await
        .problem(400, "request.invalid");
    let post = || as_owner(Method::POST, "/people");
    post().send().await.problem(415, "request.invalid");
    post()
        .body("text/plain", "{}")
        .send()
        .await
        .problem(415, "request.invalid");
    post()
        .body("application/json", "{\"title\":")
        .send()
        .await
        .problem(400, "request.invalid");
    post()
        .json(&json!({"name": "Ann"}))
        .send()
        .await
        .problem(422, "request.invalid");
    post()
        .body("application/json", vec![b' '; 10 * 1024 * 1024 + 1])
        .send()
        .await
        .problem(413, "file.too_large");
}

#[tokio::test]
async fn paths_outside_of_the_api_are_left_to_others() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let answer = tenant
        .request(None, Method::GET, "/healthz/more")
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.text, "");
    let portal = axum::Router::new().fallback(async || "portal");
    let merged = world.router.clone().merge(portal);
    let at = |path: &str| {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        merged.clone().oneshot(request)
    };
    assert_eq!(at("/o/1/people").await.unwrap().status(), StatusCode::OK);
    assert_eq!(
        at("/api/nothing").await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_request_keeps_the_id_it_brings_along_and_gets_one_otherwise() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let with = |id: &str| {
        tenant
            .request(None, Method::GET, "/people")
            .header("x-request-id", id)
            .send()
    };
    let named = with("edge-42").await;
    assert_eq!(named.json()["instance"], "edge-42");
    assert_eq!(named.headers["x-request-id"], "edge-42");
    let forged = with("a b").await;
    let made = forged.json()["instance"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_ne!(made, "a b");
    assert_eq!(forged.headers["x-request-id"], made.as_str());
}

#[tokio::test]
async fn health_needs_no_token_and_answers_are_never_cached() {
    let world = World::new().await;
    let tenant = world.organization("North").await;
    let answer = tenant.request(None, Method::GET, "/healthz").send().await;
    assert_eq!(answer.ok()["status"], "ok");
    assert_eq!(answer.header(&header::CACHE_CONTROL), "no-store");
    let openapi = tenant
        .request(None, Method::GET, "/api/openapi.json")
        .send()
        .await;
    assert_eq!(openapi.ok()["openapi"], "3.1.0");
}
