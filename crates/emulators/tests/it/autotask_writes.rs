//! What Autotask takes from its clients, in whose name, and what it tells of contacts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{
    Fault, FaultPlace, FaultSwitch, Happening, NewContact, Options, UserKind,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::autotask::signed;
use crate::client::{Lab, json, send};

async fn lab() -> Lab {
    Lab::of("autotask", Options::default()).await
}

async fn write(
    lab: &Lab,
    method: Method,
    path: &str,
    body: &Value,
    as_whom: Option<&str>,
) -> (u16, Value) {
    let request = lab
        .http
        .request(method, lab.url(&format!("/ATServicesRest/V1.0/{path}")));
    let mut request = signed(lab, request).body(body.to_string());
    if let Some(resource) = as_whom {
        request = request.header("ImpersonationResourceId", resource);
    }
    json(request).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    write(lab, Method::POST, path, body, None).await
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    json(signed(
        lab,
        lab.get(&format!("/ATServicesRest/V1.0/{path}")),
    ))
    .await
}

/// The id of somebody of that kind.
fn somebody(lab: &Lab, kind: UserKind, active: bool) -> String {
    let users = lab.emulator.control().users();
    let mut all = users.iter();
    let found = all.find(|user| user.kind == kind && user.is_active() == active);
    found.expect("such a resource").id.clone()
}

fn number(id: &str) -> i64 {
    id.parse().expect("a number")
}

fn ticket(lab: &Lab) -> Value {
    let contact = lab.emulator.control().contacts()[0].clone();
    json!({
        "companyID": number(&contact.company_id), "contactID": number(&contact.id), "title": "Call 7f3a",
        "status": 1, "priority": 2, "queueID": 29_683_378, "externalID": "call-7f3a",
        "assignedResourceID": number(&somebody(lab, UserKind::Person, true)), "assignedResourceRoleID": 29_682_834,
    })
}

fn first_error(body: &Value) -> &str {
    body["errors"][0].as_str().expect("a text")
}

#[tokio::test]
async fn contacts_are_found_by_a_part_of_any_of_their_numbers() {
    let lab = lab().await;
    let contacts = lab.emulator.control().contacts();
    let wanted = &contacts[2];
    let phone = wanted.phone.as_deref().expect("a phone");
    let any = |value: &str| {
        let items: Vec<Value> = ["phone", "mobilePhone", "alternatePhone"]
            .into_iter()
            .map(|field| json!({ "op": "contains", "field": field, "value": value }))
            .collect();
        json!({ "filter": [{ "op": "or", "items": items }] })
    };
    let (_, body) = post(&lab, "Contacts/query", &any(&phone[3..])).await;
    assert_eq!(body["items"][0]["id"], json!(number(&wanted.id)));
    assert_eq!(
        body["items"][0]["isActive"], 1,
        "a number, unlike a resource's"
    );
    let company = &body["items"][0]["companyID"];
    let (_, company) = get(&lab, &format!("Companies/{company}")).await;
    assert_eq!(company["item"]["companyName"], json!(wanted.company));
    let since = json!({ "filter": [{ "op": "gte", "field": "lastModifiedDate", "value": "2100-01-01T00:00:00Z" }] });
    assert_eq!(
        post(&lab, "Contacts/query/count", &since).await.1["queryCount"],
        0
    );
}

#[tokio::test]
async fn a_ticket_is_written_found_by_our_key_and_changed_sparsely() {
    let lab = lab().await;
    let (status, made) = post(&lab, "Tickets", &ticket(&lab)).await;
    assert_eq!(status, 200, "{made}");
    let query = json!({ "filter": [{ "op": "eq", "field": "externalID", "value": "call-7f3a" }] });
    let (_, found) = post(&lab, "Tickets/query", &query).await;
    assert_eq!(found["items"][0]["id"], made["itemId"]);
    assert_eq!(
        found["items"][0]["assignedResourceID"],
        ticket(&lab)["assignedResourceID"]
    );
    assert_eq!(
        found["items"][0]["creatorResourceID"],
        json!(number(&somebody(&lab, UserKind::Connecting, true)))
    );
    let change = json!({ "id": made["itemId"], "status": 5 });
    assert_eq!(
        write(&lab, Method::PATCH, "Tickets", &change, None).await.1,
        made
    );
    let (_, changed) = get(&lab, &format!("Tickets/{}", made["itemId"])).await;
    assert_eq!(
        (&changed["item"]["status"], &changed["item"]["title"]),
        (&json!(5), &json!("Call 7f3a"))
    );
    assert!(changed["item"]["completedDate"].is_string());
    let page = format!(
        "/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID={}",
        made["itemId"]
    );
    assert_eq!(send(lab.get(&page)).await.status(), 200, "a link opens it");
    let path = format!("Tickets/{}", made["itemId"]);
    assert_eq!(
        write(&lab, Method::DELETE, &path, &Value::Null, None)
            .await
            .0,
        405
    );
}

