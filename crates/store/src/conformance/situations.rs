//! The one state of a person in a connection.

use counterpart_model::{
    ChangeLine, CrmUserId, CrmUserState, DecisionKind, DriftCause, Period, Proposal, Rival, Side,
    Situation, Timestamp,
};

use super::fixture::{Pulled, World, add_decision, edit_mapping, edit_person, pulled};
use crate::Store;
use crate::standings::SituationCount;

/// With everything at once, the first of the precedence wins; taken away one by one, each next.
pub async fn the_first_of_the_precedence_wins(store: &dyn Store) {
    let world = World::found(store, "the_first_of_the_precedence_wins").await;
    let connection = world.connect("CRM").await;
    let person = world.add_person("Ann Lee").await;
    world.sync(connection, &pulled(2)).await;
    let mapping = world.map(connection, person.id, "u1").await;
    let drift = world.drift(&mapping, DriftCause::NameChanged);
    world.find_drift(connection, &[drift]).await;
    let kind = DecisionKind::NoAccount {
        person_id: person.id,
    };
    let decision = world.decide(world.decision(connection, kind)).await;
    let proposal = World::proposal(connection, person.id, "u2");
    world
        .propose(connection, &[ambiguous(proposal.clone())])
        .await;
    let is = async |situation, because: &str| {
        world.refresh().await;
        let found = world.situation(connection, person.id).await;
        assert_eq!(found, Some(situation), "{because}");
    };
    is(Situation::Drifted, "the mapping drifts").await;
    world.find_drift(connection, &[]).await;
    is(Situation::Mapped, "the drift is over").await;
    world.apply(vec![ChangeLine::remove_mapping(mapping)]).await;
    is(Situation::Ignored, "there is a decision").await;
    let line = ChangeLine::Decision {
        before: Some(Box::new(decision)),
        after: None,
    };
    world.apply(vec![line]).await;
    is(Situation::Ambiguous, "the proposal says so").await;
    world.propose(connection, &[proposal]).await;
    is(Situation::Proposed, "there is a proposal").await;
    world.propose(connection, &[]).await;
    is(Situation::Unmapped, "nothing is known").await;
}

/// A mapping is drifted while a cause of it is known, whatever its CRM user looks like.
pub async fn a_mapping_is_drifted_while_it_drifts(store: &dyn Store) {
    let world = World::found(store, "a_mapping_is_drifted").await;
    let connection = world.connect("CRM").await;
    let users = [
        Pulled::new("active", "A"),
        Pulled::new("inactive", "C").in_state(CrmUserState::Inactive),
    ];
    world.sync(connection, &users).await;
    for id in ["active", "inactive", "unknown"] {
        let person = world.add_person(id).await;
        let mapping = world.map(connection, person.id, id).await;
        let drift = world.drift(&mapping, DriftCause::CrmUserDeactivated);
        for (found, situation) in [
            (vec![], Situation::Mapped),
            (vec![drift], Situation::Drifted),
            (vec![], Situation::Mapped),
        ] {
            world.find_drift(connection, &found).await;
            world.refresh().await;
            let shown = world.situation(connection, person.id).await;
            assert_eq!(shown, Some(situation), "mapped to one who is {id}");
        }
    }
}

/// Only what holds now counts: past and future mappings and expired decisions do not.
pub async fn only_what_holds_now_counts(store: &dyn Store) {
    let world = World::found(store, "only_what_holds_now_counts").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(2)).await;
    let people = world
        .add_people(&["Past", "Future", "Expired", "Expires"])
        .await;
    let now = world.now();
    let mut past = world.mapping(connection, people[0].id, "u1");
    past.period = Period::new(Timestamp::ALWAYS, now).expect("ordered");
    let mut future = world.mapping(connection, people[1].id, "u1");
    future.period = Period::new(now.plus_seconds(10), Timestamp::FOREVER).expect("ordered");
    let no_account = |person: usize, expires_at| {
        let kind = DecisionKind::NoAccount {
            person_id: people[person].id,
        };
        let mut decision = world.decision(connection, kind);
        decision.expires_at = expires_at;
        add_decision(decision)
    };
    let lines = vec![
        ChangeLine::add_mapping(past),
        ChangeLine::add_mapping(future),
        no_account(2, now),
        no_account(3, now.plus_seconds(10)),
    ];
    world.apply(lines).await;
    for (seconds, expected) in [
        (
            0,
            [
                Situation::Unmapped,
                Situation::Unmapped,
                Situation::Unmapped,
                Situation::Ignored,
            ],
        ),
        (
            10,
            [
                Situation::Unmapped,
                Situation::Mapped,
                Situation::Unmapped,
                Situation::Unmapped,
            ],
        ),
    ] {
        world.wait(seconds);
        world.refresh().await;
        for (person, situation) in people.iter().zip(expected) {
            let found = world.situation(connection, person.id).await;
            let name = &person.profile.display_name;
            assert_eq!(found, Some(situation), "{name} after {seconds} s");
        }
    }
}

