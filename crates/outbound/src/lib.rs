//! The way out: the only HTTP client of the program, and the only place that opens sealed secrets.
//!
//! [`Client`] sends a [`Request`] and hands back a [`Response`]. Whatever host a setting names,
//! the connection is made only to an address that was checked; nothing is followed, remembered or
//! read without bound. [`Pace`] keeps a connection within the calls its system allows.
//! [`Redactor`] takes secrets out of whatever a vendor says before it reaches a report or a page.
//! [`Vault`] seals credentials for the store and opens them again under a [`MasterKey`].
//!
//! # Invariants
//! - A name is resolved once and every address it leads to is checked; the connection goes to
//!   those addresses and no others. Private, loopback and reserved ranges are refused unless an
//!   operator lists them, and plain http goes only to listed ranges.
//! - Redirects are not followed, proxies of the environment are not used, cookies are not kept.
//! - A body is read up to a cap that counts its bytes *after* decompression.
//! - No error and no `Debug` output holds a secret, a query string or a body.
//!
//! # What is not here
//! Retries, and what an answer means: that is the connectors' business. No store: whoever seals
//! something decides where to keep it.

mod address;
mod ahead;
mod certificate;
mod client;
#[cfg(test)]
mod counting;
mod error;
mod master_key;
mod pace;
mod peek;
mod redaction;
mod request;
mod resolver;
mod response;
mod tls;
mod vault;

pub use address::{Network, ParseNetworkError};
pub use client::{Client, ClientOptions};
pub use error::OutboundError;
pub use http::Method;
pub use master_key::{MasterKey, MasterKeyError};
pub use pace::{Pace, PaceLimit, Permit, retry_after};
pub use redaction::Redactor;
pub use request::Request;
pub use response::{InvalidJson, InvalidText, Response};
pub use secrecy::SecretString;
pub use url::Url;
pub use vault::{Bound, Vault, VaultError};
