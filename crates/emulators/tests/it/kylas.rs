//! Kylas as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Fault, FaultSwitch, Happening, Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab(options: Options) -> Lab {
    Lab::of("kylas", options).await
}

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.header("api-key", lab.credential("api_key"))
}

async fn get(lab: &Lab, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/v1/{path}{}", query(pairs));
    json(signed(lab, lab.get(&path))).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = lab.post(&format!("/v1/{path}"));
    let request = request.header("content-type", "application/json");
    json(signed(lab, request).body(body.to_string())).await
}

fn rule(field: &str, kind: &str, operator: &str, value: &Value) -> Value {
    let rule = json!({
        "id": field, "field": field, "type": kind, "input": "text", "operator": operator, "value": value,
    });
    json!({
        "fields": ["id", "phoneNumbers", "ownerId"],
        "jsonRule": { "condition": "AND", "valid": true, "rules": [rule] },
    })
}

#[tokio::test]
async fn all_three_lists_of_users_bring_everybody() {
    let lab = lab(Options::default()).await;
    let everybody = lab.emulator.control().users().len();
    for list in ["users", "users/lookup"] {
        let (mut ids, mut page, mut last) = (HashSet::new(), 0, false);
        while !last {
            let number = page.to_string();
            let (status, body) = get(&lab, list, &[("page", &number), ("size", "50")]).await;
            assert_eq!((status, &body["totalElements"]), (200, &json!(everybody)));
            let content = body["content"].as_array().expect("content");
            ids.extend(
                content
                    .iter()
                    .map(|user| user["id"].as_u64().expect("a number")),
            );
            last = body["last"] == true;
            page += 1;
        }
        assert_eq!(ids.len(), everybody, "{list}");
    }
    let all = rule("email", "string", "contains", &json!("@"));
    let (_, body) = post(&lab, "search/user?size=1000", &all).await;
    assert_eq!(body["size"], 100, "larger pages are lowered");
    assert_eq!(body["totalElements"], json!(everybody));
}

#[tokio::test]
async fn a_user_says_whether_it_is_active_and_who_am_i() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let gone = users
        .iter()
        .find(|user| !user.is_active())
        .expect("somebody left");
    let (_, body) = get(&lab, &format!("users/{}", gone.id), &[]).await;
    assert_eq!(body["active"], false);
    let own = users
        .iter()
        .find(|user| user.kind == UserKind::Connecting)
        .expect("the own user");
    let (_, me) = get(&lab, "users/me", &[]).await;
    assert_eq!(me["id"].to_string(), own.id);
    let phone = users
        .iter()
        .find(|user| user.phone.is_some())
        .expect("a number");
    let (_, body) = get(&lab, &format!("users/{}", phone.id), &[]).await;
    assert_eq!(body["phoneNumbers"][0]["dialCode"], "+44");
    let (_, tenant) = get(&lab, "tenants", &[]).await;
    assert!(tenant["id"].is_u64());
    let (_, found) = get(
        &lab,
        "users/lookup",
        &[("q", &format!("name:{}", own.family))],
    )
    .await;
    assert_eq!(found["content"][0]["id"].to_string(), own.id);
    assert_eq!(get(&lab, "users/1", &[]).await.0, 404);
}

#[tokio::test]
async fn the_token_endpoint_wants_the_client_in_the_header_and_keeps_the_refresh_token() {
    let lab = lab(Options::default()).await;
    let token = lab.credential("refresh_token");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ];
    assert_eq!(lab.post_form("/oauth/token", &fields).await.0, 401);
    let refresh = || {
        lab.post("/oauth/token")
            .basic_auth(
                lab.credential("client_id"),
                Some(lab.credential("client_secret")),
            )
            .header("content-type", "application/x-www-form-urlencoded")
            .body(query(&fields)[1..].to_owned())
    };
    let (status, body) = json(refresh()).await;
    assert_eq!((status, &body["refresh_token"]), (200, &json!(token)));
    let access = body["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(access.split(':').count(), 3, "token, tenant, user");
    let me = || lab.get("/v1/users/me").bearer_auth(&access);
    assert_eq!(json(me()).await.0, 200);
    lab.emulator
        .control()
        .expire_tokens()
        .expect("it has tokens");
    assert_eq!(json(me()).await.0, 401);
    assert_eq!(json(refresh()).await.0, 200);
}

