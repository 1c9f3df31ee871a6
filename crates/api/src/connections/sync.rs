//! `POST /connections/{connection_id}/sync`

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use counterpart_service::sync::SyncMode as ServiceMode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{OptionalBody, Path, Query};
use crate::path::ConnectionPath;
use crate::runs::Run;
use crate::version::located;

/// Whether to wait for the end.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    /// Answer when the run has ended, however long that takes.
    #[serde(default)]
    wait: bool,
}

/// What to ask the CRM for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sync {
    /// How much to ask for; `quick` if nothing is said.
    mode: Option<SyncMode>,
}

/// How much to ask the CRM for: every user, or only what changed where the CRM can tell and
/// every user was asked for within a day.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SyncMode {
    Quick,
    Full,
}

/// Pulls the users of a connection.
///
/// Answers at once with the run, whose address is in `Location`; with `wait=true` when the run
/// is complete or held by a brake. Fails with `connection.busy` when another run is under way,
/// with `connection.paused`, and, when waiting, with what the CRM answered (502): what was known
/// stays.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/sync",
    tag = "Connections",
    params(Wait),
    request_body = Option<Sync>,
    responses(
        (status = 202, description = "The run has begun", body = Run),
        (status = 200, description = "The run has ended (with `wait=true`)", body = Run)
    )
)]
pub(super) async fn sync_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    Query(Wait { wait }): Query<Wait>,
    OptionalBody(input): OptionalBody<Sync>,
) -> Result<Response> {
    let Caller { service, actor } = &caller;
    let mode = match input.mode {
        None | Some(SyncMode::Quick) => ServiceMode::Quick,
        Some(SyncMode::Full) => ServiceMode::Full,
    };
    if wait {
        let run = service.sync(actor, path.connection_id, mode).await?;
        return Ok(Json(Run::from(run)).into_response());
    }
    let run = service.start_sync(actor, path.connection_id, mode).await?;
    let address = caller.address(&format!("runs/{}", run.id));
    Ok(located(
        StatusCode::ACCEPTED,
        &address,
        Json(Run::from(run)),
    ))
}
