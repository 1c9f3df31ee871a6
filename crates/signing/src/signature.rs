//! Signing and verifying.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Secret;

/// The header that holds the message's id: the same whenever the message is sent again.
pub const ID_HEADER: &str = "webhook-id";
/// The header that holds when the attempt was made, in seconds since 1970.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header that holds the signatures, parted by spaces.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// How old a message may be, and how far ahead of one's own clock, in seconds.
pub const TOLERANCE: i64 = 5 * 60;

/// The version of the signatures made here: HMAC-SHA256.
const VERSION: &str = "v1";

/// What the three headers of a message say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<'a> {
    /// The value of [`ID_HEADER`].
    pub id: &'a str,
    /// The value of [`TIMESTAMP_HEADER`].
    pub timestamp: &'a str,
    /// The value of [`SIGNATURE_HEADER`].
    pub signature: &'a str,
}

/// A message must not be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The timestamp is no number.
    #[error("the webhook-timestamp is no number of seconds; it must be sent as it was received")]
    Timestamp,
    /// It is too old: perhaps somebody sends it again.
    #[error("the message is older than five minutes; check the clock of the receiver")]
    TooOld,
    /// It comes from the future.
    #[error("the message lies in the future; check the clock of the receiver")]
    TooNew,
    /// No signature is by any of the secrets.
    #[error("no signature fits; check the secret, and that the body is verified byte for byte")]
    NoMatch,
}

/// The value of [`SIGNATURE_HEADER`]: one signature by each secret. `timestamp` is in seconds
/// since 1970.
pub fn sign(secrets: &[&Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let timestamp = timestamp.to_string();
    let signatures = secrets.iter().map(|secret| {
        let signature = mac(secret, id, &timestamp, body).finalize().into_bytes();
        format!("{VERSION},{}", STANDARD.encode(signature))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// Verifies that whoever knows one of `secrets` sent exactly this, at most [`TOLERANCE`] away
/// from `now` (in seconds since 1970). Signatures of other versions are passed over.
pub fn verify(
    secrets: &[&Secret],
    headers: Headers<'_>,
    body: &[u8],
    now: i64,
) -> Result<(), VerifyError> {
    let sent: i64 = headers
        .timestamp
        .parse()
        .map_err(|_| VerifyError::Timestamp)?;
    if sent < now.saturating_sub(TOLERANCE) {
        return Err(VerifyError::TooOld);
    }
    if sent > now.saturating_add(TOLERANCE) {
        return Err(VerifyError::TooNew);
    }
    let signatures = headers.signature.split(' ').filter_map(|signature| {
        let (version, value) = signature.split_once(',')?;
        let value = (version == VERSION).then(|| STANDARD.decode(value))?;
        value.ok()
    });
    for signature in signatures {
        for secret in secrets {
            let expected = mac(secret, headers.id, headers.timestamp, body);
            // Compares in constant time.
            if expected.verify_slice(&signature).is_ok() {
                return Ok(());
            }
        }
    }
    Err(VerifyError::NoMatch)
}

fn mac(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes())
        .expect("HMAC takes keys of any length (RFC 2104)");
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of the specification's reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn secret() -> Secret {
        SECRET.parse().expect("a secret")
    }

    fn headers(signature: &str) -> Headers<'_> {
        Headers {
            id: ID,
            timestamp: "1614265330",
            signature,
        }
    }

    #[test]
    fn the_published_example_is_signed_as_published() {
        assert_eq!(sign(&[&secret()], ID, AT, BODY), SIGNATURE);
        assert_eq!(verify(&[&secret()], headers(SIGNATURE), BODY, AT), Ok(()));
    }

    #[test]
    fn while_a_secret_is_exchanged_both_verify() {
        let (old, new) = (secret(), Secret::from_random([1; 32]));
        let both = sign(&[&new, &old], ID, AT, BODY);
        for known in [&old, &new] {
            assert_eq!(verify(&[known], headers(&both), BODY, AT), Ok(()));
        }
        let only_new = sign(&[&new], ID, AT, BODY);
        let refused = verify(&[&old], headers(&only_new), BODY, AT);
        assert_eq!(refused, Err(VerifyError::NoMatch));
    }

    #[test]
    fn old_messages_and_those_of_the_future_are_refused() {
        let at = |now| verify(&[&secret()], headers(SIGNATURE), BODY, now);
        assert_eq!(at(AT + TOLERANCE), Ok(()));
        assert_eq!(at(AT + TOLERANCE + 1), Err(VerifyError::TooOld));
        assert_eq!(at(AT - TOLERANCE - 1), Err(VerifyError::TooNew));
        let mut spoilt = headers(SIGNATURE);
        spoilt.timestamp = "yesterday";
        let refused = verify(&[&secret()], spoilt, BODY, AT);
        assert_eq!(refused, Err(VerifyError::Timestamp));
    }

    #[test]
    fn other_versions_and_damaged_signatures_are_passed_over() {
        for spoilt in ["", "v1", "v1,", "v1,?", "v1a,AAAA"] {
            let refused = verify(&[&secret()], headers(spoilt), BODY, AT);
            assert_eq!(refused, Err(VerifyError::NoMatch), "{spoilt}");
            let among = format!("{spoilt} {SIGNATURE}");
            assert_eq!(verify(&[&secret()], headers(&among), BODY, AT), Ok(()));
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_message_can_be_changed(
            body in proptest::collection::vec(any::<u8>(), 0..64),
            other in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            let signature = sign(&[&secret()], ID, AT, &body);
            prop_assert_eq!(verify(&[&secret()], headers(&signature), &body, AT), Ok(()));
            prop_assume!(body != other);
            let refused = verify(&[&secret()], headers(&signature), &other, AT);
            prop_assert_eq!(refused, Err(VerifyError::NoMatch));
            let mut elsewhere = headers(&signature);
            elsewhere.id = "msg_other";
            let refused = verify(&[&secret()], elsewhere, &body, AT);
            prop_assert_eq!(refused, Err(VerifyError::NoMatch));
        }

        #[test]
        fn nothing_that_is_sent_makes_verifying_panic(
            id in ".*", timestamp in ".*", signature in ".*",
        ) {
            let headers = Headers { id: &id, timestamp: &timestamp, signature: &signature };
            prop_assert!(verify(&[&secret()], headers, BODY, AT).is_err());
        }
    }
}
