//! `POST /connections/{connection_id}/consent` and `POST /connections/consent/finish`

use std::fmt;

use axum::Json;
use counterpart_model::ConnectionId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Connection;
use super::create::visible;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, Path};
use crate::path::ConnectionPath;

/// How somebody is to be sent to the vendor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentBegin {
    /// Where the vendor sends the browser back to: exactly what is registered there.
    redirect_uri: String,
    /// Other connections of the same suite, signed in to by the same app, that this consent shall
    /// cover.
    #[serde(default)]
    with: Vec<Uuid>,
}

/// Where somebody consents.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentUrl {
    /// The vendor's address, to be opened in a browser within 15 minutes. It comes back to
    /// `redirect_uri` with `state` and `code`.
    url: String,
}

/// Begins to sign in by a redirect.
///
/// For a connection whose way of signing in needs a public address (`ways` of its provider).
/// Fails with `connection.unsupported` for any other.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/consent",
    tag = "Connections",
    request_body = ConsentBegin,
    responses((status = 200, description = "Where to send somebody", body = ConsentUrl))
)]
pub(super) async fn begin_consent(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Body(input): Body<ConsentBegin>,
) -> Result<Json<ConsentUrl>> {
    let with: Vec<_> = input.with.into_iter().map(ConnectionId::from).collect();
    let Caller { service, actor } = &caller;
    let url = service
        .begin_consent(actor, path.connection_id, &input.redirect_uri, &with)
        .await?;
    Ok(Json(ConsentUrl { url: url.into() }))
}

/// What the vendor sent the browser back with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentFinish {
    /// The `state`, unchanged.
    state: String,
    /// The `code`. It works once.
    #[schema(value_type = String, write_only)]
    code: SecretString,
}

impl fmt::Debug for ConsentFinish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsentFinish").finish_non_exhaustive()
    }
}

/// The connections that are signed in to now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentDone {
    /// The one for which somebody consented.
    connection: Connection,
    /// The others that the consent covers.
    with: Vec<Connection>,
}

/// Finishes signing in by a redirect.
///
/// The code is exchanged, the connection tested and saved, and with it the others that the
/// consent covers; the health of each says how it is. Fails with `connection.unauthorized` when
/// the state is none of ours, was begun by somebody else or is older than 15 minutes.
#[utoipa::path(
    post,
    path = "/connections/consent/finish",
    tag = "Connections",
    request_body = ConsentFinish,
    responses((status = 200, description = "The connections as they are now", body = ConsentDone))
)]
pub(super) async fn finish_consent(
    caller: Caller,
    Body(input): Body<ConsentFinish>,
) -> Result<Json<ConsentDone>> {
    let Caller { service, actor } = &caller;
    let done = service
        .finish_consent(actor, &input.state, input.code)
        .await?;
    Ok(Json(ConsentDone {
        connection: visible(done.connection).into(),
        with: done
            .with
            .into_iter()
            .map(|connection| visible(connection).into())
            .collect(),
    }))
}
