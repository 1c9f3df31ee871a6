//! Secrets go out with the request and nowhere else.

use std::time::Duration;

use counterpart_outbound::{Request, SecretString};
use serde_json::json;

use crate::server::{Reply, Server, answer, client_with, local_client, url};

const SECRET: &str = "s3cr3t/\"ünd+more";

fn secret() -> SecretString {
    SECRET.into()
}

/// A request with the secret in every place that can hold one.
fn laden(server: &Server) -> Request {
    let mut url = server.url("/tenant");
    url.path_segments_mut().expect("a base").push(SECRET);
    Request::post(url)
        .query("key", SECRET)
        .secret_header("x-api-key", "s3cr3t-header".into())
        .json(&json!({ "password": SECRET }))
        .redact([secret()])
}

fn assert_clean(text: &str) {
    for part in ["s3cr3t", "%C3%BCnd", "czNjcjN0"] {
        assert!(!text.contains(part), "`{part}` shows in: {text}");
    }
}

#[tokio::test]
async fn no_failure_tells_a_secret() {
    let location = "location: https://login.example/s3cr3t?token=s3cr3t\r\n";
    let status_line = "HTTP/1.1 s3cr3t\r\n\r\n";
    let replies: [fn() -> Reply; 5] = [
        || Reply::Close(Vec::new()),
        || Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ns3cr3t".to_vec()),
        || Reply::Keep(answer(200, "", &[b's'; 5_000])),
        || Reply::Silence,
        || Reply::Keep(answer(200, "content-encoding: gzip\r\n", b"s3cr3t")),
    ];
    let mut servers = Vec::new();
    for reply in replies {
        servers.push(Server::start(move |_| reply()).await);
    }
    servers.push(Server::start(move |_| Reply::Keep(answer(302, location, b""))).await);
    servers.push(Server::start(move |_| Reply::Close(status_line.into())).await);
    let client = client_with(&["127.0.0.0/8"], |options| {
        options.request_timeout = Duration::from_millis(300);
        options.largest_body = 1_000;
    });
    for server in &servers {
        let error = client.send(laden(server)).await.expect_err("a failure");
        assert_clean(&error.to_string());
        assert_clean(&format!("{error:?}"));
        assert!(server.requests()[0].contains("s3cr3t"), "it was to be sent");
    }
    assert_clean(&format!("{client:?}"));
}

#[tokio::test]
async fn what_a_server_echoes_is_redacted() {
    let echo = |request: &str| Reply::Keep(answer(400, "", request.as_bytes()));
    let server = Server::start(echo).await;
    let response = local_client()
        .send(laden(&server))
        .await
        .expect("an answer");
    assert!(response.text().expect("text").contains("s3cr3t"));
    let excerpt = response.excerpt(2_000);
    assert!(excerpt.contains("[redacted]"), "{excerpt}");
    assert_clean(&excerpt);
    assert_clean(&format!("{response:?}"));
}

#[tokio::test]
async fn tokens_and_passwords_are_sent_and_hidden() {
    let echo = |request: &str| Reply::Keep(answer(200, "", request.as_bytes()));
    let server = Server::start(echo).await;
    for (request, sent) in [
        (
            Request::get(server.url("/")).bearer(&"s3cr3t-token".into()),
            "authorization: Bearer s3cr3t-token\r\n",
        ),
        (
            Request::get(server.url("/")).basic("me", &"s3cr3t".into()),
            "authorization: Basic bWU6czNjcjN0\r\n",
        ),
    ] {
        assert_clean(&format!("{request:?}"));
        let response = local_client().send(request).await.expect("an answer");
        assert!(response.text().expect("text").contains(sent));
        let excerpt = response.excerpt(2_000);
        assert_clean(&excerpt);
        assert!(!excerpt.contains("bWU6"), "{excerpt}");
    }
}

#[tokio::test]
async fn debug_of_a_request_shows_the_way_and_nothing_else() {
    let server = Server::ok().await;
    let shown = format!("{:?}", laden(&server));
    assert_clean(&shown);
    let port = server.port();
    assert_eq!(
        shown,
        format!("Request(POST http://127.0.0.1:{port}/tenant/[redacted])")
    );
}

#[tokio::test]
async fn a_credential_with_a_line_break_is_named_by_its_header() {
    let request = Request::get(url("https://crm.example/"))
        .secret_header("x-api-key", "s3cr3t\nsecond line".into());
    let error = local_client()
        .send(request)
        .await
        .expect_err("a line break");
    assert!(error.to_string().contains("`x-api-key`"), "{error}");
    assert_clean(&format!("{error} {error:?}"));
    let request = Request::get(url("https://crm.example/")).header("bad name", "value");
    let error = local_client().send(request).await.expect_err("a space");
    assert!(error.to_string().contains("`bad name`"), "{error}");
}

#[tokio::test]
async fn a_later_header_replaces_an_earlier_one() {
    let server = Server::ok().await;
    let request = Request::get(server.url("/"))
        .header("X-Kind", "one")
        .header("x-kind", "two");
    local_client().send(request).await.expect("an answer");
    let sent = server.requests().remove(0);
    assert!(
        sent.contains("x-kind: two") && !sent.contains("one"),
        "{sent}"
    );
}
