//! Password hashes: argon2id (RFC 9106) with the parameters OWASP recommends (19 MiB, 2 passes).

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use counterpart_model::{Code, Entropy, entropy};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Error, Result};

/// The fewest characters of a password (NIST SP 800-63B, section 5.1.1).
const SHORTEST: usize = 8;
/// The most bytes: hashing must not become a way to keep the service busy.
const LONGEST: usize = 1_024;

/// Hashes a password. Takes some 20 ms of processor time on purpose, beside the async threads.
pub(super) async fn hash(password: SecretString, entropy: &dyn Entropy) -> Result<String> {
    let text = password.expose_secret();
    if text.chars().count() < SHORTEST {
        return Err(Error::field(
            Code::AccountInvalid,
            "password",
            format!("use at least {SHORTEST} characters"),
        ));
    }
    if text.len() > LONGEST {
        return Err(Error::field(
            Code::AccountInvalid,
            "password",
            format!("use at most {LONGEST} bytes"),
        ));
    }
    let salt = entropy::bytes::<16>(entropy);
    run(move || {
        let hash: std::result::Result<argon2::password_hash::phc::PasswordHash, _> =
            Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
            .map_err(|error| error.to_string())
    })
    .await
}

/// Whether `password` is the one behind `hash`. Without a hash it takes as long and says no, so
/// that nobody can tell by the time which addresses have accounts.
pub(super) async fn verify(password: SecretString, hash: Option<String>) -> Result<bool> {
    run(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&hash).map_err(|error| error.to_string())?;
        let fits = Argon2::default()
            .verify_password(password.expose_secret().as_bytes(), &hash)
            .is_ok();
        Ok(known && fits)
    })
    .await
}

/// The hash of no password at all, with the same cost as a real one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn run<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, String> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
}
