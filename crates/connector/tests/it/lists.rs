//! Lists: credentials stay on their host, what is optional may be missing, and every list ends.

use counterpart_connector::UserPage;
use counterpart_model::Code;
use serde_json::{Value, json};

use crate::script::{Reply, Server};
use crate::world::World;

fn token() -> Reply {
    Reply::ok(&json!({"access_token": "token"}))
}

/// A server whose `/users` is answered so, and everything else with 403.
async fn users_only(page: impl Fn(&str) -> Value + Send + Sync + 'static) -> Server {
    Server::start(move |asked| match asked.target.as_str() {
        "/token" => token(),
        target if target.starts_with("/users") => Reply::ok(&page(target)),
        _ => Reply::status(403, &json!({"error": "not for you"})),
    })
    .await
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_asked_for() {
    let elsewhere = Server::start(|_| token()).await;
    let next = format!("http://{}/users?page=2", elsewhere.address);
    let server = users_only(move |_| json!({"users": [{"id": "u1"}], "next": next})).await;
    let world = World::new(&server);
    let first = world.page(None).await.expect("the first page is all right");
    let error = world
        .page(first.next.as_deref())
        .await
        .expect_err("it is another host");
    assert_eq!(error.code(), Code::ConnectionRedirected);
    assert!(
        elsewhere.asked().is_empty(),
        "credentials went to another host"
    );
}

#[tokio::test]
async fn optional_tables_and_joins_may_be_forbidden() {
    let server = users_only(|_| json!({"users": [{"id": "u1", "name": "Ann", "role": 7}]})).await;
    let page = World::new(&server)
        .page(None)
        .await
        .expect("the users are there");
    assert_eq!(page.users[0].profile.display_name, "Ann");
    assert_eq!(page.users[0].profile.role, None);
    assert!(page.users[0].profile.other_ids.is_empty());
}

/// Some vendors write an empty list as `null`; a place that is missing means another answer.
#[tokio::test]
async fn a_table_said_to_be_null_is_empty_and_one_that_is_missing_is_an_error() {
    let with_roles = |roles: Value| {
        Server::start(move |asked| match asked.target.as_str() {
            "/token" => token(),
            "/users" => Reply::ok(&json!({"users": [{"id": "u1", "name": "Ann"}]})),
            "/roles" => Reply::ok(&roles),
            _ => Reply::ok(&json!({"staff": null})),
        })
    };
    let server = with_roles(json!({"roles": null})).await;
    let page = World::new(&server).page(None).await;
    assert_eq!(page.expect("nobody has a role").users.len(), 1);
    let server = with_roles(json!({"rollen": []})).await;
    assert!(World::new(&server).page(None).await.is_err());
}

#[tokio::test]
async fn an_id_that_stands_in_each_of_several_rows_comes_from_all_of_them() {
    let server = Server::start(|asked| {
        Reply::ok(&match asked.target.as_str() {
            "/token" => return token(),
            "/users" => json!({"users": [{"id": "u1"}]}),
            "/roles" => json!({"roles": []}),
            _ => json!({"staff": [{"user": "u1", "number": 41}, {"user": "u1", "number": 42}]}),
        })
    })
    .await;
    let page = World::new(&server).page(None).await.expect("a page");
    let ids = page.users[0].profile.other_ids.iter();
    let numbers: Vec<_> = ids.map(|id| id.value.as_str()).collect();
    assert_eq!(numbers, ["41", "42"]);
}

#[tokio::test]
async fn an_error_is_told_in_the_providers_own_words_where_they_are_known() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/token" => token(),
        _ => Reply::status(
            422,
            &json!({"trace": "at /srv/app.py", "why": "The id is taken."}),
        ),
    })
    .await;
    let error = World::new(&server).page(None).await.expect_err("422");
    assert_eq!(error.code(), Code::ConnectionRefused);
    let message = error.to_string();
    assert!(message.contains("The id is taken."), "{message}");
    assert!(!message.contains("/srv/"), "{message}");
}

#[tokio::test]
async fn tables_are_read_once_and_joins_for_every_page() {
    let server = Server::start(|asked| {
        Reply::ok(&match asked.target.as_str() {
            "/token" => return token(),
            "/roles" => json!({"roles": [{"id": 7, "name": "Owner"}]}),
            "/users" => json!({"users": [{"id": "u1", "role": 7}], "next": "/users?page=2"}),
            "/users?page=2" => json!({"users": [{"id": "u2", "role": 7}]}),
            _ => json!({"staff": [{"user": "u1", "number": 41}, {"user": "u2", "number": 42}]}),
        })
    })
    .await;
    let world = World::new(&server);
    let first = world.page(None).await.expect("the first page");
    let second = world
        .page(first.next.as_deref())
        .await
        .expect("the second page");
    let numbers = |page: &UserPage| page.users[0].profile.other_ids[0].value.clone();
    assert_eq!(
        (numbers(&first), numbers(&second)),
        ("41".to_owned(), "42".to_owned())
    );
    assert_eq!(second.users[0].profile.role.as_deref(), Some("Owner"));
    assert_eq!(server.count("/roles"), 1);
    assert_eq!(server.count("/staff"), 2);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn a_circle_of_pages_ends() {
    let server = users_only(|target| {
        let page: u32 = target
            .split('=')
            .nth(1)
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        let next = page % 40 + 1;
        json!({"users": [{"id": format!("u{page}")}], "next": format!("/users?page={next}")})
    })
    .await;
    let world = World::new(&server);
    let mut cursor = None;
    for _ in 0..200 {
        match world.page(cursor.as_deref()).await {
            Ok(page) => cursor = page.next,
            Err(error) => return assert_eq!(error.code(), Code::ConnectionCursorRepeated),
        }
    }
    panic!("200 pages of a circle of 40 were read");
}

#[tokio::test]
async fn records_without_an_id_are_reported_and_the_others_kept() {
    let server =
        users_only(|_| json!({"users": [{"id": "u1"}, {"name": "Nobody"}, {"id": " "}]})).await;
    let page = World::new(&server)
        .page(None)
        .await
        .expect("one record is whole");
    assert_eq!(page.users.len(), 1);
    assert_eq!(
        page.failures
            .iter()
            .map(|failure| failure.record)
            .collect::<Vec<_>>(),
        [2, 3]
    );
    let server = users_only(|_| json!({"users": [{"ID": "u1"}, {"ID": "u2"}]})).await;
    let error = World::new(&server)
        .page(None)
        .await
        .expect_err("the API has changed");
    assert_eq!(error.code(), Code::ConnectionIdInvalid);
}

#[tokio::test]
async fn an_answer_without_its_list_is_not_an_empty_list() {
    let server = users_only(|_| json!({"message": "hello"})).await;
    let error = World::new(&server)
        .page(None)
        .await
        .expect_err("there is no list");
    assert_eq!(error.code(), Code::ConnectionUnexpectedAnswer);
}
