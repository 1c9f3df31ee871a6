//! Kaseya BMS as its clients meet it.

use counterpart_emulators::{Fault, FaultSwitch, Options, UserKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

struct Scene {
    lab: Lab,
    token: String,
    refresh: String,
}

/// A form of text fields as `multipart/form-data`.
async fn form(lab: &Lab, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str("--x7\r\nContent-Disposition: form-data; name=\"");
        body.push_str(name);
        body.push_str("\"\r\n\r\n");
        body.push_str(value);
        body.push_str("\r\n");
    }
    body.push_str("--x7--\r\n");
    let request = lab
        .post(path)
        .header("content-type", "multipart/form-data; boundary=x7");
    json(request.body(body)).await
}

async fn sign_in(lab: &Lab, password: &str) -> Value {
    let (status, body) = form(
        lab,
        "/v2/security/authenticate",
        &[
            ("GrantType", "password"),
            ("UserName", &lab.credential("username")),
            ("Password", password),
            ("Tenant", &lab.emulator.settings()["tenant"]),
        ],
    )
    .await;
    assert_eq!(status, 200);
    body
}

impl Scene {
    async fn of(options: Options) -> Self {
        let lab = Lab::of("kaseya-bms", options).await;
        let body = sign_in(&lab, &lab.credential("password")).await;
        let text = |name: &str| body["Result"][name].as_str().expect("a token").to_owned();
        let (token, refresh) = (text("AccessToken"), text("RefreshToken"));
        Self {
            lab,
            token,
            refresh,
        }
    }

    async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let path = format!("/v2{path}{}", query(parameters));
        json(self.lab.get(&path).bearer_auth(&self.token)).await
    }

    async fn write(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self
            .lab
            .http
            .request(method, self.lab.url(&format!("/v2{path}")));
        let request = request
            .bearer_auth(&self.token)
            .header("content-type", "application/json");
        let (status, body) = json(request.body(body.to_string())).await;
        assert_eq!(status, 200, "failures come with 200, too");
        body
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        self.write(Method::POST, path, body).await
    }

    /// Everybody, by counting pages up to the total.
    async fn employees(&self) -> (Vec<Value>, usize, u64) {
        let (mut rows, mut page) = (Vec::new(), 0);
        loop {
            page += 1;
            let number = page.to_string();
            let (_, body) = self
                .get(
                    "/hr/employees/searchselect",
                    &[("PageSize", "20"), ("PageNumber", &number)],
                )
                .await;
            let found = body["Result"].as_array().expect("rows");
            rows.extend(found.iter().cloned());
            let total = body["TotalRecords"].as_u64().expect("a total");
            if found.is_empty() || rows.len() as u64 >= total || page == 30 {
                return (rows, page, total);
            }
        }
    }

    fn person(&self, active: bool) -> i64 {
        let users = self.lab.emulator.control().users();
        let mut all = users.iter();
        let found = all.find(|user| user.kind == UserKind::Person && user.is_active() == active);
        found.expect("such a person").id.parse().expect("a number")
    }

    fn ticket(&self) -> Value {
        let contact = self.lab.emulator.control().contacts()[0].clone();
        let account: i64 = contact.company_id.parse().expect("a number");
        json!({
            "Title": "Call 7f3a", "Details": "Called twice", "AccountId": account, "LocationId": account * 10 + 1,
            "ContactId": contact.id.parse::<i64>().expect("a number"), "StatusId": 1, "PriorityId": 3,
            "TypeId": 1, "SourceId": 1, "OpenDate": "2026-11-22T14:00:00Z", "AssigneeId": self.person(true),
        })
    }
}

#[tokio::test]
async fn wrong_passwords_are_failures_with_status_200() {
    let lab = Lab::of("kaseya-bms", Options::default()).await;
    let body = sign_in(&lab, "wrong").await;
    assert_eq!(
        (&body["Success"], &body["Result"]),
        (&json!(false), &Value::Null)
    );
    assert!(body["Error"]["Message"].is_string());
    let (status, _) = json(
        lab.post("/v2/security/authenticate")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("GrantType=password"),
    )
    .await;
    assert_eq!(status, 415, "only multipart will do");
    let (_, body) = form(&lab, "/v2/security/authenticate", &[("UserName", "x")]).await;
    assert_eq!(body["Error"]["Details"], "The GrantType field is required.");
}

