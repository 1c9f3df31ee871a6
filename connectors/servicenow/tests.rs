//! `ServiceNow` against its emulator, and what its settings choose.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::kit::{Bench as _, Trouble, TroubleAt};
use counterpart_connector::{Attempt, ContactQuery, ListScope, ReadBack};
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Owner};
use counterpart_model::{CrmUserId, CrmUserKind};

use crate::emulated;

#[tokio::test]
async fn servicenow_conforms() {
    emulated("servicenow")
        .conforms(&[
            // The number it announces counts rows that nobody sees, so it is not believed.
            "a_list_that_was_cut_short_does_not_pass_for_whole",
            // No screen without the contact centre's plug-in, no phones, no allowance, no webhooks.
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "the_allowance_that_is_left_is_known",
            "a_webhook_is_believed_when_it_is_real",
            // The way that is tried needs no session.
            "an_ended_session_is_renewed",
        ])
        .await;
}

async fn bench(people: usize, page: Option<usize>, settings: &[(&str, &str)]) -> EmulatorBench {
    let bench = emulated("servicenow").connect(people, page, settings).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Everybody whom a full list brings, and how many pages it had.
async fn listed(bench: &EmulatorBench) -> (Vec<(String, CrmUserKind)>, usize) {
    let (mut users, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, ListScope::Full, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        let read = page.users.into_iter();
        users.extend(read.map(|user| (user.id.0, user.profile.kind)));
        pages += 1;
        match page.next {
            Some(next) => cursor = Some(next),
            None => return (users, pages),
        }
    }
}

#[tokio::test]
async fn pages_that_are_empty_because_rows_are_hidden_end_no_list() {
    // One row a page: every second page shows nothing.
    let bench = bench(12, Some(1), &[]).await;
    bench
        .trouble(Trouble::ShortPages, TroubleAt::ALWAYS)
        .expect("it is known");
    let (users, pages) = listed(&bench).await;
    assert_eq!(users.len(), bench.expected_ids().len());
    assert!(pages > users.len(), "{pages} pages of {} rows", users.len());
}

#[tokio::test]
async fn a_filter_says_whom_to_list_and_customers_are_no_people() {
    let chosen = [("user_filter", "sys_class_name=customer_contact")];
    let bench = bench(10, None, &chosen).await;
    let (users, _) = listed(&bench).await;
    assert_eq!(users.len(), bench.emulator.control().contacts().len());
    assert!(users.iter().all(|(_, kind)| *kind == CrmUserKind::Portal));
}

#[tokio::test]
async fn callers_may_be_users_like_everybody() {
    let bench = bench(10, None, &[("callers", "sys_user")]).await;
    let contact = bench.contacts().remove(0);
    let query = ContactQuery::Phone(contact.number);
    let found = bench
        .connector()
        .find_contacts(&bench.access(), &query)
        .await;
    let found = found.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.iter().any(|it| it.id == contact.id), "{found:?}");
}

#[tokio::test]
async fn a_ticket_may_be_a_case_of_its_contact() {
    let chosen = [("ticket_table", "sn_customerservice_case")];
    let bench = bench(10, None, &chosen).await;
    let contact = bench.contacts().remove(0);
    let case = Activity {
        kind: ActivityKind::Ticket,
        key: "call-7".to_owned(),
        owner: Owner::of(CrmUserId(bench.active_people().remove(0))),
        about: About {
            contact_id: Some(contact.id.clone()),
            company_id: Some(contact.company_id.clone()),
            ..About::default()
        },
        subject: "Printer".to_owned(),
        text: "It is on fire".to_owned(),
        direction: Some(Direction::Inbound),
        outcome: None,
        started_at: bench.access().clock.now(),
        duration_seconds: 61,
        remote_number: None,
        own_number: None,
        recording_url: None,
    };
    let written = bench
        .connector()
        .write_activity(&bench.access(), &case, Attempt::First)
        .await;
    let written = written.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written.owner, ReadBack::Same);
    let records = bench.emulator.control().records();
    assert_eq!(records[0].kind, "sn_customerservice_case");
    assert_eq!(records[0].fields["contact"], contact.id);
    assert_eq!(records[0].fields["account"], contact.company_id);
}
