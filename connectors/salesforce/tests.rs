//! Salesforce against its emulator, and what is special about its tasks.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_conformance::EmulatorBench;
use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ContactQuery, ErrorClass, ReadBack, Written};
use counterpart_emulators::{ContactKind, Record};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};

use crate::emulated;

#[tokio::test]
async fn salesforce_conforms() {
    // Screens and calls are of the browser (Open CTI); what it tells it tells by a stream of
    // events or unsigned.
    let skipped = [
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "a_webhook_is_believed_when_it_is_real",
    ];
    emulated("salesforce").conforms(&skipped).await;
}

async fn bench() -> EmulatorBench {
    let connected = emulated("salesforce").connect(10, None, &[]).await;
    connected.unwrap_or_else(|error| panic!("{error:?}"))
}

fn call_of(bench: &EmulatorBench, about: About) -> Activity {
    Activity {
        kind: ActivityKind::Call,
        key: "call-2026-0001".to_owned(),
        owner: Owner::of(CrmUserId(bench.active_people()[0].clone())),
        about,
        subject: "Call".to_owned(),
        text: "Asked for a quote".to_owned(),
        direction: Some(Direction::Inbound),
        outcome: Some(Outcome::Missed),
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 185,
        remote_number: None,
        own_number: None,
        recording_url: None,
    }
}

async fn write(bench: &EmulatorBench, call: &Activity, attempt: Attempt) -> Written {
    let access = bench.access();
    let written = bench.connector().write_activity(&access, call, attempt);
    written.await.unwrap_or_else(|error| panic!("{error}"))
}

fn task(bench: &EmulatorBench, id: &str) -> Record {
    let mut records = bench.emulator.control().records().into_iter();
    let found = records.find(|record| record.id == id);
    found.expect("the task is there")
}

/// The ids of a lead and of the company it names.
fn lead(bench: &EmulatorBench) -> (String, String) {
    let customers = bench.emulator.control().contacts().into_iter();
    let mut leads = customers.filter(|customer| customer.kind == ContactKind::Lead);
    let lead = leads.next().expect("a lead");
    (lead.id, lead.company_id)
}

#[tokio::test]
async fn a_call_is_a_call_and_not_any_task() {
    let bench = bench().await;
    let call = call_of(&bench, About::default());
    let written = write(&bench, &call, Attempt::First).await;
    let fields = task(&bench, &written.id).fields;
    for (name, value) in [
        ("TaskSubtype", "Call"),
        ("CallType", "Inbound"),
        ("CallDisposition", "No answer"),
        ("Status", "Completed"),
        ("ActivityDate", "2026-11-20"),
        ("CallExtId__c", "call-2026-0001"),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    assert_eq!(fields["CallDurationInSeconds"], 185);
}

#[tokio::test]
async fn a_lead_stands_where_a_contact_would_and_alone() {
    let bench = bench().await;
    let (lead_id, company_id) = lead(&bench);
    let about = About {
        lead_id: Some(lead_id.clone()),
        company_id: Some(company_id),
        ..About::default()
    };
    let written = write(&bench, &call_of(&bench, about), Attempt::First).await;
    let fields = task(&bench, &written.id).fields;
    assert_eq!(fields["WhoId"], lead_id);
    assert!(fields["WhatId"].is_null(), "{fields}");
}

/// The subtype may be named only when the task is made, and what somebody wrote into the task
/// since must stay.
#[tokio::test]
async fn a_second_attempt_finds_the_task_and_leaves_it_as_it_is() {
    let bench = bench().await;
    let mut call = call_of(&bench, About::default());
    let first = write(&bench, &call, Attempt::First).await;
    "Another text".clone_into(&mut call.text);
    let again = write(&bench, &call, Attempt::Again).await;
    assert_eq!((&again.id, &again.owner), (&first.id, &ReadBack::Same));
    let fields = task(&bench, &first.id).fields;
    assert_eq!(fields["Description"], "Asked for a quote");
    let access = bench.access();
    let blind = bench
        .connector()
        .write_activity(&access, &call, Attempt::First);
    let error = blind.await.expect_err("the task is there already");
    assert_eq!(*error.class(), ErrorClass::Conflict, "{error}");
}

#[tokio::test]
async fn a_caller_costs_one_search_for_each_kind_of_customer() {
    let bench = bench().await;
    let before = bench.emulator.control().requests().len();
    let nobody = ContactQuery::Phone("+442079469998".to_owned());
    let access = bench.access();
    let found = bench.connector().find_contacts(&access, &nobody);
    assert!(
        found
            .await
            .unwrap_or_else(|error| panic!("{error}"))
            .is_empty()
    );
    let asked = bench.emulator.control().requests().len() - before;
    assert_eq!(asked, 3, "contacts, leads, accounts");
}

#[test]
fn an_assertion_for_a_sandbox_says_so() {
    let registry = counterpart_connectors::registry().expect("connectors");
    let connector = registry.get("salesforce").expect("it is there");
    for (domain, audience) in [
        ("acme.my.salesforce.com", "https://login.salesforce.com"),
        (
            "acme--uat.sandbox.my.salesforce.com",
            "https://test.salesforce.com",
        ),
        (
            "https://acme--uat.sandbox.lightning.force.com/x",
            "https://test.salesforce.com",
        ),
    ] {
        let typed = BTreeMap::from([("domain".to_owned(), domain.to_owned())]);
        let settings = connector.normalise(typed).expect("a domain is enough");
        assert_eq!(settings["audience"], audience, "{domain}");
        assert_eq!(settings["sign_in"], "client_credentials", "{domain}");
    }
}

#[test]
fn each_way_of_signing_in_asks_for_its_own_credentials() {
    let registry = counterpart_connectors::registry().expect("connectors");
    let connector = registry.get("salesforce").expect("it is there");
    for (way, wanted) in [
        ("client_credentials", &["client_id", "client_secret"][..]),
        ("jwt_bearer", &["client_id", "username", "private_key"]),
        ("web_server", &["client_id", "client_secret"]),
    ] {
        let settings = BTreeMap::from([("sign_in".to_owned(), way.to_owned())]);
        let missing = connector.missing_credentials(&settings, &BTreeSet::new());
        let missing: Vec<_> = missing.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(missing, wanted, "{way}");
    }
}

/// The key's field and the status that closes a task have other names in some organizations.
#[tokio::test]
async fn names_that_an_organization_chose_are_settings() {
    let other = [
        ("completed_status", "Deferred"),
        ("external_id_field", "Other__c"),
    ];
    let connected = emulated("salesforce").connect(10, None, &other).await;
    let bench = connected.unwrap_or_else(|error| panic!("{error:?}"));
    let call = call_of(&bench, About::default());
    let access = bench.access();
    let written = bench
        .connector()
        .write_activity(&access, &call, Attempt::First)
        .await;
    let error = written.expect_err("there is no such field");
    assert_eq!(*error.class(), ErrorClass::NotFound, "{error}");
    let report = bench.connector().check(&access).await.expect("it answers");
    let probe = report.probes.iter().find(|probe| probe.name == "key");
    let detail = probe.and_then(|probe| probe.detail.as_deref());
    assert!(
        detail.is_some_and(|it| it.contains("Other__c")),
        "{detail:?}"
    );

    let other = [("completed_status", "Deferred")];
    let connected = emulated("salesforce").connect(10, None, &other).await;
    let bench = connected.unwrap_or_else(|error| panic!("{error:?}"));
    let written = write(&bench, &call_of(&bench, About::default()), Attempt::First).await;
    assert_eq!(task(&bench, &written.id).fields["Status"], "Deferred");
}
