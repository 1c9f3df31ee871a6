//! Zoho CRM against its emulator: what is special about its calls, its sign-in and its suite.

use std::collections::BTreeMap;

use counterpart_conformance::{EmulatorBench, loopback_client};
use counterpart_connector::kit::{Bench as _, MemorySessions, RecordedPause, SetClock};
use counterpart_connector::{
    Access, Attempt, Connector, Consent, Credentials, ErrorClass, ListScope, Settled,
};
use counterpart_emulators::{ContactKind, Options, Quota, Running, start};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use counterpart_outbound::Client;
use serde_json::Value;

use crate::{connector, emulated};

#[tokio::test]
async fn zoho_crm_conforms() {
    // It announces no number of users, an integration's user looks like a person, telephones are
    // those of registered providers, and what is left of the credits is said once half are spent.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "the_allowance_that_is_left_is_known",
    ];
    emulated("zoho-crm").conforms(&skipped).await;
}

async fn bench() -> EmulatorBench {
    let connected = emulated("zoho-crm").connect(10, None, &[]).await;
    connected.unwrap_or_else(|error| panic!("{error:?}"))
}

fn activity(bench: &EmulatorBench, kind: ActivityKind, about: About) -> Activity {
    Activity {
        kind,
        key: format!("key-{}", kind.as_str()),
        owner: Owner::of(CrmUserId(bench.active_people()[0].clone())),
        about,
        subject: "Call".to_owned(),
        text: "Asked for a quote".to_owned(),
        direction: Some(Direction::Inbound),
        outcome: Some(Outcome::Answered),
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 185,
        remote_number: Some("+442079460107".to_owned()),
        own_number: None,
        recording_url: None,
    }
}

/// Writes a record and shows what the emulator keeps of it.
async fn written(bench: &EmulatorBench, activity: &Activity) -> Value {
    let access = bench.access();
    let written = bench.connector();
    let written = written.write_activity(&access, activity, Attempt::First);
    let id = written.await.unwrap_or_else(|error| panic!("{error}")).id;
    let mut records = bench.emulator.control().records().into_iter();
    let record = records.find(|record| record.id == id);
    record.expect("the record is there").fields
}

/// The ids of a customer of this kind and of the company.
fn customer(bench: &EmulatorBench, kind: ContactKind) -> (String, String) {
    let customers = bench.emulator.control().contacts();
    let found = customers.into_iter().find(|known| known.kind == kind);
    let found = found.expect("there are both kinds");
    (found.id, found.company_id)
}

#[tokio::test]
async fn a_call_that_nobody_took_is_of_a_type_of_its_own() {
    let bench = bench().await;
    let mut call = activity(&bench, ActivityKind::Call, About::default());
    call.outcome = Some(Outcome::Missed);
    let missed = written(&bench, &call).await;
    assert_eq!(missed["Call_Type"], "Missed");
    assert_eq!(missed["Call_Result"], "No response/Busy");
    // A call of ours that nobody took stays one of ours.
    call.direction = Some(Direction::Outbound);
    "key-2".clone_into(&mut call.key);
    let tried = written(&bench, &call).await;
    assert_eq!(tried["Call_Type"], "Outbound");
    assert_eq!(tried["Outgoing_Call_Status"], "Completed");
    assert_eq!(tried["Dialled_Number"], "+442079460107");
    assert_eq!(tried["Call_Duration_in_seconds"], 185);
}

