//! `ConnectWise` PSA as its clients meet it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{Fault, FaultSwitch, Happening, NewUser, Options, UserKind};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Lab, json, query, send};

const API: &str = "/v4_6_release/apis/3.0";

async fn lab(options: Options) -> Lab {
    Lab::of("connectwise-psa", options).await
}

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    let login = format!("northwind+{}", lab.credential("public_key"));
    request
        .basic_auth(login, Some(lab.credential("private_key")))
        .header("clientId", lab.credential("client_id"))
}

async fn get(lab: &Lab, path: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("{API}{path}{}", query(parameters));
    json(signed(lab, lab.get(&path))).await
}

async fn write(lab: &Lab, method: reqwest::Method, path: &str, body: &Value) -> (u16, Value) {
    let request = lab.http.request(method, lab.url(&format!("{API}{path}")));
    let request = signed(lab, request).header("content-type", "application/json");
    json(request.body(body.to_string())).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    write(lab, reqwest::Method::POST, path, body).await
}

/// The address of a `Link` header's relation.
fn link(header: &str, relation: &str) -> Option<String> {
    header.split(", ").find_map(|part| {
        let (address, rest) = part.strip_prefix('<')?.split_once('>')?;
        rest.contains(&format!("\"{relation}\""))
            .then(|| address.to_owned())
    })
}

/// All members over all pages, following `next`.
async fn members(lab: &Lab, forward_only: bool, size: usize) -> (Vec<Value>, usize) {
    let mut next = Some(format!("{API}/system/members?pageSize={size}"));
    let (mut rows, mut pages) = (Vec::new(), 0);
    while let Some(address) = next {
        let mut request = signed(lab, lab.get(&address));
        if forward_only {
            request = request.header("pagination-type", "forward-only");
        }
        let response = send(request).await;
        assert_eq!(response.status(), 200);
        let links = response.headers().get("link").cloned();
        next = links.and_then(|links| link(links.to_str().expect("text"), "next"));
        let body = response.bytes().await.expect("a body");
        let page: Vec<Value> = serde_json::from_slice(&body).expect("an array");
        rows.extend(page);
        pages += 1;
        assert!(pages < 50, "no end");
    }
    (rows, pages)
}

#[tokio::test]
async fn the_company_look_up_leads_to_the_api() {
    let lab = lab(Options::default()).await;
    let (_, info) = json(lab.get("/login/companyinfo/northwind")).await;
    let codebase = info["Codebase"].as_str().expect("a codebase");
    let path = format!("/{codebase}apis/3.0/system/info");
    let (status, info) = json(signed(&lab, lab.get(&path))).await;
    assert_eq!((status, &info["isCloud"]), (200, &json!(true)));
    assert_eq!(json(lab.get("/login/companyinfo/nobody")).await.0, 404);
}

#[tokio::test]
async fn keys_and_client_id_are_both_needed() {
    let lab = lab(Options::default()).await;
    let path = format!("{API}/system/info");
    let keys = |company: &str, private: &str| {
        let login = format!("{company}+{}", lab.credential("public_key"));
        lab.get(&path).basic_auth(login, Some(private.to_owned()))
    };
    let private = lab.credential("private_key");
    let without_client = json(keys("northwind", &private)).await;
    assert_eq!(without_client.0, 401);
    for request in [keys("northwind", "wrong"), keys("other", &private)] {
        let (status, body) = json(request.header("clientId", lab.credential("client_id"))).await;
        assert_eq!(
            (status, &body["message"]),
            (401, &json!("UserNotAuthenticated"))
        );
    }
}

#[tokio::test]
async fn every_member_comes_once_by_both_ways_of_paging() {
    let lab = lab(Options::default()).await;
    let total = lab.emulator.control().users().len();
    for forward_only in [false, true] {
        let (rows, pages) = members(&lab, forward_only, 25).await;
        let mut ids: Vec<i64> = rows
            .iter()
            .map(|row| row["id"].as_i64().expect("a number"))
            .collect();
        ids.dedup();
        assert_eq!((ids.len(), rows.len()), (total, total));
        assert!(pages >= 3);
    }
    let (status, body) = get(&lab, "/system/members", &[("pageSize", "1001")]).await;
    assert_eq!(status, 400);
    assert_eq!(
        body["errors"][0]["message"],
        "The field pageSize must be between 1 and 1000."
    );
    let request = signed(
        &lab,
        lab.get(&format!("{API}/system/members?orderBy=identifier")),
    );
    let request = request.header("pagination-type", "forward-only");
    assert_eq!(
        send(request).await.status(),
        400,
        "an order has no place there"
    );
}

