//! Decisions, for reading.

use counterpart_model::{CrmUserId, Decision, DecisionKind};

use super::fixture::{World, add_decision, all};
use crate::{ApplyError, Store};

/// Decisions are listed by id, per connection or all, and found by person.
pub async fn decisions_are_listed(store: &dyn Store) {
    let world = World::found(store, "decisions_are_listed").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let user = CrmUserId("u1".into());
    let mut decisions = Vec::new();
    for (connection, kind) in [
        (one, no_account(&people[0])),
        (two, no_account(&people[0])),
        (one, pair(&people[0], &user)),
        (one, pair(&people[1], &user)),
        (
            one,
            DecisionKind::NotAPerson {
                crm_user_id: user.clone(),
            },
        ),
        (one, DecisionKind::SharedSeat { crm_user_id: user }),
    ] {
        let mut decision = world.decision(connection, kind);
        // Expired ones are listed too.
        decision.expires_at = world.now().plus_seconds(-1);
        decisions.push(world.decide(decision).await);
    }
    decisions.sort_by_key(|decision| decision.id);
    let list = async |connection| {
        all(async |page| store.list_decisions(world.id(), connection, &page).await).await
    };
    assert_eq!(list(None).await, decisions);
    let in_two = |decision: &&Decision| decision.connection_id == two;
    let expected: Vec<_> = decisions.iter().filter(in_two).cloned().collect();
    assert_eq!(list(Some(two)).await, expected);
    let about = |decision: &&Decision| decision.kind.person_id() == Some(people[0].id);
    let expected: Vec<_> = decisions.iter().filter(about).cloned().collect();
    assert_eq!(expected.len(), 3);
    let found = store.decisions_about(world.id(), people[0].id).await;
    let mut found = found.expect("asked");
    found.sort_by_key(|decision| decision.id);
    assert_eq!(found, expected);
}

/// The same is decided once; a second time somebody did not see the first.
pub async fn the_same_is_decided_once(store: &dyn Store) {
    let world = World::found(store, "the_same_is_decided_once").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let user = |id: &str| CrmUserId(id.into());
    let seat = |id| DecisionKind::SharedSeat {
        crm_user_id: user(id),
    };
    for kind in [
        no_account(&people[0]),
        pair(&people[0], &user("u1")),
        seat("u1"),
    ] {
        let first = world.decide(world.decision(one, kind.clone())).await;
        let again = world.decision(one, kind.clone());
        let refused = world.try_apply(vec![add_decision(again)]).await;
        let stale = matches!(refused, Err(ApplyError::Stale { line: 0 }));
        assert!(stale, "{kind:?}: {refused:?}");
        world.decide(world.decision(two, kind.clone())).await;
        let instead = counterpart_model::ChangeLine::Decision {
            before: Some(Box::new(first)),
            after: None,
        };
        let lines = vec![add_decision(world.decision(one, kind)), instead];
        world.apply(lines).await;
    }
    for kind in [
        no_account(&people[1]),
        pair(&people[0], &user("u2")),
        seat("u2"),
    ] {
        world.decide(world.decision(one, kind)).await;
    }
}

const fn no_account(person: &counterpart_model::Person) -> DecisionKind {
    DecisionKind::NoAccount {
        person_id: person.id,
    }
}

fn pair(person: &counterpart_model::Person, user: &CrmUserId) -> DecisionKind {
    DecisionKind::NotThisPair {
        person_id: person.id,
        crm_user_id: user.clone(),
    }
}
