//! Syncro against its emulator.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ListScope, ReadBack};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Owner};

use counterpart_conformance::EmulatorBench;

use crate::emulated;

#[tokio::test]
async fn syncromsp_conforms() {
    let skipped = [
        // All users come on one page, active ones only, and nothing tells programs from persons.
        "three_pages_bring_everybody_once",
        "a_pull_goes_on_where_it_stopped",
        "a_deactivated_user_is_listed_as_inactive",
        "the_connecting_user_is_no_person",
        // Customers are not listed by their changes, records have no key.
        "changed_contacts_hold_what_changed",
        "what_was_written_is_found_by_our_key",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        // The allowance of the minute is in no answer; a token does not end.
        "the_allowance_that_is_left_is_known",
        "an_ended_session_is_renewed",
    ];
    emulated("syncromsp").conforms(&skipped).await;
}

async fn bench() -> EmulatorBench {
    let bench = emulated("syncromsp").connect(10, None, &[]).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

/// A record about the first customer.
fn record(
    bench: &EmulatorBench,
    kind: ActivityKind,
    ticket_id: Option<String>,
    owner: &str,
) -> Activity {
    let contact_id = bench
        .contacts()
        .into_iter()
        .next()
        .map(|contact| contact.id);
    Activity {
        kind,
        key: "key-1".to_owned(),
        owner: Owner::of(CrmUserId(owner.to_owned())),
        about: About {
            contact_id,
            ticket_id,
            ..About::default()
        },
        subject: "Call with a customer".to_owned(),
        text: String::new(),
        direction: None,
        outcome: None,
        started_at: bench.access().clock.now(),
        duration_seconds: 61,
        remote_number: None,
        own_number: None,
        recording_url: None,
    }
}

#[tokio::test]
async fn time_for_nobody_is_seen_to_be_the_tokens_users() {
    let bench = bench().await;
    let people = bench.active_people();
    let (connector, access) = (bench.connector(), bench.access());
    let ticket = record(&bench, ActivityKind::Ticket, None, &people[0]);
    let ticket = connector
        .write_activity(&access, &ticket, Attempt::First)
        .await;
    let ticket = ticket.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(ticket.owner, ReadBack::Same);
    for (owner, fits) in [(people[1].clone(), true), (bench.unknown_user_id(), false)] {
        let entry = record(
            &bench,
            ActivityKind::TimeEntry,
            Some(ticket.id.clone()),
            &owner,
        );
        let entry = connector
            .write_activity(&access, &entry, Attempt::First)
            .await;
        let entry = entry.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(entry.owner == ReadBack::Same, fits, "{:?}", entry.owner);
        assert!(fits || matches!(entry.owner, ReadBack::Other(Some(_))));
    }
}

#[tokio::test]
async fn everybody_comes_with_the_address_that_is_read_one_by_one() {
    let bench = bench().await;
    let page = bench
        .connector()
        .list_users(&bench.access(), ListScope::Full, None)
        .await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(page.next, None);
    assert!(page.users.iter().all(|user| user.profile.emails.len() == 1));
    let requests = bench.emulator.control().requests();
    let single = requests
        .iter()
        .filter(|request| request.path.starts_with("/api/v1/users/"));
    assert_eq!(single.count(), page.users.len());
}
