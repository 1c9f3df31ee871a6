//! Sealing secrets for the store, and opening them.
//!
//! Three layers, each XChaCha20-Poly1305 with a random nonce of 24 bytes: the master key seals an
//! organization's data key, the data key seals each secret, and the associated data of both says
//! what is sealed for whom, so that a row copied elsewhere does not open there.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use counterpart_model::sealed::WrappedKey;
use counterpart_model::{Code, ConnectionId, Entropy, OrganizationId, Sealed, entropy};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::master_key::{KEY_LENGTH, MasterKey};

/// What the associated data of a data key begins with. The number changes with the layout.
const DATA_KEY_PURPOSE: &[u8] = b"counterpart data key v1";
/// What the associated data of a secret begins with. The number changes with the layout.
const SECRET_PURPOSE: &[u8] = b"counterpart secret v1";

/// The length of a nonce in bytes.
const NONCE_LENGTH: usize = 24;

/// Seals and opens secrets under a master key.
#[derive(Debug)]
pub struct Vault {
    master: MasterKey,
}

/// Where a secret belongs. It opens only with the same three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound<'a> {
    /// The organization whose secret it is.
    pub organization_id: OrganizationId,
    /// The connection it signs in to.
    pub connection_id: ConnectionId,
    /// The credential's name, for example `client_secret`.
    pub field: &'a str,
}

/// A secret was not sealed or not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Another master key sealed the organization's data key.
    #[error(
        "the data key was sealed under the master key {sealed_under}, and {present} is in use; restore the master key of this database"
    )]
    OtherMasterKey {
        /// The id of the master key that sealed it.
        sealed_under: String,
        /// The id of the master key in use.
        present: String,
    },
    /// Another data key sealed the secret.
    #[error(
        "the secret was sealed under the data key {sealed_under}, and {present} is the organization's; enter the credential again"
    )]
    OtherDataKey {
        /// The id of the data key that sealed it.
        sealed_under: String,
        /// The id of the data key that was offered.
        present: String,
    },
    /// It was changed, cut, or belongs elsewhere.
    #[error(
        "the {what} does not open: it was changed, or copied from another organization, connection or field; enter the credential again"
    )]
    NotOpened {
        /// `data key` or `secret`.
        what: &'static str,
    },
    /// It is too long to be sealed.
    #[error("the {what} cannot be sealed because it is too long; shorten it")]
    NotSealed {
        /// `data key` or `secret`.
        what: &'static str,
    },
}

impl VaultError {
    /// The stable code of this error.
    pub const fn code(&self) -> Code {
        Code::KeyWrong
    }
}

impl Vault {
    /// A vault under this master key.
    pub const fn new(master: MasterKey) -> Self {
        Self { master }
    }

    /// The id of the master key.
    pub fn master_key_id(&self) -> String {
        self.master.id()
    }

