//! A match that is kept, to be decided anew where something changed.
//!
//! What is costly about a match is finding and comparing candidates, and learning what agreement is
//! worth. Neither changes when a pair is tied or freed: only who is in whose way does. A board
//! keeps the compared pairs with their weights, and decides those again whom a change concerns.

mod changed;

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::block::Blocks;
use crate::compare::rules::{Rules, teach_aliases};
use crate::compare::{Comparer, DomainPairs, Measures, Memory};
use crate::corpus::Corpus;
use crate::corpus::join::join;
use crate::corpus::people::People;
use crate::engine::{evaluate, least_bits, pairs};
use crate::intake::side::Side;
use crate::outcome::decide::Decider;
use crate::outcome::matches::{Evaluated, Weighed, is_free, own_domains, places_of};
use crate::outcome::proposal::{MatchResult, Unmatched};
use crate::record::{Options, Record};
use crate::weigh::edges::{Edge, Graph, graph_of};
use crate::weigh::model::Model;

/// Log2 odds above which a pair carries a change from one record to the next: what is less likely
/// moves nobody's odds by more than a hundredth of a bit.
const REACH_BITS: f64 = -7.0;

/// Left records that are decided again at most; a change reaches no farther.
const MOST: usize = 256;

/// Two sides that were matched, to be decided again in part.
///
/// The weights are those that the whole match learned. A pair that is tied or freed afterwards
/// teaches nothing until the next one.
#[derive(Debug)]
pub struct Board {
    corpus: Corpus<'static>,
    measures: Measures,
    rules: Rules,
    lefts: People,
    rights: People,
    places: [Vec<u32>; 2],
    paired_domains: DomainPairs,
    model: Model,
    /// In the order of their ends, those of who is tied already included.
    edges: Vec<Edge>,
    graph: Graph,
    /// Pairs that were ruled out before they were compared, by place.
    ruled_out: FxHashSet<(u32, u32)>,
    /// The right side by key, for records that are put on the board.
    keys: OnceLock<Blocks>,
    /// Left records that were put on the board, with their edges.
    further: Vec<Record>,
    further_edges: Vec<Edge>,
    /// Left records that were taken off the board, by place.
    left_out: FxHashSet<u32>,
}

/// Records that are tied and are not in question: no change passes through them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tied {
    /// Left records.
    pub left: HashSet<usize>,
    /// Right records.
    pub right: HashSet<usize>,
}

/// Whom a change of some records concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Left records whose outcome may be another, in order.
    pub left: Vec<usize>,
    /// Right records that may be theirs, in order.
    pub right: Vec<usize>,
    /// Whether it is everybody concerned: `false` when the change reaches farther than a board
    /// looks.
    pub whole: bool,
}

impl Board {
    /// Matches two sides and keeps what was found.
    pub fn new(left: Side, right: Side, options: &Options) -> Self {
        let (mut corpus, lefts, rights) = join(left, right);
        let rules = Rules::of(options, &corpus);
        teach_aliases(options, &mut corpus);
        let measures = Measures::of(&corpus);
        let Evaluated {
            rules,
            paired_domains,
            model,
            edges,
        } = evaluate(&corpus, &measures, rules, [&lefts, &rights], options);
        let places = [lefts.places(), rights.places()];
        Self {
            graph: graph_of(&edges, lefts.len(), rights.len()),
            ruled_out: pairs(&options.labels, false, &places),
            corpus,
            measures,
            rules,
            lefts,
            rights,
            places,
            paired_domains,
            model,
            edges,
            keys: OnceLock::new(),
            further: Vec::new(),
            further_edges: Vec::new(),
            left_out: FxHashSet::default(),
        }
    }

    /// How many left records it has had, those that were put on it later included.
    pub fn lefts(&self) -> usize {
        self.lefts.len() + self.further.len()
    }

    /// How many right records it has.
    pub fn rights(&self) -> usize {
        self.rights.len()
    }

    /// Decides about everybody. The result is that of [`match_sides`](crate::match_sides) with the
    /// options that the board was made with, as long as nobody was put on it or taken off.
    pub fn decide_all(&self, options: &Options) -> MatchResult {
        let everybody = Around {
            left: (0..self.lefts()).collect(),
            right: (0..self.rights()).collect(),
            whole: true,
        };
        self.decide(&everybody, &Tied::default(), options)
    }

