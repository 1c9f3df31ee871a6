//! The emulated 3CX, as its vendor documents it.

use counterpart_emulators::{Fault, FaultSwitch, Options, UserKind, platform_directory};
use serde_json::{Value, json};

use crate::client::{Lab, json as send_json, query, send};

struct Pbx {
    lab: Lab,
    token: String,
}

impl Pbx {
    async fn start() -> Self {
        let lab = Lab::of("3cx", Options::default()).await;
        let mut pbx = Self {
            lab,
            token: String::new(),
        };
        pbx.token = pbx.sign_in().await;
        pbx
    }

    async fn sign_in(&self) -> String {
        let (id, secret) = (
            self.lab.credential("client_id"),
            self.lab.credential("client_secret"),
        );
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &*id),
            ("client_secret", &*secret),
        ];
        let (status, token) = self.lab.post_form("/connect/token", &form).await;
        assert_eq!(
            (status, &token["expires_in"], &token["refresh_token"]),
            (200, &json!(60), &Value::Null)
        );
        token["access_token"].as_str().expect("a token").to_owned()
    }

    async fn get(&self, path: &str, options: &[(&str, &str)]) -> (u16, Value) {
        let path = if path.starts_with("/callcontrol") {
            path.to_owned()
        } else {
            format!("/xapi/v1/{path}")
        };
        let request = self.lab.get(&format!("{path}{}", query(options)));
        send_json(request.bearer_auth(&self.token)).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        send_json(
            self.lab
                .post(path)
                .bearer_auth(&self.token)
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
        .await
    }
}

#[tokio::test]
async fn a_second_token_ends_the_first_and_sixty_are_minutes() {
    let mut pbx = Pbx::start().await;
    let first = pbx.token.clone();
    pbx.token = pbx.sign_in().await;
    assert_eq!(pbx.get("Users", &[("$top", "1")]).await.0, 200);
    let second = std::mem::replace(&mut pbx.token, first);
    let (status, error) = pbx.get("Users", &[("$top", "1")]).await;
    assert_eq!((status, &error["error"]), (401, &json!("unauthorized")));
    pbx.token = second;
    pbx.lab.emulator.control().advance_clock(3_500);
    assert_eq!(pbx.get("Users", &[("$top", "1")]).await.0, 200);
    pbx.lab.emulator.control().advance_clock(200);
    assert_eq!(pbx.get("Users", &[("$top", "1")]).await.0, 401);
}

#[tokio::test]
async fn a_form_of_parts_is_read_and_a_wrong_secret_is_not() {
    let pbx = Pbx::start().await;
    let part = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = format!(
        "{}{}{}--edge--\r\n",
        part("client_id", &pbx.lab.credential("client_id")),
        part("client_secret", &pbx.lab.credential("client_secret")),
        part("grant_type", "client_credentials")
    );
    let request = pbx
        .lab
        .post("/connect/token")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body);
    assert_eq!(send_json(request).await.0, 200);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "9000"),
        ("client_secret", "nope"),
    ];
    assert_eq!(pbx.lab.post_form("/connect/token", &form).await.0, 401);
}

#[tokio::test]
async fn users_come_by_pages_with_a_count_and_only_the_fields_asked_for() {
    let pbx = Pbx::start().await;
    let everybody = pbx.lab.emulator.control().users();
    let mut numbers = Vec::new();
    for skip in ["0", "25", "50", "75"] {
        let options = [
            ("$top", "25"),
            ("$skip", skip),
            ("$orderby", "Id"),
            ("$count", "true"),
            ("$select", "Id,Number,Enabled"),
        ];
        let (_, page) = pbx.get("Users", &options).await;
        assert_eq!(page["@odata.count"], json!(everybody.len()));
        let rows = page["value"].as_array().expect("rows");
        assert!(
            rows.iter()
                .all(|row| row.as_object().map(serde_json::Map::len) == Some(3))
        );
        numbers.extend(
            rows.iter()
                .map(|row| row["Number"].as_str().expect("an extension").to_owned()),
        );
    }
    assert_eq!(numbers.len(), everybody.len());
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), everybody.len(), "an extension is had by one");
    let (_, all) = pbx.get("Users", &[("$top", "1")]).await;
    assert!(
        all["value"][0]["AuthPassword"].is_string(),
        "secrets are in the record"
    );
    assert_eq!(
        all["value"][0].get("Groups"),
        None,
        "departments come with $expand"
    );
    let (_, all) = pbx
        .get(
            "Users",
            &[("$top", "1"), ("$select", "Number"), ("$expand", "Groups")],
        )
        .await;
    assert_eq!(all["value"][0]["Groups"][0]["Type"], "Extension");
}

