//! A board that is decided in part says what a whole match would say.

use counterpart_matching::{
    Board, Decision, Label, MatchResult, Options, Proposal, Record, Side, Tied, match_records,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::sides::{Directories, crowded_side, directories};
use crate::{person, staff};

fn board(left: &[Record], right: &[Record], options: &Options) -> Board {
    Board::new(Side::of(left), Side::of(right), options)
}

fn of(result: &MatchResult, left: usize) -> Option<&Proposal> {
    result.proposals.iter().find(|found| found.left == left)
}

/// Two directories and some ties that were found in them, as options under which they hold.
fn tied() -> impl Strategy<Value = (Directories, Vec<(usize, usize)>)> {
    directories(4..30).prop_flat_map(|directories| {
        let ties = directories.result().proposals;
        let ties: Vec<_> = ties.iter().map(|tie| (tie.left, tie.right)).collect();
        let count = ties.len();
        (Just(directories), subsequence(ties, 0..=count))
    })
}

fn tied_by(pairs: &[(usize, usize)]) -> Tied {
    Tied {
        left: pairs.iter().map(|(left, _)| *left).collect(),
        right: pairs.iter().map(|(_, right)| *right).collect(),
    }
}

fn taken(pairs: &[(usize, usize)]) -> Options {
    Options {
        taken_left: pairs.iter().map(|(left, _)| *left).collect(),
        taken_right: pairs.iter().map(|(_, right)| *right).collect(),
        ..Options::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_board_decides_about_everybody_as_a_match_does(
        left in crowded_side(), right in crowded_side()
    ) {
        let options = Options::default();
        let whole = board(&left, &right, &options).decide_all(&options);
        prop_assert_eq!(whole, match_records(&left, &right, &options));
    }

    #[test]
    fn ties_that_are_made_and_undone_move_only_those_around_them(
        (directories, pairs) in tied(), picked in any::<Index>()
    ) {
        prop_assume!(!pairs.is_empty());
        let (one_left, one_right) = pairs[picked.index(pairs.len())];
        let without: Vec<_> = pairs.iter().copied().filter(|pair| pair.0 != one_left).collect();
        for (before, after) in [(&pairs, &without), (&without, &pairs)] {
            let board = board(&directories.left, &directories.right, &taken(before));
            let around = board.around(&[one_left], &[one_right], &tied_by(before));
            let was = board.decide_all(&taken(before));
            let is = board.decide_all(&taken(after));
            let some = board.decide(&around, &tied_by(before), &taken(after));
            for left in 0..directories.left.len() {
                let beyond = around.left.binary_search(&left).is_err();
                let shown = of(if beyond { &was } else { &some }, left);
                let whole = of(&is, left);
                prop_assert_eq!(shown.map(|it| it.right), whole.map(|it| it.right));
                let sure = |it: Option<&Proposal>| it.map(|it| (it.decision, it.ambiguous));
                prop_assert_eq!(sure(shown), sure(whole));
            }
        }
    }

    #[test]
    fn a_record_that_is_put_on_the_board_finds_what_a_match_finds(
        directories in directories(6..30), picked in any::<Index>()
    ) {
        let new = picked.index(directories.left.len());
        let mut left = directories.left.clone();
        let record = left.remove(new);
        let whole = match_records(&directories.left, &directories.right, &Options::default());
        let mut board = board(&left, &directories.right, &Options::default());
        let index = board.put(record);
        let around = board.around(&[index], &[], &Tied::default());
        let result = board.decide(&around, &Tied::default(), &Options::default());
        // Rarity counts one record less: what is certain in the whole is the same user here.
        if let Some(found) = of(&whole, new).filter(|it| it.decision == Decision::Auto) {
            prop_assert_eq!(of(&result, index).map(|it| it.right), Some(found.right));
        }
    }
}

#[test]
fn a_person_who_competes_makes_the_other_ambiguous_and_no_more_when_taken_off() {
    let mut left = staff("example.com");
    left.push(person("Ann", "Quist", ""));
    let mut right = staff("example.org");
    right.push(person("Ann", "Quist", ""));
    let (ann, user) = (left.len() - 1, right.len() - 1);
    let options = Options::default();
    let mut board = board(&left, &right, &options);
    let alone = board.decide(
        &board.around(&[ann], &[], &Tied::default()),
        &Tied::default(),
        &options,
    );
    assert_eq!(of(&alone, ann).map(|it| it.ambiguous), Some(false));

    let other = board.put(person("Ann", "Quist", ""));
    let around = board.around(&[other], &[], &Tied::default());
    assert!(around.whole);
    assert_eq!(
        (&around.left[..], &around.right[..]),
        (&[ann, other][..], &[user][..])
    );
    let both = board.decide(&around, &Tied::default(), &options);
    let certain = both.proposals.iter().filter(|it| !it.ambiguous).count();
    assert_eq!(certain, 0, "two people fit one user");

    board.take_off(other);
    let again = board.decide(
        &board.around(&[ann], &[], &Tied::default()),
        &Tied::default(),
        &options,
    );
    assert_eq!(again, alone);
}

#[test]
fn a_pair_that_is_ruled_out_no_more_is_proposed_again() {
    let left = [
        staff("example.com"),
        vec![person("Ann", "Quist", "ann@example.com")],
    ]
    .concat();
    let right = [
        staff("example.com"),
        vec![person("Ann", "Quist", "ann@example.com")],
    ]
    .concat();
    let ann = left.len() - 1;
    let ruled_out = Options {
        labels: vec![Label {
            left: ann,
            right: ann,
            same: false,
        }],
        ..Options::default()
    };
    let board = board(&left, &right, &ruled_out);
    let around = board.around(&[ann], &[ann], &Tied::default());
    assert!(of(&board.decide(&around, &Tied::default(), &ruled_out), ann).is_none());
    let found = board.decide(&around, &Tied::default(), &Options::default());
    assert_eq!(of(&found, ann).map(|it| it.right), Some(ann));
    let board = self::board(&left, &right, &Options::default());
    let around = board.around(&[ann], &[ann], &Tied::default());
    assert!(of(&board.decide(&around, &Tied::default(), &ruled_out), ann).is_none());
}
