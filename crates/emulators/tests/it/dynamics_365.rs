//! Dynamics 365 as its clients meet it.

use std::collections::HashSet;

use counterpart_emulators::{
    ContactChange, ContactKind, Fault, FaultSwitch, NewContact, Options, User, UserChange, UserKind,
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::client::{Lab, json, query, send};

pub(crate) const API: &str = "/api/data/v9.2";

/// An emulator signed in to.
pub(crate) struct Scene {
    pub(crate) lab: Lab,
    token: String,
}

impl Scene {
    pub(crate) async fn of(options: Options) -> Self {
        let lab = Lab::of("dynamics-365", options).await;
        let (status, body) = sign_in(&lab, &lab.credential("client_secret")).await;
        assert_eq!(status, 200, "{body}");
        let token = body["access_token"].as_str().expect("a token").to_owned();
        Self { lab, token }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            self.lab.url(&format!("{API}/{path}"))
        };
        self.lab.http.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        json(self.request(Method::GET, path)).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(method, path);
        let request = request.header("content-type", "application/json");
        let request = request.header("prefer", "return=representation");
        json(request.body(body.to_string())).await
    }

    pub(crate) fn person(&self, active: bool) -> User {
        let users = self.lab.emulator.control().users().into_iter();
        let mut users = users.filter(|user| user.is_active() == active);
        users
            .find(|user| user.kind == UserKind::Person)
            .expect("somebody")
    }

    /// A phone call under that owner.
    pub(crate) fn call(&self, owner: &str) -> Value {
        let contacts = self.lab.emulator.control().contacts();
        json!({
            "subject": "Call with a customer",
            "phonenumber": "+442079460500",
            "directioncode": false,
            "actualdurationminutes": 4,
            "ownerid@odata.bind": format!("/systemusers({owner})"),
            "regardingobjectid_contact_phonecall@odata.bind": format!("/contacts({})", contacts[0].id),
            "phonecall_activity_parties": [
                { "partyid_contact@odata.bind": format!("/contacts({})", contacts[0].id), "participationtypemask": 1 },
                { "partyid_systemuser@odata.bind": format!("/systemusers({owner})"), "participationtypemask": 2 },
            ],
        })
    }
}

pub(crate) async fn sign_in(lab: &Lab, secret: &str) -> (u16, Value) {
    let scope = format!("{}/.default", lab.emulator.base_url);
    let path = format!(
        "/{}/oauth2/v2.0/token",
        lab.emulator.settings()["tenant_id"]
    );
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", &lab.credential("client_id")),
        ("client_secret", secret),
        ("scope", &scope),
    ];
    lab.post_form(&path, &fields).await
}

#[tokio::test]
async fn every_user_comes_once_over_all_pages() {
    let scene = Scene::of(Options {
        people: 300,
        ..Options::default()
    })
    .await;
    for path in [
        "systemusers?$select=fullname",
        "systemusers?$select=fullname&$orderby=fullname desc",
    ] {
        let mut next = path.to_owned();
        let mut ids = HashSet::new();
        let mut rows = 0;
        let mut pages = 0;
        loop {
            let request = scene.request(Method::GET, &next);
            let (status, body) = json(request.header("prefer", "odata.maxpagesize=100")).await;
            assert_eq!(status, 200, "{body}");
            pages += 1;
            let value = body["value"].as_array().expect("users");
            assert!(value.len() <= 100);
            rows += value.len();
            ids.extend(value.iter().map(|user| user["systemuserid"].to_string()));
            match body["@odata.nextLink"].as_str() {
                Some(link) => next = link.to_owned(),
                None => break,
            }
        }
        let users = scene.lab.emulator.control().users().len();
        assert_eq!(
            (rows, ids.len(), pages),
            (users, users, users.div_ceil(100)),
            "{path}"
        );
    }
    let pages = scene.lab.emulator.control().requests();
    assert_eq!(pages.last().and_then(|request| request.page), Some(4));
}

