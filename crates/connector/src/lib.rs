//! What speaks a provider's API.
//!
//! The service sees [`Connector`] and nothing else of a provider. [`ManifestConnector`] is the
//! implementation that carries out a manifest, with [`Hooks`] where the manifest names them;
//! [`Registry`] holds all that a binary was built with.
//!
//! Invariants:
//! - Every list comes to an end: a page that leads back to one already read is an error, and so
//!   is a pull of more pages than any provider has.
//! - An id is never converted: one of another type than the manifest states fails its page.
//! - A 200 can be a failure; what an answer means is decided by rules, not by its status alone.
//! - Whatever is repeated is repeated a bounded number of times, and only reading is repeated.
//! - No message holds a credential.
//!
//! What is *not* here: where anything is kept. Sessions are kept by whoever implements
//! [`SessionKeeper`], pages by whoever calls [`Connector::list_users`].

mod access;
mod activity;
mod capabilities;
mod connector;
mod error;
mod hooks;
mod interpreter;
pub mod kit;
mod registry;

pub use access::{
    Access, Credentials, Pause, SessionGuard, SessionKeeper, SessionState, TokioPause,
};
pub use activity::{
    Allowance, Attempt, Consent, ContactPage, ContactQuery, IncomingWebhook, Notice, PlacedCall,
    Pop, ReadBack, Written,
};
pub use capabilities::{Capabilities, Capability};
pub use connector::{
    CheckReport, Connector, FieldProblem, ListScope, ProbeOutcome, ProbeResult, PulledUser,
    RecordFailure, Settled, UserPage, WayThere,
};
pub use counterpart_manifest::{Encoding, Hash};
pub use error::{ConnectorError, ErrorClass};
pub use hooks::{
    BuildActivity, ClassifyError, DecodePage, HookFuture, Hooks, MapUser, NextPage, NormaliseId,
    NormaliseSettings, RefreshToken, SignRequest, VerifyWebhook,
};
pub use interpreter::{ManifestConnector, Position, is_signed, sha256};
pub use registry::{Registry, RegistryError};
