//! Pulling users: page by page into staging, resumable, with brakes before the first change.

mod finishing;
mod pulling;
mod runs;
mod schedule;

pub use pulling::SyncMode;
