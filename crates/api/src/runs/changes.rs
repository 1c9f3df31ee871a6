//! `GET /runs/{run_id}/changes`

use counterpart_model::CrmUserProfile;
use counterpart_store::runs::RunChange as ModelChange;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::RunPath;
use crate::words::{CrmUserKind, CrmUserState, RunChangeKind};

/// Which changes are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only those of this kind.
    kind: Option<RunChangeKind>,
}

/// What a run means for one CRM user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunChange {
    /// Whom: the CRM's id.
    crm_user_id: String,
    /// How.
    kind: RunChangeKind,
    /// As it was known; `null` for a new one.
    before: Option<SeenUser>,
    /// As it came; `null` for one that is gone or missing.
    after: Option<SeenUser>,
}

/// What a CRM said of one of its users at one time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeenUser {
    /// The name as the CRM showed it.
    display_name: String,
    /// E-mail addresses.
    emails: Vec<String>,
    /// The name the user signed in with.
    username: Option<String>,
    /// Phone numbers.
    phones: Vec<String>,
    /// Extension.
    extension: Option<String>,
    /// Job title.
    title: Option<String>,
    /// Department.
    department: Option<String>,
    /// Role or profile in the CRM.
    role: Option<String>,
    /// Whether the account could be worked with.
    state: CrmUserState,
    /// Whether it was a human being's.
    kind: CrmUserKind,
}

impl From<CrmUserProfile> for SeenUser {
    fn from(profile: CrmUserProfile) -> Self {
        Self {
            display_name: profile.display_name,
            emails: profile.emails,
            username: profile.username,
            phones: profile.phones,
            extension: profile.extension,
            title: profile.title,
            department: profile.department,
            role: profile.role,
            state: profile.state.into(),
            kind: profile.kind.into(),
        }
    }
}

impl From<ModelChange> for RunChange {
    fn from(change: ModelChange) -> Self {
        Self {
            crm_user_id: change.crm_user_id.0,
            kind: change.kind.into(),
            before: change.before.map(SeenUser::from),
            after: change.after.map(SeenUser::from),
        }
    }
}

/// What a run changed, or would change if it is held, user by user.
#[utoipa::path(
    get,
    path = "/runs/{run_id}/changes",
    tag = "Runs",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of changes", body = PageOf<RunChange>))
)]
pub(super) async fn list_run_changes(
    caller: Caller,
    Path(path): Path<RunPath>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<RunChange>> {
    let page = caller
        .service
        .run_changes(
            &caller.actor,
            path.run_id,
            filter.kind.map(Into::into),
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page))
}
