//! Zoho CRM as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Options, Quota};
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab(options: Options) -> (Lab, String) {
    let lab = Lab::of("zoho-crm", options).await;
    let token = token(&lab).await;
    (lab, token)
}

pub(crate) async fn token(lab: &Lab) -> String {
    let (status, body) = exchange(lab, &lab.credential("grant_code")).await;
    assert_eq!(status, 200);
    assert_eq!(body["api_domain"], json!(lab.emulator.base_url));
    assert_eq!(body["expires_in"], 3600);
    body["access_token"].as_str().expect("a token").to_owned()
}

async fn exchange(lab: &Lab, code: &str) -> (u16, Value) {
    grant(lab, &[("grant_type", "authorization_code"), ("code", code)]).await
}

async fn grant(lab: &Lab, fields: &[(&str, &str)]) -> (u16, Value) {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let mut all = vec![
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    all.extend(fields);
    lab.post_form("/oauth/v2/token", &all).await
}

async fn get(lab: &Lab, token: &str, path: &str) -> (u16, Value) {
    json(
        lab.get(path)
            .header("Authorization", format!("Zoho-oauthtoken {token}")),
    )
    .await
}

async fn users(lab: &Lab, token: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    get(lab, token, &format!("/crm/v8/users{}", query(pairs))).await
}

#[tokio::test]
async fn every_user_comes_once_over_all_pages() {
    let (lab, token) = lab(Options {
        people: 500,
        ..Options::default()
    })
    .await;
    let mut ids = HashSet::new();
    let mut rows = 0;
    for page in 1.. {
        let pairs = [
            ("type", "AllUsers"),
            ("page", &page.to_string()),
            ("per_page", "200"),
        ];
        let (status, body) = users(&lab, &token, &pairs).await;
        assert_eq!(status, 200);
        let list = body["users"].as_array().expect("users");
        assert_eq!(body["info"]["count"], json!(list.len()));
        rows += list.len();
        ids.extend(
            list.iter()
                .map(|user| user["id"].as_str().expect("ids are text").to_owned()),
        );
        if body["info"]["more_records"] == false {
            break;
        }
    }
    assert_eq!(ids.len(), lab.emulator.control().users().len());
    assert_eq!(rows, ids.len());
}

#[tokio::test]
async fn a_code_works_once_and_errors_come_with_status_200() {
    let (lab, _) = lab(Options::default()).await;
    let again = exchange(&lab, &lab.credential("grant_code")).await;
    assert_eq!(again, (200, json!({ "error": "invalid_code" })));
    let fields = [
        ("client_id", "x"),
        ("client_secret", "y"),
        ("grant_type", "authorization_code"),
    ];
    let wrong = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(wrong, (200, json!({ "error": "invalid_client" })));
    let code = lab
        .emulator
        .control()
        .issue_grant_code(None)
        .expect("Zoho has codes");
    lab.emulator.control().advance_clock(601);
    assert_eq!(
        exchange(&lab, &code.code).await.1,
        json!({ "error": "invalid_code" })
    );
}

#[tokio::test]
async fn an_access_token_lasts_an_hour_and_is_refreshed() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (_, body) = exchange(&lab, &lab.credential("grant_code")).await;
    let (access, refresh) = (&body["access_token"], &body["refresh_token"]);
    let (access, refresh) = (
        access.as_str().expect("token"),
        refresh.as_str().expect("token"),
    );
    assert_eq!(get(&lab, access, "/crm/v8/org").await.0, 200);
    lab.emulator.control().advance_clock(3601);
    let (status, body) = get(&lab, access, "/crm/v8/org").await;
    assert_eq!((status, &body["code"]), (401, &json!("INVALID_TOKEN")));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let (_, body) = grant(&lab, &fields).await;
    assert!(body.get("refresh_token").is_none());
    let renewed = body["access_token"].as_str().expect("token");
    assert_eq!(get(&lab, renewed, "/crm/v8/org").await.0, 200);
}

#[tokio::test]
async fn the_eleventh_refresh_in_ten_minutes_is_refused() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (_, body) = exchange(&lab, &lab.credential("grant_code")).await;
    let refresh = body["refresh_token"].as_str().expect("token").to_owned();
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    for _ in 0..10 {
        assert!(grant(&lab, &fields).await.1["access_token"].is_string());
    }
    let (status, body) = grant(&lab, &fields).await;
    assert_eq!((status, &body["error"]), (400, &json!("Access Denied")));
    lab.emulator.control().advance_clock(601);
    assert_eq!(grant(&lab, &fields).await.0, 200);
}

