//! The emulated Odoo where something is written or refused, in both dialects.

use counterpart_emulators::{Fault, FaultSwitch, UserKind};
use serde_json::{Value, json};

use crate::odoo::Odoo;

#[tokio::test]
async fn a_call_is_written_under_an_archived_user_without_a_word_and_not_under_nobody() {
    let odoo = Odoo::start().await;
    let control = odoo.lab.emulator.control();
    let person = control
        .users()
        .into_iter()
        .find(|user| user.kind == UserKind::Person)
        .expect("somebody");
    control.deactivate(&person.id).expect("there");
    let owner: i64 = person.id.parse().expect("a number");
    let partner: i64 = control.contacts()[0].id.parse().expect("a number");
    let call = json!({
        "name": "Inbound call", "partner_id": partner, "direction": "in", "state": "done", "user_id": owner,
        "date": "2026-11-22 04:30:00", "duration": 3.5, "description": "key=abc",
    });
    let id = odoo
        .call("crm.phonecall", "create", json!([call]), json!({}))
        .await;
    let fields =
        json!({ "fields": ["user_id", "partner_id", "duration", "date", "create_uid", "state"] });
    let read = odoo
        .call("crm.phonecall", "read", json!([[id]]), fields)
        .await;
    assert_eq!(read[0]["user_id"], json!([owner, person.full_name()]));
    assert_eq!(
        (&read[0]["duration"], &read[0]["date"]),
        (&json!(3.5), &json!("2026-11-22 04:30:00"))
    );
    assert_eq!(read[0]["create_uid"][0], json!(odoo.user));
    let found = odoo
        .call(
            "crm.phonecall",
            "search",
            json!([[["description", "ilike", "key=abc"]]]),
            json!({}),
        )
        .await;
    assert_eq!(found, json!([id]));
    assert_eq!(
        control.records()[0].owner.as_deref(),
        Some(person.id.as_str())
    );

    let refused = async |values: Value| {
        odoo.refused("crm.phonecall", "create", json!([values]), json!({}))
            .await
    };
    let (name, message) = refused(json!({ "name": "x", "user_id": 999_999 })).await;
    assert_eq!(name, "odoo.exceptions.ValidationError");
    assert!(
        message.ends_with("Constraint: crm_phonecall_user_id_fkey"),
        "{message}"
    );
    assert!(
        refused(json!({}))
            .await
            .1
            .contains("Field: Call Summary (name)")
    );
    assert_eq!(
        refused(json!({ "name": "x", "nope": 1 })).await.1,
        "Invalid field 'nope' on model 'crm.phonecall'"
    );
    let (name, message) = refused(json!({ "name": "x", "direction": "up" })).await;
    assert_eq!(
        (name.as_str(), message.as_str()),
        (
            "builtins.ValueError",
            "Wrong value for crm.phonecall.direction: 'up'"
        )
    );
    assert!(
        refused(json!({ "name": "x", "date": "2026-11-22T04:30:00Z" }))
            .await
            .1
            .contains("does not match format")
    );
}

#[tokio::test]
async fn closing_an_activity_removes_it_and_leaves_a_message_by_the_connecting_user() {
    let odoo = Odoo::start().await;
    let control = odoo.lab.emulator.control();
    let person = control
        .users()
        .into_iter()
        .find(|user| user.kind == UserKind::Person)
        .expect("somebody");
    let owner: i64 = person.id.parse().expect("a number");
    let partner: i64 = control.contacts()[0].id.parse().expect("a number");
    let model = odoo
        .call(
            "ir.model",
            "search",
            json!([[["model", "=", "res.partner"]]]),
            json!({}),
        )
        .await;
    let kind = odoo
        .call(
            "ir.model.data",
            "check_object_reference",
            json!(["mail", "mail_activity_data_call"]),
            json!({}),
        )
        .await;
    let activity = json!({
        "res_model_id": model[0], "res_id": partner, "activity_type_id": kind[1], "summary": "Call", "user_id": owner,
    });
    let id = odoo
        .call("mail.activity", "create", json!([activity]), json!({}))
        .await;
    let message = odoo
        .call(
            "mail.activity",
            "action_feedback",
            json!([[id]]),
            json!({ "feedback": "3 min" }),
        )
        .await;
    let read = odoo
        .call(
            "mail.message",
            "read",
            json!([[message]]),
            json!({ "fields": ["body", "author_id", "res_id"] }),
        )
        .await;
    let body = read[0]["body"].as_str().expect("a text");
    assert!(
        body.contains(&format!("originally assigned to {}", person.full_name())),
        "{body}"
    );
    assert_eq!(read[0]["res_id"], json!(partner));
    let (name, _) = odoo
        .refused("mail.activity", "read", json!([[id]]), json!({}))
        .await;
    assert_eq!(name, "odoo.exceptions.MissingError");
    let (name, message) = odoo
        .refused(
            "mail.activity",
            "create",
            json!([{ "res_model_id": model[0], "res_id": 99 }]),
            json!({}),
        )
        .await;
    assert_eq!(name, "odoo.exceptions.MissingError", "{message}");
}

