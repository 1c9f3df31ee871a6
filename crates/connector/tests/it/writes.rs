//! Records whose vendor gives them among others only, and names that stand in for what is missing.

use counterpart_connector::{Attempt, Connector as _, ErrorClass, ReadBack};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Owner};
use serde_json::{Value, json};

use crate::script::{Asked, Reply, Server};
use crate::world::World;

/// Notes are read and found among those of a ticket or contact.
const NOTES: &str = r#"
[inputs]
owner_name = { escape = "none" }
text = { escape = "none" }
[[activities]]
kind = "note"
title = "Note"
delivery = "B"
needs = ["about_id"]
inputs = { about_kind = { words = { contact = "PERSON", lead = "PROSPECT" } } }
id = { pointer = "/id" }
read = { request = { path = "/of/{about_kind}/{about_id}" }, item = "/notes", id = "/id" }
owner = ["/by"]
find = { requests = [{ path = "/of/{about_kind}/{about_id}" }], items = "/notes", id = "/id", key = "/key", paging = { kind = "none", because = "one answer holds all" } }
write = { method = "POST", path = "/notes", json = '{"on": "{about_id}", "text": "{owner_name}: {text}", "key": "{our_key}"}' }
"#;

fn answer(asked: &Asked) -> Reply {
    match asked.target.as_str() {
        "/token" => Reply::ok(&json!({"access_token": "t", "expires_in": 3_600})),
        "/notes" => Reply::ok(&json!({"id": "n2"})),
        "/of/PROSPECT/l7" => Reply::ok(&json!({"notes": [
            {"id": "n1", "by": "u9", "key": "other"},
            {"id": "n2", "by": "u1", "key": "our-key"},
        ]})),
        _ => Reply::status(404, &Value::Null),
    }
}

fn note() -> Activity {
    Activity {
        kind: ActivityKind::Note,
        key: "our-key".to_owned(),
        owner: Owner::of(CrmUserId("u1".to_owned())),
        about: About {
            lead_id: Some("l7".to_owned()),
            ..About::default()
        },
        subject: "A call".to_owned(),
        text: String::new(),
        direction: None,
        outcome: None,
        started_at: counterpart_model::Timestamp::from_micros(0),
        duration_seconds: 0,
        remote_number: None,
        own_number: None,
        recording_url: None,
    }
}

#[tokio::test]
async fn a_record_is_read_back_among_others_by_its_id() {
    let server = Server::start(answer).await;
    let world = World::changed(&server, "", "", NOTES);
    let (access, note) = (world.access(), note());
    let written = world
        .connector
        .write_activity(&access, &note, Attempt::First)
        .await;
    assert_eq!(written.expect("it is written").owner, ReadBack::Same);
    let found = world.connector.find_activity(&access, &note).await;
    assert_eq!(found.expect("it is found"), ["n2"]);
    let body = server
        .asked()
        .into_iter()
        .find(|asked| asked.target == "/notes");
    let body: Value = serde_json::from_str(&body.expect("a write").body).expect("JSON");
    assert_eq!(
        body,
        json!({"on": "l7", "text": "u1: A call", "key": "our-key"})
    );
}

#[tokio::test]
async fn a_record_about_nothing_is_not_sent_where_the_vendor_wants_something() {
    let server = Server::start(answer).await;
    let world = World::changed(&server, "", "", NOTES);
    let mut note = note();
    note.about = About::default();
    let written = world
        .connector
        .write_activity(&world.access(), &note, Attempt::First)
        .await;
    let error = written.expect_err("there is nothing to tie it to");
    assert_eq!(*error.class(), ErrorClass::Unsupported);
    assert_eq!(server.count("/notes"), 0);
}