    /// Whom it concerns when something about these records changes: they themselves, who competes
    /// with them for a right record, who competes with those, and so on. Who is tied competes with
    /// nobody.
    pub fn around(&self, left: &[usize], right: &[usize], tied: &Tied) -> Around {
        let mut reach = Reach::default();
        for index in left {
            reach.left(self.left_place(*index));
        }
        for place in places_of(right, &self.places[1]) {
            reach.right(place);
        }
        while let Some(node) = reach.queue.pop_front() {
            if reach.lefts.len() >= MOST {
                reach.cut = true;
                break;
            }
            let carries = |edge: &&Edge| self.model.log_odds(edge) > REACH_BITS;
            match node {
                Node::Left(place) => {
                    let edges = self.edges_of_left(place).filter(carries);
                    let is_free = |right: u32| !tied.right.contains(&self.right_index(right));
                    let free = edges.map(|edge| edge.right).filter(|right| is_free(*right));
                    free.for_each(|right| reach.right(right));
                }
                Node::Right(place) => {
                    let edges = self.edges_of_right(place).filter(carries);
                    let is_free = |left: u32| !tied.left.contains(&self.left_index(left));
                    let free = edges.map(|edge| edge.left).filter(|left| is_free(*left));
                    free.for_each(|left| reach.left(Some(left)));
                }
            }
        }
        // What is unlikely counts as well, though it carries nothing farther.
        for place in &reach.lefts {
            let rights = self.edges_of_left(*place).map(|edge| edge.right);
            reach.rights.extend(rights);
        }
        let lefts = reach.lefts.iter().map(|place| self.left_index(*place));
        let rights = reach.rights.iter().map(|place| self.right_index(*place));
        Around {
            left: sorted(lefts),
            right: sorted(rights),
            whole: !reach.cut,
        }
    }

    /// Decides anew about the left records of `around`. Of [`Options::taken_left`],
    /// [`Options::taken_right`] and the labels only those count that are about records of
    /// `around`; whoever else competes is free unless `tied` says otherwise. Labels teach nothing
    /// any more.
    pub fn decide(&self, around: &Around, tied: &Tied, options: &Options) -> MatchResult {
        let mut corpus = Corpus::over(&self.corpus);
        let put = (!self.further.is_empty())
            .then(|| self.lefts.followed_by(&self.read_further(&mut corpus)));
        let (corpus, lefts) = match &put {
            Some(all) => (&corpus, all),
            None => (&self.corpus, &self.lefts),
        };
        let comparer = Comparer {
            corpus,
            measures: &self.measures,
            paired_domains: Some(&self.paired_domains),
            rules: &self.rules,
        };
        let evaluated = Evaluated {
            rules: Rules::default(),
            paired_domains: self.paired_domains.clone(),
            model: self.model.clone(),
            edges: self.open_edges((around, tied), options, &comparer, lefts),
        };
        let sizes = [lefts.len(), self.rights.len()];
        let (found, chosen) = Weighed::of(evaluated, sizes, options);
        let decider = Decider {
            comparer,
            memory: RefCell::new(Memory::new()),
            likely_fields: found.model.likely_fields(),
            lefts,
            rights: &self.rights,
            found: &found,
            options,
        };
        self.outcome(around, &decider, &chosen)
    }

    fn outcome(
        &self,
        around: &Around,
        decider: &Decider<'_>,
        chosen: &[Option<u32>],
    ) -> MatchResult {
        let (found, options) = (decider.found, decider.options);
        let of_left = |place: usize| {
            let edge = chosen[place].map(|edge| edge as usize)?;
            (found.probabilities[edge] >= options.review_threshold).then_some(edge)
        };
        let owner = |right: u32| {
            let edges = found.graph.right.of(right as usize).iter();
            let mut lefts = edges.map(|edge| (*edge, found.edges[*edge as usize].left));
            let (_, left) =
                lefts.find(|(edge, left)| of_left(*left as usize) == Some(*edge as usize))?;
            Some(self.left_index(left))
        };
        let taken: FxHashSet<usize> = options.taken_left.iter().copied().collect();
        let own_domains = own_domains(options);
        let mut result = MatchResult::default();
        for &index in &around.left {
            let Some(place) = self.left_place(index) else {
                continue;
            };
            let place = place as usize;
            if let Some(edge) = of_left(place) {
                let tie = decider.tie(edge, &own_domains);
                result.proposals.push(decider.proposal(edge, &tie));
            } else {
                let why = if taken.contains(&index) {
                    Unmatched::Taken
                } else {
                    decider.why_unmatched(place, owner)
                };
                result.unmatched.push((index, why));
            }
        }
        result
    }

