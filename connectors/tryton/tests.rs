//! Tryton, the real one: a server of its own for each run, started by `scripts/tryton.sh`.
//!
//! What cannot run fails, unless `COUNTERPART_SKIP` names `tryton`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use counterpart_connector::kit::{MemorySessions, RecordedPause, SetClock};
use counterpart_connector::{
    Access, Connector, Credentials, ErrorClass, ProbeOutcome, PulledUser, SessionKeeper as _,
    SessionState, ListScope,
};
use counterpart_model::crm_user::OtherId;
use counterpart_model::{Code, CrmUserKind, CrmUserState, Timestamp};
use counterpart_outbound::{Client, Request, SecretString, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use counterpart_conformance::loopback_client;

use crate::connector;

/// Our time, which Tryton's sessions do not depend on.
fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

/// Whether the operator left this test out.
fn is_skipped() -> bool {
    let skip = std::env::var("COUNTERPART_SKIP").unwrap_or_default();
    skip.split([',', ' ']).any(|name| name == "tryton")
}

/// A running Tryton, stopped when dropped.
struct Server {
    folder: TempDir,
    address: String,
    password: String,
}

fn script(action: &str, folder: &Path) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    Command::new("bash")
        .arg(root.join("scripts/tryton.sh"))
        .arg(action)
        .env("DIR", folder)
        .output()
        .expect("bash runs")
}

impl Server {
    fn start() -> Self {
        let folder = TempDir::new().expect("a folder for temporary files");
        let started = script("start", folder.path());
        assert!(
            started.status.success(),
            "Tryton did not start; COUNTERPART_SKIP=tryton leaves it out:\n{}",
            String::from_utf8_lossy(&started.stderr)
        );
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.path().join(name));
            text.expect("tryton.sh writes it").trim().to_owned()
        };
        let address = read("address");
        let address = Url::parse(&address)
            .expect("an address")
            .origin()
            .ascii_serialization();
        let password = read("password");
        Self {
            folder,
            address,
            password,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script("stop", self.folder.path());
    }
}

/// A connection to a running Tryton.
struct Connection {
    connector: Arc<dyn Connector>,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    client: Client,
    sessions: MemorySessions,
    clock: SetClock,
    pause: RecordedPause,
}

impl Connection {
    fn to(server: &Server, password: &str) -> Self {
        let connector = connector("tryton");
        let typed = BTreeMap::from([
            ("address".to_owned(), format!("{}/", server.address)),
            ("database".to_owned(), "crm".to_owned()),
        ]);
        let credentials = [("username", "admin"), ("password", password)];
        Self {
            settings: connector
                .normalise(typed)
                .expect("these settings are right"),
            connector,
            credentials: credentials
                .into_iter()
                .map(|(name, value)| (name.to_owned(), SecretString::from(value)))
                .collect(),
            client: loopback_client(),
            sessions: MemorySessions::new(),
            clock: SetClock::at(noon()),
            pause: RecordedPause::new(),
        }
    }

    fn access(&self) -> Access<'_> {
        Access {
            settings: &self.settings,
            credentials: &self.credentials,
            client: &self.client,
            pace: None,
            sessions: &self.sessions,
            clock: &self.clock,
            pause: &self.pause,
        }
    }

    async fn users(&self) -> BTreeMap<String, PulledUser> {
        let (mut users, mut cursor, mut total) = (BTreeMap::new(), None, None);
        loop {
            let access = self.access();
            let page = self
                .connector
                .list_users(&access, ListScope::Full, cursor.as_deref())
                .await;
            let page = page.unwrap_or_else(|error| panic!("{error}"));
            assert!(page.failures.is_empty(), "{:?}", page.failures);
            total = page.total.or(total);
            users.extend(page.users.into_iter().map(|user| (user.id.0.clone(), user)));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(
            total,
            Some(users.len() as u64),
            "Tryton counts as many users"
        );
        users
    }
}

/// Tryton's API as an administrator uses it, apart from the connector.
struct Admin<'a> {
    client: &'a Client,
    address: String,
    authorization: String,
}

impl<'a> Admin<'a> {
    async fn sign_in(server: &Server, client: &'a Client) -> Self {
        use base64::Engine as _;
        let address = format!("{}/crm/", server.address);
        let mut admin = Self {
            client,
            address,
            authorization: String::new(),
        };
        let login = json!(["admin", {"password": server.password}, "en"]);
        let session = admin.call("common.db.login", login).await;
        let session = format!(
            "admin:{}:{}",
            session[0],
            session[1].as_str().expect("a session")
        );
        let encoded = base64::engine::general_purpose::STANDARD.encode(session);
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
        let response = self
            .client
            .send(request.json(&body))
            .await
            .expect("Tryton answers");
        let answer = response.json().expect("JSON");
        // A refusal is followed by the descriptions of fields, which nobody wants to read.
        let refusal = answer
            .get("error")
            .map(|error| format!("{:.300}", error.to_string()));
        assert_eq!(refusal, None, "{method}");
        answer["result"].clone()
    }

