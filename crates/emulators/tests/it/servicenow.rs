//! `ServiceNow`, as its documents describe it.

use counterpart_emulators::{Fault, FaultSwitch, NewUser, Options, User};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json as answered, query, send};

fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.basic_auth(lab.credential("username"), Some(lab.credential("password")))
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    answered(signed(lab, lab.get(path))).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    let request = signed(lab, lab.post(path)).header("content-type", "application/json");
    answered(request.body(body.to_string())).await
}

async fn lab() -> Lab {
    Lab::of("servicenow", Options::default()).await
}

fn table(name: &str, pairs: &[(&str, &str)]) -> String {
    format!("/api/now/table/{name}{}", query(pairs))
}

async fn rows(lab: &Lab, name: &str, pairs: &[(&str, &str)]) -> Vec<Value> {
    let (status, body) = get(lab, &table(name, pairs)).await;
    assert_eq!(status, 200, "{body}");
    body["result"].as_array().expect("rows").clone()
}

/// The address behind `rel="next"`.
fn next(link: &str) -> Option<String> {
    let mut parts = link.split(',');
    let part = parts.find(|part| part.ends_with(";rel=\"next\""))?;
    Some(part.trim_start_matches('<').split('>').next()?.to_owned())
}

const STAFF: &str = "role.name=itil^state=active^ORDERBYsys_id";

/// Ids of the users with the role, over the links, at most twenty pages.
async fn everybody(lab: &Lab) -> Vec<Value> {
    let mut address = table(
        "sys_user_has_role",
        &[
            ("sysparm_query", STAFF),
            ("sysparm_limit", "20"),
            ("sysparm_fields", "sys_id,user.sys_id,user.active"),
        ],
    );
    let mut all = Vec::new();
    for _ in 0..20 {
        let response = send(signed(lab, lab.get(&address))).await;
        let link = response.headers()["link"]
            .to_str()
            .expect("text")
            .to_owned();
        let body: Value =
            serde_json::from_str(&response.text().await.expect("text")).expect("JSON");
        all.extend(body["result"].as_array().expect("rows").iter().cloned());
        match next(&link) {
            Some(link) => address = link,
            None => break,
        }
    }
    all
}

#[tokio::test]
async fn the_role_tells_staff_from_customers_in_one_table() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let (users, customers) = (control.users(), control.contacts());
    assert_eq!(everybody(&lab).await.len(), users.len());
    let all = rows(
        &lab,
        "sys_user",
        &[("sysparm_fields", "sys_id,active,sys_class_name")],
    )
    .await;
    assert_eq!(all.len(), users.len() + customers.len());
    assert!(
        all.iter().all(|row| row["active"].is_string()),
        "all values are texts"
    );
    let class = all
        .iter()
        .filter(|row| row["sys_class_name"] == "customer_contact")
        .count();
    assert_eq!(class, customers.len());
}

#[tokio::test]
async fn a_list_can_be_read_by_the_last_id() {
    let lab = lab().await;
    let (mut seen, mut last) = (0, String::new());
    loop {
        let wanted = format!("sys_id>{last}^ORDERBYsys_id");
        let page = rows(
            &lab,
            "sys_user",
            &[
                ("sysparm_query", &wanted),
                ("sysparm_limit", "25"),
                ("sysparm_fields", "sys_id"),
            ],
        )
        .await;
        let Some(row) = page.last() else { break };
        row["sys_id"].as_str().expect("text").clone_into(&mut last);
        seen += page.len();
    }
    let control = lab.emulator.control();
    assert_eq!(seen, control.users().len() + control.contacts().len());
}

#[tokio::test]
async fn rows_behind_an_id_come_in_any_order_that_is_asked_for() {
    let lab = lab().await;
    let all = rows(&lab, "sys_user", &[("sysparm_query", "ORDERBYsys_id")]).await;
    let last = all[30]["sys_id"].as_str().expect("text").to_owned();
    for order in [
        "ORDERBYname",
        "ORDERBYDESCname",
        "ORDERBYDESCsys_id",
        "name!=",
    ] {
        let wanted = format!("sys_id>{last}^{order}");
        let behind = rows(&lab, "sys_user", &[("sysparm_query", &wanted)]).await;
        assert_eq!(behind.len(), all.len() - 31, "{order}");
        assert!(
            behind
                .iter()
                .all(|row| row["sys_id"].as_str() > Some(last.as_str()))
        );
    }
}

