//! Phone calls and notes of Dynamics 365: written, read back, written once.

use counterpart_emulators::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::json;
use crate::dynamics_365::Scene;

#[tokio::test]
async fn a_call_is_written_under_its_owner_and_read_back_with_its_parties() {
    let scene = Scene::of(Options::default()).await;
    let agent = scene.person(true);
    let (status, call) = scene
        .send(Method::POST, "phonecalls", &scene.call(&agent.id))
        .await;
    assert_eq!(status, 201, "{call}");
    assert_eq!(call["_ownerid_value"], json!(agent.id));
    let id = call["activityid"].as_str().expect("an id");
    let done = json!({ "statecode": 1, "statuscode": 4 });
    assert_eq!(
        scene
            .send(Method::PATCH, &format!("phonecalls({id})"), &done)
            .await
            .0,
        200
    );
    let request = scene.request(
        Method::GET,
        &format!("phonecalls({id})?$expand=phonecall_activity_parties"),
    );
    let (_, call) = json(request.header("prefer", "odata.include-annotations=\"*\"")).await;
    let owner = &call["_ownerid_value@OData.Community.Display.V1.FormattedValue"];
    assert_eq!(owner, &json!(agent.full_name()));
    assert_eq!(
        call["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"],
        "systemuser"
    );
    assert_eq!(
        call["statecode@OData.Community.Display.V1.FormattedValue"],
        "Completed"
    );
    let masks: Vec<i64> = call["phonecall_activity_parties"]
        .as_array()
        .expect("parties")
        .iter()
        .filter_map(|party| party["participationtypemask"].as_i64())
        .collect();
    assert_eq!(
        masks,
        [1, 2, 8, 9],
        "the owner and what it is about are parties, too"
    );
    let record = &scene.lab.emulator.control().records()[0];
    assert_eq!(
        (record.kind.as_str(), &record.owner),
        ("phonecall", &Some(agent.id))
    );
}

#[tokio::test]
async fn wrong_writes_get_the_vendors_errors_and_write_nothing() {
    let scene = Scene::of(Options::default()).await;
    let (agent, left) = (scene.person(true), scene.person(false));
    let nobody = "/systemusers(00000000-0000-0000-0000-000000000001)";
    for (change, status, code) in [
        (json!({ "Subject": "x" }), 400, "0x80048d19"),
        (json!({ "_ownerid_value": agent.id }), 400, "0x80048d19"),
        (
            json!({ "regardingobjectid_contact@odata.bind": "/contacts(x)" }),
            400,
            "0x80048d19",
        ),
        (json!({ "actualdurationminutes": "4" }), 400, "0x80048d19"),
        (json!({ "subject": "x".repeat(201) }), 400, "0x80044331"),
        (json!({ "statuscode": 9 }), 400, "0x8004431a"),
        (json!({ "statuscode": 2 }), 400, "0x80048408"),
        (json!({ "ownerid@odata.bind": nobody }), 404, "0x80040217"),
        (
            json!({ "ownerid@odata.bind": format!("/systemusers({})", left.id) }),
            403,
            "0x80040225",
        ),
    ] {
        let mut call = scene.call(&agent.id);
        for (name, value) in change.as_object().expect("an object") {
            call[name] = value.clone();
        }
        let (found, body) = scene.send(Method::POST, "phonecalls", &call).await;
        assert_eq!(
            (found, &body["error"]["code"]),
            (status, &json!(code)),
            "{change}: {body}"
        );
    }
    assert_eq!(
        scene.send(Method::POST, "contacts", &json!({})).await.0,
        403
    );
    assert!(scene.lab.emulator.control().records().is_empty());
    let mut quiet = scene.call(&agent.id);
    quiet["createdon"] = json!("2001-01-01T00:00:00Z");
    quiet["statecode"] = json!(1);
    let (status, call) = scene.send(Method::POST, "phonecalls", &quiet).await;
    assert_eq!(
        (status, &call["statecode"]),
        (201, &json!(0)),
        "what cannot be set is ignored"
    );
}

#[tokio::test]
async fn a_key_of_our_own_writes_a_call_once() {
    let scene = Scene::of(Options::default()).await;
    let agent = scene.person(true);
    let call = scene.call(&agent.id);
    let path = "phonecalls(new_callid='call%2F7+1')";
    let (status, first) = scene.send(Method::PATCH, path, &call).await;
    assert_eq!((status, &first["new_callid"]), (201, &json!("call/7+1")));
    let (status, again) = scene.send(Method::PATCH, path, &call).await;
    assert_eq!((status, &again["activityid"]), (200, &first["activityid"]));
    let request = scene
        .request(Method::PATCH, path)
        .header("if-none-match", "*");
    let request = request
        .header("content-type", "application/json")
        .body(call.to_string());
    assert_eq!(json(request).await.0, 412);
    let request = scene
        .request(Method::PATCH, "phonecalls(new_callid='other')")
        .header("if-match", "*");
    let request = request
        .header("content-type", "application/json")
        .body(call.to_string());
    assert_eq!(json(request).await.0, 404);
    let mut twin = call.clone();
    twin["new_callid"] = json!("call/7+1");
    let (status, body) = scene.send(Method::POST, "phonecalls", &twin).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (412, &json!("0x80060892"))
    );
    twin["new_callid"] = Value::Null;
    twin["activityid"] = first["activityid"].clone();
    let (status, body) = scene.send(Method::POST, "phonecalls", &twin).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (412, &json!("0x80040237"))
    );
    assert_eq!(scene.lab.emulator.control().records().len(), 1);
}

#[tokio::test]
async fn a_program_acts_for_a_user_who_is_there_and_enabled() {
    let scene = Scene::of(Options::default()).await;
    let (agent, left) = (scene.person(true), scene.person(false));
    let (_, shown) = scene.get(&format!("systemusers({})", agent.id)).await;
    let entra = shown["azureactivedirectoryobjectid"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (_, own) = scene.get("WhoAmI").await;
    for (header, value) in [("callerobjectid", &entra), ("mscrmcallerid", &agent.id)] {
        let request = scene
            .request(Method::POST, "annotations")
            .header(header, value);
        let request = request.header("content-type", "application/json");
        let request = request.header("prefer", "return=representation");
        let (status, note) = json(request.body(json!({ "notetext": "hello" }).to_string())).await;
        assert_eq!(status, 201, "{note}");
        assert_eq!(note["_createdby_value"], json!(agent.id));
        assert_eq!(note["_ownerid_value"], json!(agent.id));
        assert_eq!(note["_createdonbehalfby_value"], own["UserId"]);
    }
    for (header, value, code) in [
        ("callerobjectid", agent.id.as_str(), "0x80072560"),
        ("mscrmcallerid", entra.as_str(), "0x80041d1f"),
        ("mscrmcallerid", left.id.as_str(), "0x80040225"),
    ] {
        let (status, body) = json(scene.request(Method::GET, "WhoAmI").header(header, value)).await;
        assert_eq!(
            (status, &body["error"]["code"]),
            (403, &json!(code)),
            "{header}"
        );
    }
}
