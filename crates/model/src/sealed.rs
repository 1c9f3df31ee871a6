//! Secrets at rest. Sealing and opening happen in one place only, which is not here: this crate
//! knows the shape of what is stored.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret sealed by authenticated encryption under an organization's data key, bound to where
/// it belongs (organization, connection and field are the associated data), so that a copied row
/// opens nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Which data key sealed it.
    pub key_id: String,
    /// The nonce, 24 bytes.
    pub nonce: Vec<u8>,
    /// The ciphertext with its tag.
    pub ciphertext: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Sealed({} bytes under key {})",
            self.ciphertext.len(),
            self.key_id
        )
    }
}

/// An organization's data key, sealed under the master key that is kept outside the database.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// The data key's id.
    pub key_id: String,
    /// Which master key sealed it.
    pub master_key_id: String,
    /// The nonce, 24 bytes.
    pub nonce: Vec<u8>,
    /// The sealed data key with its tag.
    pub ciphertext: Vec<u8>,
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "WrappedKey({} under {})",
            self.key_id, self.master_key_id
        )
    }
}