#[tokio::test]
async fn what_a_user_is_can_be_told_by_the_columns() {
    let scene = Scene::of(Options::default()).await;
    let select = "$select=fullname,accessmode,isdisabled,applicationid,internalemailaddress";
    let filter = "$filter=isdisabled eq false and accessmode eq 0 and applicationid eq null";
    let (_, people) = scene.get(&format!("systemusers?{select}&{filter}")).await;
    let users = scene.lab.emulator.control().users();
    let expected = users.iter().filter(|user| {
        let seats = [
            UserKind::Person,
            UserKind::SharedMailbox,
            UserKind::Consultant,
        ];
        user.is_active() && seats.contains(&user.kind)
    });
    assert_eq!(
        people["value"].as_array().map(Vec::len),
        Some(expected.count())
    );
    let (_, who) = scene.get("WhoAmI").await;
    let (_, own) = scene
        .get(&format!(
            "systemusers({})",
            who["UserId"].as_str().unwrap_or_default()
        ))
        .await;
    assert_eq!(
        own["applicationid"],
        json!(scene.lab.credential("client_id"))
    );
    let (_, marked) = scene
        .get("systemusers?$filter=startswith(fullname,'%23')")
        .await;
    assert!(
        marked["value"]
            .as_array()
            .is_some_and(|users| !users.is_empty())
    );
}

#[tokio::test]
async fn mistakes_get_the_vendors_errors() {
    let scene = Scene::of(Options::default()).await;
    for (path, status, code, part) in [
        ("systemuser", 404, "0x8006088a", "segment 'systemuser'"),
        (
            "systemusers?$select=shoe",
            400,
            "0x80060888",
            "property named 'shoe'",
        ),
        (
            "systemusers?$filter=FullName eq 'x'",
            400,
            "0x80060888",
            "'FullName'",
        ),
        ("systemusers?$skip=5", 400, "0x80060888", "Skip Clause"),
        ("systemusers?$search=x", 400, "0x80060888", "'$search'"),
        (
            "contacts(00000000-0000-0000-0000-000000000001)",
            404,
            "0x80040217",
            "Does Not Exist",
        ),
        ("contacts(7)", 400, "0x80060888", "query syntax"),
        (
            "phonecalls(new_callid='none')",
            404,
            "0x80060891",
            "specified key values",
        ),
        (
            "contacts(telephone1='x')",
            400,
            "0x80060888",
            "alternate key",
        ),
    ] {
        let (found, body) = scene.get(path).await;
        assert_eq!(
            (found, &body["error"]["code"]),
            (status, &json!(code)),
            "{path}: {body}"
        );
        let message = body["error"]["message"].as_str().expect("a message");
        assert!(message.contains(part), "{path}: {message}");
    }
}

#[tokio::test]
async fn a_contact_is_found_by_the_number_as_it_was_typed_and_no_other() {
    let scene = Scene::of(Options::default()).await;
    let contact = scene.lab.emulator.control().add_contact(NewContact {
        given: "Ann".into(),
        family: "O'Neill".into(),
        email: Some("Ann.ONeill@okapi-instruments.example".into()),
        phone: Some("+44 (0)20 7946-0958".into()),
        ..NewContact::default()
    });
    for (filter, hits) in [
        ("telephone1 eq '+44 (0)20 7946-0958'", 1),
        ("telephone1 eq '+442079460958'", 0),
        (
            "endswith(telephone1,'0958') or endswith(mobilephone,'0958')",
            1,
        ),
        ("emailaddress1 eq 'ann.oneill@okapi-instruments.example'", 1),
        ("lastname eq 'O''Neill' and not (firstname ne 'Ann')", 1),
    ] {
        let path = format!(
            "contacts{}",
            query(&[("$select", "fullname,_ownerid_value"), ("$filter", filter)])
        );
        let (status, body) = scene.get(&path).await;
        assert_eq!(status, 200, "{body}");
        let value = body["value"].as_array().expect("contacts");
        assert_eq!(value.len(), hits, "{filter}");
        assert!(
            value
                .iter()
                .all(|found| found["contactid"] == json!(contact.id))
        );
    }
    let path = format!(
        "contacts({})?$expand=parentcustomerid_account($select=name)",
        contact.id
    );
    let company = &scene.get(&path).await.1["parentcustomerid_account"];
    assert_eq!(company["name"], json!(contact.company));
    assert_eq!(company["accountid"], json!(contact.company_id));
    let leads = scene.lab.emulator.control().contacts().into_iter();
    let leads = leads
        .filter(|contact| contact.kind == ContactKind::Lead)
        .count();
    assert_eq!(
        scene.get("leads?$count=true").await.1["@odata.count"],
        json!(leads)
    );
}

