//! What holds for any two directories.

use std::collections::HashSet;

use counterpart_matching::{Decision, MatchResult, Options, Record, match_records};
use proptest::prelude::*;

use crate::person;

/// Names that collide often, so that competition is the rule.
fn any_record() -> impl Strategy<Value = Record> {
    let given = prop::sample::select(vec![
        "Ann", "Anna", "Bob", "Robert", "Élodie", "J.", "Wei", "",
    ]);
    let family = prop::sample::select(vec!["Smith", "Smyth", "Lee", "Müller", "Mueller", "王", ""]);
    let local = prop::sample::select(vec!["ann", "a.smith", "bob", "info", "wei.wang", "x9", ""]);
    let domain = prop::sample::select(vec!["example.com", "other.test", "gmail.com"]);
    let phone = prop::sample::select(vec!["", "+44 20 1234567", "(20) 123-4567", "12345678"]);
    (given, family, local, domain, phone, any::<bool>()).prop_map(
        |(given, family, local, domain, phone, inactive)| {
            let email = if local.is_empty() {
                String::new()
            } else {
                format!("{local}@{domain}")
            };
            let mut record = person(given, family, &email);
            record
                .phones
                .extend((!phone.is_empty()).then(|| phone.to_owned()));
            record.inactive = inactive;
            record
        },
    )
}

fn any_side() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(any_record(), 0..25)
}

fn run(left: &[Record], right: &[Record]) -> MatchResult {
    match_records(left, right, &Options::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn ties_are_one_to_one_in_order_and_complete(left in any_side(), right in any_side()) {
        let result = run(&left, &right);
        let mut rights = HashSet::new();
        let mut lefts: Vec<usize> = Vec::new();
        for proposal in &result.proposals {
            prop_assert!(rights.insert(proposal.right));
            lefts.push(proposal.left);
            prop_assert!((0.0..=1.0).contains(&proposal.score));
        }
        prop_assert!(lefts.is_sorted_by(|one, other| one < other));
        lefts.extend(result.unmatched.iter().map(|(left, _)| *left));
        lefts.sort_unstable();
        prop_assert_eq!(lefts, (0..left.len()).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_input_gives_the_same_result(left in any_side(), right in any_side()) {
        prop_assert_eq!(run(&left, &right), run(&left, &right));
    }

    #[test]
    fn an_ambiguous_tie_is_never_automatic(left in any_side(), right in any_side()) {
        for proposal in run(&left, &right).proposals {
            if proposal.ambiguous || proposal.score < 0.98 {
                prop_assert_eq!(proposal.decision, Decision::Review);
            }
        }
    }

    #[test]
    fn a_twin_of_the_right_record_makes_its_tie_a_question(
        left in any_side(), right in any_side(), which in any::<prop::sample::Index>()
    ) {
        let result = run(&left, &right);
        if result.proposals.is_empty() {
            return Ok(());
        }
        let tie = which.get(&result.proposals);
        let mut twins = right.clone();
        twins.push(right[tie.right].clone());
        let again = run(&left, &twins);
        let found = again.proposals.iter().find(|proposal| proposal.left == tie.left);
        if let Some(found) = found.filter(|found| [tie.right, right.len()].contains(&found.right)) {
            // Two lefts of one human may take the twins; one alone must not do so by itself.
            let other = again.proposals.iter().any(|proposal| {
                proposal.left != tie.left && [tie.right, right.len()].contains(&proposal.right)
            });
            prop_assert!(other || found.decision == Decision::Review);
        }
    }
}
