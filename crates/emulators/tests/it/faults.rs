//! Every switch does to the wire what it says.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch, Options};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::client::{Lab, json, query, send};
use crate::{autotask, salesforce, zoho_crm};

const NAMES: [&str; 3] = ["salesforce", "zoho-crm", "autotask"];

/// An emulator with pages of twenty users, signed in to.
struct Scene {
    lab: Lab,
    token: String,
    name: &'static str,
}

impl Scene {
    async fn of(name: &'static str) -> Self {
        let lab = Lab::of(
            name,
            Options {
                page_size: Some(20),
                ..Options::default()
            },
        )
        .await;
        let token = match name {
            "salesforce" => salesforce::token(&lab).await,
            "zoho-crm" => zoho_crm::token(&lab).await,
            _ => String::new(),
        };
        Self { lab, token, name }
    }

    async fn with(name: &'static str, switch: FaultSwitch) -> Self {
        let scene = Self::of(name).await;
        scene
            .lab
            .emulator
            .control()
            .inject(switch)
            .expect("a switch it has");
        scene
    }

    /// The first page, or the one at this address or of this number.
    fn users(&self, next: Option<&str>) -> RequestBuilder {
        match self.name {
            "salesforce" => {
                let first = format!(
                    "/services/data/v62.0/query{}",
                    query(&[("q", "SELECT Id, Name FROM User")])
                );
                self.lab
                    .get(next.unwrap_or(&first))
                    .bearer_auth(&self.token)
            }
            "zoho-crm" => {
                let page = query(&[("type", "AllUsers"), ("page", next.unwrap_or("1"))]);
                let authorization = format!("Zoho-oauthtoken {}", self.token);
                self.lab
                    .get(&format!("/crm/v8/users{page}"))
                    .header("Authorization", authorization)
            }
            _ => {
                let body = r#"{"filter":[{"op":"exist","field":"id"}]}"#;
                let path = next.unwrap_or("/ATServicesRest/V1.0/Resources/query");
                autotask::signed(&self.lab, self.lab.post(path)).body(body)
            }
        }
    }

    fn rows(&self, body: &Value) -> Vec<Value> {
        let list = match self.name {
            "salesforce" => &body["records"],
            "zoho-crm" => &body["users"],
            _ => &body["items"],
        };
        list.as_array().cloned().unwrap_or_default()
    }

    fn id<'a>(&self, row: &'a Value) -> &'a Value {
        &row[if self.name == "salesforce" {
            "Id"
        } else {
            "id"
        }]
    }

    /// What leads to the next page, given the number of this one.
    fn next(&self, body: &Value, page: usize) -> Option<String> {
        match self.name {
            "salesforce" => body["nextRecordsUrl"].as_str().map(str::to_owned),
            "zoho-crm" => (body["info"]["more_records"] == true).then(|| (page + 1).to_string()),
            _ => body["pageDetails"]["nextPageUrl"]
                .as_str()
                .map(str::to_owned),
        }
    }

    /// All rows to the end, and how many pages that took; at most twenty.
    async fn all(&self) -> (Vec<Value>, usize) {
        let mut rows = Vec::new();
        let mut next = None;
        for page in 1..=20 {
            let (status, body) = json(self.users(next.as_deref())).await;
            if status == 204 {
                return (rows, page);
            }
            rows.extend(self.rows(&body));
            next = self.next(&body, page);
            if next.is_none() {
                return (rows, page);
            }
        }
        panic!("no end after twenty pages");
    }

    fn total(&self) -> usize {
        self.lab.emulator.control().users().len()
    }
}

async fn first_page(name: &'static str, fault: Fault) -> Response {
    let scene = Scene::with(name, FaultSwitch::next(1, fault)).await;
    let response = send(scene.users(None)).await;
    assert_eq!(
        send(scene.users(None)).await.status(),
        200,
        "{name}: the next request is well again"
    );
    response
}

