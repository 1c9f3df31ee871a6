//! Freshdesk against its emulator, and what it does without a word.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ListScope, ReadBack};
use counterpart_emulators::{Fault, FaultSwitch};
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Owner};
use counterpart_model::{CrmUserId, CrmUserState};

use crate::emulated;

#[tokio::test]
async fn freshdesk_conforms() {
    emulated("freshdesk")
        .conforms(&[
            // Its lists announce no number of rows.
            "a_list_that_was_cut_short_does_not_pass_for_whole",
            // The key may be any administrator's.
            "the_connecting_user_is_no_person",
            // No screen, no phones, no webhooks that could be verified, no sessions.
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "a_webhook_is_believed_when_it_is_real",
            "an_ended_session_is_renewed",
        ])
        .await;
}

#[tokio::test]
async fn a_ticket_for_an_agent_who_is_switched_off_is_seen_to_be_nobodys() {
    let bench = emulated("freshdesk").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let control = bench.emulator.control();
    let id = bench.active_people().remove(0);
    control.deactivate(&id).expect("somebody");
    let contact_id = control.contacts().first().map(|contact| contact.id.clone());
    let ticket = Activity {
        kind: ActivityKind::Ticket,
        key: "call-1".to_owned(),
        owner: Owner::of(CrmUserId(id)),
        about: About {
            contact_id,
            ..About::default()
        },
        subject: "<b>Printer</b>".to_owned(),
        text: "<script>1</script> & more\nsecond line".to_owned(),
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
        .write_activity(&bench.access(), &ticket, Attempt::First)
        .await;
    let written = written.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(written.owner, ReadBack::Other(None));
    let records = control.records();
    let description = records[0].fields["description"].as_str();
    assert_eq!(
        description,
        Some(
            "<div>&lt;script&gt;1&lt;/script&gt; &amp; more<br>second line</div>\
             <div>Reference: call-1</div>"
        ),
        "what somebody typed is text, not markup"
    );
}

#[tokio::test]
async fn without_the_list_of_availability_agents_are_listed_all_the_same() {
    let bench = emulated("freshdesk").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let control = bench.emulator.control();
    let id = bench.active_people().remove(0);
    control.deactivate(&id).expect("somebody");
    for (refused, expected) in [(0, CrmUserState::Inactive), (1, CrmUserState::Active)] {
        if refused > 0 {
            let switch = FaultSwitch {
                requests: Some(refused),
                ..FaultSwitch::lasting(Fault::MissingPermission)
            };
            control.inject(switch).expect("it is known");
        }
        let page = bench
            .connector()
            .list_users(&bench.access(), ListScope::Full, None)
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        let found = page.users.iter().find(|user| user.id.0 == id);
        assert_eq!(found.map(|user| user.profile.state), Some(expected));
    }
}
