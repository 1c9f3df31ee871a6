//! Resyncing users from where they are mapped.

use counterpart_model::{Code, ConnectionId};
use counterpart_service::sync::SyncMode;
use serde::Deserialize;

use crate::problem::Answer;
use crate::request::{Sent, address};
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    /// Only this connection; all when empty.
    #[serde(default)]
    connection: String,
}

/// `POST /o/{organization}/mapping/resync`: starts a sync of one connection or all, and stays on
/// the grid, which shows how far it is. One that is paused or under way is left alone.
pub(super) async fn resync(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    portal.actor.require(counterpart_model::Role::Admin)?;
    let wanted: Option<ConnectionId> = input.connection.parse().ok();
    for connection in portal.service.list_connections(&portal.actor).await? {
        if wanted.is_some_and(|wanted| wanted != connection.id) {
            continue;
        }
        let started = portal
            .service
            .start_sync(&portal.actor, connection.id, SyncMode::Full)
            .await;
        match started {
            Ok(_) => {}
            Err(error) if matches!(error.code(), Code::ConnectionBusy | Code::ConnectionPaused) => {
            }
            Err(error) => return Err(error.into()),
        }
    }
    portal.go(&address(
        &portal.path("/mapping"),
        &[("connection", &input.connection)],
    ))
}