#[tokio::test]
async fn a_pair_of_tokens_is_good_for_one_next_pair() {
    let scene = Scene::of(Options::default()).await;
    let pair = [
        ("AccessToken", scene.token.as_str()),
        ("RefreshToken", scene.refresh.as_str()),
    ];
    let (_, body) = form(&scene.lab, "/v2/security/refreshtoken", &pair).await;
    assert_eq!(body["Success"], true, "{body}");
    assert_eq!(
        scene.get("/security/userinfo", &[]).await.0,
        401,
        "the old token ends"
    );
    let (_, again) = form(&scene.lab, "/v2/security/refreshtoken", &pair).await;
    assert_eq!(again["Success"], false);
    let token = body["Result"]["AccessToken"].as_str().expect("a token");
    let (status, body) = json(scene.lab.get("/V2/Security/UserInfo").bearer_auth(token)).await;
    let own = scene.lab.emulator.control().users();
    let own = own
        .iter()
        .find(|user| user.kind == UserKind::Connecting)
        .expect("one");
    assert_eq!(
        (status, body["Result"]["UserId"].to_string()),
        (200, own.id.clone())
    );
}

#[tokio::test]
async fn everybody_is_listed_and_the_inactive_can_be_told() {
    let scene = Scene::of(Options::default()).await;
    let users = scene.lab.emulator.control().users();
    let (rows, pages, total) = scene.employees().await;
    assert_eq!((rows.len(), total), (users.len(), users.len() as u64));
    assert!(pages > 3);
    let inactive = users.iter().filter(|user| !user.is_active()).count();
    let (_, body) = scene
        .get(
            "/hr/employees/searchselect",
            &[("Filter.IsActive", "false")],
        )
        .await;
    assert_eq!(body["TotalRecords"], json!(inactive));
    let (_, body) = scene
        .get("/hr/assignees", &[("EmployeesOnly", "true")])
        .await;
    assert_eq!(
        body["TotalRecords"],
        json!(users.len() - inactive),
        "only the active get work"
    );
    let (_, body) = scene
        .get(
            "/hr/employees/searchselect",
            &[("Filter.IsActive", "perhaps")],
        )
        .await;
    assert_eq!(body["Success"], false);
}

#[tokio::test]
async fn contacts_are_found_by_a_part_of_what_was_typed() {
    let scene = Scene::of(Options::default()).await;
    let contacts = scene.lab.emulator.control().contacts();
    let wanted = &contacts[5];
    for (name, value) in [
        ("Filter.Phone", &wanted.phone),
        ("Filter.Email", &wanted.email),
    ] {
        let value = value.as_deref().expect("one");
        let (_, body) = scene.get("/crm/contacts/summary", &[(name, value)]).await;
        assert_eq!(body["TotalRecords"], 1);
        assert_eq!(body["Result"][0]["Id"].to_string(), wanted.id);
    }
    let (_, body) = scene
        .get(
            "/crm/contacts/summary",
            &[("Filter.ModifiedOnFrom", "2100-01-01T00:00:00Z")],
        )
        .await;
    assert_eq!(body["TotalRecords"], 0);
    let (_, body) = scene
        .get(&format!("/crm/contacts/summary/{}", wanted.id), &[])
        .await;
    assert_eq!(body["Result"]["LastName"], json!(wanted.family));
}

