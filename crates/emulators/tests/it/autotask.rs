//! Autotask as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Fault, FaultSwitch, Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

async fn lab(options: Options) -> Lab {
    Lab::of("autotask", options).await
}

pub(crate) fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request
        .header("ApiIntegrationCode", lab.credential("integration_code"))
        .header("UserName", lab.credential("username"))
        .header("Secret", lab.credential("secret"))
        .header("Content-Type", "application/json")
}

async fn post(lab: &Lab, path: &str, body: &Value) -> (u16, Value) {
    json(signed(lab, lab.post(path)).body(body.to_string())).await
}

async fn get(lab: &Lab, path: &str) -> (u16, Value) {
    json(signed(lab, lab.get(path))).await
}

fn everybody(most: usize) -> Value {
    json!({ "MaxRecords": most, "filter": [{ "op": "exist", "field": "id" }] })
}

#[tokio::test]
async fn every_resource_comes_once_over_all_pages() {
    let lab = lab(Options {
        people: 1000,
        ..Options::default()
    })
    .await;
    let (_, zone) = json(lab.get(&format!(
        "/atservicesrest/v1.0/zoneInformation{}",
        query(&[("user", &lab.credential("username"))])
    )))
    .await;
    let base = zone["url"].as_str().expect("the zone's address");
    let mut next = Some(format!("{base}V1.0/Resources/query"));
    let mut ids = HashSet::new();
    let mut rows = 0;
    while let Some(url) = next {
        let (status, body) = post(&lab, &url, &everybody(500)).await;
        assert_eq!(status, 200, "{body}");
        let items = body["items"].as_array().expect("items");
        assert_eq!(body["pageDetails"]["count"], json!(items.len()));
        rows += items.len();
        ids.extend(
            items
                .iter()
                .map(|item| item["id"].as_i64().expect("ids are numbers")),
        );
        next = body["pageDetails"]["nextPageUrl"]
            .as_str()
            .map(str::to_owned);
    }
    assert_eq!(ids.len(), lab.emulator.control().users().len());
    assert_eq!(rows, ids.len());
}

#[tokio::test]
async fn paging_by_the_last_id_gives_the_same_list() {
    let lab = lab(Options::default()).await;
    let mut last = 0;
    let mut rows = 0;
    loop {
        let body =
            json!({ "MaxRecords": 25, "filter": [{ "op": "gt", "field": "id", "value": last }] });
        let (_, body) = post(&lab, "/ATServicesRest/V1.0/Resources/query", &body).await;
        let items = body["items"].as_array().expect("items");
        rows += items.len();
        let Some(item) = items.last() else { break };
        last = item["id"].as_i64().expect("a number");
    }
    assert_eq!(rows, lab.emulator.control().users().len());
}

#[tokio::test]
async fn the_zone_of_an_unknown_user_is_a_server_error() {
    let lab = lab(Options::default()).await;
    let (status, body) =
        json(lab.get("/ATServicesRest/V1.0/ZoneInformation?user=nobody@x.example")).await;
    assert_eq!(status, 500);
    assert!(
        body["errors"][0]
            .as_str()
            .is_some_and(|text| text.contains("nobody@x.example"))
    );
}

#[tokio::test]
async fn one_wrong_header_is_401_without_a_body() {
    let lab = lab(Options::default()).await;
    for header in ["ApiIntegrationCode", "UserName", "Secret"] {
        let request = signed(&lab, lab.get("/ATServicesRest/V1.0/Version"));
        let mut request = request.build().expect("a request");
        request
            .headers_mut()
            .insert(header, "wrong".parse().expect("a value"));
        let response = lab.http.execute(request).await.expect("an answer");
        assert_eq!(response.status(), 401);
        assert!(response.bytes().await.expect("a body").is_empty());
    }
}

#[tokio::test]
async fn filters_combine_and_narrow() {
    let lab = lab(Options::default()).await;
    let body = json!({
        "MaxRecords": 500,
        "IncludeFields": ["id", "licenseType"],
        "filter": [{ "op": "and", "items": [
            { "op": "eq", "field": "IsActive", "value": true },
            { "op": "or", "items": [
                { "op": "eq", "field": "licenseType", "value": 7 },
                { "op": "in", "field": "userType", "value": [17, 29] },
            ] },
        ] }],
    });
    let (_, body) = post(&lab, "/ATServicesRest/V1.0/Resources/query", &body).await;
    let items = body["items"].as_array().expect("items");
    let kinds = [
        UserKind::Connecting,
        UserKind::Integration,
        UserKind::Automated,
        UserKind::Portal,
        UserKind::Guest,
    ];
    let users = lab.emulator.control().users();
    let expected = users
        .iter()
        .filter(|user| kinds.contains(&user.kind))
        .count();
    assert_eq!(items.len(), expected);
    assert_eq!(items[0].as_object().map(serde_json::Map::len), Some(2));
    let count = post(
        &lab,
        "/ATServicesRest/V1.0/Resources/query/count",
        &everybody(1),
    )
    .await
    .1;
    assert_eq!(count["queryCount"], json!(users.len()));
}

