//! Autotask against its emulator, and its three ways to choose lines of business.

use counterpart_connector::kit::Bench as _;
use counterpart_connector::{
    Attempt, ConnectorError, ErrorClass, IncomingWebhook, ListScope, ReadBack, Written,
};
use counterpart_emulators::{ContactChange, Happening, User, UserKind};
use counterpart_model::activity::{About, Activity, ActivityKind, Owner};
use counterpart_model::{Code, CrmUserId};

use counterpart_conformance::EmulatorBench;

use crate::emulated;

#[tokio::test]
async fn autotask_conforms() {
    // It has no sessions, and shows and dials nothing.
    emulated("autotask")
        .conforms(&[
            "a_record_is_shown_on_a_screen",
            "a_call_is_placed_from_a_users_phone",
            "an_ended_session_is_renewed",
        ])
        .await;
}

async fn listed(settings: &[(&str, &str)]) -> (EmulatorBench, Vec<String>) {
    let bench = emulated("autotask")
        .connect(40, None, settings)
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, ListScope::Full, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        ids.extend(page.users.into_iter().map(|user| user.id.0));
        assert!(page.failures.is_empty());
        match page.next {
            Some(next) => cursor = Some(next),
            None => return (bench, ids),
        }
    }
}

fn ids_of(bench: &EmulatorBench, belongs: impl Fn(&User) -> bool) -> Vec<String> {
    let users = bench.emulator.control().users().into_iter();
    users.filter(belongs).map(|user| user.id).collect()
}

#[tokio::test]
async fn a_fixed_list_brings_its_lines_and_those_without_any() {
    for list in ["Telephony", "2", " telephony ,"] {
        let chosen = [
            ("lines_of_business", "fixed_list"),
            ("lines_of_business_list", list),
        ];
        let (bench, ids) = listed(&chosen).await;
        let expected = ids_of(&bench, |user| {
            user.line_of_business == 2 || user.kind == UserKind::Connecting
        });
        assert_eq!(ids, expected, "{list}");
        assert!(ids.len() < ids_of(&bench, |_| true).len());
    }
}

#[tokio::test]
async fn a_fixed_list_must_not_be_empty() {
    let chosen = [("lines_of_business", "fixed_list")];
    let bench = emulated("autotask").connect(5, None, &chosen).await;
    assert!(bench.is_err());
}

#[tokio::test]
async fn all_there_are_now_are_kept_when_the_connection_is_saved() {
    let (bench, ids) = listed(&[("lines_of_business", "all_now")]).await;
    assert_eq!(ids, ids_of(&bench, |_| true));
    assert_eq!(bench.access().settings["lines_of_business_list"], "1,2,3");
}

#[tokio::test]
async fn all_lines_cost_no_further_request() {
    let (bench, ids) = listed(&[]).await;
    assert_eq!(ids, ids_of(&bench, |_| true));
    assert_eq!(
        bench.access().settings["lines_of_business"],
        "all_now_and_future"
    );
    let asked = bench.emulator.control().requests().into_iter();
    assert!(
        asked
            .filter(|request| request.path.contains("Organizational"))
            .count()
            == 0
    );
}

