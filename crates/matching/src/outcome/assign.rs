//! The best set of ties as a whole: each record in at most one, the sum of their weights largest.
//!
//! The graph of candidates falls into components that do not touch each other; in each, the
//! assignment is exact, by shortest augmenting paths with potentials (Jonker and Volgenant 1987)
//! on the sparse edges. Weights are whole numbers, so that the result does not depend on rounding.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::weigh::edges::{Edge, Graph};

/// Weight units per bit.
const SCALE: f64 = 65_536.0;

/// The chosen edge of each left node. An edge whose weight is not positive is never chosen.
///
/// Of several best assignments the one is taken that the order of left nodes and of edges finds
/// first.
pub(crate) fn assign(graph: &Graph, edges: &[Edge], bits: &[f64]) -> Vec<Option<u32>> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few thousand bits at most"
    )]
    let gains: Vec<i64> = bits
        .iter()
        .map(|bits| (bits * SCALE).round() as i64)
        .collect();
    let mut search = Search::new(graph, edges, &gains);
    for left in 0..graph.left.len() {
        search.place(left);
    }
    search.edge_of_left
}

/// Shortest augmenting paths. A left node may also stay alone, at cost 0; an edge costs its gain,
/// negated.
struct Search<'a> {
    graph: &'a Graph,
    edges: &'a [Edge],
    gains: &'a [i64],
    edge_of_left: Vec<Option<u32>>,
    edge_of_right: Vec<Option<u32>>,
    left_potential: Vec<i64>,
    right_potential: Vec<i64>,
    distance: Vec<i64>,
    arrived_by: Vec<u32>,
    touched: Vec<u32>,
    done: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, edges: &'a [Edge], gains: &'a [i64]) -> Self {
        let (lefts, rights) = (graph.left.len(), graph.right.len());
        // With these potentials no edge has a negative reduced cost.
        let left_potential = (0..lefts)
            .map(|left| {
                graph
                    .left
                    .of(left)
                    .iter()
                    .map(|&e| -gains[e as usize])
                    .min()
                    .unwrap_or(0)
                    .min(0)
            })
            .collect();
        Self {
            graph,
            edges,
            gains,
            edge_of_left: vec![None; lefts],
            edge_of_right: vec![None; rights],
            left_potential,
            right_potential: vec![0; rights],
            distance: vec![i64::MAX; rights],
            arrived_by: vec![u32::MAX; rights],
            touched: Vec::new(),
            done: vec![false; rights],
        }
    }

    /// Finds a place for one left node, moving others where that is better for the whole.
    fn place(&mut self, left: usize) {
        let mut heap = BinaryHeap::new();
        // The cheapest way to end: some left node on the path stays alone.
        let mut alone: (i64, Option<usize>) = (-self.left_potential[left], None);
        self.relax(left, 0, &mut heap);
        let mut free = None;
        while let Some(Reverse((distance, right))) = heap.pop() {
            if distance >= alone.0 {
                break;
            }
            let node = right as usize;
            if self.done[node] {
                continue;
            }
            self.done[node] = true;
            match self.edge_of_right[node] {
                None => {
                    free = Some((distance, node));
                    break;
                }
                Some(edge) => {
                    let owner = self.edges[edge as usize].left as usize;
                    let cost = distance - self.left_potential[owner];
                    if cost < alone.0 {
                        alone = (cost, Some(node));
                    }
                    self.relax(owner, distance, &mut heap);
                }
            }
        }
        let length = free.map_or(alone.0, |(distance, _)| distance);
        self.raise_potentials(left, length);
        match free {
            Some((_, right)) => self.augment(right),
            // The owner of this right node gives it up and stays alone.
            None => {
                if let Some(right) = alone.1 {
                    if let Some(edge) = self.edge_of_right[right] {
                        self.edge_of_left[self.edges[edge as usize].left as usize] = None;
                    }
                    self.augment(right);
                }
            }
        }
        for right in self.touched.drain(..) {
            self.distance[right as usize] = i64::MAX;
            self.done[right as usize] = false;
        }
    }

    fn relax(&mut self, left: usize, from: i64, heap: &mut BinaryHeap<Reverse<(i64, u32)>>) {
        for &edge in self.graph.left.of(left) {
            let gain = self.gains[edge as usize];
            if gain <= 0 || self.edge_of_left[left] == Some(edge) {
                continue;
            }
            let right = self.edges[edge as usize].right;
            let node = right as usize;
            let reduced = -gain - self.left_potential[left] - self.right_potential[node];
            let distance = from + reduced;
            if distance < self.distance[node] {
                if self.distance[node] == i64::MAX {
                    self.touched.push(right);
                }
                self.distance[node] = distance;
                self.arrived_by[node] = edge;
                heap.push(Reverse((distance, right)));
            }
        }
    }

    fn raise_potentials(&mut self, start: usize, length: i64) {
        self.left_potential[start] += length;
        for &right in &self.touched {
            let node = right as usize;
            if self.done[node] && self.distance[node] < length {
                let spare = length - self.distance[node];
                self.right_potential[node] -= spare;
                if let Some(edge) = self.edge_of_right[node] {
                    self.left_potential[self.edges[edge as usize].left as usize] += spare;
                }
            }
        }
    }

    /// Turns the path that leads to a right node: each left node on it takes the next right one.
    fn augment(&mut self, mut right: usize) {
        loop {
            let edge = self.arrived_by[right];
            let left = self.edges[edge as usize].left as usize;
            let before = self.edge_of_left[left].replace(edge);
            self.edge_of_right[right] = Some(edge);
            match before {
                Some(previous) => right = self.edges[previous as usize].right as usize,
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::weigh::edges::graph_of;
    use crate::weigh::fields::FIELDS;

    fn edge((left, right): (u32, u32)) -> Edge {
        Edge {
            left,
            right,
            levels: [0; FIELDS],
            rarity: 0.0,
            rare_fields: 0,
        }
    }

    fn total(ends: &[(u32, u32)], bits: &[f64]) -> f64 {
        let edges: Vec<Edge> = ends.iter().map(|ends| edge(*ends)).collect();
        let chosen = assign(&graph_of(&edges, 5, 5), &edges, bits);
        let mut taken = [false; 5];
        let mut sum = 0.0;
        for (left, edge) in chosen.iter().enumerate() {
            let Some(edge) = edge else { continue };
            let (from, to) = ends[*edge as usize];
            assert_eq!(from as usize, left);
            assert!(
                !std::mem::replace(&mut taken[to as usize], true),
                "right taken twice"
            );
            sum += bits[*edge as usize];
        }
        sum
    }

    fn best(ends: &[(u32, u32)], bits: &[f64], left: u32, taken: u32) -> f64 {
        if left == 5 {
            return 0.0;
        }
        let mut found = best(ends, bits, left + 1, taken);
        for (edge, &(from, to)) in ends.iter().enumerate() {
            if from == left && taken & (1 << to) == 0 {
                found = found.max(bits[edge] + best(ends, bits, left + 1, taken | (1 << to)));
            }
        }
        found
    }

    #[test]
    fn the_whole_is_best_and_not_the_first_hit() {
        // Left 0 would take right 0, but left 1 has nobody else.
        let sum = total(&[(0, 0), (0, 1), (1, 0)], &[5.0, 4.0, 4.0]);
        assert!((sum - 8.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn no_other_assignment_weighs_more(
            edges in proptest::collection::btree_map((0_u32..5, 0_u32..5), -3_i32..20, 0..25)
        ) {
            let ends: Vec<(u32, u32)> = edges.keys().copied().collect();
            let bits: Vec<f64> = edges.values().map(|gain| f64::from(*gain)).collect();
            let exact = best(&ends, &bits, 0, 0);
            prop_assert!((total(&ends, &bits) - exact).abs() < 1e-6);
        }
    }
}