#[tokio::test]
async fn a_misspelt_condition_finds_everybody() {
    let lab = lab().await;
    let all = rows(&lab, "sys_user", &[]).await.len();
    assert_eq!(
        rows(&lab, "sys_user", &[("sysparm_query", "actve=true")])
            .await
            .len(),
        all
    );
    assert!(
        rows(&lab, "sys_user", &[("sysparm_query", "active=false")])
            .await
            .len()
            < all
    );
    let none = rows(
        &lab,
        "sys_user",
        &[("sysparm_query", "email=nobody@nowhere.example")],
    )
    .await;
    assert!(none.is_empty());
    let odd = rows(
        &lab,
        "sys_user",
        &[("sysparm_fields", "name,nonsense"), ("sysparm_limit", "1")],
    )
    .await;
    assert_eq!(odd[0].as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn one_asks_who_one_is_by_a_script() {
    let lab = lab().await;
    let me = rows(
        &lab,
        "sys_user",
        &[
            ("sysparm_query", "user_name=javascript:gs.getUserName()"),
            ("sysparm_limit", "1"),
        ],
    )
    .await;
    assert_eq!(me[0]["user_name"], json!(lab.credential("username")));
    assert_eq!(me[0]["web_service_access_only"], "true");
    let (status, body) = answered(lab.get("/api/now/table/sys_user")).await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (401, &json!("User Not Authenticated"))
    );
}

#[tokio::test]
async fn tokens_come_by_password_client_and_refresh() {
    let lab = lab().await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let (name, password) = (lab.credential("username"), lab.credential("password"));
    let client = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    let token = async |more: &[(&str, &str)]| {
        let mut form = client.to_vec();
        form.extend(more);
        lab.post_form("/oauth_token.do", &form).await
    };
    let (status, body) = token(&[
        ("grant_type", "password"),
        ("username", &name),
        ("password", &password),
    ])
    .await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(1799)));
    let refresh = body["refresh_token"].as_str().expect("a refresh token");
    let (_, again) = token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(again["refresh_token"], refresh, "it does not rotate");
    let access = again["access_token"].as_str().expect("a token");
    assert_eq!(
        answered(lab.get("/api/now/v2/table/sys_user").bearer_auth(access))
            .await
            .0,
        200
    );
    assert_eq!(token(&[("grant_type", "client_credentials")]).await.0, 200);
    let (status, body) = token(&[
        ("grant_type", "password"),
        ("username", &name),
        ("password", "wrong"),
    ])
    .await;
    assert_eq!(
        (status, &body["error_description"]),
        (401, &json!("access_denied"))
    );
    lab.emulator
        .control()
        .expire_tokens()
        .expect("it has tokens");
    assert_eq!(
        answered(lab.get("/api/now/table/sys_user").bearer_auth(access))
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn tables_are_refused_hidden_or_not_there() {
    let lab = lab().await;
    assert_eq!(get(&lab, "/api/now/table/syslog").await.0, 403);
    assert_eq!(
        get(&lab, "/api/now/table/sys_audit").await,
        (200, json!({ "result": [] }))
    );
    let (status, body) = get(&lab, "/api/now/table/sys_nonexistent").await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (400, &json!("Invalid table sys_nonexistent"))
    );
    assert_eq!(get(&lab, "/api/now/table/incident/0123").await.0, 404);
    let (status, body) = post(&lab, "/api/now/table/sys_user", &json!({ "name": "x" })).await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (403, &json!("Operation Failed"))
    );
}

#[tokio::test]
async fn customers_are_found_by_a_part_of_their_number() {
    let lab = lab().await;
    let contact = lab.emulator.control().contacts().remove(3);
    let phone = contact.phone.expect("a number");
    let wanted = format!(
        "phoneLIKE{}^ORmobile_phoneLIKE{}",
        &phone[phone.len() - 7..],
        &phone[phone.len() - 7..]
    );
    let found = rows(&lab, "customer_contact", &[("sysparm_query", &wanted)]).await;
    assert!(
        found.iter().any(|row| row["sys_id"] == json!(contact.id)),
        "{found:?}"
    );
    assert_eq!(found[0]["company"]["value"], json!(contact.company_id));
}

