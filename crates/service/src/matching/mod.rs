//! Matching settings: what the matcher goes by in an organization and in each of its connections,
//! and what a change of that would do.

mod effect;
mod options;
mod settings;

pub use effect::{EffectKind, EffectLine, MatchingEffect, Proposed};
pub(crate) use options::matching_options;
pub use settings::{MatchingInput, MatchingView};
