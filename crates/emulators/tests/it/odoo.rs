//! The emulated Odoo, as its vendor answers.

use counterpart_emulators::{NewContact, Options, UserKind};
use serde_json::{Value, json};

use crate::client::{Lab, json as send_json};

/// A running one and who signs in.
pub(crate) struct Odoo {
    pub(crate) lab: Lab,
    pub(crate) user: i64,
}

impl Odoo {
    pub(crate) async fn start() -> Self {
        let lab = Lab::of("odoo", Options::default()).await;
        let users = lab.emulator.control().users();
        let own = users.iter().find(|user| user.kind == UserKind::Connecting);
        let user = own
            .expect("the connecting user")
            .id
            .parse()
            .expect("a number");
        Self { lab, user }
    }

    /// The whole answer of a service.
    pub(crate) async fn rpc(&self, service: &str, method: &str, args: Value) -> Value {
        let params = json!({ "service": service, "method": method, "args": args });
        let body = json!({ "jsonrpc": "2.0", "method": "call", "id": 7, "params": params });
        let (status, answer) = send_json(
            self.lab
                .post("/jsonrpc")
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
        .await;
        assert_eq!((status, &answer["id"]), (200, &json!(7)));
        answer
    }

    pub(crate) async fn answer(
        &self,
        model: &str,
        method: &str,
        args: Value,
        named: Value,
    ) -> Value {
        let key = self.lab.credential("api_key");
        let args = json!(["northwind", self.user, key, model, method, args, named]);
        self.rpc("object", "execute_kw", args).await
    }

    pub(crate) async fn call(&self, model: &str, method: &str, args: Value, named: Value) -> Value {
        let answer = self.answer(model, method, args, named).await;
        assert_eq!(answer.get("error"), None, "{model}.{method}");
        answer["result"].clone()
    }

    /// Name and message of an error.
    pub(crate) async fn refused(
        &self,
        model: &str,
        method: &str,
        args: Value,
        named: Value,
    ) -> (String, String) {
        let answer = self.answer(model, method, args, named).await;
        let error = &answer["error"];
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!(200), &json!("Odoo Server Error"))
        );
        assert!(
            error["data"]["debug"]
                .as_str()
                .is_some_and(|text| text.contains("Traceback"))
        );
        let text = |name: &str| error["data"][name].as_str().expect("a text").to_owned();
        (text("name"), text("message"))
    }

    pub(crate) async fn json2(&self, path: &str, key: &str, body: Value) -> (u16, Value) {
        let request = self
            .lab
            .post(&format!("/odoo19{path}"))
            .bearer_auth(key)
            .header("content-type", "application/json")
            .body(body.to_string());
        send_json(request).await
    }
}

#[tokio::test]
async fn a_wrong_password_is_no_error_and_a_wrong_key_is_one() {
    let odoo = Odoo::start().await;
    let key = odoo.lab.credential("api_key");
    let login = odoo.lab.credential("username");
    let right = odoo
        .rpc(
            "common",
            "authenticate",
            json!(["northwind", login, key, {}]),
        )
        .await;
    assert_eq!(right["result"], json!(odoo.user));
    let wrong = odoo
        .rpc(
            "common",
            "authenticate",
            json!(["northwind", login, "nope", {}]),
        )
        .await;
    assert_eq!(
        (wrong.get("error"), &wrong["result"]),
        (None, &json!(false))
    );
    let nowhere = odoo
        .rpc(
            "common",
            "authenticate",
            json!(["elsewhere", login, key, {}]),
        )
        .await;
    assert_eq!(
        nowhere["error"]["data"]["name"],
        "psycopg2.OperationalError"
    );
    let args = json!([
        "northwind",
        odoo.user,
        "nope",
        "res.users",
        "search",
        [[]],
        {}
    ]);
    let denied = odoo.rpc("object", "execute_kw", args).await;
    assert_eq!(
        denied["error"]["data"]["name"],
        "odoo.exceptions.AccessDenied"
    );
    assert_eq!(
        denied["error"]["data"]["arguments"],
        json!(["Access Denied"])
    );
}

#[tokio::test]
async fn the_address_says_18_and_the_other_one_19() {
    let odoo = Odoo::start().await;
    let version = odoo.rpc("common", "version", json!([])).await;
    assert_eq!(
        version["result"]["server_version_info"],
        json!([18, 0, 0, "final", 0, ""])
    );
    let (status, _) = send_json(
        odoo.lab
            .post("/json/2/res.users/search")
            .header("content-type", "application/json")
            .body(json!({}).to_string()),
    )
    .await;
    assert_eq!(status, 404);
    let (_, version) = send_json(odoo.lab.get("/odoo19/web/version")).await;
    assert_eq!(version["version_info"][0], 19);
    let body = json!({ "domain": [["share", "=", false]] });
    let named = odoo
        .lab
        .post("/json/2/res.users/search_count")
        .header("x-odoo-database", "northwind19");
    let (status, count) = send_json(
        named
            .bearer_auth(odoo.lab.credential("api_key"))
            .header("content-type", "application/json")
            .body(body.to_string()),
    )
    .await;
    assert!(
        status == 200 && count.as_u64() > Some(40),
        "{status} {count}"
    );
}

