//! Salesforce's customers and calls: searched, written, read back.

use counterpart_emulators::{
    ContactChange, ContactKind, Fault, FaultPlace, FaultSwitch, NewContact, Options, User, UserKind,
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};
use crate::salesforce::token;

const DATA: &str = "/services/data/v62.0";

/// An emulator signed in to.
struct Scene {
    lab: Lab,
    token: String,
}

impl Scene {
    async fn new() -> Self {
        let lab = Lab::of("salesforce", Options::default()).await;
        let token = token(&lab).await;
        Self { lab, token }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.lab.url(&format!("{DATA}/{path}"));
        self.lab.http.request(method, url).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        json(self.request(Method::GET, path)).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(method, path);
        let request = request.header("content-type", "application/json");
        json(request.body(body.to_string())).await
    }

    async fn soql(&self, text: &str) -> Vec<Value> {
        let (status, body) = self.get(&format!("query{}", query(&[("q", text)]))).await;
        assert_eq!(status, 200, "{body}");
        body["records"].as_array().expect("records").clone()
    }

    async fn sosl(&self, text: &str) -> (u16, Value) {
        self.get(&format!("search/{}", query(&[("q", text)]))).await
    }

    fn person(&self, active: bool) -> User {
        let users = self.lab.emulator.control().users().into_iter();
        let mut users = users.filter(|user| user.is_active() == active);
        users
            .find(|user| user.kind == UserKind::Person)
            .expect("somebody")
    }

    fn somebody(&self) -> counterpart_emulators::Contact {
        self.lab.emulator.control().add_contact(NewContact {
            given: "Ann".into(),
            family: "O'Neill".into(),
            email: Some("ann.oneill@okapi-instruments.example".into()),
            phone: Some("(020) 7946 0958".into()),
            company: Some("Okapi Instruments".into()),
            ..NewContact::default()
        })
    }

    /// A finished call under that owner.
    fn call(owner: &str) -> Value {
        json!({
            "Subject": "Call", "Status": "Completed", "Priority": "Normal", "OwnerId": owner,
            "ActivityDate": "2026-11-20", "TaskSubtype": "Call", "CallType": "Inbound",
            "CallDurationInSeconds": 185, "CallObject": "call-1",
        })
    }
}

#[tokio::test]
async fn customers_are_queried_with_their_companies_and_owners() {
    let scene = Scene::new().await;
    let contacts = scene.lab.emulator.control().contacts();
    let contact = contacts
        .iter()
        .find(|contact| contact.kind == ContactKind::Contact);
    let contact = contact.expect("a contact");
    let text = format!(
        "SELECT Id, Name, Account.Name, OwnerId, Owner.Email, IsDeleted FROM Contact WHERE Phone IN \
         ('{}', 'x') OR HomePhone = 'x' LIMIT 5",
        contact.phone.as_deref().unwrap_or_default()
    );
    let found = scene.soql(&text).await;
    assert_eq!(found[0]["Id"], json!(contact.id));
    assert_eq!(found[0]["Account"]["Name"], json!(contact.company));
    assert_eq!(found[0]["OwnerId"], json!(contact.owner));
    assert!(found[0]["Owner"]["Email"].is_string());
    let change = ContactChange {
        mobile: Some("1234567".into()),
        ..ContactChange::default()
    };
    let changed = scene
        .lab
        .emulator
        .control()
        .change_contact(&contact.id, change);
    let since = "SELECT Id FROM Contact WHERE SystemModstamp > 2026-09-02T00:00:00Z ORDER BY SystemModstamp, Id";
    assert_eq!(scene.soql(since).await.len(), 1);
    assert_eq!(changed.expect("a known contact").id, contact.id);
    let leads = scene
        .soql("SELECT Id, Company FROM Lead WHERE IsConverted = false")
        .await;
    let expected = contacts
        .iter()
        .filter(|contact| contact.kind == ContactKind::Lead);
    assert_eq!(leads.len(), expected.count());
    assert_eq!(scene.soql("SELECT Id, Name FROM Account").await.len(), 10);
}

