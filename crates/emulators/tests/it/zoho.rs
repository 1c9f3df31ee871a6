//! One grant over several products, and what the products of the suite have alike.

use counterpart_emulators::{ContactKind, Happening, NewContact, Options, UserKind};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

/// An emulator with a token.
pub(crate) struct Scene {
    pub(crate) lab: Lab,
    pub(crate) token: String,
}

impl Scene {
    pub(crate) async fn of(name: &str) -> Self {
        Self::with(name, Options::default(), None).await
    }

    pub(crate) async fn with(name: &str, options: Options, scope: Option<&str>) -> Self {
        let lab = Lab::of(name, options).await;
        let code = if scope.is_some() {
            let code = lab.emulator.control().issue_grant_code(scope);
            code.expect("codes are issued").code
        } else {
            lab.credential("grant_code")
        };
        let token = token(&lab, &code).await;
        Self { lab, token }
    }

    pub(crate) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("Authorization", format!("Zoho-oauthtoken {}", self.token))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        json(self.signed(self.lab.get(path))).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self.lab.http.request(method, self.lab.url(path));
        let request = request.header("content-type", "application/json");
        json(self.signed(request).body(body.to_string())).await
    }

    /// The header of another session.
    async fn another(&self) -> String {
        let code = self.lab.emulator.control().issue_grant_code(None);
        let token = token(&self.lab, &code.expect("a code").code).await;
        format!("Zoho-oauthtoken {token}")
    }

    /// An active person who is not the connecting user.
    pub(crate) fn agent(&self) -> String {
        let users = self.lab.emulator.control().users();
        let mut people = users
            .into_iter()
            .filter(|user| user.kind == UserKind::Person && user.is_active());
        people.next().expect("somebody works here").id
    }
}

async fn token(lab: &Lab, code: &str) -> String {
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code),
    ];
    let (status, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(status, 200);
    body["access_token"].as_str().expect("a token").to_owned()
}

fn call(owner: &str) -> Value {
    json!({ "data": [{
        "Subject": "Call from +441134960505", "Call_Type": "Inbound",
        "Call_Start_Time": "2026-01-20T10:30:00+05:30", "Call_Duration": "02:05",
        "Owner": { "id": owner },
    }] })
}

#[tokio::test]
async fn one_grant_works_at_the_four_products_of_its_scopes() {
    let scope = "ZohoCRM.users.READ,ZohoBigin.users.READ,ZohoRecruit.users.READ,Desk.basic.READ";
    let suite = Scene::with("zoho-crm", Options::default(), Some(scope)).await;
    for path in ["/crm/v8/users", "/bigin/v2/users", "/recruit/v2/users"] {
        let (status, body) = suite.get(path).await;
        assert_eq!(status, 200, "{path}");
        assert!(body["users"][0]["id"].is_string(), "{path}");
    }
    let (status, body) = suite.get("/api/v1/organizations").await;
    assert_eq!(status, 200);
    let org = body["data"][0]["id"].as_str().expect("an id").to_owned();
    let agents = suite.lab.get("/api/v1/agents").header("orgId", org);
    assert_eq!(send(suite.signed(agents)).await.status(), 200);
    // The printed code is for the one product.
    let alone = Scene::of("zoho-crm").await;
    let (status, body) = alone.get("/bigin/v2/users").await;
    assert_eq!(
        (status, &body["code"]),
        (401, &json!("OAUTH_SCOPE_MISMATCH"))
    );
    let bigin = Scene::of("zoho-bigin").await;
    assert_eq!(bigin.get("/crm/v8/users").await.0, 404);
}

#[tokio::test]
async fn consent_sends_back_a_code_with_the_data_centre_it_belongs_to() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let back = "https://counterpart.example/callback?way=1";
    let asked = query(&[
        ("client_id", &id),
        ("response_type", "code"),
        ("scope", "ZohoCRM.org.READ"),
        ("access_type", "offline"),
        ("redirect_uri", back),
        ("state", "s t"),
    ]);
    let answer = send(lab.get(&format!("/oauth/v2/auth{asked}"))).await;
    assert_eq!(answer.status(), 302);
    let address = answer.headers()["location"].to_str().expect("an address");
    let address: url::Url = address.parse().expect("an address");
    let find = |name: &str| {
        let mut pairs = address.query_pairs().filter(|(own, _)| own == name);
        pairs.next().expect("is there").1.into_owned()
    };
    assert_eq!(
        (find("state"), find("location")),
        ("s t".to_owned(), "eu".to_owned())
    );
    assert_eq!(find("accounts-server"), lab.emulator.base_url);
    let code = find("code");
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", back),
    ];
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert!(body["refresh_token"].is_string());
    assert_eq!(body["scope"], "ZohoCRM.org.READ");
    let (_, again) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(again, json!({ "error": "invalid_code" }));
}

