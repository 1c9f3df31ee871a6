//! Calls, notes and tasks in the products built on the CRM's record API.

use counterpart_emulators::{ContactKind, Options};
use serde_json::{Value, json};

use crate::client::{json, query};
use crate::zoho::Scene;

fn call(owner: &str) -> Value {
    json!({ "data": [{
        "Subject": "Call from +441134960505", "Call_Type": "Inbound",
        "Call_Start_Time": "2026-01-20T10:30:00+05:30", "Call_Duration": "02:05",
        "Owner": { "id": owner },
    }] })
}

#[tokio::test]
async fn a_call_is_written_under_its_owner_and_read_back() {
    for (name, base) in [
        ("zoho-crm", "/crm/v8"),
        ("zoho-bigin", "/bigin/v2"),
        ("zoho-recruit", "/recruit/v2"),
    ] {
        let scene = Scene::of(name).await;
        let agent = scene.agent();
        let (status, body) = scene
            .send("POST", &format!("{base}/Calls"), &call(&agent))
            .await;
        assert_eq!(status, 201, "{body}");
        let id = body["data"][0]["details"]["id"].as_str().expect("an id");
        let (_, body) = scene.get(&format!("{base}/Calls/{id}")).await;
        let call = &body["data"][0];
        assert_eq!(call["Owner"]["id"], agent.as_str());
        assert_eq!(call["Call_Duration_in_seconds"], 125);
        let written = scene.lab.emulator.control().records();
        assert_eq!(
            (written[0].kind.as_str(), written[0].owner.as_deref()),
            ("Calls", Some(agent.as_str()))
        );
    }
}

#[tokio::test]
async fn each_rule_of_a_call_has_its_error() {
    let scene = Scene::of("zoho-crm").await;
    let agent = scene.agent();
    let inactive = scene.lab.emulator.control().users();
    let inactive = inactive
        .iter()
        .find(|user| !user.is_active())
        .expect("one")
        .id
        .clone();
    let with = |change: Value| {
        let mut body = call(&agent);
        for (name, value) in change.as_object().expect("fields") {
            body["data"][0][name] = value.clone();
        }
        body
    };
    for (change, code, field) in [
        (
            json!({ "Call_Start_Time": null }),
            "MANDATORY_NOT_FOUND",
            "Call_Start_Time",
        ),
        (json!({ "Subject": null }), "MANDATORY_NOT_FOUND", "Subject"),
        (
            json!({ "Call_Start_Time": "20.1.2026" }),
            "INVALID_DATA",
            "Call_Start_Time",
        ),
        (
            json!({ "Call_Start_Time": "2126-01-20T10:30:00+05:30" }),
            "INVALID_DATA",
            "Call_Start_Time",
        ),
        (
            json!({ "Call_Type": "Incoming" }),
            "INVALID_DATA",
            "Call_Type",
        ),
        (
            json!({ "Call_Type": "Outbound" }),
            "MANDATORY_NOT_FOUND",
            "Outgoing_Call_Status",
        ),
        (
            json!({ "Call_Duration": null }),
            "INVALID_DATA",
            "Call_Duration",
        ),
        (
            json!({ "Call_Duration": 125 }),
            "INVALID_DATA",
            "Call_Duration",
        ),
        (json!({ "Owner": { "id": "1" } }), "INVALID_DATA", "Owner"),
        (
            json!({ "Owner": { "id": inactive } }),
            "INVALID_DATA",
            "Owner",
        ),
        (json!({ "Who_Id": { "id": "1" } }), "INVALID_DATA", "Who_Id"),
        (
            json!({ "What_Id": { "id": "1" } }),
            "MANDATORY_NOT_FOUND",
            "$se_module",
        ),
    ] {
        let (status, body) = scene
            .send("POST", "/crm/v8/Calls", &with(change.clone()))
            .await;
        let error = &body["data"][0];
        assert_eq!(status, 400, "{change}: {body}");
        assert_eq!(
            (
                error["code"].as_str(),
                error["details"]["api_name"].as_str()
            ),
            (Some(code), Some(field)),
            "{change}"
        );
    }
    let (status, _) = scene
        .send(
            "POST",
            "/crm/v8/Calls",
            &with(json!({
                "Call_Type": "Missed", "Call_Duration": null, "No_Such_Field": 1,
            })),
        )
        .await;
    assert_eq!(status, 201, "an unknown field is ignored");
    let mixed = json!({ "data": [call(&agent)["data"][0], {}] });
    let (status, body) = scene.send("POST", "/crm/v8/Calls", &mixed).await;
    assert_eq!((status, &body["data"][1]["status"]), (207, &json!("error")));
}

