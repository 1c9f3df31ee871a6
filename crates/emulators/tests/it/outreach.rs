//! Outreach as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Fault, FaultSwitch, Happening, Options, platform_directory};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::client::{Lab, json, query, send};

const JSON_API: &str = "application/vnd.api+json";
const CALLBACK: &str = "https://counterpart.example/callback";

/// An emulator that is signed in to.
struct Desk {
    lab: Lab,
    token: String,
}

async fn desk(page_size: Option<usize>) -> Desk {
    let options = Options {
        page_size,
        ..Options::default()
    };
    let lab = Lab::of("outreach", options).await;
    let (status, grant) = code(&lab, &lab.credential("code")).await;
    assert_eq!(status, 200, "{grant}");
    let token = grant["access_token"].as_str().expect("a token").to_owned();
    Desk { lab, token }
}

async fn code(lab: &Lab, code: &str) -> (u16, Value) {
    token(lab, &[("grant_type", "authorization_code"), ("code", code)]).await
}

async fn token(lab: &Lab, more: &[(&str, &str)]) -> (u16, Value) {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let mut form = vec![
        ("client_id", id.as_str()),
        ("client_secret", &secret),
        ("redirect_uri", CALLBACK),
    ];
    form.extend_from_slice(more);
    lab.post_form("/oauth/token", &form).await
}

impl Desk {
    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .bearer_auth(&self.token)
            .header("content-type", JSON_API)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        json(self.signed(self.lab.get(path))).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        json(self.signed(self.lab.post(path)).body(body.to_string())).await
    }

    /// All rows from here on, by the links; at most twenty pages.
    async fn all(&self, first: &str) -> Vec<Value> {
        let (mut rows, mut next) = (Vec::new(), Some(first.to_owned()));
        for _ in 0..20 {
            let Some(url) = next else { break };
            let (status, body) = self.get(&url).await;
            assert_eq!(status, 200, "{body}");
            rows.extend(body["data"].as_array().cloned().unwrap_or_default());
            next = body["links"]["next"].as_str().map(str::to_owned);
        }
        rows
    }
}

fn a_call(user: &str, prospect: &str) -> Value {
    let id = |text: &str| text.parse::<u64>().expect("a number");
    json!({ "data": {
        "type": "call",
        "attributes": {
            "direction": "inbound", "outcome": "Answered", "from": "+442079460123",
            "dialedAt": "2026-03-18T14:30:00Z", "externalVendor": "counterpart", "vendorCallId": "call-1",
        },
        "relationships": {
            "user": { "data": { "type": "user", "id": id(user) } },
            "prospect": { "data": { "type": "prospect", "id": id(prospect) } },
        },
    } })
}

#[tokio::test]
async fn everybody_of_the_platform_is_listed_over_all_pages() {
    let desk = desk(None).await;
    let rows = desk
        .all(&format!(
            "/api/v2/users{}",
            query(&[("page[size]", "20"), ("sort", "id")])
        ))
        .await;
    let ids: HashSet<String> = rows.iter().map(|row| row["id"].to_string()).collect();
    assert_eq!(
        (ids.len(), rows.len()),
        (rows.len(), desk.lab.emulator.control().users().len())
    );
    for person in platform_directory(1, 60) {
        let row = rows
            .iter()
            .find(|row| row["attributes"]["email"] == person.email);
        let attributes = &row.expect("everybody is there")["attributes"];
        assert_eq!(attributes["bridgePhoneExtension"], json!(person.extension));
        assert_eq!(attributes["phoneNumber"], json!(person.phone));
    }
}

#[tokio::test]
async fn users_can_be_filtered_counted_and_narrowed() {
    let desk = desk(None).await;
    let control = desk.lab.emulator.control();
    let since = control.now().to_string();
    let id = control.users()[3].id.clone();
    control.deactivate(&id).expect("a user");
    let list =
        async |pairs: &[(&str, &str)]| desk.all(&format!("/api/v2/users{}", query(pairs))).await;
    let changed = list(&[("filter[updatedAt]", &format!("{since}..inf"))]).await;
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (
            changed[0]["id"].to_string(),
            &changed[0]["attributes"]["locked"]
        ),
        (id, &json!(true))
    );
    let locked = control
        .users()
        .iter()
        .filter(|user| !user.is_active())
        .count();
    assert_eq!(list(&[("filter[locked]", "true")]).await.len(), locked);
    let email = control.users()[0].email.clone();
    let narrow = list(&[("filter[email]", &email), ("fields[user]", "email,locked")]).await;
    assert_eq!(
        narrow[0]["attributes"],
        json!({ "email": email, "locked": false })
    );
    let (_, counted) = desk.get("/api/v2/users?page[size]=5&count=true").await;
    assert_eq!(counted["meta"]["count"], control.users().len());
    assert!(desk.get("/api/v2/users?page[size]=5").await.1["meta"].is_null());
    for bad in [
        "page[size]=1001",
        "filter[phoneNumber]=1",
        "page[after]=x",
        "sort=shoeSize",
    ] {
        assert_eq!(
            desk.get(&format!("/api/v2/users?{bad}")).await.0,
            400,
            "{bad}"
        );
    }
    let before = control.users().len();
    control.delete(&control.users()[1].id).expect("a user");
    assert_eq!(
        list(&[]).await.len(),
        before - 1,
        "who was deleted is not seen"
    );
    let newest = list(&[("sort", "-updatedAt"), ("page[size]", "7")]).await;
    assert_eq!(
        (newest.len(), &newest[0]["id"]),
        (before - 1, &changed[0]["id"])
    );
}