#[tokio::test]
async fn the_directory_is_the_platforms_own() {
    let pbx = Pbx::start().await;
    let people = platform_directory(1, 60);
    let users = pbx.lab.emulator.control().users();
    let persons: Vec<_> = users
        .iter()
        .filter(|user| user.kind == UserKind::Person && user.is_active())
        .collect();
    let same = persons
        .iter()
        .filter(|user| people.iter().any(|person| person.email == user.email))
        .count();
    assert!(
        same * 100 >= persons.len() * 90,
        "{same} of {}",
        persons.len()
    );
    let with_extension = people.iter().find(|person| {
        persons
            .iter()
            .any(|user| user.extension.is_some() && user.extension == person.extension)
    });
    let person = with_extension.expect("somebody");
    let extension = person.extension.clone().unwrap_or_default();
    let (status, user) = pbx
        .get(
            &format!("Users(Number='{extension}')"),
            &[("$select", "EmailAddress")],
        )
        .await;
    assert_eq!((status, &user["EmailAddress"]), (200, &json!(person.email)));
    let (status, _) = pbx.get("Users(Number='00')", &[]).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn filters_are_understood_and_mistakes_named() {
    let pbx = Pbx::start().await;
    let leavers = pbx
        .lab
        .emulator
        .control()
        .users()
        .iter()
        .filter(|user| !user.is_active())
        .count();
    let (_, off) = pbx
        .get(
            "Users",
            &[
                ("$filter", "not (Enabled eq true) and Id gt 0"),
                ("$count", "true"),
            ],
        )
        .await;
    assert_eq!(off["@odata.count"], json!(leavers));
    let (_, found) = pbx
        .get(
            "Users",
            &[
                ("$filter", "startswith(tolower(EmailAddress), 'support@')"),
                ("$select", "LastName"),
            ],
        )
        .await;
    assert_eq!(found["value"][0]["LastName"], "Support Queue");
    for (option, value) in [
        ("$filter", "Nope eq 1"),
        ("$select", "Nope"),
        ("$orderby", "Nope"),
        ("$expand", "Nope"),
        ("$top", "x"),
        ("$nope", "1"),
    ] {
        let (status, error) = pbx.get("Users", &[(option, value)]).await;
        assert_eq!(status, 400, "{option}");
        assert!(
            error["error"]["message"]
                .as_str()
                .is_some_and(|text| text.starts_with("The query specified")),
            "{error}"
        );
    }
    assert_eq!(pbx.get("Nope", &[]).await.0, 404);
    let request = pbx
        .lab
        .http
        .patch(pbx.lab.url("/xapi/v1/Users(41)"))
        .bearer_auth(&pbx.token)
        .header("content-type", "application/json")
        .body(json!({}).to_string());
    assert_eq!(send(request).await.status(), 403);
}

#[tokio::test]
async fn numbers_lead_to_extensions_by_rules() {
    let pbx = Pbx::start().await;
    let (_, numbers) = pbx
        .get("DidNumbers", &[("$expand", "RoutingRule"), ("$top", "3")])
        .await;
    let first = &numbers["value"][0];
    assert!(
        first["Number"]
            .as_str()
            .is_some_and(|number| number.starts_with("+44"))
    );
    assert_eq!(first["RoutingRule"]["Condition"], "BasedOnDID");
    let (_, rules) = pbx.get("InboundRules", &[("$top", "1")]).await;
    assert_eq!(rules["value"][0]["Data"], first["Number"]);
    let (_, peers) = pbx
        .get("Peers", &[("$filter", "Type eq 'RoutePoint'")])
        .await;
    assert_eq!(peers["value"][0]["Number"], "9000");
    let (_, groups) = pbx.get("Groups", &[]).await;
    assert_eq!(groups["value"][0]["IsDefault"], true);
    let (_, queues) = pbx.get("Queues", &[("$expand", "Agents")]).await;
    assert!(
        queues["value"][0]["Agents"]
            .as_array()
            .is_some_and(|agents| !agents.is_empty())
    );
    let (_, status) = pbx.get("SystemStatus", &[]).await;
    assert_eq!(status["FQDN"], "northwind.my3cx.example");
}

#[tokio::test]
async fn a_call_is_started_by_either_api() {
    let pbx = Pbx::start().await;
    let (_, user) = pbx
        .get(
            "Users",
            &[
                ("$filter", "Enabled eq true"),
                ("$top", "1"),
                ("$select", "Id,Number"),
            ],
        )
        .await;
    let (id, dn) = (
        user["value"][0]["Id"].to_string(),
        user["value"][0]["Number"].clone(),
    );
    let (status, made) = pbx
        .post(
            "/xapi/v1/Users/Pbx.MakeCall",
            &json!({ "dn": dn, "destination": "+442079460107" }),
        )
        .await;
    assert_eq!(
        (status, &made["Result"]["DN"], &made["Result"]["Status"]),
        (200, &dn, &json!("Dialing"))
    );
    let (status, _) = pbx
        .post(
            "/xapi/v1/Users/Pbx.MakeCall",
            &json!({ "dn": "00", "destination": "1" }),
        )
        .await;
    assert_eq!(status, 400);
    let line = format!("/callcontrol/{}", dn.as_str().expect("an extension"));
    let (_, devices) = pbx.get(&format!("{line}/devices"), &[]).await;
    let device = devices[0]["device_id"]
        .as_str()
        .expect("a device")
        .to_owned();
    let (status, made) = pbx
        .post(
            &format!("{line}/devices/{device}/makecall"),
            &json!({ "destination": "201" }),
        )
        .await;
    assert_eq!(
        (status, &made["result"]["party_caller_id"]),
        (200, &json!("201"))
    );
    let (_, shown) = pbx.get(&line, &[]).await;
    assert_eq!(shown["participants"].as_array().map(Vec::len), Some(2));
    let (_, active) = pbx.get("ActiveCalls", &[]).await;
    assert_eq!(active["value"].as_array().map(Vec::len), Some(2));
    let owners: Vec<_> = pbx
        .lab
        .emulator
        .control()
        .records()
        .into_iter()
        .map(|record| record.owner)
        .collect();
    assert_eq!(owners, [Some(id.clone()), Some(id)]);
    assert_eq!(pbx.get("/callcontrol/00", &[]).await.0, 404);
    let (_, all) = pbx.get("/callcontrol", &[]).await;
    assert_eq!(all[0]["type"], "Wroutepoint");
}

#[tokio::test]
async fn a_list_cut_short_announces_more_than_it_brings() {
    let pbx = Pbx::start().await;
    let control = pbx.lab.emulator.control();
    control
        .inject(FaultSwitch::next(1, Fault::TruncatedList))
        .expect("a fault");
    let (_, page) = pbx
        .get("Users", &[("$count", "true"), ("$top", "200")])
        .await;
    let announced = page["@odata.count"].as_u64().expect("a count");
    assert!((page["value"].as_array().expect("rows").len() as u64) < announced);
    control
        .inject(FaultSwitch::next(1, Fault::IdType))
        .expect("a fault");
    let (_, page) = pbx.get("Users", &[("$top", "1")]).await;
    assert!(page["value"][0]["Id"].is_string());
    control
        .inject(FaultSwitch::next(1, Fault::MissingPermission))
        .expect("a fault");
    assert_eq!(pbx.get("Users", &[]).await.0, 403);
}
