//! Zoho Desk against its emulator: the portal and department of every request, and its time
//! entries.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::kit::{Bench as _, BenchError};
use counterpart_connector::{Attempt, ReadBack, Written};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use serde_json::Value;

use crate::emulated;

#[tokio::test]
async fn zoho_desk_conforms() {
    // It announces no number of agents that counts the disabled for certain, an integration's
    // agent looks like a person, and telephones are those of registered providers.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
    ];
    emulated("zoho-desk").conforms(&skipped).await;
}

async fn connected(more: &[(&str, &str)]) -> Result<EmulatorBench, BenchError> {
    emulated("zoho-desk").connect(10, None, more).await
}

async fn bench(more: &[(&str, &str)]) -> EmulatorBench {
    let connected = connected(more).await;
    connected.unwrap_or_else(|error| panic!("{error:?}"))
}

fn activity(bench: &EmulatorBench, kind: ActivityKind) -> Activity {
    let about = About {
        contact_id: Some(bench.emulator.control().contacts()[0].id.clone()),
        ..About::default()
    };
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
        duration_seconds: 3_725,
        remote_number: None,
        own_number: None,
        recording_url: None,
    }
}

async fn write(bench: &EmulatorBench, activity: &Activity) -> Written {
    let access = bench.access();
    let written = bench.connector();
    let written = written.write_activity(&access, activity, Attempt::First);
    written.await.unwrap_or_else(|error| panic!("{error}"))
}

/// What the emulator keeps of a record.
fn kept(bench: &EmulatorBench, id: &str) -> Value {
    let mut records = bench.emulator.control().records().into_iter();
    let record = records.find(|record| record.id == id);
    record.expect("the record is there").fields
}

#[tokio::test]
async fn calls_go_to_the_default_department_unless_another_is_named() {
    let default = bench(&[]).await;
    let call = activity(&default, ActivityKind::Call);
    let id = write(&default, &call).await.id;
    assert_eq!(kept(&default, &id)["departmentId"], "1892000000006907");
    let other = bench(&[("department", "billing")]).await;
    let call = activity(&other, ActivityKind::Call);
    let id = write(&other, &call).await.id;
    assert_eq!(kept(&other, &id)["departmentId"], "1892000000082069");
    let unknown = bench(&[("department", "Nowhere")]).await;
    let call = activity(&unknown, ActivityKind::Call);
    let access = unknown.access();
    let refused = unknown.connector();
    let refused = refused.write_activity(&access, &call, Attempt::First).await;
    let error = refused
        .expect_err("there is no such department")
        .to_string();
    assert!(error.contains("Nowhere"), "{error}");
}

#[tokio::test]
async fn a_portal_that_is_typed_comes_before_the_first_that_is_found() {
    let typed = [("org_id", "4711")];
    let connected = connected(&typed).await;
    let bench = connected.unwrap_or_else(|error| panic!("{error:?}"));
    let report = bench.connector().check(&bench.access()).await;
    let error = report.expect_err("the token is of another portal");
    assert!(error.to_string().contains("OAUTH_ORG_MISMATCH"), "{error}");
}

#[tokio::test]
async fn records_link_to_their_page_in_the_portal() {
    let bench = bench(&[]).await;
    let call = activity(&bench, ActivityKind::Call);
    let link = write(&bench, &call).await.link.expect("a link");
    assert!(link.contains("/support/northwindsupport/"), "{link}");
}

#[tokio::test]
async fn a_time_entry_says_hours_minutes_and_seconds_and_is_read_back() {
    let bench = bench(&[]).await;
    let ticket = write(&bench, &activity(&bench, ActivityKind::Ticket)).await;
    let mut entry = activity(&bench, ActivityKind::TimeEntry);
    entry.about.ticket_id = Some(ticket.id);
    let written = write(&bench, &entry).await;
    assert_eq!(written.owner, ReadBack::Same);
    let fields = kept(&bench, &written.id);
    let spent = ["hoursSpent", "minutesSpent", "secondsSpent"].map(|name| &fields[name]);
    assert_eq!(spent, ["1", "2", "5"]);
    entry.duration_seconds = 0;
    let access = bench.access();
    let refused = bench.connector();
    let refused = refused
        .write_activity(&access, &entry, Attempt::First)
        .await;
    assert!(refused.is_err_and(|error| !error.outcome_is_unknown()));
}
