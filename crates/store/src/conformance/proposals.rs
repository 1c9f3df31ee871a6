//! What the matcher suggests.

use counterpart_model::{
    ConnectionId, CrmUserId, DecisionKind, Evidence, Person, PersonId, Proposal, Rival,
};

use super::fixture::{World, all};
use crate::mappings::ProposalQuery;
use crate::{Store, StoreError};

async fn list(world: &World<'_>, query: &ProposalQuery) -> Vec<Proposal> {
    all(async |page| world.store.list_proposals(world.id(), query, &page).await).await
}

fn sorted(mut proposals: Vec<Proposal>) -> Vec<Proposal> {
    proposals.sort_by_key(|proposal| (proposal.connection_id, proposal.person_id));
    proposals
}

/// A proposal comes back with its evidence and rivals.
pub async fn a_proposal_keeps_its_evidence(store: &dyn Store) {
    let world = World::found(store, "a_proposal_keeps_its_evidence").await;
    let connection = world.connect("CRM").await;
    let ann = world.add_person("Ann").await;
    let mut proposal = World::proposal(connection, ann.id, "u1");
    let evidence = |kind: &str, weight| Evidence {
        kind: kind.into(),
        words: format!("{kind} is the same"),
        weight,
    };
    proposal.score = 0.123_456_789_012_345_67;
    proposal.evidence = vec![evidence("email", 12.5), evidence("title", -0.1)];
    proposal.rivals = vec![Rival {
        crm_user_id: CrmUserId("u2".into()),
        score: 1e-9,
        evidence: vec![evidence("family_name", 3.25)],
    }];
    world
        .propose(connection, std::slice::from_ref(&proposal))
        .await;
    let found = store.find_proposal(world.id(), connection, ann.id).await;
    assert_eq!(found.expect("asked").as_ref(), Some(&proposal));
    let elsewhere = world.connect("Other").await;
    let found = store.find_proposal(world.id(), elsewhere, ann.id).await;
    assert_eq!(found.expect("asked"), None);
    let bob = world.add_people(&["Bob"]).await.remove(0);
    let both = [ann.id, bob.id];
    let found = store.find_proposals(world.id(), connection, &both).await;
    assert_eq!(found.expect("asked"), [proposal]);
    let found = store.find_proposals(world.id(), elsewhere, &both).await;
    assert_eq!(found.expect("asked"), []);
}

/// All of a connection are replaced, or those of some people; other connections keep theirs.
pub async fn proposals_are_replaced(store: &dyn Store) {
    let world = World::found(store, "proposals_are_replaced").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob", "Cyd"]).await;
    let propose = |connection: ConnectionId, person: &Person, user| {
        World::proposal(connection, person.id, user)
    };
    let first = people
        .iter()
        .map(|p| propose(one, p, "u1"))
        .collect::<Vec<_>>();
    world.propose(one, &first).await;
    let other = vec![propose(two, &people[0], "u1")];
    world.propose(two, &other).await;
    let replace = async |some: &[PersonId], proposals: &[Proposal]| {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let replaced = unit.replace_proposals(one, Some(some), proposals).await;
        replaced.expect("replaced");
        unit.commit().await.expect("committed");
    };
    // Ann gets another, Bob none, Cyd keeps hers.
    let anns = propose(one, &people[0], "u9");
    replace(&[people[0].id, people[1].id], std::slice::from_ref(&anns)).await;
    let kept = vec![anns, first[2].clone(), other[0].clone()];
    assert_eq!(list(&world, &ProposalQuery::default()).await, sorted(kept));
    let query = ProposalQuery {
        connection_id: Some(two),
        certain_only: false,
    };
    assert_eq!(list(&world, &query).await, other);
    world.propose(one, &[]).await;
    assert_eq!(list(&world, &ProposalQuery::default()).await, other);
}

/// The certain ones are those that could be accepted: certain, and the person is *proposed*.
pub async fn the_certain_are_those_still_proposed(store: &dyn Store) {
    let world = World::found(store, "the_certain").await;
    let connection = world.connect("CRM").await;
    let people = world
        .add_people(&["Sure", "Unsure", "Mapped", "Ignored"])
        .await;
    let mut proposals: Vec<_> = people
        .iter()
        .map(|person| World::proposal(connection, person.id, &person.profile.display_name))
        .collect();
    proposals[1].certain = false;
    world.propose(connection, &proposals).await;
    world.map(connection, people[2].id, "Mapped").await;
    let kind = DecisionKind::NoAccount {
        person_id: people[3].id,
    };
    world.decide(world.decision(connection, kind)).await;
    world.refresh().await;
    let query = ProposalQuery {
        connection_id: None,
        certain_only: true,
    };
    assert_eq!(list(&world, &query).await, proposals[..1]);
}

/// A proposal for another connection, or for nobody, is a mistake of the caller.
pub async fn misplaced_proposals_are_refused(store: &dyn Store) {
    let world = World::found(store, "misplaced_proposals").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let ann = world.add_person("Ann").await;
    let nobody = PersonId::generate(world.seed(), world.seed());
    for proposal in [
        World::proposal(two, ann.id, "u1"),
        World::proposal(one, nobody, "u1"),
    ] {
        let mut unit = store.begin(world.id()).await.expect("begun");
        let refused = unit.replace_proposals(one, None, &[proposal]).await;
        assert!(matches!(refused, Err(StoreError::Misuse(_))), "{refused:?}");
    }
}
