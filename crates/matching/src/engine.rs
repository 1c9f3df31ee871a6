//! The run of a match: join, block, compare, learn, weigh, assign, decide.

mod domains;
mod settle;

use rustc_hash::FxHashSet;

use crate::block::{Blocks, Candidate, Effort, Presence, Scratch, Strength};
use crate::compare::rules::{Rules, teach_aliases};
use crate::compare::{Comparer, DomainPairs, Measures, Memory};
use crate::corpus::Corpus;
use crate::corpus::join::join;
use crate::corpus::people::People;
use crate::engine::domains::{compare_again, paired_domains};
use crate::engine::settle::{Clear, Settled, settle, yield_to_active};
use crate::intake::side::Side;
use crate::outcome::matches::{Evaluated, Matches};
use crate::outcome::proposal::MatchResult;
use crate::parallel::{both, in_parallel};
use crate::record::{Label, Options, Record};
use crate::weigh::edges::{Edge, graph_of, merged};
use crate::weigh::learn::{FEW_ROUNDS, Lesson, ROUNDS, learn_strangers};
use crate::weigh::model::{Model, prior_of};

/// Candidates whose odds are worse before anything was learned are not kept: no learning moves a
/// pair that far.
const HOPELESS_BITS: f64 = -14.0;

/// Edges whose odds are worse than one in 2^12 are dropped after learning.
const LEAST_BITS: f64 = -12.0;

/// The same where so many records stand that an edge less for each counts.
const LEAST_BITS_OF_MANY: f64 = -7.0;

/// Records of the larger side from which whoever is certain by strong keys is not looked at again
/// by weak ones, which are most of the work.
const MANY: usize = 20_000;

/// Matches two sides one to one.
///
/// Ties go to the pair whose evidence is strongest for the whole, not for each record alone; see
/// the crate's documentation for the method. The result is the same at every run, whatever the
/// number of threads. Time grows linearly with the number of records.
///
/// For many records, [`match_sides`] needs less memory.
pub fn match_records(left: &[Record], right: &[Record], options: &Options) -> MatchResult {
    let (left, right) = both(|| Side::of(left), || Side::of(right));
    match_sides(left, right, options).into_result()
}

/// Matches two sides one to one, as [`match_records`] does; reasons are computed when they are
/// asked for.
pub fn match_sides(left: Side, right: Side, options: &Options) -> Matches {
    let (mut corpus, lefts, rights) = join(left, right);
    let rules = Rules::of(options, &corpus);
    teach_aliases(options, &mut corpus);
    corpus.freeze();
    let measures = Measures::of(&corpus);
    let evaluated = evaluate(&corpus, &measures, rules, [&lefts, &rights], options);
    Matches::decide(corpus, measures, lefts, rights, evaluated, options.clone())
}

/// Finds the edges between two sides that were joined, and learns what they weigh. Edges of who is
/// tied already are among them.
pub(crate) fn evaluate(
    corpus: &Corpus<'_>,
    measures: &Measures,
    rules: Rules,
    [lefts, rights]: [&People; 2],
    options: &Options,
) -> Evaluated {
    let places = [lefts.places(), rights.places()];
    Search {
        corpus,
        measures,
        rules,
        pairs: None,
        lefts,
        rights,
        options,
        forbidden: pairs(&options.labels, false, &places),
        taught: pairs(&options.labels, true, &places),
    }
    .run()
}

/// The labelled pairs of one kind, by place; those of records that do not exist are left out.
pub(crate) fn pairs(
    labels: &[Label],
    same: bool,
    [lefts, rights]: &[Vec<u32>; 2],
) -> FxHashSet<(u32, u32)> {
    labels
        .iter()
        .filter(|label| label.same == same)
        .filter_map(|label| Some((*lefts.get(label.left)?, *rights.get(label.right)?)))
        .collect()
}

/// The search for the edges between two sides, and for what they weigh.
struct Search<'a> {
    corpus: &'a Corpus<'a>,
    measures: &'a Measures,
    rules: Rules,
    /// Domains that belong together, once they are known.
    pairs: Option<DomainPairs>,
    lefts: &'a People,
    rights: &'a People,
    options: &'a Options,
    forbidden: FxHashSet<(u32, u32)>,
    taught: FxHashSet<(u32, u32)>,
}

