//! `GET /mappings/{mapping_id}`

use super::Mapping;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::path::MappingPath;
use crate::version::Versioned;

/// One mapping.
#[utoipa::path(
    get,
    path = "/mappings/{mapping_id}",
    tag = "Mapping",
    responses((status = 200, description = "The mapping", body = Mapping))
)]
pub(super) async fn get_mapping(
    caller: Caller,
    Path(path): Path<MappingPath>,
) -> Result<Versioned<Mapping>> {
    let view = caller
        .service
        .mapping(&caller.actor, path.mapping_id)
        .await?;
    Ok(Versioned {
        version: view.mapping.version,
        body: view.into(),
    })
}
