//! Explanations that an admin can follow.

use counterpart_matching::{Options, Unmatched, match_records};

use crate::{STAFF, person, staff};

#[test]
fn the_waterfall_adds_up_to_the_score_of_a_pair_without_rivals() {
    let people = staff("example.com");
    let result = match_records(&people, &people, &Options::default());
    let proposal = result
        .proposals
        .iter()
        .find(|proposal| proposal.runner_up.is_none() && proposal.rival.is_none())
        .expect("somebody without rivals");
    let bits: f64 =
        proposal.evidence.iter().map(|step| step.bits).sum::<f64>() + proposal.prior_bits;
    let score = bits.exp2() / (1.0 + bits.exp2());
    assert!(
        (score - proposal.score).abs() < 0.01,
        "{score} {}",
        proposal.score
    );
}

#[test]
fn the_strongest_evidence_comes_first_in_plain_words() {
    let people = staff("example.com");
    let result = match_records(&people, &people, &Options::default());
    for proposal in &result.proposals {
        let bits: Vec<f64> = proposal
            .evidence
            .iter()
            .map(|step| step.bits.abs())
            .collect();
        assert!(bits.is_sorted_by(|one, other| one >= other));
        assert!(
            proposal
                .evidence
                .iter()
                .any(|step| step.words.starts_with("e-mail equal"))
        );
    }
}

#[test]
fn an_unmatched_record_says_who_was_best() {
    let mut left = staff("example.com");
    left.push(person(STAFF[0].0, STAFF[0].1, "another@example.com"));
    let result = match_records(&left, &staff("example.com"), &Options::default());
    match result.why_unmatched(STAFF.len()) {
        Some(Unmatched::BetterElsewhere { best, proposed_for }) => {
            assert_eq!((best.index, *proposed_for), (0, 0));
        }
        Some(Unmatched::TooWeak { best }) => assert_eq!(best.index, 0),
        other => panic!("{other:?}"),
    }
    assert_eq!(result.why_unmatched(0), None);
}

#[test]
fn a_particle_of_the_surname_is_not_taken_for_a_given_name() {
    let mut left = staff("example.com");
    left.push(person("Aisha", "El-Sayed", "aisha.elsayed@example.com"));
    let mut right = staff("example.com");
    right.push(person("A.", "El-Sayed", "aelsayed@example.com"));
    let result = match_records(&left, &right, &Options::default());
    let proposal = result.proposals.iter().find(|it| it.left == STAFF.len());
    let evidence = &proposal.expect("an initial fits").evidence;
    assert!(
        evidence.iter().all(|it| it.words != "given name differs"),
        "{evidence:?}"
    );
}
