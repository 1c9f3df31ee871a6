//! One sign-in for several products of one vendor.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_emulators::Running;
use counterpart_model::{Code, Connection, ConnectionState, Role};
use counterpart_service::connections::{SuiteInput, SuiteProduct};
use counterpart_service::sync::SyncMode;

use crate::consent::{BACK, agree};
use crate::world::{World, emulator};

/// The products whose paths the emulator of the suite answers.
const PRODUCTS: [&str; 4] = ["zoho-crm", "zoho-bigin", "zoho-recruit", "zoho-desk"];
const SUITE: &str = "zoho";

/// The form for these products, all of them at one emulator.
fn form(emulator: &Running, way: &str, products: &[&str]) -> SuiteInput {
    let base = emulator.settings()["accounts_url"].clone();
    let product = |provider: &&str| SuiteProduct {
        provider: (*provider).to_owned(),
        name: String::new(),
        settings: [("api_url".to_owned(), base.clone())].into(),
    };
    let mut settings = emulator.settings();
    settings.insert("sign_in".to_owned(), way.to_owned());
    SuiteInput {
        suite: SUITE.to_owned(),
        products: products.iter().map(product).collect(),
        environment: None,
        settings,
        credentials: emulator
            .credentials()
            .into_iter()
            .filter(|(name, _)| name.starts_with("client_"))
            .map(|(name, value)| (name, value.into()))
            .collect(),
    }
}

/// The scopes that products ask for, each once.
fn scopes(world: &World, products: &[&str]) -> BTreeSet<String> {
    let manifests = products.iter().map(|product| {
        let connector = world.service.connectors().get(product);
        connector.expect("a connector").manifest()
    });
    manifests
        .flat_map(|manifest| manifest.suite.iter().flat_map(|it| it.scopes.clone()))
        .collect()
}

fn with_code(world: &World, emulator: &Running, products: &[&str]) -> SuiteInput {
    let asked: Vec<_> = scopes(world, products).into_iter().collect();
    let code = emulator
        .control()
        .issue_grant_code(Some(&asked.join(",")))
        .expect("a code");
    let mut form = form(emulator, "self_client", products);
    form.credentials
        .insert("grant_code".to_owned(), code.code.into());
    form
}

async fn all_read_their_users(world: &World, connections: &[Connection]) {
    for connection in connections {
        let why = format!("{}: {:?}", connection.name, connection.health);
        assert_eq!(connection.health.state, ConnectionState::Healthy, "{why}");
        let run = world
            .service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect("a sync");
        assert!(run.report.read > 0, "{run:?}");
    }
}

#[tokio::test]
async fn the_manifests_tell_which_products_belong_together() {
    let world = World::new().await;
    let suite = world.service.suite(SUITE).expect("the suite");
    assert_eq!(suite.title, "Zoho One");
    let known: BTreeSet<_> = suite.products.iter().map(String::as_str).collect();
    assert_eq!(known, PRODUCTS.into());
    // One sign-in is for all of them only where they say the same of it.
    let said = suite.products.iter().map(|product| {
        let connector = world.service.connectors().get(product);
        let manifest = connector.expect("a connector").manifest();
        let suite = manifest.suite.as_ref().expect("a suite");
        let ways = manifest.sign_in.iter().map(|way| {
            let token = way.token().map(|token| format!("{:?}", token.path));
            (way.name().to_owned(), token)
        });
        let ways: Vec<_> = ways.collect();
        (suite.title.clone(), suite.separator.clone(), ways)
    });
    let said: Vec<_> = said.collect();
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{said:?}");
    let unknown = world.service.suite("acme").expect_err("no such suite");
    assert_eq!(unknown.code(), Code::ConnectionProviderUnknown);
}

#[tokio::test]
async fn one_code_connects_every_product_that_is_ticked() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let form = with_code(&world, &emulator, &PRODUCTS);
    let connections = world
        .service
        .connect_suite(&world.owner, form)
        .await
        .expect("connections");
    let providers: Vec<_> = connections.iter().map(|it| it.provider.as_str()).collect();
    assert_eq!(providers, PRODUCTS);
    all_read_their_users(&world, &connections).await;
}

