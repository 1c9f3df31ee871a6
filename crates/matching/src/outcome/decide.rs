//! From probabilities to decisions. What must never happen without a look is written down here.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::compare::{Comparer, Comparison, Memory};
use crate::corpus::people::{Mail, People, Person};
use crate::outcome::explain::explain;
use crate::outcome::matches::{Tie, Weighed};
use crate::outcome::proposal::{Decision, Evidence, Proposal, RunnerUp, Unmatched};
use crate::record::Options;
use crate::weigh::edges::Incidence;
use crate::weigh::fields::{
    BIRTH, EMAIL, EXTENSION, FAMILY, GIVEN, ID, PHONE, POSTCODE, STATUS, TEXT, USERNAME,
    email_level, key_level, level, name_level,
};

/// A second candidate with this probability is close.
const CLOSE_PROBABILITY: f64 = 0.05;

/// A second candidate whose own evidence is within this many bits is close, too, unless it is
/// certainly somebody else's.
const CLOSE_BITS: f64 = 3.0;

/// Probability from which a competitor counts as certainly somebody else's.
const ELSEWHERE: f64 = 0.9;

/// Log2 odds from which an active namesake of a deactivated record may be the same human.
const ALTERNATIVE_BITS: f64 = 0.0;

/// Records of each side that must have a domain for it to be the organization's own.
const OWN_DOMAIN_RECORDS: u32 = 3;

/// All that a decision looks at.
pub(crate) struct Decider<'a> {
    pub(crate) comparer: Comparer<'a>,
    pub(crate) memory: RefCell<Memory>,
    /// [`Model::likely_fields`](crate::weigh::model::Model::likely_fields).
    pub(crate) likely_fields: u32,
    pub(crate) lefts: &'a People,
    pub(crate) rights: &'a People,
    pub(crate) found: &'a Weighed,
    pub(crate) options: &'a Options,
}

