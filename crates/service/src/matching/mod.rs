//! Matching settings: what the matcher goes by in an organization and in each of its connections,
//! and what a change of that would do.

mod effect;
mod settings;

pub use effect::{EffectKind, EffectLine, MatchingEffect, Proposed};
pub use settings::{MatchingInput, MatchingView};
