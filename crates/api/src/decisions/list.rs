//! `GET /decisions`

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Decision;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};

/// Which decisions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// In this connection.
    connection: Option<Uuid>,
}

/// The decisions, oldest first, expired ones included.
#[utoipa::path(
    get,
    path = "/decisions",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of decisions", body = PageOf<Decision>))
)]
pub(super) async fn list_decisions(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<Decision>> {
    let page = caller
        .service
        .list_decisions(
            &caller.actor,
            filter.connection.map(Into::into),
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page))
}
