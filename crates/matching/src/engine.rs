//! The run of a match: prepare, block, compare, learn, weigh, assign, decide.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::assign::assign;
use crate::block::{Postings, Scratch, candidate_limit};
use crate::compare::{Comparer, Measures};
use crate::corpus::{Corpus, Person};
use crate::decide::Decider;
use crate::edges::{Edge, Graph, Incidence};
use crate::fields::{STATUS, status_level};
use crate::learn::{FEW_ROUNDS, ROUNDS, learn_strangers, learn_ties, log_odds};
use crate::marginals;
use crate::model::{Model, prior_of};
use crate::parallel::in_parallel;
use crate::proposal::MatchResult;
use crate::record::{Options, Record};
use crate::strings::TextId;

/// Candidates whose odds are worse before anything was learned are not kept: no learning moves a
/// pair that far.
const HOPELESS_BITS: f64 = -14.0;

/// Edges whose odds are worse than one in 2^12 are dropped after learning.
const LEAST_BITS: f64 = -12.0;

/// Log2 odds from which two records seem to be one human whatever the competition.
const SAME_HUMAN_BITS: f64 = 5.0;

/// Ties between two domains that make them a pair, and their least share in the left domain.
const PAIRED_TIES: f64 = 3.0;
const PAIRED_SHARE: f64 = 0.05;

/// Matches two sides one to one.
///
/// Ties go to the pair whose evidence is strongest for the whole, not for each record alone; see
/// the crate's documentation for the method. The result is the same at every run, whatever the
/// number of threads. Time grows linearly with the number of records.
pub fn match_records(left: &[Record], right: &[Record], options: &Options) -> MatchResult {
    let mut corpus = Corpus::new(left, right);
    let lefts = corpus.add_side(left, 0);
    let rights = corpus.add_side(right, 1);
    let mut comparer = Comparer::new(&corpus, Arc::new(Measures::of(&corpus)));
    let half = 0.7 * as_count(lefts.len().min(rights.len()));
    let mut model = Model::expected(prior_of(half, lefts.len(), rights.len()));
    learn_strangers(&mut model, &comparer, &lefts, &rights);
    let mut edges = candidate_edges(&comparer, &model, &lefts, &rights, options);
    let graph = graph_of(&edges, lefts.len(), rights.len());
    let probabilities = learn_ties(&mut model, &graph, &edges, ROUNDS);
    let pairs = paired_domains(&edges, &probabilities, &lefts, &rights);
    if !pairs.is_empty() {
        comparer.paired_domains = pairs;
        compare_domains_again(&comparer, &mut edges, &lefts, &rights);
        learn_ties(&mut model, &graph, &edges, FEW_ROUNDS);
    }

    yield_to_active(&model, &graph, &mut edges, &lefts, &rights);
    // Who is tied already has taught how ties look here, and steps aside.
    let taken_left: FxHashSet<usize> = options.taken_left.iter().copied().collect();
    let taken_right: FxHashSet<usize> = options.taken_right.iter().copied().collect();
    let is_free = |edge: &Edge| {
        !taken_left.contains(&(edge.left as usize)) && !taken_right.contains(&(edge.right as usize))
    };
    edges.retain(|edge| {
        is_free(edge) && model.bits(&edge.levels, edge.rarity) + model.prior > LEAST_BITS
    });
    let graph = graph_of(&edges, lefts.len(), rights.len());
    let odds = log_odds(&model, &edges);
    let probabilities = marginals::marginals(&graph, &odds, marginals::ROUNDS);
    let ends = ends_of(&edges);
    let chosen = assign(
        &graph,
        &ends,
        &odds.iter().map(|bits| bits + 2.0).collect::<Vec<_>>(),
    );
    let decider = Decider {
        comparer: &comparer,
        model: &model,
        lefts: &lefts,
        rights: &rights,
        graph: &graph,
        edges: &edges,
        ends: &ends,
        odds: &odds,
        probabilities: &probabilities,
        chosen: &chosen,
        options,
    };
    decider.decide()
}

fn ends_of(edges: &[Edge]) -> Vec<(u32, u32)> {
    edges.iter().map(|edge| (edge.left, edge.right)).collect()
}

fn graph_of(edges: &[Edge], lefts: usize, rights: usize) -> Graph {
    Graph::new(&ends_of(edges), lefts, rights)
}