/// Who does not work here is in no situation, unless still mapped.
pub async fn former_people_are_in_no_situation(store: &dyn Store) {
    let world = World::found(store, "former_people").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(2)).await;
    let people = world
        .add_people(&["Mapped", "Proposed", "Ignored", "Nothing"])
        .await;
    world.map(connection, people[0].id, "u1").await;
    let kind = DecisionKind::NoAccount {
        person_id: people[2].id,
    };
    world.decide(world.decision(connection, kind)).await;
    let proposal = World::proposal(connection, people[1].id, "u2");
    world.propose(connection, &[proposal]).await;
    world.refresh().await;
    assert_eq!(counted(&world).await.len(), 4);
    let leave = |person: &counterpart_model::Person| {
        let mut after = person.clone();
        after.active = false;
        edit_person(person, after)
    };
    world.apply(people.iter().map(leave).collect()).await;
    world.refresh().await;
    let expected = SituationCount {
        connection_id: connection,
        situation: Situation::Mapped,
        people: 1,
        certain: 0,
    };
    assert_eq!(counted(&world).await, vec![expected]);
    let rows = world.grid(&crate::grid::GridQuery::default()).await;
    assert_eq!(rows.len(), 1, "only who is still mapped is in the grid");
}

/// There are situations where there are CRM users only.
pub async fn only_crm_sides_have_situations(store: &dyn Store) {
    let world = World::found(store, "only_crm_sides_have_situations").await;
    let crm = world.connect("CRM").await;
    let both = world.connect_side("Both", Side::Both).await;
    world.connect_side("Phones", Side::Platform).await;
    world.add_person("Ann Lee").await;
    world.refresh().await;
    let counted = counted(&world).await;
    let connections: Vec<_> = counted.iter().map(|count| count.connection_id).collect();
    assert_eq!(connections, [crm, both]);
}

/// A refresh of some people or one connection leaves the others as they stood.
pub async fn a_refresh_keeps_to_what_it_was_asked(store: &dyn Store) {
    let world = World::found(store, "a_refresh_keeps_to_what_it_was_asked").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    for connection in [one, two] {
        world.sync(connection, &pulled(2)).await;
    }
    let people = world.add_people(&["Ann", "Bob"]).await;
    world.refresh().await;
    for connection in [one, two] {
        world.map(connection, people[0].id, "u1").await;
        world.map(connection, people[1].id, "u2").await;
    }
    let mapped = async || {
        let mut mapped = Vec::new();
        for connection in [one, two] {
            for person in &people {
                let situation = world.situation(connection, person.id).await;
                mapped.push(situation == Some(Situation::Mapped));
            }
        }
        mapped
    };
    assert_eq!(mapped().await, [false; 4], "not refreshed yet");
    world.refresh_some(Some(one), Some(&[people[0].id])).await;
    assert_eq!(mapped().await, [true, false, false, false]);
    world.refresh_some(None, Some(&[])).await;
    assert_eq!(mapped().await, [true, false, false, false], "nobody");
    world.refresh_some(None, Some(&[people[1].id])).await;
    assert_eq!(mapped().await, [true, true, false, true]);
    world.refresh_some(Some(two), None).await;
    assert_eq!(mapped().await, [true; 4]);
}

/// A person with several CRM users shows the one that drifted, else the first.
pub async fn of_several_mappings_the_drifted_is_shown(store: &dyn Store) {
    let world = World::found(store, "of_several_mappings").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(3)).await;
    let person = world.add_person("Ann Lee").await;
    let mut mappings = Vec::new();
    for user in ["u1", "u2", "u3"] {
        world.wait(1);
        let mut mapping = world.mapping(connection, person.id, user);
        mapping.person_exclusive = false;
        mappings.push(mapping);
    }
    let lines = mappings.iter().cloned().map(ChangeLine::add_mapping);
    world.apply(lines.collect()).await;
    world.refresh().await;
    let cell = cell(&world).await;
    assert_eq!(cell.situation, Situation::Mapped);
    assert_eq!(cell.mapping, Some((mappings[0].id, 1)));
    let drift = world.drift(&mappings[1], DriftCause::NameChanged);
    world.find_drift(connection, &[drift]).await;
    world.refresh().await;
    let cell = self::cell(&world).await;
    assert_eq!(cell.situation, Situation::Drifted);
    assert_eq!(cell.mapping, Some((mappings[1].id, 1)));
    assert_eq!(cell.crm_user.expect("shown").id, CrmUserId("u2".into()));
}

/// A changed mapping shows its new version once it is refreshed.
pub async fn a_cell_names_the_mappings_version(store: &dyn Store) {
    let world = World::found(store, "a_cell_names_the_mappings_version").await;
    let connection = world.connect("CRM").await;
    world.sync(connection, &pulled(2)).await;
    let person = world.add_person("Ann Lee").await;
    let mapping = world.map(connection, person.id, "u1").await;
    let mut moved = mapping.clone();
    moved.crm_user_id = CrmUserId("u2".into());
    world.apply(vec![edit_mapping(&mapping, moved)]).await;
    world.refresh().await;
    let cell = cell(&world).await;
    assert_eq!(cell.mapping, Some((mapping.id, 2)));
    assert_eq!(cell.crm_user.expect("shown").id, CrmUserId("u2".into()));
}

fn ambiguous(proposal: Proposal) -> Proposal {
    Proposal {
        certain: false,
        ambiguous: true,
        rivals: vec![Rival {
            crm_user_id: CrmUserId("u1".into()),
            score: 0.9,
            evidence: Vec::new(),
        }],
        ..proposal
    }
}

async fn counted(world: &World<'_>) -> Vec<SituationCount> {
    world.standings().await.cells
}

async fn cell(world: &World<'_>) -> crate::grid::GridCell {
    let mut rows = world.grid(&crate::grid::GridQuery::default()).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0).cells.remove(0)
}
