//! Accepting every certain proposal: into the draft, not at once.

use counterpart_model::ConnectionId;
use serde::Deserialize;

use crate::problem::Answer;
use crate::request::{Sent, address};
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Input {
    /// Only in this connection; in all when empty.
    #[serde(default)]
    connection: String,
}

/// `POST /o/{organization}/mapping/accept-certain`
pub(super) async fn certain(portal: Portal, Sent(input): Sent<Input>) -> Answer {
    let connection: Option<ConnectionId> = input.connection.parse().ok();
    let accepted = portal
        .service
        .draft_certain(&portal.actor, connection)
        .await?;
    let accepted = accepted.to_string();
    portal.go(&address(
        &portal.path("/mapping"),
        &[("connection", &input.connection), ("accepted", &accepted)],
    ))
}
