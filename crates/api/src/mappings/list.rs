//! `GET /mappings`

use super::{Mapping, MappingFilter};
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};

/// The mappings that fit, oldest first.
#[utoipa::path(
    get,
    path = "/mappings",
    tag = "Mapping",
    params(MappingFilter, PagingParams),
    responses((status = 200, description = "A page of mappings", body = PageOf<Mapping>))
)]
pub(super) async fn list_mappings(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<MappingFilter>,
) -> Result<Listed<Mapping>> {
    let query = filter.query(caller.service.now())?;
    let page = caller
        .service
        .list_mappings(&caller.actor, &query, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
