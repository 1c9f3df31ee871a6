//! The words of Counterpart as types.
//!
//! Everything here is pure: no await, no I/O, no clock and no randomness of its own. Time comes
//! from a [`Clock`], random bytes from an [`Entropy`]; both are passed in by whoever sits at the
//! edge, so that tests decide what the time is.
//!
//! What is *not* here: how things are stored (`store`), who may do them (`service`), and any
//! provider's name.

pub mod account;
pub mod activity;
pub mod audit;
pub mod brakes;
pub mod change_set;
pub mod check;
pub mod connection;
pub mod contact;
pub mod crm_user;
pub mod decision;
pub mod draft;
pub mod drift;
pub mod drift_policy;
pub mod entropy;
pub mod event;
pub mod folding;
pub mod ids;
pub mod inconsistency;
pub mod mapping;
pub mod matching_settings;
pub mod organization;
pub mod paging;
pub mod pending;
pub mod person;
pub mod policy;
pub mod problem;
pub mod proposal;
pub mod run;
pub mod saved_view;
pub mod sealed;
pub mod search;
pub mod situation;
pub mod thing;
pub mod time;
pub mod webhook;
pub mod witness;

pub use account::{Account, ApiToken, Membership, Role, Session};
pub use change_set::{ChangeLine, ChangeSet, ChangeSetOrigin, NewChangeSet};
pub use check::{Check, CheckResult, CheckTrigger, SystemCheck};
pub use connection::{Cardinality, Connection, ConnectionState, Environment, Side};
pub use crm_user::{CrmUser, CrmUserId, CrmUserKind, CrmUserProfile, CrmUserState, OtherId};
pub use decision::{Decision, DecisionKind};
pub use draft::{Draft, DraftEdit};
pub use drift::{Drift, DriftCause};
pub use drift_policy::{DriftPolicies, DriftPolicy};
pub use entropy::Entropy;
pub use event::{EventKind, LoggedEvent, NewEvent};
pub use ids::{
    AccountId, ConnectionId, DecisionId, IdentityId, MappingId, OrganizationId, PersonId, RunId,
    SavedViewId, SystemCheckId, TokenId, WebhookId,
};
pub use inconsistency::Inconsistency;
pub use mapping::{Mapping, MappingOrigin};
pub use matching_settings::{MatchingRules, MatchingSettings};
pub use organization::Organization;
pub use paging::{Cursor, Page, PageRequest};
pub use pending::{Approval, Author, NewPending, PendingChangeSet, PendingEnding, PendingState};
pub use person::{Identity, IdentityKind, Person, PersonProfile};
pub use policy::Policy;
pub use problem::Code;
pub use proposal::{Evidence, Proposal, Rival};
pub use run::{Run, RunMode, RunReport, RunState};
pub use saved_view::{SavedView, ViewPage};
pub use sealed::Sealed;
pub use situation::{Situation, SituationSet};
pub use thing::{Subject, Thing};
pub use time::{Clock, Period, Timestamp};
pub use webhook::{Webhook, WebhookState};
pub use witness::Witness;
