//! Where requests may go.

use std::process::Command;

use counterpart_model::Code;
use counterpart_outbound::{OutboundError, Request};

use crate::server::{Reply, Server, answer, client, local_client, url};

#[tokio::test]
async fn an_allowed_loopback_address_is_reached() {
    let server = Server::ok().await;
    let response = local_client()
        .send(Request::get(server.url("/users")).query("page", "1 2"))
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    let requests = server.requests();
    assert!(
        requests[0].starts_with("GET /users?page=1+2 HTTP/1.1"),
        "{requests:?}"
    );
    assert!(
        requests[0]
            .to_lowercase()
            .contains("user-agent: counterpart/")
    );
}

#[tokio::test]
async fn no_spelling_of_loopback_gets_a_connection_unless_allowed() {
    let server = Server::ok().await;
    let port = server.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "localhost",
        "LOCALHOST",
    ] {
        for scheme in ["http", "https"] {
            let url = url(&format!("{scheme}://{host}:{port}/"));
            let error = client(&[]).send(Request::get(url)).await.expect_err(host);
            assert_eq!(
                error.code(),
                Code::ConnectionAddressRefused,
                "{host}: {error}"
            );
            assert!(error.to_string().contains("--allow-address"), "{error}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_is_admitted_when_all_its_addresses_are() {
    let server = Server::ok().await;
    let url = url(&format!("http://localhost:{}/", server.port()));
    let client = client(&["127.0.0.0/8", "::1"]);
    let response = client.send(Request::get(url)).await.expect("an answer");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn another_allowed_range_admits_nothing_else() {
    let server = Server::ok().await;
    let error = client(&["10.0.0.0/8", "127.0.0.2"])
        .send(Request::get(server.url("/")))
        .await
        .expect_err("127.0.0.1 was not allowed");
    assert_eq!(error.code(), Code::ConnectionAddressRefused);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn plain_http_is_refused_in_public() {
    let error = local_client()
        .send(Request::get(url("http://192.9.9.9/")))
        .await
        .expect_err("plain http");
    assert_eq!(error.code(), Code::ConnectionAddressRefused);
    assert!(error.to_string().contains("plain http"), "{error}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_unreachable() {
    let error = client(&[])
        .send(Request::get(url("https://nobody.invalid/")))
        .await
        .expect_err("no such name");
    assert_eq!(
        error,
        OutboundError::Unreachable {
            host: "nobody.invalid".to_owned(),
            reason: "the name does not resolve".to_owned(),
        }
    );
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let error = local_client()
        .send(Request::get(url(&format!("http://{address}/"))))
        .await
        .expect_err("nothing listens");
    assert_eq!(error.code(), Code::ConnectionUnreachable);
    assert!(error.to_string().contains("nothing listens"), "{error}");
}

#[tokio::test]
async fn other_schemes_and_credentials_in_the_address_are_invalid() {
    for address in [
        "ftp://crm.example/",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "https://user:hunter2@crm.example/",
    ] {
        let error = client(&[])
            .send(Request::get(url(address)))
            .await
            .expect_err(address);
        assert_eq!(error.code(), Code::ConnectionSettingsInvalid, "{address}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_reported_by_host_and_not_followed() {
    let target = Server::ok().await;
    let location = format!("http://127.0.0.1:{}/in?session=abc", target.port());
    for status in [301, 302, 303, 307, 308] {
        let header = format!("location: {location}\r\n");
        let server = Server::start(move |_| Reply::Keep(answer(status, &header, b""))).await;
        let error = local_client()
            .send(Request::get(server.url("/")))
            .await
            .expect_err("a redirect");
        assert_eq!(
            error,
            OutboundError::Redirected {
                host: format!("127.0.0.1:{}", server.port()),
                to: format!("http://127.0.0.1:{}", target.port()),
            }
        );
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn not_modified_and_a_redirect_to_nowhere_are_answers() {
    for (status, header) in [(304, "location: /x\r\n"), (302, "")] {
        let server = Server::start(move |_| Reply::Keep(answer(status, header, b""))).await;
        let response = local_client().send(Request::get(server.url("/"))).await;
        assert_eq!(response.expect("an answer").status(), status);
    }
}

#[tokio::test]
async fn pages_come_over_one_connection_without_cookies() {
    let server =
        Server::start(|_| Reply::Keep(answer(200, "set-cookie: session=1; Path=/\r\n", b"{}")))
            .await;
    let client = local_client();
    for _ in 0..5 {
        let request = Request::get(server.url("/"));
        client.clone().send(request).await.expect("an answer");
    }
    assert_eq!(server.connections(), 1);
    let requests = server.requests().join("\n").to_lowercase();
    assert!(!requests.contains("cookie"), "{requests}");
}

/// Changing the environment of this process would be seen by other tests, so another process of
/// the same binary runs the test that would fail if a proxy were used.
#[test]
fn proxies_of_the_environment_are_ignored() {
    let this = std::env::current_exe().expect("a test binary");
    let mut command = Command::new(this);
    command.args(["--exact", "guard::an_allowed_loopback_address_is_reached"]);
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env(name, "http://127.0.0.1:1");
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY");
    let output = command.output().expect("started");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("1 passed"), "{printed}");
}
