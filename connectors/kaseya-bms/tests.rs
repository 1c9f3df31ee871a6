//! Kaseya BMS against its emulator.

use counterpart_connector::Attempt;
use counterpart_connector::kit::Bench as _;
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Owner};
use serde_json::json;

use crate::emulated;

#[tokio::test]
async fn kaseya_bms_conforms() {
    // Nobody is read alone; it shows and dials nothing; no allowance is told; webhooks tell of
    // tickets only, signed nobody knows how.
    emulated("kaseya-bms")
        .conforms(&[
            "a_user_is_read_by_its_id",
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
        ])
        .await;
}

#[tokio::test]
async fn a_call_becomes_a_finished_ticket_with_a_day_and_times_of_its_own() {
    let bench = emulated("kaseya-bms").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let contact = bench.contacts().remove(0);
    let owner = bench.active_people().remove(0);
    let mut activity = Activity {
        kind: ActivityKind::Call,
        key: "key-1".to_owned(),
        owner: Owner::of(CrmUserId(owner)),
        about: About {
            contact_id: Some(contact.id),
            company_id: Some(contact.company_id),
            ..About::default()
        },
        subject: "Call".to_owned(),
        text: "Asked for a callback".to_owned(),
        direction: None,
        outcome: None,
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 125,
        remote_number: None,
        own_number: None,
        recording_url: None,
    };
    let (connector, access) = (bench.connector(), bench.access());
    let call = connector
        .write_activity(&access, &activity, Attempt::First)
        .await;
    let call = call.unwrap_or_else(|error| panic!("{error}"));
    activity.kind = ActivityKind::TimeEntry;
    activity.about.ticket_id = Some(call.id.clone());
    let time = connector
        .write_activity(&access, &activity, Attempt::First)
        .await;
    let time = time.unwrap_or_else(|error| panic!("{error}"));
    let records = bench.emulator.control().records();
    let fields = |id: &str| {
        let record = records.iter().find(|record| record.id == *id);
        record.expect("a record").fields.clone()
    };
    let ticket = fields(&call.id);
    assert_eq!(ticket["StatusName"], json!("Completed"));
    assert_eq!(ticket["SourceName"], json!("Phone Call"));
    let log = fields(&time.id);
    assert_eq!(log["StartTime"], json!("10:11:12"));
    assert_eq!(log["EndTime"], json!("10:13:17"));
    assert!(
        log["StartDate"]
            .as_str()
            .is_some_and(|day| day.starts_with("2026-11-20"))
    );
}
