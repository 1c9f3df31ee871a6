//! Signing in by a redirect, and what is asked of a connection besides.

use std::collections::BTreeMap;

use counterpart_emulators::Running;
use counterpart_model::{Code, Connection, ConnectionId, ConnectionState, Environment, Role};
use counterpart_service::connections::{ConnectionInput, connection_of_state};
use counterpart_service::sync::SyncMode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::world::{World, emulator, input_for};

/// Where the browser comes back to.
pub(crate) const BACK: &str = "https://counterpart.example/connections/signed-in";

/// The redirect way of an emulator's connector, without a code to paste.
pub(crate) fn by_redirect(emulator: &Running) -> ConnectionInput {
    let mut input = input_for(emulator);
    input
        .settings
        .insert("sign_in".to_owned(), "redirect".to_owned());
    input
        .credentials
        .retain(|name, _| name.starts_with("client_"));
    input
}

/// Consents at once, as somebody in a browser who agrees to everything: `state` and `code`.
pub(crate) async fn agree(consent: &Url) -> BTreeMap<String, String> {
    let host = consent.host_str().expect("a host");
    let port = consent.port().expect("a port");
    let mut stream = TcpStream::connect((host, port)).await.expect("the vendor");
    let path = &consent[url::Position::BeforePath..];
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("no redirect: {answer}"));
    assert!(location.starts_with(BACK), "{location}");
    let back = Url::parse(location).expect("an address");
    back.query_pairs().into_owned().collect()
}

async fn waiting(world: &World, emulator: &Running) -> Connection {
    let saved = world
        .service
        .save_connection(&world.owner, by_redirect(emulator))
        .await
        .expect("saved untested");
    assert_eq!(saved.health.code, Some(Code::ConnectionUnauthorized));
    saved
}

async fn begin(world: &World, id: ConnectionId) -> Url {
    world
        .service
        .begin_consent(&world.owner, id, BACK, &[])
        .await
        .expect("an address")
}

#[tokio::test]
async fn a_redirect_there_and_back_leaves_a_connection_that_reads_its_users() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let saved = waiting(&world, &emulator).await;
    let returned = agree(&begin(&world, saved.id).await).await;
    assert_eq!(
        connection_of_state(&returned["state"]),
        Some((world.organization.id, saved.id))
    );
    let done = world
        .service
        .finish_consent(
            &world.owner,
            &returned["state"],
            returned["code"].clone().into(),
        )
        .await
        .expect("signed in");
    assert_eq!(done.connection.health.state, ConnectionState::Healthy);
    assert!(done.with.is_empty());
    let names = &done.connection.credentials;
    assert!(names.contains(&"refresh_token".to_owned()), "{names:?}");
    assert!(
        !names
            .iter()
            .any(|name| name == "code" || name == "code_verifier")
    );
    let run = world
        .service
        .sync(&world.owner, saved.id, SyncMode::Full)
        .await
        .expect("a sync");
    assert!(run.report.read > 0, "{run:?}");
}

#[tokio::test]
async fn signing_in_again_keeps_the_mappings() {
    let world = World::new().await;
    world.add_people(1, 20).await;
    let emulator = emulator("zoho-crm", 20).await;
    let saved = waiting(&world, &emulator).await;
    let mut mapped = Vec::new();
    for _ in 0..2 {
        let returned = agree(&begin(&world, saved.id).await).await;
        world
            .service
            .finish_consent(
                &world.owner,
                &returned["state"],
                returned["code"].clone().into(),
            )
            .await
            .expect("signed in");
        world
            .service
            .sync(&world.owner, saved.id, SyncMode::Full)
            .await
            .expect("a sync");
        world.service.accept_certain(&world.owner, None).await.ok();
        let view = world
            .service
            .connection_view(&world.owner, saved.id)
            .await
            .expect("a view");
        let counts = view.counts.expect("counts");
        mapped.push(counts.in_situation(counterpart_model::Situation::Mapped));
    }
    assert!(mapped[0] > 0 && mapped[0] == mapped[1], "{mapped:?}");
}

#[tokio::test]
async fn a_sign_in_is_finished_by_whoever_began_it_within_its_time() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let saved = waiting(&world, &emulator).await;
    let returned = agree(&begin(&world, saved.id).await).await;
    let other = world.member("admin@example.com", Role::Admin).await;
    let viewer = world.member("viewer@example.com", Role::Viewer).await;
    let (state, code) = (&returned["state"], &returned["code"]);
    let forged = format!("{state}A");
    for (actor, state, expected) in [
        (&other, state, Code::ConnectionUnauthorized),
        (&viewer, state, Code::AuthForbidden),
        (&world.owner, &forged, Code::ConnectionUnauthorized),
    ] {
        let refused = world
            .service
            .finish_consent(actor, state, code.clone().into())
            .await
            .expect_err("refused");
        assert_eq!(refused.code(), expected);
    }
    world.clock.advance(16 * 60);
    let late = world
        .service
        .finish_consent(&world.owner, state, code.clone().into())
        .await
        .expect_err("too late");
    assert_eq!(late.code(), Code::ConnectionUnauthorized);
}

#[tokio::test]
async fn a_way_without_a_redirect_has_nowhere_to_send_anybody() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let saved = world.connect(&emulator).await;
    let refused = world
        .service
        .begin_consent(&world.owner, saved.id, BACK, &[])
        .await
        .expect_err("refused");
    assert_eq!(refused.code(), Code::ConnectionUnsupported);
}

#[tokio::test]
async fn requests_left_are_told_where_the_vendor_tells_them() {
    let world = World::new().await;
    for (provider, tells) in [("zoho-desk", true), ("tryton", false)] {
        let emulator = emulator(provider, 20).await;
        let saved = world.connect(&emulator).await;
        let left = world
            .service
            .connection_allowance(&world.owner, saved.id)
            .await
            .expect(provider);
        assert_eq!(left.is_some(), tells, "{provider}: {left:?}");
    }
}

#[tokio::test]
async fn what_is_insisted_on_is_kept_even_when_nobody_answers() {
    let world = World::new().await;
    let emulator = emulator("autotask", 20).await;
    let mut input = input_for(&emulator);
    drop(emulator);
    input.environment = Some(Environment::Sandbox);
    let refused = world
        .service
        .save_connection(&world.owner, input.clone())
        .await
        .expect_err("nobody there");
    assert_eq!(refused.code(), Code::ConnectionUnreachable);
    input.untested = true;
    let kept = world
        .service
        .save_connection(&world.owner, input)
        .await
        .expect("kept");
    assert_eq!(kept.health.code, Some(Code::ConnectionUnreachable));
    assert_eq!(kept.environment, Environment::Sandbox);
}
