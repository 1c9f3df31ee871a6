//! Assertions signed with a private key (RFC 7523): a JSON Web Token (RFC 7519), RS256.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use counterpart_manifest::{Manifest, Method, RequestTemplate, SignIn, Template, TokenEndpoint};
use counterpart_model::Code;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::inputs::Inputs;
use super::render;
use super::session::unsigned;
use crate::{Access, ConnectorError, ErrorClass};

/// The field of the request with the assertion.
pub(super) const ASSERTION: &str = "assertion";
/// The grant, RFC 7523, section 2.1.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long an assertion is good for. Vendors take a few minutes; the request has to arrive.
const LIFE_SECONDS: i64 = 180;

/// The request that trades an assertion for a token.
pub(super) fn request(token: &TokenEndpoint) -> RequestTemplate {
    let text = |text: &str| Template::parse(text).expect("no braces, or one name in them");
    let mut form = token.fields.clone();
    form.insert("grant_type".to_owned(), text(GRANT));
    form.insert(ASSERTION.to_owned(), text("{assertion}"));
    RequestTemplate {
        method: Method::Post,
        host: token.host.clone(),
        form,
        ..unsigned(token.path.clone())
    }
}

/// The assertion, signed.
pub(super) fn assertion(
    manifest: &Manifest,
    way: &SignIn,
    access: &Access<'_>,
) -> Result<String, ConnectorError> {
    let SignIn::Oauth2JwtBearer {
        issuer,
        subject,
        audience,
        key,
        ..
    } = way
    else {
        return Err(ConnectorError::new(
            ErrorClass::Unsupported,
            "this way of signing in has no assertions",
        ));
    };
    let inputs = Inputs::new(manifest, access, None);
    let claim = |name: &str, template: &Template| {
        render::text(template, &inputs)
            .ok_or_else(|| invalid(&format!("the claim {name} is empty")))
    };
    let claims = json!({
        "iss": claim("iss", issuer)?,
        "sub": claim("sub", subject)?,
        "aud": claim("aud", audience)?,
        "exp": access.clock.now().plus_seconds(LIFE_SECONDS).as_micros() / 1_000_000,
    });
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let pem = access
        .credentials
        .get(key)
        .ok_or_else(|| invalid("there is no private key"))?;
    let signature = sign(pem.expose_secret(), signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn encoded(part: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn sign(pem: &str, message: &[u8]) -> Result<Vec<u8>, ConnectorError> {
    let der = pkcs8(pem).ok_or_else(|| {
        invalid(
            "the private key is none; paste it with its first line, -----BEGIN PRIVATE KEY-----",
        )
    })?;
    let pair = RsaKeyPair::from_pkcs8(&der)
        .map_err(|_| invalid("the private key is no RSA key of at least 2048 bits in PKCS #8"))?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .map_err(|_| invalid("the private key could not sign"))?;
    Ok(signature)
}

/// The bytes between the lines of a PEM text (RFC 7468). Line breaks may have been lost when it
/// was pasted into one line.
fn pkcs8(pem: &str) -> Option<Vec<u8>> {
    let (_, behind) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = behind.split_once("-----END PRIVATE KEY-----")?;
    let body: String = body.split_whitespace().collect();
    STANDARD.decode(body).ok()
}

fn invalid(what: &str) -> ConnectorError {
    ConnectorError::with_code(
        ErrorClass::Permanent,
        Code::ConnectionSettingsInvalid,
        format!("signing in: {what}"),
    )
}
