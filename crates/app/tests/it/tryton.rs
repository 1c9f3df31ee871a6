//! A real CRM: people mapped to the users of a Tryton, and one of them leaves.
//!
//! What cannot run fails, unless `COUNTERPART_SKIP` names `tryton`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use counterpart_emulators::Person;
use counterpart_outbound::{Client, ClientOptions, Request, SecretString, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::json as command;
use crate::component::is_skipped;
use crate::served::Served;

const PEOPLE: usize = 20;
const LOOPBACK: &str = "127.0.0.0/8";
const DATABASE: &str = "crm";

/// A Tryton of its own, on a free port. Dropping it stops the server.
struct Tryton {
    folder: TempDir,
    /// Scheme, host and port, with a slash at the end.
    address: Url,
    password: String,
}

impl Tryton {
    fn start() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let started = script("start", folder.path());
        // Made before anything can fail, so that what was started is stopped.
        let mut tryton = Self {
            folder,
            address: Url::parse("http://127.0.0.1/").expect("an address"),
            password: String::new(),
        };
        assert!(
            started.status.success(),
            "Tryton cannot be had; install Python 3.9 or newer with venv, or leave its tests out \
             with COUNTERPART_SKIP=tryton:\n{}",
            String::from_utf8_lossy(&started.stderr)
        );
        let address = Url::parse(&tryton.written("address")).expect("an address");
        tryton.address = address.join("/").expect("an address");
        tryton.password = tryton.written("password");
        tryton
    }

    /// What `tryton.sh start` wrote down under this name.
    fn written(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.folder.path().join(name));
        text.expect("tryton.sh writes it").trim().to_owned()
    }
}

impl Drop for Tryton {
    fn drop(&mut self) {
        script("stop", self.folder.path());
    }
}

fn script(action: &str, folder: &Path) -> Output {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts/tryton.sh");
    Command::new("bash")
        .arg(script)
        .arg(action)
        .env("DIR", folder)
        .output()
        .expect("bash runs")
}

/// Tryton's own API, as an administrator uses it.
struct Admin<'a> {
    client: &'a Client,
    url: Url,
    authorization: Option<String>,
}

