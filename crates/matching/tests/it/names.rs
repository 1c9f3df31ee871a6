//! Pairs of full names, judged: the development set and what must always hold.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use counterpart_matching::NameJudge;
use proptest::prelude::*;

/// The pairs, in groups that its comments describe.
const PAIRS: &str = include_str!("../data/name_pairs.psv");

/// Built once: the tables never change.
static JUDGE: LazyLock<NameJudge> = LazyLock::new(NameJudge::new);

struct Row {
    one: &'static str,
    other: &'static str,
    same: bool,
    group: &'static str,
}

fn rows() -> Vec<Row> {
    PAIRS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            assert_eq!(cells.len(), 4, "{line}");
            Row {
                one: cells[0],
                other: cells[1],
                same: cells[2] == "true",
                group: cells[3],
            }
        })
        .collect()
}

#[test]
fn the_set_is_large_and_has_hard_negatives() {
    let rows = rows();
    let others = rows.iter().filter(|row| !row.same).count();
    assert!(
        rows.len() >= 500 && others >= 200,
        "{} {others}",
        rows.len()
    );
    for (place, row) in rows.iter().enumerate() {
        assert!(
            rows[..place]
                .iter()
                .all(|before| (before.one, before.other) != (row.one, row.other)),
            "{} | {} stands twice",
            row.one,
            row.other
        );
    }
}

#[test]
fn names_are_judged_as_well_as_they_were() {
    let (mut right, mut wrong, mut missed) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut groups: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for row in rows() {
        let is_match = JUDGE.judge(row.one, row.other).score >= NameJudge::DEFAULT_THRESHOLD;
        match (is_match, row.same) {
            (true, true) => right += 1.0,
            (true, false) => wrong += 1.0,
            (false, true) => missed += 1.0,
            (false, false) => {}
        }
        let (correct, all) = groups.entry(row.group).or_default();
        *correct += f64::from(u8::from(is_match == row.same));
        *all += 1.0;
    }
    let f1 = 2.0 * right / (2.0 * right + wrong + missed);
    assert!(f1 >= 0.96, "F1 {f1:.3}");
    for (group, (correct, all)) in groups {
        let floor = if group == "same-scripts" { 0.75 } else { 0.85 };
        assert!(correct / all >= floor, "{group}: {correct} of {all}");
    }
}

#[test]
fn exchanging_the_names_keeps_the_score() {
    for row in rows() {
        let (there, back) = (
            JUDGE.judge(row.one, row.other).score,
            JUDGE.judge(row.other, row.one).score,
        );
        assert!(
            (there - back).abs() < 1e-3,
            "{} | {}: {there} {back}",
            row.one,
            row.other
        );
    }
}

#[test]
fn a_text_without_a_name_is_like_nothing() {
    for text in ["", "   ", "…", "()", "\u{200b}"] {
        let likeness = JUDGE.judge(text, "Ada Lovelace");
        assert!(likeness.score < 0.01, "{text:?}");
        assert!(!likeness.reasons.is_empty());
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(one in "\\PC{0,40}", other in "\\PC{0,40}") {
        let score = JUDGE.judge(&one, &other).score;
        prop_assert!((0.0..=1.0).contains(&score));
    }

    #[test]
    fn a_name_is_itself_whatever_its_case(given in "[a-z]{3,9}", family in "[a-z]{4,10}") {
        let name = format!("{given} {family}");
        let score = JUDGE.judge(&name, &name.to_uppercase()).score;
        prop_assert!(score >= NameJudge::DEFAULT_THRESHOLD, "{} {}", name, score);
    }
}
