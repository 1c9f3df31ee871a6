//! Every route in one table: who may use it, and a request that would go through.

use std::num::NonZeroU32;

use counterpart_model::{ChangeSetOrigin, Role};
use counterpart_service::Kind;
use counterpart_service::people::PersonInput;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::acme::KEY;
use crate::pilot::CODE;
use crate::world::{Tenant, World};

/// One route.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// As it stands in the description, below the organization.
    pub(crate) path: &'static str,
    /// The least role that may use it; `None`: no token is needed.
    pub(crate) role: Option<Role>,
    pub(crate) body: Option<Value>,
}

/// The ids with which the paths and bodies of the table are filled in.
pub(crate) struct Ids {
    pub(crate) person: String,
    pub(crate) connection: String,
    pub(crate) mapping: String,
    pub(crate) run: String,
    pub(crate) decision: String,
    pub(crate) token: String,
    pub(crate) webhook: String,
    pub(crate) check: String,
    pub(crate) view: String,
}

impl Ids {
    /// An organization's path with the ids in it.
    pub(crate) fn fill(&self, path: &str) -> String {
        if path == "/resolve" {
            return format!("{path}?person={}", self.person);
        }
        path.replace("{person_id}", &self.person)
            .replace("{connection_id}", &self.connection)
            .replace("{mapping_id}", &self.mapping)
            .replace("{run_id}", &self.run)
            .replace("{decision_id}", &self.decision)
            .replace("{token_id}", &self.token)
            .replace("{webhook_id}", &self.webhook)
            .replace("{check_id}", &self.check)
            .replace("{crm_user_id}", "u1")
            .replace("{view_id}", &self.view)
            .replace("{number}", "1")
    }
}

/// An address where nobody listens (the discard port).
const NOBODY: &str = "http://127.0.0.1:9/";

/// Fills an organization with one of each thing.
pub(crate) async fn seed(world: &World, tenant: &Tenant) -> Ids {
    world.acme.clear();
    world.acme.add("u1", "Ann Example", "ann@example.com");
    world.acme.add("u2", "Bob Builder", "bob@example.com");
    let person = tenant.person("Ann Example", "ann@example.com").await;
    let connection = tenant.acme().await;
    let run = tenant.sync(&connection).await["id"].clone();
    let mapping = tenant
        .post(
            "/mappings",
            json!({"connection_id": connection, "person_id": person, "crm_user_id": "u1"}),
        )
        .await
        .created();
    tenant
        .post(
            "/decisions",
            json!({"kind": "not_a_person", "connection_id": connection, "crm_user_id": "u2"}),
        )
        .await
        .ok();
    let decision = tenant.get("/decisions").await.ok()["items"][0]["id"].clone();
    let token = tenant
        .post("/tokens", json!({"name": "spare", "role": "viewer"}))
        .await
        .created();
    let webhook = tenant
        .post("/webhooks", json!({"name": "spare", "url": NOBODY}))
        .await
        .created();
    seed_waiting(world, tenant).await;
    let check = tenant
        .post(
            &format!("/connections/{connection}/system-check"),
            json!({}),
        )
        .await
        .ok()["id"]
        .clone();
    let view = tenant
        .post(
            "/saved-views",
            json!({"name": "spare", "page": "people", "query": "show=drifted"}),
        )
        .await
        .created();
    let text = |value: Value| value.as_str().expect("an id").to_owned();
    Ids {
        person,
        connection,
        mapping,
        run: text(run),
        decision: text(decision),
        token,
        webhook,
        check: text(check),
        view,
    }
}

/// Lets a change of somebody wait, while a second person is asked.
async fn seed_waiting(world: &World, tenant: &Tenant) {
    let service = &world.service;
    let operator = service.operator(tenant.id, ChangeSetOrigin::Cli);
    let set = service.set_second_person(&operator, NonZeroU32::new(1));
    set.await.expect("set");
    let maker = format!("maker@{}.example", tenant.id);
    let password = SecretString::from("correct horse battery staple".to_owned());
    let maker = service.create_account(&operator, &maker, password, Role::Admin);
    let maker = maker.await.expect("an account").id;
    let entered = service.enter(maker, tenant.id, ChangeSetOrigin::Portal);
    let (maker, _) = entered.await.expect("a member");
    let person = PersonInput {
        display_name: "Wanted Example".to_owned(),
        ..PersonInput::default()
    };
    let waits = service.add_person(&maker, &person).await;
    assert_eq!(waits.expect_err("it waits").kind(), Kind::Waiting);
    let set = service.set_second_person(&operator, None).await;
    set.expect("set");
}

