//! Freshdesk, as its documents describe it.

use counterpart_emulators::{Fault, FaultSwitch, NewUser, Options, User};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json as answered, query, send};

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.basic_auth(lab.credential("api_key"), Some("X"))
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    answered(signed(lab, lab.get(path))).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = signed(lab, lab.post(path)).header("content-type", "application/json");
    answered(request.body(body.to_string())).await
}

async fn lab() -> Lab {
    Lab::of("freshdesk", Options::default()).await
}

/// Rows over all pages by the page's number, at most twenty pages.
async fn everybody(lab: &Lab, more: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for page in 1..=20 {
        let path = format!("/api/v2/agents?per_page=20&page={page}{more}");
        let response = send(signed(lab, lab.get(&path))).await;
        let goes_on = response.headers().contains_key("link");
        let body: Value =
            serde_json::from_str(&response.text().await.expect("text")).expect("JSON");
        rows.extend(body.as_array().expect("agents").iter().cloned());
        if !goes_on {
            break;
        }
    }
    rows
}

#[tokio::test]
async fn only_the_list_of_availability_says_who_is_switched_off() {
    let lab = lab().await;
    let users = lab.emulator.control().users();
    let plain = everybody(&lab, "").await;
    assert_eq!(plain.len(), users.len());
    assert!(plain.iter().all(|agent| agent.get("deactivated").is_none()));
    let availability = everybody(&lab, "&only=availability").await;
    let off = availability
        .iter()
        .filter(|agent| agent["deactivated"] == true)
        .count();
    assert_eq!(off, users.iter().filter(|user| !user.is_active()).count());
}

#[tokio::test]
async fn a_deleted_agent_is_a_contact_under_the_same_id() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let agent = control
        .add_user(NewUser::person("Dan", "Done", "dan@example.com"))
        .expect("added");
    control.delete(&agent.id).expect("there");
    assert_eq!(
        get(&lab, &format!("/api/v2/agents/{}", agent.id)).await,
        (404, Value::Null)
    );
    let (status, body) = get(&lab, &format!("/api/v2/contacts/{}", agent.id)).await;
    assert_eq!((status, &body["name"]), (200, &json!("Dan Done")));
}

#[tokio::test]
async fn what_is_not_known_is_refused_by_name() {
    let lab = lab().await;
    let (status, body) = get(&lab, "/api/v2/agents?per_page=101").await;
    assert_eq!(
        (status, &body["errors"][0]["field"]),
        (400, &json!("per_page"))
    );
    let (_, body) = get(&lab, "/api/v2/agents?nonsense=1").await;
    assert_eq!(body["errors"][0]["code"], "invalid_field");
    let (_, body) = post(&lab, "/api/v2/contacts", &json!({ "name": 5, "mail": "x" })).await;
    let mut codes: Vec<&str> = body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|error| error["code"].as_str())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["datatype_mismatch", "invalid_field"]);
    let form = signed(&lab, lab.post("/api/v2/contacts")).body("name=x");
    assert_eq!(answered(form).await.0, 415);
    assert_eq!(
        answered(lab.get("/api/v2/agents/me")).await.1["code"],
        "invalid_credentials"
    );
    assert_eq!(post(&lab, "/api/v2/agents", &json!({})).await.0, 405);
    assert_eq!(get(&lab, "/api/v2/nothing").await, (404, Value::Null));
}

#[tokio::test]
async fn contacts_are_found_by_the_very_text_of_a_number() {
    let lab = lab().await;
    let contact = lab.emulator.control().contacts().remove(0);
    let phone = contact.phone.expect("a number");
    let (_, body) = get(
        &lab,
        &format!("/api/v2/contacts{}", query(&[("phone", &phone)])),
    )
    .await;
    assert_eq!(body[0]["id"].to_string(), contact.id);
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let (_, body) = get(&lab, &format!("/api/v2/contacts?phone={digits}")).await;
    assert_eq!(body, json!([]));
    let wanted = format!("\"phone:'{phone}' OR mobile:'{phone}'\"");
    let (_, body) = get(
        &lab,
        &format!("/api/v2/search/contacts{}", query(&[("query", &wanted)])),
    )
    .await;
    assert_eq!(
        (&body["total"], body["results"][0]["id"].to_string()),
        (&json!(1), contact.id)
    );
    assert_eq!(
        get(&lab, "/api/v2/search/contacts?query=phone:5").await.0,
        400,
        "not quoted"
    );
}