    /// A new data key for an organization, sealed under the master key. It is stored with the
    /// organization before anything is sealed under it.
    #[expect(
        clippy::missing_panics_doc,
        reason = "a key is never too long for the cipher"
    )]
    pub fn new_data_key(
        &self,
        organization_id: OrganizationId,
        entropy: &dyn Entropy,
    ) -> WrappedKey {
        let key_id = hex(&entropy::bytes::<8>(entropy));
        let master_key_id = self.master.id();
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        entropy.fill(&mut *key);
        let context = data_key_context(organization_id, &key_id, &master_key_id);
        let (nonce, ciphertext) = encrypt(self.master.bytes(), &*key, &context, entropy)
            .expect("32 bytes are far below what the cipher can seal, 256 GiB");
        WrappedKey {
            key_id,
            master_key_id,
            nonce,
            ciphertext,
        }
    }

    /// Seals a secret under an organization's data key, bound to where it belongs.
    pub fn seal(
        &self,
        data_key: &WrappedKey,
        bound: Bound<'_>,
        secret: &SecretString,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, VaultError> {
        let key = self.unwrap(data_key, bound.organization_id)?;
        let context = secret_context(bound, &data_key.key_id);
        let plain = secret.expose_secret().as_bytes();
        let (nonce, ciphertext) = encrypt(&key, plain, &context, entropy)
            .ok_or(VaultError::NotSealed { what: "secret" })?;
        Ok(Sealed {
            key_id: data_key.key_id.clone(),
            nonce,
            ciphertext,
        })
    }

    /// Opens a sealed secret.
    pub fn open(
        &self,
        data_key: &WrappedKey,
        bound: Bound<'_>,
        sealed: &Sealed,
    ) -> Result<SecretString, VaultError> {
        if sealed.key_id != data_key.key_id {
            return Err(VaultError::OtherDataKey {
                sealed_under: sealed.key_id.clone(),
                present: data_key.key_id.clone(),
            });
        }
        let not_opened = VaultError::NotOpened { what: "secret" };
        let key = self.unwrap(data_key, bound.organization_id)?;
        let context = secret_context(bound, &data_key.key_id);
        let plain = decrypt(&key, &sealed.nonce, &sealed.ciphertext, &context)
            .ok_or_else(|| not_opened.clone())?;
        let text = str::from_utf8(&plain).map_err(|_| not_opened)?;
        Ok(text.into())
    }

    /// Fails unless the master key opens an organization's data key.
    pub fn check(
        &self,
        data_key: &WrappedKey,
        organization_id: OrganizationId,
    ) -> Result<(), VaultError> {
        self.unwrap(data_key, organization_id).map(drop)
    }

    fn unwrap(
        &self,
        wrapped: &WrappedKey,
        organization_id: OrganizationId,
    ) -> Result<Zeroizing<[u8; KEY_LENGTH]>, VaultError> {
        let present = self.master.id();
        if wrapped.master_key_id != present {
            return Err(VaultError::OtherMasterKey {
                sealed_under: wrapped.master_key_id.clone(),
                present,
            });
        }
        let context = data_key_context(organization_id, &wrapped.key_id, &present);
        let not_opened = VaultError::NotOpened { what: "data key" };
        let plain = decrypt(
            self.master.bytes(),
            &wrapped.nonce,
            &wrapped.ciphertext,
            &context,
        )
        .ok_or_else(|| not_opened.clone())?;
        let key = <[u8; KEY_LENGTH]>::try_from(plain.as_slice()).map_err(|_| not_opened)?;
        Ok(Zeroizing::new(key))
    }
}

fn data_key_context(organization: OrganizationId, key_id: &str, master_key_id: &str) -> Vec<u8> {
    context(&[
        DATA_KEY_PURPOSE,
        organization.as_uuid().as_bytes(),
        key_id.as_bytes(),
        master_key_id.as_bytes(),
    ])
}

fn secret_context(bound: Bound<'_>, key_id: &str) -> Vec<u8> {
    context(&[
        SECRET_PURPOSE,
        bound.organization_id.as_uuid().as_bytes(),
        bound.connection_id.as_uuid().as_bytes(),
        bound.field.as_bytes(),
        key_id.as_bytes(),
    ])
}

/// Associated data: each part behind its length, so that no two lists of parts give the same.
fn context(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Vec::new();
    for part in parts {
        context.extend_from_slice(&(part.len() as u64).to_be_bytes());
        context.extend_from_slice(part);
    }
    context
}

/// Nonce and ciphertext; `None` if the text is too long for the cipher.
fn encrypt(
    key: &[u8; KEY_LENGTH],
    plain: &[u8],
    context: &[u8],
    entropy: &dyn Entropy,
) -> Option<(Vec<u8>, Vec<u8>)> {
    let nonce = entropy::bytes::<NONCE_LENGTH>(entropy);
    let payload = Payload {
        msg: plain,
        aad: context,
    };
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .ok()?;
    Some((nonce.to_vec(), ciphertext))
}

