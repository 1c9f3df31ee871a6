//! Who needs no further look: pairs that strong keys make certain, and deactivated records whose
//! place an active one takes.

use crate::corpus::people::People;
use crate::parallel::each_in_parallel;
use crate::weigh::edges::{Edge, Graph, Incidence};
use crate::weigh::fields::{FAMILY, GIVEN, ID, STATUS, key_level, name_level, status_level};
use crate::weigh::learn::log_odds;
use crate::weigh::model::Model;

/// Log2 odds from which a pair that shares strong keys is settled: one in a thousand is wrong by
/// itself.
const SETTLED_BITS: f64 = 10.0;

/// The same before anything was learned, and by how much the pair must be better than any other.
const CLEAR_BITS: f64 = 14.0;
const CLEAR_MARGIN: f64 = 10.0;

/// Log2 odds from which two records seem to be one human whatever the competition.
const SAME_HUMAN_BITS: f64 = 5.0;

/// Whether one candidate of a record is so good that those who share no identifier with it need no
/// look.
#[derive(Debug, Default)]
pub(crate) struct Clear {
    best: f64,
    second: f64,
    suspicious: bool,
}

impl Clear {
    /// Takes note of a candidate.
    pub(crate) fn see(&mut self, edge: &Edge, odds: f64) {
        if odds > self.best {
            self.second = self.best;
            self.best = odds;
            self.suspicious = is_suspicious(edge);
        } else {
            self.second = self.second.max(odds);
        }
    }

    pub(crate) fn is_found(&self) -> bool {
        !self.suspicious && self.best >= CLEAR_BITS && self.best - self.second >= CLEAR_MARGIN
    }
}

/// Whether something about a pair is odd, however likely it is.
fn is_suspicious(edge: &Edge) -> bool {
    [edge.levels[GIVEN], edge.levels[FAMILY]].contains(&name_level::DIFFERENT)
        || edge.levels[ID] == key_level::HANDED_ON
        || edge.levels[STATUS] != status_level::SAME
}

/// By how much an active record may be worse than the deactivated one that yields to it.
const HEIR_MARGIN: f64 = 25.0;

/// Records that weak keys need not look at.
pub(crate) struct Settled {
    left: Vec<bool>,
    right: Vec<bool>,
}

impl Settled {
    /// Nobody is settled.
    pub(crate) fn nobody() -> Self {
        Self {
            left: Vec::new(),
            right: Vec::new(),
        }
    }

    pub(crate) fn left(&self, number: usize) -> bool {
        self.left.get(number).is_some_and(|settled| *settled)
    }

    pub(crate) fn right(&self, number: usize) -> bool {
        self.right.get(number).is_some_and(|settled| *settled)
    }
}

/// Records whose best pair is so likely that what shares only weak keys with them could not be
/// better.
pub(crate) fn settle(model: &Model, edges: &[Edge], lefts: usize, rights: usize) -> Settled {
    let mut settled = Settled {
        left: vec![false; lefts],
        right: vec![false; rights],
    };
    for edge in edges.iter().filter(|edge| !is_suspicious(edge)) {
        if model.log_odds(edge) >= SETTLED_BITS {
            settled.left[edge.left as usize] = true;
            settled.right[edge.right as usize] = true;
        }
    }
    settled
}

/// The odds of the best and the second edge of every node.
fn best_two(nodes: &Incidence, odds: &[f64]) -> Vec<[f64; 2]> {
    (0..nodes.len())
        .map(|node| {
            let mut found = [f64::NEG_INFINITY; 2];
            for &edge in nodes.of(node) {
                let odds = odds[edge as usize];
                if odds > found[0] {
                    found = [odds, found[0]];
                } else if odds > found[1] {
                    found[1] = odds;
                }
            }
            found
        })
        .collect()
}

/// Marks deactivated records whose place an active one of what seems the same human takes: the
/// active one is likely by itself, suits nobody better, has a name that may be the same, and is not
/// much worse than the record that it replaces.
pub(crate) fn yield_to_active(
    model: &Model,
    graph: &Graph,
    edges: &mut [Edge],
    lefts: &People,
    rights: &People,
) {
    let odds = log_odds(model, edges);
    let (of_left, of_right) = (best_two(&graph.left, &odds), best_two(&graph.right, &odds));
    let is_heir = |heir: u32, best: f64, of: u32| {
        let (own, replaced) = (odds[heir as usize], odds[of as usize]);
        let levels = &edges[heir as usize].levels;
        let may_be_same = [GIVEN, FAMILY]
            .into_iter()
            .all(|part| levels[part] != name_level::DIFFERENT);
        own >= SAME_HUMAN_BITS && own >= best && own >= replaced - HEIR_MARGIN && may_be_same
    };
    let of_side = |side: usize| -> Vec<u32> {
        let (nodes, people, best) = if side == 0 {
            (&graph.left, rights, &of_right)
        } else {
            (&graph.right, lefts, &of_left)
        };
        let other = |edge: u32| {
            let edge = &edges[edge as usize];
            (if side == 0 { edge.right } else { edge.left }) as usize
        };
        let is_inactive = |edge: u32| people.get(other(edge)).inactive;
        let yields = |of: &[u32], edge: u32| {
            let mut active = of.iter().copied().filter(|heir| !is_inactive(*heir));
            is_inactive(edge) && active.any(|heir| is_heir(heir, best[other(heir)][0], edge))
        };
        let several = (0..nodes.len())
            .map(|node| nodes.of(node))
            .filter(|of| of.len() > 1);
        several
            .flat_map(|of| of.iter().copied().filter(move |edge| yields(of, *edge)))
            .collect()
    };
    let superseded = each_in_parallel(2, of_side).concat();
    for edge in superseded {
        edges[edge as usize].levels[STATUS] = status_level::SUPERSEDED;
    }
}
