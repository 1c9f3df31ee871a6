//! The log of events: what writes to it, in which order, and how it is read.

use counterpart_model::event::{ConnectionStateChange, MOST_IN_ONE};
use counterpart_model::{
    ChangeLine, Code, ConnectionState, Drift, DriftCause, EventKind, LoggedEvent, NewEvent,
    Proposal, connection::Health,
};
use serde_json::json;

use super::fixture::{World, add_person, edit_mapping};
use crate::Store;
use crate::events::EventSpan;

async fn log(world: &World<'_>) -> Vec<LoggedEvent> {
    let listed = world.store.list_events(world.id(), 0, 1_000).await;
    listed.expect("listed")
}

/// What was added behind `before` events, by kind.
async fn kinds_behind(world: &World<'_>, before: usize) -> Vec<EventKind> {
    let log = log(world).await;
    log[before..].iter().map(|event| event.kind).collect()
}

fn state_change(world: &World<'_>) -> NewEvent {
    NewEvent::ConnectionState(ConnectionStateChange {
        connection_id: world.directory.id,
        name: "Directory".into(),
        before: ConnectionState::New,
        state: ConnectionState::Healthy,
        code: None,
        detail: None,
    })
}

/// A change set tells of its mappings, before and after, in the same transaction; of nothing
/// else.
pub async fn a_change_set_tells_of_its_mappings(store: &dyn Store) {
    let world = World::found(store, "a_change_set_tells_of_its_mappings").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    assert_eq!(log(&world).await, [], "people are not told of");
    let mapping = world.map(connection, ann.id, "u1").await;
    let mut other = mapping.clone();
    other.crm_user_id.0 = "u2".into();
    let at = world.wait(1);
    let set = world.apply(vec![edit_mapping(&mapping, other)]).await;
    let log = log(&world).await;
    assert_eq!(log.len(), 2);
    assert_eq!((log[1].sequence, log[1].at), (2, at));
    assert_eq!(log[1].kind, EventKind::MappingChanged);
    let pair = |user: &str| {
        json!({
            "person_id": ann.id,
            "crm_user_id": user,
            "from": "always",
            "to": "forever",
        })
    };
    let told = json!({
        "change_set": set.number,
        "changes": [{
            "mapping_id": mapping.id,
            "connection_id": connection,
            "before": pair("u1"),
            "after": pair("u2"),
        }],
    });
    assert_eq!(log[1].data, told);
}

/// What did not become true is not told of, and leaves no gap.
pub async fn a_dropped_unit_tells_nothing(store: &dyn Store) {
    let world = World::found(store, "a_dropped_unit_tells_nothing").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let line = ChangeLine::add_mapping(world.mapping(connection, ann.id, "u1"));
    let mut unit = store.begin(world.id()).await.expect("begun");
    let applied = unit
        .apply_change_set(&world.change_set(vec![line]), world.now())
        .await;
    applied.expect("applied");
    drop(unit);
    world.map(connection, ann.id, "u1").await;
    let log = log(&world).await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].sequence, 1);
}