    /// The edges that touch `around` and whose ends are free, in order.
    fn open_edges(
        &self,
        (around, tied): (&Around, &Tied),
        options: &Options,
        comparer: &Comparer<'_>,
        lefts: &People,
    ) -> Vec<Edge> {
        let left: FxHashSet<u32> = around
            .left
            .iter()
            .filter_map(|index| self.left_place(*index))
            .collect();
        let right = places_of(&around.right, &self.places[1]);
        let taken_left = options.taken_left.iter();
        let taken = [
            taken_left
                .filter_map(|index| self.left_place(*index))
                .collect(),
            places_of(&options.taken_right, &self.places[1]),
        ];
        let is_same = |same: bool| {
            options
                .labels
                .iter()
                .filter(move |label| label.same == same)
        };
        let ruled_out: FxHashSet<(u32, u32)> = is_same(false)
            .filter_map(|label| {
                let right = self.places[1].get(label.right)?;
                Some((self.left_place(label.left)?, *right))
            })
            .collect();
        let mut edges: Vec<Edge> = right
            .iter()
            .flat_map(|place| self.edges_of_right(*place))
            .copied()
            .collect();
        let beside = left.iter().flat_map(|place| self.edges_of_left(*place));
        edges.extend(beside.filter(|edge| !right.contains(&edge.right)));
        let allowed = self
            .ruled_out
            .iter()
            .filter(|ends| !ruled_out.contains(ends));
        let here = allowed.filter(|(one, other)| left.contains(one) && right.contains(other));
        edges.extend(
            here.filter(|(one, _)| !self.left_out.contains(one))
                .map(|(one, other)| {
                    let (person, user) =
                        (lefts.get(*one as usize), self.rights.get(*other as usize));
                    Edge::new(*one, *other, &comparer.compare(&person, &user))
                }),
        );
        let least = least_bits(self.lefts.len().max(self.rights.len()));
        edges.retain(|edge| {
            (left.contains(&edge.left) || !tied.left.contains(&self.left_index(edge.left)))
                && is_free(edge, &taken, options.many_to_one)
                && !ruled_out.contains(&(edge.left, edge.right))
                && self.model.log_odds(edge) > least
        });
        edges.sort_unstable_by_key(|edge| (edge.left, edge.right));
        edges
    }

    fn edges_of_left(&self, place: u32) -> impl Iterator<Item = &Edge> {
        let known = (place as usize) < self.lefts.len() && !self.left_out.contains(&place);
        let known: &[u32] = if known {
            self.graph.left.of(place as usize)
        } else {
            &[]
        };
        let further = self.further_edges.iter();
        known
            .iter()
            .map(|edge| &self.edges[*edge as usize])
            .chain(further.filter(move |edge| edge.left == place))
            .filter(|edge| !self.left_out.contains(&edge.left))
    }

    fn edges_of_right(&self, place: u32) -> impl Iterator<Item = &Edge> {
        let known = self.graph.right.of(place as usize).iter();
        let further = self.further_edges.iter();
        known
            .map(|edge| &self.edges[*edge as usize])
            .chain(further.filter(move |edge| edge.right == place))
            .filter(|edge| !self.left_out.contains(&edge.left))
    }

    /// Where the left record of an index stands; `None` for one that is not on the board.
    fn left_place(&self, index: usize) -> Option<u32> {
        let place = match self.places[0].get(index) {
            Some(place) => *place,
            None if index < self.lefts() => u32::try_from(index).ok()?,
            None => return None,
        };
        (!self.left_out.contains(&place)).then_some(place)
    }

    fn right_index(&self, place: u32) -> usize {
        self.rights.original(place as usize) as usize
    }

    fn left_index(&self, place: u32) -> usize {
        let place = place as usize;
        if place < self.lefts.len() {
            self.lefts.original(place) as usize
        } else {
            place
        }
    }
}

enum Node {
    Left(u32),
    Right(u32),
}

/// How far a change has been followed.
#[derive(Default)]
struct Reach {
    lefts: FxHashSet<u32>,
    rights: FxHashSet<u32>,
    queue: VecDeque<Node>,
    cut: bool,
}

impl Reach {
    fn left(&mut self, place: Option<u32>) {
        if let Some(place) = place.filter(|place| self.lefts.insert(*place)) {
            self.queue.push_back(Node::Left(place));
        }
    }

    fn right(&mut self, place: u32) {
        if self.rights.insert(place) {
            self.queue.push_back(Node::Right(place));
        }
    }
}

fn sorted(indexes: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut indexes: Vec<usize> = indexes.collect();
    indexes.sort_unstable();
    indexes
}
