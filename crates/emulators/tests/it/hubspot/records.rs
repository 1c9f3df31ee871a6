//! Contacts, calls, notes, tasks and tickets.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch};
use serde_json::{Value, json};

use super::{a_call, a_contact, an_owner, exchange, get, lab, post, rows};
use crate::client::{json, send};

#[tokio::test]
async fn contacts_are_found_by_national_digits_by_token_and_by_address() {
    let lab = lab(None).await;
    let contact = a_contact(&lab);
    let search = async |name: &str, operator: &str, value: &str| {
        let body = json!({
            "filterGroups": [{ "filters": [{ "propertyName": name, "operator": operator, "value": value }] }],
            "properties": ["email", "hubspot_owner_id", "hs_searchable_calculated_phone_number"],
        });
        let (status, body) = post(&lab, "/crm/v3/objects/contacts/search", &body).await;
        assert_eq!(status, 200, "{body}");
        rows(&body)
            .iter()
            .map(|row| row["id"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let digits: String = contact
        .phone
        .as_deref()
        .unwrap_or_default()
        .replace("(0)", "")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let national = digits
        .strip_prefix("44")
        .or(digits.strip_prefix('0'))
        .unwrap_or(&digits);
    let property = "hs_searchable_calculated_phone_number";
    assert_eq!(
        search(property, "EQ", national).await,
        [contact.id.as_str()]
    );
    assert_eq!(
        search(property, "CONTAINS_TOKEN", &format!("*{}", &national[2..])).await,
        [contact.id.as_str()]
    );
    assert_eq!(
        search("phone", "EQ", contact.phone.as_deref().unwrap_or_default()).await,
        [contact.id.as_str()]
    );
    assert!(
        search("phone", "EQ", &format!("+44{national}x"))
            .await
            .is_empty()
    );
    let email = contact.email.clone().expect("an address");
    assert_eq!(search("email", "EQ", &email).await, [contact.id.as_str()]);
    let (status, one) = get(&lab, &format!("/crm/v3/objects/contacts/{email}?idProperty=email&associations=companies&properties=hubspot_owner_id")).await;
    assert_eq!((status, &one["id"]), (200, &json!(contact.id)));
    assert_eq!(one["properties"]["hubspot_owner_id"], json!(contact.owner));
    assert_eq!(
        one["associations"]["companies"]["results"][0]["id"],
        contact.company_id
    );
}

#[tokio::test]
async fn a_search_keeps_to_its_limits_and_its_properties() {
    let lab = lab(None).await;
    let path = "/crm/v3/objects/contacts/search";
    for body in [
        json!({ "limit": 201 }),
        json!({ "limit": 100, "after": "9950" }),
        json!({ "filterGroups": vec![json!({ "filters": [] }); 6] }),
        json!({ "filterGroups": [{ "filters": [{ "propertyName": "shoe_size", "operator": "EQ", "value": "44" }] }] }),
        json!({ "filterGroups": [{ "filters": [{ "propertyName": "email", "operator": "LIKE", "value": "a" }] }] }),
        json!({ "filterGroups": [{ "filters": [{ "propertyName": "email", "operator": "IN" }] }] }),
    ] {
        let (status, answer) = post(&lab, path, &body).await;
        assert_eq!(
            (status, &answer["category"]),
            (400, &json!("VALIDATION_ERROR")),
            "{body}"
        );
    }
    let now = lab.emulator.control().now();
    let id = a_contact(&lab).id;
    let change = serde_json::from_value(json!({ "given": "Zoë" })).expect("a change");
    lab.emulator
        .control()
        .change_contact(&id, change)
        .expect("a contact");
    let since = json!({ "filterGroups": [{ "filters": [{ "propertyName": "lastmodifieddate", "operator": "GTE", "value": now.as_millisecond().to_string() }] }] });
    let (_, body) = post(&lab, path, &since).await;
    assert_eq!(
        (body["total"].as_u64(), &body["results"][0]["id"]),
        (Some(1), &json!(id))
    );
    let request = lab
        .post(path)
        .bearer_auth(lab.credential("access_token"))
        .body("{}");
    assert_eq!(json(request).await.0, 415);
}

#[tokio::test]
async fn a_call_is_written_for_its_owner_tied_and_read_back() {
    let lab = lab(None).await;
    let (owner, contact) = (an_owner(&lab), a_contact(&lab));
    let mut call = a_call(&owner);
    call["associations"] = json!([{ "to": { "id": contact.id }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194 }] }]);
    let (status, made) = post(&lab, "/crm/v3/objects/calls", &call).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().expect("ids are text");
    let (_, read) = get(&lab, &format!("/crm/v3/objects/calls/{id}?properties=hubspot_owner_id,hs_call_duration&associations=contacts")).await;
    assert_eq!(read["properties"]["hubspot_owner_id"], owner);
    assert_eq!(read["properties"]["hs_call_duration"], "162000");
    assert_eq!(
        read["associations"]["contacts"]["results"][0]["id"],
        contact.id
    );
    assert!(
        read["properties"].get("hs_call_title").is_none(),
        "only what was asked for"
    );
    let record = lab.emulator.control().records().pop().expect("a record");
    assert_eq!(
        (record.kind.as_str(), record.owner.as_deref()),
        ("calls", Some(owner.as_str()))
    );
    let (_, tied) = get(
        &lab,
        &format!("/crm/v4/objects/calls/{id}/associations/contacts"),
    )
    .await;
    assert_eq!(tied["results"][0]["toObjectId"].to_string(), contact.id);
}

#[tokio::test]
async fn a_call_that_does_not_fit_is_refused_with_the_reason() {
    let lab = lab(None).await;
    let owner = an_owner(&lab);
    let users = lab.emulator.control().users();
    let number = get(&lab, &format!("/crm/v3/owners/{owner}")).await.1["userId"].to_string();
    assert!(users.iter().all(|user| user.id != number));
    for (property, value, error) in [
        ("hubspot_owner_id", number.as_str(), "INVALID_OWNER_ID"),
        ("hs_call_direction", "SIDEWAYS", "INVALID_OPTION"),
        (
            "hs_call_recording_url",
            "http://x.example/a.mp3",
            "INVALID_URL",
        ),
        ("hs_timestamp", "yesterday", "INVALID_DATE"),
        ("shoe_size", "44", "PROPERTY_DOESNT_EXIST"),
        ("hs_object_id", "1", "READ_ONLY_VALUE"),
    ] {
        let mut call = a_call(&owner);
        call["properties"][property] = json!(value);
        let (status, body) = post(&lab, "/crm/v3/objects/calls", &call).await;
        assert_eq!(
            (status, &body["errors"][0]["code"]),
            (400, &json!(error)),
            "{property}"
        );
    }
    let (status, body) = post(
        &lab,
        "/crm/v3/objects/notes",
        &json!({ "properties": { "hs_note_body": "x" } }),
    )
    .await;
    assert_eq!(
        (status, &body["context"]["properties"]),
        (400, &json!(["hs_timestamp"]))
    );
    assert!(lab.emulator.control().records().is_empty());
}

#[tokio::test]
async fn upsert_by_a_unique_property_makes_one_record_of_two_attempts() {
    let lab = lab(None).await;
    let owner = an_owner(&lab);
    let mut properties = a_call(&owner)["properties"].clone();
    properties["hs_call_title"] = json!("Once");
    let body = json!({ "inputs": [{ "idProperty": "ext_call_id", "id": "call-1", "properties": properties }] });
    let path = "/crm/v3/objects/calls/batch/upsert";
    let (status, refused) = post(&lab, path, &body).await;
    assert_eq!(
        (status, &refused["numErrors"]),
        (207, &json!(1)),
        "no such property yet"
    );
    let property = json!({ "name": "ext_call_id", "label": "Call", "type": "string", "fieldType": "text", "groupName": "call_information", "hasUniqueValue": true });
    assert_eq!(
        post(&lab, "/crm/v3/properties/calls", &property).await.0,
        201
    );
    assert_eq!(
        post(&lab, "/crm/v3/properties/calls", &property).await.0,
        409
    );
    let (_, first) = post(&lab, path, &body).await;
    let (_, second) = post(&lab, path, &body).await;
    assert_eq!(
        (&first["results"][0]["new"], &second["results"][0]["new"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(first["results"][0]["id"], second["results"][0]["id"]);
    assert_eq!(lab.emulator.control().records().len(), 1);
    let search = json!({ "filterGroups": [{ "filters": [{ "propertyName": "ext_call_id", "operator": "EQ", "value": "call-1" }] }] });
    assert_eq!(
        post(&lab, "/crm/v3/objects/calls/search", &search).await.1["total"],
        1
    );
    let mut twice = a_call(&owner);
    twice["properties"]["ext_call_id"] = json!("call-1");
    assert_eq!(
        post(&lab, "/crm/v3/objects/calls", &twice).await.0,
        400,
        "unique is unique"
    );
    let many = json!({ "inputs": vec![body["inputs"][0].clone(); 101] });
    assert_eq!(post(&lab, path, &many).await.0, 400);
}

#[tokio::test]
async fn an_answer_lost_on_the_way_leaves_the_record_there() {
    let lab = lab(None).await;
    let fault = FaultSwitch::next(1, Fault::BreakOff).on(FaultPlace::Write);
    lab.emulator
        .control()
        .inject(fault)
        .expect("a switch it has");
    let request = lab
        .post("/crm/v3/objects/calls")
        .bearer_auth(lab.credential("access_token"))
        .header("content-type", "application/json");
    let response = send(request.body(a_call(&an_owner(&lab)).to_string())).await;
    response.bytes().await.expect_err("the answer is cut off");
    assert_eq!(lab.emulator.control().records().len(), 1);
}

#[tokio::test]
async fn tickets_tasks_and_notes_are_changed_and_archived_by_their_own_scopes() {
    let lab = lab(None).await;
    let owner = an_owner(&lab);
    let ticket = json!({ "properties": { "subject": "Line down", "hs_pipeline": "0", "hs_pipeline_stage": "1", "hubspot_owner_id": owner } });
    let (status, made) = post(&lab, "/crm/v3/objects/tickets", &ticket).await;
    assert_eq!(status, 201, "{made}");
    let path = format!(
        "/crm/v3/objects/tickets/{}",
        made["id"].as_str().expect("text")
    );
    let change = lab
        .http
        .patch(lab.url(&path))
        .bearer_auth(lab.credential("access_token"))
        .header("content-type", "application/json");
    let (_, changed) =
        json(change.body(r#"{"properties":{"hs_pipeline_stage":"4","hubspot_owner_id":""}}"#))
            .await;
    assert_eq!(
        (
            &changed["properties"]["hs_pipeline_stage"],
            &changed["properties"]["hubspot_owner_id"]
        ),
        (&json!("4"), &Value::Null)
    );
    assert_eq!(lab.emulator.control().records()[0].owner, None, "cleared");
    let archived = send(
        lab.http
            .delete(lab.url(&path))
            .bearer_auth(lab.credential("access_token")),
    )
    .await;
    assert_eq!(archived.status(), 204);
    assert_eq!(get(&lab, &path).await.0, 404);
    assert_eq!(get(&lab, &format!("{path}?archived=true")).await.0, 200);
    let code = lab
        .emulator
        .control()
        .issue_grant_code(Some("oauth crm.objects.contacts.write"))
        .expect("a code");
    let token = exchange(&lab, &code.code).await["access_token"].clone();
    let request = |kind: &str, body: &Value| {
        let request = lab
            .post(&format!("/crm/v3/objects/{kind}"))
            .bearer_auth(token.as_str().expect("a token"));
        json(
            request
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
    };
    assert_eq!(request("tickets", &ticket).await.0, 403);
    let task = json!({ "properties": { "hs_timestamp": "1773844200000", "hs_task_subject": "Call back", "hs_task_type": "CALL", "hubspot_owner_id": owner } });
    let (status, made) = request("tasks", &task).await;
    assert_eq!(
        (status, &made["properties"]["hs_timestamp"]),
        (201, &json!("2026-03-18T14:30:00.000Z"))
    );
}