#[tokio::test]
async fn what_is_not_understood_is_refused_in_pythons_words() {
    let odoo = Odoo::start().await;
    let search = async |domain: Value, named: Value| {
        odoo.refused("res.users", "search_read", json!([domain]), named)
            .await
            .1
    };
    assert_eq!(
        search(json!([["nope", "=", 1]]), json!({})).await,
        "Invalid field res.users.nope in leaf ('nope', '=', 1)"
    );
    assert_eq!(
        search(json!([["name", "foo", "x"]]), json!({})).await,
        "Invalid leaf ('name', 'foo', 'x')"
    );
    assert_eq!(
        search(json!(["|", ["name", "=", "x"]]), json!({})).await,
        "This domain is syntactically not correct: ['|', ['name', '=', 'x']]"
    );
    assert_eq!(
        search(json!([]), json!({ "fields": ["nope"] })).await,
        "Invalid field 'nope' on model 'res.users'"
    );
    assert!(
        search(json!([]), json!({ "order": "id foo" }))
            .await
            .starts_with("Invalid \"order\" specified")
    );
    assert!(
        search(json!([]), json!({ "nope": 1 }))
            .await
            .contains("unexpected keyword argument 'nope'")
    );
    assert_eq!(
        odoo.refused("no.such", "search", json!([[]]), json!({}))
            .await
            .1,
        "Object no.such doesn't exist"
    );
    assert!(
        odoo.refused("res.users", "_search", json!([[]]), json!({}))
            .await
            .1
            .starts_with("Private methods")
    );
    let (name, message) = odoo
        .refused(
            "res.users",
            "write",
            json!([[6], { "name": "x" }]),
            json!({}),
        )
        .await;
    assert_eq!(name, "odoo.exceptions.AccessError");
    assert!(
        message.starts_with("You are not allowed to modify 'User' (res.users) records."),
        "{message}"
    );
    let may = odoo
        .call(
            "res.users",
            "check_access_rights",
            json!(["write", false]),
            json!({}),
        )
        .await;
    assert_eq!(may, json!(false));
}

#[tokio::test]
async fn json_2_has_named_arguments_bare_results_and_statuses_of_its_own() {
    let odoo = Odoo::start().await;
    let key = odoo.lab.credential("api_key");
    let body = json!({ "domain": [], "fields": ["login"], "limit": 2, "order": "id" });
    let (status, rows) = odoo
        .json2("/json/2/res.users/search_read", &key, body.clone())
        .await;
    assert_eq!((status, rows.as_array().map(Vec::len)), (200, Some(2)));
    let (status, error) = odoo
        .json2("/json/2/res.users/search_read", "nope", body)
        .await;
    assert_eq!((status, &error["message"]), (401, &json!("Invalid apikey")));
    let (status, error) = odoo
        .json2("/json/2/no.such/search", &key, json!({ "domain": [] }))
        .await;
    assert_eq!(
        (status, &error["message"]),
        (404, &json!("the model 'no.such' does not exist"))
    );
    let (status, _) = odoo
        .json2(
            "/json/2/res.users/search",
            &key,
            json!({ "domain": [], "ids": [6] }),
        )
        .await;
    assert_eq!(status, 422);
    let (status, error) = odoo
        .json2(
            "/json/2/res.users/search",
            &key,
            json!({ "domain": [["nope", "=", 1]] }),
        )
        .await;
    assert_eq!(
        (status, &error["name"]),
        (500, &json!("builtins.ValueError"))
    );
    let (status, error) = odoo
        .json2(
            "/json/2/res.users/write",
            &key,
            json!({ "ids": [6], "vals": {} }),
        )
        .await;
    assert_eq!(
        (status, &error["name"]),
        (403, &json!("odoo.exceptions.AccessError"))
    );
    let values = json!({ "vals_list": [{ "name": "x" }] });
    let (status, ids) = odoo
        .json2("/json/2/crm.phonecall/create", &key, values)
        .await;
    assert!(status == 200 && ids.is_array(), "{ids}");
    let (status, error) = odoo
        .json2(
            "/json/2/res.partner/search_read",
            &key,
            json!({ "fields": ["mobile"] }),
        )
        .await;
    assert_eq!(
        (status, &error["message"]),
        (500, &json!("Invalid field 'mobile' on model 'res.partner'"))
    );
}

#[tokio::test]
async fn refusals_come_in_the_dialect_of_the_request() {
    let odoo = Odoo::start().await;
    let key = odoo.lab.credential("api_key");
    let control = odoo.lab.emulator.control();
    control
        .inject(FaultSwitch::next(2, Fault::MissingPermission))
        .expect("a fault");
    let (name, _) = odoo
        .refused("res.users", "search", json!([[]]), json!({}))
        .await;
    assert_eq!(name, "odoo.exceptions.AccessError");
    let (status, _) = odoo
        .json2("/json/2/res.users/search", &key, json!({ "domain": [] }))
        .await;
    assert_eq!(status, 403);
    control
        .inject(FaultSwitch::next(2, Fault::WrongCredentials))
        .expect("a fault");
    let (name, _) = odoo
        .refused("res.users", "search", json!([[]]), json!({}))
        .await;
    assert_eq!(name, "odoo.exceptions.AccessDenied");
    let (status, _) = odoo
        .json2("/json/2/res.users/search", &key, json!({ "domain": [] }))
        .await;
    assert_eq!(status, 401);
    control
        .inject(FaultSwitch::next(1, Fault::TruncatedList))
        .expect("a fault");
    let named = json!({ "fields": ["id"], "limit": 10, "order": "id" });
    let rows = odoo
        .call("res.users", "search_read", json!([[]]), named)
        .await;
    assert_eq!(rows.as_array().map(Vec::len), Some(5));
}
