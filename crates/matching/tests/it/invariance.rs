//! What the outcome does not depend on: which side is left, the order of the records, and people
//! who have nothing to do with the matter.

use std::collections::BTreeMap;

use counterpart_matching::{Decision, Options, Proposal, Record};
use proptest::prelude::*;

use crate::sides::{Directories, directories, run, stranger};

/// How far a probability may move with the side or the order. Belief propagation stops before the
/// last digit, and where it stops depends on who speaks first.
const NOISE: f64 = 0.001;

/// Bits by which one more person moves the odds of a tie among a dozen people or more: rarity is a
/// share of all, and the prior counts them.
const SHIFT: f64 = 1.0;

/// Proposals by the ends they had in the first of two runs.
type Ties = BTreeMap<(usize, usize), Proposal>;

fn ties(proposals: Vec<Proposal>, ends: impl Fn(usize, usize) -> (usize, usize)) -> Ties {
    let each = proposals.into_iter();
    each.map(|tie| (ends(tie.left, tie.right), tie)).collect()
}

fn log_odds(score: f64) -> f64 {
    (score / (1.0 - score)).log2().clamp(-60.0, 60.0)
}

/// Whether a second choice fits exactly as well, so that only the order can decide.
fn is_drawn(tie: &Proposal) -> bool {
    let seconds = [&tie.runner_up, &tie.rival];
    let mut scores = seconds.into_iter().flatten().map(|second| second.score);
    tie.ambiguous && scores.any(|score| (score - tie.score).abs() < NOISE)
}

/// All of `one` stand in `other` with the same decision and nearly the same score.
fn check_same(one: &Ties, other: &Ties) -> Result<(), TestCaseError> {
    for (ends, tie) in one {
        match other.get(ends) {
            Some(found) => {
                prop_assert_eq!(found.decision, tie.decision, "{:?} {:?}", ends, found);
                prop_assert!(
                    (found.score - tie.score).abs() < NOISE,
                    "{ends:?} {} {}",
                    tie.score,
                    found.score
                );
            }
            None => prop_assert!(is_drawn(tie), "{ends:?} {tie:?}"),
        }
    }
    Ok(())
}

/// Whether a score stands so near a threshold that a small move takes it across.
fn is_at(threshold: f64, score: f64) -> bool {
    (log_odds(score) - log_odds(threshold)).abs() <= SHIFT
}

/// All of `one` stand in `other` with the same decision, or stood on a threshold.
fn check_nearly_same(one: &Ties, other: &Ties) -> Result<(), TestCaseError> {
    let Options {
        auto_threshold,
        review_threshold,
        ..
    } = Options::default();
    for (ends, tie) in one {
        let Some(found) = other.get(ends) else {
            prop_assert!(
                tie.decision == Decision::Review
                    && (is_drawn(tie) || is_at(review_threshold, tie.score)),
                "{ends:?} {tie:?}"
            );
            continue;
        };
        let moved = log_odds(found.score) - log_odds(tie.score);
        if std::env::var("SHOW").is_ok() {
            println!(
                "MOVED {moved} {:?} {:?} {} {}",
                tie.decision, found.decision, tie.score, found.score
            );
        }
        prop_assert!(moved.abs() <= SHIFT || tie.ambiguous, "{moved} {tie:?}");
        prop_assert!(
            found.decision == tie.decision || is_at(auto_threshold, tie.score),
            "{tie:?} {found:?}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn exchanging_the_sides_exchanges_the_ties(directories in directories(1..24)) {
        let here = ties(directories.result().proposals, |left, right| (left, right));
        let there = ties(directories.exchanged().result().proposals, |left, right| (right, left));
        check_same(&here, &there)?;
        check_same(&there, &here)?;
    }

    #[test]
    fn the_order_of_the_records_decides_nothing(
        (directories, left, right) in directories(1..24).prop_flat_map(|directories| {
            let order = |side: &[Record]| Just((0..side.len()).collect::<Vec<_>>()).prop_shuffle();
            let orders = (order(&directories.left), order(&directories.right));
            (Just(directories), orders.0, orders.1)
        })
    ) {
        let shuffled = |side: &[Record], order: &[usize]| -> Vec<Record> {
            order.iter().map(|place| side[*place].clone()).collect()
        };
        let here = ties(directories.result().proposals, |left, right| (left, right));
        let again = run(&shuffled(&directories.left, &left), &shuffled(&directories.right, &right));
        let there = ties(again.proposals, |one, other| (left[one], right[other]));
        check_same(&here, &there)?;
        check_same(&there, &here)?;
    }

    #[test]
    fn an_unrelated_person_changes_nobodys_tie(
        directories in directories(12..40),
        stranger in stranger(),
        on_the_left in any::<bool>(),
        place in any::<prop::sample::Index>(),
    ) {
        let here = ties(directories.result().proposals, |left, right| (left, right));
        let Directories { mut left, mut right } = directories;
        let side = if on_the_left { &mut left } else { &mut right };
        let place = place.index(side.len() + 1);
        side.insert(place, stranger);
        let again = run(&left, &right).proposals;
        let is_stranger = |tie: &Proposal| place == if on_the_left { tie.left } else { tie.right };
        prop_assert!(!again.iter().any(is_stranger));
        let without = |number: usize| number - usize::from(number > place);
        let there = ties(again, |one, other| match on_the_left {
            true => (without(one), other),
            false => (one, without(other)),
        });
        check_nearly_same(&here, &there)?;
        check_nearly_same(&there, &here)?;
    }
}
