//! The candidate pairs with their comparison, and who competes with whom.

use crate::compare::Comparison;
use crate::weigh::fields::FIELDS;

/// One compared pair.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) levels: [u8; FIELDS],
    pub(crate) rarity: f32,
    /// [`Comparison::rare_fields`].
    pub(crate) rare_fields: u32,
}

impl Edge {
    pub(crate) fn new(left: u32, right: u32, comparison: &Comparison) -> Self {
        Self {
            left,
            right,
            levels: comparison.levels,
            rarity: comparison.total_rarity(),
            rare_fields: comparison.rare_fields(),
        }
    }
}

/// The graph of some edges.
pub(crate) fn graph_of(edges: &[Edge], lefts: usize, rights: usize) -> Graph {
    Graph {
        left: Incidence::new(edges.iter().map(|edge| edge.left), lefts),
        right: Incidence::new(edges.iter().map(|edge| edge.right), rights),
    }
}

/// Two lists of edges, both in the order of their ends, as one in that order; of edges in both the
/// first list's.
pub(crate) fn merged(one: Vec<Edge>, other: Vec<Edge>) -> Vec<Edge> {
    if other.is_empty() {
        return one;
    }
    let mut all = Vec::with_capacity(one.len() + other.len());
    let ends = |edge: &Edge| (edge.left, edge.right);
    let mut rest = other.into_iter().peekable();
    for edge in one {
        while let Some(before) = rest.next_if(|next| ends(next) < ends(&edge)) {
            all.push(before);
        }
        rest.next_if(|next| ends(next) == ends(&edge));
        all.push(edge);
    }
    all.extend(rest);
    all
}

/// Which edges touch each node of the two sides, in order.
#[derive(Debug)]
pub(crate) struct Incidence {
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Incidence {
    /// Groups `nodes[edge]` by node, of which there are `count`.
    pub(crate) fn new(nodes: impl Iterator<Item = u32> + Clone, count: usize) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for node in nodes.clone() {
            starts[node as usize + 1] += 1;
        }
        for node in 0..count {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut edges = vec![0_u32; starts[count] as usize];
        for (edge, node) in (0_u32..).zip(nodes) {
            let place = &mut next[node as usize];
            edges[*place as usize] = edge;
            *place += 1;
        }
        Self { starts, edges }
    }

    /// Number of nodes.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The edges of a node.
    pub(crate) fn of(&self, node: usize) -> &[u32] {
        &self.edges[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// Both sides' incidence over one list of edges.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) left: Incidence,
    pub(crate) right: Incidence,
}
