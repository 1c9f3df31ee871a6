//! From weights to probabilities, with the knowledge that ties are one to one.
//!
//! A pair's odds alone overstate it: of two equally good candidates at most one is right. The
//! probability of a tie is its share in all one-to-one matchings, each weighed by the product of
//! its odds. That sum cannot be computed exactly in reasonable time, but belief propagation on
//! the sparse graph of candidates is exact on trees and very close elsewhere (Bayati, Gamarnik,
//! Katz, Nair and Tetali 2007, for this "monomer-dimer" model). So a candidate who is certainly
//! somebody else's stops competing, and two namesakes without anything else share one half each.

use crate::weigh::edges::{Graph, Incidence};

/// Most rounds of messages.
pub(crate) const ROUNDS: usize = 14;

/// Messages that change by less are taken for settled.
const SETTLED: f64 = 1e-5;

/// Odds beyond this add nothing but numerical noise.
const MOST_BITS: f64 = 60.0;

/// The probability of each edge to be a tie, from its log2 odds, after some rounds of messages.
/// With `many_to_one` the left records of one right one do not compete.
pub(crate) fn marginals(
    graph: &Graph,
    log_odds: &[f64],
    rounds: usize,
    many_to_one: bool,
) -> Vec<f64> {
    let odds: Vec<f64> = log_odds
        .iter()
        .map(|bits| bits.clamp(-MOST_BITS, MOST_BITS).exp2())
        .collect();
    let mut from_left = vec![1.0_f64; odds.len()];
    let mut from_right = vec![1.0_f64; odds.len()];
    let mut scratch = Vec::new();
    let busy = [busy_nodes(&graph.left), busy_nodes(&graph.right)];
    for _ in 0..rounds {
        let mut change = send(
            &graph.left,
            &busy[0],
            &odds,
            &from_right,
            &mut from_left,
            &mut scratch,
        );
        if many_to_one {
            break;
        }
        change = change.max(send(
            &graph.right,
            &busy[1],
            &odds,
            &from_left,
            &mut from_right,
            &mut scratch,
        ));
        if change < SETTLED {
            break;
        }
    }
    odds.iter()
        .zip(from_left.iter().zip(&from_right))
        .map(|(odds, (left, right))| {
            let together = odds * left * right;
            together / (1.0 + together)
        })
        .collect()
}

/// The nodes with several edges: the others have nothing to tell.
fn busy_nodes(nodes: &Incidence) -> Vec<u32> {
    (0_u32..)
        .zip(0..nodes.len())
        .filter(|(_, node)| nodes.of(*node).len() > 1)
        .map(|(node, _)| node)
        .collect()
}

/// Each node tells each of its edges how free it is with regard to its other edges. Returns the
/// greatest change.
fn send(
    nodes: &Incidence,
    busy: &[u32],
    odds: &[f64],
    incoming: &[f64],
    outgoing: &mut [f64],
    behind: &mut Vec<f64>,
) -> f64 {
    let mut change = 0.0_f64;
    for &node in busy {
        let edges = nodes.of(node as usize);
        // Sums before and behind each edge: taking one odds off the total would lose all digits
        // of the others when it is a million times larger.
        behind.clear();
        behind.resize(edges.len() + 1, 0.0);
        for place in (0..edges.len()).rev() {
            let edge = edges[place] as usize;
            behind[place] = behind[place + 1] + odds[edge] * incoming[edge];
        }
        let mut before = 0.0;
        for (place, &edge) in edges.iter().enumerate() {
            let edge = edge as usize;
            let own = odds[edge] * incoming[edge];
            let free = 1.0 / (1.0 + before + behind[place + 1]);
            change = change.max((free - outgoing[edge]).abs());
            outgoing[edge] = free;
            before += own;
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(ends: &[(u32, u32)]) -> Graph {
        Graph {
            left: Incidence::new(ends.iter().map(|ends| ends.0), 3),
            right: Incidence::new(ends.iter().map(|ends| ends.1), 3),
        }
    }

    fn probabilities(ends: &[(u32, u32)], log_odds: &[f64]) -> Vec<f64> {
        marginals(&graph(ends), log_odds, ROUNDS, false)
    }

    #[test]
    fn a_pair_alone_has_its_odds() {
        let found = probabilities(&[(0, 0)], &[2.0]);
        assert!((found[0] - 0.8).abs() < 1e-9);
    }

    #[test]
    fn two_equal_candidates_share_one_half_each() {
        let found = probabilities(&[(0, 0), (0, 1)], &[20.0, 20.0]);
        assert!((found[0] - 0.5).abs() < 1e-4 && (found[1] - 0.5).abs() < 1e-4);
    }

    #[test]
    fn a_candidate_who_is_certainly_anothers_does_not_compete() {
        // Left 1 is certainly right 1, so left 0 is right 0 although both look alike to it.
        let found = probabilities(&[(0, 0), (0, 1), (1, 1)], &[10.0, 10.0, 40.0]);
        assert!(
            found[0] > 0.99 && found[1] < 0.01 && found[2] > 0.99,
            "{found:?}"
        );
    }
}
