//! Tryton against its emulator, and the real one: a server of its own for each run, started by
//! `scripts/tryton.sh`.
//!
//! What cannot run fails, unless `COUNTERPART_SKIP` names `tryton`.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterpart_connector::{ErrorClass, ListScope, SessionKeeper as _, SessionState};
use counterpart_model::crm_user::OtherId;
use counterpart_model::{Code, CrmUserKind};
use counterpart_outbound::{Client, Request, Url};
use serde_json::{Value, json};

use crate::acceptance::{Connection, RealCrm, Server, is_accepted};
use crate::emulated;

#[tokio::test]
async fn tryton_conforms() {
    emulated("tryton")
        .conforms(&[
            // It may be anybody's account that a connection signs in by.
            "the_connecting_user_is_no_person",
            // None of these exists in Tryton.
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
        ])
        .await;
}

/// Whether the operator left this test out.
fn is_skipped() -> bool {
    let skip = std::env::var("COUNTERPART_SKIP").unwrap_or_default();
    skip.split([',', ' ']).any(|name| name == "tryton")
}

/// What stands before the path of the database.
fn address(server: &Server) -> String {
    let url = Url::parse(server.said("url")).expect("an address");
    url.origin().ascii_serialization()
}

fn connection(server: &Server, login: &str, password: &str) -> Connection {
    Connection::new(
        "tryton",
        &[("address", &address(server)), ("database", "crm")],
        &[("username", login), ("password", password)],
    )
}

/// Tryton's API as an administrator uses it, apart from the connector.
struct Admin {
    client: Client,
    address: String,
    authorization: String,
}

impl Admin {
    async fn sign_in(server: &Server, client: &Client) -> Self {
        let mut admin = Self {
            client: client.clone(),
            address: server.said("url").to_owned(),
            authorization: String::new(),
        };
        let login = json!(["admin", { "password": server.said("password") }, "en"]);
        let session = admin.call("common.db.login", login).await;
        let key = session[1].as_str().expect("a session");
        let encoded = STANDARD.encode(format!("admin:{}:{key}", session[0]));
        admin.authorization = format!("Session {encoded}");
        admin
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let url = Url::parse(&self.address).expect("an address");
        let mut request = Request::post(url);
        if !self.authorization.is_empty() {
            request = request.header("authorization", &self.authorization);
        }
        let body = json!({"id": 1, "method": method, "params": params});
        let response = self.client.send(request.json(&body)).await;
        let answer = response.expect("Tryton answers").json().expect("JSON");
        // A refusal is followed by the descriptions of fields, which nobody wants to read.
        let refusal = answer
            .get("error")
            .map(|error| format!("{:.300}", error.to_string()));
        assert_eq!(refusal, None, "{method}");
        answer["result"].clone()
    }

    async fn create(&self, model: &str, values: Value) -> i64 {
        let method = format!("model.{model}.create");
        let made = self.call(&method, json!([[values], {}])).await;
        made[0].as_i64().expect("an id")
    }

    /// The one company that the script makes.
    async fn company(&self) -> i64 {
        let params = json!([[], 0, 1, null, ["id"], {}]);
        let found = self.call("model.company.company.search_read", params).await;
        found[0]["id"].as_i64().expect("a company")
    }

    async fn party(&self, name: &str, mechanisms: &[(&str, &str)]) -> i64 {
        let mechanisms: Vec<_> = mechanisms
            .iter()
            .map(|(kind, value)| json!({"type": kind, "value": value}))
            .collect();
        let values = json!({"name": name, "contact_mechanisms": [["create", mechanisms]]});
        self.create("party.party", values).await
    }

    /// A user for Counterpart, with no more than it needs.
    async fn counterpart(&self, password: &str) {
        let params = json!([[["name", "=", "Sale Opportunity"]], 0, 1, null, ["id"], {}]);
        let group = self.call("model.res.group.search_read", params).await;
        let company = self.company().await;
        let user = json!({
            "name": "Counterpart", "login": "counterpart", "password": password,
            "companies": [["add", [company]]], "company": company,
            "groups": [["add", [group[0]["id"]]]],
        });
        self.create("res.user", user).await;
    }
}

#[async_trait]
impl RealCrm for Admin {
    fn typed_numbers(&self) -> [(&'static str, &'static str); 3] {
        [
            ("+44 20 7946 0131", "+442079460131"),
            ("+442079460132", "+442079460132"),
            ("+44 (0)20 7946-0133", "+442079460133"),
        ]
    }

