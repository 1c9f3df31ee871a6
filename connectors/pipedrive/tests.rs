//! Pipedrive against its emulator, and what becomes of a call.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ReadBack};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};

use crate::emulated;

#[tokio::test]
async fn pipedrive_conforms() {
    // All users come at once; whose token it is may be a person, and it has no end.
    let skipped = [
        "three_pages_bring_everybody_once",
        "a_pull_goes_on_where_it_stopped",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "an_ended_session_is_renewed",
    ];
    emulated("pipedrive").conforms(&skipped).await;
}

#[tokio::test]
async fn a_call_has_its_time_and_what_no_field_holds_and_changes_hands() {
    let bench = emulated("pipedrive").connect(20, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let people = bench.active_people();
    let owner = |nth: usize| Owner::of(CrmUserId(people[nth].clone()));
    let contact = bench.contacts()[0].clone();
    let mut activity = Activity {
        kind: ActivityKind::Call,
        key: "0193a2f0-7a54-7c11-b1c2-0a1b2c3d4e5f".to_owned(),
        owner: owner(0),
        about: About {
            contact_id: Some(contact.id.clone()),
            company_id: Some(contact.company_id.clone()),
            ..About::default()
        },
        subject: "Call & <more>".to_owned(),
        text: "1 < 2".to_owned(),
        direction: Some(Direction::Inbound),
        outcome: Some(Outcome::Answered),
        started_at: "2026-11-20T10:11:12Z".parse().expect("a time"),
        duration_seconds: 125,
        remote_number: Some("+442079460101".to_owned()),
        own_number: None,
        recording_url: Some("https://rec.example/1?a=b&c=d".to_owned()),
    };
    let access = bench.access();
    let connector = bench.connector();
    let written = connector.write_activity(&access, &activity, Attempt::First);
    let written = written.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written.owner, ReadBack::Same);
    activity.owner = owner(1);
    let changed = connector.update_activity(&access, &written.id, &activity);
    changed.await.unwrap_or_else(|error| panic!("{error}"));
    let record = bench.emulator.control().records().remove(0);
    assert_eq!(record.owner.as_ref(), Some(&people[1]));
    let fields = record.fields;
    assert_eq!(fields["due_date"], "2026-11-20");
    assert_eq!(fields["due_time"], "10:11");
    assert_eq!(fields["duration"], "00:03");
    assert_eq!(fields["done"], true);
    assert_eq!(fields["person_id"].to_string(), contact.id);
    assert_eq!(fields["org_id"].to_string(), contact.company_id);
    assert_eq!(fields["subject"], "Call & <more>");
    let note = fields["note"].as_str().expect("text");
    assert!(note.starts_with("<p>1 &lt; 2</p>"), "{note}");
    let facts = "inbound, answered, +442079460101, https://rec.example/1?a=b&amp;c=d";
    assert!(note.contains(facts), "{note}");
}