#[tokio::test]
async fn what_a_ticket_lacks_is_a_server_error_that_names_it() {
    let lab = lab().await;
    let other = lab.emulator.control().contacts()[1].clone();
    for (field, value, part) in [
        ("title", Value::Null, "title is required"),
        (
            "assignedResourceRoleID",
            Value::Null,
            "assignedResourceRoleID is required",
        ),
        ("status", json!(77), "status"),
        ("companyID", json!(5), "companyID does not exist"),
        ("contactID", json!(number(&other.id)), "does not belong"),
        (
            "assignedResourceID",
            json!(number(&somebody(&lab, UserKind::Person, false))),
            "not active",
        ),
        (
            "assignedResourceID",
            json!(number(&somebody(&lab, UserKind::Connecting, true))),
            "cannot be assigned",
        ),
        ("externalID", json!("x".repeat(51)), "longer"),
    ] {
        let mut ticket = ticket(&lab);
        ticket[field] = value;
        let (status, body) = post(&lab, "Tickets", &ticket).await;
        assert_eq!(status, 500, "{field}");
        assert!(first_error(&body).contains(part), "{body}");
    }
    let mut ticket = ticket(&lab);
    for field in ["assignedResourceID", "assignedResourceRoleID", "queueID"] {
        ticket[field] = Value::Null;
    }
    assert_eq!(
        first_error(&post(&lab, "Tickets", &ticket).await.1),
        "queueID is required"
    );
}

#[tokio::test]
async fn children_are_written_under_their_parents_and_queried_apart() {
    let lab = lab().await;
    let (_, made) = post(&lab, "Tickets", &ticket(&lab)).await;
    let id = made["itemId"].clone();
    let note =
        json!({ "title": "Call", "description": "5 min [7f3a]", "noteType": 1, "publish": 2 });
    assert_eq!(post(&lab, "TicketNotes", &note).await.0, 405);
    let (status, made) = post(&lab, &format!("Tickets/{id}/Notes"), &note).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(post(&lab, "Tickets/1/Notes", &note).await.0, 404);
    let query = json!({ "filter": [
        { "op": "eq", "field": "ticketID", "value": id }, { "op": "contains", "field": "description", "value": "[7f3a]" },
    ] });
    let (_, found) = post(&lab, "TicketNotes/query", &query).await;
    assert_eq!(found["items"][0]["id"], made["itemId"]);
    assert_eq!(
        get(&lab, &format!("Tickets/{id}/Notes")).await.1["items"],
        found["items"]
    );
    assert_eq!(
        post(&lab, &format!("Tickets/{id}/Notes/query"), &query)
            .await
            .0,
        404
    );

    let company = ticket(&lab)["companyID"].clone();
    let (_, types) = post(
        &lab,
        "ActionTypes/query",
        &json!({ "filter": [{ "op": "eq", "field": "name", "value": "Phone Call" }] }),
    )
    .await;
    let mut to_do = json!({
        "companyID": company, "actionType": types["items"][0]["id"],
        "assignedToResourceID": number(&somebody(&lab, UserKind::Person, true)),
        "startDateTime": "2026-11-22T14:00:00Z", "endDateTime": "2026-11-22T14:05:00Z",
    });
    let (status, _) = post(&lab, &format!("Companies/{company}/ToDos"), &to_do).await;
    assert_eq!(status, 200);
    to_do["endDateTime"] = json!("2026-11-22T13:00:00Z");
    assert_eq!(
        post(&lab, &format!("Companies/{company}/ToDos"), &to_do)
            .await
            .0,
        500
    );
    let record = lab.emulator.control().records().pop().expect("the to-do");
    assert_eq!(
        (record.kind.as_str(), record.owner),
        ("CompanyToDos", Some(somebody(&lab, UserKind::Person, true)))
    );
}

#[tokio::test]
async fn time_is_whose_it_says() {
    let lab = lab().await;
    let (_, made) = post(&lab, "Tickets", &ticket(&lab)).await;
    let person = somebody(&lab, UserKind::Person, true);
    let (_, roles) = post(
        &lab,
        "ResourceRoles/query",
        &json!({ "filter": [{ "op": "eq", "field": "resourceID", "value": number(&person) }] }),
    )
    .await;
    let mut entry = json!({
        "ticketID": made["itemId"], "resourceID": number(&person), "roleID": roles["items"][0]["roleID"],
        "dateWorked": "2026-11-22T00:00:00Z", "startDateTime": "2026-11-22T14:00:00Z",
        "endDateTime": "2026-11-22T14:12:00Z", "summaryNotes": "Call",
    });
    let (status, made) = post(&lab, "TimeEntries", &entry).await;
    assert_eq!(status, 200, "{made}");
    let (_, read) = get(&lab, &format!("TimeEntries/{}", made["itemId"])).await;
    assert_eq!(
        (&read["item"]["hoursWorked"], &read["item"]["timeEntryType"]),
        (&json!(0.2), &json!(2))
    );
    assert_eq!(
        write(&lab, Method::POST, "TimeEntries", &entry, Some(&person))
            .await
            .0,
        500,
        "a right of its own"
    );
    entry["roleID"] = Value::Null;
    assert_eq!(
        first_error(&post(&lab, "TimeEntries", &entry).await.1),
        "roleID is required"
    );
}

