//! Keap as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{Fault, FaultSwitch, Options, UserChange, UserKind, UserState};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

pub(crate) async fn lab(options: Options) -> Lab {
    Lab::of("keap", options).await
}

pub(crate) fn signed(lab: &Lab, request: RequestBuilder) -> RequestBuilder {
    request.bearer_auth(lab.credential("access_key"))
}

pub(crate) async fn get(lab: &Lab, path: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/crm/rest/v2/{path}{}", query(pairs));
    json(signed(lab, lab.get(&path))).await
}

pub(crate) async fn send_json(lab: &Lab, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method = method.parse().expect("a method");
    let request = lab
        .http
        .request(method, lab.url(&format!("/crm/rest/{path}")));
    let request = request
        .header("content-type", "application/json")
        .body(body.to_string());
    json(signed(lab, request)).await
}

const EVERYBODY: &str = "include_inactive==true;include_partners==true";

async fn refreshed(lab: &Lab, token: &str) -> (u16, Value) {
    let request = lab
        .post("/token")
        .basic_auth(
            lab.credential("client_id"),
            Some(lab.credential("client_secret")),
        )
        .header("content-type", "application/x-www-form-urlencoded")
        .body(query(&[("grant_type", "refresh_token"), ("refresh_token", token)])[1..].to_owned());
    json(request).await
}

#[tokio::test]
async fn every_user_comes_once_over_all_pages_when_all_are_asked_for() {
    let lab = lab(Options::default()).await;
    let (mut ids, mut rows, mut token) = (HashSet::new(), 0, String::new());
    loop {
        let pairs = [
            ("filter", EVERYBODY),
            ("page_size", "25"),
            ("page_token", &token),
        ];
        let (status, body) = get(&lab, "users", &pairs).await;
        assert_eq!(status, 200, "{body}");
        let users = body["users"].as_array().expect("users");
        rows += users.len();
        ids.extend(
            users
                .iter()
                .map(|user| user["id"].as_str().expect("text").to_owned()),
        );
        token = body["next_page_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(
        (ids.len(), rows),
        (rows, lab.emulator.control().users().len())
    );
}

#[tokio::test]
async fn inactive_users_and_partners_hide_until_they_are_asked_for() {
    let lab = lab(Options::default()).await;
    let users = lab.emulator.control().users();
    let (_, body) = get(&lab, "users", &[("page_size", "100")]).await;
    let listed = body["users"].as_array().expect("users");
    let shown = |status: &str| listed.iter().any(|user| user["status"] == status);
    assert!(shown("ACTIVE") && shown("INVITED"));
    assert!(!shown("INACTIVE") && !shown("NOT_A_USER"));
    assert!(listed.iter().all(|user| user["partner"] == false));
    let gone = users.iter().find(|user| user.state == UserState::Inactive);
    let id = &gone.expect("somebody left").id;
    let (status, one) = get(&lab, &format!("users/{id}"), &[]).await;
    assert_eq!((status, &one["status"]), (200, &json!("INACTIVE")));
}

#[tokio::test]
async fn a_page_of_users_has_bounds_and_unknown_filters_are_refused() {
    let lab = lab(Options::default()).await;
    for pairs in [
        [("page_size", "101")],
        [("page_size", "0")],
        [("filter", "shoe_size==44")],
        [("filter", "email>a")],
        [("filter", "include_inactive==yes")],
        [("order_by", "shoe_size asc")],
        [("page_token", "nonsense")],
    ] {
        let (status, body) = get(&lab, "users", &pairs).await;
        assert_eq!(
            (status, &body["status"]),
            (400, &json!("INVALID_ARGUMENT")),
            "{pairs:?}"
        );
        assert_eq!(body["code"], 3);
    }
    let (status, _) = get(&lab, "users", &[("email", "ignored@example.com")]).await;
    assert_eq!(status, 200, "other parameters filter nothing");
}

#[tokio::test]
async fn a_refresh_token_works_once_and_wants_the_client_in_the_header() {
    let lab = lab(Options::default()).await;
    let first = lab.credential("refresh_token");
    let in_form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.as_str()),
        ("client_id", &lab.credential("client_id")),
        ("client_secret", &lab.credential("client_secret")),
    ];
    let (status, body) = lab.post_form("/token", &in_form).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_client")));
    let (status, body) = refreshed(&lab, &first).await;
    assert_eq!(status, 200, "{body}");
    let second = body["refresh_token"].as_str().expect("a token").to_owned();
    assert_ne!(first, second);
    let (status, again) = refreshed(&lab, &first).await;
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
    let token = body["access_token"].as_str().expect("a token");
    let own = lab
        .get("/crm/rest/v2/oauth/connect/userinfo")
        .bearer_auth(token);
    assert_eq!(json(own).await.0, 200);
    lab.emulator
        .control()
        .expire_tokens()
        .expect("it has tokens");
    let own = lab
        .get("/crm/rest/v2/oauth/connect/userinfo")
        .bearer_auth(token);
    let (status, body) = json(own).await;
    let code = "keymanagement.service.invalid_access_token";
    assert_eq!(
        (status, &body["fault"]["detail"]["errorcode"]),
        (401, &json!(code))
    );
    assert_eq!(refreshed(&lab, &second).await.0, 200);
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_client_in_the_form() {
    let lab = lab(Options::default()).await;
    let back = "https://connect.example/callback";
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let pairs = [
        ("client_id", id.as_str()),
        ("redirect_uri", back),
        ("response_type", "code"),
        ("scope", "full"),
    ];
    let consent = send(lab.get(&format!("/app/oauth/authorize{}", query(&pairs)))).await;
    let location = consent.headers()["location"]
        .to_str()
        .expect("an address")
        .to_owned();
    let code = location.split_once("code=").expect("a code").1.to_owned();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", back),
        ("client_id", &id),
        ("client_secret", &secret),
    ];
    let (status, body) = lab.post_form("/token", &fields).await;
    assert_eq!(status, 200, "{body}");
    assert!(
        body["scope"]
            .as_str()
            .is_some_and(|scope| scope.starts_with("full|"))
    );
    assert_eq!(
        lab.post_form("/token", &fields).await.0,
        400,
        "a code works once"
    );
}

