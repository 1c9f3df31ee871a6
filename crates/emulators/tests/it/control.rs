//! Steering over HTTP, as another process does.

use counterpart_emulators::{Options, catalogue, start};
use serde_json::{Value, json};

use crate::client::{Lab, json};

async fn lab() -> Lab {
    Lab::of("salesforce", Options::default()).await
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    json(
        lab.post(path)
            .header("content-type", "application/json")
            .body(body.to_string()),
    )
    .await
}

#[tokio::test]
async fn users_are_added_changed_deactivated_and_deleted() {
    let lab = lab().await;
    let new = json!({ "given": "Zoë", "family": "Quist", "email": "zoe.quist@northwind.example" });
    let (status, user) = post(&lab, "/_emulator/users", &new).await;
    assert_eq!(status, 201, "{user}");
    let path = format!("/_emulator/users/{}", user["id"].as_str().expect("an id"));
    let change = lab
        .http
        .patch(lab.url(&path))
        .header("content-type", "application/json");
    let (_, changed) = json(change.body(json!({ "family": "Quist-Meyer" }).to_string())).await;
    assert_eq!(changed["family"], "Quist-Meyer");
    let (_, off) = post(&lab, &format!("{path}/deactivate"), &Value::Null).await;
    assert_eq!(off["state"], "inactive");
    let (_, gone) = json(lab.http.delete(lab.url(&path))).await;
    assert_eq!(gone["state"], "deleted");
    let (status, error) = json(lab.http.delete(lab.url("/_emulator/users/005xx"))).await;
    assert_eq!(status, 404);
    assert!(
        error["error"]
            .as_str()
            .is_some_and(|text| text.contains("005xx"))
    );
}

#[tokio::test]
async fn a_misspelt_switch_is_refused_with_the_place() {
    let lab = lab().await;
    let (status, error) = post(&lab, "/_emulator/faults", &json!({ "fault": "gremlins" })).await;
    assert_eq!(status, 422);
    assert!(
        error["error"]
            .as_str()
            .is_some_and(|text| text.contains("gremlins")),
        "{error}"
    );
    let (status, list) = post(
        &lab,
        "/_emulator/faults",
        &json!({ "fault": "server_error", "requests": 1 }),
    )
    .await;
    assert_eq!((status, list.as_array().map(Vec::len)), (201, Some(1)));
    assert_eq!(
        lab.http
            .delete(lab.url("/_emulator/faults"))
            .send()
            .await
            .expect("an answer")
            .status(),
        204
    );
    assert_eq!(json(lab.get("/_emulator/faults")).await.1, json!([]));
}

#[tokio::test]
async fn the_front_page_says_what_to_type_into_a_connection() {
    for info in catalogue() {
        let lab = Lab::of(info.name, Options::default()).await;
        let (_, about) = json(lab.get("/_emulator")).await;
        assert_eq!(about["emulator"], info.name);
        assert_eq!(about["settings"], json!(lab.emulator.settings()));
        assert_eq!(about["credentials"], json!(lab.emulator.credentials()));
    }
}

#[tokio::test]
async fn clock_quota_and_log_are_within_reach() {
    let lab = lab().await;
    let before = json(lab.get("/_emulator/clock")).await.1;
    let (_, after) = post(
        &lab,
        "/_emulator/clock",
        &json!({ "advance_seconds": 7200 }),
    )
    .await;
    assert_ne!(before, after);
    assert_eq!(json(lab.get("/_emulator/quota")).await.1["limit"], 100_000);
    lab.get("/services/data").send().await.expect("an answer");
    let log = json(lab.get("/_emulator/requests")).await.1;
    assert_eq!(
        (&log[0]["path"], &log[0]["status"]),
        (&json!("/services/data"), &json!(200))
    );
    let (status, error) = post(&lab, "/_emulator/grant-codes", &json!({})).await;
    assert_eq!(status, 400, "{error}");
}

#[tokio::test]
async fn a_stopped_emulator_no_longer_answers() {
    let lab = lab().await;
    let url = lab.url("/_emulator");
    lab.http.get(&url).send().await.expect("an answer");
    lab.emulator.shutdown().await;
    lab.http.get(&url).send().await.expect_err("nobody listens");
}

#[tokio::test]
async fn bad_options_are_refused_with_a_remedy() {
    let unknown = start("sugarcrm", Options::default())
        .await
        .expect_err("no such emulator");
    assert!(unknown.to_string().contains("salesforce"), "{unknown}");
    let pages = start(
        "salesforce",
        Options {
            page_size: Some(0),
            ..Options::default()
        },
    )
    .await;
    assert!(
        pages
            .expect_err("no rows a page")
            .to_string()
            .contains("at least 1")
    );
    let busy = lab().await;
    let taken = start(
        "salesforce",
        Options {
            listen: busy.emulator.address,
            ..Options::default()
        },
    )
    .await;
    assert!(
        taken
            .expect_err("the port is taken")
            .to_string()
            .contains("cannot listen")
    );
}
