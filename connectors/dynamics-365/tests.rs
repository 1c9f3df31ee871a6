//! Dynamics 365 against its emulator, and what is special about its activities.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ContactQuery, ErrorClass, ListScope, ReadBack, Written};
use counterpart_emulators::{ContactKind, Record};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use counterpart_model::crm_user::OtherId;
use serde_json::Value;

use crate::emulated;

#[tokio::test]
async fn dynamics_365_conforms() {
    // A list counts to 5,000 at most, so it announces nothing; screens and calls are of the
    // browser (Channel Integration Framework).
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
    ];
    emulated("dynamics-365").conforms(&skipped).await;
}

async fn bench() -> EmulatorBench {
    let connected = emulated("dynamics-365").connect(10, None, &[]).await;
    connected.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Ids of a contact, a lead and a company.
fn customers(bench: &EmulatorBench) -> About {
    let all = bench.emulator.control().contacts();
    let first = |kind| all.iter().find(|customer| customer.kind == kind);
    let contact = first(ContactKind::Contact).expect("a contact");
    About {
        contact_id: Some(contact.id.clone()),
        lead_id: first(ContactKind::Lead).map(|lead| lead.id.clone()),
        company_id: Some(contact.company_id.clone()),
        ticket_id: None,
    }
}

fn call_of(bench: &EmulatorBench, direction: Direction, about: About) -> Activity {
    Activity {
        kind: ActivityKind::Call,
        key: "call-2026-0001".to_owned(),
        owner: Owner::of(CrmUserId(bench.active_people()[0].clone())),
        about,
        subject: "Call".to_owned(),
        text: "Asked for a quote".to_owned(),
        direction: Some(direction),
        outcome: Some(Outcome::Voicemail),
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 185,
        remote_number: Some("+442079460107".to_owned()),
        own_number: None,
        recording_url: None,
    }
}

async fn write(bench: &EmulatorBench, call: &Activity, attempt: Attempt) -> Written {
    let access = bench.access();
    let written = bench.connector().write_activity(&access, call, attempt);
    written.await.unwrap_or_else(|error| panic!("{error}"))
}

fn record(bench: &EmulatorBench, id: &str) -> Record {
    let mut records = bench.emulator.control().records().into_iter();
    let found = records.find(|record| record.id == id);
    found.expect("the record is there")
}

/// Who is on which side of a call: 1 is who called.
fn side(fields: &Value, id: &str) -> i64 {
    let parties = fields["phonecall_activity_parties"].as_array();
    let mut parties = parties.expect("a call has parties").iter();
    let is_side = |party: &&Value| party["participationtypemask"].as_i64() <= Some(2);
    let party = parties.find(|party| party["_partyid_value"] == id && is_side(party));
    party.expect("a party of the call")["participationtypemask"]
        .as_i64()
        .expect("a number")
}

#[tokio::test]
async fn a_call_is_completed_and_each_is_on_the_right_side() {
    for (direction, outgoing, reason, caller) in [
        (Direction::Inbound, false, 4, false),
        (Direction::Outbound, true, 2, true),
    ] {
        let bench = bench().await;
        let call = call_of(&bench, direction, customers(&bench));
        let written = write(&bench, &call, Attempt::First).await;
        assert_eq!(written.untied, None);
        let fields = record(&bench, &written.id).fields;
        assert_eq!(fields["directioncode"], outgoing);
        assert_eq!(fields["statecode"], 1);
        assert_eq!(fields["statuscode"], reason);
        assert_eq!(fields["leftvoicemail"], true);
        assert_eq!(fields["actualdurationminutes"], 4, "begun minutes count");
        let contact = call.about.contact_id.as_deref().expect("a contact");
        assert_eq!(fields["regardingobjectid"], contact);
        let user_side = if caller { 1 } else { 2 };
        assert_eq!(side(&fields, &call.owner.id.0), user_side);
        assert_eq!(side(&fields, contact), 3 - user_side);
    }
}

#[tokio::test]
async fn a_record_is_about_one_customer_the_nearest() {
    let bench = bench().await;
    let all = customers(&bench);
    let lead_first = About {
        contact_id: None,
        ..all.clone()
    };
    let company_only = About {
        company_id: all.company_id.clone(),
        ..About::default()
    };
    for (number, (about, expected)) in [
        (all.clone(), &all.contact_id),
        (lead_first, &all.lead_id),
        (company_only, &all.company_id),
    ]
    .into_iter()
    .enumerate()
    {
        for kind in [ActivityKind::Call, ActivityKind::Task, ActivityKind::Note] {
            let mut activity = call_of(&bench, Direction::Outbound, about.clone());
            activity.kind = kind;
            activity.key = format!("key-{number}");
            let id = write(&bench, &activity, Attempt::First).await.id;
            let fields = record(&bench, &id).fields;
            let column = match kind {
                ActivityKind::Note => "objectid",
                _ => "regardingobjectid",
            };
            assert_eq!(fields[column].as_str(), expected.as_deref(), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn who_is_known_to_entra_makes_the_record_and_others_have_it_made() {
    let bench = bench().await;
    let listed = bench
        .connector()
        .list_users(&bench.access(), ListScope::Full, None)
        .await;
    let users = listed.unwrap_or_else(|error| panic!("{error}")).users;
    let own = bench.own_id().expect("the application user");
    let mut call = call_of(&bench, Direction::Inbound, About::default());
    let known = users.iter().find(|user| user.id == call.owner.id);
    call.owner.other_ids = known.expect("it is listed").profile.other_ids.clone();
    let written = write(&bench, &call, Attempt::First).await;
    assert!(written.impersonated);
    let fields = record(&bench, &written.id).fields;
    assert_eq!(fields["createdby"], call.owner.id.0);
    assert_eq!(fields["createdonbehalfby"], own);

    "call-2026-0002".clone_into(&mut call.key);
    call.owner.other_ids = vec![OtherId {
        kind: "entra_object_id".to_owned(),
        value: "00000000-0000-4000-8000-000000000000".to_owned(),
    }];
    let written = write(&bench, &call, Attempt::First).await;
    assert!(!written.impersonated, "nobody of that id may act");
    assert_eq!(written.owner, ReadBack::Same);
    assert_eq!(record(&bench, &written.id).fields["createdby"], own);
}

#[tokio::test]
async fn an_id_made_of_our_key_is_taken_once() {
    let bench = bench().await;
    let mut call = call_of(&bench, Direction::Inbound, About::default());
    let first = write(&bench, &call, Attempt::First).await;
    "Another text".clone_into(&mut call.text);
    let again = write(&bench, &call, Attempt::Again).await;
    assert_eq!(again.id, first.id);
    let fields = record(&bench, &first.id).fields;
    assert_eq!(fields["description"], "Asked for a quote");
    let access = bench.access();
    let blind = bench
        .connector()
        .write_activity(&access, &call, Attempt::First);
    let error = blind.await.expect_err("the id is taken");
    assert_eq!(*error.class(), ErrorClass::Conflict, "{error}");
    assert!(!error.outcome_is_unknown());
}

#[tokio::test]
async fn a_lookup_finds_a_number_however_it_was_typed_and_nobody_who_only_ends_like_it() {
    let bench = bench().await;
    for typed in [
        "+49 30 901820",
        "(0044) 20-7946-0107",
        "020 7946 0107",
        "+44 161 496 0107",
    ] {
        let json = serde_json::json!({ "given": "N", "family": typed, "phone": typed });
        let new = serde_json::from_value(json).expect("a contact");
        bench.emulator.control().add_contact(new);
    }
    let access = bench.access();
    let query = ContactQuery::Phone("+442079460107".to_owned());
    let found = bench.connector().find_contacts(&access, &query).await;
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    let mut numbers: Vec<_> = found.iter().flat_map(|it| it.phones.clone()).collect();
    numbers.sort();
    assert_eq!(numbers, ["(0044) 20-7946-0107", "020 7946 0107"]);
}