#[tokio::test]
async fn the_refresh_token_of_the_published_code_outlives_a_restart() {
    let first = Lab::of("zoho-crm", Options::default()).await;
    let (_, body) = exchange(&first, &first.credential("grant_code")).await;
    let refresh = body["refresh_token"].as_str().expect("token").to_owned();
    first.emulator.shutdown().await;
    let second = Lab::of("zoho-crm", Options::default()).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    assert!(grant(&second, &fields).await.1["access_token"].is_string());
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused_by_name() {
    let (lab, _) = lab(Options::default()).await;
    let code = lab
        .emulator
        .control()
        .issue_grant_code(Some("ZohoCRM.org.READ"))
        .expect("a code");
    let (_, body) = exchange(&lab, &code.code).await;
    let token = body["access_token"].as_str().expect("token");
    assert_eq!(get(&lab, token, "/crm/v8/org").await.0, 200);
    let (status, body) = users(&lab, token, &[]).await;
    assert_eq!(
        (status, &body["code"]),
        (401, &json!("OAUTH_SCOPE_MISMATCH"))
    );
}

#[tokio::test]
async fn types_select_users_and_an_empty_list_has_no_body() {
    let (lab, token) = lab(Options::default()).await;
    let control = lab.emulator.control();
    assert_eq!(
        users(&lab, &token, &[("type", "DeletedUsers")]).await,
        (204, Value::Null)
    );
    let user = control.users()[4].clone();
    control.delete(&user.id).expect("a known user");
    let (_, body) = users(&lab, &token, &[("type", "DeletedUsers")]).await;
    assert_eq!(
        (&body["users"][0]["id"], &body["users"][0]["status"]),
        (&json!(user.id), &json!("deleted"))
    );
    let (_, body) = users(&lab, &token, &[("type", "NotConfirmedUsers")]).await;
    assert!(
        body["users"]
            .as_array()
            .is_some_and(|all| all.iter().all(|user| user["confirm"] == false))
    );
    let (_, body) = users(&lab, &token, &[("type", "CurrentUser")]).await;
    assert_eq!(body["users"].as_array().map(Vec::len), Some(1));
    let (status, body) = users(&lab, &token, &[("type", "InactiveUsers")]).await;
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_DATA")));
    assert_eq!(users(&lab, &token, &[("per_page", "201")]).await.0, 400);
}

#[tokio::test]
async fn changed_since_answers_304_or_the_changed_users() {
    let (lab, token) = lab(Options::default()).await;
    let since = |time: &str| {
        lab.get("/crm/v8/users?type=AllUsers")
            .header("Authorization", format!("Zoho-oauthtoken {token}"))
            .header("If-Modified-Since", time.to_owned())
    };
    assert_eq!(send(since("2026-09-02T05:30:00+05:30")).await.status(), 304);
    let user = lab.emulator.control().users()[2].clone();
    lab.emulator
        .control()
        .deactivate(&user.id)
        .expect("a known user");
    let (status, body) = json(since("2026-09-02T05:30:00+05:30")).await;
    assert_eq!((status, &body["users"][0]["id"]), (200, &json!(user.id)));
    assert_eq!(body["users"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_credits_header_comes_once_half_are_spent() {
    let (lab, token) = lab(Options::default()).await;
    let path = "/crm/v8/org";
    let ask = || {
        send(
            lab.get(path)
                .header("Authorization", format!("Zoho-oauthtoken {token}")),
        )
    };
    assert!(
        ask()
            .await
            .headers()
            .get("x-api-credits-remaining")
            .is_none()
    );
    lab.emulator.control().set_quota(Quota {
        limit: 100,
        used: 60,
    });
    assert_eq!(ask().await.headers()["x-api-credits-remaining"], "39");
    lab.emulator.control().set_quota(Quota {
        limit: 100,
        used: 100,
    });
    let (status, body) = get(&lab, &token, path).await;
    assert_eq!((status, &body["code"]), (429, &json!("TOO_MANY_REQUESTS")));
}

#[tokio::test]
async fn probes_tell_the_organization_profiles_and_modules() {
    let (lab, token) = lab(Options::default()).await;
    let (_, body) = get(&lab, &token, "/crm/v8/org").await;
    assert_eq!(body["org"][0]["company_name"], "Northwind Support");
    let (_, body) = get(
        &lab,
        &token,
        "/crm/v8/settings/profiles/5843104000000412001",
    )
    .await;
    assert!(body["profiles"][0]["permissions_details"].is_array());
    let (_, body) = get(&lab, &token, "/crm/v8/settings/fields?module=Calls").await;
    assert!(
        body["fields"]
            .as_array()
            .is_some_and(|fields| fields.len() > 5)
    );
    let (status, body) = get(&lab, &token, "/crm/v8/settings/unicorns").await;
    assert_eq!(
        (status, &body["code"]),
        (404, &json!("INVALID_URL_PATTERN"))
    );
    let (status, body) = get(&lab, &token, "/crm/v8/Unicorns").await;
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_MODULE")));
}
