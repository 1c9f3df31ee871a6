//! `POST /connections`

use super::{Connection, ConnectionWrite};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Body;
use crate::version::{Created, Versioned};

/// Tests a new connection and saves it.
///
/// When the test fails nothing is saved, unless `untested` is set. Fails with
/// `connection.settings_invalid` and every field that is wrong, with `connection.name_taken`, or
/// with what the CRM answered (502).
#[utoipa::path(
    post,
    path = "/connections",
    tag = "Connections",
    request_body = ConnectionWrite,
    responses((status = 201, description = "The new connection", body = Connection))
)]
pub(super) async fn create_connection(
    caller: Caller,
    Body(mut input): Body<ConnectionWrite>,
) -> Result<Created<Versioned<Connection>>> {
    let provider = named_provider(&mut input)?;
    let saved = caller
        .service
        .save_connection(&caller.actor, input.new_input(provider))
        .await?;
    Ok(Created {
        location: caller.address(&format!("connections/{}", saved.id)),
        body: shown(saved),
    })
}

/// The provider of a new connection.
pub(super) fn named_provider(input: &mut ConnectionWrite) -> Result<String> {
    input.provider.take().ok_or_else(|| {
        Failure::field(
            "provider",
            "say which kind of system; `GET /api/v1/providers` lists them",
        )
    })
}

/// A saved connection as an answer.
pub(super) fn shown(saved: counterpart_model::Connection) -> Versioned<Connection> {
    Versioned {
        version: saved.version,
        body: visible(saved).into(),
    }
}

/// The connection without the credentials that the service keeps for itself.
pub(super) fn visible(mut saved: counterpart_model::Connection) -> counterpart_model::Connection {
    saved.credentials.retain(|name| !name.starts_with('_'));
    saved
}