/// Every route below an organization. The order is one in which each request could go through.
pub(crate) fn table(ids: &Ids) -> Vec<Route> {
    let reads = READS.iter().map(read);
    reads
        .chain(sides(ids))
        .chain(checks())
        .chain(ties(ids))
        .chain(outsiders())
        .collect()
}

/// What every member may read.
const READS: &[&str] = &[
    "",
    "/people",
    "/people/{person_id}",
    "/people/{person_id}/connections/{connection_id}/why",
    "/people/{person_id}/connections/{connection_id}/candidates",
    "/connections",
    "/connections/{connection_id}",
    "/connections/{connection_id}/crm-users",
    "/connections/{connection_id}/runs",
    "/connections/{connection_id}/system-checks",
    "/system-checks",
    "/system-checks/{check_id}",
    "/runs/{run_id}",
    "/runs/{run_id}/changes",
    "/people/{person_id}/change-sets",
    "/departments",
    "/connections/{connection_id}/pivot",
    "/connections/{connection_id}/crm-users/{crm_user_id}",
    "/saved-views",
    "/grid",
    "/overview",
    "/proposals",
    "/mappings",
    "/mappings/export",
    "/mappings/{mapping_id}",
    "/decisions",
    "/resolve",
    "/drift",
    "/connections/{connection_id}/drift-policies",
    "/review",
    "/review/suggested-rules",
    "/matching-settings",
    "/connections/{connection_id}/matching-settings",
    "/change-sets",
    "/change-sets/{number}",
    "/change-sets/{number}/lines",
    "/change-sets/{number}/undo",
    "/pending-change-sets",
    "/pending-change-sets/{number}",
    "/audit",
    "/events",
    "/events/cursor",
    "/members",
];

fn read(path: &&'static str) -> Route {
    Route {
        method: "get",
        path,
        role: Some(Role::Viewer),
        body: None,
    }
}

fn admin(method: &'static str, path: &'static str, body: Value) -> Route {
    Route {
        method,
        path,
        role: Some(Role::Admin),
        body: Some(body).filter(|body| !body.is_null()),
    }
}

fn owner(method: &'static str, path: &'static str, body: Value) -> Route {
    Route {
        role: Some(Role::Owner),
        ..admin(method, path, body)
    }
}

/// Writing people and connections.
fn sides(ids: &Ids) -> Vec<Route> {
    let acme = json!({
        "provider": "acme",
        "name": "another",
        "settings": {"address": "acme.example.com"},
        "credentials": {"api_key": KEY},
    });
    let pilot = json!({
        "suite": "pilot",
        "products": [{"provider": "pilot-sales"}],
        "credentials": {"client_id": "c", "client_secret": "s", "pasted": CODE},
    });
    let consented = json!({"state": "of nobody", "code": "x"});
    let from_crm = json!({"connection_id": ids.connection, "crm_user_ids": ["u2"]});
    vec![
        Route {
            role: Some(Role::Viewer),
            ..admin("post", "/resolve", json!([{"external_id": "E1"}]))
        },
        admin("post", "/people", json!({"display_name": "Cleo"})),
        admin(
            "put",
            "/people/{person_id}",
            json!({"display_name": "Ann", "emails": ["ann@example.com"]}),
        ),
        admin("patch", "/people/{person_id}", json!({"title": "Agent"})),
        admin("post", "/people/import", json!([{"display_name": "Dan"}])),
        admin(
            "post",
            "/people/{person_id}/deactivate",
            json!({"end_mappings": "keep"}),
        ),
        admin("post", "/people/{person_id}/reactivate", Value::Null),
        admin("post", "/people/from-crm-users", from_crm),
        admin("post", "/connections", acme.clone()),
        admin("post", "/connections/test", acme),
        admin("post", "/connections/suite", pilot),
        admin("post", "/connections/consent/finish", consented),
        admin(
            "post",
            "/connections/{connection_id}/consent",
            json!({"redirect_uri": "https://example.com/back"}),
        ),
        admin("post", "/connections/{connection_id}/test", Value::Null),
        admin("post", "/connections/{connection_id}/check", Value::Null),
        admin(
            "patch",
            "/connections/{connection_id}",
            json!({"name": "Acme EU"}),
        ),
        admin(
            "patch",
            "/connections/{connection_id}/policy",
            json!({"grace_days": 3}),
        ),
        admin("post", "/connections/{connection_id}/pause", Value::Null),
        admin("post", "/connections/{connection_id}/resume", Value::Null),
        admin(
            "post",
            "/connections/{connection_id}/sync",
            json!({"mode": "full"}),
        ),
    ]
}