#[tokio::test]
async fn refusals_speak_the_vendors_language() {
    for (fault, statuses) in [
        (Fault::ServerError, [500, 500, 500]),
        (Fault::Unavailable, [503, 503, 503]),
        (Fault::MissingPermission, [403, 403, 500]),
        (Fault::QuotaExhausted, [403, 429, 429]),
    ] {
        for (name, status) in NAMES.into_iter().zip(statuses) {
            let response = first_page(name, fault.clone()).await;
            assert_eq!(response.status().as_u16(), status, "{name}: {fault:?}");
        }
    }
}

#[tokio::test]
async fn too_many_requests_says_how_long_only_when_told_to() {
    for name in NAMES {
        let told = Fault::TooManyRequests {
            retry_after_seconds: Some(7),
        };
        let response = first_page(name, told).await;
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()["retry-after"], "7");
        let untold = Fault::TooManyRequests {
            retry_after_seconds: None,
        };
        assert!(
            first_page(name, untold)
                .await
                .headers()
                .get("retry-after")
                .is_none()
        );
    }
}

#[tokio::test]
async fn a_web_page_or_another_host_can_answer_instead() {
    for name in NAMES {
        let response = first_page(name, Fault::Html).await;
        assert_eq!(response.status(), 200);
        assert!(
            response
                .text()
                .await
                .expect("text")
                .starts_with("<!DOCTYPE html>")
        );
        let to = "https://login.elsewhere.example/".to_owned();
        let response = first_page(name, Fault::Redirect { to: to.clone() }).await;
        assert_eq!(
            (
                response.status().as_u16(),
                response.headers()["location"].to_str().ok()
            ),
            (302, Some(to.as_str()))
        );
    }
}

#[tokio::test]
async fn a_body_breaks_off_in_the_middle() {
    for name in NAMES {
        let response = first_page(name, Fault::BreakOff).await;
        assert_eq!(response.status(), 200);
        response.bytes().await.expect_err("the body is not whole");
    }
}

#[tokio::test]
async fn a_body_is_not_utf8() {
    for name in NAMES {
        let body = first_page(name, Fault::InvalidUtf8)
            .await
            .bytes()
            .await
            .expect("a whole body");
        assert!(std::str::from_utf8(&body).is_err(), "{name}");
    }
}

#[tokio::test]
async fn the_date_is_an_hour_ahead() {
    let honest = first_page("salesforce", Fault::Slow { milliseconds: 1 }).await;
    let skewed = first_page("salesforce", Fault::ClockSkew { seconds: 3600 }).await;
    let hour =
        |response: &Response| response.headers()["date"].to_str().expect("text")[17..19].to_owned();
    assert_ne!(hour(&honest), hour(&skewed));
}

#[tokio::test]
async fn a_repeated_cursor_leads_to_the_same_page_for_ever() {
    for name in NAMES {
        let scene = Scene::with(name, FaultSwitch::lasting(Fault::RepeatedCursor)).await;
        let (_, first) = json(scene.users(None)).await;
        let next = scene.next(&first, 1).expect("more");
        let (_, second) = json(scene.users(Some(&next))).await;
        assert_eq!(scene.rows(&first), scene.rows(&second), "{name}");
        assert!(scene.next(&second, 2).is_some());
    }
}

#[tokio::test]
async fn a_cursor_from_page_two_can_be_refused() {
    for (name, status) in [("salesforce", 400), ("autotask", 500)] {
        let scene = Scene::with(
            name,
            FaultSwitch::lasting(Fault::ExpiredCursor).from_page(2),
        )
        .await;
        let (_, first) = json(scene.users(None)).await;
        let next = scene.next(&first, 1).expect("more");
        assert_eq!(json(scene.users(Some(&next))).await.0, status, "{name}");
    }
}