#[tokio::test]
async fn the_gateway_looks_at_the_token_before_the_path() {
    let lab = lab(Options::default()).await;
    let bare = send(lab.get("/crm/rest/v2/no/such/path")).await;
    assert_eq!(
        bare.headers()["x-keap-tenant-throttle-time-unit"],
        "minute|day"
    );
    assert_eq!(bare.headers()["x-keap-product-quota-available"], "");
    let body: Value = serde_json::from_slice(&bare.bytes().await.expect("a body")).expect("JSON");
    assert_eq!(
        body["fault"]["detail"]["errorcode"],
        "oauth.v2.InvalidAccessToken"
    );
    let (status, body) = get(&lab, "no/such/path", &[]).await;
    assert_eq!((status, &body["status"]), (404, &json!("NOT_FOUND")));
    let request = lab.get("/crm/rest/v2/users");
    let by_header = request.header("X-Keap-API-Key", lab.credential("access_key"));
    let answer = send(by_header).await;
    assert_eq!(answer.headers()["x-keap-product-throttle-limit"], "240");
    assert_eq!(answer.headers()["x-keap-product-quota-limit"], "30000");
}

#[tokio::test]
async fn a_number_is_searched_only_in_the_fields_that_are_named() {
    let lab = lab(Options::default()).await;
    let contacts = lab.emulator.control().contacts();
    let contact = contacts
        .iter()
        .find(|one| one.mobile.is_some())
        .expect("a mobile");
    let mobile = contact.mobile.as_deref().expect("a mobile");
    let alone = format!("phone_number=={mobile}");
    let (status, body) = get(&lab, "contacts", &[("filter", &alone)]).await;
    assert_eq!(status, 400, "{body}");
    for (fields, found) in [("PHONE1", 0), ("PHONE1,PHONE2", 1)] {
        let filter = format!("{alone};phone_fields=={fields}");
        let (_, body) = get(&lab, "contacts", &[("filter", &filter)]).await;
        assert_eq!(
            body["contacts"].as_array().map(Vec::len),
            Some(found),
            "{fields}"
        );
    }
    let email = contact.email.as_deref().expect("an address").to_uppercase();
    let pairs = [("filter", format!("email=={email}"))];
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let (_, slim) = get(&lab, "contacts", &pairs).await;
    assert!(
        slim["contacts"][0].get("owner_id").is_none(),
        "rows are slim"
    );
    let whole = [pairs[0], ("fields", "owner_id,phone_numbers")];
    let (_, body) = get(&lab, "contacts", &whole).await;
    assert_eq!(body["contacts"][0]["owner_id"], json!(contact.owner));
    assert_eq!(
        get(&lab, "contacts", &[("fields", "shoe_size")]).await.0,
        400
    );
}

