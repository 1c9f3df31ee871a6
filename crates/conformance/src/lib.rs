//! Ties the conformance kit to the emulators.
//!
//! The kit knows nothing of emulators and the emulators nothing of connectors, on purpose; here
//! they meet, for the tests of every connector and for `counterpart connector test`.
//!
//! What is *not* here: the checks themselves, which are the kit's, and anything of a provider.

mod bench;
mod spelling;

pub use bench::{Emulated, EmulatorBench, Outcome, loopback_client};
