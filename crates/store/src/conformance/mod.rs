//! What every implementation of [`crate::Store`] must do, as tests that any of them can run.
//!
//! A database crate writes one function that opens a store on an **empty database of its own**
//! (the global tables are looked at too) and hands it to [`crate::conformance_suite!`], which
//! wires a `#[tokio::test]` to each function here:
//!
//! ```text
//! struct Fixture { store: MyStore, _folder: TempDir }
//! impl counterpart_store::conformance::Fixture for Fixture {
//!     fn store(&self) -> &dyn Store { &self.store }
//! }
//! /// `deadline` is how long a unit of work may stay open.
//! async fn open(deadline: Duration) -> Fixture { … }
//!
//! counterpart_store::conformance_suite!(crate::open);
//! ```
//!
//! The tests are plain functions over `&dyn Store`. Each founds organizations of its own with
//! ids and instants from a seed ([`fixture::World`]), so that a failure repeats.
//!
//! *What is not here:* opening, locking, migrating and backing up, which differ by database.

#![expect(
    clippy::missing_panics_doc,
    reason = "these are tests: panicking is how they report"
)]

use std::time::Duration;

use crate::Store;

pub mod absences;
pub mod accounts;
pub mod audit;
pub mod change_sets;
pub mod checks;
pub mod connections;
pub mod crm_users;
pub mod deadlines;
pub mod decisions;
pub mod drafts;
pub mod drift;
pub mod evaluations;
pub mod events;
pub mod exclusivity;
pub mod fixture;
pub mod grid;
pub mod inconsistencies;
pub mod isolation;
pub mod mappings;
pub mod organizations;
pub mod pending;
pub mod people;
pub mod proposals;
pub mod resolve;
pub mod review;
pub mod run_ends;
pub mod runs;
pub mod saved_views;
pub mod situations;
pub mod standings;
mod suite;
pub mod undo;
pub mod units;
pub mod webhooks;

/// The deadline with which the tests of [`deadlines`] run: short, because they wait for it,
/// but not so short that a busy machine misses it.
pub const SHORT_DEADLINE: Duration = Duration::from_millis(500);

/// A store on a database of its own, and whatever must live as long as it does.
pub trait Fixture {
    /// The store.
    fn store(&self) -> &dyn Store;
}
