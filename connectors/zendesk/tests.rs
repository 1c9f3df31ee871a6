//! Zendesk Support against its emulator, and who is among the changes.

use counterpart_conformance::EmulatorBench;
use counterpart_connector::ListScope;
use counterpart_connector::kit::{Bench as _, NewUser};
use counterpart_emulators::{ContactChange, Fault, FaultSwitch};
use counterpart_model::contact::ContactKind;
use counterpart_model::{CrmUserId, CrmUserState, Timestamp};

use crate::emulated;

#[tokio::test]
async fn zendesk_conforms() {
    emulated("zendesk")
        .conforms(&[
            // The token may be any administrator's.
            "the_connecting_user_is_no_person",
            // Its telephones cannot be told to dial.
            "a_call_is_placed_from_a_users_phone",
            // The way that is tried needs no session.
            "an_ended_session_is_renewed",
        ])
        .await;
}

/// The ids of the agents, and of the end users, who changed since an instant.
async fn changed_since(bench: &EmulatorBench, since: Timestamp) -> (Vec<String>, Vec<String>) {
    let scope = ListScope::ChangedSince(since);
    let (mut agents, mut end_users, mut cursor) = (Vec::new(), Vec::new(), None);
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_users(&access, scope, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        agents.extend(page.users.into_iter().map(|user| user.id.0));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    loop {
        let access = bench.access();
        let page = bench
            .connector()
            .list_contacts(&access, ContactKind::Contact, scope, cursor.as_deref())
            .await;
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        end_users.extend(page.contacts.into_iter().map(|contact| contact.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    (agents, end_users)
}

#[tokio::test]
async fn end_users_who_changed_are_no_users_and_agents_no_contacts() {
    let bench = emulated("zendesk").connect(10, Some(2), &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    bench.advance(3_600);
    let since = bench.access().clock.now();
    bench.advance(600);
    let control = bench.emulator.control();
    // More than two pages of them, and none is left of any page.
    let contacts = control.contacts().into_iter().take(7);
    let contacts: Vec<_> = contacts.map(|contact| contact.id).collect();
    for id in &contacts {
        let change = ContactChange {
            given: Some("Changed".to_owned()),
            ..ContactChange::default()
        };
        control.change_contact(id, change).expect("it is there");
    }
    let agent = bench.add(NewUser {
        family: "Newcomer".to_owned(),
        email: "newcomer@example.com".to_owned(),
        ..NewUser::default()
    });
    let agent = agent.expect("an agent can be added");
    bench.advance(120);
    let (agents, mut end_users) = changed_since(&bench, since).await;
    assert_eq!(agents, [agent]);
    end_users.sort();
    assert_eq!(end_users, contacts);
}

#[tokio::test]
async fn a_deleted_agent_is_told_when_asked_for_by_id() {
    let bench = emulated("zendesk").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let id = bench.active_people().remove(0);
    bench.emulator.control().delete(&id).expect("somebody");
    let user = bench
        .connector()
        .get_user(&bench.access(), &CrmUserId(id))
        .await;
    let user = user.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        user.map(|user| user.profile.state),
        Some(CrmUserState::Deleted)
    );
}

#[tokio::test]
async fn without_custom_roles_the_plain_role_is_shown() {
    let bench = emulated("zendesk").connect(10, None, &[]).await;
    let bench = bench.unwrap_or_else(|error| panic!("{error:?}"));
    let switch = FaultSwitch {
        requests: Some(1),
        ..FaultSwitch::lasting(Fault::MissingPermission)
    };
    bench
        .emulator
        .control()
        .inject(switch)
        .expect("it is known");
    let page = bench
        .connector()
        .list_users(&bench.access(), ListScope::Full, None)
        .await;
    let page = page.unwrap_or_else(|error| panic!("{error}"));
    let mut roles = page.users.iter().map(|user| user.profile.role.as_deref());
    assert!(
        roles.all(|role| matches!(role, Some("agent" | "admin"))),
        "the names of roles could not be read"
    );
}
