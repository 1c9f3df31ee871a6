//! Insightly as its clients meet it.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{Fault, FaultSwitch, NewUser, Options, Quota, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab(options: Options) -> Lab {
    Lab::of("insightly", options).await
}

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.basic_auth(lab.credential("api_key"), Some(""))
}

async fn get(lab: &Lab, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/v3.1/{path}{}", query(pairs));
    json(signed(lab, lab.get(&path))).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = lab.post(&format!("/v3.1/{path}"));
    let request = request.header("content-type", "application/json");
    json(signed(lab, request).body(body.to_string())).await
}

fn rows(body: &Value) -> &[Value] {
    body.as_array().map_or(&[], Vec::as_slice)
}

#[tokio::test]
async fn every_user_comes_once_until_a_page_is_empty() {
    let lab = lab(Options::default()).await;
    let (mut ids, mut skip) = (HashSet::new(), 0);
    loop {
        let (_, body) = get(&lab, "Users", &[("top", "25"), ("skip", &skip.to_string())]).await;
        if rows(&body).is_empty() {
            break;
        }
        skip += rows(&body).len();
        ids.extend(
            rows(&body)
                .iter()
                .map(|user| user["USER_ID"].as_u64().expect("a number")),
        );
    }
    assert_eq!(
        (ids.len(), skip),
        (skip, lab.emulator.control().users().len())
    );
}

#[tokio::test]
async fn the_number_of_rows_is_told_on_wish_and_pages_are_cut_at_500() {
    let lab = lab(Options {
        people: 600,
        ..Options::default()
    })
    .await;
    let path = "/v3.1/users?top=5000&count_total=true";
    let answer = send(signed(&lab, lab.get(path))).await;
    let total = answer.headers()["x-total-count"]
        .to_str()
        .expect("text")
        .to_owned();
    assert_eq!(total, lab.emulator.control().users().len().to_string());
    assert_eq!(answer.headers()["x-ratelimit-limit"], "60000");
    let body: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
    assert_eq!(rows(&body).len(), 500);
    let bare = send(signed(&lab, lab.get("/v3.1/Users"))).await;
    assert!(!bare.headers().contains_key("x-total-count"));
}

#[tokio::test]
async fn the_key_is_taken_with_and_without_the_colon() {
    let lab = lab(Options::default()).await;
    let key = lab.credential("api_key");
    for (text, status) in [
        (format!("{key}:"), 200),
        (key, 200),
        ("wrong:".to_owned(), 401),
    ] {
        let header = format!("Basic {}", STANDARD.encode(text));
        let answer = send(lab.get("/v3.1/Users/Me").header("authorization", header)).await;
        assert_eq!(answer.status().as_u16(), status);
        let body = answer.bytes().await.expect("a body");
        assert_eq!(body.is_empty(), status == 401, "a refusal has no body");
    }
}