#[tokio::test]
async fn the_content_type_is_demanded_on_every_request() {
    let desk = desk(None).await;
    let request = desk.lab.get("/api/v2/users").bearer_auth(&desk.token);
    let (status, body) = json(request).await;
    assert_eq!(
        (status, &body["errors"][0]["id"]),
        (415, &json!("unsupportedMediaType"))
    );
    let (status, body) = json(
        desk.lab
            .get("/api/v2/users")
            .header("content-type", JSON_API),
    )
    .await;
    assert_eq!(
        (status, &body["errors"][0]["id"]),
        (401, &json!("unauthorized"))
    );
}

#[tokio::test]
async fn a_token_can_be_had_once_a_minute_and_a_refresh_token_used_once() {
    let lab = Lab::of("outreach", Options::default()).await;
    let (_, first) = code(&lab, &lab.credential("code")).await;
    assert_eq!(first["expires_in"], 7200);
    let refresh = first["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    let refreshed = async |refresh: &str| {
        let more = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        token(&lab, &more).await
    };
    let (status, second) = refreshed(&refresh).await;
    assert_eq!(status, 200, "the exchange of the code is not counted");
    let second = second["refresh_token"]
        .as_str()
        .expect("another")
        .to_owned();
    assert_ne!(second, refresh, "it rotates");
    let (status, body) = refreshed(&second).await;
    let id = &body["errors"][0]["id"];
    assert_eq!((status, id), (429, &json!("rateLimitExceeded")));
    lab.emulator.control().advance_clock(61);
    let (status, body) = refreshed(&refresh).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(refreshed(&second).await.0, 200);
    let (status, body) = lab
        .post_form("/oauth/token", &[("grant_type", "refresh_token")])
        .await;
    assert_eq!(
        (status, &body["error"]),
        (400, &json!("invalid_request")),
        "redirect_uri is needed"
    );
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_named_and_writing_does_not_imply_reading() {
    let mut desk = desk(None).await;
    let granted = desk
        .lab
        .emulator
        .control()
        .issue_grant_code(Some("calls.write"))
        .expect("a code");
    let (_, grant) = code(&desk.lab, &granted.code).await;
    desk.token = grant["access_token"].as_str().expect("a token").to_owned();
    for path in ["/api/v2/users", "/api/v2/calls"] {
        let (status, body) = desk.get(path).await;
        assert_eq!(
            (status, &body["errors"][0]["id"]),
            (403, &json!("unauthorizedOauthScope"))
        );
        assert!(
            body["errors"][0]["detail"]
                .as_str()
                .is_some_and(|text| text.contains(".read'"))
        );
    }
}

#[tokio::test]
async fn a_prospect_is_found_by_address_but_not_by_telephone() {
    let desk = desk(None).await;
    let contact = desk.lab.emulator.control().contacts().remove(2);
    let email = contact.email.expect("an address");
    let found = desk
        .all(&format!(
            "/api/v2/prospects{}",
            query(&[("filter[emails]", &email)])
        ))
        .await;
    assert_eq!((found.len(), found[0]["id"].to_string()), (1, contact.id));
    assert_eq!(
        found[0]["attributes"]["workPhones"][0],
        json!(contact.phone)
    );
    assert_eq!(
        desk.get("/api/v2/prospects?filter[workPhones]=1").await.0,
        400
    );
    let found = desk
        .all(&format!(
            "/api/v2/prospects{}",
            query(&[("filter[q]", &email[..5])])
        ))
        .await;
    assert!(!found.is_empty());
}

#[tokio::test]
async fn a_call_is_written_for_its_user_read_back_and_changed() {
    let desk = desk(None).await;
    let control = desk.lab.emulator.control();
    let (user, prospect) = (
        control.users()[0].id.clone(),
        control.contacts()[0].id.clone(),
    );
    let (status, made) = desk.post("/api/v2/calls", &a_call(&user, &prospect)).await;
    assert_eq!(status, 201, "{made}");
    let id = made["data"]["id"].to_string();
    let (_, read) = desk.get(&format!("/api/v2/calls/{id}")).await;
    assert_eq!(
        read["data"]["relationships"]["user"]["data"]["id"].to_string(),
        user
    );
    assert_eq!(control.records()[0].owner.as_deref(), Some(user.as_str()));
    let change = json!({ "data": { "type": "call", "id": made["data"]["id"], "attributes": { "note": "Hello" } } });
    let patch = desk
        .lab
        .http
        .patch(desk.lab.url(&format!("/api/v2/calls/{id}")));
    let (status, changed) = json(desk.signed(patch).body(change.to_string())).await;
    assert_eq!(
        (status, &changed["data"]["attributes"]["note"]),
        (200, &json!("Hello"))
    );
    assert_eq!(
        desk.post("/api/v2/calls", &a_call(&user, &prospect))
            .await
            .0,
        201,
        "nothing is unique"
    );
    assert_eq!(desk.get("/api/v2/calls/1").await.0, 404);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_pointer() {
    let desk = desk(None).await;
    let control = desk.lab.emulator.control();
    let (user, prospect) = (
        control.users()[0].id.clone(),
        control.contacts()[0].id.clone(),
    );
    for (pointer, value) in [
        ("/data/attributes/direction", json!("sideways")),
        ("/data/attributes/vendorCallId", json!("x".repeat(64))),
        ("/data/attributes/createdAt", json!("2026-03-18T14:30:00Z")),
        ("/data/attributes/shoeSize", json!(44)),
        (
            "/data/relationships/user",
            json!({ "data": { "type": "user", "id": 99_999 } }),
        ),
        (
            "/data/relationships/prospect",
            json!({ "data": { "type": "user", "id": 1 } }),
        ),
        ("/data/type", json!("calls")),
    ] {
        let mut call = a_call(&user, &prospect);
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        call.pointer_mut(parent).expect("it is there")[name] = value;
        let (status, body) = desk.post("/api/v2/calls", &call).await;
        assert_eq!(
            (status, &body["errors"][0]["source"]["pointer"]),
            (422, &json!(pointer))
        );
    }
    assert!(control.records().is_empty());
}

#[tokio::test]
async fn tasks_are_completed_and_webhooks_registered() {
    let desk = desk(None).await;
    let task =
        json!({ "data": { "type": "task", "attributes": { "action": "call", "note": "x" } } });
    let (status, made) = desk.post("/api/v2/tasks", &task).await;
    assert_eq!(
        (status, &made["data"]["attributes"]["state"]),
        (201, &json!("pending"))
    );
    let path = format!("/api/v2/tasks/{}/actions/markComplete", made["data"]["id"]);
    let (_, done) = desk.post(&path, &json!({})).await;
    assert_eq!(done["data"]["attributes"]["state"], "complete");
    assert_eq!(
        desk.post(&format!("{path}?other=1"), &json!({})).await.0,
        400
    );
    let hook = json!({ "data": { "type": "webhook", "attributes": { "url": "https://counterpart.example/hooks/1", "resource": "user", "action": "updated", "secret": "s3cret" } } });
    assert_eq!(desk.post("/api/v2/webhooks", &hook).await.0, 201);
    let happening = Happening::UserChanged("310001".to_owned());
    let sent = desk.lab.emulator.control().webhook(
        &happening,
        "https://counterpart.example/hooks/1",
        "s3cret",
    );
    let sent = sent.expect("a webhook");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret").expect("any key");
    mac.update(&sent.body);
    let digest: Vec<String> = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(
        sent.headers
            .contains(&("outreach-webhook-signature".to_owned(), digest.concat()))
    );
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(body["meta"]["eventName"], "user.updated");
}

#[tokio::test]
async fn the_hourly_allowance_is_told_and_kept() {
    let desk = desk(None).await;
    let response = send(desk.signed(desk.lab.get("/api/v2/users"))).await;
    assert_eq!(response.headers()["x-ratelimit-remaining"], "9999");
    desk.lab
        .emulator
        .control()
        .set_quota(counterpart_emulators::Quota {
            limit: 10,
            used: 10,
        });
    let (status, body) = desk.get("/api/v2/users").await;
    assert_eq!(
        (status, &body["errors"][0]["id"]),
        (429, &json!("rateLimitExceeded"))
    );
}

#[tokio::test]
async fn faults_of_a_list_act_on_users() {
    let desk = desk(Some(20)).await;
    let control = desk.lab.emulator.control();
    let all = control.users().len();
    for (fault, expected) in [
        (Fault::EmptyList, 0),
        (Fault::HalfPages, all / 2),
        (Fault::ShortPages, all),
    ] {
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch");
        assert_eq!(desk.all("/api/v2/users").await.len(), expected, "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::lasting(Fault::RepeatedCursor))
        .expect("a switch");
    let (_, first) = desk.get("/api/v2/users").await;
    let (_, second) = desk
        .get(first["links"]["next"].as_str().expect("a link"))
        .await;
    assert_eq!(first["data"], second["data"]);
    control.clear_faults();
    control
        .inject(FaultSwitch::lasting(Fault::ExpiredCursor).from_page(2))
        .expect("a switch");
    assert_eq!(
        desk.get(first["links"]["next"].as_str().expect("a link"))
            .await
            .0,
        200,
        "page one again"
    );
    control.clear_faults();
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("a switch");
    assert!(desk.get("/api/v2/users").await.1["data"][0]["id"].is_string());
    control.expire_tokens().expect("it has tokens");
    assert_eq!(desk.get("/api/v2/users").await.0, 401);
}