#[tokio::test]
async fn a_search_ignores_how_a_number_is_punctuated() {
    let scene = Scene::new().await;
    let contact = scene.somebody();
    let returning = "RETURNING Contact(Id, Name, Account.Name), Lead(Id), Account(Id)";
    for (term, hits) in [
        ("02079460958", 1),
        ("20 7946 0958", 0),
        ("2079460958", 1),
        ("\\(020\\) 7946 0958", 0),
        ("\\\"x\\\" OR 02079460958", 1),
        ("442079460958", 0),
        ("0207946*", 1),
    ] {
        let text = format!("FIND {{{term}}} IN PHONE FIELDS {returning}");
        let (status, body) = scene.sosl(&text).await;
        assert_eq!(status, 200, "{term}: {body}");
        let found = body["searchRecords"].as_array().expect("records");
        let ours = found
            .iter()
            .filter(|record| record["Id"] == json!(contact.id));
        assert_eq!(ours.count(), hits, "{term}");
    }
    let (_, body) = scene.sosl("FIND {ann.oneill@okapi\\-instruments.example} IN EMAIL FIELDS RETURNING Contact(Id, Email)").await;
    assert_eq!(body["searchRecords"][0]["attributes"]["type"], "Contact");
    for bad in [
        "FIND {+4420} IN PHONE FIELDS",
        "FIND 4420",
        "FIND {4420} IN SHOE FIELDS",
    ] {
        let (status, body) = scene.sosl(bad).await;
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!("MALFORMED_SEARCH")),
            "{bad}"
        );
    }
    let asked = json!({
        "q": "02079460958", "in": "PHONE", "fields": ["Id"], "defaultLimit": 5,
        "sobjects": [{ "name": "Contact", "fields": ["Id", "Phone"] }, { "name": "Lead" }],
    });
    let (status, body) = scene
        .send(Method::POST, "parameterizedSearch", &asked)
        .await;
    assert_eq!(
        (status, &body["searchRecords"][0]["Id"]),
        (200, &json!(contact.id))
    );
}

#[tokio::test]
async fn a_call_is_written_under_its_owner_and_read_back() {
    let scene = Scene::new().await;
    let (agent, contact) = (scene.person(true), scene.somebody());
    let mut call = Scene::call(&agent.id[..15]);
    call["WhoId"] = json!(contact.id);
    let (status, made) = scene.send(Method::POST, "sobjects/Task", &call).await;
    assert_eq!((status, &made["success"]), (201, &json!(true)), "{made}");
    let id = made["id"].as_str().expect("an id");
    let (_, task) = scene
        .get(&format!(
            "sobjects/Task/{id}?fields=OwnerId,IsClosed,AccountId"
        ))
        .await;
    assert_eq!(task["OwnerId"], json!(agent.id), "always in the long form");
    assert_eq!(task["IsClosed"], json!(true));
    assert_eq!(task["AccountId"], json!(contact.company_id));
    let found = scene
        .soql("SELECT Id, Who.Name, Who.Type, Owner.Name FROM Task WHERE CallObject = 'call-1'")
        .await;
    assert_eq!(found[0]["Who"]["Name"], "Ann O'Neill");
    assert_eq!(found[0]["Who"]["Type"], "Contact");
    let path = format!("sobjects/Task/{id}");
    let change = json!({ "Description": "rang back" });
    assert_eq!(scene.send(Method::PATCH, &path, &change).await.0, 204);
    assert_eq!(scene.get(&path).await.1["Description"], "rang back");
    assert_eq!(json(scene.request(Method::DELETE, &path)).await.0, 204);
    assert_eq!(scene.get(&path).await.0, 404);
    let (_, all) = scene
        .get(&format!(
            "queryAll{}",
            query(&[("q", "SELECT Id, IsDeleted FROM Task")])
        ))
        .await;
    assert_eq!(all["records"][0]["IsDeleted"], json!(true));
    assert!(scene.soql("SELECT Id FROM Task").await.is_empty());
    let (_, body) = scene.send(Method::PATCH, &path, &change).await;
    assert_eq!(body[0]["errorCode"], "ENTITY_IS_DELETED");
}