/// Writes something about the first contact for this owner.
async fn write(
    bench: &EmulatorBench,
    kind: ActivityKind,
    owner: &str,
    ticket_id: Option<String>,
) -> Result<Written, ConnectorError> {
    let contact = bench.contacts().remove(0);
    let about = About {
        contact_id: Some(contact.id),
        company_id: Some(contact.company_id),
        ticket_id,
        ..About::default()
    };
    let activity = Activity {
        kind,
        key: format!("key-of-{}-{owner}", kind.as_str()),
        owner: Owner::of(CrmUserId(owner.to_owned())),
        about,
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
    let access = bench.access();
    let connector = bench.connector();
    connector
        .write_activity(&access, &activity, Attempt::First)
        .await
}

#[tokio::test]
async fn a_note_is_its_owners_where_that_may_be_and_says_so_where_not() {
    let bench = emulated("autotask").connect(60, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let person = bench.active_people().remove(0);
    let is_contractor = |user: &User| user.kind == UserKind::Consultant && user.is_active();
    let contractor = ids_of(&bench, is_contractor).remove(0);
    let ticket = write(&bench, ActivityKind::Ticket, &person, None).await;
    let ticket = ticket.unwrap_or_else(|error| panic!("{error}")).id;
    for (owner, own) in [(&person, true), (&contractor, false)] {
        let note = write(
            &bench,
            ActivityKind::TicketNote,
            owner,
            Some(ticket.clone()),
        )
        .await;
        let note = note.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(note.impersonated, own);
        assert_eq!(note.owner == ReadBack::Same, own, "{:?}", note.owner);
    }
}

#[tokio::test]
async fn a_ticket_is_assigned_in_the_role_that_its_owner_has() {
    let bench = emulated("autotask").connect(20, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let person = bench.active_people().remove(0);
    let ticket = write(&bench, ActivityKind::Ticket, &person, None).await;
    let ticket = ticket.unwrap_or_else(|error| panic!("{error}"));
    let link = ticket.link.unwrap_or_default();
    assert!(
        link.ends_with(&format!("Code=OpenTicketDetail&TicketID={}", ticket.id)),
        "{link}"
    );
    let records = bench.emulator.control().records();
    let there = records
        .iter()
        .find(|record| record.id == ticket.id)
        .expect("a ticket");
    assert!(there.fields["assignedResourceRoleID"].is_i64());
    assert_eq!(
        (&there.fields["status"], &there.fields["priority"]),
        (&1.into(), &2.into())
    );
    assert!(there.fields["queueID"].is_null(), "no queue was chosen");
    let gone = ids_of(&bench, |user| {
        user.kind == UserKind::Person && !user.is_active()
    })
    .remove(0);
    let refused = write(&bench, ActivityKind::Ticket, &gone, None).await;
    let refused = refused.expect_err("somebody inactive has no role");
    assert_eq!(*refused.class(), ErrorClass::NotFound, "{refused}");
    assert!(!refused.outcome_is_unknown());
}

#[tokio::test]
async fn a_name_that_the_database_does_not_know_is_told_before_anything_is_written() {
    for setting in ["ticket_status", "ticket_queue"] {
        let chosen = [(setting, "Brand new")];
        let bench = emulated("autotask").connect(20, None, &chosen).await;
        let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
        let person = bench.active_people().remove(0);
        let refused = write(&bench, ActivityKind::Ticket, &person, None).await;
        let refused = refused.expect_err("there is no such status or queue");
        assert_eq!(refused.code(), Code::ConnectionSettingsInvalid);
        let told = refused.to_string();
        assert!(
            told.contains("`Brand new`") && told.contains(setting),
            "{told}"
        );
        assert!(bench.records().is_empty());
    }
}

#[tokio::test]
async fn a_webhook_whose_escapes_were_lost_on_the_way_is_still_believed() {
    let bench = emulated("autotask").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let control = bench.emulator.control();
    let id = bench.contacts().remove(0).id;
    let change = ContactChange {
        given: Some("Zoë O'Hara & \"Co\"".to_owned()),
        ..ContactChange::default()
    };
    control.change_contact(&id, change).expect("a contact");
    let sent = control
        .webhook(
            &Happening::ContactChanged(id),
            "https://here.example/hook",
            "the secret",
        )
        .expect("a webhook");
    let json: serde_json::Value = serde_json::from_slice(&sent.body).expect("JSON");
    let secret = "the secret".to_owned().into();
    let received = |body: &[u8]| {
        let incoming = IncomingWebhook {
            method: "POST",
            url: &sent.url,
            headers: &sent.headers,
            body,
            secret: &secret,
            now: bench.access().clock.now(),
        };
        bench.connector().receive(&incoming)
    };
    let plain = json.to_string();
    assert_ne!(plain.as_bytes(), sent.body);
    assert_eq!(received(&sent.body).expect("as it was sent").len(), 1);
    assert_eq!(received(plain.as_bytes()).expect("spelled anew").len(), 1);
    assert!(received(plain.replace("Zo", "So").as_bytes()).is_err());
}
