//! Matches people of two directories one to one, and explains why. Pure: no I/O, no clock, no
//! randomness, no global state.
//!
//! ```
//! use counterpart_matching::{Decision, Options, Record, match_records};
//!
//! let agent = Record {
//!     full_name: "Lovelace, Ada".into(),
//!     emails: vec!["Ada.Lovelace@example.com".into()],
//!     ..Record::default()
//! };
//! let user = Record {
//!     given: "Ada".into(),
//!     family: "Lovelace".into(),
//!     emails: vec!["ada.lovelace+crm@example.com".into()],
//!     ..Record::default()
//! };
//! let result = match_records(&[agent], &[user], &Options::default());
//! assert_eq!(result.proposals[0].decision, Decision::Auto);
//! assert!(result.proposals[0].evidence[0].words.contains("e-mail equal"));
//! ```
//!
//! # Method
//! normalise → block → compare → weigh → assign → decide → explain.
//!
//! 1. **Normalise**: case, accents, scripts, name order, address tags, phone notation.
//! 2. **Block**: only pairs that share a key which few others have are compared, so that cost
//!    grows linearly. Of many records strong keys (addresses, numbers, whole names) come first,
//!    and weak ones are for whoever those leave open.
//! 3. **Compare**: each field agrees on one of a few levels (equal, other spelling, short form,
//!    initial, mistyped, different).
//! 4. **Weigh**: each level is worth the logarithm of how much likelier it is for one human than
//!    for two (Fellegi and Sunter 1969), learned from the data itself by
//!    expectation-maximisation, with sane expectations for small directories; a rare value weighs
//!    more than a frequent one.
//! 5. **Assign**: one to one over all candidates at once, exact within components. The score is
//!    the probability of the tie among all one-to-one assignments.
//! 6. **Decide**: `auto` only when certain, without rival, and not on an account that is no
//!    human's; else `review`; below the threshold nothing.
//! 7. **Explain**: every proposal and its runner-up carry the waterfall of their evidence.
//!
//! # What is not here
//! Reading files (the `match` command does), storing decisions, and any knowledge of a CRM.

mod block;
mod board;
mod compare;
mod corpus;
mod engine;
mod index;
mod intake;
mod names;
mod normalise;
mod outcome;
mod parallel;
mod record;
mod slips;
mod tables;
mod weigh;

pub use board::{Around, Board, Tied};
pub use engine::{match_records, match_sides};
pub use index::Index;
pub use intake::side::Side;
pub use names::{NameJudge, NameLikeness};
pub use normalise::email::Address;
pub use outcome::matches::{Explainer, Matches, Tie};
pub use outcome::proposal::{
    Decision, Evidence, EvidenceKind, MatchResult, Proposal, RunnerUp, Unmatched,
};
pub use record::{AccountKind, Label, Options, Record, RecordView};