#[tokio::test]
async fn a_number_is_found_by_its_national_part() {
    let lab = lab(Options::default()).await;
    let contacts = lab.emulator.control().contacts();
    let contact = &contacts[0];
    let (_, one) = get(&lab, &format!("contacts/{}", contact.id), &[]).await;
    let national = one["phoneNumbers"][0]["value"].clone();
    let body = rule("phoneNumbers", "string", "equal", &national);
    let (_, found) = post(
        &lab,
        "search/contact?page=0&size=10&sort=updatedAt,desc",
        &body,
    )
    .await;
    assert_eq!(found["content"][0]["id"].to_string(), contact.id);
    assert!(
        found["content"][0].get("firstName").is_none(),
        "only what was asked for"
    );
    let international = json!(format!("+44{}", national.as_str().expect("text")));
    let body = rule("phoneNumbers", "string", "equal", &international);
    assert_eq!(
        post(&lab, "search/contact", &body).await.1["totalElements"],
        0
    );
    let owner: u64 = contact
        .owner
        .as_deref()
        .expect("one")
        .parse()
        .expect("a number");
    let (_, mine) = post(
        &lab,
        "search/contact",
        &rule("ownerId", "long", "equal", &json!(owner)),
    )
    .await;
    assert!(
        mine["totalElements"]
            .as_u64()
            .is_some_and(|number| number > 0)
    );
}

#[tokio::test]
async fn rules_of_the_wrong_type_are_refused() {
    let lab = lab(Options::default()).await;
    for body in [
        json!({}),
        json!({ "jsonRule": { "condition": "AND", "rules": [] } }),
        rule("ownerId", "integer", "equal", &json!(1)),
        rule("shoeSize", "string", "equal", &json!("44")),
        rule("emails", "string", "sounds_like", &json!("x")),
        rule(
            "updatedAt",
            "date",
            "greater",
            &json!("2026-01-01T00:00:00.000Z"),
        ),
    ] {
        let (status, answer) = post(&lab, "search/lead", &body).await;
        assert!(
            status == 400 && answer["errorCode"].is_string(),
            "{body}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_call_belongs_to_whose_key_it_is_whatever_owner_is_named() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let contact: u64 = control.contacts()[0].id.parse().expect("a number");
    let other: u64 = control.users()[0].id.parse().expect("a number");
    let good = json!({
        "outcome": "connected", "callType": "outgoing", "startTime": "2026-11-22T10:00:00.000Z",
        "duration": "180", "phoneNumber": "2079460500", "owner": other,
        "notes": [{ "description": "cp-7f3a" }],
        "relatedTo": { "entity": "contact", "id": contact, "phoneNumber": "2079460500" },
    });
    for field in [
        "outcome",
        "callType",
        "startTime",
        "phoneNumber",
        "relatedTo",
    ] {
        let mut bad = good.clone();
        bad[field] = Value::Null;
        assert_eq!(post(&lab, "call-logs/", &bad).await.0, 400, "{field}");
    }
    let (status, call) = post(&lab, "call-logs/", &good).await;
    assert_eq!(status, 201, "{call}");
    let path = format!("call-logs/{contact}");
    assert_eq!(get(&lab, &path, &[]).await.0, 400);
    let (_, calls) = get(&lab, &path, &[("relatedToType", "contact")]).await;
    assert_eq!(calls["content"][0]["id"], call["id"]);
    assert_ne!(calls["content"][0]["owner"]["id"], json!(other));
    let delete = lab
        .http
        .delete(lab.url(&format!("/v1/call-logs/{}", call["id"])));
    assert_eq!(
        json(signed(&lab, delete)).await.0,
        404,
        "a call cannot be deleted"
    );
}

#[tokio::test]
async fn notes_and_tasks_hang_on_leads() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let lead = json!({ "lastName": "Newcomer", "phoneNumbers": [{ "code": "GB", "value": "2079460999", "primary": true }] });
    let (status, lead) = post(&lab, "leads", &lead).await;
    assert_eq!(
        (status, &lead["phoneNumbers"][0]["dialCode"]),
        (201, &json!("+44"))
    );
    let note = json!({
        "targetEntityType": "LEAD", "targetEntityId": lead["id"], "sourceEntity": { "description": "3 min" },
    });
    assert_eq!(post(&lab, "notes/relation", &note).await.0, 201);
    let user: u64 = control.users()[0].id.parse().expect("a number");
    let task = json!({
        "name": "Call back", "assignedTo": user,
        "relation": [{ "targetEntityType": "LEAD", "targetEntityId": lead["id"] }],
    });
    let (status, made) = post(&lab, "tasks/", &task).await;
    assert_eq!(status, 201);
    let (_, read) = get(&lab, &format!("tasks/{}", made["id"]), &[]).await;
    assert_eq!(read["assignedTo"], json!(user));
    let bad = json!({ "name": "Call back", "assignedTo": 1 });
    assert_eq!(post(&lab, "tasks/", &bad).await.0, 400);
    let patch = json!([{ "op": "add", "path": "/customFieldValues/cfKey", "value": "cp-7f3a" }]);
    let request = lab
        .http
        .patch(lab.url(&format!("/v1/leads/{}", lead["id"])));
    let request = request.header("content-type", "application/json-patch+json");
    let (_, patched) = json(signed(&lab, request).body(patch.to_string())).await;
    assert_eq!(patched["customFieldValues"]["cfKey"], "cp-7f3a");
}

#[tokio::test]
async fn webhooks_are_subscribed_to_and_tell_of_contacts_only() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let url = "https://connect.example/hooks/kylas";
    let body = json!({
        "name": "Counterpart", "requestType": "POST", "url": url, "authenticationType": "NONE",
        "authenticationKey": null, "events": ["CONTACT_UPDATED"], "active": true,
    });
    let (status, hook) = post(&lab, "webhooks/", &body).await;
    assert_eq!(status, 201);
    let contact = control.contacts()[0].id.clone();
    let sent = control
        .webhook(&Happening::ContactChanged(contact), url, "")
        .expect("one");
    let told: Value = serde_json::from_slice(&sent.body).expect("JSON");
    assert_eq!(
        (&told["event"], &told["webhookId"]),
        (&json!("CONTACT_UPDATED"), &hook["id"])
    );
    let user = Happening::UserChanged(control.users()[0].id.clone());
    assert!(control.webhook(&user, url, "").is_err());
    let delete = lab
        .http
        .delete(lab.url(&format!("/v1/webhooks/{}", hook["id"])));
    assert_eq!(send(signed(&lab, delete)).await.status(), 200);
}

