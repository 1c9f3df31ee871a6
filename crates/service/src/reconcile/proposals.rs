//! What the matcher found, in the words of the model.

use counterpart_matching::{MatchResult, RunnerUp, Unmatched};
use counterpart_model::{ConnectionId, CrmUserId, Evidence, PersonId, Proposal, Rival};

/// What the matcher found, as proposals: one for everybody of whom something is known.
///
/// The people and the CRM users stand in the order of the records that were matched.
pub(crate) fn proposals(
    connection: ConnectionId,
    people: &[PersonId],
    users: &[CrmUserId],
    result: &MatchResult,
) -> Vec<Proposal> {
    let found = result.proposals.iter().map(|proposal| {
        let mut why = evidence(&proposal.evidence);
        why.extend(proposal.caution.iter().map(|caution| Evidence {
            kind: CAUTION.to_owned(),
            words: (*caution).to_owned(),
            weight: 0.0,
        }));
        Proposal {
            connection_id: connection,
            person_id: people[proposal.left],
            crm_user_id: users[proposal.right].clone(),
            score: proposal.score,
            certain: proposal.decision == counterpart_matching::Decision::Auto
                && !proposal.ambiguous,
            ambiguous: proposal.ambiguous,
            evidence: why,
            rivals: proposal
                .runner_up
                .iter()
                .map(|rival| rival_of(users, rival))
                .collect(),
        }
    });
    let unclear = result.unmatched.iter().filter_map(|(left, why)| {
        let Unmatched::SeveralFit { candidates } = why else {
            return None;
        };
        let (best, others) = candidates.split_first()?;
        Some(Proposal {
            connection_id: connection,
            person_id: people[*left],
            crm_user_id: users[best.index].clone(),
            score: best.score,
            certain: false,
            ambiguous: true,
            evidence: evidence(&best.evidence),
            rivals: others.iter().map(|other| rival_of(users, other)).collect(),
        })
    });
    found.chain(unclear).collect()
}

fn rival_of(users: &[CrmUserId], rival: &RunnerUp) -> Rival {
    Rival {
        crm_user_id: users[rival.index].clone(),
        score: rival.score,
        evidence: evidence(&rival.evidence),
    }
}

/// The kind of the piece of evidence that says why a proposal is not certain.
const CAUTION: &str = "caution";

pub(crate) fn evidence(found: &[counterpart_matching::Evidence]) -> Vec<Evidence> {
    found
        .iter()
        .map(|evidence| Evidence {
            kind: evidence.kind.as_str().to_owned(),
            words: evidence.words.to_string(),
            weight: evidence.bits,
        })
        .collect()
}
