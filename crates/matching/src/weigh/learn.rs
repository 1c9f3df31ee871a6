//! Weights moved from expectations to the data at hand, without labels.
//!
//! Expectation-maximisation (Dempster, Laird and Rubin 1977) over the candidate pairs: the current
//! weights give each pair its probability to be a tie, one to one; those probabilities give new
//! chances `m`. The chances `u` come from random pairs. Both start from expectations that count
//! like a few dozen pairs, so that a directory of 20 people is judged by expectation and one of
//! 20,000 by itself.

use rustc_hash::FxHashSet;

use crate::compare::Comparer;
use crate::corpus::people::People;
use crate::parallel::in_parallel;
use crate::weigh::edges::{Edge, Graph, graph_of};
use crate::weigh::fields::{
    Chance, EMAIL, FAMILY, FIELDS, GIVEN, ID, LEVELS, PHONE, UNKNOWN, level, levels_of,
};
use crate::weigh::marginals::marginals;
use crate::weigh::model::{Model, prior_of};

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
    left: &People,
    right: &People,
) {
    let mut seen = [[0.0_f64; LEVELS]; FIELDS];
    for (one, other) in random_pairs(left.len(), right.len()) {
        let levels = comparer.compare(&left.get(one), &right.get(other)).levels;
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

/// All pairs where they are few, else pairs spread evenly over both sides: the same ones each time,
/// in no order of either side.
fn random_pairs(lefts: usize, rights: usize) -> impl Iterator<Item = (usize, usize)> {
    // Steps of the golden ratio visit all residues evenly (Weyl sequence).
    let step = |number: usize, count: usize, ratio: u64| {
        let turned = (number as u64).wrapping_mul(ratio) >> 32;
        usize::try_from((turned * count as u64) >> 32).unwrap_or(0)
    };
    let all = lefts.saturating_mul(rights);
    (0..all.min(SAMPLE)).map(move |number| {
        if all <= SAMPLE {
            return (number / rights, number % rights);
        }
        (
            step(number, lefts, 0x9E37_79B9_7F4A_7C15),
            step(number, rights, 0xD1B5_4A32_D192_ED03),
        )
    })
}

/// Edges from which more are not looked at for learning: the chances are known well enough.
const EDGES: usize = 60_000;

/// What the weights are learned from: all edges, or those of a fair share of the left records with
/// all that compete with them.
pub(crate) struct Lesson {
    edges: Vec<Edge>,
    graph: Graph,
    /// Whether an edge belongs to a record that was picked, and not only to a competitor.
    picked: Vec<bool>,
    /// Edges that are known to be ties.
    known: Vec<usize>,
    /// Left records for each that was picked.
    share: f64,
    sizes: [usize; 2],
    many_to_one: bool,
}

impl Lesson {
    pub(crate) fn of(
        edges: &[Edge],
        lefts: usize,
        rights: usize,
        taught: &FxHashSet<(u32, u32)>,
        many_to_one: bool,
    ) -> Self {
        let every = edges.len().div_ceil(EDGES).max(1);
        let is_picked = |edge: &Edge| spread(edge.left).is_multiple_of(every as u64);
        let picked = edges.iter().filter(|edge| is_picked(edge));
        let (mut left, mut right) = (Numbers::new(lefts), Numbers::new(rights));
        for edge in picked {
            right.take(edge.right);
        }
        let competing = edges.iter().filter(|edge| right.has(edge.right));
        let edges: Vec<Edge> = competing.copied().collect();
        let is_known = |edge: &Edge| taught.contains(&(edge.left, edge.right));
        let known = (0..edges.len())
            .filter(|place| !taught.is_empty() && is_known(&edges[*place]))
            .collect();
        let picked = edges.iter().map(is_picked).collect();
        // Numbered anew, so that the graph has no nodes but these.
        let renumbered = edges.into_iter().map(|edge| Edge {
            left: left.take(edge.left),
            right: right.take(edge.right),
            ..edge
        });
        let edges: Vec<Edge> = renumbered.collect();
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let share = every as f64;
        Self {
            graph: graph_of(&edges, left.count(), right.count()),
            picked,
            known,
            edges,
            share,
            sizes: [lefts, rights],
            many_to_one,
        }
    }

    /// Learns the chances `m` and the prior in some rounds.
    pub(crate) fn teach(&self, model: &mut Model, rounds: usize) {
        for _ in 0..rounds {
            let mut odds = log_odds(model, &self.edges);
            for &place in &self.known {
                odds[place] = KNOWN_BITS;
            }
            let probabilities = marginals(&self.graph, &odds, MESSAGES, self.many_to_one);
            let mut seen = [[0.0_f64; LEVELS]; FIELDS];
            let mut matches = 0.0;
            let judged = self.edges.iter().zip(&probabilities).zip(&self.picked);
            for ((edge, &probability), _) in judged.filter(|(_, picked)| **picked) {
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
                    model.m[field][place + 1] =
                        (seen[place + 1] + expected) / (known + EXPECTED_TIES);
                }
            }
            model.prior = prior_of(matches * self.share, self.sizes[0], self.sizes[1]);
            model.refresh();
        }
    }
}

/// Consecutive numbers for some of many records.
struct Numbers {
    by_record: Vec<u32>,
    next: u32,
}

impl Numbers {
    fn new(records: usize) -> Self {
        Self {
            by_record: vec![u32::MAX; records],
            next: 0,
        }
    }

    /// The number of a record, which gets the next one when it is new.
    fn take(&mut self, record: u32) -> u32 {
        let number = &mut self.by_record[record as usize];
        if *number == u32::MAX {
            *number = self.next;
            self.next += 1;
        }
        *number
    }

    fn has(&self, record: u32) -> bool {
        self.by_record[record as usize] != u32::MAX
    }

    fn count(&self) -> usize {
        self.next as usize
    }
}

/// Log2 odds of a pair that somebody has decided to be one human.
const KNOWN_BITS: f64 = 50.0;

/// Numbers in an order that has nothing to do with that of the records.
fn spread(number: u32) -> u64 {
    (u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) & 0xFFFF_FFFF
}

/// The log2 odds of every edge.
pub(crate) fn log_odds(model: &Model, edges: &[Edge]) -> Vec<f64> {
    in_parallel(edges.len(), |range, odds| {
        let each = edges[range].iter();
        odds.extend(each.map(|edge| model.log_odds(edge)));
    })
}