#[tokio::test]
async fn a_code_is_good_for_the_address_it_was_brought_to_only() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let asked = query(&[
        ("client_id", &id),
        ("response_type", "code"),
        ("scope", "ZohoCRM.org.READ"),
        ("redirect_uri", "https://counterpart.example/callback"),
    ]);
    let answer = send(lab.get(&format!("/oauth/v2/auth{asked}"))).await;
    let address = answer.headers()["location"].to_str().expect("an address");
    let address: url::Url = address.parse().expect("an address");
    let mut code = address.query_pairs().filter(|(name, _)| name == "code");
    let code = code.next().expect("a code").1.into_owned();
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://elsewhere.example/"),
    ];
    let (status, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(
        (status, body),
        (200, json!({ "error": "invalid_redirect_uri" }))
    );
    let wrong = send(lab.get("/oauth/v2/auth?client_id=x&response_type=code")).await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn a_client_signs_in_on_its_own_for_an_organization_it_names() {
    let lab = Lab::of("zoho-crm", Options::default()).await;
    let (id, secret) = (lab.credential("client_id"), lab.credential("client_secret"));
    let mut fields = vec![
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
        ("grant_type", "client_credentials"),
        ("scope", "ZohoCRM.org.READ"),
    ];
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert_eq!(body, json!({ "error": "invalid_soid" }));
    fields.push(("soid", "ZohoCRM.60018273645"));
    let (_, body) = lab.post_form("/oauth/v2/token", &fields).await;
    assert!(body["access_token"].is_string() && body["refresh_token"].is_null());
}

#[tokio::test]
async fn customers_are_found_by_phone_mail_word_and_criteria() {
    for (name, base, module) in [
        ("zoho-crm", "/crm/v8", "Contacts"),
        ("zoho-crm", "/crm/v8", "Leads"),
        ("zoho-bigin", "/bigin/v2", "Contacts"),
        ("zoho-recruit", "/recruit/v2", "Candidates"),
    ] {
        let scene = Scene::of(name).await;
        let kind = if ["Leads", "Candidates"].contains(&module) {
            ContactKind::Lead
        } else {
            ContactKind::Contact
        };
        let all = scene.lab.emulator.control().contacts();
        let who = all.iter().find(|one| one.kind == kind).expect("somebody");
        let phone = who.phone.clone().expect("a number");
        let escaped = phone.replace('(', "\\(").replace(')', "\\)");
        for (by, value) in [
            ("phone", phone.clone()),
            (
                "email",
                who.email.clone().expect("an address").to_uppercase(),
            ),
            ("word", who.family.clone()),
            (
                "criteria",
                format!("((Phone:equals:{escaped})or(Mobile:equals:1))"),
            ),
        ] {
            let path = format!("{base}/{module}/search{}", query(&[(by, &value)]));
            let (status, body) = scene.get(&path).await;
            assert_eq!(status, 200, "{path}: {body}");
            let found = body["data"].as_array().expect("records");
            let found = found.iter().find(|one| one["id"] == who.id.as_str());
            let found = found.expect("is among them");
            assert_eq!(found["Owner"]["id"].as_str(), who.owner.as_deref());
        }
        let nobody = format!("{base}/{module}/search?phone=%2B99999999999");
        assert_eq!(scene.get(&nobody).await, (204, Value::Null));
        let (status, body) = scene.get(&format!("{base}/{module}/search")).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("EXPECTED_PARAM_MISSING"))
        );
    }
}

