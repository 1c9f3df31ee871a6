//! Signing in at the directory behind Dynamics 365.

use counterpart_emulators::Options;
use serde_json::json;

use crate::client::{query, send};
use crate::dynamics_365::{API, Scene, sign_in};

#[tokio::test]
async fn sign_in_needs_the_tenant_the_secret_and_the_environments_scope() {
    let scene = Scene::of(Options::default()).await;
    let (status, body) = sign_in(&scene.lab, "wrong").await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    assert_eq!(body["error_codes"], json!([7_000_215]));
    let id = scene.lab.credential("client_id");
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("scope", "https://other.crm.dynamics.com/.default"),
    ];
    let tenant = scene.lab.emulator.settings()["tenant_id"].clone();
    let path = format!("/{tenant}/oauth2/v2.0/token");
    assert_eq!(
        scene.lab.post_form(&path, &fields).await.1["error"],
        "invalid_resource"
    );
    let (_, body) = scene
        .lab
        .post_form("/elsewhere/oauth2/v2.0/token", &fields)
        .await;
    assert_eq!(body["error_codes"], json!([90002]));
    let response = send(scene.lab.get(&format!("{API}/WhoAmI"))).await;
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        challenge.starts_with("Bearer authorization_uri="),
        "{challenge}"
    );
}

#[tokio::test]
async fn somebody_consents_and_the_refresh_token_is_replaced() {
    let scene = Scene::of(Options::default()).await;
    let (lab, id) = (&scene.lab, scene.lab.credential("client_id"));
    let scope = format!(
        "{}/user_impersonation offline_access",
        lab.emulator.base_url
    );
    let back = "http://localhost/callback";
    // The challenge is that of RFC 7636, appendix B.
    let asked = query(&[
        ("client_id", id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", back),
        ("scope", &scope),
        ("state", "s1"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
    ]);
    let response = send(lab.get(&format!("/common/oauth2/v2.0/authorize{asked}"))).await;
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let location = url::Url::parse(&location).expect("an address");
    let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
    assert_eq!(pairs[1], ("state".to_owned(), "s1".to_owned()));
    let secret = lab.credential("client_secret");
    let exchange = [
        ("grant_type", "authorization_code"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("code", pairs[0].1.as_str()),
        ("redirect_uri", back),
        (
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ];
    let (status, body) = lab.post_form("/common/oauth2/v2.0/token", &exchange).await;
    assert_eq!(status, 200, "{body}");
    let refresh = body["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    let renew = [
        ("grant_type", "refresh_token"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("refresh_token", refresh.as_str()),
    ];
    let (_, body) = lab.post_form("/common/oauth2/v2.0/token", &renew).await;
    assert_ne!(body["refresh_token"], json!(refresh));
}
