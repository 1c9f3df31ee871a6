//! `POST /people/from-crm-users`

use counterpart_model::CrmUserId;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use axum::Json;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::{Failure, Result};
use crate::input::Body;
use crate::version::Created;

/// The most people that one request adds.
const MOST: usize = 1_000;

/// CRM users to make people of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FromCrmUsers {
    /// In which connection.
    connection_id: Uuid,
    /// The CRM's ids of them, 1 to 1000.
    #[schema(min_items = 1, max_items = 1000)]
    crm_user_ids: Vec<String>,
}

/// Adds a person for each of some CRM users and maps them.
///
/// All in one change set. Fails with `mapping.overlap` when one of them is mapped already.
#[utoipa::path(
    post,
    path = "/people/from-crm-users",
    tag = "People",
    request_body = FromCrmUsers,
    responses((status = 201, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn add_people_from_crm_users(
    caller: Caller,
    Body(input): Body<FromCrmUsers>,
) -> Result<Created<Json<ChangeSet>>> {
    if !(1..=MOST).contains(&input.crm_user_ids.len()) {
        return Err(Failure::field(
            "crm_user_ids",
            format!("send 1 to {MOST} ids"),
        ));
    }
    let ids: Vec<CrmUserId> = input.crm_user_ids.into_iter().map(CrmUserId).collect();
    let change_set = caller
        .service
        .people_from_crm_users(&caller.actor, input.connection_id.into(), &ids)
        .await?;
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", change_set.number)),
        body: Json(change_set.into()),
    })
}