/// A change set of many mappings tells of them in several events, none lost.
pub async fn many_changes_are_told_in_several_events(store: &dyn Store) {
    let world = World::found(store, "many_changes_are_told_in_several_events").await;
    let connection = world.connect("CRM").await;
    let count = MOST_IN_ONE + 1;
    let people: Vec<_> = (0..count).map(|n| world.person(&format!("P{n}"))).collect();
    world
        .apply(people.iter().cloned().map(add_person).collect())
        .await;
    let lines = people.iter().enumerate().map(|(n, person)| {
        ChangeLine::add_mapping(world.mapping(connection, person.id, &format!("u{n}")))
    });
    world.apply(lines.collect()).await;
    let told: Vec<usize> = log(&world)
        .await
        .iter()
        .map(|event| event.data["changes"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(told, [MOST_IN_ONE, 1]);
}

/// A proposal is told of when it opens, or names somebody else; not when it is looked at again.
pub async fn an_opened_proposal_is_told_once(store: &dyn Store) {
    let world = World::found(store, "an_opened_proposal_is_told_once").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let propose = async |proposal: Proposal| {
        let before = log(&world).await.len();
        world.propose(connection, &[proposal]).await;
        world.refresh().await;
        kinds_behind(&world, before).await
    };
    let first = World::proposal(connection, ann.id, "u1");
    assert_eq!(propose(first.clone()).await, [EventKind::ProposalOpened]);
    let told = json!({
        "proposals": [{
            "connection_id": connection,
            "person_id": ann.id,
            "situation": "proposed",
            "crm_user_id": "u1",
            "score": 0.97,
            "certain": true,
        }],
    });
    assert_eq!(log(&world).await[0].data, told);
    let mut weaker = first.clone();
    weaker.score = 0.5;
    assert_eq!(propose(weaker).await, [], "the same, less probable");
    let other = World::proposal(connection, ann.id, "u2");
    assert_eq!(propose(other).await, [EventKind::ProposalOpened]);
    let mut unclear = first;
    (unclear.certain, unclear.ambiguous) = (false, true);
    assert_eq!(propose(unclear.clone()).await, [EventKind::ProposalOpened]);
    assert_eq!(propose(unclear).await, [], "still ambiguous");
}

/// Drift is told of when it is found, and again after it had been mended.
pub async fn drift_is_told_when_it_is_found(store: &dyn Store) {
    let world = World::found(store, "drift_is_told_when_it_is_found").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mapping = world.map(connection, ann.id, "u2").await;
    let drift = world.drift(&mapping, DriftCause::CrmUserDeleted);
    let find = async |found: &[Drift]| {
        let before = log(&world).await.len();
        world.find_drift(connection, found).await;
        world.refresh().await;
        kinds_behind(&world, before).await
    };
    let found = std::slice::from_ref(&drift);
    assert_eq!(find(&[]).await, []);
    assert_eq!(find(found).await, [EventKind::DriftFound]);
    let told = log(&world).await.pop().expect("an event").data;
    let expected = json!({
        "mappings": [{
            "connection_id": connection,
            "person_id": ann.id,
            "mapping_id": mapping.id,
            "crm_user_id": "u2",
        }],
    });
    assert_eq!(told, expected);
    assert_eq!(find(found).await, [], "it is known");
    assert_eq!(find(&[]).await, [], "it is mended");
    assert_eq!(find(found).await, [EventKind::DriftFound]);
}

/// A connection's state is told of when it, or its reason, is another.
pub async fn another_state_of_a_connection_is_told(store: &dyn Store) {
    let world = World::found(store, "another_state_of_a_connection_is_told").await;
    let connection = world.connect("CRM").await;
    let note = async |state, code, detail: &str| {
        let before = log(&world).await.len();
        let health = Health {
            state,
            since: world.wait(1),
            code,
            detail: Some(detail.to_owned()),
            retry: None,
        };
        let noted = store.note_health(world.id(), connection, &health, None, None);
        noted.await.expect("noted");
        log(&world).await.split_off(before)
    };
    let broken = ConnectionState::Broken;
    let unauthorized = Some(Code::ConnectionUnauthorized);
    let told = note(broken, unauthorized, "wrong key").await;
    let expected = json!({
        "connection_id": connection,
        "name": "CRM",
        "before": "new",
        "state": "broken",
        "code": "connection.unauthorized",
        "detail": "wrong key",
    });
    assert_eq!(told[0].kind, EventKind::ConnectionState);
    assert_eq!(told[0].data, expected);
    assert_eq!(note(broken, unauthorized, "again").await, []);
    let told = note(broken, Some(Code::ConnectionForbidden), "no").await;
    assert_eq!(told.len(), 1, "another reason");
}

/// The log is read behind a cursor, in order; other organizations have their own.
pub async fn the_log_is_read_behind_a_cursor(store: &dyn Store) {
    let world = World::found(store, "the_log_is_read_behind_a_cursor").await;
    let other = World::found(store, "the_log_is_read, next door").await;
    let append = async |world: &World<'_>, count: usize| {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let events = vec![state_change(world); count];
        let appended = unit.append_events(&events, world.now()).await;
        appended.expect("appended");
        unit.commit().await.expect("committed");
    };
    append(&world, 3).await;
    append(&other, 1).await;
    world.wait(10);
    append(&world, 2).await;
    let read = async |after, most| {
        let listed = store.list_events(world.id(), after, most).await;
        let listed = listed.expect("listed");
        listed
            .iter()
            .map(|event| event.sequence)
            .collect::<Vec<_>>()
    };
    assert_eq!(read(0, 10).await, [1, 2, 3, 4, 5]);
    assert_eq!(read(1, 2).await, [2, 3]);
    assert_eq!(read(5, 2).await, [0; 0]);
    let span = async || store.event_span(world.id()).await.expect("asked");
    let (oldest, newest) = (Some(1), 5);
    assert_eq!(span().await, EventSpan { oldest, newest });
    let forgotten = store.forget_events(world.id(), world.now()).await;
    assert_eq!(forgotten.expect("forgotten"), 3);
    let oldest = Some(4);
    assert_eq!(span().await, EventSpan { oldest, newest });
    world.wait(1);
    let forgotten = store.forget_events(world.id(), world.now()).await;
    assert_eq!(forgotten.expect("forgotten"), 2);
    let oldest = None;
    assert_eq!(
        span().await,
        EventSpan { oldest, newest },
        "none comes twice"
    );
    append(&world, 1).await;
    assert_eq!(read(0, 10).await, [6]);
    assert_eq!(log(&other).await.len(), 1);
}
