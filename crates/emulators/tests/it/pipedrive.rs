//! Pipedrive as its clients meet it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{Contact, Fault, FaultSwitch, Happening, Options, UserKind};
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab() -> Lab {
    Lab::of("pipedrive", Options::default()).await
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    json(
        lab.get(path)
            .header("x-api-token", lab.credential("api_token")),
    )
    .await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = lab
        .post(path)
        .header("x-api-token", lab.credential("api_token"));
    let request = request.header("content-type", "application/json");
    json(request.body(body.to_string())).await
}

fn list(body: &Value) -> Vec<Value> {
    body["data"].as_array().cloned().unwrap_or_default()
}

fn a_contact(lab: &Lab) -> Contact {
    let all = lab.emulator.control().contacts();
    all.into_iter()
        .find(|one| one.mobile.is_some())
        .expect("one with a mobile")
}

fn a_user(lab: &Lab) -> u64 {
    let users = lab.emulator.control().users();
    let user = users
        .into_iter()
        .find(|user| user.kind == UserKind::Person && user.is_active());
    user.expect("an active person")
        .id
        .parse()
        .expect("a number")
}

fn a_call(user: u64, person: &str) -> Value {
    json!({
        "to_phone_number": "+442079460123", "outcome": "connected", "duration": "162",
        "start_time": "2026-03-18 14:30:00", "end_time": "2026-03-18 14:32:42",
        "user_id": user, "person_id": person.parse::<u64>().expect("a number"),
    })
}

/// A token of an app that was granted this much.
async fn app_token(lab: &Lab, scope: &str) -> String {
    let code = lab
        .emulator
        .control()
        .issue_grant_code(Some(scope))
        .expect("a code")
        .code;
    let body = format!("grant_type=authorization_code&code={code}");
    let request = lab
        .post("/oauth/token")
        .basic_auth(
            lab.credential("client_id"),
            Some(lab.credential("client_secret")),
        )
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let (status, body) = json(request).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn all_users_come_at_once_with_what_tells_them_apart() {
    let lab = lab().await;
    let (status, body) = get(&lab, "/v1/users").await;
    assert_eq!((status, &body["success"]), (200, &json!(true)));
    let users = lab.emulator.control().users();
    let rows = list(&body);
    assert_eq!(rows.len(), users.len(), "switched off or not");
    assert!(rows.iter().all(|row| row["id"].is_u64()));
    let off = rows
        .iter()
        .filter(|row| row["active_flag"] == false)
        .count();
    assert_eq!(off, users.iter().filter(|user| !user.is_active()).count());
    assert_eq!(rows.iter().filter(|row| row["is_you"] == true).count(), 1);
    let (_, me) = get(&lab, "/api/v1/users/me").await;
    assert_eq!(me["data"]["company_domain"], "northwind-support");
    let email = rows[0]["email"].as_str().expect("an address");
    let found = query(&[("term", email), ("search_by_email", "1")]);
    let (_, found) = get(&lab, &format!("/v1/users/find{found}")).await;
    assert!(list(&found).iter().any(|row| row["id"] == rows[0]["id"]));
    assert_eq!(get(&lab, "/v1/users/1").await.0, 404);
}

#[tokio::test]
async fn requests_cost_tokens_and_a_wrong_one_is_refused() {
    let lab = lab().await;
    let (status, body) = json(lab.get("/v1/users").header("x-api-token", "wrong")).await;
    assert_eq!(
        (status, &body["error"], &body["errorCode"]),
        (401, &json!("unauthorized access"), &json!(401))
    );
    let token = lab.credential("api_token");
    let response = send(lab.get("/v1/users").header("x-api-token", &token)).await;
    assert_eq!(response.headers()["x-daily-requests-left"], "1799980");
    lab.emulator
        .control()
        .set_quota(counterpart_emulators::Quota {
            limit: 30,
            used: 20,
        });
    assert_eq!(
        get(&lab, "/v1/users").await.0,
        429,
        "a list of users costs twenty"
    );
}

#[tokio::test]
async fn an_app_signs_in_by_basic_and_keeps_its_refresh_token() {
    let lab = lab().await;
    let client = (lab.credential("client_id"), lab.credential("client_secret"));
    let page = query(&[
        ("client_id", &client.0),
        ("redirect_uri", "https://counterpart.example/callback"),
    ]);
    let consent = send(lab.get(&format!("/oauth/authorize{page}"))).await;
    let location = consent.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let url = url::Url::parse(&location).expect("an address");
    let code = url.query_pairs().next().expect("a code").1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &client.0),
        ("client_secret", &client.1),
        ("code", &code),
    ];
    let (status, body) = lab.post_form("/oauth/token", &form).await;
    assert_eq!(
        (status, &body["error"]),
        (401, &json!("invalid_client")),
        "not in the form"
    );
    let exchange = async |body: String| {
        let request = lab
            .post("/oauth/token")
            .basic_auth(&client.0, Some(&client.1));
        json(
            request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body),
        )
        .await
    };
    let (status, first) = exchange(format!("grant_type=authorization_code&code={code}&redirect_uri=https://counterpart.example/callback")).await;
    assert_eq!(
        (status, &first["api_domain"]),
        (200, &json!(lab.emulator.base_url)),
        "{first}"
    );
    let refresh = first["refresh_token"].as_str().expect("a refresh token");
    let (_, second) = exchange(format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!(second["refresh_token"], refresh);
    let token = second["access_token"].as_str().expect("a token");
    assert_eq!(json(lab.get("/v1/users").bearer_auth(token)).await.0, 200);
    lab.emulator.control().advance_clock(3600);
    assert_eq!(json(lab.get("/v1/users").bearer_auth(token)).await.0, 401);
    let narrow = app_token(&lab, "base").await;
    let (status, body) = json(lab.get("/v1/users").bearer_auth(&narrow)).await;
    assert_eq!(
        (status, &body["error"]),
        (403, &json!("Scope and URL mismatch"))
    );
}