#[tokio::test]
async fn a_call_is_about_a_contact_and_the_account_or_else_about_a_lead() {
    let bench = bench().await;
    let (contact, account) = customer(&bench, ContactKind::Contact);
    let about = About {
        contact_id: Some(contact.clone()),
        company_id: Some(account.clone()),
        ..About::default()
    };
    let call = written(&bench, &activity(&bench, ActivityKind::Call, about)).await;
    assert_eq!(call["Who_Id"]["id"], contact);
    assert_eq!(call["What_Id"]["id"], account);
    assert_eq!(call["$se_module"], "Accounts");
    let (lead, _) = customer(&bench, ContactKind::Lead);
    let about = About {
        lead_id: Some(lead.clone()),
        ..About::default()
    };
    let task = written(&bench, &activity(&bench, ActivityKind::Task, about.clone())).await;
    assert_eq!(task["What_Id"]["id"], lead);
    assert_eq!(task["$se_module"], "Leads");
    assert!(task["Who_Id"].is_null());
    let note = written(&bench, &activity(&bench, ActivityKind::Note, about)).await;
    assert_eq!(note["Parent_Id"]["id"], lead);
    assert_eq!(note["Parent_Id"]["module"]["api_name"], "Leads");
}

#[tokio::test]
async fn a_note_under_nothing_is_not_sent() {
    let bench = bench().await;
    let note = activity(&bench, ActivityKind::Note, About::default());
    let access = bench.access();
    let written = bench.connector();
    let written = written.write_activity(&access, &note, Attempt::First).await;
    let error = written.expect_err("it stands under nothing");
    assert!(!error.outcome_is_unknown());
    assert!(error.to_string().contains("none is known"), "{error}");
}

/// The unique field is the last net: where the search does not know a record yet, a second one of
/// the same key is refused.
#[tokio::test]
async fn a_second_record_of_one_key_is_refused() {
    let bench = bench().await;
    let call = activity(&bench, ActivityKind::Call, About::default());
    written(&bench, &call).await;
    let access = bench.access();
    let again = bench.connector();
    let again = again.write_activity(&access, &call, Attempt::First).await;
    let error = again.expect_err("the field is unique");
    assert_eq!(*error.class(), ErrorClass::Conflict, "{error}");
    assert!(!error.outcome_is_unknown());
}

#[tokio::test]
async fn what_is_left_of_the_credits_is_known_once_half_are_spent() {
    let bench = bench().await;
    let control = bench.emulator.control();
    let access = bench.access();
    let left = bench.connector().allowance(&access).await;
    assert_eq!(left.unwrap_or_else(|error| panic!("{error}")), None);
    control.set_quota(Quota {
        limit: 1_000,
        used: 800,
    });
    let left = bench.connector().allowance(&access).await;
    let left = left.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(left.map(|left| left.remaining), Some(199));
}

#[test]
fn any_address_of_a_data_centre_names_it() {
    let normalised = |typed: &str| {
        let typed = BTreeMap::from([("data_centre".to_owned(), typed.to_owned())]);
        connector("zoho-crm").normalise(typed)
    };
    for (typed, centre) in [
        ("https://crm.zoho.eu/crm/org1/tab/Home", "eu"),
        ("accounts.zoho.com.au", "au"),
        ("https://www.zohoapis.com", "us"),
        ("crm.zohocloud.ca", "ca"),
        ("eu", "eu"),
    ] {
        let settings = normalised(typed).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(settings["data_centre"], centre, "{typed}");
    }
    let problems = normalised("https://crm.notzoho.com").expect_err("it is none of them");
    assert_eq!(problems[0].field, "data_centre");
}

#[test]
fn a_record_has_a_link_in_its_data_centre() {
    let settings = BTreeMap::from([("data_centre".to_owned(), "eu".to_owned())]);
    let kind = counterpart_model::contact::ContactKind::Lead;
    let link = connector("zoho-crm").contact_link(&settings, kind, "3652397");
    assert_eq!(
        link.as_deref(),
        Some("https://crm.zoho.eu/crm/EntityInfo.do?module=Leads&id=3652397")
    );
}

/// The four products of the suite.
const SUITE: [&str; 4] = ["zoho-crm", "zoho-bigin", "zoho-recruit", "zoho-desk"];

