//! `GET /pending-change-sets/{number}`

use counterpart_service::mapping::{UndoLine, UndoOutcome};
use serde::Serialize;
use utoipa::ToSchema;

use super::PendingChangeSet;
use crate::caller::Caller;
use crate::change_sets::{ChangeLine, UndoConflict};
use crate::failure::Result;
use crate::input::Path;
use crate::paging::{Linked, Listed, PageOf, Paging, PagingParams};
use crate::path::ChangeSetPath;

/// A change set that waits, with what approving it would do now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PendingChangeSetDetail {
    #[serde(flatten)]
    pending: PendingChangeSet,
    /// Whether the token may approve or reject it.
    may_decide: bool,
    /// Why it may not.
    why_not: Option<String>,
    /// Whether the token may withdraw it.
    may_withdraw: bool,
    /// How many lines would be applied.
    applicable: u64,
    /// How many lines are true already.
    already: u64,
    /// How many lines something is in the way of.
    conflicts: u64,
    #[serde(flatten)]
    lines: PageOf<PendingLine>,
}

/// One line of a change set that waits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PendingLine {
    /// Its place in the change set, from 0.
    ordinal: u64,
    /// What becomes of it.
    outcome: PendingOutcome,
    /// What stands there now (`before`), and what approving would put there (`after`). When it
    /// waits no longer: what stood there when it was wanted.
    line: ChangeLine,
    /// What is in the way; with the outcome `conflict`.
    conflict: Option<UndoConflict>,
}

/// What becomes of a line: it is `applied`; it is true `already`; or there is a `conflict` with
/// what was changed since.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PendingOutcome {
    Applied,
    Already,
    Conflict,
}

impl From<UndoLine> for PendingLine {
    fn from(line: UndoLine) -> Self {
        let (outcome, conflict) = match line.outcome {
            UndoOutcome::Undone => (PendingOutcome::Applied, None),
            UndoOutcome::Already => (PendingOutcome::Already, None),
            UndoOutcome::Conflict(conflict) => (PendingOutcome::Conflict, Some((*conflict).into())),
        };
        Self {
            ordinal: line.ordinal,
            outcome,
            line: line.line.into(),
            conflict,
        }
    }
}

/// One change set that waits for a second person, or waited, line by line, with what was changed
/// since it was wanted.
///
/// Nothing is changed. The counts are of all lines, whatever the page.
#[utoipa::path(
    get,
    path = "/pending-change-sets/{number}",
    tag = "Changes",
    params(PagingParams),
    responses((
        status = 200,
        description = "The change set, the counts and a page of lines",
        body = PendingChangeSetDetail
    ))
)]
pub(super) async fn get_pending_change_set(
    caller: Caller,
    Path(path): Path<ChangeSetPath>,
    paging: Paging,
) -> Result<Linked<PendingChangeSetDetail>> {
    let (service, actor) = (&caller.service, &caller.actor);
    let preview = service
        .preview_pending(actor, path.number, &paging.request)
        .await?;
    let pending = &preview.view.pending;
    let decides = service.may_decide(actor, pending);
    let may_withdraw = service.may_withdraw(actor, pending).is_ok();
    let lines: Listed<PendingLine> = paging.answer(preview.lines);
    Ok(lines.inside(|lines| PendingChangeSetDetail {
        pending: preview.view.into(),
        may_decide: decides.is_ok(),
        why_not: decides.err().map(|error| error.detail().to_owned()),
        may_withdraw,
        applicable: preview.applicable,
        already: preview.already,
        conflicts: preview.conflicts,
        lines,
    }))
}