#[tokio::test]
async fn contacts_changed_since_an_instant_come_alone() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    control.advance_clock(86_400);
    let since = control.now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    let changed = control.contacts()[3].id.clone();
    control.advance_clock(60);
    let change = serde_json::from_value(json!({ "phone": "020 7946 0999" })).expect("a change");
    control.change_contact(&changed, change).expect("a contact");
    let filter = format!("start_update_time=={since}");
    let (_, body) = get(&lab, "contacts", &[("filter", &filter)]).await;
    let ids: Vec<_> = body["contacts"].as_array().expect("rows").iter().collect();
    assert_eq!((ids.len(), &ids[0]["id"]), (1, &json!(changed)));
    let bad = [("filter", "start_update_time==2026-01-01")];
    assert_eq!(
        get(&lab, "contacts", &bad).await.0,
        400,
        "a date alone is refused"
    );
}

#[tokio::test]
async fn an_access_key_is_refused_while_credentials_are_wrong_or_its_user_is_inactive() {
    let lab = lab(Options::default()).await;
    let control = lab.emulator.control();
    control
        .inject(FaultSwitch::lasting(Fault::WrongCredentials))
        .expect("a switch");
    assert_eq!(get(&lab, "users", &[]).await.0, 401);
    control.clear_faults();
    assert_eq!(get(&lab, "users", &[]).await.0, 200);
    let users = control.users();
    let own = users
        .iter()
        .find(|user| user.kind == UserKind::Connecting)
        .expect("the own user");
    let state = Some(UserState::Inactive);
    let change = UserChange {
        state,
        ..UserChange::default()
    };
    control.update_user(&own.id, change).expect("a user");
    assert_eq!(get(&lab, "users", &[]).await.0, 401);
}

#[tokio::test]
async fn a_repeated_token_leads_back_and_an_expired_one_is_refused() {
    let lab = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let control = lab.emulator.control();
    let (_, first) = get(&lab, "users", &[]).await;
    let token = first["next_page_token"].as_str().expect("more").to_owned();
    control
        .inject(FaultSwitch::next(1, Fault::RepeatedCursor).from_page(2))
        .expect("a switch");
    let (_, second) = get(&lab, "users", &[("page_token", &token)]).await;
    assert_eq!(second["next_page_token"], json!(token));
    control
        .inject(FaultSwitch::next(1, Fault::ExpiredCursor).from_page(2))
        .expect("a switch");
    assert_eq!(get(&lab, "users", &[("page_token", &token)]).await.0, 400);
}

#[tokio::test]
async fn faults_of_a_list_change_it_as_they_say() {
    let lab = lab(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let control = lab.emulator.control();
    let first = async |fault: Fault| {
        control.clear_faults();
        let switch = FaultSwitch::lasting(fault);
        control.inject(switch).expect("a switch");
        get(&lab, "users", &[("filter", EVERYBODY)]).await
    };
    let rows = |body: &Value| body["users"].as_array().map_or(0, Vec::len);
    let (_, body) = first(Fault::EmptyList).await;
    assert_eq!((rows(&body), &body["next_page_token"]), (0, &json!("")));
    let (_, body) = first(Fault::ShortPages).await;
    assert!(rows(&body) == 10 && body["next_page_token"] != "");
    let (_, body) = first(Fault::TruncatedList).await;
    assert_eq!((rows(&body), &body["next_page_token"]), (10, &json!("")));
    let (_, body) = first(Fault::IdType).await;
    assert!(body["users"][0]["id"].is_u64());
    let (status, body) = first(Fault::MissingPermission).await;
    assert_eq!(
        (status, &body["status"]),
        (403, &json!("PERMISSION_DENIED"))
    );
    let (status, body) = first(Fault::QuotaExhausted).await;
    let code = "policies.ratelimit.QuotaViolation";
    assert_eq!(
        (status, &body["fault"]["detail"]["errorcode"]),
        (429, &json!(code))
    );
}