#[tokio::test]
async fn an_incident_keeps_its_key_and_takes_any_owner() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let agent = control
        .users()
        .into_iter()
        .find(User::is_active)
        .expect("an agent");
    let body = json!({
        "short_description": "Call", "assigned_to": agent.id, "correlation_id": "call-7", "impact": 1,
        "work_notes": "rang", "no_such_column": "x",
    });
    let request = signed(&lab, lab.post("/api/now/table/incident"))
        .header("content-type", "application/json");
    let response = send(request.body(body.to_string())).await;
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let (_, made) = get(&lab, &location).await;
    let made = &made["result"];
    assert_eq!(
        (&made["impact"], &made["priority"], &made["work_notes"]),
        (&json!("1"), &json!("3"), &json!(""))
    );
    assert_eq!(made["assigned_to"]["value"], json!(agent.id));
    let found = rows(
        &lab,
        "task",
        &[
            ("sysparm_query", "correlation_id=call-7"),
            ("sysparm_display_value", "all"),
        ],
    )
    .await;
    assert_eq!(found.len(), 1, "an incident is a task");
    assert_eq!(
        found[0]["assigned_to"]["display_value"],
        json!(agent.full_name())
    );
    let notes = rows(
        &lab,
        "sys_journal_field",
        &[("sysparm_query", "element=work_notes")],
    )
    .await;
    assert_eq!(notes[0]["value"], "rang");
    let (status, bad) = post(
        &lab,
        "/api/now/table/incident",
        &json!({ "assigned_to": "nobody" }),
    )
    .await;
    assert_eq!(
        (status, &bad["result"]["assigned_to"]["value"]),
        (201, &json!("nobody"))
    );
    assert_eq!(
        control
            .records()
            .last()
            .and_then(|record| record.owner.clone()),
        None
    );
}

#[tokio::test]
async fn a_voice_interaction_is_opened_for_its_caller() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let agent = control
        .users()
        .into_iter()
        .find(User::is_active)
        .expect("an agent");
    let contact = control.contacts().remove(0);
    let digits: String = contact
        .phone
        .expect("a number")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let number = format!("+44{}", &digits[digits.len() - 10..]);
    let body = json!({
        "interaction": { "userPhoneNumber": number, "clientSessionId": "s-1",
            "additionalParams": { "direction": "inbound", "short_description": "Call" } },
        "phoneLogs": [{ "call_id": "s-1", "agent": agent.id }],
    });
    let (status, made) = post(&lab, "/api/now/openframe/voice-interaction", &body).await;
    assert_eq!(
        (status, &made["result"]["status"]),
        (201, &json!("SUCCESS"))
    );
    let id = made["result"]["sysId"].as_str().expect("an id");
    let (_, row) = get(
        &lab,
        &format!("/api/now/table/interaction/{id}?sysparm_exclude_reference_link=true"),
    )
    .await;
    assert_eq!(row["result"]["opened_for"], json!(contact.id));
    assert_eq!(row["result"]["assigned_to"], json!(agent.id));
    assert_eq!(
        post(&lab, "/api/now/openframe/voice-interaction", &json!({}))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_batch_answers_each_of_its_requests() {
    let lab = lab().await;
    let body = json!({ "batch_request_id": 1, "rest_requests": [
        { "id": "a", "method": "GET", "url": "/api/now/table/sys_user?sysparm_limit=1", "headers": [] },
        { "id": "b", "method": "GET", "url": "/api/now/table/nothing", "headers": [] },
    ] });
    let (_, answer) = post(&lab, "/api/now/v1/batch", &body).await;
    let codes: Vec<&Value> = answer["serviced_requests"]
        .as_array()
        .expect("answers")
        .iter()
        .map(|part| &part["status_code"])
        .collect();
    assert_eq!(codes, [&json!(200), &json!(400)]);
    assert_eq!(answer["batch_request_id"], "1");
}

#[tokio::test]
async fn a_page_may_be_short_because_rows_are_hidden_after_the_limit() {
    let lab = lab().await;
    let control = lab.emulator.control().clone();
    let total = control.users().len();
    for (fault, expected) in [
        (Fault::ShortPages, total),
        (Fault::EmptyList, 0),
        (Fault::HalfPages, total / 2),
        (Fault::TruncatedList, 10),
        (Fault::RepeatedCursor, 400),
    ] {
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch it has");
        assert_eq!(everybody(&lab).await.len(), expected, "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::lasting(Fault::ShortPages))
        .expect("a switch");
    let response = send(signed(
        &lab,
        lab.get(&table("sys_user", &[("sysparm_limit", "20")])),
    ))
    .await;
    let counted: usize = response.headers()["x-total-count"]
        .to_str()
        .expect("text")
        .parse()
        .expect("a number");
    assert_eq!(
        counted,
        (total + control.contacts().len()) * 2,
        "hidden rows count"
    );
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_told_of_in_another_table() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let user = control
        .add_user(NewUser::person("Dan", "Done", "dan@example.com"))
        .expect("added");
    control.delete(&user.id).expect("there");
    assert_eq!(
        get(&lab, &format!("/api/now/table/sys_user/{}", user.id))
            .await
            .0,
        404
    );
    let gone = rows(
        &lab,
        "sys_audit_delete",
        &[("sysparm_query", "tablename=sys_user")],
    )
    .await;
    assert_eq!(gone[0]["documentkey"], json!(user.id));
}
