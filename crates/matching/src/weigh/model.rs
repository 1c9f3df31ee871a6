//! The weights: what each level of agreement is worth, in bits.

use crate::compare::Comparison;
use crate::weigh::edges::Edge;
use crate::weigh::fields::{Chance, FIELDS, LEVELS, TEXT, UNKNOWN, levels_of};

/// Chances per field and level, and the weights that follow from them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    /// Chance of a level for two records of one human. Index 0 (unknown) is unused.
    pub(crate) m: [[f64; LEVELS]; FIELDS],
    /// The same for two records of different humans.
    pub(crate) u: [[f64; LEVELS]; FIELDS],
    weights: [[f32; LEVELS]; FIELDS],
    /// How many fields there are: those behind are unknown in every comparison.
    fields: usize,
    /// Log2 odds that two records picked at random are one human, given that either may be alone:
    /// what a pair's weight is added to.
    pub(crate) prior: f64,
}

impl Model {
    /// The model before any data, for so many text columns: the expectations of
    /// [`fields`](crate::weigh::fields).
    pub(crate) fn expected(prior: f64, columns: usize) -> Self {
        let mut model = Self {
            m: [[0.0; LEVELS]; FIELDS],
            u: [[1.0; LEVELS]; FIELDS],
            weights: [[0.0; LEVELS]; FIELDS],
            fields: TEXT + columns,
            prior,
        };
        for field in 0..FIELDS {
            for (place, level) in levels_of(field).iter().enumerate() {
                model.m[field][place + 1] = level.m;
                model.u[field][place + 1] = level.u;
            }
        }
        model.refresh();
        model
    }

    /// Computes the weights anew after `m` or `u` changed.
    pub(crate) fn refresh(&mut self) {
        for field in 0..FIELDS {
            for (place, level) in levels_of(field).iter().enumerate() {
                let place = place + 1;
                let u = if level.chance == Chance::Frequency {
                    1.0
                } else {
                    self.u[field][place]
                };
                #[expect(clippy::cast_possible_truncation, reason = "bits, to a hundredth")]
                let weight = (self.m[field][place] / u).log2() as f32;
                self.weights[field][place] = weight;
            }
        }
    }

    /// The fields, as a set of bits, in which being equal is likely enough for one human that a rare
    /// agreement outweighs it.
    pub(crate) fn likely_fields(&self) -> u32 {
        (0..FIELDS)
            .filter(|field| levels_of(*field)[0].chance == Chance::Frequency)
            .filter(|field| self.m[*field][1] >= LEAST_LIKELY)
            .fold(0, |set, field| set | 1 << field)
    }

    /// Bits of one field: the level's weight and what its rarity adds.
    pub(crate) fn field_bits(&self, comparison: &Comparison, field: usize) -> f64 {
        let level = comparison.levels[field];
        if level == UNKNOWN {
            return 0.0;
        }
        f64::from(self.weights[field][usize::from(level)] + comparison.rarity[field])
    }

    /// Log2 odds of a pair by itself, whoever else competes.
    pub(crate) fn log_odds(&self, edge: &Edge) -> f64 {
        self.bits(&edge.levels, edge.rarity) + self.prior
    }

    /// Bits of all fields together, without the prior.
    pub(crate) fn bits(&self, levels: &[u8; FIELDS], rarity: f32) -> f64 {
        let learned: f32 = levels[..self.fields]
            .iter()
            .zip(&self.weights)
            .map(|(level, weights)| weights[usize::from(*level)])
            .sum();
        f64::from(learned + rarity)
    }
}

/// Chance of being equal from which four bits of rarity leave two.
const LEAST_LIKELY: f64 = 0.25;

/// Shares of the smaller side that may be taken to have a counterpart. Were nearly all taken to have
/// one, the last two records left over would be tied for want of anybody else.
const LEAST_COVERAGE: f64 = 0.02;
const MOST_COVERAGE: f64 = 0.95;

/// Records of the smaller side that are taken to be alone in any case.
const ALONE: f64 = 2.0;

/// Log2 odds of a random pair, when `matches` of the `left` × `right` pairs are one human.
pub(crate) fn prior_of(matches: f64, left: usize, right: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "record counts stay far below 2^52"
    )]
    let (left, right) = (left as f64, right as f64);
    let smaller = left.min(right);
    let most = MOST_COVERAGE * smaller - ALONE;
    let matches = matches.min(most).max(LEAST_COVERAGE * smaller).max(1e-3);
    (matches / ((left - matches + 0.5) * (right - matches + 0.5))).log2()
}
