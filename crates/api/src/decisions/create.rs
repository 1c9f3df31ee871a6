//! `POST /decisions`

use axum::Json;
use counterpart_model::{CrmUserId, DraftEdit, PersonId, Timestamp};
use counterpart_service::mapping::CellEdit;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::{Failure, Result};
use crate::input::Body;
use crate::time::Boundary;
use crate::version::Created;

/// A decision that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    /// What is decided.
    kind: NewDecisionKind,
    /// In which connection.
    connection_id: Uuid,
    /// About whom; for `no_account` and `not_this_pair`.
    person_id: Option<Uuid>,
    /// About which CRM user; for `not_this_pair`, `not_a_person` and `shared_seat`.
    crm_user_id: Option<String>,
    /// Why. Kept with the decision; of `not_this_pair`, with the change set.
    reason: Option<String>,
    /// Until when it holds; only for `no_account`. `forever` if nothing is said.
    expires_at: Option<Boundary>,
}

/// What is decided: `no_account`, the person has no account there; `not_this_pair`, the person
/// is not that CRM user; `not_a_person`, the CRM user is no human being; `shared_seat`, several
/// people use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NewDecisionKind {
    NoAccount,
    NotThisPair,
    NotAPerson,
    SharedSeat,
}

/// Records a lasting decision.
///
/// `no_account` also takes the person's mapping there away. `shared_seat` also lets more people
/// than one be mapped to the CRM user.
#[utoipa::path(
    post,
    path = "/decisions",
    tag = "Mapping",
    request_body = NewDecision,
    responses((status = 201, description = "What was changed", body = ChangeSet))
)]
pub(super) async fn create_decision(
    caller: Caller,
    Body(input): Body<NewDecision>,
) -> Result<Created<Json<ChangeSet>>> {
    let Caller { service, actor } = &caller;
    if input.expires_at.is_some() && input.kind != NewDecisionKind::NoAccount {
        return Err(Failure::field(
            "expires_at",
            "leave it out: only no_account expires",
        ));
    }
    let connection = input.connection_id.into();
    let change_set = match input.kind {
        NewDecisionKind::NoAccount => {
            let edit = DraftEdit::NoAccount {
                reason: input.reason.clone(),
                expires_at: input.expires_at.map_or(Timestamp::FOREVER, Into::into),
            };
            let edit = CellEdit::new(connection, person(input.person_id)?, edit);
            service.apply_edits(actor, &[edit], input.reason).await?
        }
        NewDecisionKind::NotThisPair => {
            let edit = DraftEdit::Reject {
                crm_user_id: crm_user(input.crm_user_id)?,
            };
            let edit = CellEdit::new(connection, person(input.person_id)?, edit);
            service.apply_edits(actor, &[edit], input.reason).await?
        }
        NewDecisionKind::NotAPerson => {
            let crm_user = crm_user(input.crm_user_id)?;
            service
                .decide_not_a_person(actor, connection, &crm_user, input.reason)
                .await?
        }
        NewDecisionKind::SharedSeat => {
            let crm_user = crm_user(input.crm_user_id)?;
            service
                .decide_shared_seat(actor, connection, &crm_user, input.reason)
                .await?
        }
    };
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", change_set.number)),
        body: Json(change_set.into()),
    })
}

fn person(id: Option<Uuid>) -> Result<PersonId> {
    id.map(PersonId::from)
        .ok_or_else(|| Failure::field("person_id", "say whom it is about"))
}

fn crm_user(id: Option<String>) -> Result<CrmUserId> {
    id.map(CrmUserId)
        .ok_or_else(|| Failure::field("crm_user_id", "say which CRM user it is about"))
}