fn decrypt(
    key: &[u8; KEY_LENGTH],
    nonce: &[u8],
    ciphertext: &[u8],
    context: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let nonce = <[u8; NONCE_LENGTH]>::try_from(nonce).ok()?;
    let payload = Payload {
        msg: ciphertext,
        aad: context,
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), payload)
        .ok()
        .map(Zeroizing::new)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::counting::Counting;

    const SECRET: &str = "correct horse battery staple";

    fn bound(organization: u128, connection: u128, field: &str) -> Bound<'_> {
        Bound {
            organization_id: Uuid::from_u128(organization).into(),
            connection_id: Uuid::from_u128(connection).into(),
            field,
        }
    }

    /// A vault, the data key of organization 1, and a secret of its connection 2.
    fn sealed() -> (Vault, WrappedKey, Sealed, Counting) {
        let entropy = Counting::from(0);
        let vault = Vault::new(MasterKey::generate(&entropy));
        let key = vault.new_data_key(Uuid::from_u128(1).into(), &entropy);
        let sealed = vault
            .seal(&key, bound(1, 2, "password"), &SECRET.into(), &entropy)
            .expect("sealed");
        (vault, key, sealed, entropy)
    }

    #[test]
    fn a_sealed_secret_opens_where_it_belongs() {
        let (vault, key, sealed, _) = sealed();
        let opened = vault.open(&key, bound(1, 2, "password"), &sealed);
        assert_eq!(opened.expect("opens").expose_secret(), SECRET);
    }

    #[test]
    fn a_sealed_secret_opens_nowhere_else() {
        let (vault, key, sealed, _) = sealed();
        for elsewhere in [
            bound(9, 2, "password"),
            bound(1, 9, "password"),
            bound(1, 2, "token"),
            bound(2, 1, "password"),
            bound(1, 2, ""),
        ] {
            let error = vault.open(&key, elsewhere, &sealed).expect_err("opened");
            assert_eq!(error.code(), Code::KeyWrong, "{elsewhere:?}");
        }
    }

    #[test]
    fn a_data_key_of_another_organization_does_not_open() {
        let (vault, _, sealed, entropy) = sealed();
        let mut stolen = vault.new_data_key(Uuid::from_u128(2).into(), &entropy);
        stolen.key_id.clone_from(&sealed.key_id);
        for organization in [1, 2] {
            let bound = bound(organization, 2, "password");
            assert!(vault.open(&stolen, bound, &sealed).is_err());
        }
    }

    #[test]
    fn another_master_key_is_named() {
        let (vault, key, sealed, entropy) = sealed();
        let other = Vault::new(MasterKey::generate(&entropy));
        let error = other
            .open(&key, bound(1, 2, "password"), &sealed)
            .expect_err("opened");
        assert_eq!(
            error,
            VaultError::OtherMasterKey {
                sealed_under: vault.master_key_id(),
                present: other.master_key_id(),
            }
        );
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let (vault, key, sealed, _) = sealed();
        let opens = |sealed: &Sealed| vault.open(&key, bound(1, 2, "password"), sealed).is_ok();
        for at in 0..sealed.ciphertext.len() {
            let mut changed = sealed.clone();
            changed.ciphertext[at] ^= 1;
            assert!(!opens(&changed), "byte {at} changed");
            changed.ciphertext.truncate(at);
            assert!(!opens(&changed), "cut at {at}");
        }
        for at in 0..sealed.nonce.len() {
            let mut changed = sealed.clone();
            changed.nonce[at] ^= 1;
            assert!(!opens(&changed), "nonce {at} changed");
            changed.nonce.truncate(at);
            assert!(!opens(&changed), "nonce cut at {at}");
        }
    }

    #[test]
    fn no_secret_shows_in_what_is_stored() {
        let (_, key, sealed, _) = sealed();
        let stored = serde_json::to_string(&(&key, &sealed)).expect("data");
        assert!(!stored.contains("horse"));
        assert!(!format!("{key:?} {sealed:?}").contains("horse"));
        let same = sealed.ciphertext.windows(5).any(|w| w == b"horse");
        assert!(!same);
    }

    #[test]
    fn parts_of_the_context_do_not_flow_into_each_other() {
        assert_ne!(context(&[b"ab", b"c"]), context(&[b"a", b"bc"]));
        assert_ne!(context(&[b"", b"a"]), context(&[b"a", b""]));
    }

    #[test]
    fn sealing_twice_gives_different_rows() {
        let (vault, key, first, entropy) = sealed();
        let second = vault
            .seal(&key, bound(1, 2, "password"), &SECRET.into(), &entropy)
            .expect("sealed");
        assert_ne!(first, second);
    }
}
