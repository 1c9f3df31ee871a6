//! Signing in once for everybody, keeping what was replaced before it is used, and using up
//! nothing twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use counterpart_connector::{Connector as _, ErrorClass, Hooks, ProbeOutcome, SessionKeeper as _};
use counterpart_model::{Code, CrmUserId};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::script::{Asked, Reply, Server};
use crate::world::{World, load};

/// Tokens `token-1`, `token-2`, …, each with a new refresh token; only the newest is accepted.
fn rotating() -> impl Fn(&Asked) -> Reply + Send + Sync + 'static {
    let issued = AtomicUsize::new(0);
    move |asked| {
        if asked.target == "/token" {
            let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
            return Reply::ok(&json!({
                "access_token": format!("token-{number}"),
                "refresh_token": format!("refresh-{number}"),
                "expires_in": 3_600,
            }));
        }
        let newest = format!("Bearer token-{}", issued.load(Ordering::SeqCst));
        if asked.authorization != newest {
            return Reply::status(401, &json!({"error": "token expired"}));
        }
        let users = json!([{"id": "u1", "name": "Ann"}]);
        Reply::ok(&json!({"id": "acme-1", "users": users, "roles": [], "staff": []}))
    }
}

#[tokio::test]
async fn a_replaced_refresh_token_is_kept_and_used_for_the_next_renewal() {
    let server = Server::start(rotating()).await;
    let world = World::new(&server);
    world
        .page(None)
        .await
        .expect("signs in with the first refresh token");
    let kept = world.sessions.replaced_credentials();
    assert_eq!(kept["refresh_token"].expose_secret(), "refresh-1");
    world.clock.advance(3_600);
    world
        .page(None)
        .await
        .expect("renews with the replaced one");
    let sent: Vec<_> = server
        .asked()
        .into_iter()
        .filter(|asked| asked.target == "/token")
        .map(|asked| asked.body)
        .collect();
    assert!(sent[0].contains("refresh_token=first-refresh"), "{sent:?}");
    assert!(sent[1].contains("refresh_token=refresh-1"), "{sent:?}");
    let kept = world.sessions.replaced_credentials();
    assert_eq!(kept["refresh_token"].expose_secret(), "refresh-2");
}

#[tokio::test]
async fn a_client_may_stand_elsewhere_when_a_refresh_token_is_used() {
    let server = Server::start(rotating()).await;
    let place = "path = \"/token\",";
    let elsewhere = "path = \"/token\", refresh_client = \"basic\",";
    let world = World::changed(&server, place, elsewhere, "").with_code("the-code");
    let settled = world.connector.settle(&world.access()).await;
    settled.expect("exchanges the code");
    world.clock.advance(3_600);
    world.page(None).await.expect("renews");
    let asked = server.asked().into_iter();
    let sent: Vec<_> = asked.filter(|asked| asked.target == "/token").collect();
    assert!(
        sent[0].body.contains("client_secret=the-secret"),
        "{sent:?}"
    );
    assert_eq!(sent[0].authorization, "");
    assert!(!sent[1].body.contains("client_secret"), "{sent:?}");
    assert!(sent[1].authorization.starts_with("Basic "), "{sent:?}");
}

#[tokio::test]
async fn several_calls_at_once_sign_in_once() {
    let server = Server::start(rotating()).await;
    let world = World::new(&server);
    let pages = tokio::join!(
        world.page(None),
        world.page(None),
        world.page(None),
        world.page(None)
    );
    assert!(pages.0.is_ok() && pages.1.is_ok() && pages.2.is_ok() && pages.3.is_ok());
    assert_eq!(server.count("/token"), 1);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_no_more() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/token" => Reply::ok(&json!({"access_token": "good-for-nothing"})),
        _ => Reply::status(401, &json!({"error": "no"})),
    })
    .await;
    let world = World::new(&server);
    let error = world.page(None).await.expect_err("every token is refused");
    assert_eq!(*error.class(), ErrorClass::Auth);
    assert_eq!(server.count("/token"), 2);
}

#[tokio::test]
async fn a_code_is_exchanged_once_even_when_the_answer_is_an_error() {
    let server = Server::start(|_| Reply::status(500, &json!({"error": "later"}))).await;
    let world = World::new(&server).with_code("the-code");
    let error = world
        .connector
        .settle(&world.access())
        .await
        .expect_err("it failed");
    assert!(error.is_passing());
    assert_eq!(server.count("/token"), 1, "a code works once");
    assert!(world.pause.lengths().is_empty());
}

