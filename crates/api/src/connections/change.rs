//! `PATCH /connections/{connection_id}`

use counterpart_model::Connection as ModelConnection;

use super::create::shown;
use super::{Connection, ConnectionWrite};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::{Body, Path};
use crate::path::ConnectionPath;
use crate::version::{IfMatch, IfMatchParam, Versioned};

/// Changes a connection: what is left out stays as it is.
///
/// It is tested like a new one. Fails like adding one, with `connection.other_org` when the new
/// settings lead to another organization of the vendor, and with 412 when `If-Match` names
/// another version than the one that stands there.
#[utoipa::path(
    patch,
    path = "/connections/{connection_id}",
    tag = "Connections",
    params(IfMatchParam),
    request_body = ConnectionWrite,
    responses((status = 200, description = "The connection as it is now", body = Connection))
)]
pub(super) async fn change_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    if_match: IfMatch,
    Body(input): Body<ConnectionWrite>,
) -> Result<Versioned<Connection>> {
    let Caller { service, actor } = &caller;
    let view = service.connection_view(actor, path.connection_id).await?;
    if_match.require(view.connection.version)?;
    refuse_other_provider(&input, &view.connection)?;
    let saved = service
        .save_connection(actor, input.input_for(&view.connection))
        .await
        .map_err(|error| if_match.failed(error))?;
    Ok(shown(saved))
}

/// A connection stays one of its provider: its ids mean nothing to another.
pub(super) fn refuse_other_provider(
    input: &ConnectionWrite,
    standing: &ModelConnection,
) -> Result<()> {
    match &input.provider {
        Some(other) if *other != standing.provider => Err(Failure::field(
            "provider",
            format!(
                "a connection cannot change its provider, which is {}; add a new one",
                standing.provider
            ),
        )),
        _ => Ok(()),
    }
}
