//! Salesforce as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Options, UserChange};
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

const DATA: &str = "/services/data/v62.0";

async fn lab(options: Options) -> (Lab, String) {
    let lab = Lab::of("salesforce", options).await;
    let token = token(&lab).await;
    (lab, token)
}

pub(crate) async fn token(lab: &Lab) -> String {
    let (status, body) = sign_in(lab, &lab.credential("client_secret")).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["instance_url"], json!(lab.emulator.base_url));
    assert!(
        body.get("expires_in").is_none(),
        "Salesforce does not say how long a token lives"
    );
    body["access_token"].as_str().expect("a token").to_owned()
}

async fn sign_in(lab: &Lab, secret: &str) -> (u16, Value) {
    let id = lab.credential("client_id");
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", secret),
    ];
    lab.post_form("/services/oauth2/token", &fields).await
}

async fn soql(lab: &Lab, token: &str, text: &str) -> (u16, Value) {
    get(
        lab,
        token,
        &format!("{DATA}/query{}", query(&[("q", text)])),
    )
    .await
}

async fn get(lab: &Lab, token: &str, path: &str) -> (u16, Value) {
    json(lab.get(path).bearer_auth(token)).await
}

/// All records of a query, page by page.
async fn all(lab: &Lab, token: &str, text: &str) -> Vec<Value> {
    let (status, mut body) = soql(lab, token, text).await;
    assert_eq!(status, 200, "{body}");
    let mut records = Vec::new();
    loop {
        records.extend(body["records"].as_array().expect("records").iter().cloned());
        let Some(next) = body["nextRecordsUrl"].as_str() else {
            break;
        };
        assert_eq!(body["done"], false);
        body = get(lab, token, next).await.1;
    }
    assert_eq!(body["done"], true);
    assert_eq!(body["totalSize"], records.len());
    records
}

#[tokio::test]
async fn every_user_comes_once_over_all_pages() {
    let (lab, token) = lab(Options {
        people: 5000,
        ..Options::default()
    })
    .await;
    let records = all(&lab, &token, "SELECT Id, Email FROM User").await;
    let ids: HashSet<_> = records
        .iter()
        .map(|record| record["Id"].to_string())
        .collect();
    assert_eq!(ids.len(), lab.emulator.control().users().len());
    assert_eq!(records.len(), ids.len());
    let pages = lab.emulator.control().requests();
    assert_eq!(
        pages.last().and_then(|request| request.page),
        Some(3),
        "2,000 rows a page"
    );
}

#[tokio::test]
async fn batch_size_is_honoured_within_the_vendors_bounds() {
    let (lab, token) = lab(Options {
        people: 400,
        ..Options::default()
    })
    .await;
    let path = format!("{DATA}/query{}", query(&[("q", "SELECT Id FROM User")]));
    for (asked, served) in [("batchSize=250", 250), ("batchSize=3", 200)] {
        let request = lab
            .get(&path)
            .bearer_auth(&token)
            .header("Sforce-Query-Options", asked);
        let (_, body) = json(request).await;
        assert_eq!(body["records"].as_array().map(Vec::len), Some(served));
        let next = body["nextRecordsUrl"].as_str().expect("more");
        assert!(next.ends_with(&format!("-{served}")), "{next}");
    }
}

#[tokio::test]
async fn a_record_has_attributes_nested_parents_and_the_vendors_times() {
    let (lab, token) = lab(Options::default()).await;
    let text = "SELECT Id, Name, IsActive, SystemModstamp, Profile.Name, Profile.UserLicense.Name, UserRole.Name \
                FROM User WHERE UserType = 'Standard' AND IsActive = true ORDER BY Name LIMIT 3";
    let (status, body) = soql(&lab, &token, text).await;
    assert_eq!((status, &body["totalSize"]), (200, &json!(3)));
    let record = &body["records"][0];
    assert_eq!(record["attributes"]["type"], "User");
    assert_eq!(record["Id"].as_str().map(str::len), Some(18));
    assert!(
        record["Profile"]["UserLicense"]["Name"].is_string(),
        "{record}"
    );
    let time = record["SystemModstamp"].as_str().expect("a time");
    assert!(time.ends_with(".000+0000"), "{time}");
    let (_, automated) = soql(
        &lab,
        &token,
        "SELECT Id, Profile.Name FROM User WHERE UserType = 'AutomatedProcess'",
    )
    .await;
    assert_eq!(automated["records"][0]["Profile"], Value::Null);
}

