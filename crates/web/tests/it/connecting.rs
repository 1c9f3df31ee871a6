//! From the gallery to a connection that works, and back to it when it does not.

use std::sync::Arc;

use axum::http::StatusCode;
use counterpart_connector::{Hooks, Registry};
use counterpart_model::Role;
use counterpart_service::connections::ConnectionInput;
use counterpart_web::{PortalOptions, router};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::client::Client;
use crate::house::{House, emulator};
use crate::world::{TestClock, World};

/// A suite that one emulator answers for as a whole.
const SUITE: &str = "zoho";
const ONE: &str = "zoho-crm";
const OTHER: &str = "zoho-desk";

/// What a page has in place of a character.
fn read(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#x2F;", "/")
}

/// The first address in a page that begins like this.
fn link(page: &str, begins: &str) -> String {
    let page = read(page);
    let start = page
        .find(begins)
        .unwrap_or_else(|| panic!("{begins} in {page}"));
    let rest = &page[start..];
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Consents at once: where the vendor sends the browser.
async fn agree(consent: &str) -> Url {
    let url = Url::parse(consent).expect("an address");
    let (host, port) = (url.host_str().expect("a host"), url.port().expect("a port"));
    let mut stream = TcpStream::connect((host, port)).await.expect("the vendor");
    let path = &url[url::Position::BeforePath..];
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    Url::parse(location.expect("a redirect")).expect("an address")
}

/// The form of a connection by a redirect: what is common, and what is not.
fn form(running: &counterpart_emulators::Running) -> Vec<(String, String)> {
    let settings = running.settings().into_iter();
    let settings = settings.map(|(name, value)| (format!("s.{name}"), value));
    let credentials = running.credentials().into_iter();
    let credentials = credentials
        .filter(|(name, _)| name.starts_with("client_"))
        .map(|(name, value)| (format!("c.{name}"), value));
    let way = ("s.sign_in".to_owned(), "redirect".to_owned());
    settings.chain(credentials).chain([way]).collect()
}

fn borrowed(form: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = form.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Follows a consent from the sign-in page to where it ends.
async fn sign_in(admin: &Client, page: &str, vendor: &str) -> String {
    let consent = link(page, &format!("{vendor}oauth"));
    let back = agree(&consent).await;
    assert_eq!(back.path(), "/connections/signed-in");
    let path = format!("{}?{}", back.path(), back.query().expect("what came back"));
    let landed = admin.get(&path).await;
    let next = link(&landed.body, "/o/");
    let done = admin.get(&next).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    done.location().to_owned()
}

#[tokio::test]
async fn the_gallery_is_searched_by_a_plain_form_and_says_what_each_can_do() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let path = world.path("/connections/new");
    let all = admin.get(&path).await;
    for connector in world.house.service.connectors().all() {
        let manifest = connector.manifest();
        assert!(all.body.contains(&manifest.title), "{}", manifest.title);
    }
    for told in [
        "needs no public address",
        "delivery",
        "Logs calls",
        "name=\"q\"",
    ] {
        assert!(all.body.contains(told), "{told}");
    }
    let found = admin.get(&format!("{path}?q=zoho+DÉSK")).await;
    assert!(found.body.contains(&format!("/connections/new/{OTHER}\"")));
    assert!(!found.body.contains("/connections/new/salesforce\""));
    assert!(found.body.contains("1 connector "), "{}", found.body);
    let nothing = admin.get(&format!("{path}?q=nothing-like-it")).await;
    assert!(nothing.body.contains("Not in the catalogue yet"));
}

#[tokio::test]
async fn a_redirect_leads_from_the_form_to_a_connection_that_works() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let vendor = emulator(ONE, 20).await;
    let path = world.path(&format!("/connections/new/{ONE}"));
    let shown = admin.get(&format!("{path}?way=redirect")).await;
    let callback = "http://portal.test/connections/signed-in";
    assert!(shown.body.contains(&format!("data-copy=\"{callback}\"")));
    assert!(!shown.body.contains("name=\"c.grant_code\""));

    let sent = admin.post(&path, &borrowed(&form(&vendor))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(sent.location().ends_with("/sign-in"), "{}", sent.location());
    let page = admin.get(sent.location()).await;
    assert!(page.body.contains(callback));
    let base = vendor.settings()["accounts_url"].clone() + "/";
    let end = sign_in(&admin, &page.body, &base).await;
    let connection = admin.get(&end).await;
    assert!(connection.body.contains("Reconnect"));
    assert!(
        !connection.body.contains("role=\"alert\""),
        "{}",
        connection.body
    );
}

#[tokio::test]
async fn what_a_vendor_refuses_is_told_on_the_sign_in_page_and_can_be_begun_again() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let vendor = emulator(ONE, 20).await;
    let path = world.path(&format!("/connections/new/{ONE}"));
    let sent = admin.post(&path, &borrowed(&form(&vendor))).await;
    let back = sent.location().replace("/sign-in", "/signed-in");
    let refused = admin
        .get(&format!("{back}?error=access_denied&error_description=no"))
        .await;
    assert_eq!(refused.status, StatusCode::BAD_GATEWAY);
    assert!(refused.body.contains("access_denied"));
    assert!(refused.body.contains("Continue at"));
}

