//! The way in: set-up link, sign-in, cookies, strangers' forms.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER, SET_COOKIE};
use counterpart_model::Role;
use counterpart_web::{PortalOptions, router};
use secrecy::ExposeSecret as _;

use crate::client::{Client, cookie_of};
use crate::house::{House, PASSWORD};
use crate::world::{TestClock, World};

const SET_UP: [(&str, &str); 4] = [
    ("organization", "Northwind"),
    ("time_zone", "Europe/Berlin"),
    ("email", "ann@example.com"),
    ("password", PASSWORD),
];

#[tokio::test]
async fn the_set_up_link_leads_to_the_three_steps_once() {
    let house = House::new(
        std::sync::Arc::new(TestClock::default()),
        counterpart_connectors::registry().expect("connectors"),
    )
    .await;
    let app = router(house.service.clone(), PortalOptions::default());
    let link = house
        .service
        .setup_link()
        .await
        .expect("an answer")
        .expect("a link");
    let path = format!("/setup/{}", link.expose_secret());
    let anon = Client::anon(&app);

    let page = anon.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let made = anon.post(&path, &SET_UP).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(!cookie_of(&made).is_empty());
    let owner = Client::signed_in(&app, "ann@example.com").await;
    let overview = owner.get(made.location()).await;
    for step in ["Bring your people", "Connect a CRM", "Map"] {
        assert!(overview.body.contains(step), "{step}");
    }
    assert_eq!(anon.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        anon.post(&path, &SET_UP).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_set_up_form_keeps_what_was_typed_but_the_password() {
    let house = House::new(
        std::sync::Arc::new(TestClock::default()),
        counterpart_connectors::registry().expect("connectors"),
    )
    .await;
    let app = router(house.service.clone(), PortalOptions::default());
    let link = house
        .service
        .setup_link()
        .await
        .expect("an answer")
        .expect("a link");
    let mut form = SET_UP;
    form[1] = ("time_zone", "Berlin");
    let path = format!("/setup/{}", link.expose_secret());
    let reply = Client::anon(&app).post(&path, &form).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("value=\"Northwind\""));
    assert!(reply.body.contains("ann@example.com"));
    assert!(reply.body.contains("is not a time zone"));
    assert!(!reply.body.contains(PASSWORD));
}

#[tokio::test]
async fn a_wrong_password_says_so_and_keeps_the_address() {
    let world = World::new().await;
    let form = [("email", "viewer@example.com"), ("password", "wrong")];
    let reply = Client::anon(&world.app).post("/sign-in", &form).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(reply.body.contains("viewer@example.com"));
    assert!(reply.headers.get(SET_COOKIE).is_none());
}

#[tokio::test]
async fn guessing_is_slowed_down_and_says_for_how_long() {
    let world = World::new().await;
    let anon = Client::anon(&world.app);
    let wrong = [("email", "viewer@example.com"), ("password", "wrong")];
    let mut last = anon.post("/sign-in", &wrong).await;
    for _ in 0..5 {
        last = anon.post("/sign-in", &wrong).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers.contains_key(RETRY_AFTER));
    let right = [("email", "viewer@example.com"), ("password", PASSWORD)];
    assert_eq!(
        anon.post("/sign-in", &right).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    world.clock.advance(60 * 60);
    assert_eq!(
        anon.post("/sign-in", &right).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let path = world.path("/mapping/discard");
    for origin in [Some("https://elsewhere.example"), Some("null"), None] {
        let reply = owner.post_from(origin, &path, &[]).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{origin:?}");
        assert!(reply.body.contains("auth.cross_site"), "{origin:?}");
    }
    assert_eq!(owner.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let world = World::new().await;
    let app = router(
        world.house.service.clone(),
        PortalOptions {
            public_url: None,
            secure_cookies: true,
        },
    );
    let form = [("email", "viewer@example.com"), ("password", PASSWORD)];
    let reply = Client::anon(&app).post("/sign-in", &form).await;
    let cookie = reply
        .headers
        .get(SET_COOKIE)
        .and_then(|value| value.to_str().ok());
    let cookie = cookie.expect("a cookie");
    assert!(cookie.starts_with("__Host-counterpart="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let world = World::new().await;
    let viewer = world.client(Role::Viewer).await;
    assert_eq!(viewer.get(&world.path("")).await.status, StatusCode::OK);
    viewer.post("/sign-out", &[]).await;
    // The same cookie again, as somebody who copied it would send it.
    let reply = viewer.get(&world.path("/people")).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert!(reply.location().starts_with("/sign-in?next="));
}

#[tokio::test]
async fn pages_carry_no_inline_code_and_stay_out_of_caches() {
    let world = World::new().await;
    let owner = world.client(Role::Owner).await;
    let person = world.person().await;
    let pages = [
        world.path(""),
        world.path("/mapping"),
        world.path("/people"),
        world.path(&format!("/people/{}", person.id)),
        world.path("/connections"),
        world.path(&format!("/connections/{}", world.connection.id)),
        world.path(&format!("/connections/{}/edit", world.connection.id)),
        world.path("/settings"),
        "/sign-in".to_owned(),
    ];
    for path in pages {
        let reply = owner.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        for inline in [
            " style=",
            "<style",
            " onclick=",
            "hx-on",
            "js:",
            "javascript:",
        ] {
            assert!(!reply.body.contains(inline), "{path} holds {inline}");
        }
        assert!(!reply.body.contains("<script>"), "{path}");
        assert_eq!(reply.headers[CACHE_CONTROL], "no-store", "{path}");
        let policy = reply.headers[CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("a policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn assets_are_kept_for_good_under_the_hash_of_what_they_hold() {
    let world = World::new().await;
    let anon = Client::anon(&world.app);
    let page = anon.get("/sign-in").await.body;
    let start = page.find("/assets/portal-").expect("a style sheet");
    let path: String = page[start..]
        .chars()
        .take_while(|letter| *letter != '"')
        .collect();
    let reply = anon.get(&path).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(
        reply.headers[CACHE_CONTROL]
            .to_str()
            .expect("text")
            .contains("immutable")
    );
    assert!(reply.body.contains("--accent"));
    assert_eq!(
        anon.get("/assets/portal-0.css").await.status,
        StatusCode::NOT_FOUND
    );
}
