//! Directories so large that the search goes in two passes, strong keys first.

use std::collections::HashSet;
use std::sync::LazyLock;

use counterpart_matching::{Decision, Matches, Options, RecordView, Side, match_sides};

/// People who stand in both directories. More than 20,000, from which on the search is in two
/// passes.
const BOTH: usize = 20_400;

/// People of each side alone.
const ALONE: usize = 600;

const SYLLABLES: [&str; 16] = [
    "ba", "do", "ri", "me", "ka", "lu", "so", "ti", "ne", "fa", "gu", "po", "va", "he", "jo", "wi",
];

/// A name of so many syllables, another for each number.
fn name(mut number: usize, syllables: usize) -> String {
    let mut name = String::new();
    for _ in 0..syllables {
        name.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
    name
}

/// What a person is called. One family name in five is frequent.
fn names(person: usize) -> [String; 2] {
    // An odd factor visits every number below a power of two once.
    let mixed = person.wrapping_mul(40_503) % 65_536;
    let family = if person.is_multiple_of(5) {
        name(mixed % 64, 2)
    } else {
        name(mixed, 4)
    };
    [name(mixed.wrapping_mul(77) % 4_096, 3), family]
}

/// Adds a person. Eight in ten have the same name and address on both sides; one has no address on
/// the right, but a phone number; one has another address and a slip in the given name, so that
/// only weak keys lead from one to the other.
fn push(side: &mut Side, person: usize, second: bool) {
    let [mut given, family] = names(person);
    let kind = person % 10;
    let mail = match second {
        true if kind == 9 => format!("someone{person}@other.test"),
        true => format!("{given}.{person}@EXAMPLE.com"),
        false => format!("{given}.{person}@example.com"),
    };
    if kind == 9 && second {
        given.insert(3, 'x');
    }
    let (title, city) = (name(person % 61, 2), name(person % 307, 3));
    let phone = format!("+44 20 {:07}", 1_000_000 + person * 13);
    let (mails, phones) = ([mail.as_str()], [phone.as_str()]);
    side.push(&RecordView {
        given: &given,
        family: &family,
        emails: if kind == 8 && second { &[] } else { &mails },
        phones: if kind == 8 { &phones } else { &[] },
        title: &title,
        city: &city,
        ..RecordView::default()
    });
}

/// Who a record is: the first `BOTH` of each side are the same people, in another order.
fn left_person(index: usize) -> usize {
    index
}
fn right_person(index: usize) -> usize {
    match index {
        _ if index < BOTH => BOTH - 1 - index,
        _ => index + ALONE,
    }
}

/// Matched once for all tests.
static MATCHES: LazyLock<Matches> = LazyLock::new(|| {
    let side = |second: bool, person: fn(usize) -> usize| {
        let mut side = Side::new(Vec::new());
        for index in 0..BOTH + ALONE {
            push(&mut side, person(index), second);
        }
        side
    };
    let (left, right) = (side(false, left_person), side(true, right_person));
    match_sides(left, right, &Options::default())
});

/// The people of a tie.
fn people(tie: &counterpart_matching::Tie) -> (usize, usize) {
    (
        left_person(tie.left as usize),
        right_person(tie.right as usize),
    )
}

#[test]
fn a_large_match_is_one_to_one_complete_and_explained() {
    let ties = MATCHES.ties();
    let lefts: HashSet<u32> = ties.iter().map(|tie| tie.left).collect();
    let rights: HashSet<u32> = ties.iter().map(|tie| tie.right).collect();
    assert_eq!((lefts.len(), rights.len()), (ties.len(), ties.len()));
    assert_eq!(ties.len() + MATCHES.unmatched().len(), BOTH + ALONE);
    assert!(MATCHES.unmatched().iter().all(|left| !lefts.contains(left)));
    let explainer = MATCHES.explainer();
    for place in (0..ties.len()).step_by(997) {
        let proposal = explainer.proposal(place);
        assert_eq!(proposal, MATCHES.proposal(place));
        assert!(!proposal.evidence.is_empty());
    }
}

#[test]
fn equal_addresses_with_equal_names_are_certain_in_a_large_match() {
    let certain: HashSet<(usize, usize)> = MATCHES
        .ties()
        .iter()
        .filter(|tie| tie.decision == Decision::Auto)
        .map(people)
        .collect();
    let missing =
        (0..BOTH).filter(|person| person % 10 < 8 && !certain.contains(&(*person, *person)));
    assert_eq!(missing.count(), 0);
}

#[test]
fn people_are_found_by_a_phone_number_and_by_weak_keys_alone() {
    let ties: HashSet<(usize, usize)> = MATCHES.ties().iter().map(people).collect();
    for (kind, least) in [(8, 99), (9, 90)] {
        let all = (0..BOTH).filter(|person| person % 10 == kind);
        let found = all
            .clone()
            .filter(|person| ties.contains(&(*person, *person)))
            .count();
        assert!(found * 100 >= all.count() * least, "{kind}: {found}");
    }
}

#[test]
fn records_that_share_no_name_are_never_tied() {
    for tie in MATCHES.ties() {
        let (one, other) = people(tie);
        let ([given, family], [other_given, other_family]) = (names(one), names(other));
        assert!(
            one == other || given == other_given || family == other_family,
            "{given} {family}, {other_given} {other_family}: {tie:?}"
        );
        assert!(one == other || tie.decision == Decision::Review, "{tie:?}");
    }
}