#[tokio::test]
async fn persons_are_found_as_they_are_written_and_listed_by_cursor() {
    let lab = lab().await;
    let contact = a_contact(&lab);
    let search = async |term: &str, fields: &str, exact: &str| {
        let page = query(&[("term", term), ("fields", fields), ("exact_match", exact)]);
        let (status, body) = get(&lab, &format!("/api/v2/persons/search{page}")).await;
        assert_eq!(status, 200, "{body}");
        let items = body["data"]["items"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        items
            .iter()
            .map(|hit| hit["item"]["id"].to_string())
            .collect::<Vec<_>>()
    };
    let phone = contact.phone.clone().expect("a telephone");
    assert_eq!(search(&phone, "phone", "true").await, [contact.id.as_str()]);
    assert!(search(&phone, "email", "false").await.is_empty());
    let email = contact.email.clone().expect("an address");
    assert_eq!(search(&email, "email", "true").await, [contact.id.as_str()]);
    assert!(search(&email[1..], "email", "true").await.is_empty());
    assert_eq!(
        get(&lab, "/api/v2/persons/search?term=a").await.0,
        400,
        "two characters"
    );
    let (mut all, mut cursor) = (0, String::new());
    for _ in 0..20 {
        let page = query(&[("limit", "15"), ("cursor", &cursor)]);
        let (_, body) = get(&lab, &format!("/api/v2/persons{page}")).await;
        all += list(&body).len();
        let Some(next) = body["additional_data"]["next_cursor"].as_str() else {
            break;
        };
        cursor = next.to_owned();
    }
    assert_eq!(all, lab.emulator.control().contacts().len());
    let since = lab.emulator.control().now().to_string();
    let change = serde_json::from_value(json!({ "given": "Zoë" })).expect("a change");
    lab.emulator
        .control()
        .change_contact(&contact.id, change)
        .expect("a contact");
    let (_, changed) = get(
        &lab,
        &format!("/api/v2/persons{}", query(&[("updated_since", &since)])),
    )
    .await;
    assert_eq!(list(&changed).len(), 1);
    assert_eq!(get(&lab, "/api/v2/persons?limit=501").await.0, 400);
}

#[tokio::test]
async fn a_call_log_has_a_text_for_id_an_activity_and_its_owner() {
    let lab = lab().await;
    let (user, contact) = (a_user(&lab), a_contact(&lab));
    let (status, made) = post(&lab, "/v1/callLogs", &a_call(user, &contact.id)).await;
    assert_eq!(status, 200, "{made}");
    let id = made["data"]["id"].as_str().expect("a text");
    assert_eq!(
        get(&lab, &format!("/v1/callLogs/{id}")).await.1["data"]["user_id"],
        user
    );
    let activity = made["data"]["activity_id"].to_string();
    let (_, activity) = get(&lab, &format!("/api/v2/activities/{activity}")).await;
    assert_eq!(activity["data"]["owner_id"], user);
    assert_eq!(activity["data"]["person_id"].to_string(), contact.id);
    let (_, all) = get(&lab, "/v1/callLogs").await;
    assert_eq!(list(&all).len(), 1);
    assert_eq!(
        all["additional_data"]["pagination"]["more_items_in_collection"],
        false
    );
}

#[tokio::test]
async fn only_who_may_change_settings_logs_calls_of_others() {
    let lab = lab().await;
    let (user, contact) = (a_user(&lab), a_contact(&lab));
    let token = app_token(&lab, "base,phone-integration").await;
    let log = async |body: &Value| {
        let request = lab.post("/v1/callLogs").bearer_auth(&token);
        json(
            request
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
        .await
    };
    let (status, body) = log(&a_call(user, &contact.id)).await;
    assert_eq!((status, &body["success"]), (403, &json!(false)));
    let mut own = a_call(user, &contact.id);
    own["user_id"] = Value::Null;
    assert_eq!(log(&own).await.0, 200);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let lab = lab().await;
    let (user, contact) = (a_user(&lab), a_contact(&lab));
    for (field, value) in [
        ("outcome", json!("answered")),
        ("to_phone_number", Value::Null),
        ("start_time", json!("2026-03-18T14:30:00Z")),
        ("end_time", json!("2026-03-18 14:00:00")),
        ("duration", json!(162)),
        ("user_id", json!(1)),
        ("user_id", json!("21457803")),
    ] {
        let mut call = a_call(user, &contact.id);
        call[field] = value.clone();
        let (status, body) = post(&lab, "/v1/callLogs", &call).await;
        assert_eq!(
            (status, &body["success"]),
            (400, &json!(false)),
            "{field} {value}"
        );
    }
    let (status, _) = post(&lab, "/api/v2/activities", &json!({ "owner_id": 1 })).await;
    assert_eq!(status, 400);
    let (status, _) = post(&lab, "/v1/notes", &json!({ "content": "x" })).await;
    assert_eq!(status, 400, "a note hangs on something");
    assert_eq!(get(&lab, "/v1/unicorns").await.0, 404);
}

#[tokio::test]
async fn activities_and_notes_are_made_changed_and_listed() {
    let lab = lab().await;
    let (user, contact) = (a_user(&lab), a_contact(&lab));
    let person: u64 = contact.id.parse().expect("a number");
    let body = json!({
        "subject": "Call back", "type": "call", "owner_id": user, "done": true,
        "participants": [{ "person_id": person, "primary": true }],
    });
    let (status, made) = post(&lab, "/api/v2/activities", &body).await;
    assert_eq!(
        (status, &made["data"]["owner_id"]),
        (201, &json!(user)),
        "{made}"
    );
    let id = made["data"]["id"].to_string();
    let patch = lab.http.patch(lab.url(&format!("/api/v2/activities/{id}")));
    let patch = patch
        .header("x-api-token", lab.credential("api_token"))
        .header("content-type", "application/json");
    let (_, changed) = json(patch.body(r#"{"subject":"Called back"}"#)).await;
    assert_eq!(changed["data"]["subject"], "Called back");
    let (_, mine) = get(&lab, &format!("/api/v2/activities?owner_id={user}")).await;
    assert_eq!(list(&mine).len(), 1);
    let note = json!({ "content": "<p>Hello</p>", "person_id": person, "user_id": user });
    let (status, made) = post(&lab, "/v1/notes", &note).await;
    assert_eq!(
        (status, &made["data"]["user_id"]),
        (200, &json!(user)),
        "{made}"
    );
    let (_, found) = get(&lab, &format!("/v1/notes?person_id={person}")).await;
    assert_eq!(list(&found).len(), 1);
    let owners: Vec<_> = lab
        .emulator
        .control()
        .records()
        .into_iter()
        .map(|record| record.owner)
        .collect();
    assert_eq!(owners, [Some(user.to_string()), Some(user.to_string())]);
}

#[tokio::test]
async fn webhooks_are_registered_and_come_with_a_password_and_no_signature() {
    let lab = lab().await;
    let url = "https://counterpart.example/hooks/1";
    let mut hook = json!({
        "subscription_url": url, "event_action": "*", "event_object": "user", "name": "people",
        "version": "2.0", "http_auth_user": "counterpart", "http_auth_password": "s3cret",
    });
    assert_eq!(post(&lab, "/v1/webhooks", &hook).await.0, 201);
    assert_eq!(list(&get(&lab, "/v1/webhooks").await.1).len(), 1);
    hook["subscription_url"] = json!("nowhere");
    let (status, body) = post(&lab, "/v1/webhooks", &hook).await;
    assert_eq!(
        (status, &body["errors"]["subscription_url"][0]),
        (400, &json!("invalid or non-reachable URL"))
    );
    let changed = Happening::UserChanged(a_user(&lab).to_string());
    let sent = lab
        .emulator
        .control()
        .webhook(&changed, url, "counterpart:s3cret")
        .expect("a webhook");
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(
        (&body["meta"]["entity"], &body["meta"]["action"]),
        (&json!("user"), &json!("change"))
    );
    let basic = format!("Basic {}", STANDARD.encode("counterpart:s3cret"));
    assert!(sent.headers.contains(&("authorization".to_owned(), basic)));
}

#[tokio::test]
async fn faults_of_a_list_act_as_far_as_one_without_pages_lets_them() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let all = control.users().len();
    for (fault, expected) in [
        (Fault::EmptyList, 0),
        (Fault::HalfPages, all / 2),
        (Fault::TruncatedList, all / 2),
        (Fault::ShortPages, all),
    ] {
        control
            .inject(FaultSwitch::next(1, fault.clone()))
            .expect("a switch");
        assert_eq!(
            list(&get(&lab, "/v1/users").await.1).len(),
            expected,
            "{fault:?}"
        );
    }
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("a switch");
    assert!(list(&get(&lab, "/v1/users").await.1)[0]["id"].is_string());
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a switch");
    assert_eq!(get(&lab, "/v1/users").await.0, 403);
}
