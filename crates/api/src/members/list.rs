//! `GET /members`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;
use crate::words::Role;

/// An account with its role in the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Member {
    /// The account.
    account_id: Uuid,
    /// The address it signs in with.
    email: String,
    /// What it may do.
    role: Role,
    /// The person it is, if it is one.
    person_id: Option<Uuid>,
}

/// The members of the organization, by address. All on one page.
#[utoipa::path(
    get,
    path = "/members",
    tag = "Access",
    responses((status = 200, description = "The members", body = PageOf<Member>))
)]
pub(super) async fn list_members(caller: Caller) -> Result<Json<PageOf<Member>>> {
    let members = caller.service.list_members(&caller.actor).await?;
    let members = members.into_iter().map(|(account, membership)| Member {
        account_id: account.id.into(),
        email: account.email,
        role: membership.role.into(),
        person_id: membership.person_id.map(Uuid::from),
    });
    Ok(Json(PageOf::all(members)))
}
