//! Change sets: what was changed together, by whom, when and why.

mod accept_certain;
mod apply;
mod get;
mod lines;
mod list;
mod undo;
mod undo_preview;

use counterpart_model::ChangeSet as ModelChangeSet;
use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub(crate) use lines::ChangeLine;
pub(crate) use undo_preview::UndoConflict;

use crate::time::Moment;
use crate::words::ChangeSetOrigin;

pub(crate) use list::ChangeSetWithMaker;

/// The routes below an organization.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list::list_change_sets, apply::apply_change_set))
        .routes(routes!(accept_certain::accept_certain))
        .routes(routes!(get::get_change_set))
        .routes(routes!(lines::list_change_lines))
        .routes(routes!(undo_preview::preview_undo, undo::undo_change_set))
}

/// What was changed together, in one transaction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeSet {
    /// Its number in the organization, from 1, without gaps.
    number: u64,
    /// The account that applied it; `null` for a token, the command line or the service itself.
    account_id: Option<Uuid>,
    /// Where it came from.
    origin: ChangeSetOrigin,
    /// Why.
    reason: Option<String>,
    /// When it was applied.
    applied_at: Moment,
    /// The change set that it undoes.
    undoes: Option<u64>,
    /// The newest change set that undoes it, in whole or in part, and is not undone itself.
    undone_by: Option<u64>,
    /// That a second person approved it before, where one had to.
    approval: Option<Approval>,
    /// How many lines it has.
    line_count: u64,
}

/// That a second person approved a change set before it was applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Approval {
    /// The number under which it waited: `GET /pending-change-sets/{number}`.
    pending: u64,
    /// The account that approved it, or made the token that did; `null` for the command line.
    account_id: Option<Uuid>,
    /// The token that approved it.
    token_id: Option<Uuid>,
}

impl From<ModelChangeSet> for ChangeSet {
    fn from(change_set: ModelChangeSet) -> Self {
        Self {
            number: change_set.number,
            account_id: change_set.account_id.map(Uuid::from),
            origin: change_set.origin.into(),
            reason: change_set.reason,
            applied_at: change_set.applied_at.into(),
            undoes: change_set.undoes,
            undone_by: change_set.undone_by,
            approval: change_set.approval.map(|approval| Approval {
                pending: approval.pending,
                account_id: approval.by.account_id.map(Uuid::from),
                token_id: approval.by.token_id.map(Uuid::from),
            }),
            line_count: change_set.line_count,
        }
    }
}
