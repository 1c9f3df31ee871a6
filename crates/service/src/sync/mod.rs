//! Pulling users: page by page into staging, resumable, with brakes before the first change.

mod finishing;
mod held;
mod looking_up;
mod pulling;
mod retrying;
mod runs;
mod schedule;

pub use held::HeldRun;
pub use pulling::SyncMode;