#[tokio::test]
async fn both_forms_of_an_id_find_the_user() {
    let (lab, token) = lab(Options::default()).await;
    let user = lab.emulator.control().users()[5].clone();
    for id in [user.id.as_str(), &user.id[..15], &user.id.to_lowercase()] {
        let (_, body) = soql(
            &lab,
            &token,
            &format!("SELECT Id FROM User WHERE Id = '{id}'"),
        )
        .await;
        assert_eq!(body["records"][0]["Id"], json!(user.id), "{id}");
    }
    let (status, body) = soql(&lab, &token, "SELECT Id FROM User WHERE Id = 'nonsense'").await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("INVALID_QUERY_FILTER_OPERATOR"))
    );
}

#[tokio::test]
async fn changed_since_finds_the_changed_user_alone() {
    let (lab, token) = lab(Options::default()).await;
    let user = lab.emulator.control().users()[7].clone();
    let change = UserChange {
        email: Some("new@northwind.example".into()),
        ..UserChange::default()
    };
    let changed = lab
        .emulator
        .control()
        .update_user(&user.id, change)
        .expect("a known user");
    let since = "2026-09-02T00:00:00Z";
    let text = format!(
        "SELECT Id, Email FROM User WHERE SystemModstamp > {since} ORDER BY SystemModstamp, Id"
    );
    let records = all(&lab, &token, &text).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["Id"], json!(changed.id));
    assert_eq!(records[0]["Email"], "new@northwind.example");
}

#[tokio::test]
async fn wrong_queries_get_the_vendors_errors() {
    let (lab, token) = lab(Options::default()).await;
    for (text, code, part) in [
        (
            "SELECT Id FRUM User",
            "MALFORMED_QUERY",
            "unexpected token: 'FRUM'",
        ),
        ("", "MALFORMED_QUERY", "empty"),
        (
            "SELECT Id, Shoe FROM User",
            "INVALID_FIELD",
            "No such column 'Shoe' on entity 'User'",
        ),
        (
            "SELECT Boss.Name FROM User",
            "INVALID_FIELD",
            "Didn't understand relationship 'Boss'",
        ),
        (
            "SELECT Id FROM Users",
            "INVALID_TYPE",
            "sObject type 'Users' is not supported",
        ),
        (
            "SELECT Id FROM User WHERE IsActive = 'true'",
            "INVALID_FIELD",
            "must be of type boolean",
        ),
        (
            "SELECT Id FROM User WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime",
        ),
        (
            "SELECT Id FROM User OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "2000",
        ),
        (
            "SELECT Id FROM Task WHERE Description LIKE 'x%'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id, Id FROM User",
            "MALFORMED_QUERY",
            "duplicate field selected: Id",
        ),
    ] {
        let (status, body) = soql(&lab, &token, text).await;
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!(code)),
            "{text}: {body}"
        );
        let message = body[0]["message"].as_str().expect("a message");
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[tokio::test]
async fn conditions_select_as_soql_does() {
    let (lab, token) = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let some = &users[3];
    let upper = some.email.to_uppercase();
    let text = format!("SELECT COUNT() FROM User WHERE Email = '{upper}'");
    let (_, body) = soql(&lab, &token, &text).await;
    assert!(
        body["totalSize"].as_u64() >= Some(1),
        "text is compared without regard to case"
    );
    assert_eq!(body["records"], json!([]));
    let inactive = users.iter().filter(|user| !user.is_active()).count();
    let (_, body) = soql(
        &lab,
        &token,
        "SELECT Id FROM User WHERE (NOT IsActive = true)",
    )
    .await;
    assert_eq!(body["totalSize"], json!(inactive));
    let text = format!(
        "SELECT Id FROM User WHERE Id IN ('{}', '{}')",
        users[0].id, users[1].id
    );
    assert_eq!(soql(&lab, &token, &text).await.1["totalSize"], 2);
    let (_, body) = soql(
        &lab,
        &token,
        "SELECT Id, UserId FROM UserLogin WHERE IsFrozen = true",
    )
    .await;
    assert_eq!(body["totalSize"], 1, "one leaver was only frozen");
}

