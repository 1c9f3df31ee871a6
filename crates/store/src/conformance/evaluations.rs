//! What an evaluation leaves behind, beside what it found.

use counterpart_model::{
    ChangeLine, ConnectionId, CrmUserId, DecisionKind, Period, PersonId, Proposal, Situation,
    Timestamp,
};

use super::fixture::{World, all, edit_person};
use crate::Store;
use crate::evaluations::{Evaluated, Evaluation};
use crate::mappings::ProposalQuery;
use crate::unit_of_work::Concerning;

fn user(id: &str) -> CrmUserId {
    CrmUserId(id.into())
}

/// Withdraws what cannot be accepted; whose that was, and whose is left.
async fn withdraw(
    world: &World<'_>,
    connection: ConnectionId,
    concerning: Option<Concerning<'_>>,
) -> (Vec<PersonId>, Vec<PersonId>) {
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let withdrawn = unit
        .withdraw_proposals(connection, concerning, world.now())
        .await
        .expect("withdrawn");
    unit.commit().await.expect("committed");
    (withdrawn, proposed(world, connection).await)
}

/// The same of what concerns some.
async fn withdraw_some(
    world: &World<'_>,
    connection: ConnectionId,
    people: &[PersonId],
    crm_users: &[CrmUserId],
) -> (Vec<PersonId>, Vec<PersonId>) {
    let concerning = Concerning { people, crm_users };
    withdraw(world, connection, Some(concerning)).await
}

async fn proposed(world: &World<'_>, connection: ConnectionId) -> Vec<PersonId> {
    let found = proposals(world, connection).await;
    found.iter().map(|proposal| proposal.person_id).collect()
}

async fn proposals(world: &World<'_>, connection: ConnectionId) -> Vec<Proposal> {
    let query = ProposalQuery {
        connection_id: Some(connection),
        certain_only: false,
    };
    all(async |page| world.store.list_proposals(world.id(), &query, &page).await).await
}

fn sorted(mut people: Vec<PersonId>) -> Vec<PersonId> {
    people.sort_unstable();
    people
}

/// Who is mapped, left, or decided about is proposed to nobody, and nobody to them; what is not
/// true now stands in nobody's way.
pub async fn what_cannot_be_accepted_is_withdrawn(store: &dyn Store) {
    let world = World::found(store, "what_cannot_be_accepted").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let names = [
        "mapped", "taken", "left", "ignored", "rejected", "machine", "shared", "free", "expired",
        "later",
    ];
    let people = world.add_people(&names).await;
    let all_of = |connection: ConnectionId| -> Vec<Proposal> {
        let each = people.iter().zip(names);
        each.map(|(person, name)| World::proposal(connection, person.id, name))
            .collect()
    };
    world.propose(one, &all_of(one)).await;
    world.propose(two, &all_of(two)).await;
    let somebody = world.add_person("somebody").await;
    world.map(one, people[0].id, "another").await;
    world.map(one, somebody.id, "taken").await;
    let mut left = people[2].clone();
    left.active = false;
    world.apply(vec![edit_person(&people[2], left)]).await;
    let expires = world.now().plus_seconds(1);
    for (place, kind) in [
        (
            3,
            DecisionKind::NoAccount {
                person_id: people[3].id,
            },
        ),
        (
            4,
            DecisionKind::NotThisPair {
                person_id: people[4].id,
                crm_user_id: user("rejected"),
            },
        ),
        (
            5,
            DecisionKind::NotAPerson {
                crm_user_id: user("machine"),
            },
        ),
        (
            6,
            DecisionKind::SharedSeat {
                crm_user_id: user("shared"),
            },
        ),
        (
            7,
            DecisionKind::NotThisPair {
                person_id: people[7].id,
                crm_user_id: user("another"),
            },
        ),
        (
            8,
            DecisionKind::NoAccount {
                person_id: people[8].id,
            },
        ),
    ] {
        let mut decision = world.decision(one, kind);
        if place == 8 {
            decision.expires_at = expires;
        }
        world.decide(decision).await;
    }
    world.wait(1);
    let mut later = world.mapping(one, somebody.id, "later");
    later.person_exclusive = false;
    later.period = Period::new(world.now().plus_seconds(1), Timestamp::FOREVER).expect("a period");
    world.apply(vec![ChangeLine::add_mapping(later)]).await;
    let gone: Vec<_> = people[..7].iter().map(|person| person.id).collect();
    let kept: Vec<_> = people[7..].iter().map(|person| person.id).collect();
    assert_eq!(
        withdraw(&world, one, None).await,
        (sorted(gone), sorted(kept))
    );
    let (withdrawn, _) = withdraw(&world, two, None).await;
    assert_eq!(withdrawn, [people[2].id], "who left is nowhere proposed");
}

/// Of what cannot be accepted only that goes which is for one of the people, or names one of the
/// CRM users.
pub async fn only_what_is_concerned_is_withdrawn(store: &dyn Store) {
    let world = World::found(store, "only_what_is_concerned").await;
    let connection = world.connect("CRM").await;
    let people = world.add_people(&["Ann", "Bob", "Cyd", "Dan"]).await;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let each = ids.iter().zip(["u1", "u2", "u3", "u4"]);
    let proposals: Vec<_> = each
        .map(|(person, user)| World::proposal(connection, *person, user))
        .collect();
    world.propose(connection, &proposals).await;
    for (person, at) in ids.iter().zip(["u2", "u3", "u9"]) {
        world.map(connection, *person, at).await;
    }
    let nobody = withdraw_some(&world, connection, &[], &[]).await;
    assert_eq!(nobody, (vec![], sorted(ids.clone())));
    let none = withdraw_some(&world, connection, &ids[3..], &[user("u4")]).await;
    assert_eq!(none.0, [], "what can be accepted stays");
    let some = withdraw_some(&world, connection, &ids[..1], &[user("u2")]).await;
    assert_eq!(some, (sorted(ids[..2].to_vec()), sorted(ids[2..].to_vec())));
}