#[tokio::test]
async fn conditions_narrow_members_and_their_light_twins() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let active = users.iter().filter(|user| user.is_active()).count();
    let conditions = [("conditions", "inactiveFlag = false")];
    for path in ["/system/members/count", "/system/info/members/count"] {
        assert_eq!(get(&lab, path, &conditions).await.1["count"], json!(active));
    }
    let own = users
        .iter()
        .find(|user| user.kind == UserKind::Connecting)
        .expect("one");
    let conditions = format!("licenseClass='A' and identifier = '{}'", own.username);
    let (_, body) = get(
        &lab,
        "/system/members",
        &[
            ("conditions", &conditions),
            ("fields", "id,securityRole/name"),
        ],
    )
    .await;
    assert_eq!(
        body,
        json!([{ "id": own.id.parse::<i64>().expect("a number"), "securityRole": { "name": "Counterpart API" } }])
    );
    for bad in [
        "shoeSize = 1",
        "inactiveFlag = 'false'",
        "identifier = x",
        "lastUpdated > '2026-01-01'",
    ] {
        let (status, body) = get(&lab, "/system/members", &[("conditions", bad)]).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("InvalidObject")),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn changed_members_are_found_by_when_they_changed() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    control.advance_clock(3600);
    let since = control.now();
    let added = control
        .add_user(NewUser::person(
            "Nia",
            "Newcomer",
            "nia@northwind-support.example",
        ))
        .expect("a free name");
    let conditions = format!("lastUpdated >= [{since}]");
    let (_, body) = get(&lab, "/system/members", &[("conditions", &conditions)]).await;
    assert_eq!(body.as_array().map(Vec::len), Some(1));
    assert_eq!(body[0]["id"].to_string(), added.id);
}

#[tokio::test]
async fn contacts_are_found_by_the_digits_of_a_phone_or_by_an_address() {
    let lab = lab(Options::default()).await;
    let contacts = lab.emulator.control().contacts();
    let wanted = &contacts[3];
    let phone = wanted.phone.as_deref().expect("a phone");
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let tail = &digits[digits.len() - 9..];
    for child in [
        format!(
            "communicationItems/value like '%{tail}%' and communicationItems/communicationType='Phone'"
        ),
        format!(
            "communicationItems/value='{}' AND communicationItems/communicationType='Email'",
            wanted.email.as_deref().expect("an address")
        ),
    ] {
        let (status, body) = get(&lab, "/company/contacts", &[("childConditions", &child)]).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body[0]["id"].to_string(), wanted.id);
    }
    // One and the same item must meet both.
    let crossed = format!(
        "communicationItems/value like '%{tail}%' and communicationItems/communicationType='Email'"
    );
    let (_, body) = get(&lab, "/company/contacts", &[("childConditions", &crossed)]).await;
    assert_eq!(body, json!([]));
    let (status, company) = get(
        &lab,
        &format!("/company/companies/{}", wanted.company_id),
        &[],
    )
    .await;
    assert_eq!((status, &company["name"]), (200, &json!(wanted.company)));
}

/// An active person, and one who is not.
fn two_members(lab: &Lab) -> (counterpart_emulators::User, counterpart_emulators::User) {
    let users = lab.emulator.control().users();
    let find = |active: bool| {
        let mut all = users.iter();
        let fits = |user: &&counterpart_emulators::User| {
            user.kind == UserKind::Person && user.is_active() == active
        };
        all.find(fits).cloned().expect("such a member")
    };
    (find(true), find(false))
}

