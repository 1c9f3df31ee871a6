//! `SyncroMSP` as its clients meet it.

use counterpart_emulators::{Fault, FaultSwitch, Happening, Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab(options: Options) -> Lab {
    Lab::of("syncromsp", options).await
}

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.bearer_auth(lab.credential("api_token"))
}

async fn get(lab: &Lab, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/api/v1/{path}{}", query(pairs));
    json(signed(lab, lab.get(&path))).await
}

async fn write(lab: &Lab, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let request = lab
        .http
        .request(method, lab.url(&format!("/api/v1/{path}")));
    let request = request.header("content-type", "application/json");
    json(signed(lab, request).body(body.to_string())).await
}

/// The id of an agent, as the number it is.
fn agent(lab: &Lab) -> u64 {
    let users = lab.emulator.control().users();
    let mut agents = users
        .iter()
        .filter(|user| user.kind == UserKind::Person && user.is_active());
    agents
        .next()
        .expect("an agent")
        .id
        .parse()
        .expect("a number")
}

fn customer(lab: &Lab) -> u64 {
    lab.emulator.control().contacts()[0]
        .id
        .parse()
        .expect("a number")
}

#[tokio::test]
async fn users_are_pairs_without_the_inactive_and_addresses_come_one_by_one() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let (_, body) = get(&lab, "users", &[]).await;
    let pairs = body["users"].as_array().expect("pairs");
    assert_eq!(
        pairs.len(),
        users.iter().filter(|user| user.is_active()).count()
    );
    let (id, name) = (pairs[0][0].as_u64().expect("a number"), &pairs[0][1]);
    let (_, one) = get(&lab, &format!("users/{id}"), &[]).await;
    assert_eq!(&one["user"]["full_name"], name);
    assert!(
        one["user"]["email"]
            .as_str()
            .is_some_and(|email| email.contains('@'))
    );
    let gone = users
        .iter()
        .find(|user| !user.is_active())
        .expect("somebody left");
    assert_eq!(get(&lab, &format!("users/{}", gone.id), &[]).await.0, 404);
}

#[tokio::test]
async fn the_own_user_comes_with_its_rights_and_a_missing_right_is_401() {
    let lab = lab(Options::default()).await;
    let (_, me) = get(&lab, "me", &[]).await;
    assert_eq!(me["permissions"]["ticket"]["write"], true);
    let by_query = format!("/api/v1/me?api_key={}", lab.credential("api_token"));
    assert_eq!(json(lab.get(&by_query)).await.0, 200);
    assert_eq!(json(lab.get("/api/v1/me")).await.0, 401);
    let control = lab.emulator.control();
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a switch");
    let (status, body) = get(&lab, "users", &[]).await;
    let text = body["error"].as_str().expect("a text");
    assert!(status == 401 && text.contains("permissions"), "{text}");
}

#[tokio::test]
async fn a_number_is_found_by_its_digits_and_the_caller_by_the_last_ten() {
    let lab = lab(Options::default()).await;
    let contacts = lab.emulator.control().contacts();
    let contact = &contacts[0];
    let typed = contact.phone.as_deref().expect("a number");
    let (_, one) = get(&lab, &format!("customers/{}", contact.id), &[]).await;
    let kept = one["customer"]["phone"]
        .as_str()
        .expect("digits")
        .to_owned();
    assert!(kept.chars().all(|one| one.is_ascii_digit()));
    for (wanted, found) in [(kept.as_str(), 1), (typed, 0)] {
        let (_, body) = get(&lab, "customers", &[("query", wanted)]).await;
        assert_eq!(
            body["customers"].as_array().map(Vec::len),
            Some(found),
            "{wanted}"
        );
    }
    let (_, body) = get(&lab, "search", &[("query", &kept)]).await;
    assert_eq!(body["results"][0]["table"]["_id"].to_string(), contact.id);
    let (_, body) = get(&lab, "callerid", &[("did", typed), ("outbound", "false")]).await;
    assert_eq!(body["data"]["name"], json!(contact.full_name()));
    assert!(body["data"].get("id").is_none());
    let email = contact.email.as_deref().expect("an address");
    let (_, body) = get(&lab, "customers", &[("email", email)]).await;
    assert_eq!(body["meta"]["total_entries"], 1);
    let (_, body) = get(&lab, "contacts", &[("customer_id", &contact.id)]).await;
    assert_eq!(body["contacts"][0]["customer_id"].to_string(), contact.id);
}

