//! Change sets that wait for a second person, and what is decided about them.

mod approve;
mod get;
mod list;
mod reject;
mod waiting;
mod withdraw;

use counterpart_service::Service;
use counterpart_service::mapping::{Authorship, PendingView};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::time::Moment;
use crate::words::{ChangeSetOrigin, PendingState};

pub(crate) use waiting::WaitingChangeSet;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_pending_change_sets))
        .routes(routes!(get::get_pending_change_set))
        .routes(routes!(approve::approve_pending_change_set))
        .routes(routes!(reject::reject_pending_change_set))
        .routes(routes!(withdraw::withdraw_pending_change_set))
}

/// A change set that waits for a second person, or waited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PendingChangeSet {
    /// Its number among those that waited, from 1, without gaps. The change set that comes of it
    /// has a number of its own.
    number: u64,
    /// What has become of it.
    state: PendingState,
    /// Who wants it.
    maker: Author,
    /// Where it came from.
    origin: ChangeSetOrigin,
    /// Why.
    reason: Option<String>,
    /// The change set that it is to undo.
    undoes: Option<u64>,
    /// How many lines it has.
    line_count: u64,
    /// When it was made.
    created_at: Moment,
    /// Until when it waits.
    expires_at: Moment,
    /// How it was decided; `null` while it waits.
    ending: Option<Ending>,
}

/// How it was decided about a change set that waited.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ending {
    /// Who decided; `null` when nobody did in time.
    by: Option<Author>,
    /// When.
    at: Moment,
    /// Why, in the words of whoever decided.
    reason: Option<String>,
    /// The change set that came of it.
    change_set: Option<u64>,
}

/// Who made or decided something. Both ids are `null` for the command line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Author {
    /// The account; of a token whoever made it.
    account_id: Option<Uuid>,
    /// The account's address.
    account_email: Option<String>,
    /// The token.
    token_id: Option<Uuid>,
    /// What the token is for.
    token_name: Option<String>,
}

impl From<Authorship> for Author {
    fn from(by: Authorship) -> Self {
        Self {
            account_id: by.author.account_id.map(Uuid::from),
            account_email: by.account.map(|account| account.email),
            token_id: by.author.token_id.map(Uuid::from),
            token_name: by.token,
        }
    }
}

impl From<PendingView> for PendingChangeSet {
    fn from(view: PendingView) -> Self {
        let pending = view.pending;
        let decided_by = view.decided_by;
        Self {
            number: pending.number,
            state: pending.state.into(),
            maker: view.maker.into(),
            origin: pending.origin.into(),
            reason: pending.reason,
            undoes: pending.undoes,
            line_count: pending.line_count,
            created_at: pending.created_at.into(),
            expires_at: pending.expires_at.into(),
            ending: pending.ending.map(|ending| Ending {
                by: decided_by.map(Into::into),
                at: ending.at.into(),
                reason: ending.reason,
                change_set: ending.change_set,
            }),
        }
    }
}
