//! `POST /connections/test` and `POST /connections/{connection_id}/test`

use std::collections::BTreeMap;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::change::refuse_other_provider;
use super::create::named_provider;
use super::{Check, ConnectionWrite};
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Body, OptionalBody, Path};
use crate::path::ConnectionPath;

/// What a test of a form showed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FormTest {
    #[serde(flatten)]
    check: Check,
    /// The settings as they would be saved.
    settings: BTreeMap<String, String>,
}

/// Tests a new connection without saving anything.
///
/// A credential that can be used only once is not used up: it is tried when the connection is
/// saved. Fails like adding a connection.
#[utoipa::path(
    post,
    path = "/connections/test",
    tag = "Connections",
    request_body = ConnectionWrite,
    responses((status = 200, description = "What the test showed", body = FormTest))
)]
pub(super) async fn test_new_connection(
    caller: Caller,
    Body(mut input): Body<ConnectionWrite>,
) -> Result<Json<FormTest>> {
    let provider = named_provider(&mut input)?;
    let report = caller
        .service
        .test_connection(&caller.actor, input.new_input(provider))
        .await?;
    Ok(Json(FormTest {
        check: report.check.into(),
        settings: report.settings,
    }))
}

/// Tests changes of a connection without saving them.
///
/// What is left out is tested as it is stored. Fails like changing the connection.
#[utoipa::path(
    post,
    path = "/connections/{connection_id}/test",
    tag = "Connections",
    request_body = Option<ConnectionWrite>,
    responses((status = 200, description = "What the test showed", body = FormTest))
)]
pub(super) async fn test_connection(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    OptionalBody(input): OptionalBody<ConnectionWrite>,
) -> Result<Json<FormTest>> {
    let Caller { service, actor } = &caller;
    let view = service.connection_view(actor, path.connection_id).await?;
    refuse_other_provider(&input, &view.connection)?;
    let report = service
        .test_connection(actor, input.input_for(&view.connection))
        .await?;
    Ok(Json(FormTest {
        check: report.check.into(),
        settings: report.settings,
    }))
}
