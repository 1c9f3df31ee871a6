//! What becomes a tie, and what is never applied without a look.

use counterpart_matching::{
    AccountKind, Decision, Index, Label, MatchResult, Options, Record, Unmatched, match_records,
};

use crate::{STAFF, person, staff};

fn run(left: &[Record], right: &[Record]) -> MatchResult {
    match_records(left, right, &Options::default())
}

fn decision_of(result: &MatchResult, left: usize) -> Option<(usize, Decision)> {
    let proposal = result
        .proposals
        .iter()
        .find(|proposal| proposal.left == left)?;
    Some((proposal.right, proposal.decision))
}

#[test]
fn a_small_directory_with_equal_addresses_is_certain() {
    let result = run(&staff("example.com"), &staff("example.com"));
    assert_eq!(result.proposals.len(), STAFF.len());
    for proposal in &result.proposals {
        assert_eq!(
            (proposal.left, proposal.decision),
            (proposal.right, Decision::Auto)
        );
    }
}

#[test]
fn names_alone_tie_a_small_directory_for_review_at_least() {
    let names = |folded: bool| -> Vec<Record> {
        STAFF
            .iter()
            .map(|(given, family)| Record {
                full_name: if folded {
                    format!("{family}, {given}")
                } else {
                    format!("{given} {family}")
                },
                ..Record::default()
            })
            .collect()
    };
    let result = run(&names(false), &names(true));
    assert_eq!(result.proposals.len(), STAFF.len());
    assert!(
        result
            .proposals
            .iter()
            .all(|proposal| proposal.left == proposal.right)
    );
}

#[test]
fn spellings_scripts_and_short_forms_are_understood() {
    let pairs = [
        (("Jürgen", "Müller"), ("Juergen", "Mueller")),
        (("Елена", "Иванова"), ("Elena", "Ivanova")),
        (("Robert", "Smith"), ("Bob", "Smith")),
        (("Wei", "Zhang"), ("伟", "张")),
        (("Mohammed", "Hassan"), ("Muhammad", "Hasan")),
        (("Γιώργος", "Παπαδόπουλος"), ("Giorgos", "Papadopoulos")),
        (("Anna", "Schmidt-Weber"), ("Anna", "Schmidt")),
        (("Taro", "Yamada"), ("Yamada", "Taro")),
    ];
    let side = |first: bool| -> Vec<Record> {
        pairs
            .iter()
            .map(|(one, other)| {
                let (given, family) = if first { one } else { other };
                person(given, family, "")
            })
            .collect()
    };
    let result = run(&side(true), &side(false));
    let found: Vec<(usize, usize)> = result
        .proposals
        .iter()
        .map(|proposal| (proposal.left, proposal.right))
        .collect();
    assert_eq!(
        found,
        (0..pairs.len())
            .map(|place| (place, place))
            .collect::<Vec<_>>()
    );
}

#[test]
fn two_equal_candidates_are_never_automatic() {
    let mut right = staff("example.com");
    right.push(right[3].clone());
    let result = run(&staff("example.com"), &right);
    let (_, decision) = decision_of(&result, 3).expect("a proposal");
    assert_eq!(decision, Decision::Review);
    let proposal = result
        .proposals
        .iter()
        .find(|proposal| proposal.left == 3)
        .unwrap();
    assert!(proposal.ambiguous && proposal.runner_up.is_some());
}

#[test]
fn a_deactivated_duplicate_loses_to_the_active_record() {
    let left = staff("example.com");
    let mut right = staff("example.com");
    right[5].inactive = true;
    right.push(person(STAFF[5].0, STAFF[5].1, "user5@example.com"));
    assert_eq!(
        decision_of(&run(&left, &right), 5).map(|found| found.0),
        Some(STAFF.len())
    );
}

#[test]
fn a_reused_address_under_another_name_is_not_automatic() {
    let left = staff("example.com");
    let mut right = staff("example.com");
    right[0] = person("Zebulon", "Quartermain", "user0@example.com");
    let found = decision_of(&run(&left, &right), 0);
    assert!(!matches!(found, Some((_, Decision::Auto))), "{found:?}");
}

