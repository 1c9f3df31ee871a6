//! The connector manifest: what a provider's `manifest.toml` may say, read strictly.
//!
//! A manifest describes one provider's API as data in a closed vocabulary: settings in the
//! vendor's own words, how to sign in, where the users are and how their pages follow each
//! other, which JSON field is what, what an error means. There is no template language: a text
//! holds `{name}` of an input that is declared, and nothing else. The third time somebody wants
//! an `if`, it is a hook, written in Rust beside the manifest and named in it.
//!
//! Invariants:
//! - A manifest that loads is usable: unknown keys, unknown inputs, a list without stated paging,
//!   a rule that can never match are refused at load, all of them at once, each with its line.
//! - Reading is pure: no network, no clock, no files.
//!
//! What is *not* here: carrying a manifest out, which is the interpreter's business.

pub mod error;
pub mod field;
pub mod host;
mod inputs;
mod load;
pub mod manifest;
pub mod paging;
pub mod pointer;
pub mod request;
pub mod rule;
pub mod setup;
pub mod sign_in;
pub mod template;
pub mod users;
mod validate;

pub use error::{ManifestError, ManifestProblem};
pub use field::{Choice, Field, FieldKind, Normalise, RequiredIf};
pub use host::{HostSource, Hosts};
pub use inputs::{Escape, percent_encode};
pub use manifest::{DeliveryTier, HookName, Manifest, Rate, Vocabulary};
pub use paging::{End, Paging};
pub use pointer::Pointer;
pub use request::{Constant, HeaderTemplate, JsonTemplate, Method, RequestTemplate};
pub use rule::{Condition, ErrorClassName, ErrorRule};
pub use setup::{
    Environments, Need, OrgProbe, OrgValue, Permission, Probe, SandboxRule, SetupStep, SignedInAs,
};
pub use sign_in::{SignIn, Yielded};
pub use template::{Part, Template};
pub use users::{
    FieldMap, IdField, IdType, Join, KindRule, Lookup, OtherIdField, Pick, Rule, Scope, Since,
    Source, StateRule, TimeFormat, UserList, Users,
};
