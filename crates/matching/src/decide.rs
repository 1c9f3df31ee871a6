//! From probabilities to decisions. What must never happen without a look is written down here.

use rustc_hash::FxHashSet;

use crate::compare::{Comparer, Comparison};
use crate::corpus::{Mail, Person};
use crate::edges::{Edge, Graph, Incidence};
use crate::explain::explain;
use crate::fields::{
    BIRTH, EMAIL, EXTENSION, FAMILY, GIVEN, ID, PHONE, POSTCODE, STATUS, TEXT, USERNAME,
    email_level, level, name_level,
};
use crate::model::Model;
use crate::normalise::email;
use crate::parallel::in_parallel;
use crate::proposal::{Decision, Evidence, MatchResult, Proposal, RunnerUp, Unmatched};
use crate::record::Options;

/// A second candidate with this probability is close.
const CLOSE_PROBABILITY: f64 = 0.05;

/// A second candidate whose own evidence is within this many bits is close, too, unless it is
/// certainly somebody else's.
const CLOSE_BITS: f64 = 3.0;

/// Probability from which a competitor counts as certainly somebody else's.
const ELSEWHERE: f64 = 0.9;

/// Records of each side that must have a domain for it to be the organization's own.
const OWN_DOMAIN_RECORDS: u32 = 3;

/// All that a decision looks at.
pub(crate) struct Decider<'a> {
    pub(crate) comparer: &'a Comparer<'a>,
    pub(crate) model: &'a Model,
    pub(crate) lefts: &'a [Person],
    pub(crate) rights: &'a [Person],
    pub(crate) graph: &'a Graph,
    pub(crate) edges: &'a [Edge],
    pub(crate) ends: &'a [(u32, u32)],
    pub(crate) odds: &'a [f64],
    pub(crate) probabilities: &'a [f64],
    /// The assigned edge of each left person.
    pub(crate) chosen: &'a [Option<u32>],
    pub(crate) options: &'a Options,
}

