//! `GET /connections/{connection_id}/pivot`

use counterpart_store::crm_users::{CrmUserQuery, CrmUserSubset};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::PivotRow;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::ConnectionPath;

/// Which CRM users are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Words that must all occur in name, address, extension or id, as parts; or one id in any
    /// form that the vendor shows.
    #[serde(default)]
    search: String,
    /// Some of them only.
    #[param(inline)]
    only: Option<Only>,
}

/// Some of a connection's CRM users: `usable`, those that can be chosen for the present;
/// `unmapped`, of those the human beings whom nobody is mapped to; `proposed`; `drifted`;
/// `missing`, no longer found by full runs; `unusable`, deactivated or gone; `not_people`,
/// accounts that are no human being's.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Only {
    Usable,
    Unmapped,
    Proposed,
    Drifted,
    Missing,
    Unusable,
    NotPeople,
}

/// The CRM users of a connection, by name, each with whom it is mapped to or proposed for.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/pivot",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of CRM users", body = PageOf<PivotRow>))
)]
pub(super) async fn list_pivot(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<PivotRow>> {
    let all = CrmUserQuery::default();
    let subset = |subset| CrmUserQuery {
        subset: Some(subset),
        ..CrmUserQuery::default()
    };
    let query = match filter.only {
        None => all,
        Some(Only::Usable) => CrmUserQuery {
            usable_only: true,
            ..all
        },
        Some(Only::Unmapped) => counterpart_service::mapping::strangers(caller.service.now()),
        Some(Only::Missing) => CrmUserQuery {
            missing_only: true,
            ..all
        },
        Some(Only::Proposed) => subset(CrmUserSubset::Proposed),
        Some(Only::Drifted) => subset(CrmUserSubset::Drifted),
        Some(Only::Unusable) => subset(CrmUserSubset::Unusable),
        Some(Only::NotPeople) => subset(CrmUserSubset::NotPeople),
    };
    let page = caller
        .service
        .pivot(
            &caller.actor,
            path.connection_id,
            &filter.search,
            &query,
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page))
}
