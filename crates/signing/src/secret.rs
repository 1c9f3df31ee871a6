//! Secrets as receivers are given them: `whsec_` and base64.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// What every secret begins with.
const PREFIX: &str = "whsec_";
/// How many bytes a secret has, after the specification.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that sender and receiver share. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The text is no secret. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// It is not base64.
    #[error("a webhook secret is `whsec_` and base64; copy it again, completely")]
    Spelling,
    /// It is too short to be safe, or longer than the specification allows.
    #[error("a webhook secret has 24 to 64 bytes, and this one has {0}; make a new one")]
    Length(usize),
}

impl Secret {
    /// The secret of these random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The secret as text, for whoever verifies with it.
    pub fn to_text(&self) -> SecretString {
        let encoded = Zeroizing::new(STANDARD.encode(&*self.0));
        format!("{PREFIX}{}", *encoded).into()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    /// Reads a secret, with or without its prefix.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(PREFIX).unwrap_or(text);
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| SecretError::Spelling)?;
        let bytes = Zeroizing::new(bytes);
        if LENGTHS.contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(SecretError::Length(bytes.len()))
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_secret_survives_a_round_trip_through_text() {
        let secret = Secret::from_random([7; 32]);
        let text = secret.to_text();
        assert!(text.expose_secret().starts_with("whsec_"));
        assert_eq!(text.expose_secret().parse(), Ok(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn what_is_no_secret_is_refused_without_being_repeated() {
        let spelling = "whsec_not base64".parse::<Secret>();
        assert_eq!(spelling, Err(SecretError::Spelling));
        let short = "whsec_c2hvcnQ=".parse::<Secret>();
        assert_eq!(short, Err(SecretError::Length(5)));
        assert!(!SecretError::Length(5).to_string().contains("c2hvcnQ"));
    }
}