#[tokio::test]
async fn users_are_searched_by_change_and_by_one_field() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let since = control.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    control.advance_clock(60);
    let new = control.add_user(NewUser::person("Nia", "Newcomer", "nia@example.com"));
    let id: u64 = new.expect("a user").id.parse().expect("a number");
    let (_, body) = get(&lab, "Users/Search", &[("updated_after_utc", &since)]).await;
    assert_eq!((rows(&body).len(), &body[0]["USER_ID"]), (1, &json!(id)));
    let pairs = [
        ("field_name", "EMAIL_ADDRESS"),
        ("field_value", "NIA@example.com"),
    ];
    let (_, body) = get(&lab, "Users/Search", &pairs).await;
    assert_eq!(body[0]["LAST_NAME"], "Newcomer");
    for pairs in [
        vec![],
        vec![("updated_after_utc", "yesterday")],
        vec![("field_name", "SHOE_SIZE"), ("field_value", "44")],
    ] {
        let (status, body) = get(&lab, "Users/Search", &pairs).await;
        assert!(status == 400 && body["Message"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn inactive_users_are_listed_as_such_and_the_own_one_is_me() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let (_, body) = get(&lab, "Users", &[("top", "500")]).await;
    let inactive = rows(&body)
        .iter()
        .filter(|user| user["ACTIVE"] == false)
        .count();
    assert_eq!(
        inactive,
        users.iter().filter(|user| !user.is_active()).count()
    );
    let own = users
        .iter()
        .find(|user| user.kind == UserKind::Connecting)
        .expect("the own user");
    let (_, me) = get(&lab, "Users/Me", &[]).await;
    assert_eq!(me["USER_ID"].to_string(), own.id);
    let (_, instance) = get(&lab, "Instance", &[]).await;
    assert!(instance["INSTANCE_SUBDOMAIN"].is_string());
    let (_, rights) = get(&lab, "Permissions", &[]).await;
    assert!(rights["OBJECT_PERMISSIONS"].as_array().is_some_and(|all| {
        all.iter()
            .any(|one| one["OBJECT_TYPE"] == "Contact" && one["CAN_READ"] == true)
    }));
    assert_eq!(get(&lab, "Users/1", &[]).await, (404, Value::Null));
}

#[tokio::test]
async fn a_number_is_found_exactly_as_it_is_kept_and_in_the_field_that_is_named() {
    let lab = lab(Options::default()).await;
    let contacts = lab.emulator.control().contacts();
    let contact = contacts
        .iter()
        .find(|one| one.mobile.is_some())
        .expect("a mobile");
    let mobile = contact.mobile.as_deref().expect("a mobile");
    let other = format!("{mobile} ");
    for (field, value, found) in [
        ("PHONE_MOBILE", mobile, 1),
        ("PHONE", mobile, 0),
        ("PHONE_MOBILE", other.as_str(), 0),
    ] {
        let pairs = [("field_name", field), ("field_value", value)];
        let (_, body) = get(&lab, "Contacts/Search", &pairs).await;
        assert_eq!(rows(&body).len(), found, "{field} {value:?}");
    }
    let lead = contacts
        .iter()
        .find(|one| one.id.starts_with("88"))
        .expect("a lead");
    let pairs = [
        ("field_name", "EMAIL"),
        ("field_value", lead.email.as_deref().expect("one")),
    ];
    let (_, body) = get(&lab, "Leads/Search", &pairs).await;
    assert_eq!(body[0]["LEAD_ID"].to_string(), lead.id);
    let (_, brief) = get(&lab, "Contacts", &[("brief", "true")]).await;
    assert!(brief[0].get("CUSTOMFIELDS").is_none());
}

#[tokio::test]
async fn an_event_is_its_owners_and_is_found_by_a_custom_field() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let users = control.users();
    let agent = users
        .iter()
        .find(|user| user.kind == UserKind::Person && user.is_active());
    let agent: u64 = agent.expect("an agent").id.parse().expect("a number");
    let contact: u64 = control.contacts()[0].id.parse().expect("a number");
    let good = json!({
        "TITLE": "Call with a customer", "START_DATE_UTC": "2026-11-22T10:00:00Z",
        "END_DATE_UTC": "2026-11-22 10:03:00", "OWNER_USER_ID": agent, "SHOE_SIZE": 44,
        "LINKS": [{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": contact }],
        "CUSTOMFIELDS": [{ "FIELD_NAME": "COUNTERPART_KEY__c", "FIELD_VALUE": "cp-7f3a" }],
    });
    for (field, value, part) in [
        ("TITLE", Value::Null, "TITLE"),
        ("END_DATE_UTC", json!("later"), "END_DATE_UTC"),
        ("OWNER_USER_ID", json!(1), "OWNER_USER_ID"),
        (
            "LINKS",
            json!([{ "LINK_OBJECT_NAME": "Contact", "LINK_OBJECT_ID": 1 }]),
            "link",
        ),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let (status, answer) = post(&lab, "Events", &bad).await;
        let message = answer["Message"].as_str().expect("a message");
        assert!(status == 400 && message.contains(part), "{answer}");
    }
    let (status, event) = post(&lab, "Events", &good).await;
    assert_eq!(status, 201, "{event}");
    assert_eq!(event["START_DATE_UTC"], "2026-11-22 10:00:00");
    assert!(
        event.get("SHOE_SIZE").is_none(),
        "unknown members are ignored"
    );
    let pairs = [
        ("field_name", "COUNTERPART_KEY__c"),
        ("field_value", "cp-7f3a"),
    ];
    let (_, found) = get(&lab, "Events/Search", &pairs).await;
    assert_eq!(found[0]["EVENT_ID"], event["EVENT_ID"]);
    let change = json!({ "EVENT_ID": event["EVENT_ID"], "DETAILS": "3 min" });
    let request = lab
        .http
        .put(lab.url("/v3.1/Events"))
        .header("content-type", "application/json");
    let (_, changed) = json(signed(&lab, request).body(change.to_string())).await;
    assert_eq!(
        (&changed["DETAILS"], &changed["TITLE"]),
        (&json!("3 min"), &event["TITLE"])
    );
    assert_eq!(
        control.records()[0].owner.as_deref(),
        Some(agent.to_string().as_str())
    );
}

#[tokio::test]
async fn notes_hang_on_contacts_and_tasks_know_their_states() {
    let lab = lab(Options::default()).await;
    let contact = lab.emulator.control().contacts()[0].id.clone();
    let path = format!("Contacts/{contact}/Notes");
    let (status, note) = post(&lab, &path, &json!({ "TITLE": "Call", "BODY": "3 min" })).await;
    assert_eq!(
        (status, note["LINKS"][0]["LINK_OBJECT_ID"].to_string()),
        (201, contact)
    );
    let (_, notes) = get(&lab, &path, &[]).await;
    assert_eq!(notes[0]["NOTE_ID"], note["NOTE_ID"]);
    assert_eq!(
        post(&lab, "Contacts/1/Notes", &json!({ "TITLE": "x" }))
            .await
            .0,
        404
    );
    let (_, task) = post(
        &lab,
        "Tasks",
        &json!({ "TITLE": "Call", "STATUS": "Completed" }),
    )
    .await;
    assert_eq!(
        (&task["STATUS"], &task["COMPLETED"]),
        (&json!("COMPLETED"), &json!(true))
    );
    let bad = json!({ "TITLE": "Call", "STATUS": "Done" });
    assert_eq!(post(&lab, "Tasks", &bad).await.0, 400);
}

#[tokio::test]
async fn a_spent_day_and_a_truncated_list_show() {
    let lab = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let control = lab.emulator.control();
    control
        .inject(FaultSwitch::lasting(Fault::TruncatedList).from_page(2))
        .expect("a switch");
    let (mut came, mut total) = (0, String::new());
    loop {
        let path = format!("/v3.1/Users?count_total=true&skip={came}");
        let answer = send(signed(&lab, lab.get(&path))).await;
        answer.headers()["x-total-count"]
            .to_str()
            .expect("text")
            .clone_into(&mut total);
        let body: Value =
            serde_json::from_slice(&answer.bytes().await.expect("one")).expect("JSON");
        if rows(&body).is_empty() {
            break;
        }
        came += rows(&body).len();
    }
    assert!(
        came < total.parse().expect("a number"),
        "{came} of {total} came"
    );
    control.set_quota(Quota {
        limit: 10,
        used: 10,
    });
    let (status, body) = get(&lab, "Users", &[]).await;
    assert!(status == 429 && body["Message"].is_string());
}

#[tokio::test]
async fn faults_of_a_list_change_it_as_they_say() {
    let lab = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let control = lab.emulator.control();
    let page = async |fault: Fault, skip: &str| {
        control.clear_faults();
        let switch = FaultSwitch::lasting(fault);
        control.inject(switch).expect("a switch");
        get(&lab, "Users", &[("skip", skip)]).await
    };
    assert_eq!(rows(&page(Fault::EmptyList, "0").await.1).len(), 0);
    assert_eq!(rows(&page(Fault::ShortPages, "0").await.1).len(), 10);
    assert!(page(Fault::IdType, "0").await.1[0]["USER_ID"].is_string());
    let (_, again) = page(Fault::RepeatedCursor, "40").await;
    assert_eq!(again[0]["USER_ID"].to_string(), control.users()[0].id);
    assert_eq!(
        page(Fault::MissingPermission, "0").await,
        (403, Value::Null)
    );
    let refused = control.inject(FaultSwitch::lasting(Fault::ExpireToken));
    assert!(refused.is_err(), "it has no tokens");
}
