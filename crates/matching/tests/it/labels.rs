//! What past decisions do: rule out, teach, take out of the way, share.

use std::collections::HashSet;

use counterpart_matching::{
    Decision, Label, MatchResult, Options, Proposal, Record, Unmatched, match_records,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::sides::{Directories, directories};
use crate::{STAFF, person};

fn with(directories: &Directories, options: &Options) -> MatchResult {
    match_records(&directories.left, &directories.right, options)
}

fn has(result: &MatchResult, left: usize, right: usize) -> bool {
    let is_it = |tie: &Proposal| (tie.left, tie.right) == (left, right);
    result.proposals.iter().any(is_it)
}

/// Two directories and some of the ties that are found in them.
fn directories_with_ties() -> impl Strategy<Value = (Directories, Vec<(usize, usize)>)> {
    let with_ties = |directories: Directories| {
        let ties = directories.result().proposals;
        let ties: Vec<_> = ties.iter().map(|tie| (tie.left, tie.right)).collect();
        let count = ties.len();
        (Just(directories), subsequence(ties, 0..=count))
    };
    directories(4..30).prop_flat_map(with_ties)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_pair_that_was_ruled_out_is_never_proposed(
        (directories, ruled_out) in directories_with_ties()
    ) {
        let label = |&(left, right): &(usize, usize)| Label { left, right, same: false };
        let options = Options {
            labels: ruled_out.iter().map(label).collect(),
            ..Options::default()
        };
        let result = with(&directories, &options);
        for (left, right) in ruled_out {
            prop_assert!(!has(&result, left, right));
            let named = |tie: &Proposal| {
                tie.left == left && tie.runner_up.iter().any(|second| second.index == right)
            };
            prop_assert!(!result.proposals.iter().any(named), "as a second choice, too");
        }
    }

    #[test]
    fn who_is_tied_already_steps_aside_on_both_sides((directories, taken) in directories_with_ties()) {
        let options = Options {
            taken_left: taken.iter().map(|(left, _)| *left).collect(),
            taken_right: taken.iter().map(|(_, right)| *right).collect(),
            ..Options::default()
        };
        let result = with(&directories, &options);
        for tie in &result.proposals {
            prop_assert!(!options.taken_left.contains(&tie.left));
            prop_assert!(!options.taken_right.contains(&tie.right));
            let seconds = [(&tie.runner_up, &options.taken_right), (&tie.rival, &options.taken_left)];
            for (second, taken) in seconds {
                prop_assert!(second.iter().all(|second| !taken.contains(&second.index)));
            }
        }
        for left in options.taken_left {
            prop_assert_eq!(result.why_unmatched(left), Some(&Unmatched::Taken));
        }
    }

    #[test]
    fn labels_of_records_that_do_not_exist_change_nothing(
        directories in directories(1..20), far in 1_000_usize..2_000, same in any::<bool>()
    ) {
        let options = Options {
            labels: vec![Label { left: far, right: 0, same }, Label { left: 0, right: far, same }],
            taken_left: vec![far],
            taken_right: vec![far],
            ..Options::default()
        };
        prop_assert_eq!(with(&directories, &options), directories.result());
    }

    #[test]
    fn with_shared_seats_everybody_has_one_tie_at_most(
        directories in directories(4..30), which in any::<Index>()
    ) {
        let mut directories = directories;
        let ties = directories.result().proposals;
        let certain: Vec<_> = ties.iter().filter(|tie| tie.decision == Decision::Auto).collect();
        if certain.is_empty() {
            return Ok(());
        }
        let shared = *which.get(&certain);
        directories.left.push(directories.left[shared.left].clone());
        let options = Options { many_to_one: true, ..Options::default() };
        let result = with(&directories, &options);
        let lefts: HashSet<usize> = result.proposals.iter().map(|tie| tie.left).collect();
        prop_assert_eq!(lefts.len(), result.proposals.len());
        prop_assert!(has(&result, shared.left, shared.right));
        prop_assert!(has(&result, directories.left.len() - 1, shared.right));
        prop_assert!(result.proposals.iter().all(|tie| tie.rival.is_none()));
    }
}

/// Rooms as further text, which say little before anybody has decided anything.
fn in_rooms(mut record: Record, room: usize) -> Record {
    record.text = vec![("Room".into(), format!("R{room:03}"))];
    record
}

/// People whose addresses have changed on the right, so that names and rooms are all there is. In
/// the first half the rooms are known to tell who is who, though the names do not.
fn moved_in() -> [Vec<Record>; 2] {
    let side = |domain: &str, second: bool| -> Vec<Record> {
        let mut people = Vec::new();
        for room in 0..60 {
            let (given, family) = STAFF[(room + 7 * usize::from(second)) % STAFF.len()];
            people.push(in_rooms(
                person(given, family, &format!("{domain}{room}@{domain}.test")),
                room,
            ));
        }
        people
    };
    [side("old", false), side("new", true)]
}

#[test]
fn ties_that_were_decided_make_what_they_agree_in_weigh_more() {
    let [left, right] = moved_in();
    let bits = |labelled: usize| -> f64 {
        let same = |place| Label {
            left: place,
            right: place,
            same: true,
        };
        let options = Options {
            labels: (0..labelled).map(same).collect(),
            review_threshold: 0.0,
            ..Options::default()
        };
        let result = match_records(&left, &right, &options);
        let all = result.proposals.iter().flat_map(|tie| {
            let seconds = tie.runner_up.iter().flat_map(|second| &second.evidence);
            tie.evidence.iter().chain(seconds)
        });
        let rooms = all
            .filter(|step| step.words == "Room equal")
            .map(|step| step.bits);
        rooms.reduce(f64::max).unwrap_or(f64::NEG_INFINITY)
    };
    let (before, after) = (bits(0), bits(40));
    assert!(after > before + 0.2, "{before} {after}");
}
