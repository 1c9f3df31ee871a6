//! `GET /people`

use serde::Deserialize;
use utoipa::IntoParams;

use super::PersonWithExtension;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};

/// Which people are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Words that must all occur in names, addresses, numbers, extension or ids, as parts.
    #[serde(default)]
    search: String,
    /// Only people who work here now (`true`) or do not (`false`); all when nothing is said.
    active: Option<bool>,
}

/// The people that fit, by name.
#[utoipa::path(
    get,
    path = "/people",
    tag = "People",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of people", body = PageOf<PersonWithExtension>))
)]
pub(super) async fn list_people(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<PersonWithExtension>> {
    let (page, identities) = caller
        .service
        .list_people(
            &caller.actor,
            &filter.search,
            filter.active,
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page.map(|person| {
        let current = identities.get(&person.id).map_or(&[][..], Vec::as_slice);
        PersonWithExtension::new(person, current)
    })))
}
