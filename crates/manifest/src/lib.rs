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

pub mod actions;
pub mod activities;
pub mod contacts;
pub mod error;
pub mod field;
pub mod format;
pub mod host;
mod inputs;
pub mod list;
mod load;
pub mod manifest;
pub mod paging;
pub mod pointer;
pub mod request;
pub mod rule;
pub mod schema;
pub mod setup;
pub mod sign_in;
pub mod template;
mod upgrade;
pub mod users;
mod validate;
pub mod webhooks;

pub use actions::{Action, Budget, BudgetPlace, Impersonation};
pub use activities::{Activity, FindByKey, LookUp, Named, WrittenId};
pub use contacts::{ContactFields, Contacts, Gone, PhoneSpelling, Search};
pub use error::{ManifestError, ManifestProblem};
pub use field::{Choice, Field, FieldKind, Normalise, RequiredIf};
pub use format::{LengthFormat, TimeFormat};
pub use host::{HostSource, Hosts};
pub use inputs::{Escape, percent_encode};
pub use list::{IdField, IdType, List, Since};
pub use manifest::{
    DeliveryTier, FORMAT, HookName, InputRule, Manifest, REDIRECT_URI, Rate, SIGN_IN_SETTING,
    Vocabulary,
};
pub use paging::{Below, End, Paging};
pub use pointer::Pointer;
pub use request::{Constant, HeaderTemplate, JsonTemplate, Method, RequestTemplate};
pub use rule::{Condition, ErrorClassName, ErrorRule};
pub use setup::{
    Environments, Need, OrgProbe, OrgValue, Permission, Probe, SandboxRule, SetupStep, SignedInAs,
};
pub use sign_in::{Authorize, ClientPlace, SessionLookUp, SignIn, Suite, TokenEndpoint, Yielded};
pub use template::{Part, Template};
pub use users::{
    FieldMap, Join, KindRule, Lookup, One, OtherIdField, Pick, Rule, Scope, Source, StateRule,
    Users,
};
pub use webhooks::{Encoding, Hash, NoticeKind, Signed, Verify, Webhooks};
