//! Finding customers in the products built on the CRM's record API, and being told of changes.

use std::collections::HashSet;

use counterpart_emulators::{ContactKind, Happening, NewContact, Options};
use serde_json::{Value, json};

use crate::client::{json, query, send};
use crate::zoho::Scene;

#[tokio::test]
async fn customers_are_found_by_phone_mail_word_and_criteria() {
    for (name, base, module) in [
        ("zoho-crm", "/crm/v8", "Contacts"),
        ("zoho-crm", "/crm/v8", "Leads"),
        ("zoho-bigin", "/bigin/v2", "Contacts"),
        ("zoho-recruit", "/recruit/v2", "Candidates"),
    ] {
        let scene = Scene::of(name).await;
        let kind = if ["Leads", "Candidates"].contains(&module) {
            ContactKind::Lead
        } else {
            ContactKind::Contact
        };
        let all = scene.lab.emulator.control().contacts();
        let who = all.iter().find(|one| one.kind == kind).expect("somebody");
        let phone = who.phone.clone().expect("a number");
        let escaped = phone.replace('(', "\\(").replace(')', "\\)");
        for (by, value) in [
            ("phone", phone.clone()),
            (
                "email",
                who.email.clone().expect("an address").to_uppercase(),
            ),
            ("word", who.family.clone()),
            (
                "criteria",
                format!("((Phone:equals:{escaped})or(Mobile:equals:1))"),
            ),
        ] {
            let path = format!("{base}/{module}/search{}", query(&[(by, &value)]));
            let (status, body) = scene.get(&path).await;
            assert_eq!(status, 200, "{path}: {body}");
            let found = body["data"].as_array().expect("records");
            let found = found.iter().find(|one| one["id"] == who.id.as_str());
            let found = found.expect("is among them");
            assert_eq!(found["Owner"]["id"].as_str(), who.owner.as_deref());
        }
        let nobody = format!("{base}/{module}/search?phone=%2B99999999999");
        assert_eq!(scene.get(&nobody).await, (204, Value::Null));
        let (status, body) = scene.get(&format!("{base}/{module}/search")).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("EXPECTED_PARAM_MISSING"))
        );
    }
}

#[tokio::test]
async fn a_list_demands_its_fields_and_goes_on_by_token() {
    let options = Options {
        contacts: 2_700,
        ..Options::default()
    };
    let scene = Scene::with("zoho-crm", options, None).await;
    let (status, body) = scene.get("/crm/v8/Contacts").await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("REQUIRED_PARAM_MISSING"))
    );
    assert_eq!(scene.get("/crm/v2/Contacts").await.0, 200);
    let list = "/crm/v8/Contacts?fields=Last_Name,Phone&sort_by=Modified_Time&sort_order=asc";
    let (status, body) = scene.get(&format!("{list}&page=11")).await;
    assert_eq!(status, 400);
    assert_eq!(body["code"], "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
    let mut ids = HashSet::new();
    let mut path = list.to_owned();
    loop {
        let (status, body) = scene.get(&path).await;
        assert_eq!(status, 200);
        for record in body["data"].as_array().expect("records") {
            assert!(record["Phone"].is_string() && record.get("Email").is_none());
            assert!(ids.insert(record["id"].as_str().expect("text").to_owned()));
        }
        let Some(token) = body["info"]["next_page_token"].as_str() else {
            break;
        };
        path = format!("{list}&page_token={token}");
    }
    let control = scene.lab.emulator.control();
    let contacts = control.contacts();
    let contacts = contacts
        .iter()
        .filter(|one| one.kind == ContactKind::Contact);
    assert_eq!(ids.len(), contacts.count());
    control.advance_clock(25 * 3_600);
    let fresh = scene.another().await;
    let expired = scene.lab.get(&path).header("Authorization", fresh);
    let (status, body) = json(expired).await;
    assert_eq!((status, &body["code"]), (400, &json!("EXPIRED_VALUE")));
}

