//! Odoo against its emulator, in both dialects, and the real one.
//!
//! A real Odoo takes root and minutes to install: its tests are those that `make test-odoo` runs.

use async_trait::async_trait;
use counterpart_conformance::Emulated;
use counterpart_connector::kit::{Bench, BenchError, CHECKS, Stand, Verdict, run};
use counterpart_connector::{ListScope, ProbeOutcome};
use counterpart_model::Code;
use counterpart_outbound::{Client, Request, Url};
use serde_json::{Value, json};

use crate::acceptance::{Connection, RealCrm, Server, is_accepted};
use crate::emulated;

/// Of the users that are made for Counterpart.
const PASSWORD: &str = "a-long-passphrase-of-many-words-1";

/// What Odoo has not.
const HAS_NOT: [&str; 6] = [
    // It may be anybody's account that a connection signs in by.
    "the_connecting_user_is_no_person",
    "a_record_is_shown_on_a_screen",
    "a_call_is_placed_from_a_users_phone",
    "the_allowance_that_is_left_is_known",
    "a_webhook_is_believed_when_it_is_real",
    // The key comes with every request.
    "an_ended_session_is_renewed",
];

#[tokio::test]
async fn odoo_conforms_in_json_rpc_without_modules() {
    emulated("odoo").conforms(&HAS_NOT).await;
}

/// Connections with these settings besides the emulator's.
struct With(Emulated, &'static [(&'static str, &'static str)]);

#[async_trait]
impl Stand for With {
    async fn bench(
        &self,
        people: usize,
        page_size: Option<usize>,
    ) -> Result<Box<dyn Bench>, BenchError> {
        let bench = self.0.connect(people, page_size, self.1).await?;
        Ok(Box::new(bench))
    }

    async fn bench_by(&self, people: usize, way: &str) -> Result<Box<dyn Bench>, BenchError> {
        self.0.bench_by(people, way).await
    }
}

async fn conforms_with(settings: &'static [(&'static str, &'static str)]) {
    let stand = With(emulated("odoo"), settings);
    let (mut bad, mut skipped) = (Vec::new(), Vec::new());
    for check in CHECKS {
        match run(*check, &stand).await {
            Verdict::Good => {}
            Verdict::Skipped(_) => skipped.push(check.name),
            Verdict::Bad(finding) => bad.push(format!("{}: {finding}", check.name)),
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(skipped, HAS_NOT);
}

#[tokio::test]
async fn odoo_conforms_in_json_rpc_with_phone_calls() {
    conforms_with(&[("calls", "phone_calls")]).await;
}

#[tokio::test]
async fn odoo_conforms_in_json_2() {
    conforms_with(&[("sign_in", "json_2"), ("database", "northwind19")]).await;
}

#[tokio::test]
async fn odoo_conforms_in_json_2_with_phone_calls() {
    conforms_with(&[("sign_in", "json_2"), ("calls", "phone_calls")]).await;
}

/// Odoo's API as an administrator uses it, apart from the connector.
struct Admin {
    client: Client,
    address: Url,
    password: String,
}

impl Admin {
    fn of(server: &Server, client: &Client) -> Self {
        let address = format!("{}jsonrpc", server.said("url"));
        Self {
            client: client.clone(),
            address: Url::parse(&address).expect("an address"),
            password: server.said("password").to_owned(),
        }
    }

    /// Calls a method as the administrator, whose id is 2 in every database.
    async fn call(&self, model: &str, method: &str, arguments: Value) -> Value {
        let args = json!(["crm", 2, self.password, model, method, arguments]);
        let params = json!({"service": "object", "method": "execute_kw", "args": args});
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params});
        let request = Request::post(self.address.clone()).json(&body);
        let response = self.client.send(request).await.expect("Odoo answers");
        let answer = response.json().expect("JSON");
        let refusal = answer.pointer("/error/data/message");
        assert_eq!(refusal, None, "{model}.{method}");
        answer["result"].clone()
    }

    async fn create(&self, model: &str, values: Value) -> i64 {
        let made = self.call(model, "create", json!([values])).await;
        made.as_i64().expect("an id")
    }

    /// The id of one of Odoo's groups.
    async fn group(&self, module: &str, name: &str) -> Value {
        let found = self.call(
            "ir.model.data",
            "check_object_reference",
            json!([module, name]),
        );
        found.await[1].clone()
    }

    /// A user for Counterpart, with what its page says and no more.
    async fn counterpart(&self, login: &str, sales: &str) {
        let groups = [
            self.group("base", "group_user").await,
            self.group("base", "group_partner_manager").await,
            self.group("sales_team", sales).await,
        ];
        let user = json!({
            "name": "Counterpart", "login": login, "password": PASSWORD,
            "email": "counterpart@example.com", "groups_id": [[6, 0, groups]],
        });
        self.create("res.users", user).await;
    }
}

#[async_trait]
impl RealCrm for Admin {
    fn typed_numbers(&self) -> [(&'static str, &'static str); 3] {
        [
            ("+44 20 7946 0131", "+442079460131"),
            ("020 7946 0132", "+442079460132"),
            ("(020) 7946-0133", "+442079460133"),
        ]
    }

    async fn hire(&self, name: &str, login: &str, email: &str) -> String {
        let user = json!({"name": name, "login": login, "email": email});
        self.create("res.users", user).await.to_string()
    }

    async fn dismiss(&self, id: &str) {
        let id: i64 = id.parse().expect("a number");
        let off = json!([[id], {"active": false}]);
        self.call("res.users", "write", off).await;
    }

    async fn add_customer(&self, name: &str, number: &str) -> String {
        let customer = json!({"name": name, "phone": number});
        self.create("res.partner", customer).await.to_string()
    }

    fn secret(&self) -> &'static str {
        "api_key"
    }
}

