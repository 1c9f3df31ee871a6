//! The rows of the mapping and of the file of people without a tie.

use counterpart_matching::{Decision, Evidence, Explainer, Proposal, RunnerUp, Unmatched};

use super::outcome::{TieOrigin, Tied};
use super::pairs::BothIds;
use super::row_writer::{Json, RowWriter};

/// The header of a mapping.
pub(super) const MAPPING_HEADER: &str = "a_id,b_id,score,decision,evidence";

/// The header of the people of A without a tie.
pub(super) const UNMATCHED_HEADER: &str = "a_id,reason,best_b_id,score,evidence";

/// The evidence of a tie that nobody has to find any more.
pub(super) const DECIDED_BEFORE: &str = "decided before";

/// Appends a tie as a row of the mapping.
pub(super) fn mapping_row(
    ids: BothIds<'_>,
    explainer: &Explainer<'_>,
    tie: &Tied,
    buffer: &mut Vec<u8>,
) {
    let mut row = RowWriter::new(buffer);
    row.text(ids.left.of(tie.left))
        .text(ids.right.of(tie.right));
    match tie.origin {
        TieOrigin::Found(place) => {
            let proposal = explainer.proposal(place as usize);
            row.probability(proposal.score)
                .text(word_of(proposal.decision))
                .json(|json| waterfall(json, &proposal, ids));
        }
        TieOrigin::Decided => {
            row.probability(1.0)
                .text(word_of(Decision::Auto))
                .json(decided);
        }
    }
    row.end();
}

/// Appends a person of A, by row, who has no tie.
pub(super) fn unmatched_row(
    ids: BothIds<'_>,
    explainer: &Explainer<'_>,
    left: u32,
    buffer: &mut Vec<u8>,
) {
    let mut row = RowWriter::new(buffer);
    row.text(ids.left.of(left));
    match explainer.why_unmatched(left as usize) {
        Some(why) => {
            row.text(reason_of(&why));
            candidates(&why, ids, &mut row);
        }
        None => {
            row.text("").text("").text("").text("");
        }
    }
    row.end();
}

fn candidates(why: &Unmatched, ids: BothIds<'_>, row: &mut RowWriter<'_>) {
    let (best, others, proposed_for) = match why {
        Unmatched::SeveralFit { candidates } => match candidates.split_first() {
            Some((best, others)) => (best, others, None),
            None => return none(row),
        },
        Unmatched::TooWeak { best } => (best, [].as_slice(), None),
        Unmatched::BetterElsewhere { best, proposed_for } => (
            best,
            [].as_slice(),
            Some(ids.left.of(row_of(*proposed_for))),
        ),
        Unmatched::NothingInCommon | Unmatched::Taken => return none(row),
    };
    row.text(ids.right.of(row_of(best.index)))
        .probability(best.score)
        .json(|json| {
            json.key('{', "evidence");
            steps(json, &best.evidence);
            for (place, candidate) in others.iter().enumerate() {
                let id = ids.right.of(row_of(candidate.index));
                if place == 0 {
                    json.key(',', "others").punctuation("[");
                } else {
                    json.punctuation(",");
                }
                other(json, "b_id", id, candidate);
            }
            json.punctuation(if others.is_empty() { "" } else { "]" });
            if let Some(a_id) = proposed_for {
                json.key(',', "proposed_for").string(a_id);
            }
            json.punctuation("}");
        });
}

fn none(row: &mut RowWriter<'_>) {
    row.text("").text("").text("");
}

/// The word of a decision, as the mapping writes it.
pub(super) fn word_of(decision: Decision) -> &'static str {
    match decision {
        Decision::Auto => "auto",
        Decision::Review => "review",
    }
}

/// The word of a reason, as the files and the JSON have it.
pub(super) fn reason_of(why: &Unmatched) -> &'static str {
    match why {
        Unmatched::NothingInCommon => "nothing-in-common",
        Unmatched::SeveralFit { .. } => "several-fit",
        Unmatched::TooWeak { .. } => "too-weak",
        Unmatched::BetterElsewhere { .. } => "better-elsewhere",
        Unmatched::Taken => "taken",
    }
}

/// The row of an index of the matcher. It got no more rows than 32 bits number.
pub(super) fn row_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// In place of a waterfall, what a past decision says.
fn decided(json: &mut Json<'_>) {
    json.key('{', "evidence").punctuation("[[");
    json.string(DECIDED_BEFORE).punctuation(",").number(0.0, 2);
    json.punctuation("]]").key(',', "prior").number(0.0, 2);
    json.punctuation("}");
}

/// The waterfall of a proposal and of its runner-up; members in the order of the alphabet.
fn waterfall(json: &mut Json<'_>, proposal: &Proposal, ids: BothIds<'_>) {
    json.punctuation("{");
    if let Some(caution) = proposal.caution {
        json.string("caution").punctuation(":");
        json.string(caution).punctuation(",");
    }
    json.string("evidence").punctuation(":");
    steps(json, &proposal.evidence);
    json.key(',', "prior").number(proposal.prior_bits, 2);
    if let Some(rival) = &proposal.rival {
        json.key(',', "rival");
        let id = ids.left.of(row_of(rival.index));
        other(json, "a_id", id, rival);
    }
    if let Some(runner_up) = &proposal.runner_up {
        json.key(',', "runner_up");
        let id = ids.right.of(row_of(runner_up.index));
        other(json, "b_id", id, runner_up);
    }
    json.punctuation("}");
}

/// Another candidate, by the id of its side.
fn other(json: &mut Json<'_>, key: &str, id: &str, candidate: &RunnerUp) {
    json.key('{', key).string(id).key(',', "evidence");
    steps(json, &candidate.evidence);
    json.key(',', "score").number(candidate.score, 4);
    json.punctuation("}");
}

/// Pieces of evidence as `[words, bits]`.
fn steps(json: &mut Json<'_>, evidence: &[Evidence]) {
    json.punctuation("[");
    for (place, step) in evidence.iter().enumerate() {
        json.punctuation(if place == 0 { "[" } else { ",[" });
        json.string(&step.words).punctuation(",");
        json.number(step.bits, 2).punctuation("]");
    }
    json.punctuation("]");
}
