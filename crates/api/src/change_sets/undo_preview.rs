//! `GET /change-sets/{number}/undo`

use counterpart_service::mapping::{
    UndoConflict as ServiceConflict, UndoLine as ServiceLine, UndoOutcome as ServiceOutcome,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::lines::{ChangeLine, Thing};
use super::list::ChangeSetWithMaker;
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Path;
use crate::paging::{Linked, Listed, PageOf, Paging, PagingParams};
use crate::path::ChangeSetPath;
use crate::words::UndoConflictCause;

/// What undoing a change set would do now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoPreview {
    /// How many lines would be undone.
    undoable: u64,
    /// How many lines stand as they did before the change set already.
    already: u64,
    /// How many lines something is in the way of.
    conflicts: u64,
    #[serde(flatten)]
    lines: PageOf<UndoLine>,
}

/// One line of a change set that is to be undone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoLine {
    /// Its place in the change set, from 0.
    ordinal: u64,
    /// What becomes of it.
    outcome: UndoOutcome,
    /// What stands there now (`before`), and what undoing would put there (`after`).
    line: ChangeLine,
    /// What is in the way; with the outcome `conflict`.
    conflict: Option<UndoConflict>,
}

/// What becomes of a line: it is `undone`; it stands as it did before the change set `already`; or
/// there is a `conflict`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum UndoOutcome {
    Undone,
    Already,
    Conflict,
}

/// What is in the way of undoing a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UndoConflict {
    /// Why it cannot be undone.
    cause: UndoConflictCause,
    /// What happened, in names.
    detail: String,
    /// What stands in the way; `null` when something is missing instead.
    standing: Option<Thing>,
    /// The change set that put it there, or took away what is missing.
    changed_by: Option<ChangeSetWithMaker>,
}

impl From<ServiceLine> for UndoLine {
    fn from(line: ServiceLine) -> Self {
        let (outcome, conflict) = match line.outcome {
            ServiceOutcome::Undone => (UndoOutcome::Undone, None),
            ServiceOutcome::Already => (UndoOutcome::Already, None),
            ServiceOutcome::Conflict(conflict) => (UndoOutcome::Conflict, Some((*conflict).into())),
        };
        Self {
            ordinal: line.ordinal,
            outcome,
            line: line.line.into(),
            conflict,
        }
    }
}

impl From<ServiceConflict> for UndoConflict {
    fn from(conflict: ServiceConflict) -> Self {
        Self {
            cause: conflict.cause.into(),
            detail: conflict.detail,
            standing: conflict.standing.map(Into::into),
            changed_by: conflict.changed_by.map(Into::into),
        }
    }
}

/// What undoing a change set would do now, line by line, with what is in the way.
///
/// Nothing is changed. The counts are of all lines, whatever the page.
#[utoipa::path(
    get,
    path = "/change-sets/{number}/undo",
    tag = "Changes",
    params(PagingParams),
    responses((status = 200, description = "The counts and a page of lines", body = UndoPreview))
)]
pub(super) async fn preview_undo(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    paging: Paging,
) -> Result<Linked<UndoPreview>> {
    let preview = caller
        .service
        .preview_undo(&caller.actor, path.number, &paging.request)
        .await?;
    let lines: Listed<UndoLine> = paging.answer(preview.lines);
    Ok(lines.inside(|lines| UndoPreview {
        undoable: preview.undoable,
        already: preview.already,
        conflicts: preview.conflicts,
        lines,
    }))
}
