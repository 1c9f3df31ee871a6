//! Who is whom: proposals, decisions, drafts, change sets, the grid.

mod adding;
mod apply;
mod attention;
mod candidates;
mod cell;
mod clashes;
mod crm_user;
mod decisions;
mod drafts;
mod edits;
mod file;
mod grid;
mod hand_over;
mod history;
mod names;
mod naming;
mod pending;
mod pivot;
mod proposals;
mod searching;
mod shared_seats;
mod single;
mod undo;
mod views;

pub(crate) use crate::reconcile::has_crm_users;
pub use adding::PairCheck;
pub use attention::Attention;
pub use candidates::{Candidate, Why};
pub use cell::CellView;
pub use clashes::{AppliedEdits, EditClash, EditClashCause, EditScope};
pub use crm_user::CrmUserView;
pub use drafts::{Review, ReviewLine, SavedDraft};
pub use edits::CellEdit;
pub use file::{
    Change, CrmUserKey, FileProblem, MappingPlan, PairColumn, PairsInput, PairsPlan, PersonKey,
    PlannedChange,
};
pub(crate) use grid::words;
pub use grid::{ConnectionCounts, GridPage, GridRequest, Overview};
pub use hand_over::{HandOver, HandOverPlan};
pub use history::ChangeSetView;
pub use naming::{Names, Unnamed};
pub use pending::{Approved, Authorship, PendingPreview, PendingView};
pub use pivot::{PivotRow, PivotSeat, Standing, strangers};
pub use single::{ExportRow, MappingView};
pub use undo::{
    UndoConflict, UndoConflictCause, UndoLine, UndoOutcome, UndoPreview, UndoScope, Undone,
};
pub use views::{ViewChange, ViewInput};