    async fn hire(&self, name: &str, login: &str, email: &str) -> String {
        let company = self.company().await;
        let work = format!("{login}@work.example");
        let mechanisms = [("email", work.as_str()), ("phone", "+44 20 7946 0107")];
        let party = self.party(name, &mechanisms).await;
        let employee = json!({"party": party, "company": company});
        let employee = self.create("company.employee", employee).await;
        let user = json!({
            "name": name, "login": login, "email": email,
            "companies": [["add", [company]]], "employees": [["add", [employee]]],
        });
        self.create("res.user", user).await.to_string()
    }

    async fn dismiss(&self, id: &str) {
        let id: i64 = id.parse().expect("a number");
        let off = json!([[id], {"active": false}, {}]);
        self.call("model.res.user.write", off).await;
    }

    async fn add_customer(&self, name: &str, number: &str) -> String {
        self.party(name, &[("phone", number)]).await.to_string()
    }

    fn secret(&self) -> &'static str {
        "password"
    }
}

#[tokio::test]
async fn a_real_tryton_is_read_and_written_under_its_employees() {
    const PASSWORD: &str = "a-long-passphrase-of-many-words-1";
    if is_skipped() {
        return;
    }
    let server = Server::start("tryton.sh");
    let connection = connection(&server, "counterpart", PASSWORD);
    let admin = Admin::sign_in(&server, &connection.client).await;
    admin.counterpart(PASSWORD).await;
    is_accepted(&admin, &connection, "accept").await;
    users_come_with_their_employees(&connection, &admin).await;
    ended_sessions_are_renewed(&connection, &admin).await;
    a_wrong_database_is_told(&server).await;
}

/// Work belongs to the employee: its id comes along, with what its party has.
async fn users_come_with_their_employees(connection: &Connection, admin: &Admin) {
    let id = admin.hire("Ann Lee", "ann", "ann@example.com").await;
    let users = connection.users(ListScope::Full).await;
    let ann = &users[&id].profile;
    assert_eq!(ann.username.as_deref(), Some("ann"));
    assert_eq!(ann.emails, ["ann@example.com", "ann@work.example"]);
    assert_eq!(ann.phones, ["+44 20 7946 0107"]);
    let id: i64 = id.parse().expect("a number");
    let params = json!([[id], ["employees"], {}]);
    let employees = admin.call("model.res.user.read", params).await;
    let employee = OtherId {
        kind: "employee".to_owned(),
        value: employees[0]["employees"][0].to_string(),
    };
    assert_eq!(ann.other_ids, [employee]);
    let root = &users["0"].profile;
    assert_eq!(root.kind, CrmUserKind::Api, "root is no person");
    let report = connection.connector.check(&connection.access()).await;
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(report.signed_in_as.as_deref(), Some("Counterpart"));
    let born = report.org.is_some_and(|org| org.id.starts_with("20"));
    assert!(born, "no date of birth");
}

/// A session that the server does not know any more is renewed once; behind a changed password
/// there is no renewal.
async fn ended_sessions_are_renewed(connection: &Connection, admin: &Admin) {
    let users = connection.users(ListScope::Full).await;
    let by_login = |login: &str| {
        let mut all = users.values();
        let found = all.find(|user| user.profile.username.as_deref() == Some(login));
        found.map(|user| user.id.0.clone()).expect("a user")
    };
    let own = by_login("counterpart");
    let values = [("own_id", own.as_str()), ("session", "ended")];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let now = connection.access().clock.now();
    let ended = SessionState::new(values.into(), now, None);
    let stored = connection.sessions.store(&ended).await;
    stored.expect("memory does not fail");
    assert!(!connection.users(ListScope::Full).await.is_empty());
    assert_ne!(connection.sessions.load().await, Ok(Some(ended)));

    let id: i64 = own.parse().expect("a number");
    let password = json!([[id], {"password": "another-long-passphrase-1"}, {}]);
    admin.call("model.res.user.write", password).await;
    let access = connection.access();
    let list = connection
        .connector
        .list_users(&access, ListScope::Full, None);
    let error = list
        .await
        .expect_err("session and password are no longer valid");
    assert_eq!(*error.class(), ErrorClass::Auth, "{error}");
}

async fn a_wrong_database_is_told(server: &Server) {
    let mut connection = connection(server, "admin", server.said("password"));
    let nowhere = "nowhere".to_owned();
    connection.settings.insert("database".to_owned(), nowhere);
    let error = connection.connector.settle(&connection.access()).await;
    let error = error.expect_err("the database does not exist");
    assert_eq!(error.code(), Code::ConnectionNotFound, "{error}");
}
