//! Zendesk Support, as its documents describe it.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch, NewUser, Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json as answered, query, send};

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    let name = format!("{}/token", lab.credential("email"));
    request.basic_auth(name, Some(lab.credential("api_token")))
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    answered(signed(lab, lab.get(path))).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = signed(lab, lab.post(path)).header("content-type", "application/json");
    answered(request.body(body.to_string())).await
}

async fn lab() -> Lab {
    Lab::of("zendesk", Options::default()).await
}

fn staff(more: &[(&str, &str)]) -> String {
    let mut all = vec![("role[]", "agent"), ("role[]", "admin")];
    all.extend(more);
    format!("/api/v2/users{}", query(&all))
}

/// Ids over all pages by cursor, at most twenty pages.
async fn everybody(lab: &Lab) -> Vec<i64> {
    let (mut ids, mut next) = (Vec::new(), staff(&[("page[size]", "20")]));
    for _ in 0..20 {
        let (status, body) = get(lab, &next).await;
        assert_eq!(status, 200, "{body}");
        let users = body["users"].as_array().expect("users");
        ids.extend(users.iter().filter_map(|user| user["id"].as_i64()));
        match body["links"]["next"].as_str() {
            Some(link) => link.clone_into(&mut next),
            None => break,
        }
    }
    ids
}

#[tokio::test]
async fn staff_are_listed_over_pages_and_customers_are_not_among_them() {
    let lab = lab().await;
    let mut ids = everybody(&lab).await;
    let expected = lab.emulator.control().users();
    assert_eq!(ids.len(), expected.len());
    ids.dedup();
    assert_eq!(ids.len(), expected.len());
    let (_, all) = get(&lab, "/api/v2/users.json").await;
    let customers = lab.emulator.control().contacts().len();
    assert_eq!(all["count"], json!(expected.len() + customers));
    let (status, body) = get(&lab, &staff(&[("page", "101")])).await;
    assert_eq!(
        (status, &body["errors"][0]["code"]),
        (400, &json!("InvalidPaginationDepth"))
    );
}

#[tokio::test]
async fn somebody_switched_off_is_suspended_and_a_deleted_one_only_has_an_id() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let leaver = control
        .add_user(NewUser::person("Lea", "Leaver", "lea@example.com"))
        .expect("added");
    control.deactivate(&leaver.id).expect("there");
    let path = format!("/api/v2/users/{}", leaver.id);
    let (_, body) = get(&lab, &path).await;
    assert_eq!(
        (&body["user"]["suspended"], &body["user"]["active"]),
        (&json!(true), &json!(true))
    );
    control.delete(&leaver.id).expect("there");
    let id: i64 = leaver.id.parse().expect("a number");
    assert!(!everybody(&lab).await.contains(&id));
    assert_eq!(get(&lab, &path).await.1["user"]["active"], false);
}

#[tokio::test]
async fn without_credentials_one_is_nobody_and_with_wrong_ones_refused() {
    let lab = lab().await;
    let (status, body) = answered(lab.get("/api/v2/users/me.json")).await;
    assert_eq!((status, &body["user"]["id"]), (200, &Value::Null));
    let wrong = lab
        .get("/api/v2/users/me")
        .basic_auth("x@example.com/token", Some("wrong"));
    let (status, body) = answered(wrong).await;
    assert_eq!(
        (status, &body["error"]),
        (401, &json!("Couldn't authenticate you"))
    );
    assert_eq!(answered(lab.get("/api/v2/users")).await.0, 401);
    let (_, me) = get(&lab, "/api/v2/users/me").await;
    assert_eq!(me["user"]["role"], "admin");
}