#[tokio::test]
async fn ids_change_their_type() {
    for name in NAMES {
        let scene = Scene::with(name, FaultSwitch::next(1, Fault::IdType)).await;
        let (_, odd) = json(scene.users(None)).await;
        let (_, usual) = json(scene.users(None)).await;
        let (odd, usual) = (scene.rows(&odd), scene.rows(&usual));
        assert_ne!(
            scene.id(&odd[0]).is_string(),
            scene.id(&usual[0]).is_string(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn lists_can_be_empty_cut_or_halved() {
    for name in NAMES {
        let scene = Scene::of(name).await;
        let total = scene.total();
        let control = scene.lab.emulator.control().clone();
        assert_eq!(scene.all().await.0.len(), total, "{name}");
        for (fault, rows) in [
            (Fault::EmptyList, 0),
            (Fault::TruncatedList, 10),
            (Fault::HalfPages, total / 2),
        ] {
            control
                .inject(FaultSwitch::lasting(fault.clone()))
                .expect("a switch it has");
            assert_eq!(scene.all().await.0.len(), rows, "{name}: {fault:?}");
            control.clear_faults();
        }
    }
}

#[tokio::test]
async fn short_pages_still_lead_to_everybody() {
    for name in NAMES {
        let scene = Scene::with(name, FaultSwitch::lasting(Fault::ShortPages)).await;
        let (rows, pages) = scene.all().await;
        assert_eq!(rows.len(), scene.total(), "{name}");
        assert!(pages > scene.total() / 20 + 1, "{name}: {pages} pages");
    }
}

#[tokio::test]
async fn a_fault_waits_for_its_page() {
    for name in NAMES {
        let scene = Scene::with(name, FaultSwitch::next(1, Fault::Unavailable).from_page(2)).await;
        let (status, first) = json(scene.users(None)).await;
        assert_eq!(status, 200);
        let next = scene.next(&first, 1).expect("more");
        assert_eq!(send(scene.users(Some(&next))).await.status(), 503);
        assert_eq!(send(scene.users(Some(&next))).await.status(), 200);
    }
}

#[tokio::test]
async fn an_expired_token_stays_expired() {
    for name in ["salesforce", "zoho-crm"] {
        let scene = Scene::with(name, FaultSwitch::next(1, Fault::ExpireToken)).await;
        assert_eq!(send(scene.users(None)).await.status(), 401);
        assert_eq!(
            send(scene.users(None)).await.status(),
            401,
            "the token is gone for good"
        );
    }
    let autotask = Scene::of("autotask").await;
    let switch = FaultSwitch::next(1, Fault::ExpireToken);
    let error = autotask
        .lab
        .emulator
        .control()
        .inject(switch)
        .expect_err("no tokens there");
    assert!(error.to_string().contains("no tokens"), "{error}");
}

#[tokio::test]
async fn right_credentials_can_be_refused() {
    for name in ["salesforce", "zoho-crm"] {
        let scene = Scene::with(name, FaultSwitch::lasting(Fault::WrongCredentials)).await;
        let path = if name == "salesforce" {
            "/services/oauth2/token"
        } else {
            "/oauth/v2/token"
        };
        let (_, body) = scene.lab.post_form(path, &[]).await;
        assert_eq!(body["error"], "invalid_client");
    }
    let scene = Scene::with("autotask", FaultSwitch::lasting(Fault::WrongCredentials)).await;
    assert_eq!(send(scene.users(None)).await.status(), 401);
}

#[tokio::test]
async fn a_hidden_field_looks_like_no_field() {
    let fault = Fault::HiddenField {
        field: "Name".to_owned(),
    };
    let scene = Scene::with("salesforce", FaultSwitch::lasting(fault)).await;
    let (status, body) = json(scene.users(None)).await;
    assert_eq!(
        (status, body[0]["errorCode"].as_str()),
        (400, Some("INVALID_FIELD"))
    );
}

#[tokio::test]
async fn a_fault_can_be_set_on_sign_in_alone() {
    let switch = FaultSwitch::lasting(Fault::ServerError).on(FaultPlace::Token);
    let scene = Scene::with("salesforce", switch).await;
    assert_eq!(send(scene.users(None)).await.status(), 200);
    assert_eq!(
        send(scene.lab.post("/services/oauth2/token"))
            .await
            .status(),
        500
    );
}
