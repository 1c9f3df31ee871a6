//! Webhooks that prove where they come from, after the
//! [Standard Webhooks](https://www.standardwebhooks.com) specification.
//!
//! A message is signed by HMAC-SHA256 over `{id}.{timestamp}.{body}`, the body byte for byte as
//! it is sent. Id, timestamp and signatures travel in three headers; several signatures, parted
//! by spaces, let a secret be exchanged without a message being lost.
//!
//! ```
//! use counterpart_signing::{Headers, Secret, sign, verify};
//!
//! let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
//! let body = br#"{"test": 2432232314}"#;
//! let signature = sign(&[&secret], "msg_1", 1_614_265_330, body);
//! let headers = Headers {
//!     id: "msg_1",
//!     timestamp: "1614265330",
//!     signature: &signature,
//! };
//! assert_eq!(verify(&[&secret], headers, body, 1_614_265_400), Ok(()));
//! # Ok::<(), counterpart_signing::SecretError>(())
//! ```
//!
//! *What is not here:* the asymmetric signatures (`v1a`) of the specification, sending, and
//! vendors' own ways to sign, which are their connectors' business.

mod secret;
mod signature;

pub use secret::{Secret, SecretError};
pub use signature::{
    Headers, ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE, VerifyError, sign, verify,
};