#[tokio::test]
async fn a_client_gets_tokens_that_its_scope_limits_and_refreshes_once() {
    let lab = lab().await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let fields = json!({
        "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "scope": "read",
    });
    let request = lab
        .post("/oauth/tokens")
        .header("content-type", "application/json");
    let (status, body) = answered(request.body(fields.to_string())).await;
    assert_eq!(status, 200, "{body}");
    let token = body["access_token"].as_str().expect("a token");
    assert_eq!(
        answered(lab.get("/api/v2/users").bearer_auth(token))
            .await
            .0,
        200
    );
    let write = lab
        .post("/api/v2/tickets")
        .bearer_auth(token)
        .header("content-type", "application/json");
    assert_eq!(answered(write.body("{}")).await.0, 403);
    let code = lab
        .emulator
        .control()
        .issue_grant_code(None)
        .expect("codes")
        .code;
    let client = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    let mut exchange = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
    ];
    exchange.extend(client);
    let (_, body) = lab.post_form("/oauth/tokens", &exchange).await;
    let refresh = body["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    let mut renewal = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    renewal.extend(client);
    assert_eq!(lab.post_form("/oauth/tokens", &renewal).await.0, 200);
    assert_eq!(
        lab.post_form("/oauth/tokens", &renewal).await.0,
        400,
        "it rotates"
    );
}

#[tokio::test]
async fn the_export_holds_what_changed_but_not_within_the_last_minute() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let since = control.now().as_second() - 120;
    let new = control
        .add_user(NewUser::person("Nia", "New", "nia@example.com"))
        .expect("added");
    let path = format!("/api/v2/incremental/users/cursor.json?start_time={since}");
    assert_eq!(get(&lab, &path).await.1["users"], json!([]));
    control.advance_clock(61);
    let (_, body) = get(&lab, &path).await;
    assert_eq!(body["users"][0]["id"].to_string(), new.id);
    assert_eq!(body["end_of_stream"], true);
    let now = control.now().as_second();
    let path = format!("/api/v2/incremental/users/cursor.json?start_time={now}");
    let (status, body) = get(&lab, &path).await;
    assert_eq!(
        (status, &body["error"]),
        (422, &json!("StartTimeTooRecent"))
    );
    for _ in 0..8 {
        get(&lab, &path).await;
    }
    let response = send(signed(&lab, lab.get(&path))).await;
    assert_eq!(response.status(), 429, "ten a minute");
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn the_export_is_for_administrators_and_reaches_everybody() {
    let lab = Lab::of(
        "zendesk",
        Options {
            page_size: Some(30),
            ..Options::default()
        },
    )
    .await;
    let users = lab.emulator.control().users();
    let agent = users
        .iter()
        .find(|user| user.kind == UserKind::Consultant && user.is_active());
    let name = format!("{}/token", agent.expect("an agent").email);
    let path = "/api/v2/incremental/users/cursor?start_time=0";
    let request = lab
        .get(path)
        .basic_auth(name, Some(lab.credential("api_token")));
    assert_eq!(answered(request).await.0, 403);
    let (mut seen, mut next) = (0, path.to_owned());
    loop {
        let (_, body) = get(&lab, &next).await;
        seen += body["users"].as_array().expect("users").len();
        if body["end_of_stream"] == true {
            break;
        }
        body["after_url"]
            .as_str()
            .expect("more")
            .clone_into(&mut next);
    }
    assert_eq!(seen, users.len() + lab.emulator.control().contacts().len());
}

#[tokio::test]
async fn callers_are_found_by_their_last_digits_or_their_address() {
    let lab = lab().await;
    let contact = lab.emulator.control().contacts().remove(0);
    let phone = contact.phone.expect("a number");
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let wanted = format!("role:end-user phone:*{}", &digits[digits.len() - 10..]);
    let (_, body) = get(
        &lab,
        &format!("/api/v2/search.json{}", query(&[("query", &wanted)])),
    )
    .await;
    assert_eq!(
        (&body["count"], &body["results"][0]["result_type"]),
        (&json!(1), &json!("user"))
    );
    let wanted = format!(
        "email:{}",
        contact.email.expect("an address").to_uppercase()
    );
    let (_, body) = get(
        &lab,
        &format!("/api/v2/users/search{}", query(&[("query", &wanted)])),
    )
    .await;
    assert_eq!(body["users"][0]["id"].to_string(), contact.id);
    let (_, body) = get(&lab, "/api/v2/users/search?query=phone:%2B442079460500").await;
    assert_eq!(body["count"], 0, "a plus finds nobody");
}

