//! Accepting many proposals: into the draft, not at once.

use counterpart_model::{Code, ConnectionId, CrmUserId, PersonId};
use counterpart_service::Error;
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

/// What stood on the page.
#[derive(Deserialize)]
pub(super) struct Shown {
    /// Each proposal, as [`shown`] writes it.
    #[serde(default)]
    proposal: Vec<String>,
    /// The address of the page.
    #[serde(default)]
    back: String,
}

/// `POST /o/{organization}/mapping/accept-shown`: what was seen, and not what a page that moved
/// meanwhile would show.
pub(super) async fn shown(portal: Portal, Sent(page): Sent<Shown>) -> Answer {
    let mut proposals = Vec::with_capacity(page.proposal.len());
    for written in &page.proposal {
        proposals.push(read(written)?);
    }
    let accepted = portal
        .service
        .draft_accepted(&portal.actor, proposals)
        .await?;
    let grid = portal.path("/mapping");
    let back = if page.back.starts_with(&grid) {
        page.back
    } else {
        grid
    };
    let joint = if back.contains('?') { '&' } else { '?' };
    portal.go(&format!("{back}{joint}accepted={accepted}"))
}

/// A proposal as a value of the form.
pub(super) fn written(connection: ConnectionId, person: PersonId, user: &CrmUserId) -> String {
    format!("{connection}/{person}/{user}")
}

fn read(written: &str) -> Result<(ConnectionId, PersonId, CrmUserId), Error> {
    let mut parts = written.splitn(3, '/');
    let connection = parts.next().and_then(|id| id.parse().ok());
    let person = parts.next().and_then(|id| id.parse().ok());
    match (connection, person, parts.next()) {
        (Some(connection), Some(person), Some(user)) if !user.is_empty() => {
            Ok((connection, person, CrmUserId(user.to_owned())))
        }
        _ => Err(Error::new(
            Code::RequestInvalid,
            format!("“{written}” is no proposal; load the page again"),
        )),
    }
}
