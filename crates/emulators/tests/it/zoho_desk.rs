//! Zoho Desk as its clients meet it.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_emulators::{Fault, FaultSwitch, Happening, Options, Quota, UserState};
use serde_json::{Value, json};

use crate::client::{json, query, send};
use crate::zoho::Scene;

const ORG: &str = "729382645";

async fn get(scene: &Scene, path: &str) -> (u16, Value) {
    json(scene.signed(scene.lab.get(path).header("orgId", ORG))).await
}

async fn write(scene: &Scene, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let request = scene.lab.http.request(method, scene.lab.url(path));
    let request = request
        .header("orgId", ORG)
        .header("content-type", "application/json")
        .body(body.to_string());
    json(scene.signed(request)).await
}

fn call(scene: &Scene, owner: &str) -> Value {
    json!({
        "departmentId": "1892000000006907", "subject": "Call from +441134960505",
        "contactId": scene.lab.emulator.control().contacts()[0].id,
        "startTime": "2026-01-20T05:00:00.000Z", "direction": "inbound", "duration": 125,
        "status": "Completed", "ownerId": owner, "cf": { "cf_ext_id": "call-1" },
    })
}

#[tokio::test]
async fn every_request_but_the_discovery_needs_the_organization() {
    let scene = Scene::of("zoho-desk").await;
    let (status, body) = scene.get("/api/v1/organizations").await;
    assert_eq!((status, &body["data"][0]["id"]), (200, &json!(ORG)));
    let (status, body) = scene.get("/api/v1/agents").await;
    assert_eq!((status, &body["errorCode"]), (422, &json!("INVALID_DATA")));
    let other = scene.lab.get("/api/v1/agents").header("orgId", "1");
    let (status, body) = json(scene.signed(other)).await;
    assert_eq!(
        (status, &body["errorCode"]),
        (403, &json!("OAUTH_ORG_MISMATCH"))
    );
}

#[tokio::test]
async fn agents_come_ten_at_a_time_unless_more_are_asked_for() {
    let options = Options {
        people: 500,
        ..Options::default()
    };
    let scene = Scene::with("zoho-desk", options, None).await;
    let (_, body) = get(&scene, "/api/v1/agents").await;
    assert_eq!(body["data"].as_array().map(Vec::len), Some(10));
    assert_eq!(get(&scene, "/api/v1/agents?limit=201").await.0, 422);
    let mut ids = HashSet::new();
    loop {
        let (status, body) = get(
            &scene,
            &format!("/api/v1/agents?from={}&limit=200", ids.len()),
        )
        .await;
        if status == 204 {
            break;
        }
        for agent in body["data"].as_array().expect("agents") {
            assert!(ids.insert(agent["id"].as_str().expect("text").to_owned()));
        }
    }
    let users = scene.lab.emulator.control().users();
    let kept = users.iter().filter(|user| user.state != UserState::Deleted);
    assert_eq!(ids.len(), kept.count());
    let (_, body) = get(&scene, "/api/v1/agents/count").await;
    assert_eq!(body["count"], ids.len());
}

#[tokio::test]
async fn switched_off_agents_are_listed_as_disabled() {
    let scene = Scene::of("zoho-desk").await;
    let agent = scene.agent();
    scene
        .lab
        .emulator
        .control()
        .deactivate(&agent)
        .expect("a known agent");
    let (_, body) = get(&scene, &format!("/api/v1/agents/{agent}")).await;
    assert_eq!(body["status"], "DISABLED");
    let (_, body) = get(&scene, "/api/v1/agents?status=DISABLED&limit=200").await;
    let found = body["data"].as_array().expect("agents").iter();
    assert!(found.into_iter().any(|one| one["id"] == agent.as_str()));
    assert_eq!(get(&scene, "/api/v1/agents?status=inactive").await.0, 422);
}