#[tokio::test]
async fn products_that_are_ticked_share_one_sign_in() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let vendor = emulator(ONE, 20).await;
    let path = world.path(&format!("/connections/new/suite/{SUITE}"));
    let asked = format!("{path}?product={OTHER}&way=self_client");
    let shown = admin.get(&asked).await;
    assert!(shown.body.contains("Desk.basic.READ"));
    assert!(
        !shown.body.contains("ZohoCRM.users.READ"),
        "only what is ticked"
    );

    let mut wanted = form(&vendor);
    let none = admin.post(&path, &borrowed(&wanted)).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("choose one product or more"));

    let base = vendor.settings()["accounts_url"].clone();
    wanted.extend([
        ("product".to_owned(), ONE.to_owned()),
        ("product".to_owned(), OTHER.to_owned()),
        (format!("p.{OTHER}.api_url"), base.clone()),
    ]);
    let sent = admin.post(&path, &borrowed(&wanted)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let waits = admin.get(&world.path("/connections")).await;
    assert!(waits.body.contains("to be signed in to"), "{}", waits.body);
    let first = admin
        .get(sent.location().trim_end_matches("/sign-in"))
        .await;
    assert!(
        first.body.contains("Nobody has signed in to"),
        "{}",
        first.body
    );
    let page = admin.get(sent.location()).await;
    assert!(
        page.body.contains("with the same sign-in for"),
        "{}",
        page.body
    );
    let alone = admin.get(&format!("{}?with=none", sent.location())).await;
    assert!(!alone.body.contains("with the same sign-in for"));

    let end = sign_in(&admin, &page.body, &format!("{base}/")).await;
    assert_eq!(end, world.path("/connections"));
    let list = admin.get(&end).await;
    assert!(!list.body.contains("to be signed in to"), "{}", list.body);
}

#[tokio::test]
async fn a_code_that_was_exchanged_is_not_asked_for_again() {
    let world = World::new().await;
    let admin = world.client(Role::Admin).await;
    let vendor = emulator(OTHER, 20).await;
    let saved = world.house.connect(&world.operator, &vendor).await;
    let path = world.path(&format!("/connections/{}", saved.id));
    let edit = admin.get(&format!("{path}/edit")).await;
    let field = edit.body.find("id=\"c.grant_code\"").expect("the field");
    let field = edit.body[field..].split('>').next().unwrap_or_default();
    assert!(!field.contains("required"), "{field}");
    assert!(field.contains("only to sign in anew"), "{field}");
    assert!(field.contains("data-lives-minutes=\"10\""), "{field}");

    let checked = admin.post(&format!("{path}/check"), &[]).await;
    assert!(checked.body.contains("Requests left"), "{}", checked.body);
}

#[tokio::test]
async fn a_platforms_users_are_the_people_and_are_not_mapped() {
    const MANIFEST: &str = include_str!("platform.toml");
    let mut connectors = Registry::new();
    connectors
        .add_manifest("platform.toml", MANIFEST, Hooks::default())
        .expect("a manifest");
    let house = House::new(Arc::new(TestClock::default()), connectors).await;
    let (organization, operator) = house.organization("Northwind", false).await;
    house
        .member(&operator, "admin@example.com", Role::Admin)
        .await;
    let input = ConnectionInput {
        existing: None,
        provider: "exchange".to_owned(),
        name: String::new(),
        environment: None,
        settings: [("address".to_owned(), "https://127.0.0.1:1".to_owned())].into(),
        credentials: [("api_key".to_owned(), "k".to_owned().into())].into(),
        untested: true,
    };
    let saved = house.service.save_connection(&operator, input).await;
    let saved = saved.expect("saved, although nobody is there");
    let app = router(house.service.clone(), PortalOptions::default());
    let admin = Client::signed_in(&app, "admin@example.com").await;
    let base = format!("/o/{}", organization.id);
    let page = admin.get(&format!("{base}/connections/{}", saved.id)).await;
    assert!(page.body.contains("are your people"), "{}", page.body);
    assert!(page.body.contains(&format!("{base}/people\"")));
    assert!(!page.body.contains("Add as people"));
    let gallery = admin.get(&format!("{base}/connections/new")).await;
    assert!(gallery.body.contains("Phone and sales platforms"));
}
