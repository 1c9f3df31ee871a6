//! Salesforce's ways of signing in besides client credentials.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use counterpart_emulators::Options;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

const TOKEN: &str = "/services/oauth2/token";

async fn lab() -> Lab {
    Lab::of("salesforce", Options::default()).await
}

/// A code somebody consented to, bound to the challenge of RFC 7636, appendix B.
async fn code(lab: &Lab, scope: &str) -> String {
    let id = lab.credential("client_id");
    let asked = query(&[
        ("response_type", "code"),
        ("client_id", &id),
        ("redirect_uri", "http://localhost/callback"),
        ("scope", scope),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
    ]);
    let response = send(lab.get(&format!("/services/oauth2/authorize{asked}"))).await;
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let location = url::Url::parse(&location).expect("an address");
    let mut pairs = location.query_pairs();
    pairs
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned()
}

async fn exchange(lab: &Lab, more: &[(&str, &str)]) -> (u16, Value) {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let mut fields = vec![
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    fields.extend(more);
    lab.post_form(TOKEN, &fields).await
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_works_once() {
    let lab = lab().await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    for (verifier, status) in [("wrong", 400), (verifier, 200)] {
        let code = code(&lab, "api refresh_token").await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", "http://localhost/callback"),
            ("code_verifier", verifier),
        ];
        let (found, body) = exchange(&lab, &fields).await;
        assert_eq!(found, status, "{body}");
        let (_, again) = exchange(&lab, &fields).await;
        assert_eq!(again["error"], "invalid_grant", "a code works once");
        let Some(refresh) = body["refresh_token"].as_str().map(str::to_owned) else {
            continue;
        };
        let renew = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
        ];
        let (status, renewed) = exchange(&lab, &renew).await;
        assert_eq!(status, 200, "{renewed}");
        assert!(renewed.get("refresh_token").is_none(), "it stays the same");
        let revoke = [("token", refresh.as_str())];
        assert_eq!(
            lab.post_form("/services/oauth2/revoke", &revoke).await.0,
            200
        );
        let (_, body) = exchange(&lab, &renew).await;
        assert_eq!(body["error_description"], "expired access/refresh token");
    }
}

#[tokio::test]
async fn who_did_not_ask_to_stay_signed_in_gets_no_refresh_token() {
    let lab = lab().await;
    let code = code(&lab, "api").await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "http://localhost/callback"),
        (
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ];
    let (status, body) = exchange(&lab, &fields).await;
    assert_eq!((status, body.get("refresh_token")), (200, None));
}

#[expect(
    clippy::disallowed_methods,
    reason = "an assertion is dated by the machine's clock"
)]
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}

/// An assertion with these claims, signed with the key of the connection form.
fn assertion(lab: &Lab, claims: &Value) -> String {
    let key = lab.credential("private_key");
    let key: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let key = BASE64_STANDARD.decode(key).expect("base 64");
    let key = KeyPair::from_pkcs8(&key).expect("a key");
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&json!({ "alg": "RS256" })), encode(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut signature,
    )
    .expect("signed");
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_signed_assertion_signs_in_whom_it_names() {
    let lab = lab().await;
    let good = json!({
        "iss": lab.credential("client_id"), "sub": lab.credential("username"),
        "aud": "https://login.salesforce.com", "exp": now() + 120,
    });
    let send = async |written: &str| {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", written),
        ];
        lab.post_form(TOKEN, &fields).await
    };
    let (status, body) = send(&assertion(&lab, &good)).await;
    assert_eq!(status, 200, "{body}");
    let token = body["access_token"].as_str().expect("a token");
    let (_, who) = json(lab.get("/services/oauth2/userinfo").bearer_auth(token)).await;
    assert_eq!(who["preferred_username"], json!(lab.credential("username")));
    for (claim, value, error) in [
        ("iss", json!("other"), "invalid_client_id"),
        ("sub", json!("nobody@northwind.example"), "invalid_grant"),
        ("aud", json!("https://elsewhere.example"), "invalid_grant"),
        ("exp", json!(now() - 60), "invalid_grant"),
        ("exp", json!(now() + 3600), "invalid_grant"),
    ] {
        let mut claims = good.clone();
        claims[claim] = value;
        let (status, body) = send(&assertion(&lab, &claims)).await;
        assert_eq!((status, &body["error"]), (400, &json!(error)), "{claim}");
    }
    let mut forged = assertion(&lab, &good);
    forged.replace_range(10..12, "xx");
    assert_eq!(send(&forged).await.0, 400);
}