fn connection(server: &Server, calls: &str, login: &str, key: &str) -> Connection {
    let settings = [
        ("address", server.said("url")),
        ("database", server.said("database")),
        ("calls", calls),
    ];
    Connection::new("odoo", &settings, &[("username", login), ("api_key", key)])
}

#[tokio::test]
#[ignore = "needs a real Odoo: make test-odoo"]
async fn a_real_odoo_is_read_and_written_under_its_users() {
    let server = Server::start("odoo.sh");
    let messages = connection(&server, "messages", "counterpart", PASSWORD);
    let admin = Admin::of(&server, &messages.client);
    let salesperson = "group_sale_salesman_all_leads";
    admin.counterpart("counterpart", salesperson).await;
    is_accepted(&admin, &messages, "messages").await;
    // To take phone calls away again is for managers.
    admin.counterpart("manager", "group_sale_manager").await;
    let calls = connection(&server, "phone_calls", "manager", PASSWORD);
    is_accepted(&admin, &calls, "calls").await;
    the_administrators_key_works_and_is_too_much(&server).await;
    a_wrong_database_is_told(&server).await;
}

/// A key does where a password does; that it is an administrator's is told.
async fn the_administrators_key_works_and_is_too_much(server: &Server) {
    let connection = connection(server, "messages", "admin", server.said("api_key"));
    assert!(!connection.users(ListScope::Full).await.is_empty());
    let report = connection.connector.check(&connection.access()).await;
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    let named = report.org.and_then(|org| org.name);
    assert_eq!(named.as_deref(), Some("My Company"));
    assert_eq!(report.signed_in_as.as_deref(), Some("Administrator"));
    for probe in report.probes {
        let expected = if probe.name == "administration" {
            ProbeOutcome::Failed
        } else {
            ProbeOutcome::Passed
        };
        assert_eq!(probe.outcome, expected, "{}", probe.name);
    }
}

async fn a_wrong_database_is_told(server: &Server) {
    let mut connection = connection(server, "messages", "admin", server.said("api_key"));
    let nowhere = "nowhere".to_owned();
    connection.settings.insert("database".to_owned(), nowhere);
    let error = connection.connector.settle(&connection.access()).await;
    let error = error.expect_err("the database does not exist");
    assert_eq!(error.code(), Code::ConnectionNotFound, "{error}");
}