#[tokio::test]
async fn contacts_changed_since_a_time_are_listed_and_addresses_are_unique() {
    let lab = lab().await;
    let control = lab.emulator.control();
    control.advance_clock(3_600);
    let since = control.now().to_string();
    let new =
        json!({ "name": "Cara Caller", "email": "cara@x.example", "unique_external_id": "c-1" });
    let (status, made) = post(&lab, "/api/v2/contacts", &new).await;
    assert_eq!(status, 201, "{made}");
    let (_, changed) = get(
        &lab,
        &format!("/api/v2/contacts{}", query(&[("updated_since", &since)])),
    )
    .await;
    assert_eq!(changed.as_array().map(Vec::len), Some(1));
    let (status, body) = post(&lab, "/api/v2/contacts", &new).await;
    assert_eq!(
        (status, &body["errors"][0]["code"]),
        (409, &json!("duplicate_value"))
    );
    assert_eq!(
        post(&lab, "/api/v2/contacts", &json!({ "name": "Nobody" }))
            .await
            .0,
        400
    );
}

fn call(contact: &str, agent: &Value) -> Value {
    json!({
        "subject": "Call", "description": "<p>Rang</p>", "status": 2, "priority": 1, "source": 3,
        "requester_id": contact.parse::<i64>().ok(), "responder_id": agent, "tags": ["call-7"],
    })
}

#[tokio::test]
async fn a_call_is_a_ticket_with_notes_and_time() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let agent = control
        .users()
        .into_iter()
        .find(User::is_active)
        .expect("an agent");
    let id: Value = json!(agent.id.parse::<i64>().expect("a number"));
    let contact = control.contacts().remove(0).id;
    let (status, ticket) = post(&lab, "/api/v2/tickets", &call(&contact, &id)).await;
    assert_eq!((status, &ticket["responder_id"]), (201, &id));
    let base = format!("/api/v2/tickets/{}", ticket["id"]);
    let note = json!({ "body": "<b>said</b> hello", "user_id": id });
    let (status, note) = post(&lab, &format!("{base}/notes"), &note).await;
    assert_eq!(
        (status, &note["private"], &note["body_text"]),
        (201, &json!(true), &json!("said hello"))
    );
    let time = json!({ "agent_id": id, "time_spent": "00:05", "timer_running": false });
    assert_eq!(
        post(&lab, &format!("{base}/time_entries"), &time).await.0,
        201
    );
    let wrong = json!({ "timer_running": false, "start_time": "2026-01-01T00:00:00Z" });
    let (_, body) = post(&lab, &format!("{base}/time_entries"), &wrong).await;
    assert_eq!(body["errors"][0]["code"], "incompatible_field");
    let (_, found) = get(
        &lab,
        &format!(
            "/api/v2/search/tickets{}",
            query(&[("query", "\"tag:'call-7'\"")])
        ),
    )
    .await;
    assert_eq!(found["total"], 1);
    let (_, whole) = get(&lab, &format!("{base}?include=conversations,requester")).await;
    assert_eq!(whole["conversations"][0]["user_id"], id);
    assert_eq!(whole["requester"]["id"].to_string(), contact);
}

#[tokio::test]
async fn an_unknown_owner_is_refused_and_one_switched_off_is_nobody() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let gone = control
        .users()
        .into_iter()
        .find(|user| !user.is_active())
        .expect("a leaver");
    let contact = control.contacts().remove(0).id;
    let (status, body) = post(&lab, "/api/v2/tickets", &call(&contact, &json!(4))).await;
    assert_eq!(
        (status, &body["errors"][0]["field"]),
        (400, &json!("responder_id"))
    );
    let id = json!(gone.id.parse::<i64>().expect("a number"));
    let (status, ticket) = post(&lab, "/api/v2/tickets", &call(&contact, &id)).await;
    assert_eq!((status, &ticket["responder_id"]), (201, &Value::Null));
    assert_eq!(control.records()[0].owner, None);
    let (_, body) = post(&lab, "/api/v2/tickets", &json!({ "subject": "x" })).await;
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(4), "{body}");
}

#[tokio::test]
async fn faults_of_a_list_do_to_pages_what_they_say() {
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
        assert_eq!(everybody(&lab, "").await.len(), rows, "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a switch");
    let (status, body) = get(&lab, "/api/v2/agents").await;
    assert_eq!((status, &body["code"]), (403, &json!("access_denied")));
    let response = send(signed(&lab, lab.get("/api/v2/agents/me"))).await;
    assert_eq!(response.headers()["x-ratelimit-total"], "700");
}
