//! What holds for the outcome of any match.

use std::collections::HashSet;

use counterpart_matching::{
    Decision, Evidence, Index, MatchResult, Options, Proposal, RunnerUp, Side, match_records,
    match_sides,
};
use proptest::prelude::*;

use crate::sides::{crowded_side, directories, run, with_view};

/// What rounding each piece of evidence to a hundredth, and leaving out those below 0.05 bits, may
/// add up to over all fields.
const ROUNDING: f64 = 0.5;

fn bits_of(prior: f64, evidence: &[Evidence]) -> f64 {
    prior + evidence.iter().map(|step| step.bits).sum::<f64>()
}

/// Probability of a pair without competitors.
fn alone(bits: f64) -> f64 {
    bits.exp2() / (1.0 + bits.exp2())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ties_are_one_to_one_in_order_and_complete(left in crowded_side(), right in crowded_side()) {
        let result = run(&left, &right);
        let mut rights = HashSet::new();
        let mut lefts: Vec<usize> = Vec::new();
        for proposal in &result.proposals {
            prop_assert!(rights.insert(proposal.right));
            lefts.push(proposal.left);
            prop_assert!((0.0..=1.0).contains(&proposal.score));
        }
        prop_assert!(lefts.is_sorted_by(|one, other| one < other));
        lefts.extend(result.unmatched.iter().map(|(left, _)| *left));
        lefts.sort_unstable();
        prop_assert_eq!(lefts, (0..left.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_input_gives_the_same_result(left in crowded_side(), right in crowded_side()) {
        prop_assert_eq!(run(&left, &right), run(&left, &right));
    }

    #[test]
    fn an_ambiguous_tie_is_never_automatic_whatever_the_threshold(
        left in crowded_side(), right in crowded_side(), least in 0.1_f64..0.99
    ) {
        let options = Options { auto_threshold: least, ..Options::default() };
        for proposal in match_records(&left, &right, &options).proposals {
            if proposal.ambiguous || proposal.score < least {
                prop_assert_eq!(proposal.decision, Decision::Review);
            }
            prop_assert_eq!(proposal.decision == Decision::Review, proposal.caution.is_some());
        }
    }

    #[test]
    fn a_twin_of_the_right_record_makes_its_tie_a_question(
        left in crowded_side(), right in crowded_side(), which in any::<prop::sample::Index>()
    ) {
        let result = run(&left, &right);
        if result.proposals.is_empty() {
            return Ok(());
        }
        let tie = which.get(&result.proposals);
        let mut twins = right.clone();
        twins.push(right[tie.right].clone());
        let again = run(&left, &twins);
        let found = again.proposals.iter().find(|proposal| proposal.left == tie.left);
        if let Some(found) = found.filter(|found| [tie.right, right.len()].contains(&found.right)) {
            // Two lefts of one human may take the twins; one alone must not do so by itself.
            let other = again.proposals.iter().any(|proposal| {
                proposal.left != tie.left && [tie.right, right.len()].contains(&proposal.right)
            });
            prop_assert!(other || found.decision == Decision::Review);
        }
    }

    #[test]
    fn reasons_and_prior_sum_to_the_odds_of_the_pair(directories in directories(1..40)) {
        for proposal in directories.result().proposals {
            let bits = bits_of(proposal.prior_bits, &proposal.evidence);
            let seconds = [&proposal.runner_up, &proposal.rival];
            // Nobody competes: the score is what the reasons say.
            if seconds.iter().all(|second| second.is_none()) {
                let [least, most] = [bits - ROUNDING, bits + ROUNDING].map(alone);
                prop_assert!(
                    (least..=most).contains(&proposal.score),
                    "{least} {most} {proposal:?}"
                );
            }
            // Competition takes something away, and adds nothing.
            prop_assert!(proposal.score <= alone(bits + ROUNDING) + 1e-9, "{proposal:?}");
            let sorted = proposal.evidence.iter().map(|step| step.bits.abs());
            prop_assert!(sorted.is_sorted_by(|one, other| one >= other));
        }
    }

    #[test]
    fn a_runner_up_shows_what_it_would_be_worth_instead(directories in directories(1..40)) {
        for Proposal { left, right, prior_bits, runner_up, rival, .. } in
            directories.result().proposals
        {
            let is_sound = |second: &RunnerUp| {
                second.score <= alone(bits_of(prior_bits, &second.evidence) + ROUNDING) + 1e-9
            };
            prop_assert!(runner_up.iter().all(|second| second.index != right && is_sound(second)));
            prop_assert!(rival.iter().all(|second| second.index != left && is_sound(second)));
        }
    }

    #[test]
    fn records_pushed_one_by_one_match_as_those_given_at_once(directories in directories(1..40)) {
        let pushed = [&directories.left, &directories.right].map(|records| {
            let mut side = Side::new(Vec::new());
            for record in records {
                with_view(record, |view| side.push(view));
            }
            side
        });
        let [left, right] = pushed;
        let matches = match_sides(left, right, &Options::default());
        prop_assert_eq!(directories.result(), matches.into_result());
    }

    #[test]
    fn reasons_are_the_same_whoever_tells_them(directories in directories(1..40)) {
        let [left, right] = [&directories.left, &directories.right].map(|side| Side::of(side));
        let matches = match_sides(left, right, &Options::default());
        let explainer = matches.explainer();
        let result = MatchResult {
            proposals: (0..matches.ties().len()).map(|place| matches.proposal(place)).collect(),
            unmatched: matches
                .unmatched()
                .iter()
                .filter_map(|&left| Some((left as usize, matches.why_unmatched(left as usize)?)))
                .collect(),
        };
        for (place, (tie, proposal)) in matches.ties().iter().zip(&result.proposals).enumerate() {
            prop_assert_eq!(&explainer.proposal(place), proposal);
            prop_assert_eq!(
                (tie.left as usize, tie.right as usize, tie.decision, tie.caution, tie.ambiguous),
                (
                    proposal.left,
                    proposal.right,
                    proposal.decision,
                    proposal.caution,
                    proposal.ambiguous,
                )
            );
        }
        for (left, why) in &result.unmatched {
            prop_assert_eq!(explainer.why_unmatched(*left), Some(why.clone()));
        }
        prop_assert_eq!(&directories.result(), &result);
    }

    #[test]
    fn the_index_has_the_tie_that_is_beyond_doubt_first(directories in directories(1..40)) {
        let index = Index::new(&directories.right);
        let result = directories.result();
        for proposal in &result.proposals {
            if proposal.decision == Decision::Auto {
                let found = index.candidates(&directories.left[proposal.left], 5);
                let best = found.first().map(|best| best.index);
                // Somebody better may be tied elsewhere, which the index cannot know.
                let elsewhere = result.proposals.iter().any(|other| Some(other.right) == best);
                prop_assert!(
                    best == Some(proposal.right) || elsewhere,
                    "{best:?} {proposal:?}"
                );
                prop_assert!(found.iter().any(|choice| choice.index == proposal.right));
            }
        }
    }
}
