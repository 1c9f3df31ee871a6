//! The review queue, and the matching settings that a decision may lead to.

use counterpart_model::matching_settings::{Equivalence, EvidenceSource};
use counterpart_model::{
    ChangeLine, ConnectionId, DriftCause, MatchingRules, MatchingSettings, PersonId, Proposal,
    Situation, Subject, Thing,
};

use super::fixture::{World, all};
use crate::review::{ReviewCount, ReviewOrder, ReviewQuery};
use crate::{ApplyError, Store};

fn proposal(connection: ConnectionId, person: PersonId, score: f64, ambiguous: bool) -> Proposal {
    Proposal {
        score,
        certain: false,
        ambiguous,
        ..World::proposal(connection, person, "u9")
    }
}

async fn queue(world: &World<'_>, query: &ReviewQuery) -> Vec<(ConnectionId, PersonId)> {
    let found = all(async |page| world.store.list_review(world.id(), query, &page).await).await;
    let cells = found
        .iter()
        .map(|cell| (cell.connection_id, cell.person_id));
    cells.collect()
}

/// Cases come by how certain they are, page by page, each once; what is certain or settled is
/// none.
pub async fn cases_come_by_certainty(store: &dyn Store) {
    let world = World::found(store, "cases_come_by_certainty").await;
    let (one, two) = (world.connect("One").await, world.connect("Two").await);
    let people = world.add_people(&["Ann", "Bob", "Cyd", "Dan", "Eve"]).await;
    let id = |at: usize| people[at].id;
    let mapping = world.map(one, id(0), "u1").await;
    let drift = world.drift(&mapping, DriftCause::NameChanged);
    world.find_drift(one, &[drift]).await;
    world.map(one, id(4), "u5").await;
    let mut certain = proposal(one, id(3), 0.999, false);
    certain.certain = true;
    let of_one = [
        proposal(one, id(1), 0.5, true),
        proposal(one, id(2), 0.7, false),
        certain,
    ];
    world.propose(one, &of_one).await;
    world.propose(two, &[proposal(two, id(1), 0.5, true)]).await;
    world.refresh().await;

    let mut expected = vec![(one, id(0)), (one, id(2)), (one, id(1)), (two, id(1))];
    let everything = ReviewQuery::default();
    assert_eq!(queue(&world, &everything).await, expected);
    let doubtful = ReviewQuery {
        order: ReviewOrder::Doubtful,
        ..everything.clone()
    };
    expected.rotate_left(2);
    expected.swap(2, 3);
    assert_eq!(queue(&world, &doubtful).await, expected);
    for (query, expected) in [
        (
            ReviewQuery {
                connection_id: Some(two),
                ..everything.clone()
            },
            vec![(two, id(1))],
        ),
        (
            ReviewQuery {
                situation: Some(Situation::Ambiguous),
                ..everything.clone()
            },
            vec![(one, id(1)), (two, id(1))],
        ),
        (
            ReviewQuery {
                situation: Some(Situation::Mapped),
                ..everything
            },
            vec![],
        ),
    ] {
        assert_eq!(queue(&world, &query).await, expected, "{query:?}");
    }
    let count = |connection_id, situation| ReviewCount {
        connection_id,
        situation,
        cells: 1,
    };
    let counts = store.count_review(world.id()).await.expect("counted");
    let mut expected = vec![
        count(one, Situation::Ambiguous),
        count(one, Situation::Drifted),
        count(one, Situation::Proposed),
        count(two, Situation::Ambiguous),
    ];
    expected.sort_by_key(|count| (count.connection_id, count.situation.as_str()));
    assert_eq!(counts, expected);
}

fn settings(connection_id: Option<ConnectionId>, auto: u16) -> MatchingSettings {
    MatchingSettings {
        connection_id,
        rules: MatchingRules {
            without: Some([EvidenceSource::Phone].into()),
            auto_threshold: Some(auto),
            equivalent_domains: vec![Equivalence::new("a.example", "b.example")],
            aliases: vec![Equivalence::new("Łukasz", "Luke")],
            ..MatchingRules::default()
        },
        version: 1,
    }
}

fn line(before: Option<MatchingSettings>, after: Option<MatchingSettings>) -> ChangeLine {
    ChangeLine::MatchingSettings {
        before: before.map(Box::new),
        after: after.map(Box::new),
    }
}

/// Matching settings are written by change sets, stand beside those of other connections, and
/// come back by undoing.
pub async fn matching_settings_change_in_sets(store: &dyn Store) {
    let world = World::found(store, "matching_settings_change_in_sets").await;
    let connection = world.connect("CRM").await;
    let (mut whole, mut part) = (settings(None, 990), settings(Some(connection), 999));
    world.apply(vec![line(None, Some(whole.clone()))]).await;
    world.apply(vec![line(None, Some(part.clone()))]).await;
    let subjects = [None, Some(connection)].map(Subject::MatchingSettings);
    let standing = async || {
        let mut found = store.standing(world.id(), &subjects).await.expect("found");
        found.sort_by_key(Thing::subject);
        found
    };
    let thing = |it: &MatchingSettings| Thing::MatchingSettings(Box::new(it.clone()));
    assert_eq!(standing().await, [thing(&whole), thing(&part)]);
    assert_eq!(
        store
            .rivals(world.id(), &[thing(&part)])
            .await
            .expect("found"),
        [thing(&part)]
    );

    let before = part.clone();
    part.rules = MatchingRules::default();
    let change = line(Some(before), Some(part.clone()));
    let set = world.apply(vec![change.clone()]).await;
    part.version = 2;
    assert_eq!(standing().await, [thing(&whole), thing(&part)]);
    let page = counterpart_model::PageRequest::first(10);
    let kept = store.list_change_lines(world.id(), set.number, &page).await;
    let kept = kept.expect("listed").items;
    assert_eq!(kept[0].subject(), Some(subjects[1]));
    assert_eq!(
        store
            .last_changed(world.id(), &subjects)
            .await
            .expect("found"),
        [(subjects[0], set.number - 1 - 1), (subjects[1], set.number)]
    );

    let gone = line(Some(whole.clone()), None);
    world.apply(vec![gone.clone()]).await;
    assert_eq!(standing().await, [thing(&part)]);
    world.apply(vec![gone.reversed()]).await;
    whole.version = 1;
    assert_eq!(standing().await, [thing(&whole), thing(&part)]);
}

/// Settings that somebody else changed meanwhile, made meanwhile, or of a connection that is not
/// there, are refused.
pub async fn stale_matching_settings_are_refused(store: &dyn Store) {
    let world = World::found(store, "stale_matching_settings_are_refused").await;
    let first = settings(None, 990);
    world.apply(vec![line(None, Some(first.clone()))]).await;
    let nowhere = settings(
        Some(ConnectionId::generate(world.seed(), world.seed())),
        990,
    );
    let mut newer = first.clone();
    newer.version = 7;
    for refused in [
        line(None, Some(first.clone())),
        line(Some(newer), Some(first)),
        line(None, Some(nowhere)),
    ] {
        let answer = world.try_apply(vec![refused.clone()]).await;
        let stale = matches!(answer, Err(ApplyError::Stale { line: 0 }));
        assert!(stale, "{refused:?}: {answer:?}");
    }
}
