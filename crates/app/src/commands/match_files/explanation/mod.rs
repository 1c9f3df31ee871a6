//! Why one person of A has the tie they have, or none, step by step.

mod text;

use counterpart_matching::{Decision, Evidence, RunnerUp, Unmatched};
use serde::Serialize;

use super::outcome::{Outcome, TieOrigin, Tied};
use super::pairs::BothIds;
use super::rows::{DECIDED_BEFORE, reason_of, row_of, word_of};

/// Everything about one person of A.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    a_id: String,
    #[serde(flatten)]
    reasons: Reasons,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Reasons {
    Decided {
        b_id: String,
        decision: &'static str,
        score: f64,
        words: &'static str,
    },
    Tied(Box<Waterfall>),
    Unmatched {
        reason: &'static str,
        words: String,
        candidates: Vec<Candidate>,
    },
}

#[derive(Debug, Serialize)]
struct Waterfall {
    b_id: String,
    decision: &'static str,
    /// Probability among everybody who competes.
    score: f64,
    /// Probability of the pair if there were nobody else.
    alone: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<&'static str>,
    /// Bits before any evidence.
    prior: f64,
    evidence: Vec<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runner_up: Option<Candidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rival: Option<Candidate>,
}

/// A piece of evidence, and the bits of all up to it.
#[derive(Debug, Serialize)]
struct Step {
    words: String,
    bits: f64,
    sum: f64,
}

/// Somebody who was not chosen.
#[derive(Debug, Serialize)]
struct Candidate {
    id: String,
    score: f64,
    evidence: Vec<Step>,
    /// Whom it is tied to instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    tied_to: Option<String>,
    /// Why it lost, where that can be said in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_by: Option<String>,
}

/// What explanations are made from.
pub(super) struct Explainer<'a> {
    pub(super) ids: BothIds<'a>,
    pub(super) outcome: &'a Outcome,
    /// Least probability of a proposal.
    pub(super) review_threshold: f64,
}

impl Explainer<'_> {
    /// The explanation of a person of A, by row.
    pub(super) fn explain(&self, left: u32) -> Explanation {
        let reasons = match self.outcome.tie_of(left) {
            None => self.unmatched(left),
            Some(tie) => match tie.origin {
                TieOrigin::Found(place) => Reasons::Tied(Box::new(self.tied(tie, place))),
                TieOrigin::Decided => Reasons::Decided {
                    b_id: self.ids.right.of(tie.right).to_owned(),
                    decision: word_of(Decision::Auto),
                    score: 1.0,
                    words: DECIDED_BEFORE,
                },
            },
        };
        Explanation {
            a_id: self.ids.left.of(left).to_owned(),
            reasons,
        }
    }

    fn tied(&self, tie: &Tied, place: u32) -> Waterfall {
        let proposal = self.outcome.matches().proposal(place as usize);
        let evidence = steps(proposal.prior_bits, &proposal.evidence);
        let sum = evidence.last().map_or(proposal.prior_bits, |last| last.sum);
        let other = |other: &RunnerUp, id: &str, tied: Option<&str>| Candidate {
            id: id.to_owned(),
            score: other.score,
            evidence: steps(proposal.prior_bits, &other.evidence),
            tied_to: tied.map(str::to_owned),
            lost_by: loss(&proposal.evidence, &other.evidence),
        };
        Waterfall {
            b_id: self.ids.right.of(tie.right).to_owned(),
            decision: word_of(proposal.decision),
            score: proposal.score,
            alone: probability(sum),
            caution: proposal.caution,
            prior: proposal.prior_bits,
            runner_up: proposal.runner_up.as_ref().map(|runner_up| {
                let right = row_of(runner_up.index);
                other(runner_up, self.ids.right.of(right), self.tied_to(right))
            }),
            rival: proposal.rival.as_ref().map(|rival| {
                let left = row_of(rival.index);
                other(rival, self.ids.left.of(left), self.tie_of(left))
            }),
            evidence,
        }
    }

    fn unmatched(&self, left: u32) -> Reasons {
        let Some(why) = self.outcome.matches().why_unmatched(left as usize) else {
            return Reasons::Unmatched {
                reason: "",
                words: "it is not among the records that were matched".to_owned(),
                candidates: Vec::new(),
            };
        };
        let (words, candidates) = match &why {
            Unmatched::NothingInCommon => (
                "nobody in B shares anything with it that few others have".to_owned(),
                [].as_slice(),
            ),
            Unmatched::SeveralFit { candidates } => (
                format!(
                    "{} of B fit, and nothing tells them apart; no one of them reaches {}",
                    candidates.len(),
                    self.review_threshold
                ),
                candidates.as_slice(),
            ),
            Unmatched::TooWeak { best } => (
                format!(
                    "the best candidate is too weak: its probability of {:.4} is below {}",
                    best.score, self.review_threshold
                ),
                std::slice::from_ref(best),
            ),
            Unmatched::BetterElsewhere { best, proposed_for } => (
                format!(
                    "the best candidate suits {} better",
                    self.ids.left.of(row_of(*proposed_for))
                ),
                std::slice::from_ref(best),
            ),
            Unmatched::Taken => ("it was tied before this match".to_owned(), [].as_slice()),
        };
        let candidate = |other: &RunnerUp| {
            let right = row_of(other.index);
            Candidate {
                id: self.ids.right.of(right).to_owned(),
                score: other.score,
                evidence: steps(0.0, &other.evidence),
                tied_to: self.tied_to(right).map(str::to_owned),
                lost_by: None,
            }
        };
        Reasons::Unmatched {
            reason: reason_of(&why),
            words,
            candidates: candidates.iter().map(candidate).collect(),
        }
    }

    /// The id of A that a row of B is tied to.
    fn tied_to(&self, right: u32) -> Option<&str> {
        let tie = self.outcome.tie_to(right)?;
        Some(self.ids.left.of(tie.left))
    }

    /// The id of B that a row of A is tied to.
    fn tie_of(&self, left: u32) -> Option<&str> {
        let tie = self.outcome.tie_of(left)?;
        Some(self.ids.right.of(tie.right))
    }
}