#[tokio::test]
async fn a_tracked_list_ends_in_a_link_to_the_changes() {
    let scene = Scene::of(Options::default()).await;
    let control = scene.lab.emulator.control();
    let mut next = "systemusers?$select=fullname,isdisabled".to_owned();
    let delta = loop {
        let request = scene.request(Method::GET, &next);
        let (_, body) =
            json(request.header("prefer", "odata.track-changes,odata.maxpagesize=50")).await;
        match (
            body["@odata.nextLink"].as_str(),
            body["@odata.deltaLink"].as_str(),
        ) {
            (Some(link), None) => next = link.to_owned(),
            (None, Some(link)) => break link.to_owned(),
            other => panic!("one of two links: {other:?}"),
        }
    };
    assert_eq!(
        scene.get(&delta).await.1["value"],
        json!([]),
        "nothing changed"
    );
    let (left, gone) = (scene.person(true), control.users()[9].clone());
    control.deactivate(&left.id).expect("a known user");
    control.delete(&gone.id).expect("a known user");
    let (_, changes) = scene.get(&delta).await;
    let value = changes["value"].as_array().expect("changes");
    assert_eq!(value.len(), 2, "{changes}");
    assert_eq!(
        (&value[0]["systemuserid"], &value[0]["isdisabled"]),
        (&json!(left.id), &json!(true))
    );
    assert_eq!(
        (&value[1]["id"], &value[1]["reason"]),
        (&json!(gone.id), &json!("deleted"))
    );
    let later = changes["@odata.deltaLink"].as_str().expect("the next link");
    assert_eq!(scene.get(later).await.1["value"], json!([]));
    let request = scene.request(Method::GET, "systemusers?$filter=isdisabled eq false");
    let (status, _) = json(request.header("prefer", "odata.track-changes")).await;
    assert_eq!(status, 400, "a tracked list is a whole one");
    control.advance_clock(8 * 86_400);
    let again = Scene {
        token: token(&scene.lab).await,
        lab: scene.lab,
    };
    let (status, body) = again.get(later).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &json!("0x80044352"))
    );
}