/// A proposal stays, but nobody takes it for certain.
pub async fn nothing_is_certain_once_it_is_doubted(store: &dyn Store) {
    let world = World::found(store, "nothing_is_certain").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob"]).await;
    let mut unsure = World::proposal(one, people[1].id, "u2");
    unsure.certain = false;
    let sure = World::proposal(one, people[0].id, "u1");
    world.propose(one, &[sure.clone(), unsure.clone()]).await;
    let elsewhere = World::proposal(two, people[0].id, "u1");
    world.propose(two, std::slice::from_ref(&elsewhere)).await;
    let mut unit = store.begin(world.id()).await.expect("begun");
    let doubted = unit.doubt_proposals(one).await.expect("doubted");
    assert_eq!(doubted, [people[0].id]);
    unit.refresh_situations(Some(one), Some(&doubted), world.now())
        .await
        .expect("refreshed");
    unit.commit().await.expect("committed");
    assert!(proposals(&world, one).await.iter().all(|it| !it.certain));
    assert_eq!(proposals(&world, two).await, [elsewhere]);
    let situation = world.situation(one, people[0].id).await;
    assert_eq!(situation, Some(Situation::Proposed));
    let standings = store.standings(world.id()).await.expect("sums");
    assert_eq!(standings.certain(Some(one)), 0);
}

/// What changed is counted from the first change on; an evaluation settles what it saw, and not
/// what came meanwhile.
pub async fn changes_are_open_until_they_are_evaluated(store: &dyn Store) {
    let world = World::found(store, "changes_are_open").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    assert_eq!(of(&world, one).await, Evaluation::none(one));
    let first = world.now();
    change(&world, &[one, two]).await;
    world.wait(1);
    change(&world, &[one]).await;
    let open = |connection, open_changes| Evaluation {
        stale_since: Some(first),
        open_changes,
        ..Evaluation::none(connection)
    };
    assert_eq!(of(&world, one).await, open(one, 2));
    assert_eq!(of(&world, two).await, open(two, 1));
    evaluated(&world, one, 1, None).await;
    assert_eq!(of(&world, one).await, open(one, 1));
    let began = world.wait(1);
    evaluated(&world, one, 1, Some(began)).await;
    let settled = Evaluation {
        evaluated_at: Some(began),
        ..Evaluation::none(one)
    };
    assert_eq!(of(&world, one).await, settled);
    evaluated(&world, one, 5, None).await;
    assert_eq!(
        of(&world, one).await,
        settled,
        "there is nothing below none"
    );
    let again = world.wait(1);
    change(&world, &[one]).await;
    let stale = Evaluation {
        stale_since: Some(again),
        open_changes: 1,
        ..settled
    };
    assert_eq!(of(&world, one).await, stale);
}

/// What is noted of an organization's connection is seen in no other.
pub async fn evaluations_are_ones_own(store: &dyn Store) {
    let own = World::found(store, "evaluations_own").await;
    let foreign = World::found(store, "evaluations_foreign").await;
    let theirs = foreign.connect("CRM").await;
    let ann = foreign.add_person("Ann").await;
    foreign
        .propose(theirs, &[World::proposal(theirs, ann.id, "u1")])
        .await;
    foreign.map(theirs, ann.id, "u1").await;
    change(&foreign, &[theirs]).await;
    let mut unit = store.begin(own.id()).await.expect("begun");
    let withdrawn = unit.withdraw_proposals(theirs, None, own.now()).await;
    assert_eq!(withdrawn.expect("nothing to withdraw"), []);
    let doubted = unit.doubt_proposals(theirs).await;
    assert_eq!(doubted.expect("nothing to doubt"), []);
    drop(unit);
    assert_eq!(proposed(&foreign, theirs).await, [ann.id]);
    let listed = store.list_evaluations(own.id()).await;
    assert_eq!(listed.expect("listed"), []);
    assert_eq!(of(&foreign, theirs).await.open_changes, 1);
}

async fn of(world: &World<'_>, connection: ConnectionId) -> Evaluation {
    let all = world.store.list_evaluations(world.id()).await;
    let mut all = all.expect("listed").into_iter();
    all.find(|found| found.connection_id == connection)
        .unwrap_or(Evaluation::none(connection))
}

async fn change(world: &World<'_>, connections: &[ConnectionId]) {
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let noted = unit.note_change(connections, world.now()).await;
    noted.expect("noted");
    unit.commit().await.expect("committed");
}

async fn evaluated(
    world: &World<'_>,
    connection: ConnectionId,
    changes: u64,
    everybody_at: Option<Timestamp>,
) {
    let done = Evaluated {
        changes,
        everybody_at,
    };
    let mut unit = world.store.begin(world.id()).await.expect("begun");
    let noted = unit.note_evaluation(connection, done).await;
    noted.expect("noted");
    unit.commit().await.expect("committed");
}