#[tokio::test]
async fn bad_queries_are_server_errors_that_name_the_cause() {
    let lab = lab(Options::default()).await;
    for (body, part) in [
        (json!({ "MaxRecords": 10 }), "filter is required"),
        (everybody(501), "MaxRecords"),
        (
            json!({ "filter": [{ "op": "eq", "field": "shoeSize", "value": 1 }] }),
            "Unable to find shoeSize in the Resource Entity",
        ),
        (
            json!({ "filter": [{ "op": "like", "field": "email", "value": "a" }] }),
            "like is not a valid operator",
        ),
    ] {
        let (status, answer) = post(&lab, "/ATServicesRest/V1.0/Resources/query", &body).await;
        assert_eq!(status, 500, "{body}");
        let text = answer["errors"][0].as_str().expect("a text");
        assert!(text.contains(part), "{text}");
    }
    let (status, _) = get(&lab, "/ATServicesRest/V1.0/Unicorns/query?search=x").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_next_page_wants_the_verb_of_the_first() {
    let lab = lab(Options::default()).await;
    let (_, body) = post(&lab, "/ATServicesRest/V1.0/Resources/query", &everybody(10)).await;
    let next = body["pageDetails"]["nextPageUrl"]
        .as_str()
        .expect("more")
        .to_owned();
    assert_eq!(get(&lab, &next).await.0, 405);
    let bodyless = json(signed(&lab, lab.post(&next))).await;
    assert_eq!(bodyless.0, 200, "some clients repeat the body, some do not");
}

#[tokio::test]
async fn picklist_values_are_text_where_rows_hold_numbers() {
    let lab = lab(Options::default()).await;
    let (_, body) = get(
        &lab,
        "/ATServicesRest/v1.0/resources/EntityInformation/Fields",
    )
    .await;
    let fields = body["fields"].as_array().expect("fields");
    let kind = fields
        .iter()
        .find(|field| field["name"] == "licenseType")
        .expect("the field");
    assert!(kind["picklistValues"].as_array().is_some_and(|all| {
        all.iter()
            .any(|pick| pick["value"] == "7" && pick["label"] == "API User")
    }));
    let (_, body) = get(&lab, "/ATServicesRest/V1.0/Resources/entityInformation").await;
    assert_eq!(body["info"]["canQuery"], true);
    assert_eq!(body["info"]["userAccessForCreate"], "None");
}

#[tokio::test]
async fn lines_of_business_reach_the_resources_that_belong_to_them() {
    let lab = lab(Options::default()).await;
    let (_, levels) = post(
        &lab,
        "/ATServicesRest/V1.0/OrganizationalLevel2s/query",
        &everybody(500),
    )
    .await;
    let telephony = levels["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["name"] == "Telephony");
    let id = telephony.expect("the line")["id"].clone();
    let members = json!({ "filter": [{ "op": "eq", "field": "organizationalLevelAssociationID", "value": id }] });
    let (_, members) = post(
        &lab,
        "/ATServicesRest/V1.0/OrganizationalResources/query",
        &members,
    )
    .await;
    let members = members["items"].as_array().expect("items").len();
    assert!(members > 10 && members < lab.emulator.control().users().len() / 2);
}

#[tokio::test]
async fn thresholds_are_told_and_kept() {
    let lab = lab(Options {
        requests_allowed: Some(2),
        ..Options::default()
    })
    .await;
    for _ in 0..2 {
        assert_eq!(get(&lab, "/ATServicesRest/V1.0/Version").await.0, 200);
    }
    let (_, body) = get(&lab, "/ATServicesRest/V1.0/ThresholdInformation").await;
    assert_eq!(
        (
            &body["currentTimeframeRequestCount"],
            &body["externalRequestThreshold"]
        ),
        (&json!(2), &json!(2))
    );
    assert_eq!(get(&lab, "/ATServicesRest/V1.0/Version").await.0, 429);
}

#[tokio::test]
async fn a_query_may_not_impersonate() {
    let lab = lab(Options::default()).await;
    let request = signed(&lab, lab.post("/ATServicesRest/V1.0/Resources/query"))
        .header("ImpersonationResourceId", "29682890")
        .body(everybody(1).to_string());
    let response = send(request).await;
    assert_eq!(response.status(), 500);
    assert!(
        response
            .text()
            .await
            .expect("text")
            .contains("adequate permissions")
    );
}

/// Ids page by page, each asked for above the last one.
async fn by_last_id(lab: &Lab) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    for _ in 0..20 {
        let last = rows.last().map_or(json!(0), |row| row["id"].clone());
        let body =
            json!({ "MaxRecords": 20, "filter": [{ "op": "gt", "field": "id", "value": last }] });
        let (_, body) = post(lab, "/ATServicesRest/V1.0/Resources/query", &body).await;
        let items = body["items"].as_array().expect("items");
        if items.is_empty() {
            break;
        }
        rows.extend(items.iter().cloned());
    }
    rows
}

#[tokio::test]
async fn faults_of_a_list_act_on_paging_by_the_last_id_as_well() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    let total = control.users().len();
    control
        .inject(FaultSwitch::lasting(Fault::HalfPages))
        .expect("a switch it has");
    assert_eq!(by_last_id(&lab).await.len(), total / 2);
    let count = post(
        &lab,
        "/ATServicesRest/V1.0/Resources/query/count",
        &everybody(1),
    )
    .await
    .1;
    assert_eq!(count["queryCount"], json!(total / 2), "the count agrees");
    control.clear_faults();
    control
        .inject(FaultSwitch::lasting(Fault::TruncatedList))
        .expect("a switch it has");
    assert!(by_last_id(&lab).await.len() < total, "the count does not");
    let count = post(
        &lab,
        "/ATServicesRest/V1.0/Resources/query/count",
        &everybody(1),
    )
    .await
    .1;
    assert_eq!(count["queryCount"], json!(total));
    control.clear_faults();
    control
        .inject(FaultSwitch::lasting(Fault::RepeatedCursor))
        .expect("a switch it has");
    assert_eq!(
        by_last_id(&lab).await.len(),
        20 * 20,
        "the same page for ever"
    );
    control.clear_faults();
    control
        .inject(FaultSwitch::lasting(Fault::EmptyList).from_page(2))
        .expect("a switch it has");
    assert_eq!(
        by_last_id(&lab).await.len(),
        20,
        "page two is the first empty one"
    );
}
