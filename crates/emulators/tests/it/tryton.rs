//! The emulated Tryton, as a real one answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_emulators::{Fault, FaultSwitch, NewContact, Options, UserKind};
use serde_json::{Value, json};

use crate::client::{Lab, json as send_json, send};

struct Tryton {
    lab: Lab,
    session: String,
}

impl Tryton {
    async fn start() -> Self {
        let lab = Lab::of("tryton", Options::default()).await;
        let mut tryton = Self {
            lab,
            session: String::new(),
        };
        let password = tryton.lab.credential("password");
        tryton.session = tryton.log_in(&password).await;
        tryton
    }

    async fn log_in(&self, password: &str) -> String {
        let login = self.lab.credential("username");
        let answer = self
            .answer(
                "common.db.login",
                json!([login, { "password": password }, "en"]),
            )
            .await
            .1;
        let key = answer["result"][1].as_str().expect("a session");
        STANDARD.encode(format!("{login}:{}:{key}", answer["result"][0]))
    }

    async fn answer(&self, method: &str, params: Value) -> (u16, Value) {
        let body = json!({ "id": 3, "method": method, "params": params });
        let mut request = self
            .lab
            .post("/northwind/")
            .header("content-type", "application/json")
            .body(body.to_string());
        if !self.session.is_empty() {
            request = request.header("authorization", format!("Session {}", self.session));
        }
        let response = send(request).await;
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("a body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let (status, answer) = self.answer(&format!("model.{method}"), params).await;
        assert_eq!((status, answer.get("error")), (200, None), "{method}");
        answer["result"].clone()
    }

    async fn refused(&self, method: &str, params: Value) -> Value {
        let (status, answer) = self.answer(&format!("model.{method}"), params).await;
        assert_eq!(status, 200, "{method}");
        answer["error"].clone()
    }
}

#[tokio::test]
async fn a_session_is_had_by_password_and_ends() {
    let mut tryton = Tryton::start().await;
    assert!(
        tryton
            .call("res.user.search_count", json!([[], {}]))
            .await
            .as_u64()
            > Some(40)
    );
    tryton
        .lab
        .emulator
        .control()
        .expire_tokens()
        .expect("sessions");
    let (status, body) = tryton
        .answer("model.res.user.search_count", json!([[], {}]))
        .await;
    assert_eq!((status, body), (401, Value::Null));
    let password = tryton.lab.credential("password");
    tryton.session = tryton.log_in(&password).await;
    assert_eq!(
        tryton.answer("common.db.logout", json!([])).await.1["result"],
        Value::Null
    );
    assert_eq!(
        tryton
            .answer("model.res.user.search_count", json!([[], {}]))
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_after_a_few_not_looked_at() {
    let tryton = Tryton::start().await;
    let wrong = json!(["counterpart", { "password": "nope" }, "en"]);
    for _ in 0..6 {
        assert_eq!(tryton.answer("common.db.login", wrong.clone()).await.0, 401);
    }
    assert_eq!(tryton.answer("common.db.login", wrong).await.0, 429);
    tryton.lab.emulator.control().advance_clock(301);
    let asked = tryton
        .answer("common.db.login", json!(["counterpart", {}, "en"]))
        .await
        .1;
    assert_eq!(asked["error"][0], "LoginException");
    let password = tryton.lab.credential("password");
    assert!(!tryton.log_in(&password).await.is_empty());
}

#[tokio::test]
async fn work_belongs_to_employees_whom_users_lead_to() {
    let tryton = Tryton::start().await;
    let everybody = tryton.lab.emulator.control().users();
    let person = everybody
        .iter()
        .find(|user| user.kind == UserKind::Person && user.is_active())
        .expect("somebody");
    let id: i64 = person.id.parse().expect("a number");
    let fields = json!([
        "name",
        "employees",
        "employees.party.email",
        "employees.party.name",
        "company.party.name"
    ]);
    let read = tryton
        .call("res.user.read", json!([[id], fields, {}]))
        .await;
    assert_eq!(read[0]["employees"], json!([3_000 + id]));
    assert_eq!(
        read[0]["employees."][0]["party."]["email"],
        json!(person.email)
    );
    assert_eq!(read[0]["company."]["party."]["name"], "Northwind Support");
    assert_eq!(read[0].get("company"), None, "only what is asked for");
    let mailbox = everybody
        .iter()
        .find(|user| user.kind == UserKind::SharedMailbox)
        .expect("one");
    let mailbox: i64 = mailbox.id.parse().expect("a number");
    let read = tryton
        .call("res.user.read", json!([[mailbox], ["employees"], {}]))
        .await;
    assert_eq!(read[0]["employees"], json!([]));
}

#[tokio::test]
async fn inactive_users_are_listed_when_the_domain_names_them() {
    let tryton = Tryton::start().await;
    let everybody = tryton.lab.emulator.control().users();
    let domain = json!([["id", ">", -1], ["active", "in", [true, false]]]);
    let count = tryton
        .call("res.user.search_count", json!([domain, {}]))
        .await;
    assert_eq!(count, json!(everybody.len()));
    assert!(
        tryton
            .call("res.user.search_count", json!([[], {}]))
            .await
            .as_u64()
            < count.as_u64()
    );
    let params = json!([
        [["id", ">", -1], ["active", "in", [true, false]]],
        0,
        10,
        [["id", "ASC"]],
        ["login", "active"],
        {}
    ]);
    let rows = tryton.call("res.user.search_read", params).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(10));
    let last = rows[9]["id"].clone();
    let params = json!([
        [["id", ">", last], ["active", "in", [true, false]]],
        0,
        10,
        [["id", "ASC"]],
        ["login"],
        {}
    ]);
    let next = tryton.call("res.user.search_read", params).await;
    assert!(next[0]["id"].as_i64() > last.as_i64());
    let pages: Vec<_> = tryton
        .lab
        .emulator
        .control()
        .requests()
        .iter()
        .filter_map(|request| request.page)
        .collect();
    assert_eq!(pages, [1, 2]);
}

#[tokio::test]
async fn numbers_are_found_in_the_servers_spelling() {
    let tryton = Tryton::start().await;
    let contact = tryton.lab.emulator.control().add_contact(NewContact {
        given: "Zoë".to_owned(),
        family: "Quist".to_owned(),
        phone: Some("020 7946 0107".to_owned()),
        email: Some("zoe@quist.example".to_owned()),
        ..NewContact::default()
    });
    let id: i64 = contact.id.parse().expect("a number");
    let search = async |domain: Value| {
        let fields = json!(["type", "value", "party", "party.name"]);
        tryton
            .call(
                "party.contact_mechanism.search_read",
                json!([domain, 0, 10, null, fields, {}]),
            )
            .await
    };
    let found = search(json!([["value_compact", "=", "+442079460107"]])).await;
    assert_eq!(
        (&found[0]["value"], &found[0]["party"]),
        (&json!("+44 20 7946 0107"), &json!(id))
    );
    assert_eq!(found[0]["party."]["name"], "Zoë Quist");
    assert_eq!(
        search(json!([["value", "=", "+442079460107"]])).await,
        json!([])
    );
    let any = json!([
        "OR",
        [["value_compact", "like", "%79460107"]],
        [["value", "=", "nobody"]]
    ]);
    assert_eq!(search(any).await[0]["party"], json!(id));
    let by_party = json!([
        [["contact_mechanisms.value", "ilike", "ZOE@quist.example"]],
        0,
        5,
        null,
        {}
    ]);
    assert_eq!(
        tryton.call("party.party.search", by_party).await,
        json!([id])
    );
    let computed = tryton
        .refused(
            "party.party.search",
            json!([[["email", "=", "x"]], 0, 5, null, {}]),
        )
        .await;
    assert_eq!(
        computed[0],
        "Missing search function for field \"E-Mail\" in \"Party\"."
    );
}

#[tokio::test]
async fn an_opportunity_belongs_to_an_employee_even_one_who_left() {
    let tryton = Tryton::start().await;
    let control = tryton.lab.emulator.control();
    let party: i64 = control.contacts()[0].id.parse().expect("a number");
    let person = control
        .users()
        .into_iter()
        .find(|user| user.kind == UserKind::Person)
        .expect("somebody");
    control.deactivate(&person.id).expect("there");
    let employee = 3_000 + person.id.parse::<i64>().expect("a number");
    let values = json!({ "party": party, "employee": employee, "description": "Call in", "comment": "key=abc" });
    let made = tryton
        .call(
            "sale.opportunity.create",
            json!([[values], { "company": 1 }]),
        )
        .await;
    let fields = json!([
        "employee",
        "employee.party.name",
        "company",
        "state",
        "create_uid",
        "start_date"
    ]);
    let read = tryton
        .call("sale.opportunity.read", json!([made, fields, {}]))
        .await;
    assert_eq!(
        (&read[0]["employee"], &read[0]["state"]),
        (&json!(employee), &json!("lead"))
    );
    assert_eq!(read[0]["start_date"]["__class__"], "date");
    let found = tryton
        .call(
            "sale.opportunity.search",
            json!([[["comment", "ilike", "%key=abc%"]], 0, 5, null, {}]),
        )
        .await;
    assert_eq!(found, made);
    assert_eq!(
        control.records()[0].owner.as_deref(),
        Some(employee.to_string().as_str())
    );
    tryton
        .call(
            "sale.opportunity.write",
            json!([made, { "comment": "key=abc, 3 min" }, {}]),
        )
        .await;

    let refused = async |values: Value, context: Value| {
        tryton
            .refused("sale.opportunity.create", json!([[values], context]))
            .await
    };
    let error = refused(json!({ "employee": 999_999 }), json!({ "company": 1 })).await;
    assert!(
        error[1][0]
            .as_str()
            .is_some_and(|text| text.contains("not valid according to its domain")),
        "{error}"
    );
    let error = refused(json!({ "description": "x" }), json!({})).await;
    assert!(
        error[1][0]
            .as_str()
            .is_some_and(|text| text.contains("User in companies")),
        "{error}"
    );
    assert_eq!(
        refused(json!({ "nope": 1 }), json!({ "company": 1 })).await,
        json!(["'nope'", ""])
    );
}

#[tokio::test]
async fn a_note_is_by_who_is_signed_in_whatever_it_says() {
    let tryton = Tryton::start().await;
    let party = tryton.lab.emulator.control().contacts()[0].id.clone();
    let values =
        json!({ "resource": format!("party.party,{party}"), "message": "called", "create_uid": 5 });
    let made = tryton.call("ir.note.create", json!([[values], {}])).await;
    let read = tryton
        .call(
            "ir.note.read",
            json!([
                made,
                ["message", "create_uid.login", "resource.rec_name"],
                {}
            ]),
        )
        .await;
    assert_eq!(read[0]["create_uid."]["login"], "counterpart");
    let nowhere = json!([[{ "resource": "party.party,77", "message": "called" }], {}]);
    let error = tryton.refused("ir.note.create", nowhere).await;
    assert!(
        error[1][0]
            .as_str()
            .is_some_and(|text| text.contains("field \"Resource\"")),
        "{error}"
    );
    assert_eq!(
        tryton.call("ir.note.delete", json!([made, {}])).await,
        Value::Null
    );
    let error = tryton
        .refused("ir.note.read", json!([made, ["message"], {}]))
        .await;
    assert!(
        error[1][0]
            .as_str()
            .is_some_and(|text| text.ends_with("that don't exist.")),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_by_status_or_by_its_name() {
    let tryton = Tryton::start().await;
    assert_eq!(
        tryton.refused("no.such.read", json!([[1], [], {}])).await,
        json!(["'no.such'", ""])
    );
    assert_eq!(
        tryton
            .refused("res.user.read", json!([[2], ["nope"], {}]))
            .await,
        json!(["'nope'", ""])
    );
    assert_eq!(
        tryton
            .refused("res.user.read", json!([[2], ["name"]]))
            .await,
        json!(["Missing context argument", ""])
    );
    assert_eq!(
        tryton.answer("model.res.user.nope", json!([{}])).await.0,
        403
    );
    let users = tryton
        .refused("res.user.write", json!([[2], { "name": "x" }, {}]))
        .await;
    assert_eq!(users[1][0], "You are not allowed to access \"User\".");
    let body = json!({ "id": 1, "method": "common.db.login", "params": ["counterpart", { "password": "x" }, "en"] });
    assert_eq!(
        send(
            tryton
                .lab
                .post("/elsewhere/")
                .header("content-type", "application/json")
                .body(body.to_string())
        )
        .await
        .status(),
        404
    );
    let (_, version) = send_json(
        tryton
            .lab
            .post("/")
            .header("content-type", "application/json")
            .body(json!({ "id": 1, "method": "common.server.version", "params": [] }).to_string()),
    )
    .await;
    assert_eq!(version["result"], "7.0.59");
    let control = tryton.lab.emulator.control();
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a fault");
    let error = tryton
        .refused("res.user.search_count", json!([[], {}]))
        .await;
    assert_eq!(error[0], "UserError");
}