#[tokio::test]
async fn a_wrong_key_and_too_many_requests_are_the_gateways() {
    let lab = lab(Options::default()).await;
    let (status, body) = json(lab.get("/v1/users/me").header("api-key", "wrong")).await;
    assert_eq!((status, &body["message"]), (401, &json!("Invalid API key")));
    let control = lab.emulator.control();
    control
        .inject(FaultSwitch::next(
            1,
            Fault::TooManyRequests {
                retry_after_seconds: None,
            },
        ))
        .expect("one");
    let answer = send(signed(&lab, lab.get("/v1/users/me"))).await;
    assert_eq!(
        (
            answer.status().as_u16(),
            &answer.headers()["x-ratelimit-remaining"]
        ),
        (429, &"0".parse().expect("one"))
    );
    assert!(answer.bytes().await.expect("a body").is_empty());
    control
        .inject(FaultSwitch::lasting(Fault::WrongCredentials))
        .expect("a switch");
    assert_eq!(
        get(&lab, "users/me", &[]).await.0,
        401,
        "keys are credentials, too"
    );
}

#[tokio::test]
async fn faults_of_a_list_change_it_as_they_say() {
    let lab = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let control = lab.emulator.control();
    let everybody = control.users().len();
    let page = async |fault: Fault, page: &str| {
        control.clear_faults();
        let switch = FaultSwitch::lasting(fault);
        control.inject(switch).expect("a switch");
        get(&lab, "users", &[("page", page), ("size", "50")]).await
    };
    let rows = |body: &Value| body["content"].as_array().map_or(0, Vec::len);
    let (_, body) = page(Fault::EmptyList, "0").await;
    assert_eq!((rows(&body), &body["last"]), (0, &json!(true)));
    let (_, body) = page(Fault::ShortPages, "0").await;
    assert_eq!((rows(&body), &body["last"]), (10, &json!(false)));
    let (_, body) = page(Fault::TruncatedList, "1").await;
    assert_eq!((rows(&body), &body["last"]), (10, &json!(true)));
    assert_eq!(body["totalElements"], json!(everybody));
    let (_, body) = page(Fault::IdType, "0").await;
    assert!(body["content"][0]["id"].is_string());
    let (_, body) = page(Fault::RepeatedCursor, "2").await;
    let own = control.users()[0].id.clone();
    assert_eq!(
        (body["content"][0]["id"].to_string(), &body["last"]),
        (own, &json!(false))
    );
}