fn steps(start: f64, evidence: &[Evidence]) -> Vec<Step> {
    let mut sum = start;
    evidence
        .iter()
        .map(|piece| {
            sum += piece.bits;
            Step {
                words: piece.words.clone().into_owned(),
                bits: piece.bits,
                sum,
            }
        })
        .collect()
}

/// The probability of log2 odds.
fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

/// The kind of evidence in which the loser is furthest behind, in the words of both.
fn loss(winner: &[Evidence], loser: &[Evidence]) -> Option<String> {
    let same_kind = |piece: &Evidence| loser.iter().find(|other| other.kind == piece.kind);
    let behind = |piece: &Evidence| piece.bits - same_kind(piece).map_or(0.0, |other| other.bits);
    let worst = winner
        .iter()
        .max_by(|one, other| behind(one).total_cmp(&behind(other)))
        .filter(|piece| behind(piece) > 0.0)?;
    let there = same_kind(worst).map_or_else(
        || "nothing of the kind".to_owned(),
        |other| format!("'{}' ({:+.2})", other.words, other.bits),
    );
    Some(format!(
        "most by '{}' ({:+.2}), where this one has {there}",
        worst.words, worst.bits
    ))
}

#[cfg(test)]
mod tests {
    use counterpart_matching::EvidenceKind;

    use super::*;

    fn piece(kind: EvidenceKind, words: &'static str, bits: f64) -> Evidence {
        Evidence {
            kind,
            words: words.into(),
            bits,
        }
    }

    #[test]
    fn steps_add_up_from_the_prior() {
        let evidence = [
            piece(EvidenceKind::Email, "e-mail equal", 12.0),
            piece(EvidenceKind::Phone, "phone number differs", -2.0),
        ];
        let sums: Vec<f64> = steps(-10.0, &evidence)
            .iter()
            .map(|step| step.sum)
            .collect();
        assert!((sums[0] - 2.0).abs() < 1e-9 && sums[1].abs() < 1e-9);
        assert!((probability(0.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_loss_names_the_widest_gap() {
        let winner = [
            piece(EvidenceKind::FamilyName, "family name equal", 8.0),
            piece(EvidenceKind::Email, "e-mail equal", 9.0),
        ];
        let loser = [
            piece(EvidenceKind::Email, "e-mail equal", 9.0),
            piece(EvidenceKind::FamilyName, "family name differs", -4.0),
        ];
        assert_eq!(
            loss(&winner, &loser).unwrap(),
            "most by 'family name equal' (+8.00), where this one has 'family name differs' (-4.00)"
        );
        assert_eq!(loss(&winner, &winner), None);
    }
}
