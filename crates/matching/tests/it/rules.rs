//! What somebody may say about matching here: domains that count as one, aliases, and kinds of
//! evidence that are left out.

use counterpart_matching::{Decision, EvidenceKind, MatchResult, Options, Record, match_records};

use crate::{STAFF, person};

/// A directory whose addresses the names do not explain.
fn by_number(domain: &str, names: bool) -> Vec<Record> {
    STAFF
        .iter()
        .zip(100..)
        .map(|((given, family), number)| Record {
            given: if names {
                (*given).into()
            } else {
                String::new()
            },
            family: if names {
                (*family).into()
            } else {
                String::new()
            },
            emails: vec![format!("p{number}x@{domain}")],
            ..Record::default()
        })
        .collect()
}

fn words(result: &MatchResult) -> Vec<&str> {
    let evidence = result
        .proposals
        .iter()
        .flat_map(|proposal| &proposal.evidence);
    evidence.map(|evidence| &*evidence.words).collect()
}

#[test]
fn addresses_of_domains_that_count_as_one_are_equal() {
    let (left, right) = (
        by_number("old.example", true),
        by_number("new.example", true),
    );
    for pair in [
        ("OLD.example", "new.example"),
        ("new.example", "old.example"),
    ] {
        let options = Options {
            equivalent_domains: vec![(pair.0.into(), pair.1.into())],
            ..Options::default()
        };
        let result = match_records(&left, &right, &options);
        assert_eq!(result.proposals.len(), STAFF.len());
        for proposal in &result.proposals {
            let is = (proposal.right, proposal.decision);
            assert_eq!(is, (proposal.left, Decision::Auto));
        }
        let expected = "e-mail equal, as its domains count as one";
        assert!(words(&result).contains(&expected), "{:?}", words(&result));
    }
    let usual = match_records(&left, &right, &Options::default());
    assert!(
        !words(&usual)
            .iter()
            .any(|words| words.contains("count as one"))
    );
}

#[test]
fn an_alias_is_another_spelling() {
    let left = vec![
        person("Wilbert", "Nakamura", "w1@a.example"),
        person("Grace", "Hopper", "g1@a.example"),
    ];
    let right = vec![
        person("Skip", "Nakamura", "x7@b.example"),
        person("Grace", "Hopper", "g7@b.example"),
    ];
    let score = |aliases: Vec<(String, String)>| {
        let options = Options {
            aliases,
            review_threshold: 0.01,
            ..Options::default()
        };
        let result = match_records(&left, &right, &options);
        let of_first = result.proposals.iter().find(|proposal| proposal.left == 0);
        of_first.map_or(0.0, |proposal| proposal.score)
    };
    let (with, without) = (
        score(vec![("Skip".into(), "WILBERT".into())]),
        score(vec![]),
    );
    assert!(with > without + 0.2, "{with} with, {without} without");
}

#[test]
fn what_is_left_out_speaks_neither_for_nor_against() {
    let (left, right) = (by_number("a.example", true), by_number("a.example", true));
    let options = Options {
        without: vec![EvidenceKind::Email, EvidenceKind::Domain],
        ..Options::default()
    };
    let result = match_records(&left, &right, &options);
    let kinds = result
        .proposals
        .iter()
        .flat_map(|proposal| &proposal.evidence);
    let mut kinds = kinds.map(|evidence| evidence.kind);
    assert!(kinds.all(|kind| !options.without.contains(&kind)));
    let usual = match_records(&left, &right, &Options::default());
    let surest = |result: &MatchResult| {
        let scores = result.proposals.iter().map(|proposal| proposal.score);
        scores.fold(0.0, f64::max)
    };
    assert!(surest(&result) < surest(&usual));
}

#[test]
fn machines_are_told_from_humans_whatever_is_left_out() {
    let mut machine = person("Ada", "Lovelace", "ada.lovelace@a.example");
    machine.kind = counterpart_matching::AccountKind::Service;
    let human = person("Ada", "Lovelace", "ada.lovelace@a.example");
    let options = Options {
        without: vec![EvidenceKind::Account],
        ..Options::default()
    };
    let result = match_records(&[human], &[machine], &options);
    assert!(
        result
            .proposals
            .iter()
            .all(|it| it.decision == Decision::Review)
    );
}
