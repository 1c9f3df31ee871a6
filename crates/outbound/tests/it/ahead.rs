//! Pages that are asked for before they are wanted.

use counterpart_outbound::{Client, Method, Request, Url};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::server::{Reply, Server, answer, local_client};

/// A list of three pages, each of which says where the next one is; and what is asked of it.
async fn list() -> (Server, UnboundedReceiver<String>) {
    let (asked, requests) = unbounded_channel();
    let server = Server::start(move |request| {
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let next = match path.as_str() {
            "/1" => r#"{"next":"/2"}"#,
            "/2" => r#"{"next":"/3"}"#,
            _ => "{}",
        };
        let status = if path == "/gone" { 410 } else { 200 };
        // The test that listens may have ended.
        let _ = asked.send(path);
        Reply::Keep(answer(status, "", next.as_bytes()))
    })
    .await;
    (server, requests)
}

/// A client that follows `next` of its answers.
fn following(client: &Client) -> Client {
    client
        .reading_ahead()
        .along(|asked: &Url, answer| asked.join(&answer.peek_text("/next")?).ok())
        .expect("reads ahead")
}

async fn get(client: &Client, server: &Server, path: &str) -> String {
    let request = Request::get(server.url(path)).header("x-who", "us");
    let response = client.send(request).await.expect("answered");
    response.text().expect("text").to_owned()
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_it_is_wanted_and_only_once() {
    let (server, mut requests) = list().await;
    let client = following(&local_client());
    get(&client, &server, "/1").await;
    assert_eq!(requests.recv().await.as_deref(), Some("/1"));
    // Nobody has asked for it yet.
    assert_eq!(requests.recv().await.as_deref(), Some("/2"));
    assert_eq!(get(&client, &server, "/2").await, r#"{"next":"/3"}"#);
    assert_eq!(requests.recv().await.as_deref(), Some("/3"));
    get(&client, &server, "/3").await;
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn what_was_asked_for_early_is_given_to_nobody_who_asks_otherwise() {
    let (server, mut requests) = list().await;
    let client = following(&local_client());
    get(&client, &server, "/1").await;
    for expected in ["/1", "/2"] {
        assert_eq!(requests.recv().await.as_deref(), Some(expected));
    }
    let other = Request::get(server.url("/2")).header("x-who", "somebody else");
    client.send(other).await.expect("answered");
    assert_eq!(requests.recv().await.as_deref(), Some("/2"), "sent itself");
}

#[tokio::test]
async fn nothing_is_asked_for_early_after_a_failure_or_a_write_or_without_being_told_to() {
    let (server, mut requests) = list().await;
    let ahead = following(&local_client());
    let write = Request::new(Method::POST, server.url("/1"));
    ahead.send(write).await.expect("answered");
    get(&ahead, &server, "/gone").await;
    let plain = local_client().reading_ahead();
    get(&plain, &server, "/1").await;
    assert!(local_client().along(|_: &Url, _| None).is_none());
    get(&plain, &server, "/last").await;
    for expected in ["/1", "/gone", "/1", "/last"] {
        assert_eq!(requests.recv().await.as_deref(), Some(expected));
    }
}