#[tokio::test]
async fn an_activity_is_its_members_and_is_read_back_and_moved() {
    let lab = lab(Options::default()).await;
    let (active, inactive) = two_members(&lab);
    let contact = lab.emulator.control().contacts()[0].clone();
    let activity = json!({
        "name": "Call with a customer", "type": { "name": "Call" },
        "company": { "id": contact.company_id.parse::<i64>().expect("a number") },
        "contact": { "id": contact.id.parse::<i64>().expect("a number") },
        "status": { "name": "Closed" }, "phoneNumber": "02079460500", "shoeSize": 4,
        "dateStart": "2026-11-22T14:00:00Z", "dateEnd": "2026-11-22T14:05:00Z",
        "assignTo": { "identifier": active.username },
    });
    let (status, made) = post(&lab, "/sales/activities", &activity).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["assignTo"]["id"].to_string(), active.id);
    assert_eq!(made["_info"]["enteredBy"], "CounterpartAPI");
    assert!(
        made["shoeSize"].is_null(),
        "what is not known is passed over"
    );
    let path = format!("/sales/activities/{}", made["id"]);
    assert_eq!(get(&lab, &path, &[]).await.1, made);
    let record = lab.emulator.control().records().remove(0);
    assert_eq!(
        (record.kind.as_str(), record.owner),
        ("activity", Some(active.id.clone()))
    );

    let move_to =
        |member: &str| json!([{ "op": "replace", "path": "assignTo/identifier", "value": member }]);
    let change = reqwest::Method::PATCH;
    let (status, body) = write(&lab, change.clone(), &path, &move_to(&inactive.username)).await;
    assert_eq!(
        (status, &body["errors"][0]["code"]),
        (400, &json!("InvalidReference"))
    );
    let (status, body) = write(&lab, change, &path, &move_to("nobody")).await;
    assert_eq!(
        (status, &body["errors"][0]["message"]),
        (400, &json!("Member nobody not found"))
    );
    let (_, body) = post(&lab, "/sales/activities", &json!({ "type": { "id": 99 } })).await;
    let codes: Vec<_> = body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["field"].clone())
        .collect();
    assert_eq!(codes, [json!("name"), json!("type/id"), json!("assignTo")]);
}

#[tokio::test]
async fn a_ticket_is_found_by_its_outer_reference_and_takes_notes_and_time() {
    let lab = lab(Options::default()).await;
    let (active, _) = two_members(&lab);
    let company = lab.emulator.control().contacts()[0].company.clone();
    let ticket = json!({
        "summary": "Missed call", "company": { "name": company }, "board": { "name": "Telephony" },
        "owner": { "id": active.id.parse::<i64>().expect("a number") }, "source": { "name": "Phone" },
        "externalXRef": "call-7f3a", "initialDescription": "Called twice.", "initialInternalAnalysis": "VIP",
    });
    let (status, made) = post(&lab, "/service/tickets", &ticket).await;
    assert_eq!(
        (status, &made["status"]["id"]),
        (201, &json!(516)),
        "{made}"
    );
    let (_, found) = get(
        &lab,
        "/service/tickets",
        &[("conditions", "externalXRef='call-7f3a'")],
    )
    .await;
    assert_eq!(found[0]["id"], made["id"]);
    let search = json!({ "conditions": "externalXRef='call-7f3a' and owner/identifier != 'x'" });
    assert_eq!(
        post(&lab, "/service/tickets/search", &search).await.1[0]["id"],
        made["id"]
    );
    let mut wrong = ticket.clone();
    wrong["status"] = json!({ "id": 16 });
    let (_, body) = post(&lab, "/service/tickets", &wrong).await;
    assert_eq!(
        body["errors"][0]["message"],
        "Service Status 16 not found for Service Board 21"
    );

    let notes = format!("/service/tickets/{}/notes", made["id"]);
    assert_eq!(
        post(&lab, &notes, &json!({ "text": "x" })).await.0,
        400,
        "a note says what it is"
    );
    let note = json!({ "text": "Call of 5 min", "internalAnalysisFlag": true, "member": { "identifier": active.username } });
    assert_eq!(post(&lab, &notes, &note).await.0, 201);
    let (_, all) = get(&lab, &notes, &[]).await;
    assert_eq!(
        all.as_array().map(Vec::len),
        Some(3),
        "what it began with are notes, too"
    );
    assert_eq!(post(&lab, "/service/tickets/1/notes", &note).await.0, 404);

    let entry = json!({
        "chargeToId": made["id"], "chargeToType": "ServiceTicket", "member": { "identifier": active.username },
        "timeStart": "2026-11-22T14:00:00Z", "actualHours": 0.25, "billableOption": "DoNotBill",
    });
    let (status, time) = post(&lab, "/time/entries", &entry).await;
    assert_eq!(
        (status, &time["timeEnd"]),
        (201, &json!("2026-11-22T14:15:00Z"))
    );
    assert_eq!(
        post(&lab, "/time/entries", &entry).await.0,
        400,
        "entries of a member do not overlap"
    );
}

