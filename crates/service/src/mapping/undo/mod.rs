//! Undoing change sets: each as a new change set of the reversed lines, which can be undone as
//! well.
//!
//! What was changed since then is left alone: every line is compared with what stands now. A line
//! whose thing is no longer as the change set left it is a conflict, and so is one whose thing
//! could not come back beside what came later.

mod facts;
mod judged;
mod plan;
mod words;

use counterpart_model::{
    ChangeLine, ChangeSet, Code, Page, PageRequest, Role, Thing, paging::LARGEST_PAGE,
};

pub(super) use self::judged::Judged;
pub(super) use self::words::{Purpose, Words};
use super::ChangeSetView;
use super::apply::{Consent, Wanted};
use crate::{Actor, Error, Result, Service};

/// How often something is planned anew when somebody else changes something in the same moment.
pub(super) const ATTEMPTS: usize = 3;

/// How much of a change set is to be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoScope {
    /// All of it, or nothing when something is in the way.
    Everything,
    /// What nothing is in the way of.
    Rest,
}

/// What undoing a change set would do.
#[derive(Debug, Clone)]
pub struct UndoPreview {
    /// The change set.
    pub change_set: ChangeSet,
    /// How many lines would be undone.
    pub undoable: u64,
    /// How many lines stand as they did before the change set already.
    pub already: u64,
    /// How many lines something is in the way of.
    pub conflicts: u64,
    /// The lines, in the change set's order.
    pub lines: Page<UndoLine>,
}

/// One line of a change set that is to be undone.
#[derive(Debug, Clone)]
pub struct UndoLine {
    /// Its place in the change set, from 0.
    pub ordinal: u64,
    /// What stands there now, and what undoing puts there. For a line that needs no undoing: what
    /// the change set left, and what stood there before it.
    pub line: ChangeLine,
    /// What becomes of it.
    pub outcome: UndoOutcome,
}

/// What becomes of a line.
#[derive(Debug, Clone)]
pub enum UndoOutcome {
    /// It is undone, or applied.
    Undone,
    /// It stands as it did before the change set already.
    Already,
    /// Something is in the way.
    Conflict(Box<UndoConflict>),
}

/// What is in the way of undoing a line, or of applying one that waited.
#[derive(Debug, Clone)]
pub struct UndoConflict {
    /// Why it cannot be undone.
    pub cause: UndoConflictCause,
    /// What stands in the way; `None` when something is missing.
    pub standing: Option<Thing>,
    /// What happened, in names; lower case, without a full stop.
    pub detail: String,
    /// The change set that put it there, or took it away.
    pub changed_by: Option<ChangeSetView>,
}

/// Why a line cannot be undone, or applied after it waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoConflictCause {
    /// It was changed again.
    Changed,
    /// What would come back cannot stand beside what came later.
    InTheWay,
    /// A person who was added would go, and is used by what came later.
    StillUsed,
    /// What would come back is about a person who is not there any more.
    PersonGone,
    /// It belongs together with a line that cannot be undone.
    Together,
}

impl UndoConflictCause {
    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::InTheWay => "in_the_way",
            Self::StillUsed => "still_used",
            Self::PersonGone => "person_gone",
            Self::Together => "together",
        }
    }
}

/// A change set was undone.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The change set that undid it.
    pub change_set: ChangeSet,
    /// How many lines were left because something is in the way.
    pub skipped: u64,
}

/// A change set with what becomes of its lines.
struct Planned {
    change_set: ChangeSet,
    judged: Judged,
}

impl Service {
    /// What undoing a change set would do now, and a page of its lines.
    pub async fn preview_undo(
        &self,
        actor: &Actor,
        number: u64,
        page: &PageRequest,
    ) -> Result<UndoPreview> {
        let Planned { change_set, judged } = self.plan_undo(actor, number).await?;
        Ok(UndoPreview {
            undoable: judged.possible(),
            already: judged.already(),
            conflicts: judged.conflicts(),
            lines: self.told_page(actor, &judged, page).await?,
            change_set,
        })
    }

