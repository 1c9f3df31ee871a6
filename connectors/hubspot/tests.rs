//! `HubSpot` against its emulator, and what it does with those who left and with records.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::kit::Bench as _;
use counterpart_connector::{Attempt, ReadBack};
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome, Owner};
use counterpart_model::{CrmUserId, CrmUserState};

use crate::emulated;

#[tokio::test]
async fn hubspot_conforms() {
    // No list announces how many owners there are; a private app is nobody, and its token has no end.
    let skipped = [
        "a_list_that_was_cut_short_does_not_pass_for_whole",
        "the_connecting_user_is_no_person",
        "a_record_is_shown_on_a_screen",
        "a_call_is_placed_from_a_users_phone",
        "an_ended_session_is_renewed",
    ];
    emulated("hubspot").conforms(&skipped).await;
}

async fn connected(settings: &[(&str, &str)]) -> EmulatorBench {
    let bench = emulated("hubspot").connect(20, None, settings).await;
    bench.unwrap_or_else(|error| panic!("{error:?}"))
}

fn call(owner: &str, about: About) -> Activity {
    Activity {
        kind: ActivityKind::Call,
        key: "0193a2f0-7a54-7c11-b1c2-0a1b2c3d4e5f".to_owned(),
        owner: Owner::of(CrmUserId(owner.to_owned())),
        about,
        subject: "Call with <Acme>".to_owned(),
        text: "5 < 6 & \"so on\"\nsecond line".to_owned(),
        direction: Some(Direction::Outbound),
        outcome: Some(Outcome::Missed),
        started_at: "2026-11-20T10:11:12.345678Z".parse().expect("a time"),
        duration_seconds: 7,
        remote_number: Some("+442079460101".to_owned()),
        own_number: Some("+442079460000".to_owned()),
        recording_url: None,
    }
}

#[tokio::test]
async fn an_owner_who_was_switched_off_is_read_from_the_other_list() {
    let bench = connected(&[]).await;
    let id = CrmUserId(bench.active_people()[0].clone());
    bench.deactivate(&id.0).expect("somebody");
    let read = bench.connector().get_user(&bench.access(), &id).await;
    let user = read.expect("an answer").expect("still an owner");
    assert_eq!(user.profile.state, CrmUserState::Inactive);
}

#[tokio::test]
async fn a_call_is_tied_to_what_is_known_and_written_again_without_a_copy() {
    let bench = connected(&[]).await;
    let owner = bench.active_people()[0].clone();
    let contact = bench.contacts()[0].clone();
    let about = About {
        contact_id: Some(contact.id.clone()),
        ..About::default()
    };
    let activity = call(&owner, about);
    let mut ids = Vec::new();
    for attempt in [Attempt::First, Attempt::Again, Attempt::First] {
        let access = bench.access();
        let written = bench
            .connector()
            .write_activity(&access, &activity, attempt);
        let written = written.await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((written.untied, written.owner), (None, ReadBack::Same));
        ids.push(written.id);
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "one call: {ids:?}");
    let records = bench.emulator.control().records();
    assert_eq!(records.len(), 1);
    let fields = &records[0].fields;
    let ties = fields["associations"].as_array().expect("ties");
    assert_eq!(ties.len(), 1, "no company and no ticket is known: {ties:?}");
    assert_eq!(ties[0]["id"], contact.id.as_str());
    let properties = &fields["properties"];
    assert_eq!(properties["hs_call_duration"], "7000");
    assert_eq!(properties["hs_call_status"], "NO_ANSWER");
    assert_eq!(properties["hs_call_to_number"], "+442079460101");
    assert_eq!(
        properties["hs_call_body"],
        "<p>5 &lt; 6 &amp; &quot;so on&quot;<br>second line</p>"
    );
}

/// The number of the user is not the id that records belong to: the most common mistake.
#[tokio::test]
async fn the_number_of_the_user_owns_no_call() {
    let bench = connected(&[]).await;
    let access = bench.access();
    let owner = CrmUserId(bench.active_people()[0].clone());
    let read = bench.connector().get_user(&access, &owner).await;
    let user = read.expect("an answer").expect("an owner");
    let number = user.profile.other_ids[0].value.clone();
    assert_ne!(number, owner.0);
    let activity = call(&number, About::default());
    let written = bench
        .connector()
        .write_activity(&access, &activity, Attempt::First);
    assert!(written.await.is_err());
}

#[tokio::test]
async fn links_lead_to_the_accounts_own_domain_in_either_way_of_signing_in() {
    for (way, domain) in [
        ("private_app", "app-eu1.hubspot.com"),
        ("oauth", "app.hubspot.com"),
    ] {
        let bench = connected(&[("sign_in", way)]).await;
        let access = bench.access();
        let portal = &access.settings["portal_id"];
        let kind = counterpart_model::contact::ContactKind::Contact;
        let link = bench.connector().contact_link(access.settings, kind, "501");
        let expected = format!("https://{domain}/contacts/{portal}/record/0-1/501");
        assert_eq!(link, Some(expected), "{way}");
    }
}