impl Decider<'_> {
    /// The tie of a chosen edge.
    pub(crate) fn tie(&self, edge: usize, own_domains: &FxHashSet<String>) -> Tie {
        let (left, right) = self.ends(edge);
        let close = |second: Option<usize>| second.is_some_and(|other| self.is_close(edge, other));
        let ambiguous = close(self.runner_up_of(edge)) || close(self.rival_of(edge));
        let caution = self.caution(edge, ambiguous, own_domains);
        Tie {
            left: self.lefts.original(left as usize),
            right: self.rights.original(right as usize),
            score: self.found.probabilities[edge],
            decision: if caution.is_none() {
                Decision::Auto
            } else {
                Decision::Review
            },
            caution,
            ambiguous,
        }
    }

    /// A tie with its reasons.
    pub(crate) fn proposal(&self, edge: usize, tie: &Tie) -> Proposal {
        let seconds = [self.runner_up_of(edge), self.rival_of(edge)];
        let [runner_up, rival] = seconds;
        Proposal {
            left: tie.left as usize,
            right: tie.right as usize,
            score: tie.score,
            decision: tie.decision,
            caution: tie.caution,
            ambiguous: tie.ambiguous,
            prior_bits: self.found.model.prior,
            evidence: self.evidence(edge),
            runner_up: runner_up.map(|other| self.runner_up(other)),
            rival: rival.map(|other| self.rival(other)),
        }
    }

    fn ends(&self, edge: usize) -> (u32, u32) {
        let edge = &self.found.edges[edge];
        (edge.left, edge.right)
    }

    /// The next best edge of the left end.
    fn runner_up_of(&self, edge: usize) -> Option<usize> {
        let left = self.ends(edge).0 as usize;
        self.second(&self.found.graph.left, left, edge)
    }

    /// The next best edge of the right end, unless several may share it.
    fn rival_of(&self, edge: usize) -> Option<usize> {
        let right = self.ends(edge).1 as usize;
        if self.options.many_to_one {
            return None;
        }
        self.second(&self.found.graph.right, right, edge)
    }

    /// The best other edge of a node: the one that comes close, else the one that has the best
    /// odds by itself, so that a competitor who is somebody else's is still shown.
    fn second(&self, nodes: &Incidence, node: usize, edge: usize) -> Option<usize> {
        let rank = |other: usize| (self.is_close(edge, other), self.found.odds[other]);
        nodes
            .of(node)
            .iter()
            .map(|&other| (other as usize, rank(other as usize)))
            .filter(|&(other, _)| other != edge)
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .map(|(other, _)| other)
    }

    fn is_close(&self, edge: usize, other: usize) -> bool {
        if self.found.probabilities[other] >= CLOSE_PROBABILITY {
            return true;
        }
        let (left, right) = self.ends(other);
        let elsewhere = |nodes: &Incidence, node: u32| {
            nodes.of(node as usize).iter().any(|&third| {
                third as usize != edge && self.found.probabilities[third as usize] >= ELSEWHERE
            })
        };
        self.found.odds[other] > 0.0
            && self.found.odds[edge] - self.found.odds[other] < CLOSE_BITS
            && !elsewhere(&self.found.graph.left, left)
            && !elsewhere(&self.found.graph.right, right)
    }

    /// The right record of an edge as another choice.
    fn runner_up(&self, edge: usize) -> RunnerUp {
        self.choice(edge, self.rights.original(self.ends(edge).1 as usize))
    }

    /// The left record of an edge as another choice.
    fn rival(&self, edge: usize) -> RunnerUp {
        self.choice(edge, self.lefts.original(self.ends(edge).0 as usize))
    }

    fn choice(&self, edge: usize, index: u32) -> RunnerUp {
        RunnerUp {
            index: index as usize,
            score: self.found.probabilities[edge],
            evidence: self.evidence(edge),
        }
    }

    fn evidence(&self, edge: usize) -> Vec<Evidence> {
        explain(&self.comparer, &self.found.model, &self.comparison(edge))
    }

    /// The comparison behind an edge, with what was learned about it from others.
    fn comparison(&self, edge: usize) -> Comparison {
        let (left, right) = self.ends(edge);
        let mut memory = self.memory.borrow_mut();
        let mut comparison = self.comparer.compare_with(
            &mut memory,
            &self.lefts.get(left as usize),
            &self.rights.get(right as usize),
        );
        comparison.levels[STATUS] = self.found.edges[edge].levels[STATUS];
        comparison
    }

    pub(crate) fn why_unmatched(
        &self,
        left: usize,
        owner: impl Fn(u32) -> Option<usize>,
    ) -> Unmatched {
        let Some(edge) = self.found.best_of(left) else {
            return Unmatched::NothingInCommon;
        };
        let candidates = self.several_that_fit(left);
        if !candidates.is_empty() {
            return Unmatched::SeveralFit { candidates };
        }
        let right = self.ends(edge).1;
        let best = self.runner_up(edge);
        match owner(right) {
            Some(proposed_for) if self.found.odds[edge] > 0.0 => {
                Unmatched::BetterElsewhere { best, proposed_for }
            }
            _ => Unmatched::TooWeak { best },
        }
    }

    /// The candidates of a left person that are likely together and not alone; none when they are
    /// not even that, or when there is only one.
    fn several_that_fit(&self, left: usize) -> Vec<RunnerUp> {
        let mut close: Vec<usize> = self
            .found
            .graph
            .left
            .of(left)
            .iter()
            .map(|&edge| edge as usize)
            .filter(|&edge| self.found.probabilities[edge] >= CLOSE_PROBABILITY)
            .collect();
        let together: f64 = close
            .iter()
            .map(|&edge| self.found.probabilities[edge])
            .sum();
        if close.len() < 2 || together < self.options.review_threshold {
            return Vec::new();
        }
        close.sort_by(|one, other| {
            self.found.probabilities[*other].total_cmp(&self.found.probabilities[*one])
        });
        close.into_iter().map(|edge| self.runner_up(edge)).collect()
    }

    /// The first reason not to apply a tie without a look.
    fn caution(
        &self,
        edge: usize,
        ambiguous: bool,
        own_domains: &FxHashSet<String>,
    ) -> Option<&'static str> {
        let (left, right) = self.ends(edge);
        let (left, right) = (
            &self.lefts.get(left as usize),
            &self.rights.get(right as usize),
        );
        if left.machine || right.machine {
            return Some("shared or service account");
        }
        if ambiguous {
            return Some("a second candidate is close");
        }
        if self.has_active_alternative(edge) {
            return Some("deactivated, while an active record may be the same human's");
        }
        if !self.is_plainly_sound(edge) {
            let comparison = self.comparison(edge);
            if self.is_other_human(&comparison) {
                return Some(
                    if matches!(comparison.levels[ID], level::SAME | key_level::HANDED_ON) {
                        "the id is the same but the name is another human's: it may have been handed on"
                    } else {
                        "the names differ: the address or number may have been handed on"
                    },
                );
            }
            if !self.is_corroborated(&comparison, left, right, own_domains) {
                return Some("only one kind of evidence speaks for it");
            }
        }
        (self.found.probabilities[edge] < self.options.auto_threshold)
            .then_some("not certain enough")
    }

    /// Whether one end is deactivated, and another record that is not has the same name.
    fn has_active_alternative(&self, edge: usize) -> bool {
        let (left, right) = self.ends(edge);
        let is_inactive = |edge: usize| {
            let (left, right) = self.ends(edge);
            let (left, right) = (
                self.lefts.get(left as usize).inactive,
                self.rights.get(right as usize).inactive,
            );
            [left, right]
        };
        let agrees = |other: usize| {
            let levels = &self.found.edges[other].levels;
            let same = |part: usize| matches!(levels[part], name_level::SAME | name_level::VARIANT);
            same(GIVEN) && same(FAMILY) && self.found.odds[other] >= ALTERNATIVE_BITS
        };
        let has_other = |nodes: &Incidence, node: u32, end: usize| {
            let mut others = nodes.of(node as usize).iter().map(|other| *other as usize);
            others.any(|other| other != edge && !is_inactive(other)[end] && agrees(other))
        };
        match is_inactive(edge) {
            [false, true] => has_other(&self.found.graph.left, left, 1),
            [true, false] => has_other(&self.found.graph.right, right, 0),
            _ => false,
        }
    }

    /// Whether names and something else agree so clearly that no closer look is needed: most ties.
    fn is_plainly_sound(&self, edge: usize) -> bool {
        let edge = &self.found.edges[edge];
        let names = (1 << GIVEN) | (1 << FAMILY);
        let speaking = edge.rare_fields & self.likely_fields;
        let same = [GIVEN, FAMILY].map(|part| edge.levels[part] == name_level::SAME);
        same == [true, true] && speaking & names == names && speaking & !names != 0
    }

    /// Whether the names are known and speak against one human on the whole.
    fn is_other_human(&self, comparison: &Comparison) -> bool {
        let (given, family) = (comparison.levels[GIVEN], comparison.levels[FAMILY]);
        let bits = self.found.model.field_bits(comparison, GIVEN)
            + self.found.model.field_bits(comparison, FAMILY);
        (given == name_level::DIFFERENT || family == name_level::DIFFERENT) && bits < 0.0
    }

    /// Whether two independent kinds of evidence agree, or an address of the organization's own
    /// domain does and nothing else is known.
    fn is_corroborated(
        &self,
        comparison: &Comparison,
        left: &Person<'_>,
        right: &Person<'_>,
        own_domains: &FxHashSet<String>,
    ) -> bool {
        let speaks = |field: usize| self.found.model.field_bits(comparison, field) >= 2.0;
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