impl<'a> Admin<'a> {
    async fn sign_in(tryton: &Tryton, client: &'a Client) -> Self {
        let url = tryton
            .address
            .join(&format!("{DATABASE}/"))
            .expect("an address");
        let mut admin = Self {
            client,
            url,
            authorization: None,
        };
        let login = json!(["admin", {"password": tryton.password}, "en"]);
        let session = admin.call("common.db.login", login).await;
        let key = session[1].as_str().expect("a session");
        let encoded = BASE64.encode(format!("admin:{}:{key}", session[0]));
        admin.authorization = Some(format!("Session {encoded}"));
        admin
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let mut request = Request::post(self.url.clone());
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let body = json!({"id": 1, "method": method, "params": params});
        let answer = self
            .client
            .send(request.json(&body))
            .await
            .expect("Tryton answers");
        let answer = answer.json().expect("JSON");
        // A refusal is followed by the descriptions of all fields.
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

    /// Users, the deactivated and the server's own included.
    async fn count_users(&self) -> u64 {
        let everybody = json!([[["active", "in", [true, false]]], {}]);
        let count = self.call("model.res.user.search_count", everybody).await;
        count.as_u64().expect("a number")
    }

    /// A user who is an employee of `company`; returns the user's id.
    async fn create_user(&self, person: &Person, email: &str, company: i64) -> i64 {
        let party = json!({"name": person.display_name});
        let party = self.create("party.party", party).await;
        let employee = json!({"party": party, "company": company});
        let employee = self.create("company.employee", employee).await;
        let user = json!({
            "name": format!("{}, {}", person.family, person.given),
            "login": person.external_id,
            "email": email,
            "companies": [["add", [company]]],
            "employees": [["add", [employee]]],
        });
        self.create("res.user", user).await
    }
}

/// The address in Tryton: two people are known by another one there.
fn email_there(number: usize, person: &Person) -> String {
    match number {
        3 | 11 => format!("{}@tryton.example", person.external_id.to_lowercase()),
        _ => person.email.to_uppercase(),
    }
}

fn people_file(people: &[Person]) -> String {
    let mut lines = vec!["external id,given name,family name,e-mail".to_owned()];
    lines.extend(people.iter().map(|person| {
        [
            person.external_id.as_str(),
            &person.given,
            &person.family,
            &person.email,
        ]
        .join(",")
    }));
    lines.join("\n")
}

/// An organization with the people and a connection to `tryton`; returns the organization's id.
fn connect(folder: &Path, people: &[Person], tryton: &Tryton) -> String {
    let name = ["organization", "create", "--name", "Northwind"];
    let organization = command(folder, &name, "");
    std::fs::write(folder.join("people.csv"), people_file(people)).expect("a file");
    let imported = command(folder, &["people", "import", "people.csv"], "");
    assert_eq!(imported["add"], PEOPLE, "{imported}");
    let address = format!("address={}", tryton.address);
    let database = format!("database={DATABASE}");
    let add = [
        "connection",
        "add",
        "--provider",
        "tryton",
        "--allow-address",
        LOOPBACK,
    ];
    let settings = ["--set", &address, "--set", &database];
    let credentials = json!({"username": "admin", "password": tryton.password}).to_string();
    command(folder, &[&add[..], &settings].concat(), &credentials);
    organization["id"].as_str().expect("an id").to_owned()
}

fn sync(folder: &Path) -> Value {
    let run = command(folder, &["sync", "Tryton", "--allow-address", LOOPBACK], "");
    run["report"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_mapped_to_users_of_a_real_tryton_and_a_leaver_is_noticed() {
    if is_skipped("tryton") {
        return;
    }
    let tryton = Tryton::start();
    let client = Client::new(ClientOptions {
        allowed_networks: vec![LOOPBACK.parse().expect("a network")],
        ..ClientOptions::default()
    })
    .expect("these options are valid");
    let admin = Admin::sign_in(&tryton, &client).await;
    let companies = admin
        .call("model.company.company.search", json!([[], 0, 1, null, {}]))
        .await;
    let company = companies[0].as_i64().expect("tryton.sh makes a company");
    let people = counterpart_emulators::platform_directory(7, PEOPLE);
    let mut users = BTreeMap::new();
    for (number, person) in people.iter().enumerate() {
        let user = admin
            .create_user(person, &email_there(number, person), company)
            .await;
        users.insert(person.external_id.clone(), user);
    }

    let folder = tempfile::tempdir().expect("a folder");
    let organization = connect(folder.path(), &people, &tryton);
    let report = sync(folder.path());
    assert_eq!(report["read"], admin.count_users().await, "{report}");
    assert_eq!(report["failed"], 0, "{report}");
    command(folder.path(), &["map", "accept"], "");
    let mappings = command(folder.path(), &["map", "list"], "");
    let mappings = mappings.as_array().expect("mappings");
    assert!(
        mappings.len() >= 18,
        "only {} of {PEOPLE} are mapped",
        mappings.len()
    );
    for mapping in mappings {
        let person = mapping["person_external_id"].as_str().expect("an id");
        assert_eq!(
            mapping["crm_user_id"],
            users[person].to_string(),
            "{mapping}"
        );
    }

    let leaver = mappings[4]["person_external_id"].as_str().expect("an id");
    let off = json!([[users[leaver]], {"active": false}, {}]);
    admin.call("model.res.user.write", off).await;
    let report = sync(folder.path());
    assert_eq!(report["deactivated"], 1, "{report}");
    assert_eq!(report["gone"], 0, "{report}");
    let still = command(folder.path(), &["map", "list"], "");
    assert_eq!(
        still.as_array(),
        Some(mappings),
        "drift takes no mapping away"
    );
    assert_eq!(
        drifted(folder.path(), &organization, &client).await,
        [leaver]
    );
}

/// The external ids of people whose mapping may no longer be true, as the API tells them.
async fn drifted(folder: &Path, organization: &str, client: &Client) -> Vec<String> {
    let token = command(folder, &["token", "create", "--role", "viewer"], "");
    let token = SecretString::from(token["token"].as_str().expect("a token"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--sync-every", "0"];
    let mut server = Served::start(folder, &serve);
    let address = Url::parse(&server.says("Counterpart serves ")).expect("an address");
    let path = format!("api/v1/organizations/{organization}/grid?situation=drifted");
    let url = address.join(&path).expect("an address");
    let answer = client
        .send(Request::get(url).bearer(&token))
        .await
        .expect("the API answers");
    let page = answer.json().expect("JSON");
    let rows = page["items"]
        .as_array()
        .unwrap_or_else(|| panic!("no rows: {page}"));
    rows.iter()
        .map(|row| {
            row["person"]["external_id"]
                .as_str()
                .expect("an id")
                .to_owned()
        })
        .collect()
}
