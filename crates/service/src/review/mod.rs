//! The review queue: what somebody has to decide, case by case, with what was decided in similar
//! ones, and what those decisions teach.

mod advice;
mod deciding;
mod likeness;
mod queue;
mod verdicts;

pub use advice::{Advice, Lesson};
pub use deciding::Choice;
pub use likeness::{Likeness, Tally};
pub use queue::{ReviewCandidate, ReviewCase, ReviewPage};
