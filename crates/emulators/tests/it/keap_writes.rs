//! What clients of Keap write, and what Keap tells them.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch, Happening, Options, UserKind};
use serde_json::{Value, json};

use crate::client::{json, send};
use crate::keap::{get, lab, send_json, signed};

#[tokio::test]
async fn a_note_is_its_users_and_is_found_by_its_title() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let users = control.users();
    let agent = users
        .iter()
        .find(|user| user.kind == UserKind::Person && user.is_active());
    let agent = agent.expect("an agent");
    let contact = control.contacts()[0].id.clone();
    let path = format!("v2/contacts/{contact}/notes");
    let good =
        json!({ "user_id": agent.id, "type": "Call", "title": "Call cp-7f3a", "text": "3 min" });
    for (body, part) in [
        (json!({ "type": "Call" }), "user_id"),
        (json!({ "user_id": agent.id }), "title"),
        (json!({ "user_id": "999999", "type": "Call" }), "valid user"),
        (json!({ "user_id": agent.id, "type": "Telegram" }), "type"),
    ] {
        let (status, answer) = send_json(&lab, "POST", &path, &body).await;
        let message = answer["message"].as_str().expect("a message");
        assert!(status == 400 && message.contains(part), "{answer}");
    }
    assert_eq!(
        send_json(&lab, "POST", "v2/contacts/1/notes", &good)
            .await
            .0,
        404
    );
    let (status, note) = send_json(&lab, "POST", &path, &good).await;
    assert_eq!(status, 201, "{note}");
    assert_eq!(note["assigned_to_user"]["id"], json!(agent.id));
    let (_, found) = get(&lab, "notes", &[("filter", "title==cp-7f3a")]).await;
    assert_eq!(found["notes"][0]["id"], note["id"]);
    let one = format!(
        "v2/contacts/{contact}/notes/{}",
        note["id"].as_str().expect("text")
    );
    let masked = format!("{one}?update_mask=text");
    let change = json!({ "text": "4 min", "title": "not to be taken" });
    let (_, changed) = send_json(&lab, "PATCH", &masked, &change).await;
    assert_eq!(
        (&changed["text"], &changed["title"]),
        (&json!("4 min"), &note["title"])
    );
    assert_eq!(control.records()[0].owner.as_ref(), Some(&agent.id));
    assert_eq!(send_json(&lab, "DELETE", &one, &json!({})).await.0, 204);
    assert!(control.records().is_empty());
}

#[tokio::test]
async fn a_task_needs_whom_it_is_assigned_to() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let id = &users[0].id;
    let (status, _) = send_json(&lab, "POST", "v2/tasks", &json!({ "title": "Call back" })).await;
    assert_eq!(status, 400);
    let body = json!({
        "title": "Call back", "assigned_to_user_id": id, "priority": "ESSENTIAL",
        "remind_time_mins": 15, "due_time": "2026-12-01T10:00:00Z",
    });
    let (status, task) = send_json(&lab, "POST", "v2/tasks", &body).await;
    assert_eq!((status, &task["completed"]), (201, &json!(false)));
    let path = format!("v2/tasks/{}", task["id"].as_str().expect("text"));
    let (_, task) = send_json(&lab, "PATCH", &path, &json!({ "completed": true })).await;
    assert!(task["completion_time"].is_string());
    let filter = format!("user_id=={id};is_completed==true");
    let (_, body) = get(&lab, "tasks", &[("filter", &filter)]).await;
    assert_eq!(body["tasks"][0]["title"], "Call back");
    let bad = json!({ "assigned_to_user_id": id, "remind_time_mins": 7 });
    assert_eq!(send_json(&lab, "POST", "v2/tasks", &bad).await.0, 400);
}

#[tokio::test]
async fn duplicate_option_makes_a_create_an_upsert() {
    let lab = lab(Options::default()).await;
    let body = json!({
        "given_name": "Nia", "family_name": "Newcomer",
        "email_addresses": [{ "email": "nia@newcomer.example", "field": "EMAIL1" }],
    });
    let path = "v2/contacts?duplicate_option=Email";
    let (status, first) = send_json(&lab, "POST", path, &body).await;
    assert_eq!(status, 201);
    let (status, second) = send_json(&lab, "POST", path, &body).await;
    assert_eq!((status, &second["id"]), (200, &first["id"]));
    assert_eq!(send_json(&lab, "POST", "v2/contacts", &body).await.0, 201);
    let (status, _) = send_json(&lab, "POST", "v2/contacts", &json!({ "given_name": "X" })).await;
    assert_eq!(status, 400, "nothing to reach them by");
    let path = format!("v2/contacts/{}", first["id"].as_str().expect("text"));
    let numbers = json!({ "phone_numbers": [{ "number": "020 7946 0999", "field": "PHONE2" }] });
    send_json(&lab, "PATCH", &path, &numbers).await;
    let nia = || {
        let contacts = lab.emulator.control().contacts().into_iter();
        let mut found = contacts.filter(|contact| contact.given == "Nia");
        found.next().expect("her")
    };
    assert_eq!(nia().mobile.as_deref(), Some("020 7946 0999"));
    assert!(nia().email.is_some(), "what is not given stays");
    send_json(&lab, "PATCH", &path, &json!({ "phone_numbers": [] })).await;
    assert_eq!(nia().mobile, None, "an empty list empties");
}

#[tokio::test]
async fn a_hook_is_verified_before_it_delivers() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let url = "https://connect.example/hooks/keap";
    let body = json!({ "eventKey": "contact.edit", "hookUrl": url });
    let (status, hook) = send_json(&lab, "POST", "v1/hooks", &body).await;
    assert_eq!((status, &hook["status"]), (201, &json!("Unverified")));
    let what = Happening::ContactChanged(control.contacts()[0].id.clone());
    let verification = control.webhook(&what, url, "").expect("a verification");
    let secret = verification
        .headers
        .iter()
        .find(|(name, _)| name == "x-hook-secret");
    let secret = &secret.expect("a secret").1;
    let key = hook["key"].as_str().expect("text");
    let request = lab.post(&format!("/crm/rest/v1/hooks/{key}/delayedVerify"));
    let request = request.header("X-Hook-Secret", secret);
    let (_, hook) = json(signed(&lab, request)).await;
    assert_eq!(hook["status"], "Verified");
    let delivery = control.webhook(&what, url, "").expect("a delivery");
    let body: Value = serde_json::from_slice(&delivery.body).expect("JSON");
    assert_eq!(body["event_key"], "contact.edit");
    assert!(body["object_keys"][0]["id"].is_u64());
    let users = Happening::UserChanged(control.users()[0].id.clone());
    assert!(
        control.webhook(&users, url, "").is_err(),
        "it tells nobody of users"
    );
}

#[tokio::test]
async fn a_write_whose_answer_breaks_off_has_happened() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let contact = control.contacts()[0].id.clone();
    let user = control.users()[0].id.clone();
    let switch = FaultSwitch::next(1, Fault::BreakOff).on(FaultPlace::Write);
    control.inject(switch).expect("a switch");
    let body = json!({ "user_id": user, "type": "Call", "title": "Call cp-1" });
    let request = lab.post(&format!("/crm/rest/v2/contacts/{contact}/notes"));
    let request = request
        .header("content-type", "application/json")
        .body(body.to_string());
    let answer = send(signed(&lab, request)).await;
    assert!(answer.bytes().await.is_err(), "the answer is lost");
    assert_eq!(control.records().len(), 1);
}
