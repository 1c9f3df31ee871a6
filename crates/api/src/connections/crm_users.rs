//! `GET /connections/{connection_id}/crm-users`

use counterpart_model::CrmUser as ModelUser;
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::grid::CellUser;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::failure::Result;
use crate::input::{Path, Query};
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::path::ConnectionPath;
use crate::time::Moment;
use crate::words::{CrmUserKind, CrmUserState};

/// Which CRM users are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent parameter of the query"
)]
pub(super) struct Filter {
    /// Words that must all occur in name, address, extension or id, as parts.
    #[serde(default)]
    search: String,
    /// Only those that can be chosen for the present: there, and active or invited.
    #[serde(default)]
    usable: bool,
    /// Only human beings.
    #[serde(default)]
    people: bool,
    /// Only those that full runs no longer find, and that do not count as gone yet.
    #[serde(default)]
    missing: bool,
    /// Only those that nobody is mapped to now.
    #[serde(default)]
    unmapped: bool,
}

/// A user of a CRM, as of the last complete run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CrmUser {
    /// The CRM's immutable id of it. Compare it byte by byte; it is no number.
    id: String,
    /// The name as the CRM shows it.
    display_name: String,
    /// Given name.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
    /// E-mail addresses, the main one first.
    emails: Vec<String>,
    /// The name the user signs in with.
    username: Option<String>,
    /// Phone numbers as the CRM has them.
    phones: Vec<String>,
    /// Extension of the phone system, where the CRM keeps one.
    extension: Option<String>,
    /// Number of the employee, or the id of an identity provider.
    employee_number: Option<String>,
    /// Job title.
    title: Option<String>,
    /// Department.
    department: Option<String>,
    /// Role or profile in the CRM.
    role: Option<String>,
    /// Licence in the CRM.
    licence: Option<String>,
    /// Other ids of the same user.
    other_ids: Vec<OtherId>,
    /// Whether the account can be worked with.
    state: CrmUserState,
    /// Whether it is a human being's.
    kind: CrmUserKind,
    /// Whether it can be chosen for the present.
    usable: bool,
    /// When the user last signed in, where the CRM tells.
    last_login_at: Option<Moment>,
    /// When it was first seen.
    first_seen_at: Moment,
    /// Since when full runs no longer find it; `null` while it is there. Its mappings go on.
    missing_since: Option<Moment>,
    /// Since when it counts as gone, because it stayed away for as long as the connection's
    /// policy waits.
    gone_since: Option<Moment>,
}

/// Another id of the same user in the same CRM.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtherId {
    /// Which kind.
    kind: String,
    /// The id.
    value: String,
}

impl From<ModelUser> for CrmUser {
    fn from(user: ModelUser) -> Self {
        let usable = user.is_usable();
        let profile = user.profile;
        Self {
            id: user.id.0,
            display_name: profile.display_name,
            given_name: profile.given_name,
            family_name: profile.family_name,
            emails: profile.emails,
            username: profile.username,
            phones: profile.phones,
            extension: profile.extension,
            employee_number: profile.employee_number,
            title: profile.title,
            department: profile.department,
            role: profile.role,
            licence: profile.licence,
            other_ids: profile
                .other_ids
                .into_iter()
                .map(|other| OtherId {
                    kind: other.kind,
                    value: other.value,
                })
                .collect(),
            state: profile.state.into(),
            kind: profile.kind.into(),
            usable,
            last_login_at: profile.last_login_at.map(Moment::from),
            first_seen_at: user.first_seen_at.into(),
            missing_since: user.missing_since.map(Moment::from),
            gone_since: user.gone_since.map(Moment::from),
        }
    }
}

/// A CRM user, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CrmUserBrief {
    /// The CRM's immutable id of it.
    id: String,
    /// The name as the CRM shows it.
    display_name: String,
    /// Whether the account can be worked with.
    state: CrmUserState,
    /// Whether it is a human being's.
    kind: CrmUserKind,
    /// Whether it counts as gone.
    gone: bool,
}

impl From<ModelUser> for CrmUserBrief {
    fn from(user: ModelUser) -> Self {
        Self {
            id: user.id.0,
            display_name: user.profile.display_name,
            state: user.profile.state.into(),
            kind: user.profile.kind.into(),
            gone: user.gone_since.is_some(),
        }
    }
}

impl From<CellUser> for CrmUserBrief {
    fn from(user: CellUser) -> Self {
        Self {
            id: user.id.0,
            display_name: user.display_name,
            state: user.state.into(),
            kind: user.kind.into(),
            gone: user.gone,
        }
    }
}

/// The CRM users of a connection that fit, by name.
#[utoipa::path(
    get,
    path = "/connections/{connection_id}/crm-users",
    tag = "Connections",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of CRM users", body = PageOf<CrmUser>))
)]
pub(super) async fn list_crm_users(
    caller: Caller,
    Path(path): Path<ConnectionPath>,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<CrmUser>> {
    let query = CrmUserQuery {
        words: Vec::new(),
        usable_only: filter.usable,
        people_only: filter.people,
        missing_only: filter.missing,
        unmapped_at: filter.unmapped.then(|| caller.service.now()),
        subset: None,
    };
    let page = caller
        .service
        .list_crm_users(
            &caller.actor,
            path.connection_id,
            &filter.search,
            &query,
            &paging.request,
        )
        .await?;
    Ok(paging.answer(page))
}