#[tokio::test]
async fn wrong_calls_get_the_vendors_errors_and_write_nothing() {
    let scene = Scene::new().await;
    let (agent, left) = (scene.person(true), scene.person(false));
    let lead = scene.soql("SELECT Id FROM Lead LIMIT 1").await[0]["Id"].clone();
    let account = scene.soql("SELECT Id FROM Account LIMIT 1").await[0]["Id"].clone();
    for (change, code, part) in [
        (
            json!({ "Shoe": 1 }),
            "INVALID_FIELD",
            "No such column 'Shoe'",
        ),
        (
            json!({ "IsClosed": true }),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "IsClosed",
        ),
        (
            json!({ "CallDurationInSeconds": "3" }),
            "JSON_PARSER_ERROR",
            "instance of int",
        ),
        (
            json!({ "ActivityDate": "20.11.2026" }),
            "JSON_PARSER_ERROR",
            "instance of date",
        ),
        (
            json!({ "Subject": "x".repeat(256) }),
            "STRING_TOO_LONG",
            "max length=255",
        ),
        (
            json!({ "CallType": "inbound" }),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "inbound",
        ),
        (
            json!({ "Status": null }),
            "REQUIRED_FIELD_MISSING",
            "Status",
        ),
        (json!({ "OwnerId": "nobody" }), "MALFORMED_ID", "nobody"),
        (
            json!({ "OwnerId": account.clone() }),
            "MALFORMED_ID",
            "incorrect type",
        ),
        (
            json!({ "OwnerId": "005000000000001AAA" }),
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
        ),
        (
            json!({ "OwnerId": left.id }),
            "INACTIVE_OWNER_OR_USER",
            &left.id,
        ),
        (
            json!({ "WhoId": lead, "WhatId": account }),
            "FIELD_INTEGRITY_EXCEPTION",
            "lead",
        ),
    ] {
        let mut call = Scene::call(&agent.id);
        for (name, value) in change.as_object().expect("an object") {
            call[name] = value.clone();
        }
        let (status, body) = scene.send(Method::POST, "sobjects/Task", &call).await;
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!(code)),
            "{change}: {body}"
        );
        let message = body[0]["message"].as_str().expect("a message");
        assert!(message.contains(part), "{message}");
    }
    let request = scene
        .request(Method::POST, "sobjects/Task")
        .body(Scene::call(&agent.id).to_string());
    assert_eq!(json(request).await.0, 415, "a body says what it is");
    let (status, body) = scene
        .send(
            Method::POST,
            "sobjects/Contact",
            &json!({ "LastName": "x" }),
        )
        .await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"))
    );
    assert!(scene.lab.emulator.control().records().is_empty());
}

#[tokio::test]
async fn an_external_id_writes_a_call_once_and_two_of_one_are_told_apart() {
    let scene = Scene::new().await;
    let call = Scene::call(&scene.person(true).id);
    let path = "sobjects/Task/CallExtId__c/call%2F7+1";
    let (status, first) = scene.send(Method::PATCH, path, &call).await;
    assert_eq!((status, &first["created"]), (201, &json!(true)), "{first}");
    let (status, again) = scene
        .send(Method::PATCH, path, &json!({ "Subject": "Call again" }))
        .await;
    assert_eq!((status, &again["created"]), (200, &json!(false)));
    assert_eq!(again["id"], first["id"]);
    let (_, task) = scene.get(path).await;
    assert_eq!(
        (&task["CallExtId__c"], &task["Subject"]),
        (&json!("call/7+1"), &json!("Call again"))
    );
    let (status, body) = scene
        .send(Method::PATCH, path, &json!({ "CallExtId__c": "x" }))
        .await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("INVALID_FIELD"))
    );
    let other = "sobjects/Task/CallExtId__c/none?updateOnly=true";
    assert_eq!(scene.send(Method::PATCH, other, &call).await.0, 404);
    let (status, body) = scene
        .send(Method::PATCH, "sobjects/Task/Subject/x", &call)
        .await;
    assert_eq!((status, &body[0]["errorCode"]), (404, &json!("NOT_FOUND")));
    let mut twin = call.clone();
    twin["CallExtId__c"] = json!("call/7+1");
    assert_eq!(
        scene.send(Method::POST, "sobjects/Task", &twin).await.0,
        201
    );
    let (status, both) = scene.send(Method::PATCH, path, &call).await;
    assert_eq!((status, both.as_array().map(Vec::len)), (300, Some(2)));
}