#[test]
fn every_product_of_the_suite_says_the_scopes_that_one_is_to_ask_for() {
    for provider in SUITE {
        let connector = connector(provider);
        let manifest = connector.manifest();
        let suite = manifest.suite.as_ref().expect("it belongs to the suite");
        assert_eq!(
            (suite.name.as_str(), suite.title.as_str()),
            ("zoho", "Zoho One")
        );
        let copied = format!("Scope {};", suite.scopes.join(&suite.separator));
        let says = manifest
            .steps
            .iter()
            .any(|step| step.what.contains(&copied));
        assert!(says, "{provider}: no step says {copied}");
    }
}

/// One consent covers what another product needs besides, each scope once.
#[tokio::test]
async fn one_consent_can_cover_several_products() {
    let chosen = [("sign_in", "redirect")];
    let bench = emulated("zoho-crm").connect(5, None, &chosen).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let other = connector("zoho-bigin");
    let consent = Consent {
        redirect_uri: "https://counterpart.example/back".to_owned(),
        state: "state".to_owned(),
        challenge: String::new(),
        more_scopes: other.manifest().suite.clone().expect("a suite").scopes,
    };
    let page = bench.connector().consent(&bench.access(), &consent);
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    let mut query = page.query_pairs();
    let scopes = query.find(|(name, _)| name == "scope").expect("a scope").1;
    assert!(scopes.starts_with("ZohoCRM.users.READ,"), "{scopes}");
    assert!(scopes.contains(",ZohoBigin.users.READ,"), "{scopes}");
    assert_eq!(scopes.matches("ZohoSearch").count(), 1, "{scopes}");
}

/// A connection of one product, at the address of the emulator that has them all.
struct Product {
    connector: std::sync::Arc<dyn Connector>,
    settings: BTreeMap<String, String>,
    credentials: Credentials,
    client: Client,
    sessions: MemorySessions,
    clock: SetClock,
    pause: RecordedPause,
}

impl Product {
    fn at(emulator: &Running, provider: &str, credentials: &Credentials) -> Self {
        let connector = connector(provider);
        let address = &emulator.settings()["accounts_url"];
        let typed = [
            ("data_centre", "other"),
            ("accounts_url", address),
            ("api_url", address),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let settings = connector.normalise(typed.into());
        Self {
            settings: settings.unwrap_or_else(|problems| panic!("{problems:?}")),
            connector,
            credentials: credentials.clone(),
            client: loopback_client(),
            sessions: MemorySessions::new(),
            clock: SetClock::at(emulator.control().now().into()),
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

    async fn settle(&self) -> Settled {
        let settled = self.connector.settle(&self.access()).await;
        settled.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// One code with the scopes of all, exchanged once: its refresh token serves a connection of every
/// product.
#[tokio::test]
async fn one_code_serves_every_product_of_the_suite() {
    let emulator = start("zoho-crm", Options::default()).await;
    let emulator = emulator.unwrap_or_else(|error| panic!("{error}"));
    let suites = SUITE.map(|provider| connector(provider).manifest().suite.clone());
    let scopes: Vec<_> = suites
        .into_iter()
        .flat_map(|suite| suite.expect("a suite").scopes)
        .collect();
    let code = emulator.control().issue_grant_code(Some(&scopes.join(",")));
    let mut credentials: Credentials = emulator
        .credentials()
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    credentials.insert("grant_code", code.expect("a code").code.into());
    let first = Product::at(&emulator, "zoho-crm", &credentials);
    for (name, secret) in first.settle().await.credentials {
        credentials.insert(&name, secret);
    }
    credentials.remove("grant_code");
    for provider in SUITE {
        let product = Product::at(&emulator, provider, &credentials);
        product.settle().await;
        let access = product.access();
        let page = product
            .connector
            .list_users(&access, ListScope::Full, None)
            .await;
        let page = page.unwrap_or_else(|error| panic!("{provider}: {error}"));
        assert!(!page.users.is_empty(), "{provider}");
    }
}
