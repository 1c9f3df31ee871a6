//! `GET /connections/{connection_id}/system-checks`

use counterpart_store::checks::{CheckQuery, CheckSubject};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::SystemCheck;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::ConnectionPath;

/// Which checks are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Of this person's account.
    person: Option<Uuid>,
    /// Also of everybody's accounts, not only of the connection itself.
    #[serde(default)]
    all: bool,
}

/// The system checks of a connection, newest first.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/system-checks",
    tag = "System checks",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of system checks", body = PageOf<SystemCheck>))
)]
pub(super) async fn list_system_checks(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<SystemCheck>> {
    let query = CheckQuery {
        connection_id: Some(path.connection_id),
        subject: match (filter.person, filter.all) {
            (Some(person), _) => CheckSubject::Person(person.into()),
            (None, true) => CheckSubject::All,
            (None, false) => CheckSubject::Connection,
        },
    };
    let page = caller
        .service
        .list_system_checks(&caller.actor, &query, &paging.request)
        .await?;
    Ok(paging.answer(page))
}