#[tokio::test]
async fn a_lost_answer_leaves_the_call_written() {
    let scene = Scene::new().await;
    let control = scene.lab.emulator.control();
    let switch = FaultSwitch::next(1, Fault::BreakOff).on(FaultPlace::Write);
    control.inject(switch).expect("a switch");
    let request = scene.request(Method::POST, "sobjects/Task");
    let request = request.header("content-type", "application/json");
    let response = send(request.body(Scene::call(&scene.person(true).id).to_string())).await;
    assert!(response.bytes().await.is_err(), "the answer is cut");
    assert_eq!(control.records().len(), 1);
}

#[tokio::test]
async fn describe_tells_what_may_be_set_when() {
    let scene = Scene::new().await;
    let (_, task) = scene.get("sobjects/Task/describe").await;
    let field = |name: &str| {
        let mut fields = task["fields"].as_array().expect("fields").iter();
        fields
            .find(|field| field["name"] == json!(name))
            .expect("the field")
            .clone()
    };
    let subtype = field("TaskSubtype");
    assert_eq!(
        (&subtype["createable"], &subtype["updateable"]),
        (&json!(true), &json!(false))
    );
    let key = field("CallExtId__c");
    assert_eq!(
        (&key["externalId"], &key["idLookup"], &key["unique"]),
        (&json!(true), &json!(true), &json!(false))
    );
    assert_eq!(field("IsClosed")["createable"], json!(false));
    assert_eq!(field("OwnerId")["referenceTo"], json!(["Group", "User"]));
    for name in ["Contact", "Lead", "Account"] {
        let (_, object) = scene.get(&format!("sobjects/{name}/describe")).await;
        assert_eq!(
            (&object["searchable"], &object["createable"]),
            (&json!(true), &json!(false)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_event_needs_a_start_and_a_length() {
    let scene = Scene::new().await;
    let owner = scene.person(true).id;
    let mut event =
        json!({ "Subject": "Visit", "OwnerId": owner, "StartDateTime": "2026-11-20T09:00:00Z" });
    let (_, body) = scene.send(Method::POST, "sobjects/Event", &event).await;
    assert_eq!(body[0]["errorCode"], "REQUIRED_FIELD_MISSING");
    event["DurationInMinutes"] = json!(30);
    let (status, made) = scene.send(Method::POST, "sobjects/Event", &event).await;
    assert_eq!(status, 201, "{made}");
    let found = scene.soql("SELECT EndDateTime, OwnerId FROM Event").await;
    assert_eq!(found[0]["EndDateTime"], "2026-11-20T09:30:00.000+0000");
}

#[tokio::test]
async fn several_requests_in_one_refer_to_each_other() {
    let scene = Scene::new().await;
    let call = Scene::call(&scene.person(true).id);
    let body = json!({ "allOrNone": true, "compositeRequest": [
        { "method": "PATCH", "url": format!("{DATA}/sobjects/Task/CallExtId__c/c1"), "referenceId": "t", "body": call },
        { "method": "GET", "url": format!("{DATA}/sobjects/Task/@{{t.id}}?fields=OwnerId"), "referenceId": "r" },
        { "method": "POST", "url": format!("{DATA}/sobjects/Task"), "referenceId": "bad", "body": { "Shoe": 1 } },
    ] });
    let (status, answer) = scene.send(Method::POST, "composite", &body).await;
    assert_eq!(status, 200, "{answer}");
    let codes: Vec<u64> = answer["compositeResponse"]
        .as_array()
        .expect("answers")
        .iter()
        .filter_map(|one| one["httpStatusCode"].as_u64())
        .collect();
    assert_eq!(codes, [201, 200, 400]);
    let records = json!({ "records": [
        { "attributes": { "type": "Task" }, "Subject": "one" },
        { "attributes": { "type": "Task" }, "Shoe": "two" },
    ] });
    let (_, results) = scene
        .send(Method::POST, "composite/sobjects", &records)
        .await;
    assert_eq!(results[0]["success"], json!(true));
    assert_eq!(results[1]["errors"][0]["statusCode"], "INVALID_FIELD");
}