async fn token(lab: &Lab) -> String {
    let (_, body) = sign_in(lab, &lab.credential("client_secret")).await;
    body["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn changed_since_finds_the_changed_alone() {
    let scene = Scene::of(Options::default()).await;
    let control = scene.lab.emulator.control();
    let user = control.users()[4].clone();
    let change = UserChange {
        title: Some("Lead".into()),
        ..UserChange::default()
    };
    control.update_user(&user.id, change).expect("a known user");
    let contact = control.contacts()[3].clone();
    let change = ContactChange {
        email: Some("new@x.example".into()),
        ..ContactChange::default()
    };
    control
        .change_contact(&contact.id, change)
        .expect("a known contact");
    for (set, key, id) in [
        ("systemusers", "systemuserid", user.id),
        ("contacts", "contactid", contact.id),
    ] {
        let path =
            format!("{set}?$filter=modifiedon gt 2026-09-02T00:00:00Z&$orderby=modifiedon asc");
        let (_, body) = scene.get(&path).await;
        assert_eq!(body["value"].as_array().map(Vec::len), Some(1), "{set}");
        assert_eq!(body["value"][0][key], json!(id));
    }
}

#[tokio::test]
async fn the_tables_say_what_they_are_like() {
    let scene = Scene::of(Options::default()).await;
    let path = "EntityDefinitions(LogicalName='phonecall')/ManyToOneRelationships\
                ?$select=ReferencingEntityNavigationPropertyName,ReferencedEntity\
                &$filter=ReferencingAttribute eq 'regardingobjectid'";
    let (_, body) = scene.get(path).await;
    let names: HashSet<_> = body["value"]
        .as_array()
        .expect("relationships")
        .iter()
        .filter_map(|one| one["ReferencingEntityNavigationPropertyName"].as_str())
        .collect();
    assert!(names.contains("regardingobjectid_contact_phonecall"));
    let metadata = send(scene.request(Method::GET, "$metadata")).await;
    let text = metadata.text().await.expect("XML");
    assert!(text.contains("<NavigationProperty Name=\"regardingobjectid_contact_phonecall\""));
    let (_, organization) = scene.get("organizations?$select=name").await;
    assert_eq!(organization["value"][0]["name"], "Northwind Support");
}

#[tokio::test]
async fn the_allowance_shows_in_a_header_and_ends_with_429() {
    let scene = Scene::of(Options {
        requests_allowed: Some(1),
        ..Options::default()
    })
    .await;
    let response = send(scene.request(Method::GET, "WhoAmI")).await;
    assert_eq!(
        response.headers()["x-ms-ratelimit-burst-remaining-xrm-requests"],
        "0"
    );
    let response = send(scene.request(Method::GET, "WhoAmI")).await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "300");
    let body: Value =
        serde_json::from_slice(&response.bytes().await.expect("a body")).expect("JSON");
    assert_eq!(body["error"]["code"], "0x80072322");
}

#[tokio::test]
async fn every_switch_of_a_list_acts() {
    for (fault, check) in [
        (
            Fault::EmptyList,
            (|_, now| now["value"] == json!([])) as fn(&Value, &Value) -> bool,
        ),
        (Fault::HalfPages, |was, now| {
            now["@odata.count"].as_u64() < was["@odata.count"].as_u64()
        }),
        (Fault::ShortPages, |was, now| {
            now["value"].as_array().map(Vec::len)
                == was["value"].as_array().map(|all| all.len() / 2)
                && now["@odata.nextLink"].is_string()
        }),
        (Fault::TruncatedList, |_, now| {
            now["@odata.nextLink"].is_null()
        }),
        (Fault::RepeatedCursor, |was, now| {
            now["@odata.nextLink"] != was["@odata.nextLink"]
        }),
        (Fault::IdType, |_, now| {
            now["value"][0]["systemuserid"].is_number()
        }),
    ] {
        let scene = Scene::of(Options {
            page_size: Some(20),
            ..Options::default()
        })
        .await;
        let (_, was) = scene.get("systemusers?$count=true").await;
        scene
            .lab
            .emulator
            .control()
            .inject(FaultSwitch::lasting(fault.clone()))
            .expect("a switch");
        let (_, now) = scene.get("systemusers?$count=true").await;
        assert!(check(&was, &now), "{fault:?}");
    }
    let scene = Scene::of(Options {
        page_size: Some(20),
        ..Options::default()
    })
    .await;
    let (_, first) = scene.get("systemusers").await;
    let next = first["@odata.nextLink"].as_str().expect("more").to_owned();
    scene
        .lab
        .emulator
        .control()
        .inject(FaultSwitch::lasting(Fault::ExpiredCursor))
        .expect("a switch");
    assert_eq!(scene.get(&next).await.0, 400);
}