#[tokio::test]
async fn an_end_user_is_made_once_and_then_changed() {
    let lab = lab().await;
    let user = json!({ "user": { "name": "Cara Caller", "email": "Cara@x.example", "external_id": "c-1" } });
    let (status, made) = post(&lab, "/api/v2/users/create_or_update", &user).await;
    assert_eq!(status, 201);
    let change = json!({ "user": { "name": "Cara Call", "external_id": "C-1" } });
    let (status, changed) = post(&lab, "/api/v2/users/create_or_update.json", &change).await;
    assert_eq!((status, &changed["user"]["id"]), (200, &made["user"]["id"]));
    assert_eq!(changed["user"]["name"], "Cara Call");
    let (status, body) = post(&lab, "/api/v2/users", &user).await;
    assert_eq!(
        (status, &body["details"]["email"][0]["error"]),
        (422, &json!("DuplicateValue"))
    );
}

#[tokio::test]
async fn a_ticket_has_its_assignee_and_one_key_makes_one_ticket() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let users = control.users();
    let agent = users
        .iter()
        .find(|user| user.is_active())
        .expect("an agent");
    let gone = users
        .iter()
        .find(|user| !user.is_active())
        .expect("a leaver");
    let contact = control.contacts().remove(0);
    let ticket = |assignee: &str| {
        json!({ "ticket": {
            "subject": "Call", "comment": { "body": "Rang about the bill", "public": false },
            "requester_id": contact.id.parse::<i64>().ok(), "assignee_id": assignee.parse::<i64>().ok(),
            "external_id": "call-7", "no_such_field": 1,
        } })
    };
    let once = |body: Value| {
        let request = signed(&lab, lab.post("/api/v2/tickets")).header("idempotency-key", "call-7");
        request
            .header("content-type", "application/json")
            .body(body.to_string())
    };
    let first = send(once(ticket(&agent.id))).await;
    assert_eq!(
        (
            first.status().as_u16(),
            first.headers()["x-idempotency-lookup"].to_str().ok()
        ),
        (201, Some("miss"))
    );
    let again = send(once(ticket(&agent.id))).await;
    assert_eq!(again.headers()["x-idempotency-lookup"], "hit");
    let (status, body) = answered(once(
        json!({ "ticket": { "comment": { "body": "other" } } }),
    ))
    .await;
    assert_eq!(
        (status, &body["error"]),
        (400, &json!("IdempotentRequestError"))
    );
    let (_, found) = get(&lab, "/api/v2/tickets?external_id=call-7").await;
    assert_eq!(found["count"], 1);
    assert_eq!(found["tickets"][0]["assignee_id"].to_string(), agent.id);
    let (status, body) = post(&lab, "/api/v2/tickets", &ticket(&gone.id)).await;
    assert_eq!(
        (status, &body["details"]["assignee"][0]["description"]),
        (422, &json!("Assignee: is invalid"))
    );
    assert_eq!(
        control.records()[0].owner.as_deref(),
        Some(agent.id.as_str())
    );
}