#[tokio::test]
async fn a_list_demands_its_fields_and_goes_on_by_token() {
    let options = Options {
        contacts: 2_700,
        ..Options::default()
    };
    let scene = Scene::with("zoho-crm", options, None).await;
    let (status, body) = scene.get("/crm/v8/Contacts").await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("REQUIRED_PARAM_MISSING"))
    );
    assert_eq!(scene.get("/crm/v2/Contacts").await.0, 200);
    let list = "/crm/v8/Contacts?fields=Last_Name,Phone&sort_by=Modified_Time&sort_order=asc";
    let (status, body) = scene.get(&format!("{list}&page=11")).await;
    assert_eq!(status, 400);
    assert_eq!(body["code"], "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
    let mut ids = std::collections::HashSet::new();
    let mut path = list.to_owned();
    loop {
        let (status, body) = scene.get(&path).await;
        assert_eq!(status, 200);
        for record in body["data"].as_array().expect("records") {
            assert!(record["Phone"].is_string() && record.get("Email").is_none());
            assert!(ids.insert(record["id"].as_str().expect("text").to_owned()));
        }
        let Some(token) = body["info"]["next_page_token"].as_str() else {
            break;
        };
        path = format!("{list}&page_token={token}");
    }
    let control = scene.lab.emulator.control();
    let contacts = control.contacts();
    let contacts = contacts
        .iter()
        .filter(|one| one.kind == ContactKind::Contact);
    assert_eq!(ids.len(), contacts.count());
    control.advance_clock(25 * 3_600);
    let fresh = scene.another().await;
    let expired = scene.lab.get(&path).header("Authorization", fresh);
    let (status, body) = json(expired).await;
    assert_eq!((status, &body["code"]), (400, &json!("EXPIRED_VALUE")));
}

#[tokio::test]
async fn only_what_changed_since_is_listed() {
    let scene = Scene::of("zoho-crm").await;
    let control = scene.lab.emulator.control();
    let since = control.now().to_string();
    let path = "/crm/v8/Contacts?fields=Last_Name";
    let ask = || {
        let request = scene.lab.get(path).header("If-Modified-Since", &since);
        scene.signed(request)
    };
    assert_eq!(send(ask()).await.status(), 304);
    control.advance_clock(5);
    let new = NewContact {
        family: "Newcomer".to_owned(),
        ..NewContact::default()
    };
    let added = control.add_contact(new);
    let (_, body) = json(ask()).await;
    assert_eq!(body["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["data"][0]["id"], added.id.as_str());
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

#[tokio::test]
async fn a_channel_lasts_a_day_at_most_and_an_hour_otherwise() {
    let scene = Scene::of("zoho-crm").await;
    let now = scene.lab.emulator.control().now();
    let channel = |expiry: &str| {
        json!({ "watch": [{ "channel_id": "1000000068001", "events": ["Contacts.all"],
            "token": "t0ken", "notify_url": "https://counterpart.example/hook",
            "channel_expiry": expiry }] })
    };
    let hours = |number: i64| {
        let span = jiff::SignedDuration::from_hours(number);
        now.checked_add(span).expect("a time").to_string()
    };
    for (asked, lasts) in [(2, 2), (40, 1)] {
        let (status, body) = scene
            .send("POST", "/crm/v8/actions/watch", &channel(&hours(asked)))
            .await;
        assert_eq!(status, 201, "{body}");
        let until = body["watch"][0]["details"]["events"][0]["channel_expiry"].as_str();
        let until: jiff::Timestamp = until.expect("a time").parse().expect("a time");
        assert!((until.as_second() - now.as_second() - lasts * 3_600).abs() < 60);
    }
    let mut users = channel(&hours(1));
    users["watch"][0]["events"] = json!(["Users.all"]);
    let (status, _) = scene.send("POST", "/crm/v8/actions/watch", &users).await;
    assert_eq!(status, 400, "changes of users are not told");
    let (_, body) = scene.get("/crm/v8/actions/watch").await;
    assert_eq!(body["watch"].as_array().map(Vec::len), Some(1));
    let delete = "/crm/v8/actions/watch?channel_ids=1000000068001";
    assert_eq!(scene.send("DELETE", delete, &Value::Null).await.0, 200);
    assert_eq!(scene.get("/crm/v8/actions/watch").await.0, 204);
}

#[tokio::test]
async fn a_callback_brings_the_token_back_and_names_the_contact() {
    let scene = Scene::of("zoho-crm").await;
    let control = scene.lab.emulator.control();
    let id = control.contacts()[0].id.clone();
    let url = "https://counterpart.example/hook?way=2";
    let hook = control
        .webhook(&Happening::ContactChanged(id.clone()), url, "t0ken")
        .expect("contacts are told of");
    let body: Value = serde_json::from_slice(&hook.body).expect("JSON");
    assert_eq!(
        (&body["token"], &body["ids"]),
        (&json!("t0ken"), &json!([id]))
    );
    assert_eq!(
        (&body["query_params"]["way"], &body["module"]),
        (&json!("2"), &json!("Contacts"))
    );
    let user = control.users()[0].id.clone();
    assert!(
        control
            .webhook(&Happening::UserChanged(user), url, "t0ken")
            .is_err()
    );
}
