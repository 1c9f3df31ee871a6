//! Weights moved from expectations to the data at hand, without labels.
//!
//! Expectation-maximisation (Dempster, Laird and Rubin 1977) over the candidate pairs: the current
//! weights give each pair its probability to be a tie, one to one; those probabilities give new
//! chances `m`. The chances `u` come from random pairs. Both start from expectations that count
//! like a few dozen pairs, so that a directory of 20 people is judged by expectation and one of
//! 20,000 by itself.

use crate::compare::Comparer;
use crate::corpus::Person;
use crate::edges::{Edge, Graph};
use crate::fields::{
    Chance, EMAIL, FAMILY, FIELDS, GIVEN, ID, LEVELS, PHONE, UNKNOWN, level, levels_of,
};
use crate::marginals::marginals;
use crate::model::{Model, prior_of};

/// Rounds of expectation and maximisation from expectations to the data.
pub(crate) const ROUNDS: usize = 5;

/// Rounds after a small change.
pub(crate) const FEW_ROUNDS: usize = 2;

/// Rounds of messages while learning, where a hundredth more or less does not matter.
const MESSAGES: usize = 5;

/// Pairs that the expectation of `m` counts for.
const EXPECTED_TIES: f64 = 25.0;

/// Pairs that the expectation of `u` counts for.
const EXPECTED_STRANGERS: f64 = 300.0;

/// Random pairs that are looked at.
const SAMPLE: usize = 40_000;

/// The chances `u` from random pairs.
pub(crate) fn learn_strangers(
    model: &mut Model,
    comparer: &Comparer<'_>,
    left: &[Person],
    right: &[Person],
) {
    let mut seen = [[0.0_f64; LEVELS]; FIELDS];
    for (one, other) in random_pairs(left.len(), right.len()) {
        let levels = comparer.compare(&left[one], &right[other]).levels;
        // A random pair that shares a key or both names is probably a tie.
        let same = |field: usize| levels[field] == level::SAME;
        if same(EMAIL) || same(PHONE) || same(ID) || (same(GIVEN) && same(FAMILY)) {
            continue;
        }
        for (field, &level) in levels.iter().enumerate() {
            seen[field][usize::from(level)] += 1.0;
        }
    }
    for (field, seen) in seen.iter().enumerate() {
        let known: f64 = seen[1..].iter().sum();
        for (place, spec) in levels_of(field).iter().enumerate() {
            if spec.chance == Chance::Learned {
                let expected = EXPECTED_STRANGERS * spec.u;
                model.u[field][place + 1] =
                    (seen[place + 1] + expected) / (known + EXPECTED_STRANGERS);
            }
        }
    }
    model.refresh();
}

/// Pairs spread evenly over both sides: the same ones each time, in no order of either side.
fn random_pairs(lefts: usize, rights: usize) -> impl Iterator<Item = (usize, usize)> {
    // Steps of the golden ratio visit all residues evenly (Weyl sequence).
    let step = |number: usize, count: usize, ratio: u64| {
        let turned = (number as u64).wrapping_mul(ratio) >> 32;
        usize::try_from((turned * count as u64) >> 32).unwrap_or(0)
    };
    let count = if lefts == 0 || rights == 0 {
        0
    } else {
        SAMPLE.min(lefts * rights)
    };
    (0..count).map(move |number| {
        (
            step(number, lefts, 0x9E37_79B9_7F4A_7C15),
            step(number, rights, 0xD1B5_4A32_D192_ED03),
        )
    })
}

/// The chances `m` and the prior, from the candidate pairs, in some rounds. Returns the probabilities
/// of the last one.
pub(crate) fn learn_ties(
    model: &mut Model,
    graph: &Graph,
    edges: &[Edge],
    rounds: usize,
) -> Vec<f64> {
    let (lefts, rights) = (graph.left.len(), graph.right.len());
    let mut probabilities = Vec::new();
    for _ in 0..rounds {
        probabilities = marginals(graph, &log_odds(model, edges), MESSAGES);
        let mut seen = [[0.0_f64; LEVELS]; FIELDS];
        let mut matches = 0.0;
        for (edge, &probability) in edges.iter().zip(&probabilities) {
            matches += probability;
            if probability > 0.01 {
                for (field, &level) in edge.levels.iter().enumerate() {
                    seen[field][usize::from(level)] += probability;
                }
            }
        }
        for (field, seen) in seen.iter().enumerate() {
            let known: f64 = seen[usize::from(UNKNOWN) + 1..].iter().sum();
            for (place, spec) in levels_of(field).iter().enumerate() {
                let expected = EXPECTED_TIES * spec.m;
                model.m[field][place + 1] = (seen[place + 1] + expected) / (known + EXPECTED_TIES);
            }
        }
        model.prior = prior_of(matches, lefts, rights);
        model.refresh();
    }
    probabilities
}

/// The log2 odds of every edge.
pub(crate) fn log_odds(model: &Model, edges: &[Edge]) -> Vec<f64> {
    edges
        .iter()
        .map(|edge| model.bits(&edge.levels, edge.rarity) + model.prior)
        .collect()
}
