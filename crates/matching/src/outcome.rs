//! What follows from the weights: who is tied to whom, what may be done about it, and why.

mod assign;
pub(crate) mod decide;
pub(crate) mod explain;
pub(crate) mod matches;
pub(crate) mod proposal;