#[tokio::test]
async fn a_code_becomes_a_refresh_token_and_is_forgotten() {
    let server = Server::start(rotating()).await;
    let world = World::new(&server).with_code(" the-code ");
    let settled = world
        .connector
        .settle(&world.access())
        .await
        .expect("the code is good");
    assert_eq!(settled.forget, ["code"]);
    let (name, token) = &settled.credentials[0];
    assert_eq!(
        (name.as_str(), token.expose_secret()),
        ("refresh_token", "refresh-1")
    );
    let asked = &server.asked()[0].body;
    assert!(asked.contains("grant_type=authorization_code") && asked.contains("code=the-code"));
    assert_eq!(
        server.count("/token"),
        1,
        "the session that came along is used"
    );
    let session = world
        .sessions
        .load()
        .await
        .expect("memory")
        .expect("a session");
    assert_eq!(session.value("access_token"), Some("token-1"));
}

#[tokio::test]
async fn a_wrong_secret_is_told_without_showing_it() {
    let server = Server::start(|_| {
        let words = "the client the-key with the-secret and first-refresh is not known";
        Reply::status(
            400,
            &json!({"error": "invalid_client", "error_description": words}),
        )
    })
    .await;
    let world = World::new(&server);
    let error = world.page(None).await.expect_err("it is refused");
    assert_eq!(error.code(), Code::ConnectionUnauthorized);
    let shown = error.to_string();
    assert!(shown.contains("invalid_client"), "{shown}");
    for secret in ["the-key", "the-secret", "first-refresh"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn what_must_be_absent_fails_the_test_when_it_is_there() {
    let server = Server::start(rotating()).await;
    let world = World::new(&server);
    let report = world
        .connector
        .check(&world.access())
        .await
        .expect("the organization answers");
    assert_eq!(
        report.org.as_ref().map(|org| org.id.as_str()),
        Some("acme-1")
    );
    let outcomes: Vec<_> = report.probes.iter().map(|probe| probe.outcome).collect();
    assert_eq!(outcomes, [ProbeOutcome::Passed, ProbeOutcome::Failed]);
    assert!(!report.is_good());
}

/// A way of signing in behind which the portal is asked for; every further request names it.
const WITH_PORTAL: &str = r#"
after_sign_in = [{ request = { path = "/portals" }, yields = { portal = { pointer = "/0/id", public = true } } }]
"#;

/// Answers like [`rotating`], and lists a portal.
async fn server_with_portals(portals: Value) -> Server {
    let others = rotating();
    Server::start(move |asked| match asked.target.as_str() {
        "/portals" => Reply::ok(&portals),
        _ => others(asked),
    })
    .await
}

#[tokio::test]
async fn what_is_asked_for_behind_signing_in_is_part_of_the_session() {
    let server = server_with_portals(json!([{"id": "p-1"}])).await;
    let world = World::with_manifest(&server, WITH_PORTAL);
    world.page(None).await.expect("the portal is found");
    world.page(None).await.expect("and known from then on");
    assert_eq!(server.count("/portals"), 1);
    let session = world.sessions.load().await.expect("memory");
    let session = session.expect("a session");
    assert_eq!(session.value("portal"), Some("p-1"));
    world.clock.advance(3_600);
    world.page(None).await.expect("renews");
    assert_eq!(server.count("/portals"), 2, "asked for with every session");
}

#[tokio::test]
async fn without_what_is_asked_for_behind_it_nobody_is_signed_in() {
    let server = server_with_portals(json!([])).await;
    let world = World::with_manifest(&server, WITH_PORTAL);
    let error = world.page(None).await.expect_err("there is no portal");
    assert!(error.to_string().contains("portal"), "{error}");
    assert_eq!(world.sessions.load().await, Ok(None));
    assert_eq!(server.count("/users"), 0);
}

#[test]
fn a_pasted_address_chooses_what_it_belongs_to() {
    let connector = load("[]", Hooks::default()).unwrap_or_else(|error| panic!("{error}"));
    for (typed, centre) in [
        ("https://crm.acme.example/users?page=2", "us"),
        ("CRM.au.acme.example", "au"),
        ("au", "au"),
    ] {
        let typed = [("address", "https://acme.example"), ("centre", typed)];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = connector
            .normalise(typed.into())
            .expect("it is one of them");
        assert_eq!(settings["centre"], centre);
    }
    let typed = [
        ("address", "https://acme.example"),
        ("centre", "https://notacme.example"),
    ];
    let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(connector.normalise(typed.into()).is_err());
}

#[test]
fn a_link_begins_with_the_host_that_the_settings_tell() {
    let connector = load("[]", Hooks::default()).unwrap_or_else(|error| panic!("{error}"));
    let link = |centre: &str| {
        let settings = [("centre".to_owned(), centre.to_owned())].into();
        connector.user_link(&settings, &CrmUserId("7/8".to_owned()))
    };
    assert_eq!(
        link("us").as_deref(),
        Some("https://www.acme.example/users/7%2F8")
    );
    assert_eq!(link("au"), None, "nothing tells its address");
}
