//! Answers that are too large, cut, slow or no HTTP.

use std::io::Write as _;
use std::time::Duration;

use counterpart_model::Code;
use counterpart_outbound::{OutboundError, Request};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::server::{Reply, Server, answer, client_with, local_client};

const CAP: usize = 100_000;
const GZIP: &str = "content-encoding: gzip\r\n";

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}

/// What a client that reads at most [`CAP`] bytes says to this reply.
async fn capped(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Result<usize, OutboundError> {
    let server = Server::start(move |_| reply()).await;
    let client = client_with(&["127.0.0.0/8"], |options| options.largest_body = CAP);
    let response = client.send(Request::get(server.url("/"))).await?;
    Ok(response.body().len())
}

#[tokio::test]
async fn a_body_up_to_the_cap_is_read_and_one_byte_more_is_not() {
    let at_cap = capped(|| Reply::Keep(answer(200, "", &vec![b' '; CAP]))).await;
    assert_eq!(at_cap, Ok(CAP));
    let above = capped(|| Reply::Keep(answer(200, "", &vec![b' '; CAP + 1]))).await;
    assert!(matches!(
        above,
        Err(OutboundError::TooLarge { limit: CAP, .. })
    ));
}

#[tokio::test]
async fn an_endless_body_is_given_up_at_the_cap() {
    let endless = capped(|| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        let chunk = [b"1000\r\n".as_slice(), &[b'x'; 0x1000], b"\r\n"].concat();
        Reply::Repeat(head, chunk)
    })
    .await;
    assert!(matches!(endless, Err(OutboundError::TooLarge { .. })));
}

#[tokio::test]
async fn a_compressed_bomb_is_given_up_at_the_cap() {
    let bomb = gzip(&vec![0; 50_000_000]);
    assert!(
        bomb.len() < CAP,
        "the announced length must not give it away"
    );
    let exploded = capped(move || Reply::Keep(answer(200, GZIP, &bomb))).await;
    assert!(matches!(exploded, Err(OutboundError::TooLarge { .. })));
}

#[tokio::test]
async fn a_compressed_body_arrives_unpacked() {
    let body = gzip(br#"{"users":[]}"#);
    let server = Server::start(move |_| Reply::Keep(answer(200, GZIP, &body))).await;
    let response = local_client()
        .send(Request::get(server.url("/")))
        .await
        .expect("an answer");
    assert_eq!(response.json(), Ok(json!({"users": []})));
    assert!(
        server.requests()[0]
            .to_lowercase()
            .contains("accept-encoding: gzip")
    );
}

#[tokio::test]
async fn a_body_that_ends_early_is_broken_off() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nabc";
    let mut cut = gzip(&[b'x'; 1_000]);
    cut.truncate(cut.len() - 9);
    let replies: [Vec<u8>; 5] = [
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"users\":".to_vec(),
        chunked.into(),
        answer(200, GZIP, &cut),
        answer(200, GZIP, b"this is no gzip"),
        b"HTTP/1.1 200 OK\r\ncontent-le".to_vec(),
    ];
    for reply in replies {
        let shown = String::from_utf8_lossy(&reply).into_owned();
        let server = Server::start(move |_| Reply::Close(reply.clone())).await;
        let error = local_client()
            .send(Request::get(server.url("/")))
            .await
            .expect_err(&shown);
        assert_eq!(error.code(), Code::ConnectionBrokenOff, "{shown}: {error}");
    }
}

#[tokio::test]
async fn no_answer_and_no_http_are_broken_off() {
    for reply in ["", "SSH-2.0-OpenSSH_9.9\r\n"] {
        let server = Server::start(move |_| Reply::Close(reply.into())).await;
        let error = local_client()
            .send(Request::get(server.url("/")))
            .await
            .expect_err("no HTTP");
        assert_eq!(error.code(), Code::ConnectionBrokenOff, "{error}");
    }
}

#[tokio::test]
async fn silence_ends_at_the_time_allowed() {
    let silent = || Reply::Silence;
    let half = || Reply::Keep(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec());
    for reply in [silent as fn() -> Reply, half] {
        let server = Server::start(move |_| reply()).await;
        let client = client_with(&["127.0.0.0/8"], |options| {
            options.request_timeout = Duration::from_millis(200);
        });
        let error = client
            .send(Request::get(server.url("/")))
            .await
            .expect_err("silence");
        let host = format!("127.0.0.1:{}", server.port());
        assert_eq!(error, OutboundError::Timeout { host, seconds: 1 });
    }
}

#[tokio::test]
async fn bodies_go_out_as_json_and_as_forms() {
    let server = Server::ok().await;
    let client = local_client();
    let request = Request::post(server.url("/")).json(&json!({"name": "Zoë"}));
    client.send(request).await.expect("an answer");
    let fields = [
        ("a".to_owned(), "1&2 =".to_owned()),
        ("a".to_owned(), "ü".to_owned()),
    ];
    let request = Request::patch(server.url("/")).form(&fields);
    client.send(request).await.expect("an answer");
    let requests = server.requests();
    assert!(requests[0].starts_with("POST "));
    assert!(requests[0].contains("content-type: application/json\r\n"));
    assert!(requests[0].ends_with("{\"name\":\"Zoë\"}"));
    assert!(requests[1].starts_with("PATCH "));
    assert!(requests[1].contains("content-type: application/x-www-form-urlencoded\r\n"));
    assert!(requests[1].ends_with("a=1%262+%3D&a=%C3%BC"));
}