#[tokio::test]
async fn a_ticket_of_an_unknown_user_is_nobodys_without_a_word() {
    let lab = lab(Options::default()).await;
    let (agent, customer) = (agent(&lab), customer(&lab));
    let (status, body) = write(&lab, "POST", "tickets", &json!({ "subject": "Call" })).await;
    assert_eq!(
        (status, &body["error"]),
        (422, &json!("Customer required field"))
    );
    let blank = json!({ "customer_id": customer });
    let (status, body) = write(&lab, "POST", "tickets", &blank).await;
    assert_eq!(
        (status, &body["message"][0]),
        (422, &json!("Subject can't be blank"))
    );
    let ticket = |user: u64| {
        json!({
            "customer_id": customer, "subject": "Call cp-7f3a", "user_id": user, "status": "New",
            "comments_attributes": [{ "subject": "Call", "body": "3 min", "hidden": true, "do_not_email": true }],
        })
    };
    let (status, body) = write(&lab, "POST", "tickets", &ticket(agent)).await;
    assert_eq!((status, &body["ticket"]["user_id"]), (200, &json!(agent)));
    assert_eq!(body["ticket"]["comments"][0]["hidden"], true);
    let (status, nobodys) = write(&lab, "POST", "tickets", &ticket(1)).await;
    assert_eq!((status, &nobodys["ticket"]["user_id"]), (200, &Value::Null));
    let mine = [
        ("user_id", agent.to_string()),
        ("query", "cp-7f3a".to_owned()),
    ];
    let mine: Vec<(&str, &str)> = mine
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let (_, list) = get(&lab, "tickets", &mine).await;
    assert_eq!(list["tickets"][0]["number"], body["ticket"]["number"]);
    assert_eq!(list["meta"]["total_entries"], 1);
    let path = format!("tickets/{}", nobodys["ticket"]["id"]);
    let (_, given) = write(&lab, "PUT", &path, &json!({ "user_id": agent })).await;
    assert_eq!(given["ticket"]["user"]["id"], json!(agent));
}

#[tokio::test]
async fn a_comment_is_the_tokens_users_and_a_time_entry_is_the_named_ones() {
    let lab = lab(Options::default()).await;
    let agent = agent(&lab);
    let ticket = json!({ "customer_id": customer(&lab), "subject": "Call" });
    let (_, body) = write(&lab, "POST", "tickets", &ticket).await;
    let id = body["ticket"]["id"].clone();
    let (status, body) = write(&lab, "POST", &format!("tickets/{id}/comment"), &json!({})).await;
    let messages = json!(["Body can't be blank", "Subject can't be blank"]);
    assert_eq!((status, &body["message"]), (422, &messages));
    let comment =
        json!({ "subject": "Call", "body": "3 min", "tech": "Anna Agent", "user_id": agent });
    let (_, body) = write(&lab, "POST", &format!("tickets/{id}/comment"), &comment).await;
    assert_eq!(body["comment"]["tech"], "Anna Agent");
    assert_ne!(body["comment"]["user_id"], json!(agent));
    let path = format!("tickets/{id}/timer_entry");
    let (status, body) = write(&lab, "POST", &path, &json!({ "duration_minutes": 3 })).await;
    assert!(
        status == 422 && body["params"]["duration_minutes"] == 3,
        "{body}"
    );
    let timer =
        json!({ "start_at": "2026-11-22T10:00:00Z", "duration_minutes": 3, "user_id": agent });
    let (_, timer) = write(&lab, "POST", &path, &timer).await;
    assert_eq!(
        (&timer["active_duration"], &timer["user_id"]),
        (&json!(180), &json!(agent))
    );
    let (_, timers) = get(&lab, "ticket_timers", &[]).await;
    assert_eq!(timers["ticket_timers"][0]["id"], timer["id"]);
}

#[tokio::test]
async fn a_minute_holds_180_requests() {
    let lab = lab(Options {
        requests_allowed: Some(3),
        ..Options::default()
    })
    .await;
    for _ in 0..3 {
        assert_eq!(get(&lab, "me", &[]).await.0, 200);
    }
    let answer = send(signed(&lab, lab.get("/api/v1/me"))).await;
    assert_eq!(answer.status(), 429);
    assert!(
        !answer.headers().contains_key("retry-after"),
        "it does not say how long to wait"
    );
    lab.emulator.control().advance_clock(61);
    assert_eq!(get(&lab, "me", &[]).await.0, 200);
}

#[tokio::test]
async fn a_changed_customer_is_told_with_a_link() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let id = control.contacts()[0].id.clone();
    let url = "https://connect.example/hooks/syncro";
    let sent = control
        .webhook(&Happening::ContactChanged(id.clone()), url, "")
        .expect("one");
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert!(
        body["link"]
            .as_str()
            .is_some_and(|link| link.ends_with(&format!("/customers/{id}")))
    );
    assert_eq!(body["attributes"]["id"].to_string(), id);
}

#[tokio::test]
async fn faults_of_the_one_page_of_users_change_it_as_they_say() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let whole = get(&lab, "users", &[]).await.1["users"]
        .as_array()
        .map_or(0, Vec::len);
    for (fault, rows) in [
        (Fault::EmptyList, 0),
        (Fault::TruncatedList, whole / 2),
        (Fault::IdType, whole),
    ] {
        control.clear_faults();
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch");
        let (_, body) = get(&lab, "users", &[]).await;
        let pairs = body["users"].as_array().expect("pairs");
        assert_eq!(pairs.len(), rows, "{fault:?}");
        let is_text = pairs.first().is_some_and(|pair| pair[0].is_string());
        assert_eq!(is_text, fault == Fault::IdType);
    }
}