#[tokio::test]
async fn an_impersonated_member_enters_what_they_write() {
    let lab = lab(Options::default()).await;
    let (active, inactive) = two_members(&lab);
    let tokens = |member: &str| format!("{API}/system/members/{member}/tokens");
    let ask = |member: &str| {
        let request = signed(&lab, lab.post(&tokens(member))).header("x-cw-usertype", "member");
        request
            .header("content-type", "application/json")
            .body(json!({ "memberIdentifier": member }).to_string())
    };
    let (status, token) = json(ask(&active.username)).await;
    assert_eq!(status, 200, "{token}");
    assert_eq!(json(ask(&inactive.username)).await.0, 400);
    let text = |name: &str| token[name].as_str().expect("text").to_owned();
    let activity = json!({ "name": "Call", "assignTo": { "identifier": active.username } });
    let request = || {
        lab.post(&format!("{API}/sales/activities"))
            .basic_auth(
                format!("northwind+{}", text("publicKey")),
                Some(text("privateKey")),
            )
            .header("clientId", lab.credential("client_id"))
            .header("content-type", "application/json")
            .body(activity.to_string())
    };
    let (_, made) = json(request()).await;
    assert_eq!(made["_info"]["enteredBy"], json!(active.username));
    lab.emulator.control().advance_clock(5 * 3600);
    assert_eq!(json(request()).await.0, 401, "the keys end");
}

#[tokio::test]
async fn a_callback_is_signed_with_the_key_that_its_address_gives() {
    let lab = lab(Options::default()).await;
    let body =
        json!({ "url": "https://x.example/cb", "objectId": 1, "type": "Member", "level": "Owner" });
    assert_eq!(post(&lab, "/system/callbacks", &body).await.0, 201);
    let mut wrong = body.clone();
    wrong["type"] = json!("Teapot");
    assert_eq!(post(&lab, "/system/callbacks", &wrong).await.0, 400);

    let control = lab.emulator.control();
    let user = control.users()[3].id.clone();
    let what = Happening::UserChanged(user.clone());
    let sent = control
        .webhook(&what, "https://x.example/cb?rec=1", "")
        .expect("it tells");
    assert!(
        sent.url
            .ends_with(&format!("?rec=1&action=updated&id={user}"))
    );
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    let entity: Value = serde_json::from_str(body["Entity"].as_str().expect("text")).expect("JSON");
    assert_eq!(entity["id"].to_string(), user);
    let (_, key) = json(lab.get(body["Metadata"]["key_url"].as_str().expect("an address"))).await;
    let key = Sha256::digest(key["signing_key"].as_str().expect("a key").as_bytes());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
    mac.update(&sent.body);
    let expected = STANDARD.encode(mac.finalize().into_bytes());
    let header = sent
        .headers
        .iter()
        .find(|(name, _)| name == "x-content-signature");
    assert_eq!(
        header.map(|(_, value)| value.as_str()),
        Some(expected.as_str())
    );
}

#[tokio::test]
async fn faults_of_a_list_act_on_both_ways_of_paging() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let total = control.users().len();
    for forward_only in [false, true] {
        for (fault, expected) in [
            (Fault::EmptyList, 0),
            (Fault::HalfPages, total / 2),
            (Fault::ShortPages, total),
            (Fault::TruncatedList, 10),
        ] {
            control
                .inject(FaultSwitch::lasting(fault.clone()))
                .expect("a switch it has");
            assert_eq!(
                members(&lab, forward_only, 20).await.0.len(),
                expected,
                "{fault:?}"
            );
            control.clear_faults();
        }
    }
    control
        .inject(FaultSwitch::lasting(Fault::RepeatedCursor))
        .expect("a switch it has");
    let response = send(signed(
        &lab,
        lab.get(&format!("{API}/system/members?pageSize=20&page=2")),
    ))
    .await;
    let links = response.headers()["link"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        link(&links, "next").expect("more").contains("page=2"),
        "{links}"
    );
    control.clear_faults();
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a switch it has");
    let (status, body) = get(&lab, "/system/members", &[]).await;
    assert_eq!((status, &body["code"]), (403, &json!("Security")));
    control
        .inject(FaultSwitch::next(1, Fault::BreakOff).on(counterpart_emulators::FaultPlace::Write))
        .expect("a switch it has");
    let (active, _) = two_members(&lab);
    let activity = json!({ "name": "Call", "assignTo": { "identifier": active.username } });
    let request = signed(&lab, lab.post(&format!("{API}/sales/activities")));
    let request = request
        .header("content-type", "application/json")
        .body(activity.to_string());
    send(request)
        .await
        .bytes()
        .await
        .expect_err("the answer is lost");
    assert_eq!(control.records().len(), 1, "the record is not");
}