/// The pairs that blocking lets through and that are not hopeless, compared, in the order of the
/// left side.
fn candidate_edges(
    comparer: &Comparer<'_>,
    model: &Model,
    lefts: &[Person],
    rights: &[Person],
    options: &Options,
) -> Vec<Edge> {
    let limit = candidate_limit(lefts.len().max(rights.len()));
    let postings = Postings::build(comparer.corpus, rights);
    let forbidden: FxHashSet<(usize, usize)> = options.forbidden.iter().copied().collect();
    let compare_one = |number: usize, scratch: &mut Scratch, edges: &mut Vec<Edge>| {
        let person = &lefts[number];
        for candidate in postings.candidates(comparer.corpus, person, rights, scratch, limit) {
            let right = candidate.right as usize;
            if forbidden.contains(&(number, right)) {
                continue;
            }
            let comparison = comparer.compare(person, &rights[right]);
            let edge = Edge {
                left: u32::try_from(number).unwrap_or(u32::MAX),
                right: candidate.right,
                rarity: comparison.total_rarity(),
                levels: comparison.levels,
            };
            if model.bits(&edge.levels, edge.rarity) + model.prior > HOPELESS_BITS {
                edges.push(edge);
            }
        }
    };
    in_parallel(lefts.len(), |range, edges| {
        let mut scratch = Scratch::default();
        for number in range {
            compare_one(number, &mut scratch, edges);
        }
    })
}

/// Domains of the two sides that certain ties join often: the organization changed its name.
fn paired_domains(
    edges: &[Edge],
    probabilities: &[f64],
    lefts: &[Person],
    rights: &[Person],
) -> FxHashSet<(TextId, TextId)> {
    let mut ties: FxHashMap<(TextId, TextId), f64> = FxHashMap::default();
    let mut totals: FxHashMap<TextId, f64> = FxHashMap::default();
    for (edge, probability) in edges.iter().zip(probabilities) {
        if *probability < 0.9 {
            continue;
        }
        let (one, other) = (&lefts[edge.left as usize], &rights[edge.right as usize]);
        for mail in one.mails.iter().filter(|mail| !mail.public) {
            *totals.entry(mail.domain).or_default() += 1.0;
            for with in other.mails.iter().filter(|with| !with.public) {
                if mail.domain != with.domain {
                    *ties.entry((mail.domain, with.domain)).or_default() += 1.0;
                }
            }
        }
    }
    ties.into_iter()
        .filter(|((domain, _), count)| {
            *count >= PAIRED_TIES && *count >= PAIRED_SHARE * totals[domain]
        })
        .map(|(pair, _)| pair)
        .collect()
}

fn compare_domains_again(
    comparer: &Comparer<'_>,
    edges: &mut [Edge],
    lefts: &[Person],
    rights: &[Person],
) {
    for edge in edges {
        let (one, other) = (&lefts[edge.left as usize], &rights[edge.right as usize]);
        let is_paired = one.mails.iter().any(|mail| {
            let pairs = &comparer.paired_domains;
            other
                .mails
                .iter()
                .any(|with| pairs.contains(&(mail.domain, with.domain)))
        });
        if is_paired {
            let again = comparer.compare(one, other);
            edge.levels = again.levels;
            edge.rarity = again.total_rarity();
        }
    }
}

/// Marks deactivated records whose place an active one of what seems the same human takes: the
/// active one is likely by itself, and suits nobody better.
fn yield_to_active(
    model: &Model,
    graph: &Graph,
    edges: &mut [Edge],
    lefts: &[Person],
    rights: &[Person],
) {
    let odds = log_odds(model, edges);
    let best = |nodes: &Incidence| -> Vec<f64> {
        let strongest = |node: usize| nodes.of(node).iter().map(|&edge| odds[edge as usize]);
        (0..nodes.len())
            .map(|node| strongest(node).fold(f64::NEG_INFINITY, f64::max))
            .collect()
    };
    let (best_of_left, best_of_right) = (best(&graph.left), best(&graph.right));
    let replaces = |odds: f64, best: f64, other: &Person| {
        odds >= SAME_HUMAN_BITS && odds >= best && !other.inactive
    };
    let mut superseded: Vec<u32> = Vec::new();
    for node in 0..graph.left.len() {
        let of = graph.left.of(node);
        let has_heir = of.iter().any(|&edge| {
            let right = edges[edge as usize].right as usize;
            replaces(odds[edge as usize], best_of_right[right], &rights[right])
        });
        let is_inactive = |edge: &&u32| rights[edges[**edge as usize].right as usize].inactive;
        superseded.extend(of.iter().filter(|_| has_heir).filter(is_inactive).copied());
    }
    for node in 0..graph.right.len() {
        let of = graph.right.of(node);
        let has_heir = of.iter().any(|&edge| {
            let left = edges[edge as usize].left as usize;
            replaces(odds[edge as usize], best_of_left[left], &lefts[left])
        });
        let is_inactive = |edge: &&u32| lefts[edges[**edge as usize].left as usize].inactive;
        superseded.extend(of.iter().filter(|_| has_heir).filter(is_inactive).copied());
    }
    for edge in superseded {
        edges[edge as usize].levels[STATUS] = status_level::SUPERSEDED;
    }
}

fn as_count(number: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "record counts stay far below 2^52"
    )]
    let count = number as f64;
    count
}