impl Decider<'_> {
    pub(crate) fn decide(&self) -> MatchResult {
        let own_domains: FxHashSet<String> = self
            .options
            .own_domains
            .iter()
            .map(|domain| email::normal_domain(domain))
            .collect();
        let mut owner: Vec<Option<usize>> = vec![None; self.rights.len()];
        let mut ties: Vec<usize> = Vec::new();
        let mut alone: Vec<usize> = Vec::new();
        for (left, edge) in self.chosen.iter().enumerate() {
            let edge = edge.map(|edge| edge as usize);
            match edge.filter(|e| self.probabilities[*e] >= self.options.review_threshold) {
                Some(edge) => {
                    owner[self.ends[edge].1 as usize] = Some(left);
                    ties.push(edge);
                }
                None => alone.push(left),
            }
        }
        let taken: FxHashSet<usize> = self.options.taken_left.iter().copied().collect();
        MatchResult {
            proposals: in_parallel(ties.len(), |range, found| {
                found.extend(
                    ties[range]
                        .iter()
                        .map(|edge| self.propose(*edge, &own_domains)),
                );
            }),
            unmatched: in_parallel(alone.len(), |range, found| {
                found.extend(alone[range].iter().map(|&left| {
                    let reason = if taken.contains(&left) {
                        Unmatched::Taken
                    } else {
                        self.why_unmatched(left, &owner)
                    };
                    (left, reason)
                }));
            }),
        }
    }

    fn propose(&self, edge: usize, own_domains: &FxHashSet<String>) -> Proposal {
        let (left, right) = (self.ends[edge].0 as usize, self.ends[edge].1 as usize);
        let comparison = self.comparison(edge);
        let runner_up = self.second(&self.graph.left, left, edge);
        let rival = self.second(&self.graph.right, right, edge);
        let close = |second: Option<usize>| second.is_some_and(|other| self.is_close(edge, other));
        let ambiguous = close(runner_up) || close(rival);
        let caution = self.caution(edge, &comparison, ambiguous, own_domains);
        Proposal {
            left,
            right,
            score: self.probabilities[edge],
            decision: if caution.is_none() {
                Decision::Auto
            } else {
                Decision::Review
            },
            caution,
            ambiguous,
            prior_bits: self.model.prior,
            evidence: explain(self.comparer, self.model, &comparison),
            runner_up: runner_up.map(|other| self.runner_up(other, self.ends[other].1)),
            rival: rival.map(|other| self.runner_up(other, self.ends[other].0)),
        }
    }

    /// The best other edge of a node. Its own odds count, not its probability, so that a
    /// competitor who is somebody else's is still shown.
    fn second(&self, nodes: &Incidence, node: usize, edge: usize) -> Option<usize> {
        nodes
            .of(node)
            .iter()
            .map(|&other| other as usize)
            .filter(|&other| other != edge)
            .reduce(|best, other| {
                if self.odds[other] > self.odds[best] {
                    other
                } else {
                    best
                }
            })
    }

    fn is_close(&self, edge: usize, other: usize) -> bool {
        if self.probabilities[other] >= CLOSE_PROBABILITY {
            return true;
        }
        let (left, right) = self.ends[other];
        let elsewhere = |nodes: &Incidence, node: u32| {
            nodes.of(node as usize).iter().any(|&third| {
                third as usize != edge && self.probabilities[third as usize] >= ELSEWHERE
            })
        };
        self.odds[other] > 0.0
            && self.odds[edge] - self.odds[other] < CLOSE_BITS
            && !elsewhere(&self.graph.left, left)
            && !elsewhere(&self.graph.right, right)
    }

    fn runner_up(&self, edge: usize, index: u32) -> RunnerUp {
        RunnerUp {
            index: index as usize,
            score: self.probabilities[edge],
            evidence: self.evidence(edge),
        }
    }

    fn evidence(&self, edge: usize) -> Vec<Evidence> {
        explain(self.comparer, self.model, &self.comparison(edge))
    }

    /// The comparison behind an edge, with what was learned about it from others.
    fn comparison(&self, edge: usize) -> Comparison {
        let (left, right) = self.ends[edge];
        let mut comparison = self
            .comparer
            .compare(&self.lefts[left as usize], &self.rights[right as usize]);
        comparison.levels[STATUS] = self.edges[edge].levels[STATUS];
        comparison
    }

    fn why_unmatched(&self, left: usize, owner: &[Option<usize>]) -> Unmatched {
        let best = self
            .graph
            .left
            .of(left)
            .iter()
            .map(|&edge| edge as usize)
            .reduce(|best, other| {
                if self.odds[other] > self.odds[best] {
                    other
                } else {
                    best
                }
            });
        let Some(edge) = best else {
            return Unmatched::NothingInCommon;
        };
        let candidates = self.several_that_fit(left);
        if !candidates.is_empty() {
            return Unmatched::SeveralFit { candidates };
        }
        let right = self.ends[edge].1;
        let best = self.runner_up(edge, right);
        match owner[right as usize] {
            Some(proposed_for) if self.odds[edge] > 0.0 => {
                Unmatched::BetterElsewhere { best, proposed_for }
            }
            _ => Unmatched::TooWeak { best },
        }
    }

    /// The candidates of a left person that are likely together and not alone; none when they are
    /// not even that, or when there is only one.
    fn several_that_fit(&self, left: usize) -> Vec<RunnerUp> {
        let mut close: Vec<usize> = self
            .graph
            .left
            .of(left)
            .iter()
            .map(|&edge| edge as usize)
            .filter(|&edge| self.probabilities[edge] >= CLOSE_PROBABILITY)
            .collect();
        let together: f64 = close.iter().map(|&edge| self.probabilities[edge]).sum();
        if close.len() < 2 || together < self.options.review_threshold {
            return Vec::new();
        }
        close.sort_by(|one, other| self.probabilities[*other].total_cmp(&self.probabilities[*one]));
        close
            .into_iter()
            .map(|edge| self.runner_up(edge, self.ends[edge].1))
            .collect()
    }

    /// The first reason not to apply a tie without a look.
    fn caution(
        &self,
        edge: usize,
        comparison: &Comparison,
        ambiguous: bool,
        own_domains: &FxHashSet<String>,
    ) -> Option<&'static str> {
        let (left, right) = self.ends[edge];
        let (left, right) = (&self.lefts[left as usize], &self.rights[right as usize]);
        let levels = &comparison.levels;
        let words = if left.machine || right.machine {
            "shared or service account"
        } else if ambiguous {
            "a second candidate is close"
        } else if self.is_other_human(comparison) && levels[ID] == level::SAME {
            "the id is the same but the name is another human's: it may have been handed on"
        } else if self.is_other_human(comparison) {
            "the names differ: the address or number may have been handed on"
        } else if !self.is_corroborated(comparison, left, right, own_domains) {
            "only one kind of evidence speaks for it"
        } else if self.probabilities[edge] < self.options.auto_threshold {
            "not certain enough"
        } else {
            return None;
        };
        Some(words)
    }

    /// Whether the names are known and speak against one human on the whole.
    fn is_other_human(&self, comparison: &Comparison) -> bool {
        let (given, family) = (comparison.levels[GIVEN], comparison.levels[FAMILY]);
        let bits =
            self.model.field_bits(comparison, GIVEN) + self.model.field_bits(comparison, FAMILY);
        (given == name_level::DIFFERENT || family == name_level::DIFFERENT) && bits < 0.0
    }

    /// Whether two independent kinds of evidence agree, or an address of the organization's own
    /// domain does and nothing else is known.
    fn is_corroborated(
        &self,
        comparison: &Comparison,
        left: &Person,
        right: &Person,
        own_domains: &FxHashSet<String>,
    ) -> bool {
        let speaks = |field: usize| self.model.field_bits(comparison, field) >= 2.0;
        let names = speaks(GIVEN) || speaks(FAMILY);
        let whole_name = speaks(GIVEN) && speaks(FAMILY);
        let mail = speaks(EMAIL);
        let keys = [USERNAME, PHONE, EXTENSION, ID, BIRTH, POSTCODE];
        let others = keys.into_iter().filter(|field| speaks(*field)).count()
            + (TEXT..comparison.levels.len())
                .filter(|field| speaks(*field))
                .count();
        let kinds = usize::from(names) + usize::from(mail) + others + usize::from(whole_name);
        if kinds >= 2 {
            return true;
        }
        comparison.levels[EMAIL] == email_level::SAME
            && left.mails.iter().any(|mail| {
                right.mails.iter().any(|other| other.whole == mail.whole)
                    && self.is_own_domain(mail, own_domains)
            })
    }

    fn is_own_domain(&self, mail: &Mail, own_domains: &FxHashSet<String>) -> bool {
        let domains = &self.comparer.corpus.domains;
        if !own_domains.is_empty() {
            return own_domains.contains(domains.get(mail.domain));
        }
        let [left, right] = domains.counts_of(mail.domain);
        !mail.public && left >= OWN_DOMAIN_RECORDS && right >= OWN_DOMAIN_RECORDS
    }
}