#[tokio::test]
async fn a_lead_goes_into_what_id_and_a_contact_into_who_id() {
    let scene = Scene::of("zoho-crm").await;
    let contacts = scene.lab.emulator.control().contacts();
    let of = |kind| {
        contacts
            .iter()
            .find(|one| one.kind == kind)
            .expect("one")
            .id
            .clone()
    };
    let mut body = call(&scene.agent());
    body["data"][0]["Who_Id"] = json!({ "id": of(ContactKind::Contact) });
    body["data"][0]["What_Id"] = json!({ "id": of(ContactKind::Lead) });
    body["data"][0]["$se_module"] = json!("Leads");
    let (status, told) = scene.send("POST", "/crm/v8/Calls", &body).await;
    assert_eq!(status, 201, "{told}");
    body["data"][0]["What_Id"] = json!({ "id": of(ContactKind::Contact) });
    body["data"][0]["$se_module"] = json!("Contacts");
    let (status, told) = scene.send("POST", "/crm/v8/Calls", &body).await;
    assert_eq!(
        (status, &told["data"][0]["details"]["api_name"]),
        (400, &json!("What_Id"))
    );
}

#[tokio::test]
async fn neither_type_nor_owner_of_a_call_that_took_place_can_be_changed() {
    let scene = Scene::of("zoho-crm").await;
    let agent = scene.agent();
    let (_, body) = scene.send("POST", "/crm/v8/Calls", &call(&agent)).await;
    let id = body["data"][0]["details"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let path = format!("/crm/v8/Calls/{id}");
    let users = scene.lab.emulator.control().users();
    let other = users
        .iter()
        .find(|user| user.is_active() && user.id != agent)
        .expect("another");
    for (change, field) in [
        (json!({ "Call_Type": "Missed" }), "Call_Type"),
        (json!({ "Owner": { "id": other.id } }), "Owner"),
    ] {
        let (status, body) = scene.send("PUT", &path, &json!({ "data": [change] })).await;
        assert_eq!(
            (status, &body["data"][0]["details"]["api_name"]),
            (400, &json!(field))
        );
    }
    let change = json!({ "data": [{ "Description": "rang back" }] });
    let (status, body) = scene.send("PUT", &path, &change).await;
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("record updated"))
    );
}

#[tokio::test]
async fn a_field_of_ones_own_finds_upserts_and_refuses_a_second_record() {
    let scene = Scene::of("zoho-crm").await;
    let mut body = call(&scene.agent());
    body["data"][0]["Ext_Id"] = json!("call-1/leg 2");
    body["duplicate_check_fields"] = json!(["Ext_Id"]);
    let (status, told) = scene.send("POST", "/crm/v8/Calls/upsert", &body).await;
    assert_eq!(
        (status, &told["data"][0]["action"]),
        (201, &json!("insert"))
    );
    let id = told["data"][0]["details"]["id"].clone();
    let (status, told) = scene.send("POST", "/crm/v8/Calls/upsert", &body).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["data"][0]["action"], "update");
    assert_eq!(told["data"][0]["duplicate_field"], "Ext_Id");
    assert_eq!(told["data"][0]["details"]["id"], id);
    let (status, told) = scene.send("POST", "/crm/v8/Calls", &body).await;
    assert_eq!(
        (status, &told["data"][0]["code"]),
        (400, &json!("DUPLICATE_DATA"))
    );
    let search = query(&[("criteria", "(Ext_Id:equals:call-1/leg 2)")]);
    let (_, found) = scene.get(&format!("/crm/v8/Calls/search{search}")).await;
    assert_eq!(found["data"][0]["id"], id);
    let external = scene
        .lab
        .get("/crm/v8/Calls/call-1%2Fleg%202")
        .header("X-EXTERNAL", "Calls.Ext_Id");
    let (_, found) = json(scene.signed(external)).await;
    assert_eq!(found["data"][0]["id"], id);
}

#[tokio::test]
async fn notes_and_tasks_are_written_too() {
    let scene = Scene::of("zoho-crm").await;
    let contact = scene.lab.emulator.control().contacts()[0].id.clone();
    let path = format!("/crm/v8/Contacts/{contact}/Notes");
    let note = json!({ "data": [{ "Note_Title": "Call", "Note_Content": "Rang about the bill" }] });
    let (status, body) = scene.send("POST", &path, &note).await;
    assert_eq!(status, 201, "{body}");
    let (_, body) = scene
        .get(&format!("{path}?fields=Note_Content,Parent_Id"))
        .await;
    assert_eq!(body["data"][0]["Parent_Id"]["id"], contact.as_str());
    let agent = scene.agent();
    let task = json!({ "data": [{ "Subject": "Ring back", "Owner": agent, "Due_Date": "2026-12-01",
        "Who_Id": contact }] });
    let (status, body) = scene.send("POST", "/crm/v8/Tasks", &task).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(scene.lab.emulator.control().records()[1].owner, Some(agent));
    let wide = Some("ZohoCRM.modules.ALL");
    let wide = Scene::with("zoho-crm", Options::default(), wide).await;
    let (status, body) = wide.send("POST", "/crm/v8/Contacts", &task).await;
    assert_eq!((status, &body["code"]), (403, &json!("NO_PERMISSION")));
}