/// Looking whether connections and accounts do what they have to.
fn checks() -> Vec<Route> {
    vec![
        admin(
            "post",
            "/connections/{connection_id}/system-check",
            json!({"sync": false}),
        ),
        admin(
            "post",
            "/connections/{connection_id}/explain-absence",
            json!({"user": "Ann"}),
        ),
        admin("get", "/troubles", Value::Null),
    ]
}

/// Writing what ties them.
fn ties(ids: &Ids) -> Vec<Route> {
    let pair = json!({
        "connection_id": ids.connection, "person_id": ids.person, "crm_user_id": "u1"
    });
    let unmap = json!({"edits": [{
        "want": "unmap", "connection_id": ids.connection, "person_id": ids.person
    }]});
    let decision = json!({
        "kind": "no_account", "connection_id": ids.connection, "person_id": ids.person
    });
    let file = json!({"counterpart": "mappings/1", "connections": []});
    vec![
        admin("post", "/runs/{run_id}/allow", Value::Null),
        admin("post", "/runs/{run_id}/reject", Value::Null),
        admin("post", "/mappings/plan", file.clone()),
        admin("post", "/mappings/apply", file),
        admin(
            "post",
            "/connections/{connection_id}/pairs/plan",
            Value::Null,
        ),
        admin(
            "post",
            "/connections/{connection_id}/pairs/apply",
            Value::Null,
        ),
        admin(
            "put",
            "/connections/{connection_id}/drift-policies",
            json!({"policies": {"crm_user_deleted": "act"}}),
        ),
        admin(
            "post",
            "/drift/{mapping_id}/repair",
            json!({"repair": "confirm"}),
        ),
        admin("post", "/matching-settings/preview", json!({})),
        admin(
            "put",
            "/matching-settings",
            json!({"rules": {"auto_threshold": 0.995}}),
        ),
        admin(
            "post",
            "/connections/{connection_id}/matching-settings/preview",
            json!({"without": ["phone"]}),
        ),
        admin(
            "put",
            "/connections/{connection_id}/matching-settings",
            json!({"rules": {"without": ["phone"]}}),
        ),
        admin("delete", "/mappings/{mapping_id}", Value::Null),
        admin("post", "/mappings", pair),
        admin(
            "post",
            "/mappings/hand-over",
            json!({
                "connection_id": ids.connection, "person_id": ids.person,
                "crm_user_id": "u2", "from": "2030-01-01"
            }),
        ),
        admin("post", "/change-sets", unmap),
        admin("post", "/decisions", decision),
        admin("delete", "/decisions/{decision_id}", Value::Null),
        admin("post", "/change-sets/accept-certain", Value::Null),
        admin(
            "post",
            "/change-sets/{number}/undo",
            json!({"scope": "rest"}),
        ),
        admin("post", "/pending-change-sets/{number}/approve", Value::Null),
        admin(
            "post",
            "/pending-change-sets/{number}/reject",
            json!({"reason": "no"}),
        ),
        admin(
            "post",
            "/pending-change-sets/{number}/withdraw",
            Value::Null,
        ),
        owner("patch", "", json!({"second_person_from": null})),
    ]
}

/// Who is told, and who may ask.
fn outsiders() -> Vec<Route> {
    vec![
        admin("get", "/webhooks", Value::Null),
        admin("post", "/webhooks", json!({"name": "x", "url": NOBODY})),
        admin("get", "/webhooks/{webhook_id}", Value::Null),
        admin(
            "patch",
            "/webhooks/{webhook_id}",
            json!({"active": false, "types": ["mapping.changed"]}),
        ),
        admin("post", "/webhooks/{webhook_id}/test", Value::Null),
        admin("post", "/webhooks/{webhook_id}/replay", json!({"from": 1})),
        admin("post", "/webhooks/{webhook_id}/secret", Value::Null),
        admin("get", "/webhooks/{webhook_id}/attempts", Value::Null),
        admin("delete", "/webhooks/{webhook_id}", Value::Null),
        admin(
            "post",
            "/saved-views",
            json!({"name": "x", "page": "crm_users", "query": ""}),
        ),
        admin("patch", "/saved-views/{view_id}", json!({"name": "y"})),
        admin("delete", "/saved-views/{view_id}", Value::Null),
        owner("get", "/tokens", Value::Null),
        owner("post", "/tokens", json!({"name": "x", "role": "viewer"})),
        owner("delete", "/tokens/{token_id}", Value::Null),
    ]
}
