//! Signed assertions (RFC 7523): a JSON Web Token in RS256, checked against the certificate of
//! the connected app.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rsa::KeyPair;
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;

use crate::core::Core;

/// The key to sign with, made for this emulator and good for nothing else.
pub(crate) const PRIVATE_KEY: &str = include_str!("test_key.pem");

/// The longest that an assertion may be good for, with some room for clocks, in seconds.
const LONGEST: i64 = 3 * 60 + 30;

/// What an assertion claims.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    /// The consumer key.
    pub(crate) iss: String,
    /// The user name.
    pub(crate) sub: String,
    aud: String,
    /// Seconds since 1970; some libraries write it as text.
    exp: serde_json::Value,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// The claims of an assertion that is signed, meant for this vendor and still good; else what is
/// wrong with it.
pub(crate) fn read(written: &str, core: &Core) -> Result<Claims, &'static str> {
    let invalid = "invalid assertion";
    let (signed, signature) = written.rsplit_once('.').ok_or(invalid)?;
    let (header, claims) = signed.split_once('.').ok_or(invalid)?;
    let header: Header = part(header).ok_or(invalid)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok();
    let signature = signature.ok_or(invalid)?;
    if header.alg != "RS256" || !is_signed(signed.as_bytes(), &signature) {
        return Err(invalid);
    }
    let claims: Claims = part(claims).ok_or(invalid)?;
    let hosts = [
        "https://login.salesforce.com",
        "https://test.salesforce.com",
        &core.base_url,
    ];
    if !hosts.contains(&claims.aud.trim_end_matches('/')) {
        return Err("audience is invalid");
    }
    let expires = claims
        .exp
        .as_i64()
        .or_else(|| claims.exp.as_str()?.parse().ok());
    let left = expires.ok_or(invalid)? - core.clock.now().as_second();
    if !(0..=LONGEST).contains(&left) {
        return Err("expired assertion");
    }
    Ok(claims)
}

fn part<T: for<'de> Deserialize<'de>>(encoded: &str) -> Option<T> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?;
    serde_json::from_slice(&decoded).ok()
}

fn is_signed(message: &[u8], signature: &[u8]) -> bool {
    let body: String = PRIVATE_KEY
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let key = BASE64_STANDARD.decode(body).ok();
    let Some(pair) = key.and_then(|key| KeyPair::from_pkcs8(&key).ok()) else {
        return false;
    };
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key());
    public.verify(message, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_of_the_form_signs() {
        let key = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-'));
        let key = BASE64_STANDARD
            .decode(key.collect::<String>())
            .expect("base 64");
        let pair = KeyPair::from_pkcs8(&key).expect("a key");
        let mut signature = vec![0; pair.public().modulus_len()];
        let random = ring::rand::SystemRandom::new();
        let padding = &ring::signature::RSA_PKCS1_SHA256;
        pair.sign(padding, &random, b"text", &mut signature)
            .expect("signed");
        assert!(is_signed(b"text", &signature));
        assert!(!is_signed(b"other text", &signature));
    }
}
