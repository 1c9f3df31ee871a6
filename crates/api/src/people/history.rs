//! `GET /people/{person_id}/change-sets`

use crate::caller::Caller;
use crate::change_sets::ChangeSetWithMaker;
use crate::failure::Result;
use crate::input::Path;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::PersonPath;

/// The change sets that touched a person, newest first: the person, their identities, mappings
/// and decisions.
#[utoipa::path(
    get,
    path = "/people/{person_id}/change-sets",
    tag = "People",
    params(PagingParams),
    responses((status = 200, description = "A page of change sets", body = PageOf<ChangeSetWithMaker>))
)]
pub(super) async fn list_change_sets_about(
    caller: Caller,
    Path(path): Path<PersonPath>,
    paging: Paging,
) -> Result<Listed<ChangeSetWithMaker>> {
    let page = caller
        .service
        .change_sets_about(&caller.actor, path.person_id, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
