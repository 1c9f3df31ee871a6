//! `POST /mappings/hand-over`

use axum::Json;
use counterpart_model::CrmUserId;
use counterpart_model::Mapping as ModelMapping;
use counterpart_service::mapping::HandOver;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::caller::Caller;
use crate::change_sets::ChangeSet;
use crate::failure::Result;
use crate::input::Body;
use crate::time::{Boundary, Moment};

/// A hand-over that is wanted: from a moment on, a CRM user is somebody else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHandOver {
    /// In which connection.
    connection_id: Uuid,
    /// Which CRM user: the CRM's id, in any form the provider knows.
    crm_user_id: String,
    /// Who it is then.
    person_id: Uuid,
    /// From when on, past or future: a day (`2026-11-01`, from its 00:00 in the organization's
    /// time zone), a local time (`2026-11-01T09:30`), or RFC 3339.
    #[schema(example = "2026-11-01")]
    from: String,
    /// Whose place the person takes; everybody's if nothing is said. Needed for a shared seat.
    instead_of: Option<Uuid>,
    /// Why, for the change set.
    reason: Option<String>,
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
}

/// What a hand-over changed, or would change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HandedOver {
    /// What was changed; `null` of a dry run.
    change_set: Option<ChangeSet>,
    /// From when on.
    from: Moment,
    /// What falls on which side of it, a sentence each, by the organization's clocks.
    sentences: Vec<String>,
    /// The mappings that end then.
    ending: Vec<Affected>,
    /// The mappings that would only begin then or later, and are replaced entirely.
    replaced: Vec<Affected>,
}

/// A mapping as it stood before a hand-over.
#[derive(Debug, Serialize, ToSchema)]
struct Affected {
    /// The mapping's id.
    mapping_id: Uuid,
    /// Who.
    person_id: Uuid,
    /// Is whom: the CRM's immutable id.
    crm_user_id: String,
    /// Since when, inclusive.
    from: Boundary,
    /// Until when it was, exclusive.
    to: Boundary,
}

impl From<ModelMapping> for Affected {
    fn from(mapping: ModelMapping) -> Self {
        Self {
            mapping_id: mapping.id.into(),
            person_id: mapping.person_id.into(),
            crm_user_id: mapping.crm_user_id.0,
            from: mapping.period.from().into(),
            to: mapping.period.to().into(),
        }
    }
}

/// Hands a seat over: from a moment on, a CRM user is somebody else.
///
/// One change set: the mappings of whoever had it end at the moment, the new one begins; so does
/// the person's own mapping to another user end, unless the connection lets people have several.
/// The past stays as it was. The same moves a person to another CRM user.
#[utoipa::path(
    post,
    path = "/mappings/hand-over",
    tag = "Mapping",
    request_body = NewHandOver,
    responses((status = 200, description = "What changed, or would", body = HandedOver))
)]
pub(super) async fn hand_over(
    caller: Caller,
    Body(input): Body<NewHandOver>,
) -> Result<Json<HandedOver>> {
    let wanted = HandOver {
        connection_id: input.connection_id.into(),
        crm_user_id: CrmUserId(input.crm_user_id),
        person_id: input.person_id.into(),
        from: input.from,
        instead_of: input.instead_of.map(Into::into),
    };
    let (service, actor) = (&caller.service, &caller.actor);
    let (plan, applied) = if input.dry_run {
        (service.plan_hand_over(actor, &wanted).await?, None)
    } else {
        let (plan, applied) = service.hand_over(actor, &wanted, input.reason).await?;
        (plan, Some(applied))
    };
    Ok(Json(HandedOver {
        change_set: applied.map(ChangeSet::from),
        from: plan.from.into(),
        sentences: plan.sentences,
        ending: plan.ending.into_iter().map(Affected::from).collect(),
        replaced: plan.replaced.into_iter().map(Affected::from).collect(),
    }))
}