#[tokio::test]
async fn the_organization_says_which_it_is() {
    let (lab, token) = lab(Options::default()).await;
    let (_, body) = soql(&lab, &token, "SELECT Id, Name, IsSandbox FROM Organization").await;
    assert_eq!(body["records"][0]["Name"], "Northwind Support");
    assert_eq!(body["records"][0]["IsSandbox"], false);
    let (_, who) = get(&lab, &token, "/services/oauth2/userinfo").await;
    assert_eq!(who["organization_id"], body["records"][0]["Id"]);
    assert_eq!(who["active"], true);
}

#[tokio::test]
async fn metadata_lists_versions_limits_and_fields() {
    let (lab, token) = lab(Options::default()).await;
    let (status, versions) = json(lab.get("/services/data/")).await;
    assert_eq!(status, 200, "versions need no session");
    assert!(
        versions
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["version"] == "62.0"))
    );
    let (_, limits) = get(&lab, &token, &format!("{DATA}/limits/")).await;
    assert_eq!(limits["DailyApiRequests"]["Max"], 100_000);
    let (_, user) = get(&lab, &token, &format!("{DATA}/sobjects/User/describe")).await;
    let names: Vec<_> = user["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .map(|field| &field["name"])
        .collect();
    assert!(names.contains(&&json!("FederationIdentifier")));
    let (_, task) = get(&lab, &token, &format!("{DATA}/sobjects/Task/describe")).await;
    assert_eq!(task["createable"], true);
    let (status, body) = get(&lab, &token, &format!("{DATA}/sobjects/Unicorn/describe")).await;
    assert_eq!((status, &body[0]["errorCode"]), (404, &json!("NOT_FOUND")));
    assert_eq!(
        get(&lab, &token, "/services/data/v99.0/limits").await.0,
        404
    );
}

#[tokio::test]
async fn sign_in_errors_are_objects_and_session_errors_are_arrays() {
    let (lab, token) = lab(Options::default()).await;
    let (status, body) = sign_in(&lab, "wrong").await;
    assert_eq!(status, 400);
    assert_eq!(
        body,
        json!({ "error": "invalid_client", "error_description": "invalid client credentials" })
    );
    let (_, body) = lab
        .post_form("/services/oauth2/token", &[("grant_type", "password")])
        .await;
    assert_eq!(body["error"], "unsupported_grant_type");
    lab.emulator
        .control()
        .expire_tokens()
        .expect("Salesforce has tokens");
    let (status, body) = soql(&lab, &token, "SELECT Id FROM User").await;
    assert_eq!(status, 401);
    assert_eq!(
        body,
        json!([{ "message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID" }])
    );
}

#[tokio::test]
async fn a_session_ends_two_hours_after_its_last_use() {
    let (lab, token) = lab(Options::default()).await;
    for (seconds, expected) in [(3600, 200), (3600, 200), (7200, 401)] {
        lab.emulator.control().advance_clock(seconds);
        assert_eq!(
            soql(&lab, &token, "SELECT Id FROM User LIMIT 1").await.0,
            expected
        );
    }
}

#[tokio::test]
async fn the_allowance_shows_in_a_header_and_ends_with_403() {
    let (lab, token) = lab(Options {
        requests_allowed: Some(2),
        ..Options::default()
    })
    .await;
    let path = format!("{DATA}/limits");
    let response = send(lab.get(&path).bearer_auth(&token)).await;
    assert_eq!(response.headers()["sforce-limit-info"], "api-usage=1/2");
    assert_eq!(get(&lab, &token, &path).await.0, 200);
    let (status, body) = get(&lab, &token, &path).await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (403, &json!("REQUEST_LIMIT_EXCEEDED"))
    );
}

#[tokio::test]
async fn a_locator_is_forgotten_after_two_days() {
    let (lab, token) = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let (_, body) = soql(&lab, &token, "SELECT Id FROM User").await;
    let next = body["nextRecordsUrl"].as_str().expect("more").to_owned();
    lab.emulator.control().advance_clock(49 * 3600);
    let token = self::token(&lab).await;
    let (status, body) = get(&lab, &token, &next).await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("INVALID_QUERY_LOCATOR"))
    );
}
