//! `HubSpot` as its clients meet it: signing in, owners, users, faults, webhooks.

mod records;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{Contact, Fault, FaultSwitch, Happening, Options, UserKind, UserState};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::client::{Lab, json, query, send};

pub(super) async fn lab(page_size: Option<usize>) -> Lab {
    let options = Options {
        page_size,
        ..Options::default()
    };
    Lab::of("hubspot", options).await
}

pub(super) async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    json(lab.get(path).bearer_auth(lab.credential("access_token"))).await
}

pub(super) async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = lab
        .post(path)
        .bearer_auth(lab.credential("access_token"))
        .header("content-type", "application/json");
    json(request.body(body.to_string())).await
}

pub(super) fn rows(body: &Value) -> Vec<Value> {
    body["results"].as_array().cloned().unwrap_or_default()
}

/// Owners page by page; at most twenty pages.
async fn owners(lab: &Lab, archived: bool) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    for _ in 0..20 {
        let archived = archived.to_string();
        let page = query(&[("limit", "100"), ("archived", &archived), ("after", &after)]);
        let (status, body) = get(lab, &format!("/crm/v3/owners{page}")).await;
        assert_eq!(status, 200, "{body}");
        all.extend(rows(&body));
        let Some(next) = body["paging"]["next"]["after"].as_str() else {
            return all;
        };
        next.clone_into(&mut after);
    }
    all
}

pub(super) fn a_contact(lab: &Lab) -> Contact {
    let all = lab.emulator.control().contacts();
    all.into_iter()
        .find(|one| one.mobile.is_some())
        .expect("one with a mobile")
}

pub(super) fn a_call(owner: &str) -> Value {
    json!({ "properties": {
        "hs_timestamp": "2026-03-18T14:30:00Z", "hs_call_title": "Inbound call",
        "hs_call_direction": "INBOUND", "hs_call_duration": "162000", "hubspot_owner_id": owner,
    } })
}

pub(super) fn an_owner(lab: &Lab) -> String {
    let users = lab.emulator.control().users();
    let user = users
        .into_iter()
        .find(|user| user.kind == UserKind::Person && user.is_active());
    user.expect("an active person").id
}