#[tokio::test]
async fn only_what_changed_since_is_listed() {
    let scene = Scene::of("zoho-crm").await;
    let control = scene.lab.emulator.control();
    let since = control.now().to_string();
    let path = "/crm/v8/Contacts?fields=Last_Name";
    let ask = || {
        let request = scene.lab.get(path).header("If-Modified-Since", &since);
        scene.signed(request)
    };
    assert_eq!(send(ask()).await.status(), 304);
    control.advance_clock(5);
    let new = NewContact {
        family: "Newcomer".to_owned(),
        ..NewContact::default()
    };
    let added = control.add_contact(new);
    let (_, body) = json(ask()).await;
    assert_eq!(body["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["data"][0]["id"], added.id.as_str());
}

#[tokio::test]
async fn a_channel_lasts_a_day_at_most_and_an_hour_otherwise() {
    let scene = Scene::of("zoho-crm").await;
    let now = scene.lab.emulator.control().now();
    let channel = |expiry: &str| {
        json!({ "watch": [{ "channel_id": "1000000068001", "events": ["Contacts.all"],
            "token": "t0ken", "notify_url": "https://counterpart.example/hook",
            "channel_expiry": expiry }] })
    };
    let hours = |number: i64| {
        let span = jiff::SignedDuration::from_hours(number);
        now.checked_add(span).expect("a time").to_string()
    };
    for (asked, lasts) in [(2, 2), (40, 1)] {
        let (status, body) = scene
            .send("POST", "/crm/v8/actions/watch", &channel(&hours(asked)))
            .await;
        assert_eq!(status, 201, "{body}");
        let until = body["watch"][0]["details"]["events"][0]["channel_expiry"].as_str();
        let until: jiff::Timestamp = until.expect("a time").parse().expect("a time");
        assert!((until.as_second() - now.as_second() - lasts * 3_600).abs() < 60);
    }
    let mut users = channel(&hours(1));
    users["watch"][0]["events"] = json!(["Users.all"]);
    let (status, _) = scene.send("POST", "/crm/v8/actions/watch", &users).await;
    assert_eq!(status, 400, "changes of users are not told");
    let (_, body) = scene.get("/crm/v8/actions/watch").await;
    assert_eq!(body["watch"].as_array().map(Vec::len), Some(1));
    let delete = "/crm/v8/actions/watch?channel_ids=1000000068001";
    assert_eq!(scene.send("DELETE", delete, &Value::Null).await.0, 200);
    assert_eq!(scene.get("/crm/v8/actions/watch").await.0, 204);
}

#[tokio::test]
async fn a_callback_brings_the_token_back_and_names_the_contact() {
    let scene = Scene::of("zoho-crm").await;
    let control = scene.lab.emulator.control();
    let id = control.contacts()[0].id.clone();
    let url = "https://counterpart.example/hook?way=2";
    let hook = control
        .webhook(&Happening::ContactChanged(id.clone()), url, "t0ken")
        .expect("contacts are told of");
    let body: Value = serde_json::from_slice(&hook.body).expect("JSON");
    assert_eq!(
        (&body["token"], &body["ids"]),
        (&json!("t0ken"), &json!([id]))
    );
    assert_eq!(
        (&body["query_params"]["way"], &body["module"]),
        (&json!("2"), &json!("Contacts"))
    );
    let user = control.users()[0].id.clone();
    assert!(
        control
            .webhook(&Happening::UserChanged(user), url, "t0ken")
            .is_err()
    );
}

#[tokio::test]
async fn a_telephone_maps_its_users_and_tells_of_their_calls() {
    let scope = Some("PhoneBridge.call.log,ZohoCRM.users.READ");
    let scene = Scene::with("zoho-crm", Options::default(), scope).await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let body = query(fields).trim_start_matches('?').to_owned();
        let request = scene.lab.post(&format!("/phonebridge/v3/{path}"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        json(scene.signed(request).body(body)).await
    };
    assert_eq!(post("integrate", &[]).await.0, 200);
    let (_, body) = scene.get("/phonebridge/v3/users?perPage=5").await;
    let zuid = body["users"][0]["zohouser"]
        .as_str()
        .expect("an account")
        .to_owned();
    let dial = [
        ("clicktodialuri", "https://pbx.example/dial"),
        ("zohouser", &zuid),
    ];
    assert_eq!(post("clicktodial", &dial).await.0, 200);
    let (status, body) = post(
        "clicktodial",
        &[
            ("clicktodialuri", "https://pbx.example/"),
            ("zohouser", "1"),
        ],
    )
    .await;
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_USER")));
    let mut call = vec![
        ("type", "received"),
        ("state", "ringing"),
        ("id", "c-1"),
        ("from", "+441134960505"),
        ("to", "+442079460500"),
        ("zohouser", zuid.as_str()),
    ];
    assert_eq!(post("callnotify", &call).await.0, 200);
    call[1] = ("state", "ended");
    call.push(("start_time", "2026-01-20 05:00:00"));
    let (status, body) = post("callnotify", &call).await;
    assert_eq!(
        (status, &body["details"]["param"]),
        (400, &json!("duration"))
    );
    call.push(("duration", "125"));
    assert_eq!(post("callnotify", &call).await.0, 200);
    let records = scene.lab.emulator.control().records();
    let told = records
        .iter()
        .filter(|record| record.kind == "phonebridge/callnotify");
    assert!(told.clone().count() == 2 && told.into_iter().all(|record| record.owner.is_some()));
}