#[tokio::test]
async fn a_ticket_is_written_found_reassigned_and_takes_notes_and_time() {
    let scene = Scene::of(Options::default()).await;
    let made = scene.post("/servicedesk/tickets", &scene.ticket()).await;
    assert_eq!(made["Success"], true, "{made}");
    let id = made["Result"]["Id"].clone();
    let path = format!("/servicedesk/tickets/{id}");
    assert_eq!(scene.get(&path, &[]).await.1["Result"], made["Result"]);
    let (_, found) = scene
        .get("/servicedesk/tickets", &[("Filter.Title", "7F3A")])
        .await;
    assert_eq!(found["Result"][0]["Id"], id);

    let move_to = json!({
        "Details": "Yours", "IsInternal": true, "NoteDate": "2026-11-22T14:10:00Z", "StatusId": 2, "TypeId": 11,
        "AssigneeId": scene.person(false),
    });
    assert_eq!(
        scene.post(&format!("{path}/assignticket"), &move_to).await["Success"],
        true
    );
    let (_, moved) = scene.get(&path, &[]).await;
    assert_eq!(
        moved["Result"]["AssigneeId"],
        json!(scene.person(false)),
        "accepted without a word"
    );

    let note = json!({ "Details": "Call of 5 min", "IsInternal": true, "NoteDate": "2026-11-22T14:10:00Z", "TypeId": 12 });
    let own = scene.post(&format!("{path}/notes"), &note).await;
    assert_eq!(
        own["Result"]["CreatedByName"],
        scene.get("/security/userinfo", &[]).await.1["Result"]["FullName"]
    );
    let (_, notes) = scene.get(&format!("{path}/notes"), &[]).await;
    assert_eq!(notes["TotalRecords"], 2);

    let mut time = json!({
        "StartDate": "2026-11-22", "StartTime": "14:00:00", "EndTime": "14:15:00", "WorkTypeId": 22, "RoleId": 31,
        "UserId": scene.person(true),
    });
    let logged = scene.post(&format!("{path}/timelogs"), &time).await;
    assert_eq!(logged["Result"]["Timespent"], 0.25);
    let (_, logs) = scene
        .get(
            "/timelogs",
            &[("Filter.UserId", &scene.person(true).to_string())],
        )
        .await;
    assert_eq!(logs["TotalRecords"], 1);
    time["EndTime"] = json!("13:00:00");
    assert_eq!(
        scene.post(&format!("{path}/timelogs"), &time).await["Success"],
        false
    );
}

#[tokio::test]
async fn what_is_missing_or_does_not_belong_together_is_named() {
    let scene = Scene::of(Options::default()).await;
    let failed = scene
        .post("/servicedesk/tickets", &json!({ "Title": "x" }))
        .await;
    assert_eq!(
        failed["Error"]["SubErrors"].as_array().map(Vec::len),
        Some(8),
        "{failed}"
    );
    for (field, value) in [
        ("LocationId", json!(1)),
        ("AssigneeId", json!(1)),
        ("StatusId", json!(99)),
        ("OpenDate", json!("soon")),
    ] {
        let mut ticket = scene.ticket();
        ticket[field] = value;
        assert_eq!(
            scene.post("/servicedesk/tickets", &ticket).await["Success"],
            false,
            "{field}"
        );
    }
    assert!(scene.lab.emulator.control().records().is_empty());
}

#[tokio::test]
async fn webhooks_are_kept_without_showing_their_secret() {
    let scene = Scene::of(Options::default()).await;
    let hook = json!({ "Name": "C", "PayloadURL": "https://x.example/h", "Secret": "s3", "Events": [1, 2], "IsEnabled": true });
    let made = scene.post("/admin/webhooks", &hook).await;
    assert_eq!(
        (&made["Result"]["HasSecret"], &made["Result"]["Secret"]),
        (&json!(true), &Value::Null),
        "{made}"
    );
    let path = format!("/admin/webhooks/{}", made["Result"]["Id"]);
    assert_eq!(
        scene.get(&path, &[]).await.1["Result"]["PayloadUrl"],
        "https://x.example/h"
    );
    assert_eq!(
        scene.write(Method::DELETE, &path, &Value::Null).await["Success"],
        true
    );
    assert_eq!(scene.get(&path, &[]).await.1["Success"], false);
}

#[tokio::test]
async fn faults_act_on_the_list_of_employees() {
    let scene = Scene::of(Options::default()).await;
    let control = scene.lab.emulator.control();
    let total = control.users().len();
    for (fault, rows, announced) in [
        (Fault::EmptyList, 0, 0),
        (Fault::HalfPages, total / 2, total / 2),
        (Fault::ShortPages, total, total),
    ] {
        control
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch it has");
        let (found, _, told) = scene.employees().await;
        assert_eq!((found.len(), told), (rows, announced as u64), "{fault:?}");
        control.clear_faults();
    }
    control
        .inject(FaultSwitch::lasting(Fault::IdType))
        .expect("a switch it has");
    assert!(scene.employees().await.0[0]["Id"].is_string());
    control.clear_faults();
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a switch it has");
    let (status, body) = scene.get("/hr/assignees", &[]).await;
    assert_eq!((status, &body["Error"]["Code"]), (200, &json!(403)));
    control
        .inject(FaultSwitch::next(1, Fault::ExpireToken))
        .expect("a switch it has");
    let request = scene.lab.get("/v2/hr/assignees").bearer_auth(&scene.token);
    assert_eq!(send(request).await.status(), 401);
}