    /// The conflicts of undoing a change set now, at most `most`.
    pub async fn undo_conflicts(
        &self,
        actor: &Actor,
        number: u64,
        most: usize,
    ) -> Result<Vec<UndoLine>> {
        let planned = self.plan_undo(actor, number).await?;
        self.told_conflicts(actor, &planned.judged, most).await
    }

    /// Undoes a change set by a new one. With [`UndoScope::Everything`] it is
    /// [`Code::ChangeSetConflict`] when something is in the way; nothing to undo is
    /// [`Code::ChangeSetEmpty`].
    pub async fn undo(
        &self,
        actor: &Actor,
        number: u64,
        scope: UndoScope,
        reason: Option<String>,
    ) -> Result<Undone> {
        actor.require(Role::Admin)?;
        let mut attempt = 1;
        loop {
            match self.try_undo(actor, number, scope, reason.clone()).await {
                Err(error) if attempt < ATTEMPTS && was_overtaken(&error) => attempt += 1,
                ended => return ended,
            }
        }
    }

    async fn try_undo(
        &self,
        actor: &Actor,
        number: u64,
        scope: UndoScope,
        reason: Option<String>,
    ) -> Result<Undone> {
        let planned = self.plan_undo(actor, number).await?;
        let skipped = planned.judged.conflicts();
        if skipped > 0 && scope == UndoScope::Everything {
            return Err(self.refusal(actor, &planned, skipped).await?);
        }
        let lines = planned.judged.reversing();
        if lines.is_empty() {
            let why = if skipped > 0 {
                "everything in it was changed again since"
            } else {
                "all of it is as it was before already"
            };
            return Err(Error::new(
                Code::ChangeSetEmpty,
                format!("change set {number} has nothing to undo: {why}"),
            ));
        }
        let wanted = Wanted {
            lines,
            reason: reason.or_else(|| Some(usual_reason(&planned.change_set))),
            undoes: Some(number),
            clear_draft: false,
            consent: Consent::Asked,
        };
        let change_set = self.apply_wanted(actor, wanted).await?;
        Ok(Undone {
            change_set,
            skipped,
        })
    }

    /// The newest change set that is not undone and undoes none itself.
    pub async fn newest_to_undo(&self, actor: &Actor) -> Result<ChangeSet> {
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_change_sets(actor.organization(), &request)
                .await?;
            let found = page
                .items
                .into_iter()
                .find(|set| set.undone_by.is_none() && set.undoes.is_none());
            match (found, page.next) {
                (Some(found), _) => return Ok(found),
                (None, Some(next)) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                (None, None) => {
                    return Err(Error::new(
                        Code::RequestNotFound,
                        "there is no change set that is not undone",
                    ));
                }
            }
        }
    }

    async fn plan_undo(&self, actor: &Actor, number: u64) -> Result<Planned> {
        let change_set = self.find_change_set(actor, number).await?;
        let lines = self.all_lines(actor.organization(), number).await?;
        Ok(Planned {
            change_set,
            judged: self.judge_undo(actor, number, lines).await?,
        })
    }

    async fn refusal(&self, actor: &Actor, planned: &Planned, conflicts: u64) -> Result<Error> {
        let fields = self.conflicts_as_fields(actor, &planned.judged).await?;
        let detail = format!(
            "{conflicts} of the {} lines of change set {} cannot be undone, because of what was \
             changed since",
            planned.judged.lines.len(),
            planned.change_set.number
        );
        Ok(Error::new(Code::ChangeSetConflict, detail).with(fields))
    }
}

/// Whether somebody else changed something between the plan and its execution.
pub(super) const fn was_overtaken(error: &Error) -> bool {
    matches!(
        error.code(),
        Code::MappingStale | Code::MappingOverlap | Code::PersonDuplicate | Code::ExtensionTaken
    )
}

fn usual_reason(undone: &ChangeSet) -> String {
    let number = undone.number;
    match undone.undoes {
        Some(again) => format!("change {again} made again"),
        None => format!("change {number} undone"),
    }
}

/// The place of the first line of a page.
fn first_of(page: &PageRequest) -> Result<usize> {
    let Some(after) = &page.after else {
        return Ok(0);
    };
    after.0.parse().map_err(|_| {
        Error::field(
            Code::RequestInvalid,
            "after",
            "not a cursor of this list; begin again without it",
        )
    })
}
