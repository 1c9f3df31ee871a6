//! Signing in to the suite: one grant over several products, consent, a client on its own.

use counterpart_emulators::{Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

/// An emulator with a token.
pub(crate) struct Scene {
    pub(crate) lab: Lab,
    pub(crate) token: String,
}

impl Scene {
    pub(crate) async fn of(name: &str) -> Self {
        Self::with(name, Options::default(), None).await
    }

    pub(crate) async fn with(name: &str, options: Options, scope: Option<&str>) -> Self {
        let lab = Lab::of(name, options).await;
        let code = if scope.is_some() {
            let code = lab.emulator.control().issue_grant_code(scope);
            code.expect("codes are issued").code
        } else {
            lab.credential("grant_code")
        };
        let token = token(&lab, &code).await;
        Self { lab, token }
    }

    pub(crate) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("Authorization", format!("Zoho-oauthtoken {}", self.token))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        json(self.signed(self.lab.get(path))).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self.lab.http.request(method, self.lab.url(path));
        let request = request.header("content-type", "application/json");
        json(self.signed(request).body(body.to_string())).await
    }

    /// The header of another session.
    pub(crate) async fn another(&self) -> String {
        let code = self.lab.emulator.control().issue_grant_code(None);
        let token = token(&self.lab, &code.expect("a code").code).await;
        format!("Zoho-oauthtoken {token}")
    }

    /// An active person who is not the connecting user.
    pub(crate) fn agent(&self) -> String {
        let users = self.lab.emulator.control().users();
        let mut people = users
            .into_iter()
            .filter(|user| user.kind == UserKind::Person && user.is_active());
        people.next().expect("somebody works here").id
    }
}

async fn token(lab: &Lab, code: &str) -> String {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code),
    ];
    let (status, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(status, 200);
    body["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn one_grant_works_at_the_four_products_of_its_scopes() {
    let scope = "ZohoCRM.users.READ,ZohoBigin.users.READ,ZohoRecruit.users.READ,Desk.basic.READ";
    let suite = Scene::with("zoho-crm", Options::default(), Some(scope)).await;
    for path in ["/crm/v8/users", "/bigin/v2/users", "/recruit/v2/users"] {
        let (status, body) = suite.get(path).await;
        assert_eq!(status, 200, "{path}");
        assert!(body["users"][0]["id"].is_string(), "{path}");
    }
    let (status, body) = suite.get("/api/v1/organizations").await;
    assert_eq!(status, 200);
    let org = body["data"][0]["id"].as_str().expect("an id").to_owned();
    let agents = suite.lab.get("/api/v1/agents").header("orgId", org);
    assert_eq!(send(suite.signed(agents)).await.status(), 200);
    // The printed code is for the one product.
    let alone = Scene::of("zoho-crm").await;
    let (status, body) = alone.get("/bigin/v2/users").await;
    assert_eq!(
        (status, &body["code"]),
        (401, &json!("OAUTH_SCOPE_MISMATCH"))
    );
    let bigin = Scene::of("zoho-bigin").await;
    assert_eq!(bigin.get("/crm/v8/users").await.0, 404);
}

#[tokio::test]
async fn consent_sends_back_a_code_with_the_data_centre_it_belongs_to() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let back = "https://counterpart.example/callback?way=1";
    let asked = query(&[
        ("client_id", &id),
        ("response_type", "code"),
        ("scope", "ZohoCRM.org.READ"),
        ("access_type", "offline"),
        ("redirect_uri", back),
        ("state", "s t"),
    ]);
    let answer = send(lab.get(&format!("/oauth/v2/auth{asked}"))).await;
    assert_eq!(answer.status(), 302);
    let address = answer.headers()["location"].to_str().expect("an address");
    let address: url::Url = address.parse().expect("an address");
    let find = |name: &str| {
        let mut pairs = address.query_pairs().filter(|(own, _)| own == name);
        pairs.next().expect("is there").1.into_owned()
    };
    assert_eq!(
        (find("state"), find("location")),
        ("s t".to_owned(), "eu".to_owned())
    );
    assert_eq!(find("accounts-server"), lab.emulator.base_url);
    let code = find("code");
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", back),
    ];
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert!(body["refresh_token"].is_string());
    assert_eq!(body["scope"], "ZohoCRM.org.READ");
    let (_, again) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(again, json!({ "error": "invalid_code" }));
}

#[tokio::test]
async fn a_code_is_good_for_the_address_it_was_brought_to_only() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let asked = query(&[
        ("client_id", &id),
        ("response_type", "code"),
        ("scope", "ZohoCRM.org.READ"),
        ("redirect_uri", "https://counterpart.example/callback"),
    ]);
    let answer = send(lab.get(&format!("/oauth/v2/auth{asked}"))).await;
    let address = answer.headers()["location"].to_str().expect("an address");
    let address: url::Url = address.parse().expect("an address");
    let mut code = address.query_pairs().filter(|(name, _)| name == "code");
    let code = code.next().expect("a code").1.into_owned();
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://elsewhere.example/"),
    ];
    let (status, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(
        (status, body),
        (200, json!({ "error": "invalid_redirect_uri" }))
    );
    let wrong = send(lab.get("/oauth/v2/auth?client_id=x&response_type=code")).await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn a_client_signs_in_on_its_own_for_an_organization_it_names() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let mut fields = vec![
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "client_credentials"),
        ("scope", "ZohoCRM.org.READ"),
    ];
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(body, json!({ "error": "invalid_soid" }));
    fields.push(("soid", "ZohoCRM.60018273645"));
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert!(body["access_token"].is_string() && body["refresh_token"].is_null());
}