#[tokio::test]
async fn archived_users_are_hidden_until_the_domain_or_the_context_speaks_of_them() {
    let odoo = Odoo::start().await;
    let everybody = odoo.lab.emulator.control().users();
    let count = async |domain: Value, named: Value| {
        odoo.call("res.users", "search", json!([domain]), named)
            .await
            .as_array()
            .map(Vec::len)
    };
    let shown = count(json!([]), json!({})).await;
    assert!(shown < Some(everybody.len()));
    assert_eq!(
        count(json!([["active", "in", [true, false]]]), json!({})).await,
        Some(everybody.len())
    );
    let context = json!({ "context": { "active_test": false } });
    assert_eq!(count(json!([]), context).await, Some(everybody.len()));
    let portal = count(
        json!([["share", "=", true], ["active", "in", [true, false]]]),
        json!({}),
    )
    .await;
    assert!(portal > Some(0), "portal users and visitors share");
    let active = everybody
        .iter()
        .find(|user| user.is_active() && user.kind == UserKind::Person)
        .expect("somebody");
    odoo.lab
        .emulator
        .control()
        .deactivate(&active.id)
        .expect("there");
    assert_eq!(
        count(json!([]), json!({})).await,
        shown.map(|shown| shown - 1)
    );
}

#[tokio::test]
async fn empty_is_false_and_related_records_are_pairs() {
    let odoo = Odoo::start().await;
    let named = json!({ "fields": ["name", "phone", "partner_id", "tz", "write_date"], "order": "id", "limit": 30 });
    let rows = odoo
        .call("res.users", "search_read", json!([[]]), named)
        .await;
    let rows = rows.as_array().expect("rows");
    assert!(rows.iter().any(|row| row["phone"] == json!(false)));
    for row in rows {
        assert_eq!(row["partner_id"][1], row["name"]);
        assert_eq!(row["write_date"].as_str().map(str::len), Some(19));
        assert_eq!(row.as_object().map(serde_json::Map::len), Some(6));
    }
    let id = rows[0]["id"].clone();
    let plain = odoo
        .call(
            "res.users",
            "read",
            json!([[id], ["partner_id"]]),
            json!({ "load": "_classic_write" }),
        )
        .await;
    assert!(plain[0]["partner_id"].is_i64());
}

#[tokio::test]
async fn pages_by_offset_and_by_id_bring_everybody_once() {
    let odoo = Odoo::start().await;
    let total = odoo
        .call(
            "res.users",
            "search_count",
            json!([[["active", "in", [true, false]]]]),
            json!({}),
        )
        .await;
    let (mut by_offset, mut by_id) = (Vec::new(), Vec::new());
    for page in 0..8 {
        let named = json!({ "fields": ["id"], "offset": page * 10, "limit": 10, "order": "id" });
        let rows = odoo
            .call(
                "res.users",
                "search_read",
                json!([[["active", "in", [true, false]]]]),
                named,
            )
            .await;
        by_offset.extend(
            rows.as_array()
                .expect("rows")
                .iter()
                .map(|row| row["id"].clone()),
        );
        let last = by_id.last().cloned().unwrap_or(json!(0));
        let domain = json!([[["id", ">", last], ["active", "in", [true, false]]]]);
        let rows = odoo
            .call(
                "res.users",
                "search_read",
                domain,
                json!({ "fields": ["id"], "limit": 10, "order": "id" }),
            )
            .await;
        by_id.extend(
            rows.as_array()
                .expect("rows")
                .iter()
                .map(|row| row["id"].clone()),
        );
    }
    assert_eq!(
        (by_offset.len() as u64, &by_offset),
        (total.as_u64().expect("a number"), &by_id)
    );
    let pages: Vec<_> = odoo
        .lab
        .emulator
        .control()
        .requests()
        .iter()
        .filter_map(|request| request.page)
        .collect();
    assert_eq!(pages[..6], [1, 1, 2, 2, 3, 3]);
}

#[tokio::test]
async fn a_number_is_found_only_as_it_was_typed_or_with_wildcards() {
    let odoo = Odoo::start().await;
    let contact = odoo.lab.emulator.control().add_contact(NewContact {
        given: "Zoë".to_owned(),
        family: "Quist".to_owned(),
        phone: Some("+44 20 7946 0107".to_owned()),
        email: Some("Zoe@Quist.example".to_owned()),
        ..NewContact::default()
    });
    let found = async |domain: Value| {
        odoo.call("res.partner", "search", json!([domain]), json!({}))
            .await
    };
    let id: i64 = contact.id.parse().expect("a number");
    assert_eq!(
        found(json!([["phone", "ilike", "+442079460107"]])).await,
        json!([])
    );
    assert_eq!(
        found(json!([
            "|",
            ["phone", "ilike", "%7946%0107"],
            ["mobile", "ilike", "%7946%0107"]
        ]))
        .await,
        json!([id])
    );
    assert_eq!(
        found(json!([["phone_sanitized", "=", "+442079460107"]])).await,
        json!([id])
    );
    assert_eq!(
        found(json!([["phone_mobile_search", "ilike", "79460107"]])).await,
        json!([id])
    );
    assert_eq!(
        found(json!([["email", "=", "zoe@quist.example"]])).await,
        json!([])
    );
    assert_eq!(
        found(json!([["email", "=ilike", "zoe@quist.example"]])).await,
        json!([id])
    );
    assert_eq!(found(json!(["!", ["id", "!=", id]])).await, json!([id]));
}