#[test]
fn a_reused_employee_number_under_another_name_is_not_automatic() {
    let with_number = |mut record: Record, number: usize| {
        record.external_ids = vec![format!("E{:05}", 73 * number)];
        record
    };
    let numbered = |people: Vec<Record>| -> Vec<Record> {
        people
            .into_iter()
            .enumerate()
            .map(|(n, record)| with_number(record, n))
            .collect()
    };
    let left = numbered(staff("example.com"));
    let mut right = left.clone();
    right[2] = with_number(person("Zebulon", "Quartermain", "zq@example.com"), 2);
    let found = decision_of(&run(&left, &right), 2);
    assert!(!matches!(found, Some((_, Decision::Auto))), "{found:?}");
}

#[test]
fn shared_and_service_accounts_are_never_automatic() {
    let mut left = staff("example.com");
    let mut right = staff("example.com");
    left[0] = person("Support", "Team", "support@example.com");
    right[0] = person("Support", "Team", "support@example.com");
    left[1].kind = AccountKind::Service;
    right[1].kind = AccountKind::Service;
    let result = run(&left, &right);
    for place in [0, 1] {
        let found = decision_of(&result, place);
        assert!(
            !matches!(found, Some((_, Decision::Auto))),
            "{place} {found:?}"
        );
    }
}

#[test]
fn an_address_of_a_foreign_domain_alone_is_not_automatic() {
    let mut left = staff("example.com");
    let mut right = staff("example.com");
    left.push(person("", "", "somebody.odd@elsewhere.test"));
    right.push(person("", "", "somebody.odd@elsewhere.test"));
    let last = STAFF.len();
    assert_eq!(
        decision_of(&run(&left, &right), last),
        Some((last, Decision::Review))
    );
}

#[test]
fn ruled_out_and_taken_records_are_left_alone() {
    let people = staff("example.com");
    let options = Options {
        labels: vec![Label {
            left: 0,
            right: 0,
            same: false,
        }],
        taken_left: vec![1],
        taken_right: vec![2],
        ..Options::default()
    };
    let result = match_records(&people, &people, &options);
    for left in [0, 1, 2] {
        assert_eq!(decision_of(&result, left), None, "{left}");
    }
    assert_eq!(result.why_unmatched(1), Some(&Unmatched::Taken));
    assert_eq!(result.proposals.len(), STAFF.len() - 3);
}

#[test]
fn empty_sides_and_empty_records_are_no_trouble() {
    assert_eq!(run(&[], &[]).proposals.len(), 0);
    assert_eq!(run(&staff("example.com"), &[]).unmatched.len(), STAFF.len());
    let nothing = vec![Record::default(); 3];
    let result = run(&nothing, &nothing);
    assert_eq!(result.proposals.len(), 0);
    assert_eq!(result.why_unmatched(0), Some(&Unmatched::NothingInCommon));
}

#[test]
fn the_index_finds_one_person_by_parts_of_what_is_known() {
    let index = Index::new(&staff("example.com"));
    for (record, expected) in [
        (person("Bob", "Smith", ""), 8),
        (person("", "", "USER4+x@example.com"), 4),
        (person("Sean", "OBrien", ""), 14),
    ] {
        let found = index.candidates(&record, 3);
        assert_eq!(found.first().map(|best| best.index), Some(expected));
        assert!(found.len() <= 3 && !found[0].evidence.is_empty());
    }
    assert!(
        Index::new(&[])
            .candidates(&person("Ada", "Lovelace", ""), 3)
            .is_empty()
    );
}

#[test]
fn namesakes_that_the_data_has_make_their_name_worth_less() {
    let names_bits = |namesakes: usize| -> f64 {
        let mut left = staff("example.com");
        let right = staff("example.com");
        for number in 0..namesakes {
            left.push(person(
                STAFF[7].0,
                STAFF[7].1,
                &format!("other{number}@elsewhere.test"),
            ));
        }
        let result = run(&left, &right);
        let tie = result
            .proposals
            .iter()
            .find(|tie| tie.right == 7)
            .expect("a proposal");
        let names = tie
            .evidence
            .iter()
            .filter(|step| step.words.contains("name equal"));
        names.map(|step| step.bits).sum()
    };
    assert!(names_bits(4) < names_bits(0) - 1.0);
}