#[tokio::test]
async fn who_is_impersonated_must_be_somebody_whose_level_allows_it() {
    let lab = lab().await;
    let person = somebody(&lab, UserKind::Person, true);
    let (status, made) = write(&lab, Method::POST, "Tickets", &ticket(&lab), Some(&person)).await;
    assert_eq!(status, 200, "{made}");
    let (_, read) = get(&lab, &format!("Tickets/{}", made["itemId"])).await;
    assert_eq!(read["item"]["creatorResourceID"], json!(number(&person)));
    assert_eq!(
        read["item"]["impersonatorCreatorResourceID"],
        json!(number(&somebody(&lab, UserKind::Connecting, true)))
    );
    for wrong in [
        somebody(&lab, UserKind::Connecting, true),
        somebody(&lab, UserKind::Person, false),
        somebody(&lab, UserKind::Consultant, true),
        "1".to_owned(),
    ] {
        let (status, body) =
            write(&lab, Method::POST, "Tickets", &ticket(&lab), Some(&wrong)).await;
        assert_eq!(status, 500);
        assert!(
            first_error(&body).contains("adequate permissions to create"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_webhook_is_ready_with_its_first_field() {
    let lab = lab().await;
    let hook = json!({
        "name": "C", "isActive": true, "webhookUrl": "https://x.example/h", "deactivationUrl": "https://x.example/d",
        "secretKey": "s3cret", "isSubscribedToUpdateEvents": true, "sendThresholdExceededNotification": false,
    });
    let (status, made) = post(&lab, "ContactWebhooks", &hook).await;
    assert_eq!(status, 200, "{made}");
    let id = made["itemId"].clone();
    let path = format!("ContactWebhooks/{id}");
    assert_eq!(get(&lab, &path).await.1["item"]["isReady"], false);
    let field = json!({ "fieldID": 3, "isSubscribedField": true });
    assert_eq!(post(&lab, &format!("{path}/Fields"), &field).await.0, 200);
    let own = json!({ "resourceID": number(&somebody(&lab, UserKind::Connecting, true)) });
    assert_eq!(
        post(&lab, &format!("{path}/ExcludedResources"), &own)
            .await
            .0,
        200
    );
    assert_eq!(get(&lab, &path).await.1["item"]["isReady"], true);
    assert_eq!(
        write(&lab, Method::DELETE, &path, &Value::Null, None)
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_webhook_is_signed_over_the_escaped_body() {
    let lab = lab().await;
    let control = lab.emulator.control();
    let contact = control.add_contact(NewContact {
        given: "Zoë".to_owned(),
        family: "O'Hara & Sons".to_owned(),
        phone: Some("+44 20 7946 0000".to_owned()),
        ..NewContact::default()
    });
    let what = Happening::ContactChanged(contact.id);
    let sent = control
        .webhook(&what, "https://x.example/h", "s3cret")
        .expect("it tells");
    let text = std::str::from_utf8(&sent.body).expect("text");
    assert!(
        text.contains("Zo\\u00EB")
            && text.contains("O\\u0027Hara \\u0026 Sons")
            && text.contains("\\u002B44"),
        "{text}"
    );
    let mut mac = Hmac::<Sha1>::new_from_slice(b"s3cret").expect("any length");
    mac.update(&sent.body);
    let expected = format!("sha1={}", STANDARD.encode(mac.finalize().into_bytes()));
    let header = sent
        .headers
        .iter()
        .find(|(name, _)| name == "x-hook-signature");
    assert_eq!(header.map(|(_, value)| value), Some(&expected));
    let user = Happening::UserChanged(control.users()[0].id.clone());
    control
        .webhook(&user, "https://x.example/h", "s3cret")
        .expect_err("resources are not told of");
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_record_was_written() {
    let lab = lab().await;
    let control = lab.emulator.control();
    control
        .inject(FaultSwitch::next(1, Fault::BreakOff).on(FaultPlace::Write))
        .expect("a switch it has");
    let request =
        signed(&lab, lab.post("/ATServicesRest/V1.0/Tickets")).body(ticket(&lab).to_string());
    send(request)
        .await
        .bytes()
        .await
        .expect_err("the answer is lost");
    assert_eq!(control.records().len(), 1);
}
