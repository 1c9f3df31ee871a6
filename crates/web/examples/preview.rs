//! Previews the portal with made-up people and emulated CRMs: `cargo run --example preview -p
//! counterpart-web [PEOPLE [PORT [CONNECTORS]]]`, with a folder of further manifests. Everything is
//! gone when it ends.

use std::net::SocketAddr;
use std::sync::Arc;

use counterpart_model::{Clock, DraftEdit, Role, Situation, Timestamp};
use counterpart_service::mapping::GridRequest;
use counterpart_web::{PortalOptions, router};
use secrecy::ExposeSecret as _;

#[path = "../tests/it/house.rs"]
mod house;

use house::{House, PASSWORD, emulator};

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the preview runs in real time")]
        jiff::Timestamp::now().into()
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "says where to look")]
async fn main() -> std::io::Result<()> {
    let people = std::env::args()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(128);
    let port = std::env::args()
        .nth(2)
        .and_then(|port| port.parse().ok())
        .unwrap_or(4600);
    let mut connectors = counterpart_connectors::registry().expect("connectors");
    if let Some(folder) = std::env::args().nth(3) {
        let folder = std::path::PathBuf::from(folder);
        connectors.add_folder(&folder, &[]).expect("manifests");
    }
    let house = House::new(Arc::new(SystemClock), connectors).await;
    let link = house
        .service
        .setup_link()
        .await
        .expect("a link")
        .expect("no accounts yet");
    let (organization, operator) = house.organization("Northwind Support", true).await;
    let mut emulators = Vec::new();
    house.people(&operator, people).await;
    for known in counterpart_emulators::catalogue() {
        if house.service.connectors().get(known.name).is_none() {
            continue;
        }
        let running = emulator(known.name, people).await;
        house.connect(&operator, &running).await;
        emulators.push(running);
    }
    house
        .service
        .accept_certain(&operator, None)
        .await
        .expect("certain proposals");
    drift(&house, &operator, &emulators).await;
    // The set-up page can be seen as long as there is no account, so it is printed first.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!(
        "set up at http://127.0.0.1:{port}/setup/{}",
        link.expose_secret()
    );
    for (email, role) in [
        ("owner@example.com", Role::Owner),
        ("viewer@example.com", Role::Viewer),
    ] {
        house.member(&operator, email, role).await;
    }
    println!("sign in at http://127.0.0.1:{port}/ as owner@example.com, {PASSWORD}");
    println!("organization {}", organization.id);
    let app = router(house.service.clone(), PortalOptions::default())
        .into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).await
}

/// One mapped user leaves each CRM, and one person needs no account.
async fn drift(
    house: &House,
    operator: &counterpart_service::Actor,
    emulators: &[counterpart_emulators::Running],
) {
    let service = &house.service;
    let page = counterpart_model::PageRequest::first(40);
    let request = GridRequest {
        situations: vec![Situation::Mapped],
        ..GridRequest::default()
    };
    let grid = service
        .grid(operator, &request, &page)
        .await
        .expect("a grid");
    let connections = service
        .list_connections(operator)
        .await
        .expect("connections");
    for (at, connection) in connections.iter().enumerate() {
        let row = &grid.rows.items[(3 + at * 4) % grid.rows.items.len()];
        let cell = row
            .cells
            .iter()
            .find(|cell| cell.connection_id == connection.id);
        if let Some(user) = cell.and_then(|cell| cell.crm_user.as_ref()) {
            emulators[at].control().deactivate(&user.id.0).ok();
        }
        let mode = counterpart_service::sync::SyncMode::Full;
        service
            .sync(operator, connection.id, mode)
            .await
            .expect("a sync");
    }
    let row = &grid.rows.items[1];
    let edit = DraftEdit::NoAccount {
        reason: Some("works in the warehouse only".to_owned()),
        expires_at: Timestamp::FOREVER,
    };
    let edit = counterpart_service::mapping::CellEdit::new(connections[2].id, row.person.id, edit);
    service
        .apply_edits(operator, &[edit], None)
        .await
        .expect("a decision");
}