#[tokio::test]
async fn contacts_are_found_by_the_text_that_is_stored() {
    let scene = Scene::of("zoho-desk").await;
    let who = scene.lab.emulator.control().contacts()[0].clone();
    let phone = who.phone.expect("a number");
    let (status, body) = get(
        &scene,
        &format!("/api/v1/contacts/search{}", query(&[("phone", &phone)])),
    )
    .await;
    assert_eq!((status, &body["data"][0]["id"]), (200, &json!(who.id)));
    let end = format!("*{}", &phone[phone.len() - 4..]);
    let (status, _) = get(
        &scene,
        &format!("/api/v1/contacts/search{}", query(&[("phone", &end)])),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(get(&scene, "/api/v1/contacts/search?phone=1").await.0, 204);
    assert_eq!(get(&scene, "/api/v1/contacts/search").await.0, 422);
}

#[tokio::test]
async fn a_call_is_written_under_its_owner_and_read_back() {
    let scene = Scene::of("zoho-desk").await;
    let agent = scene.agent();
    let (status, body) = write(&scene, "POST", "/api/v1/calls", &call(&scene, &agent)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["ownerId"], &body["duration"]),
        (&json!(agent), &json!("125"))
    );
    let id = body["id"].as_str().expect("an id");
    let (_, read) = get(&scene, &format!("/api/v1/calls/{id}")).await;
    assert_eq!(read["ownerId"], agent.as_str());
    let (_, found) = get(&scene, "/api/v1/calls/search?customField1=cf_ext_id:call-1").await;
    assert_eq!(found["data"][0]["id"], id);
    let change = json!({ "description": "rang back" });
    let (status, body) = write(&scene, "PATCH", &format!("/api/v1/calls/{id}"), &change).await;
    assert_eq!((status, &body["description"]), (200, &json!("rang back")));
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_named() {
    let scene = Scene::of("zoho-desk").await;
    let agent = scene.agent();
    for (field, value, kind) in [
        ("departmentId", Value::Null, "missing"),
        ("departmentId", json!("1892000000175433"), "invalid"),
        ("startTime", json!("2026-01-20T10:30:00+05:30"), "invalid"),
        ("direction", json!("Inbound"), "invalid"),
        ("duration", json!("02:05"), "invalid"),
        ("ownerId", json!("1"), "invalid"),
        ("contactId", json!("1"), "invalid"),
        ("owner", json!("1"), "invalid"),
    ] {
        let mut body = call(&scene, &agent);
        body[field] = value;
        let (status, told) = write(&scene, "POST", "/api/v1/calls", &body).await;
        assert_eq!(status, 422, "{field}: {told}");
        assert_eq!(told["errors"][0]["fieldName"], format!("/{field}"));
        assert_eq!(told["errors"][0]["errorType"], kind, "{field}");
    }
    let form = scene
        .lab
        .post("/api/v1/calls")
        .header("orgId", ORG)
        .body("{}");
    assert_eq!(send(scene.signed(form)).await.status(), 415);
}

#[tokio::test]
async fn a_ticket_has_comments_and_time_entries() {
    let scene = Scene::of("zoho-desk").await;
    let agent = scene.agent();
    let ticket = json!({ "subject": "No dial tone", "departmentId": "1892000000006907",
        "contactId": scene.lab.emulator.control().contacts()[0].id, "assigneeId": agent });
    let (status, body) = write(&scene, "POST", "/api/v1/tickets", &ticket).await;
    assert_eq!(
        (status, &body["assigneeId"]),
        (200, &json!(agent)),
        "{body}"
    );
    let path = format!("/api/v1/tickets/{}", body["id"].as_str().expect("an id"));
    let comment = json!({ "content": "Rang", "isPublic": false, "contentType": "plainText" });
    let (status, body) = write(&scene, "POST", &format!("{path}/comments"), &comment).await;
    assert_eq!((status, &body["isPublic"]), (200, &json!(false)));
    let entry = json!({ "ownerId": agent, "minutesSpent": 5, "executedTime": "2026-01-20T05:00:00.000Z",
        "requestChargeType": "Customer Service" });
    let (status, body) = write(&scene, "POST", &format!("{path}/timeEntry"), &entry).await;
    assert_eq!(
        (status, &body["ownerId"], &body["minutesSpent"]),
        (200, &json!(agent), &json!("5"))
    );
    let (_, body) = get(&scene, &format!("{path}/timeEntry")).await;
    assert_eq!(body["data"].as_array().map(Vec::len), Some(1));
    let (status, _) = write(&scene, "POST", &format!("{path}/timeEntry"), &json!({})).await;
    assert_eq!(status, 422);
    assert_eq!(get(&scene, "/api/v1/tickets/1").await.0, 404);
}

#[tokio::test]
async fn a_webhook_bears_a_token_signed_with_the_published_key() {
    let scene = Scene::of("zoho-desk").await;
    let url = "https://counterpart.example/hook";
    let hook =
        json!({ "name": "Counterpart", "url": url, "subscriptions": { "Agent_Update": null } });
    let (status, hook) = write(&scene, "POST", "/api/v1/webhooks", &hook).await;
    assert_eq!(status, 200, "{hook}");
    let control = scene.lab.emulator.control();
    let agent = scene.agent();
    control.deactivate(&agent).expect("a known agent");
    let sent = control
        .webhook(&Happening::UserChanged(agent.clone()), url, "")
        .expect("agents are told of");
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(
        (&body[0]["eventType"], &body[0]["payload"]["id"]),
        (&json!("Agent_Update"), &json!(agent))
    );
    let token = &sent
        .headers
        .iter()
        .find(|(name, _)| name == "x-zdesk-jwt")
        .expect("signed")
        .1;
    let parts: Vec<&str> = token.split('.').collect();
    let part = |nth: usize| URL_SAFE_NO_PAD.decode(parts[nth]).expect("base64");
    let claims: Value = serde_json::from_slice(&part(1)).expect("JSON");
    assert_eq!(claims["iss"], format!("orgId:{ORG}"));
    assert_eq!(
        claims["aud"],
        format!("webhookId:{}", hook["id"].as_str().expect("an id"))
    );
    let (_, keys) = json(scene.lab.get("/.well-known/jwks.json")).await;
    let number = |name: &str| {
        let text = keys["keys"][0][name].as_str().expect("a number");
        URL_SAFE_NO_PAD.decode(text).expect("base64")
    };
    let key = ring::signature::RsaPublicKeyComponents {
        n: number("n"),
        e: number("e"),
    };
    let signed = format!("{}.{}", parts[0], parts[1]);
    key.verify(
        &ring::signature::RSA_PKCS1_2048_8192_SHA256,
        signed.as_bytes(),
        &part(2),
    )
    .expect("the signature is the published key's");
}

#[tokio::test]
async fn the_days_credits_are_counted_down_and_say_when_to_come_back() {
    let scene = Scene::of("zoho-desk").await;
    let answer = scene.signed(scene.lab.get("/api/v1/myinfo").header("orgId", ORG));
    let answer = send(answer).await;
    assert_eq!(answer.headers()["x-rate-limit-remaining-v3"], "74999");
    scene
        .lab
        .emulator
        .control()
        .set_quota(Quota { limit: 5, used: 5 });
    let answer = scene.signed(scene.lab.get("/api/v1/myinfo").header("orgId", ORG));
    let answer = send(answer).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_list_that_stops_short_is_less_than_the_count_and_half_pages_agree_with_it() {
    let scene = Scene::of("zoho-desk").await;
    let control = scene.lab.emulator.control();
    let all = control.users().len();
    let list = "/api/v1/agents?limit=200";
    for (fault, rows, count) in [
        (Fault::TruncatedList, all / 2, all),
        (Fault::HalfPages, all / 2, all / 2),
        (Fault::ShortPages, 100.min(all), all),
    ] {
        control.clear_faults();
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("it has it");
        let (_, body) = get(&scene, list).await;
        assert_eq!(
            body["data"].as_array().map(Vec::len),
            Some(rows),
            "{fault:?}"
        );
        let (_, body) = get(&scene, "/api/v1/agents/count").await;
        assert_eq!(body["count"], count, "{fault:?}");
    }
    control.clear_faults();
    control
        .inject(FaultSwitch::next(1, Fault::EmptyList))
        .expect("it has it");
    assert_eq!(get(&scene, list).await.0, 204);
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("it has it");
    assert!(get(&scene, list).await.1["data"][0]["id"].is_number());
    control
        .inject(FaultSwitch::next(1, Fault::RepeatedCursor))
        .expect("it has it");
    let (first, again) = (
        get(&scene, list).await,
        get(&scene, "/api/v1/agents?limit=200&from=5").await,
    );
    assert_ne!(first.1["data"][0]["id"], again.1["data"][0]["id"]);
}

#[tokio::test]
async fn refusals_come_in_the_products_own_words() {
    let scene = Scene::of("zoho-desk").await;
    let control = scene.lab.emulator.control();
    for (fault, status, code) in [
        (Fault::ExpireToken, 401, "INVALID_OAUTH"),
        (Fault::MissingPermission, 403, "FORBIDDEN"),
        (Fault::QuotaExhausted, 429, "THRESHOLD_EXCEEDED"),
        (Fault::ServerError, 500, "INTERNAL_SERVER_ERROR"),
    ] {
        control
            .inject(FaultSwitch::next(1, fault))
            .expect("it has it");
        let (told, body) = get(&scene, "/api/v1/myinfo").await;
        assert_eq!((told, &body["errorCode"]), (status, &json!(code)));
        if status == 401 {
            // The session ended for good; the rest needs none.
            let after = get(&scene, "/api/v1/myinfo").await;
            assert_eq!(after.0, 401);
        }
    }
}

#[tokio::test]
async fn a_fault_from_the_third_page_on_spares_the_two_before() {
    let options = Options {
        page_size: Some(20),
        ..Options::default()
    };
    let scene = Scene::with("zoho-desk", options, None).await;
    let fault = FaultSwitch::lasting(Fault::ServerError).from_page(3);
    scene
        .lab
        .emulator
        .control()
        .inject(fault)
        .expect("it has it");
    for (from, status) in [(0, 200), (20, 200), (40, 500)] {
        let path = format!("/api/v1/agents?limit=200&from={from}");
        assert_eq!(get(&scene, &path).await.0, status, "{from}");
    }
}