#[tokio::test]
async fn active_and_archived_owners_are_two_lists_that_make_one() {
    let lab = lab(Some(25)).await;
    let (active, archived) = (owners(&lab, false).await, owners(&lab, true).await);
    let users = lab.emulator.control().users();
    assert_eq!(active.len() + archived.len(), users.len());
    assert!(active.iter().all(|owner| owner["archived"] == false));
    assert!(archived.iter().all(|owner| owner["archived"] == true));
    assert!(archived[0]["userId"].is_null(), "gone with the account");
    assert!(archived[0]["userIdIncludingInactive"].is_u64());
    assert_ne!(active[0]["id"], json!(active[0]["userId"].to_string()));
    let queues = active.iter().filter(|owner| owner["type"] == "QUEUE");
    assert!(queues.count() > 0, "shared mailboxes are queues");
    let id = archived[0]["id"].as_str().expect("ids are text");
    assert_eq!(get(&lab, &format!("/crm/v3/owners/{id}")).await.0, 404);
    let (status, _) = get(&lab, &format!("/crm/v3/owners/{id}?archived=true")).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_deleted_owner_is_in_neither_list_and_a_wrong_limit_is_refused() {
    let lab = lab(None).await;
    let before = owners(&lab, false).await.len();
    let user = lab
        .emulator
        .control()
        .delete(&an_owner(&lab))
        .expect("a user");
    assert_eq!(user.state, UserState::Deleted);
    assert_eq!(owners(&lab, false).await.len(), before - 1);
    let (status, body) = get(&lab, "/crm/v3/owners?limit=501").await;
    assert_eq!(
        (status, &body["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert_eq!(get(&lab, "/crm/v3/owners?after=nonsense").await.0, 400);
}

#[tokio::test]
async fn no_token_a_wrong_one_and_a_missing_scope_have_words_of_their_own() {
    let lab = lab(None).await;
    let (status, body) = json(lab.get("/crm/v3/owners")).await;
    assert_eq!(
        (status, &body["category"]),
        (401, &json!("INVALID_AUTHENTICATION"))
    );
    let code = lab
        .emulator
        .control()
        .issue_grant_code(Some("oauth crm.objects.contacts.read"));
    let token = exchange(&lab, &code.expect("a code").code).await["access_token"].clone();
    let token = token.as_str().expect("a token");
    let (status, body) = json(lab.get("/crm/v3/owners").bearer_auth(token)).await;
    assert_eq!((status, &body["category"]), (403, &json!("MISSING_SCOPES")));
    let needed = &body["errors"][0]["context"]["requiredGranularScopes"];
    assert_eq!(needed, &json!(["crm.objects.owners.read"]));
    lab.emulator.control().advance_clock(1801);
    let (status, body) = json(lab.get("/crm/v3/owners").bearer_auth(token)).await;
    assert_eq!(
        (status, &body["category"]),
        (401, &json!("EXPIRED_AUTHENTICATION"))
    );
}

pub(super) async fn exchange(lab: &Lab, code: &str) -> Value {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("redirect_uri", "https://counterpart.example/callback"),
        ("code", code),
    ];
    let (status, body) = lab.post_form("/oauth/v1/token", &form).await;
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test]
async fn consent_leads_to_a_token_that_tells_its_scopes_and_can_be_refreshed() {
    let lab = lab(None).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let back = "https://counterpart.example/callback";
    let page = query(&[
        ("client_id", &id),
        ("redirect_uri", back),
        ("scope", "oauth tickets"),
        ("state", "s1"),
    ]);
    let consent = send(lab.get(&format!("/oauth/authorize{page}"))).await;
    let location = consent.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let url = url::Url::parse(&location).expect("an address");
    let code = url
        .query_pairs()
        .find(|(name, _)| name == "code")
        .expect("a code")
        .1
        .into_owned();
    let first = exchange(&lab, &code).await;
    assert_eq!(first["expires_in"], 1800);
    let token = first["access_token"].as_str().expect("a token");
    let (_, told) = json(lab.get(&format!("/oauth/v1/access-tokens/{token}"))).await;
    assert_eq!(told["scopes"], json!(["oauth", "tickets"]));
    let refresh = first["refresh_token"].as_str().expect("a refresh token");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("refresh_token", refresh),
    ];
    let (status, second) = lab.post_form("/oauth/v1/token", &form).await;
    assert_eq!(status, 200);
    assert_eq!(second["refresh_token"], refresh, "it does not rotate");
    let (status, again) = lab
        .post_form(
            "/oauth/v1/token",
            &[
                ("grant_type", "authorization_code"),
                ("client_id", &id),
                ("client_secret", &secret),
                ("code", &code),
            ],
        )
        .await;
    assert_eq!((status, &again["status"]), (400, &json!("BAD_AUTH_CODE")));
}

#[tokio::test]
async fn a_private_apps_token_tells_its_scopes_and_counts_its_day() {
    let lab = lab(None).await;
    let body = json!({ "tokenKey": lab.credential("access_token") });
    let (status, told) = json(
        lab.post("/oauth/v2/private-apps/get/access-token-info")
            .body(body.to_string()),
    )
    .await;
    assert_eq!(status, 200);
    assert!(
        told["scopes"]
            .as_array()
            .is_some_and(|all| all.contains(&json!("crm.objects.owners.read")))
    );
    let response = send(
        lab.get("/account-info/v3/details")
            .bearer_auth(lab.credential("access_token")),
    )
    .await;
    assert_eq!(
        response.headers()["x-hubspot-ratelimit-daily-remaining"],
        "249999"
    );
    let (_, usage) = get(&lab, "/account-info/v3/api-usage/daily/private-apps").await;
    assert_eq!(usage["results"][0]["currentUsage"], 2);
    let limit = counterpart_emulators::Quota { limit: 5, used: 5 };
    lab.emulator.control().set_quota(limit);
    let (status, body) = get(&lab, "/crm/v3/owners").await;
    assert_eq!((status, &body["policyName"]), (429, &json!("DAILY")));
}

#[tokio::test]
async fn faults_of_a_list_act_on_owners() {
    let lab = lab(Some(20)).await;
    let control = lab.emulator.control();
    let all = owners(&lab, false).await.len();
    for (fault, expected) in [
        (Fault::EmptyList, 0),
        (Fault::HalfPages, all / 2),
        (Fault::ShortPages, all),
    ] {
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch");
        assert_eq!(owners(&lab, false).await.len(), expected, "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("a switch");
    assert!(get(&lab, "/crm/v3/owners").await.1["results"][0]["id"].is_u64());
    control
        .inject(FaultSwitch::lasting(Fault::RepeatedCursor))
        .expect("a switch");
    let (_, first) = get(&lab, "/crm/v3/owners").await;
    let after = first["paging"]["next"]["after"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let (_, second) = get(
        &lab,
        &format!("/crm/v3/owners{}", query(&[("after", &after)])),
    )
    .await;
    assert_eq!(rows(&first), rows(&second));
    control.clear_faults();
    control
        .inject(FaultSwitch::lasting(Fault::ExpiredCursor).from_page(2))
        .expect("a switch");
    let (_, first) = get(&lab, "/crm/v3/owners").await;
    let after = first["paging"]["next"]["after"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    assert_eq!(
        get(
            &lab,
            &format!("/crm/v3/owners{}", query(&[("after", &after)]))
        )
        .await
        .0,
        400
    );
}

#[tokio::test]
async fn a_changed_contact_is_told_with_the_third_signature_and_an_owner_is_not() {
    let lab = lab(None).await;
    let control = lab.emulator.control();
    let (url, secret) = (
        "https://counterpart.example/hooks/1",
        lab.credential("client_secret"),
    );
    let sent = control.webhook(&Happening::ContactChanged(a_contact(&lab).id), url, &secret);
    let sent = sent.expect("a webhook");
    let header = |name: &str| {
        let found = sent.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).expect("a header")
    };
    let signed = format!(
        "POST{url}{}{}",
        String::from_utf8_lossy(&sent.body),
        header("x-hubspot-request-timestamp")
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(signed.as_bytes());
    assert_eq!(
        header("x-hubspot-signature-v3"),
        STANDARD.encode(mac.finalize().into_bytes())
    );
    assert!(
        control
            .webhook(&Happening::UserChanged(an_owner(&lab)), url, &secret)
            .is_err()
    );
}

#[tokio::test]
async fn users_are_listed_by_the_settings_and_searched_by_their_last_change() {
    let lab = lab(None).await;
    let control = lab.emulator.control();
    let (_, settings) = get(&lab, "/settings/v3/users?limit=100").await;
    let active = control
        .users()
        .iter()
        .filter(|user| user.is_active())
        .count();
    assert_eq!(rows(&settings).len(), active);
    let id = rows(&settings)[0]["id"].as_str().expect("text").to_owned();
    assert_eq!(
        get(&lab, &format!("/settings/v3/users/{id}")).await.1["id"],
        id
    );
    let now = control.now().as_millisecond().to_string();
    let owner = an_owner(&lab);
    control.deactivate(&owner).expect("a user");
    let since = json!({
        "filterGroups": [{ "filters": [{ "propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": now }] }],
        "properties": ["hubspot_owner_id", "hs_deactivated"],
    });
    let request = lab
        .post("/crm/v3/objects/users/search")
        .bearer_auth(lab.credential("access_token"))
        .header("content-type", "application/json");
    let response = send(request.body(since.to_string())).await;
    assert!(
        response.headers().get("x-hubspot-ratelimit-max").is_none(),
        "not on searches"
    );
    let body: Value =
        serde_json::from_slice(&response.bytes().await.expect("a body")).expect("JSON");
    let changed = &body["results"][0]["properties"];
    assert_eq!(
        (body["total"].as_u64(), &changed["hubspot_owner_id"]),
        (Some(1), &json!(owner))
    );
    assert_eq!(changed["hs_deactivated"], "true");
}
