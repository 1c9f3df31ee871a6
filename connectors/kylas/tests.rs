//! Kylas against its emulator.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ListScope, ReadBack};
use counterpart_model::CrmUserId;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use counterpart_model::contact::ContactKind;

use counterpart_conformance::EmulatorBench;

use crate::emulated;

#[tokio::test]
async fn kylas_conforms() {
    let skipped = [
        // Nothing tells a program from a person.
        "the_connecting_user_is_no_person",
        // Records have no key, and no way is known to change one.
        "what_was_written_is_found_by_our_key",
        "what_was_written_can_be_changed_and_taken_away",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        // The kit's connection has a key, which does not end.
        "an_ended_session_is_renewed",
    ];
    emulated("kylas").conforms(&skipped).await;
}

async fn bench(more: &[(&str, &str)]) -> EmulatorBench {
    let bench = emulated("kylas").connect(10, None, more).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

#[tokio::test]
async fn a_call_with_a_lead_is_seen_to_be_the_keys_users_and_says_whose_it_was() {
    let bench = bench(&[]).await;
    let lead = bench
        .contacts()
        .into_iter()
        .find(|it| it.kind == ContactKind::Lead);
    let lead = lead.expect("a lead");
    let mut owner = Owner::of(CrmUserId(bench.active_people()[0].clone()));
    owner.display_name = Some("Ann Lee".to_owned());
    let call = Activity {
        kind: ActivityKind::Call,
        key: "key-1".to_owned(),
        owner,
        about: About {
            lead_id: Some(lead.id),
            ..About::default()
        },
        subject: "Call with a lead".to_owned(),
        text: String::new(),
        direction: Some(Direction::Outbound),
        outcome: Some(Outcome::Answered),
        started_at: bench.access().clock.now(),
        duration_seconds: 61,
        remote_number: Some(lead.number),
        own_number: None,
        recording_url: None,
    };
    let written = bench
        .connector()
        .write_activity(&bench.access(), &call, Attempt::First)
        .await;
    let written = written.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        matches!(written.owner, ReadBack::Other(Some(_))),
        "{:?}",
        written.owner
    );
    let record = bench.records().pop().expect("a call");
    assert!(
        record.text.contains("Ann Lee: Call with a lead"),
        "{}",
        record.text
    );
}

#[tokio::test]
async fn numbers_of_users_are_put_together() {
    let bench = bench(&[]).await;
    let page = bench
        .connector()
        .list_users(&bench.access(), ListScope::Full, None)
        .await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    let mut phones = page
        .users
        .iter()
        .flat_map(|user| &user.profile.phones)
        .peekable();
    assert!(phones.peek().is_some());
    assert!(phones.all(|phone| phone.starts_with('+')));
}

#[tokio::test]
async fn an_ended_token_of_the_sign_in_is_renewed() {
    let bench = bench(&[("sign_in", "oauth")]).await;
    for _ in 0..2 {
        bench
            .emulator
            .control()
            .expire_tokens()
            .expect("there are tokens");
        let page = bench
            .connector()
            .list_users(&bench.access(), ListScope::Full, None)
            .await;
        assert!(
            !page
                .unwrap_or_else(|error| panic!("{error}"))
                .users
                .is_empty()
        );
    }
}
