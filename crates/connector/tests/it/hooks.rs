//! Hooks: each does its one thing, where the manifest names it.

use std::collections::BTreeMap;

use counterpart_connector::{
    Access, Connector as _, ErrorClass, FieldProblem, HookFuture, Hooks, Position, PulledUser,
    RegistryError, SessionState,
};
use counterpart_model::Code;
use counterpart_outbound::{Request, Response};
use serde_json::{Value, json};

use crate::script::{Asked, Reply, Server};
use crate::world::{World, load};

/// Answers everything, `/users` with this page.
async fn server(page: Value) -> Server {
    Server::start(move |asked: &Asked| match asked.target.as_str() {
        "/token" => Reply::ok(&json!({"access_token": "token"})),
        target if target.starts_with("/users") => Reply::ok(&page),
        _ => Reply::ok(&json!({"roles": [], "staff": []})),
    })
    .await
}

fn one_user() -> Value {
    json!({"users": [{"id": "U1", "name": "Ann"}]})
}

#[test]
fn manifest_and_hooks_must_name_the_same() {
    let hooks = Hooks {
        normalise_id: Some(|id| Some(id.to_lowercase())),
        ..Hooks::default()
    };
    for (named, given) in [("[]", hooks), ("[\"normalise_id\"]", Hooks::default())] {
        let error = load(named, given).expect_err("one side is missing");
        assert!(matches!(error, RegistryError::Hooks { .. }), "{error}");
    }
    assert!(load("[\"normalise_id\"]", hooks).is_ok());
}

#[tokio::test]
async fn ids_come_in_their_one_form_listed_and_typed() {
    let hooks = Hooks {
        normalise_id: Some(|id| Some(id.to_lowercase())),
        ..Hooks::default()
    };
    let world = World::with_hooks(&server(one_user()).await, "[\"normalise_id\"]", hooks);
    let page = world.page(None).await.expect("a page");
    assert_eq!(page.users[0].id.0, "u1");
    assert_eq!(
        world.connector.normalise_id(" U1 "),
        Some(page.users[0].id.clone())
    );
}

fn no_machines(row: &Value, mut user: PulledUser) -> Result<PulledUser, String> {
    if row["name"] == "Machine" {
        return Err("a machine".to_owned());
    }
    user.profile.title = Some("mapped".to_owned());
    Ok(user)
}

#[tokio::test]
async fn a_user_can_be_changed_or_refused() {
    let page = json!({"users": [{"id": "u1", "name": "Ann"}, {"id": "u2", "name": "Machine"}]});
    let hooks = Hooks {
        map_user: Some(no_machines),
        ..Hooks::default()
    };
    let world = World::with_hooks(&server(page).await, "[\"map_user\"]", hooks);
    let page = world.page(None).await.expect("a page");
    assert_eq!(page.users.len(), 1);
    assert_eq!(page.users[0].profile.title.as_deref(), Some("mapped"));
    assert_eq!(page.failures[0].id.as_deref(), Some("u2"));
    assert_eq!(page.failures[0].message, "a machine");
}

fn second_page(body: &Value, began: Option<&Position>) -> Option<Position> {
    let is_full = body["users"]
        .as_array()
        .is_some_and(|users| !users.is_empty());
    (is_full && began.is_none()).then(|| Position::Url("/users?second".to_owned()))
}

#[tokio::test]
async fn the_next_page_can_be_found_from_the_rows() {
    let hooks = Hooks {
        next_page: Some(second_page),
        ..Hooks::default()
    };
    let server = server(one_user()).await;
    let world = World::with_hooks(&server, "[\"next_page\"]", hooks);
    let first = world.page(None).await.expect("the first page");
    let second = world
        .page(first.next.as_deref())
        .await
        .expect("the second page");
    assert_eq!(second.next, None);
    assert_eq!(server.count("/users?second"), 1);
}

fn decoded(response: &Response) -> Result<Value, String> {
    let text = response.text().map_err(|error| error.to_string())?;
    let json = text
        .strip_prefix(")]}\n")
        .ok_or("it has no guard in front")?;
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_body_that_is_no_json_can_be_decoded() {
    let hooks = Hooks {
        decode_page: Some(decoded),
        ..Hooks::default()
    };
    let guarded = Server::start(|asked: &Asked| {
        let body = match asked.target.as_str() {
            "/token" => json!({"access_token": "token"}),
            "/users" => one_user(),
            _ => json!({"roles": [], "staff": []}),
        };
        Reply::text(200, format!(")]}}\n{body}"))
    })
    .await;
    let world = World::with_hooks(&guarded, "[\"decode_page\"]", hooks);
    assert_eq!(world.page(None).await.expect("a page").users.len(), 1);
    let plain = World::with_hooks(&server(one_user()).await, "[\"decode_page\"]", hooks);
    let error = plain.page(None).await.expect_err("the guard is missing");
    assert_eq!(error.code(), Code::ConnectionUnexpectedAnswer);
}

fn asleep(response: &Response) -> Option<ErrorClass> {
    let is_asleep = response.text().is_ok_and(|text| text.contains("asleep"));
    is_asleep.then_some(ErrorClass::Transient)
}

#[tokio::test]
async fn an_answer_can_be_classified() {
    let hooks = Hooks {
        classify_error: Some(asleep),
        ..Hooks::default()
    };
    let server = server(json!({"state": "asleep"})).await;
    let world = World::with_hooks(&server, "[\"classify_error\"]", hooks);
    let error = world.page(None).await.expect_err("it is asleep");
    assert_eq!(*error.class(), ErrorClass::Transient);
}

fn signed(request: Request, _: &Access<'_>, session: Option<&SessionState>) -> Request {
    let token = session
        .and_then(|session| session.value("access_token"))
        .unwrap_or_default();
    request.header("authorization", &format!("Signed {token}"))
}

fn own_session<'a>(
    access: &'a Access<'a>,
    _: Option<&'a SessionState>,
) -> HookFuture<'a, SessionState> {
    Box::pin(async move {
        let values = [("access_token".to_owned(), "made by the hook".to_owned())];
        Ok(SessionState::new(values.into(), access.clock.now(), None))
    })
}

#[tokio::test]
async fn requests_are_signed_with_the_session_that_a_hook_made() {
    let hooks = Hooks {
        sign_request: Some(signed),
        refresh_token: Some(own_session),
        ..Hooks::default()
    };
    let server = server(one_user()).await;
    let world = World::with_hooks(&server, "[\"sign_request\", \"refresh_token\"]", hooks);
    world.page(None).await.expect("a page");
    assert_eq!(server.count("/token"), 0);
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.authorization == "Signed made by the hook")
    );
}

fn at_home(settings: &mut BTreeMap<String, String>) -> Vec<FieldProblem> {
    settings.insert("address".to_owned(), "home.example".to_owned());
    Vec::new()
}

#[test]
fn settings_can_be_put_right_before_the_general_rules() {
    let hooks = Hooks {
        normalise_settings: Some(at_home),
        ..Hooks::default()
    };
    let connector = load("[\"normalise_settings\"]", hooks).expect("both name it");
    let settings = connector
        .normalise(BTreeMap::new())
        .expect("the hook fills it in");
    assert_eq!(settings["address"], "https://home.example");
}