#[tokio::test]
async fn a_call_is_a_voice_ticket_and_pops_up() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let agent = control
        .users()
        .into_iter()
        .find(counterpart_emulators::User::is_active)
        .expect("an agent");
    let contact = control.contacts().remove(0);
    let number = |id: &str| id.parse::<i64>().expect("a number");
    let call = |via: i64| {
        json!({ "display_to_agent": number(&agent.id), "ticket": {
            "via_id": via, "subject": "Call", "requester_id": number(&contact.id), "assignee_id": number(&agent.id),
            "voice_comment": { "from": "+441", "to": "+442", "call_duration": 40, "started_at": "2026-06-24T15:31:44Z", "recording_url": "https://x.example/r" },
        } })
    };
    let (status, body) = post(&lab, "/api/v2/channels/voice/tickets", &call(45)).await;
    assert_eq!(
        (status, &body["ticket"]["via"]["channel"]),
        (201, &json!("voice"))
    );
    assert_eq!(
        post(&lab, "/api/v2/channels/voice/tickets", &call(12))
            .await
            .0,
        422
    );
    let (_, comments) = get(
        &lab,
        &format!("/api/v2/tickets/{}/comments", body["ticket"]["id"]),
    )
    .await;
    assert_eq!(comments["comments"][0]["type"], "VoiceComment");
    let base = format!("/api/v2/channels/voice/agents/{}", agent.id);
    assert_eq!(
        post(
            &lab,
            &format!("{base}/users/{}/display", contact.id),
            &json!({})
        )
        .await
        .0,
        200
    );
    assert_eq!(
        post(&lab, &format!("{base}/tickets/1/display"), &json!({}))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn faults_of_a_list_do_to_cursors_what_they_say() {
    let lab = lab().await;
    let control = lab.emulator.control().clone();
    let total = control.users().len();
    for (fault, rows) in [
        (Fault::EmptyList, 0),
        (Fault::HalfPages, total / 2),
        (Fault::TruncatedList, 10),
        (Fault::ShortPages, total),
        (Fault::RepeatedCursor, 400),
    ] {
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch it has");
        assert_eq!(everybody(&lab).await.len(), rows, "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::lasting(Fault::ExpiredCursor).from_page(2))
        .expect("a switch");
    let (_, first) = get(&lab, &staff(&[("page[size]", "20")])).await;
    let next = first["links"]["next"].as_str().expect("more");
    assert_eq!(get(&lab, next).await.0, 400);
    control.clear_faults();
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("a switch");
    assert!(get(&lab, &staff(&[])).await.1["users"][0]["id"].is_string());
    control
        .inject(FaultSwitch::next(1, Fault::ExpireToken))
        .expect_err("nobody has a token yet");
    control
        .inject(FaultSwitch::next(1, Fault::WrongCredentials))
        .expect("at every request");
    assert_eq!(get(&lab, &staff(&[])).await.0, 401);
    control
        .inject(FaultSwitch::next(1, Fault::BreakOff).on(FaultPlace::Write))
        .expect("a switch");
    let ticket = json!({ "ticket": { "comment": { "body": "lost answer" } } });
    let request =
        signed(&lab, lab.post("/api/v2/tickets")).header("content-type", "application/json");
    let response = send(request.body(ticket.to_string())).await;
    response.bytes().await.expect_err("the answer is lost");
    assert!(
        control
            .records()
            .iter()
            .any(|record| record.kind == "ticket"),
        "the ticket is not"
    );
}

#[tokio::test]
async fn a_minutes_allowance_comes_back_with_the_next_minute() {
    let lab = Lab::of(
        "zendesk",
        Options {
            requests_allowed: Some(2),
            ..Options::default()
        },
    )
    .await;
    for status in [200, 200, 429] {
        let response = send(signed(&lab, lab.get("/api/v2/users/me"))).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["x-rate-limit"], "2");
    }
    lab.emulator.control().advance_clock(60);
    assert_eq!(get(&lab, "/api/v2/users/me").await.0, 200);
}

#[tokio::test]
async fn a_change_is_told_by_a_signed_event() {
    use counterpart_emulators::Happening;
    let lab = lab().await;
    let control = lab.emulator.control();
    let id = control.users().remove(0).id;
    control.deactivate(&id).expect("there");
    let sent = control
        .webhook(
            &Happening::UserChanged(id.clone()),
            "https://x.example/h",
            "secret",
        )
        .expect("an event");
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(body["type"], "zen:event-type:user.suspended_changed");
    assert_eq!(body["subject"], json!(format!("zen:user:{id}")));
    let has = |name: &str| sent.headers.iter().any(|(other, _)| other == name);
    assert!(has("x-zendesk-webhook-signature") && has("x-zendesk-webhook-signature-timestamp"));
}
