//! The outcome of a match, with all that is needed to say why.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::compare::rules::Rules;
use crate::compare::{Comparer, DomainPairs, Measures, Memory};
use crate::corpus::Corpus;
use crate::corpus::people::People;
use crate::normalise::email;
use crate::outcome::assign::assign;
use crate::outcome::decide::Decider;
use crate::outcome::proposal::{Decision, MatchResult, Proposal, Unmatched};
use crate::parallel::in_parallel;
use crate::record::Options;
use crate::weigh::edges::{Edge, Graph, graph_of};
use crate::weigh::learn::log_odds;
use crate::weigh::marginals;
use crate::weigh::model::Model;

/// Nobody's number.
const NOBODY: u32 = u32::MAX;

/// Bits that an edge may lack and still be assigned: whether it is proposed, its probability
/// decides.
const SPARE_BITS: f64 = 2.0;

/// What the search has found.
pub(crate) struct Evaluated {
    pub(crate) rules: Rules,
    pub(crate) paired_domains: DomainPairs,
    pub(crate) model: Model,
    /// In the order of their ends.
    pub(crate) edges: Vec<Edge>,
}

/// A tie without its reasons, which [`Matches::proposal`] gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// Index of the left record.
    pub left: u32,
    /// Index of the right record.
    pub right: u32,
    /// Probability (0–1) that both are one human, with all competitors considered.
    pub score: f64,
    /// Whether it may be applied without a look.
    pub decision: Decision,
    /// Why it is not [`Decision::Auto`], as an admin would say it.
    pub caution: Option<&'static str>,
    /// A second candidate of either side is close.
    pub ambiguous: bool,
}

/// The outcome of a match of many records. Reasons are computed when they are asked for, from any
/// thread.
#[derive(Debug)]
pub struct Matches {
    corpus: Corpus<'static>,
    measures: Measures,
    rules: Rules,
    lefts: People,
    rights: People,
    /// Where the left record of each index stands among the people.
    left_places: Vec<u32>,
    found: Weighed,
    ties: Vec<Tie>,
    /// By tie.
    tie_edges: Vec<u32>,
    /// The left person that each right one is proposed for.
    owners: Vec<u32>,
    unmatched: Vec<u32>,
    taken: FxHashSet<usize>,
    options: Options,
}

/// The edges with all that was computed about them.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) paired_domains: DomainPairs,
    pub(crate) model: Model,
    pub(crate) edges: Vec<Edge>,
    pub(crate) graph: Graph,
    /// Log2 odds of each edge by itself.
    pub(crate) odds: Vec<f64>,
    /// Probability of each edge among its competitors.
    pub(crate) probabilities: Vec<f64>,
}

impl Matches {
    /// Assigns and decides.
    pub(crate) fn decide(
        corpus: Corpus<'static>,
        measures: Measures,
        lefts: People,
        rights: People,
        mut evaluated: Evaluated,
        options: Options,
    ) -> Self {
        let left_places = lefts.places();
        let taken = [
            places_of(&options.taken_left, &left_places),
            places_of(&options.taken_right, &rights.places()),
        ];
        let rules = std::mem::take(&mut evaluated.rules);
        evaluated
            .edges
            .retain(|edge| is_free(edge, &taken, options.many_to_one));
        let (found, chosen) = Weighed::of(evaluated, [lefts.len(), rights.len()], &options);
        let mut matches = Self {
            owners: vec![NOBODY; rights.len()],
            left_places,
            taken: options.taken_left.iter().copied().collect(),
            corpus,
            measures,
            rules,
            lefts,
            rights,
            found,
            ties: Vec::new(),
            tie_edges: Vec::new(),
            unmatched: Vec::new(),
            options,
        };
        matches.propose(&chosen);
        matches
    }

    fn propose(&mut self, chosen: &[Option<u32>]) {
        for (index, &place) in (0_u32..).zip(&self.left_places) {
            let likely = |edge: &u32| {
                self.found.probabilities[*edge as usize] >= self.options.review_threshold
            };
            match chosen[place as usize].filter(likely) {
                Some(edge) => {
                    self.owners[self.found.edges[edge as usize].right as usize] = place;
                    self.tie_edges.push(edge);
                }
                None => self.unmatched.push(index),
            }
        }
        let own_domains = own_domains(&self.options);
        self.ties = in_parallel(self.tie_edges.len(), |range, found| {
            let decider = self.decider(Memory::new());
            let edges = self.tie_edges[range].iter();
            found.extend(edges.map(|edge| decider.tie(*edge as usize, &own_domains)));
        });
    }

