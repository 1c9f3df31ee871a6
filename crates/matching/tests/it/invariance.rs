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

/// The same decision and nearly the same score in `other` for all of `one`, but for draws: who gets
/// which of several that fit equally well, only the order can decide.
fn check_same(one: &Ties, other: &Ties) -> Result<(), TestCaseError> {
    for (ends, tie) in one {
        let Some(found) = other.get(ends) else {
            let may_be_drawn = tie.ambiguous || tie.score <= 0.5;
            prop_assert!(
                may_be_drawn && tie.decision == Decision::Review,
                "{ends:?} {tie:?}"
            );
            continue;
        };
        let near = (found.score - tie.score).abs() < NOISE;
        prop_assert!(near && found.decision == tie.decision, "{tie:?} {found:?}");
    }
    Ok(())
}

/// Whether a score stands so near a threshold that a small move takes it across.
fn is_at(threshold: f64, score: f64) -> bool {
    (log_odds(score) - log_odds(threshold)).abs() <= SHIFT
}

/// The same decision and nearly the same odds in `other` for all of `one`, unless it stood on a
/// threshold or was a draw.
fn check_nearly_same(one: &Ties, other: &Ties) -> Result<(), TestCaseError> {
    let thresholds = Options::default();
    for (ends, tie) in one {
        let Some(found) = other.get(ends) else {
            let may_go = tie.ambiguous || is_at(thresholds.review_threshold, tie.score);
            prop_assert!(
                may_go && tie.decision == Decision::Review,
                "{ends:?} {tie:?}"
            );
            continue;
        };
        let moved = (log_odds(found.score) - log_odds(tie.score)).abs();
        let same = found.decision == tie.decision || is_at(thresholds.auto_threshold, tie.score);
        prop_assert!(moved <= SHIFT && same, "{moved} {tie:?} {found:?}");
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

    // Among active records: a deactivated one yields to an active one of the same human from a
    // threshold on, which such a move can cross.
    #[test]
    fn an_unrelated_person_changes_nobodys_tie(
        directories in directories(12..40),
        stranger in stranger(),
        on_the_left in any::<bool>(),
        place in any::<prop::sample::Index>(),
    ) {
        let directories = directories.all_active();
        let here = ties(directories.result().proposals, |left, right| (left, right));
        let Directories { mut left, mut right } = directories;
        let side = if on_the_left { &mut left } else { &mut right };
        let place = place.index(side.len() + 1);
        side.insert(place, stranger);
        let again = run(&left, &right).proposals;
        let is_stranger = |tie: &Proposal| place == if on_the_left { tie.left } else { tie.right };
        prop_assert!(!again.iter().any(is_stranger));
        let without = |number: usize| number - usize::from(number > place);
        let there = ties(again, |one, other| {
            if on_the_left { (without(one), other) } else { (one, without(other)) }
        });
        check_nearly_same(&here, &there)?;
        check_nearly_same(&there, &here)?;
    }
}
