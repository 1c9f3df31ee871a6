//! Drift: mappings that hold but may be true no longer, and what puts them right.
//!
//! [`Scene`] judges without any I/O: what is known of one connection goes in, and the causes of
//! each mapping come out. What a mapping's witness says of both sides is how they were when
//! somebody last confirmed the pair; differences from it are told apart by what else stayed.

mod acquaintances;
mod detect;
mod disagreement;
mod finding;
mod finding_some;
mod inconsistent;
mod listing;
mod look;
mod mending;
mod naming;
mod policies;
mod repairing;
mod sameness;
mod scene;
mod witness;

pub(crate) use acquaintances::Acquaintances;
pub use detect::Finding;
pub use disagreement::{Account, disagreement};
pub(crate) use finding::Seen;
pub use listing::{DriftView, repairs_of};
pub(crate) use mending::confirmed;
pub use mending::{Mending, lines_to_mend};
pub use repairing::RepairRequest;
pub use scene::{Known, Scene};