    fn decider(&self, memory: Memory) -> Decider<'_> {
        let comparer = Comparer {
            corpus: &self.corpus,
            measures: &self.measures,
            paired_domains: Some(&self.found.paired_domains),
            rules: &self.rules,
        };
        Decider {
            comparer,
            memory: RefCell::new(memory),
            likely_fields: self.found.model.likely_fields(),
            lefts: &self.lefts,
            rights: &self.rights,
            found: &self.found,
            options: &self.options,
        }
    }

    /// Who tells the reasons of many ties, one after the other. Each thread needs one of its own.
    pub fn explainer(&self) -> Explainer<'_> {
        Explainer {
            matches: self,
            decider: self.decider(Memory::new()),
        }
    }

    /// The ties, in the order of the left side; at most one for each left record, and unless
    /// [`Options::many_to_one`] says otherwise, for each right one.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// The tie at `place` of [`ties`](Self::ties), with its reasons.
    ///
    /// # Panics
    /// When there is no such tie.
    pub fn proposal(&self, place: usize) -> Proposal {
        self.reasons(&self.decider(Memory::none()), place)
    }

    fn reasons(&self, decider: &Decider<'_>, place: usize) -> Proposal {
        decider.proposal(self.tie_edges[place] as usize, &self.ties[place])
    }

    /// The left records without tie, in order.
    pub fn unmatched(&self) -> &[u32] {
        &self.unmatched
    }

    /// Why a left record has no tie; `None` when it has one or does not exist.
    pub fn why_unmatched(&self, left: usize) -> Option<Unmatched> {
        self.why(&self.decider(Memory::none()), left)
    }

    fn why(&self, decider: &Decider<'_>, left: usize) -> Option<Unmatched> {
        let index = u32::try_from(left).ok()?;
        self.unmatched.binary_search(&index).ok()?;
        if self.taken.contains(&left) {
            return Some(Unmatched::Taken);
        }
        let owner = |right: u32| {
            let owner = self.owners[right as usize];
            (owner != NOBODY).then(|| self.lefts.original(owner as usize) as usize)
        };
        let place = self.left_places[left] as usize;
        Some(decider.why_unmatched(place, owner))
    }

    /// All ties and all who have none, with their reasons.
    pub fn into_result(self) -> MatchResult {
        MatchResult {
            proposals: in_parallel(self.ties.len(), |range, found| {
                let explainer = self.explainer();
                found.extend(range.map(|place| explainer.proposal(place)));
            }),
            unmatched: in_parallel(self.unmatched.len(), |range, found| {
                let explainer = self.explainer();
                let reasons = self.unmatched[range].iter().filter_map(|&left| {
                    let left = left as usize;
                    Some((left, explainer.why_unmatched(left)?))
                });
                found.extend(reasons);
            }),
        }
    }
}

/// Tells reasons as [`Matches`] does, but remembers comparisons, which is quicker for many.
pub struct Explainer<'a> {
    matches: &'a Matches,
    decider: Decider<'a>,
}

impl Explainer<'_> {
    /// As [`Matches::proposal`].
    ///
    /// # Panics
    /// When there is no such tie.
    pub fn proposal(&self, place: usize) -> Proposal {
        self.matches.reasons(&self.decider, place)
    }

    /// As [`Matches::why_unmatched`].
    pub fn why_unmatched(&self, left: usize) -> Option<Unmatched> {
        self.matches.why(&self.decider, left)
    }
}

impl std::fmt::Debug for Explainer<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Explainer").finish_non_exhaustive()
    }
}

/// Where the records of some indexes stand; those that do not exist are left out.
pub(crate) fn places_of(indexes: &[usize], places: &[u32]) -> FxHashSet<u32> {
    let place = |index: &usize| places.get(*index).copied();
    indexes.iter().filter_map(place).collect()
}

/// Whether neither end is tied already. Who is has taught how ties look here, and steps aside.
pub(crate) fn is_free(edge: &Edge, [left, right]: &[FxHashSet<u32>; 2], many_to_one: bool) -> bool {
    !left.contains(&edge.left) && (many_to_one || !right.contains(&edge.right))
}

/// The organization's own domains, in the form in which domains are kept.
pub(crate) fn own_domains(options: &Options) -> FxHashSet<String> {
    let own = options.own_domains.iter();
    own.map(|domain| email::normal_domain(domain).0).collect()
}

impl Weighed {
    /// What follows from edges between free records, and the edge that each left person is
    /// assigned.
    pub(crate) fn of(
        evaluated: Evaluated,
        [lefts, rights]: [usize; 2],
        options: &Options,
    ) -> (Self, Vec<Option<u32>>) {
        let Evaluated {
            paired_domains,
            model,
            edges,
            ..
        } = evaluated;
        let graph = graph_of(&edges, lefts, rights);
        let odds = log_odds(&model, &edges);
        let rounds = marginals::ROUNDS;
        let probabilities = marginals::marginals(&graph, &odds, rounds, options.many_to_one);
        let found = Self {
            paired_domains,
            model,
            edges,
            graph,
            odds,
            probabilities,
        };
        let chosen = if options.many_to_one {
            found.best_of_each()
        } else {
            // Of assignments that weigh the same the one with the likelier ties.
            let gain = |(odds, probability): (&f64, &f64)| odds + probability + SPARE_BITS;
            let both = found.odds.iter().zip(&found.probabilities);
            let gains: Vec<f64> = both.map(gain).collect();
            assign(&found.graph, &found.edges, &gains)
        };
        (found, chosen)
    }

    /// The edge of a left person that has the best odds by itself, the first of equals.
    pub(crate) fn best_of(&self, left: usize) -> Option<usize> {
        let edges = self.graph.left.of(left).iter();
        edges.map(|edge| *edge as usize).reduce(|best, other| {
            if self.odds[other] > self.odds[best] {
                other
            } else {
                best
            }
        })
    }

    /// That of each left person, several of whom may take one right record.
    fn best_of_each(&self) -> Vec<Option<u32>> {
        (0..self.graph.left.len())
            .map(|left| u32::try_from(self.best_of(left)?).ok())
            .collect()
    }
}