    async fn create(&self, model: &str, values: Value) -> i64 {
        let made = self
            .call(&format!("model.{model}.create"), json!([[values], {}]))
            .await;
        made[0].as_i64().expect("an id")
    }

    /// A new company with an employee, whose party has an address and a phone.
    async fn create_employee(&self) -> (i64, i64) {
        let currency = json!({
            "name": "Euro", "code": "EUR", "symbol": "€", "digits": 2,
            "rounding": {"__class__": "Decimal", "decimal": "0.01"},
        });
        let currency = self.create("currency.currency", currency).await;
        let party = self
            .create("party.party", json!({"name": "Northwind"}))
            .await;
        let company = json!({"party": party, "currency": currency});
        let company = self.create("company.company", company).await;
        let mechanisms = json!([
            {"type": "email", "value": "number3@work.example"},
            {"type": "phone", "value": "+44 20 7946 0107"},
        ]);
        let party = json!({"name": "Number 3", "contact_mechanisms": [["create", mechanisms]]});
        let party = self.create("party.party", party).await;
        let employee = json!({"party": party, "company": company});
        (company, self.create("company.employee", employee).await)
    }
}

#[tokio::test]
async fn twenty_users_of_a_real_tryton_are_read_with_their_states_and_employees() {
    if is_skipped() {
        return;
    }
    let server = Server::start();
    let connection = Connection::to(&server, &server.password);
    let report = connection.connector.check(&connection.access()).await;
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    assert!(report.is_good(), "{report:?}");
    assert_eq!(report.probes[0].outcome, ProbeOutcome::Passed);
    assert!(
        report.org.is_some_and(|org| org.id.starts_with("20")),
        "no date of birth"
    );
    assert_eq!(report.signed_in_as.as_deref(), Some("Administrator"));

    let admin = Admin::sign_in(&server, &connection.client).await;
    let (company, employee) = admin.create_employee().await;
    let before = connection.users().await;
    let mut made = Vec::new();
    for number in 1..=20 {
        let mut values = json!({
            "name": format!("Nümber {number} 山田"),
            "login": format!("number{number}"),
            "email": format!("number{number}@example.com"),
        });
        if number == 3 {
            values["companies"] = json!([["add", [company]]]);
            values["employees"] = json!([["add", [employee]]]);
        }
        made.push(admin.create("res.user", values).await.to_string());
    }
    let after = connection.users().await;
    assert_eq!(after.len(), before.len() + 20);
    let third = &after[&made[2]].profile;
    assert_eq!(third.display_name, "Nümber 3 山田");
    assert_eq!(third.username.as_deref(), Some("number3"));
    assert_eq!(
        third.emails,
        ["number3@example.com", "number3@work.example"]
    );
    assert_eq!(third.phones, ["+44 20 7946 0107"]);
    assert_eq!(third.state, CrmUserState::Active);
    let id = OtherId {
        kind: "employee".to_owned(),
        value: employee.to_string(),
    };
    assert_eq!(third.other_ids, [id]);
    assert_eq!(
        after["0"].profile.kind,
        CrmUserKind::Api,
        "root is no person"
    );

    let leaver: i64 = made[6].parse().expect("a number");
    let off = json!([[leaver], {"active": false}, {}]);
    admin.call("model.res.user.write", off).await;
    let last = connection.users().await;
    assert_eq!(
        last.len(),
        after.len(),
        "a deactivated user is listed all the same"
    );
    assert_eq!(last[&made[6]].profile.state, CrmUserState::Inactive);

    ended_sessions_are_renewed(&connection, &admin).await;
    wrong_words_are_told_apart(&server).await;
}

/// A session that the server does not know any more is renewed once; behind a changed password
/// there is no renewal.
async fn ended_sessions_are_renewed(connection: &Connection, admin: &Admin<'_>) {
    let values = [("own_id", "1"), ("session", "ended")];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let ended = SessionState::new(values.into(), noon(), None);
    connection
        .sessions
        .store(&ended)
        .await
        .expect("memory does not fail");
    assert!(!connection.users().await.is_empty());
    assert_ne!(connection.sessions.load().await, Ok(Some(ended)));

    let password = json!([[1], {"password": "another-long-1"}, {}]);
    admin.call("model.res.user.write", password).await;
    let list = connection
        .connector
        .list_users(&connection.access(), ListScope::Full, None)
        .await;
    let error = list.expect_err("session and password are no longer valid");
    assert_eq!(*error.class(), ErrorClass::Auth, "{error}");
}

/// A wrong password and a wrong database each have their own code, and neither shows a secret.
async fn wrong_words_are_told_apart(server: &Server) {
    let mut connection = Connection::to(server, "wrong-password-7");
    let error = connection.connector.settle(&connection.access()).await;
    let error = error.expect_err("the password is wrong");
    assert_eq!(error.code(), Code::ConnectionUnauthorized, "{error}");
    assert!(!error.to_string().contains("wrong-password-7"));
    connection
        .settings
        .insert("database".to_owned(), "nowhere".to_owned());
    let error = connection.connector.settle(&connection.access()).await;
    let error = error.expect_err("the database does not exist");
    assert_eq!(error.code(), Code::ConnectionNotFound, "{error}");
}
