//! `GET /drift`

use counterpart_store::drift::DriftQuery;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Drift;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::words::DriftCause;

/// Which drift is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// In this connection.
    connection: Option<Uuid>,
    /// Of this person's mappings.
    person: Option<Uuid>,
    /// Of this mapping.
    mapping: Option<Uuid>,
    /// For this cause.
    cause: Option<DriftCause>,
    /// Every cause of a mapping, not only the most specific one.
    #[serde(default)]
    all: bool,
}

/// Mappings that hold but may be true no longer, each with its cause and what puts it right.
///
/// By default the most specific cause of each mapping.
#[utoipa::path(
    get,
    path = "/drift",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of drift", body = PageOf<Drift>))
)]
pub(super) async fn list_drift(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<Drift>> {
    let query = DriftQuery {
        connection_id: filter.connection.map(Into::into),
        person_id: filter.person.map(Into::into),
        mapping_id: filter.mapping.map(Into::into),
        cause: filter.cause.map(Into::into),
        primary_only: !filter.all,
    };
    let page = caller
        .service
        .list_drift(&caller.actor, &query, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