#[tokio::test]
async fn a_product_that_the_code_does_not_cover_is_kept_and_says_why() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let covered = with_code(&world, &emulator, &["zoho-crm"]);
    let mut form = form(&emulator, "self_client", &["zoho-crm", "zoho-desk"]);
    form.credentials = covered.credentials;
    let connections = world
        .service
        .connect_suite(&world.owner, form)
        .await
        .expect("both are kept");
    assert_eq!(connections[0].health.state, ConnectionState::Healthy);
    assert_eq!(connections[1].health.state, ConnectionState::Broken);
    assert!(connections[1].health.code.is_some());
}

#[tokio::test]
async fn what_is_wrong_is_told_before_a_code_is_used_up() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let good = with_code(&world, &emulator, &["zoho-crm", "zoho-desk"]);
    let mut wrong = good.clone();
    wrong.products[1].settings = BTreeMap::new();
    wrong.settings.remove("accounts_url");
    let refused = world
        .service
        .connect_suite(&world.owner, wrong)
        .await
        .expect_err("fields are missing");
    let fields: Vec<_> = refused
        .fields()
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    assert_eq!(fields, ["accounts_url", "api_url"]);
    for products in [vec![], vec!["zoho-crm", "zoho-crm"], vec!["salesforce"]] {
        let form = form(&emulator, "self_client", &products);
        let refused = world.service.connect_suite(&world.owner, form).await;
        let fields = refused.expect_err("no such choice");
        assert_eq!(fields.fields()[0].field, "products");
    }
    let viewer = world.member("viewer@example.com", Role::Viewer).await;
    let refused = world.service.connect_suite(&viewer, good.clone()).await;
    assert_eq!(refused.expect_err("a viewer").code(), Code::AuthForbidden);
    // The code still works, and a name that is taken gets a number.
    for expected in ["Zoho CRM", "Zoho CRM 2"] {
        let form = with_code(&world, &emulator, &["zoho-crm", "zoho-desk"]);
        let form = if expected == "Zoho CRM" {
            good.clone()
        } else {
            form
        };
        let connections = world.service.connect_suite(&world.owner, form).await;
        assert_eq!(connections.expect("connections")[0].name, expected);
    }
}

#[tokio::test]
async fn one_consent_signs_all_in_that_wait_for_it() {
    let world = World::new().await;
    let emulator = emulator("zoho-crm", 20).await;
    let form = form(&emulator, "redirect", &PRODUCTS);
    let connections = world
        .service
        .connect_suite(&world.owner, form)
        .await
        .expect("connections that wait");
    for connection in &connections {
        let code = connection.health.code;
        assert_eq!(code, Some(Code::ConnectionUnauthorized));
    }
    let first = connections[0].id;
    let companions = world
        .service
        .companions(&world.owner, first)
        .await
        .expect("companions");
    assert!(companions.iter().all(|(_, waits)| *waits));
    let with: Vec<_> = companions.iter().map(|(it, _)| it.id).collect();
    assert_eq!(with.len(), 3);

    let url = world
        .service
        .begin_consent(&world.owner, first, BACK, &with)
        .await
        .expect("an address");
    let asked = url.query_pairs().find(|(name, _)| name == "scope");
    let asked: BTreeSet<_> = asked
        .expect("a scope")
        .1
        .split(',')
        .map(str::to_owned)
        .collect();
    assert_eq!(asked, scopes(&world, &PRODUCTS));

    let returned = agree(&url).await;
    let code = returned["code"].clone().into();
    let done = world
        .service
        .finish_consent(&world.owner, &returned["state"], code)
        .await
        .expect("signed in");
    let all: Vec<_> = std::iter::once(done.connection).chain(done.with).collect();
    assert_eq!(all.len(), 4);
    all_read_their_users(&world, &all).await;
}

#[tokio::test]
async fn a_consent_covers_no_connection_of_another_app() {
    let world = World::new().await;
    let (one, other) = (
        emulator("zoho-crm", 20).await,
        emulator("zoho-crm", 20).await,
    );
    let mut ids = Vec::new();
    for emulator in [&one, &other] {
        let form = form(emulator, "redirect", &["zoho-crm"]);
        let connections = world.service.connect_suite(&world.owner, form).await;
        ids.push(connections.expect("one that waits")[0].id);
    }
    let companions = world.service.companions(&world.owner, ids[0]).await;
    assert_eq!(companions.expect("none"), []);
    let refused = world
        .service
        .begin_consent(&world.owner, ids[0], BACK, &ids[1..])
        .await
        .expect_err("it is at another place");
    assert_eq!(refused.fields()[0].field, "with");
}