impl Search<'_> {
    fn run(mut self) -> Evaluated {
        let (lefts, rights) = (self.lefts.len(), self.rights.len());
        let half = 0.7 * as_count(lefts.min(rights));
        let mut model = Model::expected(prior_of(half, lefts, rights), self.corpus.texts.len());
        learn_strangers(&mut model, &self.comparer(), self.lefts, self.rights);
        let first = if self.are_many() {
            Strength::Strong
        } else {
            Strength::All
        };
        let mut edges = self.edges(&model, first, &Settled::nobody(), HOPELESS_BITS);
        self.add_taught(&mut edges);
        self.learn(&mut model, &edges, ROUNDS);
        self.pair_domains(&mut model, &mut edges);
        if self.are_many() {
            edges = self.with_weak(&mut model, edges);
        }
        let graph = graph_of(&edges, lefts, rights);
        yield_to_active(&model, &graph, &mut edges, self.lefts, self.rights);
        drop(graph);
        let least = least_bits(self.lefts.len().max(self.rights.len()));
        edges.retain(|edge| model.log_odds(edge) > least);
        Evaluated {
            rules: self.rules,
            paired_domains: self.pairs.unwrap_or_default(),
            model,
            edges,
        }
    }

    fn comparer(&self) -> Comparer<'_> {
        Comparer {
            corpus: self.corpus,
            measures: self.measures,
            paired_domains: self.pairs.as_ref(),
            rules: &self.rules,
        }
    }

    fn are_many(&self) -> bool {
        self.lefts.len().max(self.rights.len()) >= MANY
    }

    /// Learns which domains belong together, and compares with that in mind.
    fn pair_domains(&mut self, model: &mut Model, edges: &mut [Edge]) {
        let pairs = paired_domains(model, edges, self.lefts, self.rights);
        if pairs.is_empty() {
            return;
        }
        self.pairs = Some(pairs);
        compare_again(&self.comparer(), edges, self.lefts, self.rights);
        self.learn(model, edges, FEW_ROUNDS);
    }

    /// The edges that strong keys gave and are likely enough, with those that weak keys give to
    /// whoever is not settled.
    fn with_weak(&self, model: &mut Model, mut strong: Vec<Edge>) -> Vec<Edge> {
        let is_likely = |edge: &Edge| model.log_odds(edge) > LEAST_BITS_OF_MANY;
        strong.retain(|edge| is_likely(edge) || self.taught.contains(&(edge.left, edge.right)));
        let settled = settle(model, &strong, self.lefts.len(), self.rights.len());
        let weak = self.edges(model, Strength::Weak, &settled, LEAST_BITS_OF_MANY);
        let edges = merged(strong, weak);
        self.learn(model, &edges, FEW_ROUNDS);
        edges
    }

    fn learn(&self, model: &mut Model, edges: &[Edge], rounds: usize) {
        let (lefts, rights) = (self.lefts.len(), self.rights.len());
        Lesson::of(edges, lefts, rights, &self.taught, self.options.many_to_one)
            .teach(model, rounds);
    }

    /// The pairs that blocking lets through and that are not hopeless, compared, in the order of
    /// the left side.
    fn edges(&self, model: &Model, strength: Strength, settled: &Settled, least: f64) -> Vec<Edge> {
        let (comparer, corpus, rights) = (self.comparer(), self.corpus, self.rights);
        let records = self.lefts.len().max(rights.len());
        let effort = if self.are_many() {
            Effort::sparing(records)
        } else {
            Effort::among(records)
        };
        let blocks = Blocks::build(corpus, rights, strength, Presence::Both, effort, |right| {
            !settled.right(right)
        });
        in_parallel(self.lefts.len(), |range, edges| {
            let (mut scratch, mut memory) = (Scratch::default(), Memory::new());
            for number in range {
                if settled.left(number) {
                    continue;
                }
                let person = self.lefts.get(number);
                let left = u32::try_from(number).unwrap_or(u32::MAX);
                let from = edges.len();
                let candidates = blocks.candidates(corpus, &person, rights, &mut scratch);
                // The people stand anywhere; asked for one by one, each would be waited for.
                std::hint::black_box(rights.touch(candidates.iter().map(|found| found.right)));
                let mut clear = Clear::default();
                for by_identifier in [true, false] {
                    if strength == Strength::Strong && !by_identifier && clear.is_found() {
                        break;
                    }
                    let of_kind = |candidate: &&Candidate| candidate.identifier == by_identifier;
                    for candidate in candidates.iter().filter(of_kind) {
                        let right = candidate.right;
                        if self.forbidden.contains(&(left, right)) {
                            continue;
                        }
                        let comparison = comparer.compare_with(
                            &mut memory,
                            &person,
                            &rights.get(right as usize),
                        );
                        let edge = Edge::new(left, right, &comparison);
                        let odds = model.log_odds(&edge);
                        clear.see(&edge, odds);
                        if odds > least {
                            edges.push(edge);
                        }
                    }
                }
                edges[from..].sort_unstable_by_key(|edge| edge.right);
            }
        })
    }

    /// Pairs that are known to be one human teach even where no key leads from one to the other.
    fn add_taught(&self, edges: &mut Vec<Edge>) {
        if self.taught.is_empty() {
            return;
        }
        let known: FxHashSet<(u32, u32)> = edges
            .iter()
            .map(|edge| (edge.left, edge.right))
            .filter(|ends| self.taught.contains(ends))
            .collect();
        let mut missing: Vec<(u32, u32)> = self.taught.difference(&known).copied().collect();
        missing.sort_unstable();
        let compared = missing.into_iter().map(|(left, right)| {
            let (one, other) = (
                self.lefts.get(left as usize),
                self.rights.get(right as usize),
            );
            Edge::new(left, right, &self.comparer().compare(&one, &other))
        });
        *edges = merged(std::mem::take(edges), compared.collect());
    }
}

/// Log2 odds above which an edge is kept, where the larger side has so many records.
pub(crate) fn least_bits(records: usize) -> f64 {
    if records >= MANY {
        LEAST_BITS_OF_MANY
    } else {
        LEAST_BITS
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
